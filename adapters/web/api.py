"""The HTTP API that needs no account: draw a code, read a picture. Nothing of it is stored."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, File, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from adapters.web.parse import BODY_LIMIT, FILE_LIMIT, translator
from adapters.web.problems import problem
from adapters.web.schemas import ReadAnswer, RenderBody, content_of, found_of
from adapters.web.security import from_own_page
from bot.app import App
from bot.face import Draw
from bot.i18n import Translator
from bot.qr.payloads import interpret
from bot.qr.picture import Picture
from bot.qr.reading import read_picture
from bot.qr.refusal import Refused
from bot.qr.style import fitted, parse_style

LIMITS = {"/v1/read": BODY_LIMIT, "/v1/render": 64 * 1024}  # bytes of a body, by path


def routes(app: App, draw: Draw, public_url: str) -> APIRouter:
    """Serve ``/v1/render`` and ``/v1/read`` to whoever may use the web chat."""

    async def admitted(http: HttpRequest) -> None:
        if not from_own_page(http.headers, public_url):
            raise HTTPException(403, "This was sent by another site's page.")
        if await app.allowed(f"http:{http.client.host if http.client else ''}"):
            raise HTTPException(429, "That was a lot at once. Please wait a minute.", {"Retry-After": "60"})

    router = APIRouter(prefix="/v1", tags=["codes"], dependencies=[Depends(admitted)])

    @router.post("/render", response_class=Response)
    async def render(http: HttpRequest, body: RenderBody) -> Response:
        """Draw a code, proven to scan; answers the file."""
        try:
            return await _drawn(body, draw)
        except Refused as refused:
            return refusal(http, refused)

    @router.post("/read", response_model=ReadAnswer)
    async def read(http: HttpRequest, file: Annotated[UploadFile, File()]) -> Response:
        """Tell what the codes in a picture say."""
        if (file.size or 0) > FILE_LIMIT:
            raise HTTPException(413, "This file is larger than 10 MB. Please send a smaller one.")
        try:
            return await _read(await file.read(), translator(http))
        except Refused as refused:
            return refusal(http, refused)

    return router


async def _drawn(body: RenderBody, draw: Draw) -> Response:
    kind, content = content_of(body.content)
    payload = kind.payload(content)
    style = fitted(parse_style(body.style), kind.rules)
    rendered = await draw(Picture(payload, style, str(body.format), kind.name))
    headers = {
        "Content-Disposition": f'inline; filename="{kind.name}.{rendered.extension}"',
        "Cache-Control": "no-store",
    }
    return Response(rendered.data, headers=headers, media_type=rendered.media_type)


async def _read(data: bytes, t: Translator) -> Response:
    found = await asyncio.to_thread(read_picture, data)
    readings = [interpret(code.text) for code in found]
    codes = [
        found_of(code, reading, [t.of(each) for each in reading.warnings])
        for code, reading in zip(found, readings, strict=True)
    ]
    answer = ReadAnswer(codes=codes).model_dump(mode="json")
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def refusal(http: HttpRequest, refused: Refused) -> Response:
    """Answer what a person can mend, naming the field."""
    told = translator(http).of(refused)
    if not refused.field:
        return problem(422, told, incident=http.state.request_id)
    errors = [{"field": refused.field, "detail": told}]
    return problem(422, told, incident=http.state.request_id, errors=errors)
