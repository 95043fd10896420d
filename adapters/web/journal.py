"""A line in the log for each answer over HTTP: by its route as it is declared, with nothing that was sent."""

from __future__ import annotations

from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from adapters.web.measuring import declared
from bot.journal import milliseconds

log = structlog.get_logger(__name__)

_QUIET = frozenset({"/livez", "/readyz", "/metrics", "/static"})  # asked for again and again


def told(app: ASGIApp, route: str = "") -> ASGIApp:
    """Tell of each answer when it has ended, and bind all lines before to its id.

    ``route``: of an app that has only that one, before any routing; what it does has lines of its own.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        begun, status, size = perf_counter(), 0, 0

        async def sent(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        with bound_contextvars(http=scope["state"]["request_id"]):
            try:
                await app(scope, receive, sent)
            finally:
                where, who = route or declared(scope), scope["state"].get("who", "")
                tell = log.debug if route or where in _QUIET else log.info
                tell(
                    "answered", method=scope["method"], route=where, status=status, bytes=size,
                    ms=milliseconds(begun), **({"who": who} if who else {}),
                )  # fmt: skip

    return serve
