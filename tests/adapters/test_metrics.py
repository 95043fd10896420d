"""Metrics: who may have them, and what moves them, over HTTP on a bot put together as it runs."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from pydantic import SecretStr

from adapters.web.measuring import Measuring, measured
from adapters.web.serve import aside, build
from bot.assembly import Bot, open_bot, readiness
from bot.config import Settings
from bot.face import Closed, Face
from bot.message import Actor, Asking, Request, Space
from bot.metrics import acknowledging, new_metrics, on_answer, on_batch
from bot.platforms import accounts_of, measuring_of
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, parse_style
from storage.encryption import KeyRing
from storage.url import database_url
from tests.adapters.site import COOKIE_KEY, PICTURE_KEY

TOKEN = "t0ken-t0ken-t0ken-t0ken-t0ken"
HOME, ELSEWHERE = "http://localhost", "https://app.example.com"
CANARY = "hunter2canary"
ADA = Actor("telegram", "101", "Ada")


@dataclass(frozen=True, slots=True)
class Site:
    """A bot, and a client of its web."""

    bot: Bot
    client: httpx.AsyncClient

    async def samples(self) -> list[Sample]:
        """Collect the metrics, as Prometheus would."""
        answer = await self.client.get("/metrics")
        assert answer.status_code == 200
        return samples(answer.text)

    async def value(self, name: str, **labels: str) -> float:
        """Add up what has these labels, among others."""
        return added(await self.samples(), name, **labels)

    async def says(self, text: str, **more: Any) -> None:
        """Say something in the call."""
        request = Request(text, ADA, Space("telegram", "101"), text, answered=True, asking=Asking.FORM)
        await self.bot.app.handle(replace(request, **more))


def samples(text: str) -> list[Sample]:
    """Read what was collected."""
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def added(found: list[Sample], name: str, **labels: str) -> float:
    """Add up the samples that have these labels, among others."""
    return sum(each.value for each in found if each.name == name and labels.items() <= each.labels.items())


@pytest.fixture
def settings(blank: Path, tmp_path: Path) -> Settings:
    """A bot for this machine alone, on a file, with Telegram asked for updates."""
    path = shutil.copy(blank, tmp_path / "measured.db")
    token = SecretStr("123456:" + "a" * 35)
    return Settings.model_validate(
        {"database_url": database_url(f"sqlite:///{path}"), "telegram_bot_token": token}
    )


@asynccontextmanager
async def opened(settings: Settings, ring: KeyRing, *, working: bool = False) -> AsyncIterator[Site]:
    """Put a bot together as it runs, and its web."""
    async with open_bot(settings, ring, working=working) as bot:
        web = build(
            bot.app, draw=bot.draw, accounts=accounts_of(settings, bot), chat=True, cookie_key=COOKIE_KEY,
            picture_key=PICTURE_KEY, public_url="", slack=None, telegram=posted, origins=[ELSEWHERE],
            ready=partial(readiness, bot), measuring=measuring_of(settings, bot),
        )  # fmt: skip
        transport = httpx.ASGITransport(web)
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            yield Site(bot, client)


async def posted(headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str]]:
    """Take a post as Telegram's webhook does."""
    return 200, {}


@pytest.fixture
async def site(settings: Settings, ring: KeyRing) -> AsyncIterator[Site]:
    """A bot that only answers."""
    async with opened(settings, ring) as made:
        yield made


# --- who may have them --------------------------------------------------------------------------------------


async def test_on_this_machine_alone_nobody_needs_a_token(site: Site) -> None:
    """They are never kept, nor shown to other sites' pages."""
    answer = await site.client.get("/metrics", headers={"Origin": ELSEWHERE})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == CONTENT_TYPE_PLAIN_0_0_4
    assert answer.headers["cache-control"] == "no-store"
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert {each.name.split("_")[0] for each in samples(answer.text)} == {"qr", "process"}
    assert (await site.client.head("/metrics")).status_code == 200


@pytest.mark.parametrize(
    "public", [{"host": "0.0.0.0"}, {"public_url": "https://qr.example.com", "web_chat": True}]
)
async def test_elsewhere_there_are_none_without_a_token(
    public: dict[str, Any], settings: Settings, ring: KeyRing
) -> None:
    """Not even where the web chat was turned on for all."""
    async with opened(settings.model_copy(update=public), ring) as site:
        assert (await site.client.get("/metrics")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 401),
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
        ({"Authorization": f"bearer {TOKEN}"}, 200),
        ({"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ({"Authorization": f"Bearer {TOKEN}x"}, 401),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": f"Basic {TOKEN}"}, 401),
        ({"Authorization": b"Bearer \xff\xfe"}, 401),
    ],
)
async def test_with_a_token_everybody_needs_it(sent: dict[Any, Any], status: int) -> None:
    """On this machine too; a refusal says which kind."""

    async def ready() -> Mapping[str, str]:
        return {}

    async def scrape() -> bytes:
        return b"qr_gen_up 1\n"

    web = aside(ready, Measuring(scrape=scrape, token=TOKEN))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=HOME) as client:
        answer = await client.get("/metrics", headers=sent)
        assert (answer.status_code, answer.headers.get("www-authenticate")) == (
            status, None if status == 200 else "Bearer",
        )  # fmt: skip
        assert TOKEN not in answer.text
        assert [(await client.get(path)).status_code for path in ("/livez", "/readyz", "/")] == [
            200,
            200,
            404,
        ]


def test_the_token_is_not_told() -> None:
    """By whoever writes out what the web is made of."""
    assert TOKEN not in repr(Measuring(token=TOKEN))


# --- what moves them ----------------------------------------------------------------------------------------


async def test_requests_are_counted_by_the_route_as_it_is_declared(site: Site) -> None:
    """With method, class of the status, and face; platforms' posts too, which no router sees."""
    body = {"content": {"type": "text", "text": CANARY}}
    await site.client.post("/v1/render", json=body)
    await site.client.post("/v1/render", json={})
    await site.client.get(f"/v1/codes/{CANARY}")
    await site.client.head("/v1/jobs/7K3F")
    await site.client.get("/static/nothing.css")
    await site.client.get(f"/no/{CANARY}?{CANARY}")
    await site.client.post("/telegram/webhook", content=b"{}")
    counted = {
        tuple(each.labels[name] for name in ("face", "route", "method", "status"))
        for each in await site.samples()
        if each.name == "qr_gen_http_requests_total"
    }
    assert counted == {
        ("api", "/v1/render", "POST", "2xx"),
        ("api", "/v1/render", "POST", "4xx"),
        ("api", "/v1/codes/{id}", "GET", "4xx"),
        ("api", "/v1/jobs/{id}", "GET", "4xx"),
        ("web", "/static", "GET", "4xx"),
        ("other", "other", "GET", "4xx"),
        ("telegram", "/telegram/webhook", "POST", "2xx"),
    }
    assert await site.value("qr_gen_http_request_seconds_count", route="/v1/render") == 2
    assert await site.value("qr_gen_http_requests_total", route="/metrics", status="2xx") == 2


async def test_commands_are_counted_with_how_they_went(site: Site) -> None:
    """By the face they came from; what is only being typed is no request."""
    await site.says("/qr hello")
    await site.says("/wifi Home password=short")
    await site.says("hello")
    await site.says(f"/{CANARY}")
    await site.says("/favourite 7K3F3K3F3K")
    await site.says("/qr never", id="")
    found = await site.samples()
    counted = {
        tuple(each.labels.values()): each.value for each in found if each.name == "qr_gen_commands_total"
    }
    assert counted == {
        ("qr", "telegram", "ok"): 2,
        ("wifi", "telegram", "incomplete"): 1,
        ("favourite", "telegram", "refused"): 1,
        ("other", "telegram", "refused"): 1,
    }
    assert added(found, "qr_gen_request_seconds_count", face="telegram", how="answered") == 5
    assert added(found, "qr_gen_database_units_total") == added(found, "qr_gen_database_commits_total") > 1


async def test_what_a_limit_refuses_is_counted(settings: Settings, ring: KeyRing) -> None:
    """In chat and over HTTP alike; tries of passwords by themselves."""
    async with opened(settings.model_copy(update={"rate_limit": "2/minute"}), ring) as site:
        for number in range(4):
            await site.says(f"/qr {number}")
        for _ in range(3):
            await site.client.get("/v1/nothing")
        assert await site.value("qr_gen_limited_total", limit="requests") == 3
        assert await site.value("qr_gen_limited_total", limit="attempts") == 0


async def test_a_picture_is_drawn_once_and_its_repair_and_refusal_counted(site: Site) -> None:
    """What was asked for and not drawn came from memory."""
    bare = Picture(payload_of("hello"), DEFAULT)
    faint = replace(bare, style=parse_style("#cccccc on white"))
    await site.bot.draw(bare)
    await site.bot.draw(bare)
    assert (await site.bot.draw(faint)).said
    with pytest.raises(Refused):
        await site.bot.draw(replace(faint, style=replace(faint.style, size=5)))
    found = await site.samples()
    assert added(found, "qr_gen_pictures_total", look="plain") == 2
    assert added(found, "qr_gen_pictures_drawn_total", look="plain", result="proven") == 1
    assert added(found, "qr_gen_pictures_drawn_total", look="styled", result="mended") == 1
    assert added(found, "qr_gen_pictures_drawn_total", look="styled", result="refused") == 1
    assert added(found, "qr_gen_picture_seconds_count") == 3
    for part in ("drawing", "proving"):  # of what came of it
        for look in ("plain", "styled"):
            assert added(found, f"qr_gen_{part}_seconds_count", look=look) == 1
            assert added(found, f"qr_gen_{part}_seconds_sum", look=look) > 0
    whole = added(found, "qr_gen_picture_seconds_sum")
    parts = [added(found, f"qr_gen_{part}_seconds_sum") for part in ("drawing", "proving")]
    assert sum(parts) <= whole


async def test_what_arrives_on_a_poll_or_a_socket_is_timed_until_it_was_taken() -> None:
    """What could not be kept comes again, and counts for nothing."""
    metrics, statuses = new_metrics(), [200, 503, 200]

    async def take(body: Any) -> tuple[int, Any]:
        return statuses.pop(0), body

    taken = acknowledging(metrics, "slack", take)
    assert [await taken("x") for _ in range(3)] == [(200, "x"), (503, "x"), (200, "x")]
    on_batch(metrics, "telegram", 0.25)
    found = [each for family in metrics.registry.collect() for each in family.samples]
    assert added(found, "qr_gen_acknowledgement_seconds_count", face="slack") == 2
    assert added(found, "qr_gen_acknowledgement_seconds_sum", face="telegram") == 0.25


async def test_a_dead_letter_is_counted_and_stands_among_the_rows(settings: Settings, ring: KeyRing) -> None:
    """A bot that works sends what was said, and gives up what no platform will take."""

    async def send(*given: Any, **more: Any) -> Any:
        raise Closed("blocked")

    async def prepare(request: Request) -> Request:
        return request

    async with opened(settings, ring, working=True) as site:
        site.bot.faces["telegram"] = Face("telegram", send, prepare, lambda *_: (), lambda account: {})
        assert await site.value("qr_gen_dead_letters", queue="deliveries", face="telegram") == 0
        await site.says("/qr hello", answered=False, asking=Asking.QUESTION)
        async with asyncio.timeout(20):
            while not await site.value("qr_gen_dead_letters", queue="deliveries", face="telegram"):
                await asyncio.sleep(0.05)
        found = await site.samples()
    assert added(found, "qr_gen_deliveries_total", face="telegram", result="dead") == 1
    assert added(found, "qr_gen_queue_waiting") == 0
    assert added(found, "qr_gen_request_seconds_count", how="acknowledged") == 1


async def test_without_the_database_no_old_figure_is_given(site: Site) -> None:
    """What this process counted is told all the same."""
    before = {each.name for each in await site.samples()}
    await site.bot.app.store.reader.dispose()
    found = await site.samples()
    assert added(found, "qr_gen_ready", part="database") == 0
    missing = before - {each.name for each in found}
    assert missing == {
        "qr_gen_queue_waiting", "qr_gen_queue_retrying", "qr_gen_queue_oldest_seconds", "qr_gen_dead_letters",
        "qr_gen_database_size_bytes", "qr_gen_poller_held",
    }  # fmt: skip


# --- hostile ------------------------------------------------------------------------------------------------


async def test_no_number_of_addresses_and_methods_makes_new_series() -> None:
    """Ten thousand of them; nor is anything of them in what is collected."""
    metrics, web = new_metrics(), FastAPI()
    app = measured(web, partial(on_answer, metrics))
    done: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        done.append(message["type"])

    for number in range(10_000):
        method = "GET" if number % 2 else f"X{number}"
        path = f"/{CANARY}/{number}" if number % 3 else f"/v1/{CANARY}{number}"
        scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
        await app(scope, receive, send)
    assert done.count("http.response.start") == 10_000
    counted = [each for family in metrics.registry.collect() for each in family.samples]
    assert {each.labels["method"] for each in counted if "method" in each.labels} == {"GET", "other"}
    assert added(counted, "qr_gen_http_requests_total") == 10_000
    assert {each.labels["route"] for each in counted if "route" in each.labels} == {"other"}
    assert CANARY not in repr(counted)


async def test_nothing_that_was_said_becomes_a_label(settings: Settings, ring: KeyRing) -> None:
    """Words, names, places, passwords: no request makes a series of its own."""
    async with opened(settings.model_copy(update={"rate_limit": "off"}), ring) as site:

        async def hostile(name: str) -> None:
            for text in (f"/{name}", f"/qr {name}", f"/wifi {name} password={name}{name}", f"/show {name}"):
                await site.says(
                    text, id=f"{name}{text}", actor=Actor(name, name, name), space=Space(name, name)
                )

        await hostile(CANARY)
        await site.samples()  # is a request, too
        before = await site.samples()
        for number in range(25):
            await hostile(f"{CANARY}{number}")
        after = await site.samples()
    assert len(after) == len(before)
    assert CANARY not in repr(after)
    assert TOKEN not in repr(after)
    assert "123456:" not in repr(after)
    assert added(after, "qr_gen_commands_total", face="other") > 50
