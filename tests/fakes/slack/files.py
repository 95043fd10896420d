"""Files that a block names: only once Slack has looked at them, and never for one person's eyes.

docs.slack.dev/reference/block-kit/composition-objects/slack-file-object; python-slack-sdk#1521, #1658;
node-slack-sdk#1790.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.ledger import JSON
from tests.fakes.slack.blocks import need
from tests.fakes.slack.world import Channel, File, Refused

if TYPE_CHECKING:
    from tests.fakes.slack.tenancy import Tenancy

IMAGES = {"image/png", "image/jpeg", "image/gif"}


def processed(slack: Tenancy, file: File) -> bool:
    """Tell whether Slack has looked at a file already."""
    return slack.now() >= file.completed + slack.processing


def named(slack: Tenancy, block: JSON, alone: bool) -> dict[str, bytes]:
    """Check the file that an image block names, and give its bytes."""
    held: Any = block["slack_file"]
    need(isinstance(held, dict) and len(held) == 1 and "id" in held, "invalid slack file")
    file = slack.files.get(str(held["id"]))
    need(file is not None and not file.deleted and processed(slack, file), "invalid slack file")
    assert file is not None  # needed just now
    need(file.media_type in IMAGES, "invalid slack file")
    need(not alone, "an ephemeral message cannot hold a file")
    return {file.id: file.data}


def share(slack: Tenancy, blocks: list[JSON], channel: Channel) -> None:
    """Let who sees a message see the files that it names: the bot, whose they are, posted it."""
    for block in blocks:
        if block["type"] == "image" and "slack_file" in block:
            slack.files[block["slack_file"]["id"]].channels.add(channel.id)


async def delete(slack: Tenancy, fields: JSON) -> JSON:
    """Delete a file of the bot's."""
    file = slack.files.get(str(fields.get("file", "")))
    if file is None or file.deleted:
        raise Refused("file_not_found" if file is None else "file_deleted")
    if file.owner != slack.bot_user:
        raise Refused("cant_delete_file")
    file.deleted = True
    return {}
