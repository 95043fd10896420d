"""Accounts: signing up, and what each holds of their own."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import address_of, recognised, unknown
from adapters.web.conditional import holds, strong, unchanged
from adapters.web.later import asker_of
from adapters.web.once import PARAMETER, Also, once
from adapters.web.schemas.accounts import (
    KeyHolderAnswer,
    SignUpBody,
    UserAnswer,
    holder_of,
    user_of,
)
from adapters.web.schemas.base import answered
from bot.accounts.caller import Caller
from bot.accounts.profile import Profile, profile_of
from bot.accounts.signing_up import sign_up as make_account
from storage.account import User

ME = "/users/me"
_PRIVATE = {"Cache-Control": "private, no-cache"}


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/users`` for who makes an account, and ``/v1/users/me``."""
    router, accounts = APIRouter(tags=["users"]), api.accounts
    known = Depends(recognised(api))

    @router.post(
        "/users",
        status_code=201,
        response_model=UserAnswer,
        openapi_extra=PARAMETER,
        dependencies=[Depends(unknown(api))],
    )
    async def sign_up(http: HttpRequest, body: SignUpBody) -> Response:
        """Make an account."""

        async def do(id: str, also: Also[User]) -> User:
            return await make_account(
                accounts,
                body.email,
                body.password,
                body.invite,
                address=address_of(http),
                request_id=id,
                also=also,
            )

        return await once(api, http, asker_of(api, http, None), do, _made)

    @router.get(ME, response_model=UserAnswer | KeyHolderAnswer)
    async def show_me(http: HttpRequest, caller: Caller = known) -> Response:
        """Tell whose the token is; of an API key also what it may do."""
        if caller.scopes is not None:
            return answered(holder_of(caller), headers=_PRIVATE)
        profile = await profile_of(accounts, caller)
        tag = tag_of(profile)
        return unchanged(tag, _PRIVATE) if holds(http.headers, tag) else shown(profile)

    return router


def tag_of(profile: Profile) -> str:
    """Name a state of an account as its holder sees it."""
    return strong(user_of(profile).model_dump_json())


def shown(profile: Profile) -> Response:
    """Answer an account to its holder."""
    return answered(user_of(profile), headers=_PRIVATE | {"ETag": tag_of(profile)})


def _made(user: User) -> Response:
    return answered(user_of(Profile(user)), 201, {"Location": f"/v1{ME}"})
