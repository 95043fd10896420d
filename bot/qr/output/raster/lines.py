"""The lines of a PNG with a palette, filtered (by filter "Up") before a code is known.

A filtered line is a difference of two lines, so that of canvas plus tiles is the sum of theirs, modulo 256.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.qr.drawing import Layout
from bot.qr.output.raster.buffers import buffer
from bot.qr.output.raster.canvas import Grid
from bot.qr.output.raster.chunks import PALETTE, UP, deflate, head, palette, stream, tail
from bot.qr.output.raster.colour import Pixels
from bot.qr.output.raster.indexed import Indexed, index_plane
from bot.qr.output.raster.tiles import Numbers, Plane, bank, plane, put


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """A file's beginning, and its filtered lines."""

    head: bytes
    plane: Plane


def lines(layout: Layout, canvas: Indexed) -> Lines:
    """Filter a canvas; two pixels a byte where sixteen colours do and tiles begin and end on bytes."""
    on, tiles, index = canvas.on, canvas.shades, canvas.index
    depth, left = 8, on.left
    if canvas.colours <= 16 and not (on.px | on.left) % 2:
        depth, left, index, tiles = 4, on.left // 2, _halved(index), _halved(tiles)
    start = head(on.width, on.height, depth, PALETTE, layout.print) + palette(
        canvas.palette[: canvas.colours]
    )
    base = np.empty((on.height, index.shape[1] + 1), np.uint8)
    _filter(index, np.zeros_like(index[0]), base)
    return Lines(start, plane(base, bank(tiles, filtered=True), (on.top, left + 1), on.side))


def _halved(pixels: Pixels) -> Pixels:
    """Put two pixels into a byte."""
    if pixels.shape[-1] % 2:
        pixels = np.pad(pixels, ((0, 0), (0, 1)))
    pairs: Pixels = pixels[..., ::2] << np.uint8(4) | pixels[..., 1::2]
    return pairs


def _filter(rows: Pixels, above: Pixels, out: Pixels) -> None:
    out[:, 0] = UP
    np.subtract(rows[0], above, out=out[0, 1:])
    np.subtract(rows[1:], rows[:-1], out=out[1:, 1:])


def lines_png(of: Lines, numbers: Numbers) -> bytes:
    """Write a PNG: add the tiles, compress."""
    base = of.plane.base
    out = buffer(base.size).reshape(base.shape)
    put(of.plane, numbers, out)
    return of.head + tail(deflate(out))


def large_png(layout: Layout, canvas: Indexed, numbers: Numbers) -> bytes:
    """Write a PNG of a picture too large to have its lines in memory beside it; the canvas is used up."""
    on, index = canvas.on, canvas.index
    put(index_plane(canvas), numbers, index)
    start = head(on.width, on.height, 8, PALETTE, layout.print) + palette(canvas.palette[: canvas.colours])
    return start + tail(stream(_filtered(index, on)))


def _filtered(index: Pixels, on: Grid) -> Iterator[Pixels]:
    above = np.zeros(on.width, np.uint8)
    for top, bottom in on.bands:
        out = buffer((bottom - top) * (on.width + 1)).reshape(bottom - top, on.width + 1)
        _filter(index[top:bottom], above, out)
        above = index[bottom - 1]
        yield out
