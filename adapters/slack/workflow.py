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
from functools import partial
from hashlib import sha256
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.faults import why
from adapters.slack.objects import cut
from adapters.slack.places import Body, request_id, slack_id, team_of
from adapters.slack.render import alternative
from adapters.slack.steps import surely
from adapters.slack.texts import typed
from adapters.slack.uploads import upload
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
            "description": "What a scan opens or says; empty where that is a secret",
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
    execution = str(address[EXECUTION])
    try:
        if picture is None or reply.picture is None or reply.status is not Status.OK:
            await _fail(client, execution, plain(reply))
        else:
            await _succeed(slack, client, execution, reply, picture)
    except SlackApiError as error:
        if why(error) not in _OVER:
            raise


async def _fail(client: AsyncWebClient, execution: str, said: str) -> None:
    await client.functions_completeError(function_execution_id=execution, error=cut(said, ERROR) or "…")


async def _succeed(
    slack: Slack, client: AsyncWebClient, execution: str, reply: Reply, picture: Rendered
) -> None:
    """Hand over the picture's address and what the code says; a secret of that stays in the picture.

    A file may be there by then, so what follows waits here.
    """
    assert reply.picture is not None  # the caller looked
    signed = _signed(slack, reply, picture)
    outputs = {"picture": signed or await _uploaded(slack, client, reply, picture)}
    outputs |= {} if reply.private or reply.secret else {"link": reply.picture.payload.text}
    step = partial(client.functions_completeSuccess, function_execution_id=execution, outputs=outputs)
    try:
        await (step() if signed else surely(step))
    except SlackApiError as error:
        if why(error) != "parameter_validation_failed":
            raise
        t = Translator(spoken(reply.language))
        said = t("This step has changed. Please take it out of the workflow and put it in again.")
        await _fail(client, execution, said)


def _signed(slack: Slack, reply: Reply, picture: Rendered) -> str:
    """Give our own address of the picture; empty where none is public, or the code is kept nowhere."""
    if slack.picture_address is None or not reply.code:
        return ""
    return slack.picture_address(reply.code, int(sha256(picture.data).hexdigest()[:8], 16))


async def _uploaded(slack: Slack, client: AsyncWebClient, reply: Reply, picture: Rendered) -> str:
    """Upload the picture to nobody's place, and give the address of its page.

    Where a step was tried again, an earlier one stays behind unseen.
    """
    assert reply.picture is not None  # the caller looked
    name = f"{reply.picture.name}.{picture.extension}"
    told = alternative(reply, Translator(spoken(reply.language)))
    file = await upload(slack, client, name, picture.data, told=told)
    about: Any = await client.files_info(file=file)
    return str(about["file"]["permalink"])
