"""Files made of pixels: PNG by our own hand, JPEG and WebP by Pillow; no metadata but the size for print."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from PIL import Image as Picture

from bot.qr.drawing import Drawing, Layout
from bot.qr.output.raster.buffers import buffer
from bot.qr.output.raster.chunks import NONE, RGB, RGBA, head, stream, tail
from bot.qr.output.raster.colour import Pixels
from bot.qr.output.raster.indexed import Indexed
from bot.qr.output.raster.lines import Lines, large_png, lines, lines_png
from bot.qr.output.raster.picture import KEPT, few, many, numbers, pixels, white
from bot.qr.output.raster.plain import Plain, plain, plain_png
from bot.qr.output.raster.tiles import Numbers
from bot.qr.output.raster.truecolour import Strip, TrueColour, draw, strips


def png(drawing: Drawing) -> bytes:
    """Write a PNG: one, four or eight bits a pixel with a palette, else true colour."""
    layout, tiles = drawing.layout, numbers(drawing)
    squares = _plain(layout)
    if squares is not None:
        return plain_png(squares, tiles)
    canvas = few(layout, layout.module, tiles)
    if canvas is None:
        return _true_png(many(layout, layout.module), tiles)
    if canvas.index.size > KEPT:
        return large_png(layout, canvas, tiles)
    return lines_png(_lines(layout, canvas), tiles)


@lru_cache(maxsize=64)
def _plain(layout: Layout) -> Plain | None:
    return plain(layout)


@lru_cache(maxsize=16)
def _lines(layout: Layout, canvas: Indexed) -> Lines:
    return lines(layout, canvas)


def _true_png(canvas: TrueColour, tiles: Numbers) -> bytes:
    """Write true colour, its lines under filter "None": ISA-L is quick, and gains nothing from others."""
    on, channels = canvas.on, canvas.channels
    start = head(on.width, on.height, 8, RGB if channels == 3 else RGBA, canvas.layout.print)
    return start + tail(stream(_lines_of(canvas, strip, tiles) for strip in strips(canvas)))


def _lines_of(canvas: TrueColour, strip: Strip, tiles: Numbers) -> Pixels:
    height, row = strip.bottom - strip.top, canvas.on.width * canvas.channels + 1
    out = buffer(height * row).reshape(height, row)
    out[:, 0] = NONE
    draw(canvas, tiles, strip, out[:, 1:])
    return out


def jpeg(drawing: Drawing, quality: int = 92) -> bytes:
    """Write a JPEG, chroma not subsampled so that coloured edges stay sharp; what is clear becomes white."""
    image = white(pixels(drawing).image())
    return _saved(image, drawing.layout, "JPEG", quality=quality, subsampling=0)


def webp(drawing: Drawing) -> bytes:
    """Write a WebP: lossless where the colours are few, else at quality 90."""
    raster = pixels(drawing)
    if raster.palette is not None:
        return _saved(raster.image(), drawing.layout, "WEBP", lossless=True, quality=20, method=0)
    return _saved(raster.image(), drawing.layout, "WEBP", quality=90, method=2)


def _saved(image: Picture.Image, layout: Layout, format: str, **options: object) -> bytes:
    if layout.print.width and format == "JPEG":
        options["dpi"] = (layout.print.dpi, layout.print.dpi)
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()
