"""Photos are read as people take them: turned, dim, grainy, with several codes and small ones."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bot.qr.reading import Found, read_picture
from tests.qr.test_reading import code, on_paper, saved, symbol

pytestmark = pytest.mark.no_cover  # tracing makes these loops ten times slower

TABLE = (196, 190, 180)


def photo(*texts: str, turn: float = 0) -> Image.Image:
    """Lay codes on a grey table, twelve megapixels, as a phone sees it."""
    picture = Image.new("RGB", (4000, 3000), TABLE)
    for number, text in enumerate(texts):
        picture.paste(code(text), (300 + 1200 * number, 1100))
    return picture.rotate(turn, Image.Resampling.BICUBIC, expand=turn % 90 == 0, fillcolor=TABLE)


def box(found: Found) -> tuple[int, int, int, int]:
    """Give the left, top, right and bottom of a code."""
    across, down = zip(*found.corners, strict=True)
    return min(across), min(down), max(across), max(down)


@pytest.mark.parametrize("turn", [0, 13, 90])
def test_a_photo_of_several_codes_is_read(turn: float) -> None:
    """From a phone's twelve megapixels, turned."""
    found = read_picture(saved(photo("one", "two", "three", turn=turn), "HEIF"))
    assert sorted(each.text for each in found) == ["one", "three", "two"]


def test_a_small_code_beside_a_large_one_is_found_in_a_photo_of_an_iphone() -> None:
    """Two and a half pixels a module; each code is told once, though it is looked for at two sizes."""
    picture = Image.new("RGB", (4032, 3024), TABLE)
    picture.paste(code("large", 1000), (200, 200))
    small = on_paper(symbol("small", "QRCode", scale=5)).convert("RGB").reduce(2)
    picture.paste(small, (3000, 2200))
    found = read_picture(saved(picture, "HEIF"))
    assert [each.text for each in found] == ["large", "small"]
    assert box(found[1]) == pytest.approx(
        (3030, 2230, 3030 + small.width - 60, 2230 + small.height - 60), abs=8
    )


def test_codes_of_several_kinds_in_one_picture_are_read_as_one_reads() -> None:
    """Row by row from the top left, though the second row's right code lies a little higher."""
    picture = Image.new("L", (1500, 1000), 255)
    for text, symbology, place in (
        ("first", "QRCode", (60, 80)),
        ("4006381333931", "EAN13", (700, 90)),
        ("third", "DataMatrix", (80, 620)),
        ("fourth", "Aztec", (500, 600)),
        ("fifth", "Code128", (900, 610)),
    ):
        picture.paste(symbol(text, symbology, scale=5), place)
    found = read_picture(saved(picture, "PNG"))
    assert [each.text for each in found] == ["first", "4006381333931", "third", "fourth", "fifth"]
    assert [each.format for each in found] == ["QR Code", "EAN-13", "Data Matrix", "Aztec", "Code 128"]


def test_two_codes_that_say_the_same_are_two() -> None:
    """Only one code seen twice is one."""
    picture = Image.new("L", (900, 400), 255)
    for left in (50, 500):
        picture.paste(symbol("same", "QRCode", scale=8), (left, 80))
    assert [each.text for each in read_picture(saved(picture, "PNG"))] == ["same", "same"]


@pytest.mark.parametrize("turn", range(0, 180, 15))
def test_bars_are_read_at_every_angle(turn: int) -> None:
    """Nobody holds a bar code straight."""
    picture = on_paper(symbol("4006381333931", "EAN13", scale=3)).convert("RGB")
    turned = picture.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))
    [found] = read_picture(saved(turned, "PNG"))
    assert found.text == "4006381333931"
    left, top, right, bottom = box(found)
    middle = ((left + right) / 2, (top + bottom) / 2)
    assert middle == pytest.approx((turned.width / 2, turned.height / 2), abs=turned.width / 10)


@pytest.mark.parametrize("size", [(400, 400), (3000, 3000), (4800, 4800)])
def test_the_corners_are_where_the_code_is(size: tuple[int, int]) -> None:
    """In pixels of the file, at whatever size the code was found."""
    picture = Image.new("RGB", size, TABLE)
    picture.paste(symbol("here", "QRCode", scale=6), (180, 90))
    [found] = read_picture(saved(picture, "JPEG"))
    assert box(found) == pytest.approx((180, 90, 180 + 126, 90 + 126), abs=8)


def test_corners_are_those_of_the_upright_photo() -> None:
    """EXIF 2.32, tag 0x0112: 6 says that the phone was held upright and the file lies on its left side."""
    upright = Image.new("RGB", (600, 900), "white")
    upright.paste(symbol("up", "QRCode", scale=6), (60, 90))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", exif=exif)
    [found] = read_picture(out.getvalue())
    assert found.corners[0] == pytest.approx((60, 90), abs=4)
    assert box(found) == pytest.approx((60, 90, 186, 216), abs=4)


def test_corners_in_a_pdf_are_in_points() -> None:
    """From the top left of the page."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawImage(ImageReader(symbol("points", "QRCode")), 100, 842 - 50 - 120, 120, 120)
    canvas.save()
    [found] = read_picture(out.getvalue())
    assert found.page == 1
    assert box(found) == pytest.approx((100, 50, 220, 170), abs=3)


def test_a_code_that_fills_its_picture_is_read_where_it_is() -> None:
    """Without any margin on grey; a border is added to look, and taken off again."""
    made = symbol("tight", "DataMatrix", scale=8)
    [found] = read_picture(saved(made, "PNG"))
    assert found.text == "tight"
    assert box(found) == pytest.approx((0, 0, made.width, made.height), abs=8)


def test_a_code_on_a_dark_photo_is_read() -> None:
    """Low contrast, a shadow over half of it."""
    picture = Image.blend(photo("dim"), Image.new("RGB", (4000, 3000), (70, 70, 70)), 0.7)
    ImageDraw.Draw(picture, "RGBA").rectangle((0, 0, 500, 3000), fill=(0, 0, 0, 60))
    [found] = read_picture(saved(picture, "JPEG"))
    assert found.text == "dim"


@pytest.mark.parametrize(
    ("grain", "blur", "contrast"), [(12, 1.0, 0.7), (25, 1.5, 0.5), (4, 2.5, 1.0), (2, 0.6, 0.1)]
)
def test_a_grainy_faint_unsharp_photo_is_read(grain: float, blur: float, contrast: float) -> None:
    """As evening light and old phones make them."""
    grey = np.asarray(code("evening", 500).convert("L").filter(ImageFilter.GaussianBlur(blur)), np.float64)
    noise = np.random.default_rng(18004).normal(0, grain, grey.shape)
    dim = np.clip(128 + (grey - 128) * contrast + noise, 0, 255).astype(np.uint8)
    [found] = read_picture(saved(Image.fromarray(dim), "JPEG"))
    assert found.text == "evening"


def test_a_page_of_words_and_grain_holds_no_code() -> None:
    """Nothing is taken for bars, also in the copies that are cleaned and turned."""
    page = Image.new("L", (1200, 1600), 240)
    pen = ImageDraw.Draw(page)
    for line in range(60):
        pen.text((80, 60 + 25 * line), f"{line} ||| in witness whereof 1234 IIII llll {line * 7919}", fill=20)
    grain = np.random.default_rng(7).normal(0, 15, (1600, 1200))
    grey = np.clip(np.asarray(page, np.float64) + grain, 0, 255).astype(np.uint8)
    assert read_picture(saved(Image.fromarray(grey), "JPEG")) == ()
