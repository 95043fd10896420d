"""What was verified, on its way to the door: routed by Bolt, acknowledged after the commit."""

from __future__ import annotations

import json
import logging
import re
import time

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from adapters.slack.builder import about, unknown_kind
from adapters.slack.connection import Slack
from adapters.slack.direct import known
from adapters.slack.events import OURS
from adapters.slack.leaving import GONE, left
from adapters.slack.live import PAUSE, Live, over, take
from adapters.slack.modal import again, opened
from adapters.slack.parse import WRONG_SHAPE, Unparsable, parse
from adapters.slack.places import enterprise_of, request_id, team_of
from adapters.slack.receive import Body, Dispatch
from adapters.slack.tab import OPENED
from adapters.slack.trial import Studio
from adapters.slack.workflow import EXECUTED, without_token
from bot.app import App
from bot.builder import builds
from bot.face import Draw
from bot.i18n import Translator, spoken
from bot.parked import outline
from storage.faults import Unavailable

log = structlog.get_logger(__name__)

ANY = re.compile("")
LISTENED = (*OURS, OPENED, EXECUTED, *GONE)  # the events that the manifest subscribes to


class _NotKept(Exception):
    """The commit, or what goes with it, did not work: nothing is acknowledged."""


def dispatcher(slack: Slack, app: App, draw: Draw | None = None, *, pause: float = PAUSE) -> Dispatch:
    """Route bodies through Bolt: it answers when the listener has ended, so that a failure is seen.

    ``draw`` draws what builders show; ``pause``: seconds between two updates of one.
    """
    bolt = _bolt(Live(Studio(slack, app, draw), pause))

    async def dispatch(body: Body) -> tuple[int, Body | None]:
        try:
            with app.intake.taking():
                return await _routed(bolt, body) if await _known(slack, body) else (200, None)
        except _NotKept as error:
            log.error("slack's request could not be kept", error=outline(error.__cause__ or error))
        except Unavailable as error:
            log.error("slack's request could not be kept", error=outline(error))
        except Exception as odd:  # a shape that Bolt itself trips over
            log.warning("slack's body cannot be routed", error=outline(odd))
            try:
                await _bury(app, body)
                return 200, None
            except Exception as error:
                log.error("slack's body could not be kept", error=outline(error))
        return 503, None

    return dispatch


async def _known(slack: Slack, body: Body) -> bool:
    """Tell whether a body is for us: from where the app is installed, or of no place that can be read."""
    try:
        team, enterprise = team_of(body), enterprise_of(body)
    except (TypeError, AttributeError):
        return True  # what is wrong with it is found where it is read
    try:
        return await slack.knows(team, enterprise)
    except Exception as error:
        raise _NotKept from error


async def _routed(bolt: AsyncApp, body: Body) -> tuple[int, Body | None]:
    # "socket_mode", also over HTTP: the body was verified and read by us, Bolt is not to do it again
    answer = await bolt.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    if answer.status == 404:  # of no kind that we listen to
        return 200, None
    return answer.status, json.loads(answer.body) if answer.body.startswith("{") else None


def _bolt(live: Live) -> AsyncApp:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)

    async def listener(body: Body, ack: AsyncAck) -> None:
        try:
            await _take(live, body, ack)
        except Exception as error:
            raise _NotKept from error

    async def failed(error: Exception) -> BoltResponse:
        raise error  # out of Bolt, which would make a 500 of it

    bolt = AsyncApp(
        name="qr-gen",  # else Bolt reads the sources of all that called this, for a file name
        client=live.studio.slack.with_token(),
        logger=logging.getLogger("slack_bolt"),  # else Bolt's loggers follow the root's level, not this one's
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
    )
    bolt.command(ANY)(listener)
    bolt.action(ANY)(listener)
    bolt.view(ANY)(listener)
    bolt.view_closed(ANY)(listener)
    bolt.shortcut(ANY)(listener)
    for kind in LISTENED:
        bolt.event(kind)(listener)
    bolt.error(failed)
    return bolt


async def _take(live: Live, body: Body, ack: AsyncAck) -> None:
    """Handle one body: acknowledged once committed, or kept as a dead letter where it cannot be read."""
    app = live.studio.app
    if about(body) and body.get("type") != "view_submission":
        _typed(live, body)
        await ack()
        return
    try:
        await left(live.studio.slack, app, body)
        ours = await known(live.studio.slack, body, busy=app.intake.full)
        request = parse(body, time.time(), ours)
    except Unparsable as error:
        log.warning("slack's body cannot be read", error=outline(error.__cause__ or error))
        await _bury(app, body)
        await ack()
        return
    sent = about(body)
    if sent and request is not None and not builds(app.commands, request.command):
        await ack(unknown_kind(body))
        return
    reply = await app.handle(request, later=True) if request is not None else None
    if reply is None or request is None or reply.form is None:
        if sent:
            over(live, body)
        await ack()
    elif body.get("type") == "view_submission":
        await ack(again(body, request, reply.form, Translator(spoken(reply.language))))
    else:
        await opened(live, body, request, reply.form, Translator(spoken(reply.language)))
        await ack()


def _typed(live: Live, body: Body) -> None:
    """Take what happens in a builder that stands open: of that nothing is promised, so nothing is kept."""
    try:
        take(live, body)
    except WRONG_SHAPE as error:
        log.warning("slack's view cannot be read", error=outline(error))


async def _bury(app: App, body: Body) -> None:
    team = body.get("team_id")
    known = isinstance(team, str) and team.isascii() and team.isalnum()
    await app.bury(request_id(body), f"slack:{team}" if known else "slack:", json.dumps(without_token(body)))
