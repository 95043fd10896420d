"""What is to be sent goes out once, in its lane's order, until it is sent or given up."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import structlog
from sqlalchemy import update

from bot.deliveries import AWAY, CEILING, IN_A_ROW, LIFE, TRIES, drain
from bot.face import Address, Rate, TryLater, Undeliverable
from bot.i18n import Translator
from bot.message import Button, File, Reply, Status
from bot.qr.payloads import Payload
from bot.qr.picture import Picture
from bot.qr.proof import Unread
from bot.qr.style import Style
from storage.changes import Unit
from storage.encryption import KeyRing
from storage.records import State
from storage.store import FEW, Store, open_store
from storage.tables import deliveries
from tests.core.sending import Platform, freely, post_of, posted, row, soon
from tests.core.talking import Core, core_on, passed

SECRET = "s3cret-canary"
UNREAD = "I could not read this code back, so I did not send it. Choose calmer colours or a larger size."
LANE = "telegram:1"


# --- in order -----------------------------------------------------------------------------------------------


async def test_a_lane_goes_out_in_order_and_is_blanked(both: Core) -> None:
    """Nothing of it is kept but that it was sent."""
    ids = await posted(both, "one", "two", "three", SECRET)
    platform = Platform()
    await drain(post_of(both, platform), LANE)
    assert platform.said == ["one", "two", "three", SECRET]
    for id in ids:
        sent = await row(both.store, id)
        assert (sent.state, sent.body, sent.address, sent.finished_at) == (
            State.DONE, b"", b"", both.app.clock(),
        )  # fmt: skip
    await drain(post_of(both, platform), LANE)
    assert len(platform.sent) == 4


async def test_what_was_sent_is_written_down_rather_than_sent_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was away for a moment, right after the platform took it."""
    monkeypatch.setattr("bot.sending.PAUSES", (0.01, 0.01))
    ids = await posted(core, "once")
    platform, lost = Platform(), ["disk full", "disk full"]

    async def commit(self: Store, unit: Unit, *, patient: bool = False) -> None:
        if lost:
            raise OSError(lost.pop())
        await kept(self, unit, patient=patient)

    kept = Store.commit
    monkeypatch.setattr(Store, "commit", commit)
    await drain(post_of(core, platform), LANE)
    assert (platform.said, lost) == (["once"], [])
    assert (await row(core.store, ids[0])).state == State.DONE


async def test_a_lane_that_waits_does_not_hold_up_another(both: Core) -> None:
    """What follows in its own lane waits behind it."""
    await posted(both, "slow", "behind it")
    await posted(both, "quick", chat=2)
    platform = Platform(then=[TryLater("flood", 30)])
    post = post_of(both, platform)
    for lane in (LANE, "telegram:2"):
        await drain(post, lane)
    assert platform.said == ["quick"]
    passed(both, seconds=30)
    await drain(post, LANE)
    assert platform.said == ["quick", "slow", "behind it"]


async def test_one_sender_at_a_time_drains_a_lane(both: Core) -> None:
    """A second one leaves at once; what came meanwhile is sent by the first."""
    await posted(both, "one")
    sending, go_on = asyncio.Event(), asyncio.Event()

    async def hold(address: Address) -> None:
        sending.set()
        await go_on.wait()

    platform = Platform(before=hold)
    post = post_of(both, platform)
    first = asyncio.create_task(drain(post, LANE))
    await soon(sending.wait())
    await posted(both, "two")
    await soon(drain(post, LANE))
    assert platform.sent == []
    go_on.set()
    await soon(first)
    assert platform.said == ["one", "two"]


async def test_what_comes_while_its_lane_is_drained_needs_no_wake(core: Core) -> None:
    """The sender learns of it as it is committed; nobody else has to look."""
    await posted(core, "one")

    async def speak(address: Address) -> None:
        if not platform.said:
            await posted(core, "two")
            assert core.store.drains(LANE)

    platform = Platform(before=speak)
    await soon(drain(post_of(core, platform), LANE))
    assert platform.said == ["one", "two"]
    await posted(core, "three")
    assert not core.store.drains(LANE)


async def test_where_many_lanes_are_drained_none_goes_on_for_ever(core: Core) -> None:
    """What is said anew in one waits for its turn, as the queue runs so many at once."""
    async with AsyncExitStack() as held:
        for number in range(FEW):
            await held.enter_async_context(core.store.lane(f"telegram:{number + 2}"))
        await held.enter_async_context(core.store.lane(LANE))
        await posted(core, "one")
        assert not core.store.drains(LANE)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_on_a_server_every_answer_wakes_somebody(both: Core, url: str) -> None:
    """Whether another process drains a lane is not known to this one."""
    async with both.store.lane(LANE) as mine:
        assert mine
        await posted(both, "one")
        assert not both.store.drains(LANE)


async def test_what_comes_due_while_the_lane_is_let_go_is_sent(core: Core) -> None:
    """Its wake found the lane taken: the sender looks once more after it has let go."""
    await posted(core, "hello", due_at=core.app.clock() + timedelta(seconds=1))
    platform, wakes = Platform(), list[asyncio.Task[None]]()
    post = post_of(core, platform)

    def moving() -> datetime:
        if wakes:
            return core.app.clock() + timedelta(seconds=1)
        wakes.append(asyncio.create_task(drain(post, LANE)))  # runs before this reading is done, or after all
        return core.app.clock()

    post = replace(post, clock=moving)
    await soon(drain(post, LANE))
    await soon(wakes[0])
    assert platform.said == ["hello"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_two_processes_never_send_one_delivery_twice(both: Core, url: str, ring: KeyRing) -> None:
    """Both woken for every lane, again and again; each lane keeps its order."""
    wanted = {f"{chat}": [f"{chat}/{number}" for number in range(12)] for chat in range(1, 7)}
    for chat, said_ in wanted.items():
        await posted(both, *said_, chat=int(chat))

    async def unhurried(address: Address) -> None:
        await asyncio.sleep(0)

    platform = Platform(before=unhurried)
    async with open_store(url, ring) as second:
        posts = [post_of(both, platform), post_of(core_on(second), platform)]
        wakes = [drain(post, f"telegram:{chat}") for chat in wanted for post in posts * 2]
        await soon(asyncio.gather(*wakes[: len(wakes) // 2]))
        await soon(asyncio.gather(*wakes[len(wakes) // 2 :]))
    went = {chat: [reply.body for to, reply in platform.sent if to == chat] for chat in wanted}
    assert went == wanted


# --- later --------------------------------------------------------------------------------------------------


async def test_a_platform_that_names_a_time_is_tried_then(both: Core) -> None:
    """Not a second earlier; the row says why."""
    [id] = await posted(both, "hello")
    platform = Platform(then=[TryLater("flood", 30)])
    post = post_of(both, platform)
    await drain(post, LANE)
    waiting = await row(both.store, id)
    assert (waiting.attempts, waiting.error, waiting.state) == (1, "flood", State.PENDING)
    assert waiting.due_at == both.app.clock() + timedelta(seconds=30)
    passed(both, seconds=29)
    await drain(post, LANE)
    assert platform.said == []
    passed(both, seconds=1)
    await drain(post, LANE)
    assert platform.said == ["hello"]


async def test_a_platform_that_names_no_time_is_tried_ever_more_rarely(core: Core) -> None:
    """Twice as long each time, at most five minutes, never all at the same moment."""
    [id] = await posted(core, "hello")
    platform = Platform(then=[TryLater("away", 0), *[TryLater("away")] * 14])
    waits = []
    for _ in range(15):
        await drain(post_of(core, platform), LANE)
        due = (await row(core.store, id)).due_at
        waits.append((due - core.app.clock()).total_seconds())
        passed(core, seconds=waits[-1])
    for attempt, wait in enumerate(waits):
        most = min(CEILING, 2.0**attempt)
        assert most / 2 <= wait <= most
    await drain(post_of(core, platform), LANE)
    assert platform.said == ["hello"]


async def test_a_platform_that_is_away_for_a_day_ends_it(both: Core) -> None:
    """A dead letter, whose body stays sealed; the lane goes on."""
    [id] = await posted(both, "old")
    passed(both, seconds=LIFE.total_seconds())
    platform = Platform(then=[TryLater("away", 1), TryLater("away")])
    await drain(post_of(both, platform), LANE)
    assert (await row(both.store, id)).state is not State.DEAD
    await posted(both, "new")
    passed(both, seconds=1)
    await drain(post_of(both, platform), LANE)
    dead = await row(both.store, id)
    assert (dead.state, dead.error, len(dead.body) > 0) == (State.DEAD, "away", True)
    await drain(post_of(both, platform), LANE)
    assert platform.said == ["new"]


async def test_what_the_platform_will_never_take_is_given_up_and_the_lane_goes_on(both: Core) -> None:
    """Blocked by the user, a chat that is gone."""
    first, _ = await posted(both, "never", "next")
    platform = Platform(then=[Undeliverable("Forbidden: bot was blocked")])
    with structlog.testing.capture_logs() as logs:
        await drain(post_of(both, platform), LANE)
    assert platform.said == ["next"]
    assert (await row(both.store, first)).state == State.DEAD
    assert {"event": "delivery is a dead letter", "delivery": first} == {
        name: logs[0][name] for name in ("event", "delivery")
    }


async def test_an_error_of_ours_is_tried_twelve_times(core: Core) -> None:
    """Then it is a dead letter; the log has its place, not its words."""
    [id] = await posted(core, "hello")
    platform = Platform(then=[ValueError(SECRET)] * TRIES)
    with structlog.testing.capture_logs() as logs:
        for tried in range(1, TRIES + 1):
            assert (await row(core.store, id)).state == State.PENDING
            await drain(post_of(core, platform), LANE)
            assert (await row(core.store, id)).attempts == min(tried, TRIES - 1)
            passed(core, seconds=CEILING)
    dead = await row(core.store, id)
    assert (dead.state, dead.error.startswith("ValueError at sending.py")) == (State.DEAD, True)
    assert SECRET not in str(logs)
    assert platform.then == []


async def test_what_cannot_be_addressed_does_not_block_its_lane(core: Core) -> None:
    """An operator whose number is none; a body that another version wrote."""
    [nowhere] = await posted(core, "note", address='{"account": "nobody"}')
    [strange] = await posted(core, "x", body='{"title": ["no text"]}')
    await posted(core, "hello")
    platform = Platform()
    for _ in range(3 * TRIES):
        await drain(post_of(core, platform), LANE)
        passed(core, seconds=CEILING)
    assert platform.said == ["hello"]
    assert {(await row(core.store, id)).state for id in (nowhere, strange)} == {State.DEAD}


async def test_an_account_is_reached_in_its_private_chat(core: Core) -> None:
    """Operators are named by their account alone."""
    await posted(core, "note", address='{"account": "900"}')
    platform = Platform()
    await drain(post_of(core, platform), LANE)
    assert [to for to, _ in platform.sent] == ["900"]


async def test_a_platform_that_is_not_there_is_waited_for_a_day(both: Core) -> None:
    """After a start it may take a while; what was configured once is not waited for for ever."""
    [id] = await posted(both, "hello")
    platform = Platform()
    absent, there = replace(post_of(both, platform), faces={}), post_of(both, platform)
    await drain(absent, LANE)
    waiting = await row(both.store, id)
    assert (waiting.attempts, waiting.due_at) == (0, both.app.clock() + timedelta(seconds=AWAY))
    passed(both, seconds=AWAY)
    await drain(there, LANE)
    assert platform.said == ["hello"]
    [late] = await posted(both, "late")
    passed(both, seconds=LIFE.total_seconds() + 1)
    await drain(absent, LANE)
    assert ((await row(both.store, late)).state, (await row(both.store, late)).error) == (
        State.DEAD, "telegram was not reached",
    )  # fmt: skip


async def test_waiting_for_a_rate_counts_as_no_try(both: Core) -> None:
    """It goes when there is room."""
    [id] = await posted(both, "hello")
    rate = Rate("all", 1)
    waits, platform = [2.5, 0.0], Platform(rates=(rate,))
    asked: list[tuple[Rate, ...]] = []

    async def reserve(rates: tuple[Rate, ...]) -> float:
        asked.append(rates)
        return waits.pop(0)

    post = post_of(both, platform, reserve)
    await drain(post, LANE)
    waiting = await row(both.store, id)
    assert (waiting.attempts, waiting.due_at) == (0, both.app.clock() + timedelta(seconds=2.5))
    passed(both, seconds=2.5)
    await drain(post, LANE)
    assert (platform.said, asked) == (["hello"], [(rate,), (rate,)])


# --- pictures -----------------------------------------------------------------------------------------------


def shown(picture: Picture) -> Reply:
    """Show a picture with a file and buttons."""
    return Reply(title="A code", picture=picture, buttons=((Button("SVG", "show x"),),), code="X")


TOO_SMALL = Picture(Payload("x" * 1000), Style(size=64))


async def test_a_picture_that_cannot_be_drawn_is_said_instead(both: Core) -> None:
    """With what would help, without buttons that lead back to it."""
    [id] = await posted(both, shown(TOO_SMALL))
    platform = Platform()
    await drain(post_of(both, platform), LANE)
    [(_, reply)] = platform.sent
    assert "at least" in reply.body
    assert (reply.title, reply.picture, reply.buttons, reply.status) == ("A code", None, (), Status.REFUSED)
    assert (await row(both.store, id)).state == State.DONE


async def test_a_file_that_cannot_be_drawn_is_said_instead(core: Core) -> None:
    """As a picture is."""
    await posted(core, Reply(files=(File("a.svg", picture=replace(TOO_SMALL, format="svg")),)))
    platform = Platform()
    await drain(post_of(core, platform), LANE)
    [(_, reply)] = platform.sent
    assert ("at least" in reply.body, reply.files) == (True, ())


@pytest.mark.parametrize("language", ["de", "es", "fr"])
async def test_a_picture_that_does_not_read_back_is_said_in_the_language_of_its_reply(
    core: Core, language: str
) -> None:
    """The sentence is the delivery's own, and it speaks as the command did."""
    await posted(core, Reply(body="the code", language=language))
    platform = Platform(then=[Unread(UNREAD)])
    await drain(post_of(core, platform), LANE)
    assert platform.said == [Translator(language)(UNREAD)] != [UNREAD]


async def test_saying_it_instead_may_have_to_wait_too(core: Core) -> None:
    """Like any other send."""
    [id] = await posted(core, shown(TOO_SMALL))
    platform = Platform(then=[TryLater("flood", 5)])
    await drain(post_of(core, platform), LANE)
    assert (await row(core.store, id)).attempts == 1
    passed(core, seconds=5)
    await drain(post_of(core, platform), LANE)
    assert len(platform.sent) == 1


async def test_a_row_that_no_key_opens_is_no_reason_to_send_something_else(core: Core) -> None:
    """Damaged, it raises; its lane waits until somebody looks."""
    await posted(core, "damaged", "behind it")
    async with core.store.writing() as work:
        await work.connection.execute(update(deliveries).values(body=b"damaged"))
    platform = Platform()
    with pytest.raises(Exception, match=r"deliveries\.body"):
        await drain(post_of(core, platform, freely), LANE)
    assert platform.sent == []


async def test_a_platform_that_counts_by_itself_holds_up_no_other(core: Core) -> None:
    """Its lanes may all wait, for an hour where a token is over: the next chat elsewhere is one chat."""
    held: list[tuple[Rate, ...]] = []

    async def hold(rates: tuple[Rate, ...], seconds: float) -> None:
        held.append(rates)

    platform = Platform(then=[TryLater("wait", 20.0) for _ in range(IN_A_ROW)])
    post = post_of(core, platform, hold=hold)
    own, common = Rate("own", 1.0), Rate("all", 30.0, common=True)
    for chat in range(1, IN_A_ROW + 1):
        await posted(core, "hello", chat=chat)
        platform.rates = (own, common) if chat == IN_A_ROW else ()
        await drain(post, f"telegram:{chat}")
    assert held == [(own,)]
