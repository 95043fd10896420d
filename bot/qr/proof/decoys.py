"""Decoys: what a reader may take for a finder pattern, among the modules or on the logo.

Readers look for dark and light in the ratio 1 : 1 : 3 : 1 : 1, along rows first and then, through the middle
of what they found, along columns. One of OpenCV's two detectors lets rows be a fifth of the whole away from
it, takes the columns that come nearest, and gives up where these lie in more than three places. The other
reads finder patterns by their cells, so that it needs shapes which fill and leave them.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.qr.proof.gate import Fault
from bot.qr.shapes.eyes import SURER
from bot.qr.style.style import Style
from bot.qr.symbol import Symbol

NONE = 2.0  # further away than anything can be
FAR = 0.14  # from here on finder patterns of nearly all shapes come nearer
_ACROSS = 0.2  # how far a row may be away, all five runs together, as a share of their length
_QUIET = 2  # light modules around the symbol, so that no run goes on at the other side
_GRAIN = 80  # samples along a logo's sides
_DARK = 128  # of 255

# Shapes whose cells that detector does not make out: of 600 symbols each, it read fewer than two thirds.
_UNCLEAR_RINGS = frozenset(("leaf", "facet", *SURER))
_UNCLEAR_BALLS = frozenset(
    (
        "diamond",
        "sparkle",
        "scalloped",
        "hexagon",
        "star",
        "flower",
        "corner out",
        "corner in",
        "circle",
        "plus",
    )
)

Runs = NDArray[np.int64]
Dark = NDArray[np.bool_]


def nearest_decoy(symbol: Symbol) -> float:
    """Tell how near a decoy comes to the ratio along its column: 0 is just like a finder pattern."""
    size = symbol.size
    dark = np.zeros((size + 2 * _QUIET, size + 2 * _QUIET), np.bool_)
    dark[_QUIET : _QUIET + size, _QUIET : _QUIET + size] = symbol.modules
    rows, columns = _along_rows(dark)
    near, far = _QUIET + 7, _QUIET + size - 7
    real = (rows < near) & ((columns < near) | (columns >= far)) | (rows >= far) & (columns < near)
    return _upright(dark, rows[~real], columns[~real])


def beside_logo(style: Style, logo: bytes) -> tuple[Fault, ...]:
    """Name a logo that looks like a finder pattern, where the finder patterns do not stand out beside it."""
    if style.logo is None or style.exact:
        return ()
    unclear = style.finder in _UNCLEAR_RINGS or style.eyeball in _UNCLEAR_BALLS
    return (Fault.DECOY,) if unclear and _like_a_finder(logo) else ()


@lru_cache(maxsize=32)
def _like_a_finder(logo: bytes) -> bool:
    """Tell whether a logo has the rings of a finder pattern."""
    with Image.open(BytesIO(logo)) as picture:
        small = picture.convert("RGBA").resize((_GRAIN, _GRAIN))
    white = Image.new("RGBA", small.size, "white")
    grey = np.asarray(Image.alpha_composite(white, small).convert("L"))
    dark = np.pad(grey < _DARK, _QUIET)
    return _upright(dark, *_along_rows(dark)) < FAR


def _along_rows(dark: Dark) -> tuple[Runs, Runs]:
    """Find what has the ratio along a row: the row, and the column of its middle."""
    starts, runs = _runs(dark)
    inks, gaps = runs[1::2], runs[2::2]  # dark runs, and the light ones after them
    left, first, middle, second, right = inks[:-2], gaps[:-2], inks[1:-1], gaps[1:-1], inks[2:]
    whole = left + first + middle + second + right
    away = abs(7 * left - whole) + abs(7 * first - whole) + abs(7 * second - whole) + abs(7 * right - whole)
    away += abs(7 * middle - 3 * whole)
    found = np.flatnonzero(away < _ACROSS * 7 * whole)
    rows, columns = np.divmod(starts[1 + 2 * found] + whole[found] // 2, len(dark))
    return rows, columns


def _runs(dark: Dark) -> tuple[Runs, Runs]:
    """List where runs start, row after row, and how long they are; the first is light, the last too."""
    flat = dark.ravel()
    starts = np.concatenate(((0,), np.flatnonzero(flat[1:] != flat[:-1]) + 1, (flat.size,)))
    return starts, np.diff(starts)


def _upright(dark: Dark, rows: Runs, columns: Runs) -> float:
    """Measure the column through each place, halved where it was found; take the nearest to the ratio."""
    starts, runs = _runs(dark.T)
    place = columns * len(dark) + rows
    at = np.searchsorted(starts, place, "right") - 1
    inside = (at % 2 == 1) & (at >= 3) & (at < len(runs) - 3)
    at, place = at[inside], place[inside]
    if not len(at):
        return NONE
    halves = np.clip(starts[at] + runs[at] / 2, place, place + 1)  # anywhere in the row that was found
    up, down = halves - starts[at], starts[at + 1] - halves
    whole = runs[at - 2] + runs[at - 1] + runs[at] + runs[at + 1] + runs[at + 2]
    away = abs(14 * up - 3 * whole) + abs(14 * down - 3 * whole)
    for beside in (-2, -1, 1, 2):
        away += abs(14 * runs[at + beside] - 2 * whole)
    return float((away / (14 * whole)).min())
