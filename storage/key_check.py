"""Whether a database was sealed with the keys at hand: something sealed stands in it that is known."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KeyRing, Unsealable
from storage.tables import facts

_CHECK = "this database was sealed with this key"


class WrongKey(Exception):
    """The data was sealed with a key that is not in the ring."""


async def kept_check(connection: AsyncConnection, ring: KeyRing) -> bytes:
    """Read a database's key check, or write one on the first use."""
    sealed: bytes | None = await connection.scalar(select(facts.c.value).where(facts.c.name == "key"))
    if sealed is None:
        sealed = ring.seal("facts", "value", "key", _CHECK)
        await connection.execute(insert(facts).values(name="key", value=sealed))
    return sealed


def check_opens(ring: KeyRing, sealed: bytes) -> None:
    """Open a key check; raises WrongKey."""
    try:
        ring.open("facts", "value", "key", sealed)
    except Unsealable:
        raise WrongKey from None
