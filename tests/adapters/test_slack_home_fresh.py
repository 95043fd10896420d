"""The App Home is up to date: on both databases, in several processes, after a crash, and once only."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast

import pytest

from adapters.slack.pace import rates_of
from bot.boards import refresh
from bot.face import Address, Face
from bot.message import Actor, Reply
from storage.boards import Boards
from storage.changes import SetPreferences, TurnBoard, Unit
from storage.encryption import KeyRing
from storage.housekeeping import retire, tidy
from storage.records import Preferences, Uninstall
from storage.store import Store, open_store
from tests.adapters.slack_living import Living, actor, beside, living, makes, opened
from tests.core.talking import button, passed, person_of, rows, said
from tests.fakes import FakeSlack
from tests.fakes.slack import Channel, Person
from tests.fakes.slack.home import home, opens, words

EMPTY = "You have made no codes yet."

(RATE,) = rates_of("T1", "views.publish")


@pytest.fixture
async def one(store: Store, slack: FakeSlack) -> AsyncIterator[Living]:
    """A process of ours on each kind of database, to which Slack posts."""
    async with living(store, slack) as opened:
        yield opened


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


@pytest.fixture
def general(slack: FakeSlack, ada: Person) -> Channel:
    """Open a channel."""
    return slack.channel("general", ada)


async def test_a_newcomer_is_told_what_to_do_first_and_nothing_is_kept_of_them(
    one: Living, ada: Person
) -> None:
    """But that their Home is open; a day later that goes too, unless they have spoken."""
    stands = await opened(one, ada)
    assert EMPTY in stands
    assert "[Make a QR code] [What I can do]" in stands
    assert "Search" not in stands
    assert set(await rows(one.core.store)) == {"boards", "seen", *_server(one)}
    await makes(one, ada, "https://example.com/first")
    await one.goes()
    assert "https://example.com/first" in words(one.slack, ada)


def _server(one: Living) -> set[str]:
    """Name the tables in which the work itself leaves something."""
    return {"rates", "lanes"} if one.core.store.shared else {"rates"}


async def test_opening_again_publishes_only_what_differs(one: Living, ada: Person) -> None:
    """Slack posts each time the tab is opened; what it shows is what we have shown, so nothing is said."""
    await makes(one, ada, "one")
    await opened(one, ada)
    for minutes in (1, 20, 20):
        passed(one.core, minutes=minutes)
        await opened(one, ada)
    assert len(one.published()) == 1
    await opens(one.slack, ada, "messages")
    await one.goes()
    assert len(one.published()) == 1
    del one.slack.homes[ada.id]  # put out and installed anew, say
    assert "one" in await opened(one, ada)
    one.slack.homes[ada.id].hash = "another"  # somebody else has published
    await opened(one, ada)
    assert len(one.published()) == 3


async def test_pictures_that_will_expire_are_published_again_when_it_is_opened(
    one: Living, ada: Person
) -> None:
    """Their addresses hold for a week."""
    await makes(one, ada, "one")
    await opened(one, ada)
    passed(one.core, days=4)
    await opened(one, ada)
    assert len(one.published()) == 2


async def test_what_is_made_anywhere_is_on_the_home(one: Living, ada: Person, general: Channel) -> None:
    """In a channel, and on another platform by an account that was joined; many changes, one publication."""
    await makes(one, ada, "mine")
    await opened(one, ada)
    await one.slack.command(ada, general, "in a channel")
    await one.goes()
    assert "in a channel" in words(one.slack, ada)
    line = button(await said(one.core, "/connect", actor(one.slack, ada)), "").copy
    elsewhere = Actor("telegram", "7", "Ada")
    await said(one.core, "on a train", elsewhere)
    await said(one.core, line, elsewhere)
    await one.goes()
    assert "on a train" in words(one.slack, ada)
    before = len(one.published())
    for number in range(20):
        passed(one.core, seconds=1)
        await said(one.core, f"quick {number}", elsewhere)
    await one.goes()
    assert len(one.published()) == before + 1
    assert "quick 19" in words(one.slack, ada)
    undo = await said(one.core, "/connect", elsewhere)
    await said(one.core, button(undo, "Undo").line, elsewhere, pressed=True)
    await one.goes()
    assert "on a train" not in words(one.slack, ada)


async def test_a_change_whose_wake_was_lost_is_published_by_the_sweep(
    one: Living, store: Store, ada: Person
) -> None:
    """A new process finds the row, and nothing else."""
    await makes(one, ada, "one")
    await opened(one, ada)
    await makes(one, ada, "two")
    one.core.store.stale.clear()  # the process died between commit and wake
    await beside(one, store).goes()
    assert "two" in words(one.slack, ada)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_processes_that_share_the_data_publish_once(
    one: Living, url: str, ring: KeyRing, ada: Person
) -> None:
    """All are woken at the same moment, again and again; one does it, and the last change is there."""
    await makes(one, ada, "one")
    await opened(one, ada)
    async with open_store(url, ring) as second, open_store(url, ring) as third:
        others = [one, beside(one, second), beside(one, third)]
        for number in range(5):
            before = len(one.published())
            await makes(one, ada, f"new {number}")
            for other in others[1:]:
                other.core.hands[:] = one.core.hands
            key = f"slack:{one.slack.team}:{ada.id}"
            await asyncio.gather(*(refresh(each.core.app, each.post, key) for each in others * 3))
            assert len(one.published()) == before + 1
            assert f"new {number}" in words(one.slack, ada)


async def test_a_change_while_it_is_published_is_published_too(
    one: Living, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made between reading and publishing, it makes the Home stale again: the newest is never lost."""
    await makes(one, ada, "one")
    face, late = one.post.faces["slack"], ["two", "three"]

    async def show(address: Address, reply: Reply, mark: str) -> str:
        if late:
            await makes(one, ada, late.pop(0))
        assert face.show is not None
        return await face.show(address, reply, mark)

    monkeypatch.setitem(cast(dict[str, Face], one.post.faces), "slack", replace(face, show=show))
    await opened(one, ada)
    assert "three" in words(one.slack, ada)
    assert (len(one.published()), late) == (3, [])


async def test_a_process_that_lost_its_lane_does_not_bring_back_what_was(
    one: Living, store: Store, ada: Person
) -> None:
    """Slack's hash tells it that a newer one stands there; it reads again and shows what there is now."""
    await makes(one, ada, "one")
    await opened(one, ada)
    one.slack.homes[ada.id].hash = "of another process"
    await makes(one, ada, "two")
    await one.goes()
    assert [call.result["ok"] for call in one.published()] == [True, False, True]
    assert "two" in words(one.slack, ada)


async def test_processes_that_commit_at_once_do_not_wait_for_each_other_in_a_circle(
    one: Living, ring: KeyRing
) -> None:
    """Each opens one Home and changes the other's, in one transaction: both orders, again and again."""
    url = one.core.store.writer.url.render_as_string(hide_password=False)
    people = [one.slack.person(name) for name in ("ada", "bea")]
    for person in people:
        await makes(one, person, "one")
        await opened(one, person)
    accounts = [f"{one.slack.team}:{person.id}" for person in people]
    ids = [(await person_of(one.core, actor(one.slack, person))).id for person in people]
    now = one.core.app.clock()
    async with open_store(url, ring) as other:
        stores = (one.core.store, other) if one.core.store.shared else (other,)
        await asyncio.gather(
            *(
                store.commit(
                    Unit("", now, (TurnBoard("slack", accounts[turn], "", "", now), *_change(ids[not turn])))
                )
                for _ in range(20)
                for turn, store in zip((0, 1), stores * 2, strict=False)
            )
        )
    async with one.core.store.reading() as work:
        assert set(await work.boards.due(now)) == {f"slack:{account}" for account in accounts}


def _change(person_id: str) -> tuple[SetPreferences]:
    """Change nothing of a person's, which counts as a change."""
    return (SetPreferences(person_id, Preferences(), Preferences()),)


async def test_a_crash_after_slack_took_it_costs_one_more_publication(
    one: Living, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown was not written down: it is shown again, and then it is."""
    await makes(one, ada, "one")
    lost, kept = ["the database is away"], Boards.shown

    async def shown(self: Boards, *what: Any) -> None:
        if lost:
            raise OSError(lost.pop())
        await kept(self, *what)

    monkeypatch.setattr(Boards, "shown", shown)
    await opened(one, ada)
    passed(one.core, seconds=5)
    await one.goes()
    assert "one" in words(one.slack, ada)
    assert len(one.published()) == 2
    passed(one.core, minutes=10)
    await one.goes()
    assert len(one.published()) == 2


async def test_a_whole_workspace_opens_its_homes_at_slacks_rate(one: Living) -> None:
    """A few at once, then a hundred a minute; each is shown in the end."""
    people = [one.slack.person(f"p{number}") for number in range(RATE.burst + 5)]
    for person in people:
        await opens(one.slack, person)
    await one.goes()
    assert len(one.published()) == RATE.burst
    passed(one.core, seconds=5 / RATE.per_second + 0.1)
    await one.goes()
    for _ in range(10):
        passed(one.core, seconds=1)
        await one.goes()
    assert len(one.slack.homes) == len(one.published()) == RATE.burst + 5


async def test_a_home_waits_as_long_as_slack_asks_and_is_published_then(one: Living, ada: Person) -> None:
    """And what changed meanwhile goes with it, in one publication."""
    await makes(one, ada, "one")
    one.slack.fail("views.publish", status=429, retry_after=30)
    await opened(one, ada)
    assert home(one.slack, ada) == []
    await makes(one, ada, "two")
    await one.goes()
    assert len(one.published()) == 1
    passed(one.core, seconds=31)
    await one.goes()
    assert "two" in words(one.slack, ada)
    assert len(one.published()) == 2


async def test_who_is_forgotten_finds_an_empty_home_and_nothing_is_kept(one: Living, ada: Person) -> None:
    """What was shown is taken back before the last row goes."""
    await makes(one, ada, "one")
    await opened(one, ada)
    await said(one.core, "/forgetme confirm=yes", actor(one.slack, ada))
    await one.goes()
    assert EMPTY in words(one.slack, ada)
    assert set(await rows(one.core.store)) <= {"seen", "rates", "lanes"}


async def test_a_home_that_cannot_be_shown_any_more_is_forgotten(one: Living, ada: Person) -> None:
    """Its person has left, or the app was put out."""
    bea = one.slack.person("bea")
    for person in (ada, bea):
        await makes(one, person, "one")
        await opened(one, person)
    del one.slack.people[ada.id]
    await makes(one, ada, "two")
    await one.goes()
    async with one.core.store.reading() as work:
        assert await work.boards.get("slack", f"{one.slack.team}:{ada.id}") is None
    now = one.core.app.clock()
    await one.core.store.commit(Unit("", now, (Uninstall(one.slack.team, now, now),)))
    assert "boards" not in await rows(one.core.store)


async def test_a_home_that_nobody_opens_any_more_is_not_kept_up_to_date(one: Living, ada: Person) -> None:
    """After thirty days; that of somebody of whom nothing else is kept, after one."""
    bea = one.slack.person("bea")
    await makes(one, bea, "one")
    await opened(one, ada)
    await opened(one, bea)
    for days, left in ((0.9, 2), (0.2, 1), (28, 1), (1, 0)):
        passed(one.core, days=days)
        async with one.core.store.writing() as work:
            await tidy(work.connection, one.core.app.clock())
        assert (await rows(one.core.store)).get("boards", 0) == left


async def test_codes_that_have_had_their_time_go_from_the_home_too(one: Living, ada: Person) -> None:
    """Where the operator has set how long codes are kept."""
    await makes(one, ada, "old")
    await opened(one, ada)
    passed(one.core, days=3)
    async with one.core.store.writing() as work:
        await retire(work.connection, one.core.app.clock(), 2)
    await one.goes()
    assert EMPTY in words(one.slack, ada)
