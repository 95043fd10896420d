"""How the database finds what commands and routes read, among 100,000 codes: never by looking at all."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import select

from bot.accounts.caller import Caller
from bot.accounts.operating import change_account, with_role
from bot.deliveries import drain
from bot.housekeeping import sweep
from bot.message import Actor
from storage.account import Role
from storage.changes import AddPerson
from storage.codes import code_row
from storage.store import Store
from storage.tables import codes
from storage.url import asyncpg_dsn, sqlite_path
from tests.adapters.calling import Called, called
from tests.core.sending import Platform, post_of
from tests.core.talking import ADA, GROUP, Core, both, codes_of, person_of, private, request, said
from tests.full import FULL
from tests.storage.executed import executed
from tests.storage.test_store import add, code, person

__all__ = ["both"]

MANY, OWN = 100_000, 1_000  # codes there are; codes of who asks
ON_A_SERVER = MANY if FULL else 10_000  # where small tables are told from large ones by force, as below
SMALL = {"admissions", "facts"}  # read whole, as they are meant to be

Statements = dict[str, Any]  # with what they were given


@contextmanager
def gathered() -> Iterator[Statements]:
    """Gather the statements that read, as the driver gets them."""
    told: Statements = {}
    with executed() as all_:
        yield told
    for statement, given, many in all_:
        if not many and re.match(r"\s*(SELECT|WITH)\b", statement):
            told[statement] = given


async def fill(store: Store, owner: str) -> None:
    """Keep so many codes, most of which nobody opens: they are one that was sealed."""
    row, many = code_row(store.ring, code(0, "BEA0000000")), ON_A_SERVER if store.shared else MANY
    names = list(row)
    others = [tuple((row | {"id": f"X{number:09}"})[name] for name in names) for number in range(many - OWN)]
    made = (code_row(store.ring, code(number, owner)) for number in range(OWN))
    rows = [*others, *(tuple(each[name] for name in names) for each in made)]
    await add(store, AddPerson(person("BEA0000000")))
    path = sqlite_path(store.writer.url.render_as_string(hide_password=False))
    if path is None:
        connection = await asyncpg.connect(address(store))
        await connection.copy_records_to_table("codes", records=rows, columns=names)
        await connection.execute("ANALYZE")
        await connection.close()
        return
    moments = names.index("created_at")
    written = [
        tuple(each.strftime("%Y-%m-%d %H:%M:%S.%f") if at == moments else each for at, each in enumerate(row))
        for row in rows
    ]
    with closing(sqlite3.connect(path)) as file:
        marks = ", ".join("?" * len(names))
        file.executemany(f"INSERT INTO codes ({', '.join(names)}) VALUES ({marks})", written)
        file.commit()


def address(store: Store) -> str:
    """Say where a server's database is."""
    return asyncpg_dsn(store.writer.url.render_as_string(hide_password=False))


async def plans(store: Store, statements: Statements) -> dict[str, list[str]]:
    """Have each statement explained."""
    path = sqlite_path(store.writer.url.render_as_string(hide_password=False))
    if path is not None:
        with closing(sqlite3.connect(path)) as file:
            return {
                each: [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {each}", given)]
                for each, given in statements.items()
            }
    connection = await asyncpg.connect(address(store))
    await connection.execute("SET enable_seqscan = off")  # small tables are read whole for good reason
    found = {
        each: [row[0] for row in await connection.fetch(f"EXPLAIN {each}", *given)]
        for each, given in statements.items()
    }
    await connection.close()
    return found


def scanned(plan: list[str]) -> set[str]:
    """Name the tables that a plan looks at whole (sqlite.org/eqp.html, 1.1)."""
    read = (re.match(r"SCAN (\w+)(?: USING COVERING INDEX \w+)?$|.*Seq Scan on (\w+)", line) for line in plan)
    return {each[1] or each[2] for each in read if each} - SMALL


async def everything_said(core: Core) -> None:
    """Say all that reads what is stored, in private and in a group; deliver it, and look what is due."""
    made = (await codes_of(core))[0].id
    for line in (
        "https://example.com", "/history", "/history menu", "/history search=caf", f"/show {made}",
        f"/favourite {made}", f"/card {made}", f"/more {made}", f"/files {made}", f"/style dots, {made}",
        "/style", "/settings", "/kit", "/logo", "/wifi", "/cancel", "/connect", "/privacy", "/export",
        f"/edit {made}", f"/prove {made}", "/language", "/start", f"/start t{made}", f"/delete {made}",
    ):  # fmt: skip
        await said(core, line, pressed=line.startswith("/"))
    await said(core, "/kit navy on white", where=GROUP, admin=True)
    await said(core, "https://example.com/group", where=GROUP)
    await said(core, command="inline", values={"query": "menu"}, id="")
    await said(core, command="inline", values={"query": ""}, id="")
    for edited in (False, True):
        asking = request(core, f"https://example.com/{edited}", answered=False)
        await core.app.handle(replace(asking, message="7", edited=edited))
    await drain(post_of(core, Platform()), private(ADA).key)
    console = Actor("console", "root")
    for line in ("/accounts", "/accounts ada", "/access", "/history"):
        await said(core, line, console)


async def everything_asked(api: Called) -> None:
    """Ask all over HTTP that lists, finds or changes something."""
    made = (await api.ask("POST", "/v1/codes", json={"content": {"type": "text", "text": "x"}})).json()["id"]
    kit = (await api.ask("POST", "/v1/kits", json={"name": "Ours", "style": "dots"})).json()["id"]
    key = (await api.ask("POST", "/v1/api-keys", json={"name": "x", "scopes": ["codes:read"]})).json()["id"]
    user = await api.user()
    api.users["ada"] = await change_account(
        api.accounts, Caller(user), user.id, partial(with_role, role=Role.OPERATOR)
    )
    for path in (
        "/v1/codes", "/v1/codes?q=x", "/v1/codes?favourite=true", f"/v1/codes/{made}",
        f"/v1/codes/{made}.png", "/v1/kits", f"/v1/kits/{kit}", "/v1/api-keys", f"/v1/api-keys/{key}",
        "/v1/users/me", "/v1/users",
        "/v1/users?limit=1", "/v1/users/me/export", "/v1/users/me/sessions", "/v1/users/me/connections",
        "/v1/jobs/00000000000000000000", "/readyz",
    ):  # fmt: skip
        answer = await api.ask("GET", path)
        assert answer.status_code < 500, (path, answer.text)
    await api.client.get("/v1/codes", headers=await api.key())
    await api.ask("PATCH", f"/v1/codes/{made}", json={"favourite": True})
    await api.ask("DELETE", f"/v1/codes/{made}")


async def test_nothing_that_is_read_looks_at_all_rows(both: Core) -> None:
    """Every statement of what is said, asked and due has an index to go by."""
    await said(both, "hello")
    await fill(both.store, (await person_of(both)).id)
    api = called(both)
    async with api.client:
        with gathered() as statements:
            await everything_said(both)
            await everything_asked(api)
            await sweep(both.app, Quiet())  # type: ignore[arg-type]  # all that it asks of a queue
    found = await plans(both.store, statements)
    assert len(found) > 35
    assert any("FROM codes" in each for each in found)
    assert {each: scanned(plan) for each, plan in found.items() if scanned(plan)} == {}


class Quiet:
    """A queue that wakes nobody."""

    async def enqueue(self, entry: str, payloads: object) -> None:
        """Do nothing."""


async def test_a_statement_without_an_index_is_found_out(both: Core) -> None:
    """The test above can fail: what looks for a code by its kind looks at all of them."""
    with gathered() as statements:
        async with both.store.reading() as work:
            await work.connection.execute(select(codes).where(codes.c.kind == "wifi"))
    [plan] = (await plans(both.store, statements)).values()
    assert scanned(plan) == {"codes"}
