"""Where a reply is said on Slack, and how: to the person alone first, in the channel where it is for all.

A file cannot be shared for one person's eyes (node-slack-sdk#1790). With a public address a picture is an
image in the answer; without one, and where it holds a secret, it goes to the direct messages, and the answer
says so. Where all may see it, Slack keeps it, and the answer names it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.faults import NETWORK, seconds, why
from adapters.slack.render import alternative, messages
from adapters.slack.steps import Step, surely
from adapters.slack.uploads import forget, ready, upload
from bot.cards import SECRET_KINDS
from bot.face import Address, NotYet, TryLater
from bot.i18n import Translator, spoken
from bot.message import Reply
from bot.qr.picture import Rendered

SHOWN, SIDE = "image/png", 1024  # what our address gives, and the largest side that is for looking at
_AWAY = {"not_in_channel", "channel_not_found", "is_archived", "restricted_action"}
_UNHEARD = {*_AWAY, "user_not_in_channel"}  # where nothing can be said to one person alone


@dataclass(frozen=True, slots=True)
class _Said:
    """A reply on its way: to where, with what picture, and the address at which Slack can fetch that.

    ``file``: Slack's name of the picture, once it may be named. ``sharing``: it is to be a file of its own.
    """

    slack: Slack
    client: AsyncWebClient
    address: Address
    reply: Reply
    picture: Rendered | None
    image_url: str
    t: Translator
    file: str = ""
    sharing: bool = False

    @property
    def direct(self) -> bool:
        """Tell whether it is answered in the direct messages, where nobody else reads along."""
        return str(self.address["channel"]).startswith("D") and not self.address.get("aside")

    @property
    def alone(self) -> bool:
        """Tell whether the person alone is to see it, in a place where others are."""
        private = not self.reply.shared and bool(self.reply.private or self.address.get("aside"))
        private = private or self.reply.secret
        return bool(self.address.get("alone")) or (private and not self.direct)

    @property
    def replacing(self) -> bool:
        """Tell whether it takes the place of what was pressed: never of what all see, where it is private."""
        own = self.direct or bool(self.address.get("aside"))
        return self.reply.replace and bool(self.address.get("message")) and (own or not self.alone)

    @property
    def mark(self) -> str:
        """Name what the picture shows, so that a press does not bring it again, and Slack's file of it."""
        if self.picture is None:
            return ""
        return _mark(self.picture) + (f"/{self.file}" if self.file else "")

    @property
    def contents(self) -> list[dict[str, Any]]:
        """Lay out words and buttons."""
        shown = {"image_url": self.image_url, "file": self.file, "mark": self.mark}
        return messages(self.reply, **shown, t=self.t)

    @property
    def keepable(self) -> bool:
        """Tell whether Slack can keep the picture for a block to name: one that is for looking at."""
        return self.picture is not None and not self.sharing and _for_looking(self.reply, self.picture)

    @property
    def standing(self) -> bool:
        """Tell whether the picture stands already where the reply takes the place of what was pressed."""
        there = str(self.address.get("picture") or "").partition("/")[0]
        return self.replacing and self.picture is not None and there == _mark(self.picture)

    @property
    def worded(self) -> bool:
        """Tell whether one message says it all: no file has to be shared, or it stands there already."""
        shown = self.picture is None or bool(self.image_url or self.file) or self.standing
        return shown and not self.reply.files and len(self.contents) == 1


async def say(
    slack: Slack,
    address: Address,
    reply: Reply,
    picture: Rendered | None,
    client: AsyncWebClient | None = None,
) -> None:
    """Say a reply where it belongs; where the bot is not let in, to the person, with how to invite it.

    ``client``: one whose calls are counted, where there is time; raises NotYet before anything is said, and
    TryLater.
    """
    t = Translator(spoken(reply.language))
    client = client or await slack.client(str(address["team"]))
    said = _Said(slack, client, address, reply, picture, _image_url(slack, reply, picture), t)
    ways = [said] if said.image_url else []
    ways += [replace(said, image_url="")] if said.keepable else []
    for way in ways:
        try:
            await _say(way)
        except SlackApiError as error:
            if why(error) != "invalid_blocks":
                raise  # else Slack could not fetch the picture, or does not know the file: the next way
        else:
            return
    await _say(replace(said, image_url="", sharing=True))


async def _say(said: _Said) -> None:
    if said.alone:
        await _aside(said)
        return
    if said.replacing:
        said = _as_it_stands(said) if said.standing else await _kept(said)
        if said.worded and await _respond(said, said.contents[0], replacing=True):
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
    if slack.picture_address is None or picture is None or not reply.code or not _for_looking(reply, picture):
        return ""
    if reply.secret or (reply.picture is not None and reply.picture.payload.kind in SECRET_KINDS):
        return ""  # whoever has the address has the picture
    return slack.picture_address(reply.code, int(_mark(picture)[:8], 16))


def _for_looking(reply: Reply, picture: Rendered) -> bool:
    """Tell a picture to look at from one that was asked for as a file: another format, or a larger size."""
    small = reply.picture is not None and reply.picture.style.size <= SIDE
    return small and picture.media_type == SHOWN


# --- where --------------------------------------------------------------------------------------------------


async def _aside(said: _Said) -> None:
    """Answer so that only the person sees it."""
    if said.worded and await _whispered(said, said.contents[0], replacing=said.replacing):
        return
    where = await _direct(said)
    await _post(said, where, "")
    if where == said.address["channel"] or said.worded:
        return
    told = Reply(body=said.t("It is in our direct messages, for your eyes only."))
    with suppress(NotYet, TryLater, *NETWORK):  # what counts has arrived, and is not to come twice
        await _whispered(said, messages(told, t=said.t)[0])


async def _whispered(said: _Said, content: Mapping[str, Any], *, replacing: bool = False) -> bool:
    """Say it where it was asked for, to the person alone; False where that cannot be.

    A response_url that is used up has another way beside it while the person is there: Slack keeps what is
    for one person's eyes for nobody who is away. A secret takes no other way than the direct messages.
    """
    if await _respond(said, content, replacing=replacing):
        return True
    channel, lately = str(said.address["channel"]), int(said.address.get("until") or 0) >= time.time()
    if said.direct or not channel or not lately or said.reply.secret:
        return False
    try:
        await said.client.chat_postEphemeral(
            channel=channel, user=str(said.address["user"]),
            thread_ts=str(said.address.get("thread") or "") or None, **content,
        )  # fmt: skip
    except SlackApiError as error:
        if why(error) not in _UNHEARD:
            raise
        return False
    return True


async def _direct(said: _Said) -> str:
    """Open a person's direct messages."""
    known, user = said.slack.direct, str(said.address["user"])
    key = f"{said.address['team']}:{user}"
    if key not in known:
        opened: Any = await said.client.conversations_open(users=user)
        known[key] = str(opened["channel"]["id"])
    return known[key]


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
    """Say a reply in a channel: files first, and words, picture and buttons below them."""
    kept = await _kept(said)
    try:
        for number, step in enumerate(_steps(kept, channel, thread)):
            await (surely(step) if number or kept.file else step())
    except Exception:
        if kept is not said:
            await forget(said.client, kept.file)
        raise


async def _kept(said: _Said) -> _Said:
    """Let Slack keep the picture, so that a block can name it; where that takes too long it is shared."""
    if said.picture is None or said.image_url or said.file or not said.keepable:
        return said
    file = await upload(
        said.slack, said.client, _name(said.reply, said.picture), said.picture.data, told=_told(said)
    )
    if await ready(said.client, file):
        return replace(said, file=file)
    await forget(said.client, file)
    return replace(said, sharing=True)


def _as_it_stands(said: _Said) -> _Said:
    """Name the picture again that stands in the message pressed, where it is a part of that."""
    return replace(said, file=str(said.address.get("picture") or "").partition("/")[2])


def _steps(said: _Said, channel: str, thread: str) -> Iterator[Step]:
    share = partial(upload, said.slack, said.client, channel=channel, thread=thread)
    if said.picture is not None and not (said.image_url or said.file):
        yield partial(share, _name(said.reply, said.picture), said.picture.data, told=_told(said))
    for file in said.reply.files:
        if file.picture is None:
            yield partial(share, file.name, file.data)
    for content in said.contents:
        if content["blocks"]:
            send = said.client.chat_postMessage
            yield partial(send, channel=channel, thread_ts=thread or None, **content)


def _told(said: _Said) -> str:
    """Say in words what the picture shows."""
    return alternative(Reply() if said.reply.secret else said.reply, said.t)


def _name(reply: Reply, picture: Rendered) -> str:
    if reply.picture is not None:
        return f"{reply.picture.name}.{picture.extension}"
    return next(file.name for file in reply.files if file.picture is not None)
