"""A look is said as text, kept as JSON, shared as a code, and refused where no camera could tell dark from light."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageColor

from bot.qr.payloads import Level
from bot.qr.payloads.payload import Rules
from bot.qr.refusal import Refused
from bot.qr.style import (
    DEFAULT,
    TRANSPARENT,
    Backdrop,
    Frame,
    Gradient,
    Logo,
    Print,
    Style,
    check_words,
    checked,
    dump_style,
    fitted,
    load_style,
    parse_style,
    presets,
    style_of_json,
    style_text,
    warnings,
)
from bot.qr.style.vocabulary import emoji, names, shape
from tests.qr import looks

NAVY_TO_TEAL = Gradient("linear", ("#000080", "#008080"))
STAR = Logo("emoji:⭐")


@given(looks.styles)
def test_a_style_reads_back_from_its_text_and_its_json(style: Style) -> None:
    """All ways of keeping a whole style give it back."""
    assert parse_style(style_text(style)) == style
    assert load_style(dump_style(style)) == style
    assert style_of_json(asdict(style)) == style


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("navy", Style(dark="#000080")),
        ("#1a2b3c on white, size 800", Style(dark="#1a2b3c", size=800)),
        ("dark=navy light=#ff0 level=q margin=2", Style("#000080", "#ffff00", quiet_zone=2, level=Level.Q)),
        ("rgb(0, 0, 128) on hsl(60,100%,90%)", Style("#000080", "#ffffcc")),
        ("quiet zone 6", Style(quiet_zone=6)),
        ("quiet zone 6 modules, dots", Style(quiet_zone=6, modules="dot")),
        ("", DEFAULT),
        (
            'dots #1a2b3c on white, eyes rounded, frame "Scan me"',
            Style("#1a2b3c", "#ffffff", "dot", "rounded", "rounded", frame=Frame("plate", "Scan me")),
        ),
        ("DOTS Navy ON White EYES Rounded", Style("#000080", "#ffffff", "dot", "rounded", "rounded")),
        ("dark slate blue on alice blue", Style("#483d8b", "#f0f8ff")),
        ("dark blue on light yellow", Style("#00008b", "#ffffe0")),
        ("dark blue", Style("#0000ff")),
        ("transparent", Style(light=TRANSPARENT)),
        ("navy on transparent", Style("#000080", TRANSPARENT)),
        ("background ivory", Style(light="#fffff0")),
        ("modules lying bars", Style(modules="bars lying")),
        ("hearts and crosses", Style(modules="cross")),
        ("shape circles", Style(modules="dot")),
        ("finder round, balls star", Style(finder="circle", eyeball="star")),
        ("eyes colour red", Style(finder_colour="#ff0000", eyeball_colour="#ff0000")),
        ("eyes circle red", Style("#000000", "#ffffff", "square", "circle", "circle", "#ff0000", "#ff0000")),
        ("eyes navy, finder colour own", Style(eyeball_colour="#000080")),
        ("eyes rounded navy on white", Style("#000080", finder="rounded", eyeball="rounded")),
        ("eyes star", Style(eyeball="star")),
        ("eyes frame circle", Style(finder="circle", eyeball="circle")),
        ("eyeball #123456", Style(eyeball_colour="#123456")),
    ],
)
def test_colours_and_shapes_are_understood_as_people_say_them(text: str, style: Style) -> None:
    """Names, hex, rgb() and hsl(); synonyms and plurals; options with and without an equals sign."""
    assert parse_style(text) == style


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("navy to teal", Style(NAVY_TO_TEAL)),
        ("linear navy to teal 45", Style(replace(NAVY_TO_TEAL, angle=45))),
        ("navy to teal 45° on ivory", Style(replace(NAVY_TO_TEAL, angle=45), "#fffff0")),
        ("navy to teal -90", Style(replace(NAVY_TO_TEAL, angle=270))),
        ("gradient from navy to teal, size 800", Style(NAVY_TO_TEAL, size=800)),
        ("radial red to gold", Style(Gradient("radial", ("#ff0000", "#ffd700")))),
        ("conic red to dark green to blue", Style(Gradient("conic", ("#ff0000", "#006400", "#0000ff")))),
        ("black on linear white to ivory 90", Style(light=Gradient("linear", ("#ffffff", "#fffff0"), 90))),
        ('frame bubble "Scan me"', Style(frame=Frame("bubble", "Scan me"))),
        ("frame “Scan me”", Style(frame=Frame("plate", "Scan me"))),
        ("frame «Scan me» tag", Style(frame=Frame("tag", "Scan me"))),
        ("frame 'Don't wait'", Style(frame=Frame("plate", "Don't wait"))),
        (r'frame "a \"b\" \ c"', Style(frame=Frame("plate", r'a "b" \ c'))),
        (
            "frame rounded box colour navy ink gold",
            Style(frame=Frame("rounded box", "", "#000080", "#ffd700")),
        ),
        ('frame "Scan me" corners 10%', Style(frame=Frame("plate", "Scan me"), corners=10)),
        ("logo ⭐", Style(logo=STAR)),
        ("⭐", Style(logo=STAR)),
        ("logo ⭐ round 20% margin 2 behind", Style(logo=Logo("emoji:⭐", "round", 20, 2.0, True))),
        (
            "logo outline, logo ⭐, logo 20 %, logo margin 1.5",
            Style(logo=Logo("emoji:⭐", "outline", 20, 1.5)),
        ),
        ("logo asset:AbC-1 largest", Style(logo=Logo("asset:AbC-1"))),
        ("logo ⭐ size 12%, logo size largest", Style(logo=STAR)),
        ("logo ⭐ size 12", Style(logo=Logo("emoji:⭐", size=12))),
        ("logo ⭐, margin 2", Style(logo=STAR, quiet_zone=2)),
        ("backdrop asset:AB fade 60%", Style(backdrop=Backdrop("asset:AB", 60))),
        ("rounded corners 8", Style(corners=8)),
        ("800px", Style(size=800)),
        ("30mm 600dpi bleed 3mm marks cmyk", Style(print=Print(30.0, 600, 3.0, True, True))),
        ("3 cm", Style(print=Print(30.0))),
        ("size 30,5 mm", Style(print=Print(30.5))),
        ("2in, size 500", Style(print=Print(50.8), size=500)),
        ("grade a, mask 3, exactly as I asked", Style(grade="A", mask=3, exact=True)),
    ],
)
def test_gradients_frames_logos_and_sizes_are_understood(text: str, style: Style) -> None:
    """Every part of a style has its words; their order and the kind of quotation mark do not matter."""
    assert parse_style(text) == style


@pytest.mark.parametrize(
    ("base", "text", "style"),
    [
        (Style(frame=Frame("bubble", "Hi")), "no frame", DEFAULT),
        (Style(frame=Frame("bubble", "Hi")), "frame plate", Style(frame=Frame("plate", "Hi"))),
        (
            Style(frame=Frame("bubble", "Hi")),
            "frame colour red",
            Style(frame=Frame("bubble", "Hi", "#ff0000")),
        ),
        (Style(frame=Frame("bubble", "Hi")), "no caption", Style(frame=Frame("bubble"))),
        (Style(logo=STAR), "logo round", Style(logo=replace(STAR, shape="round"))),
        (Style(logo=STAR, backdrop=Backdrop("asset:A")), "without logo, no backdrop", DEFAULT),
        (Style(NAVY_TO_TEAL), "no gradient", Style("#000080")),
        (Style(print=Print(30.0, bleed=3.0)), "size 800, no bleed", Style(size=800)),
        (Style(corners=9, exact=True, mask=2), "square corners, not exact, mask auto", DEFAULT),
        (Style("#000080", size=800), "default", DEFAULT),
        (Style("#000080", size=800), "dots, plain", Style(modules="dot")),
        (Style("#000080", size=800, logo=STAR), "classic", Style(size=800, logo=STAR)),
    ],
)
def test_words_change_the_style_they_are_said_about(base: Style, text: str, style: Style) -> None:
    """Only what is said changes; a default comes first, wherever it is said; a preset keeps size and logo."""
    assert parse_style(text, base) == style


def test_a_preset_sets_everything_and_what_is_said_beside_it_stays_on_top() -> None:
    """It does not matter which of the two comes first."""
    ocean = presets()["ocean"]
    assert parse_style("Ocean") == ocean
    assert parse_style("hearts, ocean, gold") == replace(ocean, modules="heart", dark="#ffd700")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("navvy", "Did you mean navy"),
        ("rouned", "I do not know “rouned”. Did you mean rounded"),
        ("oceann", "Did you mean ocean"),
        ("blargh", "hex such as"),
        ("#12345", "hex such as"),
        ("dark navvy", "no colour “navvy”. Did you mean navy"),
        ("on blargh", "colour “blargh”"),
        ("on " + "x" * 60, "I do not know the colour"),
        ("navy to", "colour is missing"),
        ("modules rouned", "no shape “rouned” for the modules. Take rounded"),
        ("finder blargh", "for the finder patterns. Take square / rounded"),
        ("eyes", "eyes rounded"),
        ("white on white", "too close"),
        ("#eee to #fff on #f4f4f4", "too close"),
        ("linear navy", "2 to 5 colours"),
        ("navy to red to blue to green to teal to black", "2 to 5 colours"),
        ("navy to teal 400", "angle goes from 0 to 359"),
        ("size 9000", "goes from 64 to 4096"),
        ("size -5", "goes from 64"),
        ("-5px", "goes from 64"),
        ("size 1000000000", "goes from 64"),
        ("size " + "9" * 400, "goes from 64"),
        ("size", "goes from 64"),
        ("size 100.5", "goes from 64"),
        ("4mm", "goes from 5 to 2000"),
        ("5000 dpi", "goes from 72 to 1200"),
        ("2000mm", "at most 104 dpi"),
        ("bleed 30", "goes from 0 to 20"),
        ("corners 51", "goes from 0 to 50"),
        ("45", "What is “45”"),
        ("level X", "L, M, Q and H"),
        ("grade E", "A, B, C and D"),
        ("mask 8", "goes from 0 to 7"),
        ("margin 99", "goes from 0 to 20"),
        ("margin -1", "goes from 0 to 20"),
        ("logo round", "no logo yet"),
        ("logo a", "logo “a”"),
        ("logo ⭐ 99%", "goes from 5 to 50"),
        ("fade 50%", "no picture behind"),
        ("no", "left out"),
        ('frame "Scan me', "quotation mark"),
        ('frame "' + "x" * 201 + '"', "at most 60"),
        ('frame "a\tb"', "invisible control character"),
        ("dots " * 101, "at most 500"),
        ("x" * 100_000, "at most 500"),
    ],
)
def test_a_style_that_will_not_do_is_refused_with_what_would(text: str, sentence: str) -> None:
    """A typing slip is offered its nearest words; numbers their bounds."""
    with pytest.raises(Refused, match=sentence):
        parse_style(text)


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["eyes", "frame", "logo", "on", "to", '"', "rgb(", "⭐", "5%", "=", "no", "dark", "4"]
        )
    ).map(" ".join)
)
def test_any_text_is_a_style_or_refused(text: str) -> None:
    """No text breaks the reader, and what it reads is a style that can be said."""
    try:
        style = parse_style(text)
    except Refused:
        return
    assert parse_style(style_text(style)) == style


def test_words_can_be_checked_before_it_is_known_what_they_change() -> None:
    """A logo's shape makes sense for those who have a logo; a slip never does."""
    check_words("logo round, fade 20%, frame colour red, white")
    with pytest.raises(Refused, match="Did you mean"):
        check_words("logo round, navvy")


def test_no_shape_before_a_colour_turns_it_into_another() -> None:
    """``leaf green`` stays a leaf in green, since a style's text puts them side by side."""
    named = {name.replace(" ", "") for name in ImageColor.colormap}
    joined = {
        (first + second).replace(" ", "")
        for first in (*names("modules"), *(word for name in names("modules") for word in name.split()))
        for second in named
    }
    assert not joined & named


def test_synonyms_and_plurals_find_every_shape() -> None:
    """Each name finds itself, alone and as a plural where no other has that name."""
    for part in ("modules", "finder", "eyeball", "frame"):
        for name in names(part):
            assert shape(part, name) == name
            assert shape(part, name + "s") in (name, name + "s")
    assert shape("modules", "lying bars") == shape("modules", "horizontal") == "bars lying"
    assert shape("modules", "blargh") == ""


def test_emoji_are_told_from_words() -> None:
    """Flags, keycaps, joined ones and signs are emoji; letters, digits, dashes and joiners are none."""
    assert all(map(emoji, ("⭐", "❤️", "1️⃣", "#️⃣", "👩🏻‍❤️‍💋‍👨🏻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "ℹ️", "🇩🇪", "‼️", "©️")))
    assert not any(map(emoji, ("", "a", "é", "1", "#", "—", "!", "\u200d", "⭐" * 17, "⭐a", "字")))


def test_the_usual_is_left_unsaid() -> None:
    """Two colours are always said, with their names; the rest only where it is not as usual."""
    assert style_text(DEFAULT) == "black on white"
    text = 'dot #1a2b3c on white, eyes rounded, frame "Scan me", logo ⭐ 20%, 30mm'
    assert style_text(parse_style(text)) == text


def test_light_on_dark_and_a_narrow_margin_are_warned_about() -> None:
    """They read here, but not everywhere."""
    assert len(warnings(parse_style("white on black, margin 1"))) == 2
    assert warnings(DEFAULT) == warnings(parse_style("navy to red on transparent")) == ()


def test_a_gradient_is_refused_only_where_nothing_of_it_can_be_seen() -> None:
    """What meets the ground in one place is left to the proof."""
    assert checked(Style(Gradient("linear", ("#ffffff", "#000000")), "#ffffff"))
    assert checked(Style("#aaaaaa", "#ffffff"))


def test_a_specification_keeps_a_style_plain_and_its_level() -> None:
    """Nothing of a look stays where only black on white is allowed; how it is printed does."""
    style = parse_style('ocean, logo ⭐, corners 10%, 30mm, margin 2, level L, frame "Pay", exact')
    assert fitted(style, Rules()) == style
    assert fitted(style, Rules(level=Level.H)) == replace(style, level=Level.H)
    plain = fitted(style, Rules(plain=True, level=Level.M))
    assert plain == Style(print=Print(30.0), level=Level.M, exact=True)
    assert fitted(replace(style, quiet_zone=6), Rules(plain=True)).quiet_zone == 6
