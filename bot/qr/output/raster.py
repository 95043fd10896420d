"""Pixels: PNG with two palette entries, JPEG; no metadata."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageColor, ImageDraw

from bot.qr.drawing import Drawing


def pixels(drawing: Drawing) -> Image.Image:
    """Draw with two palette entries: 0 light, 1 dark."""
    size, module, offset = drawing.style.size, drawing.module, drawing.offset
    image = Image.new("P", (size, size), 0)
    light, dark = (ImageColor.getrgb(each)[:3] for each in (drawing.style.light, drawing.style.dark))
    image.putpalette([*light, *dark])
    pen = ImageDraw.Draw(image)
    for run in drawing.runs:
        x, y = offset + run.x * module, offset + run.y * module
        pen.rectangle((x, y, x + run.width * module - 1, y + module - 1), fill=1)
    for mark in drawing.mark:
        left, top, right, bottom = (
            offset + round(edge * module)
            for edge in (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
        )
        pen.rectangle((left, top, right - 1, bottom - 1), fill=int(mark.dark))
    return image


def png(drawing: Drawing) -> bytes:
    """Write a PNG of one bit a pixel."""
    buffer = BytesIO()
    pixels(drawing).save(buffer, "PNG", bits=1, compress_level=6)
    return buffer.getvalue()


def jpeg(drawing: Drawing) -> bytes:
    """Write a JPEG without chroma subsampling, so that coloured edges stay sharp."""
    buffer = BytesIO()
    pixels(drawing).convert("RGB").save(buffer, "JPEG", quality=92, subsampling=0)
    return buffer.getvalue()
