"""What addresses name: an id that cannot be one names nothing, and the database is not asked."""

from __future__ import annotations

from bot.accounts.caller import Missing
from bot.ids import read_id


def named(id: str, length: int = 10) -> str:
    """Take an id out of an address, as it was given out; raises Missing for what is none."""
    if read_id(id, length) != id:
        raise Missing
    return id
