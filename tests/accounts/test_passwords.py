"""Passwords: which will do, and what it takes to try one (NIST SP 800-63B-4, RFC 9106, OWASP)."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from bot.accounts.caller import HASHES, Accounts, Unauthenticated
from bot.accounts.passwords import COMMONEST, LONGEST, SHORTEST, change_password, read_password
from bot.accounts.sessions import log_in, of_bearer, tokens_for
from bot.accounts.signing_up import sign_up
from bot.qr.refusal import Refused
from storage.account import ChangeUser, User
from tests.accounts.holding import EMAIL, PASSWORD, cheap, never
from tests.adapters.site import accounts_on
from tests.core.talking import Core


async def known(accounts: Accounts, password: str, email: str = EMAIL) -> bool:
    """Tell whether a password lets in."""
    try:
        await log_in(accounts, email, password, email)
    except Unauthenticated:
        return False
    return True


# --- which will do ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "will_do"),
    [
        ("x7#qLw2", False),
        ("x7#qLw2z", True),
        ("        ", True),
        ("\u0161\u0161\u0161\u0161\u0161\u0161\u0161\u0161", True),
        ("s\u030c" * 7, False),  # seven, however they are written
        ("s\u030c" * LONGEST, True),
        ("s\u030c" * (LONGEST + 1), False),
        ("\ufb03" * 3, True),  # one ligature of three letters each
        ("\ufdfa" * 57, False),  # eighteen letters each
        ("\U0001f600" * 8, True),
        ("\ud800" * 8, True),
        ("\0" * 8, True),
        ("x" * LONGEST, True),
        ("x" * (LONGEST + 1), False),
        ("\u0301\u0323" * 30_000, False),
        ("", False),
    ],
)
def test_a_password_has_8_to_1024_characters_however_it_is_written(text: str, will_do: bool) -> None:
    """Counted in code points, once composed; any character will do. What is refused is not quoted."""
    assert (SHORTEST, LONGEST) == (8, 1024)
    if will_do:
        assert SHORTEST <= len(read_password(text)) <= LONGEST
        return
    with pytest.raises(Refused) as refused:
        read_password(text)
    assert refused.value.field == "password"
    assert not text or text not in f"{refused.value} {refused.value.values}"


def test_the_ten_thousand_passwords_tried_first_are_refused() -> None:
    """In whatever case and width they are written; so is the address, and its part before the @."""
    first = [each for each in FREQUENCY_LISTS["passwords"][:COMMONEST] if len(each) >= SHORTEST]
    assert COMMONEST == 10_000
    assert len(first) > 1000
    wide = str.maketrans({chr(at): chr(at + 0xFEE0) for at in range(0x21, 0x7F)})
    for each in first:
        for text in (each, each.upper(), each.title().translate(wide)):
            with pytest.raises(Refused, match="first that anybody would try"):
                read_password(text)
    for text in ("ada.lovelace@example.org", "ADA.LOVELACE@example.org", "Ada.Lovelace"):
        with pytest.raises(Refused, match="first that anybody would try"):
            read_password(text, "Ada.Lovelace@example.org")
    later = [each for each in FREQUENCY_LISTS["passwords"][COMMONEST:] if len(each) >= SHORTEST]
    assert read_password(later[0]) == later[0]


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("stra\u00dfe und m\u00fcnchen", "stra\u00dfe und mu\u0308nchen"),
        ("mu\u0308nchen am abend", "\uff4d\u00fcnchen am abend"),
        ("s\u030c" * LONGEST, "s\u030c" * LONGEST),
        ("\ud800\udfff" * 5, "\ud800\udfff" * 5),
        ("eight\0char\0s", "eight\0char\0s"),
    ],
)
async def test_a_password_lets_in_from_every_keyboard_and_no_other_does(
    core: Core, chosen: str, typed: str
) -> None:
    """NFKC; also where it is long, and where it holds what no text should."""
    accounts = cheap(core, attempts=never)
    await sign_up(accounts, EMAIL, chosen)
    assert await known(accounts, chosen)
    assert await known(accounts, typed)
    for wrong in (chosen[:-1], chosen + "x", f" {chosen}", chosen.swapcase() + "x", "", "\0" * 2000):
        assert not await known(accounts, wrong)


# --- what it takes to try one -------------------------------------------------------------------------------


async def test_passwords_are_kept_as_rfc_9106_recommends_where_memory_is_short(core: Core) -> None:
    """Argon2id, t=3, m=64 MiB, p=4, salt of 128, tag of 256 bits: above OWASP's least (19 MiB, t=2)."""
    accounts = accounts_on(core.app)
    user = await sign_up(accounts, EMAIL, PASSWORD)
    kept = extract_parameters(user.password)
    assert (kept.type, kept.version) == (Type.ID, 19)
    assert (kept.time_cost, kept.memory_cost, kept.parallelism) == (3, 64 * 1024, 4)
    assert (kept.salt_len, kept.hash_len) == (16, 32)
    assert user.password.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    again = await sign_up(accounts, "bea@example.org", PASSWORD)
    assert user.password != again.password


@dataclass(slots=True)
class Counting(PasswordHasher):
    """A hasher that hashes, and counts what for, and how many are inside at once.

    ``gate``: nobody leaves before it is open.
    """

    done: list[tuple[str, object]] = field(default_factory=list)
    inside: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Cost nothing."""
        PasswordHasher.__init__(self, 1, 8, 1)
        self.gate.set()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """Hash, and count it."""
        self._counted("hash", "")
        return PasswordHasher.hash(self, password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:
        """Compare, and count it by its costs."""
        self._counted("verify", extract_parameters(str(hash)))
        return PasswordHasher.verify(self, hash, password)

    def _counted(self, what: str, costs: object) -> None:
        with self.lock:
            self.done.append((what, costs))
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.gate.wait(30)
        with self.lock:
            self.inside -= 1


async def test_whoever_is_unknown_costs_as_much_as_whoever_is_known(core: Core) -> None:
    """One comparison, of a hash with the same costs: nobody is found out by how long it takes."""
    hasher = Counting()
    accounts = cheap(core, hasher=hasher, attempts=never)
    user = await sign_up(accounts, EMAIL, PASSWORD)
    shut = await sign_up(accounts, "shut@example.org", PASSWORD)
    await accounts.commit(ChangeUser(shut, replace(shut, disabled=True)))
    costs = extract_parameters(user.password)
    for email in (EMAIL, "nobody@example.org", "shut@example.org", "no address", "", "e\u0301" * 9000):
        for password in ("wrong words in a row", "", "x" * 5000):
            hasher.done.clear()
            assert not await known(accounts, password, email)
            assert hasher.done == [("verify", costs)], (email, password)
    hasher.done.clear()
    assert not await known(accounts, PASSWORD, "shut@example.org")
    assert hasher.done == [("verify", costs)]


async def test_never_more_than_two_are_hashed_at_once(core: Core) -> None:
    """Each takes 64 MiB. Who goes away while theirs is hashed makes no room for a third."""
    hasher = Counting()
    accounts = cheap(core, hasher=hasher, attempts=never)
    await sign_up(accounts, EMAIL, PASSWORD)
    hasher.gate.clear()
    asked: list[asyncio.Task[Any]] = [asyncio.create_task(known(accounts, PASSWORD)) for _ in range(8)]
    asked += [asyncio.create_task(changed(accounts, at)) for at in range(4)]
    try:
        while hasher.inside < HASHES:
            await asyncio.sleep(0.005)
        for gone in asked[:4]:  # both that are inside among them
            gone.cancel()
        await asyncio.sleep(0.1)  # for a third to come in, if one can
        assert hasher.inside == HASHES == 2
    finally:
        hasher.gate.set()
    ended = await asyncio.gather(*asked, return_exceptions=True)
    assert Counter(map(type, ended)) == {asyncio.CancelledError: 4, bool: 4, User: 4}
    assert (hasher.most, hasher.inside) == (2, 0)


async def changed(accounts: Accounts, at: int) -> User:
    """Make an account, whose password is hashed."""
    return await sign_up(accounts, f"{at}@example.org", PASSWORD)


async def test_with_other_costs_a_password_is_hashed_anew_when_somebody_logs_in(both: Core) -> None:
    """Once, by whichever of several comes first; what was handed out goes on, a wrong one does nothing."""
    old, new = cheap(both, attempts=never), cheap(both, hasher=PasswordHasher(2, 16, 1), attempts=never)
    user = await sign_up(old, EMAIL, "mu\u0308nchen am abend")
    token = (await tokens_for(old, user)).access
    assert not await known(new, "wrong words in a row")
    assert (await of_bearer(new, token)).user.password == user.password
    logged = await asyncio.gather(*(log_in(new, EMAIL, "m\u00fcnchen am abend", "") for _ in range(5)))
    kept = (await of_bearer(new, token)).user
    assert extract_parameters(kept.password).memory_cost == 16
    assert kept == replace(user, password=kept.password)
    assert all([(await tokens_for(new, each)).access for each in logged])
    again = await log_in(new, EMAIL, "mu\u0308nchen am abend", "")
    assert again.password == kept.password


async def test_another_password_is_chosen_like_the_first(core: Core) -> None:
    """Not without the one that holds; and the refusal names its field."""
    accounts = cheap(core, attempts=never)
    caller = await of_bearer(
        accounts, (await tokens_for(accounts, await sign_up(accounts, EMAIL, PASSWORD))).access
    )
    for current, new, named in (
        (PASSWORD, "short", "new_password"),
        (PASSWORD, EMAIL, "new_password"),
        ("wrong words in a row", "other words in a row", "current_password"),
        ("", "other words in a row", "current_password"),
    ):
        with pytest.raises(Refused) as refused:
            await change_password(accounts, caller, current, new)
        assert refused.value.field == named
    await change_password(accounts, caller, PASSWORD, "other words in a row")
    assert [await known(accounts, each) for each in (PASSWORD, "other words in a row")] == [False, True]
