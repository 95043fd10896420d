"""Files on their way to Slack, and pictures that a block may name once Slack has looked at them.

docs.slack.dev/messaging/working-with-files. A file that is shared nowhere is the bot's alone until a message
of the bot's names it; then whoever sees the message sees the picture (bolt-python#1018). Named too early, it
is refused as an “invalid slack file” (python-slack-sdk#1521, #1658): it has no media type until Slack is done
with it (java-slack-sdk#1349).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.faults import FAULTS, seconds, verdict, why
from bot.face import NotYet, TryLater

log = structlog.get_logger(__name__)

LOOKS = (0.5, 1.0, 2.0, 4.0, 7.5, 7.5, 7.5)  # seconds between two looks whether a file is ready: 30 in all


async def upload(
    slack: Slack, client: AsyncWebClient, name: str, data: bytes, *,
    told: str = "", channel: str = "", thread: str = "",
    begun: Callable[[str], Awaitable[None]] | None = None,
) -> str:  # fmt: skip
    """Hand a file over in three steps and give its id; where no channel is named nobody sees it yet.

    ``told``: in words what a picture shows. ``begun`` is told the id before anything is handed over. Without
    a comment: Slack would look up the addresses in it, and the words follow anyway. Raises TryLater, and the
    faults of Slack and the network.
    """
    given: Any = await client.files_getUploadURLExternal(
        filename=name, length=len(data), alt_txt=told or None
    )
    file = str(given["file_id"])
    if begun is not None:
        await begun(file)
    async with slack.http.post(str(given["upload_url"]), data=data) as answer:
        if answer.status != 200:
            raise TryLater(f"upload: HTTP {answer.status}", seconds(answer.headers))
    await client.files_completeUploadExternal(
        files=[{"id": file, "title": name}], channel_id=channel or None, thread_ts=thread or None
    )
    return file


async def ready(client: AsyncWebClient, file: str) -> bool:
    """Wait until a block may name a file; False where that takes half a minute, or cannot be found out."""
    left = sum(LOOKS)
    for pause in (*LOOKS, inf):
        try:
            if (await client.files_info(file=file))["file"].get("mimetype"):
                return True
            wait = pause
        except NotYet as told:
            wait = max(pause, told.seconds)
        except FAULTS as error:
            met = verdict(error)
            wait = max(pause, met.seconds or 0.0) if isinstance(met, TryLater) else inf
        left -= wait
        if left < 0:
            break
        await asyncio.sleep(wait)
    return False


async def forget(client: AsyncWebClient, file: str) -> None:
    """Delete a file that nobody is to see any more; where that fails, it stays the bot's alone."""
    try:
        await client.files_delete(file=file)
    except (NotYet, *FAULTS) as error:
        log.warning("a file could not be deleted at slack", why=why(error))
