"""The fields of answers, described once (OpenAPI 3.1, Header Object)."""

from __future__ import annotations

from typing import Any


def _field(description: str, example: Any, *, always: bool = False, type: str = "string") -> dict[str, Any]:
    return {
        "description": description,
        "required": always,
        "schema": {"type": type},
        "example": example,
    }


EVERYWHERE = ("X-Request-ID", "RateLimit-Policy", "RateLimit")

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": _field(
        "Names this request; say it when you ask for help.", "7K3FABCDEFGH2345", always=True
    ),
    "RateLimit-Policy": _field("How many requests are allowed in how many seconds.", '"person";q=120;w=60'),
    "RateLimit": _field(
        "How many are left, and in how many seconds there is one more.", '"person";r=119;t=41'
    ),
    "Retry-After": _field("In how many seconds to come again.", 10, type="integer"),
    "WWW-Authenticate": _field("What was wrong with the token (RFC 6750, 3).", "Bearer", always=True),
    "Accept-Post": _field("The media type that a body is to have.", "application/json"),
    "Idempotent-Replayed": _field(
        "“true” where the answer is the one that this Idempotency-Key was given before.", "true"
    ),
    "ETag": _field(
        "Names this state of it, for If-None-Match and If-Match.", '"wPZ5kIBbO2RSQgN5Bf8GzA"', always=True
    ),
    "Location": _field("Where it is.", "/v1/…"),
    "Link": _field(
        "Where the list goes on (RFC 8288); missing on the last page.", '</v1/…?cursor=…>; rel="next"'
    ),
    "Content-Disposition": _field("The name of the file.", 'inline; filename="wifi.png"', always=True),
    "Preference-Applied": _field("“respond-async” where that was asked for (RFC 7240).", "respond-async"),
    "QR-Grade": _field("How surely the picture scans, A to D.", "A"),
    "QR-Score": _field("The same, of 100.", 96, type="integer"),
    "QR-Repaired": _field(
        "What was changed about the look so that it scans.", "a light plate behind the code"
    ),
}


def header_fields(*names: str) -> dict[str, Any]:
    """Point to the descriptions of some fields, for the ``headers`` of an answer."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
