"""Where a reply is said on Slack, and how: to the person alone first, in the channel where it is for all.

A file cannot be shared for one person's eyes (node-slack-sdk#1790). With a public address a picture is an
image in the answer; without one it goes to the direct messages, and the answer says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.render import escaped, message
from bot.face import Address, TryLater
from bot.i18n import Translator, spoken
from bot.message import Reply
from bot.qr.picture import Rendered

SHOWN = ("image/png", "image/jpeg")  # what an image block may show

_AWAY = {"not_in_channel", "channel_not_found", "is_archived", "restricted_action"}

PictureAddress = Callable[[str, int], str]  # from a code's id and look to where its picture can be fetched


@dataclass(frozen=True, slots=True)
class Slack:
    """A connection for one bot token. ``picture_address`` is None where no address of ours is public."""

    client: AsyncWebClient
    http: ClientSession
    picture_address: PictureAddress | None = None
    direct: dict[str, str] = field(default_factory=dict)  # a user's direct messages, once opened


@dataclass(frozen=True, slots=True)
class _Said:
    """A reply on its way: to where, with what picture, and the address at which Slack can fetch that."""

    slack: Slack
    address: Address
    reply: Reply
    picture: Rendered | None
    image_url: str
    t: Translator

    @property
    def mark(self) -> str:
        """Name what the picture shows, so that a press does not bring the same again."""
        return _mark(self.picture) if self.picture is not None else ""

    @property
    def worded(self) -> bool:
        """Tell whether words and buttons say it all: no file has to be shared, or it stands there already."""
        seen = self.reply.replace and self.address.get("picture") == self.mark
        return not self.reply.files and (self.picture is None or bool(self.image_url) or seen)

    @property
    def content(self) -> dict[str, Any]:
        """Lay out words and buttons."""
        return message(self.reply, image_url=self.image_url, mark=self.mark, t=self.t)


async def say(slack: Slack, address: Address, reply: Reply, picture: Rendered | None) -> None:
    """Say a reply where it belongs; where the bot is not let in, to the person, with how to invite it."""
    t = Translator(spoken(str(address.get("language", ""))))
    said = _Said(slack, address, reply, picture, _image_url(slack, reply, picture), t)
    direct = str(address["channel"]).startswith("D") and not address.get("aside")
    alone = not direct and not reply.shared and (reply.private or address.get("aside"))
    if alone or address.get("alone"):
        await _aside(said)
        return
    try:
        await _post(said, str(address["channel"]), str(address.get("thread") or ""))
    except SlackApiError as error:
        if error.response.get("error") not in _AWAY or direct:
            raise
        invite = t("I am not in this channel, so only you see this. To change that, say: /invite @qr")
        body = "\n".join(line for line in (reply.body, invite) if line)
        await _aside(replace(said, reply=replace(reply, body=body)))


def _mark(picture: Rendered) -> str:
    return sha256(picture.data).hexdigest()[:16]


def _image_url(slack: Slack, reply: Reply, picture: Rendered | None) -> str:
    if slack.picture_address is None or picture is None or not reply.code or picture.media_type not in SHOWN:
        return ""
    return slack.picture_address(reply.code, int(_mark(picture)[:8], 16))


async def _aside(said: _Said) -> None:
    """Answer so that only the person sees it."""
    if said.worded and await _respond(said, said.content):
        return
    where = await _direct(said)
    await _post(said, where, "")
    if where != said.address["channel"] and said.address.get("response_url") and not said.worded:
        told = Reply(body=said.t("It is in our direct messages, for your eyes only."))
        await _respond(said, message(told, t=said.t))


async def _post(said: _Said, channel: str, thread: str) -> None:
    """Say a reply in a channel; a file goes first, and words and buttons stand below it."""
    if said.reply.replace and said.worded and await _respond(said, said.content):
        return
    if said.picture is not None and not said.image_url:
        await _upload(said, (channel, thread), _name(said.reply, said.picture), said.picture.data)
    for file in said.reply.files:
        if file.picture is None:
            await _upload(said, (channel, thread), file.name, file.text.encode())
    content = said.content
    if content["blocks"]:
        await said.slack.client.chat_postMessage(channel=channel, thread_ts=thread or None, **content)


async def _direct(said: _Said) -> str:
    """Open a person's direct messages."""
    known, user = said.slack.direct, str(said.address["user"])
    if user not in known:
        opened: Any = await said.slack.client.conversations_open(users=user)
        known[user] = str(opened["channel"]["id"])
    return known[user]


async def _respond(said: _Said, content: Mapping[str, Any]) -> bool:
    """Answer by the response_url while it holds (five times in half an hour); False where it does not."""
    url = str(said.address.get("response_url") or "")
    if not url or int(said.address.get("until") or 0) < time.time():
        return False
    body = {**content, "response_type": "ephemeral", "replace_original": said.reply.replace}
    async with said.slack.http.post(url, json=body) as answer:
        if answer.status >= 500 or answer.status == 429:
            raise TryLater(f"HTTP {answer.status}", float(answer.headers.get("Retry-After") or 5))
        return answer.status == 200


def _name(reply: Reply, picture: Rendered) -> str:
    if reply.picture is not None:
        return f"{reply.picture.name}.{picture.extension}"
    return next(file.name for file in reply.files)


async def _upload(said: _Said, place: tuple[str, str], name: str, data: bytes) -> None:
    """Share a file in three steps (docs.slack.dev/reference/methods/files.getUploadURLExternal)."""
    client, (channel, thread) = said.slack.client, place
    given: Any = await client.files_getUploadURLExternal(filename=name, length=len(data))
    async with said.slack.http.post(str(given["upload_url"]), data=data) as answer:
        if answer.status != 200:
            raise TryLater(f"upload: HTTP {answer.status}")
    comment = escaped(said.reply.title) if said.picture is not None and not said.reply.secret else ""
    await client.files_completeUploadExternal(
        files=[{"id": str(given["file_id"]), "title": name}],
        channel_id=channel,
        initial_comment=comment or None,
        thread_ts=thread or None,
    )
