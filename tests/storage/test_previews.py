"""What inline queries were answered with is sealed; a picture that a platform has is a fingerprint."""

from datetime import timedelta

from alembic import command
from sqlalchemy import Connection, select
from sqlalchemy.ext.asyncio import create_async_engine

from storage.changes import AddPairing, AddPerson, AddPreview, ForgetPerson, JoinPersons
from storage.housekeeping import tidy
from storage.migrate import alembic_config
from storage.records import Pairing, Preview
from storage.store import Store
from storage.tables import previews
from tests.storage.test_store import NOW, SECRET, add, person

ADA, BEA = "ADA0000000", "BEA0000000"
HOUR = timedelta(hours=1)


def preview(id: str = "P000000001", person_id: str = ADA) -> Preview:
    """Make one with a content worth hiding."""
    return Preview(id, person_id, f'["{SECRET}"]', NOW + HOUR)


async def test_a_preview_is_found_until_it_expires_and_is_sealed(store: Store) -> None:
    """Then it is tidied away."""
    await add(store, AddPerson(person()), AddPreview(preview()))
    async with store.reading() as work:
        assert await work.previews.get("P000000001", NOW) == preview()
        assert await work.previews.of(ADA, NOW) == (preview(),)
        assert await work.previews.get("P000000001", NOW + HOUR) is None
        assert SECRET not in str((await work.connection.execute(select(previews))).one())
    async with store.writing() as work:
        assert (await tidy(work.connection, NOW + HOUR))["previews"] == 1


async def test_a_preview_may_be_nobodys(store: Store) -> None:
    """It is found by its id alone, and tidied away like the others."""
    await add(store, AddPreview(preview(person_id="")))
    async with store.reading() as work:
        assert await work.previews.get("P000000001", NOW) == preview(person_id="")
        assert await work.previews.of("", NOW) == ()
    async with store.writing() as work:
        assert (await tidy(work.connection, NOW + HOUR))["previews"] == 1


async def test_the_tables_go_back_with_those_that_are_somebodys(store: Store, url: str) -> None:
    """Before, each had to be; forward again, all is as it was."""
    await add(store, AddPerson(person()), AddPreview(preview()))
    await add(store, AddPreview(preview("P000000002", person_id="")))
    engine = create_async_engine(url)

    def back_and_forth(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), "0008")
        command.upgrade(alembic_config(connection), "head")

    async with engine.begin() as connection:
        await connection.run_sync(back_and_forth)
    await engine.dispose()
    async with store.reading() as work:
        assert await work.previews.get("P000000001", NOW) == preview()
        assert await work.previews.get("P000000002", NOW) is None


async def test_previews_move_with_who_joins(store: Store) -> None:
    """And go with who stays."""
    await add(store, AddPerson(person(ADA)), AddPerson(person(BEA)), AddPreview(preview(person_id=BEA)))
    await add(store, AddPairing(Pairing("7K3F9QXM", ADA, NOW + HOUR)))
    await add(store, JoinPersons("J000000001", "7K3F9QXM", ADA, BEA, NOW))
    async with store.reading() as work:
        assert len(await work.previews.of(ADA, NOW)) == 1
    await add(store, ForgetPerson(ADA))
    async with store.reading() as work:
        assert await work.previews.get("P000000001", NOW) is None
