"""From a reply to the rows that say what is still to be sent: one row, one platform message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cards import SECRET_KINDS
from bot.ids import new_id
from bot.message import Reply, Request
from bot.wire import dump_address, dump_reply
from storage.records import Delivery

if TYPE_CHECKING:
    from bot.app import Context


def deliveries_of(context: Context, reply: Reply, owner: str) -> tuple[Delivery, ...]:
    """Lay out the deliveries of a reply: its card first, then each file as a message of its own.

    ``owner``: the person whose they are, empty where nobody is kept.
    """
    card = replace(reply, files=())
    empty = not (card.title or card.body or card.fields or card.picture)
    bare = Reply(private=reply.private, shared=reply.shared, secret=reply.secret, language=reply.language)
    files = tuple(replace(bare, files=(file,)) for file in reply.files)
    return tuple(_delivery(context, part, owner) for part in ((*files,) if empty else (card, *files)))


def tracked(request: Request, reply: Reply) -> bool:
    """Tell whether a change of what was said is to change the code in its answer: never one with a secret."""
    picture = reply.picture
    secret = reply.secret or picture is None or picture.payload.kind in SECRET_KINDS
    return bool(request.message and reply.code and not (request.pressed or request.answered or secret))


def _delivery(context: Context, reply: Reply, owner: str) -> Delivery:
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
        said=request.message if tracked(request, reply) else "",
        pressed=request.message if request.pressed and reply.replace else "",
    )
