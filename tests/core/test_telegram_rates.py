"""Telegram's limits: what counts against them, and that flood control holds up its own place alone."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.telegram.serve import face, open_telegram
from bot.deliveries import IN_A_ROW, drain
from bot.face import Address, Rate
from bot.message import Reply
from bot.qr.payloads import Payload
from bot.qr.picture import Picture
from bot.qr.style import DEFAULT
from bot.rates import redis_holds, redis_rates
from storage.redis_rates import open_redis
from tests.core.redis import free_port
from tests.core.sending import posted
from tests.core.talking import Core, passed
from tests.core.telling import Talk, talk_on
from tests.fakes import FakeTelegram
from tests.fakes.telegram import Chat

LIMITS = "chat=1/s,group=20/m,all=30/s"


@pytest.fixture
async def paced(both: Core, tg: FakeTelegram) -> AsyncIterator[Talk]:
    """A chat of a bot that keeps to Telegram's limits."""
    async with open_telegram(tg.token, tg.url, LIMITS) as opened:
        yield await talk_on(both, tg, opened)


def of(chat: Chat) -> Address:
    """Address a chat in the name of its person."""
    return {"chat": chat.id, "user": chat.person.id if chat.person else 0, "private": int(chat.id > 0)}


async def queued(talk: Talk, chat: Chat, *said: Reply | str, **more: str | int) -> str:
    """Queue replies to a chat, and name their lane."""
    address = json.dumps({**of(chat), **more})
    lane = f"telegram:{chat.id}"
    await posted(talk.core, *said, chat=chat.id, address=address, lane=lane)
    return lane


def texts(talk: Talk, chat: Chat) -> list[str]:
    """Give what the bot said in a chat."""
    return [message.text for message in talk.tg.replies(chat)]


async def test_a_private_answer_counts_against_the_chat_it_goes_to(tg: FakeTelegram) -> None:
    """Not against the group in which it was asked for."""
    async with open_telegram(tg.token, tg.url, LIMITS) as telegram:
        named = face(telegram).rates
    address: Address = {"chat": -100, "user": 7, "private": 0}
    keys = [
        [rate.key.partition(":")[2].partition(":")[2] for rate in named(address, Reply(private=private))]
        for private in (False, True)
    ]
    assert keys == [["chat:-100", "group:-100", "all"], ["chat:7", "all"]]
    assert [rate.common for rate in named(address, Reply())] == [False, False, True]


async def test_every_message_of_a_long_reply_counts(paced: Talk) -> None:
    """Those that follow the picture take their turn like any other; what is answered and shown does not."""
    taken: list[int] = []

    async def reserve(against: tuple[Rate, ...]) -> float:
        taken.append(len(against))
        return 0.0

    picture = Picture(Payload("hello"), DEFAULT)
    lane = await queued(paced, paced.home, Reply(body="x" * 5000, picture=picture))
    await drain(replace(paced.post, reserve=reserve), lane)
    assert (len(paced.calls("sendPhoto", "sendMessage")), taken) == (3, [2, 2, 2])


async def test_another_way_to_say_it_counts_too(paced: Talk) -> None:
    """A message refused was a message sent, as far as limits go."""
    taken: list[int] = []

    async def reserve(against: tuple[Rate, ...]) -> float:
        taken.append(len(against))
        return 0.0

    forum = paced.tg.group(members=[paced.ada], threads=[7])
    lane = await queued(paced, forum, "hello", thread=8)
    await drain(replace(paced.post, reserve=reserve), lane)
    assert (texts(paced, forum), taken) == (["hello"], [3, 3])


async def test_flood_control_holds_up_its_chat_and_no_other(paced: Talk) -> None:
    """For as long as Telegram said, whatever lane would write there; others go on at once."""
    group, bea = paced.tg.group(members=[paced.ada]), paced.tg.private(paced.tg.person(), started=True)
    paced.tg.fail("sendMessage", status=429, retry_after=3, chat_id=paced.home.id)
    aside = await queued(paced, group, Reply(body="s3cret", private=True), "for all", user=paced.ada.id)
    home, other = await queued(paced, paced.home, "hello"), await queued(paced, bea, "hi")
    for lane in (aside, home, other):
        await drain(paced.post, lane)
    assert (texts(paced, paced.home), texts(paced, group), texts(paced, bea)) == ([], [], ["hi"])
    assert len(paced.calls("sendMessage")) == 2
    passed(paced.core, seconds=2.9)
    for lane in (aside, home):
        await drain(paced.post, lane)
    assert len(paced.calls("sendMessage")) == 2
    for _ in range(3):
        passed(paced.core, seconds=1.1)
        for lane in (aside, home):
            await drain(paced.post, lane)
    assert (sorted(texts(paced, paced.home)), texts(paced, group)) == (["hello", "s3cret"], ["for all"])


async def test_places_held_up_one_after_the_other_mean_the_whole_bot(paced: Talk) -> None:
    """Nothing goes anywhere then; one that went in between says that it is only them."""
    chats = [paced.tg.private(paced.tg.person(), started=True) for _ in range(2 * IN_A_ROW)]
    for chat in chats[:IN_A_ROW]:
        paced.tg.fail("sendMessage", status=429, retry_after=20, chat_id=chat.id)
    lanes = [await queued(paced, chat, "hello") for chat in chats]
    order = [*range(IN_A_ROW - 1), IN_A_ROW, IN_A_ROW - 1]
    for index in order:
        await drain(paced.post, lanes[index])
    assert texts(paced, chats[IN_A_ROW]) == ["hello"]
    await drain(paced.post, lanes[IN_A_ROW + 1])
    assert texts(paced, chats[IN_A_ROW + 1]) == ["hello"]
    passed(paced.core, seconds=21)
    for index, chat in enumerate(chats[:IN_A_ROW]):
        paced.tg.fail("sendMessage", status=429, retry_after=20, chat_id=chat.id)
        await drain(paced.post, lanes[index])
    await drain(paced.post, lanes[-1])
    assert texts(paced, chats[-1]) == []
    passed(paced.core, seconds=21)
    await drain(paced.post, lanes[-1])
    assert texts(paced, chats[-1]) == ["hello"]


# --- holding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("burst", [1, 6])
async def test_a_rate_that_is_held_up_is_free_when_it_was_said(paced: Talk, burst: int) -> None:
    """However much may run ahead; a shorter hold does not end a longer one."""
    rate, post = Rate("x", 1, burst), paced.post
    await post.hold((rate,), 5)
    await post.hold((rate,), 2)
    assert await post.reserve((rate,)) == pytest.approx(5)
    passed(paced.core, seconds=4.9)
    assert await post.reserve((rate,)) == pytest.approx(0.1)
    passed(paced.core, seconds=0.1)
    assert await post.reserve((rate,)) == 0.0


async def test_redis_holds_up_too_and_the_rows_while_it_is_away(
    core: Core, redis_url: str, tg: FakeTelegram
) -> None:
    """Whichever counts next knows of it."""
    held: list[float] = []

    async def rows(against: tuple[Rate, ...], seconds: float) -> None:
        held.append(seconds)

    async def never(against: tuple[Rate, ...]) -> float:
        raise AssertionError("counted in the rows")

    async with open_redis(redis_url) as client:
        rate = Rate("held up", 1, 3)
        await redis_holds(client, rows)((rate,), 30)
        await redis_holds(client, rows)((rate,), 10)
        assert 25 < await redis_rates(client, never)((rate,)) <= 30
        await redis_holds(client, rows)((), 10)
    async with open_redis(f"redis://127.0.0.1:{free_port()}/0") as gone:
        await redis_holds(gone, rows)((rate,), 5)
    assert held == [30, 10, 10, 5]
