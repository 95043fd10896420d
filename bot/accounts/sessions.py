"""Logging in and out: browsers' sessions, families of refresh tokens, and who comes with what of these.

A refresh token holds once. Its secret is random, with our mark beside it: so one of ours that was used before
is known without keeping it, and ends its family, since somebody else has it too (RFC 9700, 4.14.2). One that
was made up ends nobody's.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.accounts.attempts import PER_ACCOUNT, PER_ADDRESS
from bot.accounts.caller import Accounts, Caller, Missing, TooMany, Unauthenticated
from bot.accounts.keys import PREFIX, of_key
from bot.accounts.passwords import hashed, normal, right
from bot.accounts.tokens import LIFE, access_token, claims_of
from bot.ids import ALPHABET, new_id, read_id
from bot.limiting import network
from bot.qr.payloads.mail import address_of
from bot.qr.refusal import Refused
from storage.account import (
    AddSession,
    ChangeUser,
    EndSessions,
    KeepSession,
    Session,
    SessionKind,
    TurnSession,
    User,
)
from storage.accounts import folded
from storage.changes import Stale
from storage.encryption import KeyRing

IDLE, WHOLE = timedelta(days=30), timedelta(days=90)  # a session lasts unused; a family of tokens at most
NOTED = timedelta(hours=1)  # between two notes that a browser's session is in use
REFRESH = "qrr_"
ID, _HALF = 16, 16  # characters of a session's id; bytes of a refresh token's random part, and of our mark
_REFRESH = re.compile(rf"{REFRESH}([{ALPHABET}]{{{ID}}})_([\w-]{{42}}[AEIMQUYcgkosw048])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a program is given when it logs in. ``seconds``: how long the access token holds."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: int


# --- in -----------------------------------------------------------------------------------------------------


async def log_in(accounts: Accounts, email: str, password: str, address: str) -> User:
    """Tell whose e-mail address and password these are; whoever has none is found out no sooner.

    ``address``: where from; its tries are counted, and the account's, before anything is hashed. Raises
    Unauthenticated, TooMany.
    """
    mail = known_as(email)
    await counted(accounts, mail, address)
    async with accounts.app.store.reading() as work:
        user = await work.accounts.by_email(mail)
    if not await right(accounts, user, password) or user is None or user.disabled:
        raise Unauthenticated
    return await _rehashed(accounts, user, password)


def known_as(email: str) -> str:
    """Write an address as accounts have it; what is none is nobody's."""
    try:
        return address_of(email)
    except Refused:
        return email[:254]


async def counted(accounts: Accounts, email: str, address: str) -> None:
    """Count a try, from an address and for an account; raises TooMany."""
    for item, whose in ((PER_ADDRESS, network(address)), (PER_ACCOUNT, attempted(accounts, email))):
        wait = await accounts.attempts(item, whose)
        if wait:
            raise TooMany(wait)


def attempted(accounts: Accounts, email: str) -> str:
    """Name an account, or what is none, where its tries are counted: however its address is written."""
    return accounts.app.store.ring.fingerprint("attempt", folded(email))


async def _rehashed(accounts: Accounts, user: User, password: str) -> User:
    """Keep a password as it is kept today, where it was kept with other costs."""
    if not accounts.hasher.check_needs_rehash(user.password):
        return user
    after = replace(user, password=await hashed(accounts, normal(password)))
    with suppress(Stale):
        await accounts.commit(ChangeUser(user, after))
        return after
    return user


async def tokens_for(accounts: Accounts, user: User) -> Tokens:
    """Begin a family of refresh tokens; raises Unauthenticated where the account was changed meanwhile."""
    id, now = new_id(ID), accounts.app.clock()
    secret = _refresh_secret(accounts.app.store.ring, id)
    await _opened(accounts, user, Session(id, user.id, SessionKind.TOKENS, secret, now, now, now + IDLE))
    return _tokens(accounts, user, id, secret)


async def open_page(accounts: Accounts, user: User) -> str:
    """Log a browser in: the value of its cookie. Raises Unauthenticated as ``tokens_for`` does."""
    id, secret, now = new_id(ID), secrets.token_urlsafe(32), accounts.app.clock()
    await _opened(accounts, user, Session(id, user.id, SessionKind.PAGE, secret, now, now, now + IDLE))
    return f"{id}.{secret}"


async def _opened(accounts: Accounts, user: User, session: Session) -> None:
    try:
        await accounts.commit(AddSession(session, user.version))
    except Stale:
        raise Unauthenticated from None


def _tokens(accounts: Accounts, user: User, session: str, secret: str) -> Tokens:
    refresh = f"{REFRESH}{session}_{urlsafe_b64encode(bytes.fromhex(secret)).decode().rstrip('=')}"
    return Tokens(access_token(accounts, user, session), refresh, int(LIFE.total_seconds()))


def _refresh_secret(ring: KeyRing, session: str) -> str:
    random = os.urandom(_HALF).hex()
    return random + ring.fingerprint("refresh token", f"{session}:{random}")[: 2 * _HALF]


# --- who comes ----------------------------------------------------------------------------------------------


async def of_bearer(accounts: Accounts, token: str) -> Caller:
    """Tell who comes with an access token or an API key; raises Unauthenticated."""
    if token.startswith(PREFIX):
        return await of_key(accounts, token)
    claims = claims_of(accounts, token)
    async with accounts.app.store.reading() as work:
        found = await work.accounts.session(claims.session)
    if found is None:
        raise Unauthenticated
    user, session, _ = found
    same = (user.id, user.version) == (claims.user, claims.version)
    if not same or not _lasts(accounts, user, session, SessionKind.TOKENS):
        raise Unauthenticated
    return Caller(user, session=session.id)


async def of_page(accounts: Accounts, cookie: str) -> Caller | None:
    """Tell who comes with a browser's cookie, None for nobody any more; what is in use lasts."""
    id, _, secret = cookie.partition(".")
    if read_id(id, ID) != id or not secret:
        return None
    async with accounts.app.store.reading() as work:
        found = await work.accounts.session(id, secret)
    if found is None or not found[2] or not _lasts(accounts, found[0], found[1], SessionKind.PAGE):
        return None
    user, session, _ = found
    now = accounts.app.clock()
    if now - session.used_at >= NOTED:
        await accounts.commit(KeepSession(session.id, now, now + IDLE))
    return Caller(user, session=session.id)


def _lasts(accounts: Accounts, user: User, session: Session, kind: SessionKind) -> bool:
    return session.kind is kind and session.expires_at > accounts.app.clock() and not user.disabled


# --- on -----------------------------------------------------------------------------------------------------


async def refreshed(accounts: Accounts, refresh: str) -> Tokens:
    """Turn a refresh token into a new pair; raises Unauthenticated. A second use ends the whole family."""
    id, secret = _parts(accounts.app.store.ring, refresh)
    async with accounts.app.store.reading() as work:
        found = await work.accounts.session(id, secret)
    if found is None or not _lasts(accounts, found[0], found[1], SessionKind.TOKENS):
        raise Unauthenticated
    user, session, holds = found
    now, after = accounts.app.clock(), _refresh_secret(accounts.app.store.ring, id)
    until = min(now + IDLE, session.created_at + WHOLE)
    with suppress(Stale):
        if holds:
            await accounts.commit(TurnSession(id, secret, after, now, until))
            return _tokens(accounts, user, id, after)
    await accounts.commit(EndSessions(user.id, id))
    raise Unauthenticated


def _parts(ring: KeyRing, refresh: str) -> tuple[str, str]:
    """Take a refresh token apart: session, secret. Raises Unauthenticated where it is none of ours."""
    written = _REFRESH.fullmatch(refresh)
    if written is None:
        raise Unauthenticated
    id, secret = written[1], urlsafe_b64decode(written[2] + "=").hex()
    random, mark = secret[: 2 * _HALF], secret[2 * _HALF :]
    marks = (each[: 2 * _HALF] for each in ring.fingerprints("refresh token", f"{id}:{random}"))
    if not any(hmac.compare_digest(each, mark) for each in marks):
        raise Unauthenticated
    return id, secret


# --- out ----------------------------------------------------------------------------------------------------


async def log_out(accounts: Accounts, caller: Caller) -> None:
    """End the session somebody comes with; an API key has none."""
    if caller.session:
        await accounts.commit(EndSessions(caller.user.id, caller.session))


async def log_out_everywhere(accounts: Accounts, caller: Caller) -> None:
    """End all sessions and tokens of an account, at once; its API keys stay, and are revoked one by one.

    Raises Stale where the account was changed meanwhile.
    """
    await accounts.commit(ChangeUser(caller.user, replace(caller.user, version=caller.user.version + 1)))


async def sessions_of(accounts: Accounts, caller: Caller) -> tuple[Session, ...]:
    """List the sessions that last, the one used last first."""
    now: datetime = accounts.app.clock()
    async with accounts.app.store.reading() as work:
        held = await work.accounts.sessions(caller.user.id)
    return tuple(each for each in held if each.expires_at > now)


async def end_session(accounts: Accounts, caller: Caller, id: str) -> None:
    """End one of the account's sessions; raises Missing."""
    if id not in {each.id for each in await sessions_of(accounts, caller)}:
        raise Missing
    await accounts.commit(EndSessions(caller.user.id, id))
