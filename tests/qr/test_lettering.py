"""Captions in any script: shaped, ordered and fitted, or refused with what to do."""

import unicodedata
from itertools import pairwise
from pathlib import Path as File

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.refusal import Refused
from bot.qr.shapes import fonts
from bot.qr.shapes.lettering import CAPITAL, LONGEST, lettering, line
from bot.qr.shapes.path import Box, Path, bounds, flattened, moved
from bot.qr.shapes.shaping import fonts as fonts_of
from bot.qr.shapes.shaping import glyph, right_to_left, shaped
from tests.qr.filling import inside

BOX = Box(3, 5, 40, 8)


def needs(text: str) -> pytest.MarkDecorator:
    """Skip a test by name where no font has these letters."""
    return pytest.mark.skipif(fonts.font_for(text) is None, reason=f"no font for {text}: make system")


def same(one: Path, other: Path) -> bool:
    """Compare outlines up to rounding."""
    pairs = zip(one, other, strict=True) if len(one) == len(other) else ()
    ends = [
        (a, b) for first, second in pairs for a, b in zip(flattened(first), flattened(second), strict=True)
    ]
    return bool(ends) and all(abs(a[0] - b[0]) + abs(a[1] - b[1]) < 1e-6 for a, b in ends)


@pytest.mark.parametrize(
    "text", ["Scan me", "SCAN", "jumpy, gypsy", "Ünïcödé", "i", "1 2 3", "Order here and pay at the table"]
)
def test_letters_stand_in_the_middle_of_the_box_and_inside_it(text: str) -> None:
    """What is inked, not what is advanced, is centred."""
    ink = bounds(lettering(text, BOX))
    assert ink.centre == pytest.approx(BOX.centre, abs=0.01)
    assert ink.width <= BOX.width + 0.01
    assert ink.height <= BOX.height + 0.01


def test_letters_have_their_counters() -> None:
    """An O is inked around its middle, and not in it."""
    pixels = inside(lettering("O", Box(0, 0, 10, 10)), 100, 100, 10)
    assert not pixels[50, 50]
    assert pixels[50, :50].any()
    assert pixels[50, 50:].any()


def test_outer_lines_run_clockwise_whatever_the_font() -> None:
    """TrueType's and PostScript's outlines run against each other; ours all the same way."""
    for font in fonts.files():
        if fonts.shows(font, "I") and (face := fonts.opened(font)):
            points = flattened(glyph(font, face.get_nominal_glyph(ord("I"))).path[0])
            area = sum(a[0] * b[1] - a[1] * b[0] for a, b in pairwise([*points, points[0]]))
            assert area > 0, font


def test_long_text_goes_into_balanced_lines() -> None:
    """Words that would be small in one line stand in two or three."""
    text = "Order a coffee here and pay at the table with your phone"
    one, three = bounds(lettering(text, BOX, 1)), bounds(lettering(text, BOX, 3))
    assert one.width == pytest.approx(three.width)
    assert three.height > 3 * one.height


def test_a_box_decides_how_small_letters_may_be() -> None:
    """The refusal says by how much to shorten, and that much is enough and needed."""
    text = "Orderacoffeehereandpayatthetable"
    with pytest.raises(Refused, match="Shorten it by") as refused:
        lettering(text, BOX, 3, 3)
    over = int(str(refused.value.values["over"]))
    assert 0 < over < len(text)
    assert lettering(text[:-over], BOX, 3, 3)
    with pytest.raises(Refused):
        lettering(text[: len(text) - over + 1], BOX, 3, 3)


@pytest.mark.parametrize("text", ["x" * 10_000, "\n" * 10_000, "x" * (LONGEST + 1)])
def test_a_text_beyond_the_limit_is_refused_at_once(text: str) -> None:
    """Nothing is shaped for it."""
    with pytest.raises(Refused, match=f"at most {LONGEST} characters; this has {len(text)}"):
        lettering(text, BOX)


@needs("שלום")
def test_hebrew_runs_from_right_to_left() -> None:
    """The second letter stands left of the first."""
    first, second = shaped("א"), shaped("ב")
    assert same(shaped("אב", True).path(), second.path() + moved(first.path(), second.advance, 0))


@needs("שלום")
def test_numbers_and_brackets_keep_their_order_among_letters_to_the_left() -> None:
    """As UAX #9 has it, rule N0 included: 45 (abc) first, then the Hebrew, both readable."""
    whole = shaped("שלום (abc) 45", True)
    latin = shaped("45 (abc) ")
    assert same(whole.path()[: len(latin.path())], latin.path())
    assert same(whole.path()[len(latin.path()) :], moved(shaped("שלום").path(), latin.advance, 0))


@needs("שלום")
def test_brackets_around_letters_to_the_left_are_mirrored() -> None:
    """An opening bracket opens towards its words."""
    outlines = shaped("(ש)", True).path()
    assert same(outlines[:1], shaped("(").path())


@needs("سلام")
def test_arabic_letters_are_joined() -> None:
    """Joined they are not the letters standing alone, and lam with alef is one sign."""
    alone = sum(shaped(each).advance for each in "سلام")
    assert shaped("سلام", True).advance < alone * 0.95
    assert not same(
        shaped("لا", True).path(), shaped("ا").path() + moved(shaped("ل").path(), shaped("ا").advance, 0)
    )
    assert right_to_left("سلام")


@needs("क्षत्रिय")
def test_devanagari_makes_its_conjuncts() -> None:
    """Two consonants with a virama take the place of one."""
    assert shaped("क्ष").advance < 0.9 * (shaped("क").advance + shaped("ष").advance)
    assert shaped("कि").path() != shaped("क").path() + moved(shaped("ि").path(), shaped("क").advance, 0)


@needs("扫描二维码")
def test_ideographs_break_without_spaces() -> None:
    """A long line of them is set in several, none of which begins with a full stop."""
    text = "扫描二维码扫描二维码扫描二维码。扫描二维码"
    assert bounds(lettering(text, BOX, 3)).height > 1.5 * bounds(lettering(text, BOX, 1)).height


@needs("☕")
@needs("扫")
@pytest.mark.parametrize("text", ["Scan ☕", "扫 Scan", "x\u0301\u0302y 扫"])
def test_one_text_may_take_several_fonts(text: str) -> None:
    """Each script has its own; a letter and the marks on it never different ones."""
    chosen = set(fonts_of(text))
    assert lettering(text, BOX)
    assert len(set(fonts_of(text.split(maxsplit=1)[0]))) == 1
    assert len(chosen) == (2 if "扫" in text and fonts.font_for("x") != fonts.font_for("扫") else 1)


@pytest.mark.parametrize("text", ["abc \U0010fffd\U0010fffe", "\U0010fffd", "x\U000f1234"])
def test_what_no_font_has_is_named_and_not_drawn_as_a_box(text: str) -> None:
    """The sentence names the first characters and what to do."""
    with pytest.raises(Refused, match=r"No font here can show “[^”]+”"):
        lettering(text, BOX)


@pytest.mark.skipif(not fonts.named("NotoColorEmoji"), reason="fonts-noto-color-emoji is not installed")
def test_a_colour_font_is_not_taken_for_outlines() -> None:
    """Its pictures cannot be drawn in one ink."""
    path = fonts.named("NotoColorEmoji")
    assert path is not None
    assert not fonts.shows(path, "😀")


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("a\nb\tc", "a b c"),
        ("  a   b ", "a b"),
        ("a\x00b\x85c\u2028d", "a b c d"),
        ("a\ud800b\udfff", "ab"),
        ("\u202eab\u202c", "ab"),
        ("e\u0301", "é"),
        ("a\u200db", "ab"),
        ("\u2066ab\u2069", "ab"),
    ],
)
def test_characters_nobody_sees_leave_no_trace(text: str, like: str) -> None:
    """Line breaks and controls are spaces; half surrogates, joiners and turns of direction are nothing."""
    assert same(lettering(text, BOX), lettering(like, BOX))


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\ud800", "\u200d", "\u200b\ufeff", "\u202e"])
def test_a_text_of_nothing_draws_nothing(text: str) -> None:
    """No outline, and no error."""
    assert lettering(text, BOX) == ()


@given(
    st.text(st.characters(exclude_categories=()), max_size=LONGEST)
    | st.text("()[]אبa1 \u0301\u064e\u200d٣+,%", max_size=20)
)
def test_no_text_breaks_it(text: str) -> None:
    """Anything is drawn inside the box or refused with a sentence that can be sent."""
    try:
        path = lettering(text, BOX)
    except Refused as refused:
        str(refused).encode()
    else:
        if path:
            ink = bounds(path)
            assert ink.width <= BOX.width + 0.01
            assert ink.height <= BOX.height + 0.01


def test_a_line_stands_on_its_baseline() -> None:
    """Capitals are as high as asked, give or take a font; the width is what the next line needs."""
    path, width = line("H", 10)
    ink = bounds(path)
    assert ink.y + ink.height == pytest.approx(10)
    assert ink.height == pytest.approx(10, rel=0.05)
    assert 0 < ink.x < ink.x + ink.width < width
    assert line("HH", 10)[1] == pytest.approx(2 * width)
    assert line("", 10) == ((), 0)
    assert 0.7 < CAPITAL < 0.75


def test_latin_needs_no_installed_font() -> None:
    """Bitstream Vera comes with reportlab."""
    font = fonts.font_for("Scan me, Ünïcödé", ())
    assert font is not None
    assert font.stem == "VeraBd"


def test_a_broken_font_is_passed_over(tmp_path: File) -> None:
    """Rubbish, an empty file, half a font and a link to nowhere do no harm."""
    vera = fonts.named("VeraBd")
    assert vera is not None
    (tmp_path / "NotoSans-Bold.ttf").write_bytes(b"rubbish")
    (tmp_path / "DejaVuSans-Bold.ttf").write_bytes(b"")
    (tmp_path / "LiberationSans-Bold.ttf").write_bytes(vera.read_bytes()[:3000])
    (tmp_path / "arialbd.ttf").symlink_to(tmp_path / "nowhere")
    assert fonts.font_for("Scan", (tmp_path,)) == vera
    assert len(fonts.files((tmp_path,))) == len(fonts.files(())) + 4


def test_the_bold_sans_comes_first(tmp_path: File) -> None:
    """Italics, serifs and typewriters are taken only for what nothing else has."""
    names = [
        "FreeMono",
        "NotoSerif-Bold",
        "NotoSansThai-Bold",
        "NotoSansThai-Regular",
        "Lato-BoldItalic",
        "DejaVuSans-Bold",
    ]
    for name in names:
        (tmp_path / f"{name}.ttf").write_bytes(b"")
    found = [each.stem for each in fonts.files((tmp_path,)) if each.stem in names]
    assert found == [
        "DejaVuSans-Bold",
        "NotoSansThai-Bold",
        "NotoSansThai-Regular",
        "NotoSerif-Bold",
        "FreeMono",
        "Lato-BoldItalic",
    ]


def test_text_is_composed_before_it_is_shaped() -> None:
    """A letter with its accent apart looks as the one that has it."""
    text = "Crème brûlée"
    assert same(lettering(unicodedata.normalize("NFD", text), BOX), lettering(text, BOX))
