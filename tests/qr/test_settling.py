"""What leaves was read back, is as near to what was asked as can be, and every change that shows is said."""

from dataclasses import fields, replace
from random import Random

import pytest
import zxingcpp

from bot.qr.layout import draw
from bot.qr.logo import Art
from bot.qr.output.raster import pixels
from bot.qr.payloads.payload import Level, Payload, Rules
from bot.qr.picture import Picture, Rendered, render
from bot.qr.proof import Grade, Unread
from bot.qr.proof.gate import found_by_all
from bot.qr.refusal import Refused
from bot.qr.settling import PROOF_SIDE, _module, encoded, plain, settled
from bot.qr.shapes.eyes import EYEBALL_NAMES, FINDER_NAMES
from bot.qr.shapes.frames import FRAME_NAMES
from bot.qr.shapes.modules import MODULE_NAMES
from bot.qr.sizing import level_of, with_largest_logo
from bot.qr.style import (
    DEFAULT,
    TRANSPARENT,
    Backdrop,
    Frame,
    Gradient,
    Logo,
    Print,
    Style,
    surprise,
)
from bot.qr.style.colours import BLACK
from bot.qr.symbol import TooLong
from tests.qr.artwork import art, photo, read

URL = Payload("https://example.com/menu?table=12")
FORMATS = ("png", "jpeg", "webp", "svg", "pdf")
RANDOM = 60
UNSEEN = {"mask", "level"}  # fields that nobody sees a change of


def _colour(dice: Random) -> str:
    return f"#{dice.randrange(1 << 24):06x}"


def _paint(dice: Random) -> str | Gradient:
    if dice.random() < 0.7:
        return _colour(dice)
    return Gradient(dice.choice(("linear", "conic")), (_colour(dice), _colour(dice)), dice.randrange(360))


def anything(seed: int) -> tuple[Payload, Style, Art]:
    """Put a look together without any taste, for a text of up to 200 bytes."""
    dice = Random(f"anything {seed}")
    style = Style(
        _paint(dice),
        dice.choice(("#ffffff", "#fff4e0", TRANSPARENT, _paint(dice))),
        dice.choice(MODULE_NAMES),
        dice.choice(FINDER_NAMES),
        dice.choice(EYEBALL_NAMES),
        dice.choice(("", _colour(dice))),
        dice.choice(("", _colour(dice))),
        logo=dice.choice((None, Logo("asset:1", dice.choice(("square", "round", "outline")), dice.choice((0, 20, 45)), 1.0, dice.random() < 0.3))),
        backdrop=dice.choice((None, None, None, Backdrop("asset:2", dice.choice((0, 50))))),
        frame=dice.choice((None, Frame(dice.choice(FRAME_NAMES), "Scan me"))),
        corners=dice.choice((0, 0, 10, 50)),
        size=dice.randint(64, 700),
        quiet_zone=dice.randint(0, 6),
        level=dice.choice(list(Level)),
        grade=dice.choice("ABCD"),
        exact=dice.random() < 0.15,
    )  # fmt: skip
    text = "".join(dice.choice("abcdef0123456789é日/?=") for _ in range(dice.randint(1, 120)))
    pictures = Art(art(200, 140, clear=True) if style.logo else b"", photo() if style.backdrop else b"")
    return Payload(text), style, pictures


@pytest.mark.parametrize("seed", range(RANDOM))
def test_whatever_leaves_reads_back_to_exactly_the_bytes(seed: int) -> None:
    """Any look in any format, read from the file by another program; or it is refused with a sentence."""
    payload, style, pictures = anything(seed)
    try:
        found = render(Picture(payload, style, FORMATS[seed % len(FORMATS)]), pictures)
    except Refused as refused:
        assert_kind(refused)
        return
    assert read(found.data) == [payload.data]
    assert_settled(payload, style, found)


def assert_kind(refused: Refused) -> None:
    """Hold a refusal to being a sentence."""
    assert str(refused).endswith(".")
    assert len(str(refused)) < 300


def assert_settled(payload: Payload, style: Style, found: Rendered) -> None:
    """Hold a result against what was asked for."""
    assert list(Level).index(found.level) >= list(Level).index(style.level)
    if style.exact:
        wanted = replace(found.style, level=style.level, logo=style.logo)
        assert (wanted, found.said) == (style, ())
        return
    assert found.grade >= Grade.D
    changed = {
        each.name for each in fields(Style) if getattr(style, each.name) != getattr(found.style, each.name)
    }
    left_to_us = {"logo"} if style.logo and not style.logo.size else set()
    left_to_us |= {"backdrop"} if style.backdrop and not style.backdrop.fade else set()
    assert bool(found.said) or changed <= UNSEEN | left_to_us
    assert changed or not found.said


@pytest.mark.parametrize("seed", range(12))
def test_looks_that_are_meant_well_stay_as_they_are(seed: int) -> None:
    """Nothing is changed, nothing is said about a look that passes."""
    style, proven, said = settled(URL, surprise(seed))
    assert (replace(style, mask=-1), said) == (surprise(seed), ())
    assert proven.verdict.passed


def test_a_verdict_is_that_of_the_picture_itself() -> None:
    """The drawing that comes out is the one of the style that comes out, read at its full size."""
    for style in (
        Style(dark="#ffe000"),
        Style(finder="circle", modules="star"),
        Style(corners=50, modules="dot"),
    ):
        found, proven, said = settled(URL, style)
        assert said
        assert proven.verdict.passed
        assert found_by_all(found) == ()
        again = draw(encoded(URL, found), found)
        assert proven.drawing.layout is again.layout
        assert proven.drawing.tiles == again.tiles
        assert [each.bytes for each in zxingcpp.read_barcodes(pixels(proven.drawing).grey())] == [URL.data]


def test_a_picture_is_proven_at_most_at_so_many_pixels() -> None:
    """A large one is read in fewer, never in more than its own."""
    for size in (64, 300, 1024, 4000):
        drawing = draw(encoded(URL, DEFAULT), Style(size=size))
        module = _module(drawing)
        assert module <= drawing.layout.module
        assert module * drawing.layout.width <= max(PROOF_SIDE, drawing.layout.pixels[0])


# --- exactly as asked ---------------------------------------------------------------------------------------

EXACT = (
    Style(dark="#ffffff", light="#101828"),
    Style(quiet_zone=0),
    Style(dark="#9a9a9a", modules="dot", finder="circle", eyeball="star"),
    Style(finder_colour="#ff8800"),
    Style(corners=20, frame=Frame("plate", "Scan me")),
)


@pytest.mark.parametrize("style", EXACT)
def test_what_is_asked_for_exactly_stays_untouched(style: Style) -> None:
    """Though it is below the grade; and it reads."""
    asked = replace(style, exact=True)
    found = render(Picture(URL, asked))
    assert (found.style, found.said) == (asked, ())
    assert read(found.data) == [URL.data]


@pytest.mark.parametrize(
    "style",
    [
        Style(dark="#fefefe"),
        Style(logo=Logo("asset:1", size=50)),
        Style(corners=50),
        Style(dark="#000000", light="#000000"),
    ],
)
def test_what_nobody_can_read_is_refused_even_so(style: Style) -> None:
    """Nothing unproven leaves."""
    with pytest.raises(Unread):
        render(Picture(URL, replace(style, exact=True)), Art(art(200, 200)))


# --- the rules of a payload ---------------------------------------------------------------------------------

RULES = (
    Rules(plain=True),
    Rules(level=Level.M),
    Rules(level=Level.M, plain=True, least=9, most=13),
    Rules(level=Level.L, eci=True, charset="iso8859-2", least=10, most=15, plain=True),
    Rules(most=6),
)


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize(
    "style",
    [
        DEFAULT,
        Style(dark="#cccc44", modules="star", finder="circle", quiet_zone=0, corners=50),
        Style(logo=Logo("asset:1", size=45), frame=Frame("plate", "Scan me"), level=Level.Q),
        Style(dark="#ffffff", light="#000000", backdrop=Backdrop("asset:2")),
    ],
)
def test_settling_stays_inside_the_rules(rules: Rules, style: Style) -> None:
    """Level, version, and black squares on white where that is all that is allowed."""
    payload = Payload("A specification has its say here.", rules=rules)
    found, proven, _ = settled(payload, style, Art(art(200, 200), photo()))
    symbol = proven.symbol
    assert rules.least <= symbol.version <= rules.most
    if rules.level is not None:
        assert symbol.level == rules.level
    else:
        assert list(Level).index(symbol.level) >= list(Level).index(style.level)
    if rules.plain:
        assert plain(found)
    assert [each.bytes for each in zxingcpp.read_barcodes(pixels(proven.drawing).grey())] == [payload.data]


def test_the_swiss_cross_stays_whatever_is_asked_for() -> None:
    """A styled bill is drawn plainly, with its cross, in one level."""
    payload = Payload("SPC\nplain enough", rules=Rules(level=Level.M, plain=True, cross=True))
    for style in (DEFAULT, Style(dark="#ffffff", modules="dot"), Style(logo=Logo("asset:1"), exact=True)):
        found, proven, _ = settled(payload, style, Art(art(200, 200)))
        assert (found.dark, found.modules, found.logo) == (BLACK, "square", None)
        assert len(proven.drawing.layout.above) == 4
        assert proven.symbol.level == Level.M


@pytest.mark.parametrize(
    ("length", "asked"), [(1500, Level.L), (2300, Level.M), (2900, Level.L), (2900, Level.H)]
)
def test_a_long_text_keeps_its_logo_at_a_lower_level_or_is_refused(length: int, asked: Level) -> None:
    """As much error correction as there is room for, never less than asked."""
    payload, style = Payload("x" * length), Style(logo=Logo("asset:1"), level=asked, size=900)
    if asked == Level.H:
        with pytest.raises(TooLong, match="fits at level L"):
            settled(payload, style, Art(art(200, 200)))
        return
    found, proven, said = settled(payload, style, Art(art(200, 200)))
    assert said == ()
    assert found.logo is not None
    assert found.logo.size >= 6
    assert proven.verdict.passed
    assert list(Level).index(proven.symbol.level) >= list(Level).index(asked)


@pytest.mark.parametrize("shape", ["square", "round", "outline"])
def test_a_logo_whose_size_is_left_to_us_is_as_large_as_passes(shape: str) -> None:
    """Nothing is said of it, and no larger one up to the computed one passes."""
    for pictures in (Art(art(200, 200)), Art(photo())):
        style = Style(logo=Logo("asset:1", shape))
        found, proven, said = settled(URL, style, pictures)
        assert (said, proven.verdict.passed) == ((), True)
        asked = replace(style, level=level_of(URL, style))
        assert found.logo == with_largest_logo(asked, encoded(URL, asked), pictures).logo


# --- small pictures, prints --------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["jpeg", "webp", "png"])
@pytest.mark.parametrize("length", [10, 200, 900])
def test_the_smallest_pictures_read_from_their_files(format: str, length: int) -> None:
    """At one or two pixels a module compression blurs; what it made unreadable is not sent."""
    payload = Payload("x" * length)
    for modules in ("square", "rounded"):
        for size in (64, 90, 130, 200):
            style = Style(size=size, modules=modules, exact=True)
            try:
                found = render(Picture(payload, style, format))
            except Refused as refused:
                assert_kind(refused)
                continue
            assert read(found.data) == [payload.data]


def test_a_print_is_read_from_its_own_page() -> None:
    """The file's page, drawn by PDFium, says the payload; how small it may be is said."""
    found = render(Picture(URL, Style(dark="#14213d", modules="dot", print=Print(40, 300, 3, True)), "pdf"))
    assert read(found.data) == [URL.data]
    assert found.score is not None
