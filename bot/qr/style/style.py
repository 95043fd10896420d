"""The record of a look: what a person can ask for, and nothing that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.qr.payloads.payload import Level

TRANSPARENT = "transparent"


@dataclass(frozen=True, slots=True)
class Gradient:
    """Colours running into each other: two to five ``#rrggbb``, evenly spaced.

    ``kind``: "linear" (``angle`` in degrees: 0 from left to right, 90 from top to bottom), "radial" (from the
    middle outwards) or "conic" (around the middle, clockwise from ``angle``; the first colour closes it).
    """

    kind: str
    colours: tuple[str, ...]
    angle: int = 0


Paint = str | Gradient  # a colour as ``#rrggbb``, or a gradient


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture in the middle. ``source``: "asset:ID" of an upload, or "emoji:⭐".

    ``shape``: "square", "round" or "outline" (cut to what is not transparent). ``size``: percent of the
    symbol's side, 0 for the largest that keeps the grade asked for. ``margin``: modules kept free around it.
    ``behind``: modules are drawn over it instead of being left out.
    """

    source: str
    shape: str = "square"
    size: int = 0
    margin: float = 1.0
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A picture behind the whole symbol, under ``fade`` percent of white; 0 for as little as proof allows."""

    source: str
    fade: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame around the symbol, by its name in ``bot.qr.shapes.frames``, with a caption.

    ``colour`` of the frame and ``ink`` of the caption; empty: the modules' own, and what stands out on it.
    """

    name: str
    caption: str = ""
    colour: str = ""
    ink: str = ""


@dataclass(frozen=True, slots=True)
class Print:
    """How it is printed. ``width`` in millimetres (0: the size in pixels holds), bleed in millimetres."""

    width: float = 0.0
    dpi: int = 300
    bleed: float = 0.0
    marks: bool = False  # crop marks
    cmyk: bool = False


NOT_PRINTED = Print()


@dataclass(frozen=True, slots=True)
class Style:
    """A look. Colours are ``#rrggbb``; ``size`` in pixels of the longer side, ``quiet_zone`` in modules.

    ``finder`` names the shape of the finder patterns' outer rings, ``eyeball`` that of their inner squares;
    alignment patterns follow both. Their colours are empty where they are the modules' own. ``corners``
    rounds the whole picture: percent of its shorter side. ``grade``: what the proof has to reach, A to D.
    ``mask``: a data mask to use, -1 for the standard's choice. ``exact``: leave it as asked, as long as it
    can be read.
    """

    dark: Paint = "#000000"
    light: Paint = "#ffffff"  # or TRANSPARENT
    modules: str = "square"
    finder: str = "square"
    eyeball: str = "square"
    finder_colour: str = ""
    eyeball_colour: str = ""
    logo: Logo | None = None
    backdrop: Backdrop | None = None
    frame: Frame | None = None
    corners: int = 0
    print: Print = NOT_PRINTED
    size: int = 1024
    quiet_zone: int = 4
    level: Level = Level.M
    grade: str = "B"
    mask: int = -1
    exact: bool = False


DEFAULT = Style()
