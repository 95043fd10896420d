"""Bytes to grey pictures.

What comes in is hostile: bytes, pixels and pages are limited. A file is known by its first bytes, never by
its name.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from bot.qr.refusal import Refused

if TYPE_CHECKING:
    import pypdfium2

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
BYTES = 10_000_000
PIXELS = 25_000_000
COLOURED = 12_000_000  # pixels of a picture that is kept in its colours and is no JPEG
PAGES = 5  # of a PDF, the first ones
DETAIL = 4_000  # pixels of the longer side, for codes that are small in a large picture
SHARPEST = 8.0  # pixels a point (1/72 inch) at which pages are drawn: 576 dpi, for small labels

_HEIC = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
)  # major brands of ISO/IEC 23008-12
PDFIUM = Lock()  # PDFium must not be entered by two threads at once, not even for two documents


@dataclass(frozen=True, slots=True)
class Sheet:
    """A picture in grey, at most DETAIL pixels a side, and what to multiply its pixels by for ``corners``."""

    grey: Image.Image
    scale: float
    page: int = 0


def sheets(data: bytes) -> list[Sheet]:
    """Open a picture, or the first pages of a PDF; raises Refused for what is neither or too large."""
    if len(data) > BYTES:
        raise Refused("This file is too large: the limit is {limit} MB.", limit=BYTES // 1_000_000)
    if _is_pdf(data):
        return _pages(data)
    return [_picture(data)]


def _picture(data: bytes) -> Sheet:
    """Decode a picture to grey; a transparent ground counts as white."""
    picture, size = upright(data, "L", DETAIL)
    grey = _grey(picture)
    return Sheet(grey, max(size) / max(grey.size))


def in_colour(data: bytes, side: int = 2_000) -> Image.Image:
    """Decode a picture, or the first page of a PDF, at most ``side`` pixels a side; raises Refused."""
    if _is_pdf(data):
        return _pages(data, 1)[0].grey.convert("RGB")
    picture, _ = upright(data, "RGB", side, COLOURED)
    picture.thumbnail((side, side), reducing_gap=2.0)
    clear = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")


def upright(data: bytes, mode: str, side: int, most: int = PIXELS) -> tuple[Image.Image, tuple[int, int]]:
    """Decode a picture as it was held, with the size it says it has; a JPEG not much larger than ``side``.

    Raises Refused for what is no picture, or too large.
    """
    if len(data) > BYTES:
        raise Refused("This file is too large: the limit is {limit} MB.", limit=BYTES // 1_000_000)
    try:
        with _opened(data) as file:
            size = file.size
            _check_pixels(*size, PIXELS if file.draft(mode, (side, side)) else most)
            return ImageOps.exif_transpose(file), size
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except (
        Exception
    ):  # what decoders raise for broken files: OSError, SyntaxError, ValueError, struct.error …
        raise Refused(
            "I cannot open this file as a picture. Send a PNG, JPEG, WebP, GIF, BMP, HEIC or PDF."
        ) from None


def _opened(data: bytes) -> Image.Image:
    """Open a file by its first bytes; photos of phones come through libheif, without its plugin in Pillow."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        import pillow_heif  # noqa: PLC0415 - 3 MB, wanted when a photo comes

        heif = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        _check_pixels(*heif.size)  # before they are decoded
        return heif.to_pillow()
    return Image.open(BytesIO(data), formats=FORMATS)


def _check_pixels(width: int, height: int, most: int = PIXELS) -> None:
    if width * height > most:
        raise _too_large(most)


def _too_large(most: int = PIXELS) -> Refused:
    return Refused("This picture is too large: the limit is {limit} megapixels.", limit=most // 1_000_000)


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel, of which converting would keep the lowest 8
        picture = picture.convert("I").point(lambda value: value * (1 / 256))
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture.thumbnail((DETAIL, DETAIL))
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    grey = picture.convert("L")
    grey.thumbnail((DETAIL, DETAIL))
    return grey


def _is_pdf(data: bytes) -> bool:
    return data[:1024].lstrip(b"\xef\xbb\xbf\0\t\n\f\r ").startswith(b"%PDF-")


def _pages(data: bytes, most: int = PAGES) -> list[Sheet]:
    """Draw the first pages of a PDF."""
    import pypdfium2  # noqa: PLC0415 - 3 MB, wanted when a PDF comes

    try:
        with PDFIUM, closing(pypdfium2.PdfDocument(data)) as document:
            return [_page(document, number) for number in range(min(len(document), most))]
    except MemoryError:
        raise
    except Exception:  # PdfiumError, and what its wrapper raises for impossible sizes
        raise Refused(
            "I cannot open this PDF. If it has a password, save it without one and send it again."
        ) from None


def _page(document: pypdfium2.PdfDocument, number: int) -> Sheet:
    with closing(document[number]) as page:
        scale = min(DETAIL / max(*page.get_size(), 1), SHARPEST)
        with closing(page.render(scale=scale, grayscale=True)) as bitmap:
            grey = bitmap.to_pil().convert("L")  # a copy: the bitmap's memory goes
    return Sheet(grey, 1 / scale, number + 1)
