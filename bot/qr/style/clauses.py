"""The parts of a style's text that have parts themselves: paints, eyes, frame, logo, backdrop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.qr.refusal import Refused
from bot.qr.style import limits
from bot.qr.style.colours import colour, known_colour
from bot.qr.style.reader import Reader
from bot.qr.style.style import TRANSPARENT, Backdrop, Frame, Logo, Paint, Style
from bot.qr.style.vocabulary import asked_shape, names, shape, source

PRESET, WITHOUT, SOURCE, LAST = range(4)  # in which order changes are made, wherever they are said
Change = tuple[int, Callable[[Style], Style]]

_TO = ("to", "into", "→", "->")
_SAME = ("own", "same", "none", "auto")  # a colour that follows the modules' again


def setting(name: str, value: object) -> Change:
    """Set one field, after everything that says where it belongs."""
    return LAST, lambda style: replace(style, **{name: value})


def number(reader: Reader, name: str, unit: str = "") -> float:
    """Read the number that a name is set to, with or without its unit; Refused names the bounds."""
    if reader.next.kind != "number" or reader.next.unit not in ("", unit):
        limits.within(name, float("nan"))
    return reader.take().number


def is_colour(words: str) -> bool:
    """Tell whether words are a colour: navy, dark green, #1a2b3c, rgb(1, 2, 3)."""
    return bool(known_colour(words.replace(" ", "") if "(" not in words else words))


def one_colour(reader: Reader, field: str) -> str:
    """Read a colour; Refused offers the nearest."""
    length = reader.phrase(is_colour)
    if length:
        return colour("".join(reader.words(length)).replace(" ", ""))
    if reader.next.kind in ("stop", "quoted"):
        raise Refused(
            "A colour is missing here. Say a name such as navy, or hex such as #1a2b3c.", field=field
        )
    return colour(reader.take().text, field=field)


def paint(reader: Reader, field: str, kind: str = "") -> Paint:
    """Read a colour, or a gradient: ``navy to teal 45``, ``radial red to gold``."""
    for each in limits.KINDS:
        if reader.said(each, f"{each} gradient"):
            kind = each
    reader.said("gradient", "from")
    colours = [one_colour(reader, field)]
    while reader.said(*_TO):
        colours.append(one_colour(reader, field))
    if len(colours) == 1 and not kind:
        return colours[0]
    return limits.gradient(kind or "linear", colours, _angle(reader, kind))


def _angle(reader: Reader, kind: str) -> float:
    if kind == "radial" or reader.next.kind != "number" or reader.next.unit not in ("", "°"):
        return 0
    return reader.take().number


def shape_length(reader: Reader, part: str, skip: int = 0) -> int:
    """Count the words ahead that name a shape of a part."""
    return reader.phrase(lambda words: shape(part, words), skip)


def eyes(*parts: str) -> Callable[[Reader], list[Change]]:
    """Read a shape, a colour, or both, for finder frames, for eyeballs, or for all eyes alike."""

    def clause(reader: Reader) -> list[Change]:
        reader.said("frame", "frames")
        found: list[Change] = []
        named = coloured = False
        while not (named and coloured) and reader.next.kind == "word":
            length = max(shape_length(reader, part) for part in parts)
            if length and not named:
                found, named = found + _shaped(parts, reader.words(length)), True
            elif not coloured and (reader.said("colour", "color") or _lone_colour(reader) or not named):
                found, coloured = found + _coloured(parts, reader, named), True
            else:
                break
        if not found:
            raise Refused(
                "What are the eyes to look like? Say for example: eyes rounded, or eyes navy", field=parts[0]
            )
        return found

    return clause


def _shaped(parts: tuple[str, ...], words: str) -> list[Change]:
    return [setting(part, shape(part, words)) for part in parts if shape(part, words)]


def _lone_colour(reader: Reader) -> bool:
    """Tell whether a colour comes next that is not the beginning of ``navy on white`` or ``navy to teal``."""
    length = reader.phrase(is_colour)
    after = reader.tokens[reader.at + length : reader.at + length + 1]
    return length > 0 and not (after and after[0].text.lower() in ("on", *_TO))


def _coloured(parts: tuple[str, ...], reader: Reader, named: bool) -> list[Change]:
    own = reader.said(*_SAME)
    if not (own or named or reader.phrase(is_colour) or reader.next.text.startswith("#")):
        asked_shape(parts[0], reader.next.text.lower())
    value = "" if own else one_colour(reader, parts[0])
    return [setting(f"{part}_colour", value) for part in parts]


def frame(reader: Reader) -> list[Change]:
    """Read a frame's name, caption and colours; a caption alone puts the usual frame around it."""
    found: dict[str, str] = {}
    while True:
        length = shape_length(reader, "frame")
        if reader.next.kind == "quoted" and "caption" not in found:
            found["caption"] = limits.caption(reader.take().text)
        elif length and "name" not in found and not _numbered(reader, length):
            found["name"] = shape("frame", reader.words(length))
        elif reader.said("colour", "color"):
            found["colour"] = _own(reader)
        elif reader.said("ink", "text", "caption colour", "text colour"):
            found["ink"] = _own(reader)
        elif "colour" not in found and _lone_colour(reader):
            found["colour"] = one_colour(reader, "frame")
        else:
            break
    usual = Frame(names("frame")[0])
    return [(SOURCE, lambda style: replace(style, frame=replace(style.frame or usual, **found)))]


def _numbered(reader: Reader, length: int) -> bool:
    """Tell whether a number follows, as in ``corners 10%``, which is not the frame of that name."""
    after = reader.tokens[reader.at + length : reader.at + length + 1]
    return bool(after) and after[0].kind == "number"


def _own(reader: Reader) -> str:
    reader.said("colour", "color")
    return "" if reader.said(*_SAME) else one_colour(reader, "frame")


def logo(reader: Reader) -> list[Change]:
    """Read a logo's emoji or upload, its shape, size and margin, and whether it lies behind the modules."""
    found: list[Change] = []
    while reader.next.kind != "stop":
        change = _of_logo(reader)
        if not change:
            break
        found.append(change)
    if not found:
        raise Refused(
            "I do not know the logo “{given}”. Say an emoji, for example: logo ⭐",
            field="logo",
            given=reader.next.text[:40],
        )
    return found


def _of_logo(reader: Reader) -> Change | None:
    token = reader.next
    if token.kind in ("word", "quoted") and source(token.text):
        given = source(reader.take().text)
        return SOURCE, lambda style: replace(style, logo=replace(style.logo or Logo(""), source=given))
    if token.kind == "number" and token.unit in ("", "%"):
        return _placed(size=limits.whole("logo size", reader.take().number))
    if reader.said("size"):
        largest = reader.said("largest", "auto")
        return _placed(size=0 if largest else limits.whole("logo size", number(reader, "logo size", "%")))
    if reader.said("margin"):
        return _placed(margin=limits.within("logo margin", number(reader, "logo margin")))
    for words, values in _LOGO_WORDS.items():
        if reader.said(*words):
            return _placed(**values)
    return None


_LOGO_WORDS: dict[tuple[str, ...], dict[str, object]] = {
    ("square",): {"shape": "square"},
    ("round", "circle", "rounded"): {"shape": "round"},
    ("outline", "cut out", "cutout"): {"shape": "outline"},
    ("largest", "as large as", "biggest"): {"size": 0},
    ("behind",): {"behind": True},
    ("in front", "above", "knocked out"): {"behind": False},
}


def _placed(**values: object) -> Change:
    def change(style: Style) -> Style:
        if not style.logo:
            raise Refused("There is no logo yet. Say an emoji, for example: logo ⭐", field="logo")
        return replace(style, logo=replace(style.logo, **values))  # type: ignore[arg-type]

    return LAST, change


def backdrop(reader: Reader) -> list[Change]:
    """Read a backdrop's upload and how it is faded; a colour behind the code is its light side."""
    found: list[Change] = []
    while True:
        if source(reader.next.text).startswith("asset:"):
            found.append(_behind(reader.take().text))
        elif reader.said("fade"):
            found += fade(reader)
        else:
            return found or light(reader)


def _behind(given: str) -> Change:
    return SOURCE, lambda style: replace(
        style, backdrop=replace(style.backdrop or Backdrop(""), source=given)
    )


def fade(reader: Reader) -> list[Change]:
    """Read how much white is laid over the backdrop."""
    percent = limits.whole("fade", number(reader, "fade", "%"))

    def change(style: Style) -> Style:
        if not style.backdrop:
            raise Refused("There is no picture behind the code to fade. Send one first.", field="backdrop")
        return replace(style, backdrop=replace(style.backdrop, fade=percent))

    return [(LAST, change)]


def light(reader: Reader) -> list[Change]:
    """Read the ground's paint."""
    return [setting("light", TRANSPARENT if reader.said(TRANSPARENT) else paint(reader, "light"))]
