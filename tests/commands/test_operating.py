"""What whoever runs the bot says in the console, and what the audit log keeps of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from bot.accounts.signing_up import sign_up
from bot.message import Actor, Reply, Status
from storage.account import User
from tests.adapters.site import accounts_on
from tests.core.talking import ADA, Core, both, codes_of, core, filled, passed, pressed, rows, said

__all__ = ["both", "core"]

OPERATOR = Actor("console", "root")


async def account(core: Core, email: str = "ada@example.org") -> User:
    """Make an account."""
    accounts = replace(accounts_on(core.app), hasher=PasswordHasher(1, 8, 1))
    return await sign_up(accounts, email, "a long sentence of mine")


async def logged(core: Core, search: str = "") -> list[tuple[str, ...]]:
    """Read the audit log without its times."""
    reply = await said(core, f"/audit {search}", OPERATOR)
    return [row[1:] for row in cells(reply)]


def cells(reply: Reply) -> tuple[tuple[str, ...], ...]:
    """Give the rows of a reply's table."""
    return reply.table.rows if reply.table is not None else ()


# --- the audit log ------------------------------------------------------------------------------------------


async def test_every_operators_word_is_written_down(both: Core) -> None:
    """With ids alone: when, who, what, about what, and how it went; looking is written down too."""
    user = await account(both)
    await said(both, "/disable ada@example.org", OPERATOR)
    await said(both, "/disable nobody@example.org", OPERATOR)
    await said(both, "/accounts", OPERATOR)
    code = (await said(both, "/invite operator", OPERATOR)).fields[0].value
    asked = await said(both, "/disable", OPERATOR)
    assert asked.form is not None
    await said(both, "just a text", OPERATOR)
    log = await logged(both)
    assert log == [
        ("console:root", "invite", "operator", "done"),
        ("console:root", "accounts", "", "shown"),
        ("console:root", "disable", "", "refused"),
        ("console:root", "disable", user.id, "done"),
    ]
    assert code not in str(log)
    assert "example.org" not in str(log)


async def test_the_log_is_searched_and_paged(core: Core) -> None:
    """The latest first; a percent sign is one."""
    for _ in range(21):
        await said(core, "/invite", OPERATOR)
    await said(core, "/accounts", OPERATOR)
    first = await said(core, "/audit invite", OPERATOR)
    rest = await pressed(core, first, "More", OPERATOR)
    assert (len(cells(first)), len(cells(rest))) == (20, 1)
    assert {row[2] for row in (*cells(first), *cells(rest))} == {"invite"}
    assert await logged(core, "%") == []


async def test_words_are_looked_for_in_the_whole_log_a_part_at_a_time(
    both: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far back they stand, each row once."""
    monkeypatch.setattr("storage.audit.LOOKED", 3)
    for number in range(11):
        await said(both, "/invite" if number in (0, 1, 6) else "/accounts", OPERATOR)
    assert [row[1] for row in await logged(both, "invite")] == ["invite"] * 3
    assert await logged(both, "nothing") == []
    reply = await said(both, "/audit", OPERATOR)
    assert len(cells(reply)) == 13  # with the two searches


async def test_what_is_undone_leaves_no_row(core: Core) -> None:
    """Who is not the operator has done nothing; nobody is kept for having looked."""
    assert (await said(core, "/audit", ADA)).status is Status.REFUSED
    await filled(core, "audit")
    assert "audit" not in await rows(core.store)
    await said(core, "/audit", OPERATOR)
    assert "people" not in await rows(core.store)


# --- speaking as somebody else ------------------------------------------------------------------------------


async def test_what_is_said_as_another_is_theirs_and_written_down(both: Core) -> None:
    """The code is theirs; the log says which word, in whose name, and not what it held."""
    await said(both, "hello", ADA)
    told = await said(both, f"/as {ADA.key}", OPERATOR)
    assert (told.status, ADA.name in told.body) == (Status.OK, True)
    by = OPERATOR.key
    await said(both, "their secret plan", ADA, operator=by)
    await said(both, "/history", ADA, operator=by)
    assert (await said(both, "/audit", ADA, operator=by)).status is Status.REFUSED
    assert (await said(both, "/as", OPERATOR)).status is Status.OK
    assert {code.text for code in await codes_of(both, ADA)} == {"hello", "their secret plan"}
    log = await logged(both)
    assert log[::-1] == [
        ("console:root", "as", ADA.key, "shown"),
        ("console:root", "qr", ADA.key, "done"),
        ("console:root", "history", ADA.key, "shown"),
        ("console:root", "audit", ADA.key, "refused"),
        ("console:root", "as", "", "shown"),
    ]
    assert "plan" not in str(log)


async def test_nobody_is_made_by_speaking_as_them(core: Core) -> None:
    """An account that has never spoken, or was forgotten, stays unknown."""
    assert (await said(core, "/as telegram:999", OPERATOR)).status is Status.REFUSED
    reply = await said(core, "hello", Actor("telegram", "999"), operator=OPERATOR.key)
    assert (reply.status, "telegram:999" in reply.body) == (Status.REFUSED, True)
    assert "people" not in await rows(core.store)


async def test_a_row_goes_after_a_year(core: Core) -> None:
    """With all else that has had its time."""
    from storage.housekeeping import tidy

    await said(core, "/accounts", OPERATOR)
    passed(core, days=366)
    async with core.store.writing() as work:
        await tidy(work.connection, core.app.clock())
    assert "audit" not in await rows(core.store)
