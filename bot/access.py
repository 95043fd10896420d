"""Who may use the bot: everybody, who was invited or let in, or only who was let in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from bot.command import Ready, understand
from bot.ids import INVITE, read_id
from bot.message import Outcome, Reply, Request, Status
from bot.qr.refusal import Refused
from storage.admissions import words_off
from storage.store import Store

if TYPE_CHECKING:
    from bot.app import App
    from bot.context import Context

Policy = Literal["open", "invite", "closed"]

FRESH = timedelta(seconds=5)  # for which who was let in stays so without another look
SILENT = timedelta(hours=1)  # for which nobody is told twice
MOST = 10_000  # of those told of whom that is remembered
_OWN = (
    "console",
    "web",
    "account",
)  # whoever runs it, on their machine; who may have an account, SIGN_UP says


@dataclass(slots=True)
class Access:
    """Who may use the bot, as it was read last. ``operators`` always may."""

    policy: Policy = "open"
    operators: frozenset[str] = frozenset()
    _version: str = ""
    _looked: datetime | None = None
    _names: dict[str, bool] = field(default_factory=dict)
    _told: dict[str, datetime] = field(default_factory=dict)
    off: frozenset[str] = frozenset()  # commands that are switched off

    async def admits(self, store: Store, request: Request, now: datetime) -> bool:
        """Tell whether somebody may say this here; before it says no, it looks anew."""
        await self._look_again(store, now)
        if request.operator or request.actor.platform in _OWN or request.actor.key in self.operators:
            return True
        if self._let_in(request):
            return True
        await self._look(store, now)
        return self._let_in(request)

    async def words_off(self, store: Store, now: datetime) -> frozenset[str]:
        """Tell which words are switched off, also where nobody asks to be admitted, as over HTTP."""
        await self._look_again(store, now)
        return self.off

    async def _look_again(self, store: Store, now: datetime) -> None:
        if self._looked is None or now - self._looked >= FRESH:
            await self._look(store, now)

    async def _look(self, store: Store, now: datetime) -> None:
        async with store.reading() as work:
            version = await work.admissions.version()
            if version != self._version:
                listed = await work.admissions.listed()
                self._names = {each.name: each.allowed for each in listed}
                self.off = words_off(listed)
        self._version, self._looked = version, now

    def _let_in(self, request: Request) -> bool:
        return lets_in(self._names, names_of(request), self.policy)

    def tells(self, request: Request, now: datetime) -> bool:
        """Tell whether to say that somebody may not: where they wait for it, else once in a while."""
        if request.answered or request.awaited:
            return True
        if request.overheard or request.board:
            return False
        where = request.space.key  # in a group once for all
        last = self._told.pop(where, None)
        silent = last is not None and now - last < SILENT
        self._told[where] = last if silent and last is not None else now
        while len(self._told) > MOST:
            del self._told[next(iter(self._told))]
        return not silent


async def check_on(app: App, *words: str) -> None:
    """Raise Refused where one of these words is switched off, for what is asked in other terms than words."""
    refuse_off(await app.access.words_off(app.store, app.clock()), *words)


def refuse_off(off: frozenset[str], *words: str) -> None:
    """Raise Refused for a word that is switched off."""
    for word in words:
        if word in off:
            raise Refused("“{word}” is switched off here.", word=word)


def lets_in(known: Mapping[str, bool], names: Iterable[str], policy: Policy) -> bool:
    """Tell whether who goes by these names may use the bot, by what is known of some of them."""
    said = {known[name] for name in names if name in known}
    return False not in said and (policy == "open" or True in said)


def names_of(request: Request) -> set[str]:
    """Name all that a request may be let in by: account, chat, and of each what it is in (``slack:T1``)."""
    keys = (request.actor.key, request.space.key)
    return {name for key in keys for name in accumulate(key.split(":"), "{}:{}".format)}


def joining(context: Context) -> bool:
    """Tell whether somebody brings an invitation."""
    text = context.request.text
    meant = understand(context.commands, text) if text.strip() else None
    match meant:
        case Ready(command, values) if command.name == "join":
            return True
        case Ready(command, values) if command.name == "start":
            return read_id(str(values.get("payload", "")).strip(), INVITE) is not None
    return False


def barred(context: Context, access: Access) -> Outcome:
    """Say that somebody may not use the bot, kindly, or nothing."""
    if not access.tells(context.request, context.now):
        return Outcome(None)
    t = context.t
    body = (
        t("I am for invited people only. If you have an invitation, send me: /join and its code.")
        if access.policy == "invite"
        else t("I may not talk with you here. Please ask whoever runs this bot.")
    )
    return Outcome(Reply(body=body, status=Status.REFUSED, private=True))
