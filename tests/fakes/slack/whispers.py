"""Messages for one person's eyes that no response_url brings: chat.postEphemeral."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.ledger import JSON
from tests.fakes.slack.methods import channel_of, content
from tests.fakes.slack.world import Refused

if TYPE_CHECKING:
    from tests.fakes.slack.tenancy import Tenancy


async def post_ephemeral(slack: Tenancy, fields: JSON) -> JSON:
    """Show somebody a message that nobody else sees, in a channel that both are in."""
    channel, user = channel_of(slack, fields), str(fields.get("user", ""))
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    held = await content(slack, fields, alone=True)
    thread = str(fields.get("thread_ts") or "")
    message = slack.post(channel, slack.bot_user, seen_by=user, thread=thread, **held)
    return {"message_ts": message.ts}
