"""How large a body may be and how slow: by its path, before it is parsed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.bodies import SMALL, Patience, bounded, limit_of
from adapters.web.serve import LIMITS
from tests.adapters.site import routes_of
from tests.adapters.test_behaviour import Counted
from tests.adapters.test_web import browser


async def reads(scope: Scope, receive: Receive, send: Send) -> None:
    """Read a body to its end."""
    await HttpRequest(scope, receive).body()


def scope(path: str = "/v1/codes", **headers: str) -> dict[str, Any]:
    """Lay out a request that has a body."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "POST", "path": path, "headers": raw}


async def nothing(message: Message) -> None:
    """Send nowhere."""


async def refused(app: ASGIApp, asked: Scope, *parts: bytes, ends: bool = True) -> int:
    """Give the status that a body is refused with, 0 where it is taken."""
    left = list(parts)

    async def receive() -> Message:
        if not left and not ends:
            await asyncio.Event().wait()
        return {
            "type": "http.request",
            "body": left.pop(0) if left else b"",
            "more_body": bool(left) or not ends,
        }

    try:
        await app(asked, receive, nothing)
    except HTTPException as error:
        return error.status_code
    return 0


@pytest.mark.parametrize(
    ("headers", "parts", "status"),
    [
        ({"content_length": "10"}, [b"x" * 10], 0),
        ({"content_length": "11"}, [], 413),
        ({"content_length": "9" * 5000}, [], 413),
        ({"transfer_encoding": "chunked"}, [b"x" * 5, b"x" * 5], 0),
        ({"transfer_encoding": "chunked"}, [b"x"] * 11, 413),
        ({"content_length": "-1"}, [b"x" * 11], 413),
        ({"content_length": "\u0661"}, [b"x" * 11], 413),
        ({}, [], 0),
        ({}, [b"x" * 11], 413),
    ],
)
async def test_a_body_over_its_limit_is_refused(
    headers: Mapping[str, str], parts: list[bytes], status: int
) -> None:
    """By what it announces, before any of it is read, else as soon as more has come."""
    app = bounded(reads, {"/v1/codes": 10})
    assert await refused(app, scope(**headers), *parts) == status


async def test_a_body_that_stops_or_trickles_is_refused() -> None:
    """After the pause that is allowed, or when it has earned no more time."""
    still = bounded(reads, LIMITS, Patience(idle=0.0, grace=1000.0))
    assert await refused(still, scope(transfer_encoding="chunked"), b"x", ends=False) == 408
    slow = bounded(reads, LIMITS, Patience(idle=1000.0, grace=0.0))
    assert await refused(slow, scope(transfer_encoding="chunked"), b"x", ends=False) == 408
    steady = bounded(reads, LIMITS, Patience(idle=1000.0, grace=1000.0))
    assert await refused(steady, scope(transfer_encoding="chunked"), *[b"x"] * 1000) == 0


async def test_once_a_body_is_whole_nobody_is_hurried() -> None:
    """A stream of events waits for hours for its client to leave."""
    left: list[Message] = [
        {"type": "http.request", "body": b"x", "more_body": False},
        {"type": "http.disconnect"},
    ]
    seen: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(0)
        return left.pop(0)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend([await receive(), await receive()])

    await bounded(app, LIMITS, Patience(idle=60.0))(scope(content_length="1"), receive, nothing)
    assert [each["type"] for each in seen] == ["http.request", "http.disconnect"]


def test_every_route_that_takes_a_body_has_a_limit_of_its_own() -> None:
    """Others take next to nothing."""
    taking = {
        path
        for path, methods in routes_of(browser(Counted()))
        if methods & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert taking >= {"/v1/render", "/v1/read", "/v1/prove", "/chat/say"}
    assert {path for path in taking if "/".join(path.split("/", 3)[:3]) not in LIMITS} == set()
    assert limit_of(LIMITS, "/nothing") == SMALL
    assert limit_of(LIMITS, "/v1/codes/7K3F/image-links") == LIMITS["/v1/codes"]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on the whole application."""
    async with browser(Counted("off")) as opened:
        yield opened


def parts(count: int) -> list[tuple[str, tuple[str, bytes]]]:
    """Make so many files."""
    return [("file", (f"{number}.png", b"x")) for number in range(count)]


async def test_what_attacks_a_parser_is_a_problem(client: httpx.AsyncClient) -> None:
    """A thousand parts, lists in lists, objects in a look."""
    answers = [
        await client.post("/v1/read", files=parts(1001)),
        await client.post("/v1/read", data={f"f{number}": "x" for number in range(1001)}, files=parts(1)),
        await posted(client, b'{"content":' + b"[" * 10_000),
        await posted(client, b'{"content":{"type":"text","text":"x"},"style":' + nested(10_000) + b"}"),
        await posted(client, b'{"content":{"type":"text","text":"x"},"style":' + nested(300) + b"}"),
        await posted(client, b'{"content":{"type":"text","text":"x"},"style":{"size":' + b"9" * 5000 + b"}}"),
    ]
    assert [each.status_code for each in answers] == [413, 413, 400, 400, 422, 400]
    assert {each.headers["content-type"] for each in answers} == {"application/problem+json"}


async def posted(client: httpx.AsyncClient, body: bytes) -> httpx.Response:
    """Send raw JSON to be drawn."""
    return await client.post("/v1/render", content=body, headers={"Content-Type": "application/json"})


def nested(depth: int) -> bytes:
    """Put an object into an object, again and again."""
    return b'{"a":' * depth + b"1" + b"}" * depth
