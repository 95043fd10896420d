"""What a machine of accounts is known to hold, and how it does things on a store."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine

from bot.accounts.caller import Accounts, Caller, request_of
from bot.context import Context
from bot.ids import new_id
from bot.message import Outcome
from storage.account import User
from storage.changes import AddCode, Change
from storage.encryption import KeyRing
from storage.records import Code
from storage.store import open_store
from storage.url import database_url
from tests.accounts.holding import cheap, never
from tests.core.talking import Core, core_on
from tests.full import FULL

T = TypeVar("T")
CASES = settings(
    max_examples=400 if FULL else 10,
    stateful_step_count=60 if FULL else 40,
    deadline=None,
    phases=tuple(Phase) if FULL else (Phase.reuse, Phase.generate),  # a failure is told as it was found
)


@dataclass(slots=True, eq=False)
class Session:
    """What a session is known to be. ``secrets``: cookie, or refresh tokens of which the last holds."""

    id: str
    secrets: list[str]
    created: datetime
    used: datetime
    until: datetime
    page: bool
    access: list[tuple[str, datetime]] = field(default_factory=list)  # tokens, and until when
    over: bool = False


@dataclass(slots=True, eq=False)
class Person:
    """What somebody is known to have. An account that was deleted stays, with what it held."""

    user: User
    password: str
    sessions: list[Session] = field(default_factory=list)
    keys: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)  # text to id, end
    revoked: list[str] = field(default_factory=list)
    codes: dict[str, bool] = field(default_factory=dict)  # to whether it is a favourite
    gone: bool = False

    @property
    def caller(self) -> Caller:
        """Come with no session in particular."""
        return Caller(self.user)


class Holding(RuleBasedStateMachine):
    """A store, and what should be in it."""

    def __init__(self, blank: Path, folder: Path) -> None:
        super().__init__()
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        self.people: list[Person | None] = [None] * 2
        self.past: list[Person] = []
        self.numbers = count()
        path = shutil.copy(blank, folder / f"{new_id()}.db")
        ring = KeyRing((bytes(range(32)),))
        store = self.run(self.stack.enter_async_context(open_store(database_url(f"sqlite:///{path}"), ring)))
        self.core: Core = core_on(store)
        self.accounts: Accounts = cheap(self.core, attempts=never)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end."""
        return self.runner.run(work)

    def fails(self, work: Coroutine[Any, Any, Any], *kinds: type[Exception]) -> None:
        """Do what is refused."""
        with pytest.raises(kinds):
            self.run(work)

    def teardown(self) -> None:
        """Close the store."""
        self.run(self.stack.aclose())
        self.accounts.hashing.shutdown()
        self.runner.close()

    @property
    def now(self) -> datetime:
        """Tell the time."""
        return self.core.app.clock()

    def does(self, person: Person, change: Callable[[Context], Change]) -> Coroutine[Any, Any, Outcome]:
        """Do something as a route does, in somebody's name."""

        async def act(context: Context) -> Outcome:
            return Outcome(None, (change(context),))

        return self.core.app.perform(request_of(person.caller.actor), act)

    def session(self, slot: int, nth: int) -> tuple[Person, Session] | None:
        """Choose one of somebody's sessions."""
        person = self.people[slot]
        return (person, person.sessions[nth % len(person.sessions)]) if person and person.sessions else None


def coded(context: Context) -> Change:
    """Make a code."""
    where = context.request.space.key
    return AddCode(Code(new_id(), context.person.id, where, "text", "x", "x", "{}", "png", context.now))
