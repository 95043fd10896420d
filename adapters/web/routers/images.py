"""Pictures of codes that are kept: by format, size and look; and signed addresses that show one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import asked, signed_in
from adapters.web.conditional import holds, strong, unchanged
from adapters.web.looks import drawn_as
from adapters.web.once import Also, once
from adapters.web.paths import named
from adapters.web.pictures import sign
from adapters.web.reference.parameters import KEY, NONE_MATCH, takes
from adapters.web.schemas.base import NO_STORE, PRIVATE, answered
from adapters.web.schemas.files import DRAWN
from adapters.web.schemas.saved import ENDINGS, ImageQuery, LinkAnswer, LinkBody
from bot.accounts.caller import READ, WRITE, Caller
from bot.cards import SECRET_KINDS, picture_of
from bot.context import Context
from bot.keeping import looked_up, own_code
from bot.message import Outcome
from bot.qr.refusal import Refused
from bot.qr.style import Style, checked, dump_style
from bot.qr.style.limits import whole, within

Ending = StrEnum("Ending", [(name, name) for name in ENDINGS])  # type: ignore[misc]  # as many as there are
Suffix = Annotated[Ending, Path(description="the file format", examples=["png"])]
Linked = tuple[str, datetime]  # an address, and until when it holds


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/codes/{id}.{ending}`` and ``/v1/codes/{id}/image-links``."""
    router = APIRouter(prefix="/v1/codes", tags=["codes"])
    _drawn(router, api)
    _linked(router, api)
    return router


def _drawn(router: APIRouter, api: Api) -> None:
    reads = Depends(signed_in(api, READ))

    @router.get(
        "/{id}.{ending}", response_class=Response, responses={200: DRAWN}, openapi_extra=takes(NONE_MATCH)
    )
    async def code_image(
        http: HttpRequest,
        id: str,
        ending: Suffix,
        how: Annotated[ImageQuery, Query()],
        caller: Caller = reads,
    ) -> Response:
        """Draw a code, proven to scan; answers the file."""
        code, look = await looked_up(api.app, asked(http, caller), named(id), how.style)
        code = replace(code, style=dump_style(measured(look, how)), format=ENDINGS[ending])
        tag = strong(version("qr-gen"), code.id, code.kind, code.text, code.style, code.format)
        if holds(http.headers, tag):
            return unchanged(tag, PRIVATE)
        drawn = await api.draw(picture_of(code))
        name = f'inline; filename="qr-{code.id.lower()}.{drawn.extension}"'
        headers = {**PRIVATE, "ETag": tag, "Content-Disposition": name, **drawn_as(drawn)}
        return Response(drawn.data, 200, headers, drawn.media_type)


def _linked(router: APIRouter, api: Api) -> None:
    writes = Depends(signed_in(api, WRITE))

    @router.post("/{id}/image-links", status_code=201, response_model=LinkAnswer, openapi_extra=takes(KEY))
    async def link_an_image(http: HttpRequest, id: str, body: LinkBody, caller: Caller = writes) -> Response:
        """Sign an address that shows a code's picture to whoever has it, for a while."""
        code_id, until = named(id), api.app.clock() + timedelta(seconds=body.expires_in)
        home = api.public_url or str(http.base_url).rstrip("/")
        link = f"{home}/i/{sign(api.picture_key, code_id, 0, until)}.{body.format}", until

        async def do(request_id: str, also: Also[Linked]) -> Linked:
            async def act(context: Context) -> Outcome:
                code = await own_code(context, code_id)
                if code.kind in SECRET_KINDS:
                    raise Refused(
                        "This code says something secret, so no address shows it to whoever has it."
                    )
                return Outcome(None, also(link))

            await api.app.perform(asked(http, caller, request_id), act)
            return link

        return await once(api, http, caller.user.id, do, _told)


def measured(style: Style, how: ImageQuery) -> Style:
    """Give a look another size: in pixels, or in millimetres of print. Raises Refused."""
    print = style.print
    if how.mm is not None:
        print = replace(print, width=within("width", how.mm))
    elif how.size is not None:
        print = replace(print, width=0.0)
    if how.dpi is not None:
        print = replace(print, dpi=whole("dpi", how.dpi))
    return checked(replace(style, size=how.size or style.size, print=print))


def _told(link: Linked) -> Response:
    url, until = link
    return answered(LinkAnswer(url=url, expires_at=until), 201, {**NO_STORE, "Location": url})
