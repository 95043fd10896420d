"""Module shapes that differ from place to place, always in the same way."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from bot.qr.shapes.figures import softened
from bot.qr.shapes.path import Box, Contour, Path, Point, circle, polygon, rectangle

_WIDEST = 177  # modules of a version 40 symbol
Tiles = tuple[tuple[Path, ...], Callable[[NDArray[np.uint8]], NDArray[np.uint8]]]


@functools.cache
def _hashes() -> NDArray[np.uint32]:
    """Mix row and column into a number that looks like chance and never changes."""
    row, column = np.indices((_WIDEST, _WIDEST), np.uint32)
    mixed = row * np.uint32(0x9E3779B1) + column * np.uint32(0x85EBCA77)
    for shift, factor in ((15, 0x2C1B3C6D), (12, 0x297A2D39)):
        mixed = (mixed ^ (mixed >> np.uint32(shift))) * np.uint32(factor)
    result: NDArray[np.uint32] = mixed ^ (mixed >> np.uint32(15))
    return result


def _placed(shapes: Iterable[Path], places: NDArray[np.uint32]) -> Tiles:
    """Number the modules by their place: ``places`` modulo the number of shapes."""
    drawn = tuple(shapes)
    table = (places % len(drawn) + 1).astype(np.uint8)
    return ((), *drawn), lambda modules: modules * table[: len(modules), : len(modules)]


def _chance(seed: int) -> random.Random:
    """Start a row of numbers that is the same everywhere and always."""
    return random.Random(seed)  # noqa: S311  # no secret: it only shapes stones


def weave() -> Tiles:
    """Draw upright and lying bars in turns."""
    row, column = np.indices((_WIDEST, _WIDEST), np.uint32)
    upright = rectangle(Box(0.14, 0, 0.72, 1), (0.36,) * 4)
    lying = rectangle(Box(0, 0.14, 1, 0.72), (0.36,) * 4)
    return _placed((upright, lying), row + column)


def bubbles() -> Tiles:
    """Draw circles of four sizes."""
    return _placed((circle(0.5, 0.5, radius) for radius in (0.5, 0.475, 0.45, 0.425)), _hashes())


def mosaic() -> Tiles:
    """Draw small stones, cut by hand: four straight sides, no two alike."""
    return _placed((polygon(_stone(_chance(seed), 0.02, 0.13)) for seed in range(24)), _hashes())


def pebbles() -> Tiles:
    """Draw worn stones."""
    return _placed((softened(_stone(_chance(seed), 0.0, 0.1), 0.36) for seed in range(24)), _hashes())


def _stone(chance: random.Random, least: float, most: float) -> list[Point]:
    """Move each corner of the unit square inwards, by ``least`` to ``most`` each way."""
    inwards = [chance.uniform(least, most) for _ in range(8)]
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    return [(abs(x - inwards[2 * k]), abs(y - inwards[2 * k + 1])) for k, (x, y) in enumerate(corners)]


def noise(pixels: int = 5) -> Tiles:
    """Draw squares with frayed edges: a whole middle, and about two of three small pixels around it."""
    return _placed((outline(_frayed(_chance(seed), pixels), pixels) for seed in range(32)), _hashes())


def _frayed(chance: random.Random, pixels: int) -> set[tuple[int, int]]:
    inner = range(1, pixels - 1)
    cells = [(x, y) for x in range(pixels) for y in range(pixels)]
    return {(x, y) for x, y in cells if (x in inner and y in inner) or chance.random() < 0.62}


def outline(cells: set[tuple[int, int]], pixels: int) -> Path:
    """Trace the edge of a set of cells in a grid over the unit square, ``pixels`` wide."""
    edges: dict[Point, list[Point]] = {}
    for x, y in cells:
        for beside, start, end in (
            ((x, y - 1), (x, y), (x + 1, y)), ((x + 1, y), (x + 1, y), (x + 1, y + 1)),
            ((x, y + 1), (x + 1, y + 1), (x, y + 1)), ((x - 1, y), (x, y + 1), (x, y)),
        ):  # fmt: skip
            if beside not in cells:
                edges.setdefault(start, []).append(end)
    contours = []
    while edges:
        here = first = min(edges)
        points: list[Point] = []
        while True:
            after = edges[here].pop()
            if not edges[here]:
                del edges[here]
            points.append(here)
            here = after
            if here == first:
                break
        contours.append(_straight(points, pixels))
    return tuple(contours)


def _straight(points: list[Point], pixels: int) -> Contour:
    """Leave out the points in the middle of a straight line."""
    around = zip([points[-1], *points], points, [*points[1:], points[0]], strict=False)
    turns = [
        (at[0] / pixels, at[1] / pixels)
        for before, at, after in around
        if not (before[0] == at[0] == after[0] or before[1] == at[1] == after[1])
    ]
    return Contour(turns[0], tuple(turns[1:]))
