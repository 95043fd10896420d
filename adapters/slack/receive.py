"""What Slack posts: verified, checked for its shape, routed by Bolt, acknowledged after the commit.

Our own check comes first: Bolt answers 500 to a timestamp that is no number, and reads a body before it
trusts it.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from adapters.slack.faults import why
from adapters.slack.parse import OURS, Unparsable, parse, request_id
from adapters.slack.render import JSON, errors, opener, view
from adapters.slack.send import Slack, say
from bot.app import App
from bot.i18n import Translator, spoken
from bot.message import Form, Reply, Request, Status
from bot.parked import outline

log = structlog.get_logger(__name__)

TOLERANCE = 300  # seconds a timestamp may be off
DEEPEST = 100  # levels of a body
ANY = re.compile("")

Body = dict[str, Any]
Dispatch = Callable[[Body], Awaitable[tuple[int, Body | None]]]  # to status and answer
Receive = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, str, str]]]


class Unreadable(ValueError):
    """A body that is no object, or none that anybody wrote."""


def receiver(signing_secret: str, dispatch: Dispatch) -> Receive:
    """Make the function that takes a post as it came and answers it: status, body, media type."""

    async def receive(headers: Mapping[str, str], raw: bytes) -> tuple[int, str, str]:
        if not verified(signing_secret, headers, raw, time.time()):
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
    digest = hmac.new(signing_secret.encode(), b"v0:%s:%s" % (stamp.encode(), raw), "sha256").hexdigest()
    return hmac.compare_digest(f"v0={digest}".encode(), signature.encode())


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


# --- dispatch -----------------------------------------------------------------------------------------------


class _NotKept(Exception):
    """The commit, or what goes with it, did not work: nothing is acknowledged."""


def dispatcher(slack: Slack, app: App) -> Dispatch:
    """Route bodies through Bolt: it answers when the listener has ended, so that a failure is seen."""
    bolt = _bolt(slack, app)

    async def dispatch(body: Body) -> tuple[int, Body | None]:
        try:
            return await _routed(bolt, body)
        except _NotKept as error:
            log.error("slack's request could not be kept", error=outline(error.__cause__ or error))
        except Exception as odd:  # a shape that Bolt itself trips over
            log.warning("slack's body cannot be routed", error=outline(odd))
            try:
                await _bury(app, body)
                return 200, None
            except Exception as error:
                log.error("slack's body could not be kept", error=outline(error))
        return 503, None

    return dispatch


async def _routed(bolt: AsyncApp, body: Body) -> tuple[int, Body | None]:
    # "socket_mode", also over HTTP: the body was verified and read by us, Bolt is not to do it again
    answer = await bolt.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    if answer.status == 404:  # of no kind that we listen to
        return 200, None
    return answer.status, json.loads(answer.body) if answer.body.startswith("{") else None


def _bolt(slack: Slack, app: App) -> AsyncApp:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=slack.client.token)

    async def listener(body: Body, ack: AsyncAck) -> None:
        try:
            await _take(slack, app, body, ack)
        except Exception as error:
            raise _NotKept from error

    async def failed(error: Exception) -> BoltResponse:
        raise error  # out of Bolt, which would make a 500 of it

    bolt = AsyncApp(
        client=slack.client,
        logger=logging.getLogger("slack_bolt"),  # else Bolt's loggers follow the root's level, not this one's
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
    )
    bolt.command(ANY)(listener)
    bolt.action(ANY)(listener)
    bolt.view(ANY)(listener)
    for kind in OURS:
        bolt.event(kind)(listener)
    bolt.error(failed)
    return bolt


async def _take(slack: Slack, app: App, body: Body, ack: AsyncAck) -> None:
    """Handle one body: acknowledged once committed, or kept as a dead letter where it cannot be read."""
    try:
        request = parse(body, time.time())
    except Unparsable as error:
        log.warning("slack's body cannot be read", error=outline(error.__cause__ or error))
        await _bury(app, body)
        await ack()
        return
    reply = await app.handle(request) if request is not None else None
    if reply is None or request is None or reply.form is None:
        await ack()
    elif body.get("type") == "view_submission":
        await ack(_again(request, reply.form, Translator(spoken(reply.language))))
    else:
        await _open(slack, body, request, reply.form, Translator(spoken(reply.language)))
        await ack()


async def _bury(app: App, body: Body) -> None:
    team = body.get("team_id")
    known = isinstance(team, str) and team.isascii() and team.isalnum()
    await app.bury(request_id(body), f"slack:{team}" if known else "slack:", json.dumps(body))


# --- forms --------------------------------------------------------------------------------------------------


def _again(request: Request, form: Form, t: Translator) -> JSON:
    """Answer a submission that is not enough: errors at its fields, or the form that it led to."""
    if form.command == request.command:
        return errors(form)
    return {"response_action": "update", "view": view(form, request.address, t)}


async def _open(slack: Slack, body: Body, request: Request, form: Form, t: Translator) -> None:
    """Open a form as a modal; where Slack takes none any more, or never did, offer a button that opens it."""
    words = t("Press to open the form.")
    if "trigger_id" in body:
        try:
            await slack.client.views_open(
                trigger_id=str(body["trigger_id"]), view=view(form, request.address, t)
            )
            return
        except SlackApiError as error:
            log.warning("slack's form did not open", why=why(error))
            words = t("That took Slack too long. Press to open the form.")
    offer = Reply(
        body=words,
        buttons=((opener(form, t),),),
        private="trigger_id" in body,  # a mention is answered in its thread
        status=Status.INCOMPLETE,
        language=t.language,
    )
    await say(slack, request.address, offer, None)
