"""What PDF and EPS have in common: a drawing in PDF's operators, which EPS defines as procedures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bot.qr.drawing import Drawing, Fill, Image, Layout
from bot.qr.output.vector.colour import OPERATORS, SPACES, inks, solid, stops
from bot.qr.output.vector.gradient import Spanned, line, radius, reach, spokes
from bot.qr.output.vector.merged import Merged, merged
from bot.qr.output.vector.outline import operators, short
from bot.qr.output.vector.sheet import Sheet
from bot.qr.shapes.path import Box, Point, rectangle
from bot.qr.style.style import Gradient, Paint

TRIMMED = 50.0  # millimetres of a drawing's width where its style says none
POINT = 25.4 / 72  # millimetres

MIDDLE = 32767.5  # of sixteen bits


@dataclass(frozen=True, slots=True)
class Ways:
    """How one format says what the formats say differently.

    ``shade`` paints all that is clipped with a gradient, ``image`` paints a picture over the unit square, y
    downwards, and ``tiles`` writes tiles, told whether their colour is solid.
    """

    cmyk: bool
    shade: Mapping[Spanned, str]
    image: Callable[[Image], str]
    tiles: Callable[[Merged, bool], Tiles]


@dataclass(frozen=True, slots=True)
class Tiles:
    """A path of tiles, and operators that paint the others in the current colour."""

    path: str
    painted: str = ""


def content(drawing: Drawing, on: Sheet, ways: Ways) -> str:
    """Write a drawing on its sheet, y upwards from the bottom left, in points."""
    layout = drawing.layout
    scale, media = on.module / POINT, on.media
    parts = [
        f"{short(scale, 6)} 0 0 {short(-scale, 6)} {short(-media.x * scale, 4)} "
        f"{short((media.y + media.height) * scale, 4)} cm"
    ]
    if layout.corner:
        whole = rectangle(Box(0, 0, layout.width, layout.height), (layout.corner,) * 4)
        parts += ["q", operators(whole), "W n"]
    parts += (_element(each, ways) for each in layout.below)
    parts += _tiles(drawing, ways)
    parts += (_element(each, ways) for each in layout.above)
    if layout.corner:
        parts.append("Q")
    if on.marks:
        parts += [_colour("#000000", ways.cmyk), operators(on.marks), "f"]
    return "\n".join(filter(None, parts))


def _element(element: Fill | Image, ways: Ways) -> str:
    if isinstance(element, Fill):
        if not element.path:
            return ""
        return "\n".join(filter(None, _filled(operators(element.path), element.paint, element.box, ways)))
    box = element.box
    placed = f"{short(box.width)} 0 0 {short(box.height)} {short(box.x)} {short(box.y)} cm"
    clip = f"{operators(element.clip)}\nW n\n" if element.clip else ""
    return f"q\n{clip}{placed}\n{ways.image(element)}\nQ"


def _filled(path: str, paint: Paint, box: Box, ways: Ways, at: Point = (0, 0)) -> Iterator[str]:
    """Fill a path that is written from ``at``; a gradient spans its box from the picture's corner."""
    moved = any(at)
    if isinstance(paint, str):
        yield from (_colour(paint, ways.cmyk), "q" * moved, _shift(*at), path, "f", "Q" * moved)
    else:
        yield from ("q", _shift(*at), path, "W n", _shift(-at[0], -at[1]), ways.shade[paint, box], "Q")


def _shift(x: float, y: float) -> str:
    return f"1 0 0 1 {short(x)} {short(y)} cm" if x or y else ""


def _tiles(drawing: Drawing, ways: Ways) -> Iterator[str]:
    """Write the tiles from the symbol's corner, so that their numbers are short."""
    layout = drawing.layout
    paint, at = layout.tiles.paint, (layout.x, layout.y)
    tiles = ways.tiles(merged(drawing), isinstance(paint, str))
    if tiles.path:
        yield from _filled(tiles.path, paint, layout.tiles.box, ways, at)
    if tiles.painted and isinstance(paint, str):
        yield from (_colour(paint, ways.cmyk), "q", _shift(*at), tiles.painted, "Q")


def _colour(colour: str, cmyk: bool) -> str:
    channels = solid(colour, cmyk)
    return f"{' '.join(short(each / 255) for each in channels)} {OPERATORS[len(channels)]}"


@dataclass(frozen=True, slots=True)
class Shading:
    """A gradient (ISO 32000-1, 8.7.4.5): entries of its dictionary, and of its function's where it has one.

    ``data``: the function's samples, or the mesh itself.
    """

    entries: str
    function: str
    data: bytes


def shading(paint: Gradient, box: Box, layout: Layout) -> Shading:
    """Describe a gradient of a layout."""
    cmyk = layout.print.cmyk
    if paint.kind == "conic":
        return _mesh(paint, box.centre, reach(layout, box), cmyk)
    samples = stops(paint, cmyk)
    count, channels = samples.shape
    if paint.kind == "linear":
        kind, coords = 2, list(line(paint, box))
    else:
        kind, coords = 3, [*box.centre, 0, *box.centre, radius(box)]
    return Shading(
        f"/ShadingType {kind}/ColorSpace{SPACES[channels]}/Coords[{' '.join(map(short, coords))}]"
        "/Extend[true true]",
        f"/FunctionType 0/Domain[0 1]/Range[{_ranges(channels)}]/Size[{count}]/BitsPerSample 8",
        samples.tobytes(),
    )


def _ranges(channels: int) -> str:
    return " ".join(["0 1"] * channels)


def _mesh(paint: Gradient, centre: Point, length: float, cmyk: bool) -> Shading:
    """Draw a conic gradient's wedges as a lattice (8.7.4.5.6): a row of vertices in the middle, one outside.

    As paths, they would leave hairlines, or make the edges they are clipped to bolder.
    """
    angles, colours = spokes(paint)
    samples = inks(np.rint(colours).astype(np.uint8), cmyk)
    count, channels = samples.shape
    vertices = np.zeros((2, count), [("place", ">u2", 2), ("colour", "u1", channels)])
    vertices["colour"] = samples
    vertices["place"][0] = MIDDLE
    vertices["place"][1] = np.rint(MIDDLE * (1 + np.stack((np.cos(angles), np.sin(angles)), axis=-1)))
    edges = (f"{short(value - length)} {short(value + length)}" for value in centre)
    return Shading(
        f"/ShadingType 5/ColorSpace{SPACES[channels]}/BitsPerCoordinate 16/BitsPerComponent 8"
        f"/VerticesPerRow {count}/Decode[{' '.join(edges)} {_ranges(channels)}]",
        "",
        vertices.tobytes(),
    )
