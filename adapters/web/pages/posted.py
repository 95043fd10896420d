"""Forms that pages send: only our own pages' are read, and where they lead is a path of ours."""

from __future__ import annotations

import re
from math import ceil
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from adapters.web.cookies import SESSION, by_own_page, put
from adapters.web.guests import Access
from bot.accounts.caller import TooMany, Unauthenticated
from bot.accounts.sessions import open_page
from bot.i18n import Translator
from storage.account import User

LIFE = 90 * 24 * 3600  # seconds that a browser keeps the cookie; each visit begins them anew
_FIELDS = 20
_PATH = re.compile(r"/(?![/\\])[\w./?=&%+-]{0,200}", re.ASCII)


async def posted(http: HttpRequest, access: Access) -> FormData:
    """Read a form; raises HTTPException 403 where no page of ours sent it, 415 where it is none."""
    if not by_own_page(http.headers, access.public_url):
        raise HTTPException(403, "This was sent by another site's page.")
    media_type = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise HTTPException(415, "Send the page's form.")
    return await http.form(max_files=0, max_fields=_FIELDS)


def text_of(form: FormData, name: str) -> str:
    """Read a field of a form; empty where it is missing."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def own_path(wanted: str, otherwise: str = "/") -> str:
    """Tell where to go after logging in: a path of ours, never somebody else's site."""
    inside = _PATH.fullmatch(wanted) is not None and not urlsplit(wanted).netloc
    return wanted if inside else otherwise


def onward(path: str) -> Response:
    """Send a browser on to a page after it sent a form (RFC 9110, 15.4.4)."""
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})


async def entered(http: HttpRequest, access: Access, user: User, path: str) -> Response:
    """Log a browser in, and send it on; raises Unauthenticated."""
    if access.accounts is None:
        raise Unauthenticated
    there = onward(path)
    put(there, http, access.public_url, SESSION, await open_page(access.accounts, user), seconds=LIFE)
    return there


def left(http: HttpRequest, access: Access, path: str) -> Response:
    """Take a browser's cookie back, and send it on."""
    there = onward(path)
    put(there, http, access.public_url, SESSION)
    return there


def slower(t: Translator, many: TooMany) -> tuple[str, dict[str, str]]:
    """Say that it was tried too often, and for how long to wait."""
    minutes = ceil(many.seconds / 60)
    told = t.many(
        "These were too many tries. Please wait {count} minute.",
        "These were too many tries. Please wait {count} minutes.",
        minutes,
    )
    return told, {"Retry-After": str(ceil(many.seconds))}


def host_of(http: HttpRequest) -> str:
    """Give the address that a request comes from."""
    return http.client.host if http.client else ""
