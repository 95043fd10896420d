"""The fake Telegram under python-telegram-bot: what it sends, edits and deletes, and every refusal of it."""

import contextlib
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    MenuButtonCommands,
    MenuButtonDefault,
    MenuButtonWebApp,
    MessageEntity,
    ReplyParameters,
    WebAppInfo,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from tests.fakes import FakeTelegram
from tests.fakes.drawn import alike, blank, middle, plain, qr
from tests.fakes.telegram import Chat, impatient
from tests.fakes.telegram.rates import Rates
from tests.fakes.telegram.text import found, parsed
from tests.fakes.telegram.things import Refused

KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("SVG", callback_data="show 1 format=svg"),
            InlineKeyboardButton("Site", url="https://x.example"),
        ],
        [InlineKeyboardButton("Copy", copy_text=CopyTextButton("hello"))],
    ]
)


@pytest.fixture(autouse=True)
def _new_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library give ``retry_after`` as a timedelta; the old way warns."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def bot(tg: FakeTelegram) -> AsyncIterator[Bot]:
    """Connect the real library."""
    async with connected(tg) as client:
        yield client


@pytest.fixture
def chat(tg: FakeTelegram) -> Chat:
    """Let somebody start the bot."""
    return tg.private(tg.person(), started=True)


def connected(tg: FakeTelegram, token: str = "") -> Bot:
    """Give a client of this Telegram."""
    return Bot(token or tg.token, base_url=f"{tg.url}/bot", base_file_url=f"{tg.url}/file/bot")


async def raw(tg: FakeTelegram, method: str, **fields: Any) -> tuple[int, dict[str, Any]]:
    """Call without a library, which would refuse some mistakes by itself."""
    form = {name: v if isinstance(v, str) else json.dumps(v) for name, v in fields.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{tg.url}/bot{tg.token}/{method}", data=form) as answer,
    ):
        return answer.status, await answer.json()


async def refusal(tg: FakeTelegram, method: str, **fields: Any) -> str:
    """Call and give the words of the refusal; the HTTP status is its error code."""
    status, body = await raw(tg, method, **fields)
    assert body["ok"] is False
    assert status == body["error_code"]
    return str(body["description"])


# --- who asks -----------------------------------------------------------------------------------------------


async def test_the_bot_learns_who_it_is(tg: FakeTelegram, bot: Bot) -> None:
    """getMe names the bot of the token."""
    assert (bot.id, bot.username) == (123456789, "qr_test_bot")
    assert [call.method for call in tg.calls] == ["getMe"]


async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_not_found(tg: FakeTelegram) -> None:
    """The library calls both InvalidToken; the status tells them apart."""
    for token, status in ((tg.token[:-1] + "x", 401), ("nonsense", 404)):
        with pytest.raises(InvalidToken):
            async with connected(tg, token):
                pass
        assert tg.calls[-1].answered == status


async def test_a_revoked_token_stops_working(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """After BotFather's /revoke everything is unauthorized."""
    tg.revoked = True
    with pytest.raises(InvalidToken):
        await bot.send_message(chat.id, "hello")


async def test_an_unknown_method_is_not_found(tg: FakeTelegram) -> None:
    """The words tell it from a bad token, the status does not."""
    assert await refusal(tg, "makeCoffee") == "Not Found: method not found"


# --- texts --------------------------------------------------------------------------------------------------


async def test_a_text_with_buttons_arrives(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """People see the text without its markup and the buttons in their rows."""
    sent = await bot.send_message(chat.id, "<b>Hi</b> &lt;you&gt;", parse_mode="HTML", reply_markup=KEYBOARD)
    (message,) = tg.replies(chat)
    assert (message.id, message.text) == (sent.message_id, "Hi <you>")
    assert message.buttons == [
        [("SVG", "show 1 format=svg"), ("Site", "https://x.example")],
        [("Copy", "hello")],
    ]
    assert sent.entities == (MessageEntity("bold", 0, 2),)
    assert tg.refused == []


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("ü < 3", 'Unsupported start tag "" at byte offset 3'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ('<span class="c">a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_telegram_cannot_read_is_refused(bot: Bot, chat: Chat, html: str, error: str) -> None:
    """Each with tdlib's words; an unescaped < of a person's text is the usual case."""
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(chat.id, html, parse_mode="HTML")
    assert refused.value.message.lower() == f"can't parse entities: {error}".lower()


def test_html_is_read_as_telegram_reads_it() -> None:
    """Offsets count UTF-16 units, references are four, a link without a dot in its host is dropped."""
    text, entities = parsed(
        '😀<a href="https://x.example/?a=1&amp;b">l</a><a href="http://localhost">m</a> &copy;'
    )
    assert text == "😀lm &copy;"
    assert entities == [{"type": "text_link", "url": "https://x.example/?a=1&b", "offset": 2, "length": 1}]
    _, code = parsed('<pre><code class="language-py">x</code></pre>')
    assert code == [{"type": "pre", "language": "py", "offset": 0, "length": 1}]


async def test_markdown_is_not_understood(bot: Bot, chat: Chat) -> None:
    """The bot writes HTML or entities; anything else is a mistake here."""
    with pytest.raises(BadRequest, match="nsupported parse_mode"):
        await bot.send_message(chat.id, "*a*", parse_mode="MarkdownV2")


async def test_a_text_has_1_to_4096_characters_after_its_markup(bot: Bot, chat: Chat) -> None:
    """Tags do not count; white space alone is no text."""
    await bot.send_message(chat.id, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    for text, error in (("x" * 4097, "too long"), (" \n", "text is empty"), ("<b> </b>", "text is empty")):
        with pytest.raises(BadRequest, match=error):
            await bot.send_message(chat.id, text, parse_mode="HTML")


async def test_entities_must_lie_inside_the_text(bot: Bot, chat: Chat) -> None:
    """An offset in code points instead of UTF-16 units is found out at the end of a text with emoji."""
    await bot.send_message(chat.id, "😀a", entities=[MessageEntity("bold", 2, 1)])
    with pytest.raises(BadRequest, match=r"(?i)entity_bounds_invalid"):
        await bot.send_message(chat.id, "😀a", entities=[MessageEntity("bold", 3, 1)])


# --- buttons ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"text": "a", "callback_data": "ü" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "", "callback_data": "a"}, "must be non-empty"),
        ({"text": "a"}, "Text buttons are unallowed"),
        ({"text": "a", "callback_data": "a", "url": "https://x.example"}, "BUTTON_TYPE_INVALID"),
        ({"text": "a", "url": "http://localhost:8000/x"}, "Wrong HTTP URL"),
        ({"text": "a", "url": "javascript://x.example"}, "Unsupported URL protocol"),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "a", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "a", "switch_inline_query_chosen_chat": {"query": "x"}}, "at least one chat type"),
        ({"text": "a", "web_app": {"url": "http://x.example"}}, "Only HTTPS links are allowed"),
    ],
)
async def test_a_wrong_button_is_refused(
    tg: FakeTelegram, chat: Chat, button: dict[str, Any], error: str
) -> None:
    """Data are 1 to 64 bytes, links http, https or tg, what is copied 1 to 256 characters."""
    markup = {"inline_keyboard": [[button]]}
    assert error in await refusal(tg, "sendMessage", chat_id=str(chat.id), text="a", reply_markup=markup)
    assert tg.messages(chat) == []


async def test_a_keyboard_has_at_most_100_buttons_8_in_a_row(tg: FakeTelegram, chat: Chat) -> None:
    """The most that fits is taken."""
    row = [{"text": "a", "callback_data": "a"}]
    fields = {"chat_id": str(chat.id), "text": "a"}
    for rows in ([row * 9], [row * 8] * 13):
        markup = {"inline_keyboard": rows}
        assert "too long" in await refusal(tg, "sendMessage", **fields, reply_markup=markup)
    status, _ = await raw(
        tg, "sendMessage", **fields, reply_markup={"inline_keyboard": [row * 8] * 12 + [row * 4]}
    )
    assert status == 200


# --- pictures and files -------------------------------------------------------------------------------------


async def test_a_photo_is_kept_shown_as_jpeg_and_sent_again_by_its_id(
    tg: FakeTelegram, bot: Bot, chat: Chat
) -> None:
    """The code is read from what people see, not from what was uploaded."""
    first = await bot.send_photo(chat.id, qr("hello"), caption="a <code>", filename="qr.png")
    await bot.send_photo(chat.id, first.photo[-1].file_id)
    one, two = tg.replies(chat)
    assert (one.photo, one.caption) == (qr("hello"), "a <code>")
    assert one.media is not None
    assert one.media.shown()[:3] == b"\xff\xd8\xff"
    assert tg.decode(one) == tg.decode(two) == ["hello"]
    assert tg.calls[-1].files == {}


async def test_a_document_keeps_its_bytes_and_its_name(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """It can be downloaded again, by an address that lives an hour."""
    sent = await bot.send_document(chat.id, b"<svg/>", filename="qr.svg")
    (message,) = tg.replies(chat)
    assert (message.document, message.file_name) == (b"<svg/>", "qr.svg")
    assert sent.document is not None
    assert sent.document.mime_type == "image/svg+xml"
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"<svg/>"
    tg.later(3601)
    with pytest.raises(TelegramError):
        await file.download_as_bytearray()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (blank(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (blank(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (qr("a") + b"\0" * 10_000_000, "ile is too big"),
    ],
    ids=["no picture", "too many pixels", "too long", "too many bytes"],
)
async def test_a_wrong_photo_is_refused(
    tg: FakeTelegram, bot: Bot, chat: Chat, data: bytes, error: str
) -> None:
    """10 MB, width and height 10,000 together, one at most 20 times the other."""
    with pytest.raises(BadRequest, match=f"(?i){error}"):
        await bot.send_photo(chat.id, data)
    assert tg.messages(chat) == []


async def test_a_document_has_1_byte_to_50_megabytes(bot: Bot, chat: Chat) -> None:
    """Too big is 413, which the library calls a network error."""
    with pytest.raises(BadRequest, match="non-empty"):
        await bot.send_document(chat.id, b"", filename="a.txt")
    with pytest.raises(NetworkError, match="Too Large"):
        await bot.send_document(chat.id, bytes(50_000_001), filename="a.bin")


async def test_a_file_over_20_megabytes_cannot_be_fetched(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """People may send more than a bot may read."""
    assert chat.person
    tg.sends_document(chat.person, chat, "a.bin", bytes(20_000_001))
    (message,) = tg.messages(chat)
    assert message.media
    with pytest.raises(BadRequest, match="ile is too big"):
        await bot.get_file(message.media.file_id)
    with pytest.raises(BadRequest, match="rong file_id"):
        await bot.get_file("nothing")


async def test_a_caption_has_at_most_1024_characters(bot: Bot, chat: Chat) -> None:
    """After its markup was taken out."""
    await bot.send_photo(chat.id, qr("a"), caption=f"<i>{'x' * 1024}</i>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(chat.id, qr("a"), caption="x" * 1025)


async def test_photos_and_documents_are_not_interchangeable(bot: Bot, chat: Chat) -> None:
    """An id of one kind, or no id at all, is refused for the other."""
    photo = (await bot.send_photo(chat.id, qr("a"))).photo[-1].file_id
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type photo as document"):
        await bot.send_document(chat.id, photo)
    with pytest.raises(BadRequest, match=r"rong remote file identifier"):
        await bot.send_photo(chat.id, "AgACAgIAAxk")
    with pytest.raises(BadRequest, match=r"(?i)failed to get http url content"):
        await bot.send_photo(chat.id, "http://127.0.0.1:9/qr.png")


async def test_an_album_holds_2_to_10_of_one_kind(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """Its messages share a group id."""
    sent = await bot.send_media_group(chat.id, [InputMediaPhoto(qr(t)) for t in "ab"])
    assert len({message.media_group_id for message in sent}) == 1
    assert [tg.decode(message) for message in tg.replies(chat)] == [["a"], ["b"]]
    one, mixed = [InputMediaPhoto(qr("a"))], [InputMediaPhoto(qr("a")), InputMediaDocument(b"x")]
    refused: list[list[Any]] = [one, one * 11, mixed, [InputMediaVideo(b"x")] * 2]
    for media in refused:
        with pytest.raises(BadRequest):
            await bot.send_media_group(chat.id, media)
    assert len(tg.replies(chat)) == 2


# --- where --------------------------------------------------------------------------------------------------


async def test_an_unknown_chat_is_not_found(tg: FakeTelegram, bot: Bot) -> None:
    """And none at all is told apart."""
    with pytest.raises(BadRequest, match="hat not found"):
        await bot.send_message(1, "hello")
    assert "chat_id is empty" in await refusal(tg, "sendMessage", text="hello")


async def test_the_bot_cannot_write_first_nor_to_who_blocked_it(tg: FakeTelegram, bot: Bot) -> None:
    """Forbidden until they start it, and from when they block it."""
    person = tg.person()
    chat = tg.private(person)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(chat.id, "hello")
    tg.says(person, chat, "/start")
    await bot.send_message(chat.id, "hello")
    tg.blocks(person)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(chat.id, "hello")
    tg.unblocks(person)
    await bot.send_message(chat.id, "hello")
    person.gone = True
    with pytest.raises(Forbidden, match="deactivated"):
        await bot.send_message(chat.id, "hello")


async def test_a_group_that_threw_the_bot_out_is_forbidden(tg: FakeTelegram, bot: Bot) -> None:
    """Out, left, and channels without the right to post."""
    person = tg.person()
    group, wide, channel = (
        tg.group("A", [person]),
        tg.group("B", [person], supergroup=True),
        tg.channel(bot="member"),
    )
    await bot.send_message(group.id, "hello")
    tg.removes_bot(person, group)
    await bot.leave_chat(wide.id)
    for chat, error in ((group, "kicked from the group"), (wide, "not a member of the supergroup")):
        with pytest.raises(Forbidden, match=error):
            await bot.send_message(chat.id, "hello")
    with pytest.raises(BadRequest, match="administrator rights"):
        await bot.send_message(channel.id, "hello")


async def test_a_group_that_grew_says_where_it_went(tg: FakeTelegram, bot: Bot) -> None:
    """The new id comes with the error."""
    person = tg.person()
    group = tg.group("A", [person])
    wide = tg.migrates(person, group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "hello")
    assert moved.value.new_chat_id == wide.id
    await bot.send_message(wide.id, "hello")


async def test_supergroups_number_their_own_messages(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """So a message's id means nothing without its chat."""
    wide = tg.group("A", supergroup=True)
    ids = {(await bot.send_message(where.id, "hello")).message_id for where in (chat, wide)}
    assert len(ids) == 1


async def test_an_answer_needs_the_message_it_answers(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """Unless the bot says that it may do without."""
    assert chat.person
    tg.says(chat.person, chat, "hello")
    (asked,) = tg.messages(chat)
    answer = await bot.send_message(chat.id, "hi", reply_parameters=ReplyParameters(asked.id))
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "hello"
    with pytest.raises(BadRequest, match="to be replied not found"):
        await bot.send_message(chat.id, "hi", reply_parameters=ReplyParameters(999))
    free = ReplyParameters(999, allow_sending_without_reply=True)
    assert (await bot.send_message(chat.id, "hi", reply_parameters=free)).reply_to_message is None


async def test_a_topic_must_exist(tg: FakeTelegram, bot: Bot) -> None:
    """Only forums have topics."""
    forum = tg.group("A", threads=[7])
    assert (await bot.send_message(forum.id, "a", message_thread_id=7)).is_topic_message
    for chat, thread in ((forum, 8), (tg.group("B"), 7)):
        with pytest.raises(BadRequest, match="thread not found"):
            await bot.send_message(chat.id, "a", message_thread_id=thread)


async def test_only_known_actions_are_shown(bot: Bot, chat: Chat) -> None:
    """Typing is one, dancing is none."""
    assert await bot.send_chat_action(chat.id, "upload_photo")
    with pytest.raises(BadRequest, match="rong parameter action"):
        await bot.send_chat_action(chat.id, "dance")


# --- changing -----------------------------------------------------------------------------------------------


async def test_a_message_is_edited_in_place(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """Text, caption, buttons and picture; a keyboard that is not given again goes."""
    text = await bot.send_message(chat.id, "one", reply_markup=KEYBOARD)
    photo = await bot.send_photo(chat.id, qr("one"), caption="one")
    await bot.edit_message_text("two", chat.id, text.message_id)
    await bot.edit_message_caption(chat.id, photo.message_id, caption="two", reply_markup=KEYBOARD)
    await bot.edit_message_media(InputMediaPhoto(qr("two"), caption="3"), chat.id, photo.message_id)
    await bot.edit_message_reply_markup(chat.id, photo.message_id, reply_markup=KEYBOARD)
    first, second = tg.replies(chat)
    assert (first.text, first.buttons) == ("two", [])
    assert (second.caption, tg.decode(second), len(second.buttons)) == ("3", ["two"], 2)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, chat: Chat) -> None:
    """The same text with the same buttons."""
    sent = await bot.send_message(chat.id, "a", reply_markup=KEYBOARD)
    with pytest.raises(BadRequest, match="essage is not modified"):
        await bot.edit_message_text(
            "<b></b>a", chat.id, sent.message_id, parse_mode="HTML", reply_markup=KEYBOARD
        )
    with pytest.raises(BadRequest, match="essage is not modified"):
        await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=KEYBOARD)


async def test_only_its_own_messages_can_be_edited(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """Nor one that is not there, nor the text of a picture."""
    assert chat.person
    tg.says(chat.person, chat, "mine")
    (mine,) = tg.messages(chat)
    text, photo = await bot.send_message(chat.id, "a"), await bot.send_photo(chat.id, qr("a"))
    for number, error in ((mine.id, "can't be edited"), (999, "to edit not found")):
        with pytest.raises(BadRequest, match=error):
            await bot.edit_message_text("b", chat.id, number)
    with pytest.raises(BadRequest, match="here is no text"):
        await bot.edit_message_text("b", chat.id, photo.message_id)
    with pytest.raises(BadRequest, match="here is no caption"):
        await bot.edit_message_caption(chat.id, text.message_id, caption="b")


async def test_messages_are_deleted_within_two_days(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """Its own anywhere, others' in private chats and as an administrator who may."""
    person = tg.person()
    group = tg.group("A", [person])
    assert chat.person
    tg.says(person, group, "theirs")
    tg.says(chat.person, chat, "theirs")
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(group.id, tg.messages(group)[0].id)
    group.bot, group.deletes = "administrator", False
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(group.id, tg.messages(group)[0].id)
    group.deletes = True
    await bot.delete_message(group.id, tg.messages(group)[0].id)
    await bot.delete_message(chat.id, tg.messages(chat)[0].id)
    old = await bot.send_message(chat.id, "a")
    with pytest.raises(BadRequest, match="to delete not found"):
        await bot.delete_message(chat.id, old.message_id + 1)
    tg.later(48 * 3600 + 1)
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(chat.id, old.message_id)


# --- its settings, and chats --------------------------------------------------------------------------------


async def test_commands_are_kept_by_scope_and_language(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """A narrower scope hides a translated wider one."""
    private, groups = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
    await bot.set_my_commands([BotCommand("qr", "code")])
    await bot.set_my_commands([BotCommand("qr", "Code"), BotCommand("hilfe", "Hilfe")], language_code="de")
    assert tg.menu(chat, "de") == ["qr", "hilfe"]
    await bot.set_my_commands([BotCommand("start", "go")], scope=private)
    assert tg.menu(chat, "de") == ["start"]
    assert tg.menu(tg.group("A"), "fr") == ["qr"]
    assert await bot.get_my_commands(scope=groups) == ()
    await bot.delete_my_commands(scope=private)
    assert tg.menu(chat) == ["qr"]


@pytest.mark.parametrize(
    ("command", "description"),
    [("Caps", "a"), ("x" * 33, "a"), ("dash-ed", "a"), ("", "a"), ("a", ""), ("a", "x" * 257)],
)
async def test_a_wrong_command_is_refused(tg: FakeTelegram, command: str, description: str) -> None:
    """1 to 32 of a-z, 0-9 and _, described in 1 to 256 characters."""
    commands = [{"command": command, "description": description}]
    assert "BOT_COMMAND" in await refusal(tg, "setMyCommands", commands=commands)
    assert tg.commands == {}


async def test_the_menu_button_is_kept_for_all_and_for_one(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """A private chat's own goes before that of all."""
    assert await bot.get_chat_menu_button() == MenuButtonCommands()
    app = MenuButtonWebApp("Open", WebAppInfo("https://qr.example/app"))
    assert await bot.set_chat_menu_button(menu_button=app)
    assert await bot.get_chat_menu_button(chat.id) == app
    await bot.set_chat_menu_button(chat.id, MenuButtonCommands())
    assert await bot.get_chat_menu_button(chat.id) == MenuButtonCommands()
    await bot.set_chat_menu_button()
    assert await bot.get_chat_menu_button() == MenuButtonDefault()


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("web_app", "must be an Object"),
        ({"type": "game"}, "unsupported type"),
        ({"type": "web_app", "text": "Open"}, "Can't find field"),
        ({"type": "web_app", "text": " ", "web_app": {"url": "https://a.example"}}, "must be non-empty"),
        ({"type": "web_app", "text": "Open", "web_app": {"url": "http://a.example"}}, "is invalid"),
        ({"type": "web_app", "text": "Open", "web_app": {"url": "https://"}}, "is invalid"),
    ],
)
async def test_a_wrong_menu_button_is_refused(tg: FakeTelegram, button: Any, told: str) -> None:
    """It has a kind; a Mini App has a text and an https address."""
    assert told in await refusal(tg, "setChatMenuButton", menu_button=button)
    assert "chat_id" in await refusal(tg, "getChatMenuButton", chat_id=-100)
    assert "user not found" in await refusal(tg, "getChatMenuButton", chat_id=1)
    assert tg.buttons == {}


async def test_settings_have_limits(tg: FakeTelegram, bot: Bot) -> None:
    """100 commands, two letters of language, 512 and 120 characters of description."""
    many = [{"command": f"c{n}", "description": "a"} for n in range(101)]
    assert "TOO_MUCH" in await refusal(tg, "setMyCommands", commands=many)
    assert "language code" in await refusal(tg, "setMyCommands", commands=many[:1], language_code="de-AT")
    assert "Unsupported type" in await refusal(tg, "getMyCommands", scope={"type": "everywhere"})
    await bot.set_my_description("long", language_code="de")
    await bot.set_my_short_description("short")
    assert (await bot.get_my_description("de")).description == "long"
    assert (await bot.get_my_short_description("de")).short_description == "short"
    for method, name, most in (
        ("Description", "description", 512),
        ("ShortDescription", "short_description", 120),
    ):
        assert "TOO_LONG" in await refusal(tg, f"setMy{method}", **{name: "x" * (most + 1)})


async def test_chats_and_members_are_told(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """Who leads, who is there, who is not."""
    owner, member, stranger = tg.person(), tg.person(), tg.person()
    group = tg.group("A", [member], [owner], bot="administrator")
    assert (await bot.get_chat(group.id)).title == "A"
    states = [(await bot.get_chat_member(group.id, p.id)).status for p in (owner, member, stranger)]
    assert states == ["creator", "member", "left"]
    leading = await bot.get_chat_administrators(group.id)
    assert {admin.user.id for admin in leading} == {owner.id, bot.id}
    with pytest.raises(BadRequest, match="no administrators in the private chat"):
        await bot.get_chat_administrators(chat.id)
    with pytest.raises(BadRequest, match="can't be changed in private chats"):
        await bot.leave_chat(chat.id)
    with pytest.raises(BadRequest, match=r"(?i)participant_id_invalid"):
        await bot.get_chat_member(group.id, 42)


async def test_profile_photos_are_told_to_whom_they_are_shown(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """Newest first, each in three squares that can be fetched; a shy person's are as if there were none."""
    assert chat.person is not None
    assert (await bot.get_user_profile_photos(chat.person.id)).total_count == 0
    assert (await bot.get_chat(chat.id)).photo is None
    for colour in ("gold", "navy"):
        tg.wears(chat.person, plain(colour, 900, 700))
    told = await bot.get_user_profile_photos(chat.person.id, limit=1)
    (sizes,) = told.photos
    assert (told.total_count, [(size.width, size.height) for size in sizes]) == (
        2,
        [(160, 160), (320, 320), (640, 640)],
    )
    assert alike(middle(bytes(await (await sizes[-1].get_file()).download_as_bytearray())), (0, 0, 128))
    (older,) = (await bot.get_user_profile_photos(chat.person.id, offset=1)).photos
    assert alike(middle(bytes(await (await older[0].get_file()).download_as_bytearray())), (255, 215, 0))
    assert (await bot.get_chat(chat.id)).photo is not None
    chat.person.shy = True
    assert (await bot.get_user_profile_photos(chat.person.id)).total_count == 0
    assert (await bot.get_chat(chat.id)).photo is None
    assert await refusal(tg, "getUserProfilePhotos", user_id=-1) == ("Bad Request: invalid user_id specified")
    assert await refusal(tg, "getUserProfilePhotos", user_id=42) == "Bad Request: user not found"


async def test_a_groups_picture_is_told_and_can_only_be_fetched(
    tg: FakeTelegram, bot: Bot, chat: Chat
) -> None:
    """A small and a big square; neither can be sent as a photo."""
    group = tg.group("A")
    assert (await bot.get_chat(group.id)).photo is None
    tg.hangs(group, plain("gold", 900, 700))
    photo = (await bot.get_chat(group.id)).photo
    assert photo is not None
    for file, side in ((await photo.get_small_file(), 160), (await photo.get_big_file(), 640)):
        data = bytes(await file.download_as_bytearray())
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (side, side)
        assert alike(middle(data), (255, 215, 0))
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type chatphoto as photo"):
        await bot.send_photo(chat.id, photo.big_file_id)


# --- faults -------------------------------------------------------------------------------------------------


async def test_faults_come_as_ordered(tg: FakeTelegram, bot: Bot, chat: Chat) -> None:
    """429 and 502 do nothing; a cut before does nothing, a cut after did it."""
    tg.fail("sendMessage", status=429, retry_after=3)
    tg.fail("sendMessage", status=502, html=True)
    tg.fail("sendMessage", cut="before")
    tg.fail("sendMessage", cut="after")
    with pytest.raises(RetryAfter) as flood:
        await bot.send_message(chat.id, "0")
    assert flood.value.retry_after == timedelta(seconds=3)
    for text in "123":
        with pytest.raises(NetworkError):
            await bot.send_message(chat.id, text)
    await bot.send_message(chat.id, "4")
    assert [message.text for message in tg.replies(chat)] == ["3", "4"]
    calls = await tg.wait_for("sendMessage", 5)
    assert [call.answered for call in calls] == [429, 502, 0, 0, 200]
    assert impatient(calls) == calls[1:]
    assert tg.refused == []


async def test_a_fault_can_concern_one_chat_or_only_make_it_wait(
    tg: FakeTelegram, bot: Bot, chat: Chat
) -> None:
    """A slow answer is a good one all the same."""
    other = tg.private(tg.person(), started=True)
    tg.fail("sendMessage", times=2, status=500, chat_id=other.id)
    tg.fail("sendMessage", slow=0.01, chat_id=chat.id)
    await bot.send_message(chat.id, "a")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(other.id, "a")
    await bot.send_message(other.id, "b")
    assert [message.text for message in tg.replies(other)] == ["b"]


async def test_a_mix_of_faults_is_the_same_for_the_same_seed() -> None:
    """Shares of all calls but the long poll, drawn in the order of the calls."""

    async def answers(seed: int) -> list[int | None]:
        async with FakeTelegram() as tg, connected(tg) as client:
            tg.faults(seed, p502=0.2, p429=0.2, cut_before=0.1, cut_after=0.1)
            where = tg.private(tg.person(), started=True)
            for _ in range(40):
                with contextlib.suppress(TelegramError):
                    await client.send_message(where.id, "a")
            calls = await tg.wait_for("sendMessage", 40)
            done = [call for call in calls if call.answered in (0, 200)]
            assert len(calls) > len(done) >= len(tg.replies(where)) > 0
            return [call.answered for call in calls]

    first = await answers(1)
    assert first == await answers(1)
    assert set(first) == {0, 200, 429, 502}
    assert first != await answers(2)


async def test_rates_are_enforced_when_asked_for() -> None:
    """A second message within a second in the same chat is told to wait; another chat is free."""
    async with FakeTelegram(rates=True) as tg, connected(tg) as client:
        one, two = (tg.private(tg.person(), started=True) for _ in range(2))
        await client.send_message(one.id, "a")
        with pytest.raises(RetryAfter):
            await client.send_message(one.id, "b")
        await client.send_message(two.id, "a")
        assert [message.text for message in tg.replies(one)] == ["a"]


async def test_rates_count_groups_and_everything_together() -> None:
    """A group takes 20 a minute, everything together 30 a second."""
    rates, group = Rates(), Chat(-1, "group")
    clock = iter(float(n) for n in range(1000))
    for _ in range(20):
        rates.count("sendMessage", group, next(clock))
    with pytest.raises(Refused, match="retry after 40"):
        rates.count("sendMessage", group, next(clock))
    rates.count("getChat", group, next(clock))
    for n in range(30):
        rates.count("sendMessage", Chat(n, "private"), 500.0)
    with pytest.raises(Refused, match="retry after 1"):
        rates.count("sendMessage", Chat(99, "private"), 500.5)


# --- what people write --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("/qr@bot_name hi", [("bot_command", "/qr@bot_name")]),
        ("a/b and //c but (/d)", [("bot_command", "/d")]),
        ("see https://x.example/a_(b). Ok", [("url", "https://x.example/a_(b")]),
        (
            "x.example/qr me@x.example @ada #tag",
            [("url", "x.example/qr"), ("email", "me@x.example"), ("mention", "@ada"), ("hashtag", "#tag")],
        ),
        ("😀 /qr", [("bot_command", "/qr")]),
        ("call me maybe 1.5", []),
    ],
)
def test_a_clients_marks_are_found(text: str, marks: list[tuple[str, str]]) -> None:
    """Offsets count UTF-16 units."""
    units = text.encode("utf-16-le")
    shown = [
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in found(text)
    ]
    assert shown == marks
