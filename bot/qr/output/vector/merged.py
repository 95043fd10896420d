"""A symbol's tiles put together: squares merged into rectangles, others told apart by whether they join."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise

from bot.qr.drawing import Drawing
from bot.qr.shapes.path import Box, Path, rectangle

SQUARE = rectangle(Box(0, 0, 1, 1))

Rectangle = tuple[int, int, int, int]  # x, y, width, height in modules
Place = tuple[int, int, int]  # a shape's number, x, y of its cell


@dataclass(frozen=True, slots=True)
class Merged:
    """The tiles of a drawing, in modules from the symbol's top left.

    ``joined`` ones share their cell's edges and have to be painted as one path, or renderers leave hairlines
    between them; ``loose`` ones share none, and can be painted each by itself.
    """

    rectangles: tuple[Rectangle, ...]
    joined: tuple[Place, ...]
    loose: tuple[Place, ...]


def merged(drawing: Drawing) -> Merged:
    """Sort a drawing's tiles by how they can be written; in reading order."""
    layout, tiles = drawing.layout, drawing.tiles
    shapes, side = layout.tiles.shapes, layout.side
    square = bytes(shape == SQUARE for shape in shapes).ljust(256, b"\0")
    kinds = {number for number in set(tiles) if shapes[number] and not square[number]}
    loose = {number for number in kinds if not _joins(shapes[number])}
    places = [(number, at % side, at // side) for at, number in enumerate(tiles) if number in kinds]
    return Merged(
        rectangles(tiles.translate(square), side),
        tuple(place for place in places if place[0] not in loose),
        tuple(place for place in places if place[0] in loose),
    )


def rectangles(dark: bytes, side: int) -> tuple[Rectangle, ...]:
    """Cover the cells that are not 0 with runs; equal runs below each other become one rectangle."""
    still: dict[tuple[int, int], int] = {}
    found = []
    for y in range(side + 1):
        runs = set(_runs(dark[y * side : (y + 1) * side]))
        for run in [each for each in still if each not in runs]:
            top = still.pop(run)
            found.append((run[0], top, run[1], y - top))
        for run in runs:
            still.setdefault(run, y)
    return tuple(sorted(found, key=lambda each: (each[1], each[0])))


def _runs(row: bytes) -> Iterable[tuple[int, int]]:
    x = 0
    for dark, group in groupby(row):
        width = len(list(group))
        if dark:
            yield x, width
        x += width


def _joins(shape: Path) -> bool:
    """Tell whether a straight line of a shape lies on its cell's edge; to touch it in a point is nothing."""
    for one in shape:
        steps = (one.start, *one.steps, one.start)
        for before, after in pairwise(steps):
            start, end = ([round(value, 3) for value in step[-2:]] for step in (before, after))
            along = any(start[axis] == end[axis] and end[axis] in (0, 1) for axis in (0, 1))
            if len(after) == 2 and along and start != end:
                return True
    return False
