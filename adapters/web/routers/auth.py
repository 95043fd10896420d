"""Logging programs in and out: OAuth 2.0's password grant, and refresh tokens that hold once."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.api import Api
from adapters.web.caller import address_of, signed_in, unknown
from adapters.web.problems import TYPES, problem
from adapters.web.schemas.accounts import LogOutBody, RefreshBody, TokenAnswer, TokenForm, token_of
from adapters.web.schemas.base import NO_STORE, answered
from bot.accounts.caller import Caller, Unauthenticated
from bot.accounts.sessions import Tokens, log_in, log_out, log_out_everywhere, refreshed, tokens_for

FORM = "application/x-www-form-urlencoded"
GRANT = "password"
_WRONG = "This email address and this password do not go together."
_ENDED = "This refresh token holds no longer. Please log in again."
_BODY = {"required": True, "content": {FORM: {"schema": TokenForm.model_json_schema()}}}


def routes(api: Api) -> APIRouter:
    """Serve ``/v1/auth``."""
    router, accounts = APIRouter(prefix="/v1/auth", tags=["auth"]), api.accounts
    counted, known = [Depends(unknown(api))], Depends(signed_in(api))

    @router.post(
        "/token",
        response_model=TokenAnswer,
        responses={401: {}},
        dependencies=counted,
        openapi_extra={"requestBody": _BODY},
    )
    async def log_in_with_password(http: HttpRequest) -> Response:
        """Log in with email address and password (OAuth 2.0, RFC 6749, 4.3)."""
        sent = await _sent(http)
        if isinstance(sent, Response):
            return sent
        try:
            user = await log_in(accounts, *sent, address_of(http))
            return given(await tokens_for(accounts, user))
        except Unauthenticated:
            return _refused(http, 401, "invalid_grant", _WRONG)

    @router.post("/refresh", response_model=TokenAnswer, responses={401: {}}, dependencies=counted)
    async def refresh_tokens(http: HttpRequest, body: RefreshBody) -> Response:
        """Turn a refresh token into new tokens; one that was used before ends them all."""
        try:
            return given(await refreshed(accounts, body.refresh_token))
        except Unauthenticated:
            return _refused(http, 401, "invalid_grant", _ENDED)

    @router.post("/logout", status_code=204, response_class=Response)
    async def end_tokens(body: LogOutBody | None = None, caller: Caller = known) -> Response:
        """End the tokens that this came with, or all of the account's, and its browsers' sessions."""
        await (log_out_everywhere if body and body.everywhere else log_out)(accounts, caller)
        return Response(status_code=204)

    return router


def given(tokens: Tokens) -> Response:
    """Answer tokens, which nobody on the way is to keep (RFC 6749, 5.1)."""
    return answered(token_of(tokens), headers=NO_STORE)


async def _sent(http: HttpRequest) -> tuple[str, str] | Response:
    """Read the address and the password that a program logs in with, or say what is wrong with its form.

    RFC 6749, 5.2: that is a 400 with an ``error``.
    """
    if http.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, TYPES[415].detail.format(wanted=FORM), {"Accept-Post": FORM})
    form = await http.form()
    sent = {name: [each for each in form.getlist(name) if each] for name in TokenForm.model_fields}
    grant = sent.pop("grant_type") or [GRANT]
    if grant != [GRANT]:
        return _refused(http, 400, "unsupported_grant_type", f"The grant_type here is “{GRANT}”.")
    wrong = [name for name, values in sent.items() if len(values) != 1]
    if wrong:
        errors = [{"field": name, "detail": "Please send this, once."} for name in wrong]
        return _refused(http, 400, "invalid_request", "Some of what is needed is missing.", errors=errors)
    return str(sent["username"][0]), str(sent["password"][0])


def _refused(http: HttpRequest, status: int, error: str, detail: str, **more: object) -> Response:
    asked = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return problem(
        status, detail, incident=http.state.request_id, headers=NO_STORE | asked, error=error, **more
    )
