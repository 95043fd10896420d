"""The fake Telegram's updates: polls, webhooks, presses, inline queries, and people who come and go."""

import asyncio
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultPhoto,
    InlineQueryResultsButton,
    InputMediaPhoto,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest, Conflict, NetworkError, TelegramError
from telegram.ext import ApplicationBuilder, MessageHandler, filters

from tests.fakes import FakeTelegram
from tests.fakes.drawn import blank, qr
from tests.fakes.ledger import listening
from tests.fakes.telegram import Chat, Message, Person
from tests.fakes.telegram.things import Asked
from tests.fakes.test_telegram import connected

LINK = InlineKeyboardMarkup([[InlineKeyboardButton("Site", url="https://x.example")]])
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])


@pytest.fixture
async def bot(tg: FakeTelegram) -> AsyncIterator[Bot]:
    """Connect the real library."""
    async with connected(tg) as client:
        yield client


@pytest.fixture
def ada(tg: FakeTelegram) -> Person:
    """Let Ada have an account."""
    return tg.person(first_name="Ada", username="ada")


@pytest.fixture
def chat(tg: FakeTelegram, ada: Person) -> Chat:
    """Let Ada start the bot."""
    return tg.private(ada, started=True)


async def texts(bot: Bot, **options: Any) -> list[str | None]:
    """Fetch what waits and give what was written."""
    return [update.message.text for update in await bot.get_updates(**options) if update.message]


# --- polling ------------------------------------------------------------------------------------------------


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """Nothing is lost by asking; at most 100 come at once."""
    first = tg.says(ada, chat, "a")
    for text in "bc":
        tg.says(ada, chat, text)
    assert await texts(bot) == await texts(bot) == ["a", "b", "c"]
    assert await texts(bot, offset=first + 1, limit=1) == ["b"]
    assert tg.updates.confirmed(first)
    assert not tg.updates.confirmed(first + 1)
    assert await texts(bot, offset=-1) == ["c"]
    assert await texts(bot, offset=first + 3) == []
    assert tg.updates.waiting == []


async def test_an_offset_ahead_of_all_ids_hides_nothing(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """It is one of an earlier sequence: the server begins with the oldest."""
    tg.updates.restart(5)
    tg.says(ada, chat, "a")
    assert [update.update_id for update in await bot.get_updates(offset=700_000_001)] == [5]
    assert [update.update_id for update in await bot.get_updates(offset=6)] == []


async def test_a_channels_post_is_said_in_its_name(tg: FakeTelegram, bot: Bot) -> None:
    """Nobody is named, and only an administrator bot sees it."""
    news = tg.channel()
    tg.posts(news, "/qr hello")
    (update,) = await bot.get_updates()
    assert update.channel_post is not None
    assert (update.channel_post.from_user, update.channel_post.sender_chat) == (
        None,
        update.channel_post.chat,
    )
    news.bot = "left"
    with pytest.raises(ValueError, match="administrator"):
        tg.posts(news, "unheard")


async def test_a_poll_is_held_until_somebody_writes(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """Nobody asks in a loop."""
    poll = asyncio.create_task(texts(bot, timeout=30))
    await tg.wait_for("getUpdates", arrived=True)
    assert not poll.done()
    tg.says(ada, chat, "hello")
    assert await poll == ["hello"]
    assert len(await tg.wait_for("getUpdates")) == 1


async def test_two_polls_do_not_go_together(tg: FakeTelegram, bot: Bot) -> None:
    """Whoever was there first gets 409; so does one while a webhook is set, and one that a webhook ends."""
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await tg.wait_for("getUpdates", arrived=True)
    async with connected(tg) as other:  # one client polls once at a time
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getupdates"):
            await first
        tg.public["https://qr.example"] = "http://127.0.0.1:9"
        await bot.set_webhook("https://qr.example/telegram/webhook")
        with pytest.raises(Conflict, match=r"(?i)terminated by setwebhook"):
            await second
    with pytest.raises(Conflict, match=r"(?i)webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_only_the_kinds_asked_for_are_made(tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat) -> None:
    """The list counts when something happens, and is kept until another one is given."""
    await bot.get_updates(allowed_updates=["callback_query"])
    tg.says(ada, chat, "dropped")
    await bot.get_updates()
    tg.says(ada, chat, "dropped too")
    await bot.get_updates(allowed_updates=["message"])
    tg.says(ada, chat, "kept")
    assert await texts(bot) == ["kept"]


async def test_what_nobody_fetches_grows_too_old(tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat) -> None:
    """An inline query after 30 seconds, a press after 150, a message after a day."""
    message = await bot.send_message(chat.id, "a", reply_markup=BUTTON)
    tg.says(ada, chat, "hello")
    tg.presses(ada, message.message_id, "More")
    tg.asks(ada, "hi")
    for seconds, left in ((31, ["message", "callback_query"]), (120, ["message"]), (86_400, [])):
        tg.later(seconds)
        assert [update.kind for update in tg.updates.fresh()] == left


async def test_an_unparsable_update_reaches_the_bot(tg: FakeTelegram, bot: Bot) -> None:
    """The library chokes on it; whoever reads the raw answer does not."""
    tg.raw({"message": {"message_id": "no date, no chat"}})
    with pytest.raises((TelegramError, TypeError, KeyError)):
        await bot.get_updates()
    (call,) = await tg.wait_for("getUpdates")
    assert call.answered == 200


async def test_the_librarys_own_application_runs_on_it(tg: FakeTelegram, ada: Person, chat: Chat) -> None:
    """Polling, answering, stopping: the last update is confirmed."""

    async def echo(update: Update, context: Any) -> None:
        assert update.message
        await update.message.reply_text(f"you said {update.message.text}")

    builder = ApplicationBuilder().token(tg.token)
    app = builder.base_url(f"{tg.url}/bot").base_file_url(f"{tg.url}/file/bot").build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling()
        update_id = tg.says(ada, chat, "hello")
        await tg.wait_for("sendMessage")
        await app.updater.stop()
        await app.stop()
    assert [message.text for message in tg.replies(chat)] == ["you said hello"]
    assert tg.updates.confirmed(update_id)


async def test_a_killed_bot_gets_its_updates_again(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """A poll whose other end is dead neither swallows an update nor stands in the next one's way."""
    program = f"""
        import urllib.request
        url = "{tg.url}/bot{tg.token}/getUpdates?timeout=50"
        while True:
            urllib.request.urlopen(url).read()
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)])
    await tg.wait_for("getUpdates", arrived=True, timeout=30)
    process.send_signal(signal.SIGKILL)
    process.wait()
    tg.says(ada, chat, "hello")
    assert await texts(bot, timeout=30) == ["hello"]


# --- webhooks -----------------------------------------------------------------------------------------------


async def test_updates_are_posted_in_order_until_they_are_taken(ada: Person) -> None:
    """One chat waits for its own refused update alone; the secret comes along; nothing is posted twice."""
    taken: list[tuple[str, str]] = []
    refuse = {"b"}

    async def take(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        message = (await request.json())["message"]
        if message["text"] in refuse:
            refuse.discard(message["text"])
            return web.Response(status=503, headers={"Retry-After": "1"})
        taken.append((message["chat"]["title"], message["text"]))
        return web.Response()

    app = web.Application()
    app.router.add_post("/telegram/webhook", take)
    async with listening(app) as url, FakeTelegram(public={"https://qr.example": url}) as tg:
        person = tg.person()
        one, two = tg.group("1", [person]), tg.group("2", [person])
        tg.says(person, one, "a")
        async with connected(tg) as bot:
            await bot.set_webhook("https://qr.example/telegram/webhook", secret_token="s3cret")
            for text in "bc":
                tg.says(person, one, text)
            tg.says(person, two, "d")
            await tg.until(lambda: tg.webhook and len(tg.webhook.posted) == 5)
            info = await bot.get_webhook_info()
    assert [text for title, text in taken if title == "1"] == ["a", "b", "c"]
    assert sorted(taken)[-1] == ("2", "d")
    assert (info.pending_update_count, info.url) == (0, "https://qr.example/telegram/webhook")
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


@pytest.mark.parametrize(
    ("url", "secret", "error"),
    [
        ("http://qr.example/x", "", "https url must be provided"),
        ("https://qr.example:8000/x", "", "only on ports"),
        ("https://elsewhere.example/x", "", "resolve host"),
        ("https://127.0.0.1/x", "", "resolve host"),
        ("nonsense", "", "invalid webhook url"),
        ("https://qr.example/x", "not allowed", "unallowed characters"),
        ("https://qr.example/x", "x" * 257, "too long"),
    ],
)
async def test_a_wrong_webhook_is_refused(
    tg: FakeTelegram, bot: Bot, url: str, secret: str, error: str
) -> None:
    """https, four ports, a host that Telegram can reach, a secret of A-Z, a-z, 0-9, _ and -."""
    tg.public["https://qr.example"] = "http://127.0.0.1:9"
    with pytest.raises(BadRequest, match=f"(?i){error}"):
        await bot.set_webhook(url, secret_token=secret)
    assert (await bot.get_webhook_info()).url == ""


async def test_a_local_server_posts_to_this_machine(ada: Person) -> None:
    """Its webhooks may be http."""
    got: asyncio.Queue[Any] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await got.put(await request.json())
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", take)
    async with listening(app) as url, FakeTelegram(local=True) as tg, connected(tg) as bot:
        await bot.set_webhook(f"{url}/hook")
        update_id = tg.raw({"anything": {}})
        assert await got.get() == {"update_id": update_id, "anything": {}}
        await tg.until(lambda: tg.updates.confirmed(update_id))
        tg.raw({"more": {}})
        await bot.delete_webhook(drop_pending_updates=True)
        assert tg.updates.waiting == []


# --- presses ------------------------------------------------------------------------------------------------


async def test_a_press_brings_the_buttons_data_and_is_answered_once(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """A second answer is refused like a late one."""
    message = await bot.send_message(chat.id, "a", reply_markup=BUTTON)
    update_id = tg.presses(ada, message.message_id, "More")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("more", ada.id)
    assert query.message == message
    await query.answer("done", show_alert=True)
    assert tg.query(update_id).answer == {"text": "done", "show_alert": True, "url": ""}
    with pytest.raises(BadRequest, match="uery is too old"):
        await query.answer("again")


async def test_a_press_can_be_answered_for_150_seconds(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """With at most 200 characters."""
    message = await bot.send_message(chat.id, "a", reply_markup=BUTTON)
    tg.presses(ada, message.message_id, "More")
    (update,) = await bot.get_updates()
    assert update.callback_query
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await update.callback_query.answer("x" * 201)
    tg.later(151)
    with pytest.raises(BadRequest, match="uery is too old"):
        await update.callback_query.answer("late")


async def test_a_button_that_is_not_there_cannot_be_pressed(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """The test that tries is wrong, and hears it; so with a link, which tells the bot nothing."""
    link = InlineKeyboardMarkup([[InlineKeyboardButton("Site", url="https://x.example")]])
    message = await bot.send_message(chat.id, "a", reply_markup=link)
    for number, label in ((message.message_id, "More"), (message.message_id, "Site"), (999, "More")):
        with pytest.raises(ValueError, match=r"no button|tells the bot nothing|no message"):
            tg.presses(ada, number, label)


# --- inline -------------------------------------------------------------------------------------------------


def article(name: str, text: str = "hi") -> InlineQueryResultArticle:
    """Offer a text."""
    return InlineQueryResultArticle(name, "Title", InputTextMessageContent(text))


async def test_an_inline_query_is_answered_with_what_was_drawn_before(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """By the id of a photo that was sent once; then somebody picks it."""
    sent = await bot.send_photo(chat.id, qr("hi"))
    asked = tg.asks(ada, "hi")
    (update,) = await bot.get_updates()
    assert update.inline_query
    photo = InlineQueryResultCachedPhoto("1", sent.photo[-1].file_id)
    await update.inline_query.answer([photo, article("2")], cache_time=0, is_personal=True)
    answer = tg.query(asked).answer
    assert answer is not None
    assert (answer["cache_time"], answer["is_personal"]) == (0, True)
    tg.chooses(ada, asked, "1")
    chosen = (await bot.get_updates())[-1].chosen_inline_result
    assert chosen is not None
    assert chosen.result_id == "1"
    with pytest.raises(ValueError, match="no result"):
        tg.chooses(ada, asked, "3")


async def test_wrong_inline_answers_are_refused(tg: FakeTelegram, bot: Bot, ada: Person) -> None:
    """Ids, number, kinds, pictures, and the 30 seconds."""
    tg.asks(ada, "hi")
    (update,) = await bot.get_updates()
    query = update.inline_query
    assert query is not None
    wrong: list[tuple[list[Any], str]] = [
        ([article("1"), article("1")], "duplicate"),
        ([article(str(n)) for n in range(51)], "too many"),
        ([article("x" * 65)], "result_id_invalid"),
        ([article("1", " ")], "text is empty"),
        ([InlineQueryResultCachedPhoto("1", "unknown")], "photo_invalid"),
        ([InlineQueryResultPhoto("1", "https://nowhere.example/a.jpg", "https://x.example")], "curl_failed"),
    ]
    for results, error in wrong:
        with pytest.raises(BadRequest, match=f"(?i){error}"):
            await bot.answer_inline_query(query.id, results)
    with pytest.raises(BadRequest, match=r"(?i)next_offset_invalid"):
        await bot.answer_inline_query(query.id, [], next_offset="x" * 65)
    tg.later(31)
    with pytest.raises(BadRequest, match="uery is too old"):
        await bot.answer_inline_query(query.id, [article("1")])


async def test_an_inline_photo_by_address_must_be_a_jpeg(ada: Person) -> None:
    """Telegram fetches it; PNG is not taken there. sendPhoto takes both."""

    async def give(request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        return web.Response(body=blank(90, 90, kind), content_type=f"image/{kind}")

    app = web.Application()
    app.router.add_get("/i/{kind}", give)
    async with (
        listening(app) as url,
        FakeTelegram(public={"https://qr.example": url}) as tg,
        connected(tg) as bot,
    ):
        person = tg.person()
        tg.asks(person, "hi")
        (update,) = await bot.get_updates()
        assert update.inline_query
        png, jpeg = "https://qr.example/i/png", "https://qr.example/i/jpeg"
        with pytest.raises(BadRequest, match=r"(?i)content_type_invalid"):
            await update.inline_query.answer([InlineQueryResultPhoto("1", png, png)])
        await update.inline_query.answer([InlineQueryResultPhoto("1", jpeg, jpeg)])
        await bot.send_photo(tg.private(person, started=True).id, png)
        with pytest.raises(BadRequest, match=r"(?i)failed to get http url content"):
            await bot.send_photo(person.id, f"{png}/missing")


# --- people -------------------------------------------------------------------------------------------------


async def test_a_photo_reaches_the_bot_in_several_sizes(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """The largest holds the code, compressed as JPEG."""
    tg.sends_photo(ada, chat, qr("hello", scale=40), caption="/read")
    tg.sends_document(ada, chat, "codes.csv", b"a,b", "text/csv")
    first, second = [update.message for update in await bot.get_updates()]
    assert first is not None
    assert second is not None
    assert [photo.width for photo in first.photo] == [90, 320, 800, 1160]
    assert (first.caption, first.caption_entities[0].type) == ("/read", "bot_command")
    data = await (await bot.get_file(first.photo[-1].file_id)).download_as_bytearray()
    assert data[:3] == b"\xff\xd8\xff"
    assert tg.decode(tg.messages(chat)[0]) == ["hello"]
    assert second.document is not None
    assert (second.document.file_name, second.document.mime_type) == ("codes.csv", "text/csv")


async def test_people_edit_share_and_answer(tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat) -> None:
    """Each as the library understands it."""
    sent = await bot.send_message(chat.id, "name?")
    tg.says(ada, chat, "\tAda\r\n", reply_to=tg.messages(chat)[0])
    tg.edits(ada, tg.messages(chat)[-1], "Ada L.")
    tg.sends(ada, chat, location={"latitude": 51.5, "longitude": -0.1})
    tg.sends(ada, chat, contact={"phone_number": "+441234", "first_name": "Charles"})
    said, edited, place, contact = await bot.get_updates()
    assert said.message is not None
    assert said.message.reply_to_message == sent
    assert said.message.text == "Ada"
    assert edited.edited_message is not None
    assert edited.edited_message.text == "Ada L."
    assert place.message is not None
    assert place.message.location is not None
    assert contact.message is not None
    assert contact.message.contact is not None
    with pytest.raises(ValueError, match="their own"):
        tg.edits(ada, sent.message_id, "x")


async def test_the_bot_hears_when_it_is_blocked_added_and_moved(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """And nobody writes where they are not."""
    group, stranger = tg.group("A", [ada], bot="left"), tg.person()
    tg.blocks(ada)
    tg.unblocks(ada)
    tg.adds_bot(ada, group)
    tg.removes_bot(ada, group)
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == [
        "kicked", "member", "member", "kicked"
    ]  # fmt: skip
    wide = tg.migrates(ada, tg.group("B", [ada]))
    told = [update.message for update in (await bot.get_updates())[-2:]]
    assert [message.migrate_to_chat_id for message in told if message] == [wide.id, None]
    for person, where in ((ada, group), (stranger, wide), (stranger, chat)):
        with pytest.raises(ValueError, match="that person"):
            tg.says(person, where, "hello")
    with pytest.raises(ValueError, match="4096"):
        tg.says(ada, chat, "x" * 4097)


# --- the fake itself ----------------------------------------------------------------------------------------


async def test_waiting_for_what_never_comes_says_what_came_instead(tg: FakeTelegram, bot: Bot) -> None:
    """A test that waits in vain fails with the ledger's summary."""
    with pytest.raises(AssertionError, match=r"1 × sendMessage did not come .*getMe → 200"):
        await tg.wait_for("sendMessage", timeout=0.01)


async def test_a_fault_of_the_fake_itself_fails_the_test() -> None:
    """It must not look like the platform's."""
    tg = await FakeTelegram().__aenter__()
    chat = tg.private(tg.person(), started=True)
    bot = connected(tg)
    await bot.initialize()  # what was not opened, shutdown does not close
    tg.post = None  # type: ignore[method-assign, assignment] # on purpose: breaks the fake
    with pytest.raises(NetworkError):
        await bot.send_message(chat.id, "a")
    await bot.shutdown()
    with pytest.raises(AssertionError, match="the fake itself failed"):
        await tg.__aexit__(None, None, None)


async def placed(tg: FakeTelegram, bot: Bot, ada: Person, *, keyboard: bool = True) -> tuple[Message, str]:
    """Let somebody put a text of ours into a chat; gives the message and the id it can be edited by."""
    asked = tg.asks(ada, "hi")
    update = (await bot.get_updates())[-1]
    assert update.inline_query
    offer = InlineQueryResultArticle("1", "Title", InputTextMessageContent("hi"), LINK if keyboard else None)
    await update.inline_query.answer([offer])
    tg.chooses(ada, asked, "1")
    chosen = (await bot.get_updates())[-1].chosen_inline_result
    query = tg.query(asked)
    assert chosen is not None
    assert isinstance(query, Asked)
    assert query.placed is not None
    return query.placed, chosen.inline_message_id or ""


async def test_an_inline_message_can_be_edited_only_where_it_has_a_keyboard(
    tg: FakeTelegram, bot: Bot, ada: Person
) -> None:
    """Else its id is not told, and any other id is nobody's."""
    message, name = await placed(tg, bot, ada)
    assert await bot.edit_message_text("new", inline_message_id=name) is True
    assert (message.text, message.keyboard) == ("new", [])
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("new", inline_message_id=name)
    with pytest.raises(BadRequest, match=r"(?i)message_id_invalid"):
        await bot.edit_message_text("new", inline_message_id="CAAAA1")
    assert (await placed(tg, bot, ada, keyboard=False))[1] == ""


async def test_an_inline_message_takes_a_file_that_is_there_and_no_upload(
    tg: FakeTelegram, bot: Bot, ada: Person, chat: Chat
) -> None:
    """A text becomes a picture by its file id; an upload is refused as by the real server."""
    message, name = await placed(tg, bot, ada)
    with pytest.raises(BadRequest, match=r"(?i)invalid message content specified"):
        await bot.edit_message_media(InputMediaPhoto(qr("hi")), inline_message_id=name)
    sent = await bot.send_photo(chat.id, qr("hi"))
    media = InputMediaPhoto(sent.photo[-1].file_id, caption="a")
    assert await bot.edit_message_media(media, inline_message_id=name) is True
    assert (tg.decode(message), message.text, message.caption) == (["hi"], "", "a")
    assert await bot.edit_message_caption(caption="b", inline_message_id=name) is True


@pytest.mark.parametrize(
    "button",
    [
        {"text": ""},
        {"text": "a"},
        {"text": "a", "start_parameter": "a b"},
        {"text": "a", "start_parameter": "a" * 65},
    ],
)
async def test_the_button_above_inline_results_has_a_text_and_one_action(
    tg: FakeTelegram, bot: Bot, ada: Person, button: dict[str, Any]
) -> None:
    """A start parameter is of 1 to 64 letters, digits, underscores and hyphens."""
    tg.asks(ada, "hi")
    (update,) = await bot.get_updates()
    assert update.inline_query
    with pytest.raises(BadRequest):
        await bot.answer_inline_query(update.inline_query.id, [], button=InlineQueryResultsButton(**button))
    fine = InlineQueryResultsButton("Settings", start_parameter="settings")
    assert await update.inline_query.answer([], button=fine)
