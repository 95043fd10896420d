"""Colours moved apart: darker or lighter in OKLab, keeping their hue, as little as a grade needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from bot.qr.proof.grades import Grade, contrast
from bot.qr.style.colours import BLACK, WHITE, linear
from bot.qr.style.style import TRANSPARENT, Gradient, Paint, Style

_STEPS = 64  # that lightness is moved in, from none to all of it

# OKLab (Björn Ottosson, 2020): linear sRGB to cones, their cube roots to lightness and two opponent axes.
_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_ROOTS = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_LINEAR = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
Triple = tuple[float, float, float]
Move = Callable[[Style, float], Style]


def _times(matrix: tuple[Triple, ...], value: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, value, strict=True)) for row in matrix)
    return one, two, three


def _oklab(colour: str) -> Triple:
    long, middle, short = (each ** (1 / 3) for each in _times(_CONES, linear(colour)))
    return _times(_LAB, (long, middle, short))


def _srgb(lab: Triple) -> Triple:
    long, middle, short = (each**3 for each in _times(_ROOTS, lab))
    return _times(_LINEAR, (long, middle, short))


def moved(colour: str, lightness: float) -> str:
    """Make a colour lighter (to 1) or darker (to -1) in OKLab; its hue stays, its chroma as sRGB allows."""
    level, green_red, blue_yellow = _oklab(colour)
    level += lightness
    if not 0 < level < 1:
        return BLACK if level <= 0 else WHITE
    least, most = 0.0, 1.0
    if not _shown((level, green_red, blue_yellow)):
        for _ in range(12):  # bisect the chroma that can be shown
            share = (least + most) / 2
            least, most = (
                (share, most) if _shown((level, green_red * share, blue_yellow * share)) else (least, share)
            )
        green_red, blue_yellow = green_red * least, blue_yellow * least
    channels = (min(max(each, 0.0), 1.0) for each in _srgb((level, green_red, blue_yellow)))
    return "#" + bytes(round(255 * _encoded(each)) for each in channels).hex()


def _shown(lab: Triple) -> bool:
    return all(-1e-4 <= each <= 1 + 1e-4 for each in _srgb(lab))


def _encoded(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _painted(paint: Paint, lightness: float) -> Paint:
    if isinstance(paint, Gradient):
        return replace(paint, colours=tuple(moved(each, lightness) for each in paint.colours))
    return paint if paint in ("", TRANSPARENT) else moved(paint, lightness)


def darker(style: Style, by: float) -> Style:
    """Darken the modules."""
    return replace(style, dark=_painted(style.dark, -by))


def lighter(style: Style, by: float) -> Style:
    """Lighten the ground."""
    return replace(style, light=_painted(style.light, by))


def both(style: Style, by: float) -> Style:
    """Darken the modules and lighten the ground."""
    return lighter(darker(style, by), by)


def darker_eyes(style: Style, by: float) -> Style:
    """Darken the finder patterns that have a colour of their own."""
    return replace(
        style,
        finder_colour=str(_painted(style.finder_colour, -by)),
        eyeball_colour=str(_painted(style.eyeball_colour, -by)),
    )


def without_eyes(style: Style) -> Style:
    """Give the finder patterns the modules' colour."""
    return replace(style, finder_colour="", eyeball_colour="")


@lru_cache(maxsize=256)
def apart(style: Style, move: Move, asked: Grade) -> tuple[Style, int] | None:
    """Move colours as little as gives contrast and modulation a grade; None where no move is enough.

    With it comes how far, in 64ths of the way from black to white.
    """
    least, most = 0, _STEPS
    if min(contrast(move(style, 1.0))) < asked:
        return None
    while least < most:
        step = (least + most) // 2
        least, most = (
            (least, step) if min(contrast(move(style, step / _STEPS))) >= asked else (step + 1, most)
        )
    return move(style, least / _STEPS), least


@lru_cache(maxsize=256)
def near(style: Style, move: Move, asked: Grade) -> Style | None:
    """Move colours by the first of a few steps that gives the grade; too far may be as bad as not enough.

    Black eyes of a pale symbol take the threshold between dark and light down, so that its modules miss it.
    """
    tried = (move(style, step / _STEPS) for step in range(1, _STEPS + 1, 2))
    return next((each for each in tried if min(contrast(each)) >= asked), None)
