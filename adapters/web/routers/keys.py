"""API keys: made and shown once, listed, revoked."""

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
from adapters.web.schemas.accounts import KeyAnswer, KeyBody, KeysAnswer, MadeKeyAnswer, key_of
from adapters.web.schemas.base import NO_STORE, answered
from bot.accounts.caller import Caller, Missing
from bot.accounts.keys import Made, keys_of, make_key, revoke


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/api-keys``."""
    router, accounts = APIRouter(prefix="/v1/api-keys", tags=["api keys"]), api.accounts
    known = Depends(signed_in(api))

    @router.post("", status_code=201, response_model=MadeKeyAnswer, openapi_extra=takes(KEY))
    async def make_api_key(http: HttpRequest, body: KeyBody, caller: Caller = known) -> Response:
        """Make an API key; it is shown this once."""

        async def do(id: str, also: Also[Made]) -> Made:
            scopes = map(str, body.scopes)
            return await make_key(
                accounts, caller, body.name, scopes, body.expires_at, request_id=id, also=also
            )

        return await once(api, http, caller.user.id, do, _made)

    @router.get("", response_model=KeysAnswer)
    async def list_api_keys(http: HttpRequest, caller: Caller = known) -> Response:
        """List the account's API keys, the newest first, all at once."""
        keys = await keys_of(accounts, caller)
        return paged(http, [key_of(each) for each in keys], None)

    @router.get("/{id}", response_model=KeyAnswer)
    async def show_api_key(id: str, caller: Caller = known) -> Response:
        """Show an API key, but for the key itself."""
        found = [each for each in await keys_of(accounts, caller) if each.id == named(id)]
        if not found:
            raise Missing
        return answered(key_of(found[0]))

    @router.delete("/{id}", status_code=204, response_class=Response)
    async def revoke_api_key(id: str, caller: Caller = known) -> Response:
        """Revoke an API key: its next request is refused."""
        await revoke(accounts, caller, named(id))
        return Response(status_code=204)

    return router


def _made(made: Made) -> Response:
    key, text = made
    shown = MadeKeyAnswer(**key_of(key).model_dump(), key=text)
    return answered(shown, 201, NO_STORE | {"Location": f"/v1/api-keys/{key.id}"})
