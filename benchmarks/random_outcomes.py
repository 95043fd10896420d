"""What came of each of the random looks, and the file it is kept in: one line of JSON each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

FEW = 4.0  # pixels a module, below which OpenCV misses dense symbols, plain black ones too


class By(StrEnum):
    """Who drew a picture."""

    OURS = "qr-gen"
    EXACT = "qr-gen, “exactly as I asked”"
    LIGHT = "qr-gen, “exactly as I asked”, light on dark"
    PLAIN = "the same contents, plain black"
    PIL = "qrcode, StyledPilImage"
    STYLING = "npm qr-code-styling"


class How(StrEnum):
    """When a picture is read."""

    SENT = "as sent"
    PASSED = "passed on"


@dataclass(frozen=True, slots=True)
class Seen:
    """How one picture fared: who drew it, and who could not read it ("OpenCV, passed on").

    ``module``: pixels a module, of the smaller of what was sent and what was passed on.
    """

    by: str
    unread: tuple[str, ...]
    module: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one of the ten thousand.

    ``seen``: how ours fared, then the peers'. ``refused``: the sentence it was refused with. ``broke``: an
    error that nobody expected. ``said``: what was changed. ``before``: who could not read the drawing as it
    was asked for, before anything was mended; None where it was not drawn. ``below``: the design grades in
    which that drawing misses the grade asked for, and "light on dark".
    """

    seed: int
    seen: tuple[Seen, ...] = ()
    refused: str = ""
    broke: str = ""
    said: tuple[str, ...] = ()
    before: tuple[str, ...] | None = None
    below: tuple[str, ...] = ()
    seconds: float = 0.0


def read(results: Path | None) -> Iterator[Outcome]:
    """Read what an earlier run has kept."""
    if results is None or not results.exists():
        return
    for line in results.read_text().splitlines():
        yield _outcome(json.loads(line))


def _outcome(kept: dict[str, Any]) -> Outcome:
    kept["seen"] = tuple(Seen(each["by"], tuple(each["unread"]), each["module"]) for each in kept["seen"])
    kept["before"] = None if kept["before"] is None else tuple(kept["before"])
    return Outcome(**{**kept, "said": tuple(kept["said"]), "below": tuple(kept["below"])})


def write(results: Path | None, outcomes: Iterable[Outcome]) -> None:
    """Add to what is kept."""
    if results is not None:
        with results.open("a") as file:
            file.writelines(json.dumps(asdict(each)) + "\n" for each in outcomes)
