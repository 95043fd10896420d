"""How a line is read: a command, an incomplete one, or a text; and what may follow what was typed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import (
    Arg,
    Ask,
    Command,
    Literal,
    Ready,
    Unknown,
    command,
    complete,
    form,
    nearest,
    split,
    understand,
    usage,
)
from bot.commands import COMMANDS
from bot.completion import completions
from bot.i18n import Translator
from bot.message import Entry, Outcome
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused


class Size(StrEnum):
    """A closed list."""

    SMALL = "small"
    LARGE = "Large"


@command("sew", group="make", example="sew shirt small")
async def sew(
    context: object,
    what: Annotated[str, Arg("what to sew")],
    size: Annotated[Size, Arg("how large")] = Size.SMALL,
    buttons: Annotated[int, Arg("how many buttons")] = 3,
    lined: Annotated[bool, Arg("with a lining")] = False,
) -> Outcome:
    """Sew a piece of clothing.

    This line is no part of the summary.
    """
    return Outcome(None)


def read(text: str) -> Ready | Ask | Unknown | Literal:
    """Read a line as people say it."""
    return understand(COMMANDS, text)


def ready(text: str) -> tuple[str, dict[str, object]]:
    """Read a line that has to be a complete command: its name and values."""
    understood = read(text)
    assert isinstance(understood, Ready), understood
    return understood.command.name, dict(understood.values)


def cut(text: str, found: Command = sew) -> dict[str, str]:
    """Cut a remainder that has to leave nothing over."""
    given, errors = split(found, text)
    assert errors == {}
    return given


# --- what is a command --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "call me maybe",
        "history of rome",
        "help wanted",
        "help me out",
        "cancel my subscription",
        "wifi is down",
        "style guide for beginners",
        "connect people",
        "language barrier",
        "settings are off",
        "start the car",
        "read this",
        "export goods",
        "privacy please",
        "kit kat",
        "show me the money",
        "answer the phone",
        "delete this",
        "favourite things",
        "colours of the wind",
        "instead of that",
    ],
)
def test_a_word_and_more_that_do_not_parse_are_a_text(text: str) -> None:
    """Exactly as typed; the command it might have been is offered, unless people do not type it."""
    found = COMMANDS.get(text.partition(" ")[0])
    other = None if found is None or found.hidden else found
    assert read(text) == Literal(text, other)


@pytest.mark.parametrize(
    "text",
    [
        "hello", "  two  spaces ", "https://example.com/?a=b", "42", "@handle", "wifi: off", "help!", "Größe",
        "help@home", "read@example.com", "/", "/ help", "//comment", "show", "delete", "answer", "colours",
    ],
)  # fmt: skip
def test_what_begins_with_no_command_is_a_text(text: str) -> None:
    """Also a lone word that is pressed more than typed, and an address that begins like a command."""
    assert read(text) == Literal(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("help", "help"), ("HELP", "help"), ("  help ", "help"), ("help\n", "help"), ("/help", "help"),
        ("/help@our_bot", "help"), ("help wifi", "help"), ("Help qr", "help"), ("export", "export"),
        ("language Deutsch", "language"), ("show 7K3FABCDEF", "show"), ("settings format=svg", "settings"),
        ("style navy on white", "style"), ("history search=menu", "history"), ("/history of rome", "history"),
    ],
)  # fmt: skip
def test_a_word_is_a_command_where_the_whole_of_it_parses(text: str, name: str) -> None:
    """Whatever its case; with a slash, or addressed to one of several bots."""
    assert ready(text)[0] == name


def test_with_a_slash_it_is_always_a_command() -> None:
    """Missing or wrong values lead to its form, never to a code."""
    for text in ("/wifi", "/wifi is down", "/delete", "/help me out"):
        assert isinstance(read(text), Ask)


def test_a_lone_word_that_misses_values_asks_for_them() -> None:
    """ "wifi" alone is the form."""
    understood = read("wifi")
    assert isinstance(understood, Ask)
    assert (understood.command.name, understood.given) == ("wifi", {})


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("/wfii", Unknown("wfii", "wifi")),
        ("/WFII x", Unknown("wfii", "wifi")),
        ("/hlep@our_bot", Unknown("hlep", "help")),
        ("/export!", Unknown("export!", "export")),
        ("/r/python", Unknown("r/python", "")),
        ("/größe", Unknown("größe", "")),
        ("/" + "a" * 5000, Unknown("a" * 40, "")),
    ],
)
def test_an_unknown_word_after_a_slash_names_the_nearest(text: str, unknown: Unknown) -> None:
    """A long one is told in short."""
    assert read(text) == unknown


def test_the_nearest_word_is_never_a_hidden_one() -> None:
    """What is pressed is not offered for typing."""
    assert nearest(COMMANDS, "favorite") == ""
    assert nearest(COMMANDS, "hstory") == "history"


# --- values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("shirt", {"what": "shirt"}),
        ("shirt Large 5 yes", {"what": "shirt", "size": "Large", "buttons": "5", "lined": "yes"}),
        ("lined=yes shirt", {"lined": "yes", "what": "shirt"}),
        ("shirt lined=yes size=Large", {"what": "shirt", "lined": "yes", "size": "Large"}),
        ('"Sunday shirt" small', {"what": "Sunday shirt", "size": "small"}),
        ("“Sunday shirt” small", {"what": "Sunday shirt", "size": "small"}),
        ("„Sunday shirt“ small", {"what": "Sunday shirt", "size": "small"}),
        ("„Sunday shirt” small", {"what": "Sunday shirt", "size": "small"}),
        ("«Sunday shirt» small", {"what": "Sunday shirt", "size": "small"}),
        ('what="Sunday shirt"', {"what": "Sunday shirt"}),
        ("what=“Sunday shirt”", {"what": "Sunday shirt"}),
        ('"John"s net" small', {"what": 'John"s net', "size": "small"}),
        ('""', {"what": ""}),
        ("don't", {"what": "don't"}),
        ("'quoted words'", {"what": "'quoted", "size": "words'"}),
        ('"never closed', {"what": '"never', "size": "closed"}),
        ("what= shirt", {"what": "", "size": "shirt"}),
        ("colour=red", {"what": "colour=red"}),
        ("-- lined=yes", {"what": "lined=yes"}),
        ('"lined=yes"', {"what": "lined=yes"}),
        ('"--"', {"what": "--"}),
        ("shirt\tsmall\n2", {"what": "shirt", "size": "small", "buttons": "2"}),
    ],
)
def test_values_are_words_groups_and_options(text: str, given: dict[str, str]) -> None:
    """Straight or curly double quotes group; an apostrophe is a letter; only declared names are options."""
    assert cut(text) == given


@pytest.mark.parametrize("text", ["shirt small 3 yes more words", "shirt what=trousers", "what=a what=b"])
def test_left_over_words_and_values_given_twice_are_named(text: str) -> None:
    """They are a slip, not a value."""
    refused = split(sew, text)[1][""]
    assert str(refused) in (
        "I do not understand “more” here.",
        "I do not understand “what=trousers” here.",
        "I do not understand “what=b” here.",
    )


def test_left_over_words_of_a_command_with_a_secret_are_not_repeated() -> None:
    """They may be the second half of a password."""
    refused = split(COMMANDS["wifi"], "Home s3cret WPA no hunter2")[1][""]
    assert "hunter2" not in str(refused)
    assert "quotes" in str(refused)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("/qr hello world", {"text": "hello world"}),
        ("/qr format=svg hello", {"format": "svg", "text": "hello"}),
        (
            '/qr look="navy on white" format=pdf a b',
            {"look": "navy on white", "format": "pdf", "text": "a b"},
        ),
        ("/qr hello format=svg", {"text": "hello format=svg"}),
        ("/qr text=5", {"text": "text=5"}),
        ("/qr -- format=svg", {"text": "format=svg"}),
        ("/qr -- -- x", {"text": "-- x"}),
        ("/qr format=svg   three spaces", {"format": "svg", "text": "  three spaces"}),
        ('/qr "quoted"', {"text": '"quoted"'}),
        ("/qr a=b", {"text": "a=b"}),
        ("/qr format=svg format=png", {"format": "svg", "text": "format=png"}),
        ("/text format=svg", {"text": "format=svg"}),
        ("/text text=5", {"text": "text=5"}),
        ("/text -- x", {"text": "-- x"}),
        ("text help", {"text": "help"}),
        ("qr hello", {"text": "hello"}),
    ],
)
def test_what_is_left_is_the_text_verbatim(text: str, values: dict[str, object]) -> None:
    """Options stand before it; after ``text`` there are none, so that what follows is always literal."""
    assert ready(text)[1] == values


_LEGAL = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\r"), min_size=1)


@given(_LEGAL.filter(str.strip))
def test_after_text_anything_legal_is_the_payload(payload: str) -> None:
    """To the last space: one separates the word from what it says, the rest belongs to the payload."""
    assert ready(f"/text {payload}") == ("text", {"text": payload})
    assert ready(f"text {payload}") == ("text", {"text": payload})


@given(_LEGAL.filter(str.strip))
def test_after_qr_anything_legal_but_its_options_is_the_payload(payload: str) -> None:
    """``--`` says that nothing more is an option."""
    assert ready(f"/qr -- {payload}") == ("qr", {"text": payload})
    if not payload.split(maxsplit=1)[0].startswith(("format=", "look=", "--")):
        assert ready(f"/qr {payload}") == ("qr", {"text": payload})


@given(st.text())
def test_any_line_is_understood_as_something(text: str) -> None:
    """Whatever is typed, pasted or forged: no line raises, and a text stays as it is."""
    understood = read(text)
    if isinstance(understood, Literal):
        assert understood.text == text
    completions(COMMANDS, text)


@given(st.text(st.sampled_from("ab =\"“”'-\n"), max_size=30))
def test_no_character_of_a_line_is_lost(text: str) -> None:
    """Cut with any quotes and options, the parts hold every letter that was typed."""
    given, errors = split(sew, f"x {text}")
    kept = "".join(given.values())
    assert errors or sorted(kept).count("a") == text.count("a")


def test_control_characters_are_refused_at_the_text(subtests: pytest.Subtests) -> None:
    """The error names the field, so that a form shows it there."""
    for text in ("/qr a\x00b", "/text a\x07b", "/qr a\x9fb"):
        with subtests.test(text=text):
            understood = read(text)
            assert isinstance(understood, Ask)
            assert "control character" in str(understood.errors["text"])
    assert without_controls("a\tb", allowed="\t") == "a\tb"


# --- wrong values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field", "error"),
    [
        ({}, "what", "Please fill this in."),
        ({"what": "x", "size": "huge"}, "size", "“huge” is not one of: small, Large."),
        ({"what": "x", "buttons": "many"}, "buttons", "“many” is not a whole number."),
        ({"what": "x", "buttons": "-1"}, "buttons", "“-1” is not a whole number."),
        ({"what": "x", "buttons": "9999999999"}, "buttons", "“9999999999” is not a whole number."),
        ({"what": "x", "lined": "perhaps"}, "lined", "Please say yes or no instead of “perhaps”."),
    ],
)
def test_wrong_values_are_named_at_their_field(values: dict[str, str], field: str, error: str) -> None:
    """What was given stays, so that nobody types it again."""
    ask = complete(sew, values)
    assert isinstance(ask, Ask)
    assert {name: str(each) for name, each in ask.errors.items()} == {field: error}
    assert ask.given == values


@pytest.mark.parametrize(
    ("given", "value"),
    [("LARGE", Size.LARGE), ("small", Size.SMALL)],
)
def test_a_choice_is_read_in_any_case(given: str, value: Size) -> None:
    """People type on phones."""
    assert complete(sew, {"what": "x", "size": given}) == Ready(sew, {"what": "x", "size": value})


@pytest.mark.parametrize(
    ("said", "value"), [("yes", True), ("ON", True), ("1", True), ("No", False), ("0", False)]
)
def test_yes_and_no_have_many_forms(said: str, value: bool) -> None:
    """As people answer."""
    assert complete(sew, {"what": "x", "lined": said}) == Ready(sew, {"what": "x", "lined": value})


def test_a_reader_names_its_own_field_whatever_it_calls_it() -> None:
    """A wrong size inside a look is the look's fault: the form has no field "size"."""
    for text in ("/style size 9", "/qr look=size=9 x", "/style navvy on white", "/kit level X"):
        understood = read(text)
        assert isinstance(understood, Ask)
        assert set(understood.errors) == {"look"}


def test_a_check_of_values_together_may_name_a_field_or_none() -> None:
    """One that names no field of the command is told beside the form's fields."""

    def check(values: Mapping[str, object]) -> None:
        raise Refused("These do not go together.", field=str(values["what"]))

    both = Command("both", "", sew.params, sew.run, "make", check=check)
    for where, told in (("size", "size"), ("nowhere", "")):
        ask = complete(both, {"what": where})
        assert isinstance(ask, Ask)
        assert {name: str(each) for name, each in ask.errors.items()} == {told: "These do not go together."}


def test_a_check_waits_until_every_value_reads() -> None:
    """It would not know what to compare."""

    def check(values: object) -> None:
        raise AssertionError("called too early")

    assert isinstance(complete(Command("both", "", sew.params, sew.run, "make", check=check), {}), Ask)


@pytest.mark.parametrize(
    ("look", "on"),
    [("yellow", "a dark base"), ("dark=orange", "a dark base"), ("white on black", ""), ("light=black", "")],
)
def test_a_look_may_name_one_colour_that_only_some_base_suits(look: str, on: str) -> None:
    """Whether it is told apart depends on the style it changes."""
    assert ready(f"/style {look}") == ("style", {"look": look})
    assert isinstance(read("/style yelow on white"), Ask)


# --- forms, usage, completion -------------------------------------------------------------------------------


def test_a_form_asks_for_everything_and_tells_what_was_wrong() -> None:
    """A missing value is no mistake yet; a wrong one is told at its field, with what was given kept."""
    ask = complete(sew, {"size": "huge"})
    assert isinstance(ask, Ask)
    made = form(ask, Translator())
    assert (made.command, made.title, made.values) == ("sew", "Sew a piece of clothing.", {"size": "huge"})
    what, size, buttons, lined = made.questions
    assert (what.label, what.entry, what.required, what.default, what.error) == (
        "what to sew", Entry.TEXT, True, "", "",
    )  # fmt: skip
    assert (size.entry, size.choices) == (Entry.CHOICE, (("small", "small"), ("Large", "Large")))
    assert size.error == "“huge” is not one of: small, Large."
    assert (buttons.entry, buttons.default, buttons.required) == (Entry.TEXT, "3", False)
    assert (lined.entry, lined.default) == (Entry.SWITCH, "no")


def test_a_form_hides_secrets_and_gives_long_texts_room() -> None:
    """The kind of entry comes from the parameter."""
    kinds: dict[str, Entry] = {}
    for name in ("wifi", "text"):
        ask = complete(COMMANDS[name], {})
        assert isinstance(ask, Ask)
        kinds |= {each.name: each.entry for each in form(ask, Translator()).questions}
    assert (kinds["password"], kinds["text"]) == (Entry.SECRET, Entry.LONG)


def test_usage_says_what_is_needed_and_what_may_be_chosen() -> None:
    """Required in angles, the rest in brackets with its choices."""
    assert usage(sew) == "sew <what> [size=small/Large] [buttons] [lined=yes/no]"
    assert usage(COMMANDS["read"]) == "read"


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("wi", ("wifi",)),
        ("/wi", ("wifi",)),
        ("sta", ("start",)),
        ("fav", ()),
        ("nosuch ", ()),
        (" ", tuple(name for name, each in COMMANDS.items() if not (each.hidden or each.of))),
        ("wifi sec", ("security=",)),
        ("wifi security=W", ("security=WPA", "security=WPA3", "security=WEP")),
        ("wifi nosuch=", ()),
        ("/settings for", ("format=",)),
        ("settings format=p", ("format=png", "format=pdf")),
        ("language ", ("to=",)),
        ("language d", ("de",)),
        ("help wi", ("wifi",)),
        ("help about=fav", ()),
        ("qr ", ("format=", "look=")),
        ("text ", ()),
        ("text text=", ()),
    ],
)
def test_completion_offers_words_then_options_then_choices(line: str, offers: tuple[str, ...]) -> None:
    """Never a hidden command, never a name that is no option."""
    assert completions(COMMANDS, line) == offers


def test_an_annotation_is_wanted_for_every_parameter() -> None:
    """A slip of ours shows at import, not in a chat."""

    async def bare(context: object, what: str) -> Outcome:
        """Do."""
        return Outcome(None)

    with pytest.raises(TypeError, match="what"):
        command("bare", group="make")(bare)
