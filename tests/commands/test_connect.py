"""Accounts of several platforms become one person, and two again."""

import re
from datetime import timedelta

import pytest

from bot.ids import ALPHABET
from bot.message import Actor, Asking, Reply, Status, plain
from bot.pairing import LENGTH, LIFE, new_code, read_pairing_code
from bot.pairing import shown as shown_as
from bot.qr.refusal import Refused
from storage.changes import SaveDraft
from tests.core.talking import (
    ADA,
    GROUP,
    Core,
    asked,
    button,
    codes_of,
    labels,
    passed,
    person_of,
    pressed,
    rows,
    said,
)

ON_SLACK = Actor("slack", "T1:U1", "ada")
USED = "This pairing code is used or too old. Say /connect on your other account to get a new one."


async def shown(core: Core, who: Actor = ADA) -> str:
    """Let an account show a pairing code: the line to type on the other."""
    return button(await said(core, "/connect", who), "Copy").copy


async def connected(core: Core, shows: Actor = ADA, types: Actor = ON_SLACK) -> Reply:
    """Connect two accounts."""
    return await said(core, await shown(core, shows), types)


async def test_a_code_is_shown_to_the_person_alone_with_how_to_use_it(core: Core) -> None:
    """In a group, too; it must not stay anywhere."""
    reply = await said(core, "/connect", where=GROUP)
    assert (reply.private, reply.secret) == (True, True)
    line = button(reply, "Copy").copy
    assert re.fullmatch(rf"/connect [{ALPHABET}]{{3}}(-[{ALPHABET}]{{3}}){{2}}", line)
    assert line in reply.body
    assert [entry.label for entry in reply.fields] == ["Pairing code", "Telegram"]


async def test_typed_on_the_other_account_it_makes_one_person_of_two(both: Core) -> None:
    """The older stays; codes of both are shared; the joining account's settings yield."""
    await said(both, "on telegram")
    await said(both, "/settings timezone=Europe/Berlin")
    passed(both, minutes=1)
    await said(both, "on slack", ON_SLACK)
    await said(both, "/settings timezone=Asia/Tokyo", ON_SLACK)
    older = (await person_of(both)).id
    reply = await connected(both)
    assert (reply.title, reply.private) == ("Connected", True)
    assert "Telegram: Ada\nSlack: ada" in plain(reply)
    for account in (ADA, ON_SLACK):
        person = await person_of(both, account)
        assert (person.id, person.preferences.timezone) == (older, "Europe/Berlin")
        assert {code.text for code in await codes_of(both, account)} == {"on telegram", "on slack"}


async def test_the_older_person_stays_whoever_typed_the_code(core: Core) -> None:
    """Shown on the newer account, typed on the older."""
    await said(core, "on telegram")
    passed(core, minutes=1)
    await said(core, "on slack", ON_SLACK)
    older = (await person_of(core)).id
    await connected(core, ON_SLACK, ADA)
    assert (await person_of(core, ON_SLACK)).id == older


async def test_somebody_new_can_type_the_code(both: Core) -> None:
    """Nothing of theirs was kept before."""
    await said(both, "on telegram")
    passed(both, minutes=1)
    await connected(both)
    assert [code.text for code in await codes_of(both, ON_SLACK)] == ["on telegram"]
    assert (await rows(both.store))["people"] == 1


async def test_a_code_works_once_and_for_ten_minutes(core: Core) -> None:
    """Then a new one is needed; a new one replaces the last."""
    first, second = await shown(core), await shown(core)
    assert (await said(core, first, ON_SLACK)).body == USED
    assert (await said(core, second, ON_SLACK)).title == "Connected"
    assert (await said(core, second, Actor("web", "guest"))).body == USED
    late = await shown(core)
    passed(core, seconds=LIFE.total_seconds())
    assert (await said(core, late, Actor("web", "guest"))).body == USED
    assert timedelta(minutes=10) == LIFE


async def test_a_code_typed_where_it_was_shown_is_told_to_be_for_the_other(core: Core) -> None:
    """It is not used up by that."""
    line = await shown(core)
    refused = await said(core, line)
    assert (refused.body, refused.status) == (
        "This code is for your other account: type it there.",
        Status.REFUSED,
    )
    assert (await said(core, line, ON_SLACK)).title == "Connected"


async def test_a_connection_can_be_undone(both: Core) -> None:
    """From the answer, or later from /connect; what was made since stays; twice is refused."""
    await said(both, "on telegram")
    passed(both, minutes=1)
    await said(both, "on slack", ON_SLACK)
    reply = await connected(both)
    await said(both, "made since", ON_SLACK)
    again = await said(both, "/connect")
    assert "Undo: ada" in labels(again)
    undone = await pressed(both, again, "Undo: ada")
    assert (undone.title, undone.private) == ("Disconnected", True)
    assert {code.text for code in await codes_of(both, ADA)} == {"on telegram", "made since"}
    assert {code.text for code in await codes_of(both, ON_SLACK)} == {"on slack"}
    refused = await pressed(both, reply, "Undo")
    assert refused.body == "There is no such connection any more. /connect shows those you have."


async def test_only_the_person_can_undo_their_connection(core: Core) -> None:
    """Its number is no way in for others."""
    await said(core, "on telegram")
    reply = await connected(core)
    refused = await pressed(core, reply, "Undo", Actor("telegram", "666"))
    assert "no such connection" in refused.body
    assert (await person_of(core, ON_SLACK)).id == (await person_of(core)).id


async def test_a_question_of_who_joins_is_over_and_that_of_who_stays_goes_on(both: Core) -> None:
    """Half a form of the joining account is not taken along."""
    await asked(both, "/wifi")
    passed(both, minutes=1)
    await asked(both, "/wifi", ON_SLACK)
    line = await shown(both, ADA)
    await asked(both, "/wifi")  # showing the code was another command
    await asked(both, line, ON_SLACK, asking=Asking.QUESTION)
    assert (await rows(both.store))["drafts"] == 1
    [key] = await asked(both, "Home")
    assert "Network key?" in key.body


async def test_what_is_answered_to_a_join_belongs_to_who_stays(core: Core) -> None:
    """Else forgetting that person would leave the answer's row."""
    await said(core, "on telegram")
    passed(core, minutes=1)
    await said(core, "on slack", ON_SLACK)
    await asked(core, await shown(core), ON_SLACK)
    [sent] = core.woken[-1].deliveries
    assert sent.person_id == (await person_of(core)).id
    assert not [change for change in core.woken[-1].changes if isinstance(change, SaveDraft)]


@pytest.mark.parametrize("text", ["people", "7K3", "ABCDEFGHK", "7K3F9QXM2A", "7K3F9Q M2"])
def test_a_word_is_never_taken_for_a_code(text: str) -> None:
    """Every code holds a digit."""
    with pytest.raises(Refused, match="is not a pairing code"):
        read_pairing_code(text)


def test_every_code_holds_a_digit_and_reads_back() -> None:
    """As shown, in lower case, without its hyphen."""
    for code in (new_code() for _ in range(500)):
        assert len(code) == LENGTH
        for typed in (code, shown_as(code), code.lower()):
            assert read_pairing_code(typed) == code
