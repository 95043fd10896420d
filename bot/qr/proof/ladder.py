"""The ladder: how much a picture bears before zxing-cpp no longer reads it, in one score and a letter.

100 is a plain black symbol with its quiet zone. Weights are in ``bot.qr.proof.conditions``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from bot.qr.matrix import blocks
from bot.qr.payloads.payload import Level
from bot.qr.proof.conditions import CONDITIONS, Condition, red_light
from bot.qr.proof.grades import Grade
from bot.qr.proof.shot import Found, Pixels, Shot, cut, grey, look, reads, rgb, upright
from bot.qr.refusal import Refused
from bot.qr.style.colours import light_of

RED, SPARE = 3, 8  # the weights of red light and unused error correction: with the conditions' 100
ENOUGH = 0.62  # of the error correction unused: grade A of ISO/IEC 15415
RED_CONTRAST = 40  # percent that is asked for in red light: grade C of ISO/IEC 15415
INVERTED = 0.65  # what light on dark counts, so that it is never better than C
LETTERS = ((85, Grade.A), (70, Grade.B), (55, Grade.C), (40, Grade.D), (0, Grade.F))  # from this score
ADVICE = 4  # sentences at most


@dataclass(frozen=True, slots=True)
class Rung:
    """How far one condition was borne: ``read`` of its steps, and how much of its ``weight`` that earns."""

    name: str
    read: int
    earned: float
    weight: int

    @property
    def lost(self) -> float:
        """The points of 100 that are missing."""
        return self.weight - self.earned


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a picture bears, and what was measured on the way.

    ``readable``: it reads as it is. ``red``: under 660 nm too. ``inverted``: it is light on dark. ``modules``
    of the symbol's side. ``contrast``: symbol contrast in percent (ISO/IEC 15415, 7.8.3), from sRGB, and
    ``red_contrast`` of its red alone. ``level`` of error correction: L, M, Q or H; ``unused``: the part of it
    left (7.8.8). ``quiet``: modules of clear ground on the worst side, at most 4.
    """

    readable: bool
    content: bytes
    modules: int
    rungs: tuple[Rung, ...]
    red: bool
    inverted: bool
    contrast: int
    red_contrast: int
    level: str
    unused: float
    quiet: int
    score: int
    grade: Grade
    shot: Shot = field(repr=False, compare=False)

    def rung(self, name: str) -> Rung:
        """Return what one condition came to, by its name."""
        return next(rung for rung in self.rungs if rung.name == name)

    def lost(self, *names: str) -> float:
        """Return the points of 100 that these conditions cost."""
        return sum(self.rung(name).lost for name in names)


def climb(picture: Image.Image | Pixels, expected: bytes | None, modules: int) -> Ladder:
    """Try a picture of one symbol, ``modules`` a side, under every condition.

    ``expected``: what it has to say, None for anything. A picture that does not say it as it is gets 0 and F.
    """
    whole = rgb(picture)
    return _climbed(whole, look(whole, expected) or Found.nowhere(whole.size), max(1, modules))


def prove_photo(picture: Image.Image | Pixels) -> Ladder | None:
    """Try the largest QR code of anybody's picture, set upright first; None where none is found."""
    whole = rgb(picture)
    found = look(whole, None)
    if found is None or not found.version:
        return None
    modules = 17 + 4 * found.version
    flat = upright(whole, found, modules)
    again = look(flat, found.content)
    if again is None:  # setting it upright cost too much: it is tried as it lies
        return _climbed(whole, found, modules)
    return _climbed(flat, again, modules)


def _climbed(whole: Image.Image, found: Found, modules: int) -> Ladder:
    shot = cut(whole, found, modules)
    plain, lit = shot.seen_as(grey(shot.pixels)), shot.seen_as(red_light(shot))
    content = found.content if found.version else None
    rungs = tuple(_rung(each, shot if each.coloured else plain, content) for each in CONDITIONS)
    dirty = any(rung.name == "dirt" and rung.lost > rung.weight / 3 for rung in rungs)
    red_contrast = _contrast(lit)
    red = content is not None and red_contrast >= RED_CONTRAST and reads(lit.pixels, content, shot.inverted)
    unused = _unused(found, dirty)
    earned = sum(rung.earned for rung in rungs) + RED * red + SPARE * min(1.0, unused / ENOUGH)
    score = round(earned * (INVERTED if shot.inverted else 1))
    return Ladder(
        readable=content is not None,
        content=found.content,
        modules=modules,
        rungs=rungs,
        red=red,
        inverted=shot.inverted,
        contrast=_contrast(plain),
        red_contrast=red_contrast,
        level=found.level,
        unused=unused,
        quiet=_quiet(plain, modules),
        score=score,
        grade=next(letter for least, letter in LETTERS if score >= least),
        shot=shot,
    )


def _rung(condition: Condition, shot: Shot, content: bytes | None) -> Rung:
    """Climb while it reads. One step that does not is passed over: it is the pixels' grid, not the condition.

    Assumes that what reads at a step reads at all below it, as it does but for such accidents.
    """
    read = 0
    for number, step in enumerate(condition.steps if content is not None else (), 1):
        if reads(grey(condition.worsen(shot, step)), content or b"", shot.inverted):
            read = number
        elif number - read > 1:
            break
    earned = condition.weight * min(1.0, read / condition.par)
    return Rung(condition.name, read, earned, condition.weight)


# --- measuring ----------------------------------------------------------------------------------------------


def _contrast(shot: Shot) -> int:
    """Estimate the symbol contrast, in percent: reflectance as the luminance of sRGB (IEC 61966-2-1)."""
    (xs, ys), shape = zip(*shot.corners, strict=True), shot.pixels.shape
    left, right = (round(min(max(x, 0), shape[1] - 1)) for x in (min(xs), max(xs)))
    top, bottom = (round(min(max(y, 0), shape[0] - 1)) for y in (min(ys), max(ys)))
    dark, light = np.percentile(shot.pixels[top : bottom + 1, left : right + 1], (3, 97)) / 255
    return round(100 * (light_of(float(light)) - light_of(float(dark))))


def _unused(found: Found, dirty: bool) -> float:
    """Return the part of the error correction that is left in the worst block.

    zxing-cpp 3.1.1 cuts it to hundredths, and writes 0.08 as 0.8. Which of both is meant is told by what can
    be in these blocks, else by whether the symbol bears dirt.
    """
    tenths = round(found.unused * 10)
    if not 0 < tenths < 10 or abs(found.unused * 10 - tenths) > 0.001 or found.level not in set(Level):
        return found.unused
    cut = blocks(found.version, Level(found.level))
    spare = {int(each) for each in cut.total - cut.data}
    possible = {100 * (each - 2 * errors) // each for each in spare for errors in range(each // 2 + 1)}
    if tenths in possible and (dirty or 10 * tenths not in possible):
        return tenths / 100
    return found.unused


def _quiet(shot: Shot, modules: int) -> int:
    """Count the rings of clear ground around a symbol, one module wide each, at most four."""
    dark, light = np.percentile(shot.pixels, (3, 97))
    ground = shot.pixels < (dark + light) / 2 if shot.inverted else shot.pixels >= (dark + light) / 2
    height, width = shot.pixels.shape
    middle, corners = np.array(shot.middle), np.array(shot.corners)
    along = np.linspace(0, 1, 2 * modules)[:, None]
    for ring in range(4):
        quad = middle + (corners - middle) * (1 + (2 * ring + 1) / modules)
        line = np.concatenate([a + (b - a) * along for a, b in zip(quad, np.roll(quad, -1, 0), strict=True)])
        x, y = np.floor(line).astype(int).T
        inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
        if not inside.all() or ground[y, x].mean() < 0.97:
            return ring
    return 4


# --- advice -------------------------------------------------------------------------------------------------


def advice(ladder: Ladder) -> tuple[Refused, ...]:
    """Say what is wrong and what would help, what helps most first, at most four sentences."""
    if not ladder.readable:
        return (Refused("I cannot read this code. Start from a plain style, or send a sharper picture."),)
    told = sorted((each for each in _hints(ladder) if each[0] >= 1), key=lambda each: -each[0])
    return tuple(sentence for _, sentence in told[:ADVICE])


def _hints(ladder: Ladder) -> Iterator[tuple[float, Refused]]:
    """Give every hint there is, with about how many points of 100 it would bring."""
    if ladder.inverted:
        yield ladder.score * (1 / INVERTED - 1), Refused(
            "It is light on dark, which many phones do not read. Swap its colours, or give it a light plate."
        )
    if not ladder.red and ladder.contrast - ladder.red_contrast > 15:
        yield RED + 3, Refused(
            "Scanners with red light do not see it: red looks white to them. Make it black, blue or green."
        )
    if ladder.contrast < 70:  # ISO/IEC 15415: grade A
        yield ladder.lost("low_contrast", "low_light", "noise", "cast") + (70 - ladder.contrast) / 5, Refused(
            "Its colours are close to each other: {percent} % contrast. Make the dark ones darker.",
            percent=ladder.contrast,
        )
    if ladder.quiet < 4:  # ISO/IEC 18004, 6.3.8
        yield ladder.lost("bare", "tilt", "curve", "turn") + 2 * (4 - ladder.quiet), Refused(
            "Its margin is narrow. Leave an empty edge as wide as 4 of its squares all around."
        )
    if ladder.unused < ENOUGH:
        yield ladder.lost("dirt", "glare") + SPARE * (1 - ladder.unused / ENOUGH), Refused(
            "{percent} % of its error correction is used up. Take a smaller logo, or more error correction.",
            percent=round(100 * (1 - ladder.unused)),
        )
    elif ladder.level != "H":
        yield ladder.lost("dirt", "glare") - 3, Refused(
            "More error correction would let it bear dirt and glare."
        )
    yield ladder.lost("shrink", "blur", "motion") - 2, Refused(
        "It blurs early. Plain squares without gaps would help; else print it larger."
    )
    yield (ladder.modules - 57) / 8, Refused(  # from version 11 on
        "It has {count} × {count} squares, which is dense. Fewer characters make it easier to read.",
        count=ladder.modules,
    )
    yield ladder.lost("jpeg") - 1, Refused("Send it as a file: it does not bear the compression of photos.")
    if ladder.quiet == 4:
        yield ladder.lost("tilt", "curve", "turn") - 2, Refused(
            "Put it up flat and at the height of the eyes."
        )
