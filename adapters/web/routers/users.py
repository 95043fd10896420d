"""Accounts: making one, looking at it, changing it, deleting it; for operators all of them."""

from __future__ import annotations

from fastapi import APIRouter

from adapters.web.api import Api


def routes(api: Api) -> APIRouter:
    """Serve them."""
    return APIRouter(tags=["users"])
