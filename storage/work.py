"""All repositories on one connection."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.accounts import Accounts
from storage.admissions import Admissions
from storage.answers import Answers
from storage.assets import Assets
from storage.boards import Boards
from storage.codes import Codes
from storage.conversation import Drafts, Readings, Requests
from storage.coordination import Coordination
from storage.deliveries import Deliveries
from storage.encryption import KeyRing
from storage.jobs import Jobs
from storage.kits import Kits
from storage.pairing import Pairings
from storage.people import People
from storage.previews import Previews
from storage.sent import Messages, Pictures


@dataclass(frozen=True, slots=True)
class Work:
    """The repositories on one connection."""

    connection: AsyncConnection
    people: People
    pairings: Pairings
    codes: Codes
    kits: Kits
    assets: Assets
    drafts: Drafts
    readings: Readings
    previews: Previews
    deliveries: Deliveries
    requests: Requests
    messages: Messages
    pictures: Pictures
    boards: Boards
    accounts: Accounts
    admissions: Admissions
    answers: Answers
    jobs: Jobs
    coordination: Coordination


def work_on(connection: AsyncConnection, ring: KeyRing) -> Work:
    """Open them."""
    return Work(
        connection,
        People(connection, ring),
        Pairings(connection, ring),
        Codes(connection, ring),
        Kits(connection, ring),
        Assets(connection, ring),
        Drafts(connection, ring),
        Readings(connection, ring),
        Previews(connection, ring),
        Deliveries(connection, ring),
        Requests(connection, ring),
        Messages(connection, ring),
        Pictures(connection, ring),
        Boards(connection, ring),
        Accounts(connection, ring),
        Admissions(connection),
        Answers(connection, ring),
        Jobs(connection, ring),
        Coordination(connection),
    )
