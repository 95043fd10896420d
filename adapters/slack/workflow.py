"""The step “Create a QR code” of a workflow: from its event to a request (pure), and from a reply to its end.

Shapes: docs.slack.dev/reference/events/function_executed, …/methods/functions.completeSuccess and
…completeError; types: docs.slack.dev/reference/types. Workflow Builder takes no file as an input or output
(slackapi/bolt-js#2407), so that both outputs are texts, which “Send a message” takes.

The event names neither the person who started the workflow nor the one who built it, and an input that did
could name anybody: codes belong to an account of the workspace's workflows, which nobody speaks for. It
brings a token that holds until the step ends; ours does the same, so that one is kept and told nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.faults import why
from adapters.slack.objects import cut
from adapters.slack.places import Body, request_id, slack_id, team_of
from adapters.slack.said import mark_of
from adapters.slack.texts import typed
from bot.face import Address
from bot.i18n import Translator, spoken
from bot.message import Actor, Asking, Reply, Request, Space, Status, plain
from bot.qr.picture import Rendered

EXECUTED = "function_executed"  # the event
EXECUTION = "execution"  # what an address names a step by that waits
STEP = "create_qr_code"  # the callback id
ACCOUNT = "workflow"  # whose codes they are, in each workspace
ERROR = 1000  # characters of what is said about a step that failed

_OVER = {"function_execution_not_found", "execution_not_in_running_state"}

# As the manifest defines it, under ``functions`` and the callback id: docs.slack.dev/workflows/workflow-steps
FUNCTION: dict[str, Any] = {
    "title": "Create a QR code",
    "description": "Make a QR code of a text or a link, proven to scan",
    "input_parameters": {
        "text": {
            "type": "string",
            "title": "Text or link",
            "description": "What the code says: a link, a number, any text",
            "is_required": True,
            "name": "text",
        },
        "style": {
            "type": "string",
            "title": "Style",
            "description": "How it looks, in words or a preset's name: dots navy on white",
            "is_required": False,
            "name": "style",
        },
    },
    "output_parameters": {
        "picture": {
            "type": "string",
            "title": "Picture",
            "description": "The address of the code's picture, which a message shows",
            "is_required": True,
            "name": "picture",
        },
        "link": {
            "type": "string",
            "title": "Link",
            "description": "What a scan opens or says",
            "is_required": False,
            "name": "link",
        },
    },
}
FUNCTIONS: dict[str, dict[str, Any]] = {STEP: FUNCTION}


# --- in -----------------------------------------------------------------------------------------------------


def executed(body: Body) -> Request:
    """Read a step's turn: a code to make in a space of its own, so that no step waits for another.

    Raises LookupError for a step that the manifest has no more.
    """
    team, event = team_of(body), body["event"]
    if event["function"]["callback_id"] not in FUNCTIONS:
        raise LookupError("no step of ours")
    execution = slack_id(event["function_execution_id"])
    inputs = {name: _input(event["inputs"], name) for name in FUNCTION["input_parameters"]}
    return Request(
        id=request_id(body),
        actor=Actor("slack", f"{team}:{ACCOUNT}"),
        space=Space("slack", f"{team}:{execution}"),
        command="workflow",
        values={name: value for name, value in inputs.items() if value},
        asking=Asking.FORM,
        admin=False,
        awaited=True,
        address={"team": team, "channel": "", "user": ACCOUNT, EXECUTION: execution},
    )


def _input(inputs: Mapping[str, Any], name: str) -> str:
    """Take an input as it was typed, or filled in by an earlier step, which may have Slack's marks in it.

    The manifest lets nothing but a text in; one that was left out may be null.
    """
    value = inputs.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError("an input that is no text")
    return typed(value or "", {})


def without_token(body: Body) -> Body:
    """Leave the step's own token out of what is kept."""
    event = body.get("event")
    if not isinstance(event, Mapping) or "bot_access_token" not in event:
        return body
    kept = {name: value for name, value in event.items() if name != "bot_access_token"}
    return {**body, "event": kept}


# --- out ----------------------------------------------------------------------------------------------------


async def end(
    slack: Slack, address: Address, reply: Reply, picture: Rendered | None, client: AsyncWebClient
) -> None:
    """End a step with its picture, which is drawn and proven by now, or with the sentence that says why not.

    One that is over already, as after an answer that got lost, is left as it is. ``client``: one whose calls
    are counted; raises NotYet before anything is done, TryLater, and the faults of Slack and the network.
    """
    execution, t = str(address[EXECUTION]), Translator(spoken(reply.language))
    try:
        if picture is None or reply.picture is None or reply.status is not Status.OK:
            await _fail(client, execution, plain(reply))
        elif slack.picture_address is None:
            said = t(
                "I hand a picture on by its address, and have no public one yet. Ask whoever runs me to set "
                "PUBLIC_URL, then start the workflow again."
            )
            await _fail(client, execution, said)
        else:
            shown = slack.picture_address(reply.code, int(mark_of(picture)[:8], 16))
            outputs = {"picture": shown, "link": reply.picture.payload.text}
            await _succeed(client, execution, outputs, t)
    except SlackApiError as error:
        if why(error) not in _OVER:
            raise


async def _fail(client: AsyncWebClient, execution: str, said: str) -> None:
    await client.functions_completeError(function_execution_id=execution, error=cut(said, ERROR) or "…")


async def _succeed(client: AsyncWebClient, execution: str, outputs: dict[str, str], t: Translator) -> None:
    try:
        await client.functions_completeSuccess(function_execution_id=execution, outputs=outputs)
    except SlackApiError as error:
        if why(error) != "parameter_validation_failed":
            raise
        said = t("This step has changed. Please take it out of the workflow and put it in again.")
        await _fail(client, execution, said)
