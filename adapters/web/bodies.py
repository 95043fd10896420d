"""How large a body may be, and how slow: decided before anything of it is parsed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL = 16 * 1024  # bytes, where a path has no limit of its own

_LATE = "This took too long to arrive. Please send it again."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a body is waited for: for its next byte, and in all, where so many bytes earn a second."""

    idle: float = 10.0
    grace: float = 20.0
    rate: int = 32 * 1024


PATIENCE = Patience()


def bounded(app: ASGIApp, limits: Mapping[str, int], patience: Patience = PATIENCE) -> ASGIApp:
    """Refuse a body over its path's limit (bytes) or too slow, with HTTPException 413 and 408.

    A limit holds for the two first parts of a path and all below: ``/v1/codes`` for ``/v1/codes/7K3F…``.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receive = _limited(scope, receive, limit_of(limits, scope["path"]), patience)
        await app(scope, receive, send)

    return serve


def limit_of(limits: Mapping[str, int], path: str) -> int:
    """Look up how many bytes a path takes."""
    return limits.get("/".join(path.split("/", 3)[:3]), SMALL)


def _limited(scope: Scope, receive: Receive, limit: int, patience: Patience) -> Receive:
    """Refuse by the announced length, else as soon as more has arrived, or too little in its time."""
    announced = Headers(scope=scope).get("content-length", "")
    if announced.isascii() and announced.isdecimal() and int(announced[:20]) > limit:
        raise HTTPException(413)
    body = _Body(receive, limit, patience)
    return body.take


@dataclass(slots=True)
class _Body:
    """A body as it arrives."""

    receive: Receive
    limit: int
    patience: Patience
    arrived: int = 0
    began: float | None = None
    whole: bool = False

    async def take(self) -> Message:
        """Wait for the next part."""
        if self.whole:
            return await self.receive()
        message = await self._soon()
        self.arrived += len(message.get("body", b""))
        self.whole = not message.get("more_body", False)
        if self.arrived > self.limit:
            raise HTTPException(413)
        return message

    async def _soon(self) -> Message:
        now = asyncio.get_running_loop().time()
        if self.began is None:
            self.began = now
        last = self.began + self.patience.grace + self.arrived / self.patience.rate
        try:
            async with asyncio.timeout_at(min(now + self.patience.idle, last)):
                return await self.receive()
        except TimeoutError:
            raise HTTPException(408, _LATE, {"Connection": "close"}) from None
