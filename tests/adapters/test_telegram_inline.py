"""Inline mode on Telegram: answers while somebody types, and the picture where they chose it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest

from adapters.telegram import answer, inline
from adapters.telegram.answer import answering
from adapters.telegram.intake import lane
from adapters.telegram.links import KNOCK
from adapters.telegram.poll import poll
from adapters.telegram.serve import Telegram, face, open_telegram, sending_rates
from bot.app import App
from bot.deliveries import Post, drain
from bot.drawings import drawing, fetching
from bot.face import Address, Rate
from bot.message import Actor, Button, Reply
from bot.qr.picture import Picture, Rendered
from storage.changes import Unit
from storage.records import State
from tests.core.talking import Core, codes_of, passed, rows, said
from tests.fakes import FakeTelegram
from tests.fakes.telegram import Chat, Message, Person
from tests.fakes.telegram.things import Asked

LINK = "https://example.com/Menu?a=1"
SECRET = "WIFI:T:WPA;S:Guest;P:s3cret-canary;;"


@dataclass
class House:
    """A bot that polls, with what it draws and reserves seen from outside."""

    tg: FakeTelegram
    core: Core
    telegram: Telegram
    app: App
    post: Post
    drawn: list[Picture] = field(default_factory=list)
    reserved: list[tuple[Rate, ...]] = field(default_factory=list)
    free: float = 0.0  # seconds that the next reservations have to wait
    gate: asyncio.Event = field(default_factory=asyncio.Event)  # nothing is drawn while it is shut
    door: asyncio.Event = field(default_factory=asyncio.Event)  # nor decided

    def asked(self, update_id: int) -> Asked:
        """Give an inline query and what was answered to it."""
        found = self.tg.query(update_id)
        assert isinstance(found, Asked)
        return found

    async def results(self, person: Person, query: str, offset: str = "") -> list[dict[str, Any]]:
        """Type a query, and wait for its results."""
        asked = self.asked(self.tg.asks(person, query, offset))
        await self.tg.until(lambda: asked.answer is not None, what=f"an answer to {query!r}")
        return asked.results or []

    async def chosen(self, person: Person, query: str, result: str) -> Message:
        """Type a query, choose a result, and give the message that stands in the chat then."""
        update_id = self.tg.asks(person, query)
        asked = self.asked(update_id)
        await self.tg.until(lambda: asked.answer is not None, what=f"an answer to {query!r}")
        self.tg.chooses(person, update_id, result)
        assert asked.placed is not None
        return asked.placed

    async def remembered(self, files: int) -> None:
        """Wait until so many pictures are known to be at Telegram."""
        async with asyncio.timeout(20):
            while (await rows(self.core.store)).get("uploaded", 0) != files:
                await asyncio.sleep(0.02)

    async def delivered(self, person: Person) -> None:
        """Let time pass until all that is to be delivered to a person was."""
        async with asyncio.timeout(20):
            while True:
                passed(self.core, minutes=6)
                await drain(self.post, f"telegram:{person.id}")
                async with self.core.store.reading() as work:
                    if set(await work.deliveries.counts()) == {State.DONE}:
                        return
                await asyncio.sleep(0.02)


@asynccontextmanager
async def living(tg: FakeTelegram, core: Core, rates: str = "off", **ways: Any) -> AsyncIterator[House]:
    """Start a bot on a real store that answers, delivers and polls."""
    real = drawing(fetching(core.store))
    holder: list[House] = []
    tasks: list[asyncio.Task[None]] = []

    async def draw(picture: Picture) -> Rendered:
        await holder[0].gate.wait()
        holder[0].drawn.append(picture)
        return await real(picture)

    async def reserve(wanted: tuple[Rate, ...]) -> float:
        holder[0].reserved.append(wanted)
        return holder[0].free

    def wake(unit: Unit) -> None:
        lanes = {delivery.lane for delivery in unit.deliveries}
        tasks.extend(asyncio.create_task(drain(posts[0], each)) for each in lanes)

    async def allowed(account: str) -> int:
        await holder[0].door.wait()
        return 0

    app = replace(core.app, wake=wake, allowed=allowed)
    posts: list[Post] = []
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(open_telegram(tg.token, tg.url, rates))
        telegram = await stack.enter_async_context(answering(opened, app, draw, reserve, **ways))
        posts.append(Post(core.store, {"telegram": face(telegram)}, draw, reserve, app.clock))
        house = House(tg, core, telegram, app, posts[0])
        house.gate.set()
        house.door.set()
        holder.append(house)
        polling = asyncio.create_task(poll(telegram, app, "here"))
        try:
            yield house
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError):
                await polling
            await asyncio.gather(*tasks)


@pytest.fixture
def ada(tg: FakeTelegram) -> Person:
    """Let somebody have an account."""
    return tg.person()


@pytest.fixture
def kept(tg: FakeTelegram) -> Chat:
    """Keep a private channel for pictures."""
    return tg.channel("Pictures")


def ids(results: list[dict[str, Any]]) -> list[str]:
    """Name results."""
    return [result["id"] for result in results]


# --- the picture comes after the choice ---------------------------------------------------------------------


async def test_a_chosen_text_becomes_its_picture(tg: FakeTelegram, core: Core, ada: Person) -> None:
    """By a file id, since an inline message takes no upload; what was sent for it is gone again."""
    chat = tg.private(ada, started=True)
    async with living(tg, core) as house:
        results = await house.results(ada, LINK)
        assert {result["type"] for result in results} == {"article"}
        message = await house.chosen(ada, LINK, "new.ocean")
        assert LINK in message.text
        assert message.buttons[0][0] == ("Open our chat", "https://t.me/qr_test_bot?start=hello")
        await tg.wait_for("deleteMessage")
    assert (tg.decode(message), message.text, message.caption) == ([LINK], "", LINK)
    assert message.keyboard == []
    assert tg.replies(chat) == []
    assert [call.fields["disable_notification"] for call in tg.calls if call.method == "sendPhoto"] == [
        "true"
    ]
    [code] = await codes_of(core, _actor(ada))
    assert code.text == LINK
    assert tg.refused == []


async def test_where_the_bot_may_not_write_the_message_says_so(
    tg: FakeTelegram, core: Core, ada: Person
) -> None:
    """With a button that opens the chat; the code is kept all the same."""
    tg.private(ada)
    async with living(tg, core) as house:
        message = await house.chosen(ada, "hello", "new.own")
        await tg.until(lambda: "press Start" in message.text)
    assert message.text.startswith("hello\n")
    assert message.buttons == [[("Open our chat", "https://t.me/qr_test_bot?start=hello")]]
    assert [code.text for code in await codes_of(core, _actor(ada))] == ["hello"]


async def test_a_code_that_is_gone_says_so_in_its_message(tg: FakeTelegram, core: Core, ada: Person) -> None:
    """It was deleted between the list and the choice."""
    tg.private(ada, started=True)
    async with living(tg, core) as house:
        made = await said(core, "hello", who=_actor(ada))
        update_id = tg.asks(ada, "")
        asked = house.asked(update_id)
        await tg.until(lambda: asked.answer is not None)
        await said(core, f"/delete {made.code} confirm=yes", who=_actor(ada))
        tg.chooses(ada, update_id, f"code.{made.code}")
        message = asked.placed
        assert message is not None
        await tg.until(lambda: "gone" in message.text)


async def test_a_picture_that_is_there_already_is_a_success(
    tg: FakeTelegram, core: Core, ada: Person
) -> None:
    """An edit whose answer was lost is made again, and changes nothing."""
    tg.private(ada, started=True)
    async with living(tg, core) as house:
        tg.fail("editMessageMedia", cut="after")
        message = await house.chosen(ada, "hello", "new.own")
        await tg.until(lambda: message.photo)
        await house.delivered(ada)
    assert tg.decode(message) == ["hello"]
    assert [call.method for call in tg.calls].count("editMessageMedia") == 2
    assert tg.replies(tg.private(ada)) == []


# --- a chat kept for pictures -------------------------------------------------------------------------------


async def test_pictures_are_sent_to_the_chat_kept_for_them_and_shown_by_id(
    tg: FakeTelegram, core: Core, ada: Person, kept: Chat
) -> None:
    """The next one who asks gets them at once; nothing is drawn or sent twice."""
    async with living(tg, core, cache_chat=str(kept.id)) as house:
        await house.results(ada, "hello")
        await house.remembered(6)
        results = await house.results(tg.person(), "hello")
        assert {result["type"] for result in results} == {"photo"}
        assert all("photo_file_id" in result for result in results)
        message = await house.chosen(ada, "hello", "new.own")
    assert tg.decode(message) == ["hello"]
    assert [len(tg.decode(each)) for each in tg.replies(kept)] == [1] * 6
    assert len(house.drawn) == 6
    assert {rate.key for rates in house.reserved for rate in rates} == set()
    assert tg.refused == []


async def test_what_is_not_ready_is_offered_in_words(
    tg: FakeTelegram, core: Core, ada: Person, kept: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawing is slow: the answer does not wait for it. Chosen, it is sent to the chat kept for pictures."""
    monkeypatch.setattr(answer, "PATIENCE", 0.0)
    async with living(tg, core, cache_chat=str(kept.id)) as house:
        house.gate.clear()
        results = await house.results(ada, "hello")
        assert {result["type"] for result in results} == {"article"}
        message = await house.chosen(ada, "hello", "new.own")
        house.gate.set()
        await tg.until(lambda: message.photo)
    assert tg.decode(message) == ["hello"]
    assert tg.replies(kept)


async def test_the_chat_kept_for_pictures_has_rates_of_its_own(
    tg: FakeTelegram, core: Core, ada: Person, kept: Chat
) -> None:
    """While it has to wait nothing is sent there, and answers, which count against nothing, are in words."""
    limits = "chat=1/s,group=20/m,all=30/s"
    async with living(tg, core, limits, cache_chat=str(kept.id)) as house:
        house.free = 3.0
        results = await house.results(ada, "hello")
        assert {result["type"] for result in results} == {"article"}
        assert len(house.reserved) == 1
        keys = {rate.key for rate in house.reserved[0]}
        name = "telegram:qr_test_bot"
        assert keys == {f"{name}:chat:{kept.id}", f"{name}:group:{kept.id}", f"{name}:all"}
        chosen: Address = {"inline": "x", "chat": ada.id, "user": ada.id, "private": 1}
        assert sending_rates(house.telegram, chosen, Reply()) == house.reserved[0]
    assert tg.replies(kept) == []


async def test_a_file_that_telegram_has_lost_is_no_obstacle(
    tg: FakeTelegram, core: Core, ada: Person, kept: Chat
) -> None:
    """The answer is given in words, and the picture is sent anew."""
    async with living(tg, core, cache_chat=str(kept.id)) as house:
        await house.results(ada, "hello")
        await house.remembered(6)
        tg.files.clear()
        assert {result["type"] for result in await house.results(ada, "hello")} == {"article"}
        await house.remembered(0)
        await house.results(ada, "hello")
        await house.remembered(6)
        assert {result["type"] for result in await house.results(ada, "hello")} == {"photo"}


async def test_a_chat_that_takes_no_pictures_costs_no_answer(
    tg: FakeTelegram, core: Core, ada: Person, kept: Chat
) -> None:
    """The bot is no admin there (any more): answers come in words, and choices through the private chat."""
    kept.bot = "member"
    tg.private(ada, started=True)
    async with living(tg, core, cache_chat=str(kept.id)) as house:
        assert {result["type"] for result in await house.results(ada, "hello")} == {"article"}
        kept.bot = "kicked"
        message = await house.chosen(ada, "hello", "new.own")
        await tg.until(lambda: message.photo)
        await tg.wait_for("deleteMessage")
    assert tg.decode(message) == ["hello"]


async def test_a_file_id_is_kept_by_a_fingerprint_alone(
    tg: FakeTelegram, core: Core, ada: Person, kept: Chat
) -> None:
    """The row says nothing of the content; queries leave nobody behind."""
    async with living(tg, core, cache_chat=str(kept.id)) as house:
        await house.results(ada, "s3cret-canary")
        await house.remembered(6)
        await house.results(ada, "s3cret-canary")
    held = await rows(core.store)
    assert held.pop("leases") == 1
    assert held == {"marks": 1, "uploaded": 6}


# --- what never goes through inline -------------------------------------------------------------------------


@pytest.mark.parametrize("cache", [False, True])
async def test_secrets_never_go_through_inline(
    tg: FakeTelegram, core: Core, ada: Person, kept: Chat, cache: bool
) -> None:
    """Nothing is drawn, sent or kept; a button leads to the private chat."""
    async with living(tg, core, cache_chat=str(kept.id) if cache else "") as house:
        for query in (SECRET, SECRET[:-2], "wifi Guest s3cret-canary", "otpauth://totp/a?secret=JBSWY3DP"):
            asked = house.asked(tg.asks(ada, query))
            await tg.until(partial(_answered, asked))
            assert asked.answer is not None
            assert asked.answer["button"]["start_parameter"] in ("wifi", "otp")
            assert ids(asked.results or []) == ["hint"]
        tg.chooses(ada, max(tg._queries), "hint")
    answers = [call.fields for call in tg.calls if call.method == "answerInlineQuery"]
    assert "s3cret" not in str(answers)
    assert "JBSWY" not in str(answers)
    assert house.drawn == []
    assert tg.replies(kept) == []
    assert set(await rows(core.store)) <= {"leases", "marks", "seen"}


def test_a_secret_of_no_kind_leads_to_a_chat_that_just_opens() -> None:
    """A link that says "start" would be taken for one that is not complete."""
    for line, parameter in (("/start", KNOCK), ("/wifi", "wifi"), ("/settings", "settings")):
        laid = inline.answer(Reply(buttons=((Button("Open", line),),)), [])
        assert laid["button"].start_parameter == parameter


# --- in time, or not at all ---------------------------------------------------------------------------------


async def test_answers_are_personal_short_lived_and_lead_to_the_settings(
    tg: FakeTelegram, core: Core, ada: Person
) -> None:
    """What one person sees is nobody else's."""
    async with living(tg, core) as house:
        asked = house.asked(tg.asks(ada, "hello"))
        await tg.until(lambda: asked.answer is not None)
    assert asked.answer is not None
    assert (asked.answer["is_personal"], asked.answer["cache_time"]) == (True, 5)
    assert asked.answer["button"] == {"text": "Settings", "start_parameter": "settings"}


async def test_the_history_is_leafed_through_by_offsets(tg: FakeTelegram, core: Core, ada: Person) -> None:
    """An offset that is none of ours begins at the front."""
    for number in range(12):
        core.hands.append(core.hands[-1].replace(second=number))
        await said(core, f"code {number}", who=_actor(ada))
    async with living(tg, core) as house:
        asked = house.asked(tg.asks(ada, ""))
        await tg.until(lambda: asked.answer is not None)
        assert asked.answer is not None
        first, offset = ids(asked.results or []), asked.answer["next_offset"]
        second = ids(await house.results(ada, "", offset))
        assert (len(first), len(second)) == (10, 2)
        assert not set(first) & set(second)
        assert ids(await house.results(ada, "", "no number")) == first


async def test_the_newest_query_of_a_person_ends_the_one_before(
    tg: FakeTelegram, core: Core, ada: Person
) -> None:
    """Only what stands in the field is answered; somebody else's query is not touched."""
    bea = tg.person()
    async with living(tg, core) as house:
        house.door.clear()
        typed = [house.asked(tg.asks(ada, "hello"[:length])) for length in range(1, 6)]
        other = house.asked(tg.asks(bea, "bea"))
        await tg.until(lambda: not tg.updates.fresh())
        house.door.set()
        await tg.until(lambda: typed[-1].answer is not None and other.answer is not None)
    assert [each.answer is not None for each in typed] == [False] * 4 + [True]


async def test_a_query_holds_no_message_up(tg: FakeTelegram, core: Core, ada: Person, kept: Chat) -> None:
    """While drawing stands still updates are confirmed and texts committed."""
    tg.private(ada, started=True)
    async with living(tg, core, cache_chat=str(kept.id)) as house:
        house.gate.clear()
        update_id = tg.asks(ada, "hello")
        text_id = tg.says(ada, tg.private(ada), "a text")
        await tg.until(lambda: tg.updates.confirmed(update_id) and tg.updates.confirmed(text_id))
        assert [code.text for code in await codes_of(core, _actor(ada))] == ["a text"]
        house.gate.set()


async def test_a_query_that_is_over_is_no_error(
    tg: FakeTelegram, core: Core, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram has given it up, or we are too late to try: the next one is answered."""
    monkeypatch.setattr(answer, "LATE", 0.3)
    async with living(tg, core) as house:
        house.door.clear()
        late = house.asked(tg.asks(ada, "late"))
        await tg.until(lambda: not tg.updates.fresh())
        await asyncio.sleep(0.4)
        house.door.set()
        tg.asks(ada, "old")
        tg.later(0)
        await house.results(ada, "new")
        assert late.answer is None
        monkeypatch.setattr(answer, "LATE", 10.0)
        house.door.clear()
        old = house.asked(tg.asks(ada, "old"))
        await tg.until(lambda: not tg.updates.fresh())
        tg.later(31)
        house.door.set()
        await tg.wait_for("answerInlineQuery", 2)
        await house.results(ada, "new")
    assert old.answer is None
    assert "too old" in str([call.result for call in tg.refused])


@pytest.mark.parametrize(
    "query",
    ["😀" * 256, "\u202egnp.exe\u202c", "<b>&amp;</b>", "x" * 256, "مرحبا بالعالم", "/nothing at all", "a"],
)
async def test_odd_texts_are_answered_and_what_was_typed_is_what_scans(
    tg: FakeTelegram, core: Core, ada: Person, query: str
) -> None:
    """Emoji, marks of direction, markup, the limit."""
    tg.private(ada, started=True)
    async with living(tg, core) as house:
        results = await house.results(ada, query)
        assert ("hint" in ids(results)) == (len(query) == 256)
        message = await house.chosen(ada, query, "new.own")
        await tg.until(lambda: message.photo)
    assert tg.decode(message) == [query]
    assert tg.refused == []


async def test_a_sentence_is_a_result_too(tg: FakeTelegram, core: Core, ada: Person) -> None:
    """What cannot be made says why, and choosing it does nothing."""
    async with living(tg, core) as house:
        update_id = tg.asks(ada, "a\u0007b")
        asked = house.asked(update_id)
        await tg.until(lambda: asked.answer is not None)
        [hint] = asked.results or []
        assert (hint["id"], "invisible control character" in hint["title"]) == ("hint", True)
        last = tg.chooses(ada, update_id, "hint")
        await tg.until(lambda: tg.updates.confirmed(last))
    assert set(await rows(core.store)) == {"leases", "marks"}


@pytest.mark.parametrize(
    "body", [{}, {"id": 5}, {"from": "nobody"}, {"from": {"id": 7}}, {"from": {"id": 7}, "query": []}]
)
async def test_a_query_that_cannot_be_read_costs_no_other(
    tg: FakeTelegram, core: Core, ada: Person, body: dict[str, Any]
) -> None:
    """The next one is answered."""
    async with living(tg, core) as house:
        tg.raw({"inline_query": body})
        assert await house.results(ada, "hello")


async def test_fifty_people_typing_are_all_answered(tg: FakeTelegram, core: Core) -> None:
    """Five letters each, one after the other: everybody gets results for what stands in their field."""
    people = [tg.person() for _ in range(50)]
    async with living(tg, core) as house:
        for length in range(1, 6):
            newest = [house.asked(tg.asks(person, "hello"[:length])) for person in people]
            await asyncio.sleep(0)
        await tg.until(lambda: all(asked.answer is not None for asked in newest), 60)
    assert all(ids(asked.results or [])[0] == "new.own" for asked in newest)
    assert tg.refused == []


def test_choices_of_different_people_go_side_by_side() -> None:
    """Each in the lane of who chose; a message's lane is its chat's."""
    chosen = {"chosen_inline_result": {"from": {"id": 7}, "result_id": "a", "query": ""}}
    assert lane({"update_id": 1, **chosen}) == "telegram:7"
    assert lane({"update_id": 1, "message": {"chat": {"id": -5}, "from": {"id": 7}}}) == "telegram:-5"


def _actor(person: Person) -> Actor:
    return Actor("telegram", str(person.id), person.first_name)


def _answered(asked: Asked) -> bool:
    return asked.answer is not None
