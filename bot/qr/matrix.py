"""Where everything in a symbol lies: function patterns, the way of the codewords, blocks (ISO/IEC 18004).

Made once a version and kept, so that nothing else works out where a finder pattern is or which block a
module belongs to. Tables of capacities are segno's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray
from segno import consts

from bot.qr.payloads.payload import Level

Grid = NDArray[np.uint8]

ERROR = dict(
    zip(
        Level,
        (consts.ERROR_LEVEL_L, consts.ERROR_LEVEL_M, consts.ERROR_LEVEL_Q, consts.ERROR_LEVEL_H),
        strict=True,
    )
)
MASKS = 8  # data masks (table 10)
_FORMAT_BITS = {Level.L: 1, Level.M: 0, Level.Q: 3, Level.H: 2}  # table 12


class Role(IntEnum):
    """What a module is for."""

    DATA = 0
    FINDER = 1
    SEPARATOR = 2
    TIMING = 3
    ALIGNMENT = 4
    FORMAT = 5
    VERSION = 6
    DARK_MODULE = 7
    QUIET_ZONE = 8


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """How a message is cut into Reed–Solomon blocks (7.5.1): codewords and data codewords of each block.

    ``of`` names the block of each codeword as they are placed (7.6); ``order`` the place that each has in the
    blocks' data laid end to end, followed by their error correction laid end to end, and by one zero.
    ``sizes`` counts the blocks that hold so many data codewords, as they come; ``room`` all data codewords.
    """

    total: NDArray[np.int64]
    data: NDArray[np.int64]
    of: NDArray[np.int64]
    order: NDArray[np.int64]
    sizes: dict[int, int]
    room: int


def size_of(version: int) -> int:
    """Count the modules along a side (5.3.1.1)."""
    return 17 + 4 * version


@cache
def centres(version: int) -> tuple[int, ...]:
    """List the rows, and columns, of the alignment patterns' middles (annex E)."""
    return () if version == 1 else tuple(consts.ALIGNMENT_POS[version - 2])


@cache
def alignments(version: int) -> tuple[tuple[int, int], ...]:
    """List the middles of the alignment patterns, row and column (6.3.6): not where finder patterns are."""
    last, rows = size_of(version) - 7, centres(version)
    return tuple((y, x) for y in rows for x in rows if (y, x) not in ((6, 6), (6, last), (last, 6)))


@cache
def roles(version: int) -> Grid:
    """Tell what each module of a version is for (6.3)."""
    size = size_of(version)
    found = np.full((size, size), Role.DATA, np.uint8)
    found[6, :] = found[:, 6] = Role.TIMING
    for y, x in alignments(version):
        found[y - 2 : y + 3, x - 2 : x + 3] = Role.ALIGNMENT
    if version >= 7:
        found[size - 11 : size - 8, :6] = found[:6, size - 11 : size - 8] = Role.VERSION
    found[8, :9] = found[:9, 8] = Role.FORMAT
    found[8, size - 8 :] = found[size - 7 :, 8] = Role.FORMAT
    found[6, 8] = found[8, 6] = Role.TIMING
    found[size - 8, 8] = Role.DARK_MODULE
    for y, x in ((0, 0), (0, size - 8), (size - 8, 0)):
        found[y : y + 8, x : x + 8] = Role.SEPARATOR
        top, left = (y and y + 1), (x and x + 1)
        found[top : top + 7, left : left + 7] = Role.FINDER
    found.flags.writeable = False
    return found


@cache
def path(version: int) -> NDArray[np.int64]:
    """List the data region's modules as codewords are placed in them (7.7.3): row · side + column."""
    size, free = size_of(version), roles(version) == Role.DATA
    found: list[int] = []
    upwards = True
    for right in range(size - 1, 0, -2):
        column = right if right > 6 else right - 1  # the vertical timing pattern takes no part
        for y in range(size - 1, -1, -1) if upwards else range(size):
            found += [y * size + x for x in (column, column - 1) if free[y, x]]
        upwards = not upwards
    return np.array(found)


@cache
def codewords(version: int) -> NDArray[np.int16]:
    """Number the codeword, as placed, that each module belongs to; -1 for others and remainder bits."""
    size, way = size_of(version), path(version)
    found = np.full(size * size, -1, np.int16)
    whole = len(way) // 8 * 8
    found[way[:whole]] = np.arange(whole) // 8
    found.flags.writeable = False
    return found.reshape(size, size)


@cache
def gather(version: int) -> NDArray[np.int64]:
    """Tell which bit of a message each module takes; what takes none, the one after its end."""
    size, way = size_of(version), path(version)
    bits = len(way) // 8 * 8
    found = np.full(size * size, bits)
    found[way[:bits]] = np.arange(bits)
    return found.reshape(size, size)


@cache
def blocks(version: int, level: Level) -> Blocks:
    """Cut a version's codewords into blocks (table 9)."""
    shapes = [
        (each.num_total, each.num_data)
        for each in consts.ECC[version][ERROR[level]]  # type: ignore[index]
        for _ in range(each.num_blocks)
    ]
    total, data = (np.array(each) for each in zip(*shapes, strict=True))
    ends = np.concatenate(([0], np.cumsum(data)))
    correction = int(total[0] - data[0])
    of, order = [], []
    for at in range(int(data.max())):
        for block, count in enumerate(data):
            if at < count:
                of.append(block)
                order.append(int(ends[block]) + at)
    for at in range(correction):
        for block in range(len(data)):
            of.append(block)
            order.append(int(ends[-1]) + block * correction + at)
    order.append(len(order))
    found = (total, data, np.array(of), np.array(order))
    for each in found:
        each.flags.writeable = False
    return Blocks(*found, dict(Counter(data.tolist())), int(data.sum()))


# --- the patterns themselves --------------------------------------------------------------------------------


def masks(size: int) -> list[NDArray[np.bool_]]:
    """Draw the eight data masks over a whole square (table 10)."""
    y, x = np.mgrid[:size, :size]
    return [
        (y + x) % 2 == 0,
        y % 2 == 0,
        x % 3 == 0,
        (y + x) % 3 == 0,
        (y // 2 + x // 3) % 2 == 0,
        (y * x) % 2 + (y * x) % 3 == 0,
        ((y * x) % 2 + (y * x) % 3) % 2 == 0,
        ((y + x) % 2 + (y * x) % 3) % 2 == 0,
    ]


@cache
def patterns(version: int, level: Level) -> Grid:
    """Draw, for each of the eight masks, what is XORed on the placed codewords to give the symbol.

    8 × n × n: the mask on the data region, the function patterns, format and version information elsewhere.
    """
    size, data = size_of(version), roles(version) == Role.DATA
    fixed = _function_patterns(version)
    found = np.stack([np.where(data, mask, fixed) for mask in masks(size)]).astype(np.uint8)
    for number, grid in enumerate(found):
        _format_information(grid, _FORMAT_BITS[level] << 3 | number)
    found.flags.writeable = False
    return found


@cache
def _function_patterns(version: int) -> NDArray[np.bool_]:
    """Draw all that is the same in every symbol of a version (6.3, 7.10)."""
    size = size_of(version)
    y, x = np.mgrid[:size, :size]
    role = roles(version)
    found: NDArray[np.bool_] = (role == Role.TIMING) & ((y + x) % 2 == 0) | (role == Role.DARK_MODULE)
    for top, left in ((3, 3), (3, size - 4), (size - 4, 3)):
        ring = np.maximum(abs(y - top), abs(x - left))
        found |= (role == Role.FINDER) & (ring <= 3) & (ring != 2)
    for top, left in alignments(version):
        ring = np.maximum(abs(y - top), abs(x - left))
        found |= (role == Role.ALIGNMENT) & (ring <= 2) & (ring != 1)
    if version >= 7:
        bits = _with_remainder(version, 0x1F25)
        for number in range(18):
            bit, (far, near) = bool(bits >> number & 1), (size - 11 + number % 3, number // 3)
            found[far, near] = found[near, far] = bit
    return found


def _format_information(grid: Grid, data: int) -> None:
    """Write level and mask twice (7.9.1, figure 25)."""
    bits, size = _with_remainder(data, 0x537) ^ 0x5412, len(grid)
    upright = [0, 1, 2, 3, 4, 5, 7, 8]
    for number in range(15):
        bit = bits >> number & 1
        if number < 8:
            grid[upright[number], 8] = grid[8, size - 1 - number] = bit
        else:
            grid[8, (7, 5, 4, 3, 2, 1, 0)[number - 8]] = grid[size - 15 + number, 8] = bit


def _with_remainder(data: int, polynomial: int) -> int:
    """Append the check bits of a BCH code to data (annexes C and D)."""
    check = polynomial.bit_length() - 1
    value = data << check
    for shift in range(value.bit_length() - check - 1, -1, -1):
        if value >> (shift + check) & 1:
            value ^= polynomial << shift
    return data << check | value
