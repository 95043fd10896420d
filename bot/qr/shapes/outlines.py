"""Outlines that rings and eyeballs of finder patterns share, and the rings that are made of pieces."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from bot.qr.shapes import figures
from bot.qr.shapes.figures import quarter
from bot.qr.shapes.path import (
    ROUND,
    Box,
    Contour,
    Cubic,
    Path,
    Point,
    circle,
    hole,
    moved,
    polygon,
    rectangle,
    scaled,
)

Outline = Callable[[float, float], Path]  # its side, and how far inside of it to draw; both in modules


def figure(draw: Callable[[], Path]) -> Outline:
    """Draw a figure of the unit square; lines inside have its proportions."""
    return lambda side, inset: moved(scaled(draw(), side - 2 * inset), inset, inset)


def cornered(*shares: float) -> Outline:
    """Round the corners, from the top left, by these shares of the side; lines inside run parallel."""

    def draw(side: float, inset: float) -> Path:
        a, b, c, d = (max(0.0, share * side - inset) for share in shares)
        return rectangle(Box(inset, inset, side - 2 * inset, side - 2 * inset), (a, b, c, d))

    return draw


def bevelled(*shares: float) -> Outline:
    """Cut the corners off, from the top left, by these shares of the side; lines inside run parallel."""

    def draw(side: float, inset: float) -> Path:
        near, far = inset, side - inset
        a, b, c, d = (max(0.0, share * side - inset * (2 - 2**0.5)) for share in shares)
        top, bottom = [(near + a, near), (far - b, near)], [(far - c, far), (near + d, far)]
        corners = [*top, (far, near + b), (far, far - c), *bottom, (near, far - d), (near, near + a)]
        return polygon(list(dict.fromkeys(corners)))

    return draw


def squircle(side: float, inset: float) -> Path:
    """Swell the sides; lines inside have fuller corners, so that a ring is equally wide all around."""
    return moved(scaled(figures.squircle(0.88 + 0.09 * inset), side - 2 * inset), inset, inset)


def plaque(side: float, inset: float) -> Path:
    """Scoop the corners out, as on an engraved plate."""
    radius = 0.15 * side - inset * (2**0.5 - 1)
    bow = radius * ROUND
    length = side - 2 * inset
    edge: tuple[Point | Cubic, ...] = (
        (length - radius, 0.0),
        (length - radius, bow, length - bow, radius, length, radius),
    )
    return moved(_closed(radius, edge, length), inset, inset)


def stamp(side: float, inset: float, bite: float = 0.22) -> Path:
    """Bite half circles out of the edge between the modules, as on a postage stamp."""
    bow, length = bite * ROUND, side - 2 * inset
    edge: list[Point | Cubic] = []
    for x in range(1, round(length)):
        edge += [
            (x - bite, 0.0),
            (x - bite, bow, x - bow, bite, x, bite),
            (x + bow, bite, x + bite, bow, x + bite, 0.0),
        ]
    return moved(_closed(0.0, (*edge, (length, 0.0)), length), inset, inset)


def _closed(start: float, edge: tuple[Point | Cubic, ...], side: float) -> Path:
    """Draw all four edges of a square, the upper one of which begins at ``start``."""
    turns = (quarter((Contour((start, 0.0), edge),), number, side)[0] for number in range(4))
    return (Contour((start, 0.0), tuple(itertools.chain.from_iterable(one.steps for one in turns))),)


OUTLINES: Mapping[str, Outline] = {
    "square": cornered(0, 0, 0, 0),
    "rounded": cornered(0.28, 0.28, 0.28, 0.28),
    "squircle": squircle,
    "circle": cornered(0.5, 0.5, 0.5, 0.5),
    "leaf": cornered(0.06, 0.5, 0.06, 0.5),
    "corner out": cornered(0, 0.5, 0.5, 0.5),
    "corner in": cornered(0.5, 0.5, 0, 0.5),
    "facet": bevelled(0, 0.32, 0, 0.32),
    "bevelled": bevelled(0.18, 0.18, 0.18, 0.18),
    "octagon": bevelled(*(1 - 0.5**0.5,) * 4),
    "plaque": plaque,
    "stamp": stamp,
}


def _border(side: float, draw: Callable[[float, float], Path]) -> Path:
    """Draw every module of a ring apart."""
    last = round(side) - 1
    places = itertools.product(range(last + 1), repeat=2)
    return tuple(one for y, x in places if {x, y} & {0, last} for one in draw(x, y))


def _band(side: float, start: float = 0.25, end: float = 0.75) -> Path:
    """Draw what holds the pieces of a ring together: where they are apart, readers see pieces and no ring."""
    outer = rectangle(Box(start, start, side - 2 * start, side - 2 * start))
    return outer + hole(rectangle(Box(end, end, side - 2 * end, side - 2 * end)))


def dots(side: float) -> Path:
    """Lay a ring of beads on a string."""
    return _border(side, lambda x, y: circle(x + 0.5, y + 0.5, 0.5)) + _band(side, 0.2, 0.8)


def gapped(side: float) -> Path:
    """Lay a ring of tiles on a band."""
    return _border(side, lambda x, y: rectangle(Box(x + 0.05, y + 0.05, 0.9, 0.9))) + _band(side)


def stitched(side: float) -> Path:
    """Draw four corners, and between them four stitches, on a thread."""
    gap, end = 0.06, 2.0
    corner = polygon([(0, 0), (end - gap, 0), (end - gap, 1), (1, 1), (1, end - gap), (0, end - gap)])
    stitch = rectangle(Box(end + gap, 0, side - 2 * (end + gap), 1))
    return _around(corner + stitch, side) + _band(side)


def pinwheel(side: float) -> Path:
    """Lay four bars around, each ending at the next one's flank."""
    return _around(rectangle(Box(0, 0, side - 1.1, 1), (0.5,) * 4), side) + _band(side)


def _around(path: Path, side: float) -> Path:
    return tuple(one for number in range(4) for one in quarter(path, number, side))


def bars(side: float) -> Path:
    """Stand bars side by side, on a band."""
    width, radii = 0.9, (0.45,) * 4
    gap = (1 - width) / 2
    long = [rectangle(Box(x + gap, 0, width, side), radii) for x in (0, side - 1)]
    inner = itertools.product(range(1, round(side) - 1), (0, side - 1))
    short = [rectangle(Box(x + gap, y, width, 1), radii) for x, y in inner]
    return tuple(one for path in (*long, *short, _band(side)) for one in path)


def bars_lying(side: float) -> Path:
    """Lay bars one above the other."""
    return quarter(bars(side), 1, side)
