"""The one door: once, again on what changed, kept when a command raises, slow with who is too fast."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any

import pytest
import structlog
from sqlalchemy import select, text, update

from bot.app import TRIES_ON_STALE
from bot.command import Arg, Command, command
from bot.commands import COMMANDS
from bot.context import Context
from bot.i18n import Translator
from bot.message import Actor, Asking, Outcome, Reply, Request, Status, plain
from bot.wire import load_reply, load_request
from storage.changes import DeleteCode, SetPreferences
from storage.people import set_preferences
from storage.records import State, Why
from storage.store import Store
from storage.tables import people, requests
from tests.core.talking import (
    ADA,
    Core,
    asked,
    core_on,
    filled,
    person_of,
    request,
    rows,
    said,
    shut,
    waiting,
)

SECRET = "s3cret-canary"
SORRY = (
    "Something went wrong here, not with you. Please try again; if it stays, name this number: {incident}."
)
SLOWLY = "That was a lot at once. Please wait a minute, then go on."


@command("boom", group="make")
async def boom(context: object, what: Annotated[str, Arg("what")] = "") -> Outcome:
    """Raise."""
    raise RuntimeError(f"quotes {SECRET}")


@command("stale", group="make")
async def stale(context: Context) -> Outcome:
    """Ask for a change whose premise never holds."""
    return Outcome(Reply(body="never said"), (DeleteCode("C000000000", context.person.id),))


def with_commands(core: Core, *more: Command, **changes: Any) -> Core:
    """Add commands to a core; its clock, and what it woke, stay."""
    app = replace(core.app, commands={**COMMANDS, **{each.name: each for each in more}}, **changes)
    return replace(core, app=app)


async def parked(core: Core) -> Any:
    """Read the only stored request, its body opened."""
    async with core.store.reading() as work:
        [id] = await work.connection.scalars(select(requests.c.id))
        return await work.requests.get(id)


def delivered(core: Core, line: str, **more: Any) -> Request:
    """Make a request that is answered later."""
    return replace(request(core, line, answered=False, asking=Asking.QUESTION), **more)


# --- once ---------------------------------------------------------------------------------------------------


async def test_a_request_that_is_repeated_is_answered_once(both: Core) -> None:
    """By its id, also when both come at the same moment; what it changes is changed once."""
    twice = delivered(both, "hello")
    assert await both.app.handle(twice) is None
    before = await rows(both.store)
    assert [await both.app.handle(twice), await both.app.handle(twice)] == [None, None]
    assert await rows(both.store) == before
    other = replace(twice, id="another")
    await asyncio.gather(*(both.app.handle(other) for _ in range(5)))
    assert (await rows(both.store))["codes"] == 2
    assert len(both.woken) == 2


async def test_a_request_that_changes_nothing_is_not_remembered(core: Core) -> None:
    """Answered inside the call, it may be repeated for nothing; neither are forms."""
    for line in ("/help", "/start", "/history", "/nosuch", "/wifi", "/export"):
        await said(core, line)
    assert (await filled(core, "wifi", ssid="Home", password="short")).form is not None
    assert await rows(core.store) == {}
    assert core.woken == []


async def test_a_request_that_changes_something_is_remembered(core: Core) -> None:
    """Also where it is answered inside the call."""
    await said(core, "hello")
    assert (await rows(core.store))["seen"] == 1


async def test_somebody_who_only_asks_is_not_kept(core: Core) -> None:
    """The answer is sent without anybody being known."""
    await asked(core, "/help")
    assert set(await rows(core.store)) == {"deliveries", "seen"}
    await asked(core, "hello")
    assert (await rows(core.store))["people"] == 1


async def test_two_first_messages_at_once_make_one_person(both: Core) -> None:
    """The second is decided again, on what the first committed."""
    await asyncio.gather(*(both.app.handle(delivered(both, f"text {number}")) for number in range(8)))
    found = await rows(both.store)
    assert (found["people"], found["identities"], found["codes"]) == (1, 1, 8)


async def test_a_form_where_forms_are_shown_is_answered_inside_the_call(core: Core) -> None:
    """The face opens it; the rest of what it says is delivered."""
    reply = await core.app.handle(delivered(core, "/wifi", asking=Asking.FORM))
    assert reply is not None
    assert reply.form is not None
    assert await core.app.handle(delivered(core, "hello", asking=Asking.FORM)) is None
    assert len(await waiting(core.store)) == 1


async def test_showing_a_form_ends_a_question_asked_before(core: Core) -> None:
    """One face shows forms in its pages, and asks in its messages."""
    await asked(core, "/wifi")
    assert (await said(core, "/wifi")).form is not None
    assert "drafts" not in await rows(core.store)


# --- again --------------------------------------------------------------------------------------------------


async def test_a_command_runs_again_when_its_premise_no_longer_holds(both: Core) -> None:
    """On fresh reads, until they hold: what it says is what was committed."""
    await said(both, "hello")
    seen: list[str] = []

    @command("overtaken", group="make")
    async def overtaken(context: Context) -> Outcome:
        """Read, let somebody else write, write."""
        before = context.person.preferences
        seen.append(before.format)
        if len(seen) < TRIES_ON_STALE:
            await _set_format(both, f"v{len(seen)}")
        after = replace(before, timezone="UTC")
        return Outcome(Reply(body=before.format), (SetPreferences(context.person.id, before, after),))

    reply = await said(with_commands(both, overtaken), "/overtaken")
    assert (reply.body, seen) == ("v2", ["", "v1", "v2"])
    kept = (await person_of(both)).preferences
    assert (kept.format, kept.timezone) == ("v2", "UTC")


async def _set_format(core: Core, format: str) -> None:
    person = await person_of(core)
    async with core.store.writing() as work:
        after = replace(person.preferences, format=format)
        change = SetPreferences(person.id, person.preferences, after)
        await set_preferences(work.connection, work.people.ring, change)


async def test_a_premise_that_never_holds_ends_after_three_times(core: Core) -> None:
    """Then it is kept to be tried later; who waits for an answer gets an apology."""
    mine, counted = with_commands(core, stale), list[str]()

    async def allowed(account: str) -> int:
        counted.append(account)
        return 0

    mine = replace(mine, app=replace(mine.app, allowed=allowed))
    assert (await said(mine, "/stale")).status is Status.FAILED
    assert await asked(mine, "/stale") == []
    row = await parked(mine)
    assert (row.why, row.attempts) == (Why.PARKED, 1)
    assert row.error.startswith("Stale")
    assert counted == [ADA.key] * 2  # once for each request, however often it is decided


# --- kept ---------------------------------------------------------------------------------------------------


async def test_a_command_that_raises_is_parked_and_acknowledged(both: Core) -> None:
    """Sealed, with its person, once; the log names the place, never the words."""
    await said(both, "hello")
    mine = with_commands(both, boom)
    made = delivered(both, f"/boom {SECRET}")
    with structlog.testing.capture_logs() as logs:
        assert await mine.app.handle(made) is None
        assert await mine.app.handle(made) is None
    row = await parked(mine)
    assert (row.why, row.state, row.attempts, row.lane) == (Why.PARKED, State.PENDING, 1, "telegram:101")
    assert (row.due_at - row.created_at).total_seconds() == 2
    assert row.person_id == (await person_of(both)).id
    assert load_request(row.body) == made
    assert SECRET not in str(logs)
    assert "RuntimeError at test_door.py" in str(logs)
    assert SECRET not in row.error


async def test_who_waits_for_an_answer_gets_an_apology_in_their_language(core: Core) -> None:
    """With a number to name; nothing is kept."""
    mine = with_commands(core, boom)
    await said(core, "/language de")
    before = await rows(core.store)
    reply = await said(mine, f"/boom {SECRET}")
    incident = reply.body[-11:-1] if reply.body.endswith(".") else reply.body[-10:]
    assert reply.body == Translator("de")(SORRY, incident=incident)
    assert reply.status is Status.FAILED
    assert await rows(core.store) == before
    french = Actor("telegram", "7", language="fr")
    assert (await said(mine, "/boom", french)).body.startswith(Translator("fr")(SORRY, incident="")[:20])


async def test_somebody_who_cannot_be_read_is_no_reason_to_lose_their_request(core: Core) -> None:
    """Their row is damaged: the request is parked without them, and acknowledged."""
    await said(core, "hello")
    async with core.store.writing() as work:
        await work.connection.execute(update(people).values(preferences=b"damaged"))
    assert await core.app.handle(delivered(core, "hello again")) is None
    row = await parked(core)
    assert (row.person_id, row.why) == ("", Why.PARKED)
    assert row.error.startswith("Unsealable")
    assert (await said(core, "hello again")).status is Status.FAILED


async def test_nothing_is_acknowledged_while_the_database_is_away(core: Core) -> None:
    """The platform repeats it; who waits is told that it failed."""
    async with core.store.writing() as work:
        await work.connection.execute(text("ALTER TABLE seen RENAME TO gone"))
    with pytest.raises(Exception, match="no such table"):
        await core.app.handle(delivered(core, "hello"))
    async with core.store.writing() as work:
        await work.connection.execute(text("ALTER TABLE gone RENAME TO seen"))
    assert await core.app.handle(delivered(core, "hello")) is None
    assert (await rows(core.store))["codes"] == 1


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_request_that_came_while_the_server_was_away_is_answered_once(
    both: Core, url: str, postgres: str
) -> None:
    """Each try raises until it is back; the connections that were lost are no obstacle then."""
    await said(both, "before")
    made = delivered(both, "hello")
    async with shut(url, postgres):
        for _ in range(2):
            with pytest.raises(Exception, match=r"not currently accepting|closed|terminat"):
                await both.app.handle(made)
    assert [await both.app.handle(made) for _ in range(2)] == [None, None]
    assert [load_reply(each.body).title for each in await waiting(both.store)] == ["hello"]


async def test_what_no_request_could_be_made_of_is_kept_once_as_a_dead_letter(both: Core) -> None:
    """Sealed as it came; repeated, it is not kept again."""
    for _ in range(2):
        await both.app.bury("telegram:bot:1", "telegram:5", f'{{"broken": "{SECRET}"}}')
    row = await parked(both)
    assert (row.why, row.state, row.lane, row.body) == (
        Why.UNREADABLE, State.DEAD, "telegram:5", f'{{"broken": "{SECRET}"}}',
    )  # fmt: skip
    assert row.finished_at is not None
    async with both.store.reading() as work:
        assert SECRET.encode() not in (await work.connection.execute(select(requests.c.body))).scalar_one()


# --- slowly -------------------------------------------------------------------------------------------------


async def test_who_is_too_fast_is_told_once_and_then_not_answered(core: Core) -> None:
    """Silence writes nothing at all."""
    core.verdicts[:] = [0, 1, 2, 2, 0]
    told = [[plain(reply) for reply in await asked(core, f"word {number}")] for number in range(5)]
    assert told == [["word 0"], [SLOWLY], [], [], ["word 4"]]
    found = await rows(core.store)
    assert (found["codes"], found["deliveries"], found["seen"]) == (2, 3, 3)


async def test_who_waits_for_an_answer_is_always_told(core: Core) -> None:
    """A page or a console has to show something."""
    core.verdicts[:] = [1, 2]
    for _ in range(2):
        reply = await said(core, "hello")
        assert (reply.body, reply.status) == (SLOWLY, Status.REFUSED)
    assert await rows(core.store) == {}


async def test_stored_requests_do_not_count_against_the_limit(store: Store) -> None:
    """They did so when they came."""
    core = core_on(store)
    core.verdicts[:] = [0, 2]
    mine = with_commands(core, boom)
    await mine.app.handle(delivered(mine, "/boom"))
    row = await parked(mine)
    await core.app.handle(replace(load_request(row.body), id=f"job:{row.id}", text="hello"), row)
    assert [load_reply(each.body).title for each in await waiting(store)] == ["hello"]
    assert core.verdicts == [2]


async def test_a_reply_names_the_language_it_is_said_in(core: Core) -> None:
    """As the person chose, else as the platform hints: faces add words of their own."""
    canadian = replace(ADA, language="fr-CA")
    assert (await said(core, "hello", canadian)).language == "fr"
    await said(core, "/language es", canadian)
    assert (await said(core, "hello", canadian)).language == "es"
    told = await asked(core, "/export", canadian)
    assert [reply.language for reply in told] == ["es", "es"]


async def test_words_inside_a_sentence_are_translated_with_it(core: Core) -> None:
    """Units, for instance: they stand in the sentence as values."""
    german = replace(ADA, language="de")
    assert "Ziffern zu lang" in (await said(core, "7" * 7090, german)).body
