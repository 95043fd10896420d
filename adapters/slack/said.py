"""A reply on its way to Slack: what is known of it, how it looks, and answers by response_url."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.faults import seconds
from adapters.slack.render import messages
from bot.cards import SECRET_KINDS
from bot.face import Address, TryLater
from bot.i18n import Translator
from bot.message import Reply, Rows, Status
from bot.qr.picture import Rendered

SHOWN, SIDE = "image/png", 1024  # what our address gives, and the largest side that is for looking at

Way = Mapping[str, object]  # what an answer by response_url becomes
ASIDE: Way = {"response_type": "ephemeral", "replace_original": False}
OPENLY: Way = {"response_type": "in_channel", "replace_original": False}
INSTEAD: Way = {"replace_original": True}


@dataclass(frozen=True, slots=True)
class Said:
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
        return bool(self.address.get("direct"))

    @property
    def alone(self) -> bool:
        """Tell whether the person alone is to see it, in a place where others are."""
        private = not self.reply.shared and bool(self.reply.private or self.address.get("aside"))
        in_vain = bool(self.address.get("message")) and self.reply.status in (Status.REFUSED, Status.MISSING)
        private = private or self.reply.secret or in_vain
        return bool(self.address.get("alone")) or (private and not self.direct)

    @property
    def replacing(self) -> bool:
        """Tell whether it takes the place of what was pressed: never of what all see, where it is private."""
        own = self.direct or bool(self.address.get("aside"))
        return self.reply.replace and bool(self.address.get("message")) and (own or not self.alone)

    @property
    def elsewhere(self) -> Said:
        """Leave out the buttons that are about the place where it was asked for."""
        return replace(self, reply=replace(self.reply, buttons=_rows(self.reply, here=False)))

    @property
    def here(self) -> Rows:
        """Give the buttons that are about the place where it was asked for."""
        return _rows(self.reply, here=True)

    @property
    def mark(self) -> str:
        """Name what the picture shows, so that a press does not bring it again, and Slack's file of it."""
        if self.picture is None:
            return ""
        return mark_of(self.picture) + (f"/{self.file}" if self.file else "")

    @property
    def contents(self) -> list[dict[str, Any]]:
        """Lay out words and buttons."""
        shown = {"image_url": self.image_url, "file": self.file, "mark": self.mark}
        return messages(self.reply, **shown, t=self.t)

    @property
    def keepable(self) -> bool:
        """Tell whether Slack can keep the picture for a block to name: one that is for looking at."""
        return self.picture is not None and not self.sharing and for_looking(self.reply, self.picture)

    @property
    def standing(self) -> bool:
        """Tell whether the picture stands already where the reply takes the place of what was pressed."""
        there = str(self.address.get("picture") or "").partition("/")[0]
        return self.replacing and self.picture is not None and there == mark_of(self.picture)

    @property
    def worded(self) -> bool:
        """Tell whether one message says it all: no file has to be shared, or it stands there already."""
        shown = self.picture is None or bool(self.image_url or self.file) or self.standing
        return shown and not self.reply.files and len(self.contents) == 1


def _rows(reply: Reply, *, here: bool) -> Rows:
    rows = (tuple(each for each in row if each.here is here) for row in reply.buttons)
    return tuple(row for row in rows if row)


def mark_of(picture: Rendered) -> str:
    return sha256(picture.data).hexdigest()[:16]


def image_url(slack: Slack, reply: Reply, picture: Rendered | None) -> str:
    """Give the address of a saved code's picture; none where it would show less than was asked for."""
    if slack.picture_address is None or picture is None or not reply.code or not for_looking(reply, picture):
        return ""
    if reply.secret or (reply.picture is not None and reply.picture.payload.kind in SECRET_KINDS):
        return ""  # whoever has the address has the picture
    return slack.picture_address(reply.code, int(mark_of(picture)[:8], 16))


def for_looking(reply: Reply, picture: Rendered) -> bool:
    """Tell a picture to look at from one that was asked for as a file: another format, or a larger size."""
    small = reply.picture is not None and reply.picture.style.size <= SIDE
    return small and picture.media_type == SHOWN


async def respond(said: Said, content: Mapping[str, Any], way: Way) -> bool:
    """Answer by the response_url while it holds (five times in half an hour); False where it does not."""
    url = str(said.address.get("response_url") or "")
    if not url or int(said.address.get("until") or 0) < time.time():
        return False
    thread = said.address.get("thread")
    place = {"thread_ts": thread} if thread and way is not INSTEAD else {}
    async with said.slack.http.post(url, json={**content, **way, **place}) as answer:
        if answer.status >= 500 or answer.status == 429:
            raise TryLater(f"HTTP {answer.status}", seconds(answer.headers))
        return answer.status == 200 and '"ok":false' not in (await answer.text()).replace(" ", "")
