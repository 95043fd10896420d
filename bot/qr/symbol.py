"""Text to symbol (ISO/IEC 18004). segno does the work, with its byte-mode padding mended; never Micro QR."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from segno import consts, encoder
from segno.encoder import Buffer, Segments
from segno.utils import matrix_iter_verbose  # type: ignore[attr-defined]  # its stub leaves it out

from bot.qr.payloads.payload import Level, Payload
from bot.qr.refusal import Refused, Word

DENSE = 25  # from here on a phone has to come close

_ERROR = dict(
    zip(
        Level,
        (consts.ERROR_LEVEL_L, consts.ERROR_LEVEL_M, consts.ERROR_LEVEL_Q, consts.ERROR_LEVEL_H),
        strict=True,
    )
)
_MODE = {"numeric": consts.MODE_NUMERIC, "alphanumeric": consts.MODE_ALPHANUMERIC, "byte": consts.MODE_BYTE}
_NUMERIC = re.compile(r"[0-9]+", re.ASCII)
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+", re.ASCII)
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
    mode: str  # "numeric", "alphanumeric" or "byte"
    modules: tuple[bytes, ...]
    roles: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Modules along a side, without the quiet zone."""
        return len(self.modules)


def mode_of(text: str) -> str:
    """Name the densest mode the whole text fits (7.3)."""
    if _NUMERIC.fullmatch(text):
        return "numeric"
    return "alphanumeric" if _ALPHANUMERIC.fullmatch(text) else "byte"


def _capacity_bits(version: int, error: int) -> int:
    bits: int = consts.SYMBOL_CAPACITY[version][error]  # type: ignore[index]  # the stub says object
    return bits


def capacity(mode: str, level: Level, version: int = 40) -> int:
    """Count the characters (bytes in byte mode) that fit a version at a level (table 7)."""
    bits = _capacity_bits(version, _ERROR[level])
    counter = {"numeric": (10, 12, 14), "alphanumeric": (9, 11, 13), "byte": (8, 16, 16)}[mode]
    bits -= 4 + counter[0 if version < 10 else 1 if version < 27 else 2]
    if mode == "numeric":
        return bits // 10 * 3 + (2 if bits % 10 >= 7 else 1 if bits % 10 >= 4 else 0)
    if mode == "alphanumeric":
        return bits // 11 * 2 + (1 if bits % 11 >= 6 else 0)
    return bits // 8


def encode(
    payload: Payload, level: Level = Level.M, *, boost: bool = True, mask: int | None = None
) -> Symbol:
    """Encode a payload in the smallest version; ``boost`` raises the level as far as that version allows.

    Raises TooLong, whose sentence says by how much and what would fit.
    """
    mode, version = mode_of(payload.text), version_of(payload, level)
    levels = [each for each in Level if capacity(mode, each, version) >= len(payload.data)]
    chosen = levels[-1] if boost else level
    return _symbol(payload, mode, version, chosen, mask)


def version_of(payload: Payload, level: Level) -> int:
    """Find the smallest version that holds a payload at a level, without drawing a module; raises TooLong."""
    mode, count = mode_of(payload.text), len(payload.data)
    version = next((each for each in range(1, 41) if capacity(mode, level, each) >= count), None)
    if version is None:
        raise _too_long(mode, count, level)
    return version


def _too_long(mode: str, count: int, level: Level) -> TooLong:
    fits, unit = capacity(mode, level), _UNITS[mode]
    over = count - fits
    easier = next((each for each in reversed(Level) if capacity(mode, each) >= count), None)
    if easier is not None:
        return TooLong(
            "This is {over} {unit} too long for error correction level {level}. It fits at level {easier}.",
            over=over, unit=unit, level=level, easier=easier,
        )  # fmt: skip
    most = capacity(mode, Level.L)
    return TooLong(
        "This is {over} {unit} too long: a QR code holds at most {most} {unit}. "
        "Shorten it, or put it on a page and make a code of its address.",
        over=count - most, unit=unit, most=most,
    )  # fmt: skip


def _symbol(payload: Payload, mode: str, version: int, level: Level, mask: int | None) -> Symbol:
    segments = Segments()
    segments.add_segment(encoder.make_segment(payload.text, _MODE[mode], encoding="utf-8"))
    matrix, chosen = _matrix(segments, version, _ERROR[level], mask)
    modules = tuple(bytes(row) for row in matrix)
    return Symbol(version, level, chosen, mode, modules, _roles(matrix))


def _roles(matrix: tuple[bytearray, ...]) -> tuple[bytes, ...]:
    size = len(matrix)
    roles = [
        bytearray(_ROLES[kind] for kind in row) for row in matrix_iter_verbose(matrix, (size, size), border=0)
    ]
    roles[8][
        size - 9
    ] = Role.DATA  # segno takes it for format information, which begins one module later (7.9.1)
    return tuple(bytes(row) for row in roles)


def _matrix(
    segments: Segments, version: int, error: int, mask: int | None
) -> tuple[tuple[bytearray, ...], int]:
    """Take segno's own steps (7.4 to 7.10), but pad to a codeword boundary as 7.4.10 says.

    segno 1.6.6 adds eight zero bits where none are due (heuer/segno #123, #148), which some readers refuse.
    """
    bits, total = Buffer(), _capacity_bits(version, error)
    for segment in segments:
        encoder.write_segment(bits, segment, None, encoder.version_range(version))
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
