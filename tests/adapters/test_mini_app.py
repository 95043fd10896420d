"""The Mini App over HTTP: who gets in, what its page may load, where it may stand, and the style designer."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from typing import Any, cast

import httpx
import pytest
import zxingcpp
from PIL import Image

from adapters.web.designer import PARTS, VIEWS, choices, shown_by
from adapters.web.launch import launch_key
from bot.drawings import drawing, fetching
from bot.message import Actor, Reply, Status
from bot.qr.gallery import TILE
from bot.qr.picture import Picture, Rendered, render
from tests.adapters.test_web import NOW, Canned, browser, draw
from tests.core.talking import START, Core, codes_of, passed, rows
from tests.fakes.telegram.launch import SCRIPT, init_data, opened
from tests.fakes.telegram.things import Person
from tests.fakes.telegram.world import TOKEN

ADA, BEA = Person(101, "Ada", "", "", "de"), Person(102, "Bea")
MINI: dict[str, Any] = {"chat": False, "mini": True, "launch_key": launch_key(TOKEN)}


def vouched(person: Person, at: float = NOW.timestamp()) -> dict[str, str]:
    """Give the header that the page sends."""
    return {"Authorization": f"tma {opened(TOKEN, person, at)}"}


@pytest.fixture
async def client(core: Core) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on the Mini App of a bot, without a web chat, with a real core behind it."""
    drawn = drawing(fetching(core.store))
    async with browser(cast(Canned, core.app), draw=drawn, **MINI) as opened_client:
        yield opened_client


async def say(client: httpx.AsyncClient, person: Person, **said: Any) -> dict[str, Any]:
    """Say something on the page."""
    answer = await client.post("/chat/say", json=said, headers=vouched(person, START.timestamp()))
    assert answer.status_code == 200, answer.text
    return cast(dict[str, Any], answer.json())


async def tried(client: httpx.AsyncClient, person: Person, code: str = "", look: str = "") -> httpx.Response:
    """Try a look."""
    said = {"code": code, "look": look}
    return await client.post("/chat/preview", json=said, headers=vouched(person, START.timestamp()))


# --- the page -----------------------------------------------------------------------------------------------


async def test_only_the_mini_app_may_load_telegrams_script_and_stand_in_its_web_app(
    client: httpx.AsyncClient,
) -> None:
    """No other page or file may."""
    page = await client.get("/app")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' https://telegram.org;" in policy
    assert policy.endswith("frame-ancestors https://web.telegram.org")
    assert page.text.index(SCRIPT) < page.text.index("/static/chat.js")
    assert page.headers["x-content-type-options"] == "nosniff"
    for path in ("/", "/chat/words", "/static/chat.js", "/app/x"):
        other = await client.get(path)
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
        assert "telegram.org" not in other.headers["content-security-policy"]
        assert other.headers["cross-origin-opener-policy"] == "same-origin"


async def test_it_needs_a_bot_or_this_machine() -> None:
    """Else there is nothing at its address; it brings no web chat with it."""
    async with browser(Canned()) as client:
        assert (await client.get("/app")).status_code == 404
        assert SCRIPT not in (await client.get("/")).text
    async with browser(Canned(), **MINI) as client:
        assert 'id="composer"' not in (await client.get("/")).text
        assert (await client.post("/v1/render", json={})).status_code == 401


# --- who gets in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer x"},
        {"Authorization": "tma hello"},
        {"Authorization": "tma " + init_data(TOKEN, {"user": "{}", "auth_date": "5"})},
        vouched(ADA, NOW.timestamp() - 4000),
    ],
)
@pytest.mark.parametrize("path", ["/chat/say", "/chat/preview"])
async def test_who_is_not_vouched_for_is_told_to_open_it_again(path: str, headers: dict[str, str]) -> None:
    """401, and nobody was asked; the words of the page are there all the same, to say it."""
    core = Canned()
    async with browser(core, **MINI) as client:
        answer = await client.post(path, json={"text": "hello"}, headers=headers)
        assert answer.json()["detail"] == "Please open it again from Telegram."
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "tma")
        assert "set-cookie" not in answer.headers
        assert (await client.get("/chat/words", headers=headers)).status_code == 200
    assert core.asked == []


async def test_where_there_is_no_bot_nobody_is_vouched_for() -> None:
    """Also not by data signed with no token at all; guests of this machine are welcome."""
    signed = {"Authorization": f"tma {opened('', ADA, NOW.timestamp())}"}
    core = Canned()
    async with browser(core, mini=True) as client:
        assert (await client.post("/chat/say", json={"text": "x"}, headers=signed)).status_code == 401
        assert (await client.post("/chat/say", json={"text": "x"})).status_code == 200
    assert core.asked[0].actor.platform == "web"


async def test_another_sites_page_gets_nothing_even_so() -> None:
    """A browser says whose page posts."""
    headers = vouched(ADA) | {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    async with browser(Canned(), **MINI) as client:
        assert (await client.post("/chat/say", json={"text": "x"}, headers=headers)).status_code == 403


async def test_somebody_is_the_same_person_as_in_their_chat() -> None:
    """The same account and space, their language; no cookie is set."""
    core = Canned()
    async with browser(core, **MINI) as client:
        answer = await client.post("/chat/say", json={"text": "hello"}, headers=vouched(ADA))
        words = await client.get("/chat/words", headers=vouched(ADA) | {"Accept-Language": "fr"})
    [asked] = core.asked
    assert (asked.actor.key, asked.space.key, asked.space.private) == ("telegram:101", "telegram:101", True)
    assert (asked.actor.language, words.json()["language"]) == ("de", "de")
    assert "set-cookie" not in answer.headers


async def test_nobody_reaches_the_codes_of_somebody_else(client: httpx.AsyncClient, core: Core) -> None:
    """Not by showing, designing, changing or deleting them, nor in a list."""
    made = (await say(client, BEA, text="Bea's own"))["design"]
    for line in (f"show {made}", f"restyle {made} navy", f"favourite {made}", f"delete {made} confirm=yes"):
        reply = await say(client, ADA, press=line)
        assert (reply["status"], reply["picture"]) == ("refused", None)
    assert (await tried(client, ADA, made)).status_code == 422
    assert "Bea" not in json.dumps(await say(client, ADA, text="/history"))
    [code] = await codes_of(core, Actor("telegram", "102"))
    assert (code.text, code.favourite) == ("Bea's own", False)


async def test_an_hour_after_it_was_opened_it_has_to_be_opened_again(
    client: httpx.AsyncClient, core: Core
) -> None:
    """Until then the same data does."""
    headers = vouched(ADA, START.timestamp())
    for minutes, status in ((0, 200), (59, 200), (2, 401)):
        passed(core, minutes=minutes)
        answer = await client.post("/chat/say", json={"text": "hello"}, headers=headers)
        assert answer.status_code == status


async def test_what_is_sent_on_goes_to_the_chat_and_to_no_guests() -> None:
    """As if its button had been pressed there; a guest has no chat."""
    asked = Canned(None)
    async with browser(
        asked, **MINI | {"chat": True}, reach=lambda account: {"chat": int(account)}
    ) as client:
        answer = await client.post("/chat/say", json={"send": "show 7K3F"}, headers=vouched(ADA))
        assert answer.status_code == 200
        for more in ({"send": "show 7K3F", "text": "x"}, {"send": 5}):
            assert (await client.post("/chat/say", json=more, headers=vouched(ADA))).status_code == 422
        assert (await client.post("/chat/say", json={"send": "show 7K3F"})).status_code == 422
    [request] = asked.asked
    assert (request.text, request.pressed, request.answered) == ("show 7K3F", True, False)
    assert (request.space.key, request.address) == ("telegram:101", {"chat": 101})


# --- the designer -------------------------------------------------------------------------------------------


async def test_a_look_is_tried_on_a_code_and_measured(client: httpx.AsyncClient, core: Core) -> None:
    """Picture, score, words and fields; another look has another score; nothing is kept."""
    made = await say(client, ADA, text="hello")
    before = await rows(core.store)
    plain, pale = [
        (await tried(client, ADA, made["design"], look)).json()
        for look in ("", "small dots #5577aa on white, eyes rounded, frame banner “Go”, logo ⭐")
    ]
    picture = Image.open(BytesIO(b64decode(pale["picture"]["src"].partition(",")[2])))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["hello"]
    assert (plain["score"] > pale["score"] > 0, plain["grade"]) == (True, "A")
    assert plain["values"]["presets"] == "classic"
    assert pale["values"] == {
        "presets": "", "modules": "small dot", "finder": "rounded", "eyeball": "rounded", "dark": "#5577aa",
        "light": "#ffffff", "finder_colour": "#5577aa", "eyeball_colour": "#5577aa", "frame": "banner",
        "caption": "Go", "frame_colour": "#5577aa", "logo": "⭐",
    }  # fmt: skip
    assert 'frame banner "Go"' in pale["look"]
    assert await rows(core.store) == before


async def test_what_was_mended_is_said_with_it(client: httpx.AsyncClient) -> None:
    """In the language of the page."""
    shown = (await tried(client, ADA, look="eyes circle, #999999 on white")).json()
    assert shown["said"]
    assert all("I " not in line for line in shown["said"])  # in German


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"code": "", "look": "navvy"}, "navy"),
        ({"code": "", "look": "white on white"}, "."),
        ({"code": "7K3F7K3F7K", "look": ""}, "."),
        ({"code": "hello", "look": ""}, "hello"),
        ({"code": "", "look": "code zzzz"}, "."),
        ({"code": "", "look": "logo asset:7K3F7K3F7K"}, "."),
        ({"code": "", "look": "x" * 1001}, "1000"),
        ({"look": "navy"}, "code"),
        ({"code": 5, "look": "navy"}, "code"),
        ([], "code"),
    ],
)
async def test_a_look_that_will_not_do_is_refused_with_a_sentence(
    client: httpx.AsyncClient, body: Any, told: str
) -> None:
    """As everywhere."""
    answer = await client.post("/chat/preview", json=body, headers=vouched(BEA, START.timestamp()))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert told in answer.json()["detail"]


async def test_trying_counts_against_the_limit_and_a_body_has_one(
    client: httpx.AsyncClient, core: Core
) -> None:
    """Too much is refused before anything is drawn."""
    core.verdicts.append(1)
    answer = await tried(client, BEA)
    assert (answer.status_code, "a minute" in answer.json()["detail"]) == (422, True)
    headers = vouched(BEA, START.timestamp())
    large = await client.post("/chat/preview", json={"look": "x" * 20_000, "code": ""}, headers=headers)
    assert large.status_code == 413


async def test_guests_are_counted_by_where_they_come_from(core: Core) -> None:
    """Each request could be a new one's."""
    counted: list[str] = []

    async def allowed(account: str) -> int:
        counted.append(account)
        return int(counted.count(account) > 1)

    app = replace(core.app, allowed=allowed)
    async with browser(cast(Canned, app), mini=True) as client:
        first = await client.post("/chat/preview", json={"code": "", "look": "navy"})
        client.cookies.clear()
        second = await client.post("/chat/preview", json={"code": "", "look": "navy"})
    assert (first.status_code, second.status_code, second.headers["retry-after"]) == (200, 429, "60")


async def test_one_look_at_a_time_is_drawn(core: Core) -> None:
    """However many are tried, so that the other thread draws what is sent."""
    running = most = 0

    async def counted(picture: Picture) -> Rendered:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return render(picture)

    async with browser(cast(Canned, core.app), draw=counted, **MINI) as client:
        looks = ("navy", "teal", "maroon")
        answers = await asyncio.gather(*(tried(client, ADA, look=look) for look in looks))
    assert ([answer.status_code for answer in answers], most) == ([200] * 3, 1)


async def test_what_is_printed_is_shown_on_the_screen(client: httpx.AsyncClient) -> None:
    """No larger than a screen; the words keep what was asked for."""
    shown = (await tried(client, ADA, look="300mm, 600 dpi")).json()
    assert shown["picture"]["width"] <= 1024
    assert "300mm" in shown["look"]


async def test_everything_that_is_offered_has_a_small_picture(client: httpx.AsyncClient) -> None:
    """Those of a part beside each other, in their order; no other address has any."""
    offered = (await client.get("/chat/looks")).json()
    assert offered == choices()
    for part in VIEWS:
        answer = await client.get(f"/chat/looks/{part}.png")
        picture = Image.open(BytesIO(answer.content))
        assert picture.size == (len(offered[part]) * TILE, TILE)
        squares = {picture.crop((at, 0, at + TILE, TILE)).tobytes() for at in range(0, picture.width, TILE)}
        assert len(squares) == len(offered[part])
        assert "max-age" in answer.headers["cache-control"]
    for wrong in ("frame.png", "modules", "modules/dot.png", "..%2F.png"):
        assert (await client.get(f"/chat/looks/{wrong}")).status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_each_shape_that_is_offered_is_the_one_its_picture_shows(part: str) -> None:
    """The words of the designer are read as that shape."""
    assert [getattr(style, part) for style in shown_by(part)] == choices()[part]


async def test_a_reply_without_a_picture_is_said_as_a_refusal() -> None:
    """Whatever the core says."""
    core = Canned(Reply(body="Not now.", status=Status.REFUSED))
    async with browser(core, draw=draw, **MINI) as client:
        answer = await client.post("/chat/preview", json={"look": "", "code": ""}, headers=vouched(ADA))
    assert (answer.status_code, answer.json()["detail"]) == (422, "Not now.")
