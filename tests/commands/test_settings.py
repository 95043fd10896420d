"""How codes look by default, how the bot speaks and answers; a space's kit."""

import pytest

from bot.commands.settings import read_language, read_timezone
from bot.i18n import LANGUAGES, Translator
from bot.message import Actor, Reply, Status
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style
from bot.wire import load_request
from storage.records import Preferences, Why
from tests.core.talking import (
    BEA,
    GROUP,
    Core,
    asked,
    labels,
    payload,
    person_of,
    pressed,
    rows,
    said,
)

NAVY = "navy on white, size 600, level Q, margin 6"
PRIVACY = "Privacy"


def looks(reply: Reply) -> str:
    """Give the dark colour of a reply's picture."""
    assert reply.picture is not None
    return reply.picture.style.dark


def told(reply: Reply) -> dict[str, str]:
    """Give a card's values by their labels."""
    return {entry.label: entry.value for entry in reply.fields}


# --- style --------------------------------------------------------------------------------------------------


async def test_a_style_is_kept_and_used_for_what_is_made_since(both: Core) -> None:
    """Shown on a sample; older codes keep theirs."""
    old = await said(both, "older")
    reply = await said(both, f"/style {NAVY}")
    assert reply.body == "Your codes look like this: #000080 on #ffffff, size 600, level Q, margin 6"
    assert (payload(reply), looks(reply)) == ("https://example.com", "#000080")
    new = await said(both, "newer")
    assert new.picture is not None
    assert new.picture.style == Style("#000080", "#ffffff", 600, 6, "Q")  # type: ignore[arg-type]  # a StrEnum
    assert looks(await said(both, f"/show {old.code}")) == "#000000"


async def test_a_style_is_changed_part_by_part_and_put_back(core: Core) -> None:
    """Each button changes one thing; "default" clears what was chosen."""
    reply = await said(core, f"/style {NAVY}")
    level = await pressed(core, reply, "Level H")
    assert "#000080 on #ffffff, size 600, level H" in level.body
    for word in ("default", "Default", " default "):
        await said(core, "/style red on white")
        assert looks(await said(core, f"/style {word}")) == "#000000"
        assert (await person_of(core)).preferences.style == ""


async def test_every_button_of_the_style_works(core: Core) -> None:
    """None is refused."""
    reply = await said(core, "/style")
    for label in labels(reply):
        assert (await pressed(core, reply, label)).status is Status.OK


async def test_a_style_that_is_only_shown_changes_nothing(core: Core) -> None:
    """Nothing is kept about who looks."""
    assert looks(await said(core, "/style")) == DEFAULT.dark
    assert await rows(core.store) == {}


async def test_a_wrong_style_is_asked_again_with_the_reason(core: Core) -> None:
    """Also what is wrong inside it: a size, a level."""
    for look, reason in (("navvy", "navy"), ("size 9", "64 to 4096"), ("level X", "L, M, Q and H")):
        reply = await said(core, f"/style {look}")
        assert reply.form is not None
        assert reason in reply.form.questions[0].error
    [question] = await asked(core, "/style size 9")
    assert question.body.startswith("The size goes from 64 to 4096.")
    [changed] = await asked(core, "navy on white")
    assert looks(changed) == "#000080"


async def test_colours_too_close_to_my_own_style_are_refused(core: Core) -> None:
    """And the style stays."""
    await said(core, "/style white on black")
    refused = await said(core, "/style black")
    assert ("too close" in refused.body, refused.status) == (True, Status.REFUSED)
    assert looks(await said(core, "/style")) == "#ffffff"


# --- settings -----------------------------------------------------------------------------------------------


async def test_settings_are_shown_with_what_holds_while_nothing_is_chosen(core: Core) -> None:
    """For the person alone."""
    reply = await said(core, "/settings", where=GROUP)
    assert reply.private
    assert told(reply) == {
        "Style": "#000000 on #ffffff, size 1024, level M, margin 4",
        "File format": "PNG",
        "Language": "English",
        "Time zone": "UTC",
        "Answers in groups": "as usual there",
    }


async def test_settings_are_kept_one_by_one_and_together(both: Core) -> None:
    """What is not named stays."""
    await said(both, "/settings timezone=europe/berlin format=svg")
    values = told(await said(both, "/settings replies=Shared"))
    assert (values["Time zone"], values["File format"], values["Answers in groups"]) == (
        "Europe/Berlin", "SVG", "shared",
    )  # fmt: skip
    kept = Preferences(timezone="Europe/Berlin", format="svg", replies="shared")
    assert (await person_of(both)).preferences == kept
    reply = await said(both, "as a vector")
    assert reply.picture is not None
    assert reply.picture.format == "svg"


async def test_every_button_of_the_settings_works(core: Core) -> None:
    """Formats, who sees answers, style and language."""
    reply = await said(core, "/settings")
    for label in labels(reply):
        assert (await pressed(core, reply, label)).status is Status.OK
    assert (await person_of(core)).preferences.replies == "shared"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("/settings timezone=Nowhere", "I do not know the time zone “Nowhere”."),
        ("/settings format=bmp", "I can make png, jpeg, svg, pdf."),
        ("/settings replies=loud", "Answers are private or shared, not “loud”."),
    ],
)
async def test_a_wrong_setting_is_told_at_its_field(core: Core, line: str, reason: str) -> None:
    """And nothing is kept."""
    reply = await said(core, line)
    assert reply.form is not None
    assert any(reason in each.error for each in reply.form.questions)
    assert await rows(core.store) == {}


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        ("america/port_of_spain", "America/Port_of_Spain"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_time_zone_is_read_in_any_case(typed: str, zone: str) -> None:
    """With spaces, too."""
    assert read_timezone(typed) == zone


@pytest.mark.parametrize("typed", ["", "Europe", "../etc/passwd", "Mars/Base", "/etc/localtime"])
def test_what_is_no_time_zone_is_refused(typed: str) -> None:
    """Folders and paths are none."""
    with pytest.raises(Refused, match="time zone"):
        read_timezone(typed)


# --- language -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", LANGUAGES)
async def test_a_language_is_chosen_by_its_code_or_its_own_name(core: Core, code: str) -> None:
    """The answer is in it already, and so is all that follows."""
    for typed in (code, LANGUAGES[code].upper()):
        reply = await said(core, f"/language {typed}")
        assert reply.body == Translator(code)("I speak {language} with you.", language=LANGUAGES[code])
    assert (await said(core, "/privacy")).title == Translator(code)(PRIVACY)
    assert (await person_of(core)).preferences.language == code


async def test_the_platforms_hint_is_followed_until_a_language_is_chosen(core: Core) -> None:
    """English for languages that are not spoken yet."""
    hints = {"de-AT": "de", "pt-BR": "en", "": "en"}
    for number, (hint, spoken) in enumerate(hints.items()):
        who = Actor("telegram", f"20{number}", language=hint)
        assert (await said(core, "/privacy", who)).title == Translator(spoken)(PRIVACY)
    german = Actor("telegram", "200", language="de")
    await said(core, "/language en", german)
    assert (await said(core, "/privacy", german)).title == "Privacy"


async def test_the_languages_are_buttons(core: Core) -> None:
    """Each by its own name."""
    reply = await said(core, "/language")
    assert (reply.body, labels(reply)) == ("I speak English with you.", list(LANGUAGES.values()))
    assert (await pressed(core, reply, "Español")).body == Translator("es")(
        "I speak {language} with you.", language="Español"
    )


def test_a_language_that_is_not_spoken_is_refused_with_those_that_are() -> None:
    """By their own names."""
    with pytest.raises(Refused, match="I do not speak “Klingon” yet"):
        read_language("Klingon")


# --- kits ---------------------------------------------------------------------------------------------------


async def test_a_kit_is_set_by_an_admin_and_used_by_all_in_its_space(both: Core) -> None:
    """Elsewhere everybody keeps their own."""
    await said(both, "/style red on white", BEA)
    reply = await said(both, f"/kit {NAVY}", where=GROUP, admin=True)
    assert reply.body == "The look of codes made here: #000080 on #ffffff, size 600, level Q, margin 6"
    assert looks(await said(both, "hello", BEA, GROUP)) == "#000080"
    assert looks(await said(both, "hello", BEA)) == "#ff0000"
    assert "#000080" in (await said(both, "/kit", BEA, GROUP)).body
    await said(both, "/kit green on white", where=GROUP, admin=True)
    assert looks(await said(both, "hello", BEA, GROUP)) == "#008000"


async def test_a_kit_leaves_the_format_to_the_person(core: Core) -> None:
    """It says how codes look, not what they are sent as."""
    await said(core, "/settings format=svg")
    await said(core, f"/kit {NAVY}", where=GROUP, admin=True)
    reply = await said(core, "hello", where=GROUP)
    assert reply.picture is not None
    assert reply.picture.format == "svg"


@pytest.mark.parametrize("word", ["clear", "Clear", " clear "])
async def test_a_kit_is_cleared_by_an_admin(core: Core, word: str) -> None:
    """Then everybody's own style is used again."""
    await said(core, f"/kit {NAVY}", where=GROUP, admin=True)
    assert "gone" in (await said(core, f"/kit {word}", where=GROUP, admin=True)).body
    assert "none" in (await said(core, "/kit", where=GROUP)).body
    assert looks(await said(core, "hello", where=GROUP)) == "#000000"


async def test_who_is_no_admin_cannot_touch_the_kit(core: Core) -> None:
    """Neither set nor clear it; they are told in private."""
    await said(core, f"/kit {NAVY}", where=GROUP, admin=True)
    for line in ("/kit red on white", "/kit clear"):
        refused = await said(core, line, BEA, GROUP, admin=False)
        assert (refused.body, refused.private) == ("Only admins of this place can set its kit.", True)
    assert looks(await said(core, "hello", where=GROUP)) == "#000080"


async def test_whether_somebody_is_an_admin_is_looked_up_first(core: Core) -> None:
    """A job that goes through the door again once it is known."""
    assert await asked(core, f"/kit {NAVY}", where=GROUP) == []
    [unit] = core.woken
    [job] = unit.requests
    assert (job.why, job.lane, job.person_id) == (Why.JOB, GROUP.key, (await person_of(core)).id)
    assert load_request(job.body).text == f"/kit {NAVY}"
    assert "kits" not in await rows(core.store)


async def test_a_private_chat_has_no_kit(core: Core) -> None:
    """One's own look is the style."""
    reply = await said(core, f"/kit {NAVY}", admin=True)
    assert ("/style" in reply.body, reply.status) == (True, Status.REFUSED)


async def test_a_wrong_kit_is_asked_again(core: Core) -> None:
    """With the reason at its field."""
    reply = await said(core, "/kit navvy on white", where=GROUP, admin=True)
    assert reply.form is not None
    assert "navy" in reply.form.questions[0].error
    assert reply.form.command == "kit"
