"""What Slack posts, before anything else looks at it: signed by Slack, and an object.

Our own check comes first: Bolt answers 500 to a timestamp that is no number, and reads a body before it
trusts it.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import structlog

log = structlog.get_logger(__name__)

TOLERANCE = 300  # seconds a timestamp may be off
DEEPEST = 100  # levels of a body

Body = dict[str, Any]
Dispatch = Callable[[Body], Awaitable[tuple[int, Body | None]]]  # to status and answer
Receive = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, str, str]]]


class Unreadable(ValueError):
    """A body that is no object, or none that anybody wrote."""


def receiver(signing_secret: str, dispatch: Dispatch) -> Receive:
    """Make the function that takes a post as it came and answers it: status, body, media type."""

    async def receive(headers: Mapping[str, str], raw: bytes) -> tuple[int, str, str]:
        if not verified(signing_secret, headers, raw, time.time()):
            _explained(signing_secret, headers, raw)
            return 401, '{"error": "The signature is wrong or too old."}', "application/json"
        try:
            body = shaped(headers.get("content-type", ""), raw)
        except Unreadable:
            return 400, '{"error": "The body is not an object."}', "application/json"
        if body.get("type") == "url_verification":
            return 200, json.dumps({"challenge": str(body.get("challenge", ""))}), "application/json"
        if body.get("ssl_check"):
            return 200, "", "text/plain"
        status, answer = await dispatch(body)
        return (status, json.dumps(answer), "application/json") if answer else (status, "", "text/plain")

    return receive


def verified(signing_secret: str, headers: Mapping[str, str], raw: bytes, now: float) -> bool:
    """Check the signature over the raw body (docs.slack.dev/authentication/verifying-requests-from-slack)."""
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12) or abs(now - int(stamp)) > TOLERANCE:
        return False
    return _signed(signing_secret, stamp, raw, signature)


def _signed(signing_secret: str, stamp: str, raw: bytes, signature: str) -> bool:
    digest = hmac.new(signing_secret.encode(), b"v0:%s:%s" % (stamp.encode(), raw), "sha256").hexdigest()
    return hmac.compare_digest(f"v0={digest}".encode(), signature.encode())


def _explained(signing_secret: str, headers: Mapping[str, str], raw: bytes) -> None:
    """Tell the log why a request of Slack's is refused; it may be anybody's, and is said at each."""
    stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not (stamp and signature):
        return  # nothing that Slack would send
    if _signed(signing_secret, stamp, raw, signature):
        mend = "Let the system set its clock (timedatectl set-ntp true)"
        log.warning("slack's request is too old, or this clock is wrong", what_to_do=mend)
    else:
        log.warning("slack's request has a wrong signature", what_to_do="Copy SLACK_SIGNING_SECRET again")


def shaped(content_type: str, raw: bytes) -> Body:
    """Read a body into an object, whichever of Slack's forms it came in; raises Unreadable."""
    try:
        if content_type.startswith("application/x-www-form-urlencoded"):
            fields: Body = dict(parse_qsl(raw.decode(), keep_blank_values=True))
            body = json.loads(fields["payload"]) if "payload" in fields else fields
        else:
            body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(body, dict) or _deep(body):
        raise Unreadable
    return body


def _deep(body: Body) -> bool:
    """Tell whether a body is nested so deeply that working on it would end in a RecursionError."""
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        inside = (each.values() if isinstance(each, dict) else each for each in level)
        level = [inner for held in inside for inner in held if isinstance(inner, (dict, list))]
    return bool(level)
