"""Ten thousand random looks of random contents: what leaves is read by others, as sent and passed on.

`python -m benchmarks.random_styles --count 300` tries fewer; `--only 17 23` looks at single ones.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from time import perf_counter

from PIL import Image

from benchmarks import npm
from benchmarks.asked import Asked, asked, passed_on
from benchmarks.readers import READERS, opened
from benchmarks.styled_peers import module_of, styled_pil, styling
from bot.qr.layout import draw, plan
from bot.qr.output.raster import png
from bot.qr.picture import Picture, render
from bot.qr.refusal import Refused
from bot.qr.sizing import level_of, with_largest_logo
from bot.qr.style import DEFAULT
from bot.qr.style.colours import inverted
from bot.qr.symbol import encode

COUNT = 10_000
LEAST_MODULE = 3.0  # pixels that a module keeps when a picture is passed on
PEERS = 10  # every tenth is drawn by peers too
CHUNK = 25  # of the ten thousand, that a worker takes at once
KEPT = Path(__file__).parent / "unread"
OURS, EXACT, LIGHT = "qr-gen", "qr-gen, “exactly as I asked”", "qr-gen, “exactly as I asked”, light on dark"
SENT, PASSED = "as sent", "passed on"
PLAIN, PIL, STYLING = "the same contents, plain", "qrcode, StyledPilImage", "npm qr-code-styling"


@dataclass(frozen=True, slots=True)
class Seen:
    """How one picture fared: who drew it, and who could not read it ("OpenCV, passed on")."""

    by: str
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one of the ten thousand.

    ``refused``: the sentence it was refused with. ``broke``: an error that nobody expected. ``already``: both
    read the drawing as it was asked for, before anything is mended. ``said``: what was changed.
    """

    seed: int
    seen: tuple[Seen, ...] = ()
    refused: str = ""
    broke: str = ""
    already: bool = False
    said: tuple[str, ...] = ()
    seconds: float = 0.0


def one(seed: int, *, peers: bool, keep: Path | None = None) -> Outcome:
    """Draw one of the ten thousand, and let everybody read it."""
    wanted = asked(seed)
    seen = _by_peers(wanted) if peers else ()
    start = perf_counter()
    try:
        made = render(Picture(wanted.payload, wanted.style, wanted.format), wanted.art)
    except Refused as refused:
        return Outcome(seed, seen, refused=str(refused.args[0]))
    except Exception:
        return Outcome(seed, seen, broke=traceback.format_exc(limit=-2))
    seconds = perf_counter() - start
    module = plan(made.style, made.version, wanted.art).layout.module
    mine = _seen(_group(wanted), wanted, made.data, module)
    if mine.unread and keep is not None:
        _kept(keep, wanted, made.data, mine)
    if any(each.startswith("OpenCV") for each in mine.unread):
        seen = (*seen, _plain(wanted))
    said = tuple(str(each.args[0]) for each in made.said)
    read = not any(each.endswith(SENT) for each in mine.unread)
    already = read if not said else _already(wanted)
    return Outcome(seed, (mine, *seen), already=already, said=said, seconds=seconds)


def _group(wanted: Asked) -> str:
    if not wanted.style.exact:
        return OURS
    return LIGHT if inverted(wanted.style.dark, wanted.style.light) else EXACT


def _seen(by: str, wanted: Asked, data: bytes, module: float) -> Seen:
    """Read a picture as it was sent, and as it may be passed on."""
    sent = opened(data)
    after, scale = _passed(sent, wanted.seed, module)
    unread = [
        f"{name}, {how}"
        for name, reads in READERS.items()
        for how, picture, size in ((SENT, sent, module), (PASSED, after, module * scale))
        if not reads(picture, size, wanted.payload.data)
    ]
    return Seen(by, tuple(unread))


def _passed(picture: Image.Image, seed: int, module: float) -> tuple[Image.Image, float]:
    """Resize a picture and write it again, as somebody on the way does."""
    way = passed_on(seed)
    factor = max(way.factor, min(1.0, LEAST_MODULE / module))
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    out = BytesIO()
    picture.resize(size, Image.Resampling.BICUBIC).save(out, way.format, quality=way.quality)
    return opened(out.getvalue()), factor


def _already(wanted: Asked) -> bool:
    """Tell whether both read the drawing that was asked for, before anything is mended."""
    payload, art = wanted.payload, wanted.art
    try:
        style = replace(wanted.style, level=level_of(payload, wanted.style))
        style = with_largest_logo(style, encode(payload, style.level), art)
        drawing = draw(encode(payload, style.level), style, art)
    except Refused:
        return False
    picture, module = opened(png(drawing)), drawing.layout.module
    return all(reads(picture, module, payload.data) for reads in READERS.values())


def _plain(wanted: Asked) -> Seen:
    """See whether the same content is read where it is drawn plainly: if not, the look is not at fault."""
    style = replace(DEFAULT, size=wanted.style.size, level=wanted.style.level)
    made = render(Picture(wanted.payload, style))
    return _seen(PLAIN, wanted, made.data, plan(style, made.version).layout.module)


def _by_peers(wanted: Asked) -> tuple[Seen, ...]:
    module, node = float(module_of(wanted)), npm.start()
    draws = {PIL: styled_pil}
    if node is not None:
        draws[STYLING] = partial(styling, node=node)
    found = []
    for name, draw_it in draws.items():
        try:
            found.append(_seen(name, wanted, draw_it(wanted), module))
        except Exception as error:
            found.append(Seen(name, (f"broke: {type(error).__name__}",)))
    return tuple(found)


def _kept(folder: Path, wanted: Asked, data: bytes, seen: Seen) -> None:
    folder.mkdir(exist_ok=True)
    name = f"{wanted.seed:05} {'; '.join(seen.unread)}"
    (folder / f"{name}.{wanted.format}").write_bytes(data)


# --- all of them --------------------------------------------------------------------------------------------


def every(count: int, peers: int, keep: Path) -> Iterator[Outcome]:
    """Draw so many, two processes at it; every ``peers``-th is drawn by others too. Tells how far it is."""
    start, done = perf_counter(), 0
    chunks = [range(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
    with ProcessPoolExecutor(2) as pool:
        for future in as_completed([pool.submit(_chunk, chunk, peers, keep) for chunk in chunks]):
            yield from future.result()
            done += len(future.result())
            spent = perf_counter() - start
            left = spent / done * (count - done)
            print(f"\r{done:,} of {count:,}, {spent:.0f} s, {left:.0f} s to go ", end="", file=sys.stderr)
    print(file=sys.stderr)


def _chunk(seeds: Iterable[int], peers: int, keep: Path) -> list[Outcome]:
    return [one(seed, peers=bool(peers) and seed % peers == 0, keep=keep) for seed in seeds]


def table(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the lines of the tables, in Markdown."""
    outcomes = sorted(outcomes, key=lambda each: each.seed)
    seen = [each for outcome in outcomes for each in outcome.seen]
    columns = [f"{name}, {how}" for name in READERS for how in (SENT, PASSED)]
    yield f"| drawn by | pictures | {' | '.join(f'unread by {each}' for each in columns)} |"
    yield f"|---|--:|{'--:|' * len(columns)}"
    for by in (OURS, EXACT, LIGHT, PLAIN, PIL, STYLING):
        mine = [each for each in seen if each.by == by]
        if mine:
            counts = Counter(name for each in mine for name in each.unread)
            yield f"| {by} | {len(mine):,} | {' | '.join(f'{counts[each]:,}' for each in columns)} |"
    yield ""
    yield from _as_asked(outcomes)
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


def _as_asked(outcomes: list[Outcome]) -> Iterator[str]:
    already = [each for each in outcomes if each.already and each.seen[0].by == OURS]
    left = [each for each in already if not each.said]
    share = 100 * len(left) / max(1, len(already))
    yield f"Already read by both as asked: {len(already):,}; of these left as they are: {share:.1f} %."
    changes = Counter(sentence for each in already for sentence in each.said)
    yield from (f"- {count:,}: {sentence}" for sentence, count in changes.most_common())


def failures(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the numbers of those that were not read, by who could not."""
    found: dict[tuple[str, str], list[int]] = {}
    for outcome in outcomes:
        for each in outcome.seen:
            for name in each.unread:
                if each.by in (OURS, EXACT, LIGHT, PLAIN):
                    found.setdefault((each.by, name), []).append(outcome.seed)
    for (by, name), seeds in sorted(found.items()):
        yield f"{by}, unread by {name}: {' '.join(map(str, sorted(seeds)))}"


def main() -> None:
    """Draw them all, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument(
        "--peers", type=int, default=PEERS, help="every how many the peers draw too; 0: never"
    )
    parser.add_argument("--keep", type=Path, default=KEPT, help="where unread ones are kept")
    parser.add_argument("--only", type=int, nargs="*", help="numbers to look at")
    given = parser.parse_args()
    if given.only:
        for seed in given.only:
            print(asked(seed).style, one(seed, peers=True, keep=given.keep), sep="\n")
        return
    outcomes = list(every(given.count, given.peers, given.keep))
    print(*table(outcomes), *failures(outcomes), sep="\n")


if __name__ == "__main__":
    main()
