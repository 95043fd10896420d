"""How fast a platform lets us send, as the settings say it: ``chat=1/s,group=20/m,all=30/s``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_RATE = re.compile(r"\s*(chat|group|all)\s*=\s*([1-9][0-9]{0,5})\s*/\s*([smh])\s*")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to send in a scope: so many a second, ``burst`` at once."""

    per_second: float
    burst: int


def parse_rates(text: str) -> Mapping[str, Pace]:
    """Read limits such as ``chat=1/s,group=20/m,all=30/s``, or ``off``; raises ValueError.

    A fifth of a limit may go out at once and the rest evenly, so that no window holds more than the limit.
    """
    if text.strip() == "off":
        return {}
    matches = [_RATE.fullmatch(part) for part in text.split(",")]
    if not all(matches):
        raise ValueError("is not like chat=1/s,group=20/m,all=30/s, or off")
    return {match[1]: evenly(int(match[2]), _SECONDS[match[3]]) for match in matches if match}


def evenly(count: int, seconds: int) -> Pace:
    """Spread so many sends over so many seconds, a fifth of them at once: no window holds more."""
    burst = count // 5
    return Pace((count - burst) / seconds, burst) if burst else Pace(count / seconds, 1)
