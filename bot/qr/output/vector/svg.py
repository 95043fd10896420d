"""SVG, in modules; forms that stand apart are reused where that is shorter."""

from __future__ import annotations

import base64
import math
from itertools import groupby, pairwise

import numpy as np

from bot.qr.drawing import Drawing, Fill, Image, Layout
from bot.qr.output.vector.gradient import Spanned, gradients, line, radius, reach, spokes
from bot.qr.output.vector.merged import Merged, Place, merged
from bot.qr.output.vector.outline import Piece, piece, placed, relative, short
from bot.qr.output.vector.sheet import Sheet, sheet
from bot.qr.shapes.path import Box, Path, polygon, rectangle
from bot.qr.style.style import Gradient, Paint

PIXEL = 25.4 / 96  # millimetres (CSS)
LONGEST = (
    1,
    2,
    4,
    8,
)  # modules of a run that is one form: the longer, the fewer are used, and the more there are

Named = dict[Spanned, str]  # gradients, and what each is called in the file


def svg(drawing: Drawing) -> bytes:
    """Write an SVG: in millimetres if its style has a width to print, else as large as the raster."""
    layout = drawing.layout
    on = sheet(layout, (layout.width - 2 * layout.bleed) * layout.module * PIXEL)
    named = {each: f"g{number}" for number, each in enumerate(gradients(layout))}
    body = "".join(
        (
            _gradients(layout, named),
            *(_element(each, named, f"a{number}") for number, each in enumerate(layout.below)),
            _tiles(drawing, merged(drawing), named),
            *(_element(each, named, f"b{number}") for number, each in enumerate(layout.above)),
        )
    )
    if layout.corner:
        body = _clipped(body, rectangle(Box(0, 0, layout.width, layout.height), (layout.corner,) * 4), "c")
    marks = f'<path d="{relative(on.marks)}"/>' if on.marks else ""
    return f"{_head(layout, on, 'xlink:' in body)}{body}{marks}</svg>".encode()


def _head(layout: Layout, on: Sheet, linked: bool) -> str:
    media = on.media
    scale, unit = (on.module, "mm") if layout.print.width else (layout.module, "")
    size = f'width="{short(media.width * scale)}{unit}" height="{short(media.height * scale)}{unit}"'
    view = " ".join(map(short, (media.x, media.y, media.width, media.height)))
    return f'<svg xmlns="http://www.w3.org/2000/svg"{_XLINK if linked else ""} {size} viewBox="{view}">'


_XLINK = ' xmlns:xlink="http://www.w3.org/1999/xlink"'  # "href" alone is not known to programs for print


def _element(element: Fill | Image, named: Named, name: str) -> str:
    if isinstance(element, Fill):
        path = element.path
        return _filled(relative(path), element.paint, element.box, named, name) if path else ""
    box = element.box
    source = f"data:image/png;base64,{base64.b64encode(element.data).decode()}"
    image = f'<image{_placed(box)} preserveAspectRatio="none" xlink:href="{source}"/>'
    return _clipped(image, element.clip, name) if element.clip else image


def _clipped(body: str, path: Path, name: str) -> str:
    clip = f'<path d="{relative(path)}"/>'
    return f'<clipPath id="{name}">{clip}</clipPath><g clip-path="url(#{name})">{body}</g>'


def _filled(path: str, paint: Paint, box: Box, named: Named, name: str) -> str:
    """Write a path with its paint."""
    if isinstance(paint, str):
        return f'<path{_solid(paint)} d="{path}"/>'
    if paint.kind == "conic":
        return _behind(f'<path d="{path}"/>', paint, box, named, name)
    return f'<path fill="url(#{named[paint, box]})" d="{path}"/>'


def _behind(shapes: str, paint: Gradient, box: Box, named: Named, name: str) -> str:
    """Paint a gradient where shapes are; reused ones would each move it with them."""
    source = named[paint, box]
    if paint.kind == "conic":  # a mask: clipped wedge by wedge, edges would become bolder
        mask = f'<mask id="{name}"><g fill="#fff">{shapes}</g></mask>'
        return f'{mask}<g mask="url(#{name})"><use xlink:href="#{source}"/></g>'
    clip = f'<clipPath id="{name}">{shapes}</clipPath>'
    return f'{clip}<rect fill="url(#{source})" clip-path="url(#{name})"{_placed(box)}/>'


def _gradients(layout: Layout, named: Named) -> str:
    """Define a layout's gradients: each once."""
    parts = (
        _wedges(layout, paint, box, name) if paint.kind == "conic" else _gradient(paint, box, name)
        for (paint, box), name in named.items()
    )
    return f"<defs>{''.join(parts)}</defs>" if named else ""


def _wedges(layout: Layout, paint: Gradient, box: Box, name: str) -> str:
    """Write the wedges of a conic gradient.

    All but the last reach under the next one, and the first lies on a whole rectangle: no hairlines.
    """
    (x, y), length = box.centre, reach(layout, box)
    angles, colours = spokes(paint)
    points = [(x + length * math.cos(turn), y + length * math.sin(turn)) for turn in angles]
    mixed = [
        "#" + bytes(np.rint((one + other) / 2).astype(np.uint8)).hex() for one, other in pairwise(colours)
    ]
    parts = [f'<path{_solid(paint.colours[0])} d="M0 0h{short(layout.width)}v{short(layout.height)}H0z"/>']
    for number, colour in enumerate(mixed):
        outer = (points[number], points[min(number + 2, len(mixed))])
        parts.append(f'<path{_solid(colour)} d="{relative(polygon(((x, y), *outer)))}"/>')
    return f'<g id="{name}">{"".join(parts)}</g>'


def _placed(box: Box) -> str:
    return _attributes({"x": box.x, "y": box.y, "width": box.width, "height": box.height})


def _attributes(values: dict[str, float]) -> str:
    return "".join(f' {name}="{short(value)}"' for name, value in values.items())


def _solid(colour: str) -> str:
    """Write the attribute that fills with a colour; black is what nothing means."""
    if colour == "#000000":
        return ""
    short_form = colour[1::2] == colour[2::2]
    return f' fill="#{colour[1::2]}"' if short_form else f' fill="{colour}"'


def _gradient(paint: Gradient, box: Box, name: str) -> str:
    if paint.kind == "linear":
        kind, places = "linearGradient", dict(zip(("x1", "y1", "x2", "y2"), line(paint, box), strict=True))
    else:
        kind, places = "radialGradient", {"cx": box.centre[0], "cy": box.centre[1], "r": radius(box)}
    last = len(paint.colours) - 1
    stops = "".join(
        f'<stop offset="{short(number / last, 4)}" stop-color="{colour}"/>'
        for number, colour in enumerate(paint.colours)
    )
    return f'<{kind} id="{name}" gradientUnits="userSpaceOnUse"{_attributes(places)}>{stops}</{kind}>'


def _tiles(drawing: Drawing, tiles: Merged, named: Named) -> str:
    layout = drawing.layout
    kind = layout.tiles
    fixed = [(piece(rectangle(Box(*each))), layout.x, layout.y) for each in tiles.rectangles]
    fixed += _pieces(layout, tiles.joined)
    repeated = placed([*fixed, *_pieces(layout, tiles.loose)])
    if not repeated:
        return ""
    whole = _filled(repeated, kind.paint, kind.box, named, "t")
    if not tiles.loose:
        return whole
    path = f'<path d="{placed(fixed)}"/>' if fixed else ""
    forms, uses = min(
        (_used(layout, tiles.loose, most) for most in LONGEST), key=lambda each: len("".join(each))
    )
    if isinstance(kind.paint, str):
        reused = f"<g{_solid(kind.paint)}>{path}{uses}</g>"
    else:
        reused = _behind(path + uses, kind.paint, kind.box, named, "t")
    return min(whole, f"<defs>{forms}</defs>{reused}", key=len)


def _pieces(layout: Layout, places: tuple[Place, ...]) -> list[tuple[Piece, float, float]]:
    shapes = layout.tiles.shapes
    return [(piece(shapes[number]), layout.x + x, layout.y + y) for number, x, y in places]


def _used(layout: Layout, places: tuple[Place, ...], most: int) -> tuple[str, str]:
    """Write a form for each run of a shape that occurs, of ``most`` modules, and where each is used."""
    shapes = layout.tiles.shapes
    runs: list[tuple[int, int, int, int]] = []  # shape, length, x, y
    for (number, _, y), group in groupby(enumerate(places), key=_run):
        cells = [place[1] for _, place in group]
        runs += ((number, min(most, len(cells) - at), cells[at], y) for at in range(0, len(cells), most))
    names = {form: f"f{at}" for at, form in enumerate(sorted({run[:2] for run in runs}))}
    forms = "".join(
        f'<path id="{name}" d="{placed((piece(shapes[number]), each, 0) for each in range(length))}"/>'
        for (number, length), name in names.items()
    )
    uses = "".join(
        f'<use xlink:href="#{names[number, length]}" x="{short(layout.x + x)}" y="{short(layout.y + y)}"/>'
        for number, length, x, y in runs
    )
    return forms, uses


def _run(each: tuple[int, Place]) -> tuple[int, int, int]:
    """Name what places beside each other in a run of one shape have in common."""
    at, (number, x, y) = each
    return number, x - at, y
