"""Forms that are asked question by question: answer one, leave it out, go back, or be content."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.conversation import Way, answer_of, carried, moved
from bot.ids import read_id
from bot.message import Outcome, Reply, Status
from bot.qr.refusal import Refused
from storage.changes import DropDraft
from storage.records import Draft


def read_draft(text: str) -> str:
    """Read a draft's id."""
    found = read_id(text)
    if found is None:
        raise Refused("“{given}” is no question of mine.", given=text)
    return found


@command("answer", group="make", hidden=True)
async def answer(
    context: Context,
    draft: Annotated[str, Arg("which question", read=read_draft)],
    value: Annotated[str, Arg("the answer", rest=True)] = "",
) -> Outcome:
    """Answer the question a form asked."""
    kept = context.draft
    found = context.commands.get(kept.command) if kept is not None else None
    if kept is None or found is None or kept.id != draft or not kept.asked:
        return _over(context)
    given = {**kept.values, **answer_of(found, kept.asked, value)}
    return _on(context, kept, carried(found, kept, given, context.settled))


@command("step", group="make", hidden=True)
async def step(
    context: Context,
    draft: Annotated[str, Arg("which question", read=read_draft)],
    way: Annotated[Way, Arg("where to go")],
) -> Outcome:
    """Go on from a question without answering it."""
    kept = context.draft
    found = context.commands.get(kept.command) if kept is not None else None
    if kept is None or found is None or kept.id != draft:
        return _over(context)
    return _on(context, kept, moved(found, kept, way, context.settled))


def _over(context: Context) -> Outcome:
    body = context.t(
        "That question is over, or somebody else's: I keep one for half an hour. Please start again."
    )
    return Outcome(Reply(body=body, status=Status.MISSING))


def _on(context: Context, kept: Draft, values: dict[str, str]) -> Outcome:
    filled = replace(context.request, text="", command=kept.command, values=values, about=None)
    return Outcome(None, (DropDraft(kept.person_id, kept.space),), then=filled)
