"""An account and its holder's chats as one person, over HTTP."""

import asyncio

from bot.message import Actor
from bot.pairing import new_code
from tests.adapters.programs import Site, bearer, fields, site, sites
from tests.core.talking import ADA, BEA, Core, both, button, codes_of, core, passed, rows, said

__all__ = ["both", "core", "site", "sites"]

HERE, CODES = "/users/me/connections", "/users/me/pairing-codes"
ONCE = {"Idempotency-Key": "one"}


async def given(core: Core, who: Actor = ADA) -> str:
    """Have a chat give a pairing code."""
    return button(await said(core, "/connect", who), "Copy").copy.removeprefix("/connect ")


async def test_a_chats_code_connects_it_and_that_can_be_undone(sites: Site) -> None:
    """Sent again it is done once; somebody else's connection is not there."""
    ada, bea = await sites.joined(), await sites.joined("bea@example.org")
    passed(sites.core, minutes=1)
    await said(sites.core, "on telegram")
    code = await given(sites.core)
    asked = {"json": {"code": code.lower()}, "headers": ONCE}
    made, again = await sites.call("POST", HERE, ada, **asked), await sites.call("POST", HERE, ada, **asked)
    assert (made.status_code, again.content) == (201, made.content)
    one = made.json()
    assert made.headers["location"] == f"/v1{HERE}/{one['id']}"
    assert one["accounts"] == [{"platform": "telegram", "id": ADA.id, "name": ADA.name}]
    assert (await sites.call("GET", HERE, ada)).json() == {"items": [one], "next": None}
    exported = (await sites.call("GET", "/users/me/export", ada)).json()
    assert [each["text"] for each in exported["codes"]] == ["on telegram"]
    assert (await sites.call("GET", HERE, bea)).json()["items"] == []
    for id, who in ((one["id"], bea), ("0123456789", ada), (one["id"].lower() + "x", ada), ("%00", ada)):
        assert (await sites.call("DELETE", f"{HERE}/{id}", who)).status_code == 404
    assert (await sites.call("DELETE", f"{HERE}/{one['id']}", ada)).status_code == 204
    assert (await sites.call("GET", HERE, ada)).json()["items"] == []
    assert [code.text for code in await codes_of(sites.core)] == ["on telegram"]
    assert (await sites.call("GET", "/users/me/export", ada)).json()["codes"] == []


async def test_an_accounts_code_is_typed_in_a_chat(site: Site) -> None:
    """It holds for ten minutes, once; another takes its place."""
    ada = await site.joined()
    passed(site.core, minutes=1)  # of two persons the older one stays
    old, new = await site.made(CODES, ada), await site.call("POST", CODES, ada, headers=ONCE)
    again = await site.call("POST", CODES, ada, headers=ONCE)
    assert (new.headers["cache-control"], again.content) == ("no-store", new.content)
    passed(site.core, minutes=1)  # the account is older, and stays
    for code, done in ((old["code"], False), (new.json()["code"], True), (new.json()["code"], False)):
        reply = await said(site.core, f"/connect {code}", BEA)
        assert (reply.title == "Connected") is done
    [one] = (await site.call("GET", HERE, ada)).json()["items"]
    assert [each["platform"] for each in one["accounts"]] == ["telegram"]
    late = (await site.made(CODES, ada))["code"]
    passed(site.core, minutes=10)
    assert (await said(site.core, f"/connect {late}", ADA)).title != "Connected"


async def test_of_twenty_who_type_a_code_at_once_one_is_connected(sites: Site) -> None:
    """The others are told that it is used."""
    code = await given(sites.core)
    who = [await sites.joined(f"{number}@example.org") for number in range(20)]
    answers = await asyncio.gather(*(sites.call("POST", HERE, each, json={"code": code}) for each in who))
    assert sorted(each.status_code for each in answers) == [201] + [422] * 19
    assert {tuple(fields(each)) for each in answers if each.is_error} == {("code",)}
    found = await rows(sites.core.store)
    assert (found["joins"], found["people"]) == (1, 20)


async def test_after_five_wrong_codes_the_right_one_is_refused_for_a_while(sites: Site) -> None:
    """Ten minutes; what is no code at all is not counted, and an Idempotency-Key is good for another try."""
    ada = await sites.joined()
    for wrong in ("x", "", "WORD-WORD", "\x00"):
        assert fields(await sites.call("POST", HERE, ada, json={"code": wrong})) == ["code"]
    for _ in range(5):
        tried = await sites.call("POST", HERE, ada, json={"code": new_code()}, headers=ONCE)
        assert (tried.status_code, fields(tried)) == (422, ["code"])
    code = await given(sites.core)
    refused = await sites.call("POST", HERE, ada, json={"code": code}, headers=ONCE)
    assert (refused.status_code, "too many" in refused.json()["detail"]) == (422, True)
    passed(sites.core, minutes=10)
    code = await given(sites.core)
    assert (await sites.call("POST", HERE, ada, json={"code": code}, headers=ONCE)).status_code == 201


async def test_one_does_not_connect_oneself(site: Site) -> None:
    """Nor anybody with an API key."""
    ada = await site.joined()
    code = (await site.made(CODES, ada))["code"]
    assert fields(await site.call("POST", HERE, ada, json={"code": code})) == ["code"]
    key = await site.made("/api-keys", ada, name="x", scopes=["codes:write"])
    refused = await site.call("POST", HERE, bearer(key["key"]), json={"code": code})
    assert refused.status_code == 403
