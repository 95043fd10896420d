"""Frames that are things: a ticket, a folder, a phone, a bag, a cup and what else a code is found on."""

from __future__ import annotations

from bot.qr.shapes.frames.sketch import (
    RADIUS,
    SQUARE,
    Plan,
    Sketch,
    caption,
    quarter,
    ring,
    rounded,
    softened,
    span,
    stroke,
)
from bot.qr.shapes.path import Box, Contour, Path, bounds, circle, hole, moved, polygon, rectangle, turned


def ticket(plan: Plan) -> Sketch:
    """A ticket, notched where its stub with the caption is torn off."""
    notch, bottom = (109.0, 135 + plan.more) if plan.caption else (50.0, 110.0)
    sketch = Sketch(span(-10, -10, 110, bottom))
    sketch.add(plan.colour, _notched(sketch.extent, notch, 5))
    sketch.add(plan.light, rounded(SQUARE, RADIUS))
    if plan.caption:
        sketch.add(plan.light, *(rounded(span(x, 108.4, x + 4, 109.6), 0.6) for x in range(0, 100, 8)))
        sketch.shapes.append(caption(plan, span(-1, 114.5, 101, 129.5 + plan.more), plan.colour))
    return sketch


def _notched(box: Box, middle: float, radius: float) -> Path:
    """Draw a rectangle whose four corners and two sides are bitten off in arcs."""
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    bites = [
        ((right - radius, top), (right - radius, top + radius), (right, top + radius)),
        ((right, middle - radius), (right - radius, middle - radius), (right - radius, middle)),
        ((right - radius, middle), (right - radius, middle + radius), (right, middle + radius)),
        ((right, bottom - radius), (right - radius, bottom - radius), (right - radius, bottom)),
        ((left + radius, bottom), (left + radius, bottom - radius), (left, bottom - radius)),
        ((left, middle + radius), (left + radius, middle + radius), (left + radius, middle)),
        ((left + radius, middle), (left + radius, middle - radius), (left, middle - radius)),
        ((left, top + radius), (left + radius, top + radius), (left + radius, top)),
    ]
    steps = [step for start, corner, end in bites for step in (start, quarter(start, corner, end))]
    return (Contour((left + radius, top), tuple(steps)),)


def tab(plan: Plan) -> Sketch:
    """A folder with the caption on its tab."""
    words, ink = caption(plan, span(3, -24.5 - plan.more, 73, -10.5), plan.colour)
    if words:
        words = moved(words, 3 - bounds(words).x, 0)
    right, top = (bounds(words).x + bounds(words).width + 7, -29 - plan.more) if words else (38.0, -16)
    sketch = Sketch(span(-7, top, 107, 107))
    outline = [(-7.0, top), (right, top), (right + 11, -7), (107.0, -7), (107.0, 107), (-7.0, 107)]
    sketch.add(plan.colour, softened(outline, [10, 6, 4, 10, 13, 13]))
    sketch.add(plan.light, rounded(SQUARE, RADIUS))
    if words:
        sketch.add(ink, words)
    return sketch


def ribbon(plan: Plan) -> Sketch:
    """An outline, and across its lower edge a ribbon with folded ends."""
    card = span(-6, -6, 106, 116 if plan.caption else 106)
    bottom = 128 + plan.more
    sketch = Sketch(span(-18, -6, 118, bottom + 6) if plan.caption else card)
    sketch.add(plan.light, rounded(card, 6))
    sketch.add(plan.colour, ring(card, 6, 2.6))
    if plan.caption:
        middle = (bottom + 118) / 2
        sketch.add(
            plan.shade, polygon([(-18, 112), (-3, 112), (-3, bottom + 6), (-18, bottom + 6), (-12, middle)])
        )
        sketch.add(
            plan.shade, polygon([(118, 112), (112, middle), (118, bottom + 6), (103, bottom + 6), (103, 112)])
        )
        sketch.add(plan.colour, rectangle(span(-11, 106, 111, bottom)))
        sketch.shapes.append(caption(plan, span(-5, 110, 105, bottom - 4), plan.colour))
    return sketch


def polaroid(plan: Plan) -> Sketch:
    """An instant photo, taped to a ground of the frame's colour; the caption is written on it."""
    card = span(-6, -6, 106, 127 + plan.more)
    sketch = Sketch(span(-18, -19, 118, 139 + plan.more), ground=plan.colour)
    if plan.dusky:
        sketch.add(plan.shade, rounded(Box(card.x + 1.6, card.y + 2, card.width, card.height), 2))
    sketch.add(plan.light, rounded(card, 2))
    sketch.add(plan.shade, turned(rectangle(span(33, -11, 67, -2.5)), -3, 50, -7))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(0, 106, 100, 120 + plan.more), plan.light))
    return sketch


def phone(plan: Plan) -> Sketch:
    """A phone with the symbol on its screen, and the caption on a button below."""
    bottom = 134 + plan.more if plan.caption else 114
    sketch = Sketch(span(-9, -20, 109, bottom + 6))
    sketch.add(plan.shade, rounded(span(107, 18, 111, 40), 1.5))
    sketch.add(plan.colour, rounded(span(-9, -20, 109, bottom + 6), 18))
    sketch.add(plan.light, rounded(span(-4, -15, 104, bottom + 1), 13))
    sketch.add(
        plan.colour,
        rounded(span(35, -11.5, 65, -5.5), 3),
        rounded(span(35, bottom - 4, 65, bottom - 2.2), 0.9),
    )
    if plan.caption:
        sketch.add(plan.colour, rounded(span(5, 104, 95, 124 + plan.more), 10))
        sketch.shapes.append(caption(plan, span(11, 107.5, 89, 120.5 + plan.more), plan.colour))
    return sketch


def bag(plan: Plan) -> Sketch:
    """A shopping bag with its handle, the caption below the symbol."""
    bottom = 129 + plan.more if plan.caption else 111
    sketch = Sketch(span(-15, -47, 115, bottom))
    left, right = quarter((27, -30), (27, -44), (50, -44)), quarter((50, -44), (73, -44), (73, -30))
    grip = Contour((27, -10), ((27, -30), left, right, (73, -10)))
    sketch.add(plan.shade, stroke(grip, 4.6))
    body = softened([(-10, -18), (110, -18), (115, bottom), (-15, bottom)], [3, 3, 9, 9])
    sketch.add(plan.colour, body)
    sketch.add(plan.light, circle(27, -10, 2.6), circle(73, -10, 2.6), rounded(SQUARE, RADIUS))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(-4, 107.5, 104, 122.5 + plan.more), plan.colour))
    return sketch


def clipboard(plan: Plan) -> Sketch:
    """A clipboard, the symbol and the caption on its paper."""
    bottom = 124 + plan.more if plan.caption else 106
    sketch = Sketch(span(-14, -31, 114, bottom + 8))
    sketch.add(plan.colour, rounded(span(-14, -24, 114, bottom + 8), 9))
    sketch.add(plan.light, rounded(span(-6, -14, 106, bottom), 3))
    clip = circle(50, -25, 6) + hole(circle(50, -25, 2.6))
    sketch.add(plan.shade, clip, softened([(30, -21), (70, -21), (75, -6), (25, -6)], [4, 4, 3, 3]))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(0, 104.5, 100, 118.5 + plan.more), plan.light))
    return sketch


def cup(plan: Plan) -> Sketch:
    """A steaming cup on its saucer, the caption below the symbol."""
    bottom = 131 + plan.more if plan.caption else 117
    sketch = Sketch(span(-16, -40, 138, bottom + 8))
    for x in (26, 50, 74):
        wave = Contour((x, -15), ((x - 9, -21, x + 9, -26, x, -34),))
        sketch.add(plan.shade, stroke(wave, 3, 2))
    sketch.add(plan.colour, ring(span(92, 14, 138, 74), 23, 9))
    sketch.add(plan.colour, rectangle(span(-9, -9, 109, bottom), (5, 5, 26, 26)))
    sketch.add(plan.shade, rounded(span(-16, bottom + 2, 116, bottom + 8), 3))
    sketch.add(plan.light, rounded(SQUARE, RADIUS))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(6, 107.5, 94, 122 + plan.more), plan.colour))
    return sketch


def window(plan: Plan) -> Sketch:
    """A browser's window with the caption in its address bar."""
    whole = span(-6, -27, 106, 106)
    sketch = Sketch(whole)
    sketch.add(plan.light, rounded(whole, 8))
    sketch.add(plan.colour, rectangle(span(-6, -27, 106, -6), (8, 8, 0, 0)), ring(whole, 8, 2.6))
    sketch.add(plan.light, *(circle(x, -16.5, 2.3) for x in (3, 10, 17)))
    if plan.caption:
        sketch.add(plan.light, rounded(span(24, -23, 102, -10), 6.5))
        sketch.shapes.append(caption(plan, span(29, -21.5, 97, -11.5), plan.light, 2))
    return sketch


def tag(plan: Plan) -> Sketch:
    """A tag on a string, the caption below the symbol."""
    bottom = 128 + plan.more if plan.caption else 110
    sketch = Sketch(span(-10, -46, 110, bottom))
    body = softened(
        [(22, -34), (78, -34), (110, -8), (110, bottom), (-10, bottom), (-10, -8)], [7, 7, 9, 11, 11, 9]
    )
    sketch.add(plan.colour, body + hole(circle(50, -20, 5.5)))
    string = Contour((50, -20), ((44, -32, 50, -40, 62, -44),))
    sketch.add(plan.shade, ring(span(42.2, -27.8, 57.8, -12.2), 7.8, 2.4), stroke(string, 1.6))
    sketch.add(plan.light, rounded(SQUARE, RADIUS))
    if plan.caption:
        sketch.shapes.append(caption(plan, span(-3, 107, 103, 122 + plan.more), plan.colour))
    return sketch
