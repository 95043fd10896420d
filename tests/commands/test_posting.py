"""Sharing a code with all who are here: whose it is, once for each button, and never a secret by mistake."""

from typing import Any

import pytest

from bot.message import Reply
from bot.wire import dump_request, load_request
from tests.commands.test_make import MADE
from tests.core.talking import ADA, BEA, GROUP, Core, asked, button, labels, payload, request, said, waiting

OWN = ["Share to channel", "Edit", "SVG", "PDF", "Delete"]


async def once(core: Core, line: str) -> list[Reply]:
    """Press a button there, and give what is to be sent."""
    return await asked(core, line, where=GROUP, aside=True, pressed=True)


async def beside(core: Core, text: str = "hello", **more: Any) -> Reply:
    """Say something in a place where others are, and be answered alone."""
    return await said(core, text, where=GROUP, aside=True, **more)


async def test_only_an_answer_aside_can_be_shared_here(core: Core) -> None:
    """In a private chat nobody else is; what all see already is shared."""
    assert labels(await beside(core)) == [*OWN, *MADE]
    assert labels(await said(core, "hello", where=GROUP)) == MADE
    assert labels(await said(core, "hello")) == MADE
    assert all(each.here for each in (await beside(core)).buttons[0])
    assert load_request(dump_request(request(core, "x", aside=True))).aside


async def test_what_is_shared_says_whose_it_is(core: Core) -> None:
    """A name; the code as it is, for all, and a word for the person where it was asked for."""
    code = await beside(core)
    shown = await beside(core, button(code, "Share").line, pressed=True)
    assert (payload(shown), shown.code, shown.shared, shown.private) == ("hello", code.code, True, False)
    assert "@Ada shared this code." in shown.body
    assert (shown.left, shown.replace) == ("Shared.", False)
    assert [each.here for row in shown.buttons for each in row] == [True]


async def test_a_button_shares_once_and_a_command_each_time(both: Core) -> None:
    """Another answer has another button."""
    code = await beside(both)
    line = button(code, "Share").line
    assert len(await once(both, line)) == 1
    assert len(await once(both, line)) == 0
    again = await beside(both, f"/show {code.code}")
    assert len(await once(both, button(again, "Share").line)) == 1
    for _ in range(2):
        assert len(await asked(both, f"/post {code.code}", where=GROUP, aside=True)) == 1
    assert len(await waiting(both.store)) == 4


async def test_in_a_private_chat_the_code_is_just_shown(core: Core) -> None:
    """There is nobody to share it with, secret or not."""
    code = await said(core, "hello")
    shown = await said(core, f"/post {code.code}")
    assert (payload(shown), labels(shown), shown.left) == ("hello", MADE, "")


async def test_somebody_elses_code_is_shared_only_where_all_may_see_it(core: Core) -> None:
    """One that was made here, and no other."""
    here, elsewhere = await said(core, "hello", where=GROUP), await said(core, "private")
    shown = await beside(core, f"/post {here.code}", who=BEA)
    assert (payload(shown), "@Bea shared" in shown.body) == ("hello", True)
    refused = await beside(core, f"/post {elsewhere.code}", who=BEA)
    assert (refused.picture, "no such code of yours" in refused.body) == (None, True)
    network = await beside(core, 'wifi "Guest network" "long enough"', who=ADA)
    assert "no such code of yours" in (await beside(core, f"/post {network.code}", who=BEA)).body


async def test_a_secret_is_asked_about_first(core: Core) -> None:
    """The answer to that counts once too; kept, the code comes back in its place."""
    network = await beside(core, 'wifi "Guest network" "long enough"')
    sure = await beside(core, button(network, "Share").line, pressed=True)
    assert (sure.picture, sure.private, sure.replace, sure.shared) == (None, True, True, False)
    assert "long enough" not in sure.body
    kept = await beside(core, button(sure, "Keep").line, pressed=True)
    assert (kept.code, kept.replace, kept.private) == (network.code, True, True)
    line = button(sure, "Share it").line
    [shown] = await once(core, line)
    assert (shown.shared, shown.private, payload(shown)) == (
        True,
        False,
        "WIFI:T:WPA;S:Guest network;P:long enough;;",
    )
    assert await once(core, line) == []


@pytest.mark.parametrize("text", ["post office", "post", "post 7K3F9QXM2A is my code"])
async def test_words_that_only_begin_so_are_a_text(core: Core, text: str) -> None:
    """It is said by buttons, or with a slash."""
    assert payload(await said(core, text)) == text


async def test_what_was_just_made_goes_at_once_and_what_is_older_is_asked_for(core: Core) -> None:
    """A favourite too."""
    code = await beside(core)
    older = await beside(core, f"/favourite {code.code}")
    assert button(code, "Delete").line == f"delete {code.code} confirm=yes"
    assert button(older, "Delete").line == f"delete {code.code}"
