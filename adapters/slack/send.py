"""Where a reply is said on Slack, and how: to the person alone first, in the channel where it is for all.

A file cannot be shared for one person's eyes (node-slack-sdk#1790). With a public address a picture is an
image in the answer; without one it goes to the direct messages, and the answer says so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from math import inf
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.direct import opened
from adapters.slack.faults import FAULTS, NETWORK, seconds, verdict, why
from adapters.slack.render import alternative, messages
from bot.face import Address, TryLater
from bot.i18n import Translator, spoken
from bot.message import Reply
from bot.qr.picture import Rendered

SHOWN, SIDE = "image/png", 1024  # what our address gives, and the largest side that is for looking at
PAUSES = (1.0, 2.0, 4.0)  # seconds before what follows is tried again, where Slack names no time
LONGEST = 60.0  # seconds that are waited out in the middle of a reply

_AWAY = {"not_in_channel", "channel_not_found", "is_archived", "restricted_action"}


@dataclass(frozen=True, slots=True)
class _Said:
    """A reply on its way: to where, with what picture, and the address at which Slack can fetch that."""

    slack: Slack
    client: AsyncWebClient
    address: Address
    reply: Reply
    picture: Rendered | None
    image_url: str
    t: Translator

    @property
    def direct(self) -> bool:
        """Tell whether it is answered in the direct messages, where nobody else reads along."""
        return bool(self.address.get("direct"))

    @property
    def alone(self) -> bool:
        """Tell whether the person alone is to see it, in a place where others are."""
        private = not self.reply.shared and bool(self.reply.private or self.address.get("aside"))
        return bool(self.address.get("alone")) or (private and not self.direct)

    @property
    def replacing(self) -> bool:
        """Tell whether it takes the place of what was pressed: never of what all see, where it is private."""
        own = self.direct or bool(self.address.get("aside"))
        return self.reply.replace and bool(self.address.get("message")) and (own or not self.alone)

    @property
    def mark(self) -> str:
        """Name what the picture shows, so that a press does not bring the same again."""
        return _mark(self.picture) if self.picture is not None else ""

    @property
    def contents(self) -> list[dict[str, Any]]:
        """Lay out words and buttons."""
        return messages(self.reply, image_url=self.image_url, mark=self.mark, t=self.t)

    @property
    def worded(self) -> bool:
        """Tell whether one message says it all: no file has to be shared, or it stands there already."""
        seen = self.replacing and self.address.get("picture") == self.mark
        shown = self.picture is None or bool(self.image_url) or seen
        return shown and not self.reply.files and len(self.contents) == 1


async def say(slack: Slack, address: Address, reply: Reply, picture: Rendered | None) -> None:
    """Say a reply where it belongs; where the bot is not let in, to the person, with how to invite it."""
    t = Translator(spoken(reply.language))
    client = await slack.client(str(address["team"]))
    said = _Said(slack, client, address, reply, picture, _image_url(slack, reply, picture), t)
    try:
        await _say(said)
    except SlackApiError as error:
        if not said.image_url or why(error) != "invalid_blocks":
            raise
        await _say(replace(said, image_url=""))  # Slack could not fetch it: hand it over as a file


async def _say(said: _Said) -> None:
    if said.alone:
        await _aside(said)
        return
    if said.replacing and said.worded and await _respond(said, said.contents[0], replacing=True):
        return
    try:
        await _post(said, str(said.address["channel"]), str(said.address.get("thread") or ""))
    except SlackApiError as error:
        if why(error) not in _AWAY or said.direct:
            raise
        invite = said.t("I am not in this channel, so only you see this. To change that, say: /invite @qr")
        body = "\n".join(line for line in (said.reply.body, invite) if line)
        await _aside(replace(said, reply=replace(said.reply, body=body)))


def _mark(picture: Rendered) -> str:
    return sha256(picture.data).hexdigest()[:16]


def _image_url(slack: Slack, reply: Reply, picture: Rendered | None) -> str:
    """Give the address of a saved code's picture; none where it would show less than was asked for."""
    if slack.picture_address is None or picture is None or reply.picture is None or not reply.code:
        return ""
    if picture.media_type != SHOWN or reply.picture.style.size > SIDE:
        return ""
    return slack.picture_address(reply.code, int(_mark(picture)[:8], 16))


# --- where --------------------------------------------------------------------------------------------------


async def _aside(said: _Said) -> None:
    """Answer so that only the person sees it."""
    if said.worded and await _respond(said, said.contents[0], replacing=said.replacing):
        return
    where = await opened(said.slack, str(said.address["team"]), str(said.address["user"]))
    await _post(said, where, "")
    if where == said.address["channel"] or said.worded:
        return
    told = Reply(body=said.t("It is in our direct messages, for your eyes only."))
    with suppress(TryLater, *NETWORK):  # what counts has arrived, and is not to come twice
        await _respond(said, messages(told, t=said.t)[0])


async def _respond(said: _Said, content: Mapping[str, Any], *, replacing: bool = False) -> bool:
    """Answer by the response_url while it holds (five times in half an hour); False where it does not."""
    url = str(said.address.get("response_url") or "")
    if not url or int(said.address.get("until") or 0) < time.time():
        return False
    anew = {"response_type": "ephemeral", "replace_original": False}
    thread = said.address.get("thread")
    place = {"replace_original": True} if replacing else anew | ({"thread_ts": thread} if thread else {})
    async with said.slack.http.post(url, json={**content, **place}) as answer:
        if answer.status >= 500 or answer.status == 429:
            raise TryLater(f"HTTP {answer.status}", seconds(answer.headers))
        return answer.status == 200 and '"ok":false' not in (await answer.text()).replace(" ", "")


# --- what ---------------------------------------------------------------------------------------------------


async def _post(said: _Said, channel: str, thread: str) -> None:
    """Say a reply in a channel: files first, and words and buttons below them."""
    for number, step in enumerate(_steps(said, channel, thread)):
        await (_surely(step) if number else step())


def _steps(said: _Said, channel: str, thread: str) -> Iterator[Callable[[], Awaitable[object]]]:
    place = (channel, thread)
    if said.picture is not None and not said.image_url:
        yield partial(_upload, said, place, _name(said.reply, said.picture), said.picture.data)
    for file in said.reply.files:
        if file.picture is None:
            yield partial(_upload, said, place, file.name, file.data)
    for content in said.contents:
        if content["blocks"]:
            send = said.client.chat_postMessage
            yield partial(send, channel=channel, thread_ts=thread or None, **content)


async def _surely(step: Callable[[], Awaitable[object]]) -> None:
    """Send what follows something; a fault is waited out here, or what came before it would come again."""
    for pause in PAUSES:
        try:
            await step()
        except (*FAULTS, TryLater) as error:
            wait = _wait(error, pause)
            if wait > LONGEST:
                raise
            await asyncio.sleep(wait)
        else:
            return
    await step()


def _wait(error: Exception, pause: float) -> float:
    """Say how long to wait before the same is tried again; for ever where that cannot help."""
    met = error if isinstance(error, TryLater) else verdict(error)
    if isinstance(met, TryLater):
        return pause if met.seconds is None else met.seconds
    return inf


def _name(reply: Reply, picture: Rendered) -> str:
    if reply.picture is not None:
        return f"{reply.picture.name}.{picture.extension}"
    return next(file.name for file in reply.files if file.picture is not None)


async def _upload(said: _Said, place: tuple[str, str], name: str, data: bytes) -> None:
    """Share a file in three steps (docs.slack.dev/reference/methods/files.getUploadURLExternal).

    Without a comment: Slack would look up the addresses in it, and the words follow anyway.
    """
    client, (channel, thread) = said.client, place
    told = alternative(Reply() if said.reply.secret else said.reply, said.t)
    given: Any = await client.files_getUploadURLExternal(
        filename=name, length=len(data), alt_txt=told if said.picture is not None else None
    )
    async with said.slack.http.post(str(given["upload_url"]), data=data) as answer:
        if answer.status != 200:
            raise TryLater(f"upload: HTTP {answer.status}", seconds(answer.headers))
    await client.files_completeUploadExternal(
        files=[{"id": str(given["file_id"]), "title": name}], channel_id=channel, thread_ts=thread or None
    )
