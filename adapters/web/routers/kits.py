"""Kits of one's own: a look, a format and a logo with a name."""

from __future__ import annotations

from fastapi import APIRouter

from adapters.web.api import Api


def routes(api: Api) -> APIRouter:
    """Serve them."""
    return APIRouter(tags=["kits"])
