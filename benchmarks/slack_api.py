"""A Slack on a plain asyncio protocol, and the people who write to it: as little as there can be.

Enough of the Web API for bots that upload pictures, post messages and open modals; everything else is "ok".
What is posted to a bot is signed as docs.slack.dev/authentication/verifying-requests-from-slack says.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from time import perf_counter, time
from typing import Any
from urllib.parse import urlencode

import zxingcpp
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from PIL import Image

from benchmarks.bot_api import Connection, fields_of, request_in

TOKEN, SECRET = "xoxb-bench", "5" * 32  # nobody's
TEAM, BOT = "T0BENCH01", "U0BENCH01"
PATIENCE = 30.0  # seconds that an acknowledgement is waited for here; Slack waits for three
_ALWAYS: dict[str, dict[str, Any]] = {
    "auth.test": {
        "user": "qr", "user_id": BOT, "team_id": TEAM, "team": "bench", "bot_id": "B0BENCH01", "url": "https://b/",
    },
    "files.completeUploadExternal": {"files": [{"id": "F1", "title": "code.png"}]},
}  # fmt: skip


@dataclass(slots=True)
class Server:
    """What one bot sends to: the pictures it uploaded, and when it opened which trigger's modal."""

    url: str = ""
    pictures: list[bytes] = field(default_factory=list)
    opened: dict[str, float] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))

    def answer(self, connection: Connection, path: str, head: bytes, body: bytes) -> None:
        """Answer one call."""
        room, _, method = path.partition("?")[0].strip("/").partition("/")
        if room == "upload":
            self.pictures.append(body)
            connection.write(b"200 OK", {})
            return
        fields = fields_of(path, head, body) if room == "api" else {}
        connection.write(b"200 OK", {"ok": True, **self._told(method, fields)})

    def _told(self, method: str, fields: dict[str, bytes]) -> dict[str, Any]:
        match method:
            case "conversations.open":
                return {"channel": {"id": f"D{fields['users'].decode()[1:]}"}}
            case "files.getUploadURLExternal":
                number = next(self.numbers)
                return {"upload_url": f"{self.url}/upload/{number}", "file_id": f"F{number:08}"}
            case "files.info":
                return {"file": {"id": fields["file"].decode(), "mimetype": "image/png"}}
            case "views.open":
                self.opened[fields["trigger_id"].decode()] = perf_counter()
                return {"view": {"id": "V1", "hash": "1"}}
        return _ALWAYS.get(method, {"channel": "D1", "ts": "1700000000.000100", "message": {}})


class _Call(Connection):
    """One client's connection."""

    def __init__(self, server: Server) -> None:
        self.slack, self.seen = server, bytearray()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is held for it."""

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self.seen += data
        while (taken := request_in(self.seen)) is not None:
            head, body, size = taken
            del self.seen[:size]
            self.slack.answer(self, head.split(b" ", 2)[1].decode(), head, body)


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """Listen on a port of its own."""
    server = Server()
    listening = await asyncio.get_running_loop().create_server(lambda: _Call(server), "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        listening.close()


# --- the people ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a command was answered with: the status, 0 for none, when it was posted, and after how long."""

    status: int
    trigger: str
    at: float
    seconds: float


@dataclass(slots=True)
class People:
    """Everybody in the workspace, who type commands to a bot."""

    http: ClientSession
    events: str
    server: Server
    numbers: Any = field(default_factory=lambda: count(1))

    async def types(self, text: str) -> Acknowledged:
        """Let somebody new type a command."""
        number = next(self.numbers)
        trigger = f"{number}.{number}.bench{number}"
        raw = urlencode(
            {
                "token": "deprecated", "team_id": TEAM, "team_domain": "bench", "channel_id": f"C{number:08}",
                "channel_name": "general", "user_id": f"U{number:08}", "user_name": f"p{number}",
                "command": "/qr", "text": text, "api_app_id": "A0BENCH01", "is_enterprise_install": "false",
                "response_url": f"{self.server.url}/respond/{number}", "trigger_id": trigger,
            }
        ).encode()  # fmt: skip
        start = perf_counter()
        try:
            async with self.http.post(self.events, data=raw, headers=_signed(raw)) as answer:
                await answer.read()
                return Acknowledged(answer.status, trigger, start, perf_counter() - start)
        except (ClientError, TimeoutError):
            return Acknowledged(0, trigger, start, perf_counter() - start)


def _signed(raw: bytes) -> dict[str, str]:
    stamp = str(int(time()))
    digest = hmac.new(SECRET.encode(), b"v0:%s:%s" % (stamp.encode(), raw), "sha256").hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


@asynccontextmanager
async def people(events: str, server: Server) -> AsyncIterator[People]:
    """Give people who all can type at once."""
    async with ClientSession(connector=TCPConnector(limit=0), timeout=ClientTimeout(PATIENCE)) as http:
        yield People(http, events, server)


def said(pictures: list[bytes]) -> list[str]:
    """Read what pictures say."""
    return [code.text for each in pictures for code in zxingcpp.read_barcodes(Image.open(BytesIO(each)))]
