"""The web face: health, errors, limits, who may post, guests, signed pictures, and replies as JSON."""

import json
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Annotated, Any, cast

import httpx
import pytest
import zxingcpp
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from starlette.middleware import Middleware

from adapters.web.faults import caught
from adapters.web.guests import guest_of, new_guest, signed
from adapters.web.page import STATIC
from adapters.web.pictures import Expired, Wrong, routes, sign, verify
from adapters.web.problems import install
from adapters.web.render import answer
from adapters.web.security import dressed
from adapters.web.serve import build
from bot.app import App
from bot.command import Arg, Command, command
from bot.i18n import Translator
from bot.limiting import Standing
from bot.message import Asking, Button, Entry, Field, File, Form, Outcome, Question, Reply, Request, Status
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, Rendered, render
from bot.qr.proof import Unread
from bot.qr.style import DEFAULT, parse_style
from tests.adapters.site import COOKIE_KEY, PICTURE_KEY, accounts_on

NOW = datetime(2030, 5, 17, 12, tzinfo=UTC)
HOME = "http://localhost"
PICTURE = Picture(payload_of("https://example.com"), DEFAULT, name="example")


@command("wifi", group="make")
async def wifi(
    context: object,
    ssid: Annotated[str, Arg("network name")],
    hidden: Annotated[bool, Arg("not announced")] = False,
) -> Outcome:
    """Make a code that joins a network."""
    return Outcome(Reply(body=f"{ssid} {hidden}"))


@command("logo", group="keep", files=True)
async def logo(context: object) -> Outcome:
    """Put a logo on your codes."""
    return Outcome(None)


@command("instead", group="make", hidden=True)
async def instead(context: object) -> Outcome:
    """Do what a button meant."""
    return Outcome(None)


class AllOn:
    """Lets everybody in, and has no word switched off."""

    async def words_off(self, *given: object) -> frozenset[str]:
        """Name none."""
        return frozenset()


@dataclass
class Canned:
    """Stands in for the core: keeps what was asked and gives one reply."""

    reply: Reply | None = field(default_factory=lambda: Reply(body="fine"))
    error: Exception | None = None
    asked: list[Request] = field(default_factory=list)
    commands: dict[str, Command] = field(
        default_factory=lambda: {"wifi": wifi, "logo": logo, "instead": instead}
    )

    access: AllOn = field(default_factory=AllOn)
    store: None = None

    def clock(self) -> datetime:
        """Stand still."""
        return NOW

    async def standing(self, account: str) -> Standing:
        """Let everybody go on."""
        return Standing()

    async def handle(self, request: Request) -> Reply | None:
        """Answer everything alike."""
        self.asked.append(request)
        if self.error is not None:
            raise self.error
        return self.reply


async def draw(picture: Picture) -> Rendered:
    """Draw for real."""
    return render(picture)


async def picture_of(code_id: str) -> Picture | None:
    """Know one code."""
    return PICTURE if code_id == "7K3FABCDEF" else None


def browser(core: Canned, **changes: Any) -> httpx.AsyncClient:
    """Build the application around a core and open a client that keeps cookies."""

    async def ready() -> Mapping[str, str]:
        return {"database": "", "queue": ""}

    parts: dict[str, Any] = {
        "draw": draw, "chat": True, "cookie_key": COOKIE_KEY, "picture_key": PICTURE_KEY, "public_url": "",
        "slack": None, "ready": ready, "picture_of": picture_of,
        "accounts": accounts_on(core),
    }  # fmt: skip
    web = build(cast(App, core), **parts | changes)
    return httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=HOME)


@pytest.fixture
def core() -> Canned:
    """Give a core that says it is fine."""
    return Canned()


@pytest.fixture
async def client(core: Canned) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on the default application."""
    async with browser(core) as opened:
        yield opened


# --- health, errors, headers ------------------------------------------


async def test_a_living_process_says_so(client: httpx.AsyncClient) -> None:
    """Both health addresses answer 200 while nothing is wrong, to GET and HEAD."""
    for path in ("/livez", "/readyz"):
        assert (await client.get(path)).status_code == 200
        assert (await client.head(path)).status_code == 200


async def test_readiness_names_what_fails(core: Canned) -> None:
    """One failing part makes 503, and the answer names it and not the others."""

    async def ready() -> Mapping[str, str]:
        return {"database": "The database does not answer.", "queue": ""}

    async with browser(core, ready=ready) as client:
        response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["failing"] == {"database": "The database does not answer."}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("GET", "/static/none.js", 404),
        ("GET", "/redoc", 404),
        ("POST", "/livez", 405),
        ("GET", "/chat/say", 405),
        ("POST", "/slack/events", 404),
        ("POST", "/static/chat.js", 405),
    ],
)
async def test_every_refusal_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    """What the framework refuses by itself has the one shape as well (RFC 9457)."""
    response = await client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert response.json()["detail"].endswith(".")


async def test_values_of_the_wrong_kind_are_named_and_not_repeated() -> None:
    """A route's own check fails as a problem with the field in it, without what was sent."""
    web = FastAPI(middleware=[Middleware(dressed, secure=False), Middleware(caught)])
    install(web)

    @web.get("/page")
    async def page(size: int) -> int:
        return size

    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url=HOME) as client:
        response = await client.get("/page", params={"size": "hunter2"})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == ["query.size"]
    assert "hunter2" not in response.text


async def test_a_fault_of_ours_shows_an_id_and_nothing_else(core: Canned) -> None:
    """A core that raises gives 500 with the request's id, and no word of the error."""
    core.error = RuntimeError("hunter2")
    async with browser(core) as client:
        response = await client.post("/chat/say", json={"text": "hello"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert response.headers["x-request-id"] in response.json()["detail"]
    assert "hunter2" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize("path", ["/", "/livez", "/static/chat.css", "/nothing", "/i/x.png"])
async def test_every_response_carries_the_safe_headers(client: httpx.AsyncClient, path: str) -> None:
    """Policy, nosniff, referrer and id are on pages, files and refusals alike."""
    headers = (await client.get(path)).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-request-id"]
    assert "strict-transport-security" not in headers


async def test_https_is_insisted_on_where_the_public_address_has_it(core: Canned) -> None:
    """The header and the cookie's Secure come with a public https address."""
    async with browser(core, public_url="https://qr.example") as client:
        response = await client.get("/")
    assert response.headers["strict-transport-security"] == "max-age=31536000"
    assert "Secure" in response.headers["set-cookie"]


async def pieces(total: int) -> AsyncIterator[bytes]:
    """Send a body in pieces, without announcing its length."""
    for _ in range(total // 65_536 + 1):
        yield b" " * 65_536


@pytest.mark.parametrize(("path", "size"), [("/chat/say", 11 * 2**20), ("/slack/events", 2**20)])
@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_limit_is_refused_unread(
    core: Canned, path: str, size: int, announced: bool
) -> None:
    """The answer is 413 for an announced and for a chunked body, and nobody was asked."""

    async def slack(headers: Mapping[str, str], body: bytes) -> tuple[int, str, str]:
        raise AssertionError("must not be reached")

    async with browser(core, slack=slack) as client:
        content = b" " * (size + 1) if announced else pieces(size)
        response = await client.post(path, content=content, headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert core.asked == []


# --- Slack's address ------------------------------------------


async def test_slack_gets_the_raw_body_and_its_answer_goes_back(core: Canned) -> None:
    """Headers and bytes arrive untouched; status, text and media type return."""
    taken: list[tuple[str, bytes]] = []

    async def slack(headers: Mapping[str, str], body: bytes) -> tuple[int, str, str]:
        taken.append((headers["x-slack-signature"], body))
        return 200, '{"ok":true}', "application/json"

    async with browser(core, slack=slack) as client:
        body = b"a=%20b&c=\xff"
        response = await client.post("/slack/events", content=body, headers={"X-Slack-Signature": "v0=1"})
    assert taken == [("v0=1", body)]
    assert response.json() == {"ok": True}
    assert response.headers["content-type"] == "application/json"


# --- the chat ------------------------------------------


async def test_the_front_page_depends_on_the_chat(core: Canned) -> None:
    """With the chat off there is a plain page and nobody can say anything."""
    async with browser(core) as client:
        assert 'id="composer"' in (await client.get("/")).text
    async with browser(core, chat=False) as client:
        page = await client.get("/")
        assert page.status_code == 200
        assert 'id="composer"' not in page.text
        assert (await client.post("/chat/say", json={"text": "x"})).status_code == 404


async def test_the_page_needs_nothing_from_elsewhere() -> None:
    """Pages and scripts name no other host, carry no inline code, and set no markup."""
    sources = {path.name: path.read_text() for path in STATIC.iterdir() if path.suffix != ".png"}
    assert {"index.html", "base.css", "chat.css", "chat.js"} <= set(sources)
    for name, source in sources.items():
        assert "innerHTML" not in source, name
        assert "insertAdjacentHTML" not in source, name
        assert "https://" not in source, name
        assert "http://" not in source.replace('xmlns="http://www.w3.org/2000/svg"', ""), name
    for inline in ("<style", " style=", " onclick="):
        assert inline not in sources["index.html"]


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ({"text": "hello"}, {"text": "hello"}),
        ({"press": "show 7K3F"}, {"text": "show 7K3F", "pressed": True}),
        (
            {"command": "wifi", "values": {"ssid": "Guests"}},
            {"command": "wifi", "values": {"ssid": "Guests"}},
        ),
    ],
)
async def test_what_is_said_becomes_a_request(
    client: httpx.AsyncClient, core: Canned, said: dict[str, object], changed: dict[str, Any]
) -> None:
    """Each shape becomes the request it means, private, answered, with forms, by a guest."""
    response = await client.post("/chat/say", json=said, headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert response.status_code == 200
    assert response.json()["body"] == "fine"
    assert response.headers["cache-control"] == "no-store"
    (asked,) = core.asked
    expected = replace(Request(asked.id, asked.actor, asked.space), answered=True, asking=Asking.FORM)
    assert asked == replace(expected, **changed)
    assert asked.id.startswith("web:")
    assert (asked.actor.platform, asked.space.platform) == ("web", "web")
    assert asked.actor.id == asked.space.id
    assert asked.space.private
    assert asked.actor.language == "de-AT"


async def test_a_guest_stays_the_same_and_others_are_others(core: Canned) -> None:
    """One browser's cookie keeps its guest over requests; another browser is somebody else; ids differ."""
    async with browser(core) as one, browser(core) as other:
        await one.get("/")
        for client in (one, one, other):
            await client.post("/chat/say", json={"text": "x"})
    first, second, third = core.asked
    assert first.actor == second.actor
    assert first.id != second.id
    assert third.actor != first.actor


async def test_the_cookie_is_out_of_reach(client: httpx.AsyncClient) -> None:
    """Scripts cannot read it, other sites' posts do not carry it, it lasts a year."""
    cookie = (await client.get("/")).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=31536000" in cookie


async def test_a_forged_cookie_is_somebody_new(client: httpx.AsyncClient, core: Canned) -> None:
    """Nobody becomes another guest by writing their id into the cookie."""
    victim = new_guest()
    await client.post(
        "/chat/say", json={"text": "x"}, headers={"Cookie": f"guest={signed(b'other', victim)}"}
    )
    assert core.asked[0].actor.id != victim


@given(st.text(max_size=60))
def test_no_text_passes_for_a_signed_cookie(text: str) -> None:
    """Whatever a cookie holds, it names a guest only with our signature."""
    assert guest_of(COOKIE_KEY, text) is None
    guest = new_guest()
    assert guest_of(COOKIE_KEY, signed(COOKIE_KEY, guest)) == guest
    assert guest_of(COOKIE_KEY, signed(COOKIE_KEY, guest) + text) == (None if text else guest)


@pytest.mark.parametrize(
    ("headers", "public_url", "status"),
    [
        ({}, "", 200),
        ({"Origin": HOME, "Sec-Fetch-Site": "same-origin"}, "", 200),
        ({"Origin": "http://127.0.0.1:8000", "Host": "127.0.0.1:8000"}, "", 200),
        ({"Origin": "http://[::1]:8000", "Host": "[::1]:8000"}, "", 200),
        ({"Origin": "https://qr.example", "Host": "upstream:8000"}, "https://qr.example", 200),
        ({"Origin": "https://evil.example"}, "", 403),
        ({"Origin": "null"}, "", 403),
        ({"Origin": "http://localhost:81", "Host": "localhost:80"}, "", 403),
        ({"Origin": HOME, "Sec-Fetch-Site": "cross-site"}, "", 403),
        ({"Origin": HOME, "Sec-Fetch-Site": "same-site"}, "", 403),
        ({"Origin": "http://rebound.example", "Host": "rebound.example"}, "", 403),
        ({"Origin": "http://[", "Host": "["}, "", 403),
    ],
)
async def test_only_the_page_itself_may_post(
    core: Canned, headers: dict[str, str], public_url: str, status: int
) -> None:
    """Other sites are refused, also those whose name was pointed at this machine; programs may post."""
    async with browser(core, public_url=public_url) as client:
        response = await client.post("/chat/say", json={"text": "x"}, headers=headers)
    assert response.status_code == status
    assert bool(core.asked) is (status == 200)


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"{}", "application/json", 422),
        (b'{"text": 5}', "application/json", 422),
        (b'{"text": "a", "press": "b"}', "application/json", 422),
        (b'{"command": "wifi", "values": {"ssid": 5}}', "application/json", 422),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"", "", 415),
        (b"x", "multipart/form-data", 400),
    ],
)
async def test_anything_else_is_refused_kindly(
    client: httpx.AsyncClient, core: Canned, content: bytes, media_type: str, status: int
) -> None:
    """A body that is none of the known shapes is a problem, never a fault, and nobody is asked."""
    response = await client.post("/chat/say", content=content, headers={"Content-Type": media_type})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert core.asked == []


async def test_a_picture_arrives_with_its_name_and_bytes(client: httpx.AsyncClient, core: Canned) -> None:
    """A multipart file becomes an upload whose bytes are there."""
    data = bytes(range(256)) * 40
    response = await client.post("/chat/say", files={"file": ("a b.png", data, "image/png")})
    assert response.status_code == 200
    (upload,) = core.asked[0].uploads
    assert (upload.name, upload.media_type, upload.size, upload.data) == (
        "a b.png",
        "image/png",
        10_240,
        data,
    )


async def test_a_text_goes_with_a_file(client: httpx.AsyncClient, core: Canned) -> None:
    """One request holds both, so that a command gets the file that was sent with it."""
    sent = {"data": {"text": "/logo"}, "files": {"file": ("a.png", b"123", "image/png")}}
    assert (await client.post("/chat/say", **cast(Any, sent))).status_code == 200
    (asked,) = core.asked
    assert (asked.text, [upload.data for upload in asked.uploads]) == ("/logo", [b"123"])


async def test_a_file_that_has_not_to_be_drawn_is_handed_over(core: Canned) -> None:
    """A text with its charset, bytes as they are."""
    sheet = File("check.png", media_type="image/png", encoded="iVBORw==")
    core.reply = Reply(files=(sheet, File("a.txt", text="é")))
    async with browser(core) as client:
        shown = (await client.post("/chat/say", json={"text": "prove"})).json()["files"]
    assert [file["href"] for file in shown] == [
        "data:image/png;base64,iVBORw==",
        "data:text/plain;charset=utf-8;base64,w6k=",
    ]


async def test_a_file_over_ten_megabytes_is_refused(client: httpx.AsyncClient, core: Canned) -> None:
    """One byte too many is 413 with a sentence about it."""
    response = await client.post("/chat/say", files={"file": ("a.png", b"x" * (10 * 2**20 + 1), "image/png")})
    assert response.status_code == 413
    assert "10 MB" in response.json()["detail"]
    assert core.asked == []


async def test_the_words_list_what_can_be_typed(client: httpx.AsyncClient) -> None:
    """Names, summaries, options, whether files go with it; what is only pressed is not; the page's words."""
    given = (await client.get("/chat/words", headers={"Accept-Language": "de-AT,en;q=0.5"})).json()
    word, other = given["commands"]
    assert (word["name"], word["files"], other["name"], other["files"]) == ("wifi", False, "logo", True)
    assert word["summary"] == "Make a code that joins a network."
    assert {"name": "hidden", "choices": ["yes", "no"]} in word["options"]
    assert (given["language"], given["words"]["Save {name}"]) == ("de", "{name} speichern")
    plain = (await client.get("/chat/words", headers={"Accept-Language": "xx"})).json()
    assert (plain["language"], plain["words"]["Save {name}"]) == ("en", "Save {name}")


async def test_a_request_without_a_reply_is_an_empty_answer(core: Canned) -> None:
    """A core that says nothing gives an empty card, not an error."""
    core.reply = None
    async with browser(core) as client:
        response = await client.post("/chat/say", json={"text": "x"})
    assert response.status_code == 200
    assert (response.json()["body"], response.json()["picture"]) == ("", None)


# --- replies as JSON ------------------------------------------


def data_of(address: str) -> bytes:
    """Take the bytes out of a data address."""
    return b64decode(address.partition(";base64,")[2])


@pytest.mark.parametrize("format", ["png", "jpeg", "svg", "pdf"])
async def test_a_reply_shows_a_picture_that_scans(format: str) -> None:
    """The picture shown reads back; a format pages do not show comes as a file beside it."""
    reply = Reply(title="Example", picture=replace(PICTURE, format=format))
    shown = await answer(reply, draw, Translator())
    picture = shown["picture"]
    mime, name = ("image/jpeg", "example.jpg") if format == "jpeg" else ("image/png", "example.png")
    assert picture["src"].startswith(f"data:{mime};base64,")
    assert (picture["name"], picture["alt"], picture["width"]) == (name, "QR code: Example", 1024)
    with Image.open(BytesIO(data_of(picture["src"]))) as image:
        assert zxingcpp.read_barcodes(image.convert("L"))[0].text == "https://example.com"
    files = [file["name"] for file in shown["files"]]
    assert files == ([] if format in ("png", "jpeg") else [f"example.{format}"])
    for file in shown["files"]:
        assert data_of(file["href"])[:5] in (b"<?xml", b"<svg ", b"%PDF-")


async def test_the_rest_of_a_reply_is_laid_out_as_it_is() -> None:
    """Strings stay untouched; buttons keep their rows, without addresses that would run in the page."""
    nasty = "<b>&amp;</b>\x1b[31m"
    buttons = (
        (Button(nasty, "show 7K3F"), Button("Copy", copy=nasty)),
        (Button("Bad", url="javascript:alert(1)"), Button("Bad", url=" data:text/html,x")),
        (Button("Open", url="https://example.com"), Button("Bad", url="//[")),
    )
    question = Question("key", "Key", Entry.SECRET, choices=(("a", "A"),), error="Too short.")
    reply = Reply(
        nasty, nasty, (Field(nasty, nasty),), None, (File("a.txt", text="é"),), buttons,
        Form("wifi", "Title", (question,), {"ssid": nasty}), replace=True, status=Status.INCOMPLETE,
    )  # fmt: skip
    shown = json.loads(json.dumps(await answer(reply, draw, Translator())))
    assert (shown["title"], shown["body"]) == (nasty, nasty)
    assert shown["fields"] == [{"label": nasty, "value": nasty}]
    assert [[each["label"] for each in row] for row in shown["buttons"]] == [[nasty, "Copy"], ["Open"]]
    assert shown["buttons"][0][0] == {"label": nasty, "tone": "plain", "line": "show 7K3F"}
    assert data_of(shown["files"][0]["href"]).decode() == "é"
    assert shown["form"]["values"] == {"ssid": nasty}
    assert shown["form"]["questions"][0]["error"] == "Too short."
    assert (shown["status"], shown["replace"]) == ("incomplete", True)


async def test_a_picture_that_does_not_read_back_is_not_shown() -> None:
    """The sentence about it comes in place of picture, files and buttons."""

    async def unread(picture: Picture) -> Rendered:
        raise Unread("This look does not scan: {why}.", why="too pale")

    reply = Reply(picture=PICTURE, buttons=((Button("SVG", "show"),),))
    shown = await answer(reply, unread, Translator())
    assert (shown["picture"], shown["files"], shown["buttons"]) == (None, [], [])
    assert (shown["body"], shown["status"]) == ("This look does not scan: too pale.", "refused")


# --- signed pictures ------------------------------------------


@pytest.mark.parametrize(("ending", "media_type"), [("png", "image/png"), ("jpg", "image/jpeg")])
async def test_a_signed_address_gives_the_picture(
    client: httpx.AsyncClient, ending: str, media_type: str
) -> None:
    """Both endings give the code, kept no longer than the address holds, and only privately."""
    token = sign(PICTURE_KEY, "7K3FABCDEF", 3, NOW + timedelta(minutes=10))
    response = await client.get(f"/i/{token}.{ending}")
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "private, max-age=600"
    with Image.open(BytesIO(response.content)) as image:
        assert zxingcpp.read_barcodes(image.convert("L"))[0].text == "https://example.com"


async def test_a_signed_address_gives_a_large_picture_smaller_where_that_is_asked_for() -> None:
    """As large as is shown of it; one in millimetres too."""

    async def picture_of(name: str) -> Picture | None:
        style = parse_style("size 2048" if name == "LARGE" else "size 30 cm")
        return Picture(payload_of("https://example.com"), style)

    app = FastAPI()
    app.include_router(routes(PICTURE_KEY, picture_of, draw, lambda: NOW))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as asking:
        sizes = []
        for name, more in (("LARGE", ""), ("LARGE", "?small=1"), ("PRINTED", "?small=1")):
            token = sign(PICTURE_KEY, name, 1, NOW + timedelta(minutes=10))
            with Image.open(BytesIO((await asking.get(f"/i/{token}.png{more}")).content)) as image:
                sizes.append(image.width)
        assert sizes == [2048, 1280, 1024]


async def test_other_addresses_give_no_picture(client: httpx.AsyncClient) -> None:
    """Expired is 410; an unknown code, another ending, another key and plain nonsense are 404."""
    later = NOW + timedelta(hours=1)
    good = sign(PICTURE_KEY, "7K3FABCDEF", 1, later)
    wrong = [
        sign(PICTURE_KEY, "0000000000", 1, later) + ".png",
        sign(COOKIE_KEY, "7K3FABCDEF", 1, later) + ".png",
        good + ".svg",
        good,
        good.replace("7K3F", "7K3E") + ".png",
        "x.png",
    ]
    assert [(await client.get(f"/i/{name}")).status_code for name in wrong] == [404] * len(wrong)
    expired = sign(PICTURE_KEY, "7K3FABCDEF", 1, NOW)
    assert (await client.get(f"/i/{expired}.png")).status_code == 410
    assert (await client.get(f"/i/{good}.png")).status_code == 200


@given(st.integers(0, 2**31), st.integers(1, 10**6), st.data())
def test_a_token_says_what_was_signed_and_bears_no_change(
    version: int, ahead: int, data: st.DataObject
) -> None:
    """It reads back until it expires; any one character changed makes it wrong."""
    token = sign(PICTURE_KEY, "7K3FABCDEF", version, NOW + timedelta(seconds=ahead))
    said = verify(PICTURE_KEY, token, NOW)
    assert (said.code_id, said.version) == ("7K3FABCDEF", version)
    assert said.expires == NOW + timedelta(seconds=ahead)
    with pytest.raises(Expired):
        verify(PICTURE_KEY, token, said.expires)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda each: each != token[place]))
    with pytest.raises(Wrong):
        verify(PICTURE_KEY, token[:place] + other + token[place + 1 :], NOW)
