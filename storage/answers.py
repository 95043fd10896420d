"""What requests that may be repeated were answered, by their keys."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.account import Answer, KeepAnswer
from storage.account_tables import answers
from storage.encryption import KeyRing


@dataclass(frozen=True, slots=True)
class Answers:
    """Reads answers on one connection."""

    connection: AsyncConnection
    ring: KeyRing

    async def get(self, request_id: str) -> Answer | None:
        """Find what a request was answered; its ``asked`` is the HMAC that was kept."""
        found = await self.connection.execute(select(answers).where(answers.c.request_id == request_id))
        row = found.first()
        if row is None:
            return None
        headers = json.loads(self.ring.open("answers", "headers", request_id, row.headers))
        body = b64decode(self.ring.open("answers", "body", request_id, row.body))
        named = tuple((name, value) for name, value in headers)
        return Answer(request_id, row.asker, row.fingerprint, row.status, named, body)


async def keep_answer(connection: AsyncConnection, ring: KeyRing, change: KeepAnswer) -> None:
    """Keep an answer, sealed; that its request comes once, the unit it is in sees to."""
    answer, id = change.answer, change.answer.request_id
    await connection.execute(
        insert(answers).values(
            request_id=id,
            asker=answer.asker,
            fingerprint=answer.asked,
            status=answer.status,
            headers=ring.seal("answers", "headers", id, json.dumps(answer.headers)),
            body=ring.seal("answers", "body", id, b64encode(answer.body).decode()),
            at=change.at,
        )
    )


APPLY: dict[type, Callable[[AsyncConnection, KeyRing, Any], Awaitable[None]]] = {KeepAnswer: keep_answer}
