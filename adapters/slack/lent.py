"""A picture lent to Slack for a view: uploaded for nobody, shown once it is ready, and taken back.

Slack looks at a file after its upload; until then no block can name it (docs.slack.dev/reference/methods/
files.completeUploadExternal; node-slack-sdk#1865). A row says before the upload that it is to go, so that it
goes also where this process dies.
"""

from __future__ import annotations

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.faults import seconds, why
from bot.app import App
from bot.face import Address, TryLater
from bot.lending import take_back_later

VERB = "file:"  # what is taken back is named by this and its id
LOOKED_AT = 30.0  # seconds that Slack may take to look at a file
PAUSES = (0.25, 0.5, 1.0, 2.0)  # seconds between two looks; the last again and again
_GONE = {"file_not_found", "file_deleted"}


async def lend(slack: Slack, app: App, address: Address, data: bytes, alt: str) -> str:
    """Upload a picture and give its id once a block may name it; raises TryLater and Slack's faults."""
    client = await slack.client(str(address["team"]))
    given: Any = await client.files_getUploadURLExternal(
        filename="preview.png", length=len(data), alt_txt=alt
    )
    file = str(given["file_id"])
    await take_back_later(app, "slack", address, f"{VERB}{file}")
    async with slack.http.post(str(given["upload_url"]), data=data) as answer:
        if answer.status != 200:
            raise TryLater(f"upload: HTTP {answer.status}", seconds(answer.headers))
    await client.files_completeUploadExternal(files=[{"id": file, "title": "preview.png"}])
    async with asyncio.timeout(LOOKED_AT):
        await _ready(client, file)
    return file


async def _ready(client: AsyncWebClient, file: str) -> None:
    looked = 0
    while not (await client.files_info(file=file))["file"].get("mimetype"):
        await asyncio.sleep(PAUSES[min(looked, len(PAUSES) - 1)])
        looked += 1


async def take_back(slack: Slack, team: str, file: str) -> None:
    """Delete a file; one that is gone already is as it should be."""
    client = await slack.client(team)
    try:
        await client.files_delete(file=file)
    except SlackApiError as error:
        if why(error) not in _GONE:
            raise
