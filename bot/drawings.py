"""Drawing off the loop where it takes long, with a small cache in memory only: contents can be secrets."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar

from bot.face import Draw
from bot.i18n import Translator, spoken
from bot.message import Button, Reply, Status
from bot.qr.logo import Art, emoji
from bot.qr.picture import Picture, Rendered, render
from bot.qr.refusal import Refused
from bot.qr.settling import plain
from bot.qr.style import Style
from storage.store import Store
from storage.work import Work

KEPT = 64_000_000  # bytes of pictures
LARGE = 4_000_000  # bytes of a picture that is not kept
SHORT, SMALL = 300, 1024  # bytes of a text and pixels of a side up to which a plain PNG takes less than a hop
THREADS = 2
NICE = 10  # how far drawing stands back behind what people wait for an acknowledgement of
NICEST = 19  # how far it does where nobody waits for it
LOOKS, LOOK = (
    100,
    0.02,
)  # whether somebody waits for a drawing, before it goes on all the same; seconds between
ASSET, EMOJI = "asset:", "emoji:"

T = TypeVar("T")
Fetch = Callable[[str], Awaitable[bytes]]


@dataclasses.dataclass(slots=True)
class _Threads:
    """Those that draw what somebody waits for, how much that is just now, and one for all else."""

    waited_for: ThreadPoolExecutor
    spare: ThreadPoolExecutor
    drawing: int = 0


@cache
def _threads() -> _Threads:
    pool = ThreadPoolExecutor(THREADS, "draw", initializer=partial(_stand_back, NICE))
    return _Threads(pool, ThreadPoolExecutor(1, "spare", initializer=partial(_stand_back, NICEST)))


def _stand_back(nice: int) -> None:
    """Let the thread of the loop go first where they share a core: Linux has a niceness for each thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


async def worked(run: Callable[[], T]) -> T:
    """Do what takes long in one of two threads kept for it, so that others are free for what is short."""
    threads = _threads()
    threads.drawing += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(threads.waited_for, run)
    finally:
        threads.drawing -= 1


async def spared(run: Callable[[], T]) -> T:
    """Do what nobody waits for, in a thread that stands back furthest, and not beside what somebody does."""
    threads = _threads()
    for _ in range(LOOKS):
        if not threads.drawing:
            break
        await asyncio.sleep(LOOK)
    return await asyncio.get_running_loop().run_in_executor(threads.spare, run)


def drawing(fetch: Fetch, kept: int = KEPT, measured: Callable[[Draw], Draw] = lambda draw: draw) -> Draw:
    """Make the function that draws and proves a picture in a thread, at most two at once.

    One that takes less than the hop to a thread and back is drawn where it is asked for. ``fetch`` gives the
    picture that a style names by its source. So many bytes of pictures are ``kept``; ``measured`` goes around
    the drawing of those that are not.
    """
    cache, held, make = OrderedDict[Picture, Rendered](), 0, measured(partial(_drawn, fetch))

    async def draw(picture: Picture) -> Rendered:
        nonlocal held
        found = cache.get(picture)
        if found is not None:
            cache.move_to_end(picture)
            return found
        rendered = await make(picture)
        if len(rendered.data) <= LARGE and picture not in cache:
            cache[picture] = rendered
            held += len(rendered.data)
        while held > kept:
            held -= len(cache.popitem(last=False)[1].data)
        return rendered

    return draw


async def _drawn(fetch: Fetch, picture: Picture) -> Rendered:
    if _quick(picture):
        return render(picture)
    art = await art_of(picture.style, fetch)
    shown, gone = without_gone(picture, art)
    rendered = await worked(partial(render, shown, art, Translator(spoken(picture.language))))
    return dataclasses.replace(rendered, said=(*rendered.said, *gone))


def _quick(picture: Picture) -> bool:
    """Tell a picture that is proven by its symbol alone: 0.2 ms for 60 bytes, 0.5 ms for 300."""
    small = picture.style.size <= SMALL and len(picture.payload.data) <= SHORT
    return small and picture.format == "png" and not picture.checked and plain(picture.style)


def without_gone(picture: Picture, art: Art) -> tuple[Picture, tuple[Refused, ...]]:
    """Leave out what a style names and nobody has any more: somebody else's, who had it deleted."""
    style = picture.style
    if style.logo is not None and not art.logo:
        style = dataclasses.replace(style, logo=None)
    if style.backdrop is not None and not art.backdrop:
        style = dataclasses.replace(style, backdrop=None)
    if style == picture.style:
        return picture, ()
    said = Refused("A picture of this style is gone, so I drew the code without it.")
    return dataclasses.replace(picture, style=style), (said,)


async def art_of(style: Style, fetch: Fetch) -> Art:
    """Fetch the pictures that a style names."""
    logo = await fetch(style.logo.source) if style.logo is not None else b""
    backdrop = await fetch(style.backdrop.source) if style.backdrop is not None else b""
    return Art(logo, backdrop)


def fetching(store: Store) -> Fetch:
    """Make the function that finds a style's pictures: emoji are drawn, uploads are kept in the store."""

    async def fetch(source: str) -> bytes:
        async with store.reading() as work:
            return await asset_of(work, source)

    return fetch


async def asset_of(work: Work, source: str) -> bytes:
    """Find a style's picture: an emoji is drawn, an upload is kept; nothing where it is gone."""
    if source.startswith(EMOJI):
        return await asyncio.to_thread(emoji, source.removeprefix(EMOJI))
    asset = await work.assets.get(source.removeprefix(ASSET))
    return b"" if asset is None else asset.data


async def finished(reply: Reply, draw: Draw) -> tuple[Reply, Rendered | None]:
    """Draw a reply's picture, or that of its file, and say beside it what was changed so that it scans.

    A delivery has one picture at the most.
    """
    pictures = [reply.picture, *(file.picture for file in reply.files)]
    picture = next((picture for picture in pictures if picture is not None), None)
    if picture is None:
        return reply, None
    rendered = await draw(picture)
    return amended(reply, rendered), rendered


def unproven(reply: Reply, refused: Refused) -> Reply:
    """Say why a picture could not be drawn and proven, in its place: nothing unproven leaves."""
    words = Translator(spoken(reply.language)).of(refused)
    return dataclasses.replace(reply, picture=None, files=(), buttons=(), body=words, status=Status.REFUSED)


def amended(reply: Reply, rendered: Rendered) -> Reply:
    """Say in a line each what was changed so that a picture scans, with a button that takes it back."""
    if not rendered.said and rendered.score is None:
        return reply
    t = Translator(spoken(reply.language))
    score = () if rendered.score is None else (_score(rendered, t),)
    lines = (*map(t.of, rendered.said), reply.body, *score)
    reply = dataclasses.replace(reply, body="\n".join(line for line in lines if line))
    if not (rendered.said and reply.code):
        return reply
    back = Button(t("Exactly as I asked"), f"restyle {reply.code} exact")
    return dataclasses.replace(reply, buttons=((back,), *reply.buttons))


def _score(rendered: Rendered, t: Translator) -> str:
    return t("Scan check: {score} of 100, grade {grade}.", score=rendered.score, grade=rendered.grade.name)
