"""How the database finds what commands and routes read, among 100,000 codes: never by looking at all."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import Table, select, update

from bot.accounts.caller import Caller
from bot.accounts.operating import change_account, with_role
from bot.assembly import FOLLOWING
from bot.deliveries import drain, drain_bulk
from bot.housekeeping import sweep, tidy_up
from bot.message import Actor, Reply, Status
from bot.operating.tasks import carry_on
from bot.outbox import letter
from storage.account import Role
from storage.changes import AddPerson
from storage.codes import code_row
from storage.conversation import request_row
from storage.deliveries import delivery_row
from storage.operating_tables import audit
from storage.people import account_rows, person_row
from storage.records import State, StoredRequest, Why
from storage.store import Store
from storage.tables import codes, deliveries, identities, metadata, people, requests
from storage.tasks import Tasks
from storage.url import asyncpg_dsn, sqlite_path
from tests.adapters.calling import Called, called
from tests.core.sending import Platform, post_of
from tests.core.talking import ADA, GROUP, START, Core, both, codes_of, person_of, private, request, said
from tests.full import FULL
from tests.storage.executed import executed
from tests.storage.test_store import add, code, person

__all__ = ["both"]

MANY, OWN = 100_000, 1_000  # codes there are; codes of who asks
ON_A_SERVER = MANY if FULL else 10_000  # where small tables are told from large ones by force, as below
# Read whole, as they are meant to be: rates and lanes of the last minutes, 20,000 uploads at the most.
SMALL = {"admissions", "departures", "facts", "lanes", "rates", "tasks", "uploaded"}

Statements = dict[str, Any]  # with what they were given


@contextmanager
def gathered() -> Iterator[Statements]:
    """Gather the statements that read, or find what to delete, as the driver gets them."""
    told: Statements = {}
    with executed() as all_:
        yield told
    for statement, given, many in all_:
        if not many and re.match(r"\s*(SELECT|WITH|DELETE)\b", statement):
            told[statement] = given


async def fill(store: Store, owner: str) -> None:
    """Keep so many codes, most of which nobody opens: they are one that was sealed."""
    row, many = code_row(store.ring, code(0, "BEA0000000")), ON_A_SERVER if store.shared else MANY
    others = [row | {"id": f"X{number:09}", "created_at": START} for number in range(many - OWN)]
    await add(store, AddPerson(person("BEA0000000")))
    await pour(store, codes, [*others, *(code_row(store.ring, code(number, owner)) for number in range(OWN))])


async def fill_for_operators(core: Core) -> None:
    """Keep as many people, deliveries and waiting requests, and a long audit log, beside as many codes."""
    store, now = core.store, core.app.clock()
    numbers = range(ON_A_SERVER)
    states = (State.DONE,) * 18 + (State.PENDING, State.DEAD)
    someone = [person(f"X{number:09}") for number in range(ON_A_SERVER)]  # each is opened to be found
    sent = delivery_row(store.ring, letter("telegram:1", Reply(body="hello"), now))
    asked = request_row(store.ring, StoredRequest("Q", "telegram:1", Why.JOB, "{}", now, now))
    await pour(store, people, [person_row(store.ring, each) for each in someone])
    owned = update(codes).where(codes.c.id == people.c.id).values(person_id=people.c.id)
    async with store.writing() as work:  # where two people have all, a server looks for anybody's among all
        await work.connection.execute(owned)
    await pour(store, identities, [row for each in someone for row in account_rows(store.ring, each)])
    for table, row in ((deliveries, sent), (requests, asked)):
        rows = (row | {"id": f"Y{each:09}", "state": states[each % len(states)]} for each in numbers)
        await pour(store, table, [each | {"finished_at": now} for each in rows])
    noted = {"at": now, "who": "console:root", "word": "stats", "about": "", "result": "shown"}
    await pour(store, audit, [noted] * len(numbers))


async def pour(store: Store, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write many rows past everything that makes them slow."""
    names = list(rows[0])
    path = sqlite_path(store.writer.url.render_as_string(hide_password=False))
    if path is None:
        connection = await asyncpg.connect(address(store))
        records = [tuple(row[name] for name in names) for row in rows]
        await connection.copy_records_to_table(table.name, records=records, columns=names)
        await connection.execute("ANALYZE")
        await connection.close()
        return
    with closing(sqlite3.connect(path)) as file:
        marks = ", ".join("?" * len(names))
        written = ([_written(row[name]) for name in names] for row in rows)
        file.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", written)
        file.commit()


def _written(value: object) -> object:
    """Write a moment as the storage does."""
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


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


def scanned(plan: list[str], *, counting: bool = False) -> set[str]:
    """Name the tables that a plan looks at whole (sqlite.org/eqp.html, 1.1).

    ``counting``: it has to look at all, and may where an index alone holds what it asks.
    """
    whole = r"SCAN (\w+)$" if counting else r"SCAN (\w+)(?: USING COVERING INDEX \w+)?$"
    # There are few platforms: to search by one alone is to look at everybody.
    pattern = rf"{whole}|.*Seq Scan on (\w+)|SEARCH (\w+) USING .*\(platform=\?\)$"
    read = (re.match(pattern, line) for line in plan)
    return {name for each in read if each and (name := each[each.lastindex or 0]) in metadata.tables} - SMALL


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


async def everything_operated(core: Core) -> None:
    """Say all that looks over what there is, go on with what goes on, and tidy."""
    console = Actor("console", "root")
    for line in (
        "/stats", "/stats 366", "/keys", "/deliveries", "/deliveries telegram:", "/deliveries after=40",
        "/dead", "/dead blocked", "/replay Y000000019", "/drop Y000000018", "/people", "/people nobody",
        "/people after=X000000100", "/person X000000100", "/audit", "/audit nothing", "/audit before=100",
        "/audit before=5000 -- stats", "/places", "/places after=telegram:1", "/reprove 2", "/reprove status",
        "/reprove", "/broadcast hello", "/broadcast confirm=yes -- hello", "/broadcast status",
    ):  # fmt: skip
        assert (await said(core, line, console)).status is not Status.FAILED, line
    async with core.store.reading() as work:
        [first, *_] = [await Tasks(work.connection, core.store.ring).latest(word) for word in FOLLOWING]
    assert first is not None
    await carry_on(core.app, FOLLOWING, first.id)
    await drain_bulk(post_of(core, Platform()))
    for line in ("/reprove", "/broadcast status", "/reprove stop", "/broadcast stop"):
        await said(core, line, console)
    await tidy_up(core.app, Quiet(), 30)  # type: ignore[arg-type]  # all that it asks of a queue


async def test_nothing_that_operators_ask_looks_at_all_rows(both: Core) -> None:
    """Nor tidying. What counts everything reads an index; what has to read all does so a part at a time."""
    await said(both, "hello")
    await fill(both.store, (await person_of(both)).id)
    await fill_for_operators(both)
    with gathered() as statements:
        await everything_operated(both)
        await sweep(both.app, Quiet())  # type: ignore[arg-type]  # all that it asks of a queue
    found = await plans(both.store, statements)
    assert len(found) > 80
    for table in ("codes", "deliveries", "audit", "people"):
        assert any(f"FROM {table}" in each for each in found)
    whole = {each: scanned(plan, counting="count(" in each) for each, plan in found.items()}
    assert {each: names for each, names in whole.items() if names} == {}


class Quiet:
    """A queue that wakes nobody."""

    async def enqueue(self, entry: str, payloads: object) -> None:
        """Do nothing."""

    async def forget_finished(self) -> None:
        """Do nothing."""


async def test_a_statement_without_an_index_is_found_out(both: Core) -> None:
    """The test above can fail: what looks for a code by its format looks at all of them."""
    with gathered() as statements:
        async with both.store.reading() as work:
            await work.connection.execute(select(codes).where(codes.c.format == "png"))
    [plan] = (await plans(both.store, statements)).values()
    assert scanned(plan) == {"codes"}
