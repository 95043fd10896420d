"""Texts that are got are sent packed to who takes that: pages, scripts, lists, drawings (RFC 1952).

Never what may hold a secret beside something that a stranger chose (BREACH): what is not to be kept
(``no-store``), what is posted, what a cookie lets through to the API, and whatever accounts are about.
Nor what is changed by ``If-Match``, as a packed answer has no tag that could be held against that.
"""

from __future__ import annotations

import re
import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.conditional import weak

LEAST = 1000  # bytes that are worth it
LEVEL = 6
_GZIP = 16 + zlib.MAX_WBITS
_TEXTS = (
    b"application/json",
    b"application/openapi+json",
    b"application/javascript",
    b"image/svg+xml",
    b"text/css",
    b"text/html",
    b"text/javascript",
    b"text/markdown",
    b"text/plain",
)
_SECRET = ("/v1/auth", "/v1/users", "/v1/api-keys", "/v1/invites")
_TAKEN = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip)\s*(?:;\s*q=(?!0(?:\.0{0,3})?\s*(?:,|$))[0-9.]+)?\s*(?:,|$)")


def packed(app: ASGIApp) -> ASGIApp:
    """Pack what fits, and say of all that could be packed that it depends on ``Accept-Encoding``."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and _harmless(scope):
            known = ",".join(Headers(scope=scope).getlist("accept-encoding")).lower()
            send = _Packing(send, _TAKEN.search(known) is not None, scope["path"].startswith("/v1/"))
        await app(scope, receive, send)

    return serve


def _harmless(scope: Scope) -> bool:
    path: str = scope["path"]
    return not path.startswith(_SECRET) and not (path.startswith("/v1/") and "cookie" in Headers(scope=scope))


class _Packing:
    """Sends on, packed where it is worth it; the headers wait for the first bytes."""

    def __init__(self, send: Send, taken: bool, precise: bool) -> None:
        self.send, self.taken, self.precise = send, taken, precise
        self.start: Message | None = None
        self.packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
        self.packing = False

    async def __call__(self, message: Message) -> None:
        match message["type"]:
            case "http.response.start":
                if self._fits(message):
                    self.start = message
                else:
                    await self.send(message)
            case "http.response.body":
                await self._body(message)
            case _:
                await self.send(message)

    def _fits(self, start: Message) -> bool:
        headers = MutableHeaders(scope=start)
        kind = headers.get("content-type", "").encode()
        kept = "no-store" not in headers.get("cache-control", "")
        if start["status"] != 200 or not kind.startswith(_TEXTS) or "content-encoding" in headers or not kept:
            return False
        if self.precise and "etag" in headers:
            return False
        headers.add_vary_header("Accept-Encoding")
        return self.taken

    async def _body(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self.start is not None:
            start, self.start = self.start, None
            self.packing = more or len(body) >= LEAST
            if self.packing:
                _say_so(start)
            await self.send(start)
        if not self.packing:
            await self.send(message)
            return
        data = self.packer.compress(body) + (b"" if more else self.packer.flush())
        if data or not more:
            await self.send({"type": "http.response.body", "body": data, "more_body": more})


def _say_so(start: Message) -> None:
    headers = MutableHeaders(scope=start)
    headers["Content-Encoding"] = "gzip"
    for name in ("content-length", "accept-ranges"):
        if name in headers:
            del headers[name]
    if "etag" in headers:
        headers["ETag"] = weak(headers["etag"])
