"""What can be changed about a style so that it scans, in the order of how much of it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from bot.qr.payloads.payload import Level, Rules
from bot.qr.proof.apart import apart, both, darker, darker_eyes, lighter, near, without_eyes
from bot.qr.proof.gate import Fault
from bot.qr.proof.grades import Grade, contrast
from bot.qr.refusal import Refused
from bot.qr.shapes.eyes import SURER
from bot.qr.style.style import Gradient, Style

LOGO_SMALLER = "I made the logo smaller"  # how the sentence about it begins
LARGEST = 4096  # pixels along a side
_LOGO_STEP, _LEAST_LOGO, _USUAL_LOGO = 2, 8, 24  # percent of the symbol's side
_FADE_STEP, _MOST_FADE = 10, 90  # percent of white
_CORNERS_STEP = 10  # percent of the picture's shorter side

# The calmer shape of each, until square; what is not named is calmed to the first of the rest.
_MODULES = {
    "square": "", "gapped": "square", "squircle": "square", "rounded": "square", "bevelled": "square",
    "liquid": "rounded", "classy": "square", "classy rounded": "rounded", "dot": "squircle",
    "small dot": "dot", "mosaic": "gapped", "pebbles": "gapped", "weave": "gapped", "bubbles": "dot",
    "noise": "square", "circuit": "bars",
}  # fmt: skip
_EYES = {
    "square": "",
    "rounded": "square",
    "squircle": "rounded",
    "bevelled": "rounded",
    "circle": "squircle",
}


_CLEAR = ("square", "rounded", "bevelled", "stamp", "gapped")  # rings that stand out beside any logo


@dataclass(frozen=True, slots=True)
class Repair:
    """A style changed a little, and the sentence about it: none where nobody sees it or it was left to us."""

    style: Style
    said: Refused | None = None


Steps = Callable[[Style, Rules], Iterator[Repair]]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A kind of change: what it helps against, and its steps from the least seen to the most.

    ``unseen``: kept when it helps a little, since nobody minds it. ``computed``: its first step is what the
    grade asked for needs, so that none has to be looked for.
    """

    helps: frozenset[Fault]
    steps: Steps
    unseen: bool = False
    computed: bool = False


_READING = frozenset((Fault.PIXELS, Fault.SMALL))


def higher_levels(style: Style, rules: Rules) -> Iterator[Repair]:
    """Raise the error correction level."""
    if rules.level is not None:
        return
    levels = list(Level)
    for level in levels[levels.index(style.level) + 1 :]:
        said = Refused("I raised the error correction to level {level}.", level=level)
        yield Repair(replace(style, level=level), said)


def smaller_logos(style: Style, _: Rules) -> Iterator[Repair]:
    """Make the logo smaller."""
    logo = style.logo
    if logo is None:
        return
    for size in range((logo.size or _USUAL_LOGO + _LOGO_STEP) - _LOGO_STEP, _LEAST_LOGO - 1, -_LOGO_STEP):
        said = Refused(
            "I made the logo smaller so that every phone can read the code: {before} % → {after} %.",
            before=logo.size,
            after=size,
        )
        yield Repair(replace(style, logo=replace(logo, size=size)), said if logo.size else None)


def logo_in_front(style: Style, _: Rules) -> Iterator[Repair]:
    """Leave modules out around the logo instead of drawing them over it."""
    if style.logo is not None and style.logo.behind:
        said = Refused("I cleared the modules over the logo so that every phone can read the rest.")
        yield Repair(replace(style, logo=replace(style.logo, behind=False)), said)


def squarer_corners(style: Style, _: Rules) -> Iterator[Repair]:
    """Round the picture's corners less: they may cut into finder patterns."""
    for corners in range(style.corners - _CORNERS_STEP, -_CORNERS_STEP, -_CORNERS_STEP):
        said = Refused(
            "I rounded the picture's corners less, since they cut into the code: {before} % → {after} %.",
            before=style.corners,
            after=max(corners, 0),
        )
        yield Repair(replace(style, corners=max(corners, 0)), said)


def faded_backdrops(style: Style, _: Rules) -> Iterator[Repair]:
    """Fade the picture in the background."""
    backdrop = style.backdrop
    if backdrop is None:
        return
    for fade in range(backdrop.fade + _FADE_STEP, _MOST_FADE + 1, _FADE_STEP):
        said = Refused(
            "I faded the background so that every phone can read the code: {before} % → {after} %.",
            before=backdrop.fade,
            after=fade,
        )
        yield Repair(replace(style, backdrop=replace(backdrop, fade=fade)), said if backdrop.fade else None)


def colours_apart(style: Style, _: Rules) -> Iterator[Repair]:
    """Move modules and ground apart, whichever way changes least: for the grade asked for, then for an A."""
    plain = without_eyes(style)
    for asked in sorted({Grade[style.grade], Grade.A}):
        if min(contrast(plain)) >= asked:
            continue
        ways = ((darker, 1), (lighter, 1), (both, 2))
        moves = [(apart(plain, move, asked), weight) for move, weight in ways]
        found = [(each[1] * weight, each[0]) for each, weight in moves if each is not None]
        if found:
            better = min(found, key=itemgetter(0))[1]
            mended = replace(style, dark=better.dark, light=better.light)
            yield Repair(mended, _said_of_colours(style, mended))


def _said_of_colours(before: Style, after: Style) -> Refused:
    if before.dark != after.dark and before.light != after.light:
        return Refused(
            "I moved the colours of modules and ground apart so that every phone can read the code."
        )
    if before.light == after.light:
        if isinstance(before.dark, Gradient):
            return Refused("I made the colours of the modules darker so that every phone can read them.")
        return Refused(
            "I made the modules darker so that every phone can read them: {before} → {after}.",
            before=before.dark, after=after.dark,
        )  # fmt: skip
    if isinstance(before.light, Gradient):
        return Refused("I made the colours of the ground lighter so that every phone can read the code.")
    return Refused(
        "I made the ground lighter so that every phone can read the code: {before} → {after}.",
        before=before.light, after=after.light,
    )  # fmt: skip


def darkened_eyes(style: Style, rules: Rules) -> Iterator[Repair]:
    """Darken finder patterns that have a colour of their own; in the end they take the modules'."""
    if not style.finder_colour and not style.eyeball_colour:
        return
    said = Refused("I made the finder patterns darker so that every phone finds the code.")
    for asked in sorted({Grade[style.grade], Grade.A}):
        found = near(style, darker_eyes, asked)
        if found is not None:
            yield Repair(found, said)
    yield from alike_eyes(style, rules)


def alike_eyes(style: Style, _: Rules) -> Iterator[Repair]:
    """Give ring and eyeball one colour."""
    yield Repair(without_eyes(style), Refused("I gave the finder patterns the colour of the modules."))


def whole_quiet_zone(style: Style, _: Rules) -> Iterator[Repair]:
    """Widen the quiet zone to the standard's."""
    if style.quiet_zone < 4:
        yield Repair(
            replace(style, quiet_zone=4),
            Refused("I widened the margin to the 4 modules that readers expect."),
        )


def calmer_eyes(style: Style, _: Rules) -> Iterator[Repair]:
    """Draw finder patterns in calmer shapes, until both are square."""
    finder, eyeball = style.finder, style.eyeball
    while _EYES.get(finder, "rounded") or _EYES.get(eyeball, "rounded"):
        finder = _EYES.get(finder, "rounded") or finder
        eyeball = _EYES.get(eyeball, "rounded") or eyeball
        said = Refused("I drew calmer finder patterns so that every phone finds the code.")
        yield Repair(replace(style, finder=finder, eyeball=eyeball), said)


def surer_finders(style: Style, _: Rules) -> Iterator[Repair]:
    """Draw the outer rings of finder patterns so that every reader finds them."""
    if style.finder in SURER:
        said = Refused("Some readers do not find such finder patterns, so I drew them less round.")
        yield Repair(replace(style, finder=SURER[style.finder]), said)


def clear_eyes(style: Style, _: Rules) -> Iterator[Repair]:
    """Draw finder patterns so that they stand out beside a logo that looks like one."""
    said = Refused("The logo looks like a finder pattern, so I drew calmer ones that readers tell from it.")
    finder = style.finder if style.finder in _CLEAR else "rounded"
    yield Repair(replace(style, finder=finder, eyeball="rounded"), said)


def calmer_modules(style: Style, _: Rules) -> Iterator[Repair]:
    """Draw modules in calmer shapes, until they are square."""
    shape = style.modules
    while shape := _MODULES.get(shape, "squircle"):
        said = Refused("I drew calmer modules so that every phone can read them.")
        yield Repair(replace(style, modules=shape), said)


def larger(style: Style, _: Rules) -> Iterator[Repair]:
    """Make the picture larger, unless its size on paper is asked for."""
    return _enlarged(style, (1.5, 2, 3, 4))


def twice_as_large(style: Style, _: Rules) -> Iterator[Repair]:
    """Make the picture so large that it can be halved on its way."""
    return _enlarged(style, (2, 3, 4))


def _enlarged(style: Style, factors: Sequence[float]) -> Iterator[Repair]:
    if style.print.width:
        return
    for factor in factors:
        pixels = min(round(style.size * factor), LARGEST)
        if pixels > style.size:
            said = Refused(
                "I made the picture larger so that it can be read: {before} → {after} pixels.",
                before=style.size,
                after=pixels,
            )
            yield Repair(replace(style, size=pixels), said)


_HIDING = frozenset((Fault.CORRECTION, Fault.PATTERNS))

REMEDIES = (
    Remedy(_HIDING, higher_levels, unseen=True),
    Remedy(_HIDING | _READING, smaller_logos),
    Remedy(_READING, logo_in_front),
    Remedy(_READING | {Fault.CORRECTION, Fault.PATTERNS, Fault.CORNERS}, squarer_corners),
    Remedy(_READING | {Fault.CONTRAST}, colours_apart, computed=True),
    Remedy(_READING | {Fault.CONTRAST}, faded_backdrops),
    Remedy(frozenset({Fault.EYES}), alike_eyes, computed=True),
    Remedy(_READING | {Fault.CONTRAST}, darkened_eyes, computed=True),
    Remedy(_READING | {Fault.QUIET_ZONE}, whole_quiet_zone, computed=True),
    Remedy(frozenset({Fault.FINDERS}), surer_finders, computed=True),
    Remedy(frozenset({Fault.DECOY}), clear_eyes, computed=True),
    Remedy(frozenset({Fault.COARSE}), twice_as_large),
    Remedy(_READING, calmer_eyes),
    Remedy(_READING, calmer_modules),
    Remedy(_READING, larger),
)
