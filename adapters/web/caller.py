"""Who asks over HTTP, as a route's dependency: an access token, an API key, or a guest of this machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from adapters.web.api import Api
from adapters.web.counting import counted
from adapters.web.parse import language_of
from adapters.web.security import from_own_page
from bot.accounts.caller import Caller, Forbidden, request_of
from bot.accounts.sessions import of_bearer
from bot.limiting import network
from bot.message import Request
from storage.account import Role

C = TypeVar("C", Caller, Caller | None)


@dataclass(frozen=True, slots=True)
class Admission(Generic[C]):
    """A route's dependency that finds out who calls, and what it asks of them: the API's description says so.

    ``scope``: what an API key needs; None where no key is enough, empty where any is. ``guests``: nobody has
    to be known.
    """

    find: Callable[[HttpRequest], Awaitable[C]]
    scope: str | None = None
    guests: bool = False
    operator: bool = False

    async def __call__(self, http: HttpRequest) -> C:
        """Find out."""
        return await self.find(http)


def recognised(api: Api) -> Admission[Caller]:
    """Make the dependency of a route that says who asks: any key will do; raises as ``signed_in`` does."""

    async def caller(http: HttpRequest) -> Caller:
        known = await of_bearer(api.accounts, bearer(http))
        await within_limit(api, http, known)
        return known

    return Admission(caller, "")


def signed_in(api: Api, scope: str = "") -> Admission[Caller]:
    """Make the dependency of a route for accounts; a key needs ``scope``, and without one no key is enough.

    Raises Unauthenticated, and HTTPException 401, 403, 429.
    """

    recognise = recognised(api)

    async def caller(http: HttpRequest) -> Caller:
        known = await recognise(http)
        if known.scopes is not None and not scope:
            raise HTTPException(403, "An API key cannot do this. Please log in.", _lacking(""))
        if not known.may(scope):
            raise HTTPException(403, f"This API key has no scope “{scope}”.", _lacking(scope))
        return known

    return Admission(caller, scope or None)


def unknown(api: Api) -> Callable[[HttpRequest], Awaitable[None]]:
    """Make the dependency of a route where nobody is known yet; raises HTTPException 429."""

    async def asked(http: HttpRequest) -> None:
        await counted(api, http)

    return asked


def operating(api: Api) -> Admission[Caller]:
    """Make the dependency of a route for operators; raises what ``signed_in`` does, and Forbidden."""
    signed = signed_in(api)

    async def caller(http: HttpRequest) -> Caller:
        known = await signed(http)
        if known.user.role is not Role.OPERATOR:
            raise Forbidden("This is for those who run this bot.")
        return known

    return Admission(caller, operator=True)


def asked(http: HttpRequest, caller: Caller, request_id: str = "") -> Request:
    """Ask the core for something in an account's name, in the language the client likes best."""
    actor = replace(caller.actor, language=language_of(http.headers))
    return request_of(actor, request_id)


def bearer(http: HttpRequest) -> str:
    """Take the token out of the Authorization header (RFC 6750, 2.1); raises HTTPException 401."""
    scheme, _, token = http.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise HTTPException(
            401, "Please send an access token, or an API key.", {"WWW-Authenticate": "Bearer"}
        )
    return token.strip()


async def within_limit(api: Api, http: HttpRequest, caller: Caller) -> None:
    """Count a request of an account; raises HTTPException 429."""
    await counted(api, http, caller.actor.key)


def address_of(http: HttpRequest) -> str:
    """Give the address that a request comes from, as limits count it."""
    return network(http.client.host if http.client else "")


def _lacking(scope: str) -> dict[str, str]:
    """Say which scope a key would need (RFC 6750, 3.1)."""
    needed = f', scope="{scope}"' if scope else ""
    return {"WWW-Authenticate": f'Bearer error="insufficient_scope"{needed}'}


def anyone(api: Api, scope: str = "") -> Admission[Caller | None]:
    """Make the dependency of a route for guests too, where they are welcome: None for one of them.

    Without a ``scope`` any key will do.
    """
    signed = signed_in(api, scope) if scope else recognised(api)

    async def caller(http: HttpRequest) -> Caller | None:
        if http.headers.get("authorization") or not api.guests:
            return await signed(http)
        if not from_own_page(http.headers, api.public_url):
            raise HTTPException(403, "This was sent by another site's page.")
        await counted(api, http)
        return None

    return Admission(caller, scope, guests=api.guests)
