"""Several processes on one PostgreSQL: two that answer HTTP, two that work, and nothing more configured."""

import asyncio
import base64
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from sqlalchemy.engine import make_url

from tests.fakes import FakeSlack, FakeTelegram
from tests.fakes.slack import Channel, Person
from tests.full import FULL, only_full
from tests.processes.running import Running, finished, free_port, ready, start

MANY = 60 if FULL else 40


@dataclass(frozen=True)
class Cluster:
    """What runs, and the platforms it talks to."""

    web: tuple[Running, Running]
    workers: list[Running]
    tg: FakeTelegram
    slack: FakeSlack
    folder: Path
    settings: dict[str, str]


@pytest.fixture
async def database(postgres: str) -> AsyncIterator[str]:
    """An empty database on a real server: its address as a platform gives it."""
    name = f"cluster_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(postgres)
    await admin.execute(f"CREATE DATABASE {name}")
    yield make_url(postgres).set(database=name).render_as_string(hide_password=False)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def cluster(database: str, tmp_path: Path) -> AsyncIterator[Cluster]:
    """Migrate once, then start them all at the same moment."""
    async with AsyncExitStack() as stack:
        tg = await stack.enter_async_context(FakeTelegram())
        slack = await stack.enter_async_context(FakeSlack())
        settings = {
            "DATABASE_URL": database,
            "SECRET_KEY": base64.b64encode(bytes(range(32))).decode(),
            "TELEGRAM_BOT_TOKEN": tg.token,
            "TELEGRAM_API_URL": tg.url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "SLACK_RATES": "off",
            "TELEGRAM_RATES": "chat=20/s,all=300/s",
            "RATE_LIMIT": "off",
        }
        assert (await finished(tmp_path, "migrate", **settings))[0] == 0
        web = [await start(tmp_path, "web", **settings, PORT=str(free_port())) for _ in range(2)]
        workers = [await _worker(tmp_path, settings) for _ in range(2)]
        for each in (*web, *workers):
            await ready(each)
        yield Cluster((web[0], web[1]), workers, tg, slack, tmp_path, settings)
        for each in (*web, *workers):
            if each.process.returncode is None:
                assert await each.stop() == 0, each.log.read_text()


async def _worker(folder: Path, settings: dict[str, str]) -> Running:
    """Start one that says at a port of its own how it is, and what it counted."""
    port = str(free_port())
    return await start(folder, "worker", **settings, PORT=port, METRICS_PORT=port)


async def test_commands_go_to_any_process_and_come_back_once(cluster: Cluster) -> None:
    """Posted to both by turns, sent by both: every command has one answer, and pictures scan."""
    slack = cluster.slack
    people = [slack.person(f"p{number}") for number in range(MANY)]
    general = slack.channel("general", *people)
    for number, (person, web) in enumerate(zip(people, cycle(cluster.web), strict=False)):
        slack.events_url = f"{web.url}/slack/events"
        assert (await slack.command(person, general, f"note {number}")).status == 200
    for number, person in enumerate(people):
        direct = slack.dm(person)
        await slack.until(partial(_one, slack, direct, person), 60)
        assert slack.visible(direct, person)[0].decode() == [f"note {number}"]
        assert len(slack.visible(direct, person)) == 1
    assert slack.refused == []
    sent = partial(_counted, cluster.workers, 'qr_gen_deliveries_total{face="slack",result="sent"}')
    async with asyncio.timeout(60):
        while await sent() < MANY:  # what was sent is marked, and then counted, a moment later
            await asyncio.sleep(0.05)
    assert await sent() == MANY
    assert await _counted(cluster.web, 'qr_gen_commands_total{command="qr",face="slack",status="ok"}') == MANY


async def _counted(processes: Sequence[Running], series: str) -> float:
    """Add up what each process has counted by itself."""
    async with aiohttp.ClientSession() as http:
        answers = [await http.get(f"{each.url}/metrics") for each in processes]
        lines = [line for answer in answers for line in (await answer.text()).splitlines()]
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(series))


def _one(slack: FakeSlack, channel: Channel, person: Person) -> bool:
    return len(slack.visible(channel, person)) >= 1


@pytest.mark.parametrize("killed", [False, pytest.param(True, marks=only_full)])
async def test_one_polls_at_a_time_and_another_takes_over(cluster: Cluster, killed: bool) -> None:
    """The worker that polls ends in the middle, or is killed, and its lease of fifteen seconds runs out.

    Nothing is lost, and nothing is polled twice at once.
    """
    tg = cluster.tg
    people = [tg.person(first_name=f"P{number}") for number in range(MANY)]
    chats = {person.id: tg.private(person, started=True) for person in people}
    await tg.wait_for("getUpdates", arrived=True, timeout=30)
    for number, person in enumerate(people):
        tg.says(person, chats[person.id], f"note {number}")
        if number == MANY // 2:
            await tg.wait_for("sendPhoto", 5, timeout=60)
            await _end_one(cluster, killed)
    await tg.until(lambda: all(tg.replies(chat) for chat in chats.values()), 120)
    told = Counter(text for chat in chats.values() for reply in tg.replies(chat) for text in tg.decode(reply))
    assert set(told) == {f"note {number}" for number in range(MANY)}
    assert [call.method for call in tg.refused if call.method == "getUpdates"] == []


async def _end_one(cluster: Cluster, killed: bool) -> None:
    """End a worker, whichever it is, and start another in its place."""
    worker = cluster.workers.pop(0)
    await (worker.kill() if killed else worker.stop())
    cluster.workers.append(await _worker(cluster.folder, cluster.settings))


async def test_without_a_key_or_a_server_it_says_so_and_ends(database: str, tmp_path: Path) -> None:
    """One line, exit code 2, and never the address."""
    code, _, said = await finished(tmp_path, "worker", DATABASE_URL=database)
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith("qr-gen: SECRET_KEY is required on PostgreSQL")
    gone = "postgresql://ada:hunter2@127.0.0.1:1/none"
    key = base64.b64encode(bytes(32)).decode()
    code, _, said = await finished(tmp_path, "web", DATABASE_URL=gone, SECRET_KEY=key, PORT="0")
    assert (code, said.count("\n")) == (75, 1)  # not 2: systemd starts it again
    assert said.startswith("qr-gen: DATABASE_URL names a database that does not answer. Start it")
    assert "hunter2" not in said
