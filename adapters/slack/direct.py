"""Our direct messages with somebody: opened, and known again when something is said or pressed there.

A command can be said in any conversation, also in direct messages of two people with us in neither; by its id
no such place can be told from ours.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.faults import FAULTS, why
from adapters.slack.places import Body, team_of
from bot.face import TryLater, Undeliverable

log = structlog.get_logger(__name__)

PATIENCE = 0.8  # seconds, of the three in which Slack wants an answer
MOST = 50_000  # people whose direct messages are remembered


async def opened(slack: Slack, team: str, user: str, client: AsyncWebClient | None = None) -> str:
    """Open a person's direct messages; asked of Slack once. Raises the faults of Slack and the network.

    ``client``: one whose calls are counted, where there is time.
    """
    key = f"{team}:{user}"
    if key not in slack.direct:
        client = client or await slack.client(team)
        answer: Any = await client.conversations_open(users=user)
        if len(slack.direct) >= MOST:
            slack.direct.clear()
        slack.direct[key] = str(answer["channel"]["id"])
    return slack.direct[key]


def forgotten(slack: Slack, team: str, user: str) -> None:
    """Ask again the next time: those known take nothing any more."""
    slack.direct.pop(f"{team}:{user}", None)


async def known(slack: Slack, body: Body, *, busy: bool = False) -> str:
    """Name the direct messages that whoever acts has with us, where it may have been said there.

    Empty where it is elsewhere, or cannot be found out now: then it counts as a place where others are.
    ``busy``: so much comes at once that Slack, which counts such questions, is not to be asked.
    """
    match body:
        case {"command": _, "channel_id": str(channel), "user_id": str(user)}:
            pass
        case {
            "type": "block_actions" | "message_action",
            "channel": {"id": str(channel)},
            "user": {"id": str(user)},
        }:
            pass
        case _:
            return ""
    if not channel.startswith("D"):
        return ""
    try:
        if busy:
            return slack.direct.get(f"{team_of(body)}:{user}", "")
        async with asyncio.timeout(PATIENCE):
            return await opened(slack, team_of(body), user)
    except (*FAULTS, TryLater, Undeliverable) as error:  # the last two: there is no token for it, now or ever
        log.warning("slack's direct messages cannot be told from others", why=why(error))
    except (LookupError, TypeError):  # what is broken is somebody else's to say
        pass
    return ""
