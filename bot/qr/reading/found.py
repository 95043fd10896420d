"""What was found: codes, told apart, without those that are parts of others, in the order one reads."""

from __future__ import annotations

import math
from dataclasses import dataclass

AREAS = ("QR Code", "Micro QR Code", "rMQR Code", "Data Matrix", "Aztec", "MaxiCode", "PDF417", "MicroPDF417")


@dataclass(frozen=True, slots=True)
class Found:
    """A code in a picture: its text, the name of its symbology, its corners from its own top left clockwise.

    Corners are in pixels of the upright picture, in a PDF in points (1/72 inch), from its top left. ``page``
    counts from 1 in a PDF and is 0 in a picture. ``bytes`` are the content as it stands in the symbol: those
    of GS1 hold the separators where ``text`` has brackets, and ``text`` writes out those that are no text.
    """

    text: str
    format: str
    corners: tuple[tuple[int, int], ...]
    page: int = 0
    bytes: bytes = b""


def same(one: Found, other: Found) -> bool:
    """Tell whether two finds are one code, seen on two copies: as said, and nearer than the code is large."""
    (top, left, bottom, right), centre = _box(one), _centre(other)
    near = math.dist(_centre(one), centre) < max(bottom - top, right - left, 1) / 2
    return near and (one.format, one.bytes) == (other.format, other.bytes)


def apart(codes: list[Found]) -> list[Found]:
    """Leave out bars that lie inside another code: a row of modules can look like a short Codabar or ITF."""
    areas = [_box(code) for code in codes if code.format in AREAS]
    return [code for code in codes if code.format in AREAS or not any(_lies(code, area) for area in areas)]


def in_order(codes: list[Found]) -> tuple[Found, ...]:
    """Order codes as one reads: row by row, also where a row is not quite level."""
    rows: list[list[Found]] = []
    for code in sorted(codes, key=_box):
        if rows and _box(code)[0] < _centre(rows[-1][0])[0]:
            rows[-1].append(code)
        else:
            rows.append([code])
    return tuple(code for row in rows for code in sorted(row, key=lambda each: _box(each)[1]))


def _lies(code: Found, area: tuple[int, int, int, int]) -> bool:
    (down, across), (top, left, bottom, right) = _centre(code), area
    return top <= down <= bottom and left <= across <= right


def _box(code: Found) -> tuple[int, int, int, int]:
    across, down = zip(*code.corners, strict=True)
    return min(down), min(across), max(down), max(across)


def _centre(code: Found) -> tuple[float, float]:
    top, left, bottom, right = _box(code)
    return (top + bottom) / 2, (left + right) / 2
