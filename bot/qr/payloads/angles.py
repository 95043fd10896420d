"""Coordinates as people paste them: decimals, degrees with minutes and seconds, north and south."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

LONGEST = 100  # characters of a text that may be coordinates
_WIDE = Context(prec=60)  # digits: more than any number has that is rounded here

_ONE = (
    r"(?P<sign{0}>[+\-−])?\s*(?P<degrees{0}>[0-9]{{1,3}}(?:[.,][0-9]{{1,20}})?)\s*"
    r"(?:(?P<mark{0}>[°º])\s*"
    r"(?:(?P<minutes{0}>[0-9]{{1,2}}(?:[.,][0-9]{{1,20}})?)\s*(?:['′’](?!['′’]))\s*"
    r"(?:(?P<seconds{0}>[0-9]{{1,2}}(?:[.,][0-9]{{1,20}})?)\s*(?:[\"″”]|['′’]{{2}})\s*)?)?)?"
)
_LETTER = r"(?P<letter{0}>[NSEW])"
# Between two: a comma, a semicolon, a space; nothing only after a mark or a letter.
_BETWEEN = r"(?P<between>\s*[,;]\s*|\s+|(?<=[NSEW°º'′’\"″”])\s*)"
_PAIRS = tuple(
    re.compile(form.format(1) + _BETWEEN + form.format(2), re.IGNORECASE)
    for form in (_ONE + f"{_LETTER}?", rf"{_LETTER}\s*{_ONE}")
)


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A latitude and a longitude in degrees, and whether a text that says them can mean nothing else."""

    latitude: Decimal
    longitude: Decimal
    sure: bool


@dataclass(frozen=True, slots=True)
class _Angle:
    """One of a pair as it is written: degrees, its letter, whether with °, its decimal mark and decimals."""

    value: Decimal
    letter: str
    mark: bool
    point: str
    decimals: int
    fine: bool  # finer than whole degrees


def trimmed(value: Decimal, decimals: int = 6) -> str:
    """Write a number with so many decimals at most, and none that says nothing."""
    text = f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, _WIDE):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def coordinates_of(text: str) -> Coordinates | None:
    """Read pasted coordinates; None where a text is none.

    They are sure with three decimals each, with degree signs or with letters of the compass: "12.5, 7.25"
    may be prices, "20°, 30°" temperatures. The O of Spanish and French is west, that of German east, so it is
    not read.
    """
    bare = text.strip().strip("()[]").strip()
    if len(bare) > LONGEST:
        return None
    match = next(filter(None, (pair.fullmatch(bare) for pair in _PAIRS)), None)
    return _pair(match) if match is not None else None


def _pair(match: re.Match[str]) -> Coordinates | None:
    first, second = _angle(match, "1"), _angle(match, "2")
    if first is None or second is None or not _alike(first, second):
        return None
    if first.letter in ("E", "W"):
        first, second = second, first
    if first.letter not in ("", "N", "S") or second.letter not in ("", "E", "W"):
        return None
    if abs(first.value) > 90 or abs(second.value) > 180:
        return None
    return Coordinates(first.value, second.value, _sure(first, second, ";" in match["between"]))


def _angle(match: re.Match[str], which: str) -> _Angle | None:
    """Put one angle together; None where its parts contradict each other."""
    written = [match[name + which] or "" for name in ("degrees", "minutes", "seconds")]
    degrees, minutes, seconds = (Decimal(each.replace(",", ".") or "0") for each in written)
    *before, last = filter(None, written)
    letter, sign = (match["letter" + which] or "").upper(), match["sign" + which]
    # Only the last part has decimals, a sixtieth part is less than 60, and a letter says what a sign would.
    if max(minutes, seconds) >= 60 or not all(each.isdigit() for each in before) or (letter and sign):
        return None
    value = Decimal(trimmed(degrees + minutes / 60 + seconds / 3600))
    signed = -value if value and (letter in ("S", "W") or sign in ("-", "−")) else value
    point = "," if "," in last else "." if "." in last else ""
    decimals = len(last.partition(point)[2]) if point else 0
    return _Angle(signed, letter, bool(match["mark" + which]), point, decimals, bool(point or before))


def _alike(first: _Angle, second: _Angle) -> bool:
    """Tell a pair from two numbers beside each other: marks or letters on both, or decimals on both."""
    if bool(first.letter) != bool(second.letter) or first.mark != second.mark:
        return False
    if first.point and second.point and first.point != second.point:
        return False
    return first.mark or bool(first.letter) or bool(first.point and second.point)


def _sure(first: _Angle, second: _Angle, semicolon: bool) -> bool:
    if first.mark or first.letter:
        return (first.mark and bool(first.letter)) or (first.fine and second.fine)
    # "1,234 5,678" are two thousands to many; with a semicolon between, the commas are decimal ones.
    return min(first.decimals, second.decimals) >= 3 and (first.point == "." or semicolon)
