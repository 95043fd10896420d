"""Logging in and signing up, and what helps who forgot a password: forms that work without a script.

What was typed stands there again when something was wrong with it, but for passwords. Nothing secret is ever
in an address.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.guests import Access, logged_in
from adapters.web.pages.entrance_forms import Filled, forgot_page, login_page, reset_page, signup_page
from adapters.web.pages.posted import entered, host_of, left, onward, own_path, posted, slower, text_of
from adapters.web.parse import translator
from bot.accounts.caller import Accounts, Forbidden, Taken, TooMany, Unauthenticated
from bot.accounts.resetting import PAGE, ask_reset, reset_password
from bot.accounts.sessions import log_in, log_out
from bot.accounts.signing_up import sign_up
from bot.i18n import Translator
from bot.qr.refusal import Refused

READ = ["GET", "HEAD"]


def routes(access: Access, accounts: Accounts, home: str) -> APIRouter:
    """Serve the ways in, and ``/logout``; ``home`` is where to go after."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/login", methods=READ)
    async def login(http: HttpRequest, next: str = "", note: str = "") -> Response:
        if await logged_in(http, access) is not None:
            return onward(own_path(next, home))
        return login_page(translator(http), accounts, Filled({"next": own_path(next, "")}, note=note))

    @router.post("/login")
    async def logs_in(http: HttpRequest) -> Response:
        t, form = translator(http), await posted(http, access)
        email, wanted = text_of(form, "email"), own_path(text_of(form, "next"), "")
        try:
            user = await log_in(accounts, email, text_of(form, "password"), host_of(http))
            return await entered(http, access, user, wanted or home)
        except (Unauthenticated, TooMany) as why:
            return login_page(t, accounts, refused(t, why, {"email": email, "next": wanted}))

    @router.post("/logout")
    async def logs_out(http: HttpRequest) -> Response:
        await posted(http, access)
        caller = await logged_in(http, access)
        if caller is not None:
            await log_out(accounts, caller)
        return left(http, access, "/")

    _joining(router, access, accounts, home)
    _resetting(router, access, accounts)
    return router


def _joining(router: APIRouter, access: Access, accounts: Accounts, home: str) -> None:
    @router.api_route("/signup", methods=READ)
    async def signup(http: HttpRequest) -> Response:
        if await logged_in(http, access) is not None:
            return onward(home)
        return signup_page(translator(http), accounts, Filled())

    @router.post("/signup")
    async def signs_up(http: HttpRequest) -> Response:
        t, form = translator(http), await posted(http, access)
        typed = {name: text_of(form, name) for name in ("email", "invite")}
        try:
            password, address = text_of(form, "password"), host_of(http)
            user = await sign_up(accounts, typed["email"], password, typed["invite"], address=address)
            return await entered(http, access, user, home)
        except (Refused, Taken, Forbidden, TooMany, Unauthenticated) as why:
            return signup_page(t, accounts, refused(t, why, typed))


def _resetting(router: APIRouter, access: Access, accounts: Accounts) -> None:
    @router.api_route("/forgot", methods=READ)
    async def forgot(http: HttpRequest) -> Response:
        return forgot_page(translator(http), Filled())

    @router.post("/forgot")
    async def asks(http: HttpRequest) -> Response:
        t, form = translator(http), await posted(http, access)
        typed = {"email": text_of(form, "email")}
        try:
            await ask_reset(accounts, typed["email"], host_of(http), language=t.language)
            return reset_page(t, Filled(typed, note="sent"))
        except TooMany as why:
            return forgot_page(t, refused(t, why, typed))

    @router.api_route(PAGE, methods=READ)
    async def reset(http: HttpRequest) -> Response:
        return reset_page(translator(http), Filled())

    @router.post(PAGE)
    async def resets(http: HttpRequest) -> Response:
        t, form = translator(http), await posted(http, access)
        typed = {name: text_of(form, name) for name in ("email", "code")}
        try:
            chosen = text_of(form, "new_password")
            await reset_password(accounts, typed["email"], typed["code"], chosen, host_of(http))
            return left(http, access, "/login?note=password")
        except (Refused, TooMany) as why:
            return reset_page(t, refused(t, why, typed))


def refused(t: Translator, why: Exception, typed: Mapping[str, str]) -> Filled:
    """Say what was wrong, at its field where it has one."""
    match why:
        case TooMany():
            told, headers = slower(t, why)
            return Filled(typed, {"": told}, status=429, headers=headers)
        case Refused():
            return Filled(typed, {why.field: t.of(why)}, status=422)
        case Taken():
            told = t("This email address has an account already. Please log in.")
            return Filled(typed, {"email": told}, status=409)
        case Forbidden():
            told = t("Nobody can sign up here. Please ask whoever runs this bot.")
            return Filled(typed, {"": told}, status=403)
        case _:
            told = t("This email address and this password do not go together. Please try again.")
            return Filled(typed, {"password": told}, status=422)
