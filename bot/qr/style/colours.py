"""Colours: read as people write them, and weighed as eyes and cameras see them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import pairwise

from PIL import ImageColor

from bot.qr.refusal import Refused
from bot.qr.style.style import TRANSPARENT, Gradient, Paint

BLACK, WHITE = "#000000", "#ffffff"
LONGEST = 40  # characters of a colour
_STEPS = 16  # samples between two colours of a gradient; its darkest point is found to within 0.4 %


def colour(text: str, *, field: str = "") -> str:
    """Read a colour by name, hex, rgb() or hsl() as ``#rrggbb``; Refused offers the nearest names."""
    found = known_colour(text)
    if found:
        return found
    text = text[:LONGEST]
    near = get_close_matches(text.lower(), ImageColor.colormap, n=2, cutoff=0.6)
    if near:
        raise Refused(
            "There is no colour “{given}”. Did you mean {near}?",
            field=field,
            given=text,
            near=" / ".join(near),
        )
    raise Refused(
        "I do not know the colour “{given}”. Say a name such as navy, or hex such as #1a2b3c.",
        field=field,
        given=text,
    )


def known_colour(text: str) -> str:
    """Read a colour, "" where it is none; one that is partly transparent is none either."""
    return _known(text) if len(text) <= LONGEST else ""  # before anything is remembered of it


@lru_cache(maxsize=1024)
def _known(text: str) -> str:
    try:
        channels = ImageColor.getrgb(text.lower())
    except ValueError:
        return ""
    return "#" + bytes(channels).hex() if len(channels) == 3 and max(channels) <= 255 else ""


@cache
def names_of_colours() -> dict[str, str]:
    """Map ``#rrggbb`` to the shortest name of each colour that CSS has a name for."""
    named: dict[str, str] = {}
    for name in sorted(ImageColor.colormap, key=lambda name: (len(name), name), reverse=True):
        named[known_colour(name)] = name
    return named


def linear(value: str) -> tuple[float, float, float]:
    """Turn ``#rrggbb`` into linear light, 0 to 1 each (IEC 61966-2-1)."""
    red, green, blue = (light_of(int(value[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def written(light: Iterable[float]) -> str:
    """Turn linear light into ``#rrggbb``; what is below 0 or above 1 is cut off."""
    channels = (min(max(each, 0.0), 1.0) for each in light)
    return "#" + bytes(round(255 * _channel(each)) for each in channels).hex()


@lru_cache(maxsize=512)
def light_of(channel: float) -> float:
    """Turn a channel of sRGB, 0 to 1, into light (IEC 61966-2-1)."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channel(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def luminance(value: str) -> float:
    """Weigh a colour as the eye does (WCAG 2.2, relative luminance): the reflectance of a print, 0 to 1."""
    red, green, blue = linear(value)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def stops(paint: Paint) -> tuple[str, ...]:
    """List the colours a paint goes through, in small steps; white stands for what is transparent."""
    if not isinstance(paint, Gradient):
        return (WHITE if paint == TRANSPARENT else paint,)
    ends = paint.colours + (paint.colours[:1] if paint.kind == "conic" else ())
    found = list(ends[:1])
    for one, other in pairwise(ends):
        found += (mixed(one, other, step / _STEPS) for step in range(1, _STEPS + 1))
    return tuple(found)


def mixed(one: str, other: str, share: float) -> str:
    """Mix two colours as gradients do, in sRGB; ``share`` 0 is the one, 1 the other."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in pairs).hex()


def extremes(paint: Paint) -> tuple[float, float]:
    """Find the least and greatest luminance anywhere in a paint."""
    weights = [luminance(each) for each in stops(paint)]
    return min(weights), max(weights)


def contrast(one: Paint, other: Paint) -> float:
    """Compare two paints where they are closest: 1 for equal, 21 for black on white (WCAG 2.2)."""
    (low, high), (least, most) = extremes(one), extremes(other)
    return max(1.0, _ratio(least, high), _ratio(low, most))


def greatest_contrast(one: Paint, other: Paint) -> float:
    """Compare two paints where they are furthest apart, as ``contrast`` does where they are closest."""
    (low, high), (least, most) = extremes(one), extremes(other)
    return max(_ratio(most, low), _ratio(high, least))


def _ratio(brighter: float, darker: float) -> float:
    return (brighter + 0.05) / (darker + 0.05)


def symbol_contrast(dark: Paint, light: Paint) -> float:
    """Return SC = Rmax − Rmin of a symbol in these paints, 0 to 1 (ISO/IEC 15415:2011, 7.8.3)."""
    (low, high), (least, most) = extremes(dark), extremes(light)
    return max(high, most) - min(low, least)


def inverted(dark: Paint, light: Paint) -> bool:
    """Tell whether the dark modules are the brighter ones, as most of their area goes."""
    return sum(extremes(dark)) > sum(extremes(light))


def standing_out(value: str) -> str:
    """Choose black or white, whichever is easier to see on a colour."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, value))
