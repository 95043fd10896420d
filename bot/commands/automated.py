"""Make codes where no person waits: for a step of a workflow."""

from __future__ import annotations

from typing import Annotated

from bot.cards import SECRET_KINDS
from bot.command import Arg, command
from bot.commands.make import recognised
from bot.context import Context
from bot.looks import look_of, read_look
from bot.message import Outcome
from bot.qr.refusal import Refused


@command("workflow", group="make", hidden=True)
async def workflow(
    context: Context,
    text: Annotated[str, Arg("what the code should say", rest=True, slash=True)] = "",
    style: Annotated[str, Arg("how it looks: “dots navy on white, size 800”", named=True)] = "",
) -> Outcome:
    """Make a code for a step of a workflow.

    What is wrong or missing is refused in a sentence: nobody is there whom a form could ask.
    """
    if not text.strip():
        raise Refused("This step was given no text. Choose what the code should say.")
    look = await look_of(context, read_look(style), context.style) if style.strip() else context.style
    outcome = recognised(context, text, look, "png")
    reply = outcome.reply
    if reply is not None and reply.picture is not None and reply.picture.payload.kind in SECRET_KINDS:
        raise Refused(
            "This code may hold a secret, and what a workflow hands on has an address that others can open. "
            "Make it with /qr, where only you see it."
        )
    return outcome
