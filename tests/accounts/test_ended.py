"""What was handed out ends when it is to: everything by everything that ends it, at the very next request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.accounts.caller import Missing, Unauthenticated
from bot.accounts.forgetting import forget
from bot.accounts.keys import keys_of, revoke
from bot.accounts.passwords import change_password
from bot.accounts.sessions import (
    IDLE,
    end_session,
    log_in,
    log_out,
    log_out_everywhere,
    of_page,
    refreshed,
    tokens_for,
)
from storage.account import ChangeUser
from tests.accounts.holding import EMAIL, PASSWORD, Holding, cheap, held, site
from tests.core.talking import Core, passed

OTHER = "other words in a row"


async def disabled(holding: Holding) -> None:
    """Let somebody who runs this bot shut an account."""
    user = holding.caller.user
    await holding.accounts.commit(ChangeUser(user, replace(user, disabled=True)))


async def key_revoked(holding: Holding) -> None:
    """Take the key back."""
    [key] = await keys_of(holding.accounts, holding.caller)
    await revoke(holding.accounts, holding.caller, key.id)


async def page_ended(holding: Holding) -> None:
    """Log the browser out from elsewhere."""
    await end_session(holding.accounts, holding.caller, holding.page.partition(".")[0])


async def refreshed_elsewhere(holding: Holding) -> None:
    """Turn another program's tokens, and log out with an API key, which has no session."""
    await refreshed(holding.accounts, (await tokens_for(holding.accounts, holding.caller.user)).refresh)
    await log_out(holding.accounts, replace(holding.caller, scopes=frozenset(), session=""))


ENDS: tuple[tuple[str, Callable[[Holding], Awaitable[Any]], set[str]], ...] = (
    ("nothing", refreshed_elsewhere, {"access", "refresh", "page", "key", "password"}),
    ("log-out", lambda held: log_out(held.accounts, held.caller), {"page", "key", "password"}),
    ("log-out everywhere", lambda held: log_out_everywhere(held.accounts, held.caller), {"key", "password"}),
    ("another password", lambda held: change_password(held.accounts, held.caller, PASSWORD, OTHER), {"key"}),
    ("a browser's end", page_ended, {"access", "refresh", "key", "password"}),
    ("revoking", key_revoked, {"access", "refresh", "page", "password"}),
    ("disabling", disabled, set()),
    ("deletion", lambda held: forget(held.accounts, held.caller, PASSWORD), set()),
)  # what happens, to what still lets in


async def works(holding: Holding) -> set[str]:
    """Say what of all that somebody holds lets them in; asked over HTTP where there is a route."""
    accounts, email, found = holding.accounts, holding.caller.user.email, set()
    for name, bearer in (("access", holding.tokens.access), ("key", holding.key)):
        found |= {name} if await holding.lets_in(bearer) else set()
    holding.client.cookies.clear()
    account = await holding.client.get("/account", headers={"Cookie": f"session={holding.page}"})
    found |= {"page"} if account.status_code == 200 else set()
    for name, attempt in (
        ("refresh", lambda: refreshed(accounts, holding.tokens.refresh)),
        ("password", lambda: log_in(accounts, email, PASSWORD, email)),
    ):
        try:
            await attempt()
            found.add(name)
        except Unauthenticated:
            pass
    return found


async def test_what_ends_ends_all_that_it_is_to_and_no_more(both: Core) -> None:
    """At the next request, whatever it comes with; and what is somebody else's goes on."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        other = await held(accounts, client, "other@example.org")
        left = {}
        for at, (name, end, _) in enumerate(ENDS):
            holding = await held(accounts, client, f"{at}@example.org")
            await end(holding)
            left[name] = await works(holding)
        assert left == {name: what for name, _, what in ENDS}
        assert await works(other) == {"access", "refresh", "page", "key", "password"}


async def test_what_is_not_used_for_a_month_ends(core: Core, holding: Holding) -> None:
    """A browser and a program alike; a browser that comes now and then stays."""
    passed(core, seconds=IDLE.total_seconds() - 1)
    assert await of_page(holding.accounts, holding.page)
    passed(core, seconds=1)
    with pytest.raises(Unauthenticated):
        await refreshed(holding.accounts, holding.tokens.refresh)
    for _ in range(5):
        assert await of_page(holding.accounts, holding.page)
        passed(core, days=29)
    passed(core, days=1)
    assert await of_page(holding.accounts, holding.page) is None


async def test_a_family_of_tokens_ends_after_three_months(core: Core, holding: Holding) -> None:
    """However often it was refreshed (RFC 9700, 4.14.2)."""
    tokens = holding.tokens
    for _ in range(89):
        passed(core, days=1)
        tokens = await refreshed(holding.accounts, tokens.refresh)
    passed(core, hours=23)
    tokens = await refreshed(holding.accounts, tokens.refresh)
    assert await holding.lets_in(tokens.access)
    passed(core, hours=1)
    assert not await holding.lets_in(tokens.access)
    with pytest.raises(Unauthenticated):
        await refreshed(holding.accounts, tokens.refresh)


async def test_an_account_that_was_disabled_can_hold_what_it_held_when_it_is_not_any_more(
    holding: Holding,
) -> None:
    """Nothing was deleted; but nobody can log in meanwhile, and nothing that was begun before goes on."""
    user = holding.caller.user
    await disabled(holding)
    with pytest.raises(Unauthenticated):
        await tokens_for(holding.accounts, user)
    await holding.accounts.commit(ChangeUser(replace(user, disabled=True), user))
    assert await works(holding) == {"access", "key", "page", "refresh", "password"}


async def test_who_was_logged_in_by_an_old_password_gets_nothing_by_it(holding: Holding) -> None:
    """The password was right when it was compared, and is another when the session is to begin."""
    before = await log_in(holding.accounts, EMAIL, PASSWORD, "")
    await change_password(holding.accounts, holding.caller, PASSWORD, OTHER)
    with pytest.raises(Unauthenticated):
        await tokens_for(holding.accounts, before)


async def test_only_ones_own_can_be_ended(holding: Holding) -> None:
    """A session or key of somebody else's, or what is none, is not there (404, as one that never was)."""
    other = await held(holding.accounts, holding.client, "bea@example.org")
    [key] = await keys_of(holding.accounts, holding.caller)
    for id in (key.id, key.id.lower(), "0" * 10, "", "\0" * 10, "x" * 999, "\ud800"):
        with pytest.raises(Missing):
            await revoke(holding.accounts, other.caller, id)
    for id in (holding.caller.session, "0" * 16, "", "\0" * 16):
        with pytest.raises(Missing):
            await end_session(holding.accounts, other.caller, id)
    assert timedelta(days=30) == IDLE
    assert await works(holding) == {"access", "key", "page", "refresh", "password"}
