"""The people of the workspace, who act as a client lets them, and what Slack makes of what they wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from tests.fakes.ledger import JSON
from tests.fakes.slack.blocks import check_view, need
from tests.fakes.slack.views import entered, inputs, replaced
from tests.fakes.slack.views import values as state
from tests.fakes.slack.wire import Acknowledged, Wire
from tests.fakes.slack.world import Channel, File, Message, Person, View

EMOJI = {"🎉": ("tada", {}), "👋": ("wave", {}), "👋🏽": ("wave", {"skin_tone": 4})}
_MENTION = re.compile(r"(<@[UW][A-Z0-9]+>)")
_WORDS = (
    (re.compile(r"(?<!\S)https?://\S+"), "<{0}>"),
    (re.compile(r"(?<!\S)[\w.+-]+@[\w-]+\.[\w.-]+(?!\S)"), "<mailto:{0}|{0}>"),
    (re.compile(r"(?<!\S)(?:[a-z0-9-]+\.)+(?:com|org|example)(?:/\S*)?(?!\S)"), "<http://{0}|{0}>"),
    (re.compile(r"(?<!\S)\d{3}-\d{3}-\d{4}(?!\S)"), "<tel:+1{0}|{0}>"),
)
_SHORTER = sorted(EMOJI, key=len, reverse=True)


def escaped(text: str) -> str:
    """Escape a text as Slack does everywhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def written(text: str) -> str:
    """Give a message's text as Slack does: escaped, addresses marked, emoji by name; mentions stay."""
    parts = _MENTION.split(text)
    return "".join(part if place % 2 else _marked(escaped(part)) for place, part in enumerate(parts))


def _marked(text: str) -> str:
    for pattern, form in _WORDS:
        text = pattern.sub(partial(_link, form), text)
    for characters in _SHORTER:
        name, more = EMOJI[characters]
        tone = f":skin-tone-{more['skin_tone']}:" if more else ""
        text = text.replace(characters, f":{name}:{tone}")
    return text


def _link(form: str, word: re.Match[str]) -> str:
    address = word[0].replace("-", "") if form.startswith("<tel:") else word[0]
    return form.replace("{0}", address, 1).replace("{0}", word[0])


def rich(text: str) -> list[JSON]:
    """Give a message's blocks, as far as they say more than its text: its emoji."""
    pieces: list[JSON] = [{"type": "text", "text": text}]
    for characters in _SHORTER:
        if characters in text:
            text = text.replace(characters, "")
            name, more = EMOJI[characters]
            points = "-".join(f"{ord(character):x}" for character in characters)
            pieces.append({"type": "emoji", "name": name, "unicode": points, **more})
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": pieces}]}]


class People(Wire):
    """Lets a test act as the people do."""

    async def command(self, person: Person, channel: Channel, text: str, name: str = "/qr") -> Acknowledged:
        """Type a slash command; it is posted as typed, with ``& < >`` escaped."""
        body = {
            "token": "deprecated", "team_id": self.team, "team_domain": "test", "channel_id": channel.id,
            "channel_name": "directmessage" if channel.direct else channel.name, "user_id": person.id,
            "user_name": person.name, "command": name, "text": escaped(text), "api_app_id": self.app_id,
            "is_enterprise_install": "false", "response_url": self.answers(channel, person, None),
            "trigger_id": self.trigger(person),
        }  # fmt: skip
        return await self.deliver("slash_commands", body)

    async def press(self, person: Person, message: Message, label: str) -> Acknowledged:
        """Press the button with this label."""
        found = [button for button in message.buttons() if button["text"]["text"] == label]
        assert found, f"no button {label!r} among {message.labels()}"
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel.id}
        container |= {"thread_ts": message.thread} if message.thread else {}
        body = {
            "type": "block_actions", "team": {"id": self.team, "domain": "test"}, "api_app_id": self.app_id,
            "user": _user(person, self.team),
            "container": container | {"is_ephemeral": message.seen_by is not None},
            "channel": {"id": message.channel.id, "name": message.channel.name},
            "trigger_id": self.trigger(person), "token": "deprecated",
            "response_url": self.answers(message.channel, person, message),
            "actions": [{**found[0], "type": "button", "action_ts": str(self.now())}],
        }  # fmt: skip
        return await self.deliver("interactive", body)

    async def submit(self, person: Person, **values: str) -> Acknowledged:
        """Fill in the view that stands open before somebody, and send it; it closes unless refused."""
        view = self.view(person)
        for block in inputs(view):
            if block["block_id"] in values:
                given = entered(block["element"], values[block["block_id"]])
                view.state[block["block_id"]] = {block["element"]["action_id"]: given}
        held = state(view)
        assert set(values) <= set(held), f"no such fields: {sorted(set(values) - set(held))}"
        body = {
            "type": "view_submission", "team": {"id": self.team, "domain": "test"}, "api_app_id": self.app_id,
            "user": _user(person, self.team),
            "trigger_id": self.trigger(person), "token": "deprecated", "response_urls": [],
            "view": {**view.payload, "id": view.id, "hash": view.hash, "state": {"values": held}},
        }  # fmt: skip
        done = await self.deliver("interactive", body)
        answer = done.body or {}
        if done.status == 200 and not answer.get("response_action"):
            del self.views[view.id]
        if answer.get("response_action") == "errors":
            _check_errors(answer["errors"], set(held))
        if answer.get("response_action") == "update":
            check_view(answer["view"])
            replaced(self, view, answer["view"])
        return done

    def view(self, person: Person) -> View:
        """Give the view that stands open before somebody."""
        return [view for view in self.views.values() if view.person is person][-1]

    async def say(
        self, person: Person, channel: Channel, text: str, *, files: Sequence[File] = (), **fields: Any
    ) -> Acknowledged:
        """Write into a channel; the app hears of direct messages, and of those that mention it."""
        event: JSON = {
            "type": "message" if channel.direct else "app_mention", "user": person.id, "team": self.team,
            "text": written(text), "blocks": rich(text), "channel": channel.id,
            "user_team": person.team or self.team,
            "ts": f"{int(self.now())}.{self.number():06}", "event_ts": str(self.now()), **fields,
        }  # fmt: skip
        assert channel.direct or f"<@{self.bot_user}>" in text, "the app does not hear of this"
        if channel.direct:
            event["channel_type"] = "im"
        if files:
            event["subtype"] = "file_share"
            about = [
                {"id": f.id, "name": f.name, "mimetype": f.media_type, "size": len(f.data)} for f in files
            ]
            event["files"] = about
        return await self.event(event)

    def file(self, person: Person, name: str, data: bytes) -> File:
        """Let somebody upload a file."""
        file = File(f"F{self.number():08}", name, len(data), data, person.id)
        self.files[file.id] = file
        return file


def _user(person: Person, team: str) -> JSON:
    """Say who acts, and whose user they are: not always ours."""
    return {"id": person.id, "name": person.name, "username": person.name, "team_id": person.team or team}


def _check_errors(errors: Any, names: set[str]) -> None:
    """Fail on errors that Slack could not show: it would say that the app does not answer."""
    need(isinstance(errors, dict) and bool(errors), "errors are required")
    need(set(errors) <= names, f"no such fields: {sorted(set(errors) - names)}")
    need(all(isinstance(each, str) and each for each in errors.values()), "an error has a text")
