"""Requests and answers on the wire: bodies in every form, errors, pages of proxies.

Rules: core.telegram.org/bots/api#making-requests (query, urlencoded, multipart or JSON; nested objects are
JSON text).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.fakes.ledger import JSON, Fault, Part

NESTED = {
    "allowed_updates", "button", "caption_entities", "commands", "entities", "link_preview_options", "media",
    "menu_button", "reply_markup", "reply_parameters", "results", "scope",
}  # fields that hold JSON text  # fmt: skip
ERRORS = {429: "Too Many Requests: retry after {seconds}", 500: "Internal Server Error", 502: "Bad Gateway"}


async def body(request: web.Request) -> tuple[JSON, dict[str, Part]]:
    """Merge query, form, multipart or JSON; scalars become text, nested fields are decoded."""
    fields: JSON = dict(request.query)
    files: dict[str, Part] = {}
    if request.content_type == "application/json":
        fields |= await request.json()
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                files[name] = Part(value.filename, value.file.read(), value.content_type)
            else:
                fields[name] = value
    return {name: _decoded(name, value) for name, value in fields.items()}, files


def _decoded(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if name in NESTED and isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def broken(fault: Fault) -> web.Response:
    """Answer as a fault says; a page of HTML where a proxy would speak instead of Telegram."""
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
    description = ERRORS.get(fault.status, "Internal Server Error").format(seconds=fault.retry_after)
    if fault.html:
        page = f"<html><head><title>{fault.status} {description}</title></head></html>"
        return web.Response(status=fault.status, text=page, content_type="text/html", headers=headers)
    about = {"parameters": {"retry_after": fault.retry_after}} if fault.retry_after else {}
    body = {"ok": False, "error_code": fault.status, "description": description, **about}
    return answer(body, fault.status, headers)


def answer(body: JSON, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(body, status=status, headers=headers)
