"""A picture as what to draw, and the drawing of it: encode, draw, prove, mend, write, in one pure step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from operator import attrgetter

from bot.qr.drawing import Drawing
from bot.qr.gallery import gallery
from bot.qr.layout import draw, plan
from bot.qr.logo import NO_ART, Art
from bot.qr.output import OUTPUT
from bot.qr.output.raster import pixels
from bot.qr.payloads.payload import Level, Payload
from bot.qr.proof import Verdict
from bot.qr.proof.gate import found_by_all, gate, graded, read_bare
from bot.qr.proof.grades import Grade, lowest
from bot.qr.proof.ladder import Ladder, climb
from bot.qr.proof.remedies import LOGO_SMALLER
from bot.qr.proof.repair import mended
from bot.qr.proof.seen import seen
from bot.qr.proof.strip import in_english, strip, views
from bot.qr.refusal import Refused
from bot.qr.sizing import hidden_margin, level_of, with_largest_logo, with_room
from bot.qr.slip import slip
from bot.qr.style import Style, presets
from bot.qr.style.style import DEFAULT
from bot.qr.symbol import Symbol, encode

SLIP = "slip"  # the whole payment slip of a Swiss bill, as PDF
GALLERY = "gallery"  # all looks that have names, to choose from, as PNG
STRIP = "strip"  # what cameras see of a code under many conditions, as PNG
Say = Callable[..., str]  # translates a template and fills it
_PASSED = Verdict()
PROOF_SIDE = 1_024  # pixels of the raster that is read, at most


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw: content, look, file format, the file's name without its ending.

    ``language`` is that of the headings, where the format has any.
    """

    payload: Payload
    style: Style
    format: str = "png"
    name: str = "qr"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture's bytes, proven to scan, and what its symbol came out as.

    ``style`` is how it was drawn, ``said`` a sentence for each change that somebody may see.
    """

    data: bytes
    media_type: str
    extension: str
    version: int
    level: Level
    grade: Grade = Grade.A
    style: Style = DEFAULT
    said: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Proven:
    """A drawing that was read back, and what the proof found."""

    symbol: Symbol
    drawing: Drawing
    verdict: Verdict


def render(picture: Picture, art: Art = NO_ART, say: Say = in_english) -> Rendered:
    """Draw a picture and read it back; a style that fails is mended by the smallest change that does.

    ``art`` holds the pictures that the style names, ``say`` translates what is written on it. Raises Unread
    where nothing helps, Refused where it cannot be drawn.
    """
    style, proven, said = settled(picture.payload, picture.style, art)
    symbol, grade = proven.symbol, proven.verdict.grades.overall
    data, media_type, extension = _written(picture, proven, say)
    return Rendered(data, media_type, extension, symbol.version, symbol.level, grade, style, said)


def _written(picture: Picture, proven: Proven, say: Say) -> tuple[bytes, str, str]:
    """Write a proven drawing: the file's bytes, its media type and its ending."""
    match picture.format:
        case "slip":
            return slip(picture.payload.text, picture.language), "application/pdf", "pdf"
        case "gallery":
            return gallery(presets(), picture.payload), "image/png", "png"
        case "strip":
            seen = strip(views(ladder_of(picture.payload, proven), say))
            out = BytesIO()
            seen.save(out, "PNG")
            return out.getvalue(), "image/png", "png"
        case _:
            output = OUTPUT[picture.format]
            return output.write(proven.drawing), output.media_type, output.extension


def ladder_of(payload: Payload, proven: Proven) -> Ladder:
    """Measure how surely a proven drawing scans."""
    seen = pixels(proven.drawing, _module(proven.drawing)).image()
    return climb(seen, payload.data, proven.symbol.size)


def settled(payload: Payload, style: Style, art: Art = NO_ART) -> tuple[Style, Proven, tuple[Refused, ...]]:
    """Find the look that passes the proof, nearest to the one asked for; what was changed is said."""
    if plain(style) and not payload.rules.cross:
        return style, _bare(payload, style), ()
    tried: dict[Style, Proven] = {}

    def accepts(each: Style) -> Verdict:
        tried[each] = _tried(payload, each, art)
        return tried[each].verdict

    asked = replace(style, level=level_of(payload, style))
    asked = with_largest_logo(asked, _encoded(payload, asked), art)
    found = mended(asked, accepts, payload.rules)
    said = found.said
    if style.logo is not None and not style.logo.size:  # left to us, so nobody is told of another size
        said = tuple(each for each in said if not each.template.startswith(LOGO_SMALLER))
    return found.style, tried[found.style], said


def plain(style: Style) -> bool:
    """Tell whether a style is the standard's own: black squares on white, whose pixels are its modules."""
    return _look(style) == _look(DEFAULT)


_look = attrgetter(
    "dark", "light", "modules", "finder", "eyeball", "finder_colour", "eyeball_colour", "logo", "backdrop",
    "frame", "corners", "print", "quiet_zone",
)  # fmt: skip


def _bare(payload: Payload, style: Style) -> Proven:
    """Prove a plain picture by its symbol: every module is a square of one colour."""
    symbol = _encoded(payload, style)
    verdict = _PASSED if read_bare(symbol, payload) else _tried(payload, style, NO_ART).verdict
    verdict.check()
    return Proven(symbol, draw(symbol, style), verdict)


def _encoded(payload: Payload, style: Style) -> Symbol:
    roomy = with_room(payload) if style.logo is not None and not style.logo.behind else payload
    return encode(roomy, style.level, mask=style.mask if style.mask >= 0 else None)


def _tried(payload: Payload, style: Style, art: Art) -> Proven:
    """Draw a style and hold it against the gate."""
    symbol = _encoded(payload, style)
    drawing = draw(symbol, style, art, cross=payload.rules.cross)
    lost = hidden_margin(plan(style, symbol.version, art).hidden, symbol) if style.logo is not None else None
    module, grades = _module(drawing), graded(style, lost)
    grey = pixels(drawing, module).grey()
    if not payload.rules.cross:  # the cross covers modules in part, which its specification allows for
        layout = drawing.layout
        grades = lowest(
            grades, seen(symbol, grey, (round(layout.x * module), round(layout.y * module)), module)
        )
    verdict = gate(
        symbol, grey, payload, module=module, grades=grades, asked=Grade[style.grade], exact=style.exact
    )
    verdict = replace(verdict, faults=(*verdict.faults, *found_by_all(style)))
    return Proven(symbol, drawing, verdict)


def _module(drawing: Drawing) -> int:
    """Choose the pixels a module of the raster that is read: the picture's own, or fewer if it is large."""
    layout = drawing.layout
    return max(1, min(layout.module, int(PROOF_SIDE // max(layout.width, layout.height))))
