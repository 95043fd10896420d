"""Pictures as phones and offices send them are read; what is hostile is refused within its limits."""

from io import BytesIO

import pillow_heif
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, render
from bot.qr.reading import PAGES, read_picture
from bot.qr.refusal import Refused
from bot.qr.style import Style
from tests.qr.corpus import CORPUS


def code(text: str, size: int = 400) -> Image.Image:
    """Draw one of our own codes."""
    return Image.open(BytesIO(render(Picture(payload_of(text), Style(size=size))).data)).convert("RGB")


def photo(*texts: str, turn: float = 0) -> Image.Image:
    """Lay codes on a grey table, twelve megapixels, as a phone sees it."""
    picture = Image.new("RGB", (4000, 3000), (196, 190, 180))
    for number, text in enumerate(texts):
        picture.paste(code(text), (300 + 1200 * number, 1100))
    return picture.rotate(turn, Image.Resampling.BICUBIC, expand=turn % 90 == 0, fillcolor=(196, 190, 180))


def saved(picture: Image.Image, kind: str) -> bytes:
    """Save a picture."""
    out = BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(out, quality=60)
    else:
        picture.save(out, kind)
    return out.getvalue()


def pdf(*pages: Image.Image, password: str = "") -> bytes:
    """Make a PDF of a picture a page."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), encrypt=password or None)
    for page in pages:
        canvas.drawImage(ImageReader(page), 60, 600, 120, 120)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "HEIF"])
def test_each_kind_of_picture_is_read(kind: str) -> None:
    """Known by its first bytes; photos of iPhones too."""
    [found] = read_picture(saved(code("hello"), kind))
    assert (found.text, found.format, found.page, found.bytes) == ("hello", "QR Code", 0, b"hello")


@pytest.mark.parametrize("turn", [0, 13, 90])
def test_a_photo_of_several_codes_is_read(turn: float) -> None:
    """From a phone's twelve megapixels, turned."""
    found = read_picture(saved(photo("one", "two", "three", turn=turn), "HEIF"))
    assert sorted(each.text for each in found) == ["one", "three", "two"]


def test_the_corners_are_where_the_code_is() -> None:
    """In pixels of the picture as it was read, whichever copy showed it."""
    [found] = read_picture(saved(code("here"), "PNG"))
    assert all(30 <= x <= 370 and 30 <= y <= 370 for x, y in found.corners)


def test_a_small_code_in_a_large_photo_is_found() -> None:
    """At a second look, closer than the first."""
    picture = Image.new("RGB", (4000, 3000), "white")
    picture.paste(code("tiny", 84).resize((84, 84)), (3000, 2000))
    [found] = read_picture(saved(picture, "PNG"))
    assert found.text == "tiny"


def test_the_first_pages_of_a_pdf_are_read() -> None:
    """Page by page, five of them."""
    pages = [code(f"page {number}") for number in range(1, PAGES + 2)]
    found = read_picture(pdf(*pages))
    assert [(each.text, each.page) for each in found] == [(f"page {n}", n) for n in range(1, PAGES + 1)]


@pytest.mark.parametrize(
    ("symbology", "text", "name"),
    [
        ("EAN13", "4006381333931", "EAN-13"),
        ("EAN8", "96385074", "EAN-8"),
        ("Code128", "Code 128", "Code 128"),
        ("Code39", "CODE 39", "Code 39"),
        ("ITF", "12345678", "ITF"),
        ("DataMatrix", "Data Matrix", "Data Matrix"),
        ("Aztec", "Aztec", "Aztec"),
        ("PDF417", "PDF417", "PDF417"),
    ],
)
def test_other_symbologies_are_named(symbology: str, text: str, name: str) -> None:
    """By the name they are known by."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology)).to_image(scale=4)
    picture = Image.new("L", (900, 700), 255)
    picture.paste(Image.fromarray(made), (60, 60))
    [found] = read_picture(saved(picture, "PNG"))
    assert (found.text, found.format) == (text, name)


def test_bars_inside_a_code_are_no_code_of_their_own() -> None:
    """Rows of modules can look like a short Codabar; no payload of the corpus has a second code in it."""
    for text in CORPUS[::6]:
        assert [each.format for each in read_picture(saved(code(text, 800), "PNG"))] == ["QR Code"], text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"%PDF-1.7\nbroken",
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_broken_is_refused(data: bytes) -> None:
    """With what can be sent instead."""
    with pytest.raises(Refused, match="cannot open"):
        read_picture(data)


def test_a_pdf_with_a_password_is_refused() -> None:
    """And says what to do."""
    with pytest.raises(Refused, match="password"):
        read_picture(pdf(code("secret"), password="x"))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    """Ten kilobytes can hold a hundred megapixels."""
    bomb = Image.new("1", (10_000, 10_000))
    with pytest.raises(Refused, match="megapixels"):
        read_picture(saved(bomb, "PNG"))


def test_a_torn_photo_is_refused_or_read_but_never_more() -> None:
    """At every length of it."""
    whole = saved(code("whole"), "HEIF")
    for length in range(0, len(whole), max(len(whole) // 40, 1)):
        try:
            read_picture(whole[:length])
        except Refused:
            continue


def test_a_code_on_a_dark_photo_is_read() -> None:
    """Low contrast, a shadow over half of it."""
    picture = Image.blend(photo("dim"), Image.new("RGB", (4000, 3000), (70, 70, 70)), 0.7)
    ImageDraw.Draw(picture, "RGBA").rectangle((0, 0, 500, 3000), fill=(0, 0, 0, 60))
    [found] = read_picture(saved(picture, "JPEG"))
    assert found.text == "dim"
