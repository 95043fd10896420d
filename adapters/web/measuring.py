"""How long answers take, by the route as it is declared; and where what was measured is collected."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.caller import bearer
from bot.scrape import MEDIA_TYPE

PATH = "/metrics"
OTHER = "other"  # the route of what is at no address
Observe = Callable[[str, str, int, float], None]  # route, method, status (0: nobody waited), seconds
Scrape = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Measuring:
    """Who is told of every answer, and who may collect what is known: whoever has the token.

    Without a token all who reach the server may, which is for this machine alone; ``scrape`` None: nobody.
    """

    observe: Observe | None = None
    scrape: Scrape | None = None
    token: str = field(default="", repr=False)


UNMEASURED = Measuring()


def measured(app: ASGIApp, observe: Observe | None, route: str = "") -> ASGIApp:
    """Tell of each answer when it begins; ``route``: of an app that has only that one, before any routing."""
    if observe is None:
        return app

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, status, seconds = perf_counter(), 0, 0.0

        async def begin(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status, seconds = message["status"], perf_counter() - began
            await send(message)

        try:
            await app(scope, receive, begin)
        finally:
            observe(route or declared(scope), scope["method"], status, seconds or perf_counter() - began)

    return serve


def declared(scope: Scope) -> str:
    """Give the path of the route that was taken, with its parameters' names; files are at their folder's."""
    path: str = getattr(scope.get("route"), "path", "")
    return path or scope.get("root_path", "") or OTHER


def collected(measuring: Measuring) -> APIRouter:
    """Give what was measured to who may have it; without a ``scrape`` there is no such address."""
    router, scrape = APIRouter(include_in_schema=False), measuring.scrape
    if scrape is None:
        return router

    @router.api_route(PATH, methods=["GET", "HEAD"])
    async def metrics(http: HttpRequest) -> Response:
        _check(http, measuring.token)
        return Response(await scrape(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})

    return router


def _check(http: HttpRequest, token: str) -> None:
    """Raise HTTPException 401 for who does not have the token."""
    if token and not hmac.compare_digest(bearer(http).encode(), token.encode()):
        raise HTTPException(401, "This is not the METRICS_TOKEN.", {"WWW-Authenticate": "Bearer"})
