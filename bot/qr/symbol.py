"""Payload to symbol (ISO/IEC 18004). segno does the work, its byte-mode padding mended; never Micro QR."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from segno import consts, encoder
from segno.encoder import Buffer
from segno.utils import matrix_iter_verbose  # type: ignore[attr-defined]  # its stub leaves it out

from bot.qr.payloads.payload import Level, Payload
from bot.qr.refusal import Refused, Word
from bot.qr.segments import Segment, fewest_bits, fitting, header_bits, least_bits, mode_of, segments

DENSE = 25  # from here on a phone has to come close

_ERROR = dict(
    zip(
        Level,
        (consts.ERROR_LEVEL_L, consts.ERROR_LEVEL_M, consts.ERROR_LEVEL_Q, consts.ERROR_LEVEL_H),
        strict=True,
    )
)
_MODE = {"numeric": consts.MODE_NUMERIC, "alphanumeric": consts.MODE_ALPHANUMERIC, "byte": consts.MODE_BYTE}
_ECI_MODE, _ECI_BITS = 0b0111, 12  # mode indicator; bits of it and an assignment number below 128 (7.4.2)
_UNITS = {
    "numeric": Word("digits"),
    "alphanumeric": Word("capital letters and digits"),
    "byte": Word("bytes"),
}


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


_ROLES = {
    consts.TYPE_FINDER_PATTERN_DARK: Role.FINDER,
    consts.TYPE_FINDER_PATTERN_LIGHT: Role.FINDER,
    consts.TYPE_SEPARATOR: Role.SEPARATOR,
    consts.TYPE_TIMING_DARK: Role.TIMING,
    consts.TYPE_TIMING_LIGHT: Role.TIMING,
    consts.TYPE_ALIGNMENT_PATTERN_DARK: Role.ALIGNMENT,
    consts.TYPE_ALIGNMENT_PATTERN_LIGHT: Role.ALIGNMENT,
    consts.TYPE_FORMAT_DARK: Role.FORMAT,
    consts.TYPE_FORMAT_LIGHT: Role.FORMAT,
    consts.TYPE_VERSION_DARK: Role.VERSION,
    consts.TYPE_VERSION_LIGHT: Role.VERSION,
    consts.TYPE_DARKMODULE: Role.DARK_MODULE,
    consts.TYPE_DATA_DARK: Role.DATA,
    consts.TYPE_DATA_LIGHT: Role.DATA,
    consts.TYPE_QUIET_ZONE: Role.QUIET_ZONE,
}


class TooLong(Refused):
    """More than a symbol holds: by how much, and what would fit."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code symbol: rows of 0 (light) and 1 (dark), and the role of each module."""

    version: int
    level: Level
    mask: int
    mode: str  # "numeric", "alphanumeric", "byte" or "mixed"
    modules: tuple[bytes, ...]
    roles: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Modules along a side, without the quiet zone."""
        return len(self.modules)


def _capacity_bits(version: int, error: int) -> int:
    bits: int = consts.SYMBOL_CAPACITY[version][error]  # type: ignore[index]  # the stub says object
    return bits


def capacity(mode: str, level: Level, version: int = 40) -> int:
    """Count the characters (bytes in byte mode) of one mode that fit a version at a level (table 7)."""
    bits = _capacity_bits(version, _ERROR[level]) - header_bits(mode, version)
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
    version = version_of(payload, level)
    levels = [each for each in Level if _fits(payload, each, version)]
    return _symbol(payload, version, payload.rules.level or (levels[-1] if boost else level), mask)


def version_of(payload: Payload, level: Level) -> int:
    """Find the smallest version that holds a payload, without drawing a module; raises TooLong.

    ``level`` gives way to the rules' own.
    """
    rules = payload.rules
    asked = rules.level or level
    version = next((each for each in range(rules.least, rules.most + 1) if _fits(payload, asked, each)), None)
    if version is None:
        raise _too_long(payload, asked)
    return version


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
    bits = _capacity_bits(version, _ERROR[level])
    return least_bits(payload.data) <= bits and _bits(payload, version) <= bits


def _fitting(payload: Payload, level: Level) -> int:
    """Count the first bytes of a payload that the largest version it may have holds."""
    version = payload.rules.most
    bits = _capacity_bits(version, _ERROR[level])
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


def _symbol(payload: Payload, version: int, level: Level, mask: int | None) -> Symbol:
    found = _segments(payload, version)
    matrix, chosen = _matrix(payload, found, version, _ERROR[level], mask)
    modules = tuple(bytes(row) for row in matrix)
    modes = {each.mode for each in found}
    return Symbol(
        version, level, chosen, modes.pop() if len(modes) == 1 else "mixed", modules, _roles(matrix)
    )


def _roles(matrix: tuple[bytearray, ...]) -> tuple[bytes, ...]:
    size = len(matrix)
    roles = [
        bytearray(_ROLES[kind] for kind in row) for row in matrix_iter_verbose(matrix, (size, size), border=0)
    ]
    roles[8][
        size - 9
    ] = Role.DATA  # segno takes it for format information, which begins a module later (7.9.1)
    return tuple(bytes(row) for row in roles)


def _matrix(
    payload: Payload, found: tuple[Segment, ...], version: int, error: int, mask: int | None
) -> tuple[tuple[bytearray, ...], int]:
    """Take segno's own steps (7.4 to 7.10), but pad to a codeword boundary as 7.4.10 says.

    segno 1.6.6 adds eight zero bits where none are due (heuer/segno #123, #148), which some readers refuse.
    """
    bits, total = Buffer(), _capacity_bits(version, error)
    if payload.rules.eci:
        bits.append_bits(_ECI_MODE, 4)
        bits.append_bits(consts.ECI_ASSIGNMENT_NUM[payload.rules.charset], 8)  # below 128: one byte (table 4)
    for segment in found:
        made = encoder.make_segment(segment.data, _MODE[segment.mode])
        encoder.write_segment(bits, made, None, encoder.version_range(version))
    encoder.write_terminator(bits, total, None, len(bits))
    bits.extend([0] * (-len(bits) % 8))
    encoder.write_pad_codewords(bits, version, total, len(bits))
    message = encoder.make_final_message(version, error, bits)
    side = encoder.calc_matrix_size(version)
    matrix = encoder.make_matrix(side, side)
    encoder.add_finder_patterns(matrix, side, side)
    encoder.add_alignment_patterns(matrix, side, side)
    encoder.add_codewords(matrix, message, version)
    chosen, matrix = encoder.find_and_apply_best_mask(matrix, side, side, mask)
    encoder.add_format_info(matrix, version, error, chosen)
    encoder.add_version_info(matrix, version)
    return matrix, chosen


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
