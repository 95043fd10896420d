"""Which pages of others may use the API (CORS): those an operator names, never with cookies."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE")
_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Prefer")
_SHOWN = (
    "Content-Disposition", "ETag", "Idempotent-Replayed", "Link", "Location", "Preference-Applied",
    "QR-Grade", "QR-Repaired", "QR-Score", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID",
)  # fmt: skip
_KEPT = 600  # seconds that a browser remembers a preflight


def shared(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """Open ``/v1`` and the description of it to pages of these origins; they send a token, as programs do."""
    if not origins:
        return app
    opened = CORSMiddleware(
        app, origins, _METHODS, _SENT, allow_credentials=False, expose_headers=_SHOWN, max_age=_KEPT
    )

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        api = scope["type"] == "http" and (
            scope["path"].startswith("/v1/") or scope["path"] == "/openapi.json"
        )
        await (opened if api else app)(scope, receive, send)

    return serve
