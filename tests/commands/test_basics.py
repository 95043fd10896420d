"""Hello, help, privacy, and leaving a form."""

import pytest

from bot.commands import COMMANDS
from bot.message import Actor, Asking, Status
from tests.core.talking import ADA, GROUP, Core, asked, button, codes_of, labels, payload, pressed, rows, said

VISIBLE = [name for name, each in COMMANDS.items() if not (each.hidden or each.of)]
BRIEF = [name for name in VISIBLE if COMMANDS[name].group in ("more", "pay")]


@pytest.mark.parametrize("line", ["/start", "start", "/start from-a-link"])
async def test_somebody_new_is_told_what_to_do(core: Core, line: str) -> None:
    """Whatever a deep link brings along; nothing is kept about who only said hello."""
    reply = await said(core, line)
    assert reply.title == "Hello! I make QR codes that scan."
    assert labels(reply) == ["Make one", "Wi-Fi", "What I can do"]
    assert payload(reply) == reply.title  # nobody knows an address that leads here
    assert ("This link" in reply.body) is ("from-a-link" in line)
    assert await rows(core.store) == {}


async def test_every_button_of_the_greeting_leads_somewhere(core: Core) -> None:
    """None is refused."""
    greeting = await said(core, "/start")
    for label in labels(greeting):
        assert (await pressed(core, greeting, label)).status in (Status.OK, Status.INCOMPLETE)


async def test_help_lists_every_command_that_people_type(core: Core) -> None:
    """With what it does, the rarer kinds by their words alone; those that are only pressed are left out."""
    lines = (await said(core, "/help")).body.splitlines()
    told = {line.partition(" – ")[0]: line.partition(" – ")[2] for line in lines if " – " in line}
    assert told == {f"/{name}": COMMANDS[name].summary for name in VISIBLE if name not in BRIEF}
    words = [word for line in lines if line.startswith("/") and " – " not in line for word in line.split()]
    assert sorted(words) == sorted(f"/{name}" for name in BRIEF)


@pytest.mark.parametrize("name", VISIBLE)
async def test_help_explains_one_command(core: Core, name: str) -> None:
    """How it is said, what each value is, and an example that works as it stands."""
    found = COMMANDS[name]
    reply = await said(core, f"/help /{name.upper()}")
    values = {entry.label: entry.value for entry in reply.fields}
    assert (reply.title, reply.body) == (f"/{name}", found.summary)
    assert values["Say"].startswith(f"/{name}")
    assert [param.name for param in found.params] == list(values)[1 : 1 + len(found.params)]
    if found.example:
        example = values["Example"]
        where = GROUP if name == "kit" else None
        answer = await said(core, example, where=where, admin=True)
        assert answer.status is (Status.REFUSED if name in ("connect", "prove") else Status.OK)


async def test_help_on_slack_says_every_word_as_it_is_typed_there(core: Core) -> None:
    """Slack knows /qr alone, and says of any other command that it is none; how that is comes first."""
    slack = Actor("slack", "T1:U1")
    shown = await said(core, "/help", slack)
    assert shown.body.startswith("On Slack every word follows /qr")
    told = [line.partition(" – ")[0] for line in shown.body.splitlines() if " – " in line]
    named = (name for name in VISIBLE if name not in BRIEF)
    assert sorted(told) == sorted("/qr" if name == "qr" else f"/qr {name}" for name in named)
    assert "/invite @qr" in shown.body
    one = await said(core, "/help wifi", slack)
    assert one.title == "/qr wifi"
    assert [entry.value[:8] for entry in one.fields if entry.label in ("Say", "Example")] == ["/qr wifi"] * 2
    assert (await said(core, "/help qr", slack)).title == "/qr"


@pytest.mark.parametrize("word", ["nosuch", "show"])
async def test_help_of_what_is_no_command_says_so(core: Core, word: str) -> None:
    """Also for one that is only pressed."""
    reply = await said(core, f"/help {word}")
    assert (reply.body, reply.status) == (f"There is no command “/{word}”.", Status.MISSING)


async def test_privacy_says_what_is_kept_and_offers_to_take_or_delete_it(core: Core) -> None:
    """Both at once from there."""
    reply = await said(core, "/privacy")
    assert reply.title == "Privacy"
    assert [button(reply, label).line for label in labels(reply)] == ["/export", "/forgetme"]


async def test_privacy_on_slack_says_what_becomes_of_a_workspace_that_removes_the_app(core: Core) -> None:
    """When, and that it can be undone until then."""
    reply = await said(core, "/privacy", Actor("slack", "T1:U1"))
    assert "30 days" in reply.body
    assert "installed again" in reply.body


async def test_an_unknown_command_offers_the_nearest_and_a_code_of_itself(core: Core) -> None:
    """A text that only looks like a command is one press away."""
    reply = await said(core, "/wfii")
    assert reply.body == "There is no command “/wfii”. Did you mean “/wifi”?"
    assert reply.status is Status.REFUSED
    assert labels(reply) == ["/wifi", "Make a code of it", "What I can do"]
    assert payload(await pressed(core, reply, "Make a code of it")) == "/wfii"


async def test_an_unknown_command_too_long_for_a_button_is_told_in_short(core: Core) -> None:
    """Telegram refuses a button that says more than 64 bytes."""
    reply = await said(core, "/" + "ä" * 60)
    assert labels(reply) == ["What I can do"]
    assert len(reply.body) < 100


async def test_an_old_button_that_no_longer_means_anything_makes_no_code(core: Core) -> None:
    """What is pressed is always a command."""
    for line in ("nosuch 1", "/nosuch 1", "show"):
        reply = await said(core, line, pressed=True)
        assert reply.picture is None
        assert reply.status in (Status.REFUSED, Status.INCOMPLETE)


async def test_a_form_of_an_older_version_is_refused_kindly(core: Core) -> None:
    """Its command is gone."""
    reply = await said(core, command="nosuch", values={"a": "b"})
    assert "older version" in reply.body
    assert reply.status is Status.REFUSED


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
async def test_an_empty_text_is_asked_for(core: Core, text: str) -> None:
    """A sticker, a voice message, a line of spaces."""
    reply = await said(core, text)
    assert (reply.body, reply.status) == (
        "There is nothing here that I can make a code of. Send me a text, a link, a contact, a place, or a "
        "picture or file with a code in it.",
        Status.REFUSED,
    )


async def test_half_a_character_is_refused_whatever_it_is_said_in(core: Core) -> None:
    """A lone surrogate in a text, an option, a form; in a name it is mended."""
    for text in ("\ud83d", "/qr look=\ud83d x", "/language \ud83d", "/nosuch\ud83d"):
        assert "half a character" in (await said(core, text)).body
    filled = await said(core, command="wifi", values={"ssid": "\ud83d", "password": "long enough"})
    assert "half a character" in filled.body
    await said(core, "whole", who=Actor("telegram", "103", "Half \ud83d"))
    [code] = await codes_of(core, Actor("telegram", "103"))
    assert code.text == "whole"


async def test_half_a_character_in_a_message_is_answered_too(core: Core) -> None:
    """Of messages it is remembered what they said; whoever is known, and whether they are changed."""
    await said(core, "hello")
    for text, edited in (("a \ud83d", False), ("b \ud83d", True)):
        (answer,) = await asked(core, text, message="5", edited=edited)
        assert "half a character" in answer.body
    (answer,) = await asked(core, "a", message="5", edited=True)
    assert payload(answer) == "a"


# --- leaving a form -----------------------------------------------------------------------------------------


async def test_cancel_leaves_what_was_being_filled_in(core: Core) -> None:
    """The next text is a text again; a second cancel has nothing to stop."""
    await asked(core, "/wifi")
    [stopped] = await asked(core, "Cancel")
    assert stopped.body == "Stopped. Nothing was made."
    [made] = await asked(core, "a text again")
    assert payload(made) == "a text again"
    [nothing] = await asked(core, "/cancel")
    assert nothing.body == "There is nothing to stop."


async def test_the_cancel_button_does_the_same(core: Core) -> None:
    """It stands under every question."""
    [question] = await asked(core, "/wifi")
    [stopped] = await asked(core, button(question, "Cancel").line, pressed=True)
    assert stopped.body == "Stopped. Nothing was made."
    assert "drafts" not in await rows(core.store)


async def test_cancel_where_forms_are_shown_has_nothing_to_stop(core: Core) -> None:
    """Nothing is kept of a form that was only shown."""
    await said(core, "/wifi", asking=Asking.FORM)
    assert (await said(core, "cancel", ADA)).body == "There is nothing to stop."
