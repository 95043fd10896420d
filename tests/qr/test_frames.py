"""Frames leave the symbol alone, hold their captions, and every code in them is read."""

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from numpy.typing import NDArray

from bot.qr.refusal import Refused
from bot.qr.shapes.frames import FRAME_NAMES, Framed, framed
from bot.qr.shapes.path import bounds
from bot.qr.style.colours import contrast
from bot.qr.style.style import TRANSPARENT, Frame
from tests.qr.filling import inside, painted

TEXT = "https://example.com"
LONG = "Order a coffee here and pay at the table with your phone"
CAPTIONS = ("", "Scan", "Scan to see the menu", LONG)


def picture(frame: Framed, dark: str, light: str, scale: int = 6) -> NDArray[np.uint8]:
    """Paint a frame and a symbol in it."""
    drawn = painted(frame.shapes, round(frame.width * scale), round(frame.height * scale), scale, light)
    matrix = np.array([list(row) for row in segno.make(TEXT, error="m").matrix], bool)
    x, y = round((frame.x + 4) * scale), round((frame.y + 4) * scale)
    modules = np.kron(matrix, np.ones((scale, scale), bool)).astype(bool)
    drawn[y : y + len(modules), x : x + len(modules)][modules] = list(bytes.fromhex(dark[1:]))
    return drawn


def side() -> int:
    """Return the side of the symbol that ``picture`` draws, quiet zone included."""
    return len(segno.make(TEXT, error="m").matrix) + 8


@pytest.mark.parametrize("caption", CAPTIONS)
@pytest.mark.parametrize("name", FRAME_NAMES)
def test_a_frame_never_touches_the_symbols_square(name: str, caption: str) -> None:
    """Quiet zone included: it is all of the light colour, or as it was where the frame says it has no plate."""
    frame = framed(Frame(name, caption, "#aa0000", ""), 33, "#000000", "#eeffee")
    assert all(float(each).is_integer() for each in (frame.width, frame.height, frame.x, frame.y))
    drawn = painted(frame.shapes, round(frame.width * 8), round(frame.height * 8), 8, "#0000ff")
    x, y = round(frame.x * 8), round(frame.y * 8)
    square = drawn[y : y + 264, x : x + 264].reshape(-1, 3)
    assert square.shape == (264 * 264, 3)
    assert {tuple(each) for each in np.unique(square, axis=0)} == {
        (0xEE, 0xFF, 0xEE) if frame.plate else (0, 0, 0xFF)
    }


@pytest.mark.parametrize("colour", ["#000000", "#d7263d", "#f6d55c"])
@pytest.mark.parametrize("name", FRAME_NAMES)
def test_a_code_in_a_frame_is_read(name: str, colour: str) -> None:
    """By zxing-cpp and by OpenCV, in dark and in bright frames."""
    drawn = picture(
        framed(Frame(name, "Scan me", colour), side(), "#000000", "#ffffff"), "#000000", "#ffffff"
    )
    assert [each.text for each in zxingcpp.read_barcodes(drawn)] == [TEXT]
    readers = (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())
    assert TEXT in [reader.detectAndDecode(drawn)[0] for reader in readers]


@pytest.mark.parametrize("name", FRAME_NAMES)
def test_a_light_code_on_dark_is_read_in_its_frame(name: str) -> None:
    """Frame and caption turn with the colours."""
    drawn = picture(framed(Frame(name, "Scan me"), side(), "#ffffff", "#101418"), "#ffffff", "#101418")
    assert [each.text for each in zxingcpp.read_barcodes(drawn)] == [TEXT]


@pytest.mark.parametrize("caption", [*CAPTIONS[1:], "Wg", "W" * 12])
@pytest.mark.parametrize("name", FRAME_NAMES)
def test_a_caption_lies_on_one_colour(name: str, caption: str) -> None:
    """No letter runs over an edge, a line or out of the picture, and it stands out."""
    frame = framed(Frame(name, caption, "#1f3c88"), 41, "#000000", "#ffffff")
    words, ink = frame.shapes[-1]
    width, height = round(frame.width * 6), round(frame.height * 6)
    letters = inside(words, width, height, 6)
    around = cv2.dilate(letters.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    under = painted(frame.shapes[:-1], width, height, 6, "#ffffff")[around]
    assert letters.any()
    assert len(np.unique(under, axis=0)) == 1
    assert contrast("#" + bytes(under[0]).hex(), ink) > 4.5


@pytest.mark.parametrize("caption", CAPTIONS[:3])
@pytest.mark.parametrize("name", FRAME_NAMES)
def test_a_frame_stays_inside_its_picture(name: str, caption: str) -> None:
    """Nothing is cut off at the edges."""
    frame = framed(Frame(name, caption), 33, "#000000", "#ffffff")
    for path, _ in frame.shapes:
        box = bounds(path)
        assert box.x >= -0.01
        assert box.y >= -0.01
        assert box.x + box.width <= frame.width + 0.01
        assert box.y + box.height <= frame.height + 0.01


@pytest.mark.parametrize("name", FRAME_NAMES)
def test_a_frame_keeps_its_look_at_any_size(name: str) -> None:
    """A symbol of version 40 has the same frame, give or take what is rounded to modules."""
    small, large = (framed(Frame(name, "Scan me"), side, "#000000", "#ffffff") for side in (29, 185))
    assert small.width / 29 == pytest.approx(large.width / 185, abs=2 / 29)
    assert small.height / 29 == pytest.approx(large.height / 185, abs=2 / 29)
    assert len(small.shapes) == len(large.shapes)


def test_there_are_frames_enough() -> None:
    """At least ten, most with a place for a caption."""
    assert len(FRAME_NAMES) >= 10
    assert all(
        len(framed(Frame(name, "Scan"), 33, "#000000", "#ffffff").shapes)
        > len(framed(Frame(name), 33, "#000000", "#ffffff").shapes)
        for name in FRAME_NAMES
    )


def test_ink_is_what_was_asked_or_what_stands_out() -> None:
    """Black on yellow, white on navy, and the colour asked for otherwise."""
    inks = [
        framed(Frame("banner", "Scan", colour, ink), 33, "#000000", "#ffffff").shapes[-1][1]
        for colour, ink in (("#ffee00", ""), ("#000080", ""), ("#000080", "#ffee00"))
    ]
    assert inks == ["#000000", "#ffffff", "#ffee00"]


def test_the_frame_takes_the_modules_colour() -> None:
    """Where it has none of its own."""
    assert "#123456" in {colour for _, colour in framed(Frame("box"), 33, "#123456", "#ffffff").shapes}


def test_a_transparent_ground_gives_a_white_plate() -> None:
    """The symbol is never painted on the frame itself."""
    assert "#ffffff" in {colour for _, colour in framed(Frame("bag"), 33, "#123456", TRANSPARENT).shapes}


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (Frame("nothing"), "no frame of this name"),
        (Frame("banner", "Scan", "#ffffff", "#fefefe"), "hardly be seen"),
        (Frame("plate", "x" * 10_000), "too long"),
        (Frame("cup", "Scan \U0010fffd"), "No font here can show"),
        (Frame("window", "W" * 60), "Shorten it by"),
    ],
)
def test_what_cannot_be_drawn_is_said(frame: Frame, sentence: str) -> None:
    """In a sentence about the frame."""
    with pytest.raises(Refused, match=sentence) as refused:
        framed(frame, 33, "#000000", "#ffffff")
    assert refused.value.field == "frame"
