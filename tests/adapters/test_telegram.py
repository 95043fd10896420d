"""The Telegram face: what updates mean, what replies become, and that no update is lost between the two."""

import asyncio
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from adapters.telegram.intake import ALLOWED
from adapters.telegram.lines import CAPTION, TEXT
from adapters.telegram.menu import announce
from adapters.telegram.parse import parse
from adapters.telegram.poll import Listeners, poll
from adapters.telegram.render import Call, knock, render
from adapters.telegram.serve import Telegram, WrongToken, face, open_telegram
from bot.app import App
from bot.command import Arg, Command, command
from bot.face import Address, Face, TryLater, Undeliverable
from bot.i18n import Translator
from bot.message import Asking, Button, Field, File, Outcome, Reply, Request, SpaceKind, Tone
from bot.pace import parse_rates
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, Rendered
from bot.qr.picture import render as drawn_now
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT
from storage.changes import Change
from tests.fakes import FakeTelegram
from tests.fakes.drawn import qr
from tests.fakes.telegram import Chat, Message, Person
from tests.fakes.telegram.text import formatted, utf16

BOT = "qr_test_bot"
PICTURE = Picture(payload_of("https://example.com"), DEFAULT, name="example")
ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "last_name": "L", "language_code": "de"}
OURS = {"id": 1, "is_bot": True, "first_name": "QR", "username": BOT}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada"}
GROUP = {"id": -100, "type": "supergroup", "title": "Friends"}
AT_HOME: Address = {"chat": 7, "user": 7, "private": 1}
IN_GROUP: Address = {"chat": -100, "user": 7, "private": 0, "message": 3, "thread": 9}


# --- updates ------------------------------------------------------------------------------------------------


def update(kind: str = "message", **body: Any) -> Update:
    """Make an update as the SDK gives it."""
    message = {"message_id": 3, "date": 1, "chat": PRIVATE, "from": ADA}
    read = Update.de_json({"update_id": 42, kind: message | body}, None)
    assert read is not None
    return read


def said(**body: Any) -> Request:
    """Parse a message that is for us."""
    request = parse(update(**body), BOT)
    assert request is not None
    return request


def press(message: dict[str, Any], data: str = "show 7K3F") -> Request | None:
    """Parse a press under a message."""
    body = {"id": "99", "from": ADA, "chat_instance": "1", "data": data, "message": message}
    read = Update.de_json({"update_id": 42, "callback_query": body}, None)
    return parse(read, BOT)


def test_a_text_in_private_is_a_request_as_it_is() -> None:
    """Who, where and what are kept, the text verbatim, and the reply is not a reply to anything."""
    request = said(text='wifi "Guest  net" s3cret')
    assert (request.id, request.text) == (f"telegram:{BOT}:42", 'wifi "Guest  net" s3cret')
    assert (request.actor.key, request.actor.name, request.actor.language) == ("telegram:7", "Ada L", "de")
    assert (request.space.key, request.space.kind) == ("telegram:7", SpaceKind.PRIVATE)
    assert (request.asking, request.answered, request.pressed) == (Asking.QUESTION, False, False)
    assert request.address == {"chat": 7, "user": 7, "private": 1, "said": 3}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/qr@qr_test_bot  hello", "/qr  hello"),
        ("/qr@QR_Test_Bot", "/qr"),
        ("/qr hello", "/qr hello"),
        ("/qr@other_bot hello", None),
        ("/start hello", "/start"),
        ("/start 7K3F", "/start 7K3F"),
        ("/etc/passwd", "/etc/passwd"),
        ("@qr_test_bot hi", "@qr_test_bot hi"),
    ],
)
def test_a_command_for_this_bot_loses_the_name_in_private(text: str, meant: str | None) -> None:
    """Another bot's command is not for us; our own deep link only opens the chat."""
    request = parse(update(text=text), BOT)
    assert (request and request.text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("good morning", None),
        ("/etc/passwd", None),
        ("/qr hello", "/qr hello"),
        ("/qr@qr_test_bot hello", "/qr hello"),
        ("/qr@other_bot hello", None),
        ("@qr_test_bot hello  there", "hello  there"),
        ("hello @QR_test_bot", "hello"),
        ("write to me@qr_test_bot", None),
        ("@qr_test_bot2 hello", None),
        ("@qr_test_bot", None),
    ],
)
def test_a_group_is_heard_only_where_it_speaks_to_the_bot(text: str, meant: str | None) -> None:
    """Commands and mentions count, the mention is taken out."""
    request = parse(update(text=text, chat=GROUP), BOT)
    assert (request and request.text) == meant


def test_an_answer_to_the_bot_in_a_group_is_for_it() -> None:
    """Answers to others are not; our answer will show what it answers."""
    ours = {"message_id": 2, "date": 1, "chat": GROUP, "from": OURS, "text": "Network name?"}
    request = said(text="Guest", chat=GROUP, reply_to_message=ours)
    assert (request.text, request.space.kind, request.space.title) == ("Guest", SpaceKind.GROUP, "Friends")
    assert request.address == {"chat": -100, "user": 7, "private": 0, "message": 3, "said": 3}
    assert parse(update(text="Guest", chat=GROUP, reply_to_message=ours | {"from": ADA}), BOT) is None


def test_a_topic_is_kept_and_a_thread_of_replies_is_not() -> None:
    """Only in topics can something be sent by thread id."""
    topic = said(text="/qr a", chat=GROUP, message_thread_id=9, is_topic_message=True)
    assert topic.address["thread"] == 9
    assert "thread" not in said(text="/qr a", chat=GROUP, message_thread_id=9).address


def test_a_message_that_was_changed_is_the_same_message_in_other_words() -> None:
    """Each change has an id of its own; the message keeps its number. In a group it has to be for us."""
    assert (said(text="hello").message, said(text="hello").edited) == ("3", False)
    request = parse(update("edited_message", text="hello there", edit_date=2), BOT)
    assert request is not None
    assert (request.text, request.message, request.edited) == ("hello there", "3", True)
    assert request.id == f"telegram:{BOT}:42"
    for text, meant in (("/qr hi", "/qr hi"), ("good evening", None)):
        changed = parse(update("edited_message", text=text, chat=GROUP), BOT)
        assert (changed and changed.text) == meant
    assert parse(update("edited_message", caption="a"), BOT) is None


def test_a_photo_is_taken_in_its_largest_size() -> None:
    """Nothing is fetched: the upload is a reference; the caption is the text."""
    sizes = [
        {"file_id": name, "file_unique_id": name, "width": side, "height": side, "file_size": side}
        for name, side in (("s", 90), ("l", 800), ("m", 320))
    ]
    (upload,) = said(photo=sizes, caption="what is it").uploads
    assert (upload.ref, upload.media_type, upload.size, upload.data) == ("l", "image/jpeg", 800, b"")
    assert said(photo=sizes, caption="what is it").text == "what is it"
    assert parse(update(photo=sizes, chat=GROUP), BOT) is None
    assert len(said(photo=sizes, chat=GROUP, caption="/read@qr_test_bot").uploads) == 1


@pytest.mark.parametrize(
    ("media_type", "count"), [("image/png", 1), ("application/pdf", 1), ("text/plain", 0), ("", 0)]
)
def test_documents_count_where_they_may_hold_codes(media_type: str, count: int) -> None:
    """Pictures and PDF pages are read; another file is a message without a text."""
    document = {"file_id": "d", "file_unique_id": "u", "file_name": "a.x", "file_size": 5}
    request = said(document=document | {"mime_type": media_type})
    assert [(u.ref, u.name, u.size) for u in request.uploads] == [("d", "a.x", 5)] * count
    assert request.text == ""


def test_a_press_is_its_line() -> None:
    """The address tells which message to change, and whether it holds a file."""
    pressed = {"message_id": 5, "date": 1, "chat": GROUP, "from": OURS, "text": "Which?"}
    request = press(pressed)
    assert request is not None
    assert (request.text, request.pressed, request.actor.id) == ("show 7K3F", True, "7")
    assert (request.message, request.edited) == ("5", False)
    assert request.address == {
        "chat": -100, "user": 7, "private": 0, "message": 5, "callback": "99", "photo": 0,
    }  # fmt: skip
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    shown = press(pressed | {"photo": photo})
    assert shown is not None
    assert shown.address["photo"] == 1


def test_a_press_under_a_message_too_old_to_be_seen_still_counts() -> None:
    """Telegram then names only the chat and the message."""
    request = press({"message_id": 5, "date": 0, "chat": PRIVATE})
    assert request is not None
    assert (request.address["message"], request.address["photo"]) == (5, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "edited_message", "location": {"latitude": 1, "longitude": 2}},
        {"kind": "edited_message", "text": "a", "chat": GROUP},
        {"kind": "channel_post", "text": "a", "chat": {"id": -1, "type": "channel", "title": "c"}},
        {"pinned_message": {"message_id": 1, "date": 1, "chat": PRIVATE}},
        {"text": "a", "from": OURS},
        {"text": "a", "via_bot": OURS},
        {"text": "/qr a", "chat": GROUP, "is_automatic_forward": True},
    ],
)
def test_what_is_not_said_to_the_bot_is_nothing(other: dict[str, Any]) -> None:
    """What moves on a map, a group's own talk, posts, service messages, bots, what an inline query gave."""
    assert parse(update(**other), BOT) is None


def test_what_holds_no_text_still_gets_an_answer_in_private() -> None:
    """A sticker is a request without a text: the core says what it wants."""
    dice = {"emoji": "🎲", "value": 3}
    assert said(dice=dice).text == ""
    assert parse(update(dice=dice, chat=GROUP), BOT) is None


def test_who_speaks_for_a_group_is_not_everybody_who_does() -> None:
    """All anonymous admins share one account, so the group stands for them, and no reply reaches it."""
    shared = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    request = said(text="/qr a", chat=GROUP, sender_chat=GROUP, **{"from": shared})
    assert (request.actor.key, request.address["user"]) == ("telegram:-100", 1087968824)


# --- replies ------------------------------------------------------------------------------------------------


def seen(call: Call) -> str:
    """Give the text that people see of a call; fails on markup that Telegram cannot read."""
    fields = call.fields
    html = fields.get("text", fields.get("caption"))
    if "media" in fields:
        html = fields["media"].caption
    return formatted(html or "", "HTML", [])[0]


def buttons(call: Call) -> list[list[tuple[str, str | None]]]:
    """Give the rows of a call's keyboard: label, and what it carries."""
    markup = call.fields["reply_markup"]
    return [
        [(b.text, b.callback_data or b.url or (b.copy_text and b.copy_text.text)) for b in row]
        for row in (markup.inline_keyboard if markup else ())
    ]


@pytest.fixture(scope="module")
def png() -> Rendered:
    """A picture's bytes."""
    return drawn_now(PICTURE)


def test_what_people_wrote_is_not_markup() -> None:
    """Everything is escaped, titles and labels are bold."""
    reply = Reply("<b>Wi-Fi</b> & more", "a < b", (Field("Name", "</b><i>x"), Field("Two", "1\n2")))
    (call,) = render(reply, AT_HOME)
    assert call.method == "send_message"
    assert seen(call) == "<b>Wi-Fi</b> & more\na < b\nName: </b><i>x\nTwo: 1\n2"
    assert call.fields["text"].startswith("<b>&lt;b&gt;Wi-Fi")
    assert call.fields["link_preview_options"].is_disabled


LINES = st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=3000), max_size=6)


@given(LINES, st.text("ab<&>😀", max_size=40), LINES)
def test_no_text_is_cut_or_too_long(body: list[str], title: str, value: list[str]) -> None:
    """However long a card is, each message is readable and all of it arrives, in order."""
    reply = Reply(title, "\n".join(body), (Field("Label", "\n".join(value)),))
    calls = render(reply, AT_HOME)
    assert all(1 <= utf16(seen(call)) <= TEXT for call in calls)
    whole = "".join([title, *body, "Label:", *value])
    assert "".join("".join(map(seen, calls)).split()) == "".join(whole.split())


def test_long_cards_break_between_lines_and_keep_the_buttons_below() -> None:
    """Only a line that fits nowhere is broken itself, after a word."""
    lines = ["x" * 1500, "y" * 1500, "z" * 1500]
    calls = render(Reply(body="\n".join(lines), buttons=((Button("Go", "go"),),)), AT_HOME)
    assert [seen(call) for call in calls] == ["\n".join(lines[:2]), lines[2]]
    assert [buttons(call) for call in calls] == [[], [[("Go", "go")]]]
    words = render(Reply(body="word " * 1000), AT_HOME)
    assert [seen(call)[-4:] for call in words] == ["word", "word"]


def test_a_picture_has_its_card_below_it(png: Rendered) -> None:
    """A PNG is shown, under its own name and type; buttons stay in their rows."""
    rows = (
        (Button("SVG", "show 1 format=svg"), Button("Site", url="https://x.example/a")),
        (Button("C", copy="t"),),
    )
    (call,) = render(Reply("Saved", picture=PICTURE, buttons=rows), AT_HOME, png)
    assert (call.method, seen(call)) == ("send_photo", "Saved")
    photo = call.fields["photo"]
    assert photo.field_tuple == ("example.png", png.data, "image/png")
    assert buttons(call) == [
        [("SVG", "show 1 format=svg"), ("Site", "https://x.example/a")],
        [("C", "t")],
    ]


def test_a_card_too_long_for_a_caption_follows_the_picture(png: Rendered) -> None:
    """The picture keeps the buttons, as a press changes the message under which it was."""
    just, over = "x" * CAPTION, "x" * (CAPTION + 1)
    assert [seen(call) for call in render(Reply(body=just, picture=PICTURE), AT_HOME, png)] == [just]
    rows = ((Button("Go", "go"),),)
    calls = render(Reply(body=over, picture=PICTURE, buttons=rows), AT_HOME, png)
    assert [(call.method, seen(call)) for call in calls] == [("send_photo", ""), ("send_message", over)]
    assert [buttons(call) for call in calls] == [[[("Go", "go")]], []]


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_what_telegram_cannot_show_is_a_document(kind: str) -> None:
    """With the right ending and media type."""
    picture = Picture(PICTURE.payload, DEFAULT, kind, "example")
    bytes_of_it = drawn_now(picture)
    (call,) = render(Reply(picture=picture), AT_HOME, bytes_of_it)
    assert call.method == "send_document"
    assert call.fields["document"].field_tuple == (
        f"example.{kind}",
        bytes_of_it.data,
        bytes_of_it.media_type,
    )


def test_files_are_documents_whatever_they_hold(png: Rendered) -> None:
    """A PNG as a file keeps its pixels; a text is its own bytes."""
    (call,) = render(Reply(files=(File("code.png", PICTURE),)), AT_HOME, png)
    assert call.fields["document"].field_tuple == ("code.png", png.data, "image/png")
    (call,) = render(
        Reply(files=(File("data.json", text='{"ä": 1}', media_type="application/json"),)), AT_HOME
    )
    assert call.method == "send_document"
    assert call.fields["document"].field_tuple == ("data.json", '{"ä": 1}'.encode(), "application/json")


def test_a_picture_too_large_to_be_shown_is_a_document(png: Rendered) -> None:
    """Photos end at 10 MB."""
    huge = Rendered(bytes(10_000_001), "image/png", "png", png.version, png.level)
    assert render(Reply(picture=PICTURE), AT_HOME, huge)[0].method == "send_document"


def test_buttons_that_telegram_would_refuse_do_not_cost_the_message() -> None:
    """An address it cannot open is there to be copied; what is too long to copy is left out."""
    rows = (
        (Button("Here", url="http://localhost:8000/A"), Button("Mail", url="mailto:a@b.example")),
        (Button("Long", copy="x" * 257),),
    )
    (call,) = render(Reply(body="a", buttons=rows), AT_HOME)
    assert buttons(call) == [[("Here", "http://localhost:8000/A"), ("Mail", "mailto:a@b.example")]]
    assert not any(b.url for row in call.fields["reply_markup"].inline_keyboard for b in row)


def test_a_button_that_cannot_be_carried_is_an_error() -> None:
    """64 bytes are the limit, counted as UTF-8; a button that does nothing is a mistake of ours."""
    render(Reply(body="a", buttons=((Button("B", "ä" * 32),),)), AT_HOME)
    for button in (Button("B", "ä" * 32 + "a"), Button("B")):
        with pytest.raises(ValueError, match="the button 'B'"):
            render(Reply(body="a", buttons=((button,),)), AT_HOME)


def test_the_main_button_and_the_dangerous_one_look_it() -> None:
    """Tones become Telegram's styles."""
    row = (Button("a", "a", tone=Tone.MAIN), Button("b", "b", tone=Tone.DANGER), Button("c", "c"))
    (call,) = render(Reply(body="a", buttons=(row,)), AT_HOME)
    styles = [button.style for button in call.fields["reply_markup"].inline_keyboard[0]]
    assert styles == ["primary", "danger", None]


def test_in_a_group_a_reply_shows_what_it_answers() -> None:
    """It stays in its topic, and is sent even where the question is gone; private replies know neither."""
    (call,) = render(Reply(body="a"), IN_GROUP)
    answered = call.fields["reply_parameters"]
    assert (call.fields["chat_id"], call.fields["message_thread_id"], answered.message_id) == (-100, 9, 3)
    assert answered.allow_sending_without_reply
    (alone,) = render(Reply(body="a", private=True), IN_GROUP)
    assert alone.fields["chat_id"] == 7
    assert not {"reply_parameters", "message_thread_id"} & set(alone.fields)
    assert render(Reply(body="a", private=True, shared=True), IN_GROUP)[0].fields["chat_id"] == -100


@pytest.mark.parametrize(
    ("photo", "picture", "length", "methods"),
    [
        (0, False, 9, ["edit_message_text"]),
        (0, False, 5000, ["edit_message_text", "send_message"]),
        (1, False, 9, ["edit_message_caption"]),
        (1, False, 2000, ["send_message"]),
        (1, True, 9, ["edit_message_media"]),
        (1, True, 2000, ["edit_message_media", "send_message"]),
        (0, True, 9, ["send_photo"]),
    ],
)
def test_a_replacement_changes_the_message_as_far_as_it_can(
    photo: int, picture: bool, length: int, methods: list[str], png: Rendered
) -> None:
    """A text cannot become a picture, and a picture cannot lose its own."""
    body = "\n".join("x" * 9 for _ in range(length // 10)) or "x"
    reply = Reply(body=body, picture=PICTURE if picture else None, replace=True)
    address: Address = {**AT_HOME, "message": 5, "callback": "9", "photo": photo}
    calls = render(reply, address, png if picture else None)
    assert [call.method for call in calls] == methods
    edits = [call for call in calls if call.method.startswith("edit")]
    assert all((call.fields["chat_id"], call.fields["message_id"]) == (7, 5) for call in edits)


def test_nothing_is_replaced_in_a_group_by_what_is_private() -> None:
    """Others would read it."""
    address: Address = {**IN_GROUP, "callback": "9", "photo": 0}
    (call,) = render(Reply(body="a", private=True, replace=True), address)
    assert (call.method, call.fields["chat_id"]) == ("send_message", 7)


def test_a_reply_without_words_is_still_a_message() -> None:
    """Telegram refuses empty texts, and buttons need something to hang under."""
    (call,) = render(Reply(body=" \n ", buttons=((Button("Go", "go"),),)), AT_HOME)
    assert seen(call) == "…"


# --- rates --------------------------------------------------------------------------------------------------


@given(st.integers(1, 999), st.sampled_from("smh"))
def test_no_window_holds_more_than_a_limit_says(count: int, unit: str) -> None:
    """What may go out at once and what comes after it stay below the limit together."""
    pace = parse_rates(f"group={count}/{unit}")["group"]
    seconds = {"s": 1, "m": 60, "h": 3600}[unit]
    at_once = pace.burst if count >= 5 else 0  # below that, one after the other is all there is
    assert pace.burst >= 1
    assert at_once + pace.per_second * seconds == pytest.approx(count)


@pytest.mark.parametrize("text", ["", "chat", "chat=0/s", "chat=1/d", "all=30", "chat=1/s,,all=1/s", "x=1/s"])
def test_limits_that_mean_nothing_are_refused(text: str) -> None:
    """The error says how to write them."""
    with pytest.raises(ValueError, match="chat=1/s,group=20/m,all=30/s"):
        parse_rates(text)


# --- the connection -----------------------------------------------------------------------------------------


@pytest.fixture
async def telegram(tg: FakeTelegram) -> AsyncIterator[Telegram]:
    """Connect to it."""
    async with open_telegram(tg.token, tg.url, "off") as opened:
        yield opened


@pytest.fixture
def shown(telegram: Telegram) -> Face:
    """Give the face."""
    return face(telegram)


@pytest.fixture
def ada(tg: FakeTelegram) -> Person:
    """Give somebody who has never written to the bot."""
    return tg.person()


@pytest.fixture
def home(tg: FakeTelegram, ada: Person) -> Chat:
    """Let Ada start the bot."""
    return tg.private(ada, started=True)


async def draw(picture: Picture) -> Rendered:
    """Draw for real."""
    return drawn_now(picture)


def at(chat: Chat, person: Person, **more: str | int) -> Address:
    """Address a chat as a message of this person's would."""
    return {"chat": chat.id, "user": person.id, "private": int(chat.type == "private"), **more}


def under(message: Message, person: Person, tg: FakeTelegram) -> Address:
    """Press the first button under a message and give the address of that press."""
    update_id = tg.presses(person, message, message.buttons[0][0][0])
    raw = next(raw for raw in tg.updates.batch(100) if raw["update_id"] == update_id)
    request = parse(Update.de_json(raw, None), BOT)
    assert request is not None
    return request.address


GO = ((Button("Go", "go"),),)


async def test_a_wrong_token_is_told_without_saying_it(tg: FakeTelegram) -> None:
    """Neither what was typed nor what Telegram refused is in the error, however it is shown."""
    for token in (tg.token[:-1] + "x", "nonsense", ""):
        with pytest.raises(WrongToken) as caught:
            async with open_telegram(token, tg.url, "off"):
                pass
        assert not token or token not in "".join(traceback.format_exception(caught.value))


async def test_a_start_waits_until_telegram_can_be_reached(tg: FakeTelegram) -> None:
    """A fault of the network at start ends nothing."""
    tg.fail("getMe", status=502, html=True)
    async with open_telegram(tg.token, tg.url + "/", "off") as telegram:
        assert telegram.name == BOT
    assert [call.answered for call in tg.calls] == [502, 200]


async def test_a_picture_arrives_and_scans(tg: FakeTelegram, shown: Face, ada: Person, home: Chat) -> None:
    """What people see is decoded again."""
    await shown.send(at(home, ada), Reply("Saved <3", picture=PICTURE, buttons=GO), draw)
    (message,) = tg.replies(home)
    assert tg.decode(message) == ["https://example.com"]
    assert (message.caption, message.buttons) == ("Saved <3", [[("Go", "go")]])
    assert tg.refused == []


async def test_documents_arrive_under_their_names(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """SVG, PDF, and texts, with their media types on the wire."""
    files = (
        File("a.svg", Picture(PICTURE.payload, DEFAULT, "svg")),
        File("a.pdf", Picture(PICTURE.payload, DEFAULT, "pdf")),
        File("a.csv", text="a;b", media_type="text/csv"),
    )
    for file in files:
        await shown.send(at(home, ada), Reply(files=(file,)), draw)
    assert [message.file_name for message in tg.replies(home)] == ["a.svg", "a.pdf", "a.csv"]
    parts = [part.media_type for call in tg.calls for part in call.files.values()]
    assert parts == ["image/svg+xml", "application/pdf", "text/csv"]


async def test_a_press_is_answered_once_and_changes_its_message(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """A picture takes another's place, then a caption, and what is the same already is fine."""
    await shown.send(at(home, ada), Reply("One", picture=PICTURE, buttons=GO), draw)
    (message,) = tg.replies(home)
    other = Picture(payload_of("two"), DEFAULT)
    address = under(message, ada, tg)
    await shown.send(address, Reply("Two", picture=other, buttons=GO, replace=True), draw)
    assert (tg.decode(message), message.caption) == (["two"], "Two")
    for age in (0.0, 1.0):
        await shown.noticed(address, age)
        await shown.send(address, Reply("Three", buttons=GO, replace=True), draw)
    assert (tg.replies(home), message.caption) == ([message], "Three")
    assert len(await tg.wait_for("answerCallbackQuery")) == 1
    assert ["not modified" in str(call.result) for call in tg.refused] == [True]


async def test_a_press_too_old_to_be_answered_still_works(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """After 150 seconds Telegram no longer takes the answer, but it takes the reply."""
    await shown.send(at(home, ada), Reply("One", buttons=GO), draw)
    address = under(tg.replies(home)[0], ada, tg)
    tg.later(200)
    await shown.noticed(address, 200.0)
    assert [call.method for call in tg.calls if call.method == "answerCallbackQuery"] == []
    await shown.noticed(address, 10.0)  # it was pressed long before we got it
    await shown.send(address, Reply("Two", replace=True), draw)
    assert [message.text for message in tg.replies(home)] == ["Two"]
    assert [call.method for call in tg.refused] == ["answerCallbackQuery"]


async def test_what_cannot_be_changed_is_said_anew(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """The message pressed is gone."""
    await shown.send(at(home, ada), Reply("One", buttons=GO), draw)
    (message,) = tg.replies(home)
    address = under(message, ada, tg)
    del home.messages[message.id]
    await shown.send(address, Reply("Two", picture=PICTURE, replace=True), draw)
    await shown.send(address, Reply("Three", replace=True), draw)
    assert [(m.caption or m.text) for m in tg.replies(home)] == ["Two", "Three"]


async def test_a_private_reply_leaves_the_group(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """Whoever has started the bot gets it in their own chat, and the group sees nothing."""
    group = tg.group(members=[ada])
    await shown.send(at(group, ada), Reply(body="s3cret", private=True, secret=True), draw)
    assert [message.text for message in tg.replies(home)] == ["s3cret"]
    assert tg.replies(group) == []


async def test_whom_the_bot_may_not_write_to_is_asked_to_start_it(
    tg: FakeTelegram, shown: Face, ada: Person
) -> None:
    """The group sees a button that opens the chat, in their language, and nothing of the content."""
    group = tg.group(members=[ada])
    tg.private(ada)
    tg.says(ada, group, "/wifi a s3cret")
    asked = tg.messages(group)[-1]
    reply = Reply("Wi-Fi s3cret", picture=PICTURE, private=True, secret=True)
    await shown.send(at(group, ada, message=asked.id, language="en"), reply, draw)
    (message,) = tg.replies(group)
    assert message.buttons == [[("Open our chat", f"https://t.me/{BOT}?start=hello")]]
    assert (message.reply_to, message.media) == (asked, None)
    assert "s3cret" not in message.text
    stranger: Address = {"chat": group.id, "user": 999, "private": 0}
    await shown.send(stranger, reply, draw)
    assert len(tg.replies(group)) == 2


def test_the_request_to_start_has_no_secret_to_tell() -> None:
    """It is the same for everybody, and not private, so it is never asked for again."""
    asked = knock("en", BOT)
    assert (asked.private, asked.picture, asked.files) == (False, None, ())


async def test_flood_control_says_how_long_to_wait(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """Seconds come from Telegram."""
    tg.fail("sendMessage", status=429, retry_after=7)
    with pytest.raises(TryLater) as caught:
        await shown.send(at(home, ada), Reply(body="a"), draw)
    assert caught.value.seconds == 7


@pytest.mark.parametrize(
    "fault", [{"status": 502, "html": True}, {"status": 500}, {"cut": "before"}, {"status": 401}]
)
async def test_faults_that_pass_are_tried_again_later(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat, fault: dict[str, Any]
) -> None:
    """Telegram's own faults, the network's, and a token that is being changed; no text holds the token."""
    tg.fail("sendMessage", **fault)
    with pytest.raises(TryLater) as caught:
        await shown.send(at(home, ada), Reply(body="a"), draw)
    assert caught.value.seconds is None
    assert tg.token not in "".join(traceback.format_exception(caught.value))


async def test_what_is_refused_for_good_is_undeliverable(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """Somebody who blocked the bot, a chat that is not there, a button of ours that is too long."""
    wrong = Reply(body="a", buttons=((Button("B", "x" * 65),),))
    with pytest.raises(Undeliverable, match="64 bytes"):
        await shown.send(at(home, ada), wrong, draw)
    with pytest.raises(Undeliverable, match=r"(?i)chat not found"):
        await shown.send(shown.reach("31337"), Reply(body="a"), draw)
    tg.blocks(ada)
    with pytest.raises(Undeliverable, match="blocked"):
        await shown.send(at(home, ada), Reply(body="a"), draw)


async def test_what_goes_wrong_with_the_rest_of_a_reply_does_not_repeat_its_beginning(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card over two messages, the second cut off twice, then refused for good."""
    monkeypatch.setattr("adapters.telegram.send.PAUSES", (0.01, 0.01, 0.01))
    long = Reply(body="\n".join(["line"] * 900))
    tg.fail("sendMessage", slow=0.0)
    tg.fail("sendMessage", 2, cut="before")
    await shown.send(at(home, ada), long, draw)
    assert len(tg.replies(home)) == 2
    tg.fail("sendMessage", slow=0.0)
    tg.fail("sendMessage", status=400)
    with pytest.raises(Undeliverable, match="the rest of a reply"):
        await shown.send(at(home, ada), long, draw)
    assert len(tg.replies(home)) == 3


async def test_a_group_that_became_a_supergroup_is_found(tg: FakeTelegram, shown: Face, ada: Person) -> None:
    """The reply goes to the new id at once."""
    group = tg.group(members=[ada])
    wide = tg.migrates(ada, group)
    await shown.send(at(group, ada, message=1), Reply(body="a"), draw)
    assert [message.text for message in tg.replies(wide)] == ["a"]


async def test_a_topic_that_was_deleted_does_not_cost_the_reply(
    tg: FakeTelegram, shown: Face, ada: Person
) -> None:
    """It goes to the group's general one."""
    forum = tg.group(members=[ada], threads=[7])
    await shown.send(at(forum, ada, thread=7), Reply(body="a"), draw)
    await shown.send(at(forum, ada, thread=8), Reply(body="b"), draw)
    assert [message.extra.get("message_thread_id") for message in tg.replies(forum)] == [7, None]


async def test_the_rest_of_a_long_reply_waits_where_it_is(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """Flood control between a picture and its text does not send the picture twice."""
    tg.fail("sendMessage", status=429, retry_after=1)
    await shown.send(at(home, ada), Reply(body="x" * 1500, picture=PICTURE), draw)
    assert [len(message.text) for message in tg.replies(home)] == [0, 1500]


async def test_what_cannot_be_drawn_is_said_by_the_deliveries(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """A refusal passes through, and nothing was sent."""

    async def refuse(_: Picture) -> Rendered:
        raise Refused("This does not scan.")

    with pytest.raises(Refused, match="scan"):
        await shown.send(at(home, ada), Reply("a", picture=PICTURE), refuse)
    assert tg.replies(home) == []


async def test_a_send_counts_against_its_chat_its_group_and_all(tg: FakeTelegram) -> None:
    """A private chat counts against no group; with limits off nothing counts."""
    async with open_telegram(tg.token, tg.url, "chat=1/s,group=20/m,all=30/s") as telegram:
        rates = face(telegram).rates
        found = {rate.key.split(":")[2]: (rate.per_second, rate.burst) for rate in rates(IN_GROUP, Reply())}
        assert found == {"chat": (1.0, 1), "group": (16 / 60, 4), "all": (24.0, 6)}
        assert [rate.key for rate in rates(AT_HOME, Reply())] == [
            f"telegram:{BOT}:chat:7",
            f"telegram:{BOT}:all",
        ]
    async with open_telegram(tg.token, tg.url, "off") as telegram:
        assert face(telegram).rates(IN_GROUP, Reply()) == ()


# --- what a request lacks -----------------------------------------------------------------------------------


def waiting(tg: FakeTelegram) -> Request:
    """Parse the newest update."""
    request = parse(Update.de_json(tg.updates.batch(100)[-1], None), BOT)
    assert request is not None
    return request


async def test_files_are_fetched_when_they_are_wanted(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """A document comes as it was sent, a photo in its largest size."""
    data = qr("hello")
    tg.sends_document(ada, home, "a.png", data, "image/png")
    assert (await shown.prepare(waiting(tg))).uploads[0].data == data
    tg.sends_photo(ada, home, data)
    ready = await shown.prepare(waiting(tg))
    assert ready.uploads[0].data[:3] == b"\xff\xd8\xff"
    assert ready.admin is True


async def test_files_over_the_limit_are_refused_kindly(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """The size named in the update is enough to know; one that names none is found out when asked for."""
    tg.sends_document(ada, home, "a.png", bytes(20_000_001), "image/png")
    request = waiting(tg)
    (named,) = request.uploads
    silent = Request(request.id, request.actor, request.space, uploads=(type(named)(named.ref),))
    for each in (request, silent):
        with pytest.raises(Refused, match="the limit is 20 MB"):
            await shown.prepare(each)
    assert [call.method for call in tg.calls].count("getFile") == 1


async def test_a_file_that_cannot_be_fetched_now_is_fetched_later(
    tg: FakeTelegram, shown: Face, ada: Person, home: Chat
) -> None:
    """The error holds nothing of the address, which holds the token."""
    tg.sends_document(ada, home, "a.png", qr("a"), "image/png")
    for method, fault in (
        ("getFile", {"status": 502}),
        ("file", {"cut": "before", "times": 2}),  # aiohttp itself asks again once over a new connection
        ("file", {"status": 404}),
    ):
        tg.fail(method, **cast(Any, fault))
        with pytest.raises(TryLater) as caught:
            await shown.prepare(waiting(tg))
        assert tg.token not in "".join(traceback.format_exception(caught.value))


async def test_who_may_set_a_groups_kit_is_looked_up(tg: FakeTelegram, shown: Face, ada: Person) -> None:
    """Admins may, members and people who left may not, and one who speaks for the group may."""
    boss, gone = tg.person(), tg.person()
    group = tg.group(members=[ada, gone], admins=[boss])
    found = []
    for person in (ada, boss, gone):
        tg.says(person, group, "/kit")
        request = waiting(tg)
        if person is gone:
            group.members[person.id] = "left"
        found.append((await shown.prepare(request)).admin)
    tg.says(ada, group, "/kit", sender_chat=group.as_json())
    found.append((await shown.prepare(waiting(tg))).admin)
    assert found == [False, True, False, True]


async def test_who_is_an_admin_is_known_for_a_moment(
    tg: FakeTelegram, telegram: Telegram, shown: Face, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram is not asked again for each press; then it is, as it is for another person or group."""
    boss = tg.person()
    group, other = tg.group(members=[ada], admins=[boss]), tg.group(members=[boss])

    async def asked_about(person: Person, chat: Chat) -> tuple[bool | None, int]:
        tg.says(person, chat, "/kit red on white")
        leads = (await shown.prepare(waiting(tg))).admin
        return leads, [call.method for call in tg.calls].count("getChatMember")

    assert [await asked_about(boss, group) for _ in range(3)] == [(True, 1)] * 3
    assert [await asked_about(ada, group), await asked_about(boss, other)] == [(False, 2), (False, 3)]
    group.members[boss.id] = "member"
    assert await asked_about(boss, group) == (True, 3)
    monkeypatch.setattr("adapters.telegram.fetch.KNOWN", -1.0)
    fresh = face(telegram)
    for count in (4, 5):
        tg.says(boss, group, "/kit red on white")
        assert (await fresh.prepare(waiting(tg))).admin is False
        assert [call.method for call in tg.calls].count("getChatMember") == count


# --- the menu -----------------------------------------------------------------------------------------------


@command("start", group="help")
async def start(context: object) -> Outcome:
    """Say what this bot can do."""
    return Outcome(None)


@command("wifi", group="make")
async def wifi(context: object, ssid: Annotated[str, Arg("network name")]) -> Outcome:
    """Make a code that joins a Wi-Fi network."""
    return Outcome(None)


@command("settings", group="you")
async def settings(context: object) -> Outcome:
    """Change your settings."""
    return Outcome(None)


COMMANDS: dict[str, Command] = {"start": start, "wifi": wifi, "settings": settings}


async def test_the_menu_is_set_once_in_every_language(
    tg: FakeTelegram, telegram: Telegram, ada: Person, home: Chat
) -> None:
    """Words that exist, in the order of the contract; at the second start nothing is written."""
    spoken = [Translator("en"), Translator("de")]
    await announce(telegram, COMMANDS, spoken)
    group = tg.group(members=[ada])
    assert [tg.menu(home, language) for language in ("en", "de", "ja")] == [["start", "wifi", "settings"]] * 3
    assert tg.menu(group) == ["wifi"]
    assert "QR codes" in tg.profile["description", ""]
    written = Counter(call.method for call in tg.calls)
    assert written["setMyCommands"] == 8
    await announce(telegram, COMMANDS, spoken)
    again = Counter(call.method for call in tg.calls) - written
    assert not [method for method in again if method.startswith("set")]
    assert tg.refused == []


async def test_only_what_differs_is_written_again(tg: FakeTelegram, telegram: Telegram) -> None:
    """A menu, a description or a short one that somebody changed, in that language alone."""
    spoken = [Translator("en"), Translator("de")]
    await announce(telegram, COMMANDS, spoken)
    tg.profile["description", ""], tg.profile["short_description", "de"] = "changed", "geändert"
    scope = next(key for key in tg.commands if "all_group_chats" in key[0] and key[1] == "de")
    tg.commands[scope] = []
    before = len(tg.calls)
    await announce(telegram, COMMANDS, spoken)
    written = [call for call in tg.calls[before:] if call.method and call.method.startswith("set")]
    assert [(call.method, call.fields.get("language_code", "")) for call in written] == [
        ("setMyDescription", ""),
        ("setMyCommands", "de"),
        ("setMyShortDescription", "de"),
    ]
    assert tg.refused == []


async def test_a_menu_that_is_refused_ends_nothing(tg: FakeTelegram, telegram: Telegram) -> None:
    """It is tried again a while later."""
    tg.fail("setMyCommands", status=429, retry_after=600)
    await announce(telegram, COMMANDS, [Translator()])
    await announce(telegram, COMMANDS, [Translator()])
    assert len(tg.commands) == 4


async def test_the_menu_button_opens_the_mini_app_where_telegram_can_reach_it(
    tg: FakeTelegram, telegram: Telegram
) -> None:
    """It is set once, moves with the public address, and goes with it."""

    async def announced(url: str) -> dict[str, Any]:
        for _ in range(2):
            await announce(telegram, COMMANDS, [Translator()], url)
        return tg.buttons.get(0, {})

    assert await announced("") == {}
    first = await announced("https://qr.example/app")
    assert (first["type"], first["web_app"]) == ("web_app", {"url": "https://qr.example/app"})
    assert (await announced("https://other.example/app"))["web_app"] == {"url": "https://other.example/app"}
    assert await announced("") == {"type": "default"}
    assert Counter(call.method for call in tg.calls)["setChatMenuButton"] == 3
    assert tg.refused == []


# --- polling ------------------------------------------------------------------------------------------------


@dataclass
class Core:
    """Stands in for the door and the leases: keeps what was committed, once for each id."""

    noted: Callable[[], None]
    committed: list[Request] = field(default_factory=list)
    buried: list[tuple[str, str, str]] = field(default_factory=list)
    failing: Counter[str] = field(default_factory=Counter)  # how often a text's commit still fails
    entered: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    noted_changes: list[tuple[str, tuple[Change, ...]]] = field(default_factory=list)
    marks: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    now: datetime = datetime(2030, 5, 17, tzinfo=UTC)
    holder: str = ""
    refused: int = 0  # leases
    stuck: bool = False  # the database answers nobody who asks for a lease

    @property
    def texts(self) -> list[str]:
        """List what was committed."""
        return [request.text for request in self.committed]

    async def handle(self, request: Request) -> None:
        """Commit when the gate is open, and unless it is to fail."""
        self.entered.append(request.text)
        self.noted()
        await self.gate.wait()
        if self.failing[request.text]:
            self.failing[request.text] -= 1
            raise OSError("the database is down")
        if request.id not in {each.id for each in self.committed}:
            self.committed.append(request)
        self.noted()

    async def bury(self, request_id: str, lane: str, raw: str) -> None:
        """Keep a dead letter."""
        self.buried.append((request_id, lane, raw))

    async def note(self, request_id: str, changes: tuple[Change, ...]) -> None:
        """Keep what happened."""
        self.noted_changes.append((request_id, changes))
        self.noted()

    def clock(self) -> datetime:
        """Stand still until a test moves it."""
        return self.now

    @property
    def store(self) -> "Core":
        """Be the database too."""
        return self

    @property
    def coordination(self) -> "Core":
        """And its leases."""
        return self

    @asynccontextmanager
    async def writing(self) -> AsyncIterator["Core"]:
        """Open a transaction."""
        yield self

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["Core"]:
        """Open a snapshot."""
        yield self

    async def mark(self, name: str) -> tuple[str, datetime] | None:
        """Tell how far the poll has come."""
        return self.marks.get(name)

    async def set_mark(self, name: str, value: str, at: datetime) -> None:
        """Note how far the poll has come."""
        self.marks[name] = (value, at)

    async def take_lease(self, name: str, holder: str, now: datetime, seconds: float) -> int | None:
        """Give the lease to the first who asks."""
        if self.stuck:
            self.refused += 1
            self.noted()
            await asyncio.Event().wait()
        if self.holder in ("", holder):
            self.holder = holder
            return 1
        self.refused += 1
        self.noted()
        return None

    async def drop_lease(self, name: str, holder: str) -> None:
        """Take it back from its holder."""
        self.holder = "" if self.holder == holder else self.holder


@pytest.fixture
def core(tg: FakeTelegram) -> Core:
    """Give a core whose gate is open."""
    core = Core(tg.noted)
    core.gate.set()
    return core


@asynccontextmanager
async def polling(
    telegram: Telegram, core: Core, told: list[float] | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """Poll in the background, and stop as a process does that is told to end."""
    kept: list[float] = [] if told is None else told
    task = asyncio.create_task(poll(telegram, cast(App, core), "here", Listeners(kept.append)))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_an_update_is_confirmed_only_after_its_commit(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """While the core works on it Telegram keeps it; afterwards it is gone."""
    core.gate.clear()
    update_id = tg.says(ada, home, "one")
    async with polling(telegram, core):
        await tg.until(lambda: core.entered)
        assert len(await tg.wait_for("getUpdates")) == 1
        assert not tg.updates.confirmed(update_id)
        core.gate.set()
        await tg.until(lambda: core.committed)
        await tg.wait_for("getUpdates", 2, arrived=True)
        await tg.until(lambda: tg.updates.confirmed(update_id))
    assert core.texts == ["one"]


async def test_each_batch_is_timed_until_it_was_committed(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """An empty one is none; nor is one that is still in hand."""
    told: list[float] = []
    core.gate.clear()
    tg.says(ada, home, "one")
    async with polling(telegram, core, told):
        await tg.until(lambda: core.entered)
        assert told == []
        core.gate.set()
        await tg.wait_for("getUpdates", 2, arrived=True)
        assert len(told) == 1
    assert [seconds > 0 for seconds in told] == [True]


async def test_chats_do_not_wait_for_each_other_and_each_keeps_its_order(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """All chats of a batch are in hand at once, one message of each."""
    bob = tg.person()
    other = tg.private(bob, started=True)
    core.gate.clear()
    for text in ("a1", "a2"):
        tg.says(ada, home, text)
    tg.says(bob, other, "b1")
    async with polling(telegram, core):
        await tg.until(lambda: len(core.entered) >= 2)
        assert sorted(core.entered) == ["a1", "b1"]
        core.gate.set()
        await tg.until(lambda: len(core.committed) == 3)
    assert [text for text in core.texts if text.startswith("a")] == ["a1", "a2"]


async def test_what_cannot_be_read_is_kept_and_holds_nothing_up(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """The update is buried as it came; its neighbours are handled and all are confirmed."""
    tg.says(ada, home, "one")
    odd = tg.raw({"message": {"message_id": "x", "chat": {"id": 7}}})
    tg.raw({"purchased_spaceship": {"id": 1}})
    last = tg.says(ada, home, "two")
    async with polling(telegram, core):
        await tg.until(lambda: tg.updates.confirmed(last))
    assert core.texts == ["one", "two"]
    ((request_id, lane, raw),) = core.buried
    assert (request_id, lane) == (f"telegram:{BOT}:{odd}", "telegram:7")
    assert '"message_id": "x"' in raw


async def test_a_commit_that_fails_is_fetched_again(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """Nothing overtakes it in its chat, nothing is lost, nothing is confirmed before it."""
    bob = tg.person()
    core.failing["a1"] = 1
    first = tg.says(ada, home, "a1")
    tg.says(ada, home, "a2")
    last = tg.says(bob, tg.private(bob, started=True), "b1")
    async with polling(telegram, core):
        await tg.until(lambda: core.texts == ["b1"])
        assert not tg.updates.confirmed(first)
        await tg.until(lambda: tg.updates.confirmed(last))
    assert core.texts == ["b1", "a1", "a2"]
    assert core.entered.count("b1") == 2


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("getUpdates", {"status": 502, "html": True}),
        ("getUpdates", {"cut": "before"}),
        ("getUpdates", {"cut": "after"}),
        ("getUpdates", {"status": 409}),
        ("getUpdates", {"status": 401}),
        ("getUpdates", {"status": 429, "retry_after": 1}),
        ("deleteWebhook", {"status": 500}),
    ],
)
async def test_faults_do_not_end_the_poll(
    tg: FakeTelegram,
    telegram: Telegram,
    core: Core,
    ada: Person,
    home: Chat,
    method: str,
    fault: dict[str, Any],
) -> None:
    """After a pause it goes on where it was."""
    tg.fail(method, **fault)
    last = tg.says(ada, home, "one")
    async with polling(telegram, core):
        await tg.until(lambda: tg.updates.confirmed(last))
    assert core.texts == ["one"]


async def test_a_webhook_left_over_is_deleted_first(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """Telegram gives no updates to a poll while there is one; what waits is not dropped."""
    last = tg.says(ada, home, "one")
    async with polling(telegram, core):
        await tg.until(lambda: tg.updates.confirmed(last))
    methods = [call.method for call in tg.calls]
    assert methods.index("deleteWebhook") < methods.index("getUpdates")
    asked = next(call for call in tg.calls if call.method == "getUpdates")
    assert asked.fields["allowed_updates"] == list(ALLOWED)
    assert core.texts == ["one"]


async def test_the_batch_in_hand_is_finished_and_confirmed_at_the_end(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """A process that is told to end loses nothing, repeats nothing, and gives its lease back."""
    core.gate.clear()
    update_id = tg.says(ada, home, "one")
    async with polling(telegram, core) as task:
        await tg.until(lambda: core.entered)
        task.cancel()
        core.gate.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (core.texts, core.holder) == (["one"], "")
    last = [call for call in tg.calls if call.method == "getUpdates"][-1]
    assert (last.fields["timeout"], last.fields["offset"]) == ("0", str(update_id + 1))
    assert tg.updates.confirmed(update_id)


async def test_only_the_holder_of_the_lease_polls(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """Two polls would end each other for ever."""
    core.holder = "elsewhere"
    tg.says(ada, home, "one")
    async with polling(telegram, core):
        await tg.until(lambda: core.refused)
    assert [call.method for call in tg.calls] == ["getMe"]
    assert core.holder == "elsewhere"


async def test_who_cannot_renew_the_lease_in_time_polls_no_more(
    tg: FakeTelegram, telegram: Telegram, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process takes it when it has run out, and two polls would end each other for ever."""
    monkeypatch.setattr("adapters.telegram.poll.RENEWED", 0.05)
    async with polling(telegram, core):
        await tg.wait_for("getUpdates", arrived=True)
        core.stuck = True
        await tg.until(lambda: core.refused >= 2)  # asked again after the first time ended without an answer
        polled = len([call for call in tg.calls if call.method == "getUpdates"])
        await tg.until(lambda: core.refused >= 5)
        assert len([call for call in tg.calls if call.method == "getUpdates"]) == polled
        core.stuck = False
        await tg.until(lambda: len([call for call in tg.calls if call.method == "getUpdates"]) > polled)


async def test_a_group_is_spoken_with_from_end_to_end(
    tg: FakeTelegram, telegram: Telegram, core: Core, shown: Face, ada: Person
) -> None:
    """What is polled has the address at which its reply arrives, under the question."""
    group = tg.group(members=[ada], supergroup=True)
    tg.says(ada, group, "good morning")
    tg.says(ada, group, f"/qr@{BOT} hello")
    async with polling(telegram, core):
        await tg.until(lambda: core.committed)
    (request,) = core.committed
    await shown.send(request.address, Reply(body=request.text), draw)
    (message,) = tg.replies(group)
    assert (message.text, message.reply_to) == ("/qr hello", tg.messages(group)[1])
