"""Interleaved timing: all contenders meet the same inputs in every round; a busy machine slows all alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Protocol

COUNTED = "000000"  # what of a payload is counted up

Work = Callable[[str], object]


@dataclass(slots=True)
class Texts:
    """Texts of a payload's length and kind that never repeat, so that no cache answers for anybody."""

    payload: str
    count: int = 0

    def __next__(self) -> str:
        self.count += 1
        return self.payload.replace(COUNTED, f"{self.count:06}", 1)


class Elsewhere(Protocol):
    """A contender in another process, which measures itself: microseconds a call."""

    def microseconds(self, texts: Texts, seconds: float) -> float: ...


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender took: microseconds a call, and how many times as long as the first contender."""

    name: str
    microseconds: float
    ratio: float


def compare(
    contenders: Mapping[str, Work | Elsewhere], payload: str, *, rounds: int = 7, seconds: float = 0.1
) -> tuple[Result, ...]:
    """Return each contender's median over the rounds; the first one is what the others are held against.

    A round gives each contender `seconds` of calls, one at least; a round before them warms everybody up.
    """
    texts = Texts(payload)
    times = [
        {name: _microseconds(work, texts, seconds) for name, work in contenders.items()}
        for _ in range(rounds + 1)
    ][1:]
    first = next(iter(contenders))
    return tuple(
        Result(name, median(one[name] for one in times), median(one[name] / one[first] for one in times))
        for name in contenders
    )


def _microseconds(work: Work | Elsewhere, texts: Texts, seconds: float) -> float:
    if not callable(work):
        return work.microseconds(texts, seconds)
    start = now = perf_counter()
    calls = 0
    while not calls or now - start < seconds:
        work(next(texts))
        calls += 1
        now = perf_counter()
    return (now - start) / calls * 1e6
