"""Idempotency-Key: one effect and equal answers, however often and however rudely a request is repeated."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from adapters.web.api import Api
from adapters.web.faults import caught
from adapters.web.once import REPLAYED, once
from adapters.web.problems import install
from adapters.web.reference.parameters import KEY
from adapters.web.security import dressed
from bot.accounts.caller import Accounts
from bot.context import Context
from bot.ids import new_id
from bot.message import Actor, Asking, Outcome, Request, Space
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, dump_style
from storage.account import Answer
from storage.answers import Answers
from storage.changes import AddAsset, AddCode, Change
from storage.housekeeping import tidy
from storage.records import Asset, Code
from storage.tables import assets, codes, metadata
from tests.adapters.site import PICTURE_KEY, TOKEN_KEY
from tests.core.talking import Core, both, core, passed, rows
from tests.full import FULL

__all__ = ["both", "core"]

CANCELLED = 1500 if FULL else 300


@dataclass(slots=True)
class Making:
    """A route that makes a code with a picture beside it: an aggregate of two rows."""

    core: Core
    trouble: list[Exception] = field(default_factory=list)  # of the next calls

    async def make(self, text: str, id: str, also: Callable[[Code], tuple[Change, ...]]) -> Code:
        """Make them in one unit."""
        made: list[Code] = []

        async def act(context: Context) -> Outcome:
            if self.trouble:
                raise self.trouble.pop()
            code = Code(
                new_id(), context.person.id, context.request.space.key, "text", text, text,
                dump_style(DEFAULT), "png", context.now,
            )  # fmt: skip
            made.append(code)
            picture = Asset(code.id, code.person_id, b"picture", context.now)
            return Outcome(None, (AddCode(code), AddAsset(picture), *also(code)))

        who = Actor("web", "0123456789")
        asked = Request(id, who, Space(who.platform, who.id), answered=True, asking=Asking.FORM)
        await self.core.app.perform(asked, act)
        return made[-1]


def site(making: Making) -> Any:
    """Serve that route as the application serves its own."""
    app = making.core.app
    api = Api(
        app, cast(Any, None), Accounts(app, (TOKEN_KEY,), "qr-gen", "open"), PICTURE_KEY, "", guests=False
    )
    web = FastAPI(openapi_url=None, middleware=[Middleware(dressed, secure=False), Middleware(caught)])
    install(web)

    async def made(http: HttpRequest) -> Response:
        body = await http.json()
        asker = http.headers.get("asker", "0123456789")

        async def do(id: str, also: Callable[[Code], tuple[Change, ...]]) -> Code:
            try:
                return await making.make(body["text"], id, also)
            except Refused as refused:
                raise HTTPException(422, str(refused)) from None

        return await once(api, http, asker, do, told)

    web.add_route("/made", made, methods=["POST"])
    web.add_route("/other", made, methods=["POST"])
    return web


def told(code: Code) -> Response:
    """Answer what was made."""
    return JSONResponse({"id": code.id, "text": code.text}, 201, {"Location": f"/made/{code.id}"})


@pytest.fixture
async def making(core: Core) -> Making:
    """Make things on SQLite."""
    return Making(core)


def client(making: Making) -> httpx.AsyncClient:
    """Open a client."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(site(making)), base_url="http://test")


@pytest.fixture
async def asking(making: Making) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on SQLite."""
    async with client(making) as opened:
        yield opened


async def post(
    asking: httpx.AsyncClient, key: str = "one", text: str = "hello", path: str = "/made", **headers: str
) -> httpx.Response:
    """Ask for something to be made."""
    return await asking.post(path, json={"text": text}, headers={KEY: key, **headers})


async def test_a_repetition_is_answered_alike_and_does_nothing(core: Core, asking: httpx.AsyncClient) -> None:
    """Status, headers and body are the first one's, and it says that it is a repetition."""
    first, again = await post(asking), await post(asking)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["location"]) == (first.content, first.headers["location"])
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["content-length"] == first.headers["content-length"]
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert (await rows(core.store))["codes"] == 1


async def test_without_a_key_each_request_makes_its_own(core: Core, asking: httpx.AsyncClient) -> None:
    """And nothing is kept of what was answered."""
    for _ in range(2):
        assert (await asking.post("/made", json={"text": "hello"})).status_code == 201
    found = await rows(core.store)
    assert (found["codes"], found.get("answers"), found.get("seen")) == (2, None, None)


@pytest.mark.parametrize(("text", "path"), [("other", "/made"), ("hello", "/other"), ("hello", "/made?a=b")])
async def test_a_key_is_good_for_one_request(
    core: Core, asking: httpx.AsyncClient, text: str, path: str
) -> None:
    """Another body, path or query with it is refused, and nothing is made."""
    await post(asking)
    refused = await post(asking, text=text, path=path)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert "another request" in refused.json()["detail"]
    assert (await rows(core.store))["codes"] == 1


async def test_a_key_belongs_to_who_sent_it(core: Core, asking: httpx.AsyncClient) -> None:
    """Somebody else's same key is another one: nobody gets another's answer."""
    first, other = await post(asking), await post(asking, asker="ABCDEFGHJK")
    assert first.json()["id"] != other.json()["id"]
    assert (await rows(core.store))["answers"] == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "caf\u00e9"])
async def test_what_is_no_key_is_refused(core: Core, asking: httpx.AsyncClient, key: str) -> None:
    """It is 1 to 255 printable ASCII characters."""
    refused = await asking.post("/made", json={"text": "x"}, headers=[(KEY.encode(), key.encode())])
    assert (refused.status_code, "255" in refused.json()["detail"]) == (400, True)
    assert "codes" not in await rows(core.store)


async def test_two_keys_are_none(asking: httpx.AsyncClient) -> None:
    """Which of them counts would be a guess."""
    refused = await asking.post("/made", json={"text": "x"}, headers=[(KEY, "one"), (KEY, "two")])
    assert refused.status_code == 400


@pytest.mark.parametrize("key", [" ", "x" * 255, "~!", '"5f0a1c1e"'])
async def test_a_key_may_be_any_text_that_can_be_seen(asking: httpx.AsyncClient, key: str) -> None:
    """Also the longest."""
    [first, again] = [await post(asking, key) for _ in range(2)]
    assert (again.content, again.headers[REPLAYED]) == (first.content, "true")


@pytest.mark.parametrize(("trouble", "status"), [(Refused("Not so."), 422), (RuntimeError("oh"), 500)])
async def test_what_failed_is_tried_again(
    core: Core, making: Making, asking: httpx.AsyncClient, trouble: Exception, status: int
) -> None:
    """Nothing was done, so nothing is kept of a refusal or a failure: also another body may come then."""
    making.trouble.append(trouble)
    assert (await post(asking)).status_code == status
    assert not {"codes", "answers", "seen"} & set(await rows(core.store))
    mended = await post(asking, text="mended")
    assert (mended.status_code, REPLAYED in mended.headers) == (201, False)


async def test_a_refusal_for_what_its_twin_has_done_is_no_refusal(
    making: Making, asking: httpx.AsyncClient
) -> None:
    """A name that is taken, say: the twin took it between our looking for its answer and our deciding."""
    first = await post(asking)
    making.trouble.append(Refused("The name is taken."))
    kept, looks = Answers.get, count()

    async def get(self: Answers, id: str) -> Answer | None:
        return await kept(self, id) if next(looks) else None

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Answers, "get", get)
        again = await post(asking)
    assert (again.content, again.headers[REPLAYED], making.trouble) == (first.content, "true", [])


async def test_twenty_at_once_with_one_key_have_one_effect(both: Core) -> None:
    """And twenty equal answers, one of them the first; on every database."""
    async with client(Making(both)) as asking:
        answers = await asyncio.gather(*(post(asking) for _ in range(20)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert len({each.headers["location"] for each in answers}) == 1
    assert sum(REPLAYED not in each.headers for each in answers) == 1
    found = await rows(both.store)
    assert [found[name] for name in ("codes", "assets", "answers", "people")] == [1, 1, 1, 1]


async def test_a_day_later_a_key_is_new(both: Core) -> None:
    """What was answered has had its time, and so has that it was seen."""
    async with client(Making(both)) as asking:
        first = await post(asking)
        passed(both, hours=23)
        await tidied(both)
        assert (await post(asking)).content == first.content
        passed(both, hours=1)
        await tidied(both)
        anew = await post(asking, text="another body")
    assert (anew.status_code, REPLAYED in anew.headers) == (201, False)
    assert (await rows(both.store))["codes"] == 2


async def tidied(core: Core) -> None:
    """Tidy up."""
    async with core.store.writing() as work:
        await tidy(work.connection, core.app.clock())


async def test_a_key_whose_answer_is_gone_is_not_used_again(core: Core, asking: httpx.AsyncClient) -> None:
    """Somebody had all that is theirs deleted: their request is not done again unasked."""
    await post(asking)
    async with core.store.writing() as work:
        await work.connection.execute(metadata.tables["answers"].delete())
    refused = await post(asking)
    assert (refused.status_code, "gone" in refused.json()["detail"]) == (409, True)
    assert (await rows(core.store))["codes"] == 1


async def test_nothing_of_an_answer_is_readable_in_the_database(
    core: Core, asking: httpx.AsyncClient
) -> None:
    """Neither the key, nor what was asked, nor what was answered."""
    await post(asking, key="my-key-1234", text="my secret text")
    async with core.store.reading() as work:
        row = (await work.connection.execute(select(metadata.tables["answers"]))).one()
    kept = repr(tuple(row))
    assert not any(each in kept for each in ("my-key", "secret", "Location", "location"))


async def test_requests_cancelled_at_random_leave_all_or_nothing(both: Core) -> None:
    """However far each came: no half of anything, no lock held, and repeated it has one effect (A15)."""
    making, chance = Making(both), random.Random(7)
    app = site(making)
    for first in range(0, CANCELLED, 25):
        keys = [f"key {number}" for number in range(first, min(first + 25, CANCELLED))]
        await asyncio.gather(*(given_up(app, key, chance.uniform(0, 0.15)) for key in keys))
    whole = await aggregates(both)
    assert whole[0] == whole[1]
    async with client(making) as asking:
        for number in range(CANCELLED):
            assert (await asyncio.wait_for(post(asking, f"key {number}"), 30)).status_code == 201
    assert await aggregates(both) == (CANCELLED, CANCELLED, CANCELLED)


async def given_up(app: Any, key: str, after: float) -> None:
    """Ask, and go away after so many seconds, unless it was answered before."""
    body = json.dumps({"text": "hello"}, separators=(",", ":")).encode()
    scope = {
        "type": "http", "method": "POST", "path": "/made", "raw_path": b"/made", "query_string": b"",
        "headers": [(b"idempotency-key", key.encode()), (b"host", b"test")], "scheme": "http",
        "http_version": "1.1", "server": ("test", 80), "client": ("test", 1), "root_path": "",
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        await asyncio.sleep(0)

    task = asyncio.create_task(app(scope, receive, send))
    await asyncio.wait({task}, timeout=after)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def aggregates(core: Core) -> tuple[int, int, int]:
    """Count codes, those of them with their picture, and the answers kept."""
    async with core.store.reading() as work:
        found = [
            await work.connection.scalar(counted) or 0
            for counted in (
                select(func.count()).select_from(codes),
                select(func.count()).select_from(codes.join(assets, assets.c.id == codes.c.id)),
                select(func.count()).select_from(metadata.tables["answers"]),
            )
        ]
    return found[0], found[1], found[2]
