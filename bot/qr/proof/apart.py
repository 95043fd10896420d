"""Colours moved apart: darker or lighter in OKLab, keeping their hue, as little as a grade needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from bot.qr.proof.grades import Grade, contrast
from bot.qr.style.colours import BLACK, WHITE
from bot.qr.style.oklab import nearest, oklab, shown
from bot.qr.style.style import TRANSPARENT, Gradient, Paint, Style

_STEPS = 64  # that lightness is moved in, from none to all of it

Move = Callable[[Style, float], Style]


def moved(colour: str, lightness: float) -> str:
    """Make a colour lighter (to 1) or darker (to -1) in OKLab; its hue stays, its chroma as sRGB allows."""
    level, green_red, blue_yellow = oklab(colour)
    level += lightness
    if not 0 < level < 1:
        return BLACK if level <= 0 else WHITE
    least, most = 0.0, 1.0
    if not shown((level, green_red, blue_yellow)):
        for _ in range(12):  # bisect the chroma that can be shown
            share = (least + most) / 2
            least, most = (
                (share, most) if shown((level, green_red * share, blue_yellow * share)) else (least, share)
            )
        green_red, blue_yellow = green_red * least, blue_yellow * least
    return nearest((level, green_red, blue_yellow))


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
