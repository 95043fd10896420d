"""Interleaved timing: all contenders meet the same inputs in every round; a busy machine slows all alike."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Work = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender took: microseconds a call, and how many times as long as the first contender."""

    name: str
    microseconds: float
    ratio: float


def compare(
    contenders: Mapping[str, Work], payload: str, *, rounds: int = 7, seconds: float = 0.1
) -> tuple[Result, ...]:
    """Return each contender's median over the rounds; the first one is what the others are held against.

    A round gives each contender `seconds` of calls, one at least. Each call gets a text of its own, the
    payload with its last characters counted up, so that no cache answers for anybody.
    """
    texts = _distinct(payload)
    for work in contenders.values():
        work(next(texts))  # imports and tables are not what is measured
    times = [
        {name: _microseconds(work, texts, seconds) for name, work in contenders.items()}
        for _ in range(rounds)
    ]
    first = next(iter(contenders))
    return tuple(
        Result(name, median(one[name] for one in times), median(one[name] / one[first] for one in times))
        for name in contenders
    )


def _microseconds(work: Work, texts: Iterator[str], seconds: float) -> float:
    start = now = perf_counter()
    calls = 0
    while not calls or now - start < seconds:
        work(next(texts))
        calls += 1
        now = perf_counter()
    return (now - start) / calls * 1e6


def _distinct(payload: str) -> Iterator[str]:
    """Yield texts of the payload's length and kind that never repeat."""
    count = 0
    while True:
        yield f"{payload[:-6]}{count:06}"
        count += 1
