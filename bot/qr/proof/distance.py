"""Print sizes and reading distances, in centimetres, from the size of a module on paper."""

from __future__ import annotations

from math import ceil

from bot.qr.proof.conditions import CONDITIONS
from bot.qr.proof.ladder import Ladder
from bot.qr.refusal import Refused

MODULE = 0.05  # cm: what a module measures at least, in the hand
LEAST = 1.0  # cm: what is smaller nobody notices, and no camera focuses near enough
REACH = 10  # times its width that a symbol of USUAL modules reads from
USUAL = 25  # modules a side, version 2: what the rule of thumb is about
FARTHEST = 10_000.0  # cm
MARGIN = 4  # modules of quiet zone on each side


def care(ladder: Ladder) -> float:
    """Return how many times larger than a plain symbol this one has to be, from 1 to 4.

    Pixels a module and blur in modules are both a question of size: what stops reading at twice as many
    pixels, or at half the blur, needs modules twice as large.
    """
    most = 1.0
    for condition in CONDITIONS:
        if condition.name not in {"shrink", "blur"}:
            continue
        par, read = condition.steps[condition.par - 1], ladder.rung(condition.name).read
        if read == 0:
            return 4.0
        step = condition.steps[read - 1]
        most = max(most, step / par if condition.name == "shrink" else par / step)
    return min(most, 4.0)


def smallest_print(modules: int, ladder: Ladder) -> float:
    """Return the smallest width to print at, in cm; ``modules`` across, quiet zone included.

    Half a millimetre a module, times what the ladder asks for, and never below 1 cm. GS1's General
    Specifications ask for at least 0.396 mm at a till; a quarter more is for phones held by hand.
    """
    return max(LEAST, ceil(10 * modules * MODULE * care(ladder) - 1e-9) / 10)


def largest_distance(width: float, modules: int, ladder: Ladder | None = None) -> float:
    """Return how far away a symbol reads, in cm; ``width`` and ``modules`` are its side, without quiet zone.

    The usual rule is ten times the width, and meant for small versions; a denser symbol gets less, as it is
    the module that has to be seen: 10 × width × 25 / modules. It is a rule, not a measurement.
    """
    return REACH * width * min(1.0, USUAL / modules) / (care(ladder) if ladder else 1.0)


def width_for(distance: float, modules: int, ladder: Ladder | None = None) -> float:
    """Return the width in cm, without quiet zone, that a symbol needs to be read from a distance in cm."""
    return distance / largest_distance(1.0, modules, ladder)


def too_small(ladder: Ladder, width: float, margin: int = MARGIN) -> tuple[Refused, ...]:
    """Say that a width in cm, of the picture with its margin, is too small to print at; 0 is no width."""
    least = smallest_print(ladder.modules + 2 * margin, ladder)
    if not width or width >= least - 1e-9:
        return ()
    return (
        Refused(
            "Printed {width} wide this may not scan. Print it at least {least} wide, or shorten the text.",
            width=length(width, down=True),
            least=length(least),
        ),
    )


def print_advice(ladder: Ladder, wanted: float = 0.0, margin: int = MARGIN) -> tuple[Refused, ...]:
    """Say how small it can be printed and how far it reads; for a ``wanted`` distance in cm also how wide.

    Nothing for what does not read at all. Widths are those of the picture, with ``margin`` modules of quiet
    zone on each side. Raises Refused for a distance that is not between 0 and 100 m.
    """
    if not 0 <= wanted <= FARTHEST:
        raise Refused("Please give a distance of at most 100 metres.", field="distance")
    if not ladder.readable:
        return ()
    across = ladder.modules + 2 * margin
    part = ladder.modules / across
    least = smallest_print(across, ladder)
    width = float(ceil(max(5.0, 2 * least)))
    said = [
        Refused(
            "Print it at least {least} wide; at {width} it reads from {distance} away.",
            least=length(least),
            width=length(width),
            distance=length(largest_distance(width * part, ladder.modules, ladder), down=True),
        )
    ]
    if wanted:
        needed = max(least, width_for(wanted, ladder.modules, ladder) / part)
        said.append(
            Refused(
                "To be read from {distance} away, print it {width} wide.",
                distance=length(wanted),
                width=length(needed),
            )
        )
    return tuple(said)


def length(centimetres: float, down: bool = False) -> str:
    """Write a length as people say it: "2.1 cm", "40 cm", "1.2 m"; rounded up, or down, to two figures."""
    metres = centimetres >= 100 or (not down and centimetres > 99)  # 99.5 cm are rounded up to 1 m
    unit, value = ("m", centimetres / 100) if metres else ("cm", centimetres)
    grid = 1 if value < 10 else 0
    scaled = value * 10**grid
    whole = int(scaled + 1e-9) if down else ceil(scaled - 1e-9)
    return f"{whole / 10**grid:g} {unit}"
