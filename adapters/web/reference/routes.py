"""``/openapi.json`` and ``/docs``: what the API is, for programs and for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from html import escape

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import BaseRoute

from adapters.web.conditional import holds, strong, unchanged
from adapters.web.pages.front import CARD
from adapters.web.pages.layout import Preview, page
from adapters.web.reference.document import Described, document
from adapters.web.reference.operations import HERE
from adapters.web.reference.page import body_of
from bot.drawings import worked
from bot.i18n import Translator

DESCRIPTION, PAGE = "/openapi.json", "/docs"
_READ = ["GET", "HEAD"]
_KEPT = {"Cache-Control": "public, no-cache"}
_LOOK = '\n  <link rel="stylesheet" href="/static/docs.css">'


def routes(described: Callable[[], Sequence[BaseRoute]], public_url: str) -> APIRouter:
    """Serve the description of some routes, made when it is first asked for."""
    router = APIRouter(include_in_schema=False)

    @cache
    def made() -> Described:
        return document(described(), public_url or "/")

    @cache
    def written() -> tuple[bytes, str]:
        data = json.dumps(made(), ensure_ascii=False, separators=(",", ":")).encode()
        return data, strong(data)

    @router.api_route(DESCRIPTION, methods=_READ)
    async def description(http: HttpRequest) -> Response:
        data, tag = await worked(written)
        if holds(http.headers, tag):
            return unchanged(tag, _KEPT)
        return Response(data, headers={**_KEPT, "ETag": tag}, media_type="application/json")

    @cache
    def shown() -> str:
        return body_of(made())

    @router.api_route(PAGE, methods=_READ)
    async def explained(http: HttpRequest) -> Response:
        body, t = await worked(shown), Translator("en")
        here = public_url or str(http.base_url).rstrip("/")
        body = body.replace(HERE, escape(here))
        tag = strong(body)
        if holds(http.headers, tag):
            return unchanged(tag, _KEPT)
        preview = Preview(
            f"{here}{PAGE}", f"{here}{CARD}", "A QR code beside the words “QR codes that scan”."
        )
        more = {**_KEPT, "ETag": tag}
        answer = page(t, "HTTP API", body, look="wide-page", preview=preview, scripts=_LOOK, headers=more)
        for name in ("Vary", "Referrer-Policy"):  # it is the same for everybody, and has no forms
            del answer.headers[name]
        return answer

    return router
