"""What operators do with accounts: let them in or not, say what each may do, and never leave nobody."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest
from argon2 import PasswordHasher

from bot.accounts.caller import Accounts, Caller, Missing, Unauthenticated
from bot.accounts.operating import change_account, find_users, user_by_id, with_access, with_role
from bot.accounts.sessions import log_in, of_bearer, tokens_for
from bot.accounts.signing_up import sign_up
from bot.qr.refusal import Refused
from storage.account import ChangeUser, Role, User
from tests.adapters.site import accounts_on
from tests.core.talking import Core, passed

PASSWORD = "four words in a row"


def cheap(core: Core) -> Accounts:
    """Let people make accounts on a core, and hash at no cost."""
    return replace(accounts_on(core.app), hasher=PasswordHasher(1, 8, 1))


async def operator(accounts: Accounts, email: str) -> Caller:
    """Make an account that may all."""
    user = await sign_up(accounts, email, PASSWORD)
    after = replace(user, role=Role.OPERATOR)
    await accounts.commit(ChangeUser(user, after))
    return Caller(after)


async def test_accounts_are_listed_a_page_at_a_time(both: Core) -> None:
    """The oldest first, each once; where there are no more, that is known."""
    accounts, made = cheap(both), []
    boss = Caller(User("BOSS000000", "boss@example.org", "", both.app.clock(), Role.OPERATOR))
    for name in "abc":
        made.append(await sign_up(accounts, f"{name}@example.org", PASSWORD))
        passed(both, minutes=1)
    page, place = await find_users(accounts, boss, limit=2)
    rest, end = await find_users(accounts, boss, place, limit=2)
    assert ([*page, *rest], end) == (made, None)
    assert await user_by_id(accounts, boss, made[1].id) == made[1]
    with pytest.raises(Missing):
        await user_by_id(accounts, boss, "NOTHING000")


async def test_who_is_shut_out_is_out_at_once(both: Core) -> None:
    """Tokens end and the password is no longer enough; let in again, they log in anew."""
    accounts = cheap(both)
    boss = await operator(accounts, "boss@example.org")
    user = await sign_up(accounts, "ada@example.org", PASSWORD)
    tokens = await tokens_for(accounts, user)
    shut = await change_account(accounts, boss, user.id, partial(with_access, disabled=True))
    assert shut == await change_account(
        accounts, boss, user.id, partial(with_access, disabled=True)
    )  # as it is already
    with pytest.raises(Unauthenticated):
        await of_bearer(accounts, tokens.access)
    with pytest.raises(Unauthenticated):
        await log_in(accounts, user.email, PASSWORD, "192.0.2.1")
    await change_account(accounts, boss, user.id, partial(with_access, disabled=False))
    with pytest.raises(Unauthenticated):
        await of_bearer(accounts, tokens.access)
    assert not (await log_in(accounts, user.email, PASSWORD, "192.0.2.1")).disabled


async def test_another_role_is_logged_in_with_anew(both: Core) -> None:
    """What was handed out to the old one holds no longer."""
    accounts = cheap(both)
    boss = await operator(accounts, "boss@example.org")
    user = await sign_up(accounts, "ada@example.org", PASSWORD)
    tokens = await tokens_for(accounts, user)
    raised = await change_account(accounts, boss, user.id, partial(with_role, role=Role.OPERATOR))
    assert raised == replace(user, role=Role.OPERATOR, version=user.version + 1)
    with pytest.raises(Unauthenticated):
        await of_bearer(accounts, tokens.access)
    with pytest.raises(Missing):
        await change_account(accounts, boss, "NOTHING000", partial(with_role, role=Role.USER))


async def test_the_last_operator_stays(both: Core) -> None:
    """Neither out nor down; of two who leave at the same moment one stays."""
    accounts = cheap(both)
    ada = await operator(accounts, "ada@example.org")
    with pytest.raises(Refused, match="Nobody else is an operator"):
        await change_account(accounts, ada, ada.user.id, partial(with_role, role=Role.USER))
    with pytest.raises(Refused, match="Nobody else is an operator"):
        await change_account(accounts, ada, ada.user.id, partial(with_access, disabled=True))
    bea = await operator(accounts, "bea@example.org")
    left = await asyncio.gather(
        change_account(accounts, ada, bea.user.id, partial(with_role, role=Role.USER)),
        change_account(accounts, bea, ada.user.id, partial(with_access, disabled=True)),
        return_exceptions=True,
    )
    assert [type(each) for each in left].count(Refused) == 1
    async with both.store.reading() as work:
        assert await work.accounts.operators() == 1
