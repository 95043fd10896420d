"""The connection to Slack: one for all workspaces, a token for each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.pace import Counting, counted

PictureAddress = Callable[[str, int], str]  # from a code's id and look to where its picture can be fetched
TokenOf = Callable[[str], Awaitable[str]]  # from a team to its bot token


@dataclass(frozen=True, slots=True)
class Slack:
    """A connection. ``token_of`` finds a team's token; ``picture_address`` is None where no address of ours
    is public. ``counting``: how calls are counted; None where nobody limits them.
    """

    api_url: str
    http: ClientSession
    token_of: TokenOf
    picture_address: PictureAddress | None = None
    counting: Counting | None = None
    direct: dict[str, str] = field(default_factory=dict)  # "T…:U…" to our direct messages, once known

    async def client(self, team: str) -> AsyncWebClient:
        """Give the client that speaks for us in a team."""
        return self.with_token(await self.token_of(team))

    async def sender(self, team: str) -> AsyncWebClient:
        """Give the client for what can wait: its calls are counted; one too many raises NotYet."""
        client = await self.client(team)
        return client if self.counting is None else counted(client, team, self.counting)

    def with_token(self, token: str | None = None) -> AsyncWebClient:
        """Give the client that speaks with this token."""
        return AsyncWebClient(token, base_url=f"{self.api_url.rstrip('/')}/", session=self.http)
