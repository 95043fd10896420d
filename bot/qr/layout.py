"""Symbol and style to a drawing: where everything goes, decided once for all outputs.

What does not depend on what the code says, the layout, is made once for a style and a version, and kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.qr.drawing import Drawing, Fill, Image, Layout, TileSet
from bot.qr.logo import NO_ART, Art, Placed, backdrop, place
from bot.qr.matrix import Role, alignments, roles, size_of
from bot.qr.refusal import Refused
from bot.qr.shapes.eyes import alignment, eyeball, finder
from bot.qr.shapes.frames import Framed, framed
from bot.qr.shapes.modules import module_shape
from bot.qr.shapes.path import Box, moved, rectangle
from bot.qr.style import TRANSPARENT, Gradient, Paint, Print, Style
from bot.qr.style.limits import MILLIMETRES, PIXELS, too_fine
from bot.qr.symbol import Symbol

KEPT = 32  # layouts
SWISS_SIDE = 46  # millimetres of a Swiss QR code without its quiet zone (guidelines QR-bill 2.3)

# Width and height (mm) of the white border, the black square, the two arms of the white cross (SIX, Style
# Guide QR-bill).
_CROSS = ((7, 7, False), (6, 6, True), (7 / 6, 35 / 9, False), (35 / 9, 7 / 6, False))

Hidden = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A layout, and what of the symbol it needs: which modules it draws as tiles, which it hides."""

    layout: Layout
    tiled: NDArray[np.uint8]  # n × n: 1 where a dark module is drawn as a tile
    hidden: Hidden  # n × n: modules that a logo covers


def draw(symbol: Symbol, style: Style, art: Art = NO_ART, cross: bool = False) -> Drawing:
    """Lay a symbol out; ``art`` holds the pictures a style names, ``cross`` puts the Swiss cross on it.

    Raises Refused where it cannot be drawn at the size asked for, or its caption cannot be written.
    """
    if cross:
        return _with_cross(symbol, style)
    made = plan(style, symbol.version, art)
    numbers = module_shape(style.modules).numbers(symbol.modules & made.tiled)
    tiles = numbers & -made.tiled if _joins(style) else numbers
    return Drawing(made.layout, tiles.tobytes(), symbol.modules.tobytes())


def _joins(style: Style) -> bool:
    """Tell whether light modules get tiles too, which must not stand where none are drawn."""
    return style.modules == "liquid"


@lru_cache(maxsize=KEPT)
def plan(style: Style, version: int, art: Art = NO_ART) -> Plan:
    """Lay out all of a style that is the same for every symbol of a version."""
    side = size_of(version)
    placed = place(style.logo, art.logo, version) if style.logo is not None and art.logo else None
    hidden = np.zeros((side, side), np.bool_) if placed is None else placed.hidden
    one_shape = _all_squares(style)
    tiled = np.ones((side, side), np.uint8)
    if not one_shape:
        role = roles(version)
        tiled[(role == Role.FINDER) | (role == Role.ALIGNMENT)] = 0
    tiled[hidden] = 0
    page = _page(style, side)
    symbol_box = Box(page.x, page.y, side, side)
    above: tuple[Fill | Image, ...] = () if one_shape else _eyes(style, version, hidden, symbol_box)
    below = page.below
    if art.backdrop and style.backdrop is not None:
        quiet = style.quiet_zone
        area = Box(page.x - quiet, page.y - quiet, side + 2 * quiet, side + 2 * quiet)
        if style.frame is None:
            area = Box(0, 0, page.width, page.height)
        below = (*below, Image(backdrop(art.backdrop, style.backdrop.fade), area))
    if placed is not None:
        logo = _logo(placed, style, symbol_box)
        below, above = ((*below, *logo), above) if placed.behind else (below, (*above, *logo))
    solid = isinstance(style.light, str) and style.light != TRANSPARENT
    plain_ground = solid and not (placed is not None and placed.behind) and style.backdrop is None
    tiles = TileSet(module_shape(style.modules).shapes, style.dark, symbol_box)
    layout = Layout(
        page.width, page.height, page.module, page.x, page.y, side, below, above, tiles,
        str(style.light) if plain_ground else "", page.corner, page.bleed, style.print,
    )  # fmt: skip
    tiled.flags.writeable = hidden.flags.writeable = False
    return Plan(layout, tiled, hidden)


def _all_squares(style: Style) -> bool:
    """Tell whether finder and alignment patterns look like all other modules: then all are tiles."""
    return style.modules == style.finder == style.eyeball == "square" and not (
        style.finder_colour or style.eyeball_colour
    )


def _eyes(style: Style, version: int, hidden: Hidden, box: Box) -> tuple[Fill, ...]:
    """Draw finder and alignment patterns, each in its colour."""
    last = size_of(version) - 7
    rings, balls = [], []
    for corner, (x, y) in enumerate(((0, 0), (last, 0), (0, last))):
        rings.append(moved(finder(style.finder, corner, version), box.x + x, box.y + y))
        balls.append(moved(eyeball(style.eyeball, corner), box.x + x + 2, box.y + y + 2))
    ring, middle = alignment(style.finder, style.eyeball)
    for y, x in alignments(version):
        if not hidden[y, x]:
            rings.append(moved(ring, box.x + x - 2, box.y + y - 2))
            balls.append(moved(middle, box.x + x - 2, box.y + y - 2))
    return (
        Fill(tuple(one for path in rings for one in path), style.finder_colour or style.dark, box),
        Fill(tuple(one for path in balls for one in path), style.eyeball_colour or style.dark, box),
    )


def _logo(placed: Placed, style: Style, box: Box) -> tuple[Fill | Image, ...]:
    area = Box(box.x + placed.box.x, box.y + placed.box.y, placed.box.width, placed.box.height)
    return (Image(placed.data, area, moved(placed.clip, box.x, box.y) if placed.clip else ()),)


# --- the page -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Page:
    """The whole picture: its size in modules, pixels a module, where the symbol begins, what is under it."""

    width: float
    height: float
    module: int
    x: float
    y: float
    below: tuple[Fill | Image, ...]
    corner: float
    bleed: float


def _page(style: Style, side: int) -> _Page:
    """Fit symbol, quiet zone, frame and bleed into so many whole pixels a module."""
    square = side + 2 * style.quiet_zone
    frame = frame_of(style, square)
    module, spare, edge = _printed(style.print, frame) if style.print.width else _sized(style.size, frame)
    width, height = (each + spare / module for each in (frame.width, frame.height))
    x, y = (math.floor(spare / 2 + (at + style.quiet_zone) * module) / module for at in (frame.x, frame.y))
    whole = Box(0, 0, width, height)
    left, top = x - frame.x - style.quiet_zone, y - frame.y - style.quiet_zone
    inside, ground = rectangle(Box(0, 0, frame.width, frame.height)), _ground(style.light, whole)
    shapes = tuple(
        Fill(rectangle(whole) if path == inside else moved(path, left, top), colour, whole)
        for path, colour in frame.shapes
    )  # a frame's own ground goes to the edge
    corner = style.corners / 100 * min(width, height)
    return _Page(width, height, module, x, y, (*ground, *shapes), corner, edge / module)


def frame_of(style: Style, square: int) -> Framed:
    """Draw a style's frame around a square of so many modules; raises Refused if its caption will not do."""
    if style.frame is None:
        return Framed(square, square, 0, 0, (), False)
    dark = style.dark.colours[0] if isinstance(style.dark, Gradient) else style.dark
    light = "#ffffff" if isinstance(style.light, Gradient) or style.light == TRANSPARENT else style.light
    return framed(style.frame, square, dark, light)


def _sized(size: int, frame: Framed) -> tuple[int, int, float]:
    """Give the pixels of a module, those that are left over on either axis, and no bleed."""
    longer = math.ceil(max(frame.width, frame.height))
    module = size // longer
    if module < 1:
        raise Refused("This code needs at least {least} pixels a side.", field="size", least=longer)
    return module, size - longer * module, 0.0


def _printed(how: Print, frame: Framed) -> tuple[int, int, float]:
    """Give the pixels of a module, those that are left over on either axis, and those of the bleed."""
    dots = how.dpi / MILLIMETRES  # a millimetre
    wide = how.width + 2 * how.bleed
    width = round(wide * dots)
    edge = how.bleed * width / wide
    across = math.ceil(frame.width)
    module = int((width - 2 * edge + 1e-6) / across)
    if module < 1:
        raise Refused(
            "This code needs at least {least} mm at {dpi} dpi. Print it larger, or shorten its text.",
            field="print", least=math.ceil(across / dots), dpi=how.dpi,
        )  # fmt: skip
    spare = width - across * module
    longer = max(width, math.ceil(frame.height) * module + spare)
    if longer > PIXELS:
        raise too_fine(how.dpi * PIXELS / longer)
    return module, spare, edge


def _ground(light: Paint, box: Box) -> tuple[Fill, ...]:
    return () if light == TRANSPARENT else (Fill(rectangle(box), light, box),)


# --- the Swiss cross ----------------------------------------------------------------------------------------


def _with_cross(symbol: Symbol, style: Style) -> Drawing:
    """Lay the Swiss cross over the modules, as SIX draws it: it covers some of them in part."""
    whole = plan(style, symbol.version).layout
    squares = dark_runs(symbol, whole.x, whole.y)
    box = Box(whole.x, whole.y, symbol.size, symbol.size)
    cross = tuple(
        Fill(rectangle(area), str(style.dark if dark else style.light), box)
        for area, dark in swiss_cross(box)
    )
    modules = Fill(tuple(one for area in squares for one in rectangle(area)), style.dark, box)
    layout = replace(whole, below=(*whole.below, modules), above=cross)
    return Drawing(layout, bytes(symbol.size * symbol.size), symbol.modules.tobytes())


def dark_runs(symbol: Symbol, x: float = 0, y: float = 0) -> list[Box]:
    """List the dark modules, those beside each other as one, moved by (x, y)."""
    edges = np.diff(symbol.modules.astype(np.int8), axis=1, prepend=0, append=0)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    return [
        Box(x + int(left), y + int(row), int(right - left), 1)
        for (row, left), (_, right) in zip(starts, ends, strict=True)
    ]


def swiss_cross(box: Box) -> list[tuple[Box, bool]]:
    """List the rectangles of the cross on a symbol's middle, from the ground up, and whether each is dark."""
    millimetre, (x, y) = box.width / SWISS_SIDE, box.centre
    return [
        (Box(x - across / 2, y - down / 2, across, down), dark)
        for across, down, dark in ((w * millimetre, h * millimetre, dark) for w, h, dark in _CROSS)
    ]
