"""The page of one's own elsewhere than on the platform that has one, and what is kept about it."""

import json

import pytest

from bot.message import Actor, Reply
from storage.changes import OpenBoard, TurnBoard, Unit
from tests.core.talking import Core, asked, payload, person_of, rows, said

ON_SLACK = Actor("slack", "T1:U1", "ada")


async def pressed(core: Core, text: str) -> list[Reply]:
    """Press something on the page."""
    return await asked(core, text, ON_SLACK, board=True, pressed=True)


async def test_where_no_page_is_kept_open_it_is_the_history(core: Core) -> None:
    """Nothing is kept of that."""
    await said(core, "hello")
    reply = await said(core, "/home")
    assert (reply.title, reply.board) == ("1 code", ())
    assert "boards" not in await rows(core.store)


async def test_the_word_alone_is_a_text(core: Core) -> None:
    """As that of every command that is pressed more than typed."""
    for word in ("Home", "preview"):
        assert payload(await said(core, word)) == word


async def test_what_is_pressed_there_turns_it_and_says_nothing(core: Core) -> None:
    """Page, filter and search go together; alone it begins anew."""
    await said(core, "hello", ON_SLACK)
    turned = []
    for line in ("/home favourites=yes", "/home -- a  b", "/home page=3", "/home favourites=no", "/home"):
        assert await pressed(core, line) == []
        async with core.store.reading() as work:
            board = await work.boards.get("slack", "T1:U1")
        assert board is not None
        turned.append(tuple(json.loads(board.shown).values()))
    assert turned == [("", True, 1), ("a b", True, 1), ("a b", True, 3), ("a b", False, 1), ("", False, 1)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"/home -- {'x' * 201}", "Search for at most 200 characters."),
        ("favourite 7K3FABCDEF", "no such code of yours"),
    ],
)
async def test_what_cannot_be_done_there_is_said(core: Core, line: str, told: str) -> None:
    """With what to do instead."""
    await said(core, "hello", ON_SLACK)
    [reply] = await pressed(core, line)
    assert told in reply.body


async def test_what_another_version_wrote_is_nothing(core: Core) -> None:
    """The page begins anew."""
    await said(core, "hello", ON_SLACK)
    now = core.app.clock()
    for odd in ("[", "[1]", '{"colour": "red"}', "null"):
        await core.store.commit(Unit("", now, (TurnBoard("slack", "T1:U1", odd, "", now),)))
        reply = await said(core, "/home", ON_SLACK, board=True)
        assert reply.board


async def test_an_export_says_what_the_page_is_turned_to(core: Core) -> None:
    """What was looked for is kept, sealed."""
    await said(core, "hello", ON_SLACK)
    now = core.app.clock()
    await core.store.commit(Unit("", now, (OpenBoard("slack", "T1:U1", "", now),)))
    await pressed(core, "/home -- canary")
    [board] = json.loads((await said(core, "/export", ON_SLACK)).files[0].text)["boards"]
    assert ("canary" in board["shown"], board["account"]) == (True, "T1:U1")
    assert await person_of(core, ON_SLACK)
