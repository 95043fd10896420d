"""Requests that wait: run once at a time, tried again, refused, given up with everybody told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import update

from bot.face import Face, TryLater, Undeliverable
from bot.i18n import Translator
from bot.message import Asking, Reply, Request, Status, Upload, plain
from bot.parked import BACKOFF, PATIENCE, RUNNING, TRIES, run
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, render
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT
from bot.wire import load_reply
from storage.changes import Unit
from storage.records import State, StoredRequest, Why
from storage.tables import requests
from tests.core import sending
from tests.core.sending import soon
from tests.core.talking import (
    GROUP,
    Core,
    asked,
    codes_of,
    labels,
    passed,
    payload,
    person_of,
    rows,
    said,
    waiting,
)
from tests.core.test_door import SORRY, boom, delivered, parked, with_commands

PHOTO = Upload("photo-1", "photo.jpg", "image/jpeg", 9)
OPERATORS = frozenset({"telegram:900", "slack:T1:U9"})


@dataclass
class Platform:
    """A face whose fetching a test decides on; it sends nothing."""

    prepared: list[str] = field(default_factory=list)
    then: Callable[[Request], Awaitable[Request]] | None = None

    async def prepare(self, asked: Request) -> Request:
        """Fetch what is missing."""
        self.prepared.append(asked.id)
        if self.then is not None:
            return await self.then(asked)
        data = render(Picture(Payload("in the photo"), DEFAULT)).data
        return replace(asked, uploads=tuple(replace(each, data=data) for each in asked.uploads), admin=True)

    @property
    def faces(self) -> dict[str, Face]:
        """Show it under its name."""

        return {"telegram": replace(sending.Platform().face, prepare=self.prepare)}


def raising(error: Exception) -> Callable[[Request], Awaitable[Request]]:
    """Make a fetching that fails."""

    async def then(asked: Request) -> Request:
        raise error

    return then


async def job(core: Core, text: str = "", **more: Any) -> str:
    """Send a picture that has to be fetched: the id of its job."""
    assert await asked(core, text, uploads=(PHOTO,), **more) == []
    return core.woken[-1].requests[0].id


async def replies(core: Core) -> list[Reply]:
    """Read what is to be sent, in order."""
    return [load_reply(each.body) for each in await waiting(core.store)]


# --- done ---------------------------------------------------------------------------------------------------


async def test_a_picture_is_fetched_and_read(both: Core) -> None:
    """In the chat it was sent in; the job is done, blank, and does nothing when woken again."""
    id, platform = await job(both, where=GROUP), Platform()
    for _ in range(3):
        await run(both.app, platform.faces, id)
    [reply] = await replies(both)
    assert ([entry.value for entry in reply.fields], reply.private) == (["in the photo"], True)
    [sent] = await waiting(both.store)
    assert (sent.lane, sent.request_id, sent.person_id) == (
        GROUP.key,
        f"job:{id}",
        (await person_of(both)).id,
    )
    row = await parked(both)
    assert (row.state, row.body) == (State.DONE, "")
    assert len(platform.prepared) == 1
    assert both.woken[-1].deliveries == (replace(sent, sequence=0),)


async def test_a_kit_is_set_once_it_is_known_that_an_admin_asks(both: Core) -> None:
    """The platform knows."""
    await asked(both, "/kit navy on white", where=GROUP)
    await run(both.app, Platform().faces, both.woken[-1].requests[0].id)
    async with both.store.reading() as work:
        assert await work.people.kit(GROUP.key) is not None


async def test_what_is_not_there_or_not_due_is_passed_over(core: Core) -> None:
    """A wake may come late, or early."""
    platform = Platform()
    await run(core.app, platform.faces, "NOTHING000")
    await with_commands(core, boom).app.handle(delivered(core, "/boom"))
    row = await parked(core)
    await run(core.app, platform.faces, row.id)
    assert platform.prepared == []
    assert await parked(core) == row


async def test_wakes_at_the_same_moment_run_it_once(both: Core) -> None:
    """The sweep wakes it every second while a large file is fetched."""
    id, platform, fetching, go_on = await job(both), Platform(), asyncio.Event(), asyncio.Event()

    async def slowly(asked: Request) -> Request:
        fetching.set()
        await go_on.wait()
        return replace(asked, uploads=(replace(PHOTO, data=b"no picture"),))

    platform.then = slowly
    first = asyncio.create_task(run(both.app, platform.faces, id))
    await soon(fetching.wait())
    await soon(run(both.app, platform.faces, id))
    go_on.set()
    await soon(first)
    assert len(platform.prepared) == 1
    assert len(await replies(both)) == 1
    assert (await rows(both.store))["leases"] == 1


async def test_one_whose_process_died_is_run_by_another_soon(both: Core) -> None:
    """Its lease runs out."""
    id, platform = await job(both), Platform()
    async with both.store.writing() as work:
        await work.coordination.take_lease(f"request:{id}", "dead", both.app.clock(), RUNNING)
    await run(both.app, platform.faces, id)
    assert platform.prepared == []
    passed(both, seconds=RUNNING)
    await run(both.app, platform.faces, id)
    assert len(await replies(both)) == 1


async def test_what_a_stored_request_still_lacks_is_asked(core: Core) -> None:
    """No form can be shown any more: the call that could show it is long over."""
    broken = replace(core.app.commands["wifi"], run=boom.run)
    await with_commands(core, broken).app.handle(
        delivered(core, '/wifi Home "long enough"', asking=Asking.FORM)
    )
    async with core.store.writing() as work:
        row = await parked(core)
        body = row.body.replace("long enough", "short")
        sealed = work.requests.ring.seal("requests", "body", row.id, body)
        await work.connection.execute(update(requests).values(body=sealed))
    passed(core, seconds=BACKOFF[0])
    await run(core.app, Platform().faces, row.id)
    [question] = await replies(core)
    assert "8 to 63 characters" in question.body
    assert labels(question)[-1] == "Cancel"


# --- again --------------------------------------------------------------------------------------------------


async def test_a_command_that_raises_is_tried_five_times_then_everybody_is_told(both: Core) -> None:
    """The person in their language, the operators where they are; its body stays sealed."""
    mine = with_commands(both, boom, operators=OPERATORS)
    await said(both, "/language de")
    await mine.app.handle(delivered(both, "/boom"))
    row, platform = await parked(both), Platform()
    for tried, wait in enumerate(BACKOFF, 1):
        assert (await parked(both)).attempts == tried
        passed(both, seconds=wait - 0.1)
        await run(mine.app, platform.faces, row.id)
        assert (await parked(both)).attempts == tried
        passed(both, seconds=0.1)
        await run(mine.app, platform.faces, row.id)
    dead = await parked(both)
    assert (dead.state, dead.attempts, dead.body) == (State.DEAD, TRIES - 1, row.body)
    told, *notes = await waiting(both.store)
    assert load_reply(told.body).body == Translator("de")(SORRY, incident=row.id)
    assert (told.lane, told.person_id) == ("telegram:101", row.person_id)
    assert [(note.lane, note.platform, note.address) for note in notes] == [
        ("slack:T1:U9", "slack", '{"account":"T1:U9"}'),
        ("telegram:900", "telegram", '{"account":"900"}'),
    ]
    for note in notes:
        reply = load_reply(note.body)
        assert (row.id in reply.body, "RuntimeError" in reply.body, reply.private) == (True, True, True)
    await run(mine.app, platform.faces, row.id)
    assert len(await waiting(both.store)) == 3


async def test_a_command_that_works_again_is_answered_late(both: Core) -> None:
    """Once."""
    await with_commands(both, replace(boom, name="text")).app.handle(delivered(both, "/text hello"))
    row = await parked(both)
    passed(both, seconds=BACKOFF[0])
    for _ in range(2):
        await run(both.app, Platform().faces, row.id)
    [reply] = await replies(both)
    assert payload(reply) == "hello"
    assert len(await codes_of(both)) == 1


async def test_a_crash_between_telling_and_giving_up_tells_nobody_twice(both: Core) -> None:
    """The letters are committed under the request's id, before it is marked."""
    id, platform = await job(both), Platform(then=raising(Undeliverable("file is gone")))
    await both.store.commit(Unit(f"dead:{id}", both.app.clock()))
    await run(both.app, platform.faces, id)
    assert await replies(both) == []
    assert (await parked(both)).state is State.DEAD


@pytest.mark.parametrize(("seconds", "wait"), [(None, BACKOFF[0]), (0.0, 0.0), (30.0, 30.0)])
async def test_what_the_platform_cannot_give_now_is_asked_for_later(
    core: Core, seconds: float | None, wait: float
) -> None:
    """After the time it names, or ours."""
    id, platform = await job(core), Platform(then=raising(TryLater("away", seconds)))
    await run(core.app, platform.faces, id)
    row = await parked(core)
    assert (row.state, row.attempts, (row.due_at - row.created_at).total_seconds()) == (
        State.PENDING,
        1,
        wait,
    )


async def test_a_platform_may_be_away_for_a_day(core: Core) -> None:
    """However often it is asked; then its picture is given up, with an apology."""
    id, platform = await job(core), Platform(then=raising(TryLater("away")))
    for _ in range(TRIES + 3):
        await run(core.app, platform.faces, id)
        passed(core, minutes=10)
    assert (await parked(core)).state is State.PENDING
    passed(core, seconds=PATIENCE.total_seconds())
    await run(core.app, platform.faces, id)
    assert (await parked(core)).state is State.DEAD
    assert [reply.status for reply in await replies(core)] == [Status.FAILED]


async def test_a_platform_that_is_not_reached_yet_is_waited_for(core: Core) -> None:
    """After a start, its jobs are there before it is."""
    id = await job(core)
    await run(core.app, {}, id)
    assert (await parked(core)).attempts == 1
    passed(core, seconds=BACKOFF[0])
    await run(core.app, Platform().faces, id)
    assert len(await replies(core)) == 1


async def test_an_error_of_ours_while_fetching_is_tried_again(core: Core) -> None:
    """Without its words, which may hold an address with a token."""
    id, platform = await job(core), Platform(then=raising(ValueError("https://host/bot123:token")))
    await run(core.app, platform.faces, id)
    row = await parked(core)
    assert row.attempts == 1
    assert row.error.startswith("ValueError at test_parked.py")


# --- refused, given up --------------------------------------------------------------------------------------


async def test_what_a_person_can_mend_is_told_to_them_alone(both: Core) -> None:
    """A file too large is no incident: no dead letter, no operator, no number."""
    mine = with_commands(both, operators=OPERATORS)
    await said(both, "/language de")
    template = "This file is too large: the limit is {megabytes} MB."
    platform = Platform(then=raising(Refused(template, megabytes=20)))
    id = await job(both)
    for _ in range(2):
        await run(mine.app, platform.faces, id)
    [reply] = await replies(both)
    assert (reply.body, reply.status) == (Translator("de")(template, megabytes=20), Status.REFUSED)
    assert (await parked(both)).state is State.DONE


async def test_what_the_platform_will_never_give_is_given_up_at_once(core: Core) -> None:
    """With everybody told."""
    mine = with_commands(core, operators=frozenset({"telegram:900"}))
    id, platform = await job(core), Platform(then=raising(Undeliverable("file is gone")))
    await run(mine.app, platform.faces, id)
    assert [plain(reply) for reply in await replies(core)] == [
        Translator()(SORRY, incident=id),
        f"Dead letter {id}: file is gone",
    ]
    assert (await parked(core)).error == "file is gone"


async def test_a_body_that_another_version_wrote_is_given_up(core: Core) -> None:
    """It does not come back every second; the operators are told."""
    mine = with_commands(core, operators=frozenset({"telegram:900"}))
    now = core.app.clock()
    row = StoredRequest("Q000000001", "telegram:101", Why.JOB, '{"nonsense": 1}', now, now)
    await core.store.commit(Unit("r", now, requests=(row,)))
    await run(mine.app, Platform().faces, row.id)
    assert (await parked(core)).state is State.DEAD
    assert [plain(reply) for reply in await replies(core)] == ["Dead letter Q000000001: unreadable"]


async def test_a_stored_request_of_a_page_is_not_kept_for_ever(core: Core) -> None:
    """Nobody waits for its answer any more, so that it is tried again like any other."""
    mine = with_commands(core, boom)
    await mine.app.handle(delivered(core, "/boom", answered=False))
    row = await parked(core)
    late = replace(delivered(core, "/boom"), answered=True)
    assert await mine.app.handle(late, row) is None
    assert (await parked(core)).attempts == 2
