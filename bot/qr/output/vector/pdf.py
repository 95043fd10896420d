"""PDF (ISO 32000-1): one page in its true size, with trim and bleed; forms and gradients as objects."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import partial

from bot.qr.drawing import Drawing, Image, Layout
from bot.qr.output.vector.colour import SPACES, Samples, inks
from bot.qr.output.vector.content import POINT, TRIMMED, Tiles, Ways, content, shading
from bot.qr.output.vector.gradient import Spanned, gradients
from bot.qr.output.vector.merged import Merged, Place
from bot.qr.output.vector.outline import operators, short
from bot.qr.output.vector.pictures import decoded, packed
from bot.qr.output.vector.sheet import Sheet, sheet
from bot.qr.shapes.path import Box, Path

SHORT = 30  # characters of a path: a rectangle. Some viewers move a lone one to whole pixels.
FIRST = 5  # number of the first object after catalogue, pages, page and content


@dataclass(slots=True)
class _Objects:
    """Objects that the page's content names by their numbers, gathered while it is written."""

    cmyk: bool
    objects: list[bytes] = field(default_factory=list)
    named: dict[str, list[int]] = field(default_factory=dict)

    def add(self, body: bytes, category: str = "") -> int:
        number = FIRST + len(self.objects)
        self.objects.append(body)
        if category:
            self.named.setdefault(category, []).append(number)
        return number

    @property
    def resources(self) -> str:
        return "".join(
            f"/{category}<<{''.join(f'/N{each} {each} 0 R' for each in numbers)}>>"
            for category, numbers in self.named.items()
        )


def pdf(drawing: Drawing) -> bytes:
    """Write a page as wide as its style says, else 50 mm; greys in DeviceGray: black prints as black."""
    layout = drawing.layout
    on = sheet(layout, TRIMMED)
    made = _Objects(layout.print.cmyk)
    ways = Ways(
        made.cmyk, _shadings(made, layout), partial(_image, made), partial(_tiles, made, layout.tiles.shapes)
    )
    body = content(drawing, on, ways)
    blending = "/Group<</S/Transparency/CS/DeviceCMYK>>" if layout.print.cmyk else ""
    page = f"<</Type/Page/Parent 2 0 R{_boxes(on)}{blending}/Contents 4 0 R/Resources<<{made.resources}>>>>"
    return _file(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page.encode(),
        _stream("", body.encode()),
        *made.objects,
    )


def _boxes(on: Sheet) -> str:
    """Write the page's boxes, in points (14.11.2)."""
    scale, media = on.module / POINT, on.media

    def box(each: Box) -> str:
        left, bottom = each.x - media.x, media.y + media.height - each.y - each.height
        edges = (left, bottom, left + each.width, bottom + each.height)
        return " ".join(short(value * scale, 4) for value in edges)

    return f"/MediaBox[{box(media)}]/BleedBox[{box(on.bleed)}]/TrimBox[{box(on.trim)}]"


def _shadings(made: _Objects, layout: Layout) -> dict[Spanned, str]:
    painting = {}
    for paint, box in gradients(layout):
        what = shading(paint, box, layout)
        if what.function:
            number = made.add(_stream(what.function, what.data))
            body = f"<<{what.entries}/Function {number} 0 R>>".encode()
        else:
            body = _stream(what.entries, what.data)
        painting[paint, box] = f"/N{made.add(body, 'Shading')} sh"
    return painting


def _image(made: _Objects, image: Image) -> str:
    """Add a picture, and its transparency as a soft mask where it has any; y runs downwards here."""
    pixels = decoded(image.data)
    mask = ""
    if (pixels[..., 3] != 255).any():
        mask = f"/SMask {_samples(made, pixels[..., 3:], '', '')} 0 R"
    colours = inks(pixels[..., :3], made.cmyk)
    return f"1 0 0 -1 0 1 cm /N{_samples(made, colours, mask, 'XObject')} Do"


def _samples(made: _Objects, samples: Samples, more: str, category: str) -> int:
    height, width, channels = samples.shape
    data, how = packed(samples)
    entries = (
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace{SPACES[channels]}"
        f"/BitsPerComponent 8/Interpolate true/Filter/FlateDecode{f'/DecodeParms{how}' if how else ''}{more}"
    )
    return made.add(_plain(entries, data), category)


def _tiles(made: _Objects, shapes: tuple[Path, ...], tiles: Merged, solid: bool) -> Tiles:
    """Write tiles; loose ones become forms, unless short or a gradient runs through all of them."""
    kinds = {place[0] for place in tiles.loose} if solid else set()
    reused = {number for number in kinds if len(operators(shapes[number])) > SHORT}
    path = [f"{' '.join(map(str, each))} re" for each in tiles.rectangles]
    places = (*tiles.joined, *tiles.loose)
    path += [operators(shapes[number], x, y) for number, x, y in places if number not in reused]
    forms = tuple(place for place in tiles.loose if place[0] in reused)
    return Tiles("\n".join(path), _forms(made, shapes, forms))


def _forms(made: _Objects, shapes: tuple[Path, ...], places: tuple[Place, ...]) -> str:
    """Paint forms, each moved on from the one before (8.10)."""
    entries = "/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<>>"
    names = {
        number: made.add(_stream(entries, f"{operators(shapes[number])}\nf".encode()), "XObject")
        for number in sorted({place[0] for place in places})
    }
    lines, before = [], (0, 0)
    for number, x, y in places:
        lines.append(f"1 0 0 1 {x - before[0]} {y - before[1]} cm/N{names[number]} Do")
        before = (x, y)
    return "\n".join(lines)


def _stream(entries: str, data: bytes) -> bytes:
    """Make a stream, compressed where that is shorter."""
    small = zlib.compress(data)
    if len(small) + len("/Filter/FlateDecode") < len(data):
        return _plain(f"{entries}/Filter/FlateDecode", small)
    return _plain(entries, data)


def _plain(entries: str, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries.encode(), len(data), data)


def _file(*objects: bytes) -> bytes:
    """Number the objects and write the cross-reference table (7.5.4)."""
    body, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, one)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\n" % (count, entries, count)
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)
