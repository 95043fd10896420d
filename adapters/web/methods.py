"""HEAD for whatever can be got (RFC 9110, 9.3.2), and which methods an address takes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
HEADED = "/v1/"  # before the paths whose routes name GET alone


def headed(app: ASGIApp) -> ASGIApp:
    """Answer HEAD as GET would be, without the body; ``state["head"]`` tells a route that streams."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or not scope["path"].startswith(HEADED):
            await app(scope, receive, send)
            return
        scope.setdefault("state", {})["head"] = True
        inside = {**scope, "method": "GET"}
        await app(inside, receive, _bodiless(send))
        scope.update(inside, method="HEAD")  # who is outside wants to know the route, too

    return serve


def _bodiless(send: Send) -> Send:
    async def headers_alone(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return headers_alone


def allowed(request: Request) -> str:
    """List what an address takes, for ``Allow`` (RFC 9110, 10.2.1): several routes may share one.

    Where routes of two addresses match, such as ``/users/me`` and ``/users/{id}``, the first one counts.
    """
    path, place, found = request.scope["path"], "", set[str]()
    for each in request.app.routes:
        if not isinstance(each, Route):
            continue
        if place in ("", each.path_format) and each.path_regex.match(path):
            place = each.path_format
            found |= each.methods or set()
    found = found or {"GET", "HEAD"}  # files
    if "GET" in found and path.startswith(HEADED):
        found.add("HEAD")
    return ", ".join(each for each in (*METHODS, "OPTIONS") if each in found or each == "OPTIONS")
