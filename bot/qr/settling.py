"""Find the look that passes the proof, nearest to the one that was asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter

from bot.qr.drawing import Drawing
from bot.qr.layout import draw, plan
from bot.qr.logo import NO_ART, Art
from bot.qr.output.raster import pixels
from bot.qr.payloads.payload import Payload
from bot.qr.proof.gate import Verdict, found_by_all, gate, graded, read_bare
from bot.qr.proof.grades import Grade, lowest
from bot.qr.proof.ladder import Ladder, climb
from bot.qr.proof.remedies import LOGO_SMALLER
from bot.qr.proof.repair import mended
from bot.qr.proof.seen import seen
from bot.qr.refusal import Refused
from bot.qr.sizing import hidden_margin, level_of, with_largest_logo, with_room
from bot.qr.style.style import DEFAULT, Style
from bot.qr.symbol import Symbol, encode

PROOF_SIDE = 1_024  # pixels of the raster that is read, at most
_PASSED = Verdict()


@dataclass(frozen=True, slots=True, eq=False)
class Proven:
    """A drawing that was read back, and what the proof found."""

    symbol: Symbol
    drawing: Drawing
    verdict: Verdict


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
