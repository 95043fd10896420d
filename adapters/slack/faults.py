"""What went wrong between us and Slack, and whether trying again can help. Only Slack's code is told: the
answers themselves hold addresses that are as good as passwords.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.face import TryLater, Undeliverable

NETWORK = (ClientError, TimeoutError, OSError)
FAULTS = (SlackApiError, *NETWORK)
LONG = 300.0  # seconds until a revoked token is tried again: another may have taken its place

WRONG = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
}
_PASSING = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
}


def why(error: Exception) -> str:
    """Name a fault: Slack's code, empty where a proxy or a broken answer spoke in its place."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    # the response is aiohttp's own where the body was no JSON
    return str(error.response.get("error") or "") if hasattr(error.response, "get") else ""


def seconds(headers: Mapping[str, str]) -> float | None:
    """Read how long Slack asks us to wait; None where it does not."""
    after = str(headers.get("Retry-After", ""))
    return float(after) if after.isascii() and after.isdigit() else None


def verdict(error: Exception) -> TryLater | Undeliverable:
    """Decide whether trying again can help."""
    said = why(error)
    if not isinstance(error, SlackApiError):
        return TryLater(said)
    status = int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 200))
    wait = seconds(error.response.headers)
    if wait is not None:
        return TryLater(said or "rate limited", wait)
    if said in WRONG:
        return TryLater(said, LONG)
    passing = said in _PASSING or status == 429 or status >= 500 or not said
    return TryLater(said or f"HTTP {status}") if passing else Undeliverable(said)
