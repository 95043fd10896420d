"""Who asks with an account, and what the functions on accounts work with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import structlog
from argon2 import PasswordHasher

from bot.accounts.attempts import Attempts
from bot.app import App
from bot.limiting import Limiting
from bot.message import Actor, Asking, Request, Space
from bot.parked import outline
from storage.account import ACCOUNT, User
from storage.changes import Change, Unit

log = structlog.get_logger(__name__)

SignUp = Literal["open", "invite", "closed"]

READ, WRITE, PICTURES = "codes:read", "codes:write", "pictures"
SCOPES = {
    READ: "see your codes and kits",
    WRITE: "make, change and delete codes and kits",
    PICTURES: "draw, read and prove pictures without keeping anything",
}  # of an API key, to what each lets a program do


class Unauthenticated(Exception):
    """Nobody we know: wrong, expired, revoked, or disabled. Which of these is nobody's business."""


class Forbidden(Exception):
    """Known, and not allowed to."""


class Taken(Exception):
    """The e-mail address has an account already."""


class Missing(Exception):
    """There is no such thing, or it is somebody else's."""


class TooMany(Exception):
    """Too many tries; ``seconds`` until the next one counts."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. ``scopes``: what their API key allows; None for an access token or a browser, which may all.

    ``session``: the id of the one it belongs to; empty for an API key.
    """

    user: User
    scopes: frozenset[str] | None = None
    session: str = ""

    @property
    def actor(self) -> Actor:
        """Say who speaks: the person that the account belongs to is found by it."""
        return Actor(ACCOUNT, self.user.id, self.user.email)

    def may(self, scope: str) -> bool:
        """Tell whether they may do that."""
        return self.scopes is None or scope in self.scopes


def nothing_more(made: object) -> tuple[Change, ...]:
    """Commit nothing beside what is made."""
    return ()


def request_of(actor: Actor, request_id: str = "") -> Request:
    """Ask the core for something with an account, in a space of its own."""
    space = Space(ACCOUNT, actor.id)
    return Request(request_id, actor, space, answered=True, asking=Asking.FORM)


HASHES = 2  # at once: each takes 64 MiB and all of a core's time for a seventh of a second
_LEAST = 32  # bytes of a key (RFC 7518, 3.2)


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the functions on accounts work with.

    ``token_keys`` sign access tokens: the first signs, all verify. ``issuer`` names this installation.
    ``hasher``: Argon2id, as RFC 9106, 4 recommends where memory is short; ``hashing`` runs it, and is as wide
    as may be hashed at once. ``aside``: what is done beside the requests, by what it is about.

    Raises ValueError for a key that is too short.
    """

    app: App
    token_keys: tuple[bytes, ...] = field(repr=False)
    issuer: str
    sign_up: SignUp
    attempts: Attempts = field(default_factory=lambda: Limiting(None).wait)
    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    hashing: Executor = field(default_factory=partial(ThreadPoolExecutor, HASHES, "argon2"), repr=False)
    aside: dict[str, asyncio.Task[None]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Check the keys."""
        if not self.token_keys or min(map(len, self.token_keys)) < _LEAST:
            raise ValueError(f"a key for access tokens has at least {_LEAST} bytes")

    async def commit(self, *changes: Change) -> None:
        """Commit changes, all or none of them; raises Stale."""
        await self.app.store.commit(Unit(at=self.app.clock(), changes=changes))

    def beside(self, about: str, work: Callable[[], Awaitable[None]], failed: str) -> None:
        """Do something beside the request that it came with, unless it is being done.

        Nobody waits for it: where it fails, ``failed`` is logged.
        """
        if about in self.aside:
            return

        async def tried() -> None:
            try:
                await work()
            except Exception as error:
                log.warning(failed, error=outline(error))

        task = self.aside[about] = asyncio.create_task(tried())
        task.add_done_callback(lambda done: self.aside.pop(about))
