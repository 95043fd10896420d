"""Codes that connect a chat and an account: hard to guess, for one time, with five tries in ten minutes."""

from __future__ import annotations

import asyncio
from collections import Counter
from math import log2

from bot.accounts.caller import request_of
from bot.accounts.signing_up import sign_up
from bot.context import Context
from bot.ids import ALPHABET
from bot.message import Actor, Outcome, Status
from bot.pairing import LENGTH, TRIES, Wrong, join, new_code, read_pairing_code
from storage.account import ACCOUNT
from tests.accounts.holding import EMAIL, PASSWORD, cheap
from tests.commands.test_connect import USED
from tests.commands.test_connect import shown as shown_line
from tests.core.talking import ADA, BEA, Core, passed, person_of, rows, said

TOO_MANY = "These were too many wrong codes. Please try again in ten minutes."
EVE = Actor("web", "eve")


def strangers(number: int) -> list[Actor]:
    """Name people who were not here before."""
    return [Actor("web", f"guest{at}") for at in range(number)]


async def typed(core: Core, line: str, who: Actor = EVE) -> str:
    """Type a code, and say what came of it."""
    reply = await said(core, line, who)
    return reply.title or {USED: "wrong", TOO_MANY: "too many"}[reply.body]


def wrong() -> str:
    """Guess."""
    return f"/connect {new_code()}"


async def test_a_code_has_forty_bits_and_more() -> None:
    """Of those that can be, any is as likely: each place takes every letter and digit."""
    letters = sum(character.isalpha() for character in ALPHABET)
    assert log2(len(ALPHABET) ** LENGTH - letters**LENGTH) > 40
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    for place in range(LENGTH):
        assert {code[place] for code in codes} == set(ALPHABET)
    assert all(read_pairing_code(code) == code for code in codes)


async def test_of_twenty_who_type_a_code_at_once_one_is_connected(both: Core) -> None:
    """The others are told that it is used, and nothing of them is kept but the count of their tries."""
    line = await shown_line(both)
    ends = await asyncio.gather(*(typed(both, line, who) for who in strangers(20)))
    assert Counter(ends) == {"Connected": 1, "wrong": 19}
    assert len((await person_of(both)).identities) == 2
    found = await rows(both.store)
    assert (found["people"], found["identities"], found.get("pairings")) == (1, 2, None)


async def test_after_five_wrong_codes_the_right_one_is_refused_too(both: Core) -> None:
    """Until ten minutes after the first of them; others are not concerned."""
    line = await shown_line(both)
    assert [await typed(both, wrong()) for _ in range(6)] == ["wrong"] * TRIES + ["too many"]
    assert TRIES == 5
    assert await typed(both, line) == "too many"
    passed(both, minutes=9, seconds=59)
    again = await shown_line(both)
    assert await typed(both, again) == "too many"
    passed(both, seconds=1)
    assert await typed(both, again) == "Connected"


async def test_of_many_guesses_at_once_five_are_looked_at(both: Core) -> None:
    """Also where the right one is among them: however many are sent before the first is answered."""
    line = await shown_line(both)
    guesses = [wrong() for _ in range(20)]
    guesses[10:10] = [line]
    ends = Counter(await asyncio.gather(*(typed(both, each) for each in guesses)))
    assert ends["wrong"] + ends["Connected"] == TRIES
    assert ends["too many"] == 21 - TRIES
    assert await typed(both, line) in ("too many", "wrong")


async def test_being_forgotten_or_becoming_somebody_gives_no_more_tries(core: Core) -> None:
    """They are counted by the account that types; what is kept of it names nobody."""
    assert [await typed(core, wrong()) for _ in range(2)] == ["wrong"] * 2
    await said(core, "a code makes somebody of them", EVE)
    assert [await typed(core, wrong()) for _ in range(2)] == ["wrong"] * 2
    await said(core, "/forgetme yes", EVE)
    assert [await typed(core, wrong()) for _ in range(2)] == ["wrong", "too many"]
    await said(core, "and again", EVE)
    assert await typed(core, await shown_line(core)) == "too many"
    async with core.store.reading() as work:
        names = (await work.connection.exec_driver_sql("SELECT name FROM tries")).scalars().all()
    assert [EVE.id in each or len(each) != 64 for each in names] == [False]


async def test_ones_own_code_and_what_is_none_are_no_guesses(core: Core) -> None:
    """Who mistypes is told so, and goes on."""
    mine = await shown_line(core, EVE)
    for _ in range(TRIES + 1):
        assert (await said(core, mine, EVE)).status is Status.REFUSED
        assert (await said(core, "/connect 123", EVE)).status is not Status.OK
    assert await typed(core, await shown_line(core)) == "Connected"


async def test_an_account_and_a_chat_are_connected_as_two_chats_are(both: Core) -> None:
    """Whichever shows the code; and guesses of an account are counted like those of a chat."""
    user = await sign_up(cheap(both), EMAIL, PASSWORD)
    account, found = Actor(ACCOUNT, user.id, EMAIL), list[bool]()

    async def guess(context: Context) -> Outcome:
        joined = await join(context, new_code())
        assert isinstance(joined, Wrong)
        found.append(bool(joined.counted))
        return Outcome(None, joined.counted)

    for _ in range(TRIES - 1):
        await both.app.perform(request_of(account), guess)
    assert found == [True] * (TRIES - 1)
    assert await typed(both, await shown_line(both), account) == "Connected"
    assert await typed(both, await shown_line(both, BEA), account) == "too many"
    assert await typed(both, await shown_line(both, account), BEA) == "Connected"
    ids = {(await person_of(both, who)).id for who in (ADA, BEA, account)}
    assert len(ids) == 1
