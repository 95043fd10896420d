"""A style as a share code: short enough for a Telegram deep link, and complete without a server."""

from __future__ import annotations

import string
import zlib
from collections.abc import Callable
from dataclasses import asdict, replace

from bot.qr.refusal import Refused
from bot.qr.style.bits import (
    COLOUR,
    YES,
    Bits,
    Codec,
    decimal,
    either,
    many,
    mostly,
    named,
    record,
    size,
    whole,
)
from bot.qr.style.colours import greatest_contrast
from bot.qr.style.letters import CAPTION, EMOJI
from bot.qr.style.limits import GRADES, KINDS, LOGO_SHAPES
from bot.qr.style.record import style_of_json
from bot.qr.style.style import DEFAULT, TRANSPARENT, Frame, Gradient, Logo, Paint, Print, Style

LONGEST = 60  # characters: a deep link takes 64, which leaves room for a word in front
_VERSION = "A"
_CHECK = 3  # characters
_LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_SPACE = 6 * (LONGEST - len(_VERSION) - _CHECK)  # bits

# Names by number: what is written in share codes out there. Only ever added to, at the end.
MODULES = (
    "square", "gapped", "squircle", "dot", "small dot", "rounded", "liquid", "bevelled", "classy",
    "classy rounded", "leaf", "drop", "diamond", "star", "sparkle", "heart", "clover", "hexagon", "cross",
    "plus", "bars", "bars lying", "circuit", "weave", "bubbles", "pebbles", "mosaic", "noise",
)  # fmt: skip
EYES = (
    "square", "rounded", "extra rounded", "squircle", "circle", "octagon", "leaf", "corner out", "corner in",
    "facet", "bevelled", "plaque", "scalloped", "stamp", "stitched", "dots", "gapped", "bars", "bars lying",
    "pinwheel", "diamond", "hexagon", "shield", "star", "sparkle", "heart", "clover", "flower", "cross",
    "plus",
)  # fmt: skip
FRAMES = (
    "plate", "banner", "banner above", "box", "rounded box", "bubble", "corners", "arrow", "circle", "ticket",
    "tab", "ribbon", "polaroid", "phone", "bag", "clipboard", "cup", "window", "tag",
)  # fmt: skip

_GRADIENT = record(
    Gradient, {"kind": named(2, KINDS), "colours": many(2, 2, COLOUR), "angle": mostly(0, whole(9))}
)
_NONE = Codec(lambda bits, value: None, lambda bits: TRANSPARENT)
_DARK = either(lambda paint: int(isinstance(paint, Gradient)), COLOUR, _GRADIENT)
_LIGHT = either(
    lambda paint: 1 if isinstance(paint, Gradient) else 2 * (paint == TRANSPARENT), COLOUR, _GRADIENT, _NONE
)
_FRAME = record(
    Frame,
    {
        "name": named(6, FRAMES),
        "caption": mostly("", CAPTION),
        "colour": mostly("", COLOUR),
        "ink": mostly("", COLOUR),
    },
)
_LOGO = record(
    Logo,
    {
        "source": EMOJI,
        "shape": named(2, LOGO_SHAPES),
        "size": mostly(0, whole(6)),
        "margin": mostly(1.0, decimal(7, 10)),
        "behind": YES,
    },
)
_PRINT = record(
    Print,
    {
        "width": decimal(18, 100),
        "dpi": mostly(300, whole(11)),
        "bleed": mostly(0.0, decimal(8, 10)),
        "marks": YES,
        "cmyk": YES,
    },
)
STYLE = record(
    Style,
    {
        "dark": mostly(DEFAULT.dark, _DARK),
        "light": mostly(DEFAULT.light, _LIGHT),
        "modules": mostly("square", named(6, MODULES)),
        "finder": mostly("square", named(6, EYES)),
        "eyeball": mostly("square", named(6, EYES)),
        "finder_colour": mostly("", COLOUR),
        "eyeball_colour": mostly("", COLOUR),
        "frame": mostly(None, _FRAME),
        "logo": mostly(None, _LOGO),
        "corners": mostly(0, whole(6)),
        "quiet_zone": mostly(DEFAULT.quiet_zone, whole(5)),
        "level": mostly(DEFAULT.level, named(2, ("L", "M", "Q", "H"))),
        "size": mostly(DEFAULT.size, whole(12, 64)),
        "print": mostly(Print(), _PRINT),
        "grade": mostly(DEFAULT.grade, named(2, tuple(GRADES))),
        "mask": mostly(DEFAULT.mask, whole(3)),
        "exact": YES,
    },
)


def share_code(style: Style) -> str:
    """Write what is ``shareable`` of a style in at most 60 characters out of ``A–Z a–z 0–9 - _``."""
    return written(shareable(style))


def written(style: Style) -> str:
    """Write all of a style, however long that gets."""
    bits = Bits()
    STYLE.put(bits, style)
    bits.put(0, -bits.length % 6)
    digits = "".join(_LETTERS[bits.get(6)] for _ in range(bits.length // 6)).rstrip(_LETTERS[0])
    return _VERSION + _check(digits) + digits


def shareable(style: Style) -> Style:
    """Give what a share code has room for: no uploads, and where it would get too long, no caption.

    Nearly every style comes back whole; a few with many colours as well lose their print settings, the
    gradient of the ground, the frame's own colours, and the emoji, in this order.
    """
    shared = replace(style, backdrop=None)
    if style.logo and not style.logo.source.startswith("emoji:"):
        shared = replace(shared, logo=None)
    for shorter in _SHORTER:
        if size(STYLE, shared) <= _SPACE:
            break
        shared = shorter(shared)
    return shared


_SHORTER: tuple[Callable[[Style], Style], ...] = (
    lambda style: replace(style, frame=style.frame and replace(style.frame, caption="")),
    lambda style: replace(style, print=Print()),
    lambda style: replace(style, light=_clearest(style.dark, style.light)),
    lambda style: replace(style, frame=style.frame and replace(style.frame, colour="", ink="")),
    lambda style: replace(style, logo=None),
)


def _clearest(dark: Paint, light: Paint) -> Paint:
    """Take the colour of a ground's gradient that is furthest from the modules'."""
    if not isinstance(light, Gradient):
        return light
    return max(light.colours, key=lambda each: greatest_contrast(dark, each))


def read_share_code(text: str) -> Style:
    """Read a share code; Refused for one that is wrong, cut off or from a version to come."""
    version, check, digits = text[:1], text[1 : 1 + _CHECK], text[1 + _CHECK :]
    if (
        len(text) > LONGEST
        or not set(text) <= set(_LETTERS)
        or check != _check(digits)
        or version != _VERSION
    ):
        raise Refused("This is not a share code of a look, or a part of it is missing. Copy all of it.")
    bits = Bits()
    for digit in digits:
        bits.put(_LETTERS.index(digit), 6)
    try:
        return style_of_json(asdict(STYLE.get(bits)))
    except Refused:
        raise Refused("This share code holds a look that cannot be drawn.") from None


def _check(digits: str) -> str:
    number = zlib.crc32((_VERSION + digits).encode())
    return "".join(_LETTERS[number >> 6 * place & 63] for place in range(_CHECK))
