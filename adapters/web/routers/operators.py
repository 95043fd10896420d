"""Accounts for those who run this bot: who is there, who may do what, who is invited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import operating
from adapters.web.conditional import demand
from adapters.web.once import Also, once
from adapters.web.paging import Page, paged, place_of
from adapters.web.paths import named
from adapters.web.reference.parameters import KEY, MATCH, NONE_MATCH, takes
from adapters.web.schemas.base import NO_STORE, answered, fresh, tag_of, tagged
from adapters.web.schemas.operating import (
    AccountAnswer,
    AccountBody,
    AccountsAnswer,
    InviteAnswer,
    InviteBody,
    account_of,
    invite_of,
)
from bot.accounts.caller import Caller
from bot.accounts.operating import (
    change_account,
    delete_account,
    find_users,
    user_by_id,
    with_access,
    with_role,
)
from bot.accounts.signing_up import invite
from storage.account import Invite, User

ONE = "/users/{id}"
Wanted = Annotated[Page, Query()]


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/users`` for operators, and ``/v1/invites``."""
    router, accounts = APIRouter(prefix="/v1", tags=["operators"]), api.accounts
    operator = Depends(operating(api))

    @router.get("/users", response_model=AccountsAnswer)
    async def list_users(http: HttpRequest, page: Wanted, caller: Caller = operator) -> Response:
        """List accounts, the oldest first."""
        found, last = await find_users(accounts, caller, place_of(page.cursor), limit=page.limit)
        return paged(http, [account_of(each) for each in found], last)

    @router.get(ONE, response_model=AccountAnswer, openapi_extra=takes(NONE_MATCH))
    async def show_user(http: HttpRequest, id: str, caller: Caller = operator) -> Response:
        """Show an account."""
        return fresh(http, account_of(await user_by_id(accounts, caller, named(id))))

    @router.patch(ONE, response_model=AccountAnswer, openapi_extra=takes(MATCH))
    async def change_user(
        http: HttpRequest, id: str, body: AccountBody, caller: Caller = operator
    ) -> Response:
        """Say what an account may do, or shut it out; where that changes, its sessions and tokens end."""

        def decide(user: User) -> User:
            demand(http.headers, tag_of(account_of(user)))
            given = with_role(user, body.role or user.role)
            return given if body.disabled is None else with_access(given, body.disabled)

        return tagged(account_of(await change_account(accounts, caller, named(id), decide)))

    @router.delete(ONE, status_code=204, response_class=Response)
    async def delete_user(id: str, caller: Caller = operator) -> Response:
        """Delete an account, with all that is its holder's, on every platform."""
        await delete_account(accounts, caller, named(id))
        return Response(status_code=204)

    @router.post("/invites", status_code=201, response_model=InviteAnswer, openapi_extra=takes(KEY))
    async def make_invite(http: HttpRequest, body: InviteBody, caller: Caller = operator) -> Response:
        """Invite somebody: whoever has the code can make one account, within a week."""

        async def do(id: str, also: Also[Invite]) -> Invite:
            return await invite(accounts, caller, body.role, request_id=id, also=also)

        return await once(api, http, caller.user.id, do, _invited)

    return router


def _invited(made: Invite) -> Response:
    return answered(invite_of(made), 201, NO_STORE)
