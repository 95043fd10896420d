"""Photos and documents: what Telegram takes, and the sizes it makes of a photo.

Rules: core.telegram.org/bots/api#sendphoto, #senddocument, #sending-files, #getfile.
"""

from __future__ import annotations

import io
import mimetypes
from functools import cache, partial
from pathlib import PurePath
from typing import Any

from PIL import Image, ImageOps

from tests.fakes.ledger import JSON, Call, Part
from tests.fakes.outside import fetch, flattened, jpeg, opened
from tests.fakes.telegram.things import Media, Refused
from tests.fakes.telegram.world import World

UPLOAD, PHOTO, DOWNLOAD = 50_000_000, 10_000_000, 20_000_000  # bytes
LOCAL_UPLOAD = 2_000_000_000
BY_ADDRESS = {"photo": 5_000_000, "document": 20_000_000}  # what Telegram fetches itself
SIDES, RATIO = 10_000, 20  # width + height in pixels; longer : shorter
SIZES = (90, 320, 800, 1280)  # longest sides of the JPEGs that a photo becomes (core.telegram.org/api/files)
PORTRAIT = (160, 320, 640)  # sides of a profile's photo
LINK = 3600  # seconds that an address from getFile is good for at least


def photo(tg: World, data: bytes, sizes: tuple[int, ...] = SIZES) -> Media:
    """Take a picture as a photo; raises Refused for what is none, too big, too wide or too long."""
    if len(data) > PHOTO:
        raise Refused("file is too big")
    image = opened(data)
    if image is None:
        raise Refused("IMAGE_PROCESS_FAILED")
    width, height = image.size
    if width + height > SIDES or max(image.size) > RATIO * min(image.size):
        raise Refused("PHOTO_INVALID_DIMENSIONS")
    longest = max(image.size)
    sides = [side for side in sizes if side < longest] + [min(longest, sizes[-1])]
    reads = {side: cache(partial(jpeg, data, side)) for side in dict.fromkeys(sides)}
    media = Media("photo", data, reads[sides[-1]], [])
    for side, read in reads.items():
        stored = tg.store("Photo", read, 0, ".jpg", media)
        scale = side / longest
        pixels = {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
        media.json.append({"file_id": stored.file_id, "file_unique_id": stored.unique_id, **pixels})
    return media


def portrait(tg: World, data: bytes) -> tuple[Media, JSON]:
    """Take a picture for a profile, cut to a square: as a photo, and as the ChatPhoto of getChat."""
    square = ImageOps.fit(flattened(Image.open(io.BytesIO(data))), (PORTRAIT[-1], PORTRAIT[-1]))
    out = io.BytesIO()
    square.save(out, "PNG")
    told: JSON = {}
    media = photo(tg, out.getvalue(), PORTRAIT)
    for name, side in (("small", PORTRAIT[0]), ("big", PORTRAIT[-1])):
        stored = tg.store("ChatPhoto", partial(jpeg, out.getvalue(), side), 0, ".jpg", media)
        told |= {f"{name}_file_id": stored.file_id, f"{name}_file_unique_id": stored.unique_id}
    return media, told


def document(tg: World, part: Part) -> Media:
    """Take any bytes as a document; raises Refused for an empty file."""
    if not part.data:
        raise Refused("file must be non-empty")
    name = PurePath(part.name).name or "file"
    media_type = mimetypes.guess_type(name)[0] or part.media_type
    media = Media("document", part.data, lambda: part.data, {}, name, media_type)
    stored = tg.store("Document", lambda: part.data, len(part.data), PurePath(name).suffix, media)
    media.json = {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_name": name,
        "mime_type": media_type,
        "file_size": len(part.data),
    }
    return media


def taken(tg: World, call: Call, kind: str, value: Any) -> Media:
    """Take what a ``photo``, ``document`` or ``media`` field says: an upload, a file_id or an address.

    Addresses were fetched before (see ``fetched``), so an upload and an address look alike here.
    """
    attached = str(value or "").removeprefix("attach://")
    part = call.files.get(attached) or (call.files.get(kind) if not value else None)
    if part is not None:
        if len(part.data) > (LOCAL_UPLOAD if tg.local else UPLOAD):
            raise Refused("Request Entity Too Large", 413)
        return photo(tg, part.data) if kind == "photo" else document(tg, part)
    if not value:
        raise Refused(f"there is no {kind} in the request")
    if str(value).startswith(("http:", "https:")):
        raise Refused("failed to get HTTP URL content")
    stored = tg.files.get(str(value))
    if stored is None or stored.media is None:
        raise Refused("Wrong remote file identifier specified: can't unserialize it")
    if stored.kind.lower() != kind:
        raise Refused(f"can't use file of type {stored.kind} as {kind.title()}")
    return stored.media


async def fetched(tg: World, call: Call) -> None:
    """Fetch the addresses that a call names instead of files, as Telegram's servers do, into ``call.files``.

    Raises Refused for what is no picture where a photo is asked for, or is too big.
    """
    named: list[tuple[str, str]] = [
        (kind, str(call.fields[kind])) for kind in ("photo", "document") if kind in call.fields
    ]
    media = call.fields.get("media")
    items = media if isinstance(media, list) else [media] if isinstance(media, dict) else []
    named += [(item.get("type", ""), str(item.get("media", ""))) for item in items]
    for kind, address in named:
        if not address.startswith(("http://", "https://")):
            continue
        answer = await fetch(address, tg.public)
        if answer is None or answer.status != 200 or len(answer.data) > BY_ADDRESS.get(kind, 0):
            raise Refused("failed to get HTTP URL content")
        if kind == "photo" and not answer.media_type.startswith("image/"):
            raise Refused("wrong type of the web page content")
        call.files[address] = Part(PurePath(address.split("?")[0]).name, answer.data, answer.media_type)


def get_file(tg: World, call: Call) -> JSON:
    """Answer getFile: an address relative to the file root, good for an hour; 20 MB at most."""
    stored = tg.files.get(call.fields.get("file_id", ""))
    if stored is None:
        raise Refused("wrong file_id or the file is temporarily unavailable")
    size = stored.size or len(stored.read())
    if size > DOWNLOAD and not tg.local:
        raise Refused("file is too big")
    stored.served_until = tg.now() + LINK
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": size,
        "file_path": stored.path,
    }
