"""Every file that leaves reads back to exactly what was asked, by readers that are not ours."""

import io
from contextlib import suppress
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.qr.drawing import Layout
from bot.qr.layout import draw
from bot.qr.output import OUTPUT, terminal
from bot.qr.output.raster import pixels
from bot.qr.payloads import Payload, payload_of
from bot.qr.picture import Picture, render
from bot.qr.proof import Unread, prove
from bot.qr.reading import read_picture
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style, parse_style
from bot.qr.symbol import encode
from tests.fakes.outside import drawn
from tests.qr.scenes import GS, from_eps

TEXTS = ("https://example.com", "0123456789", "WIFI:T:WPA;S:Café;P:12345678;;", "日本語 ß 🙂\nsecond line")
BILL = (
    "SPC\n0200\n1\nCH5800791123000889012\nS\nMüller & Söhne AG\nRue du Lac\n1268\n2501\nBiel\nCH"
    "\n\n\n\n\n\n\n\n199.95\nCHF\n\n\n\n\n\n\n\nSCOR\nRF18539007547034\nThanks\nEPD"
)


EPS = pytest.param(
    "eps", marks=pytest.mark.skipif(GS is None, reason="needs ghostscript (Debian: ghostscript)")
)
FORMATS = [EPS if each == "eps" else each for each in OUTPUT]


def raster(data: bytes) -> Image.Image:
    """Turn a file into pixels with a rasteriser that is not ours."""
    if "\n" in (rows := data.decode("ascii", "ignore")) and not rows.strip():
        return _typed(data.decode())
    if data.startswith(b"%!PS"):
        return Image.fromarray(from_eps(data, 1000))
    return Image.open(io.BytesIO(drawn(data)))


def _typed(text: str) -> Image.Image:
    """Paint half blocks as dark pixels on light."""
    ink = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    rows = [[ink[each][half] for each in line] for line in text.splitlines() for half in (0, 1)]
    return Image.fromarray(np.array(rows, np.uint8).repeat(6, 0).repeat(6, 1) * 255)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("style", [DEFAULT, parse_style("navy on #ffeedd, size 333, margin 6, level H")])
def test_every_format_reads_back_to_the_exact_bytes(format: str, text: str, style: Style) -> None:
    """What a rasteriser makes of each file holds the payload, byte for byte."""
    rendered = render(Picture(payload_of(text), style, format))
    found = zxingcpp.read_barcodes(raster(rendered.data).convert("RGB"))
    assert [code.bytes for code in found] == [text.encode()]


@pytest.mark.parametrize("text", TEXTS)
def test_a_second_reader_agrees(text: str) -> None:
    """OpenCV, another code base, reads the PNG as well."""
    data = render(Picture(payload_of(text), DEFAULT)).data
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == text


@pytest.mark.parametrize("format", ["svg", "pdf", EPS])
def test_a_vector_shows_the_same_modules_as_the_raster(format: str) -> None:
    """Sampled at the middle of each module, all outputs of one drawing are equal."""
    symbol = encode(payload_of("same look everywhere"))
    drawing = draw(symbol, DEFAULT)
    shown = raster(OUTPUT[format].write(drawing)).convert("L")
    for picture in (pixels(drawing).image().convert("L"), shown):
        assert (_sample(picture, drawing.layout) == symbol.modules).all()


def _sample(picture: Image.Image, layout: Layout) -> np.ndarray[Any, Any]:
    module, grey = picture.width / layout.width, np.asarray(picture)
    middles = [
        [int((start + at + 0.5) * module) for at in range(layout.side)] for start in (layout.x, layout.y)
    ]
    return grey[np.ix_(middles[1], middles[0])] < 128


@pytest.mark.parametrize("format", [each for each in FORMATS if each != "text"])
@pytest.mark.parametrize("size", [300, 1024, 2000])
def test_the_swiss_cross_lies_in_the_middle_of_every_format(format: str, size: int) -> None:
    """Seven by seven millimetres of 46: a white border, a black square, a white cross; both read it."""
    payload = payload_of(BILL)
    style = replace(DEFAULT, size=size)
    shown = raster(render(Picture(payload, style, format)).data).convert("RGB")
    layout = draw(encode(payload), style, cross=True).layout
    module = shown.width / layout.width
    millimetre, middle = layout.side * module / 46, (layout.x + layout.side / 2) * module
    grey = np.asarray(shown.convert("L"))

    def dark(x: float, y: float) -> bool:
        return bool(grey[int(middle + y * millimetre), int(middle + x * millimetre)] < 128)

    across = [False, True, False, False, False, True, False]
    assert [dark(at, 0) for at in (-3.25, -2.5, -1.5, 0, 1.5, 2.5, 3.25)] == across
    assert [dark(0, at) for at in (-3.25, -2.5, -1.5, 0, 1.5, 2.5, 3.25)] == across
    assert all(dark(x, y) for x in (-1.5, 1.5, 2.5) for y in (-1.5, 1.5, 2.5))
    assert not any(dark(x, y) for x in (-3.25, 3.25) for y in (-3.25, -1.5, 1.5, 3.25))
    assert [code.bytes for code in zxingcpp.read_barcodes(shown)] == [BILL.encode()]
    assert cv2.QRCodeDetector().detectAndDecode(np.asarray(shown)[:, :, ::-1].copy())[0] == BILL


def test_only_swiss_bills_carry_the_cross() -> None:
    """Every other picture is all modules."""
    symbol = encode(payload_of("no cross"))
    assert draw(symbol, DEFAULT).layout.above == ()
    assert len(draw(symbol, DEFAULT, cross=True).layout.above) == 4


def test_a_png_is_exactly_as_large_as_asked() -> None:
    """What whole modules leave over goes to the margin."""
    data = render(Picture(payload_of("size"), replace(DEFAULT, size=500))).data
    assert Image.open(io.BytesIO(data)).size == (500, 500)


def test_less_than_a_pixel_a_module_is_refused() -> None:
    """The sentence names the least size."""
    with pytest.raises(Refused, match="at least 185 pixels"):
        render(Picture(Payload("x" * 2900), parse_style("size 64, level L")))


def test_a_picture_that_says_something_else_is_not_let_out() -> None:
    """The gate compares bytes, and an empty picture holds none."""
    other = pixels(draw(encode(payload_of("other")), DEFAULT)).image()
    for picture in (other, Image.new("L", (200, 200), 255)):
        with pytest.raises(Unread):
            prove(picture, payload_of("asked"))


@pytest.mark.parametrize("invert", [False, True])
def test_the_terminal_drawing_scans(invert: bool) -> None:
    """Half blocks painted as pixels read back, on dark and on light terminals."""
    lines = terminal(encode(payload_of("in the terminal")), invert=invert).splitlines()
    ink = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    rows = [[ink[character][half] for character in line] for line in lines for half in (0, 1)]
    grey = np.array(rows, np.uint8) * 255
    grey = 255 - grey if invert else grey
    found = zxingcpp.read_barcodes(np.pad(grey.repeat(6, 0).repeat(6, 1), 12, constant_values=255))
    assert [code.text for code in found] == ["in the terminal"]


def test_several_codes_are_read_in_order_also_transparent_and_turned() -> None:
    """From the top left; a transparent ground counts as white; the phone's orientation is honoured."""
    sheet = Image.new("RGBA", (1300, 700), (0, 0, 0, 0))
    for at, text in enumerate(("left", "right")):
        code = pixels(draw(encode(payload_of(text)), replace(DEFAULT, size=500))).image()
        sheet.paste(code, (50 + 650 * at, 100))
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 1
    sheet.save(buffer, "PNG", exif=exif)
    found = read_picture(buffer.getvalue())
    assert [code.text for code in found] == ["left", "right"]
    assert {code.format for code in found} == {"QR Code"}
    assert found[0].corners[0][0] < found[1].corners[0][0]


def test_a_faint_small_picture_is_cleaned_up_until_it_reads() -> None:
    """Too little contrast for a plain read; a stretched copy shows the code."""
    image = pixels(draw(encode(payload_of("faint")), replace(DEFAULT, size=300))).grey()
    buffer = io.BytesIO()
    Image.fromarray((image // 40 + 120).astype(np.uint8)).save(buffer, "PNG")
    assert [code.text for code in read_picture(buffer.getvalue())] == ["faint"]


def test_a_picture_without_a_code_gives_nothing() -> None:
    """No code is no error."""
    buffer = io.BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG")
    assert read_picture(buffer.getvalue()) == ()


def _bomb() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "cannot open"),
        (b"%PDF-1.4 not a picture", "cannot open"),
        (render(Picture(payload_of("torn"), DEFAULT)).data[:200], "cannot open"),
        (_bomb(), "25 megapixels"),
        (b"x" * 10_000_001, "10 MB"),
    ],
    ids=["empty", "another kind", "torn", "bomb", "heavy"],
)
def test_what_is_no_picture_is_refused_kindly(data: bytes, sentence: str) -> None:
    """Each with a sentence, none with a traceback."""
    with pytest.raises(Refused, match=sentence):
        read_picture(data)


@given(st.data())
def test_a_damaged_picture_is_read_or_refused_but_never_raises_otherwise(data: st.DataObject) -> None:
    """A byte changed anywhere in the file."""
    picture = bytearray(render(Picture(payload_of("damaged"), parse_style("size 64"))).data)
    picture[data.draw(st.integers(0, len(picture) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        assert {code.text for code in read_picture(bytes(picture))} <= {"damaged"}
