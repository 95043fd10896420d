"""Finder patterns: a ring of 7 × 7 modules, an eyeball of 3 × 3, and alignment patterns that follow."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping

from bot.qr.shapes import figures, outlines
from bot.qr.shapes.outlines import OUTLINES, Outline, bevelled, cornered, figure
from bot.qr.shapes.path import Box, Path, circle, hole, mapped, moved, rectangle, scaled

TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT = range(4)


def _ring(outer: Outline, inner: Outline | None = None, wall: float = 1.0) -> Callable[[float], Path]:
    return lambda side: outer(side, 0) + hole((inner or outer)(side, wall))


def _scalloped(side: float) -> Path:
    lobes = 4 * round(side - 3)
    return _ring(figure(lambda: figures.lobed(lobes, 0.9)), OUTLINES["circle"], _THIN)(side)


_THIN = 0.93  # round holes leave the corners of a square eyeball little light; zxing-cpp needs more of it
# Of the side: with rounder corners outside, OpenCV misses one symbol in thirty; inside, they make the ring's
# corners thick, with which zxing-cpp misses some of 3 pixels a module.
_SLIGHT = 0.06
_DENSE = 10  # the version from which on a pixel's error at a finder pattern is modules at the opposite corner
_RINGS: Mapping[str, Callable[[float], Path]] = {
    "square": _ring(OUTLINES["square"]),
    "rounded": _ring(cornered(*(_SLIGHT,) * 4), cornered(*(0.18,) * 4)),
    "bevelled": _ring(bevelled(*(0.75 * _SLIGHT,) * 4), bevelled(*(0.12,) * 4)),
    "dots": outlines.dots,
    "gapped": outlines.gapped,
    "stitched": outlines.stitched,
    "stamp": _ring(outlines.stamp, OUTLINES["square"]),
    "pinwheel": outlines.pinwheel,
    "bars": outlines.bars,
    "bars lying": outlines.bars_lying,
    "leaf": _ring(cornered(0, 0.25, 0, 0.25)),
    "corner in": _ring(cornered(0.34, 0.34, 0, 0.34)),
    "corner out": _ring(cornered(0, 0.34, 0.34, 0.34)),
    "facet": _ring(bevelled(0, 0.23, 0, 0.23)),
    "extra rounded": _ring(cornered(*(0.32,) * 4)),
    "squircle": _ring(outlines.squircle),
    "circle": _ring(OUTLINES["circle"], wall=_THIN),
    "octagon": _ring(OUTLINES["octagon"], wall=_THIN),
    "plaque": _ring(outlines.plaque),
    "scalloped": _scalloped,
}


def _with_corners(ring: Callable[[float], Path]) -> Callable[[float], Path]:
    """Fill the four corner modules of a ring."""

    def draw(side: float) -> Path:
        places = itertools.product((0, side - 1), repeat=2)
        return ring(side) + tuple(one for y, x in places for one in rectangle(Box(x, y, 1, 1)))

    return draw


# Rings of dense symbols: squarer outside, where OpenCV takes its lines from; they are small there.
_SMALL_RINGS: Mapping[str, Callable[[float], Path]] = {
    "rounded": _ring(OUTLINES["square"], cornered(*(0.16,) * 4)),
    "bevelled": _ring(OUTLINES["square"], bevelled(*(0.12,) * 4)),
    "leaf": _ring(cornered(0, 0.16, 0, 0.16)),
    **{name: _with_corners(_RINGS[name]) for name in ("dots", "bars", "bars lying", "pinwheel")},
}


def _beads(side: float, inset: float) -> Path:
    """Lay three by three dots that touch; the gaps between them are filled, for readers trip over holes."""
    places = itertools.product((-1, 0, 1), repeat=2)
    beads = (one for y, x in places for one in circle(1.5 + x * 0.97, 1.5 + y * 0.97, 0.53))
    return (*beads, *rectangle(Box(0.5, 0.5, 2, 2)))


def _fingers(side: float, inset: float) -> Path:
    return tuple(one for x in range(3) for one in rectangle(Box(x, 0, 1, 3), (0.5,) * 4))


_BALLS: Mapping[str, Outline] = {
    **OUTLINES,
    "diamond": figure(figures.diamond),
    "hexagon": figure(figures.hexagon),
    "shield": figure(figures.shield),
    "star": figure(lambda: figures.star(5, 0.72, 0.16)),
    "sparkle": figure(lambda: figures.star(8, 0.7654, 0)),
    "heart": figure(figures.heart),
    "clover": figure(lambda: figures.lobed(4, 0.82, 0.5)),
    "flower": figure(lambda: figures.lobed(5, 0.72)),
    "scalloped": figure(lambda: figures.lobed(12, 0.86)),
    "cross": figure(lambda: figures.cross(0.6, 0.1)),
    "plus": figure(lambda: figures.plus(0.22)),
    "dots": _beads,
    "bars": _fingers,
    "bars lying": lambda side, inset: figures.quarter(_fingers(side, inset), 1, side),
}
_PLAIN = {
    "dots": "circle",
    "scalloped": "circle",
    "bars": "rounded",
    "bars lying": "rounded",
    "stamp": "square",
}
_POINTING = frozenset(
    ("leaf", "corner out", "corner in", "facet", "pinwheel")
)  # a heart or shield stays upright

FINDER_NAMES = tuple(_RINGS)
EYEBALL_NAMES = tuple(_BALLS)
# OpenCV's detectors take the outward corners of the rings for the corners of the symbol: where these are
# rounder than about one module, or the others far rounder, they sample beside the modules. Others do not.
# The nearest ring that every reader finds, for those that OpenCV finds hardly ever.
SURER = {
    "extra rounded": "rounded", "squircle": "rounded", "circle": "rounded", "octagon": "bevelled",
    "plaque": "bevelled", "scalloped": "stamp", "corner in": "leaf", "corner out": "leaf",
}  # fmt: skip


def _facing(name: str, path: Path, side: float, corner: int) -> Path:
    """Mirror what is drawn for the top left corner, so that all look at the symbol's middle."""
    if name not in _POINTING:
        return path
    right, below = corner in (TOP_RIGHT, BOTTOM_RIGHT), corner in (BOTTOM_LEFT, BOTTOM_RIGHT)
    across = (-1, 0, side) if right else (1, 0, 0)
    down = (0, -1, side) if below else (0, 1, 0)
    faced = mapped(path, across, down)
    return hole(faced) if right != below else faced


@functools.cache
def finder(name: str, corner: int, version: int = 1) -> Path:
    """Draw a finder pattern's ring in 7 × 7 modules, for the top left (0), top right or bottom left corner.

    Raises KeyError for a name that is not in ``FINDER_NAMES``.
    """
    small = _SMALL_RINGS.get(name) if version >= _DENSE else None
    return _facing(name, (small or _RINGS[name])(7), 7, corner)


@functools.cache
def eyeball(name: str, corner: int) -> Path:
    """Draw a finder pattern's inside in 3 × 3 modules, for the top left (0), top right or bottom left corner.

    Raises KeyError for a name that is not in ``EYEBALL_NAMES``.
    """
    return _facing(name, _BALLS[name](3, 0), 3, corner)


@functools.cache
def alignment(finder_name: str, eyeball_name: str) -> tuple[Path, Path]:
    """Draw an alignment pattern's ring and its middle, both in 5 × 5 modules, as the finder patterns are.

    What is too fine for a single module gives way to a plainer middle.
    """
    ring = _facing(finder_name, _RINGS[finder_name](5), 5, BOTTOM_RIGHT)
    middle = eyeball(_PLAIN.get(eyeball_name, eyeball_name), BOTTOM_RIGHT)
    return ring, moved(scaled(middle, 1 / 3), 2, 2)
