"""Logging programs in and out over HTTP: what holds, for how long, and what ends it."""

import asyncio
from typing import Any

from bot.limiting import Limiting
from tests.adapters.programs import PASSWORD, Site, bearer, fields, site, site_on, sites
from tests.core.talking import Core, both, core, passed

__all__ = ["both", "core", "site", "sites"]

ME, SESSIONS = "/users/me", "/users/me/sessions"
NEW = "five other words in a row"
FORM = {"username": "ada@example.org", "password": PASSWORD}


async def still(site: Site, who: dict[str, str]) -> bool:
    """Tell whether somebody is known still."""
    return (await site.call("GET", ME, who)).status_code == 200


# --- in -----------------------------------------------------------------------------------------------------


async def test_a_program_logs_in_as_oauth_has_it(site: Site) -> None:
    """RFC 6749, 4.3: a form, with the grant named or not, and whatever else beside it."""
    await site.joined()
    for more in ({}, {"grant_type": "password"}, {"scope": "", "client_id": "curl", "grant_type": ""}):
        answer = await site.call("POST", "/auth/token", data=FORM | more)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        told = answer.json()
        assert (told["token_type"], told["expires_in"]) == ("Bearer", 900)
        assert await still(site, bearer(told["access_token"]))


async def test_what_is_wrong_with_the_form_is_said_as_oauth_has_it(site: Site) -> None:
    """RFC 6749, 5.2: 400 and an error; each field is sent once."""
    await site.joined()
    wrong: tuple[tuple[Any, str, list[str]], ...] = (
        ({}, "invalid_request", ["username", "password"]),
        ({"username": FORM["username"]}, "invalid_request", ["password"]),
        (FORM | {"username": ""}, "invalid_request", ["username"]),
        (FORM | {"password": [PASSWORD, "x"]}, "invalid_request", ["password"]),
        (FORM | {"grant_type": "client_credentials"}, "unsupported_grant_type", []),
    )
    for form, error, named in wrong:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await site.call("POST", "/auth/token", data=form, headers=headers)
        assert (answer.status_code, fields(answer), answer.json()["error"]) == (400, named, error)
        assert answer.headers["cache-control"] == "no-store"
    other = await site.call("POST", "/auth/token", json=FORM)
    assert (other.status_code, other.headers["accept-post"]) == (415, headers["Content-Type"])


async def test_who_does_not_get_in_is_not_told_why(site: Site) -> None:
    """Nobody's address and a wrong password are answered alike."""
    await site.joined()
    said = []
    for wrong in ({"password": "x"}, {"username": "bea@example.org"}, {"username": "a" * 500}):
        answer = await site.call("POST", "/auth/token", data=FORM | wrong)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        said.append({**answer.json(), "request_id": ""})
    assert said[0]["error"] == "invalid_grant"
    assert said == [said[0]] * 3


async def test_guessing_has_a_limit(core: Core) -> None:
    """Five tries a minute of an account, the right one too; whatever the limit of requests is."""
    site = site_on(core, attempts=Limiting(None).wait)
    await site.joined()
    tried = [await site.call("POST", "/auth/token", data=FORM | {"password": "x"}) for _ in range(4)]
    assert [each.status_code for each in tried] == [401] * 4
    late = await site.call("POST", "/auth/token", data=FORM)
    assert (late.status_code, late.json()["type"]) == (429, "/docs#problem-rate-limited")
    assert 0 < int(late.headers["retry-after"]) <= 60


# --- on -----------------------------------------------------------------------------------------------------


async def test_a_refresh_token_that_is_used_twice_ends_its_family(sites: Site) -> None:
    """Somebody else has it too (RFC 9700, 4.14.2): what it was turned into ends as well."""
    ada = await sites.joined()
    first = await sites.tokens()
    turned = await sites.call("POST", "/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert (turned.status_code, turned.headers["cache-control"]) == (200, "no-store")
    assert await still(sites, bearer(turned.json()["access_token"]))
    for used in (first, turned.json()):
        refused = await sites.call("POST", "/auth/refresh", json={"refresh_token": used["refresh_token"]})
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_grant")
    assert not await still(sites, bearer(turned.json()["access_token"]))
    assert await still(sites, ada)  # another family


async def test_of_many_uses_at_once_one_counts_at_most_and_all_end(sites: Site) -> None:
    """None of what came of it holds, as two may have it."""
    await sites.joined()
    body = {"refresh_token": (await sites.tokens())["refresh_token"]}
    said = await asyncio.gather(*(sites.call("POST", "/auth/refresh", json=body) for _ in range(10)))
    won = [each.json() for each in said if each.status_code == 200]
    assert len(won) <= 1
    assert all(each.status_code in (200, 401) for each in said)
    assert not [each for each in won if await still(sites, bearer(each["access_token"]))]


async def test_what_is_no_token_of_ours_is_refused(site: Site) -> None:
    """And ends nobody's; an access token is no refresh token."""
    await site.joined()
    tokens = await site.tokens()
    made_up = tokens["refresh_token"][:-4] + "AAAA"
    for wrong in ("", "x", made_up, tokens["access_token"][:200], "qrr_é_x"):
        refused = await site.call("POST", "/auth/refresh", json={"refresh_token": wrong})
        assert refused.status_code == 401, wrong
    assert not await still(site, bearer(tokens["refresh_token"]))
    assert await still(site, bearer(tokens["access_token"]))


async def test_an_access_token_holds_a_quarter_of_an_hour(site: Site) -> None:
    """Then the refresh token gives another."""
    await site.joined()
    tokens = await site.tokens()
    passed(site.core, minutes=15)
    assert not await still(site, bearer(tokens["access_token"]))
    turned = await site.call("POST", "/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert await still(site, bearer(turned.json()["access_token"]))


# --- out ----------------------------------------------------------------------------------------------------


async def test_logging_out_ends_this_session_or_all(site: Site) -> None:
    """Tokens of it, at once; API keys stay."""
    here, there = await site.joined(), await site.tokens()
    key = bearer((await site.made("/api-keys", here, name="x", scopes=["pictures"]))["key"])
    assert (await site.call("POST", "/auth/logout", here)).status_code == 204
    assert not await still(site, here)
    other = bearer(there["access_token"])
    assert await still(site, other)
    here = bearer((await site.tokens())["access_token"])
    assert (await site.call("POST", "/auth/logout", here, json={"everywhere": True})).status_code == 204
    assert [await still(site, each) for each in (here, other, key)] == [False, False, True]
    spent = await site.call("POST", "/auth/refresh", json={"refresh_token": there["refresh_token"]})
    assert spent.status_code == 401


async def test_a_changed_password_ends_old_tokens_and_gives_new_ones(site: Site) -> None:
    """The old password is none any more."""
    here, there = await site.joined(), bearer((await site.tokens())["access_token"])
    body = {"current_password": PASSWORD, "new_password": NEW}
    changed = await site.call("POST", f"{ME}/password", here, json=body)
    assert (changed.status_code, changed.headers["cache-control"]) == (200, "no-store")
    assert [await still(site, each) for each in (here, there)] == [False, False]
    assert await still(site, bearer(changed.json()["access_token"]))
    turned = changed.json()["refresh_token"]
    assert (await site.call("POST", "/auth/refresh", json={"refresh_token": turned})).status_code == 200
    assert (await site.call("POST", "/auth/token", data=FORM)).status_code == 401
    await site.tokens(password=NEW)


async def test_a_password_is_changed_by_who_knows_it(core: Core) -> None:
    """A stolen token does not do, and guessing has a limit here too."""
    site = site_on(core, attempts=Limiting(None).wait)
    ada = await site.joined()
    for current, new, named in (
        ("x", NEW, "current_password"),
        (PASSWORD, "password1", "new_password"),
        (PASSWORD, "short", "body.new_password"),
    ):
        body = {"current_password": current, "new_password": new}
        refused = await site.call("POST", f"{ME}/password", ada, json=body)
        assert (refused.status_code, fields(refused)) == (422, [named])
    wrong = {"current_password": "x", "new_password": NEW}
    said = [(await site.call("POST", f"{ME}/password", ada, json=wrong)).status_code for _ in range(5)]
    assert said == [422, 422, 422, 422, 429]
    assert await still(site, ada)


# --- sessions -----------------------------------------------------------------------------------------------


async def test_sessions_are_listed_and_ended_one_by_one(site: Site) -> None:
    """The one that asks is marked; somebody else's is not there."""
    ada, bea = await site.joined(), await site.joined("bea@example.org")
    passed(site.core, minutes=1)
    other = bearer((await site.tokens())["access_token"])
    held = (await site.call("GET", SESSIONS, ada)).json()
    assert ([each["current"] for each in held["items"]], held["next"]) == ([False, True], None)
    assert {each["kind"] for each in held["items"]} == {"tokens"}
    theirs = held["items"][0]["id"]
    for id, who in ((theirs, bea), ("0123456789ABCDEF", ada), (theirs.lower() + "x", ada), ("%00", ada)):
        assert (await site.call("DELETE", f"{SESSIONS}/{id}", who)).status_code == 404
    assert (await site.call("DELETE", f"{SESSIONS}/{theirs}", ada)).status_code == 204
    assert [await still(site, each) for each in (ada, other, bea)] == [True, False, True]
    [mine] = (await site.call("GET", SESSIONS, ada)).json()["items"]
    assert (await site.call("DELETE", f"{SESSIONS}/{mine['id']}", ada)).status_code == 204
    assert not await still(site, ada)
