"""Tile banks: each tile of a set drawn once for a size, then a symbol's put together by one look-up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.qr.output.raster.buffers import buffer
from bot.qr.output.raster.colour import Pixels
from bot.qr.output.raster.outline import edges, levels
from bot.qr.shapes.path import Path

PAIRS = 1 << 20  # bytes that a bank of pairs may have: more would not stay in the processor's cache
CHUNK = 1 << 22  # bytes put together at once
SPOTS = 64  # that are looked at one by one

Numbers = NDArray[np.uint8]  # side × side
Spot = tuple[int, int, int, int]  # cells: top, bottom, left, right


@lru_cache(maxsize=24)
def shades(shapes: tuple[Path, ...], px: int) -> Pixels:
    """Draw tiles ``px`` pixels wide: tiles × rows × columns of coverage, 0 to 15."""
    at = (0, 0, px, px)
    return np.stack([levels(edges(each, px), at, (0, px)) for each in shapes])


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Rows of tiles, or of pairs of tiles side by side, as items to look up: ``tiles`` × ``rows`` of them.

    ``width``: bytes of one tile's row. ``last``: the last row of each tile, where rows are differences from
    the row above, so that the first row of a tile depends on the tile above.
    """

    items: NDArray[Any]
    tiles: int
    rows: int
    width: int
    pairs: bool
    last: NDArray[Any] | None = None


def bank(pixels: NDArray[Any], filtered: bool = False) -> Bank:
    """Make a bank of tiles × rows × columns; ``filtered``: of differences, as PNG's filter "Up" has them."""
    tiles, rows = pixels.shape[:2]
    last = None
    if filtered:
        last = _items(pixels[:, -1:])
        pixels = np.concatenate((pixels[:, :1], np.diff(pixels, axis=1)), axis=1)
    width = pixels.itemsize * pixels.shape[2]
    pairs = tiles * tiles * rows * 2 * width <= PAIRS
    if pairs:
        left, right = np.repeat(pixels, tiles, axis=0), np.tile(pixels, (tiles, 1, 1))
        pixels = np.concatenate((left, right), axis=2)
    return Bank(_items(pixels), tiles, rows, width, pairs, last)


def _items(pixels: NDArray[Any]) -> NDArray[Any]:
    """Make one item of every row."""
    flat = np.ascontiguousarray(pixels).view(np.uint8)
    return flat.reshape(-1, flat.shape[2]).view(f"V{flat.shape[2]}").ravel()


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Rows of bytes, tiles to add from row and column ``at``, and the cells where that is not to 0."""

    base: Pixels
    tiles: Bank
    at: tuple[int, int]
    side: int
    spots: tuple[Spot, ...]


def plane(base: Pixels, tiles: Bank, at: tuple[int, int], side: int) -> Plane:
    """Find where tiles are added to something."""
    marked = filled(base, at, side, tiles.rows, tiles.width)
    starts = [0, *(np.flatnonzero((marked[1:] != marked[:-1]).any(axis=1)) + 1).tolist(), side]
    spots: list[Spot] = []
    for top, bottom in pairwise(starts):
        edge = np.flatnonzero(np.diff(marked[top], prepend=False, append=False)).tolist()
        spots += [(top, bottom, left, right) for left, right in zip(edge[::2], edge[1::2], strict=True)]
    return Plane(base, tiles, at, side, tuple(spots) if len(spots) <= SPOTS else ((0, side, 0, side),))


def filled(base: Pixels, at: tuple[int, int], side: int, rows: int, width: int) -> NDArray[np.bool_]:
    """Tell which cells of a square have bytes that are not 0."""
    square = base[at[0] : at[0] + side * rows, at[1] : at[1] + side * width]
    return np.asarray(square.reshape(side, rows, side, width).any(axis=(1, 3)))


def put(on: Plane, numbers: Numbers, out: Pixels) -> None:
    """Write a plane to ``out`` (may be its base) with tiles added to it, byte by byte modulo 256."""
    side, tiles, base, (top, left) = on.side, on.tiles, on.base, on.at
    rows, width = tiles.rows, tiles.width
    bottom, right = top + side * rows, left + side * width
    if out is not base:
        for rest in np.s_[:top, :], np.s_[bottom:, :], np.s_[top:bottom, :left], np.s_[top:bottom, right:]:
            out[rest] = base[rest]
    step = max(1, CHUNK // (side * rows * width))
    for first in range(0, side, step):
        part = assembled(tiles, numbers[first : first + step])
        if tiles.last is not None and first:
            part[0] -= _last(tiles, numbers[first - 1 : first])[0]
        square = out[top + first * rows : min(bottom, top + (first + step) * rows), left:right]
        square[...] = part if out is not base else square + part
    if tiles.last is not None and bottom < len(out):
        out[bottom, left:right] -= _last(tiles, numbers[-1:])[0]
    for upper, lower, near, far in on.spots if out is not base else ():
        spot = np.s_[top + upper * rows : top + lower * rows, left + near * width : left + far * width]
        np.add(out[spot], base[spot], out=out[spot])


def assembled(tiles: Bank, numbers: Numbers) -> Pixels:
    """Put rows of tiles together, in kept memory: pixel rows × bytes."""
    down, across = numbers.shape
    if tiles.pairs:
        first = np.multiply(numbers[:, ::2], tiles.tiles * tiles.rows, dtype=np.intp)
        first[:, : across // 2] += np.multiply(numbers[:, 1::2], tiles.rows, dtype=np.intp)
    else:
        first = np.multiply(numbers, tiles.rows, dtype=np.intp)
    shape = (down, tiles.rows, first.shape[1])
    index = buffer(8 * shape[0] * shape[1] * shape[2]).view(np.intp).reshape(shape)
    np.add(first[:, None, :], np.arange(tiles.rows)[None, :, None], out=index)
    width = tiles.items.itemsize
    flat = buffer(index.size * width)
    np.take(tiles.items, index, out=flat.view(tiles.items.dtype).reshape(shape), mode="clip")
    result = flat.reshape(down * tiles.rows, shape[2] * width)[:, : across * tiles.width]
    if tiles.last is not None and down > 1:
        result[tiles.rows :: tiles.rows] -= _last(tiles, numbers[:-1])
    return result


def _last(tiles: Bank, numbers: Numbers) -> Pixels:
    """Put the last rows of tiles together: one row each."""
    assert tiles.last is not None
    return np.take(tiles.last, numbers).view(np.uint8).reshape(len(numbers), -1)
