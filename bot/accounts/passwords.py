"""Passwords: which will do, how they are kept and compared, how they are changed.

Unicode is normalised to NFKC and counted in code points, and nothing is asked of a password but its length
and that it is not among those that are tried first (NIST SP 800-63B-4, 3.1.1.2). Kept as Argon2id (RFC 9106).
"""

from __future__ import annotations

import asyncio
import os
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.accounts.attempts import PER_ACCOUNT
from bot.accounts.caller import Accounts, Caller, TooMany
from bot.qr.refusal import Refused
from storage.account import ChangeUser, User

SHORTEST, LONGEST = 8, 1024  # characters
_ENOUGH = (
    4 * LONGEST + 1
)  # NFKC makes one of four at most, and its time grows with the square of their number
COMMONEST = 10_000
T = TypeVar("T")


def read_password(text: str, email: str = "", *, field: str = "password") -> str:
    """Read a password that somebody chooses; raises Refused, which never quotes it."""
    password = normal(text)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            "A password has {least} to {most} characters. A few words in a row are easy to remember.",
            field=field,
            least=SHORTEST,
            most=LONGEST,
        )
    plain = password.casefold()
    if plain in _commonest() or plain in (email.casefold(), email.partition("@")[0].casefold()):
        raise Refused(
            "This password is one of the first that anybody would try. Please choose another.", field=field
        )
    return password


def normal(text: str) -> str:
    """Write a password so that it is the same from every keyboard; one that is too long stays so."""
    return unicodedata.normalize("NFKC", text[:_ENOUGH])


@cache
def _commonest() -> frozenset[str]:
    """Read the passwords that are used most, when they are first needed."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - a megabyte that most never need

    return frozenset(FREQUENCY_LISTS["passwords"][:COMMONEST])


# --- hashing ------------------------------------------------------------------------------------------------


async def hashed(accounts: Accounts, password: str) -> str:
    """Hash a password that was read."""
    return await _aside(accounts, lambda: accounts.hasher.hash(password.encode("utf-8", "surrogatepass")))


async def right(accounts: Accounts, user: User | None, password: str) -> bool:
    """Tell whether a password is an account's; for nobody it takes as long, and is never."""
    kept = user.password if user is not None else _nobodys(accounts.hasher)
    given = normal(password)

    def compared() -> bool:
        try:
            return accounts.hasher.verify(kept, given.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False

    return await _aside(accounts, compared) and user is not None


async def _aside(accounts: Accounts, work: Callable[[], T]) -> T:
    """Hash in one of two threads: who is cancelled does not make room for a third."""
    return await asyncio.get_running_loop().run_in_executor(accounts.hashing, work)


def _nobodys(hasher: PasswordHasher) -> str:
    """Write down a hash that no password has, and that takes as long to compare as any other."""
    salt, value = (
        b64encode(os.urandom(size)).decode().rstrip("=") for size in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${value}"


# --- changing -----------------------------------------------------------------------------------------------


async def confirmed(accounts: Accounts, user: User, password: str, *, field: str) -> None:
    """Have somebody who is logged in say their password once more; raises Refused, TooMany."""
    wait = await accounts.attempts(PER_ACCOUNT, f"confirm:{user.id}")
    if wait:
        raise TooMany(wait)
    if not await right(accounts, user, password):
        raise Refused("This is not your password.", field=field)


async def change_password(accounts: Accounts, caller: Caller, current: str, new: str) -> User:
    """Give an account another password; all of its sessions and tokens end, and its API keys stay.

    Returns it as it is now, to be logged in with again. Raises Refused, TooMany, and Stale where the account
    was changed meanwhile.
    """
    password = read_password(new, caller.user.email, field="new_password")
    await confirmed(accounts, caller.user, current, field="current_password")
    after = replace(caller.user, password=await hashed(accounts, password), version=caller.user.version + 1)
    await accounts.commit(ChangeUser(caller.user, after))
    return after
