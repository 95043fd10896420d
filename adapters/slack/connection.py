"""The connection to Slack: one for all workspaces, a token for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.pace import Counting, counted

if TYPE_CHECKING:
    from adapters.slack.workspaces import Workspaces

PictureAddress = Callable[[str, int], str]  # from a code's id and look to where its picture can be fetched
TokenOf = Callable[[str], Awaitable[str]]  # from a team to its bot token


@dataclass(frozen=True, slots=True)
class Slack:
    """A connection. ``token_of`` finds a team's token; ``picture_address`` is None where no address of ours
    is public, ``workspaces`` where one token is set. ``left`` is told that the one workspace put the bot out.
    ``counting``: how calls are counted; None where nobody limits them.
    """

    api_url: str
    http: ClientSession
    token_of: TokenOf
    picture_address: PictureAddress | None = None
    counting: Counting | None = None
    direct: dict[str, str] = field(default_factory=dict)  # "T…:U…" to our direct messages, once known
    beside: set[asyncio.Task[None]] = field(default_factory=set)  # what is done while nobody waits for it
    workspaces: Workspaces | None = None
    left: Callable[[], None] = lambda: None

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
        token = await self.token_of(team)
        whole = self.workspaces is not None and team in self.workspaces.whole
        return self.with_token(token, team if whole else None)

    async def sender(self, team: str) -> AsyncWebClient:
        """Give the client for what can wait: its calls are counted; one too many raises NotYet."""
        client = await self.client(team)
        return client if self.counting is None else counted(client, team, self.counting)

    def with_token(self, token: str | None = None, team: str | None = None) -> AsyncWebClient:
        """Give the client that speaks with this token; an organisation's is told the workspace each time."""
        return AsyncWebClient(token, f"{self.api_url.rstrip('/')}/", session=self.http, team_id=team)

    async def knows(self, team: str, enterprise: str) -> bool:
        """Tell whether a workspace is one of ours; with one token whoever signs is."""
        return self.workspaces is None or await self.workspaces.knows(team, enterprise)

    def gone(self) -> None:
        """Take note that somebody put the bot out."""
        self.left() if self.workspaces is None else self.workspaces.forget()
