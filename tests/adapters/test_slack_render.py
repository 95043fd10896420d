"""Replies as Slack's blocks, forms as its modals: within its limits, no words of people's cut or live."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.objects import JSON, TEXT, escaped
from adapters.slack.render import BLOCKS, MESSAGE, messages
from adapters.slack.views import errors, opener, view
from bot.command import Ask, form, understand
from bot.commands import COMMANDS
from bot.face import Address
from bot.i18n import Translator
from bot.message import Button, Entry, Field, Form, Question, Reply, Tone
from tests.fakes.slack.blocks import IN_MESSAGES, check, check_view
from tests.fakes.slack.methods import BLOCKS as ALL_BLOCKS

T = Translator()
NASTY = [
    *("<!channel>", "<@U1>", "<#C1|x>", "<http://a.example|b>", "&lt;", "*b*", "_i_", "`c`", "😀"),
    *("\u202egnp.exe", "&" * 80, "<" * 3000),
]
LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=40)
WORD = st.sampled_from(NASTY) | st.builds(lambda text, times: text * times, LETTERS, st.integers(1, 200))
TEXTS = st.lists(WORD, max_size=5).map(" ".join)
LABELS = LETTERS | st.sampled_from(NASTY)


def checked(reply: Reply, **more: Any) -> list[JSON]:
    """Lay out a reply and check each message as Slack would."""
    laid_out = messages(reply, t=T, **more)
    for content in laid_out:
        check(content["blocks"], BLOCKS, IN_MESSAGES)
        assert len(json.dumps(content["blocks"], ensure_ascii=False)) <= ALL_BLOCKS
        assert 0 < len(content["text"]) <= TEXT
    return laid_out


def pieces(content: JSON) -> list[JSON]:
    """List the texts in a message's words."""
    rich = [block for block in content["blocks"] if block["type"] == "rich_text"]
    return [piece for block in rich for section in block["elements"] for piece in section["elements"]]


def words(laid_out: list[JSON]) -> str:
    """Give what people read in all of a reply's messages."""
    return "".join(piece["text"] for content in laid_out for piece in pieces(content))


def buttons(content: JSON) -> list[list[JSON]]:
    """Give a message's buttons in their rows."""
    return [block["elements"] for block in content["blocks"] if block["type"] == "actions"]


# --- words --------------------------------------------------------------------------------------------------


def test_a_card_is_its_title_body_and_fields() -> None:
    """Title and labels are bold, and nothing is markup."""
    (content,) = checked(Reply("<b>Wi-Fi</b> & more", "*a* < b", (Field("Name", "<@U1>"),)))
    assert words([content]) == "<b>Wi-Fi</b> & more\n*a* < b\nName: <@U1>\n"
    bold = [piece["text"] for piece in pieces(content) if piece.get("style") == {"bold": True}]
    assert bold == ["<b>Wi-Fi</b> & more\n", "Name: "]
    assert content["text"] == "&lt;b&gt;Wi-Fi&lt;/b&gt; &amp; more\n*a* &lt; b\nName: &lt;@U1&gt;"
    assert (content["unfurl_links"], content["unfurl_media"]) == (False, False)


@given(TEXTS, TEXTS, st.lists(st.tuples(LABELS, TEXTS), max_size=3), st.lists(TEXTS.filter(bool), max_size=3))
def test_no_text_is_cut_live_or_too_long(
    title: str, body: str, fields: list[tuple[str, str]], copies: list[str]
) -> None:
    """However long a card is, each message is within the limits, and all arrives in order, as plain text."""
    rows = tuple((Button("Copy", copy=each),) for each in copies)
    laid_out = checked(Reply(title, body, tuple(Field(*each) for each in fields), buttons=rows))
    whole = [title, body, *(f"{label}: {value}" for label, value in fields)]
    shown = "".join(f"{line}\n" for line in whole[:2] if line) + "".join(f"{line}\n" for line in whole[2:])
    assert words(laid_out) == shown + "".join(copies)
    for content in laid_out:
        assert {piece["type"] for piece in pieces(content)} <= {"text"}
        assert not {"<", ">"} & set(content["text"])


def test_characters_without_a_sign_get_one() -> None:
    """A code can hold them, and Slack would not take them; line breaks and tabs stay."""
    (content,) = checked(Reply("a\x00b", "c\x7fd\te", buttons=((Button("\x1b", "go"),),)))
    assert words([content]) == "a␀b\nc␡d\te\n"
    assert content["text"] == "a␀b\nc␡d\te"
    assert buttons(content)[0][0]["text"]["text"] == "␛"


def test_what_is_too_much_for_one_message_goes_into_several() -> None:
    """Buttons and the picture are in the last."""
    reply = Reply("T", "x" * (MESSAGE * 2), buttons=((Button("Go", "go"),),))
    laid_out = checked(reply, image_url="https://qr.example/i/a.png")
    assert len(laid_out) >= 3
    assert [bool(buttons(content)) for content in laid_out] == [False] * (len(laid_out) - 1) + [True]
    assert laid_out[-1]["blocks"][-2]["type"] == "image"
    many = Reply(buttons=tuple((Button(str(n), "go"),) for n in range(BLOCKS + 1)))
    assert [len(content["blocks"]) for content in checked(many)] == [BLOCKS, 1]


def test_a_text_to_copy_stands_by_itself() -> None:
    """There are no copy buttons on Slack, but a block that one click selects."""
    (content,) = checked(Reply("Read", buttons=((Button("Copy", copy="<a>"),), (Button("Go", "go"),))))
    block = content["blocks"][1]["elements"][0]
    assert block == {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "<a>"}]}
    assert [[each["text"]["text"] for each in row] for row in buttons(content)] == [["Go"]]


def test_a_secret_is_not_in_the_notification() -> None:
    """What pops up on a screen says only what it is."""
    (content,) = checked(Reply("Code", "s3cret", secret=True))
    assert content["text"] == "QR code: Code"
    assert "s3cret" in words([content])


def test_a_picture_has_words_for_those_who_do_not_see_it() -> None:
    """The title where there is one."""
    for reply, said in ((Reply("a < b"), "QR code: a < b"), (Reply(), "QR code")):
        (content,) = checked(reply, image_url="https://qr.example/i/a.png")
        assert content["blocks"][-1]["alt_text"] == said


@given(TEXTS)
def test_a_long_title_does_not_cost_the_picture(title: str) -> None:
    """Alternative texts have a limit of their own."""
    checked(Reply(title), image_url="https://qr.example/i/a.png")


def test_a_reply_without_words_is_still_a_message() -> None:
    """Slack wants a text."""
    (content,) = checked(Reply())
    assert (content["text"], content["blocks"]) == ("QR code", [])


# --- buttons ------------------------------------------------------------------------------------------------


def test_buttons_keep_their_rows_and_remember_the_picture() -> None:
    """At most six in a row, as on the sheet of looks; tones are styles."""
    row = tuple(Button(f"b{n}", f"line {n}") for n in range(7))
    last = (
        Button("Site", url="https://a.example"),
        Button("Do", "do", tone=Tone.MAIN),
        Button("No", "no", tone=Tone.DANGER),
    )
    (content,) = checked(Reply("a", buttons=(row, last)), mark="f00d")
    assert [len(each) for each in buttons(content)] == [6, 1, 3]
    site, do, no = buttons(content)[-1]
    assert (site["url"], "value" in site) == ("https://a.example", False)
    assert (do["value"], do["style"], no["style"]) == ("do", "primary", "danger")
    marks = {block["block_id"].partition("|")[2] for block in content["blocks"] if block["type"] == "actions"}
    assert marks == {"f00d"}


@given(st.lists(st.lists(LABELS, max_size=8), max_size=12))
def test_any_label_makes_a_button(rows: list[list[str]]) -> None:
    """Long ones are shortened between two characters, blank ones get a sign; nothing in them is live."""
    reply = Reply("a", buttons=tuple(tuple(Button(label, "go") for label in row) for row in rows))
    shown = [each for content in checked(reply) for row in buttons(content) for each in row]
    assert len(shown) == sum(map(len, rows))
    for button in shown:
        text = button["text"]["text"]
        assert not {"<", ">"} & set(text)
        assert "&" not in text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


def test_a_button_that_cannot_be_carried_is_an_error() -> None:
    """2,000 characters are the limit of a line, 3,000 of an address."""
    messages(Reply(buttons=((Button("B", "x" * 2000), Button("A", url="https://" + "x" * 2992)),)), t=T)
    for button in (Button("B", "x" * 2001), Button("B", url="https://" + "x" * 2993)):
        with pytest.raises(ValueError, match="the button “B”"):
            messages(Reply(buttons=((button,),)), t=T)


# --- forms --------------------------------------------------------------------------------------------------

ADDRESS: Address = {
    "team": "T1",
    "channel": "C1",
    "user": "U1",
    "picture": "f00d",
    "message": "1.2",
    "aside": 1,
}


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if command.params])
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_command_has_a_modal_that_slack_opens(name: str, language: str) -> None:
    """With nothing given yet; its metadata says where the answer goes."""
    t = Translator(language)
    made = view(form(Ask(COMMANDS[name], {}), t), ADDRESS, t)
    check_view(made)
    kept = json.loads(made["private_metadata"])
    assert kept == {"command": name, "address": {"team": "T1", "channel": "C1", "user": "U1", "aside": 1}}
    fields = [block["block_id"] for block in made["blocks"] if block["type"] == "input"]
    assert fields == [param.name for param in COMMANDS[name].params if not param.arg.unasked]


def test_a_form_shows_what_is_known_and_what_is_wrong() -> None:
    """Values stand in their fields, errors below them, choices as they are."""
    questions = (
        Question("ssid", "network name"),
        Question("password", "network key", Entry.SECRET, required=False, error="Too <short>."),
        Question("notes", "notes", Entry.LONG, required=False, default="none"),
        Question("security", "encryption", Entry.CHOICE, choices=(("WPA", "WPA"), ("nopass", "none & open"))),
        Question("hidden", "hidden", Entry.SWITCH, False, choices=(("yes", "Yes"), ("no", "No"))),
    )
    made = view(Form("wifi", "A <network>", questions, {"ssid": "A & <B>", "security": "wpa"}), ADDRESS, T)
    check_view(made)
    title, ssid, password, notes, security, hidden = made["blocks"]
    assert title["text"]["text"] == "A &lt;network&gt;"
    assert (ssid["label"]["text"], ssid["optional"], ssid["element"]["initial_value"]) == (
        "Network name",
        False,
        "A & <B>",
    )
    assert (password["hint"]["text"], password["optional"]) == ("Too &lt;short&gt;.", True)
    assert (notes["element"]["multiline"], notes["element"]["initial_value"]) == (True, "none")
    assert security["element"]["initial_option"]["value"] == "WPA"
    assert [each["text"]["text"] for each in security["element"]["options"]] == ["WPA", "none &amp; open"]
    assert "initial_option" not in hidden["element"]


def test_a_value_that_no_field_takes_is_not_cut() -> None:
    """A shorter one would be another; the form says that it does not fit, or what else is wrong."""
    for error, said in (("", "What you said is too long for a form: 3000 characters fit."), ("No.", "No.")):
        question = Question("text", "text", Entry.LONG, error=error)
        made = view(Form("qr", "Make", (question,), {"text": "x" * 3001}), ADDRESS, T)
        check_view(made)
        assert "initial_value" not in made["blocks"][1]["element"]
        assert made["blocks"][1]["hint"]["text"] == said


FORMS = st.builds(
    Form,
    st.sampled_from(sorted(COMMANDS)),
    LABELS,
    st.lists(
        st.builds(
            Question,
            st.text("abcdefgh", min_size=1, max_size=9),
            LABELS,
            st.sampled_from(Entry),
            st.booleans(),
            TEXTS,
            st.lists(st.tuples(st.text("abc", min_size=1, max_size=9), LABELS), max_size=120).map(tuple),
            error=LABELS,
        ),
        min_size=1,
        max_size=9,
        unique_by=lambda question: question.name,
    ).map(tuple),
)


@given(FORMS)
def test_any_form_is_a_modal(shown: Form) -> None:
    """Whatever labels, values, choices and errors hold."""
    check_view(view(shown, ADDRESS, T))


def test_what_is_wrong_with_a_form_is_said_at_its_fields() -> None:
    """Where no field is at fault, at the first."""
    wrong = (Question("a", "a"), Question("b", "b", error="No."))
    assert errors(Form("x", "All", wrong)) == {"response_action": "errors", "errors": {"b": "No."}}
    assert errors(Form("x", "All", wrong[:1])) == {"response_action": "errors", "errors": {"a": "All"}}


@given(st.dictionaries(st.sampled_from(["ssid", "password", "security", "hidden"]), TEXTS))
def test_the_button_that_opens_a_form_says_again_what_was_said(values: dict[str, str]) -> None:
    """Secrets do not go into buttons, and nothing that would be read back as something else."""
    button = opener(form(Ask(COMMANDS["wifi"], values), T), T)
    assert len(button.line) <= 2000
    understood = understand(COMMANDS, button.line)
    assert getattr(understood, "command", None) is COMMANDS["wifi"]
    given = getattr(understood, "given", {}) or getattr(understood, "values", {})
    for name, value in given.items():
        assert name != "password"
        assert str(value).casefold() in (values[name].casefold(), "true", "false")


def test_a_forms_button_holds_what_it_can() -> None:
    """Values with quotes or brackets in them have to be typed again; so has what would be too long."""
    values = {"text": "hello  there", "look": 'navy "on" white', "format": "x" * 2000}
    assert opener(form(Ask(COMMANDS["qr"], values), T), T).line == '/qr text="hello  there"'
    assert opener(Form("qr", "Make", (Question("text", "text"),), {}), T).line == "/qr"


@given(TEXTS)
def test_escaped_texts_hold_nothing_live(text: str) -> None:
    """Only the three characters are changed."""
    assert not {"<", ">"} & set(escaped(text))
    assert escaped(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
