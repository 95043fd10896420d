"""Workspaces that put the bot out: nothing is sent there, and after a while nothing of theirs is kept.

A while, since whoever puts it out by mistake finds everything again; it is as long as dead letters are kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.inserting import insert_on
from storage.people import forget_people
from storage.records import State
from storage.tables import (
    assets,
    boards,
    closures,
    codes,
    deliveries,
    departures,
    drafts,
    identities,
    kits,
    requests,
    shown,
)

KEPT = timedelta(days=30)  # that what a workspace's people made is kept after it put the bot out
WHY = "the app was uninstalled"
_MANY = 500  # ids in one statement
_PLACES: tuple[tuple[Table, Column[str]], ...] = (
    (codes, codes.c.space),
    (kits, kits.c.space),
    (assets, assets.c.owner),
    (drafts, drafts.c.space),
    (shown, shown.c.space),
    (closures, closures.c.space),
    (deliveries, deliveries.c.lane),
    (requests, requests.c.lane),
)


async def depart(connection: AsyncConnection, team: str, at: datetime) -> None:
    """Give up what is still to be done for a workspace, and note since when it is gone."""
    for table, lane in ((deliveries, deliveries.c.lane), (requests, requests.c.lane)):
        waits = _inside(lane, team) & (table.c.state == State.PENDING)
        given_up = {"state": State.DEAD, "finished_at": at, "error": WHY}
        await connection.execute(update(table).where(waits).values(given_up))
    theirs = boards.c.account.startswith(f"{team}:", autoescape=True)
    await connection.execute(delete(boards).where(boards.c.platform == "slack", theirs))
    noted = insert_on(connection, departures).values(team=team, at=at)
    await connection.execute(noted.on_conflict_do_update(index_elements=["team"], set_={"at": at}))


async def stay(connection: AsyncConnection, team: str) -> None:
    """Keep what is a workspace's after all, and let things be sent there again."""
    await connection.execute(delete(departures).where(departures.c.team == team))
    await connection.execute(delete(closures).where(_inside(closures.c.space, team)))


async def departed(connection: AsyncConnection) -> frozenset[str]:
    """Name the workspaces that have put the bot out, and are not forgotten yet."""
    return frozenset(await connection.scalars(select(departures.c.team)))


async def forget_departed(connection: AsyncConnection, now: datetime) -> int:
    """Delete what is a workspace's that has been gone long enough; answers of how many."""
    gone = select(departures.c.team).where(departures.c.at <= now - KEPT).order_by(departures.c.at).limit(10)
    teams = list(await connection.scalars(gone))
    for team in teams:
        await _forget(connection, team)
        await connection.execute(delete(departures).where(departures.c.team == team))
    return len(teams)


async def _forget(connection: AsyncConnection, team: str) -> None:
    """Delete a workspace's people, but those who are also elsewhere; they lose what they made in it."""
    there = (identities.c.platform == "slack") & identities.c.external_id.startswith(
        f"{team}:", autoescape=True
    )
    elsewhere = select(identities.c.person_id).where(~there)
    only = select(identities.c.person_id).where(there, identities.c.person_id.not_in(elsewhere)).distinct()
    people = list(await connection.scalars(only))
    for start in range(0, len(people), _MANY):
        await forget_people(connection, people[start : start + _MANY])
    await connection.execute(delete(identities).where(there))
    for table, place in _PLACES:
        await connection.execute(delete(table).where(_inside(place, team)))


def _inside(place: Column[str], team: str) -> ColumnElement[bool]:
    """Tell whether a space is in a workspace, or is the workspace itself."""
    return (place == f"slack:{team}") | place.startswith(f"slack:{team}:", autoescape=True)
