"""Conditional requests (RFC 9110, 13): nothing is sent to who has it, nothing changed that somebody else did.

A route that can name what it would answer does so before it makes it::

    tag = strong(code.id, code.version, format)
    kept = {"Cache-Control": "private, max-age=60"}
    if holds(http.headers, tag):
        return unchanged(tag, kept)

One that changes something asks ``demand(http.headers, tag)`` first.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')  # RFC 9110, 8.8.3: commas may be in one
_BYTES = 16  # of a hash that are written into a tag


def strong(*parts: str | bytes | int) -> str:
    """Make a strong tag of what decides each byte of an answer: the answer itself, or all it is made from."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return f'"{urlsafe_b64encode(digest.digest()[:_BYTES]).decode().rstrip("=")}"'


def weak(tag: str) -> str:
    """Make a tag say that what is sent means the same, byte for byte or not: packed, for one."""
    return tag if tag.startswith("W/") else f"W/{tag}"


def holds(headers: Headers, tag: str) -> bool:
    """Tell whether a client has what this tag names, by ``If-None-Match`` (13.1.2: weak comparison)."""
    known = ", ".join(headers.getlist("if-none-match"))
    return known.strip() == "*" or tag.removeprefix("W/") in {opaque for _, opaque in _TAG.findall(known)}


def unchanged(tag: str, kept: Mapping[str, str] | None = None) -> Response:
    """Answer 304; ``kept``: what the answer would say on how long to keep it, and on what it depends."""
    return Response(status_code=304, headers={**(kept or {}), "ETag": tag})


def demand(headers: Headers, tag: str) -> None:
    """Go on only where it is still what the client saw, by ``If-Match`` (13.1.1: strong comparison).

    Raises HTTPException 412. Without the header there is nothing to hold against.
    """
    known = ", ".join(headers.getlist("if-match"))
    strongly = {opaque for is_weak, opaque in _TAG.findall(known) if not is_weak}
    if known.strip() not in ("", "*") and tag not in strongly:
        raise HTTPException(412, "This was changed meanwhile. Please get it again, and change that.")
