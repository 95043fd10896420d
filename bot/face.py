"""What the core asks of a platform's adapter, and how an adapter says that a send did not work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.message import Reply, Request
from bot.qr.picture import Picture, Rendered

Address = Mapping[str, str | int]
Draw = Callable[[Picture], Awaitable[Rendered]]


class TryLater(Exception):
    """The platform could not take it now: flood control, its own fault, or the network's.

    ``seconds``: how long it asked us to wait; None where it did not say.
    """

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


def nowhere(payload: str) -> str:
    """Give no address: for a platform where none opens the bot."""
    return ""


class Undeliverable(Exception):
    """The platform will never take it: blocked by the user, no such chat, a malformed message."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit that sends count against: so many a second, ``burst`` at once, shared by all processes."""

    key: str
    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Face:
    """A platform as the deliveries see it.

    ``send`` makes one platform message of one reply; raises TryLater or Undeliverable. ``prepare`` fetches
    what a request still lacks (uploads' bytes, whether the actor is an admin); raises the same. ``rates``
    names what a send to this address counts against. ``reach`` addresses an account's private chat. ``link``
    gives the web address that opens the bot there and brings it a word.
    """

    platform: str
    send: Callable[[Address, Reply, Draw], Awaitable[None]]
    prepare: Callable[[Request], Awaitable[Request]]
    rates: Callable[[Address], tuple[Rate, ...]]
    reach: Callable[[str], Address]
    link: Callable[[str], str] = nowhere
