"""Figures that fill the unit square: what tiles and eyeballs have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.qr.shapes.path import Contour, Cubic, Path, Point, bounds, mapped, polygon, scaled

_TOWARDS = 0.6  # how far the control points of a softened corner reach to it


def fitted(path: Path) -> Path:
    """Scale a path, keeping its proportions, until it touches two sides of the unit square, and centre it."""
    fine = (
        100  # curves are measured by the points they are flattened to: on a large copy these lie close enough
    )
    box = bounds(scaled(path, fine))
    factor = fine / max(box.width, box.height)
    x, y = box.centre
    return mapped(path, (factor, 0, 0.5 - factor * x / fine), (0, factor, 0.5 - factor * y / fine))


def softened(points: Sequence[Point], cut: float) -> Path:
    """Join points by straight lines; corners are round from ``cut`` before each to ``cut`` after it."""
    steps: list[Point | Cubic] = []
    for number, corner in enumerate(points):
        before, after = points[number - 1], points[(number + 1) % len(points)]
        start, end = _towards(corner, before, cut), _towards(corner, after, cut)
        near, far = _between(start, corner, _TOWARDS), _between(end, corner, _TOWARDS)
        steps += [start, (*near, *far, *end)]
    return (Contour(steps[0][:2], tuple(steps[1:])),)


def quarter(path: Path, number: int, side: float = 1) -> Path:
    """Turn a path in a square clockwise by so many quarters."""
    across, down = (
        ((1, 0, 0), (0, 1, 0)), ((0, -1, side), (1, 0, 0)),
        ((-1, 0, side), (0, -1, side)), ((0, 1, 0), (-1, 0, side)),
    )[number]  # fmt: skip
    return mapped(path, across, down)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _towards(start: Point, end: Point, length: float) -> Point:
    return _between(start, end, min(0.5, length / math.dist(start, end)))


def _polar(radius: float, angle: float) -> Point:
    return radius * math.cos(angle), radius * math.sin(angle)


def star(points: int, inner: float, cut: float) -> Path:
    """Draw a star with a point at the top; ``inner``: how far its notches reach, as a share of its points."""
    radii = (1.0, inner)
    corners = [_polar(radii[k % 2], k * math.pi / points - math.pi / 2) for k in range(2 * points)]
    return fitted(softened(corners, cut))


def lobed(count: int, notch: float, turn: float = 0.0) -> Path:
    """Draw a flower: ``count`` round lobes, the first of them ``turn`` lobes after the top.

    ``notch``: how far from the middle the lobes meet, as a share of how far they reach.
    """
    half = math.pi / count
    centre = (1 - notch**2) / (
        2 - 2 * notch * math.cos(half)
    )  # of the circle through a lobe's top and both ends
    radius = 1 - centre
    bend = math.atan2(notch * math.sin(half), notch * math.cos(half) - centre)
    pull = 4 / 3 * math.tan(bend / 4) * radius
    reach, aside = math.hypot(1, pull), math.atan(pull)
    foot = notch * math.cos(half) + pull * math.sin(bend), notch * math.sin(half) - pull * math.cos(bend)
    low, bent = math.hypot(*foot), math.atan2(foot[1], foot[0])
    steps: list[Cubic] = []
    for number in range(count):
        top = (number + turn) * 2 * half - math.pi / 2
        steps += [
            (*_polar(low, top - bent), *_polar(reach, top - aside), *_polar(1, top)),
            (*_polar(reach, top + aside), *_polar(low, top + bent), *_polar(notch, top + half)),
        ]
    return fitted((Contour(steps[-1][4:], tuple(steps)),))


def squircle(fullness: float = 0.88) -> Path:
    """Draw a square with sides that swell into its corners; ``fullness`` 0.55 would be a circle."""
    near, far = 0.5 - fullness / 2, 0.5 + fullness / 2
    steps = (
        (far, 0, 1, near, 1, 0.5),
        (1, far, far, 1, 0.5, 1),
        (near, 1, 0, far, 0, 0.5),
        (0, near, near, 0, 0.5, 0),
    )
    return (Contour((0.5, 0), tuple(tuple(map(float, step)) for step in steps)),)  # type: ignore[misc]


def heart() -> Path:
    """Draw a plump heart."""
    return (
        Contour(
            (0.5, 0.1),
            (
                (0.55, 0.03, 0.65, 0.0, 0.74, 0.0), (0.9, 0.0, 1.0, 0.13, 1.0, 0.31),
                (1.0, 0.66, 0.76, 0.82, 0.5, 1.0), (0.24, 0.82, 0.0, 0.66, 0.0, 0.31),
                (0.0, 0.13, 0.1, 0.0, 0.26, 0.0), (0.35, 0.0, 0.45, 0.03, 0.5, 0.1),
            ),
        ),
    )  # fmt: skip


def shield() -> Path:
    """Draw a coat of arms: straight above, coming to a point below."""
    return (
        Contour(
            (0.06, 0.0),
            (
                (0.94, 0.0), (0.973, 0.0, 1.0, 0.027, 1.0, 0.06), (1.0, 0.52),
                (1.0, 0.76, 0.76, 0.92, 0.5, 1.0), (0.24, 0.92, 0.0, 0.76, 0.0, 0.52),
                (0.0, 0.06), (0.0, 0.027, 0.027, 0.0, 0.06, 0.0),
            ),
        ),
    )  # fmt: skip


def diamond(cut: float = 0.16) -> Path:
    """Draw a square on its point, the points rounded so that it covers more than half."""
    return fitted(softened([(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)], cut))


def hexagon(width: float = 1.0) -> Path:
    """Draw a hexagon standing on a point."""
    left, right = 0.5 - width / 2, 0.5 + width / 2
    corners = [(0.5, 0.0), (right, 0.26), (right, 0.74), (0.5, 1.0), (left, 0.74), (left, 0.26)]
    return polygon(corners)


def cross(base: float = 0.5, depth: float = 0.24) -> Path:
    """Draw a square with a wedge ``base`` wide and ``depth`` deep cut from every side."""
    a, b, deep, high = 0.5 - base / 2, 0.5 + base / 2, depth, 1 - depth
    top, right = [(0, 0), (a, 0), (0.5, deep), (b, 0)], [(1, 0), (1, a), (high, 0.5), (1, b)]
    bottom, left = [(1, 1), (b, 1), (0.5, high), (a, 1)], [(0, 1), (0, b), (deep, 0.5), (0, a)]
    return polygon([*top, *right, *bottom, *left])


def plus(corner: float = 0.27) -> Path:
    """Draw a square whose corners are cut out, ``corner`` wide."""
    a, b = corner, 1 - corner
    return polygon(
        [(a, 0), (b, 0), (b, a), (1, a), (1, b), (b, b), (b, 1), (a, 1), (a, b), (0, b), (0, a), (a, a)]
    )
