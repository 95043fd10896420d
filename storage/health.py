"""Whether a database that is open does what it is told, from what has just gone wrong there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.faults import Fault, Unavailable, fault_of

_FILL = text(
    "CREATE TABLE qr_gen_room AS SELECT md5(number::text) AS filling FROM generate_series(1, :rows) AS number"
)
_ROW = 60  # bytes that such a row takes; longer texts would be compressed

AGAIN = 1.0  # seconds between two tries to write to a database that fails


@dataclass(slots=True)
class Health:
    """What fails just now. ``told``: who is told when that begins, and with None when it has ended."""

    told: Callable[[Fault | None], None] = lambda _: None
    fault: Fault | None = None
    failures: int = 0  # writes that failed so far
    _failing: asyncio.Event = field(default_factory=asyncio.Event)

    def failed(self, error: Exception, *, writing: bool = False) -> Exception:
        """Note what fails, and give it as that; what is no fault of the database's stays as it is."""
        fault = fault_of(error)
        self.failures += writing and not isinstance(error, IntegrityError)  # that is an answer
        if fault is None:
            return error
        if fault is not self.fault:
            self.fault = fault
            self.told(fault)
        self._failing.set()
        return Unavailable(fault)

    async def recover(self, write: Callable[[], Awaitable[None]], again: float = AGAIN) -> None:
        """Write something every ``again`` seconds as long as the database fails, to see when it does not.

        What is damaged stays so: other pages may take writes still.
        """
        while True:
            await self._failing.wait()
            await asyncio.sleep(again)
            with suppress(Exception):
                await write()
                if self.fault is not Fault.DAMAGED:
                    self._failing.clear()
                    self.fault = None
                    self.told(None)


async def fill(connection: AsyncConnection, size: int) -> None:
    """Take so many bytes of a server's disk, in a table that nobody sees before it is committed."""
    await connection.execute(_FILL, {"rows": size // _ROW})
