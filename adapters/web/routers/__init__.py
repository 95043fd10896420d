"""The HTTP API under ``/v1``: a file for each thing it is about."""

from __future__ import annotations

from fastapi import APIRouter

from adapters.web.api import Api
from adapters.web.routers import auth, connections, jobs, keys, operators, sessions, stateless, users


def routes(api: Api) -> APIRouter:
    """Put the API together."""
    router = APIRouter(prefix="/v1")
    for part in (stateless, jobs, auth, users, sessions, connections, keys, operators):
        router.include_router(part.routes(api))
    return router
