"""API keys: shown once, kept as an HMAC, refused when revoked, over or without the scope."""

from __future__ import annotations

import asyncio
import zlib
from datetime import timedelta
from string import ascii_letters, digits
from typing import Any

import pytest

from bot.accounts.caller import PICTURES, READ, SCOPES, WRITE, Unauthenticated
from bot.accounts.keys import MOST, PREFIX, keys_of, make_key, new_key, of_key, revoke, well_formed
from bot.ids import new_id
from bot.qr.refusal import Refused
from storage.changes import AlreadySeen
from tests.accounts.holding import Holding, cheap, held, lets_in, site
from tests.core.talking import Core, passed
from tests.storage.executed import executed

TEXT = {"content": {"type": "text", "text": "hello"}}


async def bearing(holding: Holding, key: str, **sent: Any) -> int:
    """Draw with a key, and say what was answered."""
    headers = {"Authorization": f"Bearer {key}"}
    return (await holding.client.post("/v1/render", json=TEXT, headers=headers, **sent)).status_code


# --- the text -----------------------------------------------------------------------------------------------


def test_a_key_holds_256_random_bits_and_a_checksum() -> None:
    """In letters and digits, so that a double click takes all of it, and whoever looks for leaks knows it."""
    keys = {new_key() for _ in range(500)}
    assert len(keys) == 500
    alphabet = digits + ascii_letters
    for key in keys:
        body = key[len(PREFIX) : -6]
        value = 0
        for character in body:
            value = 62 * value + alphabet.index(character)
        assert value < 2**256
        checksum = 0
        for character in key[-6:]:
            checksum = 62 * checksum + alphabet.index(character)
        assert checksum == zlib.crc32(key[:-6].encode())
        assert well_formed(key)
    assert 62 ** len(body) > 2**256
    for place in (0, 20, 42):
        assert len({key[len(PREFIX) + place] for key in keys}) > 9, "digits of a number that is all random"


async def test_a_slip_is_found_before_the_database_is_asked(holding: Holding) -> None:
    """Any character that is another, missing, doubled or exchanged with its neighbour."""
    key = holding.key
    slips = {key[:at] + key[at + 1 :] for at in range(len(key))}
    slips |= {key[:at] + key[at] + key[at:] for at in range(len(key))}
    slips |= {key[:at] + "xy"[key[at] == "x"] + key[at + 1 :] for at in range(len(key))}
    slips |= {key[:at] + key[at + 1] + key[at] + key[at + 2 :] for at in range(len(key) - 1)}
    slips |= {key.swapcase(), key + "\u0661", "", PREFIX, PREFIX + "0" * 49, key[:-6] + "\u0661" * 6}
    slips -= {key}
    assert len(slips) > 150
    with executed() as asked:
        for slip in slips:
            assert not well_formed(slip)
            with pytest.raises(Unauthenticated):
                await of_key(holding.accounts, slip)
        over_http = [each for each in sorted(slips) if each.startswith(PREFIX) and each.isascii()][::10]
        assert {await lets_in(holding.client, f"Bearer {each}") for each in over_http} == {False}
        assert asked == []
        assert not await lets_in(holding.client, f"Bearer {new_key()}")
        assert len(asked) > 0, "what this counts with sees statements"


# --- who comes with one -------------------------------------------------------------------------------------


async def test_a_key_does_what_its_scopes_say_and_nothing_else(holding: Holding) -> None:
    """RFC 6750, 3.1: 403, and which scope it lacks."""
    expected = {READ: 403, WRITE: 403, PICTURES: 200}
    assert set(expected) == set(SCOPES)
    for scopes in ((READ,), (WRITE,), (PICTURES,), (READ, WRITE), tuple(SCOPES)):
        made, key = await make_key(holding.accounts, holding.caller, "x", scopes)
        assert set(made.scopes) == set(scopes)
        assert (await of_key(holding.accounts, key)).scopes == frozenset(scopes)
        assert await bearing(holding, key) == max((expected[each] for each in scopes), key=(200).__eq__)
    _, key = await make_key(holding.accounts, holding.caller, "x", [READ])
    refused = await holding.client.post("/v1/render", json=TEXT, headers={"Authorization": f"Bearer {key}"})
    assert refused.status_code == 403
    assert refused.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{PICTURES}"'


async def test_a_revoked_key_is_refused_at_the_next_request(both: Core) -> None:
    """Also where requests with it are on their way; another key of the account goes on."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        holding = await held(accounts, client)
        key, text = await make_key(accounts, holding.caller, "second", [PICTURES])
        assert await bearing(holding, text) == 200
        about = await asyncio.gather(
            *(holding.lets_in(text) for _ in range(5)),
            revoke(accounts, holding.caller, key.id),
            *(holding.lets_in(text) for _ in range(5)),
        )
        assert {each for each in about if each is not None} <= {True, False}
        assert not await holding.lets_in(text)
        assert await bearing(holding, text) == 401
        assert await holding.lets_in(holding.key)
        assert [each.name for each in await keys_of(accounts, holding.caller)] == ["printer"]


async def test_a_key_is_over_at_the_second_it_says(core: Core, holding: Holding) -> None:
    """It is listed for a while after, so that somebody finds out why their program was refused."""
    until = core.app.clock() + timedelta(hours=1)
    key, text = await make_key(holding.accounts, holding.caller, "x", [PICTURES], until)
    assert key.expires_at == until
    passed(core, minutes=59, seconds=59)
    assert await holding.lets_in(text)
    passed(core, seconds=1)
    assert not await holding.lets_in(text)
    assert key.id in {each.id for each in await keys_of(holding.accounts, holding.caller)}


async def test_the_use_of_a_key_is_noted_once_a_minute(core: Core, holding: Holding) -> None:
    """Beside the request, which does not wait for it."""

    async def noted() -> Any:
        await asyncio.gather(*holding.accounts.aside.values())
        [key] = await keys_of(holding.accounts, holding.caller)
        return key.used_at

    assert await noted() is None
    first = core.app.clock()
    await asyncio.gather(*(holding.lets_in(holding.key) for _ in range(10)))
    assert await noted() == first
    passed(core, seconds=59)
    await holding.lets_in(holding.key)
    assert await noted() == first
    passed(core, seconds=1)
    await holding.lets_in(holding.key)
    assert await noted() == core.app.clock()


# --- making one ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "scopes", "hours", "field"),
    [
        ("", [READ], 1, "name"),
        ("   ", [READ], 1, "name"),
        ("x" * 61, [READ], 1, "name"),
        ("a\0b", [READ], 1, "name"),
        ("a\nb", [READ], 1, "name"),
        ("\u202ex", [READ], 1, "name"),
        ("\ud800", [READ], 1, "name"),
        ("x", [], 1, "scopes"),
        ("x", ["codes:all"], 1, "scopes"),
        ("x", [READ, "admin"], 1, "scopes"),
        ("x", [READ], 0, "expires_at"),
        ("x", [READ], -1, "expires_at"),
    ],
)
async def test_what_will_not_do_is_named(
    holding: Holding, name: str, scopes: list[str], hours: int, field: str
) -> None:
    """Before anything is kept."""
    until = holding.accounts.app.clock() + timedelta(hours=hours)
    with pytest.raises(Refused) as refused:
        await make_key(holding.accounts, holding.caller, name, scopes, until)
    assert refused.value.field == field
    assert len(await keys_of(holding.accounts, holding.caller)) == 1


async def test_an_account_has_fifty_keys_at_most_however_many_are_asked_for_at_once(both: Core) -> None:
    """Exactly; with one revoked there is room for one."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        holding = await held(accounts, client)
        made = await asyncio.gather(
            *(make_key(accounts, holding.caller, str(at), [READ]) for at in range(MOST + 10)),
            return_exceptions=True,
        )
        assert sum(isinstance(each, tuple) for each in made) == MOST - 1
        assert len(await keys_of(accounts, holding.caller)) == MOST == 50
        with pytest.raises(Refused, match="the most"):
            await make_key(accounts, holding.caller, "x", [READ])
        await revoke(accounts, holding.caller, (await keys_of(accounts, holding.caller))[0].id)
        await make_key(accounts, holding.caller, "x", [READ])


async def test_a_request_that_is_repeated_makes_one_key(holding: Holding) -> None:
    """By its id."""
    id = new_id(20)
    for at in range(2):
        try:
            await make_key(holding.accounts, holding.caller, "x", [READ], request_id=id)
        except AlreadySeen:
            assert at == 1
    assert len(await keys_of(holding.accounts, holding.caller)) == 2
