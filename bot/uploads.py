"""Pictures that a platform has already, by a fingerprint of what is drawn: not drawn or uploaded again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

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
    return _key(ring, account, name, picture)


def _key(ring: KeyRing, account: str, name: str, picture: Picture) -> str:
    drawn = _PICTURE.dump_json(picture, exclude_defaults=True).decode()
    return ring.fingerprint("uploaded picture", "\x1f".join((__version__, account, name, drawn)))


# --- pictures that stand alone: nothing is said beside them -------------------------------------------------

_ALONE = "alone"


async def find(store: Store, account: str, pictures: Iterable[Picture]) -> dict[Picture, str]:
    """Give the platform's names of those pictures that it has."""
    keys = {_key(store.ring, account, _ALONE, picture): picture for picture in pictures}
    if not keys:
        return {}
    async with store.reading() as work:
        found = await work.pictures.known(keys)
    return {keys[key]: file for key, file in found.items()}


async def keep(store: Store, account: str, picture: Picture, file: str, at: datetime) -> None:
    """Remember the platform's name of a picture; never of a secret's, or of one with somebody's own logo."""
    if _secret(picture) or _personal(picture.style):
        return
    async with store.writing() as work:
        await work.pictures.keep(_key(store.ring, account, _ALONE, picture), account, file, at)


async def forget(store: Store, account: str, pictures: Iterable[Picture]) -> None:
    """Forget pictures that the platform does not know any more."""
    async with store.writing() as work:
        await work.pictures.forget([_key(store.ring, account, _ALONE, picture) for picture in pictures])


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
