"""A look made up from a number: shapes that go together, colours of one harmony, dark enough on light."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from bot.qr.style.colours import WHITE, contrast
from bot.qr.style.oklab import nearest, shown
from bot.qr.style.style import Frame, Gradient, Paint, Style

_ENOUGH = 5.5  # contrast with the ground, everywhere
_TONES = (0.34, 0.55)  # lightness of what is dark, before it is made dark enough
_DULL = (62, 132)  # hues that turn to mud when they are dark: yellows
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class _Family:
    """Shapes that go together."""

    modules: tuple[str, ...]
    finders: tuple[str, ...]
    eyeballs: tuple[str, ...]
    frames: tuple[str, ...]


_FAMILIES = (
    _Family(
        ("rounded", "liquid", "squircle", "classy rounded", "pebbles"),
        ("rounded",),
        ("rounded", "squircle", "circle"),
        ("rounded box", "bubble", "plate", "phone"),
    ),
    _Family(
        ("dot", "bubbles", "drop"),
        ("rounded", "stamp", "dots"),
        ("circle", "flower"),
        ("circle", "bubble", "ribbon"),
    ),
    _Family(
        ("square", "gapped", "bars", "bars lying", "mosaic"),
        ("square", "gapped", "rounded"),
        ("square", "rounded"),
        ("banner", "box", "corners", "ticket"),
    ),
    _Family(
        ("leaf", "drop", "clover"),
        ("leaf",),
        ("leaf", "flower", "circle"),
        ("ribbon", "tag", "plate"),
    ),
    _Family(
        ("diamond", "hexagon", "bevelled", "classy"),
        ("facet", "bevelled"),
        ("octagon", "diamond", "facet"),
        ("tab", "banner above", "ticket"),
    ),
    _Family(
        ("heart", "star", "sparkle"),
        ("rounded", "stamp", "bevelled"),
        ("heart", "star", "sparkle"),
        ("bubble", "ribbon", "bag"),
    ),
    _Family(("circuit", "weave"), ("bevelled",), ("square", "plus"), ("box", "clipboard", "corners")),
)


def surprise(seed: int) -> Style:
    """Make up a style; the same one for the same seed, everywhere."""
    dice = Random(seed)  # noqa: S311 (a look, not a secret)
    family = dice.choice(_FAMILIES)
    hue, light = dice.uniform(_DULL[1], 360 + _DULL[0]), WHITE
    if dice.random() < 0.7:
        light = oklch(0.975, dice.uniform(0.005, 0.025), hue + dice.choice((0, 60, 180)))
    main = _dark(dice, hue, light)
    accent = _dark(dice, hue + dice.choice((0, 0, 40, 150, 180, 210)), light)
    dark = _paint(dice, hue, main, light)
    frame = (
        Frame(dice.choice(family.frames), "Scan me", dice.choice((main, accent)))
        if dice.random() < 0.3
        else None
    )
    return Style(
        dark,
        light,
        dice.choice(family.modules),
        dice.choice(family.finders),
        dice.choice(family.eyeballs),
        main if dark != main else "",
        accent,
        frame=frame,
        corners=0 if frame else dice.choice((0, 0, 5, 10)),
    )


def _paint(dice: Random, hue: float, main: str, light: str) -> Paint:
    """Take the main colour, or let it run into a neighbour: never further than greys stay out of between."""
    if dice.random() < 0.5:
        return main
    other = _dark(dice, hue + dice.choice((-1, 1)) * dice.uniform(25, 70), light)
    kind = dice.choice(("linear", "linear", "radial"))
    return Gradient(kind, (main, other), dice.choice((0, 45, 90, 135)) if kind == "linear" else 0)


def _dark(dice: Random, hue: float, light: str) -> str:
    """Choose a strong colour, and darken it until it stands out from the ground."""
    tone, chroma = dice.uniform(*_TONES), dice.uniform(0.1, 0.22)
    hue, (start, end) = hue % 360, _DULL
    if start < hue < end:
        hue = start if hue - start < end - hue else end
    while contrast(found := oklch(tone, chroma, hue), light) < _ENOUGH:
        tone -= _STEP
    return found


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Turn OKLCH (CSS Color 4, 9.4; hue in degrees) into ``#rrggbb``, less colourful where sRGB ends."""
    turn = math.radians(hue)
    while chroma > 0 and not shown((lightness, chroma * math.cos(turn), chroma * math.sin(turn))):
        chroma -= 0.004
    return nearest((lightness, chroma * math.cos(turn), chroma * math.sin(turn)))
