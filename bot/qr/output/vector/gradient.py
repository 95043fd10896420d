"""Where gradients run: the ends of linear ones, the circle of radial ones, the wedges of conic ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bot.qr.drawing import Image, Layout
from bot.qr.output.raster.colour import rgb
from bot.qr.shapes.path import Box
from bot.qr.style.style import Gradient

LEVELS = 4  # of 255, that the colours at both sides of a wedge may differ by
FEWEST = 24  # wedges of a round


Spanned = tuple[Gradient, Box]  # a gradient, and the box it spans


def gradients(layout: Layout) -> tuple[Spanned, ...]:
    """List a layout's gradients, each once: the modules' is often that of the finder patterns as well."""
    parts = (*layout.below, layout.tiles, *layout.above)
    painted = ((each.paint, each.box) for each in parts if not isinstance(each, Image))
    return tuple(dict.fromkeys((paint, box) for paint, box in painted if isinstance(paint, Gradient)))


def line(gradient: Gradient, box: Box) -> tuple[float, float, float, float]:
    """Find both ends of a linear gradient's line: as in CSS, the box's corners get the end colours."""
    (x, y), turn = box.centre, math.radians(gradient.angle)
    cos, sin = math.cos(turn), math.sin(turn)
    half = (abs(box.width * cos) + abs(box.height * sin)) / 2
    return x - half * cos, y - half * sin, x + half * cos, y + half * sin


def radius(box: Box) -> float:
    """Find where a radial gradient ends: at the box's corners."""
    return math.hypot(box.width, box.height) / 2


def spokes(gradient: Gradient) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cut a conic gradient's round into wedges: the angles between them in radians, the RGB colours there.

    The last angle is a full round after the first, and has its colour.
    """
    colours = np.array([rgb(colour) for colour in (*gradient.colours, gradient.colours[0])], np.float64)
    parts = len(colours) - 1
    least = -(-FEWEST // parts)
    at = [0.0]
    for number in range(parts):
        count = max(least, math.ceil(np.abs(colours[number + 1] - colours[number]).max() / LEVELS))
        at += (number + np.arange(1, count + 1) / count).tolist()
    mixed = np.stack([np.interp(at, range(parts + 1), colours[:, each]) for each in range(3)], axis=-1)
    return math.radians(gradient.angle) + np.array(at) / parts * 2 * math.pi, mixed


def reach(layout: Layout, box: Box) -> float:
    """Measure how long wedges around the middle of a box have to be to cover the picture."""
    x, y = box.centre
    across, down = max(x, layout.width - x), max(y, layout.height - y)
    return math.hypot(across, down) / math.cos(2 * math.pi / FEWEST)  # two wedges end in a straight line
