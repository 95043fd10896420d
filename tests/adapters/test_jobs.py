"""Work that takes long, over HTTP: preferred, looked at, streamed, fetched, cancelled, and nobody else's."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from adapters.web.later import preferred
from bot.jobs import MOST, Running, cancel
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, Rendered, render
from bot.qr.style import DEFAULT
from storage.account_tables import jobs
from tests.adapters.test_web import browser
from tests.core.talking import Core, passed

BODY = {"content": {"type": "text", "text": "hello"}}
AT_ONCE = {"Prefer": "respond-async"}
PICTURE = render(Picture(payload_of("hello"), DEFAULT))


@dataclass
class Drawing:
    """A client of an application whose drawing waits until a test lets it go on."""

    http: httpx.AsyncClient
    core: Core
    running: Running
    go: asyncio.Event

    async def begun(self) -> str:
        """Begin a job, and give its address."""
        answer = await self.http.post("/v1/render", json=BODY, headers=AT_ONCE)
        assert answer.status_code == 202
        return answer.headers["location"]

    async def done(self) -> None:
        """Let the work end."""
        self.go.set()
        await asyncio.wait(self.running.tasks.values())


@pytest.fixture
async def drawing(core: Core) -> AsyncIterator[Drawing]:
    """Open one."""
    go, running = asyncio.Event(), Running()

    async def draw(picture: Picture) -> Rendered:
        await go.wait()
        return PICTURE

    async with browser(core.app, draw=draw, running=running) as opened:  # type: ignore[arg-type]
        yield Drawing(opened, core, running, go)
    await running.close()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", (False, 10.0)),
        ("respond-async", (True, 0.0)),
        ("Respond-Async, wait=3", (True, 3.0)),
        ('wait="4"', (False, 4.0)),
        ("wait=100", (False, 10.0)),
        ("wait=-1", (False, 10.0)),
        ("wait=1e3, return=minimal; x=y", (False, 10.0)),
        ("handling=lenient, respond-async; x", (True, 0.0)),
        (",,;=", (False, 10.0)),
    ],
)
def test_what_a_client_prefers_is_read(said: str, meant: tuple[bool, float]) -> None:
    """RFC 7240, 4.1 and 4.3; never more than ten seconds."""
    assert preferred(said) == meant


async def test_a_job_is_looked_at_and_its_result_is_what_the_call_would_have_answered(
    drawing: Drawing,
) -> None:
    """Bytes, status and fields."""
    answer = await drawing.http.post("/v1/render", json=BODY, headers=AT_ONCE)
    place, told = answer.headers["location"], answer.json()
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
    assert told["url"] == place == f"/v1/jobs/{told['id']}"
    assert (await drawing.http.get(place)).json() == told | {"state": "running"}
    early = await drawing.http.get(told["result"])
    assert (early.status_code, early.headers["retry-after"], early.json()["state"]) == (202, "1", "running")
    await drawing.done()
    assert (await drawing.http.get(place)).json()["state"] == "done"
    got, meant = await drawing.http.get(told["result"]), await drawing.http.post("/v1/render", json=BODY)
    assert (got.status_code, got.content) == (200, PICTURE.data)
    own = {"x-request-id", "date"}
    assert {k: v for k, v in got.headers.items() if k not in own} == {
        k: v for k, v in meant.headers.items() if k not in own
    }
    headed = await drawing.http.head(told["result"])
    assert (headed.headers["content-length"], headed.content) == (str(len(PICTURE.data)), b"")


async def test_a_refusal_is_a_result_as_well(drawing: Drawing) -> None:
    """With its problem."""
    body = {"content": {"type": "wifi", "ssid": "Guest", "password": "short"}}
    answer = await drawing.http.post("/v1/render", json=body, headers=AT_ONCE)
    await drawing.done()
    got = await drawing.http.get(answer.json()["result"])
    assert (got.status_code, got.headers["content-type"]) == (422, "application/problem+json")


async def test_events_tell_of_the_end(drawing: Drawing) -> None:
    """Then the stream ends; who comes later, or again, is told at once."""
    place = await drawing.begun()
    stream = asyncio.create_task(drawing.http.get(f"{place}/events"))
    await asyncio.sleep(0)
    await drawing.done()
    for answer in (await stream, await drawing.http.get(f"{place}/events", headers={"Last-Event-ID": "x"})):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        last = answer.text.strip().splitlines()[-1]
        assert json.loads(last.removeprefix("data: "))["state"] == "done"
    headed = await drawing.http.head(f"{place}/events")
    assert (headed.status_code, headed.content) == (200, b"")
    assert drawing.running.streams == {}


async def test_a_cancelled_job_is_gone(drawing: Drawing) -> None:
    """With its task."""
    place = await drawing.begun()
    assert (await drawing.http.delete(place)).status_code == 204
    for path in (place, f"{place}/result", f"{place}/events"):
        assert (await drawing.http.get(path)).status_code == 404
    assert drawing.running.tasks == {}


async def test_a_lost_job_says_what_to_do(drawing: Drawing) -> None:
    """Send it again."""
    place = await drawing.begun()
    await drawing.running.close()
    passed(drawing.core, seconds=31)
    assert (await drawing.http.get(place)).json()["state"] == "lost"
    gone = await drawing.http.get(f"{place}/result")
    assert gone.status_code == 410
    assert "send it again" in gone.json()["detail"]


async def test_an_asker_with_too_many_jobs_is_told_to_wait(drawing: Drawing) -> None:
    """Until some are done."""
    for _ in range(MOST):
        await drawing.begun()
    answer = await drawing.http.post("/v1/render", json=BODY, headers=AT_ONCE)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
    await drawing.done()
    assert (await drawing.http.post("/v1/render", json=BODY, headers=AT_ONCE)).status_code == 202


@pytest.mark.parametrize("id", ["0" * 20, "x", "..", "7k3f", "0" * 19 + "o"])
async def test_no_job_is_at_a_guessed_address(drawing: Drawing, id: str) -> None:
    """Of any shape."""
    assert (await drawing.http.get(f"/v1/jobs/{id}/result")).status_code == 404


async def test_an_accounts_job_is_nobody_elses(drawing: Drawing) -> None:
    """Not a guest's either, who knows its address."""
    place = await drawing.begun()
    await drawing.done()
    async with drawing.core.store.writing() as work:
        await work.connection.execute(jobs.update().values(asker="7K3FABCDEF"))
    for path in (place, f"{place}/result", f"{place}/events"):
        assert (await drawing.http.get(path)).status_code == 404
    assert (await drawing.http.delete(place)).status_code == 404


async def test_somebody_who_leaves_costs_nothing(drawing: Drawing) -> None:
    """A stream that is closed holds no place, and the job goes on."""
    place = await drawing.begun()
    stream = asyncio.create_task(drawing.http.get(f"{place}/events"))
    while not drawing.running.streams:
        await asyncio.sleep(0)
    stream.cancel()
    await asyncio.wait({stream})
    assert drawing.running.streams == {}
    assert len(drawing.running.tasks) == 1
    await cancel(drawing.running, drawing.core.app, place.rpartition("/")[2])
