"""How large a logo may be: computed from what it hides of each Reed–Solomon block, never guessed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

import numpy as np

from bot.qr.logo import WIDEST, Art, Hidden, place
from bot.qr.payloads.payload import Level, Payload
from bot.qr.proof.gate import shortfalls
from bot.qr.proof.grades import Grade, Grades
from bot.qr.proof.margin import Margin, damage, margin
from bot.qr.refusal import Refused
from bot.qr.style.style import Logo, Style
from bot.qr.symbol import DENSE, Symbol, TooLong, version_of

ROOMY = 5  # the version from which on a logo may be a fifth of the side
_USUAL = 4  # percent that are gained, at the most, by what most symbols say
SMALLEST = 6  # percent; below it a logo is a dot


def with_largest_logo(style: Style, symbol: Symbol, art: Art) -> Style:
    """Give a style's logo the largest size that keeps the grade asked for; raises Refused where none does.

    Whatever the symbol says, a size is known that keeps it; from there on what it really says is looked at,
    since a hidden module that would be light anyway costs nothing; a larger logo hides what a smaller one
    hides. One that lies behind the modules is measured as if it hid them.
    """
    logo = style.logo
    if logo is None or logo.size:
        return style
    front, asked = replace(logo, behind=False), Grade[style.grade]
    size, most = _safe(front, art.logo, symbol.version, symbol.level, asked), WIDEST
    while size < most:
        middle = min((size + most + 1) // 2, size + _USUAL)
        kept = _keeps(replace(front, size=middle), art.logo, symbol, asked)
        size, most = (middle, most) if kept else (size, middle - 1)
    if size < SMALLEST:
        raise Refused("This code has no room for a logo. Shorten its text, or leave the logo out.")
    return replace(style, logo=replace(logo, size=size))


def hidden_margin(hidden: Hidden, symbol: Symbol) -> Margin:
    """Work out what hiding modules costs a symbol; what is hidden looks light."""
    return margin(symbol, hidden, np.zeros_like(symbol.modules))


@lru_cache(maxsize=256)
def _safe(logo: Logo, data: bytes, version: int, level: Level, asked: Grade) -> int:
    """Find the largest size that keeps the grade even if every hidden module is wrong."""
    low, high = 0, WIDEST
    while low < high:
        middle = (low + high + 1) // 2
        hidden = place(replace(logo, size=middle), data, version).hidden
        kept = not shortfalls(_grades(damage(version, level, hidden)), asked)
        low, high = (middle, high) if kept else (low, middle - 1)
    return low


def _keeps(logo: Logo, data: bytes, symbol: Symbol, asked: Grade) -> bool:
    lost = hidden_margin(place(logo, data, symbol.version).hidden, symbol)
    return not shortfalls(_grades(lost), asked)


def _grades(lost: Margin) -> Grades:
    """Grade what is hidden alone: colours and quiet zone have nothing to do with a logo's size."""
    return Grades(
        unused_error_correction=lost.correction, fixed_pattern_damage=lost.patterns,
        alignment_patterns=lost.alignment_patterns, format_information=lost.information,
    )  # fmt: skip


@lru_cache(maxsize=4)
def with_room(payload: Payload) -> Payload:
    """Let a payload have a symbol that a logo fits on: in smaller ones it would be a dot."""
    least = max(payload.rules.least, min(ROOMY, payload.rules.most))
    return replace(payload, rules=replace(payload.rules, least=least))


def level_of(payload: Payload, style: Style) -> Level:
    """Choose the least level to encode at: as asked, or for a logo the highest that leaves the symbol open.

    A dense symbol would pay for a larger logo with modules that phones cannot tell apart. Raises TooLong
    where it does not even fit as asked.
    """
    version_of(payload, style.level)
    if style.logo is None or style.logo.behind or payload.rules.level is not None:
        return style.level
    for level in reversed(Level):
        if level == style.level:
            break
        with suppress(TooLong):
            if version_of(payload, level) <= DENSE:
                return level
    return style.level
