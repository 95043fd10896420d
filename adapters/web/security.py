"""What holds for every answer: safe headers, an id; and who may post to the chat."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.ids import new_id

_CSP = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; manifest-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {frames}"
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
_DRAWN = (
    b"default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    b"image/svg+xml",
)  # what a drawing may do that is looked at by itself: be drawn; and which files are drawings

Fields = tuple[tuple[bytes, bytes], ...]


def dressed(app: ASGIApp, secure: bool) -> ASGIApp:
    """Give every answer safe headers and an id.

    The id is ours alone, so that nobody can have two requests look like one in the log; what a client sends
    as X-Request-ID is kept beside it there. ``secure``: people reach it by https, so browsers are told to
    insist on that (RFC 6797).
    """
    safe = _written(_HEADERS | (_HSTS if secure else {}))
    drawn = tuple((name, _DRAWN[0] if name == b"content-security-policy" else value) for name, value in safe)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        incident = new_id(16)
        scope.setdefault("state", {})["request_id"] = incident
        name = (b"x-request-id", incident.encode())

        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = dict(message["headers"])
                kind = own.get(b"content-type", b"")
                more = drawn if kind.startswith(_DRAWN[1]) else safe
                message["headers"] = [
                    *message["headers"],
                    name,
                    *(each for each in more if each[0] not in own),
                ]
            await send(message)

        await app(scope, receive, dress)

    return serve


def _written(headers: Mapping[str, str]) -> Fields:
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


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
