"""Accounts, their sessions, keys, invitations; wrong guesses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.encryption import KeyRing


@dataclass(frozen=True, slots=True)
class Accounts:
    """Reads accounts on one connection."""

    connection: AsyncConnection
    ring: KeyRing


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {}
