"""Forms where none can be shown: one question after the other, in the chat where it may be answered."""

from dataclasses import replace
from typing import Any

import pytest

from bot.commands.forms import read_draft
from bot.conversation import DRAFT_LIFE
from bot.message import About, Actor, Asking, Reply, Space, Status
from bot.qr.refusal import Refused
from bot.wire import load_reply
from storage.changes import SaveDraft, Unit
from storage.records import Draft
from tests.commands.test_make import HOME, KEY, look_of
from tests.core.talking import (
    ADA,
    BEA,
    GROUP,
    Core,
    asked,
    button,
    codes_of,
    labels,
    passed,
    payload,
    person_of,
    private,
    request,
    rows,
    said,
    waiting,
)


async def made_of(core: Core, text: str, who: Actor = ADA, where: Space | None = None, **more: Any) -> Reply:
    """Answer the last question that has to be answered, and be content with that."""
    [enough] = await asked(core, text, who, where, **more)
    [made] = await asked(core, button(enough, "Make it now").line, who, where, **more | {"pressed": True})
    return made


async def test_a_network_is_asked_for_one_question_after_the_other(core: Core) -> None:
    """Name, then key, with the open network as a way out; the draft is gone once it is made."""
    [name] = await asked(core, "/wifi")
    assert (name.title, name.body) == ("Make a code that joins a Wi-Fi network.", "Network name?")
    [key] = await asked(core, "  Home ")
    assert key.body == "A Wi-Fi password has 8 to 63 characters.\nNetwork key? (2 of 2)"
    assert labels(key) == ["It is an open network", "Back", "Cancel"]
    [enough] = await asked(core, KEY)
    assert labels(enough) == ["Make it now", "More fields", "Back", "Cancel"]
    assert [(field.label, field.value) for field in enough.fields] == [
        ("Network name", "Home"),
        ("Network key", "•••"),
    ]
    [made] = await asked(core, button(enough, "Make it now").line, pressed=True)
    assert payload(made) == HOME
    assert "drafts" not in await rows(core.store)


async def test_the_way_out_of_a_question_is_a_button_or_its_words(core: Core) -> None:
    """``security=nopass`` is offered; typed, it is the same."""
    for how in ("press", "type"):
        await asked(core, "/wifi Café")
        [key] = await asked(core, "/wifi Café")
        line = button(key, "open network").line
        assert len(line.encode()) <= 64
        said_ = (line, True) if how == "press" else ("security=nopass", False)
        made = await made_of(core, said_[0], pressed=said_[1])
        assert payload(made) == "WIFI:T:nopass;S:Café;;"


async def test_a_wrong_answer_is_asked_again_with_the_reason(core: Core) -> None:
    """And what was right stays."""
    await asked(core, "/wifi Home")
    [again] = await asked(core, "short")
    assert again.body.startswith("A Wi-Fi password has 8 to 63 characters.")
    made = await made_of(core, KEY)
    assert payload(made) == HOME


async def test_a_choice_is_asked_with_a_button_for_each(core: Core) -> None:
    """Pressed, it answers; an answer that is none is asked again."""
    [question] = await asked(core, f'/wifi Home "{KEY}" WPA9')
    assert labels(question) == ["WPA", "WPA3", "WEP", "nopass", "EAP", "Back", "Cancel"]
    assert [len(row) for row in question.buttons] == [3, 2, 1, 1]
    made = await made_of(core, button(question, "WPA3").line, pressed=True)
    assert payload(made) == "WIFI:T:WPA;S:Home;P:long enough;R:1;;"


async def test_a_text_is_asked_for_and_taken_to_the_last_space(core: Core) -> None:
    """The answer to a ``rest`` parameter is verbatim."""
    [question] = await asked(core, "/qr")
    assert question.body == "What the code should say?"
    [made] = await asked(core, " as it is ")
    assert payload(made) == " as it is "


async def test_an_answer_too_long_leaves_the_question_open(core: Core) -> None:
    """The next text answers it: here with the look that was said before."""
    await asked(core, '/qr look="red on white"')
    [refused] = await asked(core, "x" * 3000)
    assert "too long" in refused.body
    [made] = await asked(core, "shorter")
    assert (payload(made), look_of(made).dark) == ("shorter", "#ff0000")


async def test_what_says_nothing_leaves_the_question_open(core: Core) -> None:
    """A sticker, an unknown command, too much at once."""
    await asked(core, "/wifi")
    await asked(core, "")
    await asked(core, "/wfii")
    core.verdicts[:] = [1, 2]
    await asked(core, "Home")
    assert await asked(core, "Home") == []
    [key] = await asked(core, "Home")
    assert "Network key?" in key.body


async def test_a_press_elsewhere_leaves_the_question_open(core: Core) -> None:
    """An older code is looked at between two answers."""
    [code] = await asked(core, "an older code")
    await asked(core, "/wifi Home")
    await asked(core, button(code, "File").line, pressed=True)
    made = await made_of(core, KEY)
    assert payload(made) == HOME


async def test_another_command_ends_the_question(core: Core) -> None:
    """Who asks for help is no longer naming a network."""
    await asked(core, "/wifi")
    await asked(core, "/help")
    [made] = await asked(core, "Home")
    assert payload(made) == "Home"


async def test_a_new_form_takes_the_place_of_an_older_one(core: Core) -> None:
    """A button of the older question is over; the new one stays open."""
    [old] = await asked(core, "/wifi Old")
    [new] = await asked(core, "/wifi New")
    assert button(old, "open network").line == button(new, "open network").line  # one form, asked anew
    made = await made_of(core, button(old, "open network").line, pressed=True)
    assert payload(made) == "WIFI:T:nopass;S:New;;"
    await asked(core, "/wifi Third")
    [other] = await asked(core, '/qr look="red on white"')
    [over] = await asked(core, button(old, "open network").line, pressed=True)
    assert (other.body, over.status) == ("What the code should say?", Status.MISSING)
    [answered] = await asked(core, "still open")
    assert look_of(answered).dark == "#ff0000"


async def test_a_button_of_a_question_that_is_over_says_so(core: Core) -> None:
    """Pressed twice, or after a cancel."""
    [key] = await asked(core, "/wifi Home")
    line = button(key, "open network").line
    made = await made_of(core, line, pressed=True)
    assert made.picture is not None
    [over] = await asked(core, line, pressed=True)
    assert over.body.startswith("That question is over")
    assert over.status is Status.MISSING
    with pytest.raises(Refused):
        read_draft("nonsense")


async def test_a_question_expires(core: Core) -> None:
    """After half an hour a text is a text again."""
    await asked(core, "/wifi")
    passed(core, seconds=DRAFT_LIFE.total_seconds() + 1)
    [made] = await asked(core, "Home")
    assert payload(made) == "Home"


async def test_a_draft_of_a_command_that_is_gone_is_passed_over(core: Core) -> None:
    """A newer version may have renamed it."""
    await said(core, "hello")
    person = await person_of(core)
    gone = Draft("D000000001", person.id, "telegram:101", "nosuch", {}, "x", core.hands[-1] + DRAFT_LIFE)
    await core.store.commit(Unit("", core.hands[-1], (SaveDraft(gone),)))
    [made] = await asked(core, "just a text")
    assert payload(made) == "just a text"
    await core.store.commit(Unit("", core.hands[-1], (SaveDraft(gone),)))
    [over] = await asked(core, "answer D000000001 x", pressed=True)
    assert over.status is Status.MISSING


async def test_two_people_in_one_group_answer_each_their_own_question(core: Core) -> None:
    """A draft is a person's in a space."""
    await asked(core, "/qr", ADA, GROUP)
    [bea] = await asked(core, "free text", BEA, GROUP)
    assert payload(bea) == "free text"
    [ada] = await asked(core, "the answer", ADA, GROUP)
    assert payload(ada) == "the answer"
    assert len(await codes_of(core, ADA)) == 1


async def test_a_key_is_asked_for_and_answered_where_nobody_reads_along(core: Core) -> None:
    """Begun in a group, the question moves to the private chat, and with it the conversation."""
    [name] = await asked(core, "/wifi", ADA, GROUP)
    assert not name.private
    [key] = await asked(core, "Home", ADA, GROUP)
    assert key.private
    [in_the_group] = await asked(core, "not the key", ADA, GROUP)
    assert payload(in_the_group) == "not the key"
    made = await made_of(core, KEY, ADA, private(ADA))
    assert payload(made) == HOME
    assert "drafts" not in await rows(core.store)
    assert {code.space for code in await codes_of(core)} == {"telegram:101", "telegram:-500"}


async def test_the_private_chat_may_have_a_number_of_its_own(core: Core) -> None:
    """On Slack it is a channel; a wrong answer there is asked again there."""
    who, direct = Actor("slack", "T1:U1"), Space("slack", "T1:D1")
    channel = replace(GROUP, platform="slack", id="T1:C1")

    async def heard(text: str, where: Space) -> Reply:
        [reply] = await asked(core, text, who, None, space=where)
        return reply

    assert (await heard("/wifi Home", channel)).private
    assert "8 to 63" in (await heard("short", direct)).body
    enough = await heard(KEY, direct)
    [made] = await asked(core, button(enough, "Make it now").line, who, space=direct, pressed=True)
    assert payload(made) == HOME
    assert "drafts" not in await rows(core.store)


@pytest.mark.parametrize(
    "line",
    [
        "/wifi Home correct horse battery",
        "/wifi Home correct WPA horse",
        "/wifi Home correct WPA yes horse battery",
        "/otp Mail JBSW Y3DP EHPK 3PXP",
        "/otp Mail JBSWY3DPEHPK3PXP digits=horse",
    ],
)
async def test_no_piece_of_a_secret_is_said_where_others_read_along(core: Core, line: str) -> None:
    """What is too much may be the rest of it; whatever is asked then is asked in private."""
    for more in ({}, {"answered": True, "asking": Asking.FORM}):
        made = request(core, line, ADA, GROUP, **{"answered": False, "asking": Asking.QUESTION} | more)
        inside = await core.app.handle(made)
        reply = inside or load_reply((await waiting(core.store))[-1].body)
        assert (reply.private, reply.revealing, reply.picture) == (True, True, None)
        told = replace(reply, form=replace(reply.form, values={}) if reply.form is not None else None)
        assert not [word for word in ("horse", "battery", "Y3DP", "EHPK") if word in str(told)]
    [in_the_group] = await asked(core, "good morning", ADA, GROUP)
    assert payload(in_the_group) == "good morning"


async def test_who_answers_with_a_secret_is_offered_to_take_the_answer_back(core: Core) -> None:
    """It is under the reply that follows: one that is pressed after it answers another message."""
    [key] = await asked(core, "/wifi Home")
    [again] = await asked(core, "short")
    [enough] = await asked(core, KEY)
    [more] = await asked(core, button(enough, "More fields").line, pressed=True)
    [choice] = await asked(core, "nonsense")
    assert [each.revealing for each in (key, again, enough, more, choice)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    [refused] = await asked(core, "/wifi Home short", ADA, GROUP)
    [borrowed] = await asked(core, "/wifi password=short", ADA, GROUP, about=About(text="Home"))
    assert (refused.private, refused.revealing, borrowed.revealing) == (True, True, False)
