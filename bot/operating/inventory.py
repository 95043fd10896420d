"""What operators look over: keys in use, installations, places with a kit or that take nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.installations import Installations
from storage.inventory import Inventory
from storage.operations import Place
from storage.records import Installation

if TYPE_CHECKING:
    from bot.context import Context


@dataclass(frozen=True, slots=True)
class Key:
    """A key by its id, and how much it sealed. ``held``: it is set; ``first``: it encrypts."""

    id: str
    values: int
    held: bool
    first: bool


async def keys(context: Context) -> tuple[Key, ...]:
    """List the keys that are set, in their order, and those that are missing for something that is kept."""
    held = context.work.people.ring.ids
    counted = await Inventory(context.work.connection).sealed()
    ids = (*held, *sorted(counted.keys() - set(held)))
    return tuple(Key(id, counted[id], id in held, id == held[0]) for id in ids)


async def installations(context: Context) -> tuple[Installation, ...]:
    """List where the app is installed."""
    return await Installations(context.work.connection, context.work.people.ring).all()


async def places(context: Context, after: str, *, limit: int) -> tuple[Place, ...]:
    """List the spaces that have a kit, or take nothing."""
    return await Inventory(context.work.connection).places(after, limit=limit)
