"""What comes all at once: a text is kept and decided later, all else at once; sending waits a little."""

import asyncio
from contextlib import ExitStack
from typing import Any

import pytest

from bot.intake import MOST, Intake
from bot.message import About, Asking, Reply, Upload
from bot.parked import run
from bot.wire import load_reply
from storage.records import StoredRequest, Why
from tests.core.talking import Core, core, payload, request, rows, waiting
from tests.core.test_door import SLOWLY
from tests.core.test_parked import Platform

__all__ = ["core"]


@pytest.fixture
def full(core: Core) -> Core:
    """A core to which too much comes at once."""
    core.app.intake.waiting = MOST + 1
    return core


async def said(core: Core, text: str = "", **more: Any) -> Reply | None:
    """Say something where the answer is delivered later."""
    return await core.app.handle(request(core, text, **{"answered": False, **more}), later=True)


async def answers(core: Core) -> list[Reply]:
    """Read what is to be sent."""
    return [load_reply(each.body) for each in await waiting(core.store)]


def stored(core: Core) -> list[StoredRequest]:
    """List what was kept."""
    return [each for unit in core.woken for each in unit.requests]


async def test_a_text_is_kept_and_answered_once(full: Core) -> None:
    """However often it comes; to make a code nothing is asked of the platform, which counts every call."""
    made = request(full, "hello", answered=False)
    for _ in range(3):
        assert await full.app.handle(made, later=True) is None
    [kept] = stored(full)
    assert (kept.why, await answers(full)) == (Why.KEPT, [])
    platform = Platform()
    for _ in range(3):
        await run(full.app, platform.faces, kept.id)
    [answer] = await answers(full)
    assert (payload(answer), platform.prepared) == ("hello", [])


async def test_with_less_it_is_answered_at_once(core: Core) -> None:
    """Also where a platform could wait."""
    core.app.intake.waiting = MOST
    assert await said(core, "hello") is None
    assert (stored(core), [payload(each) for each in await answers(core)]) == ([], ["hello"])


async def test_whoever_says_too_much_is_told_so_once(full: Core) -> None:
    """A request counts once against its limit, so that it does not end in silence."""
    full.verdicts[:] = [1, 2]
    for text in ("hello", "hello again"):
        assert await said(full, text) is None
    assert (stored(full), [each.body for each in await answers(full)]) == ([], [SLOWLY])


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("/wifi", {}),
        ("/qr", {}),
        ("/qr", {"about": About("hello")}),
        ("hello", {"pressed": True}),
        ("hello", {"edited": True}),
        ("hello", {"answered": True}),
        ("", {"command": "text", "values": {"text": "hello"}}),
        ("", {"uploads": (Upload("F1"),)}),
        ("/help", {}),
    ],
)
async def test_what_may_be_answered_with_a_form_is_decided_at_once(
    full: Core, text: str, more: dict[str, Any]
) -> None:
    """It can only be shown now."""
    await said(full, text, **more)
    assert [each for each in stored(full) if each.why is Why.KEPT] == []


async def test_where_nobody_allows_it_nothing_is_kept(full: Core) -> None:
    """A platform that brings one thing after the other has all the time."""
    assert await full.app.handle(request(full, "hello", answered=False)) is None
    assert stored(full) == []
    assert len(await answers(full)) == 1


async def test_what_answers_a_question_answers_it_later(full: Core) -> None:
    """A text that was kept goes through the same door."""
    assert await full.app.handle(request(full, "/wifi", answered=False, asking=Asking.QUESTION)) is None
    assert await said(full, "Guest", asking=Asking.QUESTION) is None
    await run(full.app, Platform().faces, stored(full)[-1].id)
    assert "codes" not in await rows(full.store)


async def test_sending_waits_while_something_is_taken_in() -> None:
    """And goes on once that is done."""
    intake, done = Intake(), list[str]()

    async def send(lane: str) -> None:
        done.append(lane)

    with ExitStack() as taking:
        taking.enter_context(intake.taking())
        task = asyncio.ensure_future(intake.after(send)("a"))
        await asyncio.sleep(0)
        assert done == []
    await task
    assert done == ["a"]


async def test_sending_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken in without an end does not hold it up."""
    monkeypatch.setattr("bot.intake.PATIENCE", 0.0)
    intake, done = Intake(), list[str]()

    async def send(lane: str) -> None:
        done.append(lane)

    with intake.taking():
        await intake.after(send)("a")
    assert done == ["a"]
