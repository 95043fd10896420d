"""The sheet a drawing lies on: its size in millimetres, its trim and bleed, crop marks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.qr.drawing import Layout
from bot.qr.shapes.path import Box, Path, rectangle

GAP = 2.0  # millimetres between the bleed and a crop mark
LENGTH = 5.0  # millimetres of a crop mark
THICKNESS = 0.1  # millimetres of a crop mark: about a quarter of a point


@dataclass(frozen=True, slots=True)
class Sheet:
    """All boxes in modules, from the drawing's top left: ``media`` of the sheet, ``bleed``, ``trim``.

    ``module`` in millimetres. ``marks``: crop marks, empty where none are asked for.
    """

    module: float
    media: Box
    bleed: Box
    trim: Box
    marks: Path


def sheet(layout: Layout, trimmed: float) -> Sheet:
    """Lay a drawing on a sheet; ``trimmed``: millimetres of its width where its style says none."""
    edge = layout.bleed
    trim = Box(edge, edge, layout.width - 2 * edge, layout.height - 2 * edge)
    module = (layout.print.width or trimmed) / trim.width
    bleed = Box(0, 0, layout.width, layout.height)
    if not layout.print.marks:
        return Sheet(module, bleed, bleed, trim, ())
    out = (GAP + LENGTH) / module
    media = Box(-out, -out, layout.width + 2 * out, layout.height + 2 * out)
    return Sheet(module, media, bleed, trim, _marks(layout, trim, module))


def _marks(layout: Layout, trim: Box, module: float) -> Path:
    """Draw two lines at each corner of the trim, outside the bleed, pointing to it."""
    gap, length, thick = GAP / module, LENGTH / module, THICKNESS / module
    boxes = []
    for x in (trim.x, trim.x + trim.width):
        for y in (-gap - length, layout.height + gap):
            boxes.append(Box(x - thick / 2, y, thick, length))
    for y in (trim.y, trim.y + trim.height):
        for x in (-gap - length, layout.width + gap):
            boxes.append(Box(x, y - thick / 2, length, thick))
    return tuple(one for box in boxes for one in rectangle(box))
