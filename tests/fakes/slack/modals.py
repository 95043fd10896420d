"""What people do in a modal that stands open: type, choose, press, close."""

from __future__ import annotations

from typing import Any

from tests.fakes.ledger import JSON
from tests.fakes.slack.views import entered, inputs, values
from tests.fakes.slack.wire import Acknowledged
from tests.fakes.slack.workflows import Workflows
from tests.fakes.slack.world import Person, View

TYPED = "on_character_entered"


class Modals(Workflows):
    """Lets a test act in modals as the people do."""

    async def change(self, person: Person, **changed: str) -> Acknowledged | None:
        """Type or choose, one after the other; what the app hears of is posted, and the last answer given.

        A block's name begins with "+" where it is written here with an underscore.
        """
        done = None
        for name, value in changed.items():
            view, block_id = self.view(person), f"+{name[1:]}" if name.startswith("_") else name
            (block,) = [each for each in inputs(view) if each["block_id"] == block_id]
            element = block["element"]
            state = view.state.setdefault(block_id, {})
            state[element["action_id"]] = entered(element, value)
            heard = element.get("dispatch_action_config", {"trigger_actions_on": [TYPED]})
            if block.get("dispatch_action") and TYPED in heard["trigger_actions_on"]:
                done = await self._acts(view, block_id, {**element, **state[element["action_id"]]})
        return done

    async def tap(self, person: Person, label: str) -> Acknowledged:
        """Press a button of the view that stands open."""
        view = self.view(person)
        (found,) = [each for each in buttons(view) if each["text"]["text"] == label]
        return await self._acts(view, found["block_id"], found)

    async def close(self, person: Person) -> Acknowledged | None:
        """Close the view; the app hears of it where it asked to."""
        view = self.view(person)
        del self.views[view.id]
        if not view.payload.get("notify_on_close"):
            return None
        body = self._of(view) | {"type": "view_closed", "is_cleared": False}
        return await self.deliver("interactive", body)

    async def _acts(self, view: View, block_id: str, action: JSON) -> Acknowledged:
        body: JSON = self._of(view) | {
            "type": "block_actions", "trigger_id": self.trigger(view.person),
            "container": {"type": "view", "view_id": view.id},
            "actions": [{**action, "block_id": block_id, "action_ts": f"{self.now():017.6f}"}],
        }  # fmt: skip
        return await self.deliver("interactive", body)

    def _of(self, view: View) -> dict[str, Any]:
        person, kept = view.person, dict(view.payload)
        held = {"id": view.id, "team_id": self.team, "hash": view.hash, "state": {"values": values(view)}}
        more = {
            "app_id": self.app_id,
            "bot_id": self.bot_id,
            "root_view_id": view.id,
            "previous_view_id": None,
        }
        return {
            "team": {"id": self.team, "domain": "test"}, "api_app_id": self.app_id, "token": "deprecated",
            "user": {"id": person.id, "name": person.name, "username": person.name, "team_id": self.team},
            "view": {**kept, **held, **more},
        }  # fmt: skip


def buttons(view: View) -> list[JSON]:
    """List a view's buttons, with the block they stand in."""
    return [
        {**element, "block_id": block["block_id"]}
        for block in view.payload["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def labels(view: View) -> list[str]:
    """List what a view's buttons say."""
    return [each["text"]["text"] for each in buttons(view)]


def lines(view: View) -> str:
    """Give what a view says below its form."""
    sections = [each["text"]["text"] for each in view.payload["blocks"] if each["type"] == "section"]
    return "\n".join(sections[1:])
