"""The choice of the data mask (ISO/IEC 18004:2015, 7.8.3), for all eight candidates at once.

A line of modules, row or column, is one word of 64 bits, or two or three: a shift looks at the modules that
follow, the next element at the next line, and each operation serves all candidates (docs/decisions.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.qr.matrix import MASKS, Grid, gather, patterns, size_of
from bot.qr.payloads.payload import Level

Words = NDArray[np.uint64]  # words of a line × candidates × 2 × lines; bit 4 is the first module

_BITS = 64
_GUARD = 4  # light modules before a line: what feature 3 looks at
_FIVE, _SIX, _SQUARE, _FINDER, _DARK = range(5)

# Twice what a mark of each weighs: squares and dark modules are met by rows and by columns. The first three
# mark where there is no such thing.
_WEIGHTS = np.array((-6, 4, -3, 80, 0), np.int64)
_COUNTS = tuple(np.array(count, np.uint64) for count in range(_BITS))  # quicker than Python's own numbers


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Of one version and level: the candidates' patterns, and which modules have no next one in their line.

    ``gather`` tells which bit of the message goes where, by rows and by columns, each filled up to a word,
    or to bytes where it takes more than one.
    """

    patterns: Words
    ends: Words
    gather: NDArray[np.int64]


@cache
def _lines(version: int, level: Level) -> _Lines:
    size, way, every = size_of(version), gather(version), patterns(version, level)
    ends = np.zeros((MASKS, 2, size, size), np.uint8)
    ends[..., -1] = 1
    whole = 8 if size + _GUARD > _BITS else _BITS  # bits that a line is filled up to a multiple of
    return _Lines(
        _packed(_guarded(np.stack((every, every.transpose(0, 2, 1)), 1), 0, _BITS)),
        _packed(_guarded(ends, 1, _BITS)),
        _guarded(np.stack((way, way.T))[None], int(way[0, 0]), whole),  # no bit of the message goes there
    )


def _guarded(lines: NDArray[Any], free: int, whole: int) -> NDArray[Any]:
    """Put what is free before each line, after it up to whole words or bytes, and in one line more."""
    after = -(lines.shape[-1] + _GUARD) % whole
    return np.pad(lines, [(0, 0), (0, 0), (0, 1), (_GUARD, after)], constant_values=free)


def _packed(lines: Grid) -> Words:
    """Write lines of modules as words."""
    packed = np.packbits(lines, bitorder="little")
    *shape, length = lines.shape
    if length == _BITS:
        return packed.view(np.uint64).reshape(1, *shape)
    words = np.zeros((*shape, -(-length // _BITS)), np.uint64)
    words.view(np.uint8)[..., : length // 8] = packed.reshape(*shape, length // 8)
    return np.ascontiguousarray(words.transpose(3, 0, 1, 2))


def choose(bits: Grid, version: int, level: Level) -> int:
    """Choose the mask with the fewest penalty points for a message's bits, with a 0 after them."""
    return int(_doubled(bits, version, level).argmin())


def penalties(bits: Grid, version: int, level: Level) -> NDArray[np.int64]:
    """Count the penalty points of each mask."""
    places = _BITS * _lines(version, level).patterns[:, 0].size
    points: NDArray[np.int64] = _doubled(bits, version, level) - int(_WEIGHTS[:_FINDER].sum()) * places >> 1
    return points


def _doubled(bits: Grid, version: int, level: Level) -> NDArray[np.int64]:
    """Count twice the penalty points of each mask, less what is the same for all."""
    lines = _lines(version, level)
    marks = np.empty((5, *lines.patterns.shape), np.uint64)
    placed = _packed(bits.take(lines.gather))
    _mark(np.bitwise_xor(placed, lines.patterns, out=marks[_DARK]), lines.ends, marks)
    each = np.bitwise_count(marks).reshape(*marks.shape[:3], -1)
    counts = np.add.reduce(each, (1, 3), np.uint32)
    points: NDArray[np.int64] = _WEIGHTS.dot(counts) + _balance(size_of(version)).take(counts[_DARK])
    return points


def _mark(dark: Words, ends: Words, marks: Words) -> None:
    """Mark where no five and no six in a row begin, no squares, patterns like finders (table 11).

    A run of n ≥ 5 gives n − 2 points: 3 for each place where five begin, less 2 for each where six begin.
    What looks like a finder pattern counts once, with four light modules on one side at least; the quiet zone
    is light.
    """
    following = _next(dark, 1)
    change = dark ^ following
    two = change | ends  # no two alike, and so on
    three = two | _next(two, 1)
    after = _next(three, 2)
    five = np.bitwise_or(three, after, marks[_FIVE])
    np.bitwise_or(five, _next(five, 1), marks[_SIX])
    square, lines, pairs = marks[_SQUARE].ravel(), dark.ravel(), two.ravel()
    np.bitwise_or(pairs[:-1] | pairs[1:], lines[:-1] ^ lines[1:], square[:-1])
    square[-1:] = ~_COUNTS[0]
    falls = dark & change
    single = falls & _next(change ^ falls, 1)  # dark, light, dark
    near = dark | following
    near |= _next(near, 2)  # a dark module here or in the next three
    other = _next(near, 7)
    other &= _before(near, 4)
    other |= after
    single &= _next(single, 4)
    np.bitwise_and(single, ~other, marks[_FINDER])


def _next(words: Words, count: int) -> Words:
    """Look at the modules that follow by ``count``."""
    found = words >> _COUNTS[count]
    if len(words) > 1:
        found[:-1] |= words[1:] << _COUNTS[_BITS - count]
    return found


def _before(words: Words, count: int) -> Words:
    """Look at the modules that come before by ``count``."""
    found = words << _COUNTS[count]
    if len(words) > 1:
        found[1:] |= words[:-1] >> _COUNTS[_BITS - count]
    return found


@cache
def _balance(size: int) -> NDArray[np.int64]:
    """Give twice feature 4's points for twice a count of dark modules: 10 for each whole 5 % from half."""
    total = size * size
    return abs(10 * np.arange(2 * total + 1) - 10 * total) // total * 20
