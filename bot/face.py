"""What the core asks of a platform's adapter, and how an adapter says that a send did not work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

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


class Closed(Undeliverable):
    """The platform takes nothing for this space any more: the bot was blocked, or put out of it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit that sends count against: so many a second, ``burst`` at once, counted by all processes.

    ``common``: of everything that is sent, not of one place.
    """

    key: str
    per_second: float
    burst: int = 1
    common: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What a platform made of a reply, in the adapter's own words, which it alone reads.

    ``message``: where it stands. ``file``: its picture, to be sent again without being drawn; empty where
    there is none, or another reply may not use it.
    """

    message: str = ""
    file: str = ""


class Overtaken(Exception):
    """The platform shows something else by now than what this was to take the place of."""


class NotYet(Exception):
    """A message has to wait for its turn, and nothing of its reply was sent yet."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


Turn = Callable[[Address, Reply], Awaitable[None]]


async def at_once(address: Address, reply: Reply) -> None:
    """Let a message go without waiting for its turn."""


class Send(Protocol):
    """How a face makes one platform message of one reply; raises TryLater or Undeliverable.

    ``known``: the reply's picture, as ``Sent.file`` named it; ``draw`` draws it where it is no longer good.
    ``instead``: the message whose place it takes, as ``Sent.message`` named it. ``turn`` is awaited right
    before each message, when all is drawn: it raises NotYet where the first has to wait, and waits for those
    that follow.
    """

    async def __call__(
        self,
        address: Address,
        reply: Reply,
        draw: Draw,
        *,
        known: str = "",
        instead: str = "",
        turn: Turn = at_once,
    ) -> Sent:
        """Send it."""


async def nothing(address: Address, age: float) -> None:
    """Do nothing about a press: on some platforms it needs no answer of its own."""


# Shows a board in place of what the platform calls by the third, and gives its name for this one; raises
# Overtaken, TryLater, Undeliverable.
Show = Callable[[Address, Reply, str], Awaitable[str]]


def never(address: Address, reply: Reply) -> bool:
    """Tell that nothing changes the message pressed."""
    return False


@dataclass(frozen=True, slots=True)
class Finding:
    """What ``qr-gen doctor`` found: about what, how it is, and what to do where that is not right.

    ``light``: what it serves works all the same.
    """

    what: str
    how: str
    mend: str = ""  # empty: all is well
    light: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """A platform as the deliveries see it.

    ``prepare`` fetches what a request still lacks (uploads' bytes, whether the actor is an admin); raises as
    ``send`` does. ``rates`` names what a reply to this address counts against. ``reach`` addresses an
    account's private chat. ``link`` gives the web address that opens the bot there and brings it a word.
    ``account`` names the bot itself, where uploads may be used again. ``noticed`` ends a press's waiting
    sign; its second value is the seconds since. ``in_place``: the reply would change the message pressed, and
    so makes an earlier change of it needless. ``show`` puts a board before somebody, where the platform has
    such pages.
    """

    platform: str
    send: Send
    prepare: Callable[[Request], Awaitable[Request]]
    rates: Callable[[Address, Reply], tuple[Rate, ...]]
    reach: Callable[[str], Address]
    link: Callable[[str], str] = nowhere
    account: str = ""
    noticed: Callable[[Address, float], Awaitable[None]] = nothing
    show: Show | None = None
    in_place: Callable[[Address, Reply], bool] = never
