"""Text in a box: one line or a few balanced ones, as large as they fit, centred by what is really inked."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from bot.qr.refusal import Refused
from bot.qr.shapes.path import Box, Path
from bot.qr.shapes.shaping import Shaped, right_to_left, shaped

LONGEST = 60  # characters
CAPITAL = 0.72  # height of capitals in sans serifs, in em

_LEADING = 1.15  # from line to line, in em
_WORTH = 1.2  # another line is taken for letters this much larger
_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")
_DROPPED = re.compile(
    "[\\ud800-\\udfff\\u202a-\\u202e\\u2066-\\u2069]"
)  # half surrogates, turns of direction
_OPENING, _CLOSING = (
    "([{「『（【〈《",
    ")]}」』）】〉》、。，．！？：；ー…",
)  # no line ends, or begins, with them


@dataclass(frozen=True, slots=True)
class _Setting:
    """Lines, and how large their letters are: modules to the em."""

    em: float
    lines: tuple[Shaped, ...]


def cleaned(text: str, field: str = "frame") -> str:
    """Make one line of a text: compose accents, space for controls. Raises Refused beyond ``LONGEST``."""
    if len(text) > LONGEST:
        raise Refused(
            "This text is too long to be drawn: at most {most} characters; this has {count}.",
            field=field,
            most=LONGEST,
            count=len(text),
        )
    spaced = _CONTROLS.sub(" ", _DROPPED.sub("", text))
    return " ".join(unicodedata.normalize("NFC", spaced).split())


@lru_cache(maxsize=256)
def lettering(text: str, box: Box, lines: int = 3, least: float = 0) -> Path:
    """Set a text in the middle of a box, in up to so many lines; ``least`` modules to the em.

    Raises Refused for a text that no font here can show, and for one that would be smaller than that.
    """
    text = cleaned(text)
    if not text:
        return ()
    setting = _best(text, box, lines)
    if setting.em < least:
        fits = (
            bisect(range(len(text)), -least, key=lambda count: -_best(text[:count].strip(), box, lines).em)
            - 1
        )
        raise Refused(
            "This caption does not fit its frame. Shorten it by {over} or more characters.",
            field="frame",
            over=len(text) - fits,
        )
    return _centred(setting, box)


def line(text: str, height: float) -> tuple[Path, float]:
    """Set one line with capitals this high, from x = 0, its baseline at y = ``height``; and its width."""
    text = cleaned(text, field="")
    em = height / CAPITAL
    one = shaped(text, right_to_left(text))
    return one.path(em, 0, height), one.advance * em


def _best(text: str, box: Box, most: int) -> _Setting:
    """Choose how many lines: as few as possible, unless one more makes the letters clearly larger."""
    leftwards = right_to_left(text)
    pieces = _pieces(text)
    best = _Setting(0, ())
    for count in range(1, min(most, len(pieces)) + 1):
        setting = _fitted(tuple(shaped(each, leftwards) for each in _balanced(pieces, count)), box)
        if setting.em > best.em * _WORTH:
            best = setting
    return best


def _fitted(lines: tuple[Shaped, ...], box: Box) -> _Setting:
    top, bottom = _extent(lines)
    widest = max(each.ink.width for each in lines)
    height = max(1 + (len(lines) - 1) * _LEADING, bottom - top)
    return _Setting(min(box.width / max(widest, 0.01), box.height / height), lines)


def _extent(lines: tuple[Shaped, ...]) -> tuple[float, float]:
    """Find the top and bottom of what is inked, in em from the first baseline."""
    places = [(number * _LEADING + each.ink.y, each.ink.height) for number, each in enumerate(lines)]
    return min(top for top, _ in places), max(top + height for top, height in places)


def _centred(setting: _Setting, box: Box) -> Path:
    em, (top, bottom) = setting.em, _extent(setting.lines)
    x, y = box.centre
    return tuple(
        contour
        for number, each in enumerate(setting.lines)
        for contour in each.path(
            em, x - em * each.ink.centre[0], y + em * (number * _LEADING - (top + bottom) / 2)
        )
    )


def _pieces(text: str) -> list[str]:
    """Split a text where a line may end: after a space, and between ideographs."""
    pieces = [""]
    for before, after in pairwise(f" {text}"):
        wide = all(unicodedata.east_asian_width(each) == "W" for each in (before, after))
        if pieces[-1] and (before == " " or (wide and before not in _OPENING and after not in _CLOSING)):
            pieces.append("")
        pieces[-1] += after
    return pieces


def _balanced(pieces: list[str], count: int) -> list[str]:
    """Share pieces out to lines so that the longest is as short as possible."""
    lengths = [
        sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in piece) for piece in pieces
    ]
    best = min(
        combinations(range(1, len(pieces)), count - 1),
        key=lambda ends: max(sum(lengths[a:b]) for a, b in pairwise((0, *ends, len(pieces)))),
    )
    return ["".join(pieces[a:b]).strip() for a, b in pairwise((0, *best, len(pieces)))]
