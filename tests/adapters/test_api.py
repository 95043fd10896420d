"""The HTTP API without accounts: typed bodies, refusals that name the field, limits, who may use it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from adapters.web.schemas import MODELS
from bot.qr.payloads import KINDS, payload_of
from bot.qr.payloads.kind import entries
from bot.qr.picture import Picture, render
from bot.qr.style import DEFAULT
from tests.adapters.test_web import Canned, browser


class Limited(Canned):
    """A core that counts what is asked of it."""

    verdict = 0

    async def allowed(self, account: str) -> int:
        """Say how the asker stands against the limit."""
        assert account.startswith("http:")
        return self.verdict


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on an application with the web chat on."""
    async with browser(Limited()) as opened:
        yield opened


def wifi(**changes: Any) -> dict[str, Any]:
    """Lay a request out."""
    return {"content": {"type": "wifi", "ssid": "Guest", "password": "long enough", **changes}}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_body_with_its_fields(kind: str) -> None:
    """Named as in chat, but for the parts of an address, each of them described."""
    schema = MODELS[kind].model_json_schema()
    known = {entry.path[0] for entry in entries(KINDS[kind].content)}
    assert set(schema["properties"]) == {"type", *known}
    assert schema["additionalProperties"] is False
    assert "type" in schema["required"]


@pytest.mark.parametrize("format", ["png", "jpeg", "svg", "pdf"])
async def test_each_format_is_drawn(client: httpx.AsyncClient, format: str) -> None:
    """With its media type and a name."""
    answer = await client.post("/v1/render", json={**wifi(), "format": format, "style": "navy on white"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('inline; filename="wifi.')
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (wifi(password="short"), 422, "8 to 63"),
        (wifi(ssid="x" * 33), 422, "1 to 32 bytes"),
        ({**wifi(), "style": "navvy"}, 422, "Did you mean navy"),
        ({**wifi(), "style": "white on white"}, 422, "too close"),
        (wifi(security="WPA9"), 422, ""),
        (wifi(colour="red"), 422, ""),
        ({"content": {"type": "wfii"}}, 422, ""),
        ({"content": {"ssid": "x"}}, 422, ""),
        ({}, 422, ""),
        ({**wifi(), "format": "exe"}, 422, ""),
        ({"content": {"type": "text", "text": "x" * 3000}}, 422, "too long"),
        ({"content": {"type": "text", "text": "x" * 9000}}, 422, ""),
        ({"content": {"type": "text", "text": "a\x00b"}}, 422, "control character"),
    ],
)
async def test_what_will_not_do_is_a_problem(
    client: httpx.AsyncClient, body: dict[str, Any], status: int, told: str
) -> None:
    """RFC 9457, with a sentence where a person can mend it."""
    answer = await client.post("/v1/render", json=body)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in problem["detail"]


async def test_half_a_character_is_refused(client: httpx.AsyncClient) -> None:
    """JSON can say it, no code can."""
    body = b'{"content": {"type": "text", "text": "\\ud800"}}'
    answer = await client.post("/v1/render", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


async def test_a_refusal_names_its_field(client: httpx.AsyncClient) -> None:
    """In the client's language."""
    answer = await client.post("/v1/render", json=wifi(password="short"), headers={"Accept-Language": "de"})
    [error] = answer.json()["errors"]
    assert error["field"] == "password"
    assert "8 bis 63" in error["detail"]


async def test_a_picture_is_read(client: httpx.AsyncClient) -> None:
    """Text, type, symbology, values, warnings, corners."""
    data = render(Picture(payload_of("http://example.com"), DEFAULT)).data
    answer = await client.post("/v1/read", files={"file": ("x.png", data, "image/png")})
    [code] = answer.json()["codes"]
    assert (code["text"], code["type"], code["symbology"]) == ("http://example.com", "url", "QR Code")
    assert code["values"] == {"url": "http://example.com"}
    assert len(code["corners"]) == 4
    assert any("https" in each for each in code["warnings"])


@pytest.mark.parametrize(
    ("data", "status"), [(b"", 422), (b"no picture", 422), (b"x" * (10 << 20) + b"x", 413)]
)
async def test_what_is_no_picture_is_a_problem(client: httpx.AsyncClient, data: bytes, status: int) -> None:
    """Too large, too: before anything is decoded."""
    answer = await client.post("/v1/read", files={"file": ("x.png", data, "image/png")})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_too_much_at_once_is_told_to_wait() -> None:
    """Before anything is drawn."""
    core = Limited()
    core.verdict = 1
    async with browser(core) as opened:
        answer = await opened.post("/v1/render", json=wifi())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


async def test_other_sites_pages_cannot_use_it(client: httpx.AsyncClient) -> None:
    """Nor can anybody where the web chat is off."""
    answer = await client.post("/v1/render", json=wifi(), headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    async with browser(Limited(), chat=False) as opened:
        assert (await opened.post("/v1/render", json=wifi())).status_code == 404
