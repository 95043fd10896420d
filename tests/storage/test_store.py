"""What is committed is there, once, sealed, and only for whom it belongs to; on SQLite and PostgreSQL."""

import asyncio
from base64 import b64encode
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage import records, tables
from storage.changes import (
    AddAsset,
    AddCode,
    AddPairing,
    AddPerson,
    AddPreview,
    AddReading,
    AlreadySeen,
    Change,
    ClearKit,
    DeleteCode,
    Delivered,
    DropDraft,
    FinishRequest,
    ForgetPerson,
    JoinPersons,
    NoteShown,
    RestyleCode,
    SaveDraft,
    SetFavourite,
    SetKit,
    SetPreferences,
    Stale,
    Unit,
)
from storage.deliveries import deliver
from storage.encryption import KeyRing, Unsealable
from storage.engines import sqlite_warning
from storage.figures import ping
from storage.key_check import WrongKey
from storage.migrate import alembic_config, migrate, ours
from storage.quick import File
from storage.records import Code, Delivery, Draft, Person, Preferences, State, StoredRequest
from storage.store import Store, open_store
from storage.url import database_url, sqlite_path
from tests.full import FULL

TASKS = 40 if FULL else 20

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET = "s3cret-canary"


def person(name: str = "ADA0000000") -> Person:
    """Make somebody with one account."""
    return Person(name, NOW, identities=(records.Identity("web", name.lower(), name, "Ada Canary"),))


def code(number: int = 0, person_id: str = "ADA0000000", **changes: object) -> Code:
    """Make a code with a content worth hiding."""
    made = Code(
        f"C{number:09}", person_id, "web:x", "wifi", f"WIFI:P:{SECRET};;", "Wi-Fi: Café", "{}", "png",
        NOW + timedelta(seconds=number),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the fields


async def add(store: Store, *changes: Change, request: str = "") -> None:
    """Commit changes as one request."""
    await store.commit(Unit(request, NOW, changes))


async def test_a_person_is_found_by_account_with_all_that_was_kept(store: Store) -> None:
    """What went in comes out, with aware times."""
    await add(store, AddPerson(person()))
    async with store.reading() as work:
        assert await work.people.by_account("web", "ada0000000") == person()
        assert await work.people.by_account("web", "nobody") is None
        assert await work.people.by_id("NOBODY") is None


async def test_an_account_is_added_once(store: Store) -> None:
    """The second of two newcomers with one account has to read again."""
    await add(store, AddPerson(person()))
    other = replace(person(), id="EVE0000000")
    with pytest.raises(Stale):
        await add(store, AddPerson(replace(other, identities=(person().identities[0],))))


async def test_a_thousand_units_are_committed_in_few_transactions(store: Store) -> None:
    """Those that wait at the same moment share one; a repeated id is refused, and hurts nobody else."""
    await add(store, AddPerson(person()))
    units = [Unit(f"r{number % 990}", NOW, (AddCode(code(number)),)) for number in range(1000)]
    results = await asyncio.gather(*(store.commit(unit) for unit in units), return_exceptions=True)
    assert [type(result) for result in results[990:]] == [AlreadySeen] * 10
    assert set(results[:990]) == {None}
    assert store.transactions < 100
    async with store.reading() as work:
        assert (await work.codes.page("ADA0000000")).total == 990


async def test_no_preference_is_lost_among_tasks_that_write_at_once(store: Store) -> None:
    """Tasks count up in one value: read, write, on Stale read again."""
    await add(store, AddPerson(person()))

    async def count_up() -> None:
        while True:
            async with store.reading() as work:
                found = await work.people.by_id("ADA0000000")
            assert found is not None
            after = replace(found.preferences, format=str(int(found.preferences.format or 0) + 1))
            try:
                return await add(store, SetPreferences(found.id, found.preferences, after))
            except Stale:
                continue

    await asyncio.gather(*(count_up() for _ in range(TASKS)))
    async with store.reading() as work:
        found = await work.people.by_id("ADA0000000")
    assert found is not None
    assert found.preferences == Preferences(format=str(TASKS))


async def test_a_cancelled_caller_does_not_disturb_the_others(store: Store) -> None:
    """The group goes on; the unit of the one who left is committed or not, whole."""
    tasks = [asyncio.create_task(add(store, AddPerson(person(f"P{number:09}")))) for number in range(20)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [result for number, result in enumerate(results) if number != 3] == [None] * 19


async def test_codes_are_listed_searched_changed_and_deleted_by_their_owner_alone(store: Store) -> None:
    """Newest first; search is blind to case and accents; a stranger's change is stale."""
    await add(store, AddPerson(person()), *(AddCode(code(number)) for number in range(12)))
    await add(store, SetFavourite("C000000003", "ADA0000000", True))
    await add(store, RestyleCode("C000000003", "ADA0000000", '{"dark":"#000080"}', "svg"))
    await add(store, DeleteCode("C000000011", "ADA0000000"))
    async with store.reading() as work:
        page = await work.codes.page("ADA0000000", offset=1, limit=3)
        assert [each.id for each in page.codes] == ["C000000009", "C000000008", "C000000007"]
        assert page.total == 11
        (favourite,) = (await work.codes.page("ADA0000000", favourites=True)).codes
        assert favourite == code(3, style='{"dark":"#000080"}', format="svg", favourite=True)
        assert (await work.codes.search("ADA0000000", "CAFE wifi")).total == 11
        assert (await work.codes.search("ADA0000000", "tea")).total == 0
        assert await work.codes.any("C000000011") is None
    for change in (
        SetFavourite("C000000003", "EVE0000000", True),
        DeleteCode("C000000003", "EVE0000000"),
    ):
        with pytest.raises(Stale):
            await add(store, change)


async def test_a_space_has_one_kit(store: Store) -> None:
    """Setting it again replaces it; clearing takes it away."""
    for style in ("{}", '{"dark":"#000080"}'):
        await add(store, SetKit(records.Kit("slack:T:C", style, "png", "ADA0000000", NOW)))
    async with store.reading() as work:
        kit = await work.people.kit("slack:T:C")
    assert kit is not None
    assert kit.style == '{"dark":"#000080"}'
    await add(store, ClearKit("slack:T:C"))
    async with store.reading() as work:
        assert await work.people.kit("slack:T:C") is None


async def test_a_form_is_kept_until_it_expires(store: Store) -> None:
    """One a person and space; the later replaces the earlier."""
    await add(store, AddPerson(person()))
    draft = Draft(
        "D000000001", "ADA0000000", "web:x", "wifi", {"ssid": SECRET}, "password", NOW + timedelta(hours=1)
    )
    await add(store, SaveDraft(replace(draft, id="D000000000")))
    await add(store, SaveDraft(draft))
    async with store.reading() as work:
        assert await work.drafts.get("ADA0000000", "web:x", NOW) == draft
        assert await work.drafts.get("ADA0000000", "web:x", NOW + timedelta(hours=2)) is None
    await add(store, DropDraft("ADA0000000", "web:x"))
    async with store.reading() as work:
        assert await work.drafts.get("ADA0000000", "web:x", NOW) is None


def delivery(number: int, lane: str = "telegram:1") -> Delivery:
    """Make a delivery with a body worth hiding."""
    return Delivery(f"D{number:09}", lane, "telegram", "{}", SECRET, NOW, NOW, "r", "ADA0000000")


async def test_deliveries_of_a_lane_keep_their_order(store: Store) -> None:
    """The oldest first; one that has to wait blocks its lane, not another; what is sent is blanked."""
    await store.commit(Unit("r", NOW, deliveries=(delivery(2), delivery(1), delivery(3, "telegram:2"))))
    async with store.writing() as work:
        assert set(await work.deliveries.lanes_due(NOW)) == {"telegram:1", "telegram:2"}
        first = await work.deliveries.next("telegram:1", NOW)
        assert first is not None
        assert (first.id, first.body) == ("D000000002", SECRET)
        await work.deliveries.later(first.id, NOW + timedelta(minutes=1), "flood")
        assert await work.deliveries.next("telegram:1", NOW) is None
        await work.deliveries.postpone(first.id, NOW)
        await deliver(work.connection, store.ring, Delivered(first.id, NOW))
        second = await work.deliveries.next("telegram:1", NOW)
        assert second is not None
        assert second.id == "D000000001"
        await work.deliveries.dead(second.id, NOW, "blocked")
        assert await work.deliveries.counts() == {State.DONE: 1, State.DEAD: 1, State.PENDING: 1}
        rows = await work.connection.execute(
            select(tables.deliveries.c.body).where(tables.deliveries.c.state == "done")
        )
        assert rows.scalars().all() == [b""]


async def test_a_stored_request_is_finished_once(store: Store) -> None:
    """Run, tried again, done; a second finish is stale; a dead one is not due."""
    waiting = StoredRequest("Q000000001", "web:x", records.Why.JOB, SECRET, NOW, NOW)
    await store.commit(Unit("r", NOW, requests=(waiting, replace(waiting, id="Q000000002"))))
    async with store.writing() as work:
        assert set(await work.requests.due(NOW)) == {"Q000000001", "Q000000002"}
        assert await work.requests.get("Q000000001") == waiting
        await work.requests.later("Q000000001", NOW + timedelta(seconds=2), "again")
        await work.requests.dead("Q000000002", NOW, "no use")
        assert await work.requests.due(NOW) == ()
        assert await work.requests.counts() == {State.PENDING: 1, State.DEAD: 1}
        assert await work.requests.get("NOTHING") is None
    await add(store, FinishRequest("Q000000001", NOW))
    with pytest.raises(Stale):
        await add(store, FinishRequest("Q000000001", NOW))
    async with store.reading() as work:
        done = await work.requests.get("Q000000001")
    assert done is not None
    assert (done.state, done.body, done.attempts) == (State.DONE, "", 1)


async def test_forgetting_a_person_leaves_nothing_of_theirs_in_any_table(store: Store) -> None:
    """Found by a walk over the schema: every column that may hold a person's id."""
    draft = Draft("D000000001", "ADA0000000", "web:x", "wifi", {}, "ssid", NOW)
    read = AddReading(records.Reading("E000000001", "ADA0000000", "text", NOW + timedelta(days=1)))
    logo = AddAsset(records.Asset("L000000001", "ADA0000000", b"png", NOW))
    said = NoteShown("telegram:7", "3", "ADA0000000", "C000000001", "text", NOW, anew=True)
    seen = AddPreview(records.Preview("P000000001", "ADA0000000", "[]", NOW + timedelta(hours=1)))
    made = (AddPerson(person()), AddCode(code()))
    changes = (*made, SaveDraft(draft), read, logo, said, seen)
    kit = SetKit(records.Kit("web:x", "{}", "png", "ADA0000000", NOW))
    stored = StoredRequest("Q000000001", "web:x", records.Why.JOB, "{}", NOW, NOW, "ADA0000000")
    await store.commit(Unit("r", NOW, (*changes, kit), (delivery(1),), (stored,)))
    later = NOW + timedelta(minutes=10)
    shown = AddPairing(records.Pairing("7K3F9QXM", "ADA0000000", later))
    joined = JoinPersons("J000000001", "7K3F9QXM", "ADA0000000", "BEA0000000", NOW)
    await add(store, AddPerson(person("BEA0000000")), shown, joined, shown)
    columns = [
        column
        for table in tables.metadata.tables.values()
        for column in table.columns
        if column.name in {"person_id", "set_by", "owner"} or (table.name, column.name) == ("people", "id")
    ]
    assert len(columns) == 13

    async def left() -> int:
        async with store.reading() as work:
            counted = [
                await work.connection.scalar(select(func.count()).where(column == "ADA0000000"))
                for column in columns
            ]
        return sum(number or 0 for number in counted)

    assert await left() == 14  # two accounts
    await add(store, ForgetPerson("ADA0000000"))
    assert await left() == 0


async def test_a_picture_of_a_kit_outlives_who_set_it(store: Store) -> None:
    """It belongs to the space; a person's own goes with them."""
    kept = [
        records.Asset(f"L00000000{number}", owner, b"\x89PNG", NOW)
        for number, owner in enumerate(("ADA0000000", "slack:T1:C1"))
    ]
    await add(store, AddPerson(person()), *(AddAsset(each) for each in kept))
    async with store.reading() as work:
        assert await work.assets.of("slack:T1:C1") == (kept[1],)
        assert await work.assets.count("ADA0000000") == 1
        assert await work.assets.get("L000000000") == kept[0]
    await add(store, ForgetPerson("ADA0000000"))
    async with store.reading() as work:
        assert await work.assets.get("L000000000") is None
        assert await work.assets.get("L000000001") == kept[1]


async def test_nothing_that_was_entrusted_stands_in_the_files(tmp_path: Path, ring: KeyRing) -> None:
    """Neither the database nor its log holds a content, a name or a body in clear."""
    address = database_url(f"sqlite:///{tmp_path}/sealed.db")
    logo = AddAsset(records.Asset("L000000001", "ADA0000000", b"Canary of a logo", NOW))
    await migrate(address)
    async with open_store(address, ring) as store:
        await store.commit(Unit("r", NOW, (AddPerson(person()), AddCode(code()), logo), (delivery(1),)))
        files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert len(files) > 1
    for content in (SECRET, "Canary", b64encode(b"Canary").decode()[:7], "Wi-Fi"):
        assert [name for name, data in files.items() if content.encode() in data] == []


async def test_another_key_does_not_open_the_data_and_a_second_key_may_follow(
    url: str, ring: KeyRing
) -> None:
    """A wrong key is told at once; an added first key seals, the old one still opens."""
    async with open_store(url, ring) as store:
        await add(store, AddPerson(person()))
    with pytest.raises(WrongKey):
        async with open_store(url, KeyRing((bytes(32),))):
            pass
    async with open_store(url, KeyRing((bytes(32), *ring.keys))) as store, store.reading() as work:
        assert await work.people.by_id("ADA0000000") == person()


async def test_processes_that_start_for_the_first_time_together_agree_on_the_key(
    url: str, ring: KeyRing
) -> None:
    """One of them writes what the key is checked by, and the others find it."""
    async with AsyncExitStack() as stack:
        stores = await asyncio.gather(*(stack.enter_async_context(open_store(url, ring)) for _ in range(4)))
        async with stores[-1].reading() as work:
            assert len((await work.connection.execute(select(tables.facts))).all()) == 1


def test_a_sealed_value_opens_only_in_its_place(ring: KeyRing) -> None:
    """Bound to table, column and row; no two sealings are alike; the ring shows nothing."""
    sealed = ring.seal("codes", "text", "1", SECRET)
    assert ring.open("codes", "text", "1", sealed) == SECRET
    assert sealed != ring.seal("codes", "text", "1", SECRET)
    for place in (("codes", "text", "2"), ("codes", "title", "1"), ("kits", "text", "1")):
        with pytest.raises(Unsealable):
            ring.open(*place, sealed)
    assert "\\x" not in repr(ring)
    assert ring.derive("cookies") != ring.derive("pictures")
    assert ring.fingerprint("pairing", "A") != ring.fingerprint("pairing", "B")


@pytest.mark.parametrize("text", ["", "not base64!", "c2hvcnQ="])
def test_a_malformed_key_is_refused_without_showing_it(text: str) -> None:
    """The sentence says what is wrong."""
    with pytest.raises(ValueError, match=r"base64|32 bytes"):
        KeyRing.parse(text)


async def test_the_tables_are_those_of_the_migrations_which_run_down_and_up(url: str) -> None:
    """Nothing differs from the metadata; down leaves nothing; up again is the same."""
    engine = create_async_engine(url)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        return list(compare_metadata(context, tables.metadata))

    def check(connection: Connection) -> None:
        assert differences(connection) == []
        command.downgrade(alembic_config(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        command.upgrade(alembic_config(connection), "head")
        assert differences(connection) == []

    async with engine.connect() as connection:
        await connection.run_sync(check)
        await connection.commit()
    await engine.dispose()
    await migrate(url)


async def test_every_sqlite_connection_is_durable_and_readers_cannot_write(
    tmp_path: Path, ring: KeyRing
) -> None:
    """WAL, synchronous=FULL, foreign keys, one writer; a read connection refuses to write."""
    address = database_url(f"sqlite:///{tmp_path}/pragmas.db")
    await migrate(address)
    async with open_store(address, ring) as store:
        for engine, query_only in ((store.reader, 1), (store.writer, 0)):
            async with engine.connect() as connection:
                found = [
                    await connection.scalar(text(f"PRAGMA {name}"))
                    for name in ("journal_mode", "synchronous", "foreign_keys", "query_only")
                ]
            assert found == ["wal", 2, 1, query_only]
        assert isinstance(store.writer, File)
        assert store.writer.size == 1
        await ping(store)
    assert isinstance(sqlite_warning(), str)


@pytest.mark.parametrize(
    ("raw", "engine"),
    [
        ("sqlite:///data/x.db", "sqlite+aiosqlite:///data/x.db"),
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+asyncpg://u:p@h/d?ssl=require"),
    ],
)
def test_an_address_is_taken_as_platforms_give_it(raw: str, engine: str) -> None:
    """postgres:// and sslmode are what Heroku and libpq say."""
    assert database_url(raw) == engine
    assert (sqlite_path(engine) is None) == raw.startswith("postgres")


@pytest.mark.parametrize("raw", ["mysql://u:hunter2@h/d", "hunter2", "sqlite://"])
def test_an_address_that_will_not_do_is_refused_without_showing_it(raw: str) -> None:
    """It may hold a password."""
    with pytest.raises(ValueError, match=r"names|address") as refused:
        database_url(raw)
    assert "hunter2" not in str(refused.value)
