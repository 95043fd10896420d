"""The connection to Slack: one for all workspaces, a token for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

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
    beside: set[asyncio.Task[None]] = field(default_factory=set)  # what is done while nobody waits for it

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the call."""
        task = asyncio.get_running_loop().create_task(work)
        self.beside.add(task)
        task.add_done_callback(self.beside.discard)

    async def stop(self) -> None:
        """End what is done beside, before what it uses is closed."""
        tasks = tuple(self.beside)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

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
