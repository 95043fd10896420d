"""Pictures for Slack and Telegram to fetch: a signed address that names the code, never its content."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.face import Draw
from bot.previews import SIDE, SMALL, photo
from bot.qr.picture import Picture
from bot.qr.refusal import Refused
from bot.qr.style.style import NOT_PRINTED

PictureOf = Callable[[str], Awaitable[Picture | None]]

FORMATS = {"png": "png", "jpg": "jpeg"}  # an address's ending to the picture's format
_MAC = 16  # bytes of the HMAC that an address carries
_LONGEST = 24 * 3600  # seconds a fetcher may keep a picture


class Wrong(LookupError):
    """An address we did not sign."""


class Expired(LookupError):
    """An address whose time is over."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What an address says: the id of a code or draft, the version of its look, until when it holds."""

    code_id: str
    version: int
    expires: datetime


def sign(key: bytes, code_id: str, version: int, expires: datetime) -> str:
    """Write a token for ``/i/{token}.png``; ids have no hyphen."""
    said = f"{code_id}-{version:x}-{int(expires.timestamp()):x}"
    return f"{said}-{_mac(key, said)}"


def verify(key: bytes, token: str, now: datetime) -> Signed:
    """Read a token; raises Wrong where we did not sign it and Expired where its time is over."""
    code_id, version, expires, mac = (*token.split("-", 3), "", "", "")[:4]
    if not hmac.compare_digest(mac.encode(), _mac(key, f"{code_id}-{version}-{expires}").encode()):
        raise Wrong
    until = datetime.fromtimestamp(int(expires, 16), UTC)
    if until <= now:
        raise Expired
    return Signed(code_id, int(version, 16), until)


def _mac(key: bytes, said: str) -> str:
    digest = hmac.digest(key, f"picture:{said}".encode(), "sha256")[:_MAC]
    return urlsafe_b64encode(digest).decode().rstrip("=")


def routes(key: bytes, picture_of: PictureOf, draw: Draw, clock: Callable[[], datetime]) -> APIRouter:
    """Serve signed pictures: 404 for a wrong address, 410 for one whose time is over."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/i/{name}", methods=["GET", "HEAD"])
    async def picture(name: str, small: bool = False) -> Response:
        token, _, ending = name.rpartition(".")
        now = clock()
        found = await _find(key, token, now, picture_of) if ending in FORMATS else None
        if found is None:
            raise HTTPException(404)
        shown, signed = found
        try:
            rendered = await draw(_as(shown, ending, small))
        except Refused:
            raise HTTPException(404) from None
        kept = min(_LONGEST, int((signed.expires - now).total_seconds()))
        headers = {
            "Cache-Control": f"private, max-age={kept}",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return Response(rendered.data, 200, headers, rendered.media_type)

    return router


def _as(shown: Picture, ending: str, small: bool) -> Picture:
    """Say what to draw for an address: PNG as asked for, or no larger than is shown; JPEG for Telegram."""
    if FORMATS[ending] == "jpeg":
        return photo(shown, SMALL if small else SIDE)
    style = (
        replace(shown.style, size=min(shown.style.size, SIDE), print=NOT_PRINTED) if small else shown.style
    )
    return replace(shown, style=style, format=FORMATS[ending])


async def _find(
    key: bytes, token: str, now: datetime, picture_of: PictureOf
) -> tuple[Picture, Signed] | None:
    try:
        signed = verify(key, token, now)
    except Wrong:
        return None
    except Expired:
        raise HTTPException(
            410, "This picture's address has expired. Ask the bot for the code again."
        ) from None
    shown = await picture_of(signed.code_id)
    return None if shown is None else (shown, signed)
