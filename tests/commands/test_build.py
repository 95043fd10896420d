"""A builder changes a code under its id, gives one code its own look, and shows both before they are kept."""

import pytest

from bot.builder import CODE, FORMAT, KIND, PRESET, WORDS, built, kinds, word_of
from bot.commands import COMMANDS
from bot.i18n import Translator
from bot.message import Form, Reply, Status
from bot.operating.audit import as_switched
from bot.previews import picture_named
from bot.qr.payloads import KINDS
from bot.qr.style import load_style, style_text
from tests.contents import EXAMPLES, Example
from tests.core.talking import (
    BEA,
    GROUP,
    Core,
    asked,
    codes_of,
    filled,
    labels,
    passed,
    payload,
    rows,
    said,
)

EN = Translator("en")


def form_of(reply: Reply) -> Form:
    """Give a reply's form."""
    assert reply.form is not None, reply
    return reply.form


def error(reply: Reply, name: str) -> str:
    """Say what is wrong with a field."""
    return next(each.error for each in form_of(reply).questions if each.name == name)


async def tried(core: Core, kind: str, **values: str) -> Reply:
    """Send what a builder holds while somebody is still at it: nothing that has to happen once."""
    marked = {f"+{name[1:]}" if name.startswith("_") else name: each for name, each in values.items()}
    return await said(core, id="", command="trial", values={KIND: kind, **marked})


# --- changing a code ----------------------------------------------------------------------------------------


async def test_edit_opens_the_form_filled_in_with_the_code(core: Core) -> None:
    """Its content, its look in words, its format; and which code it is."""
    made = await said(core, '/wifi Home secret123 look="dots navy on white"')
    form = form_of(await said(core, f"edit {made.code}", pressed=True))
    assert form.command == "wifi"
    assert form.values == {
        "ssid": "Home", "password": "secret123", CODE: made.code, FORMAT: "png", WORDS: "dot navy on white",
    }  # fmt: skip
    assert [each.name for each in form.questions][-2:] == [FORMAT, WORDS]


async def test_what_is_changed_keeps_its_id_its_star_and_its_place(core: Core) -> None:
    """The answer takes the place of what was shown."""
    made = await said(core, "/url example.com")
    await said(core, f"favourite {made.code}", pressed=True)
    form = form_of(await said(core, f"edit {made.code}", pressed=True))
    after = await filled(core, "url", **{**form.values, "url": "example.org/menu", PRESET: "ocean"})
    (code,) = await codes_of(core)
    assert (code.id, code.text, code.favourite) == (made.code, "https://example.org/menu", True)
    assert (after.code, after.replace, payload(after)) == (made.code, True, "https://example.org/menu")
    assert "ocean" not in style_text(load_style(code.style))
    assert load_style(code.style).dark != "#000000"


async def test_what_is_not_touched_stays_as_it_was(core: Core) -> None:
    """Also a look that words say otherwise than it was said."""
    made = await said(core, "/sms +491701234567 hello")
    await said(core, f"restyle {made.code} ocean, logo ⭐, frame banner “Menu”, size 600", pressed=True)
    (before,) = await codes_of(core)
    form = form_of(await said(core, f"edit {made.code}", pressed=True))
    await filled(core, form.command, **form.values)
    assert await codes_of(core) == (before,)


async def test_it_may_become_another_kind(core: Core) -> None:
    """Under the same id."""
    made = await said(core, "hello there")
    form = form_of(await said(core, f"edit {made.code}"))
    assert form.command == "text"
    await filled(core, "phone", number="+491701234567", **{CODE: form.values[CODE]})
    (code,) = await codes_of(core)
    assert (code.id, code.kind, code.text) == (made.code, "phone", "tel:+491701234567")


async def test_nobody_changes_the_code_of_somebody_else(core: Core) -> None:
    """Neither by the button nor by a form that names it."""
    made = await said(core, "hello")
    refused = await said(core, f"edit {made.code}", BEA, pressed=True)
    assert (refused.form, refused.status) == (None, Status.REFUSED)
    again = await said(core, "", BEA, command="url", values={"url": "evil.example", CODE: made.code})
    assert "no such code of yours" in error(again, "url")
    assert [code.text for code in await codes_of(core)] == ["hello"]


async def test_whoever_only_reads_along_is_told_whose_it_is(core: Core) -> None:
    """It is there for all to see."""
    made = await said(core, "for all", where=GROUP)
    refused = await said(core, f"edit {made.code}", BEA, GROUP, pressed=True)
    assert (refused.body, refused.form) == ("Only whoever made this code can change it.", None)


async def test_a_code_that_is_gone_cannot_be_changed(core: Core) -> None:
    """Deleted while the form stood open."""
    made = await said(core, "hello")
    form = form_of(await said(core, f"edit {made.code}"))
    await said(core, f"delete {made.code} confirm=yes", pressed=True)
    assert "no such code of yours" in error(await filled(core, "text", **form.values), "text")
    assert await codes_of(core) == ()


async def test_where_questions_are_asked_a_code_is_changed_by_them(core: Core) -> None:
    """The first stands there with what it is; what is said instead changes the code, under its id."""
    (made,) = await asked(core, '/wifi Home secret123 look="dots navy on white"')
    (question,) = await asked(core, f"edit {made.code}", pressed=True)
    assert "So far: Home" in question.body
    (offer,) = await asked(core, "Cafe")
    assert ("Make it now" in labels(offer), [each.value for each in offer.fields]) == (True, ["Cafe", "•••"])
    line = next(each.line for row in offer.buttons for each in row if each.label == "Make it now")
    (after,) = await asked(core, line, pressed=True)
    assert (after.code, after.replace) == (made.code, True)
    (code,) = await codes_of(core)
    assert "S:Cafe;" in code.text
    assert load_style(code.style).modules == "dot"


async def test_an_answer_to_the_only_question_changes_the_code_too(core: Core) -> None:
    """And what is said after it makes a code of its own."""
    (made,) = await asked(core, "/text hello")
    await asked(core, f"edit {made.code}", pressed=True)
    await asked(core, "goodbye")
    await asked(core, "/text hello")
    assert sorted(code.text for code in await codes_of(core)) == ["goodbye", "hello"]
    assert made.code in [code.id for code in await codes_of(core) if code.text == "goodbye"]


async def test_a_command_said_in_between_changes_nothing(core: Core) -> None:
    """Though a question about the code stands open."""
    (made,) = await asked(core, "/text hello")
    await asked(core, f"edit {made.code}", pressed=True)
    await asked(core, "/text something else")
    assert {code.id: code.text for code in await codes_of(core)}[made.code] == "hello"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.kind)
async def test_every_kind_is_written_back_into_its_form(core: Core, example: Example) -> None:
    """What the form says makes the same code again; what must not be kept has none to change."""
    kind = KINDS[example.kind]
    if not kind.kept:
        return
    line = example.say if example.say.startswith("/") else f"/{example.say}"
    made = await said(core, line)
    (before,) = await codes_of(core)
    form = form_of(await said(core, f"edit {made.code}"))
    await filled(core, form.command, **form.values)
    (after,) = await codes_of(core)
    assert (after.kind, after.text) == (before.kind, before.text)


# --- a look for one code ------------------------------------------------------------------------------------


async def test_a_code_gets_the_look_that_its_form_names(core: Core) -> None:
    """Part by part, on top of one's own; also where a command takes no look in chat."""
    await said(core, "/style navy on white")
    parts = {
        "+modules": "dot", "+finder": "rounded", "+eyeball": "circle", "+light": "ivory", "+frame": "banner",
        "+caption": 'Say "hi"', "+logo": "⭐", "+size": "600", FORMAT: "svg",
    }  # fmt: skip
    made = await filled(core, "text", text="hello", **parts)
    assert made.picture is not None
    (code,) = await codes_of(core)
    style = load_style(code.style)
    assert (style.modules, style.finder, style.eyeball) == ("dot", "rounded", "circle")
    assert (style.dark, style.light, style.size, code.format) == ("#000080", "#fffff0", 600, "svg")
    assert style.frame is not None
    assert (style.frame.name, style.frame.caption) == ("banner", 'Say "hi"')
    untouched = {"+modules": "-", PRESET: "-", FORMAT: "-", "+dark": " "}
    plain = await filled(core, "text", text="hello", **{"+frame": "none", "+logo": "none"}, **untouched)
    assert plain.picture is not None
    assert (plain.picture.style.dark, plain.picture.style.frame) == ("#000080", None)
    assert (plain.picture.style.modules, plain.picture.format) == ("square", "png")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("+preset", "no such look", "not one of"),
        ("+modules", "blobs", "not one of"),
        ("+dark", "blurple", "colour"),
        ("+size", "9999999", "size"),
        ("+caption", "x" * 61, "at most 60"),
        ("+words", "x" * 801, "at most 800"),
        ("+words", "wobbly nonsense", "wobbly"),
        ("+format", "exe", "I can make"),
    ],
)
async def test_a_part_that_will_not_do_is_told_at_its_field(
    core: Core, name: str, value: str, why: str
) -> None:
    """And nothing is kept."""
    refused = await filled(core, "text", text="hello", **{name: value})
    assert why in error(refused, name)
    assert "codes" not in await rows(core.store)


async def test_what_no_symbol_holds_is_told_in_the_form(core: Core) -> None:
    """At its first field, so that what was typed is not lost."""
    refused = await filled(core, "text", text="x" * 5000, **{PRESET: "ocean"})
    assert (refused.status, bool(error(refused, "text"))) == (Status.INCOMPLETE, True)


# --- trying -------------------------------------------------------------------------------------------------


async def test_what_is_tried_is_shown_and_measured_and_not_kept(core: Core) -> None:
    """Just what it would be."""
    reply = await tried(core, "url", url="example.com", _preset="ocean", _size="4000")
    assert reply.picture is not None
    assert (payload(reply), reply.picture.checked) == ("https://example.com", True)
    assert (reply.picture.style.size, reply.picture.format) == (1024, "png")
    assert await rows(core.store) == {}


async def test_what_an_address_names_is_the_picture_that_was_proven(core: Core) -> None:
    """For an hour, and whoever only tries is not kept for it."""
    reply = await tried(core, "url", url="example.com", _preset="ocean", _shown="yes")
    assert await rows(core.store) == {"previews": 1}
    shown = await picture_named(core.app, reply.code)
    assert shown is not None
    assert reply.picture is not None
    assert (shown.payload, shown.style, shown.checked) == (reply.picture.payload, reply.picture.style, True)
    passed(core, hours=2)
    assert await picture_named(core.app, reply.code) is None


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("wifi", {"ssid": "Home", "password": "secret123"}),
        ("otp", {"account": "ada", "secret": "JBSWY3DPEHPK3PXP"}),
        ("qr", {"text": "WIFI:T:WPA;S:Home;P:secret123;;"}),
    ],
)
async def test_no_address_names_a_secret(core: Core, kind: str, values: dict[str, str]) -> None:
    """However it is said; it is measured all the same."""
    reply = await tried(core, kind, **values, _shown="yes")
    assert reply.picture is not None
    assert (reply.code, reply.secret, await rows(core.store)) == ("", True, {})


async def test_what_is_missing_or_wrong_is_said_in_the_pictures_place(core: Core) -> None:
    """In the words of the form."""
    assert "network name" in (await tried(core, "wifi")).body
    assert "To see the picture" in (await tried(core, "wifi")).body
    assert "not a number" in (await tried(core, "place", latitude="here", longitude="1", label="x")).body
    assert "not one of" in (await tried(core, "text", text="hello", _modules="blobs")).body
    assert "choose from the list" in (await tried(core, "teapot", text="hello")).body
    assert await rows(core.store) == {}


async def test_a_change_is_tried_on_the_code_itself(core: Core) -> None:
    """In its own look; nothing of it changes."""
    made = await said(core, '/url example.com look="dots navy on white"')
    before = await codes_of(core)
    reply = await tried(core, "url", url="example.org", _code=made.code)
    assert reply.picture is not None
    assert (payload(reply), reply.picture.style.modules) == ("https://example.org", "dot")
    assert await codes_of(core) == before


async def test_who_tries_too_much_is_asked_to_wait(core: Core) -> None:
    """Counted apart from what is said."""
    core.verdicts.append(1)
    assert "That was a lot at once" in (await tried(core, "text", text="hello")).body


# --- the list -----------------------------------------------------------------------------------------------


def test_all_kinds_are_offered_the_usual_ones_first() -> None:
    """As the person's language names them."""
    groups = kinds(COMMANDS, EN)
    assert [label for label, _ in groups] == ["Usual", "More kinds", "Payments"]
    named = {name: called for _, held in groups for name, called in held.items()}
    assert list(named)[:4] == ["qr", "text", "url", "wifi"]
    assert {word_of(COMMANDS, kind) for kind in KINDS} == set(named) - {"qr"}
    german = kinds(COMMANDS, Translator("de"))
    assert {called for _, held in german for called in held.values()} != set(named.values())


def test_what_is_switched_off_is_not_offered() -> None:
    """Nor is a group of which nothing is left; what is there already is known still."""
    payments = {name for name, each in COMMANDS.items() if each.group == "pay"}
    fewer = as_switched(COMMANDS, frozenset({"qr", "wifi", *payments}))
    groups = kinds(fewer, EN)
    assert [label for label, _ in groups] == ["Usual", "More kinds"]
    assert {"qr", "wifi", "text"} & {name for _, held in groups for name in held} == {"text"}
    assert word_of(fewer, "wifi") == "wifi"


@pytest.mark.parametrize("name", [name for _, held in kinds(COMMANDS, EN) for name in held])
def test_no_kind_has_a_value_that_is_called_like_a_part(name: str) -> None:
    """They stand in one form."""
    questions = [each.name for each in built(COMMANDS, name, {}, EN).questions]
    assert len(set(questions)) == len(questions)
    assert "look" not in questions
