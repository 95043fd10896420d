"""API keys over HTTP: shown once, good for what their scopes say, and for nothing of the account."""

from typing import Any

from tests.adapters.programs import Site, bearer, fields, site, sites
from tests.adapters.site import routes_of
from tests.core.talking import both, core, passed, rows

__all__ = ["both", "core", "site", "sites"]

KEYS, ONCE = "/api-keys", {"Idempotency-Key": "one"}
PRINTING: dict[str, Any] = {"name": "Printing", "scopes": ["pictures", "codes:read"]}
TEXT = {"content": {"type": "text", "text": "hello"}}


async def test_a_key_is_shown_this_once_and_works_until_it_is_revoked(sites: Site) -> None:
    """Asked for again with the same Idempotency-Key it is the same; a list shows only how it begins."""
    ada = await sites.joined()
    made, again = [await sites.call("POST", KEYS, ada, json=PRINTING, headers=ONCE) for _ in range(2)]
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert (again.content, again.headers["idempotent-replayed"]) == (made.content, "true")
    assert (await rows(sites.core.store))["api_keys"] == 1
    key = made.json()
    place = made.headers["location"].removeprefix("/v1")
    shown = (await sites.call("GET", place, ada)).json()
    assert shown == {name: value for name, value in key.items() if name != "key"}
    assert (shown["scopes"], key["key"].startswith(shown["start"])) == (["codes:read", "pictures"], True)
    assert (await sites.call("GET", KEYS, ada)).json() == {"items": [shown], "next": None}
    drawn = await sites.call("POST", "/render", bearer(key["key"]), json=TEXT)
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/png")
    assert (await sites.call("DELETE", place, ada)).status_code == 204
    assert (await sites.call("POST", "/render", bearer(key["key"]), json=TEXT)).status_code == 401
    assert [(await sites.call(each, place, ada)).status_code for each in ("GET", "DELETE")] == [404, 404]


async def test_a_key_is_nobody_elses(site: Site) -> None:
    """To somebody else it is not there, as one that never was."""
    ada, bea = await site.joined(), await site.joined("bea@example.org")
    key = await site.made(KEYS, ada, **PRINTING)
    for id in (key["id"], key["id"].lower(), "0123456789", "x", "%00"):
        said = [await site.call(each, f"{KEYS}/{id}", bea) for each in ("GET", "DELETE")]
        assert [each.status_code for each in said] == [404, 404]
    assert (await site.call("GET", KEYS, bea)).json()["items"] == []
    assert (await site.call("GET", "/users/me", bearer(key["key"]))).status_code == 200


async def test_a_key_may_what_its_scopes_say(site: Site) -> None:
    """The refusal names the scope that is missing (RFC 6750, 3.1); whose it is, each may ask."""
    ada = await site.joined()
    key = bearer((await site.made(KEYS, ada, name="List", scopes=["codes:read"]))["key"])
    refused = await site.call("POST", "/render", key, json=TEXT)
    assert refused.status_code == 403
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="pictures"'
    whole = (await site.call("GET", "/users/me", ada)).json()
    told = (await site.call("GET", "/users/me", key)).json()
    assert told == {name: whole[name] for name in ("id", "email", "role")} | {"scopes": ["codes:read"]}


async def test_no_key_does_anything_with_an_account(site: Site) -> None:
    """Whatever its scopes, on every route that is about accounts; only whose it is, it may ask."""
    ada = await site.operator()
    scopes = ["codes:read", "codes:write", "pictures"]
    key = bearer((await site.made(KEYS, ada, name="all", scopes=scopes))["key"])
    about = ("/v1/users", "/v1/api-keys", "/v1/invites", "/v1/auth/logout")
    walked = [
        (method, path.replace("{id}", "0123456789").removeprefix("/v1"))
        for path, methods in routes_of(site.client)
        for method in methods
        if path.startswith(about)
    ]
    closed = set(walked) - {("POST", "/users"), ("GET", "/users/me")}
    assert len(walked) - len(closed) == 2
    said = {each: (await site.call(*each, key, json={})).status_code for each in closed}
    assert said == dict.fromkeys(closed, 403)


async def test_a_key_ends_when_it_was_said_to(site: Site) -> None:
    """A moment in any timezone."""
    ada = await site.joined()
    made = await site.made(KEYS, ada, **PRINTING, expires_at="2030-05-17T14:30:00+02:00")
    assert made["expires_at"] == "2030-05-17T12:30:00Z"
    assert (await site.call("GET", "/users/me", bearer(made["key"]))).status_code == 200
    passed(site.core, minutes=30)
    assert (await site.call("GET", "/users/me", bearer(made["key"]))).status_code == 401


async def test_what_will_not_do_is_named(site: Site) -> None:
    """And no key is made."""
    ada = await site.joined()
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": ""}, "body.name"),
        ({"name": "  "}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "x" * 61}, "body.name"),
        ({"scopes": []}, "body.scopes"),
        ({"scopes": ["everything"]}, "body.scopes.0"),
        ({"expires_at": "2030-05-17T12:00:00Z"}, "expires_at"),
        ({"expires_at": "2031-05-17T12:00:00"}, "body.expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-01:00"}, "body.expires_at"),
        ({"key": "qrg_mine"}, "body.key"),
    )
    for body, named in wrong:
        refused = await site.call("POST", KEYS, ada, json=PRINTING | body)
        assert (refused.status_code, fields(refused)) == (422, [named]), body
    assert "api_keys" not in await rows(site.core.store)
