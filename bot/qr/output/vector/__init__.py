"""Vectors: SVG, PDF and EPS with the raster's look; the payload stands nowhere but in the symbol."""

from bot.qr.output.vector.eps import eps
from bot.qr.output.vector.pdf import pdf
from bot.qr.output.vector.svg import svg

__all__ = ["eps", "pdf", "svg"]
