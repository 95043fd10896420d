"""Pictures that are sent are read: what they say, for the person alone."""

import json
from io import BytesIO

import pytest
from PIL import Image

from bot.message import COPIED, Asking, Reply, Status, Upload
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, render
from bot.qr.style import Style
from bot.wire import load_request
from tests.core.talking import (
    BEA,
    GROUP,
    Core,
    asked,
    button,
    codes_of,
    labels,
    passed,
    payload,
    pressed,
    rows,
    said,
)


def photo(*texts: str) -> tuple[Upload, ...]:
    """Make a picture of each text, as the page sends it."""
    drawn = [render(Picture(Payload(text), Style(size=512))).data for text in texts]
    return tuple(
        Upload("", f"{number}.png", "image/png", len(data), data) for number, data in enumerate(drawn)
    )


def told(reply: Reply) -> list[tuple[str, str]]:
    """Give a card's fields."""
    return [(entry.label, entry.value) for entry in reply.fields]


async def test_a_picture_says_what_is_in_it_and_lets_it_be_copied(core: Core) -> None:
    """Private, since nobody knows before what it says; no code is kept."""
    reply = await said(core, uploads=photo("what it says"), where=GROUP)
    assert (reply.title, reply.private) == ("This code says", True)
    assert [value for _, value in told(reply)] == ["what it says"]
    assert (button(reply, "Copy").copy, labels(reply)) == ("what it says", ["Copy", "Make it again"])
    assert "codes" not in await rows(core.store)


async def test_a_link_is_shown_with_where_it_leads(core: Core) -> None:
    """Never opened; what is suspicious about it is said."""
    reply = await said(core, uploads=photo("http://paypal.com@аррӏе.com/login"))
    assert reply.title == "Link"
    assert told(reply) == [
        ("Link", "http://paypal.com@аррӏе.com/login"), ("Leads to", "xn--80ak6aa92e.com"),
    ]  # fmt: skip
    assert len(reply.body.splitlines()) >= 3
    assert all(not each.url for row in reply.buttons for each in row)


async def test_what_was_read_is_made_again_exactly(core: Core) -> None:
    """By a press, for a day, and by nobody else."""
    reply = await said(core, uploads=photo("WIFI:S:Old form;T:WPA;P:12345678;"))
    again = await pressed(core, reply, "Make it again")
    assert payload(again) == "WIFI:S:Old form;T:WPA;P:12345678;"
    assert [code.kind for code in await codes_of(core)] == ["wifi"]
    assert "no longer" in (await pressed(core, reply, "Make it again", BEA)).body
    passed(core, days=1)
    assert "no longer" in (await pressed(core, reply, "Make it again")).body


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("MECARD:N:Lovelace,Ada;TEL:+442079460958;;", "Save contact", "contact.vcf"),
        (
            "BEGIN:VEVENT\nSUMMARY:Tea\nDTSTART:20270701T160000Z\nUID:1\nDTSTAMP:20270701T160000Z\nEND:VEVENT",
            "Add to calendar",
            "event.ics",
        ),
    ],
)
async def test_what_was_read_is_given_as_a_file(core: Core, text: str, label: str, name: str) -> None:
    """For the address book, for the calendar: also where the code held less than a file needs."""
    reply = await said(core, uploads=photo(text))
    given = await pressed(core, reply, label)
    [file] = given.files
    assert (file.name, given.private) == (name, True)
    assert file.text.startswith(("BEGIN:VCARD", "BEGIN:VCALENDAR"))


async def test_what_was_read_is_part_of_what_can_be_taken_along(core: Core) -> None:
    """As long as it is kept, and by nobody else."""
    await said(core, "hello")
    await said(core, uploads=photo("what it says"))
    [file] = (await said(core, "/export")).files
    assert [each["text"] for each in json.loads(file.text)["read"]] == ["what it says"]
    passed(core, days=1)
    [file] = (await said(core, "/export")).files
    assert json.loads(file.text)["read"] == []


async def test_a_one_time_password_is_told_and_kept_nowhere(core: Core) -> None:
    """Copied, but neither made again nor kept for it."""
    reply = await said(core, uploads=photo("otpauth://totp/Shop:ada?secret=JBSWY3DPEHPK3PXP&issuer=Shop"))
    assert (reply.secret, labels(reply)) == (True, ["Copy"])
    assert await rows(core.store) == {}


async def test_a_contact_or_a_calendar_file_becomes_a_code(core: Core) -> None:
    """As its kind, known by its first bytes."""
    card = b"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Lovelace;Ada\r\nTEL;CELL:+442079460958\r\nEND:VCARD\r\n"
    reply = await said(core, uploads=(Upload("", "ada.vcf", "text/vcard", len(card), card),))
    assert payload(reply).startswith("BEGIN:VCARD\r\nVERSION:3.0\r\n")
    event = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T000000Z\r\n"
        b"DTSTART;TZID=Europe/Berlin:20270701T180000\r\nSUMMARY:Tea\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    reply = await said(core, uploads=(Upload("", "tea.ics", "text/calendar", len(event), event),))
    assert "DTSTART:20270701T160000Z" in payload(reply)
    broken = b"BEGIN:VCALENDAR\r\n"
    refused = await said(core, uploads=(Upload("", "x.ics", "text/calendar", len(broken), broken),))
    assert refused.status is Status.REFUSED
    assert {code.kind for code in await codes_of(core)} == {"contact", "event"}


async def test_a_network_is_taken_apart(core: Core) -> None:
    """Name, key, encryption, and whether it hides."""
    [shown] = photo("WIFI:T:WPA;S:Home;P:secret key;H:true;;")
    reply = await said(core, uploads=(shown,))
    assert told(reply) == [
        ("Network name", "Home"), ("Network key", "secret key"), ("Encryption", "WPA"),
        ("The network does not announce itself", "yes"),
    ]  # fmt: skip
    [open_one] = photo("WIFI:S:Café;;")
    assert told(await said(core, uploads=(open_one,))) == [("Network name", "Café"), ("Encryption", "nopass")]


async def test_values_are_told_as_they_are(core: Core) -> None:
    """A network called like a word of ours keeps its name in every language; closed lists are translated."""
    await said(core, "/language de")
    reply = await said(core, uploads=photo("WIFI:T:WPA;S:Contact;P:12345678;H:true;;"))
    assert [value for _, value in told(reply)] == ["Contact", "12345678", "WPA", "ja"]


async def test_labels_keep_their_capitals(core: Core) -> None:
    """Only the first letter is raised."""
    reply = await said(core, uploads=photo("BCD\n002\n1\nSCT\n\nRed Cross\nDE89370400440532013000"))
    assert ("IBAN of the payee", "DE89370400440532013000") in told(reply)


async def test_several_pictures_are_read_together(core: Core) -> None:
    """Numbered, with buttons for each; one too long to copy is only made again."""
    texts = ("one", "two words\nin lines that are longer than any button", "x" * (COPIED + 1))
    reply = await said(core, uploads=photo(*texts))
    assert reply.title == "3 codes"
    assert [value for _, value in told(reply)] == list(texts)
    assert labels(reply) == [
        "1. Copy", "1. Make it again", "2. Copy", "2. Make it again", "3. Make it again",
    ]  # fmt: skip


async def test_only_ten_codes_have_buttons(core: Core) -> None:
    """The card has them all."""
    reply = await said(core, uploads=photo(*(f"code {number}" for number in range(12))))
    assert (len(reply.fields), len(labels(reply))) == (12, 20)


async def test_a_picture_without_a_code_says_how_to_do_better(core: Core) -> None:
    """Closer, sharper, with space around."""
    blank = BytesIO()
    Image.new("L", (64, 64), 255).save(blank, "PNG")
    reply = await said(core, uploads=(Upload("", "blank.png", "image/png", 1, blank.getvalue()),))
    assert ("no code" in reply.body, reply.status, reply.private) == (True, Status.MISSING, True)


@pytest.mark.parametrize("data", [b"no picture", b"\x89PNG\r\n\x1a\n broken", b"<svg/>"])
async def test_what_is_no_picture_is_refused(core: Core, data: bytes) -> None:
    """With what can be sent."""
    reply = await said(core, uploads=(Upload("", "x.png", "image/png", len(data), data),))
    assert ("PNG, JPEG, WebP, GIF, BMP, HEIC or PDF" in reply.body, reply.status) == (True, Status.REFUSED)


async def test_the_word_alone_says_what_to_send(core: Core) -> None:
    """It needs a picture."""
    assert "Send me a picture" in (await said(core, "/read")).body
    assert (await said(core, "/read this")).status is Status.REFUSED


async def test_a_file_that_must_be_fetched_becomes_a_job(core: Core) -> None:
    """Kept as its reference, without bytes; a caption is no text to make a code of."""
    upload = Upload("file-id", "photo.jpg", "image/jpeg", 1000)
    assert await asked(core, "look at this", uploads=(upload,), asking=Asking.QUESTION) == []
    [job] = core.woken[-1].requests
    assert load_request(job.body).uploads == (upload,)
    assert "codes" not in await rows(core.store)
