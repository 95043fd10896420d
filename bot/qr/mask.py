"""The choice of the data mask (ISO/IEC 18004:2015, 7.8.3), for all eight candidates at once.

The candidates lie side by side in one whole number of Python, by rows and again by columns, with light
modules between rows and between candidates, so that a shift looks at a neighbour (docs/decisions.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.qr.matrix import Grid, gather, patterns, size_of
from bot.qr.payloads.payload import Level

_GUARD = 4  # light modules after a row, and rows after a candidate: what feature 3 looks at
_LANES = 16  # eight candidates by rows, eight by columns


@dataclass(frozen=True, slots=True)
class _Lanes:
    """Numbers of one version and level: the candidates' patterns, pairs inside a row; bits of a row and lane.

    ``gather`` tells which bit of the message goes where in two lanes, one by rows and one by columns.
    """

    patterns: int
    pairs: int
    row: int
    lane: int
    gather: NDArray[np.int64]


@cache
def _lanes(version: int, level: Level) -> _Lanes:
    size = size_of(version)
    row = size + _GUARD
    lane = -(-row * (size + _GUARD) // 64) * 64
    every = patterns(version, level)
    whole = np.concatenate((every, every.transpose(0, 2, 1)))
    pairs = np.ones((_LANES, size, size), np.uint8)
    pairs[:, :, -1] = 0
    way = gather(version).reshape(1, size, size)
    both = _laid(np.concatenate((way, way.transpose(0, 2, 1))), row, lane, int(way[0, 0, 0]))
    return _Lanes(_number(whole, row, lane), _number(pairs, row, lane), row, lane, both.ravel())


def _laid(grids: NDArray[Any], row: int, lane: int, free: int) -> NDArray[Any]:
    """Lay grids out in lanes, row by row, with ``free`` between them."""
    count, size, _ = grids.shape
    lanes = np.full((count, lane), free, grids.dtype)
    lanes[:, : size * row].reshape(count, size, row)[:, :, :size] = grids
    return lanes


def _number(grids: Grid, row: int, lane: int) -> int:
    laid = _laid(grids, row, lane, 0)
    return int.from_bytes(np.packbits(laid, axis=1, bitorder="little").tobytes(), "little")


def choose(bits: Grid, version: int, level: Level) -> int:
    """Choose the mask with the fewest penalty points for a message's bits, with a 0 after them."""
    return int(penalties(bits, version, level).argmin())


def penalties(bits: Grid, version: int, level: Level) -> NDArray[np.int64]:
    """Count the penalty points of each mask."""
    lanes = _lanes(version, level)
    half = lanes.lane // 8
    rows = np.packbits(bits.take(lanes.gather), bitorder="little").tobytes()
    dark = int.from_bytes(rows[:half] * 8 + rows[half:] * 8, "little") ^ lanes.patterns
    counts = _counts(_features(dark, lanes), lanes.lane)
    points: NDArray[np.int64] = _weights().dot(counts) + _balance(size_of(version)).take(counts[-8:])
    return points


def _features(dark: int, lanes: _Lanes) -> tuple[int, ...]:
    """Mark where five and six in a row begin, patterns like finders, squares, and dark modules (table 11).

    A run of n ≥ 5 gives n − 2 points: 3 for each place where five begin, less 2 for each where six begin.
    What looks like a finder pattern counts once, with four light modules on one side at least; the quiet zone
    is light.
    """
    change = dark ^ dark >> 1
    same = change & lanes.pairs ^ lanes.pairs
    three = same & same >> 1
    five = three & three >> 2
    square = same & same >> lanes.row & ~(dark ^ dark >> lanes.row)
    falls = dark & change
    single = falls & (change ^ falls) >> 1  # dark, light, dark
    finder = single & three >> 2 & single >> 4
    near = dark | dark >> 1
    near |= near >> 2  # a dark module here or in the next three
    return five, five & five >> 1, finder & ~(near >> 7 & near << 4), square, dark


@cache
def _weights() -> NDArray[np.int64]:
    """Weigh each feature's count in each lane, for each mask; squares and dark modules have eight lanes."""
    mask = np.eye(8, dtype=np.int64)
    both = np.concatenate((mask, mask), 1)
    return np.concatenate((3 * both, -2 * both, 40 * both, 3 * mask, 0 * mask), 1)


def _counts(features: tuple[int, ...], lane: int) -> NDArray[np.int64]:
    """Count the marks of each feature in each lane."""
    *both, square, dark = features
    length = lane * _LANES // 8
    half = (1 << lane * 8) - 1
    marks = b"".join(
        [each.to_bytes(length, "little") for each in both]
        + [(each & half).to_bytes(length // 2, "little") for each in (square, dark)]
    )
    bits = np.bitwise_count(np.frombuffer(marks, np.uint64))
    counts: NDArray[np.int64] = np.add.reduce(bits.reshape(-1, lane // 64), 1)
    return counts


@cache
def _balance(size: int) -> NDArray[np.int64]:
    """Give feature 4's points for each count of dark modules: 10 for each whole 5 % away from half."""
    total = size * size
    return abs(20 * np.arange(total + 1) - 10 * total) // total * 10
