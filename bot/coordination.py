"""What processes agree on in rows: who does what only one may do at a time, and how far something has come.

A lease is renewed by its holder and taken by another when it has run out.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app import App


async def take(app: App, name: str, holder: str, seconds: float) -> bool:
    """Take or renew a lease; False while another holds it."""
    async with app.store.writing() as work:
        return await work.coordination.take_lease(name, holder, app.clock(), seconds) is not None


async def drop(app: App, name: str, holder: str) -> None:
    """Give a lease back at once."""
    async with app.store.writing() as work:
        await work.coordination.drop_lease(name, holder)


async def marked(app: App, name: str) -> tuple[str, datetime] | None:
    """Tell how far something has come, and since when; None where nobody noted it."""
    async with app.store.reading() as work:
        return await work.coordination.mark(name)


async def mark(app: App, name: str, value: str) -> None:
    """Note how far something has come."""
    async with app.store.writing() as work:
        await work.coordination.set_mark(name, value, app.clock())


async def further(app: App, name: str, value: str) -> bool:
    """Note how far something has come; False where it has come further than that already."""
    async with app.store.writing() as work:
        return await work.coordination.advance(name, value, app.clock())
