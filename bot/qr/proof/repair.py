"""Repair: the smallest change to a style with which it reaches the grade asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.qr.matrix import MASKS
from bot.qr.payloads.payload import FREE, Rules
from bot.qr.proof.gate import Fault, Verdict
from bot.qr.proof.remedies import REMEDIES, Remedy, twice_as_large
from bot.qr.refusal import Refused
from bot.qr.style.colours import inverted, luminance, stops, symbol_contrast
from bot.qr.style.style import DEFAULT, Frame, Style

TRIES = 18  # styles drawn and looked at, at most
_APART = 0.2  # symbol contrast of D: light on dark was meant, not two colours that happen to be close

_WHOLE = frozenset(  # the same with every mask
    (
        Fault.CONTRAST, Fault.PATTERNS, Fault.QUIET_ZONE, Fault.FINDERS, Fault.EYES, Fault.DECOY,
        Fault.COARSE, Fault.CORNERS,
    )
)  # fmt: skip
_GRADES = _WHOLE | {Fault.CORRECTION}

Accepts = Callable[[Style], Verdict]  # draws a style, and looks at it


@dataclass(frozen=True, slots=True)
class Mended:
    """A style that passes or is the best that was found; what to say of each change; what the gate says."""

    style: Style
    said: tuple[Refused, ...]
    verdict: Verdict


def mended(style: Style, accepts: Accepts, rules: Rules = FREE) -> Mended:
    """Change a style as little as makes it pass, in at most ``TRIES`` looks, and say what was changed.

    ``accepts`` draws a style and puts it through the gate. A style to be left exactly as asked is only looked
    at. Where nothing passes it is drawn plainly. Raises Unread where not even that reads, and whatever
    ``accepts`` raises for the style as it was asked for.
    """
    if style.exact:
        return _readable(Mended(style, (), accepts(style)))
    start, said = _on_a_plate(style, rules)
    search = _Search(accepts, rules, start, said, accepts(start))
    found = search.masks() or search.changes() or search.plainest()
    return _readable(found)


def _readable(found: Mended) -> Mended:
    found.verdict.check()
    return found


def _open(verdict: Verdict) -> set[Fault]:
    """List faults; where the picture itself does not read, its small copy does not either."""
    return {*verdict.faults, *((Fault.SMALL,) if Fault.PIXELS in verdict.faults else ())}


def _on_a_plate(style: Style, rules: Rules) -> tuple[Style, tuple[Refused, ...]]:
    """Set light modules on a dark ground the other way round, on a light plate in that ground."""
    if rules.plain or style.backdrop or not inverted(style.dark, style.light):
        return style, ()
    if symbol_contrast(style.dark, style.light) < _APART:
        return style, ()
    frame = style.frame or Frame("plate", colour=min(stops(style.light), key=luminance))
    finder, eyeball = (
        each if each and not inverted(each, style.light) else ""
        for each in (style.finder_colour, style.eyeball_colour)
    )
    mended = replace(style, dark=style.light, light=style.dark, frame=frame)
    mended = replace(mended, finder_colour=finder, eyeball_colour=eyeball)
    said = Refused("I set the code on a light plate, since many phones cannot read light on dark.")
    return mended, (said,)


@dataclass(slots=True)
class _Search:
    """A search for the smallest change: how each remedy is used, and how many looks were taken."""

    accepts: Accepts
    rules: Rules
    start: Style
    said: tuple[Refused, ...]
    first: Verdict
    tries: int = 1

    def look(self, style: Style) -> Verdict | None:
        """Look at a style, None where it cannot be drawn, or no looks are left."""
        if self.tries >= TRIES:
            return None
        self.tries += 1
        try:
            return self.accepts(style)
        except Refused:
            return None

    def masks(self) -> Mended | None:
        """Take the style as it is, or with another mask."""
        if self.first.passed:
            return Mended(self.start, self.said, self.first)
        if (
            _WHOLE.intersection(self.first.faults)
            or self.start.mask >= 0
            or Fault.SYMBOL in self.first.faults
        ):
            return None
        for mask in range(MASKS):  # nobody sees which it is
            style = replace(self.start, mask=mask)
            verdict = self.look(style)
            if verdict is not None and verdict.passed:
                return Mended(style, self.said, verdict)
        return None

    def changes(self) -> Mended | None:
        """Add up remedies until it passes: against low grades first, then against pixels that do not read."""
        used: dict[Remedy, int] = {}
        verdict = self.first
        for counted in (_GRADES, frozenset(Fault)):
            for remedy in REMEDIES:
                if remedy.helps.intersection(verdict.faults, counted):
                    verdict = self._added(remedy, used, verdict, counted)
                if verdict.passed:
                    return self._weakened(used, verdict)
        return None

    def _added(
        self, remedy: Remedy, used: dict[Remedy, int], verdict: Verdict, counted: frozenset[Fault]
    ) -> Verdict:
        """Use a remedy unless it does harm: at its strongest, where its first step is not known to do."""
        without = {each: strength for each, strength in used.items() if each != remedy}
        count = sum(1 for _ in remedy.steps(self._made(without)[0], self.rules))
        if remedy.computed and counted == _GRADES:
            count = min(count, 1)
        for strength in range(count, used.get(remedy, 0), -1):
            now = self.look(self._made({**used, remedy: strength})[0])
            if now is None or not _open(now) & counted <= _open(verdict):
                if remedy.unseen:
                    continue
                break
            if remedy.unseen and now == verdict:
                break
            used[remedy] = strength
            return now
        return verdict

    def _weakened(self, used: dict[Remedy, int], verdict: Verdict) -> Mended:
        """Take remedies back as far as it still passes, the most seen first."""
        needed = _GRADES.intersection(self.first.faults)
        for remedy in sorted(used, key=REMEDIES.index, reverse=True):
            if (remedy.unseen and len(used) > 1) or (remedy.computed and remedy.helps & needed):
                continue
            least, most = 0, used[remedy]
            while least < most:
                strength = (least + most) // 2
                now = self.look(self._made({**used, remedy: strength})[0])
                if now is not None and now.passed:
                    most, verdict, used[remedy] = strength, now, strength
                else:
                    least = strength + 1
        style, said = self._made(used)
        return Mended(style, (*self.said, *said), verdict)

    def _made(self, used: dict[Remedy, int]) -> tuple[Style, tuple[Refused, ...]]:
        """Apply remedies to the style, in their order, each as strongly as said."""
        style, said = self.start, []
        for remedy in REMEDIES:
            strength = used.get(remedy, 0)
            if not strength:
                continue
            steps = list(remedy.steps(style, self.rules))[:strength]
            if steps:
                style = steps[-1].style
                said += [each for each in (steps[-1].said,) if each is not None]
        return style, tuple(said)

    def plainest(self) -> Mended:
        """Draw it in plain black on white, with its frame where that passes; larger where it has to be."""
        self.tries = 0
        plain = replace(
            DEFAULT,
            level=self.start.level,
            size=self.start.size,
            print=self.start.print,
            grade=self.start.grade,
        )
        said = Refused(
            "No change of this look reads well enough, so I drew the code in plain black on white."
        )
        best: Mended | None = None
        for style in dict.fromkeys((replace(plain, frame=self.start.frame), plain)):
            verdict = self.look(style)
            if verdict is None:
                continue
            best = Mended(style, (said,), verdict)
            for repair in twice_as_large(style, self.rules) if verdict.faults == (Fault.COARSE,) else ():
                bigger = self.look(repair.style)
                if bigger is not None and bigger.passed:
                    best = Mended(repair.style, (said, *filter(None, (repair.said,))), bigger)
                    break
            if best.verdict.passed:
                break
        return best or Mended(self.start, (), self.first)
