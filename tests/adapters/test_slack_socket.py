"""Socket Mode: two sockets, renewed one after the other, and nothing acknowledged that was not kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from adapters.slack import socket as sockets
from adapters.slack.connection import Slack
from adapters.slack.serve import WrongToken
from adapters.slack.socket import listen
from tests.adapters.slack_bodies import Body, command
from tests.fakes import FakeSlack
from tests.fakes.slack import Channel, Person


@dataclass
class Kept:
    """Stands in for the dispatch: keeps bodies when its gate is open, unless it is to fail."""

    noted: Callable[[], None]
    bodies: list[Body] = field(default_factory=list)
    entered: int = 0
    failing: int = 0
    answer: Body | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, body: Body) -> tuple[int, Body | None]:
        """Keep one."""
        self.entered += 1
        self.noted()
        await self.gate.wait()
        if self.failing:
            self.failing -= 1
            return 503, None
        self.bodies.append(body)
        return 200, self.answer


@pytest.fixture
def kept(slack: FakeSlack) -> Kept:
    """Give a dispatch whose gate is open."""
    kept = Kept(slack.noted)
    kept.gate.set()
    return kept


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


@pytest.fixture
def general(slack: FakeSlack, ada: Person) -> Channel:
    """Open a channel."""
    return slack.channel("general", ada)


@asynccontextmanager
async def listening(slack: FakeSlack, connection: Slack, kept: Kept) -> AsyncIterator[asyncio.Task[None]]:
    """Listen in the background, and stop as a process does that is told to end."""
    task = asyncio.create_task(listen(connection, slack.app_token, kept))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert [
            each for each in asyncio.all_tasks() if "slack" in repr(each.get_coro()) and "_talk" in repr(each)
        ] == []


async def test_two_sockets_are_open_and_an_envelope_is_acknowledged(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person, general: Channel
) -> None:
    """Each of its own ticket; what is answered goes back in the acknowledgement."""
    kept.answer = {"response_action": "errors", "errors": {"a": "b"}}
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        for _ in range(4):
            done = await slack.command(ada, general, "a & b")
            assert (done.status, done.body) == (200, kept.answer)
        kept.answer = None
        done = await slack.say(ada, slack.dm(ada), "c")
        assert (done.status, done.body) == (200, None)
    assert [body.get("text") for body in kept.bodies] == ["a &amp; b"] * 4 + [None]
    opened = [call for call in slack.calls if call.method == "apps.connections.open"]
    assert len(opened) == 2
    await slack.until(lambda: not slack.sockets)


async def test_what_is_not_kept_is_not_acknowledged(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person
) -> None:
    """Slack brings it again, and then it is."""
    kept.failing, slack.patience = 1, 0.5
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        assert (await slack.say(ada, slack.dm(ada), "a")).status == 200
    assert (kept.entered, len(kept.bodies)) == (2, 1)


async def test_envelopes_do_not_wait_for_each_other(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person, general: Channel
) -> None:
    """Those of one socket are handled side by side."""
    kept.gate.clear()
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        waiting = [asyncio.create_task(slack.command(ada, general, str(n))) for n in range(10)]
        await slack.until(lambda: kept.entered == 10)
        kept.gate.set()
        assert {done.status for done in await asyncio.gather(*waiting)} == {200}


async def test_a_renewed_socket_still_acknowledges_what_it_brought(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person, general: Channel
) -> None:
    """The next is open before the one told to go is closed; nothing is handled twice."""
    kept.gate.clear()
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        waiting = [asyncio.create_task(slack.command(ada, general, str(n))) for n in range(6)]
        await slack.until(lambda: kept.entered == 6)
        await slack.refresh(close=False)
        await slack.until(lambda: len(slack.sockets) == 4)
        kept.gate.set()
        assert {done.status for done in await asyncio.gather(*waiting)} == {200}
        await slack.cut(*slack.sockets[:2])
        await slack.until(lambda: len(slack.sockets) == 2)
        assert (await slack.command(ada, general, "after")).status == 200
    assert len(kept.bodies) == 7


async def test_a_socket_that_breaks_is_replaced(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person, general: Channel
) -> None:
    """Both at once, without a word before; and what was on its way then comes again."""
    kept.gate.clear()
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        before = list(slack.sockets)
        waiting = asyncio.create_task(slack.say(ada, slack.dm(ada), "a"))
        await slack.until(lambda: kept.entered == 1)
        await slack.cut(*before)
        kept.gate.set()
        await slack.until(lambda: len(slack.sockets) == 2 and not set(slack.sockets) & set(before))
        assert (await waiting).status == 200
        assert (await slack.command(ada, general, "b")).status == 200


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"status": 502, "html": True}, {"status": 429, "retry_after": 1}, {"cut": "before"}],
)
async def test_faults_do_not_end_the_listening(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person, general: Channel, fault: dict[str, Any]
) -> None:
    """Slack's own, a proxy's, flood control, and the network's."""
    slack.fail("apps.connections.open", times=2, **fault)
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        assert (await slack.command(ada, general, "a")).status == 200


async def test_a_ticket_that_is_not_taken_is_asked_for_again(
    slack: FakeSlack, connection: Slack, kept: Kept
) -> None:
    """It works once, and only for a while."""
    slack.spoiled = 3
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
    assert len([call for call in slack.calls if call.method == "apps.connections.open"]) == 5


def test_who_is_turned_away_again_and_again_comes_ever_later() -> None:
    """Once at once, then after one second, two, four … and eight at the most, also after days."""
    waits = [sockets._pause(failures) for failures in (0, 1, 2, 3, 4, 10, 5000)]
    assert waits == [0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 8.0]


async def test_sockets_that_do_not_last_are_not_opened_without_end(
    slack: FakeSlack, connection: Slack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where each is closed as soon as it is open, the pauses grow."""
    waited: list[int] = []

    def pause(failures: int) -> float:
        waited.append(failures)
        return 0.0

    monkeypatch.setattr(sockets, "_pause", pause)
    async with listening(slack, connection, kept):
        for opened in (2, 4, 6):
            await slack.until(partial(lambda least: len(slack.sockets) == 2 and len(waited) >= least, opened))
            await slack.cut(*slack.sockets)
        await slack.until(lambda: len(waited) == 8)
    assert sorted(waited) == [0, 0, 1, 1, 2, 2, 3, 3]


async def test_a_wrong_app_token_ends_the_listening(slack: FakeSlack, connection: Slack, kept: Kept) -> None:
    """Both sockets, and without saying it; a bot token in its place is wrong too."""
    for token in ("xapp-wrong", slack.bot_token):
        with pytest.raises(WrongToken, match=r"^app$"):
            await listen(connection, token, kept)
    assert slack.sockets == []


async def test_a_token_that_is_revoked_later_does_not_end_the_process(
    slack: FakeSlack, connection: Slack, kept: Kept
) -> None:
    """The other faces go on; once it is valid again so does this one."""
    async with listening(slack, connection, kept) as task:
        await slack.until(lambda: len(slack.sockets) == 2)
        known, slack.app_token = slack.app_token, "xapp-other"
        asked = len(slack.calls)
        await slack.cut(*slack.sockets)
        await slack.until(lambda: len(slack.refused) >= 2)
        slack.app_token = known
        await slack.until(lambda: len(slack.sockets) == 2)
        assert not task.done()
        assert len(slack.calls) > asked


@pytest.mark.parametrize(
    "odd", ["[]", "7", "null", '"a"', "{}", '{"envelope_id": "e1"}', '{"envelope_id": "e1", "payload": 7}']
)
async def test_what_is_no_envelope_ends_nothing(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person, general: Channel, odd: str
) -> None:
    """The socket goes on; one without a body is acknowledged, or it would come for ever."""
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        before = list(slack.sockets)
        for socket in before:
            await socket.send_str(odd)
            await socket.send_bytes(b"\xff")
        for _ in range(4):
            assert (await slack.command(ada, general, "a")).status == 200
        assert slack.sockets == before


@pytest.mark.parametrize("odd", ["{", "[" * 100_000])
async def test_what_is_no_json_costs_one_socket(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person, general: Channel, odd: str
) -> None:
    """It is opened anew."""
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        before = list(slack.sockets)
        await before[0].send_str(odd)
        await slack.until(lambda: len(slack.sockets) == 2 and before[0] not in slack.sockets)
        assert before[1] in slack.sockets
        assert (await slack.command(ada, general, "a")).status == 200


async def test_what_is_under_way_at_the_end_is_finished(
    slack: FakeSlack, connection: Slack, kept: Kept, ada: Person, general: Channel
) -> None:
    """A process that is told to end still commits and acknowledges what it has begun."""
    kept.gate.clear()
    async with listening(slack, connection, kept) as task:
        await slack.until(lambda: len(slack.sockets) == 2)
        waiting = asyncio.create_task(slack.command(ada, general, "a"))
        await slack.until(lambda: kept.entered == 1)
        task.cancel()
        kept.gate.set()
        assert (await waiting).status == 200
    assert len(kept.bodies) == 1


async def test_what_does_not_end_is_left(
    slack: FakeSlack, connection: Slack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while of grace; it was not acknowledged, so it comes again."""
    monkeypatch.setattr(sockets, "GRACE", 0.05)
    kept.gate.clear()
    async with listening(slack, connection, kept):
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.sockets[0].send_json({"envelope_id": "e1", "payload": command()})
        await slack.until(lambda: kept.entered == 1)
    assert kept.bodies == []
