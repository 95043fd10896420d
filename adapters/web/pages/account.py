"""The account's own page: what it holds, and its forms. Each works without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.caller import asked
from adapters.web.cookies import SESSION, put, value_of
from adapters.web.guests import Access, logged_in
from adapters.web.pages.account_parts import LASTS, Shown, account_page
from adapters.web.pages.posted import LIFE, entered, left, onward, posted, slower, text_of
from adapters.web.parse import language_of
from bot.accounts.caller import Accounts, Caller, Missing, TooMany, Unauthenticated
from bot.accounts.forgetting import forget
from bot.accounts.keys import keys_of, make_key, revoke
from bot.accounts.passwords import change_password
from bot.accounts.sessions import end_session, log_out_everywhere, sessions_of
from bot.context import Context
from bot.i18n import Translator, spoken
from bot.ids import new_id, read_id
from bot.message import Outcome, Reply, Status
from bot.qr.refusal import Refused
from storage.changes import AlreadySeen, Stale

_READ = ["GET", "HEAD"]
_WHOLE = "/account"


def routes(access: Access, accounts: Accounts) -> APIRouter:
    """Serve ``/account``, and what its forms send."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(_WHOLE, methods=_READ)
    async def account(http: HttpRequest, note: str = "") -> Response:
        caller = await logged_in(http, access)
        if caller is None:
            return onward("/login?next=/account")
        shown = account_page(replace(await _shown(accounts, caller, http), note=note))
        put(shown, http, access.public_url, SESSION, value_of(http, access.public_url, SESSION), seconds=LIFE)
        return shown

    @router.api_route("/account/export", methods=_READ)
    async def export(http: HttpRequest) -> Response:
        caller = await logged_in(http, access)
        if caller is None:
            return onward("/login?next=/account")
        reply = await _said(accounts, caller, http, "export")
        file = reply.files[0]
        named = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
        return Response(file.data, 200, named, file.media_type)

    @router.post("/account/{what}")
    async def changed(http: HttpRequest, what: str) -> Response:
        form = await posted(http, access)
        caller = await logged_in(http, access)
        if caller is None:
            return onward("/login?next=/account")
        act = _ACTS.get(what)
        if act is None:
            return onward(_WHOLE)
        try:
            return await act(access, accounts, caller, http, form)
        except (Refused, TooMany, Missing, Stale, AlreadySeen, Unauthenticated) as why:
            return _refused(await _shown(accounts, caller, http), what, form, why)

    return router


# --- what the forms do --------------------------------------------------------------------------------------


async def _password(
    access: Access, accounts: Accounts, caller: Caller, http: HttpRequest, form: FormData
) -> Response:
    """Change the password; all other browsers and programs are logged out, this one stays."""
    user = await change_password(
        accounts, caller, text_of(form, "current_password"), text_of(form, "new_password")
    )
    return await entered(http, access, user, "/account?note=password")


async def _end(
    access: Access, accounts: Accounts, caller: Caller, http: HttpRequest, form: FormData
) -> Response:
    """Log one browser or program out."""
    id = text_of(form, "id")
    await end_session(accounts, caller, id)
    return left(http, access, "/login") if id == caller.session else onward("/account?note=ended")


async def _everywhere(
    access: Access, accounts: Accounts, caller: Caller, http: HttpRequest, form: FormData
) -> Response:
    """Log all of them out."""
    await log_out_everywhere(accounts, caller)
    return left(http, access, "/login?note=out")


async def _key(
    access: Access, accounts: Accounts, caller: Caller, http: HttpRequest, form: FormData
) -> Response:
    """Make a key, once for each time that the form was shown, and show it this once."""
    scopes = [scope for scope in form.getlist("scope") if isinstance(scope, str)]
    days = LASTS.get(text_of(form, "lasts"), 90)
    until = accounts.app.clock() + timedelta(days=days) if days else None
    once = read_id(text_of(form, "once")) or new_id()
    request_id = f"page:{accounts.app.store.ring.fingerprint('form', f'{caller.user.id}:{once}')}"
    key = await make_key(accounts, caller, text_of(form, "name"), scopes, until, request_id=request_id)
    return account_page(replace(await _shown(accounts, caller, http), key=key[1]))


async def _revoke(
    access: Access, accounts: Accounts, caller: Caller, http: HttpRequest, form: FormData
) -> Response:
    """Take a key back."""
    await revoke(accounts, caller, text_of(form, "id"))
    return onward("/account?note=revoked")


async def _connect(
    access: Access, accounts: Accounts, caller: Caller, http: HttpRequest, form: FormData
) -> Response:
    """Give a code to be typed in a chat, take one that a chat gave, or undo that: the command decides."""
    values = {name: value for name in ("code", "undo") if (value := text_of(form, name).strip())}
    reply = await _said(accounts, caller, http, "connect", values)
    shown = await _shown(accounts, caller, http)
    if reply.status is not Status.OK or reply.form is not None:
        wrong = [each.error for each in reply.form.questions if each.error] if reply.form else [reply.body]
        field = "code" if "code" in values else ""
        told = {f"connect.{field}": " ".join(wrong)}
        return account_page(replace(shown, errors=told, values=values, status=422))
    if values:
        return onward(f"/account?note={'joined' if 'code' in values else 'undone'}")
    return account_page(replace(shown, pairing=reply.fields[0].value))


async def _delete(
    access: Access, accounts: Accounts, caller: Caller, http: HttpRequest, form: FormData
) -> Response:
    """Delete all there is."""
    await forget(accounts, caller, text_of(form, "password"))
    return left(http, access, "/login?note=deleted")


_ACTS = {
    "password": _password,
    "end": _end,
    "everywhere": _everywhere,
    "key": _key,
    "revoke": _revoke,
    "connect": _connect,
    "delete": _delete,
}


# --- what is shown ------------------------------------------------------------------------------------------


async def _shown(accounts: Accounts, caller: Caller, http: HttpRequest) -> Shown:
    """Read what the page shows, and the language its person speaks."""
    seen: list[Shown] = []
    sessions, keys = await sessions_of(accounts, caller), await keys_of(accounts, caller)

    async def act(context: Context) -> Outcome:
        joins = await context.work.pairings.joins(context.person.id)
        others = tuple(each for each in context.person.identities if each.external_id != caller.user.id)
        seen.append(Shown(context.t, caller, sessions, keys, others, joins, new_id()))
        return Outcome(None)

    await accounts.app.perform(asked(http, caller), act)
    return seen[0]


async def _said(
    accounts: Accounts,
    caller: Caller,
    http: HttpRequest,
    command: str,
    values: Mapping[str, str] | None = None,
) -> Reply:
    """Say a command in the account's name, as its chats do."""
    request = replace(asked(http, caller), id=f"page:{new_id(20)}", command=command, values=values or {})
    return await accounts.app.handle(request) or Reply(language=spoken(language_of(http.headers)))


def _refused(shown: Shown, what: str, form: FormData, why: Exception) -> Response:
    """Show the page again, and at the form what was wrong."""
    values = {name: value for name, value in form.items() if isinstance(value, str)}
    headers: Mapping[str, str] = {}
    match why:
        case TooMany():
            told, headers = slower(shown.t, why)
            errors, status = {f"{what}.": told}, 429
        case Refused():
            errors, status = {f"{what}.{why.field}": shown.t.of(why)}, 422
        case _:
            errors, status = {f"{what}.": _stale(shown.t)}, 409
    return account_page(replace(shown, errors=errors, values=values, status=status, headers=headers))


def _stale(t: Translator) -> str:
    return t("This was done already, or changed meanwhile. Here is how it is now.")
