"""Socket Mode: two sockets, so that one is open while the other is renewed; acknowledged after the commit.

Our own loop: the SDK's client closes a socket before it opens the next, and drops what waits in its memory.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType

from adapters.slack.connection import Slack
from adapters.slack.faults import FAULTS, WRONG, why
from adapters.slack.receive import Dispatch
from adapters.slack.serve import WrongToken
from bot.parked import outline

log = structlog.get_logger(__name__)

SOCKETS = 2
HEARTBEAT = 15.0  # seconds between pings; a socket that does not answer is closed
GRACE = 10.0  # seconds that a socket told to go may still bring what is under way
LASTING = 3.0  # seconds after which a socket counts as one that works
AWAY = 15.0  # seconds without one that works, after which that is said
LONGEST_PAUSE = 8.0  # seconds between two tries: after an outage both sockets are soon back
LARGEST = 4 * 1024 * 1024  # bytes of a message


Trouble = Callable[[str], None]  # takes what is wrong, "" where nothing is


@dataclass(slots=True)
class _Working:
    """The sockets that work: open, and not closed right after. ``why`` the last one could not be opened."""

    some: asyncio.Event = field(default_factory=asyncio.Event)
    none: asyncio.Event = field(default_factory=asyncio.Event)
    why: str = ""
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.none.set()

    def add(self, talk: asyncio.Task[None]) -> None:
        """Count one that has lasted."""
        self._talks.add(talk)
        self.some.set()
        self.none.clear()

    def discard(self, talk: asyncio.Task[None]) -> None:
        """Count one no longer."""
        self._talks.discard(talk)
        if not self._talks:
            self.none.set()
            self.some.clear()


async def listen(slack: Slack, app_token: str, dispatch: Dispatch, trouble: Trouble = lambda _: None) -> None:
    """Keep two sockets open until cancelled; raises WrongToken where the first one is refused for it.

    ``trouble`` is told when there has been none for a while, and with "" when there is one again.
    """
    working = _Working()
    keeping = [asyncio.create_task(_keep_open(slack, app_token, dispatch, working)) for _ in range(SOCKETS)]
    keeping.append(asyncio.create_task(_watch(working, trouble)))
    try:
        ended, _ = await asyncio.wait(keeping, return_when=asyncio.FIRST_COMPLETED)
        ended.pop().result()
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)


async def _watch(working: _Working, trouble: Trouble) -> None:
    """Say once that no socket works any more, and once that one does again."""
    while True:
        await working.none.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(AWAY):
                await working.some.wait()
                continue
        told = _told(working.why)
        log.error("slack cannot reach us: no socket is open", why=working.why)
        trouble(told)
        await working.some.wait()
        trouble("")
        log.info("slack reaches us by its sockets again")


def _told(said: str) -> str:
    if said in WRONG:
        return "Slack does not take the app’s token any more. Copy it again, into SLACK_APP_TOKEN."
    why = f" ({said})" if said else ""
    return f"Slack’s sockets cannot be opened{why}. Look at qr-gen doctor, and at the network."


async def _keep_open(slack: Slack, app_token: str, dispatch: Dispatch, working: _Working) -> None:
    """Open a socket, and the next as soon as this one is told to go or breaks."""
    talks: set[asyncio.Task[None]] = set()
    known, failures, said = False, 0, None
    try:
        while True:
            await asyncio.sleep(_pause(failures))
            started = time.monotonic()
            try:
                socket = await _connect(slack, app_token)
            except FAULTS as error:
                if why(error) in WRONG and not known:
                    raise WrongToken("app") from None
                failures += 1
                working.why = why(error)
                if working.why != said:
                    log.warning("slack's socket cannot be opened", error=working.why)
                said = working.why
                continue
            known, said, working.why, leaving = True, None, "", asyncio.Event()
            talk = asyncio.create_task(_talk(socket, dispatch, leaving))
            talks.add(talk)
            talk.add_done_callback(talks.discard)
            _count(working, talk)
            await leaving.wait()
            failures = 0 if time.monotonic() - started > LASTING else failures + 1
    finally:
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


def _count(working: _Working, talk: asyncio.Task[None]) -> None:
    """Let a socket count as one that works once it has lasted, until it is closed."""
    counting = asyncio.get_running_loop().call_later(LASTING, working.add, talk)

    def ended(_: asyncio.Task[None]) -> None:
        counting.cancel()
        working.discard(talk)

    talk.add_done_callback(ended)


def _pause(failures: int) -> float:
    """Say how long to wait after so many in a row: one is followed at once, the others ever later."""
    return min(LONGEST_PAUSE, 2.0 ** min(failures - 2, 10)) if failures > 1 else 0.0


async def _connect(slack: Slack, app_token: str) -> ClientWebSocketResponse:
    opened: Any = await slack.with_token().apps_connections_open(app_token=app_token)
    return await slack.http.ws_connect(str(opened["url"]), heartbeat=HEARTBEAT, max_msg_size=LARGEST)


async def _talk(socket: ClientWebSocketResponse, dispatch: Dispatch, leaving: asyncio.Event) -> None:
    """Read a socket until it ends; its envelopes are handled side by side, and awaited before it closes."""
    under_way: set[asyncio.Task[None]] = set()
    try:
        async for read in socket:
            envelope = json.loads(read.data) if read.type is WSMsgType.TEXT else None
            if not isinstance(envelope, dict):
                continue
            if envelope.get("type") == "disconnect":
                leaving.set()
            elif "envelope_id" in envelope:
                task = asyncio.create_task(_answer(socket, envelope, dispatch))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
    except (ClientError, ValueError, RecursionError, OSError) as error:
        log.warning("slack's socket broke", error=outline(error))
    finally:
        leaving.set()
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await socket.close()


async def _answer(socket: ClientWebSocketResponse, envelope: dict[str, Any], dispatch: Dispatch) -> None:
    """Handle an envelope and acknowledge it; one that was not kept stays unacknowledged, and comes again."""
    body = envelope.get("payload")
    status, answer = await dispatch(body) if isinstance(body, dict) else (200, None)
    if status != 200:
        return
    told = {"envelope_id": envelope["envelope_id"], **({"payload": answer} if answer else {})}
    with suppress(ConnectionError):
        await socket.send_json(told)
