"""From a reply to the rows that say what is still to be sent: one row, one platform message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.ids import new_id
from bot.message import Reply
from bot.wire import dump_address, dump_reply
from storage.records import Delivery

if TYPE_CHECKING:
    from bot.context import Context


def deliveries_of(context: Context, reply: Reply, owner: str, said: str = "") -> tuple[Delivery, ...]:
    """Lay out the deliveries of a reply: its card first, then each file as a message of its own.

    ``owner``: the person whose they are, empty where nobody is kept. ``said``: the message that was made into
    the code that the card shows.
    """
    card = replace(reply, files=())
    empty = not (card.title or card.body or card.fields or card.picture)
    bare = Reply(private=reply.private, shared=reply.shared, secret=reply.secret, language=reply.language)
    files = tuple(replace(bare, files=(file,)) for file in reply.files)
    return tuple(_delivery(context, part, owner, said) for part in ((*files,) if empty else (card, *files)))


def letter(account: str, reply: Reply, now: datetime, owner: str = "") -> Delivery:
    """Lay out what is said to somebody who did not just speak: whoever sends it finds their private chat.

    ``account``: "telegram:123", "slack:T1:U2".
    """
    platform, _, id = account.partition(":")
    return Delivery(
        id=new_id(),
        lane=account,
        platform=platform,
        address=dump_address({"account": id}),
        body=dump_reply(reply),
        created_at=now,
        due_at=now,
        person_id=owner,
    )


def _delivery(context: Context, reply: Reply, owner: str, said: str) -> Delivery:
    request = context.request
    return Delivery(
        id=new_id(),
        lane=request.space.key,
        platform=request.space.platform,
        address=dump_address(dict(request.address)),
        body=dump_reply(reply),
        created_at=context.now,
        due_at=context.now,
        request_id=request.id,
        person_id=owner,
        said=said if reply.code else "",
        pressed=request.message if request.pressed and reply.replace else "",
    )
