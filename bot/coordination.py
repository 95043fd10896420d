"""What only one process may do at a time: a lease in a row, renewed by its holder, taken when it expires."""

from __future__ import annotations

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
