"""Messages that change: the app's by chat.update, people's by their own hand.

docs.slack.dev/reference/methods/chat.update, …/reference/events/message/message_changed, …/message_deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.ledger import JSON
from tests.fakes.slack.files import share
from tests.fakes.slack.methods import channel_of, content
from tests.fakes.slack.people import rich, written
from tests.fakes.slack.wire import Acknowledged
from tests.fakes.slack.world import Refused

if TYPE_CHECKING:
    from tests.fakes.slack.tenancy import Tenancy


async def update(slack: Tenancy, fields: JSON) -> JSON:
    """Change a message of the bot's that all in its channel see."""
    channel, ts = channel_of(slack, fields), str(fields.get("ts", ""))
    found = next((each for each in channel.messages if each.ts == ts and each.seen_by is None), None)
    if found is None:
        raise Refused("message_not_found")
    if found.user != slack.bot_user:
        raise Refused("cant_update_message")
    held = await content(slack, fields)
    found.text, found.blocks, found.pictures = held["text"], held["blocks"], held["pictures"]
    share(slack, found.blocks, channel)
    slack.noted()
    return {"channel": channel.id, "ts": ts, "text": found.text}


async def edits(slack: Tenancy, event: JSON, text: str, **more: object) -> Acknowledged:
    """Let whoever said something in direct messages change it; ``event`` is what was told of it at first."""
    before = {name: each for name, each in event.items() if name not in ("channel", "channel_type")}
    after = {**before, "text": written(text), "blocks": rich(text), **more}
    after["edited"] = {"user": event["user"], "ts": f"{int(slack.now())}.000000"}
    return await told(slack, event, "message_changed", message=after, previous_message=before)


async def told(slack: Tenancy, event: JSON, subtype: str, **more: object) -> Acknowledged:
    """Tell of something that happened to a message."""
    return await slack.event(
        {
            "type": "message", "subtype": subtype, "hidden": True, "channel": event["channel"],
            "channel_type": "im", "ts": f"{int(slack.now())}.{slack.number():06}",
            "event_ts": str(slack.now()), **more,
        }
    )  # fmt: skip
