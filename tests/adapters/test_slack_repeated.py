"""What Slack sends again: the same event four times over minutes, by HTTP and sockets that end."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.slack import socket as sockets
from adapters.slack.connection import Slack
from adapters.slack.route import dispatcher
from adapters.slack.socket import listen
from storage.tables import codes, requests
from tests.adapters.slack_bodies import Body, message
from tests.adapters.test_slack_forged import posted, served, signed_object
from tests.adapters.test_slack_socket import Kept, listening
from tests.core.talking import Core, both, rows
from tests.fakes import FakeSlack
from tests.full import FULL

__all__ = ["both"]

EVENTS, RETRIED = (500, 50) if FULL else (20, 5)
AGAIN = (0.0, 0.0, 60.0, 300.0)  # seconds after which Slack sends an event that was not acknowledged in time
ROUNDS, COMMANDS = (24, 1_200) if FULL else (5, 60)


def told(number: int) -> Body:
    """Give an event of somebody's."""
    body = message(f"note {number}", user=f"U{number}", channel=f"D{number}", ts=f"17.{number}")
    return body | {"event_id": f"Ev{number:06}"}


async def _count(core: Core) -> tuple[int, int, int]:
    """Count what was made or is kept to be made, whose it is, and the ids that were seen."""
    async with core.store.reading() as work:
        lanes = (await work.connection.execute(select(codes.c.space))).scalars().all()
        later = (await work.connection.execute(select(requests.c.lane))).scalars().all()
    return len(lanes) + len(later), len({*lanes, *later}), (await rows(core.store))["seen"]


async def test_each_event_has_one_effect_however_often_it_comes(connection: Slack, both: Core) -> None:
    """At once, again at once, after one minute and after five; some only with the headers of a repetition."""
    web = served(connection, both.app)

    async def post(number: int, retry: int) -> int:
        raw, headers = signed_object(told(number))
        known = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
        return await posted(web, raw, headers | known)

    start = both.hands[0]
    for retry, after in enumerate(AGAIN):
        both.hands[0] = start + timedelta(seconds=after)
        everybody = range(EVENTS + (RETRIED if retry else 0))  # the last ones were lost on their first way
        assert set(await asyncio.gather(*(post(number, retry) for number in everybody))) == {200}
    assert await _count(both) == (EVENTS + RETRIED,) * 3


async def test_each_event_has_one_effect_through_sockets(
    slack: FakeSlack, connection: Slack, both: Core
) -> None:
    """With a new envelope each time."""
    task = asyncio.create_task(listen(connection, slack.app_token, dispatcher(connection, both.app)))
    try:
        await slack.until(lambda: len(slack.sockets) == 2)
        start = both.hands[0]
        for retry, after in enumerate(AGAIN):
            both.hands[0] = start + timedelta(seconds=after)
            everybody = range(EVENTS + (RETRIED if retry else 0))
            done = await asyncio.gather(*(slack.deliver("events_api", told(each)) for each in everybody))
            assert {each.status for each in done} == {200}
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert await _count(both) == (EVENTS + RETRIED,) * 3


async def _settled() -> None:
    """Wait until who listens, who watches, two that keep a socket each and two that read are all there is."""
    async with asyncio.timeout(10):
        while sum("adapters/slack/socket.py" in repr(task) for task in asyncio.all_tasks()) != 6:
            await asyncio.sleep(0.02)


# --- sockets ------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(slack: FakeSlack) -> Kept:
    """Give a dispatch whose gate is open."""
    kept = Kept(slack.noted)
    kept.gate.set()
    return kept


@asynccontextmanager
async def talking(slack: FakeSlack) -> AsyncIterator["asyncio.Task[Counter[int]]"]:
    """Let people type commands one after the other, a few side by side, and count what they were answered."""
    person = slack.person("ada")
    general = slack.channel("general", person)

    async def one(first: int) -> Counter[int]:
        numbers = range(first, COMMANDS, 4)
        return Counter([(await slack.command(person, general, f"note {each}")).status for each in numbers])

    async def all_of_them() -> Counter[int]:
        return sum(await asyncio.gather(*map(one, range(4))), Counter[int]())

    task = asyncio.create_task(all_of_them())
    yield task
    await task


async def test_nothing_is_lost_while_sockets_are_renewed_again_and_again(
    slack: FakeSlack, connection: Slack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both told to go, and closed a moment later, under steady commands: each is acknowledged."""
    monkeypatch.setattr(sockets, "LASTING", 0.0)  # Slack's own live for hours
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        async with talking(slack) as talk:
            for _ in range(ROUNDS):
                old = set(slack.sockets)
                await slack.refresh(close=False)
                await slack.until(lambda old=old: len(set(slack.sockets) - old) == 2)  # type: ignore[misc]
                await slack.cut(*old)
            assert await talk == {200: COMMANDS}
        await slack.until(lambda: len(slack.sockets) == 2)
        await _settled()
    assert {body["text"] for body in kept.bodies} == {f"note {number}" for number in range(COMMANDS)}


async def test_after_an_outage_both_sockets_are_back_and_nothing_is_left_running(
    slack: FakeSlack, connection: Slack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All cut, and none opened for more than a minute: they are tried at least every ten seconds."""
    waited: list[float] = []
    pause = sockets._pause

    def noted(failures: int) -> float:
        waited.append(pause(failures))
        return 0.0

    monkeypatch.setattr(sockets, "_pause", noted)
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        slack.fail("apps.connections.open", times=24, status=503)
        await slack.cut(*slack.sockets)
        await slack.until(lambda: len(slack.sockets) == 2)
        person = slack.person("ada")
        assert (await slack.command(person, slack.channel("general", person), "a")).status == 200
        await _settled()
    assert sum(waited) >= 60
    assert max(waited) <= 10  # so long after the outage its end may be noticed


async def test_a_socket_that_says_nothing_is_replaced(
    slack: FakeSlack, connection: Slack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not closed, and answers no ping: as when a network drops what it carries."""
    monkeypatch.setattr(sockets, "HEARTBEAT", 0.1)
    slack.deaf = True
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        silent = list(slack.sockets)
        slack.deaf = False
        await slack.until(lambda: len(set(slack.sockets) - set(silent)) == 2)
        person = slack.person("ada")
        assert (await slack.command(person, slack.channel("general", person), "a")).status == 200
    assert len(kept.bodies) == 1
