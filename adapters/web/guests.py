"""Who speaks in the web chat: a guest, known by a signed cookie for a year."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

from starlette.responses import Response

from bot.ids import new_id, read_id

COOKIE = "guest"
YEAR = 365 * 24 * 3600  # seconds
_LENGTH = 16  # characters of a guest's id: 80 bits


def new_guest() -> str:
    """Make the id of somebody who has not been here before."""
    return new_id(_LENGTH)


def signed(key: bytes, guest: str) -> str:
    """Write a cookie's value: the guest's id and its HMAC-SHA256."""
    return f"{guest}.{_mac(key, guest)}"


def guest_of(key: bytes, cookie: str) -> str | None:
    """Read a cookie's value; None unless we signed it."""
    guest, _, mac = cookie.partition(".")
    genuine = hmac.compare_digest(mac.encode(), _mac(key, guest).encode())
    return guest if genuine and read_id(guest, _LENGTH) == guest else None


def keep(response: Response, key: bytes, guest: str, *, secure: bool) -> None:
    """Set the cookie: for a year, out of reach of scripts and of other sites' posts."""
    response.set_cookie(
        COOKIE, signed(key, guest), max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax"
    )


def _mac(key: bytes, guest: str) -> str:
    digest = hmac.digest(key, f"guest:{guest}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")
