"""Work that takes long over HTTP: answered in the call, or with 202 and a place to look (RFC 7240)."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from adapters.web.api import Api
from adapters.web.counting import address
from adapters.web.faults import refusal_of
from adapters.web.refusals import answer_to
from bot.accounts.caller import Caller
from bot.jobs import PATIENCE, Answered, TooManyJobs, waited_for
from storage.account import Job

JOBS = "/v1/jobs/"
GUEST = "guest:"  # before what stands for the address of one
MANY = "You have as much work running as I take at once. Please wait until some of it is done."
_PREFERENCE = re.compile(r'([a-z-]+)\s*(?:=\s*"?([^",;]*)"?)?\s*(?:;[^,]*)?')


async def soon(
    api: Api, http: HttpRequest, caller: Caller | None, do: Callable[[], Awaitable[Response]]
) -> Response:
    """Answer what some work gives, within ten seconds or fewer if preferred, else with the job it has become.

    ``Prefer: respond-async`` asks for that at once, ``wait=5`` for at most five seconds before it.
    """

    async def done() -> Answered:
        try:
            response = await do()
        except Exception as error:
            response = answer_to(http, error) or refusal_of(http.scope, error)
        return Answered(response.status_code, _fields(response), bytes(response.body))

    asynchronous, patience = preferred(",".join(http.headers.getlist("prefer")))
    try:
        came = await waited_for(api.running, api.app, asker_of(api, http, caller), done, patience)
    except TooManyJobs:
        raise HTTPException(429, MANY, {"Retry-After": "10"}) from None
    if isinstance(came, Answered):
        return Response(came.body, came.status, dict(came.headers))
    applied = {"Preference-Applied": "respond-async"} if asynchronous else {}
    place = {"Location": f"{JOBS}{came.id}", "Cache-Control": "no-store", **applied}
    return JSONResponse(told(came), 202, place)


def preferred(prefer: str) -> tuple[bool, float]:
    """Read ``Prefer``: whether a job will do, and for how many seconds the client would rather wait."""
    said = {name: value for part in prefer.lower().split(",") for name, value in _pair(part)}
    asynchronous = "respond-async" in said
    wait = said.get("wait", "")
    given = float(wait) if wait.isascii() and wait.isdecimal() and len(wait) < 9 else None
    if given is None:
        return asynchronous, 0.0 if asynchronous else PATIENCE
    return asynchronous, min(given, PATIENCE)


def _pair(part: str) -> list[tuple[str, str]]:
    found = _PREFERENCE.fullmatch(part.strip())
    return [(found[1], (found[2] or "").strip())] if found else []


def asker_of(api: Api, http: HttpRequest, caller: Caller | None) -> str:
    """Name who asks: an account by its id, a guest by what stands for their address."""
    if caller is not None:
        return caller.user.id
    return GUEST + hmac.digest(api.picture_key, f"jobs:{address(http.scope)}".encode(), "sha256").hex()[:40]


def told(job: Job) -> dict[str, Any]:
    """Lay a job out: how it stands, and where to look."""
    url = f"{JOBS}{job.id}"
    return {
        "id": job.id,
        "state": str(job.state),
        "created_at": job.created_at.isoformat(),
        "url": url,
        "events": f"{url}/events",
        "result": f"{url}/result",
    }


def _fields(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers)
