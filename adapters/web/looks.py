"""Looks as bodies bring them, and what the headers of an answer say of how a code came out."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from functools import partial

from adapters.web.reference.headers import header_fields
from adapters.web.schemas.content import content_of
from adapters.web.schemas.saved import CodeBody, CodeChanges, KitBody, KitChanges
from bot.drawings import worked
from bot.keeping import Wish
from bot.qr.logo import open_art
from bot.qr.picture import Rendered
from bot.qr.refusal import Refused

SHOWN = {
    "headers": header_fields("QR-Grade", "QR-Score", "QR-Repaired")
}  # for ``responses`` of routes that draw
MADE = {"headers": header_fields("ETag") | SHOWN["headers"]}


def sent_picture(name: str, text: str) -> bytes:
    """Open a picture that came in base64 as a field of a body; nothing where none did. Raises Refused."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        raise Refused("This is not base64.", field=name) from None
    try:
        return open_art(data) if data else b""
    except Refused as refused:
        refused.field = name
        raise


def drawn_as(rendered: Rendered | None) -> dict[str, str]:
    """Say how a code came out: its grade, its score where that was measured, what was mended."""
    if rendered is None:
        return {}
    headers = {"QR-Grade": rendered.grade.name}
    if rendered.score is not None:
        headers["QR-Score"] = str(rendered.score)
    if rendered.said:
        headers["QR-Repaired"] = "; ".join(map(str, rendered.said)).encode("ascii", "replace").decode()
    return headers


async def wish_of(body: CodeBody | CodeChanges | KitBody | KitChanges) -> Wish:
    """Read what a body wants a code or a kit to be; raises Refused."""
    wish = Wish(
        look=body.style or "",
        format=str(body.format or ""),
        logo=await _opened("logo", body.logo),
        backdrop=await _opened("backdrop", body.backdrop),
    )
    if isinstance(body, KitBody | KitChanges):
        return replace(wish, name=body.name)
    content = content_of(body.content) if body.content is not None else None
    return replace(wish, content=content, kit=body.kit or "", favourite=body.favourite)


async def _opened(name: str, text: str | None) -> bytes:
    return await worked(partial(sent_picture, name, text)) if text else b""
