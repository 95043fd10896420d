"""Who may do what over HTTP: every route, for whoever may come, with what is theirs and what is not (D4)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from bot.message import Actor
from bot.pairing import LENGTH
from tests.adapters.programs import PASSWORD, Headers, Site, bearer, site_on
from tests.adapters.site import routes_of
from tests.adapters.test_pages import entered, public
from tests.core.talking import Core, both, core, said

__all__ = ["both", "core"]

WHO = ("nobody", "owner", "other", "key", "operator")
URL: Any = {"content": {"type": "url", "url": "https://example.com"}}
PICTURE = {"files": {"file": ("code.png", b"no picture", "image/png")}}


@dataclass(frozen=True)
class Row:
    """A route: what is sent, and what each is answered; ``key``: one whose scopes do not fit."""

    statuses: tuple[int, int, int, int, int]
    sent: Any = field(default_factory=dict)


def own(done: int, sent: Any = None) -> Row:
    """Somebody's own object: nobody else's, not even an operator's; not there for them."""
    return Row((401, done, 404, 403, 404), sent or {})


def theirs(done: int, sent: Any = None) -> Row:
    """What everybody with an account does with what is theirs; a key needs a scope, or is not enough."""
    return Row((401, done, done, 403, done), sent or {})


def operators(done: int, sent: Any = None) -> Row:
    """What operators alone do."""
    return Row((401, 403, 403, 403, done), sent or {})


def anybody(done: int, sent: Any = None) -> Row:
    """What needs no account."""
    return Row((done,) * 5, sent or {})


TABLE: dict[tuple[str, str], Row] = {
    ("POST", "/v1/users"): anybody(422, {"json": {"email": "no address", "password": PASSWORD}}),
    ("GET", "/v1/users"): operators(200),
    ("GET", "/v1/users/me"): Row((401, 200, 200, 200, 200)),  # a key may ask whose it is
    ("PATCH", "/v1/users/me"): theirs(200, {"json": {"timezone": "Europe/Berlin"}}),
    ("DELETE", "/v1/users/me"): theirs(204, {"json": {"password": PASSWORD}}),
    ("POST", "/v1/users/me/password"): theirs(
        200, {"json": {"current_password": PASSWORD, "new_password": "a few other words"}}
    ),
    ("GET", "/v1/users/me/export"): theirs(200),
    ("GET", "/v1/users/me/sessions"): theirs(200),
    ("DELETE", "/v1/users/me/sessions/{id}"): own(204),
    ("POST", "/v1/users/me/pairing-codes"): theirs(201),
    ("GET", "/v1/users/me/connections"): theirs(200),
    ("POST", "/v1/users/me/connections"): theirs(422, {"json": {"code": "9" * LENGTH}}),
    ("DELETE", "/v1/users/me/connections/{id}"): own(204),
    ("GET", "/v1/users/{id}"): operators(200),
    ("PATCH", "/v1/users/{id}"): operators(200, {"json": {"disabled": True}}),
    ("DELETE", "/v1/users/{id}"): operators(204),
    ("POST", "/v1/invites"): operators(201, {"json": {}}),
    ("POST", "/v1/auth/token"): anybody(401, {"data": {"username": "eve@example.org", "password": "x"}}),
    ("POST", "/v1/auth/refresh"): anybody(401, {"json": {"refresh_token": "qrr_none"}}),
    ("POST", "/v1/auth/logout"): theirs(204, {"json": {}}),
    ("POST", "/v1/auth/reset"): anybody(202, {"json": {"email": "eve@example.org"}}),
    ("POST", "/v1/auth/password"): anybody(
        422, {"json": {"email": "eve@example.org", "code": "9" * LENGTH, "new_password": PASSWORD}}
    ),
    ("GET", "/v1/api-keys"): theirs(200),
    ("POST", "/v1/api-keys"): theirs(201, {"json": {"name": "mine", "scopes": ["codes:read"]}}),
    ("GET", "/v1/api-keys/{id}"): own(200),
    ("DELETE", "/v1/api-keys/{id}"): own(204),
    ("POST", "/v1/codes"): theirs(201, {"json": URL}),
    ("GET", "/v1/codes"): theirs(200),
    ("GET", "/v1/codes/{id}"): own(200),
    ("GET", "/v1/codes/{id}.{ending}"): own(200),
    ("PATCH", "/v1/codes/{id}"): own(200, {"json": {"favourite": True}}),
    ("DELETE", "/v1/codes/{id}"): own(204),
    ("POST", "/v1/codes/{id}/image-links"): own(201, {"json": {}}),
    ("GET", "/v1/kits"): theirs(200),
    ("POST", "/v1/kits"): theirs(201, {"json": {"name": "ours"}}),
    ("GET", "/v1/kits/{id}"): own(200),
    ("PATCH", "/v1/kits/{id}"): own(200, {"json": {"name": "others"}}),
    ("DELETE", "/v1/kits/{id}"): own(204),
    ("POST", "/v1/render"): theirs(200, {"json": URL}),
    ("POST", "/v1/read"): theirs(422, PICTURE),
    ("POST", "/v1/prove"): theirs(422, PICTURE),
    ("GET", "/v1/jobs/{id}"): Row((401, 200, 404, 200, 404)),  # any key of its owner who knows its id
    ("GET", "/v1/jobs/{id}/result"): Row((401, 200, 404, 200, 404)),
    ("GET", "/v1/jobs/{id}/events"): Row((401, 200, 404, 200, 404)),
    ("DELETE", "/v1/jobs/{id}"): Row((401, 404, 404, 204, 404)),  # the key came first
}


@pytest.fixture
async def site(core: Core) -> AsyncIterator[Site]:
    """Open the application."""
    opened = site_on(core)
    async with opened.client:
        yield opened


async def owned(site: Site, who: Headers, path: str) -> str:
    """Make what a path names, as its owner: gives its id."""
    call: Callable[..., Awaitable[httpx.Response]] = site.call
    match path.split("/")[2:4]:
        case ["codes", *_]:
            return str((await site.made("/codes", who, **URL))["id"])
        case ["kits", *_]:
            return str((await site.made("/kits", who, name="ours"))["id"])
        case ["api-keys", *_]:
            return str((await site.made("/api-keys", who, name="mine", scopes=["pictures"]))["id"])
        case ["jobs", *_]:
            job = (await call("POST", "/render", who, json=URL, headers={"Prefer": "respond-async"})).json()
            while (await call("GET", f"/jobs/{job['id']}", who)).json()["state"] == "running":
                await asyncio.sleep(0)
            return str(job["id"])
        case ["users", "me"] if "sessions" in path:
            return str((await call("GET", "/users/me/sessions", who)).json()["items"][0]["id"])
        case ["users", "me"]:
            code = (await site.made("/users/me/pairing-codes", who))["code"]
            await said(site.core, f"/connect {code}", Actor("telegram", path))
            return str((await call("GET", "/users/me/connections", who)).json()["items"][0]["id"])
        case _:
            return str((await call("GET", "/users/me", who)).json()["id"])


async def test_everybody_may_do_what_the_table_says(site: Site, subtests: pytest.Subtests) -> None:
    """Whoever may do it comes last, since it may be gone then."""
    for number, ((method, path), row) in enumerate(TABLE.items()):
        with subtests.test(f"{method} {path}"):
            await tried(site, number, method, path, row)


async def tried(site: Site, number: int, method: str, path: str, row: Row) -> None:
    """Have everybody try a route, in accounts of its own."""
    owner = await site.joined(f"ada{number}@example.org")
    scope = "pictures" if "/codes" in path or "/kits" in path else "codes:read"
    key = await site.made("/api-keys", owner, name="another", scopes=[scope])
    who: dict[str, Headers] = {
        "nobody": {},
        "key": bearer(key["key"]),
        "other": await site.joined(f"bea{number}@example.org"),
        "operator": await site.operator(f"boss{number}@example.org"),
        "owner": owner,
    }
    id = await owned(site, owner, path) if "{id}" in path else ""
    address = path.format(id=id, ending="png").removeprefix("/v1")
    last = ("owner", "operator") if row.statuses[WHO.index("owner")] == 403 else ("operator", "owner")
    for name in ("nobody", "key", "other", *last):
        answer = await site.call(method, address, who[name], **row.sent)
        assert answer.status_code == row.statuses[WHO.index(name)], (name, answer.text)
        if answer.status_code == 404:  # nothing tells it from what never was
            absent = await site.call(method, address.replace(id, "0" * len(id)), who[name], **row.sent)
            assert {**absent.json(), "request_id": ""} == {**answer.json(), "request_id": ""}


async def test_every_route_is_in_the_table(site: Site) -> None:
    """A new one is entered with who may use it, and one that is gone is taken out."""
    there = {
        (method, path)
        for path, methods in routes_of(site.client)
        for method in methods
        if path.startswith("/v1")
    }
    assert there == set(TABLE)


# --- pages --------------------------------------------------------------------------------------------------

# What is answered to nobody, to who is logged in, and to another site's page that uses their cookie.
PAGES: dict[tuple[str, str], tuple[int, int, int]] = {
    ("GET", "/"): (200, 200, 200),
    ("GET", "/account"): (303, 200, 200),
    ("GET", "/account/export"): (303, 200, 200),
    ("GET", "/app"): (200, 200, 200),
    ("GET", "/card.png"): (200, 200, 200),
    ("GET", "/chat/looks"): (200, 200, 200),
    ("GET", "/chat/looks/{part}.png"): (404, 404, 404),  # there is no such part
    ("GET", "/chat/words"): (200, 200, 200),
    ("GET", "/docs"): (200, 200, 200),
    ("GET", "/forgot"): (200, 200, 200),
    ("GET", "/i/{name}"): (404, 404, 404),  # nobody signed it
    ("GET", "/livez"): (200, 200, 200),
    ("GET", "/login"): (200, 303, 303),
    ("GET", "/manifest.webmanifest"): (200, 200, 200),
    ("GET", "/openapi.json"): (200, 200, 200),
    ("GET", "/readyz"): (200, 200, 200),
    ("GET", "/reset"): (200, 200, 200),
    ("GET", "/robots.txt"): (200, 200, 200),
    ("GET", "/sample.svg"): (200, 200, 200),
    ("GET", "/signup"): (200, 303, 303),
    ("POST", "/account/{what}"): (303, 303, 403),
    ("POST", "/chat/preview"): (401, 422, 403),
    ("POST", "/chat/read"): (401, 200, 403),
    ("POST", "/chat/say"): (401, 422, 403),
    ("POST", "/forgot"): (200, 200, 403),  # whatever is typed
    ("POST", "/login"): (422, 422, 403),
    ("POST", "/reset"): (422, 422, 403),
    ("POST", "/signup"): (422, 422, 403),
    ("POST", "/logout"): (303, 303, 403),  # last: after it nobody is logged in
}


async def test_pages_are_shown_to_whom_the_table_says(core: Core, subtests: pytest.Subtests) -> None:
    """And no page of another site does anything in somebody's name."""
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    parts = {"mini": True, "launch_key": b"x" * 32}
    async with public(core.app, **parts) as nobody, public(core.app, **parts) as member:
        await entered(member)
        there = {
            (method, path)
            for path, methods in routes_of(member)
            for method in methods - {"HEAD"}
            if not path.startswith("/v1")
        }
        assert there == set(PAGES)
        for (method, path), statuses in PAGES.items():
            with subtests.test(f"{method} {path}"):
                sent: Any = {"json": {}} if path.startswith("/chat") else {"data": {"said": "nothing"}}
                sent = sent if method == "POST" else {}
                address = path.format(name="none.png", part="none", what="nothing")
                forged = await member.request(method, address, headers=foreign, **sent)
                answers = [await each.request(method, address, **sent) for each in (nobody, member)]
                assert tuple(each.status_code for each in (*answers, forged)) == statuses
