"""Files that were sent together and come one by one: their job waits a moment for the others, as a row.

The first file makes the job, each that follows is put into it, and one answer is for all of them. One that
comes when the job has begun gets an answer of its own. Nothing is held in memory: a crash loses no file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.ids import derived_id
from bot.message import Request
from bot.wire import dump_request, load_request
from storage.changes import ExtendRequest
from storage.records import State, StoredRequest

TOGETHER = timedelta(seconds=2)  # after the last file


def album_id(request: Request) -> str:
    """Name the job of an album: the same for each of its files."""
    return derived_id(f"{request.space.key} {request.actor.key} {request.album}")


def waits(held: StoredRequest | None, now: datetime) -> bool:
    """Tell whether an album's job has not begun."""
    return held is not None and held.state is State.PENDING and not held.attempts and held.due_at > now


def joined(held: StoredRequest, request: Request, now: datetime) -> ExtendRequest:
    """Put one more file into the job of its album; whichever came with words says what is to be done."""
    before = load_request(held.body)
    uploads, text = (*before.uploads, *request.uploads), before.text or request.text
    body = dump_request(replace(before, uploads=uploads, text=text))
    return ExtendRequest(held.id, held.due_at, body, now + TOGETHER)
