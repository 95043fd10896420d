"""The HTTP API under ``/v1``: a file for each thing it is about."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.routing import BaseRoute

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


def routes(api: Api) -> Iterator[BaseRoute]:
    """Put the API together."""
    for part in _PARTS:
        yield from part.routes(api).routes
