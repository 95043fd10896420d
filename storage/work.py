"""All repositories on one connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

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

R = TypeVar("R")


class _Made(Generic[R]):
    """A repository on some work's connection, made when it is asked for: nearly all work needs one or two."""

    def __init__(self, make: Callable[[AsyncConnection, KeyRing], R]) -> None:
        self._make = make

    def __get__(self, work: Work, _: type[Work]) -> R:
        return self._make(work.connection, work.ring)


@dataclass(frozen=True, slots=True)
class Work:
    """The repositories on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    people = _Made(People)
    pairings = _Made(Pairings)
    codes = _Made(Codes)
    kits = _Made(Kits)
    assets = _Made(Assets)
    drafts = _Made(Drafts)
    readings = _Made(Readings)
    previews = _Made(Previews)
    deliveries = _Made(Deliveries)
    requests = _Made(Requests)
    messages = _Made(Messages)
    pictures = _Made(Pictures)
    boards = _Made(Boards)
    accounts = _Made(Accounts)
    admissions = _Made(lambda connection, _: Admissions(connection))
    answers = _Made(Answers)
    jobs = _Made(Jobs)
    coordination = _Made(lambda connection, _: Coordination(connection))
