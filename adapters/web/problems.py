"""Errors as problem details (RFC 9457): one shape for every refusal, with nothing of what was sent in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.invalid import errors_of, wanted
from adapters.web.methods import allowed
from adapters.web.pages import errors as pages

MEDIA_TYPE = "application/problem+json"
ABOUT = "/docs#problem-"  # before a type's name: where it is explained


@dataclass(frozen=True, slots=True)
class Type:
    """A type of problem: its name in its address, its title, and the sentence where no other fits better.

    Without a name the status says all there is (RFC 9457, 4.2.1).
    """

    name: str
    title: str
    detail: str

    @property
    def uri(self) -> str:
        """Say where it is explained."""
        return f"{ABOUT}{self.name}" if self.name else "about:blank"


TYPES: Mapping[int, Type] = {
    400: Type("", "", "This request cannot be read. Please look at how it was put together."),
    401: Type("not-signed-in", "Not signed in", "Please send an access token, or an API key."),
    403: Type("not-allowed", "Not allowed", "This is not yours to do."),
    404: Type("", "", "There is nothing at this address."),
    405: Type("", "", "This address cannot be used this way. It takes what the header “Allow” names."),
    406: Type("", "", "I cannot answer in any form that you take."),
    408: Type("too-slow", "Too slow", "This took too long to arrive. Please send it again."),
    409: Type("conflict", "Conflict", "This does not go together with what is there."),
    410: Type("gone", "Gone", "This was here and is gone. Please ask for it again."),
    412: Type("changed", "Changed meanwhile", "This was changed meanwhile. Please get it again."),
    413: Type("too-large", "Too large", "This is more than I can take. Please send something smaller."),
    415: Type("wrong-media-type", "Wrong kind of body", "Please send {wanted}, and say so in Content-Type."),
    422: Type("invalid-values", "Values that will not do", "Some of what was sent will not do."),
    429: Type("rate-limited", "Too many requests", "That was a lot at once. Please wait a moment."),
    500: Type(
        "fault",
        "A fault of ours",
        "Something went wrong here, not with you. Please try again; if it stays, name this number: "
        "{incident}",
    ),
    503: Type("unavailable", "Not available just now", "This does not work just now. Please try again soon."),
}
_PARTS = ("Too many fi", "Form exceeded", "Part exceeded", "Field exceeded")  # how such refusals begin


def problem(
    status: int,
    detail: str = "",
    *,
    incident: str = "",
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JSONResponse:
    """Lay out a problem; ``incident`` is the request's id, ``more`` are extension members (3.2)."""
    kind = TYPES.get(status, Type("", "", HTTPStatus(status).phrase + "."))
    told = detail or kind.detail.format(incident=incident, wanted="another kind of body")
    title = kind.title or HTTPStatus(status).phrase
    content = {"type": kind.uri, "title": title, "status": status, "detail": told, "request_id": incident}
    members = {key: value for key, value in {**content, **more}.items() if value != ""}
    return JSONResponse(members, status, dict(headers or {}), MEDIA_TYPE)


def of_http(error: HTTPException, incident: str) -> JSONResponse:
    """Turn a refusal into a problem; a detail that only repeats the status gives way to a sentence."""
    own = "" if error.detail == HTTPStatus(error.status_code).phrase else error.detail
    if error.status_code == 400 and own.startswith(_PARTS):
        return problem(413, "There are too many parts in this, or one is too large.", incident=incident)
    if own == "There was an error parsing the body":  # FastAPI's, also for a file where JSON is due
        own = ""
    return problem(error.status_code, own, incident=incident, headers=error.headers)


def install(app: FastAPI) -> None:
    """Answer every refusal with a problem, also those of the framework itself."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # registered for it
    incident = request.state.request_id
    if error.status_code == 405:
        allow = {"Allow": allowed(request)}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        error = HTTPException(405, headers=allow)
    if pages.wanted(request.headers):
        return pages.of_status(request, error.status_code, incident, error.headers)
    return of_http(error, incident)


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # registered for it
    incident, wrong = request.state.request_id, error.errors()
    if kind := wanted(request, wrong):
        detail = TYPES[415].detail.format(wanted=kind)
        return problem(415, detail, incident=incident, headers={"Accept-Post": kind})
    if _unread(wrong):
        return problem(400, "This is not JSON.", incident=incident)
    return problem(422, incident=incident, errors=errors_of(wrong))


def _unread(wrong: Sequence[Mapping[str, object]]) -> bool:
    return any(each["type"] == "json_invalid" for each in wrong)
