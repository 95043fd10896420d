"""A process of which a part fails under it: it says so everywhere, keeps its word, and goes on by itself."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiohttp
import asyncpg

from bot.outage import REDIS_AWAY
from storage.faults import Fault
from tests.core.redis import redis_at
from tests.fakes import FakeTelegram
from tests.processes.running import PATIENCE, Running, finished, free_port, ready, running, start
from tests.processes.test_postgresql import database

__all__ = ["database"]

MOVED = Fault.MOVED.told
KEY = "A" * 43 + "="
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


async def asked(bot: Running, path: str) -> tuple[int, str, str]:
    """Get something: status, what it says, and when to come again."""
    async with aiohttp.ClientSession() as http, http.get(f"{bot.url}{path}") as answer:
        return answer.status, await answer.text(), answer.headers.get("Retry-After", "")


async def said(bot: Running, text: str) -> tuple[int, str]:
    """Say something in the web chat: status, and when to come again."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{bot.url}/chat/say", json={"text": text}) as answer,
    ):
        return answer.status, answer.headers.get("Retry-After", "")


async def until(bot: Running, path: str, met: Callable[[int, str], bool]) -> str:
    """Get something again and again until it is as it should be: what it says."""
    async with asyncio.timeout(PATIENCE):
        while True:
            status, text, _ = await asked(bot, path)
            if met(status, text):
                return text
            await asyncio.sleep(0.05)


async def test_a_file_that_is_moved_away_takes_nothing_until_it_is_back(
    tg: FakeTelegram, tmp_path: Path
) -> None:
    """Readiness, metrics, doctor and log name it; what was said meanwhile is answered afterwards."""
    ada = tg.person()
    chat = tg.private(ada, started=True)
    given = {"TELEGRAM_BOT_TOKEN": tg.token, "TELEGRAM_API_URL": tg.url, "TELEGRAM_RATES": "off"}
    data, aside = tmp_path / "data", tmp_path / "aside"
    aside.mkdir()
    async with running(tmp_path, **given) as bot:
        assert (await said(bot, "/text one"))[0] == 200
        names = ("qr-gen.db", "qr-gen.db-wal", "qr-gen.db-shm")
        for name in names:
            (data / name).rename(aside / name)
        assert await said(bot, "/text two") == (503, "5")
        tg.says(ada, chat, "three")
        status, why, _ = await asked(bot, "/readyz")
        assert (status, MOVED in why) == (503, True)
        assert 'qr_gen_ready{part="database"} 0.0' in (await asked(bot, "/metrics"))[1]
        code, out, _ = await finished(tmp_path, "doctor", **given)
        assert (code, f"!!  {MOVED[4].upper()}{MOVED[5:]}" in out) == (1, True)
        for name in names:
            (aside / name).rename(data / name)
        await ready(bot)
        assert (await said(bot, "/text two"))[0] == 200
        await tg.wait_for("sendPhoto", timeout=PATIENCE)
        assert tg.decode(tg.replies(chat)[0]) == ["three"]
    log = bot.log.read_text()
    assert log.count("the database fails ") == log.count("the database takes what it is told again") == 1
    assert "Traceback" not in log


async def test_a_start_on_a_server_that_is_only_read_from_ends_so_that_it_is_tried_again(
    database: str, tmp_path: Path
) -> None:
    """In one line; as long as it runs already it waits."""
    settings = {"DATABASE_URL": database, "SECRET_KEY": KEY}
    name = database.rpartition("/")[2].partition("?")[0]
    admin = await asyncpg.connect(database)
    try:
        async with running(tmp_path, **settings) as bot:
            await admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            await admin.execute(OTHERS)
            assert (await said(bot, "/text one"))[0] == 503
            status, why, _ = await asked(bot, "/readyz")
            assert (status, "The database can only be read." in why) == (503, True)
            code, out, _ = await finished(tmp_path, "doctor", **settings)
            assert (code, "!!  Database can only be read." in out) == (1, True)
            second = await start(tmp_path, **settings | {"PORT": "0"})
            assert await second.process.wait() == 75
            await admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            await admin.execute(OTHERS)
            await ready(bot)
            assert (await said(bot, "/text one"))[0] == 200
        assert "qr-gen: DATABASE_URL names a database that can only be read." in bot.log.read_text()
        assert "Traceback" not in bot.log.read_text()
    finally:
        await admin.close()


async def test_redis_away_is_told_everywhere_and_costs_nothing(tmp_path: Path) -> None:
    """By one that nobody talks to, too: it is ready all the same, and says so again when Redis is back."""
    port = free_port()
    settings = {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}

    def away(status: int, text: str) -> bool:
        return status == 200 and REDIS_AWAY in text

    def back(status: int, text: str) -> bool:
        return status == 200 and '"redis":"ok"' in text

    async with running(tmp_path, **settings) as bot:
        for _ in range(2):
            await until(bot, "/readyz", away)
            assert 'qr_gen_ready{part="redis"} 0.0' in (await asked(bot, "/metrics"))[1]
            code, out, _ = await finished(tmp_path, "doctor", **settings)
            assert (code, f"!!  Redis {REDIS_AWAY}" in out) == (1, True)
            assert (await said(bot, "/text one"))[0] == 200
            with redis_at(port, tmp_path):
                await until(bot, "/readyz", back)
                assert 'qr_gen_ready{part="redis"} 1.0' in (await asked(bot, "/metrics"))[1]
        await until(bot, "/readyz", away)
    log = bot.log.read_text()
    assert log.count("redis does not answer; limits go on without it") == 3
    assert log.count("redis answers again") == 2
    assert "Traceback" not in log
