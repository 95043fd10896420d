"""Signing up: who may, by which address, and how often one address or one invitation makes an account."""

from __future__ import annotations

import asyncio
import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from bot.accounts.caller import Accounts, Forbidden, Taken
from bot.accounts.sessions import log_in
from bot.accounts.signing_up import new_invite, shown, sign_up
from bot.ids import new_id
from bot.qr.refusal import Refused
from storage.account import AddInvite, ChangeUser, Role, User
from storage.changes import AlreadySeen
from tests.accounts.holding import EMAIL, PASSWORD, cheap, never
from tests.core.talking import Core, passed, rows


async def tried(accounts: Accounts, email: str = EMAIL, invite: str = "", **more: Any) -> User | str:
    """Sign up, or say what was in the way."""
    try:
        return await sign_up(accounts, email, PASSWORD, invite, **more)
    except (Refused, Taken, Forbidden, AlreadySeen) as why:
        return f"{type(why).__name__} {getattr(why, 'field', '')}".strip()


async def invited(accounts: Accounts, by: str = "console:root", role: Role = Role.USER) -> str:
    """Make an invitation."""
    invite = new_invite(role, by, accounts.app.clock())
    await accounts.commit(AddInvite(invite))
    return shown(invite.code)


async def test_closed_is_closed(core: Core) -> None:
    """Also with an invitation; nothing is kept of who tried."""
    accounts = cheap(core, sign_up="closed")
    code = await invited(accounts)
    assert [await tried(accounts, invite=each) for each in ("", code)] == ["Forbidden"] * 2
    assert await rows(core.store) == {"invites": 1}


async def test_by_invitation_each_makes_one_account_within_a_week(core: Core) -> None:
    """As it is shown, typed without its hyphens, in small letters; a wrong one or none makes none."""
    accounts = cheap(core, sign_up="invite")
    first, second, late = [await invited(accounts) for _ in range(3)]
    for wrong in ("", " ", first[:-1], first + "0", new_id(16), "\0" * 16, "x" * 999, "\ud800" * 16):
        assert await tried(accounts, invite=wrong) == "Refused invite", repr(wrong)
    assert isinstance(await tried(accounts, "a@example.org", first), User)
    assert isinstance(await tried(accounts, "b@example.org", second.replace("-", "").lower()), User)
    assert await tried(accounts, "c@example.org", first) == "Refused invite"
    passed(core, days=7)
    assert await tried(accounts, "c@example.org", late) == "Refused invite"


async def test_an_invitation_that_led_to_nothing_is_not_used_up(core: Core) -> None:
    """The address was taken, or the password would not do."""
    accounts = cheap(core, sign_up="invite")
    first, second = await invited(accounts), await invited(accounts)
    assert isinstance(await tried(accounts, invite=first), User)
    assert await tried(accounts, invite=second) == "Taken"
    with pytest.raises(Refused):
        await sign_up(accounts, "b@example.org", "password", second)
    assert isinstance(await tried(accounts, "b@example.org", second), User)


async def test_an_invitation_ends_with_its_operators_office(core: Core) -> None:
    """Who is disabled, or an operator no more, has invited nobody."""
    accounts = cheap(core)
    for at, change in enumerate(({"disabled": True}, {"role": Role.USER})):
        code = await invited(accounts, role=Role.OPERATOR)
        boss = await tried(accounts, f"boss{at}@example.org", code)
        assert isinstance(boss, User)
        assert boss.role is Role.OPERATOR
        theirs = await invited(accounts, by=boss.id)
        await accounts.commit(ChangeUser(boss, replace(boss, **change)))  # type: ignore[arg-type]
        assert await tried(accounts, "eve@example.org", theirs) == "Refused invite"


async def test_twenty_with_one_invitation_are_one_account(both: Core) -> None:
    """The others are told that it does not hold; and nothing of them is kept."""
    accounts = cheap(both, sign_up="invite")
    code = await invited(accounts)
    ended = await asyncio.gather(*(tried(accounts, f"{at}@example.org", code) for at in range(20)))
    assert sorted("User" if isinstance(each, User) else each for each in ended) == [
        *["Refused invite"] * 19,
        "User",
    ]
    assert await rows(both.store) == {"users": 1, "people": 1, "identities": 1}


SPELLINGS = ("José.Müller@bücher.example", "JOSÉ.MÜLLER@BÜCHER.EXAMPLE", "josé.müller@xn--bcher-kva.example")


async def test_twenty_with_one_address_are_one_account(both: Core) -> None:
    """In whatever case, Unicode form and script of its domain they write it."""
    accounts = cheap(both)
    forms = [unicodedata.normalize(form, each) for form in ("NFC", "NFD") for each in SPELLINGS]
    ended = await asyncio.gather(*(tried(accounts, forms[at % len(forms)]) for at in range(20)))
    assert sorted("User" if isinstance(each, User) else each for each in ended) == ["Taken"] * 19 + ["User"]
    assert (await rows(both.store))["users"] == 1
    [user] = [each for each in ended if isinstance(each, User)]
    for form in (*forms, f"  {forms[0]} "):
        assert (await log_in(replace(accounts, attempts=never), form, PASSWORD, "")).id == user.id


NONE = (
    "", "@", "ada", "ada@", "@example.org", "ada@localhost", "ada@example", "ada@exa mple.org",
    "a da@example.org", "ada@example.org\r\nBcc: eve@example.org", "ada@example.org,eve@example.org",
    "ada@@example.org", "ada\0@example.org", "ada@127.0.0.1", "ada@[::1]", "x" * 65 + "@example.org",
    "ada@" + "a." * 125 + "org", "\u202eada@example.org", "\ud800@example.org", "e\u0301" * 5000,
    "ada@exa\u200bmple\u3002.org", "<ada@example.org>",
)  # fmt: skip


async def test_what_is_no_address_makes_no_account(core: Core) -> None:
    """It is named as the field to mend, and nothing is kept."""
    assert {await tried(cheap(core), each) for each in NONE} == {"Refused email"}
    assert await rows(core.store) == {}


async def test_a_request_that_is_repeated_makes_nothing_more(core: Core) -> None:
    """By its id; and another person is made for another account alone."""
    accounts = cheap(core)
    first = await tried(accounts, request_id="http:one")
    assert isinstance(first, User)
    assert await tried(accounts, "b@example.org", request_id="http:one") == "AlreadySeen"
    assert isinstance(await tried(accounts, "b@example.org", request_id="http:two"), User)
    found = await rows(core.store)
    assert (found["users"], found["people"], found["identities"]) == (2, 2, 2)
