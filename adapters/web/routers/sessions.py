"""Where an account is logged in."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import signed_in
from adapters.web.paging import paged
from adapters.web.paths import named
from adapters.web.schemas.connections import SessionsAnswer, session_of
from bot.accounts.caller import Caller
from bot.accounts.sessions import ID, end_session, sessions_of


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/users/me/sessions``."""
    router = APIRouter(prefix="/v1/users/me/sessions", tags=["users"])
    known = Depends(signed_in(api))

    @router.get("", response_model=SessionsAnswer)
    async def list_sessions(http: HttpRequest, caller: Caller = known) -> Response:
        """List where the account is logged in, the one used last first, all at once."""
        held = await sessions_of(api.accounts, caller)
        return paged(http, [session_of(each, caller.session) for each in held], None)

    @router.delete("/{id}", status_code=204, response_class=Response)
    async def delete_session(id: str, caller: Caller = known) -> Response:
        """Log a browser or a program out."""
        await end_session(api.accounts, caller, named(id, ID))
        return Response(status_code=204)

    return router
