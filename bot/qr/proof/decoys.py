"""Decoys: places among the modules that a reader may take for a finder pattern.

Readers look for dark and light in the ratio 1 : 1 : 3 : 1 : 1, along rows first and then, through the middle
of what they found, along columns. OpenCV lets rows be a fifth of the whole away from it, takes the columns
that come nearest, and gives up where these lie in more than three places. Another mask moves them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.qr.symbol import Symbol

NONE = 2.0  # further away than anything can be
FAR = 0.14  # from here on finder patterns of nearly all shapes come nearer
_ACROSS = 0.2  # how far a row may be away, all five runs together, as a share of their length
_QUIET = 2  # light modules around the symbol, so that no run goes on at the other side

Runs = NDArray[np.int64]


def nearest_decoy(symbol: Symbol) -> float:
    """Tell how near a decoy comes to the ratio along its column: 0 is just like a finder pattern."""
    size = symbol.size
    side = size + 2 * _QUIET
    dark = np.zeros((side, side), np.uint8)
    dark[_QUIET:-_QUIET, _QUIET:-_QUIET] = symbol.modules
    starts, runs = _runs(dark)
    inks, gaps = runs[1::2], runs[2::2]  # dark runs, and the light ones after them
    left, first, middle, second, right = inks[:-2], gaps[:-2], inks[1:-1], gaps[1:-1], inks[2:]
    whole = left + first + middle + second + right
    away = abs(7 * left - whole) + abs(7 * first - whole) + abs(7 * second - whole) + abs(7 * right - whole)
    away += abs(7 * middle - 3 * whole)
    found = np.flatnonzero(away < _ACROSS * 7 * whole)
    rows, columns = np.divmod(starts[1 + 2 * found] + whole[found] // 2, side)
    near, far = _QUIET + 7, _QUIET + size - 7
    real = (rows < near) & ((columns < near) | (columns >= far)) | (rows >= far) & (columns < near)
    return _upright(dark, rows[~real], columns[~real])


def _runs(dark: NDArray[np.uint8]) -> tuple[Runs, Runs]:
    """List where runs start, row after row, and how long they are; the first is light, the last too."""
    flat = dark.ravel()
    starts = np.concatenate(((0,), np.flatnonzero(flat[1:] != flat[:-1]) + 1, (flat.size,)))
    return starts, np.diff(starts)


def _upright(dark: NDArray[np.uint8], rows: Runs, columns: Runs) -> float:
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
