"""What people expect of any HTTP API: limits told, pages of others, problems, HEAD, OPTIONS, packing."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from adapters.web.faults import caught
from adapters.web.methods import headed
from adapters.web.origins import shared
from adapters.web.packing import packed
from adapters.web.problems import install
from adapters.web.security import dressed
from bot.limiting import limiting, network
from tests.adapters.test_web import HOME, Canned, browser

ELSEWHERE = "https://app.example.com"
TEXT = {"content": {"type": "text", "text": "hello"}}


class Counted(Canned):
    """A core that counts as the real one does."""

    def __init__(self, limit: str = "120/minute") -> None:
        super().__init__()
        self.allowed = limiting(limit)
        self.standing = self.allowed.standing  # type: ignore[method-assign]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on an application that counts."""
    async with browser(Counted(), origins=[ELSEWHERE]) as opened:
        yield opened


# --- limits -------------------------------------------------------------------------------------------------


async def test_every_answer_says_how_its_asker_stands(client: httpx.AsyncClient) -> None:
    """Refusals too, and what is at no address."""
    answers = [
        await client.post("/v1/render", json=TEXT),
        await client.post("/v1/render", json={}),
        await client.get("/v1/nothing"),
        await client.get("/v1/render"),
        await client.post("/v1/render", content=b"x" * 5_000_000),
    ]
    assert [each.status_code for each in answers] == [200, 422, 404, 405, 413]
    assert {each.headers["ratelimit-policy"] for each in answers} == {'"person";q=120;w=60'}
    left = [each.headers["ratelimit"].partition(";t=")[0] for each in answers]
    assert left == [f'"person";r={119 - already}' for already in range(5)]
    assert "ratelimit" not in (await client.get("/livez")).headers


async def test_over_the_limit_an_answer_says_when_to_come_again() -> None:
    """Whatever was asked for, also what would have been refused anyway: guessing is limited."""
    async with browser(Counted("2/minute")) as client:
        for _ in range(2):
            assert (await client.post("/v1/render", json=TEXT)).status_code == 200
        for asked in (client.post("/v1/render", json=TEXT), client.get("/v1/nothing")):
            answer = await asked
            assert (answer.status_code, answer.json()["type"]) == (429, "/docs#problem-rate-limited")
            assert answer.headers["ratelimit"].startswith('"person";r=0;t=')
            assert answer.headers["ratelimit"].endswith(answer.headers["retry-after"])


async def test_without_a_limit_nothing_is_said() -> None:
    """RATE_LIMIT=off."""
    async with browser(Counted("off")) as client:
        assert "ratelimit" not in (await client.post("/v1/render", json=TEXT)).headers


async def test_wrong_keys_are_counted_by_where_they_come_from() -> None:
    """A third guess is told to wait."""
    async with browser(Counted("2/minute"), chat=False) as client:
        said = [(await client.post("/v1/render", json=TEXT)).status_code for _ in range(3)]
    assert said == [401, 401, 429]


async def test_what_a_client_says_of_its_address_changes_nothing() -> None:
    """Only a proxy that is trusted may, and the server sees to that before us."""
    async with browser(Counted("2/minute")) as client:
        said = [
            await client.post("/v1/render", json=TEXT, headers={name: f"10.0.0.{number}"})
            for number, name in enumerate(("X-Forwarded-For", "Forwarded", "X-Real-IP"))
        ]
    assert [each.status_code for each in said] == [200, 200, 429]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("/run/web.sock", "/run/web.sock"),
    ],
)
def test_an_address_of_ipv6_is_counted_by_its_network(host: str, counted: str) -> None:
    """One household has as many as it likes."""
    assert network(host) == counted


# --- pages of others ----------------------------------------------------------------------------------------


async def test_a_page_that_is_allowed_may_ask_first_without_a_token(client: httpx.AsyncClient) -> None:
    """A preflight is no request of anybody's: nothing is counted, nobody has to be known."""
    asking = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    asking["Access-Control-Request-Headers"] = "authorization,content-type,idempotency-key"
    answer = await client.options("/v1/render", headers=asking)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, ELSEWHERE)
    assert "access-control-allow-credentials" not in answer.headers
    assert "ratelimit" not in answer.headers
    assert (await client.options("/v1/render", headers=asking | {"Origin": "https://evil.example"})).is_error


async def test_an_answer_to_such_a_page_shows_it_our_fields(client: httpx.AsyncClient) -> None:
    """A refusal, too; other pages get an answer that their browser keeps from them."""
    token = {"Authorization": "Bearer wrong"}
    answer = await client.post("/v1/render", json=TEXT, headers={"Origin": ELSEWHERE, **token})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, ELSEWHERE)
    assert {"ETag", "RateLimit", "X-Request-ID"} <= set(
        answer.headers["access-control-expose-headers"].split(", ")
    )
    evil = await client.post("/v1/render", json=TEXT, headers={"Origin": "https://evil.example", **token})
    assert "access-control-allow-origin" not in evil.headers
    assert all("Origin" in each.headers["vary"] for each in (answer, evil))
    assert "access-control-allow-origin" not in (await client.get("/", headers={"Origin": ELSEWHERE})).headers


def test_where_nobody_is_allowed_nothing_stands_in_between() -> None:
    """No origins, no middleware."""
    web = FastAPI()
    assert shared(web, ()) is web


# --- methods ------------------------------------------------------------------------------------------------


async def test_an_address_says_what_it_takes(client: httpx.AsyncClient) -> None:
    """To a wrong method as 405, to OPTIONS as 204, and nobody has to be known for that."""
    wrong, asked = await client.get("/v1/render"), await client.options("/v1/render")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST, OPTIONS")
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, "POST, OPTIONS", b"")
    assert (await client.post("/static/chat.js")).headers["allow"] == "GET, HEAD, OPTIONS"


async def test_several_routes_of_one_address_are_named_together() -> None:
    """RFC 9110, 15.5.6: all the methods that it takes."""
    web = FastAPI(middleware=[Middleware(dressed, secure=False), Middleware(headed), Middleware(caught)])
    install(web)
    seen = []

    @web.get("/v1/things")
    async def things() -> list[int]:
        seen.append("got")
        return [1, 2]

    @web.post("/v1/things")
    async def make() -> int:
        return 3

    async with at(web) as client:
        assert (await client.delete("/v1/things")).headers["allow"] == "GET, HEAD, POST, OPTIONS"
        headed_, got = await client.head("/v1/things"), await client.get("/v1/things")
        assert (headed_.status_code, headed_.content, len(seen)) == (200, b"", 2)
        assert headed_.headers["content-length"] == got.headers["content-length"]


# --- problems -----------------------------------------------------------------------------------------------


class Body(BaseModel):
    """What a route of these tests takes."""

    name: Annotated[str, Field(max_length=5)]
    size: Annotated[int, Field(ge=1)] = 1


def at(web: FastAPI) -> httpx.AsyncClient:
    """Open a client on an application of a test."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=HOME)


@pytest.fixture
async def strict() -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on a route that takes JSON."""
    web = FastAPI(middleware=[Middleware(dressed, secure=False), Middleware(caught)])
    install(web)

    @web.post("/things")
    async def make(body: Body) -> int:
        return body.size

    async with at(web) as opened:
        yield opened


@pytest.mark.parametrize(
    ("body", "media", "status", "told"),
    [
        (b'{"name": hunter2}', "application/json", 400, "This is not JSON."),
        (b"\xff\xff", "application/json", 400, "cannot be read"),
        (b"[" * 10_000 + b"]" * 10_000, "application/json", 400, "cannot be read"),
        (b"name=hunter2", "application/x-www-form-urlencoded", 415, "application/json"),
        (b'{"name": "hunter2"}', "text/plain", 415, "application/json"),
        (b'{"name": "hunter2"}', "application/json", 422, "Some of what was sent"),
        (b"", "application/json", 422, "Some of what was sent"),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_problem(
    strict: httpx.AsyncClient, body: bytes, media: str, status: int, told: str
) -> None:
    """With the status that says why, and nothing of the body in it."""
    answer = await strict.post("/things", content=body, headers={"Content-Type": media})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    ("body", "field", "told"),
    [
        ({}, "body.name", "This is missing. Please send it."),
        ({"name": "hunter2"}, "body.name", "This can have 5 characters at most."),
        ({"name": 5}, "body.name", "This has to be a text."),
        ({"name": "x", "size": "hunter2"}, "body.size", "This has to be a whole number."),
        ({"name": "x", "size": 0}, "body.size", "This has to be 1 at least."),
        ([], "body", "This has to be an object."),
    ],
)
async def test_a_value_that_will_not_do_is_explained(
    strict: httpx.AsyncClient, body: Any, field: str, told: str
) -> None:
    """In a sentence, without repeating it."""
    answer = await strict.post("/things", json=body)
    assert answer.json()["errors"] == [{"field": field, "detail": told}]
    assert answer.json()["type"] == "/docs#problem-invalid-values"
    assert "hunter2" not in answer.text


async def test_a_fault_is_a_problem_also_where_a_stream_was_to_begin() -> None:
    """After its first bytes the connection is cut; neither says what went wrong."""

    async def broken(first: bytes) -> AsyncIterator[bytes]:
        if first:
            yield first
        raise RuntimeError("hunter2")

    async def early(request: object) -> Response:
        return StreamingResponse(broken(b""))

    async def late(request: object) -> Response:
        return StreamingResponse(broken(b"half"))

    web = FastAPI(
        routes=[Route("/early", early), Route("/late", late)],
        middleware=[Middleware(dressed, secure=False), Middleware(caught)],
    )
    install(web)
    async with at(web) as client:
        with capture_logs() as logs:
            answer = await client.get("/early", headers={"X-Request-ID": "mine-1"})
            with pytest.raises(AssertionError):  # which is how this client says that it was cut
                await client.get("/late", headers={"X-Request-ID": "no id"})
    assert (answer.status_code, answer.json()["request_id"]) == (500, answer.headers["x-request-id"])
    assert [each.get("theirs") for each in logs] == ["mine-1", None]
    assert "hunter2" not in answer.text + str(logs)


async def test_an_id_is_ours_whatever_a_client_sends(client: httpx.AsyncClient) -> None:
    """So that two requests never look like one."""
    sent = {"X-Request-ID": "7K3F"}
    ids = {(await client.get("/livez", headers=sent)).headers["x-request-id"] for _ in range(2)}
    assert len(ids) == 2
    assert "7K3F" not in ids


# --- packing ------------------------------------------------------------------------------------------------


@pytest.fixture
async def packing() -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on routes that answer long texts."""
    long = ["a long list of the same"] * 200

    async def listed(request: object) -> Response:
        return JSONResponse(long)

    async def tagged(request: object) -> Response:
        return JSONResponse(long, headers={"ETag": '"1"'})

    async def secret(request: object) -> Response:
        return JSONResponse(long, headers={"Cache-Control": "private, no-store"})

    async def pictured(request: object) -> Response:
        return Response(b"x" * 5000, media_type="image/png")

    async def streamed(request: object) -> Response:
        return StreamingResponse(iter(["part " * 100] * 30), media_type="text/plain")

    async def events(request: object) -> Response:
        return StreamingResponse(iter(["data: x\n\n"] * 300), media_type="text/event-stream")

    async def short(request: object) -> Response:
        return JSONResponse("short")

    routes = {
        "/v1/codes": listed, "/v1/codes/1": tagged, "/v1/users/me": listed, "/file": tagged,
        "/secret": secret, "/picture": pictured, "/stream": streamed, "/events": events, "/short": short,
    }  # fmt: skip
    web = FastAPI(
        routes=[Route(path, to) for path, to in routes.items()],
        middleware=[Middleware(headed), Middleware(packed), Middleware(caught)],
    )
    async with at(web) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "headers", "packing_"),
    [
        ("/v1/codes", {}, True),
        ("/v1/codes", {"Accept-Encoding": "br, gzip;q=0.5"}, True),
        ("/v1/codes", {"Accept-Encoding": "br"}, False),
        ("/v1/codes", {"Accept-Encoding": "gzip;q=0"}, False),
        ("/v1/codes", {"Accept-Encoding": "gzip;q=0.000, br"}, False),
        ("/v1/codes", {"Cookie": "session=1"}, False),
        ("/v1/codes/1", {}, False),
        ("/v1/users/me", {}, False),
        ("/file", {}, True),
        ("/file", {"Cookie": "session=1"}, True),
        ("/secret", {}, False),
        ("/picture", {}, False),
        ("/stream", {}, True),
        ("/events", {}, False),
        ("/short", {}, False),
    ],
)
async def test_long_texts_are_packed_and_nothing_else(
    packing: httpx.AsyncClient, path: str, headers: dict[str, str], packing_: bool
) -> None:
    """And what is packed is the same text, whose tag no longer says that each byte is."""
    whole = await packing.get(path, headers={"Accept-Encoding": "identity"})
    answer = await packing.get(path, headers={"Accept-Encoding": "gzip"} | headers)
    assert (answer.headers.get("content-encoding") == "gzip") is packing_
    assert answer.content == whole.content
    if packing_:
        assert all("Accept-Encoding" in each.headers["vary"] for each in (whole, answer))
        assert answer.headers.get("etag") == (
            f'W/{whole.headers["etag"]}' if "etag" in whole.headers else None
        )


async def test_head_says_what_get_would_packed(packing: httpx.AsyncClient) -> None:
    """The same fields, no body."""
    taken = {"Accept-Encoding": "gzip"}
    got, asked = (
        await packing.get("/v1/codes", headers=taken),
        await packing.head("/v1/codes", headers=taken),
    )
    assert (asked.headers, asked.content) == (got.headers, b"")
