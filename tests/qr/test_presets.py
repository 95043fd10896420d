"""Looks that have names, and looks made up, read as well as they look."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageColor

from bot.qr.style import (
    DEFAULT,
    Gradient,
    Style,
    checked,
    contrast,
    dump_style,
    load_style,
    parse_style,
    presets,
    read_share_code,
    share_code,
    style_text,
    surprise,
    warnings,
)
from bot.qr.style.colours import extremes, luminance
from bot.qr.style.limits import caption
from bot.qr.style.surprise import oklch
from bot.qr.style.vocabulary import names, shape
from bot.qr.style.words import keywords

SEEDS = range(300)


def inks(style: Style) -> tuple[str | Gradient, ...]:
    """List every paint that modules are drawn with."""
    return tuple(filter(None, (style.dark, style.finder_colour, style.eyeball_colour)))


def drawable(style: Style) -> bool:
    """Tell whether all names of a style's shapes exist."""
    return (
        style.modules in names("modules")
        and style.finder in names("finder")
        and style.eyeball in names("eyeball")
        and (style.frame is None or style.frame.name in names("frame"))
    )


@pytest.mark.parametrize("name", presets())
def test_a_preset_can_be_drawn_said_kept_and_shared(name: str) -> None:
    """Its names exist; its name, its text, its JSON and its share code all lead back to it."""
    style = presets()[name]
    assert drawable(style)
    assert parse_style(name) == style
    assert parse_style(style_text(style)) == style
    assert load_style(dump_style(style)) == style
    assert read_share_code(share_code(style)) == style


@pytest.mark.parametrize("name", presets())
def test_a_preset_is_dark_on_light_everywhere(name: str) -> None:
    """Contrast is at least 5 along its gradients and in its eyes, and nothing about it needs a warning."""
    style = presets()[name]
    assert checked(style) is style
    assert warnings(style) == ()
    for ink in inks(style):
        assert contrast(ink, style.light) >= 5
        assert extremes(ink)[1] < extremes(style.light)[0]
    if style.frame:
        assert caption(style.frame.caption)


def test_there_are_many_presets_and_no_two_look_alike() -> None:
    """A good mix of shapes, eyes, gradients and frames; not two with the same parts."""
    styles = presets().values()
    assert len(styles) >= 24
    assert len(set(styles)) == len(styles)
    assert len({style.modules for style in styles}) >= 16
    assert len({style.finder for style in styles}) >= 8
    assert len({style.eyeball for style in styles}) >= 8
    assert len({style.frame.name for style in styles if style.frame}) >= 4
    assert {style.dark.kind for style in styles if isinstance(style.dark, Gradient)} == {
        "linear",
        "radial",
        "conic",
    }


def test_a_presets_name_is_one_word_that_means_nothing_else() -> None:
    """No colour, shape or option is called so."""
    for name in presets():
        assert name.isalpha()
        assert name.islower()
        assert name not in ImageColor.colormap
        assert not shape("modules", name) or name == "sparkle"
        assert name not in keywords()


def test_a_surprise_is_the_same_for_the_same_number() -> None:
    """A seed is enough to get a look again, on any machine."""
    assert (
        style_text(surprise(7))
        == 'mosaic #652902 on #f3f8fa, eyeball #004b62, frame ticket "Scan me" #652902'
    )


def test_surprises_are_dark_on_light_and_can_be_drawn() -> None:
    """Every one has names that exist, and contrast everywhere."""
    for style in map(surprise, SEEDS):
        assert drawable(style)
        assert warnings(style) == ()
        assert all(contrast(ink, style.light) >= 5 for ink in inks(style))
        assert parse_style(style_text(style)) == read_share_code(share_code(style)) == style


def test_surprises_differ() -> None:
    """They vary in shapes and colours, some with gradients and frames, most without."""
    styles = [surprise(seed) for seed in SEEDS]
    assert len(set(styles)) == len(styles)
    assert len(Counter(style.modules for style in styles)) >= 16
    assert 0.1 < sum(isinstance(style.dark, Gradient) for style in styles) / len(styles) < 0.7
    assert 0.1 < sum(style.frame is not None for style in styles) / len(styles) < 0.5


@given(st.integers())
def test_any_number_makes_a_surprise(seed: int) -> None:
    """Negative and huge ones as well."""
    assert checked(surprise(seed)) != DEFAULT


@pytest.mark.parametrize(
    ("lightness", "chroma", "hue", "colour"),
    [
        (0.0, 0.0, 0, "#000000"),
        (1.0, 0.0, 0, "#ffffff"),
        (0.62796, 0.25768, 29.23, "#ff0000"),
        (0.51975, 0.17686, 142.5, "#008000"),
        (0.45201, 0.31321, 264.05, "#0000ff"),
    ],
)
def test_oklch_gives_the_colours_that_css_gives(
    lightness: float, chroma: float, hue: float, colour: str
) -> None:
    """Within one step of a channel of CSS Color 4's own examples."""
    found = oklch(lightness, chroma, hue)
    pairs = zip(bytes.fromhex(found[1:]), bytes.fromhex(colour[1:]), strict=True)
    assert max(abs(one - other) for one, other in pairs) <= 2


@given(st.floats(0.2, 0.9), st.floats(0, 0.4), st.floats(0, 360))
def test_oklch_keeps_its_lightness_where_srgb_ends(lightness: float, chroma: float, hue: float) -> None:
    """A colour that no screen has loses its strength, not its lightness."""
    plain = luminance(oklch(lightness, 0, hue))
    assert abs(luminance(oklch(lightness, chroma, hue)) - plain) < 0.2
