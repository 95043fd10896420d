"""Many workspaces: each has its own token, renewed once; none sees another; what leaves is forgotten."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import func, select

from adapters.slack.connection import Slack
from adapters.slack.faults import FAULTS
from adapters.slack.serve import face
from adapters.slack.standing import OUT, REVOKED, standing
from adapters.slack.workspaces import LAST, Workspaces
from bot.app import App
from bot.boards import refresh
from bot.face import Closed, TryLater
from bot.installations import install, renew
from bot.message import Actor, Request, Space
from storage.departures import KEPT, forget_departed
from storage.encryption import KeyRing
from storage.records import Installation, State, Uninstall
from storage.store import Store, open_store
from storage.tables import (
    boards,
    codes,
    deliveries,
    departures,
    identities,
    installations,
    memberships,
    people,
)
from tests.adapters.many import Many, many, opened
from tests.adapters.slack_bodies import command, pressed
from tests.core.talking import core_on
from tests.fakes import FakeSlack
from tests.fakes.slack import Channel, Person
from tests.fakes.slack.home import opens
from tests.fakes.slack.tenancy import Tenancy

__all__ = ["many"]


def somebody(world: Tenancy, name: str = "ada") -> tuple[Person, Channel]:
    """Let somebody be in a channel of a workspace."""
    person = world.person(name)
    return person, world.channel("general", person)


async def counted(store: Store, *tables: object) -> list[int]:
    """Count rows."""
    async with store.reading() as work:
        found = [
            await work.connection.scalar(select(func.count()).select_from(table))  # type: ignore[arg-type]
            for table in tables
        ]
    return [number or 0 for number in found]


def heard(world: Tenancy, person: Person) -> str:
    """Give all that a person reads in a workspace."""
    seen = [world.visible(channel, person) for channel in world.channels.values()]
    return "\n".join(f"{each.words()}\n{each.text}\n{each.decode()}" for shown in seen for each in shown)


def refreshes(slack: FakeSlack) -> int:
    """Count how often tokens were renewed."""
    return len([call for call in slack.calls if call.fields.get("grant_type") == "refresh_token"])


# --- apart --------------------------------------------------------------------------------------------------


async def test_a_workspace_never_sees_anything_of_another(many: Many) -> None:
    """Codes, kits and settings of one are nothing to the other, even where ids are the same."""
    ours, theirs = many.slack, many.slack.workspace("T0TEAM002")
    await many.installed(ours)
    await many.installed(theirs)
    (ada, here), (eve, there) = somebody(ours), somebody(theirs, "eve")
    eve.id, there.id, there.members = ada.id, here.id, {*here.members, theirs.bot_user}
    theirs.people, theirs.channels = {eve.id: eve}, {there.id: there}
    for line in ("text secret of ours", "settings language=de", "kit modules dots", "style dark navy"):
        assert (await ours.command(ada, here, line)).status == 200
    await many.send()
    assert "secret of ours" in heard(ours, ada)
    async with many.core.store.reading() as work:
        code = await work.connection.scalar(select(codes.c.id))
    lines = (
        "history", "history ours", f"show {code}", f"style {code}", f"file {code}", f"favourite {code}",
        f"delete {code}", "kit", "settings", "export", "prove", "help",
    )  # fmt: skip
    for line in lines:
        assert (await theirs.command(eve, there, line)).status == 200
        await theirs.say(eve, theirs.dm(eve), f"/{line}")
        press = pressed(line) | {"team": {"id": theirs.team}, "trigger_id": theirs.trigger(eve)}
        press |= {
            "user": {"id": eve.id},
            "channel": {"id": there.id},
            "response_url": theirs.answers(there, eve, None),
        }
        assert (await theirs.deliver("interactive", press)).status == 200
    await many.send()
    told = heard(theirs, eve)
    assert told
    assert "secret" not in told
    async with many.core.store.reading() as work:
        found = await work.connection.execute(
            select(codes.c.space, codes.c.favourite).where(codes.c.id == code)
        )
        assert found.all() == [(f"slack:{ours.team}:{here.id}", False)]
        kit = await work.people.kit(f"slack:{ours.team}:{here.id}")
        assert kit is None or "dots" in kit.style
        assert await work.people.kit(f"slack:{theirs.team}:{there.id}") is None
    assert many.slack.refused == []


async def test_a_workspace_that_is_none_of_ours_is_acknowledged_and_told_of_once(many: Many) -> None:
    """No handler runs, nothing is kept or sent there; what names none at all is a dead letter."""
    stranger = many.slack.workspace("T0TEAM009")
    ada, general = somebody(stranger)
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            assert (await stranger.command(ada, general, "hello")).status == 200
            assert (await stranger.say(ada, stranger.dm(ada), "hello")).status == 200
    assert [each["workspace"] for each in logs] == [stranger.team]
    assert await counted(many.core.store, people, codes, deliveries) == [0, 0, 0]
    with pytest.raises(Closed):
        await many.connection.client(stranger.team)
    body = command() | {"team_id": None}
    assert (await many.slack.deliver("slash_commands", {k: v for k, v in body.items() if v})).status == 200
    async with many.core.store.reading() as work:
        assert await work.requests.counts() == {State.DEAD: 1}


async def settled(many: Many) -> None:
    """Wait until nothing is being renewed."""
    await asyncio.gather(*many.workspaces._renewing.values())


# --- renewing -----------------------------------------------------------------------------------------------


async def rotating(many: Many, **left: float) -> FakeSlack:
    """Install with tokens that end, in so much time."""
    many.slack.app.rotating = True
    await many.installed(many.slack)
    many.passed(seconds=12 * 3600 - timedelta(**left).total_seconds())
    many.workspaces.forget()
    return many.slack


async def test_twenty_commands_on_a_token_that_ends_renew_it_once(many: Many) -> None:
    """All are handled and answered; so are twenty whose token has ended already."""
    for number, left in enumerate((timedelta(hours=1), timedelta(seconds=-1))):
        slack = await rotating(many, seconds=left.total_seconds())
        before = slack.bot_token
        people = [somebody(slack, f"ada{number}-{each}") for each in range(20)]
        done = await asyncio.gather(*(slack.command(*each, "wifi") for each in people))
        assert {each.status for each in done} == {200}
        done = await asyncio.gather(*(slack.command(*each, "help") for each in people))
        assert {each.status for each in done} == {200}
        await many.send()
        await settled(many)
        assert refreshes(slack) == number + 1
        assert slack.bot_token != before
        assert all("What I can do" in heard(slack, person) for person, _ in people)
        assert len(slack.views) == 20 * (number + 1)
        held = await many.workspaces.of(slack.team)
        assert held is not None
        assert held.token == slack.bot_token
        assert held.expires_at == many.core.app.clock() + timedelta(hours=12)
    assert slack.refused == []


async def test_two_processes_renew_a_token_once(
    many: Many, slack: FakeSlack, url: str, ring: KeyRing
) -> None:
    """Whoever claims it first asks Slack; the other waits for the row, and has the same token then."""
    await rotating(many, seconds=-1)
    async with AsyncExitStack() as stack:
        if url.startswith("sqlite"):
            other = Workspaces(many.core.app, many.workspaces.oauth, many.workspaces.client)
        else:
            store = await stack.enter_async_context(open_store(url, ring))
            second = await stack.enter_async_context(opened(slack, store))
            second.core.hands.append(many.core.app.clock())
            slack.later(many.core.app.clock().timestamp() - slack.now())
            other = second.workspaces
        slack.fail("oauth.v2.access", slow=0.3)
        tokens = await asyncio.gather(
            *(each.token_of(slack.team) for each in (many.workspaces, other) for _ in range(10))
        )
        await asyncio.gather(many.workspaces.sweep(), other.sweep())
        assert set(tokens) == {slack.bot_token}
        assert refreshes(slack) == 1


async def test_a_sweep_renews_before_anybody_needs_it(many: Many) -> None:
    """Not before the last two hours, and not what lasts for ever."""
    slack = await rotating(many, hours=3)
    await many.workspaces.sweep()
    assert refreshes(slack) == 0
    many.passed(hours=1)
    assert timedelta(hours=2) == LAST
    await many.workspaces.sweep()
    await settled(many)
    await many.workspaces.sweep()
    assert refreshes(slack) == 1
    slack.app.rotating = False
    other = slack.workspace("T0TEAM002")
    await many.installed(other)
    many.passed(days=3000)
    assert await many.workspaces.token_of(other.team) == other.bot_token


async def test_a_fault_while_renewing_keeps_the_token_to_its_end(many: Many) -> None:
    """Slack is asked again a minute later, not at each command; nothing secret is logged."""
    slack = await rotating(many, hours=1)
    before = slack.bot_token
    with structlog.testing.capture_logs() as logs:
        for _ in range(2):
            slack.fail("oauth.v2.access", status=500)
            for _ in range(5):
                assert await many.workspaces.token_of(slack.team) == before
                await settled(many)
            many.passed(minutes=1)
    assert refreshes(slack) == 2
    assert "canary" not in str(logs)
    await many.workspaces.sweep()
    await settled(many)
    assert await many.workspaces.token_of(slack.team) == slack.bot_token != before


async def test_a_refresh_token_that_was_spent_in_vain_is_told_of(many: Many) -> None:
    """As after a crash between Slack's answer and our commit: the old token lives on, then sending waits.

    Whoever installs the app again mends it.
    """
    slack = await rotating(many, hours=1)
    before = slack.bot_token
    slack.app.refreshing.clear()
    with structlog.testing.capture_logs() as logs:
        assert await many.workspaces.token_of(slack.team) == before
        await settled(many)
    assert [each["error"] for each in logs] == ["invalid_refresh_token"]
    assert "install the app again" in logs[0]["mend"]
    many.passed(hours=1)
    with pytest.raises(TryLater):
        await many.workspaces.token_of(slack.team)
    ada, general = somebody(slack)
    assert (await slack.command(ada, general, "hello")).status == 200
    await many.send()
    await many.installed(slack)
    many.passed(minutes=5)
    await many.send()
    assert "hello" in heard(slack, ada)


async def test_a_new_token_is_kept_once_the_database_is_back(
    many: Many, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Slack gave is tried to be kept until it is; sending goes on with it meanwhile."""
    slack = await rotating(many, hours=1)
    before, away = slack.bot_token, asyncio.Event()

    async def keeping(app: App, held: Installation, anew: Installation) -> bool:
        if not away.is_set():
            away.set()
            raise OSError("the database is away")
        return await renew(app, held, anew)

    monkeypatch.setattr("adapters.slack.workspaces.renew", keeping)
    with structlog.testing.capture_logs() as logs:
        await asyncio.gather(many.workspaces.token_of(slack.team), away.wait())
        assert await many.workspaces.token_of(slack.team) == slack.bot_token != before
        await settled(many)
    assert "canary" not in str(logs)
    many.workspaces.forget()
    assert await many.workspaces.token_of(slack.team) == slack.bot_token
    assert refreshes(slack) == 1


async def test_a_token_that_was_renewed_elsewhere_is_looked_up_again(many: Many) -> None:
    """One that Slack refuses is no reason to wait for an hour, if there is another."""
    await many.installed(many.slack)
    ada, general = somebody(many.slack)
    assert (await many.slack.command(ada, general, "hello")).status == 200
    old = await many.workspaces.of(many.slack.team)
    await many.installed(many.slack)
    assert old is not None
    many.slack.app.grants[old.token].over = "token_revoked"
    many.workspaces._known[many.slack.team] = (1e12, old)
    await many.send()
    many.passed(seconds=2)
    await many.send()
    assert "hello" in heard(many.slack, ada)


# --- leaving ------------------------------------------------------------------------------------------------


async def test_who_uninstalls_is_forgotten(many: Many) -> None:
    """The token at once and what is still to be sent; what people made after thirty days; others keep all."""
    ours, theirs = many.slack, many.slack.workspace("T0TEAM002")
    store = many.core.store
    for world in (ours, theirs):
        await many.installed(world)
        assert (await world.command(*somebody(world), "hello")).status == 200
    done = await ours.uninstall()
    assert {each.status for each in done} == {200}
    assert await counted(store, installations, departures, codes) == [1, 1, 2]
    async with store.reading() as work:
        assert await work.deliveries.counts() == {State.DEAD: 1, State.PENDING: 1}
    with pytest.raises(Closed):
        await many.connection.client(ours.team)
    ada, general = somebody(ours)
    assert (await ours.command(ada, general, "hello")).status == 200
    assert await counted(store, codes) == [2]
    many.passed(seconds=(KEPT - timedelta(seconds=1)).total_seconds())
    for left in (2, 1):
        async with store.writing() as work:
            await forget_departed(work.connection, many.core.app.clock())
        assert await counted(store, codes, people, identities) == [left] * 3
        many.passed(seconds=1)
    assert await counted(store, departures, installations, deliveries) == [0, 1, 1]
    assert (await theirs.command(*somebody(theirs), "again")).status == 200


async def test_who_installs_again_finds_everything(many: Many) -> None:
    """Also what was put out by mistake; an event that comes late does not undo it."""
    slack = many.slack
    await many.installed(slack)
    ada, general = somebody(slack)
    assert (await slack.command(ada, general, "hello")).status == 200
    await slack.uninstall()
    late = slack.posted[-2][1] | {"event_id": "Ev-late"}
    many.passed(days=1)
    await many.installed(slack)
    for body in (late, late | {"event_id": "Ev-later"}):
        assert (await slack.deliver("events_api", body)).status == 200
    many.passed(days=40)
    async with many.core.store.writing() as work:
        await forget_departed(work.connection, many.core.app.clock())
    assert await counted(many.core.store, installations, departures, codes) == [1, 0, 1]
    assert (await slack.command(ada, general, "history")).status == 200
    await many.send()
    assert "hello" in heard(slack, ada)


async def test_other_tokens_than_the_bots_are_nothing_to_us(many: Many) -> None:
    """People's are never asked for."""
    await many.installed(many.slack)
    for tokens in ({"oauth": ["U1"], "bot": []}, {"oauth": ["U1"]}, {"bot": ["U0OTHER"]}):
        assert (await many.slack.event({"type": "tokens_revoked", "tokens": tokens})).status == 200
    assert await counted(many.core.store, installations) == [1]


async def test_the_bots_own_token_revoked_is_an_end(many: Many) -> None:
    """Where nothing else is said; what cannot be read is a dead letter, what cannot be kept comes again."""
    slack = many.slack
    await many.installed(slack)
    for odd in ({"tokens": 7}, {"tokens": {"bot": [7]}}, {}):
        assert (await slack.event({"type": "tokens_revoked", **odd})).status == 200
    async with many.core.store.reading() as work:
        assert await work.requests.counts() == {State.DEAD: 3}
    assert await counted(many.core.store, installations) == [1]
    revoked = {"type": "tokens_revoked", "tokens": {"bot": [slack.bot_user]}}
    async with many.core.store.writing() as work:
        await work.connection.exec_driver_sql("ALTER TABLE departures RENAME TO away")
    assert (await slack.event(revoked)).status == 503
    async with many.core.store.writing() as work:
        await work.connection.exec_driver_sql("ALTER TABLE away RENAME TO departures")
    assert await counted(many.core.store, installations) == [1]
    assert (await slack.again()).status == 200
    assert await counted(many.core.store, installations) == [0]


async def test_a_token_that_is_over_is_an_end_even_if_nobody_tells(many: Many) -> None:
    """As after an event that did not reach us: sending finds out, and does not go on trying."""
    await many.installed(many.slack)
    ada, general = somebody(many.slack)
    assert (await many.slack.command(ada, general, "help")).status == 200
    many.slack.app.grants[many.slack.bot_token].over = "account_inactive"
    many.slack.fail("response_url", status=404)
    await many.send()
    assert await counted(many.core.store, installations, departures) == [0, 1]
    async with many.core.store.reading() as work:
        assert await work.deliveries.counts() == {State.DEAD: 1}


async def test_a_home_whose_token_is_over_ends_too(many: Many) -> None:
    """No event told so: the first publication finds out, and none is tried again."""
    await many.installed(many.slack)
    ada, _ = somebody(many.slack)
    assert (await opens(many.slack, ada)).status == 200
    many.slack.app.grants[many.slack.bot_token].over = "token_revoked"
    key = f"slack:{many.slack.team}:{ada.id}"
    await refresh(many.core.app, many.post, key)
    assert await counted(many.core.store, installations, departures, boards) == [0, 1, 0]
    assert {call.method for call in many.slack.refused} == {"users.info"}
    many.slack.calls.clear()


async def test_who_looks_up_an_admin_finds_out_that_a_token_is_over(many: Many) -> None:
    """As sending does."""
    await many.installed(many.slack)
    many.slack.app.grants[many.slack.bot_token].over = "token_revoked"
    team = many.slack.team
    asked = Request("a", Actor("slack", f"{team}:U1"), Space("slack", f"{team}:C1"))
    with pytest.raises(Closed):
        await face(many.connection).prepare(asked)
    assert await counted(many.core.store, installations) == [0]
    many.slack.calls.clear()


async def test_with_one_token_an_end_that_is_none_is_found_out(
    slack: FakeSlack, store: Store, connection: Slack
) -> None:
    """An event may come late, after a new token was set: where that works, what people made stays."""
    app = core_on(store).app
    assert await standing(connection, app) == ""
    await app.note("slack:Ev1", (Uninstall(slack.team, app.clock(), app.clock()),))
    slack.revoked = "account_inactive"
    assert await standing(connection, app) == OUT
    assert await counted(store, departures) == [1]
    slack.fail("auth.test", status=500)
    with pytest.raises(FAULTS):
        await standing(connection, app)
    slack.revoked = ""
    assert await standing(connection, app) == ""
    assert await counted(store, departures) == [0]
    slack.revoked = "token_revoked"  # nobody put it out: another token was made
    assert await standing(connection, app) == REVOKED


# --- organisations ------------------------------------------------------------------------------------------


async def test_an_organisation_installs_for_all_its_workspaces(many: Many) -> None:
    """Bodies that name no workspace but the person's find it; each workspace stays by itself."""
    slack = many.slack
    one, two = slack.workspace("T0ORG0001", "E0ORG0001"), slack.workspace("T0ORG0002", "E0ORG0001")
    await many.installed(one, whole=True)
    held = await many.workspaces.of("E0ORG0001")
    assert held is not None
    assert (held.whole, held.id) == (True, "E0ORG0001")
    for world in (one, two):
        ada, general = somebody(world, f"ada of {world.team}")
        assert (await world.command(ada, general, f"text only {world.team}")).status == 200
        await many.send()
        [card] = [each for each in world.visible(world.dm(ada), ada) if each.labels()]
        assert (await world.press(ada, card, "☆ Favourite")).status == 200
        assert (await world.say(ada, world.dm(ada), "/history")).status == 200
        assert (await world.command(ada, general, "wifi")).status == 200
        assert (await world.submit(ada, ssid="Café", password="long enough; really")).status == 200
        await many.send()
        assert f"only {world.team}" in heard(world, ada)
        other = two if world is one else one
        assert f"only {other.team}" not in heard(world, ada)
    assert slack.refused == []
    many.workspaces.forget()
    assert await many.workspaces.token_of(two.team) == two.bot_token  # known from the row


async def test_a_workspace_joins_no_organisation_that_has_left(many: Many) -> None:
    """Another process has heard of it; this one still remembers the installation."""
    one = many.slack.workspace("T0ORG0001", "E0ORG0001")
    await many.installed(one, whole=True)
    assert (await one.command(*somebody(one), "hello")).status == 200
    assert await many.workspaces.of("E0ORG0001") is not None
    now = many.core.app.clock()
    await many.core.app.note("", (Uninstall("E0ORG0001", now, now),))
    many.workspaces._known.pop(one.team, None)
    assert not await many.workspaces.knows(one.team, "E0ORG0001")
    assert await counted(many.core.store, installations, memberships, departures) == [0, 0, 2]


async def test_a_workspace_with_an_installation_of_its_own_is_not_taken_for_its_organisations(
    many: Many,
) -> None:
    """Once this process looks it up anew, as after half a minute."""
    one = many.slack.workspace("T0ORG0001", "E0ORG0001")
    await many.installed(one, whole=True)
    assert (await one.command(*somebody(one), "hello")).status == 200
    await many.connection.client(one.team)
    assert one.team in many.workspaces.whole
    held = await many.workspaces.of("E0ORG0001")
    assert held is not None
    await install(many.core.app, replace(held, id=one.team))
    many.workspaces._known.clear()
    await many.connection.client(one.team)
    assert one.team not in many.workspaces.whole


async def test_a_workspace_leaves_its_organisation_and_an_organisation_leaves(many: Many) -> None:
    """The first is gone alone; the second with all that are of it."""
    slack = many.slack
    one, two = slack.workspace("T0ORG0001", "E0ORG0001"), slack.workspace("T0ORG0002", "E0ORG0001")
    await many.installed(one, whole=True)
    for world in (one, two):
        assert (await world.command(*somebody(world), "hello")).status == 200
    gone = {"type": "team_access_revoked", "team_ids": [one.team]}
    body = {
        "type": "event_callback", "team_id": None, "enterprise_id": "E0ORG0001", "event": gone,
        "event_id": "Ev1", "event_time": int(slack.now()),
    }  # fmt: skip
    assert (await slack.deliver("events_api", body)).status == 200
    async with many.core.store.reading() as work:
        assert await work.deliveries.counts() == {State.DEAD: 1, State.PENDING: 1}
    assert await many.workspaces.of(two.team) is not None
    body |= {"event": {"type": "app_uninstalled"}, "event_id": "Ev2"}
    assert (await slack.deliver("events_api", json.loads(json.dumps(body)))).status == 200
    for team in (two.team, "E0ORG0001"):
        with pytest.raises(Closed):
            await many.connection.client(team)
    assert await counted(many.core.store, installations) == [0]
    async with many.core.store.reading() as work:
        assert await work.deliveries.counts() == {State.DEAD: 2}


async def test_what_is_done_beside_ends_with_the_connection(slack: FakeSlack, store: Store) -> None:
    """Before the database that it uses is closed."""
    async with opened(slack, store) as process:
        process.connection.start(asyncio.sleep(3600))
        (task,) = process.connection.beside
    assert task.cancelled()
