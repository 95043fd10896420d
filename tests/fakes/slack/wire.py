"""How Slack posts to the app what people did: signed over HTTP, or as envelopes through its sockets.

docs.slack.dev/authentication/verifying-requests-from-slack, …/apis/events-api/using-socket-mode. Events are
repeated three times, all else is posted once.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType, web

from tests.fakes.ledger import JSON
from tests.fakes.slack.world import Channel, Message, Person, World

LIMIT = 3.0  # seconds to acknowledge in
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the app answered; status 0: nothing within three seconds, or no connection."""

    status: int
    body: Any = None
    seconds: float = 0.0


@dataclass(slots=True)
class AnswerUrl:
    """A response_url: for whom, where, and the message whose button made it."""

    channel: Channel
    person: Person
    message: Message | None
    at: float
    uses: int = 0


class Wire(World):
    """Posts to the app. ``patience``: seconds; a test of what is lost under load may give more."""

    def __init__(self, scopes: frozenset[str]) -> None:
        super().__init__(scopes)
        self.events_url = ""
        self.urls: dict[str, AnswerUrl] = {}
        self.tickets: set[str] = set()
        self.sockets: list[web.WebSocketResponse] = []
        self.posted: list[tuple[str, JSON]] = []
        self.patience = LIMIT
        self.spoiled = 0  # how many tickets will not be taken
        self._acknowledged: dict[str, asyncio.Future[Acknowledged]] = {}
        self._http: ClientSession | None = None
        self.url = ""

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Open what posts to the app."""
        async with ClientSession() as self._http:
            yield

    async def event(self, event: JSON) -> Acknowledged:
        """Post an event, and repeat it while the app does not acknowledge it."""
        body = {
            "token": "deprecated", "team_id": self.team, "api_app_id": self.app_id, "event": event,
            "type": "event_callback", "event_id": f"Ev{self.number():08}", "event_time": int(self.now()),
            "is_ext_shared_channel": event.get("user_team", self.team) != self.team,
            "authorizations": [{"team_id": self.team, "user_id": self.bot_user, "is_bot": True}],
        }  # fmt: skip
        done = await self.deliver("events_api", body)
        for _ in range(REPEATS):
            if 200 <= done.status < 300:
                break
            await asyncio.sleep(0.05)  # a minute and more, in the real one
            done = await self.deliver("events_api", body)
        return done

    async def again(self) -> Acknowledged:
        """Post the last body once more, as after an acknowledgement that got lost."""
        return await self.deliver(*self.posted[-1])

    async def deliver(self, kind: str, body: JSON) -> Acknowledged:
        """Post a body over HTTP, or through a socket where there is no address."""
        self.posted.append((kind, body))
        if not self.events_url:
            return await self._through_socket(kind, body)
        if kind == "slash_commands":
            raw, media_type = urlencode(body), "application/x-www-form-urlencoded"
        elif kind == "interactive":
            raw, media_type = urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded"
        else:
            raw, media_type = json.dumps(body), "application/json"
        return await self.post_raw(raw.encode(), self.signed(raw.encode()) | {"Content-Type": media_type})

    # --- HTTP ------------------------------------------------------------------------------------------

    def signed(self, raw: bytes, at: float | None = None) -> dict[str, str]:
        """Sign a body as of a moment."""
        stamp = str(int(time.time() if at is None else at))
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": self.mac(stamp, raw)}

    def mac(self, stamp: str, raw: bytes) -> str:
        """Compute a signature over whatever stands for the time."""
        digest = hmac.new(self.signing_secret.encode(), f"v0:{stamp}:".encode() + raw, "sha256").hexdigest()
        return f"v0={digest}"

    async def post_raw(self, raw: bytes, headers: dict[str, str]) -> Acknowledged:
        """Post anything."""
        assert self._http is not None  # opened with the fake
        start, timeout = time.monotonic(), ClientTimeout(total=self.patience)
        try:
            async with self._http.post(self.events_url, data=raw, headers=headers, timeout=timeout) as answer:
                text = await answer.text()
                body = json.loads(text) if text.startswith("{") else text or None
                return Acknowledged(answer.status, body, time.monotonic() - start)
        except (ClientError, TimeoutError):
            return Acknowledged(0, None, time.monotonic() - start)

    # --- sockets ---------------------------------------------------------------------------------------

    async def _through_socket(self, kind: str, body: JSON) -> Acknowledged:
        """Send an envelope to any socket; where that dies unacknowledged, to another."""
        start, envelope = time.monotonic(), secrets.token_hex(8)
        told = {
            "envelope_id": envelope,
            "type": kind,
            "payload": body,
            "accepts_response_payload": kind != "events_api",
        }
        while time.monotonic() - start < self.patience:
            open_ones = [socket for socket in self.sockets if not socket.closed]
            if not open_ones:
                await asyncio.sleep(0.02)
                continue
            socket = open_ones[self.number() % len(open_ones)]
            future = self._acknowledged[envelope] = asyncio.get_running_loop().create_future()
            with suppress(ConnectionError):
                await socket.send_json(told)
            while not future.done() and socket in self.sockets and time.monotonic() - start < self.patience:
                await asyncio.wait({future}, timeout=0.05)
            if future.done():
                done = future.result()
                return Acknowledged(200, done.body, time.monotonic() - start)
        return Acknowledged(0, None, time.monotonic() - start)

    async def linked(self, request: web.Request) -> web.WebSocketResponse:
        """Talk on a socket: a ticket opens one."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            raise web.HTTPForbidden
        self.tickets.discard(ticket)
        if self.spoiled:
            self.spoiled -= 1
            raise web.HTTPForbidden
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets) + 1})
        self.sockets.append(socket)
        self.noted()
        try:
            async for read in socket:
                if read.type is WSMsgType.TEXT:
                    answer = json.loads(read.data)
                    future = self._acknowledged.pop(answer.get("envelope_id", ""), None)
                    if future is not None and not future.done():
                        future.set_result(Acknowledged(200, answer.get("payload")))
        finally:
            if socket in self.sockets:
                self.sockets.remove(socket)
            self.noted()
        return socket

    async def refresh(self, *, close: bool = True) -> None:
        """Ask the app to renew its sockets, and close those of now a moment later."""
        before = tuple(self.sockets)
        for socket in before:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        if close:
            await asyncio.sleep(0.2)
            await self.cut(*before)

    async def cut(self, *sockets: web.WebSocketResponse) -> None:
        """Close sockets, without a word before."""
        for socket in sockets:
            await socket.close()

    def answers(self, channel: Channel, person: Person, message: Message | None) -> str:
        """Make a response_url."""
        ticket = secrets.token_hex(8)
        self.urls[ticket] = AnswerUrl(channel, person, message, self.now())
        return f"{self.url}/respond/{ticket}"
