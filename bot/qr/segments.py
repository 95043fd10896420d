"""Bytes to segments: numeric, alphanumeric and byte mode mixed so that the fewest bits are used.

ISO/IEC 18004:2015, 7.4. Annex J's choice is a rule of thumb; this one is exact. Kanji mode is left out: its
bytes are Shift JIS, and OpenCV's reader fails on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

MODES = ("numeric", "alphanumeric", "byte")  # from the narrowest to the one that holds everything
KEPT = 16  # results remembered: contents can be secrets

_COUNTER = {"numeric": (10, 12, 14), "alphanumeric": (9, 11, 13), "byte": (8, 16, 16)}  # table 3: bits
_HEADER = 4  # bits of the mode indicator
_DIGIT = b"0123456789"
_ALPHANUMERIC = _DIGIT + b"ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_SIXTHS = (20, 33, 48)  # sixths of a bit that a character takes; a segment's are rounded up to whole bits


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the data in one mode."""

    mode: str
    data: bytes

    @property
    def characters(self) -> int:
        """What its character count indicator says (7.4.1): in each of the three modes one a byte."""
        return len(self.data)


def class_of(version: int) -> int:
    """Number the range of versions that share the lengths of the character count: 1–9, 10–26, 27–40."""
    return 0 if version < 10 else 1 if version < 27 else 2


def counter_bits(mode: str, version: int) -> int:
    """Count the bits of the character count indicator (table 3)."""
    return _COUNTER[mode][class_of(version)]


def header_bits(mode: str, version: int) -> int:
    """Count the bits of mode indicator and character count."""
    return _HEADER + counter_bits(mode, version)


def segment_bits(segments: Iterable[Segment], version: int) -> int:
    """Count the bits of segments with their headers."""
    return sum(
        header_bits(each.mode, version) + -(-each.characters * _SIXTHS[MODES.index(each.mode)] // 6)
        for each in segments
    )


def segments(data: bytes, version: int) -> tuple[Segment, ...]:
    """Cut data where a change of mode saves bits; one byte segment for no data.

    No cut takes fewer bits, but what is not all ASCII begins in byte mode, for OpenCV's reader.
    """
    if _STRETCH.search(data) is None:
        return (Segment("byte", data),)
    return _cut(data, class_of(version))[0]


def fewest_bits(data: bytes, version: int) -> int:
    """Count the bits of the segments that data is cut into."""
    if _STRETCH.search(data) is None and data:
        return header_bits("byte", version) + 8 * len(data)  # the most frequent case, and at once
    return _cut(data, class_of(version))[1]


@lru_cache(maxsize=KEPT)
def _counts(data: bytes) -> tuple[int, int, int]:
    """Count the digits, the other alphanumeric characters and the other bytes."""
    letters, others = len(data.translate(None, _DIGIT)), len(data.translate(None, _ALPHANUMERIC))
    return len(data) - letters, letters - others, others


def mode_of(data: bytes) -> str:
    """Name the narrowest mode that holds all of data (7.3)."""
    _, letters, others = _counts(data)
    return "byte" if others or not data else "alphanumeric" if letters else "numeric"


def least_bits(data: bytes) -> int:
    """Count bits that no cut stays below, in any version: at once, however long the data."""
    (digits, letters, others), (one, two, three) = _counts(data), _SIXTHS
    return (digits * one + letters * two + others * three) // 6


def fitting(data: bytes, version: int, bits: int) -> int:
    """Count how many of the first bytes of data so many bits hold; what is longer never takes fewer."""
    low, high = 0, min(len(data), bits // 3)
    while low < high:
        middle = (low + high + 1) // 2
        _, taken = _fewest(data[:middle], class_of(version))
        low, high = (middle, high) if taken <= bits else (low, middle - 1)
    return low


# --- the fewest bits ----------------------------------------------------------------------------------------

_NEVER = 1 << 60  # sixths of a bit: no way leads here


def _fewest(data: bytes, version_class: int) -> tuple[tuple[Segment, ...], int]:
    """Cut data into segments, and count their bits."""
    version = (1, 10, 27)[version_class]
    runs = _runs(data) if data.isascii() else _from_bytes(_runs(data))
    modes = _modes([(narrowest, end - start) for narrowest, start, end in runs], version)
    found, at = [], 0
    for mode, group in groupby(zip(modes, runs, strict=True), key=lambda each: each[0]):
        *_, (_, (_, _, end)) = group
        found.append(Segment(MODES[mode], data[at:end]))
        at = end
    cut = tuple(found) or (Segment("byte", data),)
    return cut, segment_bits(cut, version)


def _from_bytes(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Let text beyond ASCII begin in byte mode: OpenCV's reader gives up on it after any other beginning."""
    narrowest, start, end = runs[0]
    rest = [(narrowest, start + 1, end)] if end - start > 1 else []
    return [(2, start, start + 1), *rest, *runs[1:]]


_cut = lru_cache(maxsize=KEPT)(_fewest)


def _modes(runs: list[tuple[int, int]], version: int) -> list[int]:
    """Choose a mode for each run of (narrowest mode, characters): the shortest way, by dynamic programming.

    ``costs`` holds the sixths of a bit of the cheapest way to have written all runs so far with the last one
    in each mode. Fewer sixths never lead to more bits, since whatever follows adds the same to both and
    rounding up keeps their order; so one way a mode is enough.
    """
    headers = [6 * header_bits(mode, version) for mode in MODES]
    costs, steps = headers, []
    for narrowest, count in runs:
        cheapest = min((2, 1, 0), key=costs.__getitem__)  # where two tie, the wide mode: fewer segments
        whole = -(-costs[cheapest] // 6) * 6
        before, after = [cheapest] * 3, [_NEVER] * 3
        for mode in range(narrowest, 3):
            cost = whole + headers[mode]
            if costs[mode] <= cost:
                before[mode], cost = mode, costs[mode]
            after[mode] = cost + count * _SIXTHS[mode]
        steps.append(before)
        costs = after
    return _back(steps, min((2, 1, 0), key=costs.__getitem__))


def _back(steps: list[list[int]], mode: int) -> list[int]:
    modes = []
    for before in reversed(steps):
        modes.append(mode)
        mode = before[mode]
    return modes[::-1]


# --- runs ---------------------------------------------------------------------------------------------------

# Between other bytes five letters or digits never pay for two headers (25 bits at least), nor do three
# digits between letters; at the ends one header less is due. What is left out here stays with its
# neighbours, which keeps the runs of prose few, and the time short.
_STRETCH = re.compile(
    rb"[0-9A-Z $%*+\-./:]{6,}|\A[0-9A-Z $%*+\-./:]+|[0-9A-Z $%*+\-./:]+\Z",
)
_DIGITS = re.compile(rb"[0-9]{4,}|\A[0-9]+|[0-9]+\Z")


def _runs(data: bytes) -> list[tuple[int, int, int]]:
    """List the runs of one class of characters, as (narrowest mode, start, end).

    A change of mode pays only between them, since any character costs most in the widest mode.
    """
    ends: list[tuple[int, int]] = []
    for stretch in _STRETCH.finditer(data):
        ends.append((2, stretch.start()))
        for digits in _DIGITS.finditer(data, *stretch.span()):
            ends += (1, digits.start()), (0, digits.end())
        ends.append((1, stretch.end()))
    ends.append((2, len(data)))
    starts = (0, *(end for _, end in ends))
    return [(mode, start, end) for start, (mode, end) in zip(starts, ends, strict=False) if start < end]
