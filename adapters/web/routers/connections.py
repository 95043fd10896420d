"""The chats that an account is one person with."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import signed_in
from adapters.web.once import Also, once
from adapters.web.paging import paged
from adapters.web.paths import named
from adapters.web.reference.parameters import KEY, takes
from adapters.web.schemas.base import NO_STORE, answered
from adapters.web.schemas.connections import (
    ConnectBody,
    ConnectionAnswer,
    ConnectionsAnswer,
    PairingAnswer,
    connection_of,
    pairing_of,
)
from bot.accounts.caller import Caller
from bot.accounts.connecting import connect, connections, disconnect, offer
from storage.records import Join, Pairing

HERE = "/users/me/connections"


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/users/me/connections``, and the codes to connect by."""
    router, accounts = APIRouter(prefix="/v1", tags=["users"]), api.accounts
    known = Depends(signed_in(api))

    @router.post(
        "/users/me/pairing-codes", status_code=201, response_model=PairingAnswer, openapi_extra=takes(KEY)
    )
    async def make_pairing_code(http: HttpRequest, caller: Caller = known) -> Response:
        """Make a code that connects a chat: say “/connect” and the code there, within ten minutes."""

        async def do(id: str, also: Also[Pairing]) -> Pairing:
            return await offer(accounts, caller, request_id=id, also=also)

        return await once(api, http, caller.user.id, do, _offered)

    @router.post(HERE, status_code=201, response_model=ConnectionAnswer, openapi_extra=takes(KEY))
    async def connect_chat(http: HttpRequest, body: ConnectBody, caller: Caller = known) -> Response:
        """Connect a chat with the code that “/connect” gave there; after five wrong ones comes a pause."""

        async def do(id: str, also: Also[Join]) -> Join:
            return await connect(accounts, caller, body.code, request_id=id, also=also)

        return await once(api, http, caller.user.id, do, _connected)

    @router.get(HERE, response_model=ConnectionsAnswer)
    async def list_connections(http: HttpRequest, caller: Caller = known) -> Response:
        """List what was connected and can be undone, the latest first, all at once."""
        held = await connections(accounts, caller)
        return paged(http, [connection_of(each) for each in held], None)

    @router.delete(HERE + "/{id}", status_code=204, response_class=Response)
    async def undo_connection(id: str, caller: Caller = known) -> Response:
        """Undo a connection: each has its own again; what was made since stays with the older one."""
        await disconnect(accounts, caller, named(id))
        return Response(status_code=204)

    return router


def _offered(pairing: Pairing) -> Response:
    return answered(pairing_of(pairing), 201, NO_STORE)


def _connected(join: Join) -> Response:
    return answered(connection_of(join), 201, {"Location": f"/v1{HERE}/{join.id}"})
