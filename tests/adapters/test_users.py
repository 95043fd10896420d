"""Accounts over HTTP, from signing up to deleting, and what operators do with them."""

import asyncio
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

import pytest

from bot.accounts.caller import Caller, Forbidden
from bot.accounts.signing_up import invite, sign_up
from storage.account import AddUser, Role, User
from storage.audit import Audit
from tests.adapters.programs import PASSWORD, Site, accounts_of, bearer, fields, site, site_on, sites
from tests.core.talking import Core, both, core, passed, rows

__all__ = ["both", "core", "site", "sites"]

ME = "/users/me"
KEY = {"Idempotency-Key": "one"}
ADA = {"email": "ada@example.org", "password": PASSWORD}


# --- signing up ---------------------------------------------------------------------------------------------


async def test_the_whole_life_of_an_account(sites: Site) -> None:
    """Made, looked at, changed, exported, deleted; nothing is left of it that names anybody."""
    made = await sites.call("POST", "/users", json=ADA, headers=KEY)
    assert (made.status_code, made.headers["location"]) == (201, f"/v1{ME}")
    ada = bearer((await sites.tokens())["access_token"])
    seen = await sites.call("GET", ME, ada)
    assert (seen.json(), seen.json()["role"]) == (made.json(), "user")
    changes = {"language": "Deutsch", "style": "dots navy on white", "email": "ada@example.com"}
    changed = await sites.call("PATCH", ME, ada, json={**changes, "current_password": PASSWORD})
    assert (changed.status_code, changed.json()["language"]) == (200, "de")
    assert changed.json()["style"] == "dot navy on white"
    ada = bearer((await sites.tokens("ada@example.com"))["access_token"])
    told = await sites.call("GET", f"{ME}/export", ada)
    assert told.headers["content-disposition"] == 'attachment; filename="qr-gen-export.json"'
    assert told.json()["person"]["identities"][0]["name"] == "ada@example.com"
    wrong = await sites.call("DELETE", ME, ada, json={"password": "another one"})
    assert (wrong.status_code, fields(wrong)) == (422, ["password"])
    assert (await sites.call("DELETE", ME, ada, json={"password": PASSWORD})).status_code == 204
    assert (await sites.call("GET", ME, ada)).status_code == 401
    form = {"username": "ada@example.com", "password": PASSWORD}
    assert (await sites.call("POST", "/auth/token", data=form)).status_code == 401
    assert (await rows(sites.core.store)) == {"seen": 1}
    again = await sites.call("POST", "/users", json=ADA, headers=KEY)
    assert (again.status_code, "gone" in again.json()["detail"]) == (409, True)


async def test_signing_up_again_with_the_same_key_makes_one_account(sites: Site) -> None:
    """At the same moment, too: each is answered as the first."""
    said = await asyncio.gather(*(sites.call("POST", "/users", json=ADA, headers=KEY) for _ in range(5)))
    assert {each.status_code for each in said} == {201}
    assert len({each.content for each in said}) == 1
    assert (await rows(sites.core.store))["users"] == 1
    other = await sites.call("POST", "/users", json={**ADA, "email": "bea@example.org"}, headers=KEY)
    assert other.status_code == 422
    taken = await sites.call("POST", "/users", json={**ADA, "email": "ADA@example.org"})
    assert taken.status_code == 409


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"email": "nobody"}, "email"),
    ({"email": "a@b", "password": "short"}, "body.password"),
    ({"password": "password1"}, "password"),
    ({"password": "x" * 1025}, "body.password"),
    ({"email": "ada\u0000@example.org"}, "email"),
    ({"email": None}, "body.email"),
    ({"role": "operator"}, "body.role"),
    ({"invite": "7K3F-9QXM-7K3F-9QXM"}, "invite"),
)  # to the field that is named


async def test_who_cannot_sign_up_so_is_told_which_field(site: Site) -> None:
    """And no password stands in the answer."""
    for body, named in WRONG:
        refused = await site.call("POST", "/users", json={**ADA, **body})
        assert (refused.status_code, fields(refused)) == (422, [named]), body
        assert body.get("password", PASSWORD) not in refused.text
    assert "users" not in await rows(site.core.store)


async def test_an_invitation_is_for_one_account(core: Core) -> None:
    """Where they are needed, and only where anybody may sign up at all."""
    site = site_on(core, sign_up="invite")
    boss = await site.operator()
    assert fields(await site.call("POST", "/users", json=ADA)) == ["invite"]
    made = await site.call("POST", "/invites", boss, json={"role": "operator"}, headers=KEY)
    again = await site.call("POST", "/invites", boss, json={"role": "operator"}, headers=KEY)
    assert (made.status_code, again.content) == (201, made.content)
    assert made.headers["cache-control"] == "no-store"
    code = made.json()["code"].lower()
    assert (await site.made("/users", {}, **ADA, invite=code))["role"] == "operator"
    used = await site.call("POST", "/users", json={**ADA, "email": "bea@example.org", "invite": code})
    assert (used.status_code, fields(used)) == (422, ["invite"])
    assert (await site_on(core, sign_up="closed").call("POST", "/users", json=ADA)).status_code == 403


async def test_who_was_relieved_meanwhile_invites_nobody(core: Core) -> None:
    """What they were when they asked is not enough."""
    accounts = accounts_of(core)
    user = await sign_up(accounts, ADA["email"], ADA["password"])
    with pytest.raises(Forbidden):
        await invite(accounts, Caller(replace(user, role=Role.OPERATOR)), Role.OPERATOR)
    assert "invites" not in await rows(core.store)


# --- one's own ----------------------------------------------------------------------------------------------


async def test_what_somebody_chose_holds_for_every_face(site: Site) -> None:
    """Each is read as a chat reads it; null is as usual again, and what is left out stays."""
    ada = await site.joined()
    sent = {"timezone": "europe/berlin", "format": "JPG", "replies": "shared", "style": "ocean"}
    chosen = (await site.call("PATCH", ME, ada, json=sent)).json()
    assert (chosen["timezone"], chosen["format"], chosen["replies"]) == ("Europe/Berlin", "jpeg", "shared")
    kept = await site.call("PATCH", ME, ada, json={"style": chosen["style"]})
    assert kept.json() == chosen
    usual = (await site.call("PATCH", ME, ada, json=dict.fromkeys(sent))).json()
    assert [usual[name] for name in sent] == [None] * 4
    assert (await site.call("PATCH", ME, ada, json={})).json() == usual


UNFIT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"language": "tlh"}, "language"),
    ({"timezone": "Moon/Tycho"}, "timezone"),
    ({"format": "exe"}, "format"),
    ({"style": "navvy"}, "style"),
    ({"style": "logo asset:0123456789"}, "style"),
    ({"replies": "loud"}, "body.replies"),
    ({"email": "nobody", "current_password": PASSWORD}, "email"),
    ({"email": "ada@example.com"}, "current_password"),
    ({"email": "ada@example.com", "current_password": "another"}, "current_password"),
    ({"role": "operator"}, "body.role"),
)


async def test_what_will_not_do_is_named_and_nothing_is_changed(site: Site) -> None:
    """Also not what would have been right beside it."""
    ada = await site.joined()
    before = (await site.call("GET", ME, ada)).json()
    for body, named in UNFIT:
        refused = await site.call("PATCH", ME, ada, json={"timezone": "UTC", **body})
        assert (refused.status_code, fields(refused)) == (422, [named]), body
    assert (await site.call("GET", ME, ada)).json() == before


async def test_an_address_that_has_an_account_is_nobody_elses(site: Site) -> None:
    """However it is written; one's own stays as it is without a password."""
    ada = await site.joined()
    await site.joined("bea@example.org")
    body = {"email": "BEA@example.org", "current_password": PASSWORD}
    assert (await site.call("PATCH", ME, ada, json=body)).status_code == 409
    assert (await site.call("PATCH", ME, ada, json={"email": ADA["email"]})).status_code == 200


async def test_of_changes_to_what_was_seen_one_is_made(sites: Site) -> None:
    """If-Match; who has what there is gets nothing again."""
    ada = await sites.joined()
    seen = await sites.call("GET", ME, ada)
    tag = seen.headers["etag"]
    assert (await sites.call("GET", ME, ada, headers={"If-None-Match": tag})).status_code == 304
    zones = ("UTC", "Europe/Berlin", "Asia/Tokyo", "Africa/Cairo", "Europe/Paris")
    asked = (
        sites.call("PATCH", ME, ada, json={"timezone": each}, headers={"If-Match": tag}) for each in zones
    )
    said = await asyncio.gather(*asked)
    assert sorted(each.status_code for each in said) == [200, 412, 412, 412, 412]
    [won] = [each for each in said if each.status_code == 200]
    now = await sites.call("GET", ME, ada)
    assert (now.json(), now.headers["etag"]) == (won.json(), won.headers["etag"])


async def test_an_export_holds_what_the_chats_do(site: Site) -> None:
    """A key is not enough for it."""
    ada = await site.joined()
    key = await site.made("/api-keys", ada, name="all", scopes=["codes:read", "codes:write", "pictures"])
    told = await site.call("GET", f"{ME}/export", ada)
    assert set(told.json()) >= {"person", "connected", "codes", "read", "pictures"}
    assert told.headers["cache-control"] == "no-store"
    assert (await site.call("GET", f"{ME}/export", bearer(key["key"]))).status_code == 403


# --- operators ----------------------------------------------------------------------------------------------


OPERATING: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("GET", "/users", None),
    ("GET", "/users/{id}", None),
    ("PATCH", "/users/{id}", {"disabled": True}),
    ("DELETE", "/users/{id}", None),
    ("POST", "/invites", {"role": "operator"}),
)


async def test_only_operators_see_and_change_other_accounts(site: Site) -> None:
    """No user, not themselves; no key of an operator's; nobody unknown."""
    ada, boss = await site.joined(), await site.operator()
    mine = (await site.call("GET", ME, ada)).json()["id"]
    key = await site.made("/api-keys", boss, name="all", scopes=["codes:write"])
    who = (ada, bearer(key["key"]), None)
    for method, path, body in OPERATING:
        asked = [await site.call(method, path.format(id=mine), each, json=body) for each in who]
        assert [each.status_code for each in asked] == [403, 403, 401], (method, path)
    assert (await rows(site.core.store))["users"] == 2


async def test_accounts_are_listed_a_page_at_a_time(sites: Site) -> None:
    """The oldest first, each once, also of those made at the same moment; Link leads on."""
    boss = await sites.operator()
    now = sites.core.app.clock()
    for number in range(4):
        passed(sites.core, seconds=number // 2)
        user = User(f"000000000{number}", f"{number}@example.org", "", sites.core.app.clock())
        await sites.accounts.commit(AddUser(user))
    seen, path = list[str](), "/v1/users?limit=2"
    while path:
        page = await sites.client.get(path, headers=boss)
        seen += [each["email"] for each in page.json()["items"]]
        path = page.links.get("next", {}).get("url", "")
        assert bool(path) is (page.json()["next"] is not None)
    assert sites.core.app.clock() > now
    assert sorted(seen) == sorted(["boss@example.org", *(f"{each}@example.org" for each in range(4))])
    assert seen[-2:] == ["2@example.org", "3@example.org"]
    early = urlsafe_b64encode(b"0001-01-01T00:00:00+14:00 0123456789").decode().rstrip("=")
    queries = ("limit=0", "query.limit"), ("limit=101", "query.limit"), ("cursor=x", "cursor")
    for query, named in (*queries, (f"cursor={early}", "cursor")):
        wrong = await sites.call("GET", f"/users?{query}", boss)
        assert (wrong.status_code, fields(wrong)) == (422, [named])


async def test_who_is_shut_out_is_out_until_let_in_again(site: Site) -> None:
    """Tokens end at once, keys rest; a change of what was changed meanwhile is none."""
    boss, ada = await site.operator(), await site.joined()
    one = f"/users/{(await site.call('GET', ME, ada)).json()['id']}"
    key = bearer((await site.made("/api-keys", ada, name="x", scopes=["pictures"]))["key"])
    tag = {"If-Match": (await site.call("GET", one, boss)).headers["etag"]}
    shut = await site.call("PATCH", one, boss, json={"disabled": True}, headers=tag)
    assert (shut.status_code, shut.json()["disabled"]) == (200, True)
    assert (await site.call("PATCH", one, boss, json={}, headers=tag)).status_code == 412
    assert {(await site.call("GET", ME, who)).status_code for who in (ada, key)} == {401}
    form = {"username": ADA["email"], "password": PASSWORD}
    assert (await site.call("POST", "/auth/token", data=form)).status_code == 401
    given = await site.call("PATCH", one, boss, json={"disabled": False, "role": "operator"})
    assert (given.json()["disabled"], given.json()["role"]) == (False, "operator")
    assert (await site.call("GET", ME, key)).json()["role"] == "operator"
    await site.tokens()


async def test_what_operators_do_over_http_is_written_down(sites: Site) -> None:
    """In the transaction of what it does, by whom, and about whom; no address of anybody."""
    boss, ada = await sites.operator(), await sites.joined()
    mine = (await sites.call("GET", ME, boss)).json()["id"]
    id = (await sites.call("GET", ME, ada)).json()["id"]
    await sites.call("GET", "/users", boss)
    await sites.call("GET", f"/users/{id}", boss)
    await sites.call("PATCH", f"/users/{id}", boss, json={"role": "operator", "disabled": True})
    await sites.call("PATCH", f"/users/{id}", boss, json={"disabled": True})
    await sites.call("POST", "/invites", boss, json={"role": "user"})
    await sites.call("DELETE", f"/users/{id}", boss)
    await sites.call("DELETE", f"/users/{id}", boss)  # there is nobody any more
    async with sites.core.store.reading() as work:
        log = await Audit(work.connection).page((), 0, limit=10)
    assert {each.who for each in log} == {f"account:{mine}"}
    assert [(each.word, each.about, each.result) for each in reversed(log)] == [
        ("accounts", "", "shown"),
        ("account", id, "shown"),
        ("role", id, "done"),
        ("disable", id, "done"),
        ("account", id, "shown"),
        ("invite", "user", "done"),
        ("deleteaccount", id, "done"),
    ]


async def test_somebody_always_runs_it(site: Site) -> None:
    """The last operator stays one."""
    boss = await site.operator()
    mine = (await site.call("GET", ME, boss)).json()
    for body in ({"role": "user"}, {"disabled": True}):
        assert (await site.call("PATCH", f"/users/{mine['id']}", boss, json=body)).status_code == 422
    assert (await site.call("GET", ME, boss)).json()["role"] == Role.OPERATOR


async def test_an_account_that_an_operator_deletes_is_gone(site: Site) -> None:
    """With all it holds; what is nobody's is not there."""
    boss, ada = await site.operator(), await site.joined()
    one = f"/users/{(await site.call('GET', ME, ada)).json()['id']}"
    assert (await site.call("DELETE", one, boss)).status_code == 204
    assert (await site.call("GET", ME, ada)).status_code == 401
    for path in (one, "/users/NOTHING000", "/users/no-id", "/users/%00"):
        body: dict[str, Any] = {"role": "user"}
        asked = [
            await site.call("GET", path, boss),
            await site.call("PATCH", path, boss, json=body),
            await site.call("DELETE", path, boss),
        ]
        assert [each.status_code for each in asked] == [404] * 3, path
