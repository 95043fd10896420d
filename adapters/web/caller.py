"""Who asks over HTTP, as a route's dependency: an access token, an API key, or a guest of this machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from adapters.web.api import Api
from adapters.web.counting import counted
from adapters.web.security import from_own_page
from bot.accounts.caller import Caller

Signed = Callable[[HttpRequest], Awaitable[Caller]]
Anyone = Callable[[HttpRequest], Awaitable[Caller | None]]


def signed_in(api: Api, scope: str = "") -> Signed:
    """Make the dependency of a route for accounts; a key needs ``scope``, and without one no key is enough.

    Raises HTTPException 401, 403, 429.
    """

    async def caller(http: HttpRequest) -> Caller:
        raise HTTPException(
            401, "Please send an access token, or an API key.", {"WWW-Authenticate": "Bearer"}
        )

    return caller


def anyone(api: Api, scope: str) -> Anyone:
    """Make the dependency of a route for guests too, where they are welcome: None for one of them."""
    signed = signed_in(api, scope)

    async def caller(http: HttpRequest) -> Caller | None:
        if http.headers.get("authorization") or not api.guests:
            return await signed(http)
        if not from_own_page(http.headers, api.public_url):
            raise HTTPException(403, "This was sent by another site's page.")
        await counted(api, http)
        return None

    return caller
