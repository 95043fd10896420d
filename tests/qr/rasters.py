"""Drawings made by hand, and another rasteriser to compare their pixels with."""

import importlib
import io
import math
from base64 import b64encode
from dataclasses import replace

import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image as Picture

from bot.qr.drawing import Drawing, Fill, Image, Layout, TileSet
from bot.qr.output.raster import Raster
from bot.qr.shapes.path import Box, Path, circle, hole, moved, polygon, rectangle
from bot.qr.style.style import Gradient

Pixels = NDArray[np.uint8]
module = importlib.import_module

SQUARES: tuple[Path, ...] = ((), rectangle(Box(0, 0, 1, 1)))
SHAPES: tuple[Path, ...] = (
    (),
    circle(0.5, 0.5, 0.45),
    rectangle(Box(0, 0, 1, 1), (0.5, 0, 0.5, 0)),
    polygon([(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)]),
    rectangle(Box(0, 0, 1, 1)),
)
SIDE, QUIET = 21, 2
WIDE = SIDE + 2 * QUIET
WHOLE = Box(0, 0, WIDE, WIDE)
SYMBOL = Box(QUIET, QUIET, SIDE, SIDE)
MIDDLE = Box(WIDE / 2 - 3, WIDE / 2 - 3, 6, 6)
SUNSET = Gradient("linear", ("#ff0040", "#ffc000", "#0040ff"), 30)
GLOW = Gradient("radial", ("#ffffff", "#ffd0a0"))
WHEEL = Gradient("conic", ("#ff0040", "#0040ff", "#00a020"), 45)


def photo(side: int = 120, alpha: bool = False) -> bytes:
    """Make a PNG of thousands of colours, a disc if ``alpha``."""
    y, x = np.mgrid[:side, :side]
    red, green = x * 255 // side, y * 255 // side
    inside = np.hypot(x + 0.5 - side / 2, y + 0.5 - side / 2) < side / 2
    opaque = np.where(inside | (not alpha), 255, 0)
    out = io.BytesIO()
    Picture.fromarray(np.stack([red, green, 255 - red, opaque], -1).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


def eyes(paint: str | Gradient = "#1a2b3c") -> tuple[Fill, ...]:
    """Draw three finder patterns with round rings."""
    parts: list[Fill] = []
    for x, y in ((0, 0), (SIDE - 7, 0), (0, SIDE - 7)):
        outer, inner = Box(QUIET + x, QUIET + y, 7, 7), Box(QUIET + x + 1, QUIET + y + 1, 5, 5)
        parts.append(Fill(rectangle(outer, (2,) * 4) + hole(rectangle(inner, (1.2,) * 4)), paint, outer))
        parts.append(Fill(circle(*outer.centre, 1.5), "#c02030", outer))
    return tuple(parts)


def drawing(**changes: object) -> Drawing:
    """Draw random tiles between finder patterns, the middle left free; with some fields of the layout changed."""
    shapes = len(SHAPES)
    numbers = np.random.default_rng(7).integers(0, shapes, (SIDE, SIDE), np.uint8)
    numbers[:8, :8] = numbers[:8, -8:] = numbers[-8:, :8] = 0
    numbers[7:14, 7:14] = 0
    layout = Layout(
        WIDE, WIDE, 12, QUIET, QUIET, SIDE, (Fill(rectangle(WHOLE), "#fff4e0", WHOLE),), eyes(),
        TileSet(SHAPES, "#1a2b3c", SYMBOL), "#fff4e0",
    )  # fmt: skip
    return Drawing(replace(layout, **changes), numbers.tobytes())  # type: ignore[arg-type]


def plain(dark: str = "#000000", light: str = "#ffffff", px: int = 10, spare: float = 0) -> Drawing:
    """Draw random squares, the picture ``spare`` modules larger than it need be."""
    wide = WIDE + spare
    whole = Box(0, 0, wide, wide)
    at = math.floor((QUIET + spare / 2) * px) / px
    ground = (Fill(rectangle(whole), light, whole),)
    numbers = np.random.default_rng(3).integers(0, 2, (SIDE, SIDE), np.uint8)
    tiles = TileSet(SQUARES, dark, SYMBOL)
    return Drawing(Layout(wide, wide, px, at, at, SIDE, ground, (), tiles, light), numbers.tobytes())


# --- another rendering --------------------------------------------------------------------------------------


def outline(path: Path) -> str:
    """Write a path as SVG has it."""
    return "".join(
        f"M{one.start[0]} {one.start[1]}"
        + "".join(f"{'L' if len(step) == 2 else 'C'}{' '.join(map(str, step))}" for step in one.steps)
        + "z"
        for one in path
    )


def svg(of: Drawing, px: int) -> str:
    """Write a drawing as SVG, its conic gradients left out."""
    layout, body, names = of.layout, "", iter(range(1000))

    def fill(path: Path, paint: str | Gradient, box: Box) -> str:
        colour, name = paint, f"g{next(names)}"
        if isinstance(paint, Gradient):
            (x, y), turn = box.centre, math.radians(paint.angle)
            cos, sin = math.cos(turn), math.sin(turn)
            half = (abs(box.width * cos) + abs(box.height * sin)) / 2
            last = len(paint.colours) - 1
            stops = "".join(
                f'<stop offset="{number / last}" stop-color="{each}"/>'
                for number, each in enumerate(paint.colours)
            )
            where = (
                f'x1="{x - half * cos}" y1="{y - half * sin}" x2="{x + half * cos}" y2="{y + half * sin}"'
                if paint.kind == "linear"
                else f'cx="{x}" cy="{y}" r="{math.hypot(box.width, box.height) / 2}"'
            )
            tag = f"{paint.kind}Gradient"
            colour = f"url(#{name})"
            return (
                f'<{tag} id="{name}" gradientUnits="userSpaceOnUse" {where}>{stops}</{tag}>'
                f'<path fill="{colour}" d="{outline(path)}"/>'
            )
        return f'<path fill="{colour}" d="{outline(path)}"/>'

    def part(one: Fill | Image) -> str:
        if isinstance(one, Fill):
            return fill(one.path, one.paint, one.box)
        name, box = f"c{next(names)}", one.box
        shown = (
            f'<image x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" '
            f'preserveAspectRatio="none" href="data:image/png;base64,{b64encode(one.data).decode()}"/>'
        )
        if not one.clip:
            return shown
        clip = f'<clipPath id="{name}"><path d="{outline(one.clip)}"/></clipPath>'
        return f'{clip}<g clip-path="url(#{name})">{shown}</g>'

    tiles: Path = ()
    for number, each in enumerate(of.tiles):
        tiles += moved(layout.tiles.shapes[each], layout.x + number % SIDE, layout.y + number // SIDE)
    body += "".join(map(part, layout.below)) + fill(tiles, layout.tiles.paint, layout.tiles.box)
    body += "".join(map(part, layout.above))
    width, height = round(layout.width * px), round(layout.height * px)
    edge = outline(rectangle(Box(0, 0, layout.width, layout.height), (layout.corner,) * 4))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<clipPath id="all"><path d="{edge}"/></clipPath>'
        f'<g transform="scale({px})"><g clip-path="url(#all)">{body}</g></g></svg>'
    )


def other(of: Drawing, px: int = 12) -> Pixels:
    """Rasterise with resvg: RGBA."""
    data = bytes(resvg_py.svg_to_bytes(svg_string=svg(of, px), dpi=96))
    return np.asarray(Picture.open(io.BytesIO(data)).convert("RGBA"))


def apart(ours: Raster, theirs: Pixels) -> NDArray[np.int16]:
    """Return how far pixels are apart, over white and over black; the more of both."""
    mine = np.asarray(ours.image().convert("RGBA")).astype(np.int16)
    assert mine.shape == theirs.shape

    def over(picture: NDArray[np.int16], ground: int) -> NDArray[np.int16]:
        alpha = picture[..., 3:].astype(np.float32) / 255
        return (picture[..., :3] * alpha + ground * (1 - alpha)).astype(np.int16)

    wanted = theirs.astype(np.int16)
    both = [np.abs(over(mine, ground) - over(wanted, ground)).max(axis=2) for ground in (0, 255)]
    more: NDArray[np.int16] = np.maximum(*both)
    return more


BACK = (Image(photo(), WHOLE),)
CASES: dict[str, tuple[bool | None, dict[str, object]]] = {
    "palette": (True, {}),
    "transparent": (True, {"below": (), "ground": ""}),
    "rounded corners": (True, {"corner": 5.0}),
    "frame below": (True, {"below": (Fill(rectangle(WHOLE), "#30a060", WHOLE), Fill(rectangle(Box(0.7, 0.7, WIDE - 1.4, WIDE - 1.4), (2,) * 4), "#fff4e0", WHOLE))}),
    "logo": (True, {"above": (*eyes(), Image(photo(), MIDDLE))}),
    "logo of alpha, clipped": (True, {"above": (*eyes(), Image(photo(alpha=True), MIDDLE, circle(*MIDDLE.centre, 2.7)))}),
    "logo on nothing": (None, {"below": (), "ground": "", "above": (*eyes(), Image(photo(), MIDDLE))}),
    "gradient": (False, {"tiles": TileSet(SHAPES, SUNSET, SYMBOL)}),
    "gradient on nothing": (False, {"below": (), "ground": "", "tiles": TileSet(SHAPES, SUNSET, SYMBOL)}),
    "gradient below": (False, {"below": (Fill(rectangle(WHOLE), GLOW, WHOLE),), "ground": ""}),
    "gradient in the eyes": (False, {"above": eyes(SUNSET)}),
    "gradient under rounded corners": (False, {"below": (Fill(rectangle(WHOLE), GLOW, WHOLE),), "ground": "", "corner": 6.0}),
    "photograph below": (False, {"below": BACK, "ground": ""}),
    "small picture under the modules": (False, {"below": (Fill(rectangle(WHOLE), "#fff4e0", WHOLE), Image(photo(), Box(11, 2, 6, 6))), "ground": ""}),
}  # fmt: skip


def read(data: bytes) -> Pixels:
    """Read a file with Pillow: RGBA."""
    return np.asarray(Picture.open(io.BytesIO(data)).convert("RGBA"))
