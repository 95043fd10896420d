"""From one key to another: what older keys sealed is sealed anew, row by row, and nothing is lost."""

import asyncio
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import LargeBinary, Table, insert, select

from bot.accounts.sessions import log_in
from bot.housekeeping import rotate
from storage.changes import AddPairing, AddPerson
from storage.codes import code_row
from storage.encryption import KeyRing
from storage.migrate import opened
from storage.records import Pairing
from storage.rotation import NAMED, stale_count
from storage.store import Store, open_store
from storage.tables import codes, metadata
from tests.accounts.holding import EMAIL, PASSWORD, cheap, held, site
from tests.core.talking import GROUP, asked, core_on, said
from tests.processes.running import finished, running
from tests.storage.test_store import NOW, add, code, person

OLD, NEW = KeyRing((bytes(range(32)),)), KeyRing((bytes(range(32, 64)),))
RING = KeyRing((*NEW.keys, *OLD.keys))
MANY = 1000


def _sealed(table: Table) -> list[str]:
    return [column.name for column in table.c if isinstance(column.type, LargeBinary)]


async def everything(store: Store) -> dict[str, list[str]]:
    """Open all that is sealed, with the store's keys."""
    found: dict[str, list[str]] = {}
    async with store.reading() as work:
        for table, named in NAMED.items():
            for row in (await work.connection.execute(select(table).order_by(*named))).all():
                name = ":".join(row._mapping[each] for each in named)
                values = {each: row._mapping[each] for each in _sealed(table)}
                found.setdefault(table.name, []).extend(
                    store.ring.open(table.name, each, name, value) for each, value in values.items() if value
                )
    return found


def test_every_column_that_is_sealed_is_known() -> None:
    """Whoever adds a table with one says there what its rows are called by; else no old key could ever go."""
    assert set(NAMED) == {table for table in metadata.tables.values() if _sealed(table)}


async def test_all_that_people_said_and_have_goes_over_to_the_new_key(url: str) -> None:
    """It opens with the new key alone; who has an account logs in; what was begun goes on meanwhile."""
    async with open_store(url, OLD) as store:
        core = core_on(store)
        for text in ("https://example.com", "/style dots navy on white", "/kit", "/wifi Guest"):
            await asked(core, text)
        await asked(core, "/style dots navy on white", where=GROUP, admin=True)
        accounts = cheap(core)
        async with site(core, accounts) as client:
            await held(accounts, client)
        pairing = Pairing("1234", person().id, NOW + timedelta(days=1))
        await add(store, AddPerson(person()), AddPairing(pairing))
        before = await everything(store)
    assert {"people", "identities", "codes", "drafts", "deliveries", "users", "api_keys"} < set(before)
    async with open_store(url, RING) as store:
        core = core_on(store)
        await rotate(core.app)
        async with store.reading() as work:
            assert await stale_count(work.connection, RING) == 0
            assert await work.pairings.find("1234", NOW) is not None
    async with open_store(url, NEW) as store:
        assert await everything(store) == before
        core = core_on(store)
        assert (await log_in(cheap(core), EMAIL, PASSWORD, "203.0.113.5")).email == EMAIL
        assert "example.com" in str(await said(core, "/history"))


async def test_what_no_key_opens_holds_nothing_up(store: Store) -> None:
    """It stays as it is, and is counted as left."""
    await add(store, AddPerson(person()))
    async with store.writing() as work:
        for ring, number in ((KeyRing((b"x" * 32,)), 1), (store.ring, 2)):
            await work.connection.execute(insert(codes), code_row(ring, code(number)))
    store.ring = RING
    await rotate(core_on(store).app)
    async with store.reading() as work:
        assert await stale_count(work.connection, RING) == 1
        assert await work.codes.any(code(2).id) == code(2)


async def left(url: str) -> int:
    """Count what is still to do, from outside."""
    async with opened(url) as connection:
        return await stale_count(connection, RING)


async def doctor(folder: Path, **settings: str) -> str:
    """Give what it says of the older keys."""
    _, out, _ = await finished(folder, "doctor", **settings)
    [line] = [line for line in out.splitlines() if "Older keys" in line]
    return line


async def test_killed_in_the_middle_it_goes_on_where_it_was(url: str, tmp_path: Path) -> None:
    """Somebody talks to it all the while; doctor tells how much is left, and when the old key can go."""
    rows: list[dict[str, Any]] = [code_row(OLD, code(number)) for number in range(MANY)]
    async with open_store(url, OLD) as store:
        await add(store, AddPerson(person()))
        async with store.writing() as work:
            await work.connection.execute(insert(codes), rows)
        before = await everything(store)
    keys = ",".join(b64encode(key).decode() for key in RING.keys)
    settings = {"DATABASE_URL": url, "SECRET_KEY": keys}
    async with running(tmp_path, **settings) as bot, aiohttp.ClientSession() as http:
        while await left(url) > MANY - 20:
            await asyncio.sleep(0.01)
        async with http.post(f"{bot.url}/chat/say", json={"text": "hello"}) as answer:
            assert answer.status == 200
        await bot.kill()
    rest = await left(url)
    assert 0 < rest < MANY
    assert f"still seal {rest} rows" in await doctor(tmp_path, **settings)
    async with running(tmp_path, **settings) as bot:
        while await left(url) > rest - 20:
            await asyncio.sleep(0.01)
        assert await bot.stop() == 0  # and so it goes on when it was told to stop
    assert 0 < await left(url) < rest
    assert "Traceback" not in bot.log.read_text()
    async with running(tmp_path, **settings):
        while await left(url):
            await asyncio.sleep(0.1)
    assert "can go from SECRET_KEY" in await doctor(tmp_path, **settings)
    async with open_store(url, NEW) as store:
        after = await everything(store)
    assert set(before["codes"]) <= set(after["codes"])
