"""One line of text as outlines: which way it runs, in which fonts, its letters joined as their script asks.

Sizes are in em, y downwards from the baseline, x from where the line begins on the left.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path as File

import uharfbuzz as hb
from bidi import algorithm as bidi
from bidi.mirror import MIRRORED

from bot.qr.refusal import Refused
from bot.qr.shapes.fonts import INVISIBLE, font_for, opened, shows
from bot.qr.shapes.path import Box, Contour, Cubic, Path, Point, bounds, hole, mapped

_NAMED = 3  # characters that a refusal names
_EAST_ASIAN = frozenset(("Hani", "Hira", "Kana", "Hang", "Bopo"))  # one text has several, and one font all


@dataclass(frozen=True, slots=True)
class Glyph:
    """One sign of a font, and the rectangle around what of it is inked."""

    path: Path
    ink: Box


Placed = tuple[Glyph, float, float]  # and where its origin stands


@dataclass(frozen=True, slots=True)
class Shaped:
    """A line: its glyphs, how far the next one would stand, and the rectangle around what is inked."""

    glyphs: tuple[Placed, ...]
    advance: float
    ink: Box

    def path(self, em: float = 1, x: float = 0, y: float = 0) -> Path:
        """Draw it with its origin at a point, ``em`` modules to the em."""
        return tuple(
            contour
            for glyph, across, down in self.glyphs
            for contour in mapped(glyph.path, (em, 0, x + em * across), (0, em, y + em * down))
        )


@lru_cache(maxsize=512)
def shaped(text: str, right_to_left: bool = False) -> Shaped:
    """Set one line of text. Raises Refused for characters that no font here can show."""
    levels = _levels(text, right_to_left)
    runs = [
        (level, font, "".join(each[2] for each in part))
        for (level, _, font), part in groupby(
            zip(levels, _scripts(text), text, fonts(text), strict=True),
            lambda each: (each[0], each[1], each[3]),
        )
    ]
    glyphs: list[Placed] = []
    x = 0.0
    for level, font, part in _visual(runs):
        x = _run(glyphs, part, font, bool(level % 2), x)
    return Shaped(tuple(glyphs), x, _ink(glyphs))


def _ink(glyphs: list[Placed]) -> Box:
    """Find the rectangle around the ink of all glyphs."""
    boxes = [(x + each.ink.x, y + each.ink.y, each.ink) for each, x, y in glyphs]
    left, top = min((each[0] for each in boxes), default=0), min((each[1] for each in boxes), default=0)
    right = max((x + ink.width for x, _, ink in boxes), default=0)
    bottom = max((y + ink.height for _, y, ink in boxes), default=0)
    return Box(left, top, right - left, bottom - top)


def right_to_left(text: str) -> bool:
    """Tell whether a text's first letter with a direction runs to the left (UAX #9, P2)."""
    return bool(bidi.get_base_level(text))


def _levels(text: str, right_to_left: bool) -> list[int]:
    """Find the embedding level of each character (UAX #9); formatting characters take their neighbour's."""
    known = "".join(each if unicodedata.bidirectional(each) else "x" for each in text)
    storage = bidi.get_empty_storage()
    storage["base_level"] = int(right_to_left)
    bidi.get_embedding_levels(known, storage)
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    _pair(storage["chars"], "R" if right_to_left else "L")
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    resolved = iter(storage["chars"])
    levels = [int(right_to_left)]
    for each in known:
        removed = unicodedata.bidirectional(each) in bidi.X9_REMOVED
        levels.append(levels[-1] if removed else next(resolved)["level"])
    return levels[1:]


def _pair(characters: list[dict[str, str]], base: str) -> None:
    """Give both brackets of a pair one direction (UAX #9, N0, which the library leaves out)."""
    strong = ["R" if each["type"] in ("R", "EN", "AN") else each["type"] for each in characters]
    for first, last in _brackets(characters):
        inside, before = set(strong[first + 1 : last]), [each for each in strong[:first] if each in "LR"]
        if base in inside:
            direction = base
        elif inside & {"L", "R"}:
            other = "L" if base == "R" else "R"
            direction = other if before and before[-1] == other else base
        else:
            continue
        for at in (first, last):
            characters[at]["type"] = strong[at] = direction


def _brackets(characters: list[dict[str, str]]) -> list[tuple[int, int]]:
    opened: list[tuple[str, int]] = []
    pairs = []
    for at, each in enumerate(characters):
        kind = unicodedata.category(each["ch"]) if each["type"] == "ON" else ""
        if kind == "Ps":
            opened.append((MIRRORED.get(each["ch"], ""), at))
        elif kind == "Pe" and any(closing == each["ch"] for closing, _ in opened):
            while (top := opened.pop())[0] != each["ch"]:
                pass
            pairs.append((top[1], at))
    return sorted(pairs)


def _visual(runs: list[tuple[int, File, str]]) -> list[tuple[int, File, str]]:
    """Put runs from left to right (UAX #9, L2)."""
    for level in range(max((each[0] for each in runs), default=0), 0, -1):
        parts = [list(part) for _, part in groupby(runs, lambda each: each[0] >= level)]  # noqa: B023 - now
        runs = [each for part in parts for each in (part[::-1] if part[0][0] >= level else part)]
    return runs


def _scripts(text: str) -> list[str]:
    """Find the script of each character; signs and marks belong to the letter before them, else after."""
    own = [_script(each) for each in text]
    current = next((each for each in own if each), "")
    scripts = []
    for each in own:
        current = each or current
        scripts.append(current)
    return scripts


@cache
def _script(character: str) -> str:
    buffer = hb.Buffer()
    buffer.add_str(character)
    buffer.guess_segment_properties()
    script = buffer.script or ""
    return "Hani" if script in _EAST_ASIAN else script


def fonts(text: str) -> list[File]:
    """Choose a font for each character. Raises Refused with those that none of them can show."""
    chosen: list[File | None] = []
    for _, part in groupby(zip(text, _scripts(text), strict=True), lambda each: each[1]):
        run = "".join(each for each, _ in part)
        letters = font_for("".join(sorted({each for each in run if _script(each)})))
        for cluster in _clusters(run):
            font = letters if letters and shows(letters, cluster) else font_for(cluster)
            chosen += [font] * len(cluster)
    if None in chosen:
        raise missing([each for each, font in zip(text, chosen, strict=True) if font is None])
    return [each for each in chosen if each]


class Letterless(Refused):
    """No font here has the letters of a text."""


def missing(characters: list[str]) -> Refused:
    """Name the first characters that cannot be shown."""
    names = "".join(list(dict.fromkeys(each for each in characters if not INVISIBLE.match(each)))[:_NAMED])
    return Letterless(
        "No font here can show “{characters}”. Use other letters, or ask whoever runs me to install one.",
        field="frame",
        characters=names,
    )


def _clusters(text: str) -> Iterator[str]:
    """Split a text where one font may end: never before a mark, nor around a joiner."""
    start = 0
    for at in range(1, len(text)):
        mark = unicodedata.category(text[at])[0] == "M" or (
            INVISIBLE.match(text[at]) and not text[at].isspace()
        )
        if not mark and text[at - 1] != "\u200d" and not "\U0001f3fb" <= text[at] <= "\U0001f3ff":
            yield text[start:at]
            start = at
    yield text[start:]


def _run(glyphs: list[Placed], text: str, path: File, leftwards: bool, x: float) -> float:
    """Shape what stands in one font and direction from ``x`` on, and give back where it ends."""
    font = opened(path)
    if font is None:  # its file went away since
        raise missing(list(text))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if leftwards else "ltr"
    hb.shape(font, buffer)
    em, y = font.face.upem, 0.0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if not info.codepoint:
            raise missing([text[info.cluster]])
        one = glyph(path, info.codepoint)
        if one.path:
            glyphs.append((one, x + place.x_offset / em, y - place.y_offset / em))
        x, y = x + place.x_advance / em, y - place.y_advance / em
    return x


@lru_cache(maxsize=1024)
def glyph(path: File, number: int) -> Glyph:
    """Take a glyph's outline out of a font, its outer lines clockwise: PostScript's run the other way."""
    font = opened(path)
    if font is None:
        return Glyph((), Box(0, 0, 0, 0))
    drawn: list[list[Point | Cubic]] = []
    font.draw_glyph(number, _pen(), drawn)
    em = font.face.upem
    outline = tuple(Contour(each[0][:2], _closed(each)) for each in drawn if len(each) > 2)
    outline = mapped(outline, (1 / em, 0, 0), (0, -1 / em, 0))
    if max(map(_turn, outline), key=abs, default=0) < 0:
        outline = hole(outline)
    return Glyph(outline, bounds(outline) if outline else Box(0, 0, 0, 0))


def _turn(one: Contour) -> float:
    """Measure twice the area that an outline goes around, below 0 where it does so against the clock."""
    ends = [one.start, *(step[-2:] for step in one.steps), one.start]
    return sum(x * down - across * y for (x, y), (across, down) in pairwise(ends))


def _closed(line: list[Point | Cubic]) -> tuple[Point | Cubic, ...]:
    return tuple(line[1:-1] if line[-1] == line[0] else line[1:])


@cache
def _pen() -> hb.DrawFuncs:
    """Make what writes each outline as a list: where it starts, then its steps."""
    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, drawn: drawn.append([(x, y)]))
    pen.set_line_to_func(lambda x, y, drawn: drawn[-1].append((x, y)))
    pen.set_cubic_to_func(lambda *numbers: numbers[-1][-1].append(numbers[:-1]))
    pen.set_quadratic_to_func(_quadratic)
    return pen


def _quadratic(across: float, down: float, x: float, y: float, drawn: list[list[Point | Cubic]]) -> None:
    """Add a quadratic curve as the cubic one it is: control points two thirds of the way to its own."""
    start = drawn[-1][-1][-2:]
    first = (start[0] + (across - start[0]) * 2 / 3, start[1] + (down - start[1]) * 2 / 3)
    drawn[-1].append((*first, x + (across - x) * 2 / 3, y + (down - y) * 2 / 3, x, y))
