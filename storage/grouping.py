"""Units that wait to be committed, and which of them share a transaction: every one has its price."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TypeAlias

from storage.changes import Unit

GROUP = 50  # units a transaction holds at the most
COMPANY = 0.01  # seconds that a patient unit waits for another to share a transaction with

Entry: TypeAlias = tuple[Unit, asyncio.Future[None]]


@dataclass(slots=True)
class Waiting:
    """Units with who awaits them; a patient one goes with the next of the others, or alone after a moment."""

    _hurried: asyncio.Queue[Entry] = field(default_factory=asyncio.Queue)
    _patient: list[Entry] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None  # when these have waited long enough

    def put(self, unit: Unit, *, patient: bool) -> asyncio.Future[None]:
        """Let a unit wait; gives what is done when it was committed."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        if patient:
            self._patient.append((unit, done))
            self._timer = self._timer or loop.call_later(COMPANY, self._hurry)
        else:
            self._hurried.put_nowait((unit, done))
        return done

    async def group(self) -> list[Entry]:
        """Wait for units, and take those that go together: first the patient, of what was sent before."""
        first = await self._hurried.get()
        group = [*self._joining(), first]
        while len(group) < GROUP and not self._hurried.empty():
            group.append(self._hurried.get_nowait())
        return group

    def _hurry(self) -> None:
        for entry in self._joining():
            self._hurried.put_nowait(entry)

    def _joining(self) -> list[Entry]:
        """Take all that are patient."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        patient, self._patient = self._patient, []
        return patient
