"""Text in columns on a PDF page: blocks of a heading and lines, wrapped, and set smaller until they fit.

Places and widths in millimetres from the bottom left, sizes of letters in points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.qr.refusal import Refused
from bot.qr.shapes.fonts import named

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4  # points
CAPITAL = 0.72  # height of Helvetica's capitals, in its size

_LEADING = {8: 9, 9: 10, 10: 11}  # points from line to line, by the size of the lines


@dataclass(frozen=True, slots=True)
class Pen:
    """Where to draw, and with what letters."""

    canvas: Canvas
    plain: str
    bold: str


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page, in millimetres: ``x`` is its left, ``top`` its upper edge."""

    x: float
    top: float
    width: float
    height: float = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and the lines under it; ``blank``: in their place a field to write in, in millimetres."""

    heading: str
    lines: tuple[str, ...] = ()
    blank: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How a column is set: letters in points, space between blocks in lines, whether streets are told.

    ``most``: lines that one text may take.
    """

    heading: int
    value: int
    gap: float = 1
    streets: bool = True
    most: int = 99


def letters(text: str, fonts: Path) -> tuple[str, str]:
    """Choose the plain and the bold font: Helvetica, which every viewer has, or one with more letters."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return _embedded("LiberationSans-Regular", text, fonts), _embedded("LiberationSans-Bold", text, fonts)
    return "Helvetica", "Helvetica-Bold"


def _embedded(name: str, text: str, fonts: Path) -> str:
    """Make a font of the fonts folder known, and give back by what name; it must hold the text's letters."""
    from reportlab.pdfbase.pdfmetrics import (  # noqa: PLC0415 - for slips
        getFont,
        getRegisteredFontNames,
        registerFont,
    )
    from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415 - as the library itself, for slips alone

    path = named(name, (fonts,))
    known = str(path)
    if path is not None and known not in getRegisteredFontNames():
        registerFont(TTFont(known, known))
    if path is None or any(ord(each) not in getFont(known).face.charToGlyph for each in text if each >= " "):
        raise Refused(
            "This slip holds letters that my fonts do not have. Write the names without their accents, "
            "or take the code alone."
        )
    return known


def column(pen: Pen, box: Box, settings: list[tuple[Fit, list[Block]]]) -> None:
    """Set blocks under each other in the first way that fits the box, else the last."""
    fits = (way for way in settings if _height(pen, box.width, *way) <= box.height)
    fit, blocks = next(fits, settings[-1])
    top = box.top
    for each in blocks:
        top = block(pen, Box(box.x, top, box.width), fit, each) - fit.gap * _LEADING[fit.value] / MM


def _height(pen: Pen, width: float, fit: Fit, blocks: list[Block]) -> float:
    gaps = (len(blocks) - 1) * fit.gap * _LEADING[fit.value] / MM
    return sum(_block_height(pen, width, fit, block) for block in blocks) + gaps


def _block_height(pen: Pen, width: float, fit: Fit, block: Block) -> float:
    lines = 1 + sum(len(list(_wrapped(pen, line, width, fit))) for line in block.lines)
    return lines * _LEADING[fit.value] / MM + (block.blank[1] if block.blank else 0)


def block(pen: Pen, box: Box, fit: Fit, content: Block) -> float:
    """Draw a block and give back where it ends."""
    top, leading = box.top - _LEADING[fit.value] / MM, _LEADING[fit.value] / MM
    pen.canvas.setFont(pen.bold, fit.heading)
    pen.canvas.drawString(box.x * MM, box.top * MM - fit.heading * CAPITAL, content.heading)
    pen.canvas.setFont(pen.plain, fit.value)
    for line in content.lines:
        for part in _wrapped(pen, line, box.width, fit):
            pen.canvas.drawString(box.x * MM, top * MM - fit.value * CAPITAL, part)
            top -= leading
    if content.blank:
        width, height = content.blank
        corners(pen, Box(box.x, top, width, height))
        top -= height
    return top


def _wrapped(pen: Pen, text: str, width: float, fit: Fit) -> Iterator[str]:
    """Break a text between words or after a slash, else where the line ends; the last line allowed is cut."""
    measure = partial(pen.canvas.stringWidth, fontName=pen.plain, fontSize=fit.value)
    rest, room = text, width * MM
    for _ in range(fit.most - 1):
        if measure(rest) <= room:
            break
        end = next(at for at in range(len(rest), 0, -1) if at == 1 or measure(rest[:at].rstrip()) <= room)
        gap = max(rest.rfind(" ", 1, end + 1), rest.rfind("/", 1, end) + 1)
        end = gap if gap > 0 else end
        yield rest[:end].rstrip()
        rest = rest[end:].lstrip()
    yield shortened(pen.canvas, rest, room, pen.plain, fit.value)


def shortened(canvas: Canvas, text: str, room: float, font: str, size: int) -> str:
    """Cut a text to a width in points, with an ellipsis."""
    ends = (text, *(f"{text[:at]}…" for at in range(len(text) - 1, 0, -1)))
    return next((each for each in ends if canvas.stringWidth(each, font, size) <= room), "")


def corners(pen: Pen, box: Box) -> None:
    """Mark the corners of a field to write in: lines of 3 mm and 0.75 points (Style Guide)."""
    pen.canvas.saveState()
    pen.canvas.setLineWidth(0.75)
    path = pen.canvas.beginPath()
    for x, right in ((box.x, 1), (box.x + box.width, -1)):
        for y, rise in ((box.top - box.height, 1), (box.top, -1)):
            path.moveTo((x + 3 * right) * MM, y * MM)
            path.lineTo(x * MM, y * MM)
            path.lineTo(x * MM, (y + 3 * rise) * MM)
    pen.canvas.drawPath(path, stroke=1, fill=0)
    pen.canvas.restoreState()
