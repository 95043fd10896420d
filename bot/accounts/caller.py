"""Who asks with an account, and what the functions on accounts work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.app import App
from bot.message import Actor
from storage.account import ACCOUNT, User

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


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the functions on accounts work with.

    ``token_keys`` sign access tokens: the first signs, all verify. ``issuer`` names this installation.
    """

    app: App
    token_keys: tuple[bytes, ...] = field(repr=False)
    issuer: str
    sign_up: SignUp
