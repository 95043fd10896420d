"""Which answers an operation gives, read from what its route asks for and takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from adapters.web.caller import Admission
from adapters.web.problems import MEDIA_TYPE, TYPES, problem
from adapters.web.reference.examples import REFERENCE
from adapters.web.reference.headers import EVERYWHERE, header_fields
from adapters.web.reference.parameters import KEY, MATCH, NONE_MATCH, PREFER
from adapters.web.schemas.jobs import JobAnswer
from bot.accounts.caller import PICTURES

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Why something was refused (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "where this is explained"},
        "title": {"type": "string", "description": "what it is, always in the same words"},
        "status": {"type": "integer", "description": "the status of the answer"},
        "detail": {"type": "string", "description": "what it is this time, and what to do"},
        "request_id": {"type": "string", "description": "names the request, as X-Request-ID does"},
        "errors": {
            "type": "array",
            "description": "the fields that will not do",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "which one, as in “content.ssid”"},
                    "detail": {"type": "string", "description": "what it has to be"},
                },
            },
        },
    },
}
ACCEPTED: dict[str, Any] = {
    "description": "This takes longer: a job.",
    "headers": header_fields("Location", "Retry-After", "Preference-Applied"),
    "content": {"application/json": {"schema": {"$ref": f"{REFERENCE}{JobAnswer.__name__}"}}},
}
_FIELDS = {401: ("WWW-Authenticate",), 415: ("Accept-Post",), 429: ("Retry-After",)}
_INCIDENT = "7K3FABCDEFGH2345"

Operation = Mapping[str, Any]


def problems() -> dict[str, Any]:
    """Describe every problem, by the name that operations refer to it by."""
    return {name_of(status): _problem(status) for status in TYPES}


def name_of(status: int) -> str:
    """Name a problem: ``InvalidValues``."""
    words = TYPES[status].name or HTTPStatus(status).phrase
    return "".join(word.capitalize() for word in words.replace("-", " ").split())


def _problem(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"incident": _INCIDENT}
    if status == 422:
        told["errors"] = [{"field": "body.content", "detail": "This is missing. Please send it."}]
    example = json.loads(bytes(problem(status, **told).body))
    return {
        "description": f"{TYPES[status].title or HTTPStatus(status).phrase}.",
        "headers": header_fields(*EVERYWHERE, *_FIELDS.get(status, ())),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }


def follows(operation: Operation) -> dict[int, dict[str, Any]]:
    """Describe what an operation's answers have for the header fields that it takes."""
    taken = {each["name"] for each in operation.get("parameters", ())}
    made: dict[int, list[str]] = {200: [], 201: ["Location"]}
    if KEY in taken:
        made[201].append("Idempotent-Replayed")
    if "cursor" in taken:
        made[200].append("Link")
    if {MATCH, NONE_MATCH} & taken:
        made[200].append("ETag")
    found: dict[int, dict[str, Any]] = {
        status: {"headers": header_fields(*names)}
        for status, names in made.items()
        if str(status) in operation["responses"]
    }
    if NONE_MATCH in taken:
        found[304] = {"description": "You have it.", "headers": header_fields("ETag")}
    if PREFER in taken:
        found[202] = ACCEPTED
    return found


def refused(method: str, path: str, operation: Operation, admission: Admission[Any] | None) -> Iterator[int]:
    """Name the problems that an operation may answer with, by status, beyond those its route declares."""
    taken = {each["name"] for each in operation.get("parameters", ()) if each["in"] != "path"}
    body, once = "requestBody" in operation, KEY in taken
    known = admission is not None
    keeps = admission is not None and admission.scope not in (PICTURES, "")
    held = {
        400: body or once,
        401: known,
        403: known,
        404: "{" in path,
        408: body,
        409: once or (keeps and method in ("patch", "put", "delete")),
        412: MATCH in taken,
        413: body,
        415: body,
        422: body or bool(taken),
        429: True,
        500: True,
    }
    yield from (status for status, comes in held.items() if comes)
