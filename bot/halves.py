"""Half a character, as platforms can send it: mended in names, refused in what is said."""

from __future__ import annotations

from dataclasses import replace

from bot.message import Request
from bot.qr.refusal import Refused


def whole(request: Request) -> Request:
    """Mend names that hold half a character: they are no payload, and no database takes them."""

    def mended(text: str) -> str:
        return text.encode("utf-8", "replace").decode()

    uploads = tuple(replace(upload, name=mended(upload.name)) for upload in request.uploads)
    actor = replace(request.actor, name=mended(request.actor.name))
    space = replace(request.space, title=mended(request.space.title))
    return replace(request, actor=actor, space=space, uploads=uploads)


def check_halves(request: Request) -> None:
    """Refuse half a character in what was said: no code could say it, and no database keep it."""
    try:
        "".join((request.text, *request.links, *request.values, *request.values.values())).encode()
    except UnicodeEncodeError:
        raise Refused("This text holds half a character. Please type it again.") from None
