"""Every kind of content, asked for question by question: what is needed, back, skip, more, and in groups."""

from typing import Any

import pytest

from bot.commands import COMMANDS
from bot.conversation import DRAFT_LIFE
from bot.message import Actor, Reply, Space
from bot.qr.payloads import KINDS
from bot.qr.payloads.kind import assembled, told
from bot.qr.picture import render
from tests.commands.test_make import HOME, KEY
from tests.contents import EXAMPLES, Example
from tests.core.talking import ADA, GROUP, Core, asked, button, labels, passed, payload, private, rows
from tests.fakes.outside import decode

SAID = {
    "contact": {"phones": "+44 20 7946 0958"},  # a contact without any is refused
    "event": {"timezone": "Europe/Berlin"},
}


def needed(example: Example) -> dict[str, str]:
    """Write an example's values as they are typed, by what each is called."""
    kind = KINDS[example.kind]
    reading = kind.read(example.text)
    assert reading is not None
    return {entry.name: value for entry, value in told(reading.content)}


async def talk(core: Core, line: str, values: dict[str, str]) -> tuple[Reply, dict[str, str]]:
    """Answer whatever is asked, by a button where there is one; take "Make it now" as soon as it is there."""
    [reply] = await asked(core, line)
    given: dict[str, str] = {}
    for _ in range(30):
        if reply.picture is not None:
            return reply, given
        if "Make it now" in labels(reply):
            [reply] = await asked(core, button(reply, "Make it now").line, pressed=True)
            continue
        name = next(
            param.name
            for param in COMMANDS[line.lstrip("/")].params
            if f"{param.arg.help[:1].upper()}{param.arg.help[1:]}?" in reply.body
        )
        given[name] = values[name]
        pressable = [each for row in reply.buttons for each in row if each.line.endswith(f" {values[name]}")]
        if pressable:
            [reply] = await asked(core, pressable[0].line, pressed=True)
        else:
            [reply] = await asked(core, values[name])
    raise AssertionError(reply)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.kind)
async def test_every_kind_is_made_from_what_it_needs(core: Core, example: Example) -> None:
    """The picture is decoded, and says what the kind's own builder makes of the answers."""
    kind = KINDS[example.kind]
    values = {"text": example.text} if kind.name in ("text", "raw") else needed(example)
    made, given = await talk(core, f"/{kind.name}", values | SAID.get(kind.name, {}))
    param = {each.name: each for each in COMMANDS[kind.name].params}
    built = kind.build(
        assembled(kind.content, {name: param[name].convert(value) for name, value in given.items()})
    )
    assert payload(made) == built
    assert made.picture is not None
    assert decode(render(made.picture).data) == [built]
    assert "drafts" not in await rows(core.store)


# --- the ways around a question -----------------------------------------------------------------------------


async def press(core: Core, reply: Reply, label: str, who: Actor = ADA, where: Space | None = None) -> Reply:
    """Press a button under a question, and give the one answer."""
    [answer] = await asked(core, button(reply, label).line, who, where, pressed=True)
    return answer


async def say(core: Core, text: str, who: Actor = ADA, where: Space | None = None, **more: Any) -> Reply:
    """Say something, and give the one answer."""
    [answer] = await asked(core, text, who, where, **more)
    return answer


async def test_a_question_says_how_far_one_is(core: Core) -> None:
    """Among what is needed, then among all; a single one is not counted."""
    assert (await say(core, "/epc")).body == "Name of the payee? (1 of 2)"
    second = await say(core, "Red Cross")
    assert second.body == "IBAN of the payee? (2 of 2)"
    offer = await say(core, "DE89 3704 0044 0532 0130 00")
    more = await press(core, offer, "More fields")
    count = len(KINDS["epc"].content.__dataclass_fields__)
    assert more.body == f"Amount in euros? (3 of {count})"
    assert (await say(core, "/qr")).body == "What the code should say?"


async def test_optional_values_are_asked_for_one_by_one_and_may_be_left_out(core: Core) -> None:
    """Skipped, answered, or enough at any of them; after the last it is made."""
    await say(core, "/mail")
    offer = await say(core, "ada@example.org")
    assert [(each.label, each.value) for each in offer.fields] == [("Recipients", "ada@example.org")]
    subject = await press(core, offer, "More fields")
    assert labels(subject) == ["Back", "Skip", "Make it now", "Cancel"]
    body = await press(core, subject, "Skip")
    copies = await say(core, "At five?")
    assert (body.body, copies.body) == ("Message? (3 of 5)", "Recipients of a copy? (4 of 5)")
    made = await press(core, copies, "Make it now")
    assert payload(made) == "mailto:ada@example.org?body=At%20five%3F"
    await say(core, "/mail")
    reply = await press(core, await say(core, "ada@example.org"), "More fields")
    for _ in range(3):
        reply = await press(core, reply, "Skip")
    assert payload(await press(core, reply, "Skip")) == "mailto:ada@example.org"


async def test_what_was_answered_can_be_gone_back_to_and_kept_or_said_anew(core: Core) -> None:
    """It stands there; a secret does not."""
    await say(core, "/wifi")
    key = await say(core, "Hme")
    name = await press(core, key, "Back")
    assert name.body == "Network name? (1 of 1)".removesuffix(" (1 of 1)") + "\nSo far: Hme"
    assert labels(name) == ["Keep it", "Cancel"]
    assert "Network key?" in (await press(core, name, "Keep it")).body
    await press(core, key, "Back")
    await say(core, "Home")
    offer = await say(core, KEY)
    again = await press(core, offer, "Back")
    assert ("Network key?" in again.body, KEY in str(again)) == (True, False)
    assert labels(again)[:3] == ["It is an open network", "Back", "Keep it"]
    offer = await press(core, again, "Keep it")
    assert payload(await press(core, offer, "Make it now")) == HOME


async def test_a_wrong_answer_among_the_optional_ones_is_asked_again_there(core: Core) -> None:
    """With the reason, and what was said before is kept."""
    await say(core, "/epc")
    await say(core, "Red Cross")
    amount = await press(core, await say(core, "DE89 3704 0044 0532 0130 00"), "More fields")
    again = await say(core, "much")
    assert again.body.splitlines()[-1] == amount.body
    assert "much" in again.body.splitlines()[0]
    following = await say(core, "12.50")
    assert "Amount" not in following.body
    made = await press(core, following, "Make it now")
    assert payload(made) == "BCD\n002\n1\nSCT\n\nRed Cross\nDE89370400440532013000\nEUR12.50"


async def test_a_choice_that_does_not_go_with_an_answer_asks_for_that_again(core: Core) -> None:
    """A key that is none of an old network's; then the offer stands again."""
    await say(core, "/wifi")
    await say(core, "Home")
    security = await press(core, await say(core, KEY), "More fields")
    assert security.body.startswith("Encryption?")
    key = await press(core, security, "WEP")
    assert "Network key?" in key.body
    offer = await say(core, "12345")
    assert payload(await press(core, offer, "Make it now")) == "WIFI:T:WEP;S:Home;P:12345;;"


async def test_what_is_answered_by_a_button_changes_the_question_in_place(core: Core) -> None:
    """What is typed gets a message of its own, and so does what was pressed elsewhere."""
    first = await say(core, "/wifi")
    key = await say(core, "Home")
    offer = await press(core, key, "open network")
    assert (first.replace, key.replace, offer.replace) == (False, False, True)
    assert (await press(core, offer, "More fields")).replace
    greeting = await say(core, "/start")
    assert not (await press(core, greeting, "Wi-Fi")).replace
    kinds = await say(core, "/pay")
    assert (await press(core, kinds, "SEPA payment")).replace
    assert (await say(core, "cancel", pressed=True)).replace


async def test_an_offer_stays_open_whatever_is_said_meanwhile(core: Core) -> None:
    """Nothing is asked that a text could answer; the buttons do what they say."""
    await say(core, "/wifi Home")
    offer = await say(core, KEY)
    assert payload(await say(core, "something else")) == "something else"
    assert payload(await press(core, offer, "Make it now")) == HOME
    assert (await press(core, offer, "Make it now")).body.startswith("That question is over")


async def test_a_question_that_expired_is_over_and_says_so(core: Core) -> None:
    """Whatever is pressed under it."""
    await say(core, "/wifi Home")
    offer = await say(core, KEY)
    passed(core, seconds=DRAFT_LIFE.total_seconds() + 1)
    for label in ("Make it now", "More fields", "Back"):
        over = await press(core, offer, label)
        assert "half an hour" in over.body


# --- where others read along --------------------------------------------------------------------------------


async def test_in_a_group_the_ways_are_said_in_words(core: Core) -> None:
    """A question that is answered freely opens its answer; a choice has its buttons."""
    name = await say(core, "/epc", ADA, GROUP)
    assert (name.expects, labels(name)) == ("Name of the payee", [])
    assert name.body.splitlines()[-1] == "Just answer this message, or say “cancel”."
    iban = await say(core, "Red Cross", ADA, GROUP)
    assert "“back” or “cancel”" in iban.body or "“back”, “cancel”" in iban.body
    back = await say(core, "Back", ADA, GROUP)
    assert "So far: Red Cross" in back.body
    await say(core, "skip", ADA, GROUP)
    offer = await say(core, "DE89 3704 0044 0532 0130 00", ADA, GROUP)
    assert (offer.expects, "More fields" in labels(offer)) == ("", True)
    amount = await say(core, "more fields", ADA, GROUP)
    assert amount.expects == "Amount in euros"
    assert "“skip”, “make it now”" in amount.body
    made = await say(core, "make it now", ADA, GROUP)
    assert payload(made).startswith("BCD\n002\n1\nSCT\n\nRed Cross")
    assert "drafts" not in await rows(core.store)


async def test_in_a_group_a_question_after_a_press_is_a_message_of_its_own(core: Core) -> None:
    """Only a new one can open its answer."""
    await say(core, "/epc", ADA, GROUP)
    await say(core, "Red Cross", ADA, GROUP)
    offer = await say(core, "DE89 3704 0044 0532 0130 00", ADA, GROUP)
    amount = await press(core, offer, "More fields", ADA, GROUP)
    assert (amount.replace, amount.expects) == (False, "Amount in euros")


async def test_in_a_group_a_question_is_left_by_a_word(core: Core) -> None:
    """In the person's own language too."""
    await say(core, "/epc", ADA, GROUP)
    assert (await say(core, "cancel", ADA, GROUP)).body == "Stopped. Nothing was made."
    await say(core, "/epc", ADA, GROUP)
    assert payload(await say(core, "skip", ADA, private(ADA))) == "skip"


async def test_in_private_every_word_is_an_answer(core: Core) -> None:
    """There are buttons for the ways; only cancel is always one."""
    await say(core, "/wifi")
    assert "Network key?" in (await say(core, "back")).body
    assert (await say(core, "cancel")).body == "Stopped. Nothing was made."
