"""The strip: one picture of what cameras see under each condition, marked as read or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from bot.qr.output.raster.outline import coverage, edges, window
from bot.qr.proof.conditions import CONDITIONS, red_light
from bot.qr.proof.ladder import Ladder
from bot.qr.refusal import Word
from bot.qr.shapes.lettering import LONGEST, line

WIDTH = 1024  # pixels
COLUMNS = 5
RED = Word("Red scanner")

_EDGE, _GAP, _ROW, _TEXT = 32, 22, 26, 52  # pixels: around all, between columns and rows, for a cell's words
_CORNER, _MARK = 16, 40  # pixels: radius of a thumbnail's corners, size of a mark
_SMALLEST = 0.75  # of the height of letters, before a text is cut
_FINE = 4  # marks and corners are drawn so many times larger
_PAPER, _LINE, _INK, _FAINT = "#ffffff", "#d8dce3", "#1c2430", "#667085"
_YES, _NO = "#15914b", "#d13438"


@dataclass(frozen=True, slots=True)
class View:
    """What a camera sees, whether it reads, and the words below."""

    picture: Image.Image
    read: bool
    label: str
    note: str = ""


def in_english(text: str, **values: object) -> str:
    return text.format(**values) if values else text


def views(ladder: Ladder, say: Callable[..., str] = in_english) -> tuple[View, ...]:
    """See a picture under every condition and in red light; ``say`` translates a template and fills it.

    It is seen at the highest step that reads, or where that is below par, at the first that does not.
    """
    seen = []
    for condition, rung in zip(CONDITIONS, ladder.rungs, strict=True):
        read = rung.read >= condition.par
        step = condition.steps[rung.read - 1 if read else rung.read]
        picture = Image.fromarray(condition.worsen(ladder.shot, step))
        note = say(condition.unit, n=f"{step:g}")
        seen.append(View(picture, read, say(condition.label), note))
    grey = red_light(ladder.shot)
    lit = np.stack((grey, grey // 6, grey // 6), axis=2)
    seen.append(View(Image.fromarray(lit), ladder.red, say(RED), "660 nm"))
    return tuple(seen)


def strip(seen: Sequence[View], width: int = WIDTH, columns: int = COLUMNS) -> Image.Image:
    """Lay views out as a sheet, ``columns`` in a row, each with a mark and its words (already translated)."""
    side = (width - 2 * _EDGE - (columns - 1) * _GAP) // columns
    rows = max(1, -(-len(seen) // columns))
    height = 2 * _EDGE + rows * (side + _TEXT) + (rows - 1) * _ROW
    sheet = Image.new("RGB", (width, height), _PAPER)
    rounded = _rounded(side)
    marks = {True: _mark(True), False: _mark(False)}
    for number, view in enumerate(seen):
        row, column = divmod(number, columns)
        left, top = _EDGE + column * (side + _GAP), _EDGE + row * (side + _TEXT + _ROW)
        sheet.paste(_LINE, (left - 1, top - 1), _rounded(side + 2))
        sheet.paste(_thumbnail(view.picture, side), (left, top), rounded)
        mark = marks[view.read]
        sheet.paste(mark, (left + side - _MARK + 8, top + side - _MARK + 8), mark)
        _write(sheet, view.label, (left + 2, top + side + 24, side - _MARK + 6), 12, _INK)
        _write(sheet, view.note, (left + 2, top + side + 44, side - 4), 9.5, _FAINT)
    return sheet


def _rounded(side: int) -> Image.Image:
    """Return the mask of a square with round corners."""
    mask = Image.new("L", (side * _FINE, side * _FINE), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side * _FINE - 1, side * _FINE - 1), _CORNER * _FINE, 255)
    return mask.resize((side, side), Image.Resampling.LANCZOS)


def _thumbnail(picture: Image.Image, side: int) -> Image.Image:
    """Fit a picture into a square of its own ground; where it is small, its pixels show."""
    picture = picture.convert("RGB")
    pixels = np.asarray(picture)
    border = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
    ground = tuple(int(level) for level in np.median(border, axis=0))
    factor = side / max(picture.size)
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    grid = Image.Resampling.NEAREST if factor > 1 else Image.Resampling.LANCZOS
    square = Image.new("RGB", (side, side), ground)
    square.paste(picture.resize(size, grid), ((side - size[0]) // 2, (side - size[1]) // 2))
    return square


def _mark(read: bool) -> Image.Image:
    """Draw a white tick on a green disc, or a white cross on a red square: shape and colour say it both."""
    size = _MARK * _FINE
    mark = Image.new("RGBA", (size, size), (255, 255, 255, 0))
    pen = ImageDraw.Draw(mark)
    outer, inner = (0, 0, size - 1, size - 1), (
        4 * _FINE,
        4 * _FINE,
        size - 4 * _FINE - 1,
        size - 4 * _FINE - 1,
    )
    at, thick = size / 40, 4 * _FINE
    if read:
        pen.ellipse(outer, _PAPER)
        pen.ellipse(inner, _YES)
        strokes = [[(12.5, 20.5), (18, 26), (28, 14.5)]]
    else:
        pen.rounded_rectangle(outer, 11 * _FINE, _PAPER)
        pen.rounded_rectangle(inner, 8 * _FINE, _NO)
        strokes = [[(14, 14), (26, 26)], [(26, 14), (14, 26)]]
    for stroke in strokes:
        points = [(x * at, y * at) for x, y in stroke]
        pen.line(points, _PAPER, thick, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), _PAPER)
    return mark.resize((_MARK, _MARK), Image.Resampling.LANCZOS)


def _write(sheet: Image.Image, text: str, box: tuple[int, int, int], capital: float, ink: str) -> None:
    """Write one line, smaller where it has to be, and cut where that does not help.

    ``box``: left, baseline and width, in pixels, as the height of capitals.
    """
    left, base, room = box
    text = " ".join(text.split())[:LONGEST]
    path, width = line(text, capital)
    while width * _SMALLEST > room and len(text) > 1:
        text = text.rstrip("…")[: int(len(text) * room / (width * _SMALLEST)) - 1].rstrip() + "…"
        path, width = line(text, capital)
    scale = min(1.0, room / max(width, 1.0))
    drawn = edges(path, scale, (left, base - capital * scale))
    at = window(drawn, *sheet.size)
    if at[2] > at[0]:
        mask = Image.fromarray(np.round(coverage(drawn, at) * 255).clip(0, 255).astype(np.uint8))
        sheet.paste(ink, at, mask)
