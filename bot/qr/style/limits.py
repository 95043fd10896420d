"""What a style may ask for: bounds, looks that can never be read, and what a specification allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.qr.payloads.payload import Level, Rules, without_controls
from bot.qr.refusal import Refused, Word
from bot.qr.style.colours import greatest_contrast, inverted
from bot.qr.style.style import DEFAULT, Gradient, Print, Style

LEAST_CONTRAST = 1.3  # below it nothing tells dark from light; between this and enough, the proof decides
PIXELS = 8192  # along a side, when printed
CAPTION = 60  # characters; letters end there (bot.qr.shapes.lettering)
GRADES = "ABCD"
KINDS = ("linear", "radial", "conic")  # of gradients
LOGO_SHAPES = ("square", "round", "outline")
COLOURS = (2, 5)  # of a gradient
MILLIMETRES = 25.4  # in an inch
ASSET = re.compile(r"asset:[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where to where a number goes, how a person calls it, and its decimal places."""

    name: Word
    least: int
    most: int
    places: int = 0


BOUNDS = {
    "size": Bounds(Word("size"), 64, 4096),  # pixels along the longer side
    "width": Bounds(Word("width in mm"), 5, 2000, 2),
    "dpi": Bounds(Word("dpi"), 72, 1200),
    "bleed": Bounds(Word("bleed in mm"), 0, 20, 1),
    "margin": Bounds(Word("margin"), 0, 20),  # modules; ISO/IEC 18004, 5.3.8 asks for 4
    "corners": Bounds(Word("rounding of corners in percent"), 0, 50),
    "mask": Bounds(Word("mask"), 0, 7),
    "angle": Bounds(Word("angle"), 0, 359),
    "fade": Bounds(Word("fade in percent"), 0, 100),
    "logo size": Bounds(Word("logo size in percent"), 5, 50),
    "logo margin": Bounds(Word("logo margin"), 0, 10, 1),
}


def within(name: str, value: float) -> float:
    """Give a number back, rounded to the places it may have; Refused names its bounds."""
    bounds = BOUNDS[name]
    rounded = float(round(value, bounds.places)) if abs(value) < 1e9 else value
    if not bounds.least <= value <= bounds.most or (not bounds.places and rounded != value):
        raise Refused(
            "The {name} goes from {least} to {most}.",
            field=name,
            name=bounds.name,
            least=bounds.least,
            most=bounds.most,
        )
    return rounded


def whole(name: str, value: float) -> int:
    """Give a whole number back; Refused as ``within``."""
    return int(within(name, value))


def level(text: str) -> Level:
    """Read an error correction level."""
    try:
        return Level(text.upper())
    except ValueError:
        raise Refused("The error correction levels are L, M, Q and H.", field="level") from None


def grade(text: str) -> str:
    """Read a grade to reach."""
    if len(text) != 1 or text.upper() not in GRADES:
        raise Refused("The grades are A, B, C and D.", field="grade")
    return text.upper()


def caption(text: str) -> str:
    """Give a caption back; refuse a long one, and characters that nobody sees."""
    if len(text) > CAPTION:
        raise Refused("A caption has at most {most} characters.", field="frame", most=CAPTION)
    return without_controls(text.strip(), field="frame")


def checked(style: Style) -> Style:
    """Give the style back; refuse what no camera can tell apart, and prints of too many pixels.

    A weak contrast, and a gradient that meets the ground somewhere, are left to the proof, which mends them.
    """
    ratio = greatest_contrast(style.dark, style.light)
    if ratio < LEAST_CONTRAST:
        raise Refused(
            "These two colours are too close to scan (contrast {ratio}, at least {least} is needed). "
            "Make one darker or the other lighter.",
            field="dark",
            ratio=f"{ratio:.1f}",
            least=LEAST_CONTRAST,
        )
    _printable(style.print)
    return style


def bounded(style: Style) -> Style:
    """Give the style back; refuse numbers that are out of their bounds, wherever it was made."""
    numbers = {
        "size": style.size,
        "margin": style.quiet_zone,
        "corners": style.corners,
        "mask": max(style.mask, 0),
        "fade": style.backdrop.fade if style.backdrop else 0,
        "logo size": style.logo.size if style.logo and style.logo.size else BOUNDS["logo size"].least,
        "logo margin": style.logo.margin if style.logo else 0,
        "width": style.print.width or BOUNDS["width"].least,
        "dpi": style.print.dpi,
        "bleed": style.print.bleed,
    }
    for name, value in numbers.items():
        within(name, value)
    _printable(style.print)
    return style


def _printable(how: Print) -> None:
    inches = (how.width + 2 * how.bleed) / MILLIMETRES
    if how.width and round(inches * how.dpi) > PIXELS:
        raise too_fine(PIXELS / inches)


def too_fine(dpi: float) -> Refused:
    """Say how many dots an inch a print may have, so that its pixels stay within bounds."""
    return Refused(
        "A print of this size has at most {dpi} dpi. Add “{dpi} dpi”, or make it smaller.",
        field="dpi",
        dpi=max(BOUNDS["dpi"].least, int(dpi)),
    )


def warnings(style: Style) -> tuple[Refused, ...]:
    """Say what many phones will not like about a style, though it reads."""
    found = []
    if not style.backdrop and inverted(style.dark, style.light):
        found.append(Refused("Light on dark fails on many phones. Swap the colours to be safe."))
    if style.quiet_zone < DEFAULT.quiet_zone:
        found.append(Refused("The margin is smaller than the 4 modules that readers expect."))
    return tuple(found)


def fitted(style: Style, rules: Rules) -> Style:
    """Keep a style inside what a specification allows: its level, and black squares on white where plain."""
    inside = replace(style, level=rules.level or style.level)
    if not rules.plain:
        return inside
    return replace(
        DEFAULT,
        level=inside.level,
        size=style.size,
        print=style.print,
        quiet_zone=max(style.quiet_zone, DEFAULT.quiet_zone),
        grade=style.grade,
        mask=style.mask,
        exact=style.exact,
    )


def gradient(kind: str, colours: Sequence[str], angle: float = 0) -> Gradient:
    """Make a gradient; refuse a wrong kind, and too few or too many colours. Angles go round."""
    least, most = COLOURS
    if kind not in KINDS:
        raise Refused("A gradient is linear, radial or conic.", field="kind")
    if not least <= len(colours) <= most:
        raise Refused("A gradient has {least} to {most} colours.", field="colours", least=least, most=most)
    turn = angle % 360 if -360 <= angle <= 360 else angle
    return Gradient(kind, tuple(colours), 0 if kind == "radial" else whole("angle", turn))
