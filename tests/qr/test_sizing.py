"""The size of a logo is computed: as large as the grade asked for allows, and no larger."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from bot.qr.logo import WIDEST, Art, place
from bot.qr.payloads.payload import FREE, Level, Payload, Rules
from bot.qr.proof.gate import graded, shortfalls
from bot.qr.proof.grades import Grade
from bot.qr.proof.margin import margin
from bot.qr.refusal import Refused
from bot.qr.sizing import ROOMY, SMALLEST, hidden_margin, level_of, with_largest_logo, with_room
from bot.qr.style.style import DEFAULT, Logo, Style
from bot.qr.symbol import DENSE, Symbol, TooLong, encode, version_of
from tests.qr.artwork import art

SHAPES = ("square", "round", "outline")
ROOM = {Level.L: 2950, Level.M: 2330, Level.Q: 1660, Level.H: 1270}  # bytes that version 40 holds


@cache
def symbol(version: int, level: Level) -> Symbol:
    """Make a symbol of a version and level."""
    text = "https://example.com/" + "a1b" * 900
    least = Payload("short", rules=Rules(level=level, least=version, most=version))
    return encode(least) if version < 40 else encode(Payload(text[: ROOM[level]], rules=Rules(level=level)))


def keeps(logo: Logo, picture: bytes, of: Symbol, asked: Grade) -> bool:
    """Work out by place and margin alone whether a logo of a size keeps a grade."""
    hidden = place(replace(logo, behind=False), picture, of.version).hidden
    lost = margin(of, hidden, np.zeros_like(of.modules))
    return not shortfalls(graded(DEFAULT, lost), asked)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("version", [5, 7, 14, 40])
@pytest.mark.parametrize("level", [Level.M, Level.H])
def test_the_size_is_the_largest_of_all_that_keep_the_grade(shape: str, version: int, level: Level) -> None:
    """Every size is tried: the one chosen keeps the grade, none above it does, all below do."""
    of = symbol(version, level)
    for grade, wide, behind in (
        ("A", False, False),
        ("B", True, False),
        ("C", True, True),
        ("D", False, False),
    ):
        picture = art(300, 140, clear=True) if wide else art(200, 200)
        logo = Logo("asset:1", shape, 0, 0.5 if wide else 1.0, behind)
        kept = [keeps(replace(logo, size=size), picture, of, Grade[grade]) for size in range(1, WIDEST + 1)]
        largest = max((at + 1 for at, each in enumerate(kept) if each), default=0)
        assert kept == sorted(kept, reverse=True)
        style = Style(logo=logo, grade=grade)
        if largest < SMALLEST:
            with pytest.raises(Refused, match="no room for a logo"):
                with_largest_logo(style, of, Art(picture))
            continue
        found = with_largest_logo(style, of, Art(picture))
        assert found == replace(style, logo=replace(logo, size=largest))


def test_one_percent_more_fails_the_grade() -> None:
    """What is left of the worst block is enough, and with one percent more it is not."""
    of, logo = symbol(10, Level.H), Logo("asset:1", "round", 0)
    found = with_largest_logo(Style(logo=logo), of, Art(art(200, 200))).logo
    assert found is not None
    now, more = (
        hidden_margin(place(replace(found, size=found.size + by), art(200, 200), 10).hidden, of)
        for by in (0, 1)
    )
    assert now.unused >= 0.50 > more.unused


def test_a_harder_grade_leaves_less_room() -> None:
    """A below B below C below D; a higher level leaves more."""

    def size(grade: str, level: Level) -> int:
        found = with_largest_logo(
            Style(logo=Logo("asset:1"), grade=grade), symbol(14, level), Art(art(200, 200))
        )
        assert found.logo is not None
        return found.logo.size

    sizes = [size(grade, Level.H) for grade in "ABCD"]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
    levels = [size("C", level) for level in (Level.M, Level.Q, Level.H)]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]


def test_what_is_asked_for_stays() -> None:
    """A size that is given, and a look without a logo, are left alone."""
    for style in (Style(), Style(logo=Logo("asset:1", size=33))):
        assert with_largest_logo(style, symbol(5, Level.H), Art(art(200, 200))) is style


def test_a_wide_margin_leaves_no_room_and_is_refused_kindly() -> None:
    """Ten modules around a dot cover a small symbol."""
    style = Style(logo=Logo("asset:1", margin=10.0))
    with pytest.raises(Refused, match="leave the logo out"):
        with_largest_logo(style, symbol(5, Level.H), Art(art(200, 200)))


# --- level and version --------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", list(Level))
@pytest.mark.parametrize("length", [20, 500, 700, 900, 1300, 1700, 2400, 2900])
def test_a_logo_gets_the_highest_level_that_keeps_the_symbol_open(length: int, asked: Level) -> None:
    """Never below what was asked; what does not even fit that is refused as it is without a logo."""
    payload, style = Payload("x" * length), Style(logo=Logo("asset:1"), level=asked)
    if length > ROOM[asked]:
        with pytest.raises(TooLong):
            level_of(payload, style)
        return
    higher = list(Level)[list(Level).index(asked) + 1 :]
    open_ = [level for level in higher if length <= ROOM[level] and version_of(payload, level) <= DENSE]
    assert level_of(payload, style) == (open_[-1] if open_ else asked)
    assert level_of(payload, Style(level=asked)) == asked
    assert level_of(payload, replace(style, logo=Logo("asset:1", behind=True))) == asked


def test_a_level_that_a_specification_sets_stands() -> None:
    """A logo does not raise it."""
    payload = Payload("x", rules=Rules(level=Level.M))
    assert level_of(payload, Style(logo=Logo("asset:1"), level=Level.M)) == Level.M


def test_a_logo_gets_room_inside_the_rules() -> None:
    """A larger version than the text needs, but none that the rules forbid."""
    text = "HELLO"
    assert version_of(with_room(Payload(text)), Level.H) == ROOMY
    assert version_of(with_room(Payload(text, rules=replace(FREE, most=3))), Level.H) == 3
    assert version_of(with_room(Payload(text, rules=replace(FREE, least=9))), Level.H) == 9
    assert with_room(Payload("x" * 600)).rules == replace(FREE, least=ROOMY)
