"""Paths as text, to a thousandth of a module: SVG's relative commands, PDF's and PostScript's operators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from bot.qr.shapes.path import Contour, Path

GRID = 1000  # steps of a module

Numbers = tuple[int, ...]  # in steps
Command = tuple[str, Numbers]


def short(value: float, places: int = 3) -> str:
    """Write a number as shortly as it goes: ``.5``, ``-12``, ``0``."""
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", "0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


@lru_cache(maxsize=8192)
def _written(steps: int) -> str:
    return short(steps / GRID)


def _rounded(one: Contour, x: int = 0, y: int = 0) -> list[Numbers]:
    """Round a contour, moved, without the lines that have no length or that closing it draws anyway."""
    points: list[Numbers] = []
    for step in (one.start, *one.steps):
        point = tuple(round(value * GRID) + (y if each % 2 else x) for each, value in enumerate(step))
        if not points or len(point) > 2 or point != points[-1][-2:]:
            points.append(point)
    while len(points) > 1 and points[-1] == points[0]:
        points.pop()
    return points


def operators(path: Path, x: float = 0, y: float = 0) -> str:
    """Write a path, moved, with PDF's operators (ISO 32000-1, 8.5.2): ``m l c h re``."""
    left, top = round(x * GRID), round(y * GRID)
    return "\n".join(line for one in path for line in _operators(_rounded(one, left, top)))


def _operators(points: list[Numbers]) -> Iterator[str]:
    if _upright(points):
        (left, top), (right, bottom) = points[0], points[2]
        yield " ".join(map(_written, (left, top, right - left, bottom - top))) + " re"
        return
    for number, point in enumerate(points):
        letter = "m" if number == 0 else "l" if len(point) == 2 else "c"
        yield f"{' '.join(map(_written, point))} {letter}"
    yield "h"


def _upright(points: list[Numbers]) -> bool:
    """Tell whether a contour is what ``re`` draws."""
    if len(points) != 4 or any(len(point) != 2 for point in points):
        return False
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    return y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0


def relative(path: Path) -> str:
    """Write a path with SVG's commands (SVG 2, 9.3), relative after the first."""
    return placed((each, 0, 0) for each in (_piece(path),))


Piece = tuple[Numbers, str, Numbers]  # where a shape starts, its commands, where its last contour started


@lru_cache(maxsize=1024)
def piece(path: Path) -> Piece:
    """Prepare a shape for being written at many places."""
    return _piece(path)


def _piece(path: Path) -> Piece:
    contours = [_rounded(one) for one in path]
    start = at = contours[0][0]
    text = ""
    for number, points in enumerate(contours):
        begin = points[0]
        if number:
            text += "m" + _packed((begin[0] - at[0], begin[1] - at[1]))
        text += _commands(points) + "z"
        at = begin
    return start, text, at


def placed(pieces: Iterable[tuple[Piece, float, float]]) -> str:
    """Write shapes at their places as one path."""
    parts: list[str] = []
    at: Numbers = (0, 0)
    for (start, text, end), x, y in pieces:
        left, top = round(x * GRID), round(y * GRID)
        goal = (start[0] + left, start[1] + top)
        far = "M" + _packed(goal)
        near = "m" + _packed((goal[0] - at[0], goal[1] - at[1]))
        parts.append((near if parts and len(near) < len(far) else far) + text)
        at = (end[0] + left, end[1] + top)
    return "".join(parts)


def _commands(points: list[Numbers]) -> str:
    """Write the steps of a contour."""
    at = handle = points[0]  # handle: the second control point of the curve before
    parts: list[Command] = []
    for step in points[1:]:
        moves = tuple(value - at[each % 2] for each, value in enumerate(step))
        if len(step) == 2:
            parts.append(_line(*moves))
            handle = step
        else:
            mirrored = all(abs(moves[each] - (at[each] - handle[each])) <= 1 for each in (0, 1))
            parts.append(("s", moves[2:]) if mirrored else ("c", moves))
            handle = step[2:4]
        at = step[-2:]
    return _joined(parts)


def _line(x: int, y: int) -> Command:
    if y == 0:
        return "h", (x,)
    return ("v", (y,)) if x == 0 else ("l", (x, y))


def _joined(parts: list[Command]) -> str:
    return "".join(
        letter + _packed(number for _, numbers in group for number in numbers)
        for letter, group in groupby(parts, key=itemgetter(0))
    )


def _packed(numbers: Iterable[int]) -> str:
    """Write numbers one after the other, with a space only where two would run together."""
    text, before = "", ""
    for written in map(_written, numbers):
        apart = before and written[0] != "-" and not (written[0] == "." and "." in before)
        text += f" {written}" if apart else written
        before = written
    return text
