"""How Telegram's updates come in: by webhook, from channels, and about the chats themselves."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from telegram import Update

from adapters.telegram.happened import happened
from adapters.telegram.intake import ALLOWED, lane, take_in
from adapters.telegram.parse import CHANNEL_BOT, parse
from adapters.telegram.poll import RIVAL, Listeners, poll
from adapters.telegram.serve import Telegram, face, open_telegram
from adapters.telegram.webhook import Hook, Receive, hang, keep_hung, receiver, watch
from adapters.web.serve import LIMITS, build
from bot.app import App
from bot.face import Closed
from bot.message import Reply, SpaceKind
from storage.changes import CloseSpace, MoveSpace, OpenSpace
from tests.adapters.site import accounts_on
from tests.adapters.test_telegram import BOT, GROUP, Core, at, draw, polling, said, update
from tests.anything import ANYTHING
from tests.fakes import FakeTelegram
from tests.fakes.ledger import listening
from tests.fakes.telegram import Chat, Person

SECRET = "s3cret-token_42"
CHANNEL = {"id": -1007, "type": "channel", "title": "News"}
NAME = "x-telegram-bot-api-secret-token"


@pytest.fixture
async def telegram(tg: FakeTelegram) -> AsyncIterator[Telegram]:
    """Connect to it."""
    async with open_telegram(tg.token, tg.url, "off") as opened:
        yield opened


@pytest.fixture
def core(tg: FakeTelegram) -> Core:
    """Give a core whose gate is open."""
    core = Core(tg.noted)
    core.gate.set()
    return core


@pytest.fixture
def ada(tg: FakeTelegram) -> Person:
    """Give somebody."""
    return tg.person()


@pytest.fixture
def home(tg: FakeTelegram, ada: Person) -> Chat:
    """Let Ada start the bot."""
    return tg.private(ada, started=True)


# --- the webhook --------------------------------------------------------------------------------------------


@asynccontextmanager
async def hooked(tg: FakeTelegram, telegram: Telegram, core: Core) -> AsyncIterator[Hook]:
    """Serve the webhook's route where Telegram reaches it, and tell Telegram."""
    hook = Hook("https://qr.example/telegram/webhook", SECRET, telegram)
    take = receiver(hook, cast(App, core))

    async def receive(request: web.Request) -> web.Response:
        status, headers = await take(request.headers, await request.read())
        return web.Response(status=status, headers=headers)

    routes = web.Application()
    routes.router.add_post("/telegram/webhook", receive)
    async with listening(routes) as url:
        tg.public["https://qr.example"] = url
        assert await hang(hook, cast(App, core)) == ""
        yield hook


def body(update_id: int = 7, text: str = "one", chat: int = 7) -> bytes:
    """Write an update down as Telegram posts it."""
    where = {"id": chat, "type": "private", "first_name": "Ada"}
    message = {"message_id": 1, "date": 1, "chat": where, "text": text}
    message["from"] = {"id": chat, "is_bot": False, "first_name": "Ada"}
    return json.dumps({"update_id": update_id, "message": message}).encode()


async def test_an_update_is_taken_only_after_its_commit(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """While the core works on it Telegram keeps it; afterwards it is gone, and nothing was posted twice."""
    core.gate.clear()
    async with hooked(tg, telegram, core):
        update_id = tg.says(ada, home, "one")
        await tg.until(lambda: core.entered)
        assert not tg.updates.confirmed(update_id)
        core.gate.set()
        await tg.until(lambda: tg.updates.confirmed(update_id))
    assert core.texts == ["one"]


async def test_what_could_not_be_committed_is_posted_again(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """With 503, and how long to wait; its chat waits for it, another does not."""
    bob = tg.person()
    core.failing["a1"] = 2
    async with hooked(tg, telegram, core):
        first = tg.says(ada, home, "a1")
        last = tg.says(ada, home, "a2")
        other = tg.says(bob, tg.private(bob, started=True), "b1")
        await tg.until(lambda: tg.updates.confirmed(last) and tg.updates.confirmed(other))
        assert tg.webhook is not None
        assert [status for update_id, status in tg.webhook.posted if update_id == first] == [503, 503, 200]
        assert [status for update_id, status in tg.webhook.posted if update_id == other] == [200]
    assert [text for text in core.texts if text != "b1"] == ["a1", "a2"]


async def test_what_cannot_be_read_is_kept_and_taken(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """Else Telegram would post it for a day, and nothing else of its chat."""
    async with hooked(tg, telegram, core):
        odd = tg.raw({"message": {"message_id": "x", "chat": {"id": 7}}})
        new = tg.raw({"purchased_spaceship": {"id": 1}})
        last = tg.says(ada, home, "two")
        await tg.until(lambda: all(map(tg.updates.confirmed, (odd, new, last))))
        assert tg.webhook is not None
        assert {status for _, status in tg.webhook.posted} == {200}
    assert [(request_id, lane) for request_id, lane, _ in core.buried] == [
        (f"telegram:{BOT}:{odd}", "telegram:7")
    ]


@pytest.mark.parametrize(
    "given", [None, "", SECRET[:-1], SECRET + "x", SECRET[:-1] + "3", SECRET.upper(), "é"]
)
async def test_only_telegram_may_post(telegram: Telegram, core: Core, given: str | None) -> None:
    """A secret that is missing, wrong, or off by a byte opens nothing, and nobody reads the body."""
    take = receiver(Hook("https://qr.example/x", SECRET, telegram), cast(App, core))
    headers: Mapping[str, str] = {} if given is None else {NAME: given}
    assert await take(headers, b"{") == (401, {})
    assert core.entered == []


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": 9999999999999999999}',
        b"[" * 100_000,
        b"\xff",
    ],
)
async def test_what_is_no_update_is_a_bad_request(telegram: Telegram, core: Core, wrong: bytes) -> None:
    """Telegram posts no such thing."""
    take = receiver(Hook("https://qr.example/x", SECRET, telegram), cast(App, core))
    assert await take({NAME: SECRET}, wrong) == (400, {})
    assert (core.entered, core.buried) == ([], [])


async def test_nothing_is_taken_before_telegram_was_reached(core: Core) -> None:
    """Without the bot's name an update has no id of ours: it comes again."""
    take = receiver(Hook("https://qr.example/x", SECRET), cast(App, core))
    status, headers = await take({NAME: SECRET}, body())
    assert (status, int(headers["Retry-After"]) > 0) == (503, True)


async def test_posts_for_one_chat_at_once_are_handled_in_the_order_they_came(
    tg: FakeTelegram, telegram: Telegram, core: Core
) -> None:
    """Those of other chats are not held up."""
    core.gate.clear()
    take = receiver(Hook("https://qr.example/x", SECRET, telegram), cast(App, core))
    posts = [take({NAME: SECRET}, body(n, f"a{n}")) for n in range(1, 6)]
    tasks = [asyncio.ensure_future(post) for post in (*posts, take({NAME: SECRET}, body(9, "b", 8)))]
    await tg.until(lambda: len(core.entered) == 2)
    assert core.entered == ["a1", "b"]
    core.gate.set()
    assert {status for status, _ in await asyncio.gather(*tasks)} == {200}
    assert [text for text in core.texts if text != "b"] == ["a1", "a2", "a3", "a4", "a5"]


async def test_the_route_refuses_what_is_too_large_before_anybody_reads_it(
    telegram: Telegram, core: Core
) -> None:
    """413 for more than a mebibyte, announced or not; 404 where no webhook is configured."""
    take = receiver(Hook("https://qr.example/x", SECRET, telegram), cast(App, core))
    sent: tuple[Any, ...] = (b"x" * (LIMITS["/telegram/webhook"] + 1), pieces(), body())
    async with posting(core, take) as post:
        assert [await post(each, SECRET) for each in sent] == [413, 413, 200]
        assert await post(body(), SECRET + "x") == 401
    async with posting(core, None) as post:
        assert await post(body(), SECRET) == 404
    assert core.texts == ["one"]


async def pieces() -> AsyncIterator[bytes]:
    """Send a body that is too large without saying how long it is."""
    for _ in range(LIMITS["/telegram/webhook"] // 65536 + 1):
        yield b"x" * 65536


@asynccontextmanager
async def posting(core: Core, take: Receive | None) -> AsyncIterator[Callable[[Any, str], Awaitable[int]]]:
    """Serve our own application; gives the way to post to its webhook, which answers with the status."""

    async def ready() -> Mapping[str, str]:
        return {}

    application = build(
        cast(App, core), draw=draw, chat=False, cookie_key=b"", picture_key=b"", public_url="", slack=None,
        accounts=accounts_on(core), ready=ready, telegram=take,
    )  # fmt: skip
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:

        async def post(content: Any, secret: str) -> int:
            return (await http.post("/telegram/webhook", content=content, headers={NAME: secret})).status_code

        yield post


async def test_the_webhook_is_set_once_and_again_when_something_differs(
    tg: FakeTelegram, telegram: Telegram, core: Core
) -> None:
    """The address, the kinds of updates, or the secret, which Telegram does not show."""

    def calls() -> int:
        return len([call for call in tg.calls if call.method == "setWebhook"])

    async with hooked(tg, telegram, core) as hook:
        (call,) = [call for call in tg.calls if call.method == "setWebhook"]
        assert call.fields["allowed_updates"] == list(ALLOWED)
        assert (call.fields["secret_token"], call.fields["max_connections"]) == (SECRET, "40")
        assert "drop_pending_updates" not in call.fields
        await hang(hook, cast(App, core))
        assert calls() == 1
        await hang(Hook(hook.url, "another", telegram), cast(App, core))
        assert calls() == 2
        tg.updates.allowed = ["message"]
        await hang(Hook(hook.url, "another", telegram), cast(App, core))
        assert calls() == 3
        await telegram.bot.delete_webhook()
        await hang(Hook(hook.url, "another", telegram), cast(App, core))
        assert calls() == 4
    assert SECRET not in repr(hook)


async def test_a_webhook_that_telegram_refuses_is_tried_again(
    tg: FakeTelegram, telegram: Telegram, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile readiness says why."""
    monkeypatch.setattr("adapters.telegram.webhook.LONGEST_PAUSE", 0.0)
    told: list[str] = []
    hook = Hook("https://qr.example/telegram/webhook", SECRET, telegram)
    tg.fail("setWebhook", status=502, html=True)

    def trouble(why: str) -> None:
        told.append(why)
        if len(told) == 2:
            tg.public["https://qr.example"] = "http://127.0.0.1:9"

    await keep_hung(hook, cast(App, core), trouble)
    assert tg.webhook is not None
    assert "NetworkError" in told[0]
    assert "failed to resolve host" in told[1]
    assert told[-1] == ""


ANOTHER = "another program set a webhook with this bot token: stop it, or use another bot"


async def test_a_webhook_that_another_program_sets_meanwhile_is_set_anew(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another address, none, and ours with another secret, at which we answer 401; the log says so."""
    monkeypatch.setattr("adapters.telegram.webhook.LOOK", 0.01)
    tg.public["https://other.example"] = "http://127.0.0.1:9"
    others: list[Any] = [{"url": "https://other.example/theirs"}, {}]
    async with hooked(tg, telegram, core) as hook:
        with capture_logs() as lines:
            watching = asyncio.create_task(watch(hook, cast(App, core)))
            for many, theirs in enumerate((*others, {"url": hook.url, "secret_token": "theirs"}), 1):
                if theirs:
                    await telegram.bot.set_webhook(**theirs)
                else:
                    await telegram.bot.delete_webhook()
                assert tg.webhook is None or (tg.webhook.url, tg.webhook.secret) != (hook.url, SECRET)
                if "secret_token" in theirs:
                    tg.later(2)
                    tg.says(ada, home, "one")
                async with asyncio.timeout(30):
                    while [line["event"] for line in lines].count(ANOTHER) < many:
                        await asyncio.sleep(0.01)
                assert tg.webhook is not None
                assert (tg.webhook.url, tg.webhook.secret) == (hook.url, SECRET)
            watching.cancel()
            await asyncio.wait({watching})
    met = [line for line in lines if line["event"] == "telegram cannot post to us"]
    assert "401" in met[0]["why"]
    assert SECRET not in str(lines)


async def test_a_poll_that_another_program_disturbs_says_so_until_it_is_gone(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To readiness: what people say may go to the other one."""
    monkeypatch.setattr("adapters.telegram.poll.CALM", 0.0)
    told: list[str] = []

    def trouble(why: str) -> None:
        told.append(why)
        tg.noted()

    asking = asyncio.create_task(poll(telegram, cast(App, core), "here", Listeners(trouble=trouble)))
    await tg.wait_for("getUpdates", arrived=True)
    async with httpx.AsyncClient() as rival:
        await rival.post(f"{tg.url}/bot{tg.token}/getUpdates", json={"timeout": 1})
    await tg.until(lambda: told, 30)
    tg.says(ada, home, "one")
    await tg.until(lambda: told[-1] == "", 60)
    asking.cancel()
    await asyncio.wait({asking})
    assert told == [RIVAL, ""]


# --- poison -------------------------------------------------------------------------------------------------


async def test_one_that_cannot_be_read_among_twenty_costs_neither_answers_nor_polls(
    tg: FakeTelegram, telegram: Telegram, core: Core
) -> None:
    """Nineteen are handled, one is kept, and the poll goes on in its own time."""
    for number in range(19):
        if number == 7:
            tg.raw({"message": {"message_id": "none", "chat": 5, "from": [], "date": "yesterday"}})
        person = tg.person()
        last = tg.says(person, tg.private(person), f"text {number}")
    async with polling(telegram, core):
        await tg.until(lambda: tg.updates.confirmed(last))
        assert len([call for call in tg.calls if call.method == "getUpdates"]) == 2
    assert (len(core.texts), len(core.buried)) == (19, 1)


KINDS = ("message", "channel_post", "callback_query", "inline_query", "my_chat_member", "poll", "new_kind")


@given(st.data())
def test_whatever_stands_in_an_update_it_is_handled_or_kept(data: st.DataObject) -> None:
    """A field of another type, one that is missing, one too many: nothing is raised, so nothing is stuck."""
    message = json.loads(body())["message"]
    names = st.sampled_from([*message, "entities", "photo", "migrate_to_chat_id", "reply_to_message"])
    for name in data.draw(st.lists(names, min_size=1, max_size=3)):
        message[name] = data.draw(ANYTHING)
    core = Core(lambda: None)
    core.gate.set()
    known = cast(Telegram, SimpleNamespace(bot=None, name=BOT, answer=None))
    update = {"update_id": 5, data.draw(st.sampled_from(KINDS)): message}
    asyncio.run(take_in(known, cast(App, core), update))
    assert len(core.entered) + len(core.buried) + len(core.noted_changes) <= 1


# --- the offset ---------------------------------------------------------------------------------------------


async def test_a_restart_asks_from_where_the_last_process_was(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """The offset is kept with the batch."""
    first = tg.says(ada, home, "one")
    async with polling(telegram, core):
        await tg.until(lambda: tg.updates.confirmed(first))
    before = len(tg.calls)
    async with polling(telegram, core):
        await tg.wait_for("getUpdates", 2, arrived=True)
        await tg.until(lambda: len(tg.calls) > before + 1)
    asked = next(call for call in tg.calls[before:] if call.method == "getUpdates")
    assert asked.fields["offset"] == str(first + 1)


@pytest.mark.parametrize("next_id", [5, 700_000_001, 2_000_000_000])
async def test_ids_that_begin_anew_after_a_quiet_week_lose_nothing(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat, next_id: int
) -> None:
    """Lower than the offset or higher, in the process that polls and after a restart."""
    async with polling(telegram, core):
        first = tg.says(ada, home, "before")
        await tg.until(lambda: tg.updates.confirmed(first))
        core.committed.clear()
        core.now += timedelta(days=8)
        tg.updates.restart(next_id)
        last = [tg.says(ada, home, text) for text in ("one", "two")][-1]
        await tg.until(lambda: core.texts == ["one", "two"])
        await tg.until(lambda: tg.updates.confirmed(last))
    core.now += timedelta(days=8)
    tg.updates.restart(3)
    last = tg.says(ada, home, "three")
    async with polling(telegram, core):
        await tg.until(lambda: tg.updates.confirmed(last))
    assert core.texts == ["one", "two", "three"]


async def test_an_offset_of_another_sequence_hides_nothing(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """Also where no week has passed: the server begins with the oldest, and the offset follows it down."""
    core.marks[f"telegram-offset:{telegram.me.id}:{tg.url.removeprefix('http://')}"] = ("900000000", core.now)
    ids = [tg.says(ada, home, text) for text in ("one", "two")]
    async with polling(telegram, core):
        await tg.until(lambda: all(map(tg.updates.confirmed, ids)))
    assert core.texts == ["one", "two"]
    assert len([call for call in tg.calls if call.method == "getUpdates"]) <= 4


# --- groups and channels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "overheard"),
    [("/weather", True), (f"/weather@{BOT}", False), (f"@{BOT} weather", False)],
)
def test_a_command_that_names_nobody_may_be_another_bots(text: str, overheard: bool) -> None:
    """In private there is nobody else."""
    assert said(text=text, chat=GROUP).overheard == overheard
    assert not said(text=text).overheard


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/qr hello", "/qr hello"),
        (f"/qr@{BOT} hello", "/qr hello"),
        ("/qr@other_bot hello", None),
        ("good morning", None),
        (f"@{BOT} hello", None),
        ("/etc/passwd", None),
    ],
)
def test_in_a_channel_only_commands_are_for_the_bot(text: str, meant: str | None) -> None:
    """The channel itself speaks; no private reply reaches anybody there."""
    post = update("channel_post", text=text, chat=CHANNEL, sender_chat=CHANNEL, **{"from": None})
    request = parse(post, BOT)
    assert (request and request.text) == meant
    if request is not None:
        assert (request.actor.key, request.actor.name) == ("telegram:-1007", "News")
        assert (request.space.key, request.space.kind) == ("telegram:-1007", SpaceKind.CHANNEL)
        assert request.address == {"chat": -1007, "user": CHANNEL_BOT, "private": 0, "message": 3}


async def test_a_channel_is_spoken_with_from_end_to_end(
    tg: FakeTelegram, telegram: Telegram, core: Core
) -> None:
    """The answer stands below the post; what is for one alone is asked for elsewhere, not shown to all."""
    news, shown = tg.channel(), face(telegram)
    tg.posts(news, "Good morning")
    tg.posts(news, "/qr hello")
    async with polling(telegram, core):
        await tg.until(lambda: core.committed)
    (request,) = core.committed
    await shown.send(request.address, Reply(body="made"), draw)
    await shown.send(request.address, Reply(body="s3cret", private=True), draw)
    made, asked = tg.replies(news)
    assert (made.text, made.reply_to) == ("made", tg.messages(news)[1])
    assert ("s3cret" in asked.text, asked.buttons[0][0][1]) == (False, f"https://t.me/{BOT}?start=hello")


# --- what happens to chats ----------------------------------------------------------------------------------


async def test_blocking_removing_and_coming_back_are_kept(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person, home: Chat
) -> None:
    """In private and in groups, each once, as changes and not as anybody's words."""
    group = tg.group(members=[ada])
    tg.blocks(ada)
    tg.unblocks(ada)
    tg.removes_bot(ada, group)
    last = tg.adds_bot(ada, group)
    async with polling(telegram, core):
        await tg.until(lambda: tg.updates.confirmed(last))
    found = [change for _, changes in core.noted_changes for change in changes]
    private, wide = f"telegram:{home.id}", f"telegram:{group.id}"
    assert sorted((type(change).__name__, change.space) for change in found) == sorted(  # type: ignore[union-attr]
        [("CloseSpace", private), ("OpenSpace", private), ("CloseSpace", wide), ("OpenSpace", wide)]
    )
    assert core.committed == []
    assert len({request_id for request_id, _ in core.noted_changes}) == 4


@pytest.mark.parametrize(
    ("status", "closed"),
    [
        ("member", False),
        ("administrator", False),
        ("left", True),
        ("kicked", True),
        ("out", True),
        ("in", False),
    ],
)
def test_what_the_bot_is_in_a_chat_says_whether_it_can_write(status: str, closed: bool) -> None:
    """Restricted, it may be in there or not."""
    rights = dict.fromkeys(
        (
            "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
            "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
            "can_send_other_messages",
            "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages",
            "can_manage_topics", "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
            "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_post_stories",
            "can_edit_stories", "can_delete_stories", "can_react_to_messages", "can_edit_tag",
        ),
        True,
    )  # fmt: skip
    bot = {"id": 1, "is_bot": True, "first_name": "QR"}
    restricted = {
        "out": {"status": "restricted", "is_member": False},
        "in": {"status": "restricted", "is_member": True},
    }
    now = {"user": bot, "until_date": 0} | rights | restricted.get(status, {"status": status})
    changed = {"chat": GROUP, "from": bot, "date": 1, "old_chat_member": {"user": bot, "status": "left"}}
    read = Update.de_json({"update_id": 1, "my_chat_member": changed | {"new_chat_member": now}}, None)
    (change,) = happened(read, Core(lambda: None).now)
    assert isinstance(change, CloseSpace if closed else OpenSpace)
    assert parse(read, BOT) is None


async def test_a_group_that_grows_is_moved_whichever_message_comes_first(
    tg: FakeTelegram, telegram: Telegram, core: Core, ada: Person
) -> None:
    """Both service messages say the same; no message is answered that has another number now."""
    group = tg.group(members=[ada])
    wide = tg.migrates(ada, group)
    async with polling(telegram, core):
        await tg.until(lambda: len(core.noted_changes) == 2)
    address: dict[str, str | int] = {"chat": wide.id, "message": 0, "callback": "", "thread": 0}
    moved = MoveSpace(f"telegram:{group.id}", f"telegram:{wide.id}", address, core.now)
    assert [changes for _, changes in core.noted_changes] == [(moved,), (moved,)]
    assert core.committed == []


async def test_who_blocked_the_bot_or_put_it_out_is_told_apart(
    tg: FakeTelegram, telegram: Telegram, ada: Person, home: Chat
) -> None:
    """From a chat that never was, and from one that was only never started."""
    shown, hello = face(telegram), Reply(body="a")
    tg.blocks(ada)
    with pytest.raises(Closed, match="blocked by the user"):
        await shown.send(at(home, ada), hello, draw)
    ada.blocked, ada.gone = False, True
    with pytest.raises(Closed, match="deactivated"):
        await shown.send(at(home, ada), hello, draw)
    group = tg.group(members=[ada])
    tg.removes_bot(ada, group)
    with pytest.raises(Closed, match="kicked"):
        await shown.send(at(group, ada), hello, draw)
    stranger = tg.private(tg.person())
    assert stranger.person is not None
    with pytest.raises(Exception, match="initiate") as caught:
        await shown.send(at(stranger, stranger.person), hello, draw)
    assert not isinstance(caught.value, Closed)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ({"message": {"chat": {"id": 5}, "from": {"id": 7}}}, "telegram:5"),
        ({"callback_query": {"from": {"id": 7}, "message": {"chat": {"id": 5}}}}, "telegram:5"),
        ({"callback_query": {"from": {"id": 7}, "inline_message_id": "x"}}, "telegram:7"),
        ({"inline_query": {"from": {"id": 7}}}, "telegram:7"),
        ({"poll": {"id": "1"}}, "telegram:"),
        ({"message": {"chat": {"id": "\0"}, "from": {"id": 10**30}}}, "telegram:"),
        ({"message": "x", "chat": 3}, "telegram:"),
    ],
)
def test_order_is_kept_where_something_was_said(raw: dict[str, Any], name: str) -> None:
    """By chat, else by who said it, so that one person's inline queries hold up nobody else's."""
    assert lane({"update_id": 1} | raw) == name
