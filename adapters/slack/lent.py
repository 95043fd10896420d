"""A picture lent to Slack for a view: uploaded for nobody, shown once it is ready, and taken back.

A row says before the upload that it is to go, so that it goes also where this process dies.
"""

from __future__ import annotations

from functools import partial

from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Slack
from adapters.slack.faults import why
from adapters.slack.uploads import ready, upload
from bot.app import App
from bot.face import Address, TryLater
from bot.lending import take_back_later

VERB = "file:"  # what is taken back is named by this and its id
_GONE = {"file_not_found", "file_deleted"}


async def lend(slack: Slack, app: App, address: Address, data: bytes, alt: str) -> str:
    """Upload a picture and give its id once a block may name it.

    Raises TryLater, NotYet, and the faults of Slack and the network.
    """
    client = await slack.sender(str(address["team"]))
    begun = partial(_noted, app, address)
    file = await upload(slack, client, "preview.png", data, told=alt, begun=begun)
    if not await ready(client, file):
        raise TryLater("the file was not ready in time")
    return file


async def _noted(app: App, address: Address, file: str) -> None:
    await take_back_later(app, "slack", address, f"{VERB}{file}")


async def take_back(slack: Slack, team: str, file: str) -> None:
    """Delete a file; one that is gone already is as it should be. Raises as ``lend`` does."""
    client = await slack.sender(team)
    try:
        await client.files_delete(file=file)
    except SlackApiError as error:
        if why(error) not in _GONE:
            raise
