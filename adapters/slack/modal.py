"""Forms as modals: opened while Slack takes them, and answered in place."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from adapters.slack.builder import about, is_builder, refused
from adapters.slack.faults import FAULTS, why
from adapters.slack.live import Live, first
from adapters.slack.live import opened as begin
from adapters.slack.objects import JSON
from adapters.slack.views import errors, opener, view
from bot.i18n import Translator
from bot.message import Form, Reply, Request, Status
from bot.parked import tell

log = structlog.get_logger(__name__)

Body = dict[str, Any]
PATIENCE = 1.8  # seconds that opening takes at the most, of the three in which Slack wants an answer
USED = "exchanged_trigger_id"  # the same was posted to us before, and opened then


def again(body: Body, request: Request, form: Form, t: Translator) -> JSON:
    """Answer a submission that is not enough: errors at its fields, or the form that it led to."""
    if about(body):
        return refused(body, form, t)
    if form.command == request.command:
        return errors(form)
    return {"response_action": "update", "view": view(form, request.address, t)}


async def opened(live: Live, body: Body, request: Request, form: Form, t: Translator) -> None:
    """Open a form as a modal; where Slack takes none any more, or never did, offer a button that opens it."""
    words = t("Press to open the form.")
    if "trigger_id" in body:
        try:
            async with asyncio.timeout(PATIENCE):
                await _open(live, str(body["trigger_id"]), request, form, t)
            return
        except FAULTS as error:
            log.warning("slack's form did not open", why=why(error))
            if why(error) == USED:
                return
            words = t("That took Slack too long. Press to open the form.")
    offer = Reply(
        body=words,
        buttons=((opener(form, t),),),
        private="trigger_id" in body,  # a mention is answered in its thread
        status=Status.INCOMPLETE,
        language=t.language,
    )
    await tell(live.studio.app, request, offer)


async def _open(live: Live, trigger: str, request: Request, form: Form, t: Translator) -> None:
    client = await live.studio.slack.client(request.space.id.partition(":")[0])
    building = is_builder(form)
    shown = first(live, form, request.address, t) if building else view(form, request.address, t)
    answer: Any = await client.views_open(trigger_id=trigger, view=shown)
    if building:
        begin(live, answer["view"], request, form, t)
