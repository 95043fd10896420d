"""The tables of the random looks: who read what, what was left as it was asked for, what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from benchmarks.random_outcomes import FEW, By, How, Outcome, Seen
from benchmarks.readers import READERS

EITHER = "either"
LARGER = "I made the picture larger"  # how the sentence about it begins


def table(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the lines of the tables, in Markdown."""
    outcomes = sorted(outcomes, key=lambda each: each.seed)
    yield from _unread([each for outcome in outcomes for each in outcome.seen])
    yield ""
    yield from _as_asked([each for each in outcomes if each.seen and each.seen[0].by == By.OURS])
    yield ""
    spent = sorted(each.seconds for each in outcomes if each.seconds)
    if spent:
        middle, late = spent[len(spent) // 2], spent[len(spent) * 95 // 100]
        yield f"Drawn, proven, mended: {1000 * middle:.0f} ms (median), {1000 * late:.0f} ms (95 of 100)."
    refused = Counter(each.refused for each in outcomes if each.refused)
    yield f"Refused: {refused.total():,} of {len(outcomes):,}."
    yield from (f"- {count:,}: {sentence}" for sentence, count in refused.most_common())
    broken = [each for each in outcomes if each.broke]
    yield f"Broken: {len(broken):,}."
    yield from (f"- {each.seed}: {each.broke.splitlines()[-1]}" for each in broken[:20])


def _unread(seen: list[Seen]) -> Iterator[str]:
    """Count the unread: as sent, passed on, and in either way, which is what the goal counts."""
    columns = [(name, how) for name in READERS for how in (How.SENT, How.PASSED, EITHER)]
    heads = " | ".join(f"unread by {name}, {how}" for name, how in columns)
    yield f"| drawn by | pictures | {heads} |"
    yield f"|---|--:|{'--:|' * len(columns)}"
    few = f"less than {FEW:g} pixels a module"
    ours = [each for each in seen if each.by == By.OURS]
    groups = [
        (By.OURS, ours),
        (f"… of these {few}", [each for each in ours if each.module < FEW]),
        (f"{By.PLAIN}, {few}", [each for each in seen if each.by == By.PLAIN]),
    ]
    groups += [
        (by, [each for each in seen if each.by == by]) for by in (By.EXACT, By.LIGHT, By.PIL, By.STYLING)
    ]
    for words, mine in groups:
        if mine:
            counts = (sum(_missed(each, name, how) for each in mine) for name, how in columns)
            yield f"| {words} | {len(mine):,} | {' | '.join(f'{count:,}' for count in counts)} |"


def _missed(seen: Seen, name: str, how: str) -> bool:
    return any(each.startswith(name) if how == EITHER else each == f"{name}, {how}" for each in seen.unread)


def _as_asked(ours: list[Outcome]) -> Iterator[str]:
    """Tell how many of those that both readers had read already were left exactly as they were asked for."""
    sent = [each for each in ours if each.before is not None and not _any(each.before, How.SENT)]
    both = [each for each in sent if not each.before]
    yield "| looks that, as they were asked for, | pictures | left exactly so | … or only in more pixels |"
    yield "|---|--:|--:|--:|"
    for words, group in (
        ("both read as sent", sent),
        ("both read as sent and passed on", both),
        ("both read as sent, and reach the grade asked for (B)", [each for each in sent if not each.below]),
        ("both read either way, and reach the grade", [each for each in both if not each.below]),
    ):
        left = sum(not each.said for each in group)
        more = sum(all(said.startswith(LARGER) for said in each.said) for each in group)
        shares = (f"{100 * count / max(1, len(group)):.1f} %" for count in (left, more))
        yield f"| {words} | {len(group):,} | {' | '.join(shares)} |"
    yield ""
    for words, group in (
        ("Below the grade, read as sent, changed", [each for each in sent if each.said and each.below]),
        ("At the grade, read as sent, changed", [each for each in sent if each.said and not each.below]),
    ):
        yield f"{words}: {len(group):,}."
        below = Counter(", ".join(each.below) for each in group if each.below)
        yield from (f"- {count:,}: {names}" for names, count in below.most_common())
        if not below:
            said = Counter(sentence for each in group for sentence in each.said)
            yield from (f"- {count:,}: {sentence}" for sentence, count in said.most_common(12))


def _any(unread: tuple[str, ...], how: str) -> bool:
    return any(each.endswith(how) for each in unread)


def failures(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the numbers of those that were not read, by who could not."""
    found: dict[tuple[str, str], list[int]] = {}
    for outcome in outcomes:
        for each in outcome.seen:
            for name in each.unread:
                if each.by in (By.OURS, By.EXACT, By.LIGHT, By.PLAIN):
                    found.setdefault((each.by, name), []).append(outcome.seed)
    for (by, name), seeds in sorted(found.items()):
        yield f"{by}, unread by {name}: {' '.join(map(str, sorted(seeds)))}"
