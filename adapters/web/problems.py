"""Errors as problem details (RFC 9457): one shape for every refusal, with nothing of what was sent in it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.pages.errors import of_status, wanted

MEDIA_TYPE = "application/problem+json"

_DETAILS = {
    404: "There is nothing at this address.",
    405: "This address cannot be used this way.",
    413: "This is more than I can take. Please send something smaller.",
    422: "Some of what was sent will not do.",
    500: "Something went wrong here, not with you. Please try again; if it stays, name this number: "
    "{incident}",
}


def problem(
    status: int,
    detail: str = "",
    *,
    incident: str = "",
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> JSONResponse:
    """Lay out a problem; ``incident`` is the request's id, ``more`` are extension members (3.2)."""
    told = detail or _DETAILS.get(status, "").format(incident=incident)
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": told}
    return JSONResponse(
        {key: value for key, value in {**content, "request_id": incident, **more}.items() if value != ""},
        status,
        dict(headers or {}),
        MEDIA_TYPE,
    )


def of_http(error: HTTPException, incident: str) -> JSONResponse:
    """Turn a refusal into a problem; a detail that only repeats the status gives way to a sentence."""
    own = "" if error.detail == HTTPStatus(error.status_code).phrase else error.detail
    return problem(error.status_code, own, incident=incident, headers=error.headers)


def install(app: FastAPI) -> None:
    """Answer every refusal with a problem, also those of the framework itself."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # registered for it
    if wanted(request.headers):
        return of_status(request, error.status_code, request.state.request_id, error.headers)
    return of_http(error, request.state.request_id)


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # registered for it
    errors = [{"field": ".".join(map(str, each["loc"])), "detail": each["msg"]} for each in error.errors()]
    return problem(422, incident=request.state.request_id, errors=errors)
