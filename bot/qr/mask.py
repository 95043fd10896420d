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

from bot.qr.matrix import Grid, gather, patterns, size_of
from bot.qr.payloads.payload import Level

Words = NDArray[np.uint64]  # words of a line × candidates × 2 × lines; bit 4 is the first module

_MASKS, _BITS = 8, 64
_GUARD = 4  # light modules before a line: what feature 3 looks at
_FIVE, _SIX, _FINDER, _SQUARE, _DARK = range(5)

# Twice what a mark of each weighs: squares and dark modules are met by rows and by columns.
_WEIGHTS = np.array((6, -4, 80, 3, 0), np.int64)
_COUNTS = tuple(np.array(count, np.uint64) for count in range(_BITS))  # quicker than Python's own numbers


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Of one version and level: the candidates' patterns, and which modules have a next one in their line.

    ``gather`` tells which bit of the message goes where, by rows and by columns, each filled up to bytes.
    """

    patterns: Words
    pairs: Words
    gather: NDArray[np.int64]


@cache
def _lines(version: int, level: Level) -> _Lines:
    size, way, every = size_of(version), gather(version), patterns(version, level)
    pairs = np.ones((_MASKS, 2, size, size), np.uint8)
    pairs[..., -1] = 0
    return _Lines(
        _words(np.packbits(_guarded(np.stack((every, every.transpose(0, 2, 1)), 1), 0), -1, "little")),
        _words(np.packbits(_guarded(pairs, 0), -1, "little")),
        _guarded(np.stack((way, way.T)), int(way[0, 0])),  # no bit of the message goes to the first module
    )


def _guarded(lines: NDArray[Any], free: int) -> NDArray[Any]:
    """Put what is free before each line, after it up to whole bytes, and in one line more."""
    around = [(0, 0)] * (lines.ndim - 2) + [(0, 1), (_GUARD, -(lines.shape[-1] + _GUARD) % 8)]
    return np.pad(lines, around, constant_values=free)


def _words(packed: Grid) -> Words:
    """Fill lines up from bytes to words."""
    *shape, length = packed.shape
    words = np.zeros((*shape, -(-length // 8)), np.uint64)
    words.view(np.uint8)[..., :length] = packed
    if length <= 8:
        return words.reshape(1, *shape)
    return np.ascontiguousarray(words.transpose(3, 0, 1, 2))


def choose(bits: Grid, version: int, level: Level) -> int:
    """Choose the mask with the fewest penalty points for a message's bits, with a 0 after them."""
    return int(penalties(bits, version, level).argmin())


def penalties(bits: Grid, version: int, level: Level) -> NDArray[np.int64]:
    """Count the penalty points of each mask."""
    lines, size = _lines(version, level), size_of(version)
    placed = np.packbits(bits.take(lines.gather), bitorder="little").reshape(1, 2, size + 1, -1)
    marks = np.empty((5, *lines.patterns.shape), np.uint64)
    _mark(np.bitwise_xor(_words(placed), lines.patterns, out=marks[_DARK]), lines.pairs, marks)
    each = np.bitwise_count(marks).reshape(*marks.shape[:3], -1)
    counts = np.add.reduce(each, (1, 3), np.uint32)
    points: NDArray[np.int64] = (_WEIGHTS.dot(counts) >> 1) + _balance(size).take(counts[_DARK] >> 1)
    return points


def _mark(dark: Words, pairs: Words, marks: Words) -> None:
    """Mark where five and six in a row begin, patterns like finders, squares, and dark modules (table 11).

    A run of n ≥ 5 gives n − 2 points: 3 for each place where five begin, less 2 for each where six begin.
    What looks like a finder pattern counts once, with four light modules on one side at least; the quiet zone
    is light.
    """
    change = dark ^ _next(dark, 1)
    same = change & pairs ^ pairs
    three = same & _next(same, 1)
    five = np.bitwise_and(three, _next(three, 2), out=marks[_FIVE])
    np.bitwise_and(five, _next(five, 1), out=marks[_SIX])
    falls = dark & change
    single = falls & _next(change ^ falls, 1)  # dark, light, dark
    finder = single & _next(three, 2) & _next(single, 4)
    near = dark | _next(dark, 1)
    near |= _next(near, 2)  # a dark module here or in the next three
    np.bitwise_and(finder, ~(_next(near, 7) & _before(near, 4)), out=marks[_FINDER])
    square, lines, alike = marks[_SQUARE].ravel(), dark.ravel(), same.ravel()
    square[-1] = 0
    np.bitwise_and(alike[:-1] & alike[1:], ~(lines[:-1] ^ lines[1:]), out=square[:-1])


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
    """Give feature 4's points for each count of dark modules: 10 for each whole 5 % away from half."""
    total = size * size
    return abs(20 * np.arange(total + 1) - 10 * total) // total * 10
