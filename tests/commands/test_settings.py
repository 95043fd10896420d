"""How the bot speaks and answers."""

import pytest

from bot.i18n import LANGUAGES, Translator
from bot.message import Actor, Reply, Status
from bot.preferences import read_language, read_timezone
from bot.qr.refusal import Refused
from storage.records import Preferences
from tests.core.talking import (
    GROUP,
    Core,
    labels,
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
    return str(reply.picture.style.dark)


def told(reply: Reply) -> dict[str, str]:
    """Give a card's values by their labels."""
    return {entry.label: entry.value for entry in reply.fields}


# --- settings -----------------------------------------------------------------------------------------------


async def test_settings_are_shown_with_what_holds_while_nothing_is_chosen(core: Core) -> None:
    """For the person alone."""
    reply = await said(core, "/settings", where=GROUP)
    assert reply.private
    assert told(reply) == {
        "Style": "black on white",
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
        ("/settings format=bmp", "I can make png, jpeg, webp, svg, pdf, eps, text."),
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


async def test_settings_change_in_place_where_nobody_else_reads_along(core: Core) -> None:
    """By their own buttons; opened from elsewhere, or in a group, they are a message of their own."""
    for line, label in (("/settings", "SVG"), ("/settings", "Private answers"), ("/language", "English")):
        card = await said(core, line, pressed=True)
        assert not card.replace
        assert (await pressed(core, card, label)).replace
        assert not (await pressed(core, card, label, where=GROUP)).replace
    sheet = await pressed(core, await said(core, "/style"), "Presets")
    assert sheet.replace
    assert (await pressed(core, sheet, "Back")).replace
    assert not (await pressed(core, sheet, "ink", where=GROUP)).replace
