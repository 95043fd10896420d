"""Pictures that a platform has already, by a fingerprint of what is drawn: not drawn or uploaded again."""

from __future__ import annotations

from dataclasses import replace

from pydantic import TypeAdapter

from bot import __version__
from bot.drawings import ASSET
from bot.message import Reply
from bot.qr.payloads import KINDS
from bot.qr.picture import GALLERY, STRIP, Picture, Rendered
from bot.qr.style import Style
from storage.encryption import KeyRing
from storage.store import Store

_PICTURE = TypeAdapter(Picture)
_SHOWN = ("png", "jpeg", GALLERY, STRIP)  # whose file name nobody sees where they are shown as a picture


def upload_key(ring: KeyRing, account: str, reply: Reply) -> str:
    """Name a reply's picture by all that it is drawn from, under a key of ours; empty where none may be kept.

    That is: where the face keeps none, for a secret, and for pictures somebody sent and may have deleted.
    """
    file = next((file for file in reply.files if file.picture is not None), None)
    picture = reply.picture or (file.picture if file is not None else None)
    if not account or picture is None or reply.secret or _secret(picture) or _personal(picture.style):
        return ""
    if reply.picture is not None and picture.format in _SHOWN:
        picture, name = replace(picture, name=""), ""
    else:
        name = picture.name if file is None or reply.picture is not None else f"file {file.name}"
    drawn = _PICTURE.dump_json(picture, exclude_defaults=True).decode()
    return ring.fingerprint("uploaded picture", "\x1f".join((__version__, account, name, drawn)))


async def forget_others(store: Store, account: str) -> None:
    """Forget what other bots uploaded: a platform's names for files are good for the bot that got them."""
    async with store.writing() as work:
        await work.pictures.forget_others(account)


def lasting(rendered: Rendered) -> bool:
    """Tell whether a picture may stand for itself: nothing was said beside it that would be lost."""
    return not rendered.said and rendered.score is None


def _secret(picture: Picture) -> bool:
    kind = KINDS.get(picture.payload.kind)
    return kind is None or kind.secret


def _personal(style: Style) -> bool:
    worn = (style.logo, style.backdrop)
    return any(each is not None and each.source.startswith(ASSET) for each in worn)
