"""Looks that have names: all of them dark on light, at least 5 : 1 everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from bot.qr.style.style import Frame, Gradient, Style


@cache
def presets() -> Mapping[str, Style]:
    """Map every preset's name, one word, to its look."""
    return MappingProxyType({**_calm(), **_coloured(), **_gradients(), **_playful(), **_framed()})


def worn(preset: Style, style: Style) -> Style:
    """Give a style a preset's colours, shapes, frame and corners; logo, size and print stay its own."""
    return replace(
        style,
        dark=preset.dark,
        light=preset.light,
        modules=preset.modules,
        finder=preset.finder,
        eyeball=preset.eyeball,
        finder_colour=preset.finder_colour,
        eyeball_colour=preset.eyeball_colour,
        frame=preset.frame,
        corners=preset.corners,
        backdrop=None,
    )


def _linear(angle: int, *colours: str) -> Gradient:
    return Gradient("linear", colours, angle)


def _calm() -> dict[str, Style]:
    return {
        "classic": Style(),
        "ink": Style("#14213d", "#ffffff", "rounded", "rounded", "rounded"),
        "mono": Style("#111111", "#f5f5f4", "gapped", "square", "square", corners=4),
        "slate": Style(
            "#334155", "#f8fafc", "squircle", "rounded", "squircle", eyeball_colour="#0f172a", corners=6
        ),
        "paper": Style("#3b2f2f", "#fbf6e9", "pebbles", "rounded", "circle", corners=3),
        "espresso": Style("#3e2723", "#f6ece3", "classy rounded", "rounded", "rounded", "", "#8d3b12"),
        "nordic": Style("#1f3a4d", "#eef4f7", "bars", "rounded", "rounded", "", "#a8322d"),
        "denim": Style("#1d3f72", "#f3f6fb", "weave", "bevelled", "bevelled"),
    }


def _coloured() -> dict[str, Style]:
    return {
        "midnight": Style("#1b1464", "#f4f3ff", "dot", "dots", "circle", "", "#7a1fa2"),
        "forest": Style("#14532d", "#f3faf3", "leaf", "leaf", "leaf", "", "#3f6212"),
        "mint": Style("#0f5c4d", "#effcf6", "rounded", "rounded", "circle", "#0b4a3e", "#0f766e", corners=8),
        "honey": Style("#5c3b00", "#fff7dc", "hexagon", "bevelled", "hexagon", "#3d2800", "#8a4b00"),
        "terracotta": Style("#7c2d12", "#fdf3ec", "mosaic", "gapped", "octagon", "#5f220d", "#9a3412"),
        "cherry": Style("#8a0f2c", "#fff5f6", "drop", "leaf", "circle", "#6d0a22", "#a3123a"),
        "blueprint": Style(
            "#123c8c", "#eaf2ff", "circuit", "bevelled", "square", "#0b2c6b", "#0b2c6b", corners=2
        ),
        "bauhaus": Style("#1a1a1a", "#faf3e3", "bars lying", "square", "circle", "#1d3f94", "#b3201b"),
        "royal": Style("#2a1a6e", "#fbf8ee", "diamond", "facet", "diamond", "", "#7a5300"),
    }


def _gradients() -> dict[str, Style]:
    ocean = _linear(90, "#0b3d6e", "#08687a")
    sunrise = _linear(60, "#7a1f5c", "#a62b1f")
    aurora = _linear(45, "#0f4c5c", "#2d3a8c", "#6a1b8a")
    neon = _linear(30, "#a3006f", "#5a12c4", "#0a4bb3")
    peacock = Gradient("radial", ("#0b6157", "#12307a"))
    twilight = _linear(120, "#3a1c71", "#8e2452")
    carnival = Gradient("conic", ("#9b1b5a", "#4b2ca0", "#075985", "#14613f"), 45)
    return {
        "ocean": Style(ocean, "#f0fafd", "liquid", "rounded", "circle", "#0b3d6e", "#08687a"),
        "sunrise": Style(sunrise, "#fff6ec", "rounded", "rounded", "circle", "#7a1f5c", "#b03a12"),
        "aurora": Style(aurora, "#f5f7ff", "liquid", "rounded", "squircle"),
        "neon": Style(neon, "#ffffff", "dot", "rounded", "circle", "#5a12c4", "#a3006f"),
        "peacock": Style(peacock, "#f4fbfa", "drop", "leaf", "leaf", "#12307a", "#0b6157"),
        "twilight": Style(twilight, "#fff7fb", "classy", "leaf", "circle"),
        "carnival": Style(carnival, "#ffffff", "rounded", "rounded", "rounded", "#4b2ca0", "#9b1b5a"),
    }


def _playful() -> dict[str, Style]:
    return {
        "candy": Style("#9d1764", "#fff1f8", "bubbles", "stamp", "circle", "#7c1152", "#6b21a8", corners=10),
        "valentine": Style("#9f1239", "#fff5f7", "heart", "rounded", "heart", "#7d0c2c", "#b0123f"),
        "starry": Style("#1e2a78", "#f6f7ff", "star", "bevelled", "star", "#141d57", "#7a4a00"),
        "garden": Style("#1c5a35", "#f7fbf1", "clover", "stamp", "flower", "#174a2c", "#a1225f"),
        "arcade": Style("#2b1055", "#f5f0ff", "noise", "square", "plus", "", "#b0105a"),
        "glitter": Style("#5b1a7a", "#fdf8ff", "sparkle", "dots", "sparkle"),
    }


def _framed() -> dict[str, Style]:
    return {
        "poster": Style(
            "#111111", "#ffffff", "square", "square", "square", frame=Frame("banner", "Scan me", "#b91c1c")
        ),
        "ticket": Style(
            "#3b2a1a", "#fff8ea", "gapped", "square", "square", frame=Frame("ticket", "Scan me", "#8a2f0b")
        ),
        "speech": Style(
            "#1e3a8a", "#ffffff", "rounded", "rounded", "circle", frame=Frame("bubble", "Scan me", "#1e3a8a")
        ),
        "snapshot": Style(
            "#262626", "#ffffff", "dot", "rounded", "circle", frame=Frame("polaroid", "Scan me", "#0f5c63")
        ),
        "cafe": Style(
            "#4a2c17", "#fdf6ee", "pebbles", "rounded", "circle", frame=Frame("cup", "Menu", "#4a2c17")
        ),
        "boutique": Style(
            "#3f1d38",
            "#fff9fc",
            "classy rounded",
            "rounded",
            "circle",
            frame=Frame("bag", "Scan me", "#6b2a5b"),
        ),
    }
