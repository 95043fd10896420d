"""The margin: what hidden modules cost, per Reed–Solomon block and per fixed pattern, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.qr.matrix import Role, blocks, codewords, roles
from bot.qr.payloads.payload import Level
from bot.qr.proof.grades import (
    Grade,
    alignment_damage,
    finder_damage,
    information_damage,
    timing_damage,
    unused_error_correction,
)
from bot.qr.symbol import Symbol

Modules = NDArray[np.bool_]

# Codewords kept for noticing wrong corrections (ISO/IEC 18004, table 9).
_DETECTION = {
    (1, Level.L): 3, (1, Level.M): 2, (1, Level.Q): 1, (1, Level.H): 1, (2, Level.L): 2, (3, Level.L): 1,
}  # fmt: skip
_FINDERS, _TIMINGS, _ALIGNMENT, _FORMATS, _VERSIONS = slice(1, 4), slice(4, 6), 6, slice(7, 9), slice(9, 11)
_SEGMENTS = 11


@dataclass(frozen=True, slots=True)
class Margin:
    """What is left of a symbol whose modules are partly hidden.

    ``unused``: the error correction left in the worst block, 1 − 2t/(d − p): 1 for all of it; below 0 the
    symbol does not decode. (``e`` is 0: a reader of QR codes is not told where modules are hidden.)
    ``errors``: the wrong codewords of each block. The rest counts the wrong modules of fixed patterns, in the
    segments of ISO/IEC 18004, annex G; ``timing`` and ``alignment`` as shares.
    """

    unused: float
    errors: tuple[int, ...]
    finders: tuple[int, ...]
    timing: tuple[float, ...]
    alignment: float
    formats: tuple[int, ...]
    versions: tuple[int, ...]

    @property
    def correction(self) -> Grade:
        """The grade of the unused error correction."""
        return unused_error_correction(self.unused)

    @property
    def alignment_patterns(self) -> Grade:
        """The grade of the damage to alignment patterns."""
        return alignment_damage(self.alignment)

    @property
    def patterns(self) -> Grade:
        """The grade of the damage to finder and timing patterns: that of the worst."""
        return min(*map(finder_damage, self.finders), *map(timing_damage, self.timing))

    @property
    def information(self) -> Grade:
        """The grade of format and version information: the mean of the two copies of each."""
        means = [
            sum(information_damage(each) for each in copies) // 2 for copies in (self.formats, self.versions)
        ]
        return Grade(min(means))


@cache
def _segments(version: int) -> NDArray[np.intp]:
    """Number the segment of annex G that each module belongs to; 0 for data and what is not graded."""
    role, size = roles(version), 17 + 4 * version
    y, x = np.mgrid[:size, :size]
    corner = (role == Role.FINDER) | (role == Role.SEPARATOR)
    found = np.zeros((size, size), np.intp)
    found[corner] = (1 + (x > 8) + 2 * (y > 8))[corner]
    found[role == Role.TIMING] = (4 + (x == 6))[role == Role.TIMING]
    found[role == Role.ALIGNMENT] = _ALIGNMENT
    found[role == Role.FORMAT] = (7 + ((x > 8) | (y > 8)))[role == Role.FORMAT]
    found[role == Role.VERSION] = (9 + (y > 8))[role == Role.VERSION]
    found.flags.writeable = False
    return found


@cache
def _lengths(version: int) -> tuple[int, ...]:
    return tuple(np.maximum(np.bincount(_segments(version).ravel(), minlength=_SEGMENTS), 1).tolist())


@cache
def usable(version: int, level: Level) -> NDArray[np.int64]:
    """Count the error correction codewords of each block that correct: d − p."""
    cut = blocks(version, level)
    found: NDArray[np.int64] = cut.total - cut.data - _DETECTION.get((version, level), 0)
    return found


def margin(symbol: Symbol, hidden: Modules, shown: NDArray[np.uint8] | None = None) -> Margin:
    """Work out what hiding modules costs a symbol.

    ``shown`` says how the hidden modules look instead: 0 light, 1 dark, else unknown. One that looks as it
    should costs nothing; an unknown one counts as wrong. Without it all are unknown, so that the margin holds
    for whatever the symbol says. Raises ValueError where the arrays are not of the symbol's size.
    """
    if shown is None:
        return damage(symbol.version, symbol.level, hidden)
    return damage(symbol.version, symbol.level, hidden & (shown != symbol.modules))


def damage(version: int, level: Level, wrong: Modules) -> Margin:
    """Work out what wrong modules cost a symbol of a version and level; see ``margin``."""
    place = codewords(version)
    if wrong.shape != place.shape:
        raise ValueError(f"{wrong.shape} modules for a symbol of {place.shape}")
    cut = blocks(version, level)
    at = np.flatnonzero(wrong)
    lost = np.zeros(len(cut.of) + 1, np.bool_)
    lost[place.take(at)] = True  # -1, no codeword, falls on the last
    errors = np.bincount(cut.of[lost[:-1]], minlength=len(cut.total))
    unused = 1 - 2 * float((errors / usable(version, level)).max())
    counts = np.bincount(_segments(version).take(at), minlength=_SEGMENTS).tolist()
    shares = [count / length for count, length in zip(counts, _lengths(version), strict=True)]
    return Margin(
        unused,
        tuple(errors.tolist()),
        tuple(counts[_FINDERS]),
        tuple(shares[_TIMINGS]),
        shares[_ALIGNMENT],
        tuple(counts[_FORMATS]),
        tuple(counts[_VERSIONS]),
    )
