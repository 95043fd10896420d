"""A look is shown before it is taken, and a code that a scanner read says what it holds; nothing is kept."""

from bot.commands import COMMANDS
from bot.commands.reading import LONGEST
from bot.drawings import amended
from bot.message import Asking, Status
from bot.qr.picture import render
from bot.qr.style import load_style, style_text
from tests.core.talking import (
    BEA,
    Core,
    asked,
    button,
    codes_of,
    filled,
    labels,
    payload,
    pressed,
    rows,
    said,
)


async def test_a_look_is_shown_on_a_code_without_changing_it(core: Core) -> None:
    """The picture is that code, in that look, and its proof is measured."""
    made = await said(core, "hello")
    before = await rows(core.store)
    reply = await filled(core, "preview", code=made.code, look="dots navy on white")
    assert (payload(reply), reply.title) == ("hello", "hello")
    assert reply.picture is not None
    assert (reply.picture.checked, style_text(reply.picture.style)) == (True, "dot navy on white")
    assert (reply.buttons, await rows(core.store)) == ((), before)
    assert load_style((await codes_of(core))[0].style).dark == "#000000"
    assert "Scan check" in amended(reply, render(reply.picture)).body


async def test_without_a_code_ones_own_style_is_changed(core: Core) -> None:
    """On a sample; somebody new is not even noted."""
    reply = await filled(core, "preview", look="eyes rounded")
    assert reply.picture is not None
    assert (reply.picture.style.finder, await rows(core.store)) == ("rounded", {})
    await said(core, "/style navy on white")
    reply = await filled(core, "preview")
    assert reply.picture is not None
    assert reply.picture.style.dark == "#000080"


async def test_the_words_of_a_look_that_was_tried_give_the_same_look(core: Core) -> None:
    """As the designer says them, whatever the code looked like before."""
    made = await said(core, '/qr look="ocean, size 600, level H, frame banner “Menu”" hello')
    reply = await filled(core, "preview", code=made.code, look="sunrise, logo ⭐, no frame")
    assert reply.picture is not None
    line = f"restyle {made.code} default, {style_text(reply.picture.style)}"
    await pressed(core, made, "Style")
    after = await said(core, line, pressed=True)
    assert after.picture is not None
    assert (after.picture.style, after.replace) == (reply.picture.style, True)


async def test_nobody_sees_the_code_of_somebody_else(core: Core) -> None:
    """Neither its picture nor its title."""
    made = await said(core, "Ada's own")
    reply = await said(core, who=BEA, command="preview", values={"code": made.code, "look": "navy"})
    assert (reply.picture, reply.status) == (None, Status.REFUSED)
    assert "Ada" not in f"{reply.title}{reply.body}"


async def test_a_code_that_is_always_plain_says_so(core: Core) -> None:
    """As its specification wants it."""
    made = await said(core, f"/{COMMANDS['swiss'].example}")
    reply = await filled(core, "preview", code=made.code, look="dots pink on white")
    assert "always black on white" in reply.body


async def test_what_a_scanner_read_is_told_as_from_a_picture(core: Core) -> None:
    """With the same buttons, and every character of it."""
    text = "WIFI:T:WPA;S:Guests;P:long enough;;"
    reply = await filled(core, "scanned", text=text)
    assert (reply.title, reply.private) == ("Wi-Fi", True)
    assert "Guests" in [entry.value for entry in reply.fields]
    assert (button(reply, "Copy").copy, labels(reply)) == (text, ["Copy", "Make it again"])
    assert payload(await pressed(core, reply, "Make it again")) == text
    spaced = "  two\n lines "
    assert button(await filled(core, "scanned", text=spaced), "Copy").copy == spaced


async def test_more_than_a_code_can_say_is_refused(core: Core) -> None:
    """No scanner reads that."""
    reply = await filled(core, "scanned", text="x" * (LONGEST + 1))
    assert (reply.status, "scan" in reply.body) == (Status.REFUSED, True)


async def test_a_question_in_the_chat_stays_open_while_the_page_is_used(core: Core) -> None:
    """A text on the page is no answer to it; the next one in the chat is."""
    await asked(core, "/wifi")
    made = await said(core, "Guest network", asking=Asking.FORM)
    assert payload(made) == "Guest network"
    [reply] = await asked(core, "Guest network")
    assert "key" in reply.body
