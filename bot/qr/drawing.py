"""Symbol and style to geometry, decided once, so that PNG, SVG and PDF cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from bot.qr.refusal import Refused
from bot.qr.style import Style
from bot.qr.symbol import Symbol


@dataclass(frozen=True, slots=True)
class Run:
    """Dark modules beside each other, in modules from the top left, the quiet zone counted in."""

    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What every output draws: ``side`` in modules with the quiet zone, runs of dark modules, the colours."""

    side: int
    runs: tuple[Run, ...]
    style: Style

    @property
    def module(self) -> int:
        """Pixels a module takes in a raster: whole, so that every edge is sharp."""
        return self.style.size // self.side

    @property
    def offset(self) -> int:
        """Pixels before the first module: what a whole number of pixels a module leaves over."""
        return (self.style.size - self.module * self.side) // 2


def draw(symbol: Symbol, style: Style) -> Drawing:
    """Lay a symbol out; refuses a size with less than a pixel a module."""
    side = symbol.size + 2 * style.quiet_zone
    if side > style.size:
        raise Refused("This code needs at least {least} pixels a side.", field="size", least=side)
    return Drawing(side, tuple(_runs(symbol, style.quiet_zone)), style)


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
