"""A drawing: geometry and paint in modules, decided once, so that PNG, SVG, PDF and EPS cannot disagree.

x runs to the right, y downwards, from the picture's top left corner. Elements are painted in their order.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.qr.shapes.path import Box, Path
from bot.qr.style.style import NOT_PRINTED, Paint, Print


@dataclass(frozen=True, slots=True)
class Fill:
    """A path filled (non-zero rule) with a paint; ``box`` is what a gradient spans."""

    path: Path
    paint: Paint
    box: Box


@dataclass(frozen=True, slots=True)
class Image:
    """A picture stretched over a box: a PNG of ours, RGBA. ``clip``: what of it is shown; empty for all."""

    data: bytes
    box: Box
    clip: Path = ()


@dataclass(frozen=True, slots=True)
class TileSet:
    """The shapes modules are drawn with, each inside the unit square; number 0 draws nothing."""

    shapes: tuple[Path, ...]
    paint: Paint
    box: Box  # what a gradient spans


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """All of a drawing that does not depend on what the code says; made once for a style and version.

    ``width`` and ``height`` in modules, ``module`` in whole pixels: a raster is ``pixels`` large. The
    symbol's top left module lies at (``x``, ``y``), ``side`` modules wide. ``below`` is painted before the
    modules, ``above`` after them; nothing of ``above`` overlaps a tile. ``ground``: the paint the modules lie
    on where it is one solid colour, else empty. ``corner``: radius that the whole picture is clipped to.
    ``bleed``: what lies outside the trim, on every side, already part of width and height.
    """

    width: float
    height: float
    module: int
    x: float
    y: float
    side: int
    below: tuple[Fill | Image, ...]
    above: tuple[Fill | Image, ...]
    tiles: TileSet
    ground: str
    corner: float = 0.0
    bleed: float = 0.0
    print: Print = NOT_PRINTED

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a raster."""
        return round(self.width * self.module), round(self.height * self.module)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A layout, and which of its tiles each module is drawn with: ``side`` × ``side`` numbers, row by row.

    ``modules``: the symbol's own, 0 and 1 in the same order, for what is drawn as text.
    """

    layout: Layout
    tiles: bytes
    modules: bytes = b""
