"""From a format's name to the function that writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.qr.drawing import Drawing
from bot.qr.output.raster import jpeg, png, webp
from bot.qr.output.terminal import terminal, text
from bot.qr.output.vector import eps, pdf, svg


@dataclass(frozen=True, slots=True)
class Output:
    """A file format: how it is written, and what it is called elsewhere."""

    write: Callable[[Drawing], bytes]
    media_type: str
    extension: str
    raster: bool


OUTPUT = {
    "png": Output(png, "image/png", "png", True),
    "jpeg": Output(jpeg, "image/jpeg", "jpg", True),
    "webp": Output(webp, "image/webp", "webp", True),
    "svg": Output(svg, "image/svg+xml", "svg", False),
    "pdf": Output(pdf, "application/pdf", "pdf", False),
    "eps": Output(eps, "application/postscript", "eps", False),
    "text": Output(text, "text/plain; charset=utf-8", "txt", False),
}

__all__ = ["OUTPUT", "Output", "terminal"]
