"""API keys: made, shown once, known again by their HMAC, revoked.

A key is ``qrg_``, 32 random bytes and a CRC-32 of all before it, in letters and digits: so whoever looks for
keys that leaked knows one without asking us, and a slip is found before the database is asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from string import ascii_letters, digits
from zlib import crc32

from bot.accounts.caller import (
    SCOPES,
    Accounts,
    Caller,
    Missing,
    Unauthenticated,
    nothing_more,
    request_of,
)
from bot.context import Context
from bot.ids import new_id, read_id
from bot.message import Outcome
from bot.qr.refusal import Refused
from storage.account import AddApiKey, ApiKey, DropApiKey, UseApiKey
from storage.changes import Change, Stale

PREFIX = "qrg_"
MOST = 50  # of one account
NAME = 60  # characters
NOTED = timedelta(minutes=1)  # between two notes that a key is in use
_DIGITS = digits + ascii_letters
_SECRET, _CHECK = 43, 6  # characters of 32 bytes, of a CRC-32
_START = len(PREFIX) + 6  # characters that a list shows
Made = tuple[ApiKey, str]


async def make_key(
    accounts: Accounts,
    caller: Caller,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
    *,
    request_id: str = "",
    also: Callable[[Made], tuple[Change, ...]] = nothing_more,
) -> Made:
    """Make a key; its text is told this once. Raises Refused where it will not do, AlreadySeen."""
    now, text, asked = accounts.app.clock(), new_key(), set(scopes)
    chosen = tuple(each for each in SCOPES if each in asked)
    _check(name.strip(), chosen, asked, expires_at, now)
    key = ApiKey(new_id(), caller.user.id, text[:_START], name.strip(), chosen, now, expires_at)

    async def act(context: Context) -> Outcome:
        if len(await context.work.accounts.keys(caller.user.id)) >= MOST:
            raise Refused("You have {most} API keys, which is the most. Please revoke one first.", most=MOST)
        return Outcome(None, (AddApiKey(key, text, MOST), *also((key, text))))

    await accounts.app.perform(request_of(caller.actor, request_id), act)
    return key, text


def _check(
    name: str, chosen: tuple[str, ...], asked: set[str], expires_at: datetime | None, now: datetime
) -> None:
    if not 1 <= len(name) <= NAME or not name.isprintable():
        raise Refused("A name has 1 to {most} characters.", field="name", most=NAME)
    if not chosen or asked != set(chosen):
        raise Refused("Scopes are {scopes}, one or more of them.", field="scopes", scopes=", ".join(SCOPES))
    if expires_at is not None and expires_at <= now:
        raise Refused("This time is over.", field="expires_at")


async def keys_of(accounts: Accounts, caller: Caller) -> tuple[ApiKey, ...]:
    """List the account's keys, the newest first, without what is secret."""
    async with accounts.app.store.reading() as work:
        return await work.accounts.keys(caller.user.id)


async def revoke(accounts: Accounts, caller: Caller, id: str) -> None:
    """Revoke a key: its next request is refused. Raises Missing."""
    if read_id(id) != id:
        raise Missing
    try:
        await accounts.commit(DropApiKey(id, caller.user.id))
    except Stale:
        raise Missing from None


async def of_key(accounts: Accounts, text: str) -> Caller:
    """Tell who comes with a key; raises Unauthenticated."""
    if not well_formed(text):
        raise Unauthenticated
    async with accounts.app.store.reading() as work:
        found = await work.accounts.key(text)
    now = accounts.app.clock()
    if found is None or found[0].disabled or (found[1].expires_at or now + NOTED) <= now:
        raise Unauthenticated
    user, key = found
    if key.used_at is None or now - key.used_at >= NOTED:
        noted = partial(accounts.commit, UseApiKey(key.id, now))
        accounts.beside(key.id, noted, "the use of a key was not noted")
    return Caller(user, frozenset(key.scopes))


# --- the text -----------------------------------------------------------------------------------------------


def new_key() -> str:
    """Make a key's text."""
    text = PREFIX + _written(int.from_bytes(os.urandom(32)), _SECRET)
    return text + _written(crc32(text.encode()), _CHECK)


def well_formed(text: str) -> bool:
    """Tell whether a text can be a key of ours: by its length, its characters and its checksum."""
    body, check = text[:-_CHECK], text[-_CHECK:]
    whole = len(text) == len(PREFIX) + _SECRET + _CHECK and text.isascii()
    return whole and check == _written(crc32(body.encode()), _CHECK)


def _written(number: int, length: int) -> str:
    """Write a number to the base 62."""
    text = ""
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text
