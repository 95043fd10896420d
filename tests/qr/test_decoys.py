"""What readers could take for a finder pattern is found, and kept out of what leaves."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.qr.layout import plan
from bot.qr.logo import NO_ART, Art, open_art
from bot.qr.payloads.payload import Level, Payload
from bot.qr.proof.decoys import FAR, NONE, nearest_decoy
from bot.qr.proof.gate import read_bare
from bot.qr.settling import COARSE, encoded, settled
from bot.qr.shapes.eyes import EYEBALL_NAMES, FINDER_NAMES
from bot.qr.style import DEFAULT, Logo, Style
from bot.qr.symbol import Symbol, encode

URL = Payload("https://example.com/menu?table=12")
STYLED = Style(modules="dot", finder="rounded")
MEANT = Payload("https://example.com/some/longer/path?with=values")


def rings(scale: int = 1) -> np.ndarray:
    """Draw a finder pattern and the light around it, each of its modules so many wide."""
    side = np.pad(np.pad(np.pad(np.ones((3, 3), np.uint8), 1), 1, constant_values=1), 1)
    return side.repeat(scale, 0).repeat(scale, 1)


def with_rings(symbol: Symbol, scale: int) -> Symbol:
    """Put a finder pattern where none belongs."""
    modules, drawn = symbol.modules.copy(), rings(scale)
    at = symbol.size // 2 - len(drawn) // 2
    modules[at : at + len(drawn), at : at + len(drawn)] = drawn
    return replace(symbol, modules=modules)


def picture(draw_rings: bool) -> bytes:
    """Draw a logo: the rings of a finder pattern, or an arrow."""
    canvas = Image.new("RGB", (210, 210), "white")
    pen = ImageDraw.Draw(canvas)
    if draw_rings:
        for inset, ink in ((0, "#204080"), (30, "white"), (60, "#204080")):
            pen.rectangle((inset, inset, 209 - inset, 209 - inset), ink)
    else:
        pen.polygon([(40, 20), (40, 190), (190, 105)], "#204080")
    out = BytesIO()
    canvas.save(out, "PNG")
    return open_art(out.getvalue())


@pytest.mark.parametrize("scale", [1, 2])
def test_a_finder_pattern_among_the_modules_is_a_decoy_at_any_scale(scale: int) -> None:
    """It comes as near as a real one, whose own three do not count."""
    symbol = encode(Payload("x" * 200), Level.L)
    assert nearest_decoy(with_rings(symbol, scale)) < 0.01
    empty = replace(symbol, modules=np.where(symbol.roles == 1, symbol.modules, np.uint8(0)))
    assert nearest_decoy(empty) == NONE


def test_the_mask_is_one_without_decoys_and_the_symbol_says_the_same() -> None:
    """Where the standard's choice has decoys, another is taken for a look; a plain code keeps the standard's."""
    changed = 0
    for number in range(60):
        payload = Payload(f"https://example.com/{number}/" + "menu " * number)
        given, taken = encode(payload, STYLED.level), encoded(payload, STYLED)
        assert read_bare(taken, payload)
        assert nearest_decoy(taken) >= min(nearest_decoy(given), FAR)
        changed += taken.mask != given.mask
        assert settled(payload, DEFAULT)[1].symbol.mask == given.mask
        assert encoded(payload, replace(STYLED, mask=3)).mask == 3
    assert changed


def test_a_logo_like_a_finder_pattern_gets_finder_patterns_that_differ() -> None:
    """Where they would not stand out they are drawn calmer, the logo stays, and it is said."""
    logo = Logo("asset:1", size=18)
    asked = Style(finder="leaf", eyeball="diamond", logo=logo)
    found, _, said = settled(MEANT, asked, Art(picture(True)))
    assert (found.finder, found.eyeball, found.logo) == ("rounded", "rounded", logo)
    assert [each.template[:9] for each in said] == ["The logo "]
    assert settled(MEANT, asked, Art(picture(False)))[2] == ()
    assert settled(MEANT, replace(asked, finder="square", eyeball="square"), Art(picture(True)))[2] == ()
    exact = replace(asked, exact=True)
    assert settled(MEANT, exact, Art(picture(True)))[0].finder == "leaf"


@pytest.mark.parametrize("corners", [20, 40, 50])
def test_round_corners_leave_the_finder_patterns_whole(corners: int) -> None:
    """The picture is rounded as far as its margin allows, and no further."""
    found, proven, said = settled(URL, Style(corners=corners))
    layout = proven.drawing.layout
    inside = layout.corner - layout.x
    assert inside <= 0 or (2 * inside**2) ** 0.5 <= layout.corner
    assert (found.corners == corners) == (said == ())
    if corners < 50:  # where the corners are cut off quite, nobody reads it
        assert settled(URL, Style(corners=corners, exact=True))[0].corners == corners


def test_the_plainest_look_is_large_enough_too() -> None:
    """What ends in black on white is no picture of two pixels a module either."""
    hopeless = Style(dark="#808000", light="#7f7f10", modules="star", size=150)
    found, proven, said = settled(Payload("x" * 230), hopeless)
    assert proven.drawing.layout.module >= COARSE
    assert found.size > hopeless.size
    assert any("larger" in each.template for each in said)


@pytest.mark.parametrize("name", FINDER_NAMES)
def test_finder_patterns_of_dense_symbols_look_alike(name: str) -> None:
    """At most their outer corners are less cut; whatever the eyeball, they can be laid out."""
    for eyeball in EYEBALL_NAMES[:3]:
        style = Style(finder=name, eyeball=eyeball)
        small, dense = (plan(style, version, NO_ART).layout for version in (9, 10))
        assert len(small.above) == len(dense.above)
