"""Pictures of many colours: gradients, photographs; tiles are blended between two fields, strip by strip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.qr.drawing import Layout
from bot.qr.output.raster.buffers import buffer
from bot.qr.output.raster.canvas import Grid, Layer, clip, corner, layers, rows
from bot.qr.output.raster.colour import Pixels, field, rgb
from bot.qr.output.raster.tiles import Bank, Numbers, assembled, bank, shades
from bot.qr.style.style import Gradient

WHOLE = 128  # the weight of full coverage: its product with a difference of bytes fits 16 bits
KEPT = 1 << 21  # pixels; of larger pictures nothing is kept between codes
STRIP = 1 << 17  # pixels worked on at once

Differences = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Rows ``top`` to ``bottom``, of bytes, without tiles; and what full tiles would change in them.

    ``tiles``: the first and last row of tiles that lie in it.
    """

    top: int
    bottom: int
    base: Pixels
    change: Differences
    corner: Pixels | None
    tiles: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class TrueColour:
    """A static canvas in true colour, ``channels`` bytes a pixel; ``strips`` is empty where not kept."""

    layout: Layout
    on: Grid
    parts: tuple[Layer, ...]
    channels: int
    tiles: Bank
    strips: tuple[Strip, ...]


def true_colour(layout: Layout, on: Grid) -> TrueColour:
    """Prepare a canvas in true colour."""
    parts = layers(layout, on)
    opaque = not layout.corner and any(_whole(part) for part in parts)
    channels = 3 if opaque else 4
    level = shades(layout.tiles.shapes, on.px).astype(np.int16)[..., None]
    weight = np.repeat((level * WHOLE + 7) // 15, channels, axis=3)
    if not layout.below:  # over nothing a half covered pixel is half clear, and wholly of its colour
        weight[..., :3] = np.where(level, WHOLE, 0)
    tiles = bank(weight.reshape(*level.shape[:2], -1))
    canvas = TrueColour(layout, on, parts, channels, tiles, ())
    if on.width * on.height > KEPT:
        return canvas
    return TrueColour(layout, on, parts, channels, tiles, tuple(strips(canvas)))


def _whole(part: Layer) -> bool:
    return part.inside is None and isinstance(part.paint, Gradient | np.ndarray)


def strips(canvas: TrueColour) -> Iterable[Strip]:
    """Give the strips from the top down."""
    return canvas.strips or (_strip(canvas, *cut) for cut in _cuts(canvas.on))


def _cuts(on: Grid) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Cut the picture so that tiles stay whole: top, bottom, first and last row of tiles."""
    count = max(1, STRIP // on.width // on.px)  # rows of tiles
    end = on.top + on.side * on.px
    for top in range(0, on.top, count * on.px):
        yield top, min(top + count * on.px, on.top), (0, 0)
    for first in range(0, on.side, count):
        last = min(first + count, on.side)
        yield on.top + first * on.px, on.top + last * on.px, (first, last)
    for top in range(end, on.height, count * on.px):
        yield top, min(top + count * on.px, on.height), (0, 0)


def _strip(canvas: TrueColour, top: int, bottom: int, tiles: tuple[int, int]) -> Strip:
    layout, on, channels = canvas.layout, canvas.on, canvas.channels
    base = rows(canvas.parts, on, top, bottom)
    change = np.empty((0, 0), np.int16)
    if tiles[1]:
        left, right = on.left, on.left + on.side * on.px
        under = base[:, left:right]
        paint = layout.tiles.paint
        if isinstance(paint, Gradient):
            over = field(paint, on.box(layout.tiles.box), (left, top, right, bottom))
        else:
            over = np.broadcast_to(np.array((*rgb(paint), 255), np.uint8), under.shape)
        if layout.below:  # the same for what is clear; that colour nobody sees
            clear = under[..., 3] == 0
            under[clear, :3] = over[clear, :3]
        change = (over[..., :channels].astype(np.int16) - under[..., :channels]).reshape(bottom - top, -1)
    flat = np.ascontiguousarray(base[..., :channels]).reshape(bottom - top, -1)
    return Strip(top, bottom, flat, change, corner(layout, on, top, bottom), tiles)


def draw(canvas: TrueColour, numbers: Numbers, strip: Strip, out: Pixels) -> None:
    """Draw a strip's rows of bytes on ``out``."""
    on, channels = canvas.on, canvas.channels
    np.copyto(out, strip.base)
    first, last = strip.tiles
    if last:
        weight = assembled(canvas.tiles, numbers[first:last]).view(np.int16)
        np.multiply(weight, strip.change, out=weight)
        weight += WHOLE // 2
        weight >>= 7
        left, size = on.left * channels, on.side * on.px * channels
        delta = buffer(weight.size).reshape(weight.shape)
        np.copyto(delta, weight, casting="unsafe")  # modulo 256, as the sum below
        out[:, left : left + size] += delta
    if strip.corner is not None:
        clip(out.reshape(*strip.corner.shape, 4), strip.corner)
