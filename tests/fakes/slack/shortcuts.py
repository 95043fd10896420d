"""What people choose from a message's menu, and the shortcut that is everywhere.

Shapes: docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.ledger import JSON
from tests.fakes.slack.people import People, rich, written
from tests.fakes.slack.wire import Acknowledged
from tests.fakes.slack.world import Message, Person


class Shortcuts(People):
    """Lets people use the app's shortcuts."""

    async def shortcut(self, person: Person, callback_id: str) -> Acknowledged:
        """Use the app's shortcut beside the composer: no channel is told, and there is no response_url."""
        return await self.deliver("interactive", self._used("shortcut", person, callback_id))

    async def act_on(self, person: Person, message: Message, callback_id: str, **said: Any) -> Acknowledged:
        """Use a shortcut in a message's menu; ``said``: what the message holds besides."""
        channel = message.channel
        body = self._used("message_action", person, callback_id) | {
            "channel": {"id": channel.id, "name": "directmessage" if channel.direct else channel.name},
            "response_url": self.answers(channel, person, None), "message_ts": message.ts,
            "message": _whole(self.team, message) | said,
        }  # fmt: skip
        return await self.deliver("interactive", body)

    def _used(self, kind: str, person: Person, callback_id: str) -> JSON:
        return {
            "type": kind, "token": "deprecated", "action_ts": str(self.now()), "callback_id": callback_id,
            "team": {"id": self.team, "domain": "test"}, "enterprise": None, "is_enterprise_install": False,
            "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": self.team},
            "trigger_id": self.trigger(person),
        }  # fmt: skip


def about(file: Any) -> JSON:
    """Tell of a file as messages do."""
    return {"id": file.id, "name": file.name, "mimetype": file.media_type, "size": len(file.data)}


def _whole(team: str, message: Message) -> JSON:
    """Give a message as Slack does: a person's has its text as blocks too, an app's as it was sent."""
    said: JSON = {"type": "message", "team": team, "user": message.user, "ts": message.ts}
    if message.app:
        said |= {"bot_id": "B0BOT0001", "text": message.text, "blocks": message.blocks}
    else:
        said |= {"text": written(message.text)} | ({"blocks": rich(message.text)} if message.text else {})
    if message.thread:
        said |= {"thread_ts": message.thread}
    if message.files:
        said |= {"subtype": "file_share", "files": [about(file) for file in message.files]}
    return said
