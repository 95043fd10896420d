"""HTTP on a real socket: what is believed of proxies, and what happens to requests that never end."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from adapters.web.bodies import PATIENCE, Patience, bounded
from adapters.web.counting import address
from adapters.web.faults import caught
from adapters.web.security import dressed
from bot import processes
from bot.config import Settings
from bot.processes import _Server, http_config

Say = Callable[[bytes], Any]
ASKING = b"POST /v1/read HTTP/1.1\r\nHost: x\r\n"


async def heard(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell who asked by which scheme; at /read after the whole body."""
    if scope["path"] == "/v1/read":
        body = await HttpRequest(scope, receive).body()
        await PlainTextResponse(f"{len(body)} bytes")(scope, receive, send)
    else:
        told = {"who": address(scope), "scheme": scope["scheme"]}
        await JSONResponse(told)(scope, receive, send)


@asynccontextmanager
async def listening(trusted: str = "", patience: Patience = PATIENCE) -> AsyncIterator[int]:
    """Serve as a process of ours does, on a port."""
    settings = Settings(trusted_proxies=trusted, _env_file=None)  # type: ignore[call-arg]
    app = dressed(caught(bounded(heard, {"/v1/read": 1000}, patience)), secure=False)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = _Server(http_config(settings, app))
        task = asyncio.create_task(server.serve([bound]))
        try:
            yield bound.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            await task


@asynccontextmanager
async def connected(
    port: int, *first: bytes
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection and send something on it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.writelines(first)
        yield reader, writer
    finally:
        writer.close()


async def asked(port: int, *sent: bytes) -> bytes:
    """Send something and read until the connection is closed."""
    async with connected(port, *sent) as (reader, _):
        return await reader.read()


def got(*headers: str) -> bytes:
    """Lay out a request after which the connection ends."""
    return "\r\n".join(("GET / HTTP/1.1", "Host: x", "Connection: close", *headers, "", "")).encode()


@pytest.mark.parametrize(
    ("trusted", "headers", "who", "scheme"),
    [
        ("", ["X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https"], "127.0.0.1", "http"),
        ("10.0.0.1", ["X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https"], "127.0.0.1", "http"),
        ("127.0.0.1", ["X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https"], "192.0.2.1", "https"),
        ("127.0.0.1", ["Forwarded: for=192.0.2.1;proto=https", "X-Real-IP: 192.0.2.1"], "127.0.0.1", "http"),
        ("127.0.0.1", ["X-Forwarded-For: 10.9.9.9, 192.0.2.1"], "192.0.2.1", "http"),
        ("127.0.0.1", ["X-Forwarded-For: 10.9.9.9", "X-Forwarded-For: 192.0.2.1"], "192.0.2.1", "http"),
        ("127.0.0.1 10.0.0.0/8", ["X-Forwarded-For: 6.6.6.6, 192.0.2.1, 10.0.0.7"], "192.0.2.1", "http"),
        ("127.0.0.1", ["X-Forwarded-For: 192.0.2.1:5000"], "192.0.2.1", "http"),
        ("127.0.0.1", ["X-Forwarded-For: [2001:db8:1:2::9]:5000"], "2001:db8:1:2::/64", "http"),
        ("127.0.0.1", ["X-Forwarded-For: "], "127.0.0.1", "http"),
        ("127.0.0.1", ["X-Forwarded-Proto: javascript"], "127.0.0.1", "http"),
    ],
)
async def test_only_a_proxy_that_is_trusted_says_who_asks(
    trusted: str, headers: list[str], who: str, scheme: str
) -> None:
    """The last one that no trusted proxy is: what stands before that is what anybody may say."""
    async with listening(trusted) as port:
        answer = await asked(port, got(*headers))
    assert f'{{"who":"http:{who}","scheme":"{scheme}"}}'.encode() in answer


async def test_headers_that_never_end_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a connection on which nothing comes; one that was used waits for its next request."""
    monkeypatch.setattr(processes, "ARRIVAL", 0.01)
    async with listening() as port:
        assert await asked(port, b"GET / HTTP/1.1\r\nHost: x\r\nX-") == b""
        assert await asked(port) == b""
        async with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as (reader, writer):
            assert b"200 OK" in await reader.readuntil(b'"http"}')
            await asyncio.sleep(0.05)
            writer.write(got())
            assert b"200 OK" in await reader.readuntil(b'"http"}')
            assert await reader.read() == b""


async def test_headers_without_end_are_refused() -> None:
    """With a problem, and so is what is no HTTP."""
    async with listening() as port:
        for sent in (b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 40_000, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"):
            answer = await asked(port, sent)
            assert answer.startswith(b"HTTP/1.1 400 ")
            assert b"application/problem+json" in answer


async def test_a_body_too_large_is_refused_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Announced or not; the rest of it is not waited for either."""
    monkeypatch.setattr(processes, "ARRIVAL", 0.01)
    async with listening() as port:
        announced = await asked(port, ASKING, b"Content-Length: 1001\r\n\r\n")
        asking = await asked(port, ASKING, b"Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n")
        chunked = await asked(port, ASKING, b"Transfer-Encoding: chunked\r\n\r\n3e9\r\n", b"x" * 1001)
    for answer in (announced, asking, chunked):
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"application/problem+json" in answer


async def test_while_a_body_trickles_others_are_answered() -> None:
    """And the slow one is told so in the end."""
    async with listening(patience=Patience(idle=0.2, grace=1000.0)) as port:
        slow = [connected(port, ASKING, b"Content-Length: 500\r\n\r\nx") for _ in range(20)]
        opened = [await each.__aenter__() for each in slow]
        assert b"200 OK" in await asked(port, got())
        told = [await reader.read() for reader, _ in opened]
        for each in slow:
            await each.__aexit__(None, None, None)
    assert {each[:13] for each in told} == {b"HTTP/1.1 408 "}
    assert all(b"connection: close" in each.lower() for each in told)
