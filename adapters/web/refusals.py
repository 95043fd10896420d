"""What the core raises, as problems: not known, not allowed, too often, taken, gone, will not do."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from fastapi import FastAPI
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.parse import translator
from adapters.web.problems import problem
from bot.accounts.caller import Forbidden, Missing, Taken, TooMany, Unauthenticated
from bot.qr.refusal import Refused
from storage.changes import Stale

_TAKEN = "This email address has an account already. Log in, or have a forgotten password reset."
_STALE = "This was changed by somebody else at the same moment. Please try again."
_WRONG = "This does not let you in. Please log in again."
_SLOW = "These were too many tries. Please wait a little."


def install_refusals(app: FastAPI) -> None:
    """Answer what the functions of the core raise with a problem, wherever it was raised."""
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, _handler(answer))


def _handler(answer: Callable[[HttpRequest, Exception], Response]) -> Callable[..., Response]:
    async def handle(http: HttpRequest, error: Exception) -> Response:
        return answer(http, error)

    return handle  # type: ignore[return-value]  # Starlette takes either


def refusal(http: HttpRequest, refused: Exception) -> Response:
    """Answer what a person can mend, naming the field."""
    assert isinstance(refused, Refused)
    told = translator(http).of(refused)
    if not refused.field:
        return problem(422, told, incident=http.state.request_id)
    errors = [{"field": refused.field, "detail": told}]
    return problem(422, told, incident=http.state.request_id, errors=errors)


def unauthenticated(http: HttpRequest, error: Exception) -> Response:
    """Answer who is not known (RFC 6750, 3.1), without saying which part of what they sent was wrong."""
    headers = {"WWW-Authenticate": 'Bearer error="invalid_token"', "Cache-Control": "no-store"}
    return problem(401, _WRONG, incident=http.state.request_id, headers=headers)


def too_many(http: HttpRequest, error: Exception) -> Response:
    """Answer who tries too often."""
    assert isinstance(error, TooMany)
    headers = {"Retry-After": str(ceil(error.seconds)), "Cache-Control": "no-store"}
    return problem(429, _SLOW, incident=http.state.request_id, headers=headers)


def _plain(status: int, told: str = "") -> Callable[[HttpRequest, Exception], Response]:
    def answer(http: HttpRequest, error: Exception) -> Response:
        return problem(status, told or str(error), incident=http.state.request_id)

    return answer


_ANSWERS: dict[type[Exception], Callable[[HttpRequest, Exception], Response]] = {
    Refused: refusal,
    Unauthenticated: unauthenticated,
    Forbidden: _plain(403),
    Missing: _plain(404),
    Taken: _plain(409, _TAKEN),
    Stale: _plain(409, _STALE),
    TooMany: too_many,
}


def answer_to(http: HttpRequest, error: Exception) -> Response | None:
    """Answer what the core raised; None for what it does not raise on purpose."""
    return next((answer(http, error) for kind, answer in _ANSWERS.items() if isinstance(error, kind)), None)
