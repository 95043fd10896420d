"""How a code looks: colours, size, quiet zone, error correction level; as text, as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches

from PIL import ImageColor

from bot.qr.payloads.payload import Level, Rules
from bot.qr.refusal import Refused

CONTRAST = 3.0  # least ratio (WCAG 2.2, 1.4.11) between dark and light
SIZES = (64, 4096)  # pixels along a side
QUIET_ZONES = (0, 20)  # modules; ISO/IEC 18004, 5.3.8 asks for 4

_WORDS = re.compile(
    r"(?P<name>dark|light|size|level|margin|quiet[ _]zone)\s*[= ]\s*(?P<value>[^\s,]+)"
    r"|(?P<on>on\s+)?(?P<colour>(?:rgb|hsl)\([^)]*\)|[^\s,]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Style:
    """A look: colours as ``#rrggbb``, ``size`` in pixels along a side, ``quiet_zone`` in modules."""

    dark: str = "#000000"
    light: str = "#ffffff"
    size: int = 1024
    quiet_zone: int = 4
    level: Level = Level.M


DEFAULT = Style()


def parse_style(text: str, base: Style = DEFAULT) -> Style:
    """Read a look such as ``navy on white, size 800, level Q``; Refused names what is not understood."""
    style = base
    for match in _WORDS.finditer(text):
        if match["name"]:
            style = _set(style, match["name"].lower().replace(" ", "_"), match["value"])
        else:
            style = _set(style, "light" if match["on"] else "dark", match["colour"])
    return checked(style)


def _set(style: Style, name: str, value: str) -> Style:
    match name:
        case "dark":
            return replace(style, dark=colour(value))
        case "light":
            return replace(style, light=colour(value))
        case "size":
            return replace(style, size=_number(value.removesuffix("px"), SIZES, "size"))
        case "level":
            return replace(style, level=_level(value))
        case _:
            return replace(style, quiet_zone=_number(value, QUIET_ZONES, "margin"))


def _level(value: str) -> Level:
    try:
        return Level(value.upper())
    except ValueError:
        raise Refused("The error correction levels are L, M, Q and H.", field="level") from None


def _number(value: str, bounds: tuple[int, int], name: str) -> int:
    least, most = bounds
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
        raise Refused(
            "The {name} goes from {least} to {most}.", field=name, name=name, least=least, most=most
        )
    return int(value)


def colour(text: str) -> str:
    """Read a colour by name, hex, rgb() or hsl() as ``#rrggbb``; Refused offers the nearest names."""
    try:
        red, green, blue = ImageColor.getrgb(text.lower())[:3]
    except ValueError:
        near = get_close_matches(text.lower(), ImageColor.colormap, n=2, cutoff=0.6)
        if near:
            raise Refused(
                "There is no colour “{given}”. Did you mean {near}?", given=text, near=" / ".join(near)
            ) from None
        raise Refused(
            "I do not know the colour “{given}”. Say a name such as navy, or hex such as #1a2b3c.", given=text
        ) from None
    return f"#{red:02x}{green:02x}{blue:02x}"


def checked(style: Style) -> Style:
    """Give the style back; refuse colours too close for any camera to tell apart."""
    ratio = contrast(style.dark, style.light)
    if ratio < CONTRAST:
        raise Refused(
            "These two colours are too close to scan (contrast {ratio}, at least {least} is needed). "
            "Make one darker or the other lighter.",
            ratio=f"{ratio:.1f}",
            least=CONTRAST,
        )
    return style


def _luminance(colour_: str) -> float:
    """Weigh a colour as the eye does (WCAG 2.2, relative luminance)."""
    channels = [int(colour_[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Compare two colours: 1 for equal, 21 for black on white (WCAG 2.2)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def warnings(style: Style) -> tuple[Refused, ...]:
    """Say what many phones will not like about a style, though it reads."""
    found = []
    if _luminance(style.dark) > _luminance(style.light):
        found.append(Refused("Light on dark fails on many phones. Swap the colours to be safe."))
    if style.quiet_zone < 4:
        found.append(Refused("The margin is smaller than the 4 modules that readers expect."))
    return tuple(found)


def fitted(style: Style, rules: Rules) -> Style:
    """Keep a style inside what a specification allows: its level, and black on white where plain."""
    inside = replace(style, level=rules.level or style.level)
    if not rules.plain:
        return inside
    return replace(
        inside, dark=DEFAULT.dark, light=DEFAULT.light, quiet_zone=max(inside.quiet_zone, DEFAULT.quiet_zone)
    )


def style_text(style: Style) -> str:
    """Say a style so that ``parse_style`` reads it back."""
    rest = f"size {style.size}, level {style.level}, margin {style.quiet_zone}"
    return f"{style.dark} on {style.light}, {rest}"


def dump_style(style: Style) -> str:
    """Write a style as JSON."""
    return json.dumps(asdict(style), separators=(",", ":"))


def load_style(text: str) -> Style:
    """Read a style from JSON; what a newer version added is passed over."""
    known = {field.name for field in fields(Style)}
    values = {name: value for name, value in json.loads(text).items() if name in known}
    return Style(**{**values, "level": Level(values.get("level", "M"))})
