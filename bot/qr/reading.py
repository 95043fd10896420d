"""A picture, photo or PDF to the codes it holds.

What comes in is hostile: bytes, pixels and pages are limited. A file is known by its first bytes, never by
its name. Symbologies are called what zxing-cpp calls them: "QR Code", "EAN-13", "Code 128", "Data Matrix" …
(a UPC-A symbol is an EAN-13 that begins with 0: ISO/IEC 15420).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

import pillow_heif
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from bot.qr.refusal import Refused

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
BYTES = 10_000_000
PIXELS = 25_000_000
PAGES = 5  # of a PDF, the first ones
SIDE = 2_000  # pixels of the longer side: enough for a code that fills a good part of the picture
DETAIL = 4_000  # pixels of the longer side, for codes that are small in a large picture
SHARPEST = 8.0  # pixels a point (1/72 inch) at which pages are drawn: 576 dpi, for small labels

AREAS = ("QR Code", "Micro QR Code", "rMQR Code", "Data Matrix", "Aztec", "MaxiCode", "PDF417", "MicroPDF417")

_HEIC = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1")
)  # major brands of ISO/IEC 23008-12
_PDFIUM = Lock()  # PDFium must not be entered by two threads at once, not even for two documents


@dataclass(frozen=True, slots=True)
class Found:
    """A code in a picture: its text, the name of its symbology, its corners from its own top left clockwise.

    Corners are in pixels of the upright picture, in a PDF in points (1/72 inch), from its top left. ``page``
    counts from 1 in a PDF and is 0 in a picture. ``bytes`` are the content as it stands in the symbol: those
    of GS1 hold the separators where ``text`` has brackets, and ``text`` writes out those that are no text.
    """

    text: str
    format: str
    corners: tuple[tuple[int, int], ...]
    page: int = 0
    bytes: bytes = b""


def read_picture(data: bytes) -> tuple[Found, ...]:
    """Read every code of a picture, or of a PDF's first pages: page by page, from the top left.

    Raises Refused for what is neither, and for what is too large.
    """
    if len(data) > BYTES:
        raise Refused("This file is too large: the limit is {limit} MB.", limit=BYTES // 1_000_000)
    if data[:1024].lstrip(b"\xef\xbb\xbf\0\t\n\f\r ").startswith(b"%PDF-"):
        return tuple(code for number, sheet in enumerate(_pages(data), 1) for code in _codes(sheet, number))
    return _codes(_picture(data), 0)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A picture in grey, at most DETAIL pixels a side, and what to multiply its pixels by for ``corners``."""

    grey: Image.Image
    scale: float


# --- opening ------------------------------------------------------------------------------------------------


def _picture(data: bytes) -> _Sheet:
    """Decode a picture, upright; a transparent ground counts as white."""
    try:
        with _opened(data) as opened:
            size = opened.size
            _check_pixels(*size)
            opened.draft("L", (DETAIL, DETAIL))
            grey = _grey(ImageOps.exif_transpose(opened))
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except (
        Exception
    ):  # what decoders raise for broken files: OSError, SyntaxError, ValueError, struct.error …
        raise Refused(
            "I cannot open this file as a picture. Send a PNG, JPEG, WebP, GIF, BMP, HEIC or PDF."
        ) from None
    return _Sheet(grey, max(size) / max(grey.size))


def _opened(data: bytes) -> Image.Image:
    """Open a file by its first bytes; photos of phones come through libheif, without its plugin in Pillow."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        heif = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        _check_pixels(*heif.size)  # before they are decoded
        return heif.to_pillow()
    return Image.open(BytesIO(data), formats=FORMATS)


def _check_pixels(width: int, height: int) -> None:
    if width * height > PIXELS:
        raise _too_large()


def _too_large() -> Refused:
    return Refused("This picture is too large: the limit is {limit} megapixels.", limit=PIXELS // 1_000_000)


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


def _pages(data: bytes) -> list[_Sheet]:
    """Draw the first pages of a PDF."""
    try:
        with _PDFIUM, closing(pypdfium2.PdfDocument(data)) as document:
            return [_page(document, number) for number in range(min(len(document), PAGES))]
    except Exception:  # PdfiumError, and what its wrapper raises for impossible sizes
        raise Refused(
            "I cannot open this PDF. If it has a password, save it without one and send it again."
        ) from None


def _page(document: pypdfium2.PdfDocument, number: int) -> _Sheet:
    with closing(document[number]) as page:
        scale = min(DETAIL / max(*page.get_size(), 1), SHARPEST)
        with closing(page.render(scale=scale, grayscale=True)) as bitmap:
            return _Sheet(bitmap.to_pil().convert("L"), 1 / scale)  # a copy: the bitmap's memory goes


# --- looking ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Copy:
    """A sheet's picture changed to be read better, and how: how many times larger, and turned."""

    picture: Image.Image
    zoom: float = 1
    turn: int = 0  # degrees, against the clock


def _codes(sheet: _Sheet, page: int) -> tuple[Found, ...]:
    """Find the codes of a sheet: as it is, and only where that finds none in cleaned copies of it."""
    small = sheet.grey.copy()
    small.thumbnail((SIDE, SIDE))
    reduced = _Sheet(small, sheet.scale * sheet.grey.width / small.width)
    found: list[Found] = []
    for each in (reduced, sheet) if small.size != sheet.grey.size else (sheet,):
        _add(found, _Copy(each.grey), each, page)
    for copy in _cleaned(small):
        if found:
            break
        _add(found, copy, reduced, page)
    return _in_order(_apart(found))


def _cleaned(grey: Image.Image) -> Iterator[_Copy]:
    """Clean a picture in several ways: of grain, haze, small modules, tight edges; and turn it.

    A code of bars is found only along or across the picture, give or take the angle of its diagonal.
    """
    yield _Copy(grey.filter(ImageFilter.GaussianBlur(1.5)))
    yield _Copy(ImageOps.autocontrast(grey, cutoff=2))
    if max(grey.size) <= SIDE / 2:
        yield _Copy(grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS), zoom=2)
    if min(grey.size) > 1:
        yield _Copy(grey.reduce(2), zoom=0.5)
    yield _Copy(grey.filter(ImageFilter.MedianFilter(3)))
    yield _Copy(ImageOps.expand(grey, border=40, fill=255))
    for turn in (30, 60):
        yield _Copy(grey.rotate(turn, Image.Resampling.BILINEAR, expand=True, fillcolor=255), turn=turn)


def _add(found: list[Found], copy: _Copy, sheet: _Sheet, page: int) -> None:
    """Add the codes of a copy that other copies have not shown yet."""
    for code in zxingcpp.read_barcodes(copy.picture):
        new = Found(_text(code), str(code.format), _corners(code, copy, sheet), page, bytes(code.bytes))
        if not any(_same(new, old) for old in found):
            found.append(new)


def _text(code: zxingcpp.Barcode) -> str:
    """Give what a code says; bytes declared as no text (ECI 899) are written out, unless they are UTF-8."""
    said = str(code.text)
    if code.content_type != zxingcpp.ContentType.Binary:
        return said
    try:
        text = bytes(code.bytes).decode()
    except UnicodeDecodeError:
        return said
    return text if all(each.isprintable() or each in "\t\r\n" for each in text) else said


def _corners(code: zxingcpp.Barcode, copy: _Copy, sheet: _Sheet) -> tuple[tuple[int, int], ...]:
    """Find a code's corners, seen on a copy, in the file's own pixels or points."""
    place, width, height = code.position, *copy.picture.size
    cos, sin = math.cos(math.radians(copy.turn)), math.sin(math.radians(copy.turn))
    corners = []
    for point in (place.top_left, place.top_right, place.bottom_right, place.bottom_left):
        across, down = point.x - width / 2, point.y - height / 2
        x = (across * cos - down * sin) / copy.zoom + sheet.grey.width / 2
        y = (across * sin + down * cos) / copy.zoom + sheet.grey.height / 2
        corners.append((round(x * sheet.scale), round(y * sheet.scale)))
    return tuple(corners)


def _same(one: Found, other: Found) -> bool:
    """Tell whether two finds are one code, seen on two copies: as said, and nearer than the code is large."""
    (top, left, bottom, right), centre = _box(one), _centre(other)
    near = math.dist(_centre(one), centre) < max(bottom - top, right - left, 1) / 2
    return near and (one.format, one.bytes) == (other.format, other.bytes)


def _apart(codes: list[Found]) -> list[Found]:
    """Leave out bars that lie inside another code: a row of modules can look like a short Codabar or ITF."""
    areas = [_box(code) for code in codes if code.format in AREAS]
    return [code for code in codes if code.format in AREAS or not any(_lies(code, area) for area in areas)]


def _lies(code: Found, area: tuple[int, int, int, int]) -> bool:
    (down, across), (top, left, bottom, right) = _centre(code), area
    return top <= down <= bottom and left <= across <= right


def _box(code: Found) -> tuple[int, int, int, int]:
    across, down = zip(*code.corners, strict=True)
    return min(down), min(across), max(down), max(across)


def _centre(code: Found) -> tuple[float, float]:
    top, left, bottom, right = _box(code)
    return (top + bottom) / 2, (left + right) / 2


def _in_order(codes: list[Found]) -> tuple[Found, ...]:
    """Order codes as one reads: row by row, also where a row is not quite level."""
    rows: list[list[Found]] = []
    for code in sorted(codes, key=_box):
        if rows and _box(code)[0] < _centre(rows[-1][0])[0]:
            rows[-1].append(code)
        else:
            rows.append([code])
    return tuple(code for row in rows for code in sorted(row, key=lambda each: _box(each)[1]))
