"""Access tokens: JWTs of one kind, and nothing that they say about themselves is believed (RFC 8725)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

import jwt
from jwt.types import Options

from bot.accounts.caller import Accounts, Unauthenticated
from bot.ids import new_id
from storage.account import User

ALGORITHM, TYPE = "HS256", "at+jwt"  # RFC 8725, 3.1; RFC 9068, 2.1
AUDIENCE = "qr-gen-api"
LIFE = timedelta(minutes=15)
SKEW = 30  # seconds that the clock of whoever signed may be ahead of ours
_WHOLE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]", re.ASCII)  # 32 bytes, written in one way
_CLAIMS = {"iss": str, "aud": str, "sub": str, "sid": str, "jti": str, "iat": int, "exp": int, "ver": int}
_OPTIONS: Options = {
    "require": list(_CLAIMS),
    "verify_exp": False,  # by our own clock, below
    "verify_iat": False,
}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token of ours says: whose it is, in which session, as of which version of the account."""

    user: str
    session: str
    version: int


def access_token(accounts: Accounts, user: User, session: str) -> str:
    """Sign an access token."""
    key, now = accounts.token_keys[0], accounts.app.clock()
    claims = {
        "iss": accounts.issuer,
        "aud": AUDIENCE,
        "sub": user.id,
        "sid": session,
        "jti": new_id(20),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "ver": user.version,
    }
    return jwt.encode(claims, key, ALGORITHM, {"typ": TYPE, "kid": key_id(key)})


def claims_of(accounts: Accounts, token: str) -> Claims:
    """Check an access token; raises Unauthenticated. Whether it was ended meanwhile, its session says."""
    if not _WHOLE.fullmatch(token):
        raise Unauthenticated
    try:
        header = jwt.get_unverified_header(token)
        if header != {"alg": ALGORITHM, "typ": TYPE, "kid": header.get("kid")}:
            raise Unauthenticated
        key = {key_id(each): each for each in accounts.token_keys}[header["kid"]]
        told = jwt.decode(
            token, key, [ALGORITHM], audience=AUDIENCE, issuer=accounts.issuer, options=_OPTIONS
        )
    except (jwt.InvalidTokenError, KeyError):
        raise Unauthenticated from None
    now = accounts.app.clock().timestamp()
    typed = all(type(told[name]) is kind for name, kind in _CLAIMS.items())
    if not typed or not told["iat"] - SKEW <= now < told["exp"] <= told["iat"] + LIFE.total_seconds():
        raise Unauthenticated
    return Claims(told["sub"], told["sid"], told["ver"])


def key_id(key: bytes) -> str:
    """Name a key without giving it away."""
    return hashlib.sha256(b"access token key id" + key).hexdigest()[:16]
