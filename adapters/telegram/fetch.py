"""What a request lacks: the bytes of its files, pictures that Telegram has, and whether an admin speaks."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from telegram import Bot, PhotoSize
from telegram.error import BadRequest

from bot.message import Request, Upload
from bot.qr.refusal import Refused

DOWNLOAD = 20_000_000  # bytes that a bot may fetch (core.telegram.org/bots/api#getfile)
KNOWN = 60.0  # seconds for which it counts whether somebody is an admin
SIDE = 640  # pixels: profile photos come with sides of 160, 320 and 640 (core.telegram.org/api/files)


Admins = dict[tuple[str, str], tuple[float, bool]]  # by chat and person: until when that is known


async def prepared(bot: Bot, request: Request, admins: Admins) -> Request:
    """Fetch a request's files and find out whether an admin speaks, unless that is known since a moment ago.

    Raises Refused for files over 20 MB and pictures that are not there, TelegramError for all else.
    """
    uploads = tuple([await _fetched(bot, request, upload) for upload in request.uploads])
    admin = await _known(bot, request, admins) if request.admin is None else request.admin
    return replace(request, uploads=uploads, admin=admin)


async def _fetched(bot: Bot, request: Request, upload: Upload) -> Upload:
    if upload.data:
        return upload
    too_large = Refused(
        "This file is too large: the limit is {megabytes} MB.", megabytes=DOWNLOAD // 1_000_000
    )
    if upload.size > DOWNLOAD:
        raise too_large
    file_id = await _file_id(bot, request, upload.ref)
    try:
        file = await bot.get_file(file_id)
    except BadRequest as error:
        raise too_large if "too big" in error.message.lower() else error from None
    if (file.file_size or 0) > DOWNLOAD:
        raise too_large
    data = bytes(await file.download_as_bytearray())
    return replace(upload, data=data, size=len(data))


async def _file_id(bot: Bot, request: Request, ref: str) -> str:
    """Find the file that a reference means: a picture that Telegram has of somebody, else the file itself."""
    match ref:
        case "profile:person":
            return await _portrait(bot, int(request.actor.id))
        case "profile:space":
            return await _emblem(bot, request)
    return ref


async def _portrait(bot: Bot, user: int) -> str:
    """Find somebody's newest profile photo; raises Refused where there is none that the bot may see."""
    none = Refused("You have no profile photo that I may see. Send me a picture with /logo as its caption.")
    if user < 0:  # who speaks in the name of a group or channel
        raise none
    try:
        found = await bot.get_user_profile_photos(user, limit=1)
    except BadRequest:  # an account that is gone
        raise none from None
    sizes = [size for photo in found.photos[:1] for size in photo]
    if not sizes:
        raise none
    return _fitting(sizes).file_id


def _fitting(sizes: list[PhotoSize]) -> PhotoSize:
    """Choose the largest size within ``SIDE``, or the smallest where all are larger."""
    small = (size for size in sizes if _longest(size) <= SIDE)
    return max(small, key=_longest, default=min(sizes, key=_longest))


def _longest(size: PhotoSize) -> int:
    return max(size.width, size.height)


async def _emblem(bot: Bot, request: Request) -> str:
    """Find the picture of a group or channel; raises Refused where there is none."""
    photo = None if request.space.private else (await bot.get_chat(int(request.space.id))).photo
    if photo is None:
        raise Refused("This chat has no picture of its own. Send me one with /logo as its caption.")
    return photo.big_file_id


async def _known(bot: Bot, request: Request, admins: Admins) -> bool:
    now, asked = asyncio.get_running_loop().time(), (request.space.id, request.actor.id)
    until, leads = admins.get(asked, (0.0, False))
    if until > now:
        return leads
    leads = await _leads(bot, request)
    for old in [each for each, (end, _) in admins.items() if end <= now]:
        del admins[old]
    admins[asked] = (now + KNOWN, leads)
    return leads


async def _leads(bot: Bot, request: Request) -> bool:
    """Tell whether the actor is an admin of the space; one who speaks in the group's name is."""
    chat, user = request.space.id, request.actor.id
    if request.space.private or chat == user:
        return True
    try:
        member: Any = await bot.get_chat_member(int(chat), int(user))
    except BadRequest:
        return False
    return member.status in ("creator", "administrator")
