"""What goes wrong in a request, as a problem: never a stack trace, also where an answer is about to begin."""

from __future__ import annotations

import re

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.pages.errors import of_status, wanted
from adapters.web.problems import of_http, problem
from bot.parked import outline
from storage.faults import Unavailable

log = structlog.get_logger(__name__)

AGAIN = 5  # seconds after which the database may answer again
_THEIRS = re.compile(r"[A-Za-z0-9._-]{1,64}")  # a request's id as a client may choose it


def caught(app: ASGIApp) -> ASGIApp:
    """Answer an error with a problem that names the request, as long as nothing of an answer has been sent.

    An answer begins with its first bytes, not with its status: what fails before these is a problem still.
    After that the connection is cut, so that nobody takes a part for the whole.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await app(scope, receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:
            refusal = refusal_of(scope, error)
            if not answer.begun:
                await refusal(scope, receive, send)

    return serve


class _Answer:
    """Sends on, the status together with the first bytes."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message = {}
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if not self.begun:
            self.begun = True
            await self.send(self.start)
        await self.send(message)


def refusal_of(scope: Scope, error: Exception) -> Response:
    """Answer what nobody else did; what is no refusal is a fault, and is logged without its text."""
    incident: str = scope["state"]["request_id"]
    headers = Headers(scope=scope)
    if isinstance(error, Unavailable):
        log.warning("web request waits for the database", request=incident, error=outline(error))
        error = HTTPException(503, headers={"Retry-After": str(AGAIN)})
    if not isinstance(error, HTTPException):
        theirs = headers.get("x-request-id", "")
        told = {"theirs": theirs} if _THEIRS.fullmatch(theirs) else {}
        log.error("web request failed", request=incident, error=outline(error), **told)
    status = error.status_code if isinstance(error, HTTPException) else 500
    if wanted(headers):
        more = error.headers if isinstance(error, HTTPException) else None
        return of_status(HttpRequest(scope), status, incident, more)
    return of_http(error, incident) if isinstance(error, HTTPException) else problem(500, incident=incident)
