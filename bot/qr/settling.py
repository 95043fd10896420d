"""Find the look that passes the proof, nearest to the one that was asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from operator import attrgetter

from bot.qr.drawing import Drawing, Layout
from bot.qr.layout import draw, plan
from bot.qr.logo import NO_ART, Art, Hidden
from bot.qr.matrix import MASKS, size_of
from bot.qr.output.raster import grey, pixels
from bot.qr.payloads.payload import Level, Payload, Rules
from bot.qr.proof.decoys import FAR, beside_logo, nearest_decoy
from bot.qr.proof.gate import Fault, Verdict, found_by_all, gate, graded, read_bare, reads, shortfalls
from bot.qr.proof.grades import Grade, Grades, lowest
from bot.qr.proof.ladder import Ladder, climb
from bot.qr.proof.remedies import LOGO_SMALLER
from bot.qr.proof.repair import Mended, mended
from bot.qr.proof.seen import pale_eyes, seen
from bot.qr.refusal import Refused
from bot.qr.sizing import hidden_margin, level_of, with_largest_logo, with_room
from bot.qr.style.limits import bounded, fitted
from bot.qr.style.style import DEFAULT, Style
from bot.qr.symbol import Symbol, encode

PROOF_SIDE = 1_024  # pixels of the raster that is read, at most
WHOLE_SIDE = 2_048  # pixels up to which a larger picture is read as a whole, too
COARSE = 4  # pixels that a module has at least: with 3, OpenCV misses one dense symbol in six, in any look
OPEN, COARSE_OPEN = 10, 3  # … and one in plain black up to this version, which it reads
SEARCH_SIDE = 512  # … while a look is searched for
_SHARP = 6  # pixels a module has even so
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
    """Find the look that passes the proof, nearest to the one asked for; what was changed is said.

    It stays inside the rules of the payload. Raises Unread where nothing reads, Refused where the look cannot
    be drawn.
    """
    style = _inside(style, payload.rules)
    if plain(style) and not payload.rules.cross:
        bare = _bare(payload, style)
        if not _too_coarse(style, bare.drawing.layout):
            return style, bare, ()
    found, proven = _searched(payload, _sized(payload, style, art), art)
    said = found.said
    if style.logo is not None and not style.logo.size:  # left to us, so nobody is told of another size
        said = tuple(each for each in said if not each.template.startswith(LOGO_SMALLER))
    return found.style, proven, said


def as_asked(payload: Payload, style: Style, art: Art = NO_ART) -> Proven:
    """Draw a look as it was asked for, and hold it against the gate: what is wrong before anything is mended.

    Raises Refused where it cannot be drawn.
    """
    return _tried(payload, _sized(payload, _inside(style, payload.rules), art), art, PROOF_SIDE)


def _sized(payload: Payload, style: Style, art: Art) -> Style:
    """Fill in what was left to us: the level, and how large a logo is."""
    style = replace(style, level=level_of(payload, style))
    return with_largest_logo(style, encoded(payload, style), art)


@lru_cache(maxsize=64)
def _inside(style: Style, rules: Rules) -> Style:
    """Keep a style inside its bounds and what a specification allows; the same one comes again and again."""
    return fitted(bounded(style), rules)


def _searched(payload: Payload, asked: Style, art: Art) -> tuple[Mended, Proven]:
    """Search among small pictures, which is several times as quick, and believe only the large one."""
    whole = partial(_tried, payload, art=art, side=PROOF_SIDE)
    hopeful = not _wanting(asked, _drawn(payload, asked, art).grades) and _faded(asked)
    if asked.exact or hopeful:
        proven = whole(asked)
        if proven.verdict.passed or asked.exact:
            proven.verdict.check()
            return Mended(asked, (), proven.verdict), proven
    for side in (SEARCH_SIDE, PROOF_SIDE):
        found = mended(asked, partial(_judged, payload, art, side), payload.rules)
        proven = whole(found.style)
        if proven.verdict.passed:
            break
    proven.verdict.check()
    return found, proven


def plain(style: Style) -> bool:
    """Tell whether a style is the standard's own: black squares on white, whose pixels are its modules."""
    return _look(style) == _look(DEFAULT)


_look = attrgetter(
    "dark", "light", "modules", "finder", "eyeball", "finder_colour", "eyeball_colour", "logo", "backdrop",
    "frame", "corners", "print", "quiet_zone",
)  # fmt: skip


def _bare(payload: Payload, style: Style) -> Proven:
    """Prove a plain picture by its symbol: every module is a square of one colour."""
    symbol = encode(payload, style.level, mask=style.mask if style.mask >= 0 else None)
    if read_bare(symbol, payload):
        return Proven(symbol, draw(symbol, style), _PASSED)
    proven = _tried(payload, style, NO_ART, PROOF_SIDE)
    proven.verdict.check()
    return proven


def encoded(payload: Payload, style: Style) -> Symbol:
    """Encode a payload for a look: with its mask, and large enough for its logo."""
    roomy = with_room(payload) if style.logo is not None and not style.logo.behind else payload
    return _encoded(roomy, style.level, style.mask)


@lru_cache(maxsize=4)
def _encoded(payload: Payload, level: Level, mask: int) -> Symbol:
    """Keep the last few symbols, since a look is tried several times; few, since contents can be secrets.

    Where the mask is left to us and the standard's choice makes decoys, another is taken: nobody sees it.
    """
    symbol = encode(payload, level, mask=mask if mask >= 0 else None)
    if mask >= 0 or (near := nearest_decoy(symbol)) >= FAR:
        return symbol
    for other in range(MASKS):
        tried = encode(payload, level, mask=other)
        if (found := nearest_decoy(tried)) > near:
            symbol, near = tried, found
        if near >= FAR:
            break
    return symbol


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """A drawing, and the grades that follow from its look and what a logo hides, without its pixels."""

    symbol: Symbol
    drawing: Drawing
    grades: Grades
    hidden: Hidden


@lru_cache(maxsize=1)
def _drawn(payload: Payload, style: Style, art: Art) -> _Drawn:
    """Draw a look; the last one is kept, since it is graded first and read afterwards."""
    symbol = encoded(payload, style)
    drawing = draw(symbol, style, art, cross=payload.rules.cross)
    hidden = plan(style, symbol.version, art).hidden
    lost = hidden_margin(hidden, symbol) if style.logo is not None else None
    return _Drawn(symbol, drawing, graded(style, lost), hidden)


def _wanting(style: Style, grades: Grades) -> tuple[Fault, ...]:
    """Name what is wrong with a look before anybody has seen it."""
    return () if style.exact else (*shortfalls(grades, Grade[style.grade]), *found_by_all(style))


def _faded(style: Style) -> bool:
    """Tell whether a picture in the background is faded at all: hardly one may stay as it is."""
    return style.backdrop is None or style.backdrop.fade > 0


def _judged(payload: Payload, art: Art, side: int, style: Style) -> Verdict:
    return _tried(payload, style, art, side).verdict


def _tried(payload: Payload, style: Style, art: Art, side: int) -> Proven:
    """Draw a look, and hold it against the gate at no more than ``side`` pixels."""
    drawn = _drawn(payload, style, art)
    symbol, layout, grades = drawn.symbol, drawn.drawing.layout, drawn.grades
    module = _module(drawn.drawing, side)
    shown, pale = grey(drawn.drawing, module), False
    if not payload.rules.cross:  # the cross covers modules in part, which its specification allows for
        corner = round(layout.x * module), round(layout.y * module)
        found = seen(symbol, shown, corner, module, drawn.hidden)
        grades = lowest(*_by_sight(style, grades, found))
        pale = _own_eyes(style) and pale_eyes(shown, corner, module, symbol.size)
    verdict = gate(
        symbol, shown, payload, module=module, grades=grades, asked=Grade[style.grade], exact=style.exact
    )
    more = (
        *found_by_all(style),
        *((Fault.EYES,) if pale else ()),
        *_too_coarse(style, layout),
        *_cut_off(style, layout),
        *beside_logo(style, art.logo),
    )
    if side == PROOF_SIDE and module < layout.module and max(layout.pixels) <= WHOLE_SIDE:
        more += () if reads(grey(drawn.drawing), payload, invert=style.exact) else (Fault.PIXELS,)
    faults = tuple(dict.fromkeys((*verdict.faults, *more)))
    return Proven(symbol, drawn.drawing, replace(verdict, faults=faults))


def _own_eyes(style: Style) -> bool:
    """Tell whether finder patterns have a colour of their own, and have to be found by all readers."""
    coloured = bool(style.finder_colour or style.eyeball_colour)
    return coloured and not style.exact and Grade[style.grade] >= Grade.B


def _by_sight(style: Style, said: Grades, found: Grades) -> tuple[Grades, Grades]:
    """Take modulation from where modules lie, whatever a gradient runs through beside them.

    What a logo dims counts as what it hides, since other colours of the modules would not help; there the
    paints themselves are graded.
    """
    if style.logo is None or style.backdrop is not None:
        return replace(said, modulation=Grade.A), found
    dimmed = min(found.symbol_contrast, found.modulation, found.unused_error_correction)
    return said, replace(found, symbol_contrast=Grade.A, modulation=Grade.A, unused_error_correction=dimmed)


def _too_coarse(style: Style, layout: Layout) -> tuple[Fault, ...]:
    """Name modules of so few pixels that readers miss them once somebody has passed the picture on."""
    least = COARSE_OPEN if plain(style) and layout.side <= size_of(OPEN) else COARSE
    coarse = layout.module < least and not style.print.width and not style.exact
    return (Fault.COARSE,) if coarse else ()


def _cut_off(style: Style, layout: Layout) -> tuple[Fault, ...]:
    """Name round corners that cut a finder pattern's outer corner off, which OpenCV looks for."""
    far_x, far_y = layout.width - layout.x - layout.side, layout.height - layout.y - layout.side
    outer = ((layout.x, layout.y), (far_x, layout.y), (layout.x, far_y))
    cut = any(max(x, y) < layout.corner < math.hypot(layout.corner - x, layout.corner - y) for x, y in outer)
    return (Fault.CORNERS,) if cut and not style.exact else ()


def _module(drawing: Drawing, side: int = PROOF_SIDE) -> int:
    """Choose the pixels a module of the raster that is read: the picture's own, or fewer if it is large."""
    layout = drawing.layout
    fewer = max(
        math.floor(side / max(layout.width, layout.height) + 1e-9), _SHARP if side < PROOF_SIDE else 1
    )
    return min(layout.module, fewer)
