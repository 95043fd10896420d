"""A light plate on a dark ground: where a code has no quiet zone, its dark edge runs into the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIDE = 600  # pixels of the longer side in which the plate is looked for
LEAST = 0.02  # of a row's or column's pixels light: the plate goes through it

Point = tuple[float, float]


def on_white(grey: Image.Image) -> Image.Image | None:
    """Paint white what lies outside the largest light plate; None where the picture's edge is not dark.

    Every side of a QR symbol has light modules, those of the separators, so that the smallest four-sided
    figure around all light modules is the symbol's own outline, also where it is turned or tilted.
    """
    small = grey.filter(ImageFilter.MedianFilter(3)) if max(grey.size) <= SIDE else grey.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    levels = np.asarray(small)
    low, high = np.percentile(levels, (2, 98))
    light = levels > (low + high) / 2
    edge = np.concatenate((light[0], light[-1], light[:, 0], light[:, -1]))
    if edge.mean() > 0.5:
        return None
    rows, columns = _longest(light.mean(axis=1) > LEAST), _longest(light.mean(axis=0) > LEAST)
    hull = _hull(light[rows, columns])
    if len(hull) < 4:
        return None
    zoom = grey.width / small.width
    corners = [((x + columns.start) * zoom, (y + rows.start) * zoom) for x, y in _four(hull)]
    mask = Image.new("L", grey.size, 0)
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    return Image.composite(grey, Image.new("L", grey.size, 255), mask)


def _longest(inside: NDArray[np.bool_]) -> slice:
    """Find the longest run."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    if not len(edges):
        return slice(0, 0)
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    return slice(int(starts[longest]), int(ends[longest]))


def _hull(light: NDArray[np.bool_]) -> list[Point]:
    """Find the convex hull of the light pixels (their outer corners), by Andrew's monotone chain."""
    points: list[Point] = []
    for y in np.flatnonzero(light.any(axis=1)).tolist():
        row = np.flatnonzero(light[y])
        first, last = int(row[0]), int(row[-1]) + 1
        points += [(first, y), (first, y + 1), (last, y), (last, y + 1)]
    points = sorted(set(points))
    lower, upper = _half(points), _half(points[::-1])
    return lower[:-1] + upper[:-1]


def _half(points: list[Point]) -> list[Point]:
    """Take the turns to one side out of a sorted list of points."""
    chain: list[Point] = []
    for point in points:
        while len(chain) >= 2 and _cross(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _cross(one: Point, two: Point, three: Point) -> float:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def _four(hull: list[Point]) -> list[Point]:
    """Take sides off a convex figure until four are left, each time the one that adds least area."""
    while len(hull) > 4:
        grown = [_without(hull, side) for side in range(len(hull))]
        usable = [each for each in grown if each is not None]
        if not usable:
            return hull
        hull = min(usable, key=lambda each: each[0])[1]
    return hull


def _without(hull: list[Point], side: int) -> tuple[float, list[Point]] | None:
    """Take one side off by drawing its neighbours on until they meet; None where they do not."""
    count = len(hull)
    before, first, second, after = (hull[(side + step) % count] for step in (-1, 0, 1, 2))
    dx, dy, ex, ey = first[0] - before[0], first[1] - before[1], second[0] - after[0], second[1] - after[1]
    turn = dx * ey - dy * ex
    along = ((after[0] - first[0]) * ey - (after[1] - first[1]) * ex) / turn if turn else -1
    if along <= 0:
        return None
    met = (first[0] + along * dx, first[1] + along * dy)
    rest = [hull[(side + step) % count] for step in range(2, count)]
    return abs(_cross(first, met, second)) / 2, [met, *rest]
