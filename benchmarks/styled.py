"""A styled picture, 1,024 pixels, rounded modules, coloured, a logo in the middle, level H, beside others'.

Ours is proven from its pixels; nobody else looks at what he drew. A rasteriser gets our own finished SVG.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from io import BytesIO

import numpy as np
import qrcode
import resvg_py
import zxingcpp
from isal import isal_zlib
from PIL import Image, ImageDraw
from qrcode.image.styledpil import StyledPilImage
from qrcode.image.styles.colormasks import SolidFillColorMask
from qrcode.image.styles.moduledrawers.pil import RoundedModuleDrawer

from benchmarks import npm
from benchmarks.measure import Elsewhere, Result, Texts, Work, compare
from benchmarks.payloads import PAYLOADS
from bot.qr.drawing import Drawing
from bot.qr.layout import draw
from bot.qr.logo import Art, open_art
from bot.qr.output.raster import grey, png
from bot.qr.output.vector import svg
from bot.qr.payloads import Payload
from bot.qr.payloads.payload import Level
from bot.qr.picture import Picture, render
from bot.qr.settling import settled
from bot.qr.style import Logo, Style
from bot.qr.symbol import encode

PAYLOAD = PAYLOADS["address, 20 bytes"]
INK, GROUND = "#1a2b6c", "#fffdf5"
STYLE = Style(
    INK, GROUND, "rounded", "rounded", "rounded", logo=Logo("asset:1", "round"), size=1024, level=Level.H
)
BOX = 27  # pixels a module of ours, with 29 + 8 of them
SYMBOLS = 16  # drawn beforehand where only what comes after is measured
GATE, READ = "qr-gen, through the whole gate", "qr-gen, drawn and read once"

# times ours at least: through the whole gate, and drawn and read once
GOALS = {"qrcode": (100.0, 200.0), "npm qr-code-styling": (25.0, 45.0), "SVG": (1.5, 3.0)}


@cache
def emblem() -> Image.Image:
    """Draw the logo: a red disc with a white arrow."""
    picture = Image.new("RGBA", (256, 256))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((4, 4, 251, 251), "#d1495b")
    pen.polygon([(84, 60), (84, 196), (204, 128)], "white")
    return picture


@cache
def art() -> Art:
    """Return the logo as the product keeps it."""
    out = BytesIO()
    emblem().save(out, "PNG")
    return Art(open_art(out.getvalue()))


def gated(text: str) -> bytes:
    """Draw as for a person: logo as large as it may be, margin, two reads, and mended where needed."""
    return render(Picture(Payload(text), STYLE), art()).data


@cache
def _settled() -> Style:
    return settled(Payload(PAYLOAD), STYLE, art())[0]


def read_once(text: str) -> bytes:
    """Draw the settled look, and read its pixels once, as the gate reads them at full size."""
    drawing = draw(encode(Payload(text), Level.H), _settled(), art())
    seen = zxingcpp.read_barcode(
        grey(drawing),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        binarizer=zxingcpp.Binarizer.GlobalHistogram,
        try_rotate=False,
        try_invert=False,
        try_downscale=False,
    )
    if seen is None or seen.text != text:
        raise SystemExit(f"not read: {text!r}")
    return png(drawing)


def qrcode_png(text: str) -> bytes:
    """Draw with qrcode's StyledPilImage; 27 pixels a module make 999."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_H, box_size=BOX)
    code.add_data(text)
    picture = code.make_image(
        StyledPilImage, module_drawer=RoundedModuleDrawer(), embedded_image=emblem(),
        color_mask=SolidFillColorMask(_rgb(GROUND), _rgb(INK)),
    )  # fmt: skip
    out = BytesIO()
    picture.save(out)
    return out.getvalue()


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _styling(node: npm.Node) -> npm.Peer:
    logo = BytesIO()
    emblem().save(logo, "PNG")
    options = {
        "width": 1024,
        "height": 1024,
        "margin": 4 * BOX,
        "image": "data:image/png;base64," + b64encode(logo.getvalue()).decode(),
        "imageOptions": {"imageSize": 0.3, "margin": 4, "saveAsBlob": True},
        "qrOptions": {"errorCorrectionLevel": "H"},
        "dotsOptions": {"color": INK, "type": "rounded"},
        "cornersSquareOptions": {"type": "extra-rounded"},
        "cornersDotOptions": {"type": "dot"},
        "backgroundOptions": {"color": GROUND},
    }
    return npm.Peer(node, "styled", options)


@cache
def _drawings() -> tuple[Drawing, ...]:
    texts = Texts(PAYLOAD)
    return tuple(draw(encode(Payload(next(texts)), Level.H), _settled(), art()) for _ in range(SYMBOLS))


def _in_turn(work: Callable[[int], object]) -> Work:
    """Take drawings made beforehand in turn, whatever the text."""
    return lambda text: work(sum(text.encode()) % SYMBOLS)


def contenders() -> Mapping[str, Work | Elsewhere]:
    """List who draws; ours first."""
    vectors = [svg(each).decode() for each in _drawings()]
    found: dict[str, Work | Elsewhere] = {
        GATE: gated,
        READ: read_once,
        "qrcode, StyledPilImage": qrcode_png,
        "SVG by resvg-py": _in_turn(
            lambda number: resvg_py.svg_to_bytes(vectors[number], skip_system_fonts=True)
        ),
    }
    node = npm.start()
    if node is not None:
        found["npm qr-code-styling"] = _styling(node)
        found |= {f"SVG by npm {each}": npm.Prepared(node, each, vectors) for each in ("resvg", "sharp")}
    return found


def table() -> Iterator[str]:
    """Yield the lines of the table, in Markdown."""
    yield "| drawn by | ms a call | times the whole gate | at least | times drawn and read | at least |"
    yield "|---|--:|--:|--:|--:|--:|"
    results = compare(contenders(), PAYLOAD, seconds=0.3)
    read = next(each for each in results if each.name == READ)
    for each in results:
        yield _row(each, read)


def _row(found: Result, read: Result) -> str:
    least = next((goal for name, goal in GOALS.items() if found.name.startswith(name)), None)
    gate, once = (f"{goal:g}" for goal in least) if least else ("", "")
    return (
        f"| {found.name} | {found.microseconds / 1000:.2f} | {found.ratio:.1f} | {gate} "
        f"| {found.ratio / read.ratio:.1f} | {once} |"
    )


def lines_of(data: bytes) -> bytes:
    """Return the filtered lines that a PNG holds."""
    at, packed = 8, b""
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        packed += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return zlib.decompress(packed)


def floor() -> Iterator[str]:
    """Yield a table of our PNG writer beside the bare compression of the lines that it writes."""
    yield "| | µs a call | times the compression | at most |"
    yield "|---|--:|--:|--:|"
    lines = [np.frombuffer(lines_of(png(each)), np.uint8) for each in _drawings()]
    for found in compare(
        {
            "ISA-L, level 1, of its own lines": _in_turn(lambda number: isal_zlib.compress(lines[number], 1)),
            "qr-gen: PNG of a drawing": _in_turn(lambda number: png(_drawings()[number])),
        },
        PAYLOAD,
    ):
        most = "2" if found.ratio != 1 else ""
        yield f"| {found.name} | {found.microseconds:,.0f} | {found.ratio:.2f} | {most} |"
