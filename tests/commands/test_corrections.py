"""A message that its author changed: its code says the new text; what was no code is as if said anew."""

from dataclasses import replace
from typing import Any

import pytest

from bot.message import Reply, Status
from storage.changes import ReviseCode, Stale, Unit
from storage.records import Delivery
from tests.core.talking import (
    ADA,
    BEA,
    GROUP,
    Core,
    asked,
    button,
    codes_of,
    payload,
    person_of,
    pressed,
)
from tests.core.talking import private as home
from tests.core.talking import request, rows, said, waiting


async def changed(core: Core, text: str, message: str = "3", **more: Any) -> list[Reply]:
    """Change a message to another text; the answers."""
    return await asked(core, text, message=message, edited=True, **more)


async def last(core: Core) -> Delivery:
    """Give the newest delivery."""
    return (await waiting(core.store))[-1]


async def test_a_changed_text_changes_its_code_and_takes_the_place_of_its_picture(both: Core) -> None:
    """The history has one code, under the same id, from the same moment."""
    await asked(both, "https://example.com/mneu", message="3")
    [before] = await codes_of(both)
    [reply] = await changed(both, "https://example.com/menu")
    [after] = await codes_of(both)
    assert after == replace(before, text="https://example.com/menu", title=after.title)
    assert (reply.replace, reply.code, payload(reply)) == (True, before.id, "https://example.com/menu")
    assert (await last(both)).said == "3"
    [again] = await changed(both, "https://example.com/")
    assert (again.replace, (await codes_of(both))[0].text) == (True, "https://example.com/")


async def test_a_change_keeps_the_look_and_the_star(core: Core) -> None:
    """What was chosen by buttons since is not undone by mending a typo."""
    [reply] = await asked(core, "hello", message="3")
    await said(core, f"restyle {reply.code} navy on white", pressed=True)
    await pressed(core, reply, "Favourite")
    [before] = await codes_of(core)
    await changed(core, "hello there")
    [after] = await codes_of(core)
    assert (after.text, after.style, after.favourite) == ("hello there", before.style, True)
    await changed(core, '/qr look="dots" format=svg hello there')
    [last_] = await codes_of(core)
    assert (last_.format, last_.style != before.style) == ("svg", True)


async def test_a_change_of_kind_is_one_too(core: Core) -> None:
    """A text that becomes an address is an address."""
    await asked(core, "hello", message="3")
    await changed(core, "https://example.com")
    assert [(code.kind, code.text) for code in await codes_of(core)] == [("url", "https://example.com")]


async def test_what_says_the_same_is_not_answered(both: Core) -> None:
    """A link's preview, a reaction: nothing is sent, nothing is kept."""
    await asked(both, "hello", message="3")
    kept = await rows(both.store)
    assert await changed(both, "hello") == []
    assert await rows(both.store) == kept


async def test_a_refusal_leaves_the_code_as_it_was(core: Core) -> None:
    """The sentence says what to mend, below the picture."""
    await asked(core, "hello", message="3")
    [reply] = await changed(core, "x" * 5000)
    assert (reply.status, reply.replace) == (Status.REFUSED, False)
    assert [code.text for code in await codes_of(core)] == ["hello"]
    await changed(core, "hello again")
    assert [code.text for code in await codes_of(core)] == ["hello again"]


async def test_a_message_that_was_no_code_is_as_if_said_now(core: Core) -> None:
    """Also one that was said before we were told of it."""
    await asked(core, "/help", message="2")
    for text, message in (("hello", "2"), ("there", "9")):
        [reply] = await changed(core, text, message)
        assert (payload(reply), reply.replace) == (text, False)
    assert len(await codes_of(core)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "/wifi Home s3cret-pass",
        "/otp ada JBSWY3DPEHPK3PXP",
        "WIFI:T:WPA;S:Home;P:s3cret-pass;;",
        "/wifi Home",
        "/wifi Home short",
        "/history",
        "/nosuch",
        "/qr look=nonsense hello",
    ],
)
async def test_whatever_says_the_same_does_nothing_again(both: Core, text: str) -> None:
    """Secrets, questions, commands, refusals: once, however often Telegram says that it was changed."""
    await asked(both, "hello", message="2")
    assert len(await asked(both, text, message="3")) == 1
    kept = await rows(both.store)
    for _ in range(2):
        assert await changed(both, text) == []
    assert await rows(both.store) == kept
    await changed(both, "/help")
    assert await changed(both, "/help") == []
    [back] = await changed(both, text)
    assert back.title or back.body


async def test_a_code_that_was_refused_a_change_is_not_refused_twice(both: Core) -> None:
    """And what is said then is its code's again."""
    [made] = await asked(both, "hello", message="3")
    assert len(await changed(both, "x" * 5000)) == 1
    assert await changed(both, "x" * 5000) == []
    [again] = await changed(both, "hello there")
    assert (again.replace, again.code) == (True, made.code)


async def test_a_code_that_became_a_secret_is_made_once(both: Core) -> None:
    """And says the next secret in a code of its own."""
    await asked(both, "hello", message="3")
    assert len(await changed(both, "/wifi Home s3cret-pass")) == 1
    assert await changed(both, "/wifi Home s3cret-pass") == []
    [reply] = await changed(both, "/wifi Home s3cret-pass2")
    assert (reply.replace, len(await codes_of(both))) == (False, 2)


async def test_what_was_not_answered_is_not_remembered(both: Core) -> None:
    """Chatter in a group, what came from nowhere, who is not kept, and who wants to be forgotten."""
    await asked(both, "/start", message="1")
    await asked(both, "hello")
    await asked(both, "/nosuch", ADA, GROUP, message="2", overheard=True)
    assert "shown" not in await rows(both.store)
    await asked(both, "/forgetme confirm=yes", message="3")
    assert "shown" not in await rows(both.store)


async def test_a_secret_is_remembered_without_its_code_and_not_replaced(both: Core) -> None:
    """Its change makes a new code, as it may be shown elsewhere."""
    await asked(both, "/wifi Home s3cret-pass", message="3")
    async with both.store.reading() as work:
        [kept] = await work.messages.of((await person_of(both)).id)
    assert (kept.said, kept.code_id, kept.message) == ("3", "", "")
    [reply] = await changed(both, "/wifi Home s3cret-pass2")
    assert (reply.replace, reply.private, len(await codes_of(both))) == (False, True, 2)


async def test_a_code_that_is_gone_is_made_anew(core: Core) -> None:
    """The person deleted it."""
    [reply] = await asked(core, "hello", message="3")
    await said(core, f"delete {reply.code} confirm=yes", pressed=True)
    [anew] = await changed(core, "hello there")
    assert (anew.replace, anew.code != reply.code) == (False, True)
    [again] = await changed(core, "hello you")
    assert (again.replace, again.code) == (True, anew.code)


async def test_a_message_that_only_asked_for_a_code_does_not_change_it(core: Core) -> None:
    """What it says now is a code of its own."""
    [first] = await asked(core, "hello", message="3")
    await asked(core, f"/show {first.code}", message="4")
    [reply] = await changed(core, "other", "4")
    assert (reply.replace, sorted(code.text for code in await codes_of(core))) == (False, ["hello", "other"])


async def test_the_last_answer_to_a_form_is_no_code_by_itself(core: Core) -> None:
    """Changed, it is a text of its own, and what the form made stays."""
    await asked(core, "/call", message="3")
    await asked(core, "+49 30 123456", message="4")
    [reply] = await changed(core, "+49 30 654321", "4")
    assert (reply.replace, len(await codes_of(core))) == (False, 2)


async def test_an_earlier_answer_is_not_taken_for_the_next_one(core: Core) -> None:
    """While a question is open a changed message is no answer to it; the question stays."""
    await asked(core, "/wifi", message="3")
    await asked(core, "Gest network", message="4")
    [told] = await changed(core, "Guest network", "4")
    assert "cannot change an answer" in told.body
    assert (await rows(core.store))["drafts"] == 1
    [enough] = await asked(core, "s3cret-pass", message="5")
    [made] = await asked(core, button(enough, "Make it now").line, pressed=True)
    assert "Gest network" in made.title


async def test_a_code_may_be_mended_while_a_question_is_open(core: Core) -> None:
    """The question stays open."""
    await asked(core, "hello", message="3")
    await asked(core, "/wifi", message="4")
    [reply] = await changed(core, "hello there")
    assert (payload(reply), reply.replace) == ("hello there", True)
    assert (await rows(core.store))["drafts"] == 1


async def test_in_a_group_everybody_changes_their_own(core: Core) -> None:
    """Messages are told apart by their place."""
    await asked(core, "/qr one", ADA, GROUP, message="3")
    await asked(core, "/qr two", BEA, home(BEA), message="3")
    [reply] = await changed(core, "/qr one more", who=ADA, where=GROUP)
    assert (payload(reply), reply.replace) == ("one more", True)
    assert [code.text for code in await codes_of(core, BEA)] == ["two"]


async def test_a_press_is_remembered_by_the_message_it_changes(core: Core) -> None:
    """So that the last of several quick ones is the one that is made."""
    [reply] = await asked(core, "hello", message="3")
    line = button(reply, "Favourite").line
    made = request(core, line, pressed=True, answered=False, message="4")
    await core.app.handle(made)
    assert ((await last(core)).pressed, (await last(core)).said) == ("4", "")


async def test_what_was_remembered_goes_with_the_person_and_is_in_their_export(both: Core) -> None:
    """Ids alone: which message became which code."""
    await asked(both, "hello", message="3")
    person = await person_of(both)
    async with both.store.reading() as work:
        [kept] = await work.messages.of(person.id)
    assert (kept.space, kept.said, kept.message) == ("telegram:101", "3", "")
    exported = await said(both, "/export")
    assert '"shown": [' in exported.files[0].text
    await said(both, "/forgetme confirm=yes")
    assert "shown" not in await rows(both.store)


async def test_a_revision_of_somebody_elses_code_is_stale(core: Core) -> None:
    """Checked where it is written too."""
    await asked(core, "hello", message="3")
    [code] = await codes_of(core)
    with pytest.raises(Stale):
        await core.store.commit(Unit(changes=(ReviseCode(replace(code, person_id="somebody")),)))
