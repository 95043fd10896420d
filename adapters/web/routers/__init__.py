"""The HTTP API under ``/v1``: a file for each thing it is about."""

from __future__ import annotations

from fastapi import APIRouter

from adapters.web.api import Api
from adapters.web.routers import (
    auth,
    codes,
    connections,
    images,
    jobs,
    keys,
    kits,
    operators,
    resets,
    sessions,
    stateless,
    users,
)

_PARTS = (
    auth,
    resets,
    users,
    sessions,
    connections,
    keys,
    images,  # before codes: an id has no point in it
    codes,
    kits,
    stateless,
    jobs,
    operators,
)


def routes(api: Api) -> APIRouter:
    """Put the API together."""
    router = APIRouter(prefix="/v1")
    for part in _PARTS:
        router.include_router(part.routes(api))
    return router
