"""A Bot API server on a plain asyncio protocol: as little as can stand between a bot and the clock.

Enough of core.telegram.org/bots/api for bots that poll and send photos: getMe, getUpdates with offset, limit
and a poll that is held, sendPhoto with its file by multipart; whatever else a bot sets at its start is true.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter, time
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "123456789:" + "A" * 35
ME = {"id": 123456789, "is_bot": True, "first_name": "QR", "username": "qr_bench_bot"}
LIMIT = 100  # updates in one answer, at the most
_EMPTY: Mapping[str, Any] = {
    "getMe": ME,
    "getMyCommands": [],
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
    "getChatMenuButton": {"type": "default"},
}
_LENGTH, _BOUNDARY = re.compile(rb"\ncontent-length: *(\d+)", re.I), re.compile(rb'boundary="?([^";\r\n]+)')
_FIELD = re.compile(rb'; name="?([^";\r\n]+)')


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo as it came in: when, for which chat, its bytes."""

    at: float
    chat: int
    photo: bytes


@dataclass(slots=True)
class Server:
    """What one bot polls and sends to. ``taken`` hears of each photo as it comes in."""

    url: str = ""
    polled: asyncio.Event = field(default_factory=asyncio.Event)
    taken: Callable[[Sent], None] = lambda sent: None
    pending: deque[dict[str, Any]] = field(default_factory=deque)  # not confirmed yet
    held: tuple[Connection, asyncio.TimerHandle] | None = None
    last: int = 1_000  # update_id

    def says(self, chat: int, text: str) -> None:
        """Let somebody write a text in their private chat."""
        self.last += 1
        person = {"id": chat, "is_bot": False, "first_name": "Ada", "language_code": "en"}
        message = {
            "message_id": self.last,
            "from": person,
            "chat": {"id": chat, "first_name": "Ada", "type": "private"},
            "date": int(time()),
            "text": text,
        }
        self.pending.append({"update_id": self.last, "message": message})
        if self.held is not None:  # what is said in the same moment goes out together
            connection, timer = self.held
            timer.cancel()
            self.held = None
            asyncio.get_running_loop().call_soon(self._updates, connection)

    def answer(self, connection: Connection, method: str, fields: Mapping[str, bytes]) -> None:
        """Answer one call; a poll with nothing to tell is held."""
        match method:
            case "getUpdates":
                self._poll(connection, int(fields.get("offset", b"0")), float(fields.get("timeout", b"0")))
            case "sendPhoto":
                connection.answer(self._photo(int(fields["chat_id"]), fields))
            case _:
                connection.answer(_EMPTY.get(method, True))

    def _poll(self, connection: Connection, offset: int, timeout: float) -> None:
        self.polled.set()
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        if self.pending or not timeout:
            self._updates(connection)
            return
        timer = asyncio.get_running_loop().call_later(timeout, self._nothing)
        self.held = connection, timer

    def _nothing(self) -> None:
        if self.held is not None:
            self.held[0].answer([])
            self.held = None

    def _updates(self, connection: Connection) -> None:
        connection.answer([self.pending[at] for at in range(min(LIMIT, len(self.pending)))])

    def _photo(self, chat: int, fields: Mapping[str, bytes]) -> dict[str, Any]:
        photo = fields["photo"]
        if photo.startswith(b"attach://"):
            photo = fields[photo.removeprefix(b"attach://").decode()]
        if not photo.startswith(b"\x89PNG"):
            raise ValueError("the photo is no PNG")
        self.taken(Sent(perf_counter(), chat, photo))
        self.last += 1
        size = {
            "file_id": f"AgACAgIAAxkDAAI{self.last}",
            "file_unique_id": f"AQAD{self.last}",
            "width": 330,
            "height": 330,
            "file_size": len(photo),
        }
        return {
            "message_id": self.last,
            "from": ME,
            "chat": {"id": chat, "first_name": "Ada", "type": "private"},
            "date": int(time()),
            "photo": [size],
            "caption": fields.get("caption", b"").decode(),
        }


class Connection(asyncio.Protocol):
    """One client's connection; requests are answered one after another."""

    def __init__(self, server: Server) -> None:
        self.server, self.seen = server, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a poll whose client has gone."""
        held = self.server.held
        if held is not None and held[0] is self:
            held[1].cancel()
            self.server.held = None

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self.seen += data
        while (taken := request_in(self.seen)) is not None:
            head, body, size = taken
            del self.seen[:size]
            target = head.split(b" ", 2)[1].decode()
            method = urlsplit(target).path.rpartition("/")[2]
            try:
                self.server.answer(self, method, fields_of(target, head, body))
            except (KeyError, ValueError) as wrong:
                self.refuse(wrong)

    def answer(self, result: object) -> None:
        """Send a result."""
        self.write(b"200 OK", {"ok": True, "result": result})

    def refuse(self, wrong: Exception) -> None:
        """Refuse a call that is not understood."""
        told = {"ok": False, "error_code": 400, "description": f"Bad Request: {wrong}"}
        self.write(b"400 Bad Request", told)

    def write(self, status: bytes, said: object) -> None:
        """Write an answer in JSON."""
        body = json.dumps(said).encode()
        head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self.transport.write(head % (status, len(body)) + body)


def request_in(seen: bytearray) -> tuple[bytes, bytes, int] | None:
    """Take a whole request: its head, its body, and the bytes it took; None while some are missing."""
    end = seen.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, start = bytes(seen[:end]), end + 4
    if b"chunked" in head.lower():
        return _unchunked(seen, head, start)
    told = _LENGTH.search(head)
    size = start + (int(told[1]) if told else 0)
    return (head, bytes(seen[start:size]), size) if len(seen) >= size else None


def _unchunked(seen: bytearray, head: bytes, at: int) -> tuple[bytes, bytes, int] | None:
    parts: list[bytes] = []
    while (line := seen.find(b"\r\n", at)) >= 0:
        size = int(seen[at:line], 16)
        at = line + 2 + size + 2
        if len(seen) < at:
            return None
        if not size:
            return head, b"".join(parts), at
        parts.append(bytes(seen[line + 2 : at - 2]))
    return None


def fields_of(target: str, head: bytes, body: bytes) -> dict[str, bytes]:
    """Read what a call was given, in the forms the Bot API takes."""
    query = parse_qs(urlsplit(target).query)
    told = _BOUNDARY.search(head)
    if told is not None:
        return _parts(body, b"--" + told[1])
    if b"application/json" in head:
        query = {name: [str(value)] for name, value in json.loads(body).items()}
    else:
        query |= parse_qs(body.decode())
    return {name: values[0].encode() for name, values in query.items()}


def _parts(body: bytes, boundary: bytes) -> dict[str, bytes]:
    found = {}
    for part in body.split(boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        if (named := _FIELD.search(head)) is not None:
            found[named[1].decode()] = value[:-2]
    return found


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """Listen on a port of its own."""
    server = Server()
    listening = await asyncio.get_running_loop().create_server(lambda: Connection(server), "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    server.url = f"http://{host}:{port}"
    try:
        yield server
    finally:
        listening.close()
        if server.held is not None:
            server.held[1].cancel()
            server.held[0].transport.abort()
