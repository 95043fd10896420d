"""Codes that are kept: made, listed, shown, changed, deleted."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import asked, signed_in
from adapters.web.conditional import demand
from adapters.web.later import soon
from adapters.web.looks import MADE, SHOWN, drawn_as, wish_of
from adapters.web.once import Also, once
from adapters.web.paging import paged, place_of
from adapters.web.paths import named
from adapters.web.reference.parameters import KEY, MATCH, NONE_MATCH, PREFER, takes
from adapters.web.schemas.base import fresh, tag_of, tagged
from adapters.web.schemas.saved import (
    CODES,
    CodeAnswer,
    CodeBody,
    CodeChanges,
    CodeList,
    CodeQuery,
    code_told,
)
from bot.accounts.caller import READ, WRITE, Caller
from bot.context import open_context
from bot.keeping import Kept, Program, change_code, delete_code, looked_up, make_code
from storage.records import Code


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/codes`` and ``/v1/codes/{id}``."""
    router = APIRouter(prefix="/v1/codes", tags=["codes"])
    _making(router, api)
    _one(router, api)
    return router


def _making(router: APIRouter, api: Api) -> None:
    reads, writes = Depends(signed_in(api, READ)), Depends(signed_in(api, WRITE))

    @router.post(
        "",
        status_code=201,
        response_model=CodeAnswer,
        responses={201: MADE},
        openapi_extra=takes(KEY, PREFER),
    )
    async def make_a_code(http: HttpRequest, body: CodeBody, caller: Caller = writes) -> Response:
        """Make a code, prove that it scans, and keep it."""

        async def do(request_id: str, also: Also[Kept]) -> Kept:
            return await make_code(program(api, http, caller, request_id), await wish_of(body), also)

        made = partial(once, api, http, caller.user.id, do, _made)
        return await soon(api, http, caller, made)

    @router.get("", response_model=CodeList)
    async def list_codes(
        http: HttpRequest, asked_for: Annotated[CodeQuery, Query()], caller: Caller = reads
    ) -> Response:
        """List your codes, the newest first; search them."""
        after, most = place_of(asked_for.cursor), asked_for.limit
        async with api.app.store.reading() as work:
            context = await open_context(api.app, work, asked(http, caller))
            chosen = {"words": asked_for.q, "kind": str(asked_for.type or "")}
            mine = work.codes.below(
                context.person.id, after, limit=most + 1, favourite=asked_for.favourite, **chosen
            )
            found = await mine
        page = found[:most]
        last = (page[-1].created_at, page[-1].id) if len(found) > most else None
        return paged(http, [code_told(code) for code in page], last)


def _one(router: APIRouter, api: Api) -> None:
    reads, writes = Depends(signed_in(api, READ)), Depends(signed_in(api, WRITE))

    @router.get("/{id}", response_model=CodeAnswer, openapi_extra=takes(NONE_MATCH))
    async def show_code(http: HttpRequest, id: str, caller: Caller = reads) -> Response:
        """Show a code: what it says, and how it looks."""
        code, _ = await looked_up(api.app, asked(http, caller), named(id))
        return fresh(http, code_told(code))

    @router.patch(
        "/{id}", response_model=CodeAnswer, responses={200: SHOWN}, openapi_extra=takes(MATCH, PREFER)
    )
    async def change_a_code(
        http: HttpRequest, id: str, body: CodeChanges, caller: Caller = writes
    ) -> Response:
        """Change what a code says, how it looks, or whether it is a favourite."""
        code_id = named(id)

        async def changed() -> Response:
            by, wish = program(api, http, caller), await wish_of(body)
            return _shown(await change_code(by, code_id, wish, partial(_demand, http)))

        return await soon(api, http, caller, changed)

    @router.delete("/{id}", status_code=204, response_class=Response, openapi_extra=takes(MATCH))
    async def delete_a_code(http: HttpRequest, id: str, caller: Caller = writes) -> Response:
        """Delete a code. Pictures of it that were saved go on working."""
        await delete_code(api.app, asked(http, caller), named(id), partial(_demand, http))
        return Response(status_code=204)


def program(api: Api, http: HttpRequest, caller: Caller, request_id: str = "") -> Program:
    """Say who asks for something to be kept."""
    return Program(api.app, api.draw, asked(http, caller, request_id))


def _demand(http: HttpRequest, code: Code) -> None:
    demand(http.headers, tag_of(code_told(code)))


def _made(kept: Kept) -> Response:
    return _shown(kept, 201, {"Location": f"{CODES}{kept.code.id}"})


def _shown(kept: Kept, status: int = 200, more: dict[str, str] | None = None) -> Response:
    return tagged(code_told(kept.code), status, {**drawn_as(kept.drawn), **(more or {})})
