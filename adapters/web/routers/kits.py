"""Kits: looks with a name, for codes that name them."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Depends
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import asked, signed_in
from adapters.web.conditional import demand
from adapters.web.later import soon
from adapters.web.looks import MADE, SHOWN, drawn_as, wish_of
from adapters.web.once import Also, once
from adapters.web.paging import paged
from adapters.web.paths import named
from adapters.web.reference.parameters import KEY, MATCH, NONE_MATCH, PREFER, takes
from adapters.web.routers.codes import program
from adapters.web.schemas.base import fresh, tag_of, tagged
from adapters.web.schemas.saved import KITS, KitAnswer, KitBody, KitChanges, KitList, kit_told
from bot.accounts.caller import READ, WRITE, Caller
from bot.kits import KeptKit, change_kit, drop_kit, kit_of, kits_of, make_kit
from storage.own import OwnKit


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/kits`` and ``/v1/kits/{id}``."""
    router = APIRouter(prefix="/v1/kits", tags=["kits"])
    _all(router, api)
    _one(router, api)
    return router


def _all(router: APIRouter, api: Api) -> None:
    reads, writes = Depends(signed_in(api, READ)), Depends(signed_in(api, WRITE))

    @router.post(
        "", status_code=201, response_model=KitAnswer, responses={201: MADE}, openapi_extra=takes(KEY, PREFER)
    )
    async def make_a_kit(http: HttpRequest, body: KitBody, caller: Caller = writes) -> Response:
        """Keep a look under a name, proven on a sample."""

        async def do(request_id: str, also: Also[KeptKit]) -> KeptKit:
            return await make_kit(program(api, http, caller, request_id), await wish_of(body), also)

        made = partial(once, api, http, caller.user.id, do, _made)
        return await soon(api, http, caller, made)

    @router.get("", response_model=KitList)
    async def list_kits(http: HttpRequest, caller: Caller = reads) -> Response:
        """List your kits, the newest first."""
        return paged(http, [kit_told(kit) for kit in await kits_of(api.app, asked(http, caller))], None)


def _one(router: APIRouter, api: Api) -> None:
    reads, writes = Depends(signed_in(api, READ)), Depends(signed_in(api, WRITE))

    @router.get("/{id}", response_model=KitAnswer, openapi_extra=takes(NONE_MATCH))
    async def show_kit(http: HttpRequest, id: str, caller: Caller = reads) -> Response:
        """Show a kit."""
        kit = await kit_of(api.app, asked(http, caller), named(id))
        return fresh(http, kit_told(kit))

    @router.patch(
        "/{id}", response_model=KitAnswer, responses={200: SHOWN}, openapi_extra=takes(MATCH, PREFER)
    )
    async def change_a_kit(http: HttpRequest, id: str, body: KitChanges, caller: Caller = writes) -> Response:
        """Change a kit's name, look or format. Codes that were made with it stay as they are."""
        kit_id = named(id)

        async def changed() -> Response:
            by, wish = program(api, http, caller), await wish_of(body)
            return _shown(await change_kit(by, kit_id, wish, partial(_demand, http)))

        return await soon(api, http, caller, changed)

    @router.delete("/{id}", status_code=204, response_class=Response, openapi_extra=takes(MATCH))
    async def delete_kit(http: HttpRequest, id: str, caller: Caller = writes) -> Response:
        """Delete a kit. Codes that were made with it stay as they are."""
        await drop_kit(api.app, asked(http, caller), named(id), partial(_demand, http))
        return Response(status_code=204)


def _demand(http: HttpRequest, kit: OwnKit) -> None:
    demand(http.headers, tag_of(kit_told(kit)))


def _made(kept: KeptKit) -> Response:
    return _shown(kept, 201, {"Location": f"{KITS}{kept.kit.id}"})


def _shown(kept: KeptKit, status: int = 200, more: dict[str, str] | None = None) -> Response:
    return tagged(kit_told(kept.kit), status, {**drawn_as(kept.drawn), **(more or {})})
