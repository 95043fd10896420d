"""Work that takes long, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KeyRing


@dataclass(frozen=True, slots=True)
class Jobs:
    """Reads and keeps them on one connection."""

    connection: AsyncConnection
    ring: KeyRing
