"""Who speaks on the page: a guest, known by a signed cookie for a year, or whom Telegram vouches for."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.launch import Unvouched, opened_by
from adapters.web.parse import language_of
from adapters.web.security import from_own_page
from bot.face import Address
from bot.i18n import Translator, spoken
from bot.ids import new_id, read_id
from bot.message import Actor

COOKIE = "guest"
YEAR = 365 * 24 * 3600  # seconds
SCHEME = "tma "  # before ``initData`` in the Authorization header
_LENGTH = 16  # characters of a guest's id: 80 bits


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the page: guests, where the web chat is on, and whom Telegram vouches for.

    ``cookie_key`` signs the guests' cookies, ``launch_key`` is Telegram's (empty without a bot there).
    ``reach`` addresses somebody's chat on Telegram.
    """

    public_url: str
    cookie_key: bytes
    launch_key: bytes = b""
    guests: bool = True
    reach: Callable[[str], Address] | None = None


def speaker(http: HttpRequest, access: Access, now: datetime) -> Actor:
    """Tell who sent this from our page; raises HTTPException 401 or 403."""
    if not from_own_page(http.headers, access.public_url):
        raise HTTPException(403, "This was sent by another site's page. Please open the web chat itself.")
    said, language = http.headers.get("authorization", ""), language_of(http.headers)
    if said.startswith(SCHEME) and access.launch_key:
        try:
            return opened_by(access.launch_key, said.removeprefix(SCHEME), now)
        except Unvouched:
            pass
    elif not said and access.guests:
        return Actor("web", guest(http, access), language=language)
    raise HTTPException(401, "Please open it again from Telegram.", {"WWW-Authenticate": "tma"})


def translator(http: HttpRequest, access: Access, now: datetime) -> Translator:
    """Speak the language that Telegram says somebody speaks there, else the one their browser likes best."""
    try:
        language = speaker(http, access, now).language
    except HTTPException:
        language = ""
    return Translator(spoken(language or language_of(http.headers)))


def guest(http: HttpRequest, access: Access) -> str:
    """Give the id of the guest that a browser is, a new one where it was not here before."""
    return guest_of(access.cookie_key, http.cookies.get(COOKIE, "")) or new_guest()


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


def keep(response: Response, http: HttpRequest, access: Access, who: str) -> None:
    """Set a guest's cookie: for a year, out of reach of scripts and of other sites' posts."""
    secure = http.url.scheme == "https" or access.public_url.startswith("https:")
    value = signed(access.cookie_key, who)
    response.set_cookie(COOKIE, value, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax")


def _mac(key: bytes, guest: str) -> str:
    digest = hmac.digest(key, f"guest:{guest}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")
