"""Ten thousand random looks of random contents: what leaves is read by others, as sent and passed on.

`python -m benchmarks.random_styles --count 300` tries fewer, `--first 5000` others; `--only 17 23` looks at
single ones. With `--results FILE` each is kept as it is done, and what is there is not done again.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from time import perf_counter

from PIL import Image

from benchmarks import npm
from benchmarks.asked import Asked, asked, passed_on
from benchmarks.random_outcomes import FEW, By, How, Outcome, Seen, read, write
from benchmarks.random_tables import failures, table
from benchmarks.readers import READERS, opened
from benchmarks.styled_peers import module_of, styled_pil, styling
from bot.qr.layout import draw, plan
from bot.qr.output.raster import png
from bot.qr.picture import Picture, Rendered, render
from bot.qr.proof.gate import Fault
from bot.qr.refusal import Refused
from bot.qr.settling import as_asked
from bot.qr.style import DEFAULT
from bot.qr.style.colours import inverted
from bot.qr.symbol import encode

COUNT = 10_000
LEAST_MODULE = 3.0  # pixels that a module keeps when a picture is passed on
PEERS = 10  # every tenth is drawn by peers too
CHUNK = 5  # of the ten thousand, that a worker takes at once
KEPT = Path(__file__).parent / "unread"
GRADES = (Fault.CONTRAST, Fault.CORRECTION, Fault.PATTERNS, Fault.QUIET_ZONE)


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
    if mine.by == By.OURS and mine.module < FEW:
        seen = (*seen, _plain(wanted, made, module))
    said = tuple(str(each.args[0]) for each in made.said)
    before, below = _before(wanted) if said else (mine.unread, ())
    return Outcome(seed, (mine, *seen), said=said, before=before, below=below, seconds=seconds)


def _group(wanted: Asked) -> str:
    if not wanted.style.exact:
        return By.OURS
    return By.LIGHT if inverted(wanted.style.dark, wanted.style.light) else By.EXACT


def _seen(by: str, wanted: Asked, data: bytes, module: float) -> Seen:
    """Read a picture as it was sent, and as it may be passed on."""
    sent = opened(data)
    after, scale = _passed(sent, wanted.seed, module)
    unread = [
        f"{name}, {how}"
        for name, reads in READERS.items()
        for how, picture, size in ((How.SENT, sent, module), (How.PASSED, after, module * scale))
        if not reads(picture, size, wanted.payload.data)
    ]
    return Seen(by, tuple(unread), min(1.0, scale) * module)


def _passed(picture: Image.Image, seed: int, module: float) -> tuple[Image.Image, float]:
    """Resize a picture and write it again, as somebody on the way does."""
    way = passed_on(seed)
    factor = max(way.factor, min(1.0, LEAST_MODULE / module))
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    out = BytesIO()
    picture.resize(size, Image.Resampling.BICUBIC).save(out, way.format, quality=way.quality)
    return opened(out.getvalue()), factor


def _before(wanted: Asked) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """See who cannot read the drawing that was asked for, and which of its grades are below B."""
    try:
        proven = as_asked(wanted.payload, wanted.style, wanted.art)
    except Refused:
        return None, ()
    below = [str(each) for each in proven.verdict.faults if each in GRADES]
    if inverted(wanted.style.dark, wanted.style.light) and not wanted.style.backdrop:
        below.append("light on dark")
    seen = _seen("", wanted, png(proven.drawing), proven.drawing.layout.module)
    return seen.unread, tuple(below)


def _plain(wanted: Asked, made: Rendered, module: int) -> Seen:
    """Draw the same content in plain black, in as many pixels a module: what misses it is the size."""
    symbol = encode(wanted.payload, made.level)
    style = replace(DEFAULT, size=(symbol.size + 2 * DEFAULT.quiet_zone) * module, level=made.level)
    return _seen(By.PLAIN, wanted, png(draw(symbol, style)), module)


def _by_peers(wanted: Asked) -> tuple[Seen, ...]:
    module, node = float(module_of(wanted)), npm.start()
    draws = {By.PIL: styled_pil}
    if node is not None:
        draws[By.STYLING] = partial(styling, node=node)
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


def every(
    seeds: Sequence[int],
    *,
    peers: int = PEERS,
    keep: Path | None = KEPT,
    results: Path | None = None,
    workers: int = 2,
) -> Iterator[Outcome]:
    """Draw them all, some processes at it; every ``peers``-th is drawn by others too. Tells how far it is.

    What is in ``results`` already is taken from there, the rest is added to it as it is done.
    """
    done = {each.seed: each for each in read(results)}
    yield from (done[seed] for seed in seeds if seed in done)
    left = [seed for seed in seeds if seed not in done]
    chunks = [left[at : at + CHUNK] for at in range(0, len(left), CHUNK)]
    start, count = perf_counter(), 0
    with ProcessPoolExecutor(workers) as pool:
        for future in as_completed([pool.submit(_chunk, chunk, peers, keep) for chunk in chunks]):
            found = future.result()
            write(results, found)
            yield from found
            count += len(found)
            spent = perf_counter() - start
            to_go = spent / count * (len(left) - count)
            print(
                f"\r{count:,} of {len(left):,}, {spent:.0f} s, {to_go:.0f} s to go ", end="", file=sys.stderr
            )
    print(file=sys.stderr)


def _chunk(seeds: Iterable[int], peers: int, keep: Path | None) -> list[Outcome]:
    return [one(seed, peers=bool(peers) and seed % peers == 0, keep=keep) for seed in seeds]


def main() -> None:
    """Draw them all, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the number to begin at")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument(
        "--peers", type=int, default=PEERS, help="every how many the peers draw too; 0: never"
    )
    parser.add_argument("--keep", type=Path, default=KEPT, help="where unread ones are kept")
    parser.add_argument("--results", type=Path, help="where each is kept, so that a run can be gone on with")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--only", type=int, nargs="*", help="numbers to look at")
    given = parser.parse_args()
    if given.only:
        for seed in given.only:
            print(asked(seed).style, one(seed, peers=True, keep=given.keep), sep="\n")
        return
    seeds = range(given.first, given.first + given.count)
    outcomes = list(
        every(seeds, peers=given.peers, keep=given.keep, results=given.results, workers=given.workers)
    )
    print(*table(outcomes), *failures(outcomes), sep="\n")


if __name__ == "__main__":
    main()
