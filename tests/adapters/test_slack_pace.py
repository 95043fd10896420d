"""Slack's limits: each call counts where Slack counts it, for all processes; what it holds up stays so."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from adapters.slack.connection import Slack
from adapters.slack.live import Live
from adapters.slack.modal import opened
from adapters.slack.pace import A_MINUTE, TIERS, Counting, rates_of
from adapters.slack.serve import face, open_slack
from adapters.slack.trial import Studio
from bot.command import Ask, form
from bot.commands import COMMANDS
from bot.deliveries import IN_A_ROW, Post, drain, row_holds, row_rates
from bot.face import NotYet, Rate, TryLater
from bot.i18n import Translator
from bot.message import Actor, Reply, Request, Space
from bot.wire import dump_address, dump_reply
from storage.changes import Unit
from storage.encryption import KeyRing
from storage.records import Delivery
from storage.store import Store, open_store
from tests.adapters.slack_sending import SAVED, WORDS, draw, home, mentioned, methods, said
from tests.core.talking import Core, both, core_on, rows
from tests.fakes import FakeSlack
from tests.fakes.slack import Channel, Person
from tests.fakes.slack.rates import TIERS as THEIRS
from tests.fakes.slack.rates import Rates

__all__ = ["both"]


def counting(core: Core) -> Counting:
    """Count in rows, by the clock that a test moves."""
    return Counting(row_rates(core.store, core.app.clock), row_holds(core.store, core.app.clock))


@pytest.fixture
async def counted(slack: FakeSlack, core: Core, connection: Slack) -> Slack:
    """A connection whose calls are counted."""
    return replace(connection, counting=counting(core))


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


@pytest.fixture
def general(slack: FakeSlack, ada: Person) -> Channel:
    """Open a channel."""
    return slack.channel("general", ada)


# --- what counts against what -------------------------------------------------------------------------------


def test_a_message_counts_in_its_channel_and_in_the_workspace() -> None:
    """One a second, and several hundred a minute, the latter common to all channels."""
    here, everywhere = rates_of("T1", "chat.postMessage", "C1")
    assert here == Rate("slack:T1:chat.postMessage:C1", 1.0, 1)
    assert (everywhere.key, everywhere.common) == ("slack:T1:chat.postMessage", True)
    assert everywhere.burst + everywhere.per_second * 60 == pytest.approx(300)


@pytest.mark.parametrize(("method", "tier"), TIERS.items())
def test_a_method_counts_by_its_tier_in_each_workspace(method: str, tier: int) -> None:
    """No minute holds more calls than Slack allows."""
    (rate,) = rates_of("T1", method)
    assert rate.key == f"slack:T1:{method}"
    assert rate.burst + rate.per_second * 60 == pytest.approx(A_MINUTE[tier])
    assert tier == THEIRS[method]


def test_what_cannot_wait_and_what_has_no_limit_is_not_counted() -> None:
    """A modal has three seconds; a token is asked about once."""
    assert rates_of("T1", "views.open") == rates_of("T1", "auth.test") == ()


# --- waiting ------------------------------------------------------------------------------------------------


async def test_a_second_message_in_a_channel_waits_and_one_elsewhere_does_not(
    slack: FakeSlack, counted: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """It is not said at all before its turn, and the delivery learns how long that is."""
    shown = face(counted)
    await shown.send(mentioned(slack, ada, general), WORDS, draw)
    with pytest.raises(NotYet) as caught:
        await shown.send(mentioned(slack, ada, general), WORDS, draw)
    assert caught.value.seconds == pytest.approx(1.0)
    await shown.send(home(slack, ada), WORDS, draw)
    core.hands.append(core.hands[-1].replace(second=2))
    await shown.send(mentioned(slack, ada, general), WORDS, draw)
    assert [len(slack.visible(place, ada)) for place in (general, slack.dm(ada))] == [2, 1]


async def test_an_answer_by_response_url_counts_against_nothing(
    slack: FakeSlack, counted: Slack, ada: Person, general: Channel
) -> None:
    """And its fallback does, as what it is."""
    address = await said(slack, ada, general)
    for _ in range(5):
        await face(counted).send(address, WORDS, draw)
    await face(counted).send({**address, "until": 1}, WORDS, draw)
    with pytest.raises(NotYet):
        await face(counted).send({**address, "until": 1}, WORDS, draw)


async def test_uploads_wait_for_their_own_methods(
    slack: FakeSlack, counted: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """Twenty at once and then evenly; words go on meanwhile."""
    places = [slack.channel(f"c{number}", ada) for number in range(22)]
    burst = rates_of(slack.team, "files.getUploadURLExternal")[0].burst
    for place in places[:burst]:
        await face(counted).send(mentioned(slack, ada, place), SAVED, draw)
    with pytest.raises(NotYet):
        await face(counted).send(mentioned(slack, ada, places[burst]), SAVED, draw)
    assert methods(slack).count("files.getUploadURLExternal") == burst
    await face(counted).send(mentioned(slack, ada, general), WORDS, draw)


async def test_what_a_request_lacks_is_fetched_later_where_there_are_too_many_calls(
    slack: FakeSlack, counted: Slack, ada: Person
) -> None:
    """It is a request that waits, and stays one."""
    request = Request("slack:1", Actor("slack", f"{slack.team}:{ada.id}"), Space("slack", f"{slack.team}:C1"))
    prepare, waited = face(counted).prepare, 0.0
    for _ in range(30):
        try:
            await prepare(request)
        except TryLater as later:
            waited = later.seconds or 0.0
    assert 0 < waited <= 60
    assert methods(slack).count("users.info") == rates_of("T1", "users.info")[0].burst


async def test_a_message_in_the_middle_waits_where_it_is(
    slack: FakeSlack, connection: Slack, ada: Person
) -> None:
    """A long reply is not begun anew for it: its parts are a second apart."""
    waits = [0.0, 0.01, 0.02, 0.0, 0.0]

    async def reserve(rates: tuple[Rate, ...]) -> float:
        return waits.pop(0) if waits and rates else 0.0

    async def hold(rates: tuple[Rate, ...], seconds: float) -> None:
        assert [rate.key.split(":")[2] for rate in rates] == ["chat.postMessage"]

    slow = replace(connection, counting=Counting(reserve, hold))
    await face(slow).send(home(slack, ada), Reply(body="x" * 14_000), draw)
    assert len(slack.visible(slack.dm(ada), ada)) == 2
    assert waits == [0.0]


async def test_a_form_waits_for_nothing(
    core: Core, slack: FakeSlack, connection: Slack, ada: Person, general: Channel
) -> None:
    """A trigger has three seconds: whatever is counted, it is opened, or a button is offered, at once."""

    async def never(rates: tuple[Rate, ...]) -> float:
        raise AssertionError("counted on the way to the acknowledgement")

    async def hold(rates: tuple[Rate, ...], seconds: float) -> None:
        raise AssertionError("held up on the way to the acknowledgement")

    slow, t = replace(connection, counting=Counting(never, hold)), Translator()
    live = Live(Studio(slow, core.app), 0.0)
    address = await said(slack, ada, general)
    request = Request("r", Actor("slack", "T1:U1"), Space("slack", f"{slack.team}:C1"), address=address)
    shape = form(Ask(COMMANDS["wifi"], {}), t)
    await opened(live, {"trigger_id": slack.trigger(ada)}, request, shape, t)
    assert methods(slack) == ["views.open"]
    await opened(live, {"trigger_id": "spent"}, request, shape, t)
    assert methods(slack)[1:] == ["views.open"]
    assert (await rows(core.store))["deliveries"] == 1


# --- held up by Slack ---------------------------------------------------------------------------------------


async def test_what_slack_holds_up_is_held_up_for_its_own_scope_alone(
    slack: FakeSlack, counted: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """A channel, or a method; everything else goes on, and nobody asks again before the time is over."""
    slack.fail("chat.postMessage", status=429, retry_after=30)
    with pytest.raises(TryLater):
        await face(counted).send(mentioned(slack, ada, general), WORDS, draw)
    other = face(replace(counted, counting=counting(core)))  # another process
    with pytest.raises(NotYet) as caught:
        await other.send(mentioned(slack, ada, general), WORDS, draw)
    assert caught.value.seconds == pytest.approx(30)
    await other.send(home(slack, ada), WORDS, draw)
    slack.fail("files.getUploadURLExternal", status=429, retry_after=20)
    with pytest.raises(TryLater):
        await face(counted).send(mentioned(slack, ada, slack.channel("b", ada)), SAVED, draw)
    with pytest.raises(NotYet):
        await other.send(mentioned(slack, ada, slack.channel("c", ada)), SAVED, draw)
    await other.send(mentioned(slack, ada, slack.channel("d", ada)), WORDS, draw)


async def test_channels_held_up_one_after_the_other_mean_the_whole_workspace(
    slack: FakeSlack, counted: Slack, ada: Person
) -> None:
    """No success between them; another workspace is not concerned."""
    slack.fail("chat.postMessage", times=IN_A_ROW, status=429, retry_after=30)
    for number in range(IN_A_ROW):
        with pytest.raises(TryLater):
            await face(counted).send(mentioned(slack, ada, slack.channel(f"c{number}", ada)), WORDS, draw)
    with pytest.raises(NotYet):
        await face(counted).send(home(slack, ada), WORDS, draw)
    assert counted.counting is not None
    assert await counted.counting.reserve(rates_of("T2", "chat.postMessage", "C9")) == 0.0


async def test_workspaces_held_up_one_after_the_other_say_nothing_of_each_other(
    slack: FakeSlack, counted: Slack, ada: Person
) -> None:
    """A channel in each of them; and what works in one does not end what another has shown."""
    teams = [f"T{number}" for number in range(IN_A_ROW)]

    async def send(team: str, place: str) -> None:
        where = {**mentioned(slack, ada, slack.channel(place, ada)), "team": team}
        await face(counted).send(where, WORDS, draw)

    slack.fail("chat.postMessage", times=IN_A_ROW, status=429, retry_after=30)
    for team in teams:
        with pytest.raises(TryLater):
            await send(team, f"one of {team}")
    for team in teams[1:]:
        await send(team, f"two of {team}")
    slack.fail("chat.postMessage", times=IN_A_ROW - 1, status=429, retry_after=30)
    for number in range(IN_A_ROW - 1):
        with pytest.raises(TryLater):
            await send(teams[0], f"more {number}")
    with pytest.raises(NotYet):
        await send(teams[0], "another")
    await send(teams[1], "another still")


# --- two processes ------------------------------------------------------------------------------------------


@pytest.fixture
async def pair(url: str, store: Store, ring: KeyRing, slack: FakeSlack) -> AsyncIterator[list[Post]]:
    """Two processes that send, on one database."""
    async with AsyncExitStack() as stack:
        posts = []
        for held in (store, await stack.enter_async_context(open_store(url, ring))):
            core = core_on(held)
            opened = await stack.enter_async_context(open_slack(slack.bot_token, slack.api_url))
            faces = {"slack": face(replace(opened, counting=counting(core)))}
            posts.append(Post(held, faces, draw, row_rates(held, core.app.clock), core.app.clock))
        yield posts


async def posted(post: Post, slack: FakeSlack, places: list[Channel], person: Person, reply: Reply) -> None:
    """Commit a reply for each place."""
    now = post.clock()
    rows = tuple(
        Delivery(
            f"{number:010}", f"slack:{slack.team}:{place.id}", "slack",
            dump_address(dict(mentioned(slack, person, place))), dump_reply(reply), now, now,
        )
        for number, place in enumerate(places)
    )  # fmt: skip
    await post.store.commit(Unit("", now, deliveries=rows))


async def test_two_processes_share_the_limits(slack: FakeSlack, pair: list[Post], ada: Person) -> None:
    """Side by side they send no more than one may: Slack, which holds its limits, refuses nothing."""
    slack.rates = Rates()
    places = [slack.channel(f"c{number}", ada) for number in range(26)]
    await posted(pair[0], slack, places, ada, SAVED)
    lanes = [f"slack:{slack.team}:{place.id}" for place in places]
    await asyncio.gather(
        *(drain(pair[number % 2], lane) for number, lane in enumerate(lanes)),
    )
    sent = Counter(methods(slack))
    burst = rates_of("T1", "files.getUploadURLExternal")[0].burst
    assert sent["files.getUploadURLExternal"] == sent["chat.postMessage"] == burst < len(places)
    assert [call for call in slack.calls if call.answered == 429] == []


async def test_the_fakes_limits_are_slacks(slack: FakeSlack, connection: Slack, ada: Person) -> None:
    """Without counting a second message in a channel is refused, and says for how long."""
    slack.rates = Rates()
    shown = face(connection)
    await shown.send(home(slack, ada), WORDS, draw)
    with pytest.raises(TryLater) as caught:
        await shown.send(home(slack, ada), WORDS, draw)
    assert caught.value.seconds == 1
