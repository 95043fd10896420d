"""Inline mode and the whole process: pictures by address, and choices that outlive a kill."""

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from tests.fakes import FakeTelegram
from tests.fakes.outside import decode, opened
from tests.fakes.telegram import Message, Person
from tests.fakes.telegram.things import Asked
from tests.processes.running import Running, ready, running, start
from tests.processes.test_telegram import settings

PUBLIC = "https://qr.example"
CHOICES, KILLS = 12, 2


async def answered(tg: FakeTelegram, person: Person, query: str) -> tuple[int, Asked]:
    """Type a query and wait for its answer."""
    update_id = tg.asks(person, query)
    asked = tg.query(update_id)
    assert isinstance(asked, Asked)
    await tg.until(lambda: asked.answer is not None, 60, f"an answer to {query!r}")
    return update_id, asked


async def test_pictures_are_fetched_from_their_signed_addresses(tg: FakeTelegram, tmp_path: Path) -> None:
    """JPEG, proven, with a small one for the list; the address holds nothing of what was typed."""
    ada = tg.person()
    async with running(tmp_path, **settings(tg), PUBLIC_URL=PUBLIC) as bot:
        tg.public[PUBLIC] = bot.url
        update_id, asked = await answered(tg, ada, "hello there")
        results = asked.results or []
        assert {result["type"] for result in results} == {"photo"}
        assert [decode(asked.fetched[result["id"]].data) for result in results] == [["hello there"]] * 6
        await _check_addresses(bot, results)
        assert tg.chooses(ada, update_id, "new.ocean")
        assert asked.placed is not None
        assert tg.decode(asked.placed) == ["hello there"]
        await tg.until(lambda: not tg.updates.fresh())
        _, mine = await answered(tg, ada, "")
        [result] = mine.results or []
        assert decode(mine.fetched[result["id"]].data) == ["hello there"]
        _, secret = await answered(tg, ada, "WIFI:T:WPA;S:Guest;P:s3cret-canary;;")
        assert [each["id"] for each in secret.results or []] == ["hint"]
    assert _values(tmp_path, "SELECT count(*) FROM codes") == [1]
    assert tg.refused == []
    assert "s3cret" not in bot.log.read_text()


async def _check_addresses(bot: Running, results: list[dict[str, Any]]) -> None:
    """Fetch as Telegram does what the results name, and what somebody might make of it."""
    first = results[0]
    assert "hello" not in str([result["photo_url"] for result in results])
    assert len({result["photo_url"] for result in results}) == len(results)
    async with aiohttp.ClientSession() as http:
        full = await _picture(http, bot, first["photo_url"])
        small = await _picture(http, bot, first["thumbnail_url"])
        assert full.size == (first["photo_width"], first["photo_height"])
        assert small.size == (320, 320)
        forged = first["photo_url"].replace(".0-", ".1-").replace(PUBLIC, bot.url)
        async with http.get(forged) as answer:
            assert answer.status == 404


async def _picture(http: aiohttp.ClientSession, bot: Running, address: str) -> Image.Image:
    async with http.get(address.replace(PUBLIC, bot.url)) as answer:
        data = await answer.read()
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert len(data) <= 5_000_000
        assert decode(data) == ["hello there"]
    image = opened(data)
    assert image is not None
    return image


async def test_choices_outlive_kills(tg: FakeTelegram, tmp_path: Path) -> None:
    """Each becomes its picture and one code, however often the process dies in between."""
    people = [tg.person(first_name=f"P{number}") for number in range(CHOICES)]
    for person in people:
        tg.private(person, started=True)
    rng = random.Random(20261128)
    bot = await _started(tg, tmp_path)
    messages: list[Message] = []
    for number, person in enumerate(people):
        update_id, asked = await answered(tg, person, f"choice {number}")
        tg.chooses(person, update_id, "new.own")
        assert asked.placed is not None
        messages.append(asked.placed)
        if number % (CHOICES // KILLS) == CHOICES // KILLS - 1:
            await asyncio.sleep(rng.uniform(0, 0.3))
            await bot.kill()
            bot = await _started(tg, tmp_path)
    try:
        await tg.until(lambda: all(message.photo for message in messages), 120)
        await tg.until(lambda: not tg.updates.fresh(), 60)
        async with asyncio.timeout(60):
            while _values(tmp_path, "SELECT count(*) FROM deliveries WHERE state <> 'done'") != [0]:
                await asyncio.sleep(0.1)
    finally:
        assert await bot.stop() == 0
    assert [tg.decode(message) for message in messages] == [[f"choice {n}"] for n in range(CHOICES)]
    assert _values(tmp_path, "SELECT count(*) FROM codes") == [CHOICES]
    assert _values(tmp_path, "SELECT count(*) FROM deliveries WHERE state <> 'done'") == [0]


async def _started(tg: FakeTelegram, folder: Path) -> Running:
    bot = await start(folder, **settings(tg))
    await ready(bot)
    return bot


def _values(folder: Path, question: str) -> list[int]:
    with closing(sqlite3.connect(folder / "data" / "qr-gen.db")) as database:
        return [row[0] for row in database.execute(question)]
