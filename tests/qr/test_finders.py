"""Finder patterns hold together, and are found in small pictures that somebody passed on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.qr.layout import draw
from bot.qr.matrix import size_of
from bot.qr.output.raster import grey
from bot.qr.payloads.payload import Level, Payload
from bot.qr.settling import COARSE, COARSE_OPEN, OPEN, encoded, settled
from bot.qr.shapes.eyes import FINDER_NAMES, SURER, finder
from bot.qr.style import DEFAULT, Style
from bot.qr.symbol import version_of
from tests.qr.artwork import packed, read
from tests.qr.test_shapes import covered

SMALL = 3  # pixels a module
EASY = [name for name in FINDER_NAMES if name not in SURER]
DENSE, SPARSE, TINY = Payload("x" * 300), Payload("x" * 100), Payload("26508153691856")


def piece(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Follow what hangs together with the first dark pixel, side by side."""
    grown = np.zeros_like(dark)
    grown.flat[int(dark.argmax())] = True
    count = 0
    while count != (count := int(grown.sum())):
        for axis in (0, 1):
            for way in (-1, 1):
                grown |= np.roll(grown, way, axis) & dark
    return grown


@pytest.mark.parametrize("name", FINDER_NAMES)
def test_a_ring_is_one_piece(name: str) -> None:
    """OpenCV follows a ring from where it meets it: of one in pieces it sees a piece, and another corner."""
    dark = np.pad(covered(finder(name, 0), 7) > 0.5, 1)
    assert (piece(dark) == dark).all()


@pytest.mark.parametrize("name", EASY)
def test_the_outward_corner_of_a_dense_symbols_ring_is_filled(name: str) -> None:
    """OpenCV draws the symbol's sides through it: a pixel off there is modules at the opposite corner."""
    assert covered(finder(name, 0, 10), 7)[1, 1] > 0.99


@pytest.mark.parametrize("name", EASY)
def test_a_ring_is_dark_enough_to_be_found_when_passed_on(name: str) -> None:
    """A thinner one is missed by zxing-cpp at three pixels a module, once it was written as JPEG."""
    for number in range(4):
        payload = Payload(f"https://example.com/{number}/" + "menu" * 5 * number)
        style = Style("#000000", "#ffffff", finder=name, eyeball="plus")
        drawing = draw(encoded(payload, style), style)
        symbol = Image.fromarray(grey(drawing, 4))
        size = round(symbol.width * SMALL / 4), round(symbol.height * SMALL / 4)
        passed_on = symbol.resize(size, Image.Resampling.BICUBIC)
        assert read(packed(passed_on, "JPEG", quality=55)) == [payload.data]


@pytest.mark.parametrize("payload", [DENSE, SPARSE])
@pytest.mark.parametrize("style", [DEFAULT, Style(modules="dot")])
def test_modules_have_pixels_enough(payload: Payload, style: Style) -> None:
    """Three are too few for OpenCV where a symbol is dense or has a look: the picture is larger, which is said."""
    version = version_of(payload, Level.M)
    assert (version > OPEN) == (payload == DENSE)
    asked = replace(style, level=Level.M, size=COARSE_OPEN * (size_of(version) + 8))
    found, proven, said = settled(payload, asked)
    kept = style == DEFAULT and payload == SPARSE
    assert proven.drawing.layout.module >= (COARSE_OPEN if kept else COARSE)
    assert (found.size == asked.size) == (said == ()) == kept


def test_an_eyeball_that_is_pale_beside_its_ring_takes_the_modules_colour() -> None:
    """Between a dark ring and white, readers take it for light, at one size in four; a ring nearer to it may stay."""
    pale = Style("#e874d1", "#ffffff", finder_colour="#6a1d3b", modules="classy rounded", finder="bars")
    found, _, said = settled(TINY, pale)
    assert (found.dark, found.finder_colour) == (pale.dark, "")
    assert [each.template for each in said] == ["I gave the finder patterns the colour of the modules."]
    near = replace(pale, finder_colour="#a03c8c")
    assert settled(TINY, near)[2] == ()
