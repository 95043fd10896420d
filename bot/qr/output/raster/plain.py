"""Square modules in two colours and nothing else: one bit a pixel, eight modules at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.qr.drawing import Fill, Layout
from bot.qr.output.raster.buffers import buffer
from bot.qr.output.raster.canvas import Grid, covers, grid
from bot.qr.output.raster.chunks import GREY, NONE, PALETTE, UP, deflate, head, palette, tail
from bot.qr.output.raster.colour import rgb
from bot.qr.output.raster.tiles import Numbers
from bot.qr.shapes.path import Box, rectangle


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """What the files of a plain layout have in common: their head, and a light line with its filter's byte.

    ``flip``: 1 where a set bit is light. A line is made of ``modules`` (``before`` light ones, the symbol's,
    light ones up to a multiple of eight); its first ``skip`` bits are cut off.
    """

    head: bytes
    light: NDArray[np.uint8]
    on: Grid
    flip: int
    before: int
    modules: int
    skip: int


def plain(layout: Layout) -> Plain | None:
    """Prepare a layout that is plain: squares of one colour on another."""
    below, tiles = layout.below, layout.tiles
    if layout.above or layout.corner or len(below) != 1 or not isinstance(below[0], Fill):
        return None
    paint, ground = tiles.paint, below[0].paint
    if not (isinstance(paint, str) and isinstance(ground, str) and covers(below[0].path, layout)):
        return None
    if tiles.shapes != ((), rectangle(Box(0, 0, 1, 1))) or layout.ground != ground:
        return None
    on = grid(layout, layout.module)
    black = {paint, ground} == {"#000000", "#ffffff"}
    start = head(on.width, on.height, 1, GREY if black else PALETTE, layout.print)
    if not black:
        start += palette(np.array([(*rgb(ground), 255), (*rgb(paint), 255)], np.uint8))
    flip = int(black and ground == "#ffffff")
    light = np.full((on.width + 7) // 8 + 1, flip * 255, np.uint8)
    light[0] = NONE
    before = -(-on.left // on.px)
    skip = before * on.px - on.left
    modules = -(-(on.width + skip + 8) // (8 * on.px)) * 8
    return Plain(start, light, on, flip, before, modules, skip)


@cache
def _stretched(px: int) -> NDArray[Any]:
    """Stretch eight modules, a bit each, to ``px`` bytes."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    return np.packbits(np.repeat(bits, px, axis=1), axis=1).view(f"V{px}").ravel()


def plain_png(of: Plain, numbers: Numbers) -> bytes:
    """Write a PNG of one bit a pixel; a line that repeats the one above says no more than that."""
    on, row = of.on, len(of.light)
    bits = np.zeros((on.side, of.modules), np.uint8)
    bits[:, of.before : of.before + on.side] = numbers
    if of.flip:
        bits ^= np.uint8(1)
    packed = _stretched(on.px).take(np.packbits(bits, axis=1)).view(np.uint8)
    packed, shift = packed[:, of.skip // 8 :], of.skip % 8
    if shift:
        packed = packed[:, : row - 1] << np.uint8(shift) | packed[:, 1:row] >> np.uint8(8 - shift)
    out = buffer(on.height * row).reshape(on.height, row)
    bottom = on.top + on.side * on.px
    out.fill(0)
    out[:, 0] = UP
    out[:1] = out[bottom : bottom + 1] = of.light
    firsts = out[on.top : bottom : on.px]
    firsts[:, 0] = NONE
    firsts[:, 1:] = packed[:, : row - 1]
    return of.head + tail(deflate(out))
