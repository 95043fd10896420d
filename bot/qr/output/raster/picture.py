"""From a drawing to pixels: by palette where its colours are few, else in true colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image as Picture

from bot.qr.drawing import Drawing, Layout
from bot.qr.output.raster.buffers import buffer
from bot.qr.output.raster.canvas import grid
from bot.qr.output.raster.colour import Pixels, luma, over_white
from bot.qr.output.raster.indexed import Indexed, index_plane, indexed
from bot.qr.output.raster.tiles import Numbers, Plane, bank, plane, put
from bot.qr.output.raster.truecolour import TrueColour, draw, strips, true_colour

KEPT = 1 << 21  # pixels; the canvas of a larger picture is drawn anew each time


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """Pixels: rows × columns of palette indices, or rows × columns × RGB or RGBA where ``palette`` is None.

    ``source``: what they were put together from, where it is kept; in grey it goes as quickly again.
    """

    pixels: Pixels
    palette: Pixels | None = None  # 256 × RGBA
    source: tuple[Indexed, Numbers] | None = None

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])

    def grey(self) -> Pixels:
        """Return how light each pixel is, as PIL's ``convert("L")``; what is clear lies over white."""
        if self.source is not None:
            canvas, numbers = self.source
            return _put(_greys(canvas), numbers)
        if self.palette is not None:
            return np.take(luma(over_white(self.palette)), self.pixels)
        return np.array(white(Picture.fromarray(self.pixels)).convert("L"))

    def image(self) -> Picture.Image:
        """Return RGB, or RGBA where something is clear."""
        if self.palette is None:
            return Picture.fromarray(self.pixels)
        picture = Picture.frombuffer("P", (self.width, self.height), self.pixels, "raw", "P", 0, 1)
        picture.putpalette(self.palette.tobytes(), "RGBA")
        clear = bool((self.palette[np.unique(self.pixels), 3] < 255).any())
        return picture.convert("RGBA" if clear else "RGB")


def pixels(drawing: Drawing, module: int | None = None) -> Raster:
    """Draw on pixels, ``module`` of them a module; by default as many as the layout says."""
    px, tiles = module or drawing.layout.module, numbers(drawing)
    canvas = few(drawing.layout, px, tiles)
    if canvas is None:
        return Raster(_blended(many(drawing.layout, px), tiles))
    if _large(drawing.layout, px):
        put(index_plane(canvas), tiles, canvas.index)  # the canvas is nobody else's
        return Raster(canvas.index, canvas.palette)
    return Raster(_put(_indices(canvas), tiles), canvas.palette, (canvas, tiles))


def grey(drawing: Drawing, module: int | None = None) -> Pixels:
    """Draw in grey alone, for who reads it: as ``pixels(…).grey()``, without the colours."""
    px, tiles = module or drawing.layout.module, numbers(drawing)
    canvas = None if _large(drawing.layout, px) else few(drawing.layout, px, tiles)
    return pixels(drawing, px).grey() if canvas is None else _put(_greys(canvas), tiles)


def white(image: Picture.Image) -> Picture.Image:
    """Lay a picture over white where it is clear: RGB."""
    if image.mode == "RGB":
        return image
    under = Picture.new("RGB", image.size, "#ffffff")
    under.paste(image, mask=image)
    return under


def numbers(drawing: Drawing) -> Numbers:
    """Return the numbers of the tiles, side × side. Raises ValueError where the set has no such tile."""
    side, shapes = drawing.layout.side, drawing.layout.tiles.shapes
    tiles = np.frombuffer(drawing.tiles, np.uint8).reshape(side, side)
    if tiles.max(initial=0) >= len(shapes):
        raise ValueError(f"tile {tiles.max()} of {len(shapes)}")
    return tiles


def few(layout: Layout, px: int, tiles: Numbers) -> Indexed | None:
    """Return the canvas by indices; None where these tiles on it need true colour."""
    canvas = indexed(layout, grid(layout, px)) if _large(layout, px) else _few(layout, px)
    return None if canvas is None or (canvas.blocked & (tiles != 0)).any() else canvas


def many(layout: Layout, px: int) -> TrueColour:
    """Return the canvas in true colour."""
    return true_colour(layout, grid(layout, px)) if _large(layout, px) else _many(layout, px)


def _large(layout: Layout, px: int) -> bool:
    return layout.width * layout.height * px * px > KEPT


@lru_cache(maxsize=16)
def _few(layout: Layout, px: int) -> Indexed | None:
    return indexed(layout, grid(layout, px))


@lru_cache(maxsize=4)
def _many(layout: Layout, px: int) -> TrueColour:
    return true_colour(layout, grid(layout, px))


@lru_cache(maxsize=16)
def _indices(canvas: Indexed) -> Plane:
    return index_plane(canvas)


@lru_cache(maxsize=16)
def _greys(canvas: Indexed) -> Plane:
    """Return the canvas in grey; in the square of tiles, less the ground that they bring along."""
    table, on = luma(over_white(canvas.palette)), canvas.on
    base = np.take(table, canvas.index)
    base[on.square] -= table[0]
    return plane(base, bank(np.take(table, canvas.shades)), (on.top, on.left), on.side)


def _put(on: Plane, numbers: Numbers) -> Pixels:
    out = buffer(on.base.size).reshape(on.base.shape)
    put(on, numbers, out)
    return out


def _blended(canvas: TrueColour, tiles: Numbers) -> Pixels:
    on = canvas.on
    out = buffer(on.height * on.width * canvas.channels).reshape(on.height, -1)
    for strip in strips(canvas):
        draw(canvas, tiles, strip, out[strip.top : strip.bottom])
    return out.reshape(on.height, on.width, canvas.channels)
