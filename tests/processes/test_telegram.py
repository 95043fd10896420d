"""Telegram and the whole process: polled, killed, poisoned; nothing acknowledged is lost."""

import asyncio
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.fakes import FakeTelegram
from tests.fakes.telegram import Chat, Person
from tests.full import FULL
from tests.processes.running import Running, finished, ready, running, start

KILLS = 20 if FULL else 3
UPDATES = 1_000 if FULL else 100
DONE = "SELECT count(*) FROM deliveries WHERE state = 'done'"


def settings(tg: FakeTelegram) -> dict[str, str]:
    """Point a process at the fake, without the limits that keep sends apart."""
    return {
        "TELEGRAM_BOT_TOKEN": tg.token,
        "TELEGRAM_API_URL": tg.url,
        "TELEGRAM_RATES": "off",
        "RATE_LIMIT": "off",
    }


async def test_a_text_becomes_a_code_that_scans_and_a_press_another_format(
    tg: FakeTelegram, tmp_path: Path
) -> None:
    """From an update to a picture and back, in a process with only the token set."""
    ada = tg.person()
    chat = tg.private(ada, started=True)
    async with running(tmp_path, **settings(tg)):
        tg.says(ada, chat, "https://example.com/Menu?a=1&b=2")
        await tg.wait_for("sendPhoto")
        [photo] = tg.replies(chat)
        assert tg.decode(photo) == ["https://example.com/Menu?a=1&b=2"]
        tg.presses(ada, photo, "File")
        await tg.wait_for("editMessageMedia")
        tg.presses(ada, photo, "SVG")
        await tg.wait_for("sendDocument")
        document = tg.replies(chat)[-1]
        assert tg.decode(document) == ["https://example.com/Menu?a=1&b=2"]


async def test_the_menu_follows_what_is_switched_off(tg: FakeTelegram, tmp_path: Path) -> None:
    """Whoever switched it, in whatever process; doctor finds it as it should be."""
    home = tg.private(tg.person(), started=True)
    given = settings(tg)

    async def switched(line: str) -> None:
        code, _, _ = await finished(tmp_path, "repl", stdin=f"switch {line}\n", **given)
        assert code == 0

    async with running(tmp_path, **given):
        await tg.until(lambda: "wifi" in tg.menu(home) and "wifi" in tg.menu(home, "de"), 30)
        await switched("wifi off")
        await tg.until(lambda: not {"wifi"} & {*tg.menu(home), *tg.menu(home, "de")}, 30)
        assert "read" in tg.menu(home)
        _, told, _ = await finished(tmp_path, "doctor", **given)
        assert "OK  Commands are set" in told
        await switched("wifi on")
        await tg.until(lambda: "wifi" in tg.menu(home) and "wifi" in tg.menu(home, "de"), 30)
    assert [call for call in tg.refused if call.method != "getUpdates"] == []


async def test_one_update_that_cannot_be_read_costs_no_other(tg: FakeTelegram, tmp_path: Path) -> None:
    """Nineteen of twenty are answered; the odd one is confirmed and kept."""
    people = [tg.person(first_name=f"P{number}") for number in range(19)]
    chats = [tg.private(person, started=True) for person in people]
    for number, (person, chat) in enumerate(zip(people, chats, strict=True)):
        if number == 7:
            tg.raw({"message": {"message_id": "none", "chat": 5, "from": [], "date": "yesterday"}})
        tg.says(person, chat, f"text {number}")
    async with running(tmp_path, **settings(tg)) as bot:
        await tg.wait_for("sendPhoto", 19, timeout=60)
        assert [tg.decode(tg.replies(chat)[0]) for chat in chats] == [[f"{n}"] for n in range(19)]
        assert "dead letter" in bot.log.read_text()


async def test_killed_again_and_again_it_loses_nothing(tg: FakeTelegram, tmp_path: Path) -> None:
    """An effect for each update, and no more extra answers than sends in flight at the kills."""
    people = [tg.person(first_name=f"P{number}") for number in range(30)]
    chats = {person.id: tg.private(person, started=True) for person in people}
    rng = random.Random(20261123)
    saying = asyncio.create_task(_say(tg, people, chats, rng))
    bot, in_flight = await _started(tg, tmp_path), 0
    for _ in range(KILLS):
        await asyncio.sleep(rng.uniform(0.2, 1.2))
        await bot.kill()
        calls, recorded = len(tg.calls), _count(tmp_path, DONE)
        bot = await _started(tg, tmp_path)
        in_flight = sent_before_the_next(tg, calls) - recorded
    await saying
    try:
        await tg.until(lambda: _taken(tg, chats) >= UPDATES + in_flight, 120)
        await tg.until(lambda: not tg.updates.fresh(), 60)
    finally:
        assert await bot.stop() == 0
    told = _answered(tg, chats)
    assert set(told) == {f"update {number}" for number in range(UPDATES)}
    assert sum(told.values()) - UPDATES <= in_flight
    assert _count(tmp_path, "SELECT count(*) FROM codes") == UPDATES
    assert _count(tmp_path, "SELECT count(*) FROM deliveries WHERE state <> 'done'") == 0


async def _say(tg: FakeTelegram, people: list[Person], chats: dict[int, Chat], rng: random.Random) -> None:
    for number in range(UPDATES):
        person = people[number % len(people)]
        tg.says(person, chats[person.id], f"update {number}")
        await asyncio.sleep(rng.uniform(0, 0.03))


async def _started(tg: FakeTelegram, folder: Path) -> Running:
    bot = await start(folder, **settings(tg))
    await ready(bot)
    return bot


def _answered(tg: FakeTelegram, chats: dict[int, Chat]) -> Counter[str]:
    return Counter(text for chat in chats.values() for reply in tg.replies(chat) for text in tg.decode(reply))


def _taken(tg: FakeTelegram, chats: dict[int, Chat]) -> int:
    return sum(len(tg.replies(chat)) for chat in chats.values())


def _count(folder: Path, question: str) -> int:
    with closing(sqlite3.connect(folder / "data" / "qr-gen.db")) as database:
        counted: int = database.execute(question).fetchone()[0]
        return counted


def sent_before_the_next(tg: FakeTelegram, calls: int) -> int:
    """Count what was sent before the next process asked who it is: also what was on its way at the kill."""
    next_one = next(at for at, call in enumerate(tg.calls) if at >= calls and call.method == "getMe")
    return sum(call.method.startswith("send") and call.answered == 200 for call in tg.calls[:next_one])
