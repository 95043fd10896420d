"""What is counted against a limit over HTTP, and how an answer says how its asker stands.

draft-ietf-httpapi-ratelimit-headers: ``RateLimit-Policy`` says what is allowed, ``RateLimit`` what is left.
"""

from __future__ import annotations

from math import ceil

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.api import Api
from adapters.web.problems import problem
from bot.app import App
from bot.limiting import Standing, network

API = "/v1/"
_TOO_MUCH = "That was a lot at once. Please wait a moment."


async def counted(api: Api, http: HttpRequest, account: str = "") -> None:
    """Count a request for an account ("account:7K3F…"), or for the address it came from where there is none.

    Keeps both in ``http.state``: every answer tells the standing, the log who asked. Raises HTTPException
    429.
    """
    http.state.who = account
    http.state.standing = standing = await api.app.standing(account or address(http.scope))
    if standing.verdict:
        raise HTTPException(429, _TOO_MUCH, {"Retry-After": str(seconds(standing))})


def telling(app: ASGIApp, core: App) -> ASGIApp:
    """Say in every answer of the API how its asker stands.

    What was refused before it was known who asks (a wrong key, an address that is none, a body too large) is
    counted by where it came from, so that guessing has a limit, too.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await app(scope, receive, send)
            return
        state, instead = scope["state"], False

        async def tell(message: Message) -> None:
            nonlocal instead
            if message["type"] == "http.response.start":
                known = state.get("standing")
                if known is None:
                    known = state["standing"] = await core.standing(address(scope))
                    instead = bool(known.verdict) and message["status"] >= 400
                if instead:
                    wait = {"Retry-After": str(seconds(known))}
                    refusal = problem(429, _TOO_MUCH, incident=state["request_id"], headers=wait)
                    message = {**message, "status": 429, "headers": refusal.raw_headers}
                    await send(_with(message, known))
                    await send({"type": "http.response.body", "body": refusal.body})
                    return
                message = _with(message, known)
            if not instead:
                await send(message)

        await app(scope, receive, tell)

    return serve


def _with(start: Message, standing: Standing) -> Message:
    fields = [(name.lower().encode(), value.encode()) for name, value in told(standing).items()]
    return {**start, "headers": [*start["headers"], *fields]}


def address(scope: Scope) -> str:
    """Name the address a request came from as a limit counts it: an IPv6 address by its network."""
    return f"http:{network((scope.get('client') or ('',))[0])}"


def seconds(standing: Standing) -> int:
    """Say in whole seconds when there is one more, at least one from now."""
    return max(1, ceil(standing.reset))


def told(standing: Standing) -> dict[str, str]:
    """Write the fields that say how somebody stands; none where there is no limit."""
    if not standing.limit:
        return {}
    return {
        "RateLimit-Policy": f'"person";q={standing.limit};w={standing.window}',
        "RateLimit": f'"person";r={standing.remaining};t={seconds(standing)}',
    }
