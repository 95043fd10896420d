"""EPS (PostScript LanguageLevel 3): PDF's operators and the tiles are procedures in its own dictionary."""

from __future__ import annotations

import math
from base64 import a85encode
from functools import partial

import numpy as np

from bot.qr.drawing import Drawing, Image, Layout
from bot.qr.output.raster.colour import rgb
from bot.qr.output.vector.colour import SPACES, Samples, inks
from bot.qr.output.vector.content import POINT, TRIMMED, Tiles, Ways, content, shading
from bot.qr.output.vector.gradient import Spanned, gradients
from bot.qr.output.vector.merged import Merged
from bot.qr.output.vector.outline import operators, short
from bot.qr.output.vector.pictures import decoded, packed
from bot.qr.output.vector.sheet import sheet
from bot.qr.shapes.path import Path

# "re" as in ISO 32000-1, 8.5.2.1; "t" and "e" stand around a tile's path: to its cell, back without drift.
_OPERATORS = """64 dict begin
/q/gsave load def/Q/grestore load def/m/moveto load def/l/lineto load def/c/curveto load def
/h/closepath load def/f/fill load def/W/clip load def/n/newpath load def
/g/setgray load def/rg/setrgbcolor load def/k/setcmykcolor load def
/cm{6 array astore concat}bind def
/re{4 2 roll m exch dup 0 rlineto exch 0 exch rlineto neg 0 rlineto h}bind def
/p matrix def/t{p currentmatrix pop translate}bind def/e{p setmatrix}bind def
"""


def eps(drawing: Drawing) -> bytes:
    """Write an EPS as wide as its style says, else 50 mm; what is half transparent is laid on the ground."""
    layout = drawing.layout
    on = sheet(layout, TRIMMED)
    defined, painting = _shadings(layout)
    cmyk = layout.print.cmyk
    image = partial(_image, cmyk, layout.ground or "#ffffff")
    ways = Ways(cmyk, painting, image, partial(_tiles, layout.tiles.shapes))
    width, height = (each * on.module / POINT for each in (on.media.width, on.media.height))
    return (
        "%!PS-Adobe-3.0 EPSF-3.0\n"
        f"%%BoundingBox: 0 0 {_up(width)} {_up(height)}\n"
        f"%%HiResBoundingBox: 0 0 {short(width, 4)} {short(height, 4)}\n"
        "%%LanguageLevel: 3\n%%EndComments\n"
        f"{_OPERATORS}{defined}q\n{content(drawing, on, ways)}\nQ end\n%%EOF\n"
    ).encode()


def _up(value: float) -> int:
    return math.ceil(round(value, 4))


def _shadings(layout: Layout) -> tuple[str, dict[Spanned, str]]:
    """Define a layout's gradients (PLRM, 4.9.3), and say how each is painted."""
    defined, painting = "", {}
    for number, (paint, box) in enumerate(gradients(layout)):
        what = shading(paint, box, layout)
        data = f"/DataSource<~{_text(what.data)}"
        if what.function:
            data = f"/Function<<{what.function}\n{data}>>"
        defined += f"/s{number}<<{what.entries}\n{data}>>def\n"
        painting[paint, box] = f"s{number} shfill"
    return defined, painting


def _text(data: bytes) -> str:
    """Write bytes in ASCII, up to the mark of their end; no line looks like a comment."""
    return a85encode(data, wrapcol=100, adobe=True)[2:].decode().replace("\n%", "\n %")


def _image(cmyk: bool, ground: str, image: Image) -> str:
    """Write a picture laid on the ground; what is all transparent is masked (PLRM, 4.10.6, ImageType 3)."""
    pixels = decoded(image.data)
    height, width, _ = pixels.shape
    alpha = pixels[..., 3:]
    colours = inks(_laid(pixels[..., :3], alpha, ground), cmyk)
    masked = bool((alpha == 0).any())
    channels = colours.shape[-1]
    if masked:
        colours = np.concatenate(((alpha == 0) * np.uint8(255), colours), axis=-1)
    data, how = packed(colours)
    common = (
        f"/ImageType 1/Width {width}/Height {height}/BitsPerComponent 8/ImageMatrix[{width} 0 0 {height} 0 0]"
    )
    source = f"/DataSource currentfile/ASCII85Decode filter{how}/FlateDecode filter"
    entries = f"<<{common}/Decode[{' '.join(['0 1'] * channels)}]/Interpolate true\n{source}>>"
    if masked:
        entries = f"<</ImageType 3/InterleaveType 1/MaskDict<<{common}/Decode[0 1]>>\n/DataDict{entries}>>"
    return f"{SPACES[channels]} setcolorspace\n{entries}image\n{_text(data)}"


def _laid(colours: Samples, alpha: Samples, ground: str) -> Samples:
    weight = alpha.astype(np.uint16)
    under = np.array(rgb(ground), np.uint16)
    return ((colours * weight + under * (255 - weight) + 127) // 255).astype(np.uint8)


def _tiles(shapes: tuple[Path, ...], tiles: Merged, _solid: bool) -> Tiles:
    """Write one procedure for each shape that occurs, then its name at every place, all of it one path."""
    places = (*tiles.joined, *tiles.loose)
    numbers = sorted({place[0] for place in places})
    parts = [f"/f{number}{{t\n{operators(shapes[number])}\ne}}def" for number in numbers]
    parts += [f"{' '.join(map(str, each))} re" for each in tiles.rectangles]
    parts += [f"{x} {y} f{number}" for number, x, y in places]
    return Tiles("\n".join(parts))
