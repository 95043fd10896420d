"""The queue of updates: kept until confirmed or too old, handed out by long poll.

Rules: core.telegram.org/bots/api#getting-updates; lifetimes and conflicts from Telegram's own Bot API server
(tdlib/telegram-bot-api: process_get_updates_query, do_get_updates, abort_long_poll).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.ledger import JSON

LIFETIME = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}  # seconds
A_DAY = 86_400
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
AHEAD = 10  # ids that an offset may lie ahead of the newest
LONGEST_POLL = 50  # seconds
CONFLICT = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, slots=True)
class Queued:
    """An update not confirmed yet. ``lane``: a webhook sends the next of a lane only after this one."""

    id: int
    kind: str
    body: JSON
    expires: float
    lane: str


class Conflict(Exception):
    """Another poll, or a webhook, took over."""


class Updates:
    """What waits for the bot."""

    def __init__(self, now: Callable[[], float], noted: Callable[[], None]) -> None:
        self.allowed: list[str] = []  # kept from one call to the next
        self.waiting: list[Queued] = []
        self.next_id = 700_000_001
        self.wake: Callable[[], None] = lambda: None  # the webhook's
        self._now = now
        self._noted = noted
        self._poll: asyncio.Future[None] | None = None

    def add(self, kind: str, body: JSON, lane: str) -> int:
        """Queue an update and return its id; a kind that was not asked for gets an id but is dropped.

        ``allowed_updates`` counts at the moment an update is made, not when it is fetched.
        """
        update_id, self.next_id = self.next_id, self.next_id + 1
        if kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT:
            lifetime = LIFETIME.get(kind, A_DAY)
            self._queue(Queued(update_id, kind, {kind: body}, self._now() + lifetime, lane))
        return update_id

    def add_raw(self, update: JSON) -> int:
        """Queue an update as it is, parsable or not; its own ``update_id`` counts if it has one."""
        update_id = int(update.get("update_id", self.next_id))
        self.next_id = update_id + 1
        body = {name: value for name, value in update.items() if name != "update_id"}
        self._queue(Queued(update_id, "", body, self._now() + A_DAY, "raw"))
        return update_id

    def restart(self, next_id: int) -> None:
        """Number the next updates from another id: what Telegram does after a week without any.

        core.telegram.org/bots/api#update
        """
        self.next_id = next_id

    def _queue(self, update: Queued) -> None:
        self.waiting.append(update)
        self.release()
        self.wake()
        self._noted()

    def fresh(self) -> list[Queued]:
        """Drop what is too old and list the rest."""
        self.waiting = [update for update in self.waiting if update.expires > self._now()]
        return self.waiting

    def confirm(self, offset: int) -> None:
        """Forget what lies before ``offset``; a negative one forgets all but that many from the end.

        One of an earlier sequence of ids, which lies ahead of all that there are, counts as none: "Specified
        from_id is in the future" (TQueue::get), upon which Client::do_get_updates begins with the oldest.
        """
        if offset < 0:
            self.waiting = self.waiting[offset:]
        elif offset <= self.next_id + AHEAD:
            self.waiting = [update for update in self.waiting if update.id >= offset]

    def taken(self, update_id: int) -> None:
        """Forget one update that a webhook took."""
        self.waiting = [update for update in self.waiting if update.id != update_id]
        self._noted()

    def tried(self) -> None:
        """Tell those who wait that a webhook answered, or did not."""
        self._noted()

    def confirmed(self, update_id: int) -> bool:
        """Tell whether an update is no longer kept for the bot."""
        return all(update.id != update_id for update in self.waiting)

    def batch(self, limit: int) -> list[JSON]:
        """Give the oldest updates, which stay until they are confirmed."""
        return [{"update_id": update.id, **update.body} for update in self.fresh()[:limit]]

    async def hold(self, seconds: float) -> None:
        """Wait for an update as a long poll does; another poll ends this one with Conflict."""
        self.release(Conflict(CONFLICT))
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None

    def release(self, conflict: Conflict | None = None) -> None:
        """Let the poll that is held answer, with what there is or with a conflict."""
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            if conflict is None:
                poll.set_result(None)
            else:
                poll.set_exception(conflict)
