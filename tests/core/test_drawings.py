"""Pictures are drawn off the loop, at most two at once, and kept for a while in memory alone."""

import asyncio
import threading
from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Any

import PIL.Image
import pytest

from bot import drawings
from bot.drawings import amended, drawing, fetching, finished, spared, unproven, worked
from bot.message import Button, File, Reply, Status
from bot.qr.logo import open_art
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, Rendered, render
from bot.qr.refusal import Refused
from bot.qr.style import Logo, Style, parse_style
from storage.changes import AddAsset, Unit
from storage.records import Asset
from tests.core.talking import Core

PICTURE = Picture(Payload("hello"), Style(size=145))


async def nothing(source: str) -> bytes:
    """Have no pictures."""
    raise AssertionError(source)


async def test_a_picture_is_drawn_once_and_kept_until_others_take_its_place() -> None:
    """The same bytes again; the oldest goes first, one that was asked for again is not the oldest."""
    draw = drawing(nothing, kept=2 * len(render(PICTURE).data) + 20)
    first, second, third = (replace(PICTURE, payload=Payload(text)) for text in ("1", "2", "3"))
    one = await draw(first)
    assert one == render(first)
    assert await draw(first) is one
    two = await draw(second)
    assert await draw(first) is one
    await draw(third)
    assert await draw(first) is one
    assert await draw(second) is not two


async def test_a_small_plain_picture_is_drawn_on_the_loop_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes less than the way to a thread; a longer text, a larger or another look goes there."""
    loop, on_loop = threading.get_ident(), list[bool]()

    def noting(picture: Picture, *others: Any) -> Rendered:
        on_loop.append(threading.get_ident() == loop)
        return render(picture)

    monkeypatch.setattr(drawings, "render", noting)
    draw = drawing(nothing)
    await draw(PICTURE)
    await draw(replace(PICTURE, payload=Payload("h" * 301)))
    await draw(replace(PICTURE, style=Style(size=1025)))
    await draw(replace(PICTURE, style=Style(modules="dot")))
    await draw(replace(PICTURE, format="svg"))
    await draw(replace(PICTURE, checked=True))
    assert on_loop == [True, False, False, False, False, False]


async def test_at_most_two_are_drawn_at_once_and_never_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others wait for their turn."""
    loop, running, most = threading.get_ident(), set[int](), list[int]()
    together = threading.Barrier(2)

    def slow(picture: Picture, *others: Any) -> Rendered:
        running.add(threading.get_ident())
        most.append(len(running))
        together.wait(20)  # only ever two come here together
        running.discard(threading.get_ident())
        return render(picture)

    monkeypatch.setattr(drawings, "render", slow)
    draw, styled = drawing(nothing), replace(PICTURE, style=Style(modules="dot"))
    async with asyncio.timeout(25):
        await asyncio.gather(*(draw(replace(styled, name=f"{number}")) for number in range(8)))
    assert max(most) == 2
    assert loop not in running


async def test_what_cannot_be_drawn_is_refused_each_time() -> None:
    """No failure is kept."""
    draw = drawing(nothing)
    for _ in range(2):
        with pytest.raises(Refused, match="at least"):
            await draw(Picture(Payload("x" * 1000), Style(size=64)))


async def test_a_reply_is_drawn_by_its_picture_or_its_file() -> None:
    """One without either has nothing to draw."""
    draw = drawing(nothing)
    wanted = await draw(PICTURE)
    reply = Reply(picture=PICTURE)
    assert await finished(reply, draw) == (reply, wanted)
    files = (File("notes.txt", text="x"), File("a.png", picture=PICTURE))
    assert (await finished(Reply(files=files), draw))[1] is wanted
    assert await finished(Reply(body="words"), draw) == (Reply(body="words"), None)


async def test_what_was_changed_is_said_first_with_a_button_that_takes_it_back() -> None:
    """In the reply's language; without a code there is nothing to press."""
    said = (Refused("I set the code on a light plate, since many phones cannot read light on dark."),)
    changed = replace(render(PICTURE), said=said)
    reply = Reply(body="words", code="7K3F9QXM2A", buttons=((Button("SVG", "x"),),))
    told = amended(reply, changed)
    assert told.body == f"{said[0]}\nwords"
    assert told.buttons == ((Button("Exactly as I asked", "restyle 7K3F9QXM2A exact"),), *reply.buttons)
    assert amended(replace(reply, code=""), changed).buttons == reply.buttons
    assert amended(reply, render(PICTURE)) is reply


async def test_a_look_that_fails_the_proof_is_mended_when_it_is_drawn() -> None:
    """White on navy: on a light plate."""
    navy = Picture(Payload("hello"), parse_style("white on navy"))
    told, rendered = await finished(Reply(picture=navy), drawing(nothing))
    assert "light plate" in told.body
    assert rendered is not None
    assert rendered.style.frame is not None


def test_what_is_not_proven_is_replaced_by_why() -> None:
    """No picture, no file, no button stays."""
    reply = Reply(picture=PICTURE, files=(File("a.png", picture=PICTURE),), buttons=((Button("x", "y"),),))
    told = unproven(reply, Refused("Because of {what}.", what="this"))
    assert told == Reply(body="Because of this.", status=Status.REFUSED)


async def test_a_style_finds_its_pictures_in_the_store_and_emoji_by_themselves(core: Core) -> None:
    """One that is gone is said."""
    art = open_art(qrless())
    await core.store.commit(
        Unit("r", core.app.clock(), (AddAsset(Asset("L000000001", "P", art, core.app.clock())),))
    )
    fetch = fetching(core.store)
    assert await fetch("asset:L000000001") == art
    assert await fetch("asset:L000000002") == b""
    gone = Picture(Payload("hello"), Style(logo=Logo("asset:L000000002")))
    told, _ = await finished(Reply(picture=gone), drawing(fetch))
    assert told.body == "A picture of this style is gone, so I drew the code without it."
    wanted = Picture(Payload("hello"), Style(logo=Logo("asset:L000000001")))
    plain = await drawing(fetch)(replace(wanted, style=Style()))
    assert (await drawing(fetch)(wanted)).data != plain.data


def qrless() -> bytes:
    """Draw a picture without a code in it."""
    out = BytesIO()
    PIL.Image.new("RGB", (40, 40), "teal").save(out, "PNG")
    return out.getvalue()


async def test_what_nobody_waits_for_is_drawn_when_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """It begins after what was begun before it; where that never ends, it goes on all the same."""
    order, gate = list[str](), threading.Event()

    def slow() -> None:
        gate.wait(20)
        order.append("waited for")

    first = asyncio.create_task(worked(slow))
    await asyncio.sleep(0)
    second = asyncio.create_task(spared(partial(order.append, "spare")))
    for _ in range(3):
        await asyncio.sleep(0.02)
    assert order == []
    gate.set()
    await asyncio.gather(first, second)
    assert order == ["waited for", "spare"]
    monkeypatch.setattr("bot.drawings.LOOKS", 1)
    gate.clear()
    first = asyncio.create_task(worked(slow))
    await asyncio.sleep(0)
    await spared(partial(order.append, "spare"))
    gate.set()
    await first
    assert order == ["waited for", "spare", "spare", "waited for"]
