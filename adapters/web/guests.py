"""Who speaks on the page: whoever logged in, whom Telegram vouches for, or a guest of this machine.

A guest is known by a signed cookie for a year, and only where nobody but this machine can come.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.cookies import GUEST, SESSION, by_own_page, put, value_of
from adapters.web.launch import Unvouched, opened_by
from adapters.web.parse import language_of
from adapters.web.security import from_own_page
from bot.accounts.caller import Accounts, Caller
from bot.accounts.sessions import of_page
from bot.face import Address
from bot.i18n import Translator, spoken
from bot.ids import new_id, read_id
from bot.message import Actor

YEAR = 365 * 24 * 3600  # seconds
SCHEME = "tma "  # before ``initData`` in the Authorization header
_LENGTH = 16  # characters of a guest's id: 80 bits
_SAFE = ("GET", "HEAD")
_FOREIGN = "This was sent by another site's page. Please open the web chat itself."


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use the page: who has an account, guests of this machine, whom Telegram vouches for.

    ``chat``: it is the web chat, and not only Telegram's. ``cookie_key`` signs the guests' cookies,
    ``launch_key`` is Telegram's (empty without a bot there). ``guests``: only this machine can come.
    ``accounts`` is None where nobody logs in. ``reach`` addresses somebody's chat on Telegram.
    """

    public_url: str
    cookie_key: bytes
    launch_key: bytes = b""
    guests: bool = True
    accounts: Accounts | None = None
    reach: Callable[[str], Address] | None = None
    chat: bool = True


async def speaker(http: HttpRequest, access: Access, now: datetime) -> Actor:
    """Tell who sent this from our page; raises HTTPException 401 or 403."""
    if not from_own_page(http.headers, access.public_url):
        raise HTTPException(403, _FOREIGN)
    said, language = http.headers.get("authorization", ""), language_of(http.headers)
    if said.startswith(SCHEME) and access.launch_key:
        try:
            return opened_by(access.launch_key, said.removeprefix(SCHEME), now)
        except Unvouched:
            pass
    elif not said:
        caller = await logged_in(http, access)
        if caller is not None:
            return replace(caller.actor, language=language)
        if access.guests:
            return Actor("web", guest(http, access), language=language)
    if access.chat and not said:
        raise HTTPException(401, "Please log in.", {"WWW-Authenticate": f"Cookie {_HOW}"})
    raise HTTPException(401, "Please open it again from Telegram.", {"WWW-Authenticate": "tma"})


_HOW = 'realm="qr-gen", form-action="/login"'  # as draft-broyer-http-cookie-auth has it


async def logged_in(http: HttpRequest, access: Access) -> Caller | None:
    """Tell who is logged in in this browser; raises HTTPException 403 where another page uses that."""
    cookie = value_of(http, access.public_url, SESSION)
    if access.accounts is None or not cookie:
        return None
    if http.method not in _SAFE and not by_own_page(http.headers, access.public_url):
        raise HTTPException(403, _FOREIGN)
    return await of_page(access.accounts, cookie)


async def translator(http: HttpRequest, access: Access, now: datetime) -> Translator:
    """Speak the language that Telegram says somebody speaks there, else the one their browser likes best."""
    try:
        language = (await speaker(http, access, now)).language
    except HTTPException:
        language = ""
    return Translator(spoken(language or language_of(http.headers)))


def guest(http: HttpRequest, access: Access) -> str:
    """Give the id of the guest that a browser is, a new one where it was not here before."""
    return guest_of(access.cookie_key, value_of(http, access.public_url, GUEST)) or new_guest()


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
    """Set a guest's cookie, for a year."""
    put(response, http, access.public_url, GUEST, signed(access.cookie_key, who), seconds=YEAR)


def _mac(key: bytes, guest: str) -> str:
    digest = hmac.digest(key, f"guest:{guest}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")
