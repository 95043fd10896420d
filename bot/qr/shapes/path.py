"""Closed outlines of straight lines and cubic Bézier curves, in modules, y downwards.

A path is filled by the non-zero rule: an outer line runs clockwise (as seen, y downwards), a hole against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Cubic = tuple[float, float, float, float, float, float]  # first and second control point, end

ROUND = 0.5522847498307936  # control points of a quarter circle: 4/3 · (√2 − 1) of the radius


@dataclass(frozen=True, slots=True)
class Contour:
    """One closed line: where it starts, then a step each: a point to go straight to, or a cubic curve."""

    start: Point
    steps: tuple[Point | Cubic, ...]


Path = tuple[Contour, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in modules from the top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return self.x + self.width / 2, self.y + self.height / 2


def polygon(points: Sequence[Point]) -> Path:
    """Join points by straight lines."""
    return (Contour(points[0], tuple(points[1:])),)


def rectangle(box: Box, radii: tuple[float, float, float, float] = (0, 0, 0, 0)) -> Path:
    """Draw a rectangle, clockwise; ``radii`` of its corners from the top left, clockwise."""
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    a, b, c, d = radii
    steps: list[Point | Cubic] = [(right - b, top)]
    _corner(steps, b, (right, top), (right, top + b), (1, 0), (0, -1))
    steps.append((right, bottom - c))
    _corner(steps, c, (right, bottom), (right - c, bottom), (0, 1), (1, 0))
    steps.append((left + d, bottom))
    _corner(steps, d, (left, bottom), (left, bottom - d), (-1, 0), (0, 1))
    if a:
        steps.append((left, top + a))
        _corner(steps, a, (left, top), (left + a, top), (0, -1), (-1, 0))
    return (Contour((left + a, top), tuple(steps)),)


def _corner(steps: list[Point | Cubic], radius: float, *place: Point) -> None:
    """Round a corner: where it is, where the curve ends, the way into it, the way back from the end to it."""
    corner, end, into, out = place
    if not radius:
        return
    near = radius * (1 - ROUND)
    steps.append(
        (
            corner[0] - into[0] * near, corner[1] - into[1] * near,
            corner[0] - out[0] * near, corner[1] - out[1] * near,
            *end,
        )
    )  # fmt: skip


def circle(x: float, y: float, radius: float) -> Path:
    """Draw a circle, clockwise."""
    return rectangle(Box(x - radius, y - radius, 2 * radius, 2 * radius), (radius,) * 4)


def mapped(path: Path, across: Sequence[float], down: Sequence[float]) -> Path:
    """Map every point: x' = a·x + b·y + c with ``across`` = (a, b, c), y' likewise with ``down``."""
    (a, b, c), (d, e, f) = across, down

    def each(step: Sequence[float]) -> tuple[float, ...]:
        pairs = zip(step[::2], step[1::2], strict=True)
        return tuple(value for x, y in pairs for value in (a * x + b * y + c, d * x + e * y + f))

    return tuple(
        Contour(each(one.start), tuple(each(step) for step in one.steps))  # type: ignore[arg-type, misc]
        for one in path
    )


def moved(path: Path, x: float, y: float) -> Path:
    """Move a path."""
    return mapped(path, (1, 0, x), (0, 1, y))


def scaled(path: Path, factor: float, x: float = 0, y: float = 0) -> Path:
    """Scale a path about a point."""
    return mapped(path, (factor, 0, x - factor * x), (0, factor, y - factor * y))


def turned(path: Path, degrees: float, x: float, y: float) -> Path:
    """Turn a path clockwise about a point."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return mapped(path, (cos, -sin, x - cos * x + sin * y), (sin, cos, y - sin * x - cos * y))


def hole(path: Path) -> Path:
    """Turn outlines around, so that inside others they are cut out."""
    return tuple(_reversed(one) for one in path)


def _reversed(one: Contour) -> Contour:
    ends = [one.start, *((step[-2], step[-1]) for step in one.steps)]
    steps: list[Point | Cubic] = []
    for before, step in zip(reversed(ends[:-1]), reversed(one.steps), strict=True):
        if len(step) == 2:
            steps.append(before)
        else:
            steps.append((step[2], step[3], step[0], step[1], *before))
    return Contour(ends[-1], tuple(steps))


def flattened(one: Contour, tolerance: float = 0.002) -> list[Point]:
    """Replace curves by straight lines that stay within ``tolerance`` modules of them."""
    points = [one.start]
    for step in one.steps:
        if len(step) == 2:
            points.append(step)
        else:
            points += _curve(points[-1], step, tolerance)
    return points


def _curve(start: Point, cubic: Cubic, tolerance: float) -> Iterable[Point]:
    (x0, y0), (x1, y1, x2, y2, x3, y3) = start, cubic
    bend = max(math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2), math.hypot(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3))
    count = max(1, math.ceil(math.sqrt(bend * 0.75 / tolerance)))
    for number in range(1, count + 1):
        t = number / count
        s = 1 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        yield a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


def bounds(path: Path) -> Box:
    """Find the smallest upright rectangle around a path."""
    points = [point for one in path for point in flattened(one)]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return Box(left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top)
