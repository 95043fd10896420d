"""The people of the workspace, who act as a client lets them, and how Slack posts what they did to the app.

Over HTTP it is signed (docs.slack.dev/authentication/verifying-requests-from-slack); over a socket it is an
envelope (docs.slack.dev/apis/events-api/using-socket-mode). Events are repeated three times, all else is posted
once.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType, web

from tests.fakes.ledger import JSON
from tests.fakes.slack.world import Channel, File, Message, Person, View, World

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


def written(text: str) -> str:
    """Escape a text as Slack does, and mark its addresses."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(
        f"<{word}>" if word.startswith(("http://", "https://")) else word for word in escaped.split(" ")
    )


class People(World):
    """Lets a test act as the people do."""

    def __init__(self, scopes: frozenset[str]) -> None:
        super().__init__(scopes)
        self.events_url = ""
        self.urls: dict[str, AnswerUrl] = {}
        self.tickets: set[str] = set()
        self.sockets: list[web.WebSocketResponse] = []
        self.posted: list[tuple[str, JSON]] = []
        self._acknowledged: dict[str, asyncio.Future[Acknowledged]] = {}
        self._http: ClientSession | None = None
        self.url = ""

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Open what posts to the app."""
        async with ClientSession(timeout=ClientTimeout(total=LIMIT)) as self._http:
            yield

    # --- what people do --------------------------------------------------------------------------------

    async def command(self, person: Person, channel: Channel, text: str, name: str = "/qr") -> Acknowledged:
        """Type a slash command; it is posted as typed, with ``& < >`` escaped."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        body = {
            "token": "deprecated", "team_id": self.team, "team_domain": "test", "channel_id": channel.id,
            "channel_name": "directmessage" if channel.direct else channel.name, "user_id": person.id,
            "user_name": person.name, "command": name, "text": escaped, "api_app_id": self.app_id,
            "is_enterprise_install": "false", "response_url": self._answers(channel, person, None),
            "trigger_id": self.trigger(person),
        }  # fmt: skip
        return await self.deliver("slash_commands", body)

    async def press(self, person: Person, message: Message, label: str) -> Acknowledged:
        """Press the button with this label."""
        found = [button for button in message.buttons() if button["text"]["text"] == label]
        assert found, f"no button {label!r} among {message.labels()}"
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel.id}
        body = {
            "type": "block_actions", "team": {"id": self.team, "domain": "test"}, "api_app_id": self.app_id,
            "user": {"id": person.id, "name": person.name, "username": person.name, "team_id": self.team},
            "container": container | {"is_ephemeral": message.seen_by is not None},
            "channel": {"id": message.channel.id, "name": message.channel.name},
            "trigger_id": self.trigger(person), "token": "deprecated",
            "response_url": self._answers(message.channel, person, message),
            "actions": [{**found[0], "type": "button", "action_ts": str(self.now())}],
        }  # fmt: skip
        return await self.deliver("interactive", body)

    async def submit(self, person: Person, **values: str) -> Acknowledged:
        """Fill in the view that stands open before somebody, and send it; it closes unless refused."""
        view = self.view(person)
        held = {
            block["block_id"]: {
                block["element"]["action_id"]: _entered(block["element"], values.get(block["block_id"]))
            }
            for block in view.payload["blocks"]
            if block["type"] == "input"
        }
        assert set(values) <= set(held), f"no such fields: {sorted(set(values) - set(held))}"
        body = {
            "type": "view_submission", "team": {"id": self.team, "domain": "test"}, "api_app_id": self.app_id,
            "user": {"id": person.id, "name": person.name, "username": person.name, "team_id": self.team},
            "trigger_id": self.trigger(person), "token": "deprecated", "response_urls": [],
            "view": {**view.payload, "id": view.id, "hash": view.hash, "state": {"values": held}},
        }  # fmt: skip
        done = await self.deliver("interactive", body)
        if done.status == 200 and not (done.body or {}).get("response_action"):
            del self.views[view.id]
        return done

    def view(self, person: Person) -> View:
        """Give the view that stands open before somebody."""
        return [view for view in self.views.values() if view.person is person][-1]

    async def say(
        self, person: Person, channel: Channel, text: str, *, files: Sequence[File] = (), **fields: Any
    ) -> Acknowledged:
        """Write into a channel; the app hears of direct messages, and of those that mention it."""
        mentioned = f"<@{self.bot_user}>" in text
        event: JSON = {
            "type": "app_mention" if mentioned else "message", "user": person.id, "team": self.team,
            "text": text if mentioned else written(text), "channel": channel.id,
            "ts": f"{int(self.now())}.{self.number():06}", "event_ts": str(self.now()), **fields,
        }  # fmt: skip
        if channel.direct and not mentioned:
            event["channel_type"] = "im"
        if files:
            event["subtype"] = "file_share"
            about = [
                {"id": f.id, "name": f.name, "mimetype": f.media_type, "size": len(f.data)} for f in files
            ]
            event["files"] = about
        return await self.event(event)

    def file(self, person: Person, name: str, data: bytes) -> File:
        """Let somebody upload a file."""
        file = File(f"F{self.number():08}", name, len(data), data, person.id)
        self.files[file.id] = file
        return file

    async def event(self, event: JSON) -> Acknowledged:
        """Post an event, and repeat it while the app does not acknowledge it."""
        body = {
            "token": "deprecated", "team_id": self.team, "api_app_id": self.app_id, "event": event,
            "type": "event_callback", "event_id": f"Ev{self.number():08}", "event_time": int(self.now()),
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

    # --- on the wire -----------------------------------------------------------------------------------

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

    def signed(self, raw: bytes, at: float | None = None) -> dict[str, str]:
        """Sign a body as of a moment."""
        stamp = str(int(time.time() if at is None else at))
        mac = hmac.new(self.signing_secret.encode(), f"v0:{stamp}:".encode() + raw, "sha256").hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}

    async def post_raw(self, raw: bytes, headers: dict[str, str]) -> Acknowledged:
        """Post anything."""
        assert self._http is not None  # opened with the fake
        start = time.monotonic()
        try:
            async with self._http.post(self.events_url, data=raw, headers=headers) as answer:
                text = await answer.text()
                body = json.loads(text) if text.startswith("{") else text or None
                return Acknowledged(answer.status, body, time.monotonic() - start)
        except (ClientError, TimeoutError):
            return Acknowledged(0, None, time.monotonic() - start)

    async def _through_socket(self, kind: str, body: JSON) -> Acknowledged:
        """Send an envelope to any socket; where that dies unacknowledged, to another."""
        start, envelope = time.monotonic(), secrets.token_hex(8)
        told = {
            "envelope_id": envelope,
            "type": kind,
            "payload": body,
            "accepts_response_payload": kind != "events_api",
        }
        while time.monotonic() - start < LIMIT:
            open_ones = [socket for socket in self.sockets if not socket.closed]
            if not open_ones:
                await asyncio.sleep(0.02)
                continue
            socket = open_ones[self.number() % len(open_ones)]
            future = self._acknowledged[envelope] = asyncio.get_running_loop().create_future()
            with suppress(ConnectionError):
                await socket.send_json(told)
            while not future.done() and socket in self.sockets and time.monotonic() - start < LIMIT:
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

    async def refresh(self) -> None:
        """Ask the app to renew its sockets, and close those of now a moment later."""
        before = tuple(self.sockets)
        for socket in before:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await asyncio.sleep(0.2)
        for socket in before:
            await socket.close()

    def _answers(self, channel: Channel, person: Person, message: Message | None) -> str:
        ticket = secrets.token_hex(8)
        self.urls[ticket] = AnswerUrl(channel, person, message, self.now())
        return f"{self.url}/respond/{ticket}"


def _entered(element: JSON, value: str | None) -> JSON:
    """Say what an element holds: what was entered, or what stood there."""
    if element["type"] == "static_select":
        chosen = [option for option in element["options"] if option["value"] == value]
        assert value is None or chosen, f"no such option: {value}"
        return {
            "type": "static_select",
            "selected_option": chosen[0] if chosen else element.get("initial_option"),
        }
    given = element.get("initial_value") if value is None else value
    return {"type": element["type"], "value": given or None}
