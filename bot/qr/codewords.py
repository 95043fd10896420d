"""Segments to the final message: data, Reed–Solomon correction, interleaving (ISO/IEC 18004, 7.4 to 7.6).

The division that takes most of an encoder's time is a table look-up here: what each value of each codeword
adds to the remainder, so that a block's correction is one exclusive or over its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from segno.consts import ALPHANUMERIC_CHARS

from bot.qr.matrix import blocks
from bot.qr.payloads.payload import Level
from bot.qr.segments import Segment, counter_bits

_INDICATOR = {"numeric": 1, "alphanumeric": 2, "byte": 4}  # table 2
_ECI = 7
_PAD = b"\xec\x11" * 1500  # 7.4.10; enough for the largest symbol
_PRIMITIVE = 0x11D  # of the field with 256 elements (7.5.2)
_NOTHING = np.zeros(1, np.uint8)
_VALUE = {character: value for value, character in enumerate(ALPHANUMERIC_CHARS)}  # table 5


def data_codewords(segments: Iterable[Segment], version: int, room: int, eci: int | None = None) -> bytes:
    """Write segments, terminator and pad codewords into ``room`` codewords (7.4.9, 7.4.10)."""
    bits, length = (0, 0) if eci is None else (_ECI << 8 | eci, 12)
    for segment in segments:
        counter = counter_bits(segment.mode, version)
        header = _INDICATOR[segment.mode] << counter | segment.characters
        value, taken = _content(segment)
        bits = (bits << counter + 4 | header) << taken | value
        length += counter + 4 + taken
    end = min(4, room * 8 - length)
    bits <<= end + -(length + end) % 8
    written = bits.to_bytes(-(-(length + end) // 8), "big")
    return written + _PAD[: room - len(written)]


def _content(segment: Segment) -> tuple[int, int]:
    """Write a segment's characters as one number of so many bits (7.4.3 to 7.4.5)."""
    data = segment.data
    if segment.mode == "byte":
        return int.from_bytes(data, "big"), 8 * len(data)
    if segment.mode == "numeric":
        return _numeric(data)
    return _alphanumeric(data)


def _numeric(data: bytes) -> tuple[int, int]:
    bits, length = 0, 0
    for at in range(0, len(data), 3):
        group = data[at : at + 3]
        bits, length = bits << 3 * len(group) + 1 | int(group), length + 3 * len(group) + 1
    return bits, length


def _alphanumeric(data: bytes) -> tuple[int, int]:
    bits = 0
    for one, two in zip(data[::2], data[1::2], strict=False):
        bits = bits << 11 | _VALUE[one] * 45 + _VALUE[two]
    if len(data) % 2:
        bits = bits << 6 | _VALUE[data[-1]]
    return bits, len(data) // 2 * 11 + len(data) % 2 * 6


# --- error correction ---------------------------------------------------------------------------------------


@cache
def _field() -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
    """List the field's elements by their logarithm, twice over, and the logarithm of each."""
    powers, logarithms, value = np.zeros(510, np.uint8), np.zeros(256, np.int16), 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logarithms[value] = exponent
        value = value << 1 ^ (_PRIMITIVE if value & 0x80 else 0)
    return powers, logarithms


def _times(factor: int, row: NDArray[np.uint8]) -> NDArray[np.uint8]:
    powers, logarithms = _field()
    return (
        np.where(row, powers[logarithms[factor] + logarithms[row]], 0).astype(np.uint8) if factor else 0 * row
    )


@lru_cache(maxsize=48)
def _remainders(data: int, correction: int) -> NDArray[np.uint8]:
    """Give, for each of ``data`` codewords and each of its 256 values, its part in the correction codewords.

    Rows are numbered codeword · 256 + value. At most a megabyte a table.
    """
    powers, logarithms = _field()
    generator = np.array([1], np.uint8)
    for root in range(correction):
        generator = np.append(generator, 0) ^ np.append(0, _times(int(powers[root]), generator))
    row, rows = generator[1:].astype(np.uint8), []
    for _ in range(data):
        rows.append(row)
        row = np.append(row[1:], 0).astype(np.uint8) ^ _times(int(row[0]), generator[1:].astype(np.uint8))
    each = np.array(rows[::-1])[:, None, :]
    values = np.arange(256)[None, :, None]
    found = powers[logarithms[each] + logarithms[values]] * ((each != 0) & (values != 0))
    return np.ascontiguousarray(found.reshape(data * 256, correction), np.uint8)


def message(data: bytes, version: int, level: Level) -> NDArray[np.uint8]:
    """Add error correction to data codewords and interleave both, as they are placed (7.5, 7.6).

    A codeword of zeros follows: function patterns and remainder bits look there.
    """
    cut = blocks(version, level)
    given = np.frombuffer(data, np.uint8)
    correction = int(cut.total[0] - cut.data[0])
    parts, at = [given], 0
    for size, count in cut.sizes.items():
        rows = given[at : at + count * size].reshape(count, size) + _places(size)
        parts.append(np.bitwise_xor.reduce(_remainders(size, correction).take(rows, 0), 1).ravel())
        at += count * size
    parts.append(_NOTHING)
    whole = np.concatenate(parts)
    return whole if len(cut.data) == 1 else whole.take(cut.order)


@cache
def _places(size: int) -> NDArray[np.int64]:
    return np.arange(size) * 256
