"""Design grades: what ISO/IEC 15415 would grade, worked out from the drawing. A verifier measures the print.

The parameters, their names and thresholds are those of ISO/IEC 15415:2011 and, for what only QR codes have,
ISO/IEC 18004:2015, annex G; ISO/IEC 29158 calls contrast and modulation the same of cells. Reflectance is
taken as the relative luminance of the colour on a screen. Paper, ink and press can only take away from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import lru_cache
from operator import attrgetter

from bot.qr.style.colours import WHITE, extremes, inverted
from bot.qr.style.style import Paint, Style

_LEAST_CONTRAST = 0.20  # of reflectance as it stands


class Grade(IntEnum):
    """A grade and its number (ISO/IEC 15415, 6.3)."""

    F = 0
    D = 1
    C = 2
    B = 3
    A = 4


_FROM_A = tuple(reversed(Grade))


def _graded(value: float, least: Sequence[float]) -> Grade:
    """Grade a value where more is better; ``least`` for A, B, C and D."""
    for grade, each in zip(_FROM_A, least, strict=False):
        if value >= each - 1e-9:
            return grade
    return Grade.F


def unused_error_correction(share: float) -> Grade:
    """Grade 1 − (e + 2t)/(d − p) of the worst block (ISO/IEC 15415, 7.8.8)."""
    return _graded(share, (0.62, 0.50, 0.37, 0.25))


def symbol_contrast(difference: float) -> Grade:
    """Grade the highest less the lowest reflectance, 0 to 1 (ISO/IEC 15415, 7.8.3)."""
    return _graded(difference, (0.70, 0.55, 0.40, 0.20))


def modulation(share: float) -> Grade:
    """Grade how far a module lies from the threshold, 2 · |R − GT| / SC (ISO/IEC 15415, 7.8.4)."""
    return _graded(share, (0.50, 0.40, 0.30, 0.20))


def finder_damage(modules: int) -> Grade:
    """Grade the damaged modules of a finder pattern and its separator (ISO/IEC 18004, annex G: A1 to A3)."""
    return _FROM_A[min(modules, 4)]


def timing_damage(share: float) -> Grade:
    """Grade the damaged share of one timing pattern (ISO/IEC 18004, annex G: B1, B2)."""
    return _graded(-share, (0, -0.07, -0.11, -0.14))


def alignment_damage(share: float) -> Grade:
    """Grade the damaged share of all alignment patterns (ISO/IEC 18004, annex G: C)."""
    return _graded(-share, (0, -0.10, -0.20, -0.30))


def information_damage(modules: int) -> Grade:
    """Grade the damaged modules of a copy of format or version information; its code corrects 3 (annex G)."""
    return _FROM_A[min(modules, 4)]


def quiet_zone(modules: int) -> Grade:
    """Grade the quiet zone: A for the 4 modules of ISO/IEC 18004, 5.3.8; B for 1, D for none.

    The scale is ours: the standard only knows "kept" and "not kept". On a black ground readers find all of
    the symbols with 1 module and hardly one with none.
    """
    return (Grade.D, Grade.B, Grade.B, Grade.B, Grade.A)[max(0, min(modules, 4))]


@dataclass(frozen=True, slots=True)
class Grades:
    """The design grades of a drawing, by their names in the standards."""

    symbol_contrast: Grade = Grade.A
    modulation: Grade = Grade.A
    unused_error_correction: Grade = Grade.A
    fixed_pattern_damage: Grade = Grade.A  # of finder and timing patterns
    alignment_patterns: Grade = Grade.A  # the rest of it
    format_information: Grade = Grade.A
    quiet_zone: Grade = Grade.A

    @property
    def overall(self) -> Grade:
        """The lowest of them (ISO/IEC 15415, 7.8.10)."""
        grades: tuple[Grade, ...] = _EVERY(self)
        return min(grades)


_EVERY = attrgetter(*(each.name for each in fields(Grades)))


def lowest(*each: Grades) -> Grades:
    """Take the lowest grade of each parameter."""
    return Grades(*map(min, zip(*map(_EVERY, each), strict=True)))


def inks(style: Style) -> tuple[Paint, ...]:
    """List the paints that dark modules are drawn with."""
    return tuple(each for each in (style.dark, style.finder_colour, style.eyeball_colour) if each)


@lru_cache(maxsize=64)
def contrast(style: Style) -> tuple[Grade, Grade]:
    """Grade the symbol contrast and modulation of a style's colours; a picture in the background is its fade.

    Light on dark is graded as the standard does it, with the reflectances turned round.
    """
    each = [extremes(ink) for ink in inks(style)]
    ink = min(low for low, _ in each), max(high for _, high in each)
    light = style.light if style.backdrop is None else WHITE
    ground = extremes(light)
    return separation(ground, ink) if inverted(style.dark, light) else separation(ink, ground)


def separation(dark: tuple[float, float], light: tuple[float, float]) -> tuple[Grade, Grade]:
    """Grade symbol contrast and modulation by the lowest and highest reflectance of dark and light modules.

    Contrast is weighed against the lightest, since cameras expose for it, as ISO/IEC 29158 adjusts the image
    before it grades; below 15415's D as it stands it is F. Modulation is that of the worst module: a dark one
    where they are lightest, or a light one where they are darkest.
    """
    difference, threshold = light[1] - dark[0], (light[1] + dark[0]) / 2
    if difference < _LEAST_CONTRAST:
        return Grade.F, Grade.F
    worst = min(threshold - dark[1], light[0] - threshold)
    return symbol_contrast(difference / light[1]), modulation(2 * worst / difference)
