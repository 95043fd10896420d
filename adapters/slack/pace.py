"""How often Slack lets us call: a method by its tier, a message a second in a channel; for all processes.

Tiers: docs.slack.dev/apis/web-api/rate-limits, and the page of each method. They are counted by method and
workspace, in the rows or in Redis, as all rates are. A call that opens a view cannot wait, and is not
counted: nothing else of ours calls its method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.faults import seconds
from bot.deliveries import IN_A_ROW, Hold, Reserve
from bot.face import NotYet, Rate
from bot.pace import evenly

POST = "chat.postMessage"
PER_SECOND = 1.0  # messages in a channel
EVERYWHERE = 300  # messages a minute in a workspace: Slack says “several hundred”
A_MINUTE = MappingProxyType({2: 20, 3: 50, 4: 100})  # calls of one method in a workspace, by its tier
TIERS: Mapping[str, int] = MappingProxyType(
    {
        "chat.delete": 3,
        "chat.postEphemeral": 4,
        "chat.update": 3,
        "conversations.open": 3,
        "files.completeUploadExternal": 4,
        "files.delete": 3,
        "files.getUploadURLExternal": 4,
        "files.info": 4,
        "functions.completeError": 3,
        "functions.completeSuccess": 3,
        "team.info": 3,
        "users.info": 4,
        "views.publish": 4,
        "views.update": 4,
    }
)


def rates_of(team: str, method: str, channel: str = "") -> tuple[Rate, ...]:
    """Name what a call counts against; nothing where Slack names no limit."""
    key = f"slack:{team}:{method}"
    if method == POST:
        pace = evenly(EVERYWHERE, 60)
        everywhere = Rate(key, pace.per_second, pace.burst, common=True)
        return Rate(f"{key}:{channel}", PER_SECOND, 1), everywhere
    if method not in TIERS:
        return ()
    pace = evenly(A_MINUTE[TIERS[method]], 60)
    return (Rate(key, pace.per_second, pace.burst),)


@dataclass(frozen=True, slots=True)
class Counting:
    """How calls are counted for all processes. ``flooded``: by team, channels held up since one went out."""

    reserve: Reserve
    hold: Hold
    flooded: dict[str, set[str]] = field(default_factory=dict)


def counted(client: AsyncWebClient, team: str, counting: Counting) -> AsyncWebClient:
    """Give the same client, with its calls counted."""
    about = client.base_url, client.session, client.default_params.get("team_id")
    more = dict(zip(("base_url", "session", "team_id"), about, strict=True))
    return Counted(str(client.token), team, counting, **more)


class Counted(AsyncWebClient):
    """A client whose calls are counted: raises NotYet before one that would be too many.

    Where Slack itself says that it was one too many, nobody calls that method again, or posts in that
    channel, before the time is over.
    """

    def __init__(self, token: str, team: str, counting: Counting, **more: Any) -> None:
        super().__init__(token, **more)
        self._team, self._counting = team, counting

    async def api_call(self, api_method: str, **more: Any) -> AsyncSlackResponse:
        """Call when it is time; raises NotYet, and what the SDK raises."""
        given = more.get("json") or more.get("params") or {}
        channel = str(given.get("channel") or "")
        rates = rates_of(self._team, api_method, channel)
        wait = await self._counting.reserve(rates)
        if wait > 0:
            raise NotYet(wait)
        try:
            answer = await super().api_call(api_method, **more)
        except SlackApiError as error:
            await self._held_up(rates, channel, seconds(error.response.headers))
            raise
        if api_method == POST:
            self._counting.flooded.pop(self._team, None)
            await self._counting.hold(
                rates[:1], 1 / PER_SECOND
            )  # from the answer on, a slow call being later
        return answer

    async def _held_up(self, rates: tuple[Rate, ...], channel: str, wait: float | None) -> None:
        """Let nothing go where Slack holds us up; channels one after the other mean the whole workspace."""
        if not wait:
            return
        flooded = self._counting.flooded.setdefault(self._team, set())
        if channel:
            flooded.add(channel)
        everywhere = len(flooded) >= IN_A_ROW
        await self._counting.hold(tuple(rate for rate in rates if everywhere or not rate.common), wait)
