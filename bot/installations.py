"""Where the app is installed, for the adapters: begun and kept, found, renewed by one at a time, given up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage import departures
from storage.changes import Unit
from storage.installations import Installations
from storage.records import Install, Installation

if TYPE_CHECKING:
    from bot.app import App
    from storage.work import Work


def _of(work: Work) -> Installations:
    return Installations(work.connection, work.people.ring)


async def begin(app: App, secret: str, life: timedelta) -> bool:
    """Note that an installation was begun, by an HMAC of its secret alone; False where too many were."""
    now = app.clock()
    async with app.store.writing() as work:
        return await _of(work).begin(secret, now, now + life)


async def end(app: App, secret: str) -> bool:
    """Use up one that was begun; True for exactly one of all who try."""
    async with app.store.writing() as work:
        return await _of(work).end(secret, app.clock())


async def install(app: App, installation: Installation) -> None:
    """Keep an installation, in place of an earlier one there."""
    await app.store.commit(Unit("", app.clock(), (Install(installation),)))


async def installed(app: App, team: str) -> Installation | None:
    """Find what holds in a workspace: its own installation, else its organisation's."""
    async with app.store.reading() as work:
        return await _of(work).of(team)


async def join(app: App, team: str, enterprise: str) -> bool:
    """Note that a workspace belongs to an organisation; False where the app is not installed in that."""
    async with app.store.writing() as work:
        return await _of(work).join(team, enterprise)


async def departed(app: App) -> frozenset[str]:
    """Name the workspaces that have put the bot out, and are not forgotten yet."""
    async with app.store.reading() as work:
        return await departures.departed(work.connection)


async def returned(app: App, team: str) -> None:
    """Keep what is a workspace's that put the bot out, and has it again."""
    async with app.store.writing() as work:
        await departures.stay(work.connection, team)


async def expiring(app: App, within: timedelta) -> tuple[str, ...]:
    """Name installations whose token ends soon, and that nobody is renewing."""
    now = app.clock()
    async with app.store.reading() as work:
        return await _of(work).expiring(now + within, now)


async def claim(app: App, held: Installation, who: str, life: timedelta) -> bool:
    """Take the sole right to renew an installation's tokens; False where another has it, or renewed them."""
    now = app.clock()
    async with app.store.writing() as work:
        return await _of(work).claim(held, who, now, now + life)


async def claimed(app: App, held: Installation) -> bool:
    """Tell whether somebody is renewing these tokens at this moment."""
    async with app.store.reading() as work:
        return await _of(work).claimed(held, app.clock())


async def hold_off(app: App, held: Installation, who: str, pause: timedelta) -> None:
    """Let nobody try to renew them for a while."""
    async with app.store.writing() as work:
        await _of(work).hold_off(held, who, app.clock() + pause)


async def renew(app: App, held: Installation, renewed: Installation) -> bool:
    """Keep new tokens; False where the app was installed anew, or put out, meanwhile."""
    async with app.store.writing() as work:
        return await _of(work).renew(held, renewed)
