"""Looks laid out by hand, and the programs that draw SVG, PDF and EPS as pixels; none of them is ours."""

import io
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pypdfium2
import pytest
import resvg_py
from numpy.typing import NDArray
from PIL import Image as Picture

from bot.qr.drawing import Drawing, Fill, Image, Layout, TileSet
from bot.qr.output.raster import pixels
from bot.qr.output.vector import eps, pdf, svg
from bot.qr.payloads import payload_of
from bot.qr.shapes.modules import module_shape
from bot.qr.shapes.path import Box, Path, circle, hole, polygon, rectangle
from bot.qr.style.style import Gradient, Paint, Print
from bot.qr.symbol import encode

TEXT = "https://example.com/codes/that/are/long/enough/for/version/five?number=12345678"
SIDE, QUIET, MODULE = 37, 4, 10
GS = shutil.which("gs")
WRITERS: dict[str, Callable[[Drawing], bytes]] = {"svg": svg, "pdf": pdf, "eps": eps}
FORMATS = [
    (
        pytest.param(
            each, marks=pytest.mark.skipif(GS is None, reason="Ghostscript is not installed: make system")
        )
        if each == "eps"
        else each
    )
    for each in WRITERS
]

RED_BLUE = Gradient("linear", ("#cc0000", "#0000cc"), 30)
RADIAL = Gradient("radial", ("#cc0000", "#006600", "#0000cc"))
CONIC = Gradient("conic", ("#aa0000", "#005500", "#0000aa", "#550055"), 45)
PALE = Gradient("linear", ("#ffeecc", "#ccffee", "#ffffff"), 45)

Pixels = NDArray[np.uint8]
NO_PRINT = Print()


@dataclass(frozen=True)
class Scene:
    """A look: the part of a layout that a test is about."""

    modules: str = "square"
    dark: Paint = "#000000"
    light: Paint = "#ffffff"
    below: tuple[Fill | Image, ...] = ()
    above: tuple[Fill | Image, ...] = ()
    free: int = 0  # modules left out in the middle, a side
    corner: float = 0.0
    bleed: float = 0.0
    print: Print = NO_PRINT


@cache
def modules() -> Pixels:
    return np.array(encode(payload_of(TEXT)).modules, np.uint8)


def _finders(at: float) -> Path:
    path: Path = ()
    for x, y in ((0, 0), (SIDE - 7, 0), (0, SIDE - 7)):
        left, top = at + x, at + y
        ring = rectangle(Box(left, top, 7, 7), (2, 2, 2, 2)), hole(rectangle(Box(left + 1, top + 1, 5, 5)))
        path += (*ring[0], *ring[1], *circle(left + 3.5, top + 3.5, 1.5))
    return path


def drawn(scene: Scene) -> Drawing:
    """Lay a scene out by hand, with finder patterns as a path of their own."""
    tiled, at = modules().copy(), QUIET + scene.bleed
    whole = Box(0, 0, SIDE + 2 * at, SIDE + 2 * at)
    symbol = Box(at, at, SIDE, SIDE)
    for x, y in ((0, 0), (SIDE - 7, 0), (0, SIDE - 7)):
        tiled[y : y + 7, x : x + 7] = 0
    start = (SIDE - scene.free) // 2
    tiled[start : start + scene.free, start : start + scene.free] = 0
    shape = module_shape(scene.modules)
    layout = Layout(
        whole.width, whole.height, MODULE, at, at, SIDE,
        (Fill(rectangle(whole), scene.light, whole), *scene.below),
        (Fill(_finders(at), scene.dark, symbol), *scene.above),
        TileSet(shape.shapes, scene.dark, symbol),
        scene.light if isinstance(scene.light, str) else "",
        scene.corner, scene.bleed, scene.print,
    )  # fmt: skip
    return Drawing(layout, shape.numbers(tiled).astype(np.uint8).tobytes())


def logo(clear: bool) -> bytes:
    y, x = np.mgrid[:160, :160] / 160
    picture = np.zeros((160, 160, 4), np.uint8)
    picture[..., 0], picture[..., 1], picture[..., 2] = 255 * x, 255 * y, 80
    picture[..., 3] = np.clip((0.48 - np.hypot(x - 0.5, y - 0.5)) * 100, 0, 1) * 255 if clear else 255
    out = io.BytesIO()
    Picture.fromarray(picture).save(out, "PNG")
    return out.getvalue()


def from_svg(data: bytes, width: int) -> Pixels:
    rendered = resvg_py.svg_to_bytes(svg_string=data.decode(), dpi=96, background="#ffffff", width=width)
    return np.asarray(Picture.open(io.BytesIO(bytes(rendered))).convert("RGB"))


def from_pdf(data: bytes, width: int) -> Pixels:
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[0]
        return np.asarray(page.render(scale=width / page.get_width()).to_pil().convert("RGB"))
    finally:
        document.close()


def from_eps(data: bytes, width: int, finer: int = 0) -> Pixels:
    """Draw without smoothing, finer than asked, and average: Ghostscript does not smooth what is clipped."""
    finer = finer or (4 if width < 1000 else 1)
    points = eps_size(data)[0]
    bits = [] if finer > 1 else ["-dGraphicsAlphaBits=4"]
    done = subprocess.run(
        [
            "gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=png16m", "-dEPSCrop", *bits,
            f"-r{width * finer * 72 / points:.6f}", "-sOutputFile=-", "-c", "0 0 .setfilladjust2", "-f", "-",
        ],
        input=data, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    image = Picture.open(io.BytesIO(done.stdout)).convert("RGB")
    side = width * finer
    return np.asarray(image.crop((0, image.height - side, side, image.height)).resize((width, width), 4))


def eps_size(data: bytes) -> tuple[float, float]:
    found = re.search(rb"^%%HiResBoundingBox: 0 0 ([\d.]+) ([\d.]+)$", data, re.M)
    assert found is not None
    return float(found[1]), float(found[2])


RENDERERS = {"svg": from_svg, "pdf": from_pdf, "eps": from_eps}


def render(drawing: Drawing, form: str, width: int = 0) -> Pixels:
    return RENDERERS[form](WRITERS[form](drawing), width or drawing.layout.pixels[0])


def raster(drawing: Drawing) -> Pixels:
    image = pixels(drawing).image().convert("RGBA")
    return np.asarray(Picture.alpha_composite(Picture.new("RGBA", image.size, "white"), image).convert("RGB"))


MIDDLE = Box(17.5, 17.5, 10, 10)
SCENES = {
    "plain": Scene(),
    "dots": Scene("dot", "#1a2b3c"),
    "rounded, linear": Scene("rounded", RED_BLUE, "#ffeecc"),
    "dots, linear": Scene("dot", RED_BLUE),
    "liquid, radial": Scene("liquid", RADIAL),
    "bars, radial": Scene("bars", replace(RADIAL, colours=("#000000", "#777777"))),
    "hearts, conic": Scene("heart", CONIC),
    "classy, conic": Scene("classy", replace(CONIC, angle=0)),
    "pebbles": Scene("pebbles", "#004400"),
    "noise on a gradient": Scene("noise", "#101010", PALE),
    "clear logo on a plate": Scene(
        "rounded", "#102040", free=11, above=(Fill(rectangle(MIDDLE), "#ddeeff", MIDDLE), Image(logo(True), MIDDLE))
    ),
    "clear logo on a colour": Scene("rounded", "#102040", "#ffdd99", free=11, above=(Image(logo(True), MIDDLE),)),
    "logo in a circle": Scene(free=11, above=(Image(logo(False), MIDDLE, circle(22.5, 22.5, 5)),)),
    "backdrop, corners": Scene(
        "dot", "#000022", below=(
            Image(logo(False), Box(0, 0, 45, 45)),
            Fill(rectangle(Box(2, 2, 41, 41)), "#ffffff", Box(0, 0, 45, 45)),
        ), corner=9,
    ),
    "gradient ground, clear logo, corners": Scene(
        "leaf", "#102040", PALE, free=11, above=(Image(logo(True), MIDDLE),), corner=6
    ),
    "stars with holes": Scene(
        "star", above=(
            Fill(
                polygon([(0, 0), (3, 0), (3, 3), (0, 3)]) + hole(polygon([(1, 1), (2, 1), (2, 2), (1, 2)])),
                RADIAL, Box(0, 0, 3, 3),
            ),
        ),
    ),
}  # fmt: skip


def streams(data: bytes) -> list[bytes]:
    """Decompress what a PDF's streams hold."""
    found = re.findall(rb"/Length (\d+)>>stream\n", data)
    starts = [match.end() for match in re.finditer(rb"/Length \d+>>stream\n", data)]
    bodies = (data[start : start + int(length)] for start, length in zip(starts, found, strict=True))
    return [zlib.decompress(body) if body[:1] == b"\x78" else body for body in bodies]
