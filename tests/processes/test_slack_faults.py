"""Slack at its worst: processes killed while people type, and a Web API that fails; nothing is lost."""

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.fakes import FakeSlack
from tests.fakes.slack import Message, Person
from tests.full import FULL, only_full
from tests.processes.running import Running, finished, free_port, ready, start
from tests.processes.test_slack import settings
from tests.processes.test_telegram_faults import database

__all__ = ["database"]

MANY = 1_000 if FULL else 60
FAULTY = 300 if FULL else 30
SENDS = ("chat.postMessage", "files.getUploadURLExternal", "files.completeUploadExternal", "response_url")


def given(slack: FakeSlack, database: str, *, socket: bool = False) -> dict[str, str]:
    """Point a process at the fake, and at a database."""
    fixed = settings(slack, socket=socket) | {"PORT": str(free_port())}
    if database:
        fixed |= {"DATABASE_URL": database, "SECRET_KEY": base64.b64encode(bytes(range(32))).decode()}
    return fixed


async def begun(slack: FakeSlack, folder: Path, fixed: dict[str, str]) -> Running:
    """Start a process, and wait until Slack can post to it."""
    bot = await start(folder, **fixed)
    await ready(bot)
    if "SLACK_APP_TOKEN" not in fixed:
        slack.events_url = f"{bot.url}/slack/events"
    else:
        await slack.until(lambda: len(slack.sockets) == 2, 30)
    return bot


@asynccontextmanager
async def working(
    slack: FakeSlack, folder: Path, database: str, *, socket: bool
) -> AsyncIterator[list[Running]]:
    """Run one process; whoever kills it puts another into its place."""
    fixed = given(slack, database, socket=socket)
    assert (await finished(folder, "migrate", **fixed))[0] == 0
    running = [await begun(slack, folder, fixed)]
    try:
        yield running
    finally:
        assert await running[-1].stop() == 0


def shown(slack: FakeSlack, people: list[Person]) -> Counter[str]:
    """Count the pictures that came, by what they say."""
    return Counter(
        text
        for person in people
        for message in slack.visible(slack.dm(person), person)
        if _shows(message)
        for text in message.decode()
    )


@pytest.mark.parametrize("socket", [False, pytest.param(True, marks=only_full)], ids=["http", "socket"])
async def test_what_was_acknowledged_before_a_kill_is_answered_after_it(
    slack: FakeSlack, tmp_path: Path, database: str, socket: bool
) -> None:
    """Killed while people type at once: some are told that it did not work, all others get their picture."""
    people = [slack.person(f"p{number}") for number in range(MANY)]
    async with working(slack, tmp_path, database, socket=socket) as bots:
        posts = [
            asyncio.create_task(slack.command(person, slack.dm(person), f"note {number}"))
            for number, person in enumerate(people)
        ]
        while sum(post.done() for post in posts) < MANY // 4:
            await asyncio.wait(
                {post for post in posts if not post.done()}, return_when=asyncio.FIRST_COMPLETED
            )
        await bots[-1].kill()
        bots.append(await begun(slack, tmp_path, given(slack, database, socket=socket)))
        done = await asyncio.gather(*posts)
        kept = [person for person, each in zip(people, done, strict=True) if each.status == 200]
        assert len(kept) >= MANY // 4
        await slack.until(lambda: all(map(partial(_pictured, slack), kept)), 60)
    wanted = {f"note {people.index(person)}" for person in kept}
    assert wanted <= set(shown(slack, people))


def _pictured(slack: FakeSlack, person: Person) -> bool:
    return any(map(_shows, slack.visible(slack.dm(person), person)))


def _shows(message: Message) -> bool:
    return bool(message.files or message.pictures)


@only_full
async def test_of_all_that_goes_wrong_on_the_way_out_no_reply_is_missing(
    slack: FakeSlack, tmp_path: Path, database: str
) -> None:
    """5 % 502, 5 % 429, 2 % cut before and 2 % after: each answered, twice at most where cut after."""
    people = [slack.person(f"p{number}") for number in range(FAULTY)]
    slack.faults(20261129, p502=0.05, p429=0.05, cut_before=0.02, cut_after=0.02, methods=SENDS)
    wanted = {f"note {number}" for number in range(FAULTY)}
    async with working(slack, tmp_path, database, socket=False):
        for number, person in enumerate(people):
            assert (await slack.command(person, slack.dm(person), f"note {number}")).status == 200
        await slack.until(lambda: all(map(partial(_pictured, slack), people)), 120)
        await slack.until(lambda: all(call.answered is not None for call in slack.calls), 30)
    faults = [call.fault for call in slack.calls if call.fault is not None]
    assert len(faults) > FAULTY * 0.1
    counts = shown(slack, people)
    assert set(counts) == wanted
    assert sum(counts.values()) - FAULTY <= sum(fault.cut == "after" for fault in faults)
    assert slack.refused == []
