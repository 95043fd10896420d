"""What frames are drawn with. The symbol's square, quiet zone included, is 100 wide and lies at (0, 0)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

from bot.qr.refusal import Refused
from bot.qr.shapes.lettering import lettering
from bot.qr.shapes.path import (
    ROUND,
    Box,
    Contour,
    Cubic,
    Path,
    Point,
    bounds,
    circle,
    flattened,
    hole,
    polygon,
    rectangle,
)
from bot.qr.shapes.shaping import right_to_left, shaped
from bot.qr.style.colours import BLACK, WHITE, contrast, luminance, mixed, standing_out

SQUARE = Box(-3, -3, 106, 106)  # the plate under a symbol: so wide that round corners leave the square whole
RADIUS = 9

_LEAST = 3.6  # the smallest letters: hundredths of the symbol's side to the em
_SMALL = 8  # letters below which a caption takes more than a line
_FAINT = 1.5  # contrast below which a caption is not seen


@dataclass(frozen=True, slots=True)
class Plan:
    """What a frame is drawn for: colours as ``#rrggbb``, ``ink`` empty where it is to be chosen."""

    caption: str
    colour: str
    ink: str
    light: str

    @property
    def more(self) -> float:
        """How much higher the place of a caption is that one line would make too small."""
        text = self.caption
        return 8 if text and shaped(text, right_to_left(text)).ink.width * _SMALL > SQUARE.width else 0

    @property
    def dusky(self) -> bool:
        """Whether the frame's colour is light enough for a shadow."""
        return luminance(self.colour) > 0.04

    @property
    def shade(self) -> str:
        """The frame's colour a step darker, or lighter where it is nearly black."""
        return mixed(self.colour, BLACK, 0.28) if self.dusky else mixed(self.colour, WHITE, 0.3)


@dataclass(slots=True)
class Sketch:
    """A frame: what it spans, its shapes from the ground up, and ``ground`` that fills the whole picture.

    ``plate``: it paints light under the symbol.
    """

    extent: Box
    ground: str = ""
    plate: bool = True
    shapes: list[tuple[Path, str]] = field(default_factory=list)

    def add(self, colour: str, *paths: Path) -> None:
        """Paint paths, each over the others."""
        self.shapes += [(path, colour) for path in paths]


def caption(plan: Plan, box: Box, under: str, lines: int = 3) -> tuple[Path, str]:
    """Set the caption into a box on a colour. Raises Refused where it would not be seen or does not fit."""
    if plan.ink and contrast(plan.ink, under) < _FAINT:
        raise Refused(
            "The caption would hardly be seen. Choose another colour for it or for the frame.", field="frame"
        )
    return lettering(plan.caption, box, lines, _LEAST), plan.ink or standing_out(under)


def span(left: float, top: float, right: float, bottom: float) -> Box:
    """Make a box of its four sides."""
    return Box(left, top, right - left, bottom - top)


def rounded(box: Box, radius: float) -> Path:
    """Draw a rectangle with four equal corners."""
    return rectangle(box, (radius,) * 4)


def ring(box: Box, radius: float, width: float) -> Path:
    """Draw a line of this width along the inside of a rounded rectangle."""
    inside = Box(box.x + width, box.y + width, box.width - 2 * width, box.height - 2 * width)
    return rounded(box, radius) + hole(rounded(inside, max(0, radius - width)))


def quarter(start: Point, corner: Point, end: Point) -> Cubic:
    """Round a corner by a quarter of an ellipse."""
    return (
        start[0] + (corner[0] - start[0]) * ROUND,
        start[1] + (corner[1] - start[1]) * ROUND,
        end[0] + (corner[0] - end[0]) * ROUND,
        end[1] + (corner[1] - end[1]) * ROUND,
        *end,
    )


def softened(points: list[Point], radii: list[float]) -> Path:
    """Join points by straight lines, each corner rounded; clockwise."""
    steps: list[Point | Cubic] = []
    for at, (corner, radius) in enumerate(zip(points, radii, strict=True)):
        start = _towards(corner, points[at - 1], radius)
        end = _towards(corner, points[(at + 1) % len(points)], radius)
        steps += [start, quarter(start, corner, end)] if radius else [corner]
    last = steps[-1]
    return (Contour((last[-2], last[-1]), tuple(steps)),)


def _towards(start: Point, end: Point, length: float) -> Point:
    share = length / math.dist(start, end)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def stroke(line: Contour, width: float, end: float | None = None) -> Path:
    """Draw an open line with round ends and corners, from one width to another."""
    points = flattened(line, 0.01)
    last = width if end is None else end
    radii = [(width + (last - width) * at / (len(points) - 1)) / 2 for at in range(len(points))]
    drawn: list[Contour] = []
    for (one, before), (other, after) in pairwise(zip(points, radii, strict=True)):
        length = math.dist(one, other) or 1
        across, down = (other[1] - one[1]) / length, -(other[0] - one[0]) / length
        drawn += polygon(
            [
                (one[0] + across * before, one[1] + down * before),
                (other[0] + across * after, other[1] + down * after),
                (other[0] - across * after, other[1] - down * after),
                (one[0] - across * before, one[1] - down * before),
            ]
        )
        drawn += circle(*one, before)
    return (*drawn, *circle(*points[-1], last / 2))


def pill(words: Path, height: float, middle: float, padding: float) -> Path:
    """Draw a bar with round ends behind words, ``middle`` high."""
    inked = bounds(words)
    width = max(inked.width + 2 * padding, height)
    return rounded(Box(inked.centre[0] - width / 2, middle - height / 2, width, height), height / 2)
