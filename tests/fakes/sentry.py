"""A Sentry server on a real socket: it takes envelopes, and keeps what is in them.

develop.sentry.dev/sdk/data-model/envelopes: lines of JSON, of which every second one is an item.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

JSON = dict[str, Any]
KEY = "0123456789abcdef0123456789abcdef"


@dataclass(slots=True)
class FakeSentry:
    """The server while its block runs. ``texts``: bodies as they came; ``events``: the events in them."""

    texts: list[str] = field(default_factory=list)
    events: list[JSON] = field(default_factory=list)
    dsn: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> FakeSentry:
        app = web.Application()
        app.router.add_post("/api/1/envelope/", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.dsn = f"http://{KEY}@127.0.0.1:{port}/1"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def until(self, there: Callable[[], object], seconds: float = 10) -> None:
        """Wait until something has come."""
        async with asyncio.timeout(seconds):
            while not there():
                await asyncio.sleep(0.02)

    async def _take(self, request: web.Request) -> web.Response:
        if f"sentry_key={KEY}" not in request.headers.get("X-Sentry-Auth", ""):
            return web.Response(status=403)
        text = (await request.read()).decode()  # aiohttp has unpacked it
        self.texts.append(text)
        lines = [json.loads(line) for line in text.splitlines() if line]
        items = zip(lines[1::2], lines[2::2], strict=True)
        self.events += [item for head, item in items if head["type"] in {"event", "transaction"}]
        return web.json_response({})
