"""Draw a code, read or prove a picture: nothing of it is stored."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, File, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from adapters.web.api import Api
from adapters.web.caller import anyone
from adapters.web.later import soon
from adapters.web.looks import drawn_as, sent_picture
from adapters.web.parse import BODY_LIMIT, FILE_LIMIT, translator
from adapters.web.reference.parameters import PREFER, takes
from adapters.web.schemas.content import (
    PICTURE,
    ConditionBorne,
    ProveAnswer,
    ReadAnswer,
    RenderBody,
    content_of,
    found_of,
)
from adapters.web.schemas.files import DRAWN
from bot.access import check_on
from bot.accounts.caller import PICTURES, Caller
from bot.builder import word_of
from bot.drawings import ASSET, EMOJI, worked
from bot.face import Draw
from bot.i18n import Translator
from bot.qr.logo import NO_ART, Art, emoji
from bot.qr.payloads import interpret
from bot.qr.picture import Picture, render
from bot.qr.proof.conditions import CONDITIONS
from bot.qr.proof.distance import print_advice
from bot.qr.proof.ladder import advice, prove_photo
from bot.qr.reading import Found
from bot.qr.reading.opening import in_colour
from bot.qr.refusal import Refused
from bot.qr.style import Backdrop, Logo, Style, fitted, parse_style, style_of_json

LIMITS = {
    "/v1/read": BODY_LIMIT,
    "/v1/prove": BODY_LIMIT,
    "/v1/render": 2 * PICTURE + 64 * 1024,
}  # bytes of a body, by path

Picked = Annotated[UploadFile, File(description="a picture, or a PDF file; 10 MB at most")]


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/render``, ``/v1/read`` and ``/v1/prove``."""
    app, draw, known = api.app, api.draw, Depends(anyone(api, PICTURES))
    router = APIRouter(prefix="/v1", tags=["pictures"])

    @router.post("/render", response_class=Response, responses={200: DRAWN}, openapi_extra=takes(PREFER))
    async def render_code(http: HttpRequest, body: RenderBody, caller: Caller | None = known) -> Response:
        """Draw a code, proven to scan; answers the file."""
        await check_on(app, "qr", word_of(app.commands, body.content.type))
        if quick(body) and "prefer" not in http.headers:
            return await _drawn(body, draw)
        return await soon(api, http, caller, partial(_drawn, body, draw))

    @router.post("/read", response_model=ReadAnswer, openapi_extra=takes(PREFER))
    async def read_picture(http: HttpRequest, file: Picked, caller: Caller | None = known) -> Response:
        """Tell what the codes in a picture say."""
        await check_on(app, "read")
        data, t = await _sent(file), translator(http)

        async def told() -> Response:
            return await _told(await app.read(data), t)

        return await soon(api, http, caller, told)

    @router.post("/prove", response_model=ProveAnswer, openapi_extra=takes(PREFER))
    async def prove_picture(http: HttpRequest, file: Picked, caller: Caller | None = known) -> Response:
        """Tell how surely the code in a picture scans, and what would help."""
        await check_on(app, "prove")
        data, t = await _sent(file), translator(http)

        async def proved() -> Response:
            await app.read(data)  # under limits of time and memory: what passes them is safe to open here
            return await _proved(data, t)

        return await soon(api, http, caller, proved)

    return router


def quick(body: RenderBody) -> bool:
    """Tell a code without a look, which is drawn sooner than a task for it is begun."""
    return not (body.style or body.logo or body.backdrop) and body.format == "png"


async def _sent(file: UploadFile) -> bytes:
    if (file.size or 0) > FILE_LIMIT:
        raise HTTPException(413, "This file is larger than 10 MB. Please send a smaller one.")
    return await file.read()


async def _drawn(body: RenderBody, draw: Draw) -> Response:
    kind, content = content_of(body.content)
    payload = kind.payload(content)
    style = _style(body)
    pictured = body.logo or body.backdrop or style.logo is not None
    style, art = await worked(partial(_look, body, style)) if pictured else (style, NO_ART)
    picture = Picture(payload, fitted(style, kind.rules), str(body.format), kind.name)
    rendered = await (worked(partial(render, picture, art)) if art != NO_ART else draw(picture))
    headers = {
        "Content-Disposition": f'inline; filename="{kind.name}.{rendered.extension}"',
        "Cache-Control": "no-store",
        **drawn_as(rendered),
    }
    return Response(rendered.data, headers=headers, media_type=rendered.media_type)


def _style(body: RenderBody) -> Style:
    """Read a look; uploads of people in chats are not to be named."""
    style = parse_style(body.style) if isinstance(body.style, str) else style_of_json(body.style)
    for part in (style.logo, style.backdrop):
        if part is not None and part.source.startswith(ASSET):
            raise Refused("Send the picture itself, in base64, as “logo” or “backdrop”.", field="style")
    return style


def _look(body: RenderBody, style: Style) -> tuple[Style, Art]:
    """Put the pictures that were sent with a look into it."""
    logo, backdrop = (sent_picture(name, getattr(body, name)) for name in ("logo", "backdrop"))
    if logo:
        style = replace(style, logo=replace(style.logo or Logo(""), source=f"{ASSET}body"))
    elif style.logo is not None:
        logo = emoji(style.logo.source.removeprefix(EMOJI))
    if backdrop:
        style = replace(style, backdrop=replace(style.backdrop or Backdrop(""), source=f"{ASSET}body"))
    return style, Art(logo, backdrop)


async def _proved(data: bytes, t: Translator) -> Response:
    ladder = await worked(lambda: prove_photo(in_colour(data)))
    if ladder is None:
        raise Refused("I found no code in this picture.", field="file")
    steps = {condition.name: len(condition.steps) for condition in CONDITIONS}
    conditions = {rung.name: ConditionBorne(read=rung.read, steps=steps[rung.name]) for rung in ladder.rungs}
    told = [t.of(each) for each in (*advice(ladder), *print_advice(ladder))]
    answer = ProveAnswer(score=ladder.score, grade=ladder.grade.name, conditions=conditions, advice=told)
    return JSONResponse(answer.model_dump(mode="json"), headers={"Cache-Control": "no-store"})


async def _told(found: tuple[Found, ...], t: Translator) -> Response:
    readings = [interpret(code.text) for code in found]
    codes = [
        found_of(code, reading, [t.of(each) for each in reading.warnings])
        for code, reading in zip(found, readings, strict=True)
    ]
    answer = ReadAnswer(codes=codes).model_dump(mode="json")
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})
