"""How much is being taken in just now: sending waits for it a little, and what is too much is kept first.

A platform waits seconds for an acknowledgement, and posts to us as quickly as people press. What is decided
costs a few times as much as what is only kept, and what is sent many times as much.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot import parked
from bot.command import Literal, Ready, understand
from bot.ids import new_id
from bot.message import Request
from bot.wire import dump_request
from storage.changes import Unit
from storage.records import StoredRequest, Why

if TYPE_CHECKING:
    from bot.app import App

MOST = 20  # requests that are decided side by side, before what comes is kept for later
PATIENCE = 2.0  # seconds that sending waits for what is being taken in, at the most


@dataclass(slots=True)
class Intake:
    """Counts what a platform waits for us to acknowledge."""

    waiting: int = 0
    _calm: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Count something while it is being taken in."""
        self.waiting += 1
        self._calm.clear()
        try:
            yield
        finally:
            self.waiting -= 1
            if not self.waiting:
                self._calm.set()

    @property
    def full(self) -> bool:
        """Tell whether more comes than can be decided at once."""
        return self.waiting > MOST

    def after(self, run: Callable[[str], Awaitable[None]]) -> Callable[[str], Awaitable[None]]:
        """Let some work wait while something is being taken in, but not for ever."""

        async def patiently(payload: str) -> None:
            if self.waiting:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._calm.wait(), PATIENCE)
            await run(payload)

        return patiently


async def kept(app: App, request: Request) -> bool:
    """Keep a request to be decided later where too many come at once; False where it has to be decided now.

    So it is only with a text that is made into a code: whatever might be answered with a form, or inside the
    call, is decided while that can be shown.
    """
    if not (app.intake.full and _plain(app, request)):
        return False
    now = app.clock()
    row = StoredRequest(new_id(), request.space.key, Why.KEPT, dump_request(request), now, now)
    await parked.keep(app, Unit(request.id, now, requests=(row,), heard=request.space.key))
    return True


def _plain(app: App, request: Request) -> bool:
    if request.command or request.uploads or request.pressed or request.answered or request.edited:
        return False
    match understand(app.commands, request.text, {}) if request.text.strip() else None:
        case Literal():
            return True
        case Ready(command, values):
            return command.name == "qr" and bool(values.get("text"))
    return False
