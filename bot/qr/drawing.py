"""Symbol and style to geometry, decided once, so that PNG, SVG and PDF cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from bot.qr.refusal import Refused
from bot.qr.style import Style
from bot.qr.symbol import Symbol

SWISS_SIDE = 46  # millimetres of a Swiss QR code without its quiet zone (guidelines QR-bill 2.3)

# Width, height (mm): white border, black square, arms of the white cross (SIX, Style Guide QR-bill).
_CROSS = ((7, 7, False), (6, 6, True), (7 / 6, 35 / 9, False), (35 / 9, 7 / 6, False))


@dataclass(frozen=True, slots=True)
class Run:
    """Dark modules beside each other, in modules from the top left, the quiet zone counted in."""

    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle over the modules, in modules from the top left, the quiet zone counted in."""

    x: float
    y: float
    width: float
    height: float
    dark: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """What every output draws: ``side`` in modules with the quiet zone, runs of dark modules, the colours.

    ``mark``: rectangles over the runs, the last one on top.
    """

    side: int
    runs: tuple[Run, ...]
    style: Style
    mark: tuple[Mark, ...] = ()

    @property
    def module(self) -> int:
        """Pixels a module takes in a raster: whole, so that every edge is sharp."""
        return self.style.size // self.side

    @property
    def offset(self) -> int:
        """Pixels before the first module: what a whole number of pixels a module leaves over."""
        return (self.style.size - self.module * self.side) // 2


def draw(symbol: Symbol, style: Style, cross: bool = False) -> Drawing:
    """Lay a symbol out, the Swiss cross on its middle if asked; refuses less than a pixel a module."""
    side = symbol.size + 2 * style.quiet_zone
    if side > style.size:
        raise Refused("This code needs at least {least} pixels a side.", field="size", least=side)
    mark = _cross(symbol, side) if cross else ()
    return Drawing(side, tuple(_runs(symbol, style.quiet_zone)), style, mark)


def _cross(symbol: Symbol, side: int) -> tuple[Mark, ...]:
    millimetre = symbol.size / SWISS_SIDE
    return tuple(
        Mark(
            side / 2 - width * millimetre / 2, side / 2 - height * millimetre / 2,
            width * millimetre, height * millimetre, dark,
        )
        for width, height, dark in _CROSS
    )  # fmt: skip


def _runs(symbol: Symbol, margin: int) -> list[Run]:
    runs = []
    for y, row in enumerate(symbol.modules):
        x = 0
        for dark, group in groupby(row):
            width = len(list(group))
            if dark:
                runs.append(Run(x + margin, y + margin, width))
            x += width
    return runs
