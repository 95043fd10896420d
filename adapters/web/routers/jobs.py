"""Work that takes long: how it stands, and what came of it."""

from __future__ import annotations

from fastapi import APIRouter

from adapters.web.api import Api


def routes(api: Api) -> APIRouter:
    """Serve them."""
    return APIRouter(tags=["jobs"])
