"""Codes as files, in any format, size and look."""

from __future__ import annotations

from fastapi import APIRouter

from adapters.web.api import Api


def routes(api: Api) -> APIRouter:
    """Serve them."""
    return APIRouter(tags=["images"])
