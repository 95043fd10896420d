"""What opens under a code in its place: files, more, and the way back; what it never shows."""

import pytest

from bot.commands import COMMANDS
from bot.message import About, Button, Reply, Status
from tests.commands.test_make import MADE
from tests.core.talking import ADA, BEA, GROUP, Core, button, codes_of, labels, payload, pressed, said

KEY = "long enough"


async def opened(core: Core, text: str, *menus: str) -> Reply:
    """Say something and press from menu to menu."""
    reply = await said(core, text)
    for label in menus:
        reply = await pressed(core, reply, label)
    return reply


async def test_four_buttons_hang_under_every_code_in_one_row(core: Core) -> None:
    """The star says whether it is a favourite; a code that always looks the same is checked instead."""
    reply = await said(core, "hello")
    assert [[each.label for each in row] for row in reply.buttons] == [MADE]
    assert [each.short for each in reply.buttons[0]] == ["", "", "☆", ""]
    bill = await said(core, f"/{COMMANDS['swiss'].example}")
    assert labels(bill) == ["Scan check", *MADE[1:]]


@pytest.mark.parametrize("menu", ["Style", "File", "More"])
async def test_a_menu_takes_the_place_of_the_code_and_goes_back_to_it(core: Core, menu: str) -> None:
    """Nothing is kept of what was opened; said with a slash it is an answer of its own."""
    code = await said(core, "hello")
    before = await codes_of(core)
    for _ in range(3):
        offer = await pressed(core, code, menu)
        shown = await pressed(core, offer, "Back")
        assert (offer.replace, shown.replace, labels(shown), payload(shown)) == (True, True, MADE, "hello")
    assert await codes_of(core) == before
    assert not (await said(core, f"/{button(code, menu).line}")).replace


async def test_the_star_is_set_and_taken_off_in_place_however_often_it_is_pressed(core: Core) -> None:
    """The line says what it is to be, so pressing it twice is pressing it once."""
    code = await said(core, "hello")
    for _ in range(2):
        starred = await pressed(core, code, "☆ Favourite")
        assert (starred.replace, labels(starred)[2], starred.buttons[0][2].short) == (
            True,
            "★ Unfavourite",
            "★",
        )
    for _ in range(2):
        assert labels(await pressed(core, starred, "★ Unfavourite"))[2] == "☆ Favourite"


@pytest.mark.parametrize(
    ("label", "name", "format", "size", "width"),
    [
        ("PNG", ".png", "png", 1024, 0.0),
        ("SVG", ".svg", "svg", 1024, 0.0),
        ("PDF", ".pdf", "pdf", 1024, 0.0),
        ("EPS", ".eps", "eps", 1024, 0.0),
        ("JPEG", ".jpg", "jpeg", 1024, 0.0),
        ("WEBP", ".webp", "webp", 1024, 0.0),
        ("Larger", "-2048.png", "png", 2048, 0.0),
        ("Print: 3 cm", "-3cm.pdf", "pdf", 1024, 30.0),
        ("Print: 12 cm", "-12cm.pdf", "pdf", 1024, 120.0),
    ],
)
async def test_a_code_is_handed_over_as_a_file(
    core: Core, label: str, name: str, format: str, size: int, width: float
) -> None:
    """A message of its own with nothing but the file; what is kept stays as it was."""
    offer = await opened(core, "hello", "File")
    before = await codes_of(core)
    reply = await pressed(core, offer, label)
    [file] = reply.files
    assert file.picture is not None
    look = file.picture.style
    assert (file.picture.payload.text, file.picture.format) == ("hello", format)
    assert (look.size, look.print.width) == (size, width)
    assert file.name == f"{file.picture.name}{name}"
    assert (reply.replace, reply.picture, reply.title, reply.body) == (False, None, "", "")
    assert await codes_of(core) == before


@pytest.mark.parametrize("line", ["size=9", "size=99999", "width=5000"])
async def test_a_file_of_a_size_out_of_bounds_is_refused(core: Core, line: str) -> None:
    """With the bounds."""
    code = await said(core, "hello")
    reply = await said(core, f"/download {code.code} png {line}")
    assert (reply.status, reply.files, " from " in reply.body) == (Status.REFUSED, (), True)


async def test_only_a_bill_has_a_payment_slip(core: Core) -> None:
    """Others are told."""
    code = await said(core, "hello")
    assert (await said(core, f"/download {code.code} slip")).status is Status.REFUSED


async def test_more_offers_to_check_share_copy_change_and_delete(core: Core) -> None:
    """Share names the code to the bot in another chat, however long it is; others say what it says."""
    offer = await opened(core, "hello there", "More")
    assert labels(offer) == ["Scan check", "Share", "Copy text", "Edit", "Delete", "‹ Back"]
    assert (button(offer, "Share").share, button(offer, "Copy text").copy) == (offer.code, "hello there")
    long = await opened(core, "x" * 257, "More")
    assert labels(long) == ["Scan check", "Share", "Edit", "Delete", "‹ Back"]
    lines = await opened(core, "one\ntwo", "More")
    assert labels(lines) == ["Scan check", "Share", "Copy text", "Edit", "Delete", "‹ Back"]


async def test_a_secret_is_never_shared_and_copied_only_where_nobody_reads_along(core: Core) -> None:
    """A network's key, in private and in a group."""
    code = await said(core, f'/wifi Home "{KEY}"')
    assert "Copy text" in labels(await pressed(core, code, "More"))
    for offer in (await pressed(core, code, "More"), await pressed(core, code, "More", ADA, GROUP)):
        assert not any(each.share for row in offer.buttons for each in row)
    assert labels(offer) == ["Scan check", "Edit", "Delete", "‹ Back"]
    assert KEY not in str([Button(each.label, each.line) for row in code.buttons for each in row])


async def test_who_only_reads_along_gets_menus_of_their_own(core: Core) -> None:
    """In a group nobody changes what stands under somebody else's code, nor is offered to delete it."""
    code = await said(core, "for all", ADA, GROUP)
    for menu in ("Style", "File", "More"):
        offer = await pressed(core, code, menu, BEA, GROUP)
        assert (offer.replace, (await pressed(core, code, menu, ADA, GROUP)).replace) == (False, True)
    assert labels(offer) == ["Scan check", "Share", "Copy text", "‹ Back"]
    assert button(offer, "Share").share == "for all"


async def test_a_scan_check_stands_in_the_codes_place(core: Core) -> None:
    """With the way back; asked for by name it is an answer of its own."""
    code = await said(core, "hello")
    checked = await pressed(core, await pressed(core, code, "More"), "Scan check")
    assert (checked.title, checked.replace, labels(checked)) == ("Scan check", True, ["Style", "‹ Back"])
    assert labels(await pressed(core, checked, "Back")) == MADE
    assert not (await said(core, f"/prove {code.code}")).replace


@pytest.mark.parametrize("text", ["more vegetables are good", "files vegetables", "card vegetables x"])
async def test_words_that_only_look_like_a_menu_are_a_text(core: Core, text: str) -> None:
    """“vegetables” could be an id."""
    assert payload(await said(core, text)) == text


async def test_who_tells_a_secret_is_offered_to_take_the_message_back(core: Core) -> None:
    """Typed, not pressed; an open network has none, a text is none; one-time secrets too."""
    for text in (f'/wifi Home "{KEY}"', "WLAN: Guest, Passwort: long enough", f"WIFI:S:Home;T:WPA;P:{KEY};;"):
        assert (await said(core, text)).revealing
    assert (await said(core, "/otp ada JBSWY3DPEHPK3PXP")).revealing
    code = await said(core, "/wifi Home security=nopass")
    for reply in (code, await said(core, "hello"), await pressed(core, code, "More")):
        assert not reply.revealing


async def test_what_somebody_else_told_is_not_offered_to_be_taken_back(core: Core) -> None:
    """The message that asked for the code holds nothing."""
    secret = f"WIFI:T:WPA;S:Home;P:{KEY};;"
    for line in ("/qr", "/text", "/wifi"):
        reply = await said(core, line, where=GROUP, about=About(text=secret))
        assert (payload(reply), reply.private, reply.revealing) == (secret, True, False)
    spoken = About(text="WLAN: Guest, Passwort: long enough")
    for line in ("/wifi", "/qr"):
        assert not (await said(core, line, where=GROUP, about=spoken)).revealing
    own = await said(core, f'/wifi Home "{KEY}"', where=GROUP, about=About(text="hello"))
    assert own.revealing


async def test_where_nothing_can_be_taken_back_it_is_said_so(core: Core) -> None:
    """A face that can says something else."""
    reply = await said(core, "unsay 12.34.x", pressed=True)
    assert (reply.unsay, reply.body) == (
        "12.34.x",
        "I cannot delete that message. Please delete it yourself.",
    )
    assert payload(await said(core, "unsay this")) == "unsay this"
