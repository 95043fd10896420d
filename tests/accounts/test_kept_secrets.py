"""What lets somebody in is in no column of any table: not in clear, not sealed, not in another spelling."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import LargeBinary, Row, Table, select
from sqlalchemy.engine import make_url

from bot.accounts.caller import Taken, Unauthenticated, request_of
from bot.accounts.keys import _DIGITS, PREFIX
from bot.accounts.sessions import REFRESH, of_bearer, refreshed
from bot.accounts.signing_up import new_invite, sign_up
from bot.context import Context
from bot.message import Outcome
from bot.pairing import new_pairing, shown
from storage.account import AddInvite, AddReset, Role
from storage.changes import AddPairing
from storage.encryption import KeyRing, Unsealable
from storage.store import Store
from storage.tables import metadata
from tests.accounts.holding import EMAIL, PASSWORD, Holding, cheap, held, site
from tests.core.talking import Core

SEALED = {EMAIL, "printer"}  # what is kept so that it can be read again


async def filled(core: Core) -> tuple[Holding, dict[str, bytes]]:
    """Hold one of everything that lets in, each in use, and name what of it must be nowhere."""
    accounts = cheap(core)
    async with site(core, accounts) as client:
        holding = await held(accounts, client)
        assert await holding.lets_in(holding.key)
        assert (
            await client.get("/account", headers={"Cookie": f"session={holding.page}"})
        ).status_code == 200
        tokens = await refreshed(accounts, holding.tokens.refresh)
    await asyncio.gather(*accounts.aside.values())
    invite, now = new_invite(Role.USER, holding.caller.user.id, core.app.clock()), core.app.clock()
    await accounts.commit(
        AddInvite(invite), AddReset(holding.caller.user.id, "RESETCDE", now.replace(year=2099))
    )
    made = []

    async def pair(context: Context) -> Outcome:
        made.append(new_pairing(context))
        return Outcome(None, (AddPairing(made[0]),))

    await core.app.perform(request_of(holding.caller.actor), pair)
    secret = holding.key[len(PREFIX) : -6]
    number = 0
    for character in secret:
        number = 62 * number + _DIGITS.index(character)
    texts = {
        "the key": holding.key, "the key's secret": secret, "its end": holding.key[-20:],
        "the access token": tokens.access, "its signature": tokens.access.rpartition(".")[2],
        "the refresh token": tokens.refresh, "the used refresh token": holding.tokens.refresh,
        "its secret": tokens.refresh.removeprefix(REFRESH).partition("_")[2],
        "the cookie": holding.page, "the cookie's secret": holding.page.partition(".")[2],
        "the password": PASSWORD, "the invitation": invite.code, "the reset code": "RESETCDE",
        "the pairing code": made[0].code, "the pairing code as shown": shown(made[0].code),
    }  # fmt: skip
    raw = {name: urlsafe_b64decode(texts[name] + "=") for name in ("its secret", "the cookie's secret")}
    raw["the key's bytes"] = number.to_bytes(32)
    needles = {name: text.encode() for name, text in texts.items()} | dict(spelt(raw))
    return holding, needles


def spelt(raw: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Write random bytes in the ways that they could be kept in."""
    for name, data in raw.items():
        yield f"{name}, raw", data
        yield f"{name}, half", data[:16]
        yield f"{name}, hex", data.hex().encode()
        yield f"{name}, HEX", data.hex().upper().encode()
        yield f"{name}, base64", b64encode(data)[:-2]
        yield f"{name}, base64url", urlsafe_b64encode(data)[:-2]


async def kept(store: Store) -> dict[str, list[bytes]]:
    """Read every value of every table, and of what is sealed also what it says."""
    found: dict[str, list[bytes]] = {}
    async with store.reading() as work:
        for table in metadata.sorted_tables:
            for row in await work.connection.execute(select(table)):
                for column in table.columns:
                    value = row._mapping[column]
                    values = found.setdefault(f"{table.name}.{column.name}", [])
                    values.append(value if isinstance(value, bytes) else str(value).encode())
                    if isinstance(column.type, LargeBinary) and value is not None:
                        values.extend(opened(store.ring, table, column.name, row))
    return found


def opened(ring: KeyRing, table: Table, column: str, row: Row[Any]) -> Iterator[bytes]:
    """Open a sealed value, whichever of the row's texts it is bound to."""
    texts = [value for value in row if isinstance(value, str)]
    for place in (*texts, *(":".join(pair) for pair in permutations(texts, 2))):
        try:
            yield ring.open(table.name, column, place, row._mapping[column]).encode()
            return
        except Unsealable:
            continue


def where(found: dict[str, list[bytes]], needle: bytes) -> list[str]:
    """Name the columns that hold something, in whatever case."""
    held = (name for name, values in found.items() if any(needle.lower() in each.lower() for each in values))
    return sorted(held)


async def test_nothing_that_lets_in_stands_in_any_table(both: Core) -> None:
    """On every database; what is to be read again is sealed, and is found by looking in the same way."""
    _, needles = await filled(both)
    found = await kept(both.store)
    assert {"users.email", "api_keys.name", "sessions.fingerprint", "pairings.fingerprint"} <= set(found)
    assert where(found, EMAIL.encode()) == ["identities.name", "users.email"], "it opens what is sealed"
    assert where(found, b"$argon2id$") == ["users.password"]
    assert {name: where(found, needle) for name, needle in needles.items() if where(found, needle)} == {}


async def test_nothing_that_lets_in_stands_in_the_files(core: Core, tmp_path: Path) -> None:
    """Nor what is sealed, in clear: the database, its log, what lies beside them."""
    holding, needles = await filled(core)
    path = Path(str(make_url(str(core.store.writer.url)).database))
    data = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert holding.caller.session.encode() in data, "it looks where the rows are"
    sought = needles | {each: each.encode() for each in SEALED} | {"the hash": b"$argon2id$"}
    assert [name for name, needle in sought.items() if needle in data] == []


async def test_nothing_that_lets_in_is_logged_or_shown(
    core: Core, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """At DEBUG, of everything that is used here; nor does it stand in what our objects say of themselves."""
    caplog.set_level("DEBUG")
    with structlog.testing.capture_logs() as logs:
        holding, needles = await filled(core)
        with pytest.raises(Taken) as taken:
            await sign_up(holding.accounts, EMAIL, PASSWORD)
        with pytest.raises(Unauthenticated) as unknown:
            await of_bearer(holding.accounts, holding.key[:-1] + "_")
    errors = [repr((each.value, each.traceback)) for each in (taken, unknown)]
    said = "\n".join((caplog.text, repr(logs), *capsys.readouterr(), *errors))
    shown_by_objects = repr((holding.accounts, holding.caller, holding.tokens))
    assert [name for name, needle in needles.items() if needle.decode("latin-1") in said] == []
    told = [name for name, needle in needles.items() if needle.decode("latin-1") in shown_by_objects]
    assert (told, re.findall(r"\$argon2\S+", shown_by_objects)) == ([], [])
