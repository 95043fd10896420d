"""What requests that may be repeated were answered, by their keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KeyRing


@dataclass(frozen=True, slots=True)
class Answers:
    """Reads answers on one connection."""

    connection: AsyncConnection
    ring: KeyRing


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {}
