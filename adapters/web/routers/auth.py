"""Logging in and out: access tokens, refresh tokens, forgotten passwords."""

from __future__ import annotations

from fastapi import APIRouter

from adapters.web.api import Api


def routes(api: Api) -> APIRouter:
    """Serve them."""
    return APIRouter(tags=["auth"])
