"""What stays the same from code to code: fills and pictures below and above the modules, row by row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image as Picture

from bot.qr.drawing import Fill, Image, Layout
from bot.qr.output.raster.colour import Pixels, field, paint, rgb
from bot.qr.output.raster.outline import Edges, Window, edges, levels, window
from bot.qr.shapes.path import Box, Path, bounds, rectangle
from bot.qr.style.style import Gradient

BAND = 1 << 21  # pixels worked on at once


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where a layout lies on pixels: the picture's size, and the square of tiles, ``px`` pixels a tile.

    ``shift``: pixels that everything is moved by so that tiles begin on a whole pixel.
    """

    width: int
    height: int
    px: int
    side: int
    left: int
    top: int
    shift: tuple[float, float]

    @property
    def bands(self) -> list[tuple[int, int]]:
        """Cut the rows into bands: top and bottom of each."""
        step = max(1, BAND // self.width)
        return [(top, min(top + step, self.height)) for top in range(0, self.height, step)]

    @property
    def square(self) -> tuple[slice, slice]:
        """Rows and columns of the tiles."""
        size = self.side * self.px
        return slice(self.top, self.top + size), slice(self.left, self.left + size)

    def box(self, box: Box) -> Box:
        """Turn modules into pixels."""
        (x, y), px = self.shift, self.px
        return Box(box.x * px + x, box.y * px + y, box.width * px, box.height * px)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Something to paint inside a window, within edges (None: all of it).

    ``paint``: RGBA, or what spans a box in pixels, a gradient or a picture with its alpha multiplied in.
    """

    at: Window
    inside: Edges | None
    paint: Pixels | Gradient | Picture.Image
    box: Box


def grid(layout: Layout, px: int) -> Grid:
    """Lay a layout on pixels."""
    width, height = max(1, round(layout.width * px)), max(1, round(layout.height * px))
    left, top = round(layout.x * px), round(layout.y * px)
    return Grid(width, height, px, layout.side, left, top, (left - layout.x * px, top - layout.y * px))


def layers(layout: Layout, on: Grid) -> tuple[Layer, ...]:
    """Prepare everything but the tiles, in the order of painting."""
    return tuple(_layers(layout.below + layout.above, layout, on))


def _layers(parts: Iterable[Fill | Image], layout: Layout, on: Grid) -> Iterator[Layer]:
    for part in parts:
        layer = _fill(part, layout, on) if isinstance(part, Fill) else _image(part, on)
        if layer.at[3] > layer.at[1]:
            yield layer


def _fill(fill: Fill, layout: Layout, on: Grid) -> Layer:
    if covers(fill.path, layout):
        at, inside = (0, 0, on.width, on.height), None
    else:
        inside = edges(fill.path, on.px, on.shift)
        at = window(inside, on.width, on.height)
    colour = fill.paint if isinstance(fill.paint, Gradient) else np.array((*rgb(fill.paint), 255), np.uint8)
    return Layer(at, inside, colour, on.box(fill.box))


def covers(path: Path, layout: Layout) -> bool:
    """Tell whether a path is a plain rectangle over the whole picture, whatever its size in pixels."""
    if len(path) != 1 or len(path[0].steps) not in (3, 4) or any(len(step) > 2 for step in path[0].steps):
        return False
    box = bounds(path)
    corners = {path[0].start, *path[0].steps}
    near = 1e-6
    return (
        corners == {rectangle(box)[0].start, *rectangle(box)[0].steps}
        and box.x <= near
        and box.y <= near
        and box.x + box.width >= layout.width - near
        and box.y + box.height >= layout.height - near
    )


def _image(image: Image, on: Grid) -> Layer:
    """Read a picture; where its box is not of whole pixels, repeat its edge for those it touches."""
    picture, box = Picture.open(BytesIO(image.data)).convert("RGBA"), on.box(image.box)
    inside = edges(image.clip or rectangle(image.box), on.px, on.shift)
    at = window(edges(rectangle(image.box), on.px, on.shift), on.width, on.height)
    if box != Box(round(box.x), round(box.y), round(box.width), round(box.height)):
        across, down = box.width / picture.width, box.height / picture.height
        x, y = math.ceil(1 / across), math.ceil(1 / down)
        picture = Picture.fromarray(np.pad(np.asarray(picture), ((y, y), (x, x), (0, 0)), "edge"))
        box = Box(box.x - x * across, box.y - y * down, picture.width * across, picture.height * down)
    return Layer(at, inside, picture.convert("RGBa"), box)


def _scaled(picture: Picture.Image, box: Box, at: Window) -> Pixels:
    """Resample the part of a picture, its alpha premultiplied, that a window shows.

    Bicubic rings on one side only, where it is cut off: wider kernels leave a faint halo on what is clear.
    """
    across, down = picture.width / box.width, picture.height / box.height
    part = (
        max(0.0, (at[0] - box.x) * across),
        max(0.0, (at[1] - box.y) * down),
        min(float(picture.width), (at[2] - box.x) * across),
        min(float(picture.height), (at[3] - box.y) * down),
    )
    size = (at[2] - at[0], at[3] - at[1])
    return np.asarray(picture.resize(size, Picture.Resampling.BICUBIC, part).convert("RGBA"))


def rows(parts: Iterable[Layer], on: Grid, top: int, bottom: int) -> Pixels:
    """Paint rows ``top`` to ``bottom``: rows × columns × RGBA."""
    canvas = np.zeros((bottom - top, on.width, 4), np.uint8)
    for part in parts:
        left, upper, right, lower = part.at
        first, last = max(top, upper), min(bottom, lower)
        if first < last:
            _paint(canvas[first - top : last - top, left:right], part, (left, first, right, last))
    return canvas


def _paint(target: Pixels, part: Layer, at: Window) -> None:
    first, last = at[1], at[3]
    alpha = (
        np.full(target.shape[:2], 255, np.uint8)
        if part.inside is None
        else levels(part.inside, part.at, (first, last)) * np.uint8(17)
    )
    if isinstance(part.paint, Gradient):
        colour = field(part.paint, part.box, at)
    elif isinstance(part.paint, np.ndarray):
        colour = part.paint
    else:
        colour = _scaled(part.paint, part.box, at)
        alpha = ((alpha * colour[..., 3].astype(np.uint16) + 127) // 255).astype(np.uint8)
    paint(target, colour, alpha)


def corner(layout: Layout, on: Grid, top: int, bottom: int) -> Pixels | None:
    """Return how much of each pixel lies in the rounded picture, 0 to 15; None where it is square."""
    if not layout.corner:
        return None
    radius = min(layout.corner * on.px, on.width / 2, on.height / 2)
    shape = edges(rectangle(Box(0, 0, on.width, on.height), (radius,) * 4), 1.0)
    return levels(shape, (0, 0, on.width, on.height), (top, bottom))


def clip(pixels: Pixels, inside: Pixels | None) -> Pixels:
    """Clip RGBA by coverage; what is left of nothing is clear black."""
    if inside is not None:
        pixels[..., 3] = (pixels[..., 3].astype(np.uint16) * inside + 7) // 15
        pixels[inside == 0] = 0
    return pixels
