"""What the shell asks, as requests, and the door that answers it in this process."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from mimetypes import guess_type
from typing import Any

import structlog

from bot.app import App
from bot.drawings import finished, unproven
from bot.face import Draw
from bot.i18n import Translator, spoken
from bot.ids import new_id
from bot.message import Actor, Asking, Reply, Request, Space, Upload
from bot.operating.audit import CONSOLE
from bot.parked import outline
from bot.qr.refusal import Refused
from bot.wire import dump_reply, load_reply

Door = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

log = structlog.get_logger(__name__)

NOT_UNDERSTOOD = "The bot did not understand the console. Are both of the same version?"
FAILED = "Something went wrong here and nothing was saved. Please try again; the log says more."


def request_of(asked: Mapping[str, Any], user: str) -> Request:
    """Make a request of {"text"}, {"press"}, {"command", "values"} or {"uploads": [{"name", "data"}]}.

    Files may have a "text" beside them; their ``data`` is base64. With {"as": an account} it is said in that
    person's name, in their private space. Raises ValueError for anything else.
    """
    platform, _, id = str(asked.get("as") or f"{CONSOLE}:{user}").partition(":")
    request = Request(
        id=f"console:{new_id(20)}",
        actor=Actor(platform, id, "" if "as" in asked else user),
        space=Space(platform, id),
        answered=True,
        asking=Asking.FORM,
        operator=f"{CONSOLE}:{user}" if "as" in asked else "",
    )
    match dict(asked):
        case {"uploads": [*files], **said}:
            text = str(said.get("text", ""))
            return replace(request, text=text, uploads=tuple(_upload(file) for file in files))
        case {"text": str(text)}:
            return replace(request, text=text)
        case {"press": str(line)}:
            return replace(request, text=line, pressed=True)
        case {"command": str(command), "values": dict(values)}:
            return replace(
                request, command=command, values={str(key): str(each) for key, each in values.items()}
            )
        case _:
            raise ValueError("not a question of the console")


def _upload(file: object) -> Upload:
    match file:
        case {"name": str(name), "data": str(text)}:
            data = b64decode(text, validate=True)
            return Upload("", name, guess_type(name)[0] or "", len(data), data)
        case _:
            raise ValueError("not a file of the console")


def door_of(app: App, user: str, draw: Draw) -> Door:
    """Open the door for one operator: answers {"reply": a reply by bot.wire} or {"error": a sentence}.

    {"draw": a reply} is answered with the bytes of its picture: {"data": base64, "extension"}.
    """

    async def door(asked: dict[str, Any]) -> dict[str, Any]:
        if "draw" in asked:
            return await _drawn(str(asked["draw"]), draw)
        try:
            request = request_of(asked, user)
        except ValueError:
            return {"error": NOT_UNDERSTOOD}
        try:
            reply = await app.handle(request)
        except Exception as error:  # the commit failed; the console says so and goes on
            log.error("console request failed", error=outline(error))
            return {"error": FAILED}
        return {"reply": dump_reply(await _proven(reply or Reply(), draw))}

    return door


async def _proven(reply: Reply, draw: Draw) -> Reply:
    """Prove a reply's picture, as on any other face; where that fails, say so instead."""
    try:
        proven, _ = await finished(reply, draw)
    except Refused as refused:
        return unproven(reply, refused)
    return proven


async def _drawn(asked: str, draw: Draw) -> dict[str, Any]:
    reply = load_reply(asked)
    try:
        _, rendered = await finished(reply, draw)
    except Refused as refused:
        return {"error": Translator(spoken(reply.language)).of(refused)}
    if rendered is None:
        return {"error": NOT_UNDERSTOOD}
    return {"data": b64encode(rendered.data).decode(), "extension": rendered.extension}


def dump_line(message: Mapping[str, Any]) -> bytes:
    """Write a message as one line of JSON; ASCII, so that no character in it ends the line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def load_line(row: bytes) -> dict[str, Any]:
    """Read a line written by ``dump_line``; raises ValueError."""
    try:
        message = json.loads(row)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(message, dict):
        raise ValueError("not an object")
    return message
