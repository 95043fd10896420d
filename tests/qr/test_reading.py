"""Pictures as phones and offices send them are read; what is hostile is refused within its limits."""

import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
import pytest
import zxingcpp
from PIL import Image, ImageFile
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, render
from bot.qr.reading import PAGES, read_picture
from bot.qr.refusal import Refused
from bot.qr.style import Style
from tests.qr.corpus import CORPUS

pytestmark = pytest.mark.no_cover  # tracing makes these loops ten times slower


def code(text: str, size: int = 400) -> Image.Image:
    """Draw one of our own codes."""
    return Image.open(BytesIO(render(Picture(payload_of(text), Style(size=size))).data)).convert("RGB")


def symbol(content: Any, symbology: str, scale: int = 4, margin: bool = False, **options: Any) -> Image.Image:
    """Draw a code of any symbology, without a margin unless asked for."""
    made = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, symbology), **options)
    return Image.fromarray(np.array(made.to_image(scale=scale, add_quiet_zones=margin)))


def on_paper(made: Image.Image) -> Image.Image:
    """Lay a code on white paper."""
    paper = Image.new("L", (made.width + 120, made.height + 120), 255)
    paper.paste(made, (60, 60))
    return paper


def saved(picture: Image.Image, kind: str) -> bytes:
    """Save a picture."""
    out = BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(out, quality=60, enc_params={"preset": "ultrafast"})
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


def test_the_first_pages_of_a_pdf_are_read() -> None:
    """Page by page, five of them."""
    pages = [code(f"page {number}") for number in range(1, PAGES + 2)]
    found = read_picture(pdf(*pages))
    assert [(each.text, each.page) for each in found] == [(f"page {n}", n) for n in range(1, PAGES + 1)]


@pytest.mark.parametrize(
    ("symbology", "text", "name", "said"),
    [
        ("EAN13", "4006381333931", "EAN-13", ""),
        ("EAN8", "96385074", "EAN-8", ""),
        ("UPCA", "036000291452", "EAN-13", "0036000291452"),  # ISO/IEC 15420: one symbology
        ("UPCE", "01234565", "UPC-E", "0012345000065"),
        ("ISBN", "9783161484100", "EAN-13", ""),
        ("Code128", "Code 128", "Code 128", ""),
        ("Code39", "CODE 39", "Code 39", ""),
        ("Code93", "CODE 93", "Code 93", ""),
        ("ITF", "12345678", "ITF", ""),
        ("ITF14", "15400141288763", "ITF", ""),
        ("Codabar", "A40156B", "Codabar", ""),
        ("DataBarOmni", "0950110153000", "DataBar Omni", "(01)09501101530003"),
        ("DataMatrix", "Data Matrix", "Data Matrix", ""),
        ("Aztec", "Aztec", "Aztec", ""),
        ("PDF417", "PDF417", "PDF417", ""),
        ("MaxiCode", "MaxiCode", "MaxiCode", ""),
        ("MicroQRCode", "12345", "Micro QR Code", ""),
        ("RMQRCode", "rMQR", "rMQR Code", ""),
    ],
)
def test_other_symbologies_are_named(symbology: str, text: str, name: str, said: str) -> None:
    """By the name they are known by."""
    [found] = read_picture(saved(on_paper(symbol(text, symbology, margin=True)), "PNG"))
    assert (found.text, found.format) == (said or text, name)


@pytest.mark.parametrize("symbology", ["QRCode", "DataMatrix", "Code128", "Aztec"])
def test_gs1_is_read_with_its_identifiers(symbology: str) -> None:
    """GS1 General Specifications, 7.8: brackets for people, FNC1 as <GS> in the content."""
    made = symbol("(01)09521234543213(10)ABC(21)xyz", symbology, gs1=True)
    [found] = read_picture(saved(on_paper(made), "PNG"))
    assert found.text == "(01)09521234543213(10)ABC(21)xyz"
    assert found.bytes == b"010952123454321310ABC\x1d21xyz"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xff\xfe\x00\x01", "ÿþ<NUL><SOH>"),
        (b"a\x00b", "a<NUL>b"),
        ("Größe 日本\r\n".encode(), "Größe 日本\r\n"),
        (b"\xed\xa0\x80", "í<U+A0><U+80>"),
    ],
)
def test_content_that_is_no_text_is_written_out(content: bytes, text: str) -> None:
    """Its bytes are there too, and what is UTF-8 after all is read as that."""
    for symbology in ("QRCode", "DataMatrix"):
        [found] = read_picture(saved(on_paper(symbol(content, symbology)), "PNG"))
        assert (found.text, found.bytes) == (text, content)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_pictures_of_each_depth_are_read(mode: str) -> None:
    """Two colours to sixteen bits, with a transparent ground or without."""
    grey = code("depth").convert("L")
    picture = grey.convert("RGB").convert(mode) if mode != "I;16" else deep(grey)
    if mode in ("LA", "RGBA"):
        picture.putalpha(grey.point(lambda value: 255 - value))  # the light parts see through
    [found] = read_picture(saved(picture, "JPEG" if mode == "CMYK" else "PNG"))
    assert found.text == "depth"


def deep(grey: Image.Image) -> Image.Image:
    """Make sixteen bits of eight, all of them bright."""
    array = 30_000 + np.asarray(grey, np.uint16) * 100
    return Image.fromarray(array.astype(np.uint16))


def test_a_photo_of_iphones_leaves_no_trace_in_pillow() -> None:
    """No plugin is registered, no setting changed."""
    limits = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    read_picture(saved(code("trace"), "HEIF"))
    assert "HEIF" not in Image.OPEN
    assert limits == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


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


@pytest.mark.parametrize("side", [5_001, 10_000, 14_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(side: int) -> None:
    """Ten kilobytes can hold a hundred megapixels; Pillow itself warns from 89, and stops at 179."""
    with pytest.raises(Refused, match="25 megapixels"):
        read_picture(saved(Image.new("1", (side, side)), "PNG"))


def test_a_photo_that_says_it_has_too_many_pixels_is_refused() -> None:
    """ISO/IEC 23008-12, 6.5.3: the box ``ispe`` holds width and height."""
    photo = saved(Image.new("RGB", (640, 480)), "HEIF")
    assert photo.count(b"ispe") >= 1
    bomb = photo.replace(
        b"ispe" + struct.pack(">III", 0, 640, 480), b"ispe" + struct.pack(">III", 0, 30_000, 30_000)
    )
    with pytest.raises(Refused, match="25 megapixels"):
        read_picture(bomb)


def test_pdfs_are_read_in_several_threads_at_once() -> None:
    """PDFium itself must be entered by one only."""
    files = [pdf(code(f"thread {number}")) for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        found = [codes[0].text for codes in threads.map(read_picture, files * 3)]
    assert found == [f"thread {number}" for number in range(4)] * 3


def test_pages_of_any_size_are_drawn_within_the_limits() -> None:
    """A label of 2 cm, a poster of 5 m, a strip."""
    for width, height in ((57, 57), (14_400, 14_400), (3, 14_400)):
        out = BytesIO()
        canvas = Canvas(out, pagesize=(width, height))
        canvas.drawImage(ImageReader(code("size")), 0, 0, min(width, height), min(width, height))
        canvas.save()
        found = read_picture(out.getvalue())
        assert [each.text for each in found] == (["size"] if width > 3 else [])


def test_a_pdf_with_something_before_it_is_known() -> None:
    """ISO 32000-1, annex H.3.4.1: readers look for the header in the first 1,024 bytes."""
    [found] = read_picture(b"\xef\xbb\xbf\r\n" + pdf(code("late")))
    assert found.text == "late"


def test_a_torn_pdf_is_refused_or_read_but_never_more() -> None:
    """At every length of it, and with bytes changed."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(40, 40))
    canvas.drawImage(ImageReader(code("whole", 100)), 0, 0, 40, 40)
    canvas.save()
    whole = out.getvalue()
    for at in range(0, len(whole), max(len(whole) // 25, 1)):
        for data in (whole[:at], whole[:at] + b"9" + whole[at + 1 :]):
            with suppress(Refused):
                assert {each.text for each in read_picture(data)} <= {"whole"}


def test_a_torn_photo_is_refused_or_read_but_never_more() -> None:
    """At every length of it."""
    whole = saved(code("whole"), "HEIF")
    for length in range(0, len(whole), max(len(whole) // 40, 1)):
        with suppress(Refused):
            assert {each.text for each in read_picture(whole[:length])} <= {"whole"}


def test_bars_inside_a_code_are_no_code_of_their_own() -> None:
    """Rows of modules can look like a short Codabar; no payload of the corpus has a second code in it."""
    for text in CORPUS[::6]:
        assert [each.format for each in read_picture(saved(code(text, 800), "PNG"))] == ["QR Code"], text
