"""Accounts: signing up, and what each holds of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Depends
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import address_of, recognised, signed_in, unknown
from adapters.web.conditional import demand
from adapters.web.later import asker_of
from adapters.web.once import Also, once
from adapters.web.reference.headers import header_fields
from adapters.web.reference.parameters import KEY, MATCH, NONE_MATCH, takes
from adapters.web.routers.auth import given
from adapters.web.schemas.accounts import (
    DeleteBody,
    KeyHolderAnswer,
    PasswordBody,
    ProfileBody,
    SignUpBody,
    TokenAnswer,
    UserAnswer,
    chosen_of,
    holder_of,
    user_of,
)
from adapters.web.schemas.base import NO_STORE, PRIVATE, answered, fresh, tag_of, tagged
from bot.accounts.caller import Caller, request_of
from bot.accounts.forgetting import forget
from bot.accounts.passwords import change_password
from bot.accounts.profile import Profile, change_profile, profile_of
from bot.accounts.sessions import tokens_for
from bot.accounts.signing_up import sign_up as make_account
from bot.commands.data import everything
from bot.context import Context
from bot.message import File, Outcome
from storage.account import KeepAnswer, User
from storage.changes import Change

ME = "/users/me"
_EXPORT = {
    "description": "Everything, as a file.",
    "content": {"application/json": {}},
    "headers": header_fields("Content-Disposition"),
}


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/users`` for who makes an account, and ``/v1/users/me``."""
    router, accounts = APIRouter(prefix="/v1", tags=["users"]), api.accounts
    known = Depends(recognised(api))

    @router.post(
        "/users",
        status_code=201,
        response_model=UserAnswer,
        responses={403: {}},
        openapi_extra=takes(KEY),
        dependencies=[Depends(unknown(api))],
    )
    async def sign_up(http: HttpRequest, body: SignUpBody) -> Response:
        """Make an account."""

        async def do(id: str, also: Also[User]) -> User:
            kept = partial(_theirs, also)
            return await make_account(
                accounts,
                body.email,
                body.password,
                body.invite,
                address=address_of(http),
                request_id=id,
                also=kept,
            )

        return await once(api, http, asker_of(api, http, None), do, _made)

    @router.get(ME, response_model=UserAnswer | KeyHolderAnswer, openapi_extra=takes(NONE_MATCH))
    async def show_me(http: HttpRequest, caller: Caller = known) -> Response:
        """Tell whose the token is; of an API key also what it may do."""
        if caller.scopes is not None:
            return answered(holder_of(caller), headers=PRIVATE)
        return fresh(http, user_of(await profile_of(accounts, caller)))

    _own(router, api)
    return router


def _own(router: APIRouter, api: Api) -> None:
    """Serve what no API key does."""
    accounts, known = api.accounts, Depends(signed_in(api))

    @router.patch(ME, response_model=UserAnswer, openapi_extra=takes(MATCH))
    async def change_me(http: HttpRequest, body: ProfileBody, caller: Caller = known) -> Response:
        """Change the email address, or what was chosen for every chat; with If-Match only what was seen."""
        profile = await change_profile(
            accounts,
            caller,
            chosen_of(body),
            email=body.email or "",
            password=body.current_password,
            premise=lambda before: demand(http.headers, tag_of(user_of(before))),
        )
        return tagged(user_of(profile))

    @router.delete(ME, status_code=204, response_class=Response)
    async def delete_me(body: DeleteBody, caller: Caller = known) -> Response:
        """Delete the account, with all that is its holder's, on every platform."""
        await forget(accounts, caller, body.password)
        return Response(status_code=204)

    @router.post(f"{ME}/password", response_model=TokenAnswer)
    async def change_my_password(body: PasswordBody, caller: Caller = known) -> Response:
        """Change the password: all sessions and tokens end, and the answer holds new tokens."""
        user = await change_password(accounts, caller, body.current_password, body.new_password)
        return given(await tokens_for(accounts, user))

    @router.get(f"{ME}/export", response_class=Response, responses={200: _EXPORT})
    async def export_me(caller: Caller = known) -> Response:
        """Give everything that is kept about the account's holder, as a file."""
        files: list[File] = []

        async def act(context: Context) -> Outcome:
            file, _ = await everything(context)
            files.append(file)
            return Outcome(None)

        await api.app.perform(request_of(caller.actor), act)
        [file] = files
        headers = NO_STORE | {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.data, 200, headers, file.media_type)


def _theirs(also: Also[User], user: User) -> tuple[Change, ...]:
    """Make an account's first answer its own, to be forgotten with it."""
    return tuple(
        replace(each, answer=replace(each.answer, asker=user.id)) if isinstance(each, KeepAnswer) else each
        for each in also(user)
    )


def _made(user: User) -> Response:
    return answered(user_of(Profile(user)), 201, {"Location": f"/v1{ME}"})
