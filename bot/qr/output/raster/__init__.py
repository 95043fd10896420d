"""Pixels of a drawing, and the files made of pixels: PNG, JPEG, WebP."""

from bot.qr.output.raster.files import jpeg, png, webp
from bot.qr.output.raster.picture import Raster, grey, pixels

__all__ = ["Raster", "grey", "jpeg", "pixels", "png", "webp"]
