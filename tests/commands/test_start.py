"""What a link to the bot brings along: a look, a template, a way to a command, or nothing it knows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.looks import SAMPLE
from bot.message import Reply, Status, Upload
from bot.qr.style import DEFAULT, parse_style, presets, share_code
from bot.qr.style.sharing import LONGEST
from storage.encryption import KeyRing
from storage.store import open_store
from storage.url import database_url
from tests.commands.test_make import look_of
from tests.core.talking import (
    ADA,
    BEA,
    Core,
    asked,
    button,
    codes_of,
    core_on,
    filled,
    labels,
    payload,
    person_of,
    pressed,
    said,
)
from tests.fakes.drawn import plain

NAVY = parse_style("dots navy on white, eyes rounded", DEFAULT)


@pytest.fixture
async def linked(blank: Path, tmp_path: Path, ring: KeyRing) -> AsyncIterator[Core]:
    """A core whose Telegram bot has a name, and whose server has an address."""

    def link(platform: str, word: str) -> str:
        start = f"?start={word}" if word else ""
        return f"https://t.me/qr_bot{start}" if platform == "telegram" else ""

    copy = tmp_path / "linked.db"
    copy.write_bytes(blank.read_bytes())
    async with open_store(database_url(f"sqlite:///{copy}"), ring) as opened:
        yield core_on(opened, link=link, public_url="https://qr.example.com")


async def test_the_greeting_is_a_code_that_leads_to_the_bot(linked: Core) -> None:
    """In a frame that speaks the person's language; elsewhere it leads to the server."""
    reply = await said(linked, "/start")
    assert payload(reply) == "https://t.me/qr_bot"
    assert reply.picture is not None
    assert reply.picture.style.frame is not None
    assert len(labels(reply)) == 3
    elsewhere = await said(linked, "/start", replace(ADA, platform="web"))
    assert payload(elsewhere) == "https://qr.example.com"


async def test_a_look_is_shared_by_a_link(linked: Core) -> None:
    """What is copied opens the bot with a sample; one press takes it, another makes one code in it."""
    shown = await said(linked, "/style dots navy on white, eyes rounded")
    link = button(shown, "Copy to share").copy
    word = link.removeprefix("https://t.me/qr_bot?start=")
    assert word == f"s_{share_code(NAVY)}"
    offered = await said(linked, f"/start {word}", BEA)
    assert offered.picture is not None
    assert (offered.picture.payload, offered.picture.style) == (SAMPLE, NAVY)
    assert labels(offered) == ["Use it", "Make a code with it"]
    await said(linked, button(offered, "Make a code with it").line, BEA, pressed=True)
    form = await pressed(linked, offered, "Make a code with it", BEA)
    assert form.form is not None
    made = await said(linked, command="qr", values={**form.form.values, "text": "once"}, who=BEA)
    assert (payload(made), look_of(made)) == ("once", NAVY)
    assert look_of(await said(linked, "as ever", BEA)) == DEFAULT
    await pressed(linked, offered, "Use it", BEA)
    assert look_of(await said(linked, "from now on", BEA)) == NAVY


@pytest.mark.parametrize("name", presets())
async def test_every_look_fits_a_link_and_its_buttons(core: Core, name: str) -> None:
    """64 characters for the link, 64 bytes for a button."""
    code = share_code(presets()[name])
    assert len(f"s_{code}") <= 64
    offered = await said(core, f"/start s_{code}")
    assert all(len(each.line.encode()) <= 64 for row in offered.buttons for each in row)
    assert len(f"use {'x' * LONGEST}") == 64


async def test_a_template_opens_the_form_in_the_look_and_gives_nothing_away(linked: Core) -> None:
    """Neither what the code says, nor a picture that somebody sent."""
    upload = Upload("logo", data=plain("teal", 300, 300))
    await said(linked, "/logo", uploads=(upload,))
    await said(linked, "/style navy on white, level H")
    made = await said(linked, '/wifi "My home" "a secret key"')
    form = await said(linked, f"/start t_{made.code}", BEA)
    assert form.form is not None
    assert form.form.command == "wifi"
    assert not [word for word in ("My home", "a secret key") if word in str(form)]
    theirs = await said(
        linked,
        command="wifi",
        values={**form.form.values, "ssid": "Café", "password": "long enough"},
        who=BEA,
    )
    assert payload(theirs) == "WIFI:T:WPA;S:Café;P:long enough;;"
    assert (look_of(theirs).dark, look_of(theirs).logo) == ("#000080", None)
    assert [code.title for code in await codes_of(linked)] == ["Wi-Fi: My home"]


async def test_a_template_is_asked_for_question_by_question(linked: Core) -> None:
    """The look comes along to the end, and is no question itself."""
    made = await said(linked, '/place look="navy on white" 48.8584 2.2945')
    [first] = await asked(linked, f"/start t_{made.code}", BEA)
    assert first.body == "Latitude? (1 of 2)"
    await asked(linked, "1.5", BEA)
    [enough] = await asked(linked, "2.5", BEA)
    assert [field.label for field in enough.fields] == ["Latitude", "Longitude"]
    [theirs] = await asked(linked, button(enough, "Make it now").line, BEA, pressed=True)
    assert (payload(theirs), look_of(theirs).dark) == ("geo:1.5,2.5", "#000080")


async def test_a_template_of_a_text_asks_for_a_text(linked: Core) -> None:
    """In its look too."""
    made = await said(linked, '/qr look="navy on white" hello')
    form = await said(linked, f"/start t_{made.code}", BEA)
    assert form.form is not None
    assert form.form.command == "qr"
    theirs = await filled(linked, "qr", text="mine", **form.form.values)
    assert look_of(theirs).dark == "#000080"


@pytest.mark.parametrize(("word", "title"), [("settings", "Settings"), ("help", "What I can do")])
async def test_a_link_may_lead_to_a_command(core: Core, word: str, title: str) -> None:
    """As other bots' links do."""
    assert (await said(core, f"/start {word}")).title == title


@pytest.mark.parametrize(
    "word", ["s_nonsense", "s_", "t_7K3F9QXM2A", "t_!", "forgetme", "x" * 64, "<b>", "s_" + "A" * 200]
)
async def test_a_link_that_leads_nowhere_is_a_plain_start_with_a_sentence(core: Core, word: str) -> None:
    """Wrong, cut off, of a code that is deleted, or of a newer version."""
    reply: Reply = await said(core, f"/start {word}")
    assert reply.body.startswith("This link is not complete, or what it led to is gone.")
    assert (reply.status, labels(reply)) == (Status.OK, ["Make one", "Wi-Fi", "What I can do"])


async def test_a_look_said_with_any_kind_is_that_codes_alone(core: Core) -> None:
    """Where what follows the word is not taken as it stands."""
    made = await said(core, '/wifi Home "long enough" look="red on white"')
    assert look_of(made).dark == "#ff0000"
    assert payload(await said(core, "/text look=red hello")) == "look=red hello"
    wrong = await said(core, '/wifi Home "long enough" look="navvy on white"')
    assert wrong.form is not None
    assert [each.name for each in wrong.form.questions if each.error] == ["look"]
    assert (await person_of(core)).preferences.style == ""
