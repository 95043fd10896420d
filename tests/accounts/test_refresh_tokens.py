"""Refresh tokens and sessions: a token holds once, a second use ends its family, a hundred are kept."""

from __future__ import annotations

import asyncio

import pytest

from bot.accounts.caller import Unauthenticated
from bot.accounts.sessions import (
    REFRESH,
    Tokens,
    end_session,
    log_out_everywhere,
    of_page,
    open_page,
    refreshed,
    sessions_of,
    tokens_for,
)
from storage.accounts import SESSIONS
from storage.changes import Stale
from tests.accounts.holding import Holding, cheap, held, site
from tests.core.talking import Core, passed


async def turned(holding: Holding, refresh: str) -> Tokens | None:
    """Use a refresh token, None where it is refused."""
    try:
        return await refreshed(holding.accounts, refresh)
    except Unauthenticated:
        return None


async def test_a_refresh_token_gives_one_pair_and_is_used_up(core: Core, holding: Holding) -> None:
    """The pair is new, of the same session; what was handed out before goes on for its quarter of an hour."""
    second = await refreshed(holding.accounts, holding.tokens.refresh)
    third = await refreshed(holding.accounts, second.refresh)
    assert len({holding.tokens.refresh, second.refresh, third.refresh}) == 3
    assert [await holding.lets_in(each.access) for each in (holding.tokens, second, third)] == [True] * 3
    assert len(await sessions_of(holding.accounts, holding.caller)) == 2


async def test_a_second_use_ends_the_family_for_whoever_has_which_part_of_it(holding: Holding) -> None:
    """Of a token of any age: somebody else has it too (RFC 9700, 4.14.2). The browser is not concerned."""
    first = holding.tokens
    second = await refreshed(holding.accounts, first.refresh)
    third = await refreshed(holding.accounts, second.refresh)
    assert await turned(holding, first.refresh) is None
    assert await turned(holding, third.refresh) is None
    assert [await holding.lets_in(each.access) for each in (first, second, third)] == [False] * 3
    assert await of_page(holding.accounts, holding.page) is not None


async def test_what_was_made_up_ends_nobodys_session(holding: Holding) -> None:
    """Not by its session's id, which stands in each token; nor by half of the right one."""
    refresh, session = holding.tokens.refresh, holding.caller.session
    _, secret = refresh.removeprefix(REFRESH).split("_", 1)
    other = await tokens_for(holding.accounts, holding.caller.user)
    foreign = other.refresh.removeprefix(REFRESH).split("_", 1)[1]
    last = "EAIM"[secret[-1] == "E"]
    forged = (
        f"{REFRESH}{session}_{'A' * 43}", f"{REFRESH}{session}_{secret[:-1]}{last}",
        f"{REFRESH}{session}_{foreign}", f"{REFRESH}{'0' * 16}_{secret}", refresh + "=", refresh + "A",
        refresh[:-1], f" {refresh}", f"{refresh}\n", refresh.replace(REFRESH, "qrg_"), refresh.upper(),
        refresh.removeprefix(REFRESH), holding.tokens.access, holding.page, holding.key, "", REFRESH, "\0",
        f"{REFRESH}{session}_", f"{REFRESH}_{secret}", f"{REFRESH}{session}_\u00e9{secret[1:]}",
    )  # fmt: skip
    assert [each for each in forged if await turned(holding, each) is not None] == []
    assert await holding.lets_in(holding.tokens.access)
    assert await turned(holding, refresh) is not None


async def test_of_uses_at_once_one_gets_a_pair_and_the_family_ends(both: Core) -> None:
    """Who shares a token between programs loses it: neither can be told from a thief."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        for many in (2, 20):
            holding = await held(accounts, client, f"{many}@example.org")
            pairs = await asyncio.gather(*(turned(holding, holding.tokens.refresh) for _ in range(many)))
            [pair] = [each for each in pairs if each is not None]
            assert not await holding.lets_in(pair.access)
            assert await turned(holding, pair.refresh) is None
            assert await of_page(accounts, holding.page) is not None


async def test_a_browsers_cookie_is_nobody_elses(holding: Holding) -> None:
    """Its secret goes with its id; a program's session has none."""
    accounts, (id, secret) = holding.accounts, holding.page.split(".")
    other = await open_page(accounts, holding.caller.user)
    _, refresh = holding.tokens.refresh.removeprefix(REFRESH).split("_", 1)
    forged = (
        id, f"{id}.", f"{id}.{secret}x", f"{id}.{secret[:-1]}", f"{id} .{secret}", f"{id.lower()}.{secret}",
        f"{id}.{other.partition('.')[2]}", f"{other.partition('.')[0]}.{secret}", f".{secret}", "", ".",
        f"{holding.caller.session}.{refresh}", f"{holding.caller.session}.{secret}", f"{'0' * 16}.{secret}",
        f"\0{id[1:]}.{secret}", f"\u00e9{id[1:]}.{secret}", f"{id}.\0",
    )  # fmt: skip
    assert [each for each in forged if await of_page(accounts, each) is not None] == []
    assert await of_page(accounts, holding.page) is not None
    assert await of_page(accounts, other) is not None


async def test_what_no_browser_sends_is_no_fault_of_ours(both: Core) -> None:
    """A cookie that is quoted can hold any byte, also those that PostgreSQL takes in no text."""
    async with site(both, cheap(both)) as client:
        for cookie in ('session="\\000AAAAAAAAAAAAAAA.secret"', 'session="AAAAAAAAAAAAAAAA.\\000\\377"'):
            assert (await client.get("/account", headers={"Cookie": cookie})).status_code == 303


async def test_beyond_a_hundred_sessions_the_one_not_used_for_longest_ends(both: Core) -> None:
    """Never the one that just began, also where many began at the same moment."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        holding = await held(accounts, client)
        user = holding.caller.user
        passed(both, seconds=1)
        later = [await open_page(accounts, user) for _ in range(SESSIONS - 2)]
        assert len(await sessions_of(accounts, holding.caller)) == SESSIONS == 100
        tokens = await refreshed(accounts, holding.tokens.refresh)  # so that it is the browser's turn
        later.append(await open_page(accounts, user))
        assert await of_page(accounts, holding.page) is None
        assert await holding.lets_in(tokens.access)
        for _ in range(5):
            assert await of_page(accounts, await open_page(accounts, user)) is not None
        assert len(await sessions_of(accounts, holding.caller)) == SESSIONS


async def test_log_out_everywhere_races_with_what_begins(both: Core) -> None:
    """Whatever of them comes first: no session outlives it that began before."""
    accounts = cheap(both)
    async with site(both, accounts) as client:
        holding = await held(accounts, client)
        began = await asyncio.gather(
            *(tokens_for(accounts, holding.caller.user) for _ in range(5)),
            log_out_everywhere(accounts, holding.caller),
            *(tokens_for(accounts, holding.caller.user) for _ in range(5)),
            return_exceptions=True,
        )
        assert {type(each) for each in began} <= {Tokens, Unauthenticated, type(None)}
        assert [
            each for each in began if isinstance(each, Tokens) and await holding.lets_in(each.access)
        ] == []
        with pytest.raises(Stale):
            await log_out_everywhere(accounts, holding.caller)


async def test_an_ended_session_is_not_listed(core: Core, holding: Holding) -> None:
    """Nor one whose time is over; the one used last comes first."""
    accounts, caller = holding.accounts, holding.caller
    passed(core, hours=2)
    assert await of_page(accounts, holding.page) is not None
    page = holding.page.partition(".")[0]
    assert [each.id for each in await sessions_of(accounts, caller)] == [page, caller.session]
    await end_session(accounts, caller, page)
    assert [each.id for each in await sessions_of(accounts, caller)] == [caller.session]
    passed(core, days=30)
    assert await sessions_of(accounts, caller) == ()
