"""Many workspaces: a token for each, kept in rows that all processes share, and renewed before it ends.

A token that ends lives 12 hours; in its last two it is renewed by whoever claims that first, in a row and not
under a lock, so that no transaction waits for Slack. A refresh token works once. Where a process dies between
Slack's answer and its commit, the new pair is lost: the old token goes on to its end, the log says so each
hour, and then somebody has to install the app again; what is to be sent waits for that, for a day.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from aiohttp import ClientSession, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import PictureAddress, Slack
from adapters.slack.faults import FAULTS, why
from adapters.slack.journal import journaled
from adapters.slack.oauth import OAuth, Unfit, refreshed
from adapters.slack.places import LONGEST
from bot.app import App
from bot.face import Closed, TryLater
from bot.ids import new_id
from bot.installations import claim, claimed, expiring, hold_off, installed, join, renew
from bot.parked import outline
from storage.records import Installation, Uninstall

log = structlog.get_logger(__name__)

LAST = timedelta(hours=2)  # of a token's life, in which it is renewed
SWEEP = 60.0  # seconds between two looks for tokens that end
KNOWN, UNKNOWN = 30.0, 3.0  # seconds that a workspace, and one that is none of ours, is remembered
OVER = {"account_inactive", "token_revoked"}  # why a token is refused for ever
MOST = 10_000  # workspaces remembered
CLAIM = timedelta(seconds=90)  # that renewing takes at the most
PAUSE, LONG = timedelta(minutes=1), timedelta(hours=1)  # after Slack's fault, and after a refusal
REST = timedelta(seconds=5)  # after another process failed, until it is looked at again
PATIENCE = 1.0  # seconds that somebody waits for a new token while the old one lives
DEAD = 15.0  # and when it does not
LOOK = 0.1  # seconds between two looks at what another process renews
LONGEST_PAUSE = 15.0  # seconds between two tries to keep what was renewed


@dataclass(slots=True)
class Workspaces:
    """The workspaces that the app is installed in. ``whole``: those served by their organisation's token."""

    app: App
    oauth: OAuth
    client: Callable[[], AsyncWebClient]  # one without a token
    whole: set[str] = field(default_factory=set)
    _known: dict[str, tuple[float, Installation | None]] = field(default_factory=dict, repr=False)
    _renewing: dict[str, asyncio.Task[None]] = field(default_factory=dict, repr=False)
    _resting: dict[str, datetime] = field(default_factory=dict)  # until when nobody tries to renew again
    _told: set[str] = field(default_factory=set)

    async def of(self, team: str) -> Installation | None:
        """Find what holds in a workspace, or in an organisation."""
        until, held = self._known.get(team, (0.0, None))
        if time.monotonic() < until:
            return held
        held = await installed(self.app, team)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[team] = (time.monotonic() + (UNKNOWN if held is None else KNOWN), held)
        return held

    def forget(self) -> None:
        """Look everything up anew: an installation has changed."""
        self._known.clear()
        self._resting.clear()
        self.whole.clear()

    async def knows(self, team: str, enterprise: str) -> bool:
        """Tell whether the app is installed in a workspace; one of an organisation's own is noted as such."""
        if await self.of(team) is not None:
            return True
        around = await self.of(enterprise) if enterprise and enterprise != team else None
        if around is not None and around.whole and len(team) <= LONGEST:
            self._known.pop(team, None)
            if await join(self.app, team, enterprise):
                return True
            self.forget()  # it was put out, and another process heard of it
        if team not in self._told:
            self._told = self._told if len(self._told) < MOST else set()
            self._told.add(team)
            log.warning("slack posts for a workspace that has not installed this app", workspace=team)
        return False

    async def token_of(self, team: str) -> str:
        """Give a workspace's token, renewed where it ends soon.

        Raises Closed where the app is not installed, TryLater where the token has ended and is not renewed.
        """
        held = await self._installed(team)
        if self._ends(held) > LAST:
            return held.token
        if self._resting.get(held.id, self.app.clock()) > self.app.clock():
            return self._alive(held)
        task = self._renewing.get(held.id)
        if task is None:
            task = self._renewing[held.id] = asyncio.create_task(self._renew(held))
            task.add_done_callback(lambda _: self._renewing.pop(held.id, None))
        alive = self._ends(held) > timedelta()
        await asyncio.wait({task}, timeout=PATIENCE if alive else DEAD)
        return self._alive(await self._installed(team))

    def _alive(self, held: Installation) -> str:
        if self._ends(held) <= timedelta():
            raise TryLater("the workspace's token has ended", PAUSE.total_seconds())
        return held.token

    async def refused(self, team: str, token: str, said: str) -> None:
        """Look up anew a token that Slack refuses; one that is over for good ends its installation.

        Raises TryLater where there is another in its place, Closed where there is none.
        """
        self.forget()
        held = await self._installed(team)
        if held.token != token:
            raise TryLater("the token was renewed", 1.0)
        if said in OVER:  # nobody told us, or not yet; one installed since stays
            log.warning("slack's app was put out", workspaces=[held.id], error=said)
            await self.app.note("", (Uninstall(held.id, held.installed_at, self.app.clock()),))
            self.forget()
            raise Closed(said)

    async def _installed(self, team: str) -> Installation:
        held = await self.of(team)
        if held is None:
            raise Closed("the app is not installed there")
        (self.whole.add if held.whole and team != held.id else self.whole.discard)(team)
        return held

    def _ends(self, held: Installation) -> timedelta:
        """Tell how long a token still lives."""
        return timedelta.max if held.expires_at is None else held.expires_at - self.app.clock()

    # --- renewing -------------------------------------------------------------------------------------------

    async def keep_fresh(self) -> None:
        """Renew what ends soon before anybody needs it, until cancelled."""
        while True:
            await self.sweep()
            await asyncio.sleep(SWEEP)

    async def sweep(self) -> None:
        """Renew all that ends soon."""
        try:
            for team in await expiring(self.app, LAST):
                await self.token_of(team)
        except (Closed, TryLater):  # put out meanwhile, or said already
            return
        except Exception as error:  # the database is away; the next sweep tries again
            log.warning("slack's tokens were not looked after", error=outline(error))

    async def _renew(self, known: Installation) -> None:
        """Renew tokens, or wait until whoever claimed that has done it; never raises."""
        who = new_id()
        try:
            held = await installed(self.app, known.id)  # what is remembered may be older than a renewal
            if held is None or held.version != known.version:
                self.forget()
            elif await claim(self.app, held, who, CLAIM):
                await self._claimed(held, who)
            else:
                await self._awaited(held)
        except Exception as error:
            log.warning("slack's token was not renewed", workspace=known.id, error=outline(error))

    async def _claimed(self, held: Installation, who: str) -> None:
        try:
            anew = await refreshed(self.client(), self.oauth, held, self.app.clock())
        except (*FAULTS, Unfit) as error:
            said = why(error)
            spent = said == "invalid_refresh_token"
            if spent and await self._changed(held):
                return
            mend = "ask the workspace to install the app again before its token ends" if spent else ""
            log.warning("slack's token was not renewed", workspace=held.id, error=said, mend=mend)
            pause = LONG if spent else PAUSE
            self._resting[held.id] = self.app.clock() + pause
            await hold_off(self.app, held, who, pause)
            return
        self.forget()
        self._known[held.id] = (time.monotonic() + KNOWN, anew)  # while the database is away
        await self._kept(held, anew)

    async def _changed(self, held: Installation) -> bool:
        """Tell whether tokens were renewed, or the app installed anew, since they were looked up."""
        self.forget()
        now = await installed(self.app, held.id)
        return now is None or now.version != held.version

    async def _kept(self, held: Installation, anew: Installation) -> None:
        """Keep new tokens; they are nowhere else, so it is tried until it works."""
        pause = 0.5
        while True:
            try:
                if not await renew(self.app, held, anew):
                    log.info("slack's renewed token is not needed", workspace=held.id)
                self.forget()
                return
            except Exception as error:
                log.error("slack's new token could not be kept", workspace=held.id, error=outline(error))
            self._known[held.id] = (time.monotonic() + KNOWN, anew)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _awaited(self, held: Installation) -> None:
        """Wait until another process has renewed a token; where that one failed, rest as it does."""
        for _ in range(int(DEAD / LOOK)):
            if not await claimed(self.app, held):
                break
            await asyncio.sleep(LOOK)
        if not await self._changed(held):
            self._resting[held.id] = self.app.clock() + REST

    async def settle(self) -> None:
        """Give what is being renewed a moment, before everything closes."""
        if self._renewing:
            await asyncio.wait(set(self._renewing.values()), timeout=PATIENCE)
        for task in tuple(self._renewing.values()):
            task.cancel()


@asynccontextmanager
async def open_workspaces(
    app: App, oauth: OAuth, picture_address: PictureAddress | None = None
) -> AsyncIterator[Slack]:
    """Open the connection for all workspaces that the app is installed in."""
    async with ClientSession(timeout=ClientTimeout(total=30), trace_configs=journaled()) as http:
        base = f"{oauth.api_url.rstrip('/')}/"
        workspaces = Workspaces(app, oauth, lambda: AsyncWebClient(None, base_url=base, session=http))
        slack = Slack(oauth.api_url, http, workspaces.token_of, picture_address, workspaces=workspaces)
        try:
            yield slack
        finally:
            await slack.stop()
            await workspaces.settle()
