"""Frames of plain shapes: plates, bands, outlines, bubbles and arrows around a symbol."""

from __future__ import annotations

from bot.qr.shapes.frames.sketch import (
    RADIUS,
    SQUARE,
    Plan,
    Sketch,
    caption,
    pill,
    quarter,
    ring,
    rounded,
    softened,
    span,
    stroke,
)
from bot.qr.shapes.path import Contour, Path, bounds, circle, hole, mapped, moved, rectangle


def plate(plan: Plan) -> Sketch:
    """A light plate on a ground of the frame's colour, the caption below."""
    sketch = Sketch(span(-11, -11, 111, 125 + plan.more if plan.caption else 111), ground=plan.colour)
    sketch.add(plan.light, rounded(SQUARE, RADIUS))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(-3, 107, 103, 121 + plan.more), plan.colour))
    return sketch


def banner(plan: Plan) -> Sketch:
    """A solid frame, wide below for the caption."""
    extent = span(-7, -7, 107, 127 + plan.more if plan.caption else 107)
    sketch = Sketch(extent)
    sketch.add(plan.colour, rounded(extent, 13))
    sketch.add(plan.light, rounded(SQUARE, RADIUS))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(2, 107.5, 98, 122 + plan.more), plan.colour))
    return sketch


def banner_above(plan: Plan) -> Sketch:
    """A solid frame, wide above for the caption."""
    extent = span(-7, -27 - plan.more if plan.caption else -7, 107, 107)
    sketch = Sketch(extent)
    sketch.add(plan.colour, rounded(extent, 13))
    sketch.add(plan.light, rounded(SQUARE, RADIUS))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(2, -22 - plan.more, 98, -7.5), plan.colour))
    return sketch


def box(plan: Plan) -> Sketch:
    """A square outline, and under it a bar with the caption."""
    sketch = Sketch(span(-7, -7, 107, 133 + plan.more if plan.caption else 107))
    sketch.add(plan.light, rectangle(SQUARE))
    sketch.add(plan.colour, ring(span(-7, -7, 107, 107), 0, 4))
    if plan.caption:
        sketch.add(plan.colour, rectangle(span(-7, 111, 107, 133 + plan.more)))
        sketch.shapes.append(caption(plan, span(-2, 115, 102, 129 + plan.more), plan.colour))
    return sketch


def rounded_box(plan: Plan) -> Sketch:
    """A round outline, with the caption on a label that sits on its lower line."""
    outline = span(-8, -8, 108, 113 if plan.caption else 108)
    sketch = Sketch(span(-8, -8, 108, 121 if plan.caption else 108))
    sketch.add(plan.light, rounded(outline, 15))
    sketch.add(plan.colour, ring(outline, 15, 3.2))
    if plan.caption:
        words, ink = caption(plan, span(15, 105.5, 85, 117.5), plan.colour)
        sketch.add(plan.colour, pill(words, 19, 111.4, 8.5))
        sketch.add(ink, words)
    return sketch


def bubble(plan: Plan) -> Sketch:
    """An outline, and below it the caption in a speech bubble that points up."""
    card = span(-7, -7, 107, 107)
    sketch = Sketch(span(-7, -7, 107, 141 + plan.more if plan.caption else 107))
    sketch.add(plan.light, rounded(card, 13))
    sketch.add(plan.colour, ring(card, 13, 2.6))
    if plan.caption:
        tip = softened([(41, 121), (50, 110), (59, 121)], [0, 1.4, 0])
        sketch.add(plan.colour, rounded(span(-7, 119, 107, 141 + plan.more), 9) + tip)
        sketch.shapes.append(caption(plan, span(-1, 123, 101, 137 + plan.more), plan.colour))
    return sketch


def corners(plan: Plan) -> Sketch:
    """The four corners of a viewfinder, the caption below."""
    sketch = Sketch(span(-8, -8, 108, 127 + plan.more if plan.caption else 108), plate=False)
    one = _corner(-8, -8, 12, 30, 4)
    other = hole(mapped(one, (-1, 0, 100), (0, 1, 0)))
    below = [hole(mapped(each, (1, 0, 0), (0, -1, 100))) for each in (one, other)]
    sketch.add(plan.colour, one, other, *below)
    if plan.caption:
        sketch.shapes.append(caption(plan, span(-6, 113, 106, 127 + plan.more), plan.light))
    return sketch


def _corner(x: float, y: float, radius: float, length: float, width: float) -> Path:
    """Draw the top left corner of a round outline, both ends round."""
    middle, end = radius - width / 2, length - width / 2
    x, y = x + width / 2, y + width / 2
    turn = quarter((x, y + middle), (x, y), (x + middle, y))
    bent = Contour((x, y + end), ((x, y + middle), turn, (x + end, y)))
    return stroke(bent, width)


def arrow(plan: Plan) -> Sketch:
    """A light outline, and the caption with an arrow that swings up to the code."""
    card = span(-6, -6, 106, 106)
    bottom = 136 + plan.more / 2
    sketch = Sketch(span(-6, -6, 106, bottom))
    sketch.add(plan.light, rounded(card, 12))
    sketch.add(plan.colour, ring(card, 12, 2))
    words, ink = caption(plan, span(-5, 119.5, 82, bottom - 1), plan.light)
    x, y = bounds(words).x + bounds(words).width + 4 if words else 40, bottom - 6
    shaft = Contour((x, y), ((x + 9, y, x + 15, y - 6, x + 14, 114),))
    head = Contour((x + 7.5, 118.5), ((x + 14.2, 110.8), (x + 20, 119)))
    drawn = stroke(shaft, 2.2, 2.8) + stroke(head, 2.8)
    shift = 50 - bounds(words + drawn).centre[0]
    sketch.add(plan.colour, moved(drawn, shift, 0))
    sketch.add(ink, moved(words, shift, 0))
    return sketch


def disc(plan: Plan) -> Sketch:
    """A round badge with a fine light ring, the caption below the symbol."""
    middle, radius = (57, 86) if plan.caption else (50, 78)
    sketch = Sketch(span(50 - radius, middle - radius, 50 + radius, middle + radius))
    sketch.add(plan.colour, circle(50, middle, radius))
    fine = circle(50, middle, radius - 2.6) + hole(circle(50, middle, radius - 3.6))
    sketch.add(plan.light, fine, rounded(SQUARE, RADIUS))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(8, 108.5, 92, 125), plan.colour))
    return sketch
