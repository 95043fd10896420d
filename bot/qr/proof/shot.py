"""A shot: one symbol found in a picture, cut out with its surroundings at the size all are tried at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot
from operator import attrgetter
from typing import Any, cast

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]  # rows × columns, grey, or × 3 for red, green, blue
Point = tuple[float, float]  # x to the right, y downwards
Corners = tuple[Point, Point, Point, Point]  # clockwise from the symbol's own top left

MODULE = 6.0  # pixels a module at which symbols are tried, so that what they come in does not matter
SIDE = 480  # pixels of the longest side; dense symbols have fewer a module
AROUND = 5.0  # modules around the symbol that are looked at

_SEARCH = (1600, 4000, 600)  # pixels of the longest side that a code is looked for at, in this order


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture of one symbol and where it lies: its corners and a module's side, in pixels.

    ``inverted``: light on dark. ``ground``: what surrounds it, a grey or three colours.
    """

    pixels: Pixels
    corners: Corners
    module: float
    inverted: bool = False
    ground: tuple[int, ...] = (255,)

    def seen_as(self, picture: Pixels) -> Shot:
        """Return the same symbol in grey."""
        edge = np.concatenate((picture[0], picture[-1], picture[:, 0], picture[:, -1]))
        return replace(self, pixels=picture, ground=(int(np.median(edge)),))

    @property
    def side(self) -> float:
        """The longest side of the symbol in pixels."""
        pairs = zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True)
        return max(hypot(x - a, y - b) for (x, y), (a, b) in pairs)

    @property
    def middle(self) -> Point:
        """The middle of the symbol in pixels."""
        return sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4

    @property
    def fill(self) -> float | tuple[int, ...]:
        """The ground as Pillow wants it."""
        return self.ground[0] if self.pixels.ndim == 2 else self.ground


@dataclass(frozen=True, slots=True)
class Found:
    """A code as zxing-cpp sees it: corners in pixels of the picture looked at.

    ``level``: L, M, Q, H or nothing. ``unused``: part of the error correction left, as zxing-cpp says it.
    """

    content: bytes
    version: int
    level: str
    unused: float
    corners: Corners
    inverted: bool

    @classmethod
    def nowhere(cls, size: tuple[int, int]) -> Found:
        """Stand in for a code that was not found: the whole picture."""
        return cls(b"", 0, "", 0.0, _square(0, 0, *size), False)

    @property
    def area(self) -> float:
        pairs = zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True)
        return abs(sum(x * b - a * y for (x, y), (a, b) in pairs)) / 2


def rgb(picture: Image.Image | Pixels) -> Image.Image:
    """Give a picture in red, green and blue; what is transparent lies on white."""
    if not isinstance(picture, Image.Image):
        return Image.fromarray(np.ascontiguousarray(picture)).convert("RGB")
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def grey(pixels: Pixels) -> Pixels:
    """Give a picture in grey, weighing colours as readers do (ITU-R BT.601)."""
    return pixels if pixels.ndim == 2 else np.asarray(Image.fromarray(pixels).convert("L"))


# --- finding ------------------------------------------------------------------------------------------------


def _codes(picture: Pixels, inverted: bool) -> list[zxingcpp.Barcode]:
    kinds = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return list(zxingcpp.read_barcodes(np.ascontiguousarray(picture), formats=kinds, try_invert=inverted))


def reads(picture: Pixels, content: bytes, inverted: bool) -> bool:
    """Tell whether a grey picture reads as this content."""
    return any(code.bytes == content for code in _codes(picture, inverted))


def look(whole: Image.Image, expected: bytes | None) -> Found | None:
    """Find the largest code of a picture that says what is expected, or anything; dark on light first."""
    longest, full = max(whole.size), whole.convert("L")
    for side in _SEARCH:
        if side > longest and side != _SEARCH[0]:
            continue
        factor = min(1.0, side / longest)
        plain = full
        if factor < 1:
            size = max(1, round(whole.width * factor)), max(1, round(whole.height * factor))
            plain = plain.resize(size, Image.Resampling.HAMMING, reducing_gap=2)
        for inverted in (False, True):
            codes = _codes(np.asarray(plain), inverted)
            told = [code for code in codes if expected is None or code.bytes == expected]
            if told:
                return max((_found(code, factor, inverted) for code in told), key=attrgetter("area"))
    return None


def _found(code: zxingcpp.Barcode, factor: float, inverted: bool) -> Found:
    place, extra = code.position, cast(dict[str, Any], code.extra)
    points = place.top_left, place.top_right, place.bottom_right, place.bottom_left
    a, b, c, d = ((point.x / factor, point.y / factor) for point in points)
    version = str(extra.get("Version", ""))
    known = int(version) if version.isdecimal() else 0
    return Found(code.bytes, known, code.ec_level, float(extra.get("UEC", 0.0)), (a, b, c, d), inverted)


def upright(whole: Image.Image, found: Found, modules: int) -> Image.Image:
    """Set a code upright, with what there is of its quiet zone, at most four modules on each side."""
    to_picture = homography(found.corners, _square(0, 0, modules, modules))
    left, top, right, bottom = (
        _within(whole.size, to_picture, modules, edge) for edge in ("left", "top", "right", "bottom")
    )
    scale = min(2 * MODULE, max(MODULE, found.area**0.5 / modules))
    width, height = (round((modules + a + b) * scale) for a, b in ((left, right), (top, bottom)))
    target = _square(left * scale, top * scale, (left + modules) * scale, (top + modules) * scale)
    factor = max(1, int(found.area**0.5 / modules / scale))
    near = whole.reduce(factor) if factor > 1 else whole
    x, y = near.width / whole.width, near.height / whole.height
    source = tuple((a * x, b * y) for a, b in found.corners)
    numbers = homography(source, target)
    return near.transform((width, height), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC)


def _square(left: float, top: float, right: float, bottom: float) -> Corners:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _within(size: tuple[int, int], numbers: tuple[float, ...], modules: int, edge: str) -> float:
    """Return how many modules beyond one edge still lie in the picture, at most four, by halves."""
    a, b, c, d, e, f, g, h = numbers
    for margin in np.arange(4, 0, -0.5):
        near, far = -float(margin), modules + float(margin)
        line = {
            "left": ((near, 0), (near, modules)),
            "right": ((far, 0), (far, modules)),
            "top": ((0, near), (modules, near)),
            "bottom": ((0, far), (modules, far)),
        }[edge]
        seen = [((a * x + b * y + c) / (w := g * x + h * y + 1), (d * x + e * y + f) / w) for x, y in line]
        if all(0 <= x <= size[0] and 0 <= y <= size[1] for x, y in seen):
            return float(margin)
    return 0.0


def cut(whole: Image.Image, found: Found, modules: int) -> Shot:
    """Cut a symbol out with its surroundings and bring it to the size all are tried at."""
    xs, ys = zip(*found.corners, strict=True)
    side = max(hypot(x - a, y - b) for (x, y), (a, b) in zip(found.corners, found.corners[1:], strict=False))
    around = AROUND * side / modules
    left, top = max(0, int(min(xs) - around)), max(0, int(min(ys) - around))
    right, bottom = min(whole.width, int(max(xs) + around) + 1), min(whole.height, int(max(ys) + around) + 1)
    piece = whole.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    factor = min(1.0, MODULE * modules / max(side, 1), SIDE / max(piece.size))
    if factor < 1:
        size = max(1, round(piece.width * factor)), max(1, round(piece.height * factor))
        piece = piece.resize(size, Image.Resampling.HAMMING, reducing_gap=3)
    pixels = np.asarray(piece)
    a, b, c, d = (((x - left) * factor, (y - top) * factor) for x, y in found.corners)
    border = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
    ground = tuple(int(level) for level in np.median(border, axis=0))
    return Shot(pixels, (a, b, c, d), max(1.0, side * factor) / modules, found.inverted, ground)


def homography(source: tuple[Point, ...], target: tuple[Point, ...]) -> tuple[float, ...]:
    """Return Pillow's eight numbers for a perspective, from four points and where they come to lie.

    Raises LinAlgError where three of them are in line.
    """
    rows: list[tuple[float, ...]] = []
    for (u, v), (x, y) in zip(source, target, strict=True):
        rows.append((x, y, 1, 0, 0, 0, -u * x, -u * y))
        rows.append((0, 0, 0, x, y, 1, -v * x, -v * y))
    return tuple(np.linalg.solve(np.array(rows), np.array(source).ravel()).tolist())
