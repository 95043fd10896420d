"""Cleaned copies of a picture, in which a reader finds what it missed: without its grain, haze, blur."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from bot.qr.reading.plate import on_white

TILES = 8  # a side, each equalised by itself
CLIP = 3.0  # times the mean of a histogram: what stands above is spread over all levels, so grain stays grain
SMALL = 1_000  # pixels of the longer side: below, a code may have too few pixels a module

LOCAL, GLOBAL = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram


@dataclass(frozen=True, slots=True)
class Copy:
    """A sheet's picture changed to be read better, and how: how many times larger, and turned."""

    picture: Image.Image
    zoom: float = 1
    turn: int = 0  # degrees, against the clock
    binarizer: zxingcpp.Binarizer = LOCAL


def cleaned(grey: Image.Image) -> Iterator[Copy]:
    """Clean a picture in several ways, the cheapest and most helpful first; last, turn it.

    A code of bars is found only along or across the picture, give or take the angle of its diagonal.
    """
    large = max(grey.size) > SMALL
    if min(grey.size) >= 3:
        half = grey.reduce(2)
        even = ImageOps.autocontrast(half, cutoff=2)
        yield Copy(grey.reduce(3), 1 / 3)
        yield Copy(even, 0.5)
        yield Copy(even, 0.5, binarizer=GLOBAL)
        yield Copy(half.filter(ImageFilter.UnsharpMask(3, 300, 0)), 0.5)
        if large:
            yield Copy(equalised(half), 0.5)
    if not large:
        yield Copy(equalised(grey.filter(ImageFilter.GaussianBlur(1.5))))
    yield Copy(grey, binarizer=GLOBAL)
    if (plate := on_white(grey)) is not None:
        yield Copy(plate)
    if not large:
        twice = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS)
        yield Copy(twice, 2)
        yield Copy(twice.filter(ImageFilter.UnsharpMask(6, 300, 0)), 2)
        yield Copy(grey.filter(ImageFilter.MedianFilter(3)))
    yield Copy(ImageOps.expand(grey, border=40, fill=255))
    for turn in (30, 60):
        yield Copy(grey.rotate(turn, Image.Resampling.BILINEAR, expand=True, fillcolor=255), turn=turn)


def equalised(grey: Image.Image) -> Image.Image:
    """Equalise contrast tile by tile, within limits, and smoothly from tile to tile.

    Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994, VIII.5).
    """
    levels = np.asarray(grey)
    height, width = levels.shape
    down, across = -(-height // TILES), -(-width // TILES)  # pixels of a tile
    padded = np.pad(levels, ((0, down * TILES - height), (0, across * TILES - width)), mode="edge")
    tiles = padded.reshape(TILES, down, TILES, across).transpose(0, 2, 1, 3).reshape(TILES**2, -1)
    curves = _curves(tiles).ravel()
    top, bottom, lower = _neighbours(height, down)
    left, right, later = _neighbours(width, across)
    places = levels.astype(np.int32)

    def mapped(row: NDArray[np.int32], column: NDArray[np.int32]) -> NDArray[np.float32]:
        return curves.take((row[:, None] * TILES + column) * 256 + places)

    upper = mapped(top, left) * (1 - later) + mapped(top, right) * later
    under = mapped(bottom, left) * (1 - later) + mapped(bottom, right) * later
    return Image.fromarray((upper + (under - upper) * lower[:, None]).astype(np.uint8))


def _curves(tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give each tile's new level of each level: its clipped histogram, summed up."""
    count, pixels = tiles.shape
    places = tiles + np.arange(count, dtype=np.int32)[:, None] * 256
    histogram = np.bincount(places.ravel(), minlength=count * 256).reshape(count, 256).astype(np.float32)
    limit = CLIP * pixels / 256
    excess = np.maximum(histogram - limit, 0).sum(axis=1, keepdims=True)
    curves = np.cumsum(np.minimum(histogram, limit) + excess / 256, axis=1) * (255 / pixels)
    return np.asarray(np.minimum(curves, 255), np.float32)


def _neighbours(length: int, tile: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Give the two tiles between whose middles each pixel lies, and how far along it does."""
    place = (np.arange(length, dtype=np.float32) + 0.5) / tile - 0.5
    first = np.clip(np.floor(place), 0, TILES - 1).astype(np.int32)
    second = np.minimum(first + 1, TILES - 1, dtype=np.int32)
    return first, second, np.clip(place - first, 0, 1).astype(np.float32)
