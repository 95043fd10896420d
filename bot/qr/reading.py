"""A picture, photo or PDF to the codes it holds.

What comes in is hostile: kinds, bytes, pixels and pages are limited. A file is known by its first bytes,
never by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from bot.qr.refusal import Refused

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
BYTES = 10_000_000
PIXELS = 25_000_000
PAGES = 5  # of a PDF, the first ones
SIDE = 2_000  # pixels, after which a larger picture reads no better
DETAIL = 4_000  # pixels, for a second look at a large picture in which nothing was found

SQUARE = ("QR Code", "Micro QR Code", "rMQR Code", "Data Matrix", "Aztec", "MaxiCode")  # codes with modules
_HEIC = (
    b"heic",
    b"heix",
    b"hevc",
    b"heim",
    b"heis",
    b"hevm",
    b"hevs",
    b"mif1",
    b"msf1",
    b"avif",
)  # ISO 23008-12


@dataclass(frozen=True, slots=True)
class Found:
    """A code in a picture: its text, the name of its symbology, its corners in pixels from the top left.

    ``page`` counts from 1 in a PDF, and is 0 in a picture; ``bytes`` are the content as it stands there.
    """

    text: str
    format: str
    corners: tuple[tuple[int, int], ...]
    page: int = 0
    bytes: bytes = b""


def read_picture(data: bytes) -> tuple[Found, ...]:
    """Read every code of a picture, or of a PDF's first pages, from the top left.

    Raises Refused for what is neither.
    """
    if len(data) > BYTES:
        raise Refused("This file is too large: the limit is {limit} MB.", limit=BYTES // 1_000_000)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        pages = enumerate(_pages(data), 1)
        return tuple(code for number, page in pages for code in _codes(page, number))
    grey, large = _open(data)
    return _codes(grey) or (_codes(large, scale=grey.width / large.width) if large is not None else ())


def _codes(grey: Image.Image, page: int = 0, scale: float = 1.0) -> tuple[Found, ...]:
    for copy, zoom in _copies(grey):
        found = _apart(zxingcpp.read_barcodes(copy))
        if found:
            codes = [_found(code, page, scale / zoom) for code in found]
            return tuple(sorted(codes, key=lambda each: (each.corners[0][1], each.corners[0][0])))
    return ()


# --- opening ------------------------------------------------------------------------------------------------


def _open(data: bytes) -> tuple[Image.Image, Image.Image | None]:
    """Decode to grey, upright, on white: at most SIDE pixels a side, and a larger one where there is more."""
    try:
        with _decoded(data) as opened:
            _check_pixels(opened.width, opened.height)
            opened.draft("L", (DETAIL, DETAIL))
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:  # what plugins raise for broken files: OSError, SyntaxError, ValueError, struct.error …
        raise Refused(
            "I cannot open this file as a picture. Send a PNG, JPEG, WebP, GIF, BMP, HEIC or PDF."
        ) from None
    picture.thumbnail((DETAIL, DETAIL))
    ground = Image.new("RGBA", picture.size, "white")
    large = Image.alpha_composite(ground, picture).convert("L")
    if max(large.size) <= SIDE:
        return large, None
    small = large.copy()
    small.thumbnail((SIDE, SIDE))
    return small, large


def _decoded(data: bytes) -> Image.Image:
    """Open a file by its first bytes; photos of phones come through libheif, without its plugin in Pillow."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        heif = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        _check_pixels(*heif.size)
        return heif.to_pillow()
    return Image.open(BytesIO(data), formats=FORMATS)


def _check_pixels(width: int, height: int) -> None:
    if width * height > PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> Refused:
    return Refused("This picture is too large: the limit is {limit} megapixels.", limit=PIXELS // 1_000_000)


def _pages(data: bytes) -> Iterator[Image.Image]:
    """Draw the first pages of a PDF in grey, each at most SIDE pixels a side."""
    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            for number in range(min(len(document), PAGES)):
                page = document[number]
                scale = SIDE / max(*page.get_size(), 1)
                yield page.render(scale=min(scale, 4), grayscale=True).to_pil().convert("L")
    except pypdfium2.PdfiumError:
        raise Refused(
            "I cannot open this PDF. If it has a password, save it without one and send it again."
        ) from None


def _apart(found: Sequence[zxingcpp.Barcode]) -> list[zxingcpp.Barcode]:
    """Leave out bars that lie inside another code: a row of modules can look like a short Codabar or ITF."""
    squares = [_box(code) for code in found if str(code.format) in SQUARE]
    return [
        code for code in found if str(code.format) in SQUARE or not any(_lies(code, box) for box in squares)
    ]


def _box(code: zxingcpp.Barcode) -> tuple[int, int, int, int]:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    across, down = [point.x for point in corners], [point.y for point in corners]
    return min(across), min(down), max(across), max(down)


def _lies(code: zxingcpp.Barcode, box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = _box(code)
    x, y = (left + right) / 2, (top + bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


# --- looking ------------------------------------------------------------------------------------------------


def _copies(grey: Image.Image) -> Iterator[tuple[Image.Image, float]]:
    """Give a picture as it is, then cleaned in several ways, with how much larger each is."""
    yield grey, 1
    yield grey.filter(ImageFilter.GaussianBlur(1.5)), 1
    yield ImageOps.autocontrast(grey, cutoff=2), 1
    if max(grey.size) <= SIDE:
        yield grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS), 2
    if min(grey.size) > 1:
        yield grey.reduce(2), 0.5
    yield grey.filter(ImageFilter.MedianFilter(3)), 1
    yield ImageOps.expand(grey, border=40, fill=255), 1


def _found(code: zxingcpp.Barcode, page: int, scale: float) -> Found:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    placed = tuple((round(point.x * scale), round(point.y * scale)) for point in corners)
    return Found(code.text, str(code.format), placed, page, bytes(code.bytes))
