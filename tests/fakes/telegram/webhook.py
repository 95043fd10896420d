"""Posting updates to a webhook.

Rules from Telegram's own Bot API server (WebhookActor.cpp): any 2xx is final; else again at once, then
after 2, 4, 8 … 60 seconds, or as ``Retry-After`` says up to an hour, until the update is too old. One lane
(a chat, or a person for presses and inline queries) is posted in order, the next only after the one before;
lanes run side by side.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.fakes.outside import inside
from tests.fakes.telegram.updates import Queued, Updates

LONGEST_WAIT, LONGEST_ASKED = 60.0, 3600.0  # seconds


class Webhook:
    """One address that updates are posted to until closed; ``pace`` shortens the waits between tries."""

    def __init__(
        self,
        updates: Updates,
        url: str,
        secret: str,
        *,
        connections: int,
        public: Mapping[str, str],
        pace: float,
    ) -> None:
        self.url = url
        self.secret = secret
        self.connections = connections
        self.last_error = ""
        self.posted: list[tuple[int, int]] = []  # update id and the status that came back, 0 for none
        self._address = inside(url, public) or url
        self._pace = pace
        self._updates = updates
        self._places = asyncio.Semaphore(connections)
        self._session = ClientSession(timeout=ClientTimeout(total=60))
        self._lanes: dict[str, asyncio.Task[None]] = {}
        updates.wake = self.wake
        self.wake()

    def wake(self) -> None:
        """Start a task for every lane in which something waits and nobody works."""
        for lane in dict.fromkeys(update.lane for update in self._updates.fresh()):
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(self._work(lane))
                self._lanes[lane].add_done_callback(partial(self._done, lane))

    def _done(self, lane: str, _: asyncio.Task[None]) -> None:
        self._lanes.pop(lane, None)
        if not self._session.closed:
            self.wake()

    async def _work(self, lane: str) -> None:
        failures = 0
        while update := next((u for u in self._updates.fresh() if u.lane == lane), None):
            async with self._places:
                status, asked = await self._post(update)
            self.posted.append((update.id, status))
            self._updates.tried()
            if 200 <= status < 300:
                failures = 0
                self._updates.taken(update.id)
            else:
                usual = min(2.0**failures, LONGEST_WAIT) if failures else 0.0
                failures += 1
                await asyncio.sleep((min(asked, LONGEST_ASKED) or usual) * self._pace)

    async def _post(self, update: Queued) -> tuple[int, float]:
        """Post one update; gives the status, 0 for no answer, and the seconds that it asks to wait."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        body = {"update_id": update.id, **update.body}
        try:
            async with self._session.post(self._address, json=body, headers=headers) as answer:
                if not 200 <= answer.status < 300:
                    self.last_error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                return answer.status, float(answer.headers.get("Retry-After", 0))
        except (ClientError, TimeoutError, ConnectionError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
            return 0, 0.0

    async def close(self) -> None:
        """Stop posting; what was not taken waits for the next webhook or poll."""
        self._updates.wake = lambda: None
        await self._session.close()
        tasks = list(self._lanes.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
