"""The HTTP API without accounts: typed bodies, refusals that name the field, limits, who may use it."""

from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from adapters.web.schemas.content import MODELS
from bot.limiting import Standing
from bot.qr.output import OUTPUT
from bot.qr.payloads import KINDS, payload_of
from bot.qr.payloads.kind import entries
from bot.qr.picture import Picture, render
from bot.qr.style import DEFAULT
from bot.reader import read_here
from tests.adapters.test_web import Canned, browser


class Limited(Canned):
    """A core that counts what is asked of it."""

    verdict = 0
    read = staticmethod(read_here)

    async def standing(self, account: str) -> Standing:
        """Say how the asker stands against the limit."""
        assert account.startswith("http:")
        return Standing(self.verdict, 120, 60, 0 if self.verdict else 119, 41.2)


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


@pytest.mark.parametrize("format", OUTPUT)
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


def picture(colour: str = "teal") -> str:
    """Make a picture of one colour, in base64."""
    out = BytesIO()
    Image.new("RGB", (60, 60), colour).save(out, "PNG")
    return b64encode(out.getvalue()).decode()


@pytest.mark.parametrize(
    "style",
    [
        'dots #1a2b3c on white, eyes rounded, frame "Scan me"',
        "ocean",
        {"modules": "dot", "dark": "navy", "frame": {"name": "banner", "caption": "Scan me"}},
        {"dark": {"kind": "linear", "colours": ["navy", "#0a5"], "angle": 45}},
    ],
)
async def test_a_look_is_words_a_preset_or_an_object(client: httpx.AsyncClient, style: Any) -> None:
    """Each reads back."""
    answer = await client.post(
        "/v1/render", json={"content": {"type": "text", "text": "hello"}, "style": style}
    )
    assert answer.status_code == 200, answer.text
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)))] == ["hello"]
    assert answer.headers["qr-grade"] in ("A", "B")
    assert "qr-repaired" not in answer.headers


@pytest.mark.parametrize(
    ("style", "field"),
    [
        ({"modules": "dotz"}, "modules"),
        ({"logo": {"source": "emoji:⭐", "size": 900}}, "logo.size"),
        ({"nosuch": 1}, "nosuch"),
        ({"logo": {"source": "asset:AAAAAAAAAA"}}, "style"),
    ],
)
async def test_a_wrong_look_names_its_field(client: httpx.AsyncClient, style: Any, field: str) -> None:
    """Uploads of people in chats are nobody's to name."""
    answer = await client.post("/v1/render", json={**wifi(), "style": style})
    assert answer.status_code == 422
    assert field in answer.text


async def test_a_logo_is_sent_along_in_base64(client: httpx.AsyncClient) -> None:
    """It lies in the middle; what is no picture is refused at its field."""
    body = {"content": {"type": "text", "text": "hello"}, "logo": picture()}
    answer = await client.post("/v1/render", json=body)
    shown = Image.open(BytesIO(answer.content)).convert("RGB")
    assert shown.getpixel((shown.width // 2, shown.height // 2)) == (0, 128, 128)
    assert [code.text for code in zxingcpp.read_barcodes(shown)] == ["hello"]
    for wrong in ("no base64!", b64encode(b"no picture").decode()):
        answer = await client.post("/v1/render", json={**body, "logo": wrong})
        assert answer.status_code == 422


async def test_a_look_that_fails_is_mended_and_the_answer_says_how(client: httpx.AsyncClient) -> None:
    """In a header; exactly as asked on request."""
    body = {"content": {"type": "text", "text": "hello"}, "style": "white on navy"}
    assert "light plate" in (await client.post("/v1/render", json=body)).headers["qr-repaired"]
    exact = await client.post("/v1/render", json={**body, "style": "white on navy, exact"})
    assert "qr-repaired" not in exact.headers


async def test_a_picture_is_proven(client: httpx.AsyncClient) -> None:
    """Score, grade, conditions, advice; without a code it is a problem."""
    data = render(Picture(payload_of("http://example.com"), DEFAULT)).data
    answer = (await client.post("/v1/prove", files={"file": ("x.png", data, "image/png")})).json()
    assert (answer["score"] > 90, answer["grade"]) == (True, "A")
    assert len(answer["conditions"]) >= 14
    assert all(0 <= each["read"] <= each["steps"] for each in answer["conditions"].values())
    assert any("wide" in each for each in answer["advice"])
    for wrong in (b"no picture", b64decode(picture())):
        refused = await client.post("/v1/prove", files={"file": ("x.png", wrong, "image/png")})
        assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")


async def test_too_much_at_once_is_told_to_wait() -> None:
    """Before anything is drawn."""
    core = Limited()
    core.verdict = 1
    async with browser(core) as opened:
        answer = await opened.post("/v1/render", json=wifi())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "42")


async def test_other_sites_pages_cannot_use_it(client: httpx.AsyncClient) -> None:
    """Nor can anybody where the web chat is off."""
    answer = await client.post("/v1/render", json=wifi(), headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    async with browser(Limited(), chat=False) as opened:
        assert (await opened.post("/v1/render", json=wifi())).status_code == 401
