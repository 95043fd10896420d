"""Forgotten passwords: have a code sent to a connected chat, and choose another with it."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import address_of, unknown
from adapters.web.parse import translator
from adapters.web.schemas.base import NO_STORE, answered
from adapters.web.schemas.resets import NewPasswordBody, ResetAnswer, ResetBody
from bot.accounts.resetting import SENT, ask_reset, reset_password


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/auth/reset`` and ``/v1/auth/password``, to anybody."""
    counted = [Depends(unknown(api))]
    router, accounts = APIRouter(prefix="/v1/auth", tags=["auth"], dependencies=counted), api.accounts

    @router.post("/reset", status_code=202, response_model=ResetAnswer)
    async def ask_for_reset(http: HttpRequest, body: ResetBody) -> Response:
        """Have a code sent to the chats of an account; says the same for every address."""
        await ask_reset(accounts, body.email, address_of(http), language=translator(http).language)
        return answered(ResetAnswer(detail=SENT), 202, NO_STORE)

    @router.post("/password", status_code=204, response_class=Response)
    async def choose_password(http: HttpRequest, body: NewPasswordBody) -> Response:
        """Change a password with the code that came for it; all sessions and tokens of the account end."""
        await reset_password(accounts, body.email, body.code, body.new_password, address_of(http))
        return Response(status_code=204, headers=NO_STORE)

    return router
