"""Making codes: of a text, of a network; forms, questions, limits, and what must not be seen."""

from dataclasses import replace

import pytest

from bot.cards import TITLE
from bot.looks import read_format, read_look
from bot.message import Reply, Status
from bot.qr.payloads.payload import Level
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style
from bot.qr.symbol import capacity
from tests.core.talking import (
    GROUP,
    Core,
    codes_of,
    filled,
    labels,
    payload,
    rows,
    said,
)

MADE = ["Style", "File", "☆ Favourite", "More"]
KEY = "long enough"
HOME = "WIFI:T:WPA;S:Home;P:long enough;;"


def look_of(reply: Reply) -> Style:
    """Give the look of a reply's picture."""
    assert reply.picture is not None
    return reply.picture.style


# --- texts --------------------------------------------------------------------------------------------------


async def test_a_text_becomes_a_code_with_what_can_be_done_with_it(core: Core) -> None:
    """Kept as typed, in the default look, as a PNG."""
    reply = await said(core, "https://example.com/Menu?a=1")
    [code] = await codes_of(core)
    assert (code.text, code.kind, code.title) == ("https://example.com/Menu?a=1", "url", code.text)
    assert (code.id, code.space, code.format) == (reply.code, "telegram:101", "png")
    assert reply.picture is not None
    assert (reply.picture.format, reply.picture.name) == ("png", f"qr-{code.id.lower()}")
    assert (look_of(reply), labels(reply), reply.body) == (DEFAULT, MADE, "")


@pytest.mark.parametrize(
    "text", ["two  spaces ", " in front", "line\nbreak\r\n", "\ttab", "naïve – “quoted”", "😀"]
)
async def test_every_character_that_was_typed_is_in_the_code(core: Core, text: str) -> None:
    """Spaces, too: a payload must not be changed."""
    assert payload(await said(core, text)) == text
    assert payload(await said(core, f"/text {text}")) == text


async def test_a_long_text_has_a_short_title(core: Core) -> None:
    """One line, cut with an ellipsis."""
    reply = await said(core, "many\nlines " + "x" * 100)
    assert reply.title == "many lines " + "x" * (TITLE - 12) + "…"


async def test_a_look_and_a_format_can_be_said_with_the_code(core: Core) -> None:
    """They hold for this code alone."""
    reply = await said(core, '/qr look="navy on white, size 600, level Q, margin 2" format=svg hello')
    assert look_of(reply) == Style("#000080", size=600, quiet_zone=2, level=Level.Q)
    assert reply.picture is not None
    assert reply.picture.format == "svg"
    assert look_of(await said(core, "another")) == DEFAULT


async def test_what_phones_may_not_like_is_told_with_the_code(core: Core) -> None:
    """A narrow margin, light on dark, where it is to stay so; else the proof mends it."""
    reply = await said(core, '/qr look="white on black, margin 1, exact" hello')
    assert "Light on dark" in reply.body
    assert "margin is smaller" in reply.body
    assert (await said(core, '/qr look="white on black, margin 1" hello')).body == ""


async def test_a_wrong_colour_is_told_at_its_field_with_the_nearest(core: Core) -> None:
    """The text that was typed is kept in the form."""
    reply = await said(core, '/qr look="navvy on white" hello')
    assert reply.form is not None
    [wrong] = [each for each in reply.form.questions if each.error]
    assert (wrong.name, wrong.error) == ("look", "I do not know “navvy”. Did you mean navy?")
    assert reply.form.values == {"look": "navvy on white", "text": "hello"}
    assert await rows(core.store) == {}


async def test_a_wrong_format_is_told_with_those_there_are(core: Core) -> None:
    """JPG is JPEG."""
    reply = await said(core, "/qr format=bmp hello")
    assert reply.form is not None
    assert [each.error for each in reply.form.questions if each.error] == [
        "I can make png, jpeg, webp, svg, pdf, eps, text."
    ]
    assert read_format("JPG") == "jpeg"


async def test_a_look_that_my_style_does_not_suit_is_refused(core: Core) -> None:
    """Black on a black ground: only the command knows the base."""
    await said(core, "/style white on black")
    refused = await said(core, "/qr look=dark=black hello")
    assert "too close" in refused.body
    assert refused.status is Status.REFUSED
    assert payload(await said(core, "/qr look=dark=orange hello")) == "hello"


@pytest.mark.parametrize("text", ["navvy", "size 9", "level X", "margin 99"])
def test_a_look_that_no_base_would_suit_does_not_read(text: str) -> None:
    """Unknown words, numbers out of bounds."""
    with pytest.raises(Refused):
        read_look(text)


# --- limits -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1" * 7090, "This is 1 digits too long: a QR code holds at most 7089 digits."),
        ("A" * 4300, "This is 4 capital letters and digits too long: a QR code holds at most 4296 capital"),
        ("ä" * 1500, "This is 47 bytes too long: a QR code holds at most 2953 bytes."),
        ("x" * 2800, "This is 469 bytes too long for error correction level M. It fits at level L."),
    ],
)
async def test_a_text_too_long_is_told_by_how_much_and_what_would_fit(
    core: Core, text: str, told: str
) -> None:
    """In the units of its mode; nothing is kept."""
    reply = await said(core, text)
    assert told in reply.body
    assert (reply.status, reply.picture) == (Status.REFUSED, None)
    assert await rows(core.store) == {}


@pytest.mark.parametrize(("level", "most"), [("L", 2953), ("M", 2331), ("Q", 1663), ("H", 1273)])
async def test_the_longest_text_of_a_level_is_made(core: Core, level: str, most: int) -> None:
    """One byte more is refused."""
    assert most == capacity("byte", level)  # type: ignore[arg-type]  # a StrEnum's value
    assert payload(await said(core, f'/qr look="level {level}" ' + "x" * most)) == "x" * most
    assert (await said(core, f'/qr look="level {level}" ' + "x" * (most + 1))).status is Status.REFUSED


async def test_a_dense_code_says_how_large_to_print_it(core: Core) -> None:
    """Above version 25."""
    assert (await said(core, "x" * 990)).body == ""
    reply = await said(core, "x" * 1000)
    assert "dense (version 26): print it at least 6.5 cm wide" in reply.body


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9f"])
async def test_control_characters_are_refused_by_name(core: Core, character: str) -> None:
    """No reader shows them."""
    reply = await said(core, f"a{character}b")
    assert f"U+{ord(character):04X}" in reply.body
    assert reply.status is Status.REFUSED


# --- networks -----------------------------------------------------------------------------------------------


async def test_a_network_is_shown_to_the_person_alone_without_its_key(core: Core) -> None:
    """Private in a group too; neither the title nor the history says the key."""
    reply = await said(core, f'/wifi Home "{KEY}"', where=GROUP)
    assert payload(reply) == HOME
    assert (reply.title, reply.private, reply.shared) == ("Wi-Fi: Home", True, False)
    history = await said(core, "/history", where=GROUP)
    assert history.private
    for told in (reply, history):
        assert KEY not in str(replace(told, picture=None))


async def test_a_network_stays_private_for_who_wants_shared_answers(core: Core) -> None:
    """A preference does not undo a secret."""
    await said(core, "/settings replies=shared")
    reply = await said(core, f'/wifi Home "{KEY}"', where=GROUP)
    assert (reply.private, reply.shared) == (True, False)
    open_one = await said(core, "a text", where=GROUP)
    assert (open_one.private, open_one.shared) == (False, True)
    await said(core, "/settings replies=private")
    assert (await said(core, "a text", where=GROUP)).private


async def test_a_network_pasted_as_text_is_treated_as_one(core: Core) -> None:
    """Its key would stand in the list otherwise; the payload is as it was pasted."""
    for line in ("WIFI:S:Home;P:long enough;T:WPA", "/qr WIFI:S:Home;P:long enough;T:WPA"):
        reply = await said(core, line)
        assert (payload(reply), reply.title, reply.private) == (line[-31:], "Wi-Fi: Home", True)
    assert {code.kind for code in await codes_of(core)} == {"wifi"}


@pytest.mark.parametrize("before", [" ", "\n\n", "\t", "\u00a0"])
async def test_a_network_pasted_after_a_space_is_still_a_secret(core: Core, before: str) -> None:
    """The space goes: a code with it would join nothing, and its key would stand in the list."""
    for line in (f"/qr {before}{HOME}\n", f"/text {before}{HOME}", f"/raw {before}{HOME}", f"{before}{HOME}"):
        reply = await said(core, line, where=GROUP)
        assert (payload(reply), reply.title, reply.private) == (HOME, "Wi-Fi: Home", True)
        assert reply.revealing
    assert {code.kind for code in await codes_of(core)} == {"wifi"}
    plain = await said(core, f"/text {before}https://example.com ", where=GROUP)
    assert payload(plain) == f"{before}https://example.com "


@pytest.mark.parametrize(
    ("line", "field", "error"),
    [
        ("/wifi Home short", "password", "A Wi-Fi password has 8 to 63 characters."),
        (f'/wifi {"x" * 33} "{KEY}"', "ssid", "A network name has 1 to 32 bytes; this one has 33."),
        (f'/wifi Home "{KEY}" nopass', "password", "An open network has no password."),
        (f'/wifi Home "{KEY}" WPA9', "security", "“…” is not one of: WPA, WPA3, WEP, nopass, EAP."),
        (f'/wifi Home "{KEY}" hidden=perhaps', "hidden", "Please say yes or no instead of “…”."),
    ],
)
async def test_a_wrong_network_is_asked_again_at_the_field_that_will_not_do(
    core: Core, line: str, field: str, error: str
) -> None:
    """The form is for the person alone, and nothing is kept."""
    reply = await said(core, line, where=GROUP)
    assert reply.form is not None
    assert {each.name: error in each.error for each in reply.form.questions if each.error} == {field: True}
    assert (reply.private, reply.status) == (True, Status.INCOMPLETE)


async def test_left_over_words_of_a_network_are_not_repeated(core: Core) -> None:
    """They may be the end of a password with spaces."""
    reply = await said(core, "/wifi Home pass word WPA no hunter2", where=GROUP)
    assert reply.form is not None
    assert "hunter2" not in str(reply)


async def test_a_form_that_was_filled_in_makes_the_network(core: Core) -> None:
    """Its values come by name; a wrong one comes back in the form."""
    wrong = await filled(core, "wifi", ssid="Home", password="short")
    assert wrong.form is not None
    assert wrong.form.values == {"ssid": "Home", "password": "short"}
    assert payload(await filled(core, "wifi", ssid="Home", password=KEY, hidden="yes")).endswith("H:true;;")
