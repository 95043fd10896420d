"""The shapes that dark modules are drawn with, by name, and which of its tiles each module gets."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.qr.shapes import figures, joined, scattered
from bot.qr.shapes.path import Box, Path, circle, rectangle

Numbers = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class ModuleShape:
    """The tiles of one look: ``shapes[0]`` is empty, all lie inside the unit square, at most 256.

    ``numbers`` takes the n × n modules, 1 where a tile is to be drawn, and returns the number of each one's
    tile. Shapes that flow together give light modules tiles as well: where none may stand (beside a logo,
    under an alignment pattern), set the number to 0.
    """

    name: str
    shapes: tuple[Path, ...]
    numbers: Numbers


def _same(modules: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return modules


def _single(draw: Callable[[], Path]) -> Callable[[], tuple[tuple[Path, ...], Numbers]]:
    return lambda: (((), draw()), _same)


_MAKERS: Mapping[str, Callable[[], tuple[tuple[Path, ...], Numbers]]] = {
    "square": _single(lambda: rectangle(Box(0, 0, 1, 1))),
    "gapped": _single(lambda: rectangle(Box(0.06, 0.06, 0.88, 0.88))),
    "squircle": _single(figures.squircle),
    "dot": _single(lambda: circle(0.5, 0.5, 0.46)),
    "small dot": _single(lambda: circle(0.5, 0.5, 0.425)),
    "rounded": lambda: joined.tiles(joined.rounded),
    "liquid": lambda: joined.tiles(joined.liquid),
    "bevelled": lambda: joined.tiles(joined.bevelled),
    "classy": lambda: joined.tiles(joined.classy),
    "classy rounded": lambda: joined.tiles(joined.classy_rounded),
    "leaf": lambda: joined.tiles(joined.leaf),
    "drop": _single(lambda: rectangle(Box(0.03, 0.03, 0.94, 0.94), (0.47, 0, 0.47, 0.47))),
    "diamond": _single(figures.diamond),
    "star": _single(lambda: figures.star(5, 0.68, 0.015)),
    "sparkle": _single(lambda: figures.star(8, 0.7654, 0)),
    "heart": _single(figures.heart),
    "clover": _single(lambda: figures.lobed(4, 0.75, 0.5)),
    "hexagon": _single(lambda: figures.hexagon(0.92)),
    "cross": _single(figures.cross),
    "plus": _single(figures.plus),
    "bars": lambda: joined.tiles(joined.bars),
    "bars lying": lambda: joined.tiles(joined.bars_lying),
    "circuit": lambda: joined.tiles(joined.circuit),
    "weave": scattered.weave,
    "bubbles": scattered.bubbles,
    "pebbles": scattered.pebbles,
    "mosaic": scattered.mosaic,
    "noise": scattered.noise,
}

MODULE_NAMES = tuple(_MAKERS)


@functools.cache
def module_shape(name: str) -> ModuleShape:
    """Draw the tiles of a shape, once; raises KeyError for a name that is not in ``MODULE_NAMES``."""
    return ModuleShape(name, *_MAKERS[name]())
