"""A look is said as text, kept as JSON, and refused where no camera could tell dark from light."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import Level
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style, contrast, dump_style, load_style, parse_style, style_text, warnings

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
styles = st.builds(
    Style, colours, colours, st.integers(64, 4096), st.integers(0, 20), st.sampled_from(Level)
).filter(lambda style: contrast(style.dark, style.light) >= 3)


@given(styles)
def test_a_style_reads_back_from_its_text_and_its_json(style: Style) -> None:
    """Both ways of keeping a style give it back."""
    assert parse_style(style_text(style)) == style
    assert load_style(dump_style(style)) == style


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("navy", Style(dark="#000080")),
        ("#1a2b3c on white, size 800", Style(dark="#1a2b3c", size=800)),
        ("dark=navy light=#ff0 level=q margin=2", Style("#000080", "#ffff00", 1024, 2, Level.Q)),
        ("rgb(0, 0, 128) on hsl(60,100%,90%)", Style("#000080", "#ffffcc")),
        ("quiet zone 6", Style(quiet_zone=6)),
        ("", DEFAULT),
    ],
)
def test_a_style_is_understood_as_people_say_it(text: str, style: Style) -> None:
    """Names, hex, rgb() and hsl(); options with and without an equals sign."""
    assert parse_style(text) == style


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("navvy", "Did you mean navy"),
        ("blargh", "hex such as"),
        ("white on white", "too close"),
        ("size 9000", "goes from 64 to 4096"),
        ("size -5", "goes from 64"),
        ("level X", "L, M, Q and H"),
        ("margin 99", "goes from 0 to 20"),
    ],
)
def test_a_style_that_will_not_do_is_refused_with_what_would(text: str, sentence: str) -> None:
    """A typing slip is offered its nearest colours; numbers their bounds."""
    with pytest.raises(Refused, match=sentence):
        parse_style(text)


def test_light_on_dark_and_a_narrow_margin_are_warned_about() -> None:
    """They read here, but not everywhere."""
    assert len(warnings(parse_style("white on black, margin 1"))) == 2
    assert warnings(DEFAULT) == ()


def test_json_of_a_newer_version_is_read() -> None:
    """Unknown keys are passed over."""
    assert load_style('{"dark":"#000080","shape":"dots"}') == Style(dark="#000080")
