"""From a shortcut to a request: one that is everywhere, and those in a message's menu. Pure.

Shapes: docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload,
interactivity/implementing-shortcuts. What is made or read of a message is for the person alone.
"""

from __future__ import annotations

from adapters.slack.content import card, content_of
from adapters.slack.places import (
    Body,
    actor_of,
    address_of,
    alone,
    answering,
    request_id,
    slack_id,
    space_of,
    team_of,
    thread_of,
)
from bot.message import About, Actor, Asking, Request

MAKE, OF_MESSAGE, READ = "make", "make_of_message", "read_message"  # callback ids

# As the manifest names them: docs.slack.dev/reference/app-manifest#features
SHORTCUTS: tuple[dict[str, str], ...] = (
    {
        "name": "Make a QR code",
        "type": "global",
        "callback_id": MAKE,
        "description": "Make a QR code of a link, a contact, a network and more",
    },
    {
        "name": "Make a code of this message",
        "type": "message",
        "callback_id": OF_MESSAGE,
        "description": "Make a QR code of this message's link, contact or text; only you see it at first",
    },
    {
        "name": "Read codes in this picture",
        "type": "message",
        "callback_id": READ,
        "description": "Tell you what the codes in this message's pictures say; only you see it",
    },
)


def shortcut(body: Body, now: float, ours: str = "") -> Request:
    """Read a shortcut; raises LookupError for one that is none of ours, or not any more.

    ``ours``: the direct messages that whoever uses it has with us, where that is known.
    """
    return _started(body) if body["type"] == "shortcut" else _acted_on(body, now, ours)


def _started(body: Body) -> Request:
    """Read the shortcut that is everywhere: it opens what makes a code, and no channel is known."""
    _known(body, MAKE)
    team, user = team_of(body), slack_id(body["user"]["id"])
    space, address = alone(team, user)
    return Request(
        id=request_id(body),
        actor=_actor(body),
        space=space,
        text="/qr",
        asking=Asking.FORM,
        address=address,
    )


def _acted_on(body: Body, now: float, ours: str) -> Request:
    """Read a shortcut in a message's menu: a command about that message, answered beside it."""
    wanted = _known(body, OF_MESSAGE, READ)
    team, user, message = team_of(body), slack_id(body["user"]["id"]), body["message"]
    channel = slack_id(body["channel"]["id"])
    direct = channel == ours
    text, about = _asked(wanted, content_of(message))
    thread = message.get("thread_ts") if message.get("thread_ts") != message.get("ts") else ""
    return Request(
        id=request_id(body),
        actor=_actor(body),
        space=space_of(team, channel, direct=direct),
        text=text,
        about=about,
        asking=Asking.FORM,
        address=address_of(team, channel, user, direct=direct)
        | answering(body, now)
        | {"aside": int(not direct)}
        | thread_of(thread),
        aside=not direct,
    )


def _known(body: Body, *ours: str) -> str:
    """Name which of our shortcuts it is."""
    if body["callback_id"] not in ours:
        raise LookupError("no shortcut of ours")
    return str(body["callback_id"])


def _actor(body: Body) -> Actor:
    user = body["user"]
    return actor_of(body, slack_id(user["id"]), str(user.get("name") or user.get("username") or ""))


def _asked(wanted: str, held: About) -> tuple[str, About | None]:
    """Say what is to be done with what a message holds; nothing of it: the words that say what to do.

    A contact or an event that is a file comes before the text beside it; pictures are only looked into where
    there is nothing else.
    """
    cards = tuple(upload for upload in held.uploads if card(upload))
    pictures = tuple(upload for upload in held.uploads if not card(upload))
    if wanted == READ:
        return "/read", About(uploads=pictures) if pictures else None
    if cards:
        return "/qr", About(uploads=cards)
    if held.text:
        return "/qr", About(held.text, held.links)
    return ("/qr", About(uploads=pictures)) if pictures else ("", None)
