"""Payload to symbol (ISO/IEC 18004): version, level, mask, and the modules; never Micro QR."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from segno import consts

from bot.qr.codewords import data_codewords, message
from bot.qr.mask import choose
from bot.qr.matrix import ERROR, Grid, Role, blocks, gather, patterns, roles
from bot.qr.payloads.payload import Level, Payload
from bot.qr.refusal import Refused, Word
from bot.qr.segments import Segment, fewest_bits, fitting, header_bits, least_bits, mode_of, segments

DENSE = 25  # from here on a phone has to come close

_ECI_BITS = 12  # mode indicator, and an assignment number below 128 (7.4.2)
_UNITS = {
    "numeric": Word("digits"),
    "alphanumeric": Word("capital letters and digits"),
    "byte": Word("bytes"),
}

__all__ = ["Role", "Symbol", "TooLong", "capacity", "encode", "hint", "version_of"]


class TooLong(Refused):
    """More than a symbol holds: by how much, and what would fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """A QR code symbol: n × n modules, 0 light and 1 dark."""

    version: int
    level: Level
    mask: int
    mode: str  # "numeric", "alphanumeric", "byte" or "mixed"
    modules: Grid

    @property
    def size(self) -> int:
        """Modules along a side, without the quiet zone."""
        return len(self.modules)

    @property
    def roles(self) -> Grid:
        """What each module is for."""
        return roles(self.version)


def _capacity_bits(version: int, error: int) -> int:
    bits: int = consts.SYMBOL_CAPACITY[version][error]  # type: ignore[index]  # the stub says object
    return bits


def capacity(mode: str, level: Level, version: int = 40) -> int:
    """Count the characters (bytes in byte mode) of one mode that fit a version at a level (table 7)."""
    bits = _capacity_bits(version, ERROR[level]) - header_bits(mode, version)
    if mode == "numeric":
        return bits // 10 * 3 + (2 if bits % 10 >= 7 else 1 if bits % 10 >= 4 else 0)
    if mode == "alphanumeric":
        return bits // 11 * 2 + (1 if bits % 11 >= 6 else 0)
    return bits // 8


def encode(
    payload: Payload, level: Level = Level.M, *, boost: bool = True, mask: int | None = None
) -> Symbol:
    """Encode a payload in the smallest version its rules allow.

    ``boost`` raises the level as far as that version holds; the rules' own level stands above both. Raises
    TooLong, whose sentence says by how much and what would fit.
    """
    rules, asked = payload.rules, payload.rules.level or level
    boosted = boost and rules.level is None
    found = _in_bytes(payload, asked, boosted) if not rules.eci else None
    if found is not None:
        return _symbol(payload, found[0], found[1], (Segment("byte", payload.data),), mask)
    version = version_of(payload, asked)
    if boosted:
        asked = _highest(_bits(payload, version), version)
    return _symbol(payload, version, asked, _segments(payload, version), mask)


def _in_bytes(payload: Payload, level: Level, boost: bool) -> tuple[int, Level] | None:
    """Find version and level in byte mode alone, where no mixing of modes could do better; else None."""
    data, rules, room = payload.data, payload.rules, _room(level)
    if mode_of(data) != "byte":
        return None
    least = least_bits(data) + header_bits("byte", 1)
    version = bisect_left(room, least, rules.least, rules.most + 1)
    bits = header_bits("byte", version) + 8 * len(data)
    if version > rules.most or bits > room[version]:
        return None
    if not boost:
        return version, level
    highest = _highest(bits, version)
    return (version, highest) if highest == _highest(least, version) else None


def _highest(bits: int, version: int) -> Level:
    """Find the highest level at which a version holds so many bits; StopIteration where none does."""
    return next(level for room, level in _from_the_highest(version) if bits <= room)


@cache
def _from_the_highest(version: int) -> tuple[tuple[int, Level], ...]:
    """List what a version holds at each level."""
    return tuple((_room(each)[version], each) for each in reversed(Level))


@lru_cache(maxsize=16)
def version_of(payload: Payload, level: Level) -> int:
    """Find the smallest version that holds a payload, without drawing a module; raises TooLong.

    ``level`` gives way to the rules' own.
    """
    rules, asked = payload.rules, payload.rules.level or level
    if not rules.eci and (quick := _in_bytes(payload, asked, boost=False)) is not None:
        return quick[0]
    room, data = _room(asked), payload.data
    start = bisect_left(room, least_bits(data), rules.least, rules.most + 1)
    for version in range(start, rules.most + 1):
        if _bits(payload, version) <= room[version]:
            return version
    raise _too_long(payload, asked)


@cache
def _room(level: Level) -> tuple[int, ...]:
    """List how many bits each version holds at a level; nothing for version 0."""
    return (0, *(_capacity_bits(version, ERROR[level]) for version in range(1, 41)))


def _segments(payload: Payload, version: int) -> tuple[Segment, ...]:
    """Cut a payload; with an ECI all of it stays in byte mode, since that alone it speaks of (7.4.2)."""
    data = payload.data
    return (Segment("byte", data),) if payload.rules.eci else segments(data, version)


def _bits(payload: Payload, version: int) -> int:
    data = payload.data
    if payload.rules.eci:
        return _ECI_BITS + header_bits("byte", version) + 8 * len(data)
    return fewest_bits(data, version)


def _fits(payload: Payload, level: Level, version: int) -> bool:
    return _bits(payload, version) <= _room(level)[version]


def _fitting(payload: Payload, level: Level) -> int:
    """Count the first bytes of a payload that the largest version it may have holds."""
    version = payload.rules.most
    bits = _capacity_bits(version, ERROR[level])
    if payload.rules.eci:
        return (bits - _ECI_BITS - header_bits("byte", version)) // 8
    return fitting(payload.data, version, bits)


def _too_long(payload: Payload, level: Level) -> TooLong:
    """Say by how much: as many characters (bytes, where it has others) taken off at its end make it fit."""
    data, rules = payload.data, payload.rules
    if rules.most < 40 or rules.level is not None:
        return TooLong(
            "This is {over} bytes more than the specification of this kind of code allows. "
            "Shorten its texts.",
            over=len(data) - _fitting(payload, level),
        )
    unit = _UNITS[mode_of(data)]
    easier = next((each for each in reversed(Level) if _fits(payload, each, rules.most)), None)
    if easier is not None:
        return TooLong(
            "This is {over} {unit} too long for error correction level {level}. It fits at level {easier}.",
            over=len(data) - _fitting(payload, level), unit=unit, level=level, easier=easier,
        )  # fmt: skip
    most = _fitting(payload, Level.L)
    return TooLong(
        "This is {over} {unit} too long: a QR code holds at most {most} {unit}. "
        "Shorten it, or put it on a page and make a code of its address.",
        over=len(data) - most, unit=unit, most=most,
    )  # fmt: skip


def _symbol(
    payload: Payload, version: int, level: Level, found: tuple[Segment, ...], mask: int | None
) -> Symbol:
    eci = consts.ECI_ASSIGNMENT_NUM[payload.rules.charset] if payload.rules.eci else None
    placed = message(data_codewords(found, version, blocks(version, level).room, eci), version, level)
    bits = np.unpackbits(placed)
    chosen = choose(bits, version, level) if mask is None else mask
    modules = bits.take(gather(version)) ^ patterns(version, level)[chosen]
    mode = found[0].mode if len(found) == 1 or len({each.mode for each in found}) == 1 else "mixed"
    return Symbol(version, level, chosen, mode, modules)


def hint(version: int) -> Refused | None:
    """Say how large a symbol of a dense version wants to be printed; None where any size will do."""
    if version <= DENSE:
        return None
    side = 17 + 4 * version + 8  # modules with the quiet zone (5.3.1.1)
    return Refused(
        "This code is dense (version {version}): print it at least {width} cm wide, or shorten the text.",
        version=version,
        width=f"{side * 0.05:.1f}",  # half a millimetre a module
    )
