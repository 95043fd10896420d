"""Safe headers on every answer of every route (reliability, E9): whatever it is, and whatever comes of it."""

import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.adapters.site import routes_of
from tests.adapters.test_behaviour import Counted
from tests.adapters.test_web import browser

SAFE = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=()",
}
FORMED = (
    "/login",
    "/signup",
    "/forgot",
    "/reset",
    "/account",
)  # whose forms have to say where they come from: Origin, not null
WHOLE: Mapping[str, Any] = {"mini": True, "public_url": "https://qr.example.com"}


def whole() -> httpx.AsyncClient:
    """Open a client on an application with all that needs no platform, reached by https."""
    return browser(Counted("off"), **WHOLE)


async def test_every_answer_of_every_route_is_safe() -> None:
    """Also of addresses that are none, and of files."""
    async with whole() as client:
        walked = [(path, method) for path, methods in routes_of(client) for method in sorted(methods)]
        assert len(walked) > 10
        for path, method in [*walked, ("/static/chat.js", "GET"), ("/nothing", "GET"), ("/static/x", "GET")]:
            answer = await client.request(method, re.sub(r"\{[^}]*\}", "7K3F", path))
            assert answer.status_code < 500, path
            assert SAFE.items() <= answer.headers.items(), path
            formed = path.startswith(FORMED) and answer.headers.get("content-type", "").startswith(
                "text/html"
            )
            assert answer.headers["referrer-policy"] == ("same-origin" if formed else "no-referrer"), path
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy, path
            frames = "https://web.telegram.org" if path == "/app" else "'none'"
            assert f"frame-ancestors {frames}" in policy, path
            assert answer.headers["strict-transport-security"] == "max-age=31536000", path
            assert {"x-request-id", "cache-control"} <= set(answer.headers), path


async def test_every_route_that_can_be_got_can_be_asked_for_its_headers() -> None:
    """HEAD is GET without the body; but Slack's way back, which uses up what it is called with, is not."""
    async with whole() as client:
        for path, methods in routes_of(client):
            if "GET" not in methods:
                continue
            place = re.sub(r"\{[^}]*\}", "7K3F", path)
            got, headed = await client.get(place), await client.head(place)
            assert (headed.status_code, headed.content) == (got.status_code, b""), path
            assert headed.headers.get("content-type") == got.headers.get("content-type"), path


async def test_without_tls_browsers_are_not_told_to_insist_on_it() -> None:
    """RFC 6797, 7.2."""
    async with browser(Counted("off")) as client:
        assert "strict-transport-security" not in (await client.get("/livez")).headers


@pytest.mark.parametrize("format", ["svg", "png", "pdf"])
async def test_a_drawing_that_is_opened_by_itself_can_do_nothing(format: str) -> None:
    """No script in an SVG file runs with our page's rights."""
    body = {"content": {"type": "text", "text": "hello"}, "format": format}
    async with whole() as client:
        answer = await client.post("/v1/render", json=body)
    assert answer.status_code == 200
    assert ("sandbox" in answer.headers["content-security-policy"]) is (format == "svg")
