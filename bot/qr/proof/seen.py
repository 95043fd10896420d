"""Grades from pixels: what the middles of the modules look like, whatever lies over or under them."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.qr.matrix import Role
from bot.qr.proof.grades import Grade, Grades, separation
from bot.qr.proof.margin import Modules, damage
from bot.qr.style.colours import light_of
from bot.qr.symbol import Symbol

_LEAST = {Grade.A: 0.50, Grade.B: 0.40, Grade.C: 0.30, Grade.D: 0.20}  # modulation (ISO/IEC 15415, 7.8.4)


def seen(
    symbol: Symbol,
    grey: NDArray[np.uint8],
    corner: tuple[int, int],
    module: int,
    hidden: Modules | None = None,
) -> Grades:
    """Grade symbol contrast, modulation, unused error correction and format information from a raster.

    ``corner`` is where the symbol begins, x and y in pixels; ``module`` is its modules' width. What looks
    wrong against the global threshold is an error, so that backdrops, gradients and logos behind modules
    count as what they hide. Finder patterns are graded by themselves: a round one is meant. What a logo shows
    in place of ``hidden`` modules sets neither black nor white: it may be lighter than the ground. About
    0.1 ms.
    """
    light = _reflectances(symbol, grey, corner, module)
    aside = symbol.roles == Role.FINDER
    data = light[~(aside if hidden is None else aside | hidden)]
    low, high = float(data.min(initial=1)), float(data.max(initial=0))
    difference = high - low
    if difference <= 0:  # of one colour, or hidden as a whole
        return Grades(Grade.F, Grade.F, Grade.F)
    overall = min(_contrast(low, high), _finders(light))
    away = (light - (high + low) / 2) * (2 / difference)  # from −1, quite dark, to 1, quite light
    away[symbol.modules == 1] *= -1
    lost = damage(symbol.version, symbol.level, away <= 0)
    return Grades(
        overall, _modulation(symbol, away), lost.correction,
        format_information=lost.information,
    )  # fmt: skip


def pale_eyes(grey: NDArray[np.uint8], corner: tuple[int, int], module: int, size: int) -> bool:
    """Tell whether ring or eyeball of a finder pattern is so pale beside the other that it passes for light.

    Readers take the middle between the greys nearby for the edge of dark, however well both stand out from
    the ground. ``size``: modules along the symbol's side.
    """
    left, top = (each + module // 2 for each in corner)
    for row, column in ((0, 0), (0, size - 7), (size - 7, 0)):
        x = left + (column + 3) * module
        ring, gap, ball = (int(grey[top + (row + down) * module, x]) for down in (0, 1, 3))
        if 2 * max(ring, ball) > min(ring, ball) + gap:
            return True
    return False


def _contrast(dark: float, light: float) -> Grade:
    return separation((dark, dark), (light, light))[0]


def _finders(light: NDArray[np.float32]) -> Grade:
    """Grade ring and eyeball of each finder pattern against the light between them, as readers see them."""
    last = len(light) - 7
    grades = []
    for top, left in ((0, 0), (0, last), (last, 0)):
        ring, gap, ball = (float(light[top + at, left + 3]) for at in (0, 1, 3))
        grades.append(_contrast(max(ring, ball), gap))
    return min(grades)


def _modulation(symbol: Symbol, away: NDArray[np.float32]) -> Grade:
    """Find the best grade that holds with all modules below it taken for errors (ISO/IEC 15415, 7.8.4)."""
    best = Grade.F
    for grade, least in _LEAST.items():
        if grade > best:
            lost = damage(symbol.version, symbol.level, away < least)
            best = max(best, min(grade, lost.correction))
    return best


def _reflectances(
    symbol: Symbol, grey: NDArray[np.uint8], corner: tuple[int, int], module: int
) -> NDArray[np.float32]:
    """Take the mean reflectance of five pixels in the middle of each module."""
    (left, top), size, middle, step = corner, symbol.size, module // 2, module // 6
    total = np.zeros((size, size), np.float32)
    for y, x in ((0, 0), (-step, -step), (-step, step), (step, -step), (step, step)):
        rows = slice(top + middle + y, top + size * module, module)
        total += _linear()[grey[rows, left + middle + x : left + size * module : module]]
    return total / np.float32(5)


@cache
def _linear() -> NDArray[np.float32]:
    """Map each grey to its light."""
    return np.array([light_of(level / 255) for level in range(256)], np.float32)
