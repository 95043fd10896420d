"""Pictures are drawn off the loop, at most two at once, and kept for a while in memory alone."""

import asyncio
import threading
from dataclasses import replace

import pytest

from bot import drawings
from bot.drawings import drawing, drawn
from bot.message import File, Reply
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, Rendered, render
from bot.qr.refusal import Refused
from bot.qr.style import Style

PICTURE = Picture(Payload("hello"), Style(size=64))


async def test_a_picture_is_drawn_once_and_kept_until_others_take_its_place() -> None:
    """The same bytes again; the oldest goes first, one that was asked for again is not the oldest."""
    draw = drawing(kept=2)
    first, second, third = (replace(PICTURE, payload=Payload(text)) for text in ("1", "2", "3"))
    one = await draw(first)
    assert one == render(first)
    assert await draw(first) is one
    two = await draw(second)
    assert await draw(first) is one
    await draw(third)
    assert await draw(first) is one
    assert await draw(second) is not two


async def test_at_most_two_are_drawn_at_once_and_never_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others wait for their turn."""
    loop, running, most = threading.get_ident(), set[int](), list[int]()
    together = threading.Barrier(2)

    def slow(picture: Picture) -> Rendered:
        running.add(threading.get_ident())
        most.append(len(running))
        together.wait(20)  # only ever two come here together
        running.discard(threading.get_ident())
        return render(picture)

    monkeypatch.setattr(drawings, "render", slow)
    draw = drawing()
    async with asyncio.timeout(25):
        await asyncio.gather(*(draw(replace(PICTURE, name=f"{number}")) for number in range(8)))
    assert max(most) == 2
    assert loop not in running


async def test_what_cannot_be_drawn_is_refused_each_time() -> None:
    """No failure is kept."""
    draw = drawing()
    for _ in range(2):
        with pytest.raises(Refused, match="at least"):
            await draw(Picture(Payload("x" * 1000), Style(size=64)))


async def test_a_reply_is_drawn_by_its_picture_or_its_file() -> None:
    """One without either has nothing to draw."""
    draw = drawing()
    wanted = await draw(PICTURE)
    assert await drawn(Reply(picture=PICTURE), draw) is wanted
    files = (File("notes.txt", text="x"), File("a.png", picture=PICTURE))
    assert await drawn(Reply(files=files), draw) is wanted
    assert await drawn(Reply(body="words"), draw) is None
