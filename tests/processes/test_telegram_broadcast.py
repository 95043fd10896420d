"""A message to everybody while the bot is killed: everybody gets it, and who spoke meanwhile their answer."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import replace
from pathlib import Path

from storage.changes import AddCode, AddPerson, Change
from storage.encryption import KeyRing
from storage.migrate import migrate
from storage.records import Identity
from storage.store import open_store
from storage.url import database_url
from tests.fakes import FakeTelegram
from tests.fakes.telegram import Chat, Person
from tests.processes.running import finished, ready, start
from tests.processes.test_telegram_faults import database
from tests.storage.test_store import add, code, person

__all__ = ["database"]

PEOPLE = 700  # more than are laid out at once
KEY = bytes(range(32))
TOLD = "We move tonight."
IN_FLIGHT = 4 + 2  # messages that a process sends at once to many, and a few answers


async def peopled(tg: FakeTelegram, url: str) -> list[tuple[Person, Chat]]:
    """Let so many people have spoken with the bot before."""
    await migrate(database_url(url))
    people = [tg.person(first_name=f"P{number}") for number in range(PEOPLE)]
    chats = [(each, tg.private(each, started=True)) for each in people]
    changes = list[Change]()
    for number, (_, chat) in enumerate(chats):
        id = f"P{number:09}"
        one = replace(person(id), identities=(Identity("telegram", str(chat.id), id),))
        changes += [AddPerson(one), AddCode(code(number, id, space=f"telegram:{chat.id}"))]
    async with open_store(database_url(url), KeyRing((KEY,))) as store:
        await add(store, *changes)
    return chats


async def test_a_bot_that_is_killed_goes_on_where_it_was(
    tg: FakeTelegram, tmp_path: Path, database: str
) -> None:
    """Nobody is left out; told twice are those at the most whose message was under way."""
    url = database or f"sqlite:///{tmp_path}/bot.db"
    chats = await peopled(tg, url)
    settings = {
        "TELEGRAM_BOT_TOKEN": tg.token,
        "TELEGRAM_API_URL": tg.url,
        "TELEGRAM_RATES": "all=240/s",
        "DATABASE_URL": url,
        "SECRET_KEY": base64.b64encode(KEY).decode(),
    }

    def got() -> Counter[int]:
        return Counter(chat.id for _, chat in chats for reply in tg.replies(chat) if reply.text == TOLD)

    bot = await start(tmp_path, **settings) if not database else await start(tmp_path, "worker", **settings)
    if not database:
        await ready(bot)
    code_, out, err = await finished(
        tmp_path, "repl", stdin=f"/broadcast confirm=yes -- {TOLD}\n", **settings
    )
    assert (code_, f"{PEOPLE} people" in out) == (0, True), (out, err)
    await tg.until(lambda: len(got()) >= 100, 120)
    await bot.kill()
    before = len(got())
    assert before < PEOPLE
    settings.pop("PORT", None)
    bot = await start(tmp_path, *(["worker"] if database else []), **settings)
    asking, where = chats[-1]
    tg.says(asking, where, "what I ask meanwhile")
    await tg.until(lambda: any(reply.caption for reply in tg.replies(where)), 120)
    assert len(got()) < PEOPLE  # an answer does not wait for all others
    await tg.until(lambda: len(got()) == PEOPLE, 120)
    assert await bot.stop() == 0
    assert sum(got().values()) - PEOPLE <= IN_FLIGHT
    out = (await finished(tmp_path, "repl", stdin="/broadcast status\n", **settings))[1]
    assert f"{PEOPLE} of {PEOPLE}" in out
    assert "0 waiting, 0 dead" in out
