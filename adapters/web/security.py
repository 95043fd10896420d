"""What holds for every request: a limit on its body, safe headers, an id; who may post to the chat."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.pages.errors import of_status, wanted
from adapters.web.problems import of_http, problem
from bot.ids import new_id
from bot.parked import outline

log = structlog.get_logger(__name__)

BODY_LIMIT = 1024 * 1024  # bytes, where a path has no limit of its own

_CSP = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; manifest-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors {frames}"
)
IN_TELEGRAM = _CSP.format(scripts="'self' https://telegram.org", frames="https://web.telegram.org")
_HEADERS = {
    "Content-Security-Policy": _CSP.format(scripts="'self'", frames="'none'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}
_HSTS = {"Strict-Transport-Security": "max-age=31536000"}


def guarded(app: ASGIApp, limits: Mapping[str, int], secure: bool) -> ASGIApp:
    """Wrap an application: body limits by path (bytes), safe headers, errors as problems.

    ``secure``: people reach it by https, so browsers are told to insist on that (RFC 6797).
    """
    headers = _HEADERS | (_HSTS if secure else {})

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        incident = new_id(16)
        scope.setdefault("state", {})["request_id"] = incident
        dressed = _Dressed(send, headers | {"X-Request-ID": incident})
        try:
            await app(scope, _limited(scope, receive, limits.get(scope["path"], BODY_LIMIT)), dressed)
        except ClientDisconnect:
            return
        except Exception as error:
            if dressed.started:
                raise
            await _refusal(error, incident, scope)(scope, receive, dressed)

    return serve


class _Dressed:
    """Sends on, with the headers that every response carries; knows whether one has begun."""

    def __init__(self, send: Send, headers: Mapping[str, str]) -> None:
        self.send, self.headers, self.started = send, headers, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            own = MutableHeaders(scope=message)
            for name, value in self.headers.items():
                own.setdefault(name, value)
        await self.send(message)


def _refusal(error: Exception, incident: str, scope: Scope) -> ASGIApp:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 500:
        log.error("web request failed", request=incident, error=outline(error))
    if wanted(Headers(scope=scope)):
        return of_status(HttpRequest(scope), status, incident)
    return of_http(error, incident) if isinstance(error, HTTPException) else problem(500, incident=incident)


def _limited(scope: Scope, receive: Receive, limit: int) -> Receive:
    """Refuse a body over the limit by its announced length, else as soon as more than that has arrived."""
    announced = Headers(scope=scope).get("content-length", "")
    if announced.isascii() and announced.isdecimal() and int(announced) > limit:
        raise HTTPException(413)
    arrived = 0

    async def take() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > limit:
            raise HTTPException(413)
        return message

    return take


# --- whose page posts ---------------------------------------------------------------------------------------


def from_own_page(headers: Mapping[str, str], public_url: str) -> bool:
    """Tell whether a post comes from our own page, or from no browser at all.

    A browser names the page in ``Origin`` on every post. It has to be the public address, or the host asked
    for where that is a name no stranger's DNS can point at us: localhost, or a number.
    """
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is None:
        return True
    own = {_place(public_url), host if _fixed(host) else ""} - {""}
    return _place(origin) in own


def _place(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _fixed(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or name.endswith(".localhost") or bool(ip_address(name))
    except ValueError:
        return False
