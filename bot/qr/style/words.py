"""A style read from words, as people write it: ``dots #1a2b3c on white, eyes rounded, frame "Scan me"``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from types import MappingProxyType

from bot.qr.refusal import Refused
from bot.qr.style import limits
from bot.qr.style.clauses import (
    LAST,
    PRESET,
    SOURCE,
    WITHOUT,
    Change,
    backdrop,
    eyes,
    fade,
    frame,
    is_colour,
    light,
    logo,
    number,
    paint,
    setting,
    shape_length,
)
from bot.qr.style.presets import presets, worn
from bot.qr.style.reader import Reader, read
from bot.qr.style.style import DEFAULT, TRANSPARENT, Backdrop, Frame, Gradient, Logo, Paint, Style
from bot.qr.style.vocabulary import asked_shape, emoji, nearest

_FILLERS = frozenset(("and", "with", "a", "an", "the", "in", "please"))
_ANY = replace(DEFAULT, logo=Logo("emoji:⭐"), backdrop=Backdrop("asset:any"), frame=Frame("plate"))

Clause = Callable[[Reader], list[Change]]


def parse_style(text: str, base: Style = DEFAULT) -> Style:
    """Read a look such as ``dots navy on white, eyes rounded``; Refused names what is not understood.

    Commas may be left out, and the order does not matter: presets come first, then what changes them.
    """
    return limits.checked(_changed(base, text))


def check_words(text: str) -> None:
    """Refuse words that no style could be changed with, whatever the style that they will be said about."""
    _changed(_ANY, text)


def _changed(style: Style, text: str) -> Style:
    reader = read(text)
    changes: list[Change] = []
    while not reader.done:
        changes += _clause(reader)
    for _, change in sorted(changes, key=lambda each: each[0]):
        style = change(style)
    return style


def _clause(reader: Reader) -> list[Change]:
    """Read what one word, or a few that belong together, want changed."""
    token = reader.next
    if token.kind == "stop" or token.text.lower() in _FILLERS:
        reader.take()
        return []
    if token.kind == "number":
        return [_measure(reader)]
    if token.kind == "quoted":
        return frame(reader)
    return _words(reader)


def _words(reader: Reader) -> list[Change]:
    """Read the longest name that lies ahead: of what is set, a shape, a preset or a colour."""
    keyword, preset = reader.phrase(keywords().__contains__), reader.phrase(presets().__contains__)
    shape, coloured = shape_length(reader, "modules"), reader.phrase(is_colour)
    longest = max(keyword, shape, preset, coloured)
    if not longest:
        if emoji(reader.next.text):
            return logo(reader)
        raise _unknown(reader.next.text)
    if keyword == longest or _sides(reader, coloured):
        return keywords()[reader.words(keyword)](reader)
    if shape == longest:
        return _modules(reader)
    if preset == longest:
        return [(PRESET, partial(worn, presets()[reader.words(preset)]))]
    return _dark(reader)


def _sides(reader: Reader, length: int) -> bool:
    """Tell whether "dark" or "light" stands for a side here, and is not half of a colour's name.

    "dark blue" alone sets the dark side, as "dark=blue" does; in "dark blue on white" it is a dark blue.
    """
    after = reader.tokens[reader.at + length : reader.at + length + 1]
    return reader.next.text.lower() in ("dark", "light") and not (
        after and after[0].text.lower() in ("on", "to")
    )


def _unknown(text: str) -> Refused:
    near = nearest(text.lower(), (*keywords(), *presets()))
    if near and not text.startswith("#"):
        return Refused(
            "I do not know “{given}”. Did you mean {near}?", given=text[:40], near=" / ".join(near)
        )
    return Refused(
        "I do not know “{given}”. Say colours by name or hex such as #1a2b3c, and shapes: {example}",
        given=text[:40],
        example="dots navy on white, eyes rounded",
    )


def _modules(reader: Reader) -> list[Change]:
    length = shape_length(reader, "modules") or 1
    return [setting("modules", asked_shape("modules", reader.words(length)))]


def _dark(reader: Reader, kind: str = "") -> list[Change]:
    return [setting("dark", paint(reader, "dark", kind))]


def _measure(reader: Reader) -> Change:
    """Read a number whose unit says what it is."""
    token = reader.take()
    if token.unit == "px":
        return _pixels(token.number)
    if token.unit == "mm":
        return _printed(width=limits.within("width", token.number))
    if token.unit == "dpi":
        return _printed(dpi=limits.whole("dpi", token.number))
    raise Refused(
        "What is “{given}”? Say for example size 800, 30 mm, margin 4 or corners 10%.", given=token.text[:40]
    )


def _pixels(value: float) -> Change:
    """Set a size on screens, which takes back one in millimetres; those said beside it come after."""
    size = limits.whole("size", value)
    return SOURCE, lambda style: replace(style, size=size, print=replace(style.print, width=0.0))


def _printed(order: int = LAST, /, **values: object) -> Change:
    return order, lambda style: replace(style, print=replace(style.print, **values))


def _size(reader: Reader) -> list[Change]:
    return [_measure(reader) if reader.next.unit else _pixels(number(reader, "size"))]


def _quiet_zone(reader: Reader) -> list[Change]:
    found = [setting("quiet_zone", limits.whole("margin", number(reader, "margin")))]
    if reader.next.text.lower() in ("modules", "module") and not shape_length(reader, "modules", 1):
        reader.take()
    return found


def _mask(reader: Reader) -> list[Change]:
    automatic = reader.said("auto", "automatic")
    return [setting("mask", -1 if automatic else limits.whole("mask", number(reader, "mask")))]


def _exact(reader: Reader) -> list[Change]:
    reader.said("as i asked", "as asked")
    return [setting("exact", True)]


def _one_colour(style: Style) -> Style:
    """Take the first colour of every gradient."""

    def first(given: Paint) -> Paint:
        return given.colours[0] if isinstance(given, Gradient) else given

    return replace(style, dark=first(style.dark), light=first(style.light))


def _without(reader: Reader) -> list[Change]:
    length = reader.phrase(_removals().__contains__)
    if not length:
        raise Refused(
            "What is to be left out? You can say no logo, no frame, no backdrop, no corners, no bleed."
        )
    return [_removals()[reader.words(length)]]


@cache
def _removals() -> Mapping[str, Change]:
    def field(name: str, value: object) -> Change:
        return WITHOUT, lambda style: replace(style, **{name: value})

    table: dict[tuple[str, ...], Change] = {
        ("logo", "emoji", "icon"): field("logo", None),
        ("frame",): field("frame", None),
        ("caption",): (
            WITHOUT,
            lambda style: replace(style, frame=style.frame and replace(style.frame, caption="")),
        ),
        ("backdrop", "background", "picture"): field("backdrop", None),
        ("gradient", "gradients"): (WITHOUT, _one_colour),
        ("corners", "rounded corners", "round corners"): field("corners", 0),
        ("margin", "quiet zone"): field("quiet_zone", 0),
        ("mask",): field("mask", -1),
        ("exact", "exactly"): field("exact", False),
        ("bleed",): _printed(WITHOUT, bleed=0.0),
        ("marks", "crop marks"): _printed(WITHOUT, marks=False),
        ("cmyk",): _printed(WITHOUT, cmyk=False),
    }
    return MappingProxyType({word: change for words, change in table.items() for word in words})


@cache
def keywords() -> Mapping[str, Clause]:
    """Map what a clause may begin with, shapes, presets and colours apart, to what reads it."""

    def numbered(name: str, unit: str, change: Callable[[float], Change]) -> Clause:
        return lambda reader: [change(number(reader, name, unit))]

    def always(change: Change) -> Clause:
        return lambda _: [change]

    table: dict[tuple[str, ...], Clause] = {
        ("modules", "module", "shape", "shapes", "pattern", "body"): _modules,
        ("eyes", "eye"): eyes("finder", "eyeball"),
        ("finder", "finders", "finder pattern", "finder patterns"): eyes("finder"),
        ("eyeball", "eyeballs", "ball", "balls"): eyes("eyeball"),
        ("frame", "caption"): frame,
        ("logo", "icon"): logo,
        ("dark", "foreground", "colour", "color"): _dark,
        ("light", "on"): light,
        ("backdrop", "background", "picture"): backdrop,
        ("fade",): fade,
        (TRANSPARENT,): always(setting("light", TRANSPARENT)),
        ("linear", "gradient", "linear gradient"): partial(_dark, kind="linear"),
        ("radial", "radial gradient"): partial(_dark, kind="radial"),
        ("conic", "conic gradient"): partial(_dark, kind="conic"),
        ("corners", "rounded corners", "round corners"): numbered(
            "corners", "%", lambda value: setting("corners", limits.whole("corners", value))
        ),
        ("square corners", "sharp corners"): always(setting("corners", 0)),
        ("size", "width"): _size,
        ("dpi",): numbered("dpi", "dpi", lambda value: _printed(dpi=limits.whole("dpi", value))),
        ("bleed",): numbered("bleed", "mm", lambda value: _printed(bleed=limits.within("bleed", value))),
        ("marks", "crop marks"): always(_printed(marks=True)),
        ("cmyk",): always(_printed(cmyk=True)),
        ("margin", "quiet zone", "quiet_zone", "border"): _quiet_zone,
        ("level",): lambda reader: [setting("level", limits.level(reader.take().text))],
        ("grade",): lambda reader: [setting("grade", limits.grade(reader.take().text))],
        ("mask",): _mask,
        ("exact", "exactly"): _exact,
        ("no", "without", "not"): _without,
        ("default", "plain", "reset"): always((PRESET, lambda _: DEFAULT)),
    }
    return MappingProxyType({word: clause for words, clause in table.items() for word in words})
