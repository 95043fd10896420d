"""Codes over HTTP: made, listed, changed, drawn and deleted, each by whose they are."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image, ImageDraw
from sqlalchemy import insert

from adapters.web.once import REPLAYED
from adapters.web.reference.parameters import KEY
from adapters.web.schemas.saved import ENDINGS
from bot.message import Actor
from storage.tables import assets
from tests.adapters.calling import Called, called
from tests.core.talking import START, Core, both, passed, person_of, rows

__all__ = ["both"]

LINK: dict[str, Any] = {"content": {"type": "url", "url": "https://example.com/menu"}}
WIFI = {"content": {"type": "wifi", "ssid": "Guest", "password": "long enough"}}


@pytest.fixture
async def api(core: Core) -> AsyncIterator[Called]:
    """Call an application on SQLite."""
    opened = called(core)
    async with opened.client:
        yield opened


@pytest.fixture
async def api_on_both(both: Core) -> AsyncIterator[Called]:
    """Call an application on each kind of database."""
    opened = called(both)
    async with opened.client:
        yield opened


async def made(api: Called, body: Any = LINK, name: str = "ada", **more: Any) -> dict[str, Any]:
    """Make a code."""
    answer = await api.ask("POST", "/v1/codes", name, json=body, **more)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def read(answer: httpx.Response) -> str:
    """Read the code in a picture."""
    assert answer.status_code == 200, answer.text
    [found] = zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)))
    return str(found.text)


def logo(colour: str = "navy") -> str:
    """Draw a small picture, in base64."""
    picture = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(picture).ellipse((4, 4, 60, 60), fill=colour)
    out = BytesIO()
    picture.save(out, "PNG")
    return b64encode(out.getvalue()).decode()


# --- the whole life of one ----------------------------------------------------------------------------------


async def test_a_code_is_made_shown_changed_and_deleted(api_on_both: Called) -> None:
    """On each kind of database; what is answered is what is there."""
    api, style = api_on_both, 'dots #1a2b3c on white, eyes rounded, frame "Scan me"'
    answer = await api.ask("POST", "/v1/codes", json={**LINK, "style": style, "favourite": True})
    code = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/codes/{code['id']}")
    assert answer.headers["qr-grade"] in ("A", "B")
    assert (code["type"], code["text"], code["favourite"]) == ("url", "https://example.com/menu", True)
    assert code["values"] == {"url": "https://example.com/menu"}
    shown = await api.ask("GET", code["url"])
    assert (shown.json(), shown.headers["etag"]) == (code, answer.headers["etag"])
    changed = await api.ask("PATCH", code["url"], json={"style": "ocean"})
    assert changed.json()["look"] != code["look"]
    assert changed.json()["text"] == code["text"]
    said = await api.ask("PATCH", code["url"], json={"content": {"type": "text", "text": "hello"}})
    assert (said.json()["type"], said.json()["look"]) == ("text", changed.json()["look"])
    marked = await api.ask("PATCH", code["url"], json={"favourite": False})
    assert (marked.json()["favourite"], "qr-grade" in marked.headers) == (False, False)
    assert read(await api.ask("GET", f"{code['url']}.png")) == "hello"
    assert (await api.ask("DELETE", code["url"])).status_code == 204
    assert {(await api.ask(method, code["url"])).status_code for method in ("GET", "DELETE")} == {404}


async def test_what_is_shown_of_a_look_can_be_sent_again(api: Called) -> None:
    """In words and as an object, with a logo and all."""
    code = await made(api, {**LINK, "style": "dots navy on white, corners 10%", "logo": logo()})
    for look in (code["style"], code["look"]):
        again = await made(api, {**LINK, "style": look})
        assert (again["look"], again["style"]) == (code["look"], code["style"])
    assert (await rows(api.core.store))["assets"] == 1


async def test_without_a_style_it_has_the_persons_own(api: Called) -> None:
    """As in chat; their own format, too."""
    code = await made(api)
    assert (code["format"], code["style"]) == ("png", "black on white")


async def test_a_text_that_is_something_else_is_kept_as_that(api: Called) -> None:
    """So that no list shows its secrets."""
    code = await made(api, {"content": {"type": "text", "text": "WIFI:T:WPA;S:Guest;P:long enough;;"}})
    assert (code["type"], code["secret"], "long enough" in code["title"]) == ("wifi", True, False)
    assert code["values"]["password"] == "long enough"


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"style": "white on white"}, "dark"),
        ({"style": {"nonsense": 1}}, "nonsense"),
        ({"style": {"logo": {"source": "asset:0123456789"}}}, "logo"),
        ({"logo": "!"}, "logo"),
        ({"backdrop": b64encode(b"no picture").decode()}, "backdrop"),
        ({"kit": "0123456789"}, "kit"),
        ({"kit": "none"}, "kit"),
        ({"content": {"type": "wifi", "ssid": ""}}, "ssid"),
        ({"content": {"type": "text", "text": "x" * 4000}}, "content"),
        ({"content": {"type": "otp", "account": "ada", "secret": "JBSWY3DPEHPK3PXP"}}, "content"),
    ],
)
async def test_what_will_not_do_is_refused_by_its_field(api: Called, more: Any, field: str) -> None:
    """And nothing is kept of it."""
    answer = await api.ask("POST", "/v1/codes", json={**LINK, **more})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert field in answer.json()["errors"][0]["field"]
    assert not {"codes", "assets"} & set(await rows(api.core.store))


async def test_no_more_pictures_are_kept_than_may_be(api: Called) -> None:
    """The same one is kept once, however many codes have it; the twenty-first is refused."""
    user, seal = await api.user(), api.core.store.ring.seal
    person = await person_of(api.core, Actor("account", user.id))
    picture = b64encode(b"one of them").decode()
    held = [
        {
            "id": f"{number:010}",
            "owner": person.id,
            "data": seal("assets", "data", f"{number:010}", picture),
            "created_at": START,
        }
        for number in range(20)
    ]
    async with api.core.store.writing() as work:
        await work.connection.execute(insert(assets), held)
    answer = await api.ask("POST", "/v1/codes", json={**LINK, "logo": logo()})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "logo")


# --- whose --------------------------------------------------------------------------------------------------


async def test_nobody_elses_code_is_there(api_on_both: Called) -> None:
    """Whatever is tried with it, as if it never was; it stays as it is."""
    api = api_on_both
    code, absent = await made(api), "/v1/codes/0123456789"
    for url in (code["url"], absent, "/v1/codes/none", "/v1/codes/01234-56789"):
        calls: list[tuple[str, str, dict[str, Any]]] = [
            ("GET", url, {}), ("GET", f"{url}.png", {}), ("DELETE", url, {}),
            ("PATCH", url, {"json": {"favourite": True}}), ("POST", f"{url}/image-links", {"json": {}}),
        ]  # fmt: skip
        for method, path, more in calls:
            answer = await api.ask(method, path, "bea", **more)
            assert (answer.status_code, answer.json()["type"]) == (404, "about:blank"), (method, path)
    assert (await api.ask("GET", "/v1/codes", "bea")).json() == {"items": [], "next": None}
    assert (await api.ask("GET", code["url"])).json() == code


async def test_a_key_may_do_what_its_scopes_say(api: Called) -> None:
    """And nothing else; nobody at all may do nothing."""
    code = await made(api)
    scoped = {scope: await api.key(scopes=[scope]) for scope in ("codes:read", "codes:write", "pictures")}
    calls: list[tuple[str, str, dict[str, Any], str]] = [
        ("GET", "/v1/codes", {}, "codes:read"),
        ("GET", code["url"], {}, "codes:read"),
        ("GET", f"{code['url']}.svg", {}, "codes:read"),
        ("POST", "/v1/codes", {"json": LINK}, "codes:write"),
        ("PATCH", code["url"], {"json": {}}, "codes:write"),
        ("POST", f"{code['url']}/image-links", {"json": {}}, "codes:write"),
        ("GET", "/v1/kits", {}, "codes:read"),
        ("POST", "/v1/kits", {"json": {"name": "ours"}}, "codes:write"),
    ]
    for method, path, more, needed in calls:
        for scope, header in scoped.items():
            answer = await api.client.request(method, path, headers=header, **more)
            assert (answer.status_code == 403) == (scope != needed), (method, path, scope, answer.text)
        assert (await api.client.request(method, path, **more)).status_code == 401


# --- lists --------------------------------------------------------------------------------------------------


async def listed(api: Called, **query: Any) -> list[str]:
    """Walk a whole list, two entries at a time."""
    texts, path = [], "/v1/codes"
    answer = await api.ask("GET", path, params={"limit": 2, **query})
    while True:
        assert answer.status_code == 200, answer.text
        page = answer.json()
        texts += [each["text"] for each in page["items"]]
        assert ("link" in answer.headers) == (page["next"] is not None)
        if page["next"] is None:
            return texts
        following = answer.headers["link"].partition(">")[0].removeprefix("<")
        answer = await api.ask("GET", following)


async def test_lists_come_a_page_at_a_time(api_on_both: Called) -> None:
    """Newest first, those of one moment too, each once; by words, type, and whether they are favourites."""
    api = api_on_both
    for number in range(5):
        await made(api, {"content": {"type": "text", "text": f"Ménu {number}"}, "favourite": number == 3})
        if number % 2:
            passed(api.core, minutes=1)
    await made(api, WIFI)
    texts = await listed(api)
    assert len(texts) == len(set(texts)) == 6
    assert [{text[-1] for text in texts[at : at + 2]} for at in (0, 2, 4)] == [
        {"4", ";"},
        {"2", "3"},
        {"0", "1"},
    ]
    assert sorted(await listed(api, q="menu")) == [f"Ménu {number}" for number in range(5)]
    assert await listed(api, type="wifi") == ["WIFI:T:WPA;S:Guest;P:long enough;;"]
    assert await listed(api, favourite=True) == ["Ménu 3"]
    assert len(await listed(api, favourite=False)) == 5
    assert await listed(api, q="menu 3", favourite=False) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"cursor": "none"}, "cursor"),
        ({"limit": 0}, "query.limit"),
        ({"limit": 101}, "query.limit"),
        ({"type": "fax"}, "query.type"),
        ({"page": 2}, "query.page"),
    ],
)
async def test_what_is_no_page_is_refused(api: Called, query: Any, field: str) -> None:
    """By its field."""
    answer = await api.ask("GET", "/v1/codes", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


# --- pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_code_is_drawn_in_each_format(api: Called, ending: str) -> None:
    """With its media type, a name, and a tag by which it is not sent twice."""
    code = await made(api)
    answer = await api.ask("GET", f"{code['url']}.{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'qr-{code["id"].lower()}.{ending}"')
    again = await api.ask("GET", f"{code['url']}.{ending}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    if ending in ("png", "jpg", "webp"):
        assert read(answer) == code["text"]


async def test_a_picture_has_the_size_and_look_it_is_asked_for(api: Called) -> None:
    """In pixels, in print, in other words; the code stays as it is."""
    code = await made(api, {**LINK, "style": "size 300"})
    small = await api.ask("GET", f"{code['url']}.png", params={"size": 200})
    assert Image.open(BytesIO(small.content)).size == (200, 200)
    printed = await api.ask("GET", f"{code['url']}.png", params={"mm": 25.4, "dpi": 600})
    assert Image.open(BytesIO(printed.content)).size == (600, 600)
    assert round(Image.open(BytesIO(printed.content)).info["dpi"][0]) == 600
    dressed = await api.ask("GET", f"{code['url']}.png", params={"style": "dots navy"})
    assert read(dressed) == code["text"]
    plain = await api.ask("GET", f"{code['url']}.png")
    tags = {answer.headers["etag"] for answer in (small, printed, dressed, plain)}
    assert len(tags) == 4
    assert (await api.ask("GET", code["url"])).json() == code


@pytest.mark.parametrize(
    "query", [{"size": 10}, {"size": 5000}, {"mm": 2}, {"dpi": 1}, {"style": "white on white"}, {"x": 1}]
)
async def test_a_picture_that_cannot_be_is_refused(api: Called, query: Any) -> None:
    """Too small, too large, unreadable, or asked for in words nobody knows."""
    code = await made(api)
    answer = await api.ask("GET", f"{code['url']}.png", params=query)
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)


async def test_a_link_shows_a_picture_for_a_while(api: Called) -> None:
    """To whoever has it, without an account; nobody finds it out, and it ends."""
    code = await made(api)
    answer = await api.ask("POST", f"{code['url']}/image-links", json={"format": "jpg", "expires_in": 60})
    url = answer.json()["url"]
    assert (answer.status_code, answer.headers["location"]) == (201, url)
    assert read(await api.client.get(url)) == code["text"]
    assert (
        await api.client.get(url.replace("/i/0", "/i/1").replace(code["id"], "0" * 10))
    ).status_code == 404
    passed(api.core, seconds=61)
    assert (await api.client.get(url)).status_code == 410


async def test_no_link_shows_a_secret(api: Called) -> None:
    """A network's password is not for whoever has an address."""
    code = await made(api, WIFI)
    answer = await api.ask("POST", f"{code['url']}/image-links", json={})
    assert (answer.status_code, "secret" in answer.json()["detail"]) == (422, True)


# --- often and at once --------------------------------------------------------------------------------------


async def test_twenty_of_one_key_make_one_code(api_on_both: Called) -> None:
    """A15: one effect, equal answers; with another body, a refusal."""
    api, token = api_on_both, await api_on_both.token()
    sent = [api.client.post("/v1/codes", json=LINK, headers={**token, KEY: "one"}) for _ in range(20)]
    answers = await asyncio.gather(*sent)
    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert sum(REPLAYED not in each.headers for each in answers) == 1
    assert (await rows(api.core.store))["codes"] == 1
    other = await api.client.post("/v1/codes", json=WIFI, headers={**token, KEY: "one"})
    assert other.status_code == 422


async def test_of_two_who_saw_the_same_one_changes_it(api_on_both: Called) -> None:
    """The others are told that it was changed meanwhile."""
    api, code = api_on_both, await made(api_on_both)
    tag, token = (await api.ask("GET", code["url"])).headers["etag"], await api.token()
    sent = [
        api.client.patch(
            code["url"],
            json={"content": {"type": "text", "text": f"{number}"}},
            headers={**token, "If-Match": tag},
        )
        for number in range(5)
    ]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*sent))
    assert statuses == [200, 412, 412, 412, 412]
    gone = await api.ask("DELETE", code["url"], headers={"If-Match": tag})
    assert gone.status_code == 412


async def test_a_job_can_make_a_code(api: Called) -> None:
    """Where its maker would rather not wait; a repetition finds the same code."""
    sent: dict[str, Any] = {"json": LINK, "headers": {"Prefer": "respond-async", KEY: "later"}}
    began = await api.ask("POST", "/v1/codes", **sent)
    assert began.status_code == 202
    for _ in range(200):
        result = await api.ask("GET", began.json()["result"])
        if result.status_code != 202:
            break
        await asyncio.sleep(0.01)
    assert (result.status_code, result.json()["text"]) == (201, LINK["content"]["url"])
    assert (await made(api, headers={KEY: "later"}))["id"] == result.json()["id"]


async def test_a_key_that_begins_a_job_sees_what_came_of_it(api: Called) -> None:
    """Whatever its scope is."""
    key = await api.key(scopes=["codes:write"])
    headers = {**key, "Prefer": "respond-async"}
    began = await api.client.post("/v1/codes", json=LINK, headers=headers)
    assert began.status_code == 202
    assert (await api.client.get(began.headers["location"], headers=key)).status_code == 200


# --- kits ---------------------------------------------------------------------------------------------------


async def test_a_kit_dresses_the_codes_that_name_it(api_on_both: Called) -> None:
    """With its look, logo and format; changed, they stay as they are; words change its look for one."""
    api = api_on_both
    answer = await api.ask(
        "POST",
        "/v1/kits",
        json={"name": " Our  house ", "style": "dots navy", "logo": logo(), "format": "svg"},
    )
    kit = answer.json()
    assert (answer.status_code, kit["name"], answer.headers["location"]) == (201, "Our house", kit["url"])
    code = await made(api, {**LINK, "kit": kit["id"]})
    assert (code["look"], code["format"]) == (kit["look"], "svg")
    other = await made(api, {**LINK, "kit": kit["id"], "style": "eyes rounded"})
    assert other["look"] == {**kit["look"], "finder": "rounded", "eyeball": "rounded"}
    tag = answer.headers["etag"]
    changed = await api.ask(
        "PATCH", kit["url"], json={"name": "House", "style": "teal"}, headers={"If-Match": tag}
    )
    assert (changed.json()["name"], "logo" in changed.json()["look"]) == ("House", False)
    assert (await api.ask("PATCH", kit["url"], json={}, headers={"If-Match": tag})).status_code == 412
    assert (await api.ask("GET", code["url"])).json() == code
    assert (await api.ask("GET", "/v1/kits")).json() == {"items": [changed.json()], "next": None}
    for method in ("GET", "PATCH", "DELETE"):
        assert (await api.ask(method, kit["url"], "bea", json={})).status_code == 404
    assert (await api.ask("DELETE", kit["url"])).status_code == 204
    assert (await api.ask("GET", kit["url"])).status_code == 404
    assert read(await api.ask("GET", f"{code['url']}.png")) == code["text"]


@pytest.mark.parametrize("body", [{"name": " "}, {"name": "x" * 61}, {"name": "a\nb\x00"}, {}])
async def test_a_kit_has_a_name(api: Called, body: Any) -> None:
    """That can be read."""
    answer = await api.ask("POST", "/v1/kits", json=body)
    assert answer.status_code == 422
    assert "name" in answer.json()["errors"][0]["field"]
