"""What whoever runs the bot looks over: keys, installations, places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.message import Actor
from storage.changes import CloseSpace, SetKit, Unit
from storage.encryption import KeyRing
from storage.records import Install, Installation, Kit
from tests.commands.test_operating import OPERATOR, cells
from tests.core.talking import Core, both, core, said

__all__ = ["both", "core"]


async def test_keys_are_told_apart_and_counted(both: Core) -> None:
    """The first encrypts; one that something was sealed with and that is not set is missing."""
    await said(both, "hello")
    [(id, held, values)] = cells(await said(both, "/keys", OPERATOR))
    assert (held, int(values) >= 5) == ("encrypts and decrypts", True)
    renewed = KeyRing((bytes(32), *both.store.ring.keys))
    both = replace(both, app=replace(both.app, store=replace(both.store, ring=renewed)))
    assert [row[:2] for row in cells(await said(both, "/keys", OPERATOR))] == [
        (renewed.ids[0], "encrypts and decrypts"),
        (id, "decrypts"),
    ]
    assert bytes(32).hex()[:8] not in renewed.ids


async def test_keys_are_counted_a_part_of_a_table_at_a_time(
    both: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each value once, whatever the parts are: also where a table's key has two columns."""
    for number in range(7):
        await said(both, "hello", Actor("telegram", str(number + 1)))
    [whole] = cells(await said(both, "/keys", OPERATOR))
    monkeypatch.setattr("storage.inventory.LOOKED", 3)
    assert cells(await said(both, "/keys", OPERATOR)) == (whole,)


async def test_workspaces_are_listed_without_their_tokens(both: Core) -> None:
    """With scopes and when the token ends."""
    now = both.app.clock()
    one = Installation("T1", "", "Acme", "A1", "U0", "chat:write", "U9", now, "xoxb-1", "xoxe-1", now)
    two = replace(one, id="T2", name="Other", expires_at=None)
    await both.store.commit(Unit("", now, (Install(one), Install(two))))
    listed = await said(both, "/installations", OPERATOR)
    assert cells(listed) == (
        ("T1", "Acme", "2030-05-17", "2030-05-17 12:00", "chat:write"),
        ("T2", "Other", "2030-05-17", "never", "chat:write"),
    )
    assert "xox" not in str(listed)


async def test_places_with_kits_and_closed_ones_are_listed(both: Core) -> None:
    """Each once, also where it is both; page by page."""
    now = both.app.clock()
    kits = [SetKit(Kit(f"telegram:-{number:02}", "{}", "", "PERSON0000", now)) for number in range(20)]
    shut = [CloseSpace("telegram:-00", "kicked", now), CloseSpace("telegram:1", "blocked", now)]
    await both.store.commit(Unit("", now, (*kits, *shut)))
    first = await said(both, "/places", OPERATOR)
    assert (len(cells(first)), cells(first)[0]) == (
        20,
        ("telegram:-00", "2030-05-17", "PERSON0000", "2030-05-17", "kicked"),
    )
    rest = await said(both, f"/places after={cells(first)[-1][0]}", OPERATOR)
    assert cells(rest) == (("telegram:1", "", "", "2030-05-17", "blocked"),)
    assert (await said(both, "/places after=z", OPERATOR)).body == "Nothing found."
