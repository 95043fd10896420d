"""A message that its author changed: the code that was made of it says the new text, where it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cards import SECRET_KINDS
from bot.message import Outcome, Reply, Status
from storage.records import Code, ReviseCode

if TYPE_CHECKING:
    from bot.app import Context

Decide = Callable[["Context"], Awaitable[Outcome]]


async def corrected(context: Context, decide: Decide) -> Outcome:
    """Decide on a message that was changed.

    Where it was made into a code, that code says the new text, and keeps its look, its star and its place in
    the history; the picture is replaced where it stands. A change of anything but the text does nothing,
    whatever it said. What was no code of theirs, or holds a secret, is as if it were said anew.
    """
    request = context.request
    shown = await context.work.messages.find(request.space.key, request.message, request.text)
    if shown is not None and shown.same:
        return Outcome(None)
    code = await context.work.codes.any(shown.code_id) if shown is not None else None
    if code is None or code.person_id != context.person.id or code.kind in SECRET_KINDS:
        return await _anew(context, decide)
    outcome = await decide(replace(context, draft=None, revised=code))
    reply = outcome.reply
    if reply is None or not _revises(outcome, code):
        return outcome
    return replace(outcome, reply=replace(reply, replace=True))


def _revises(outcome: Outcome, code: Code) -> bool:
    return any(isinstance(change, ReviseCode) and change.code.id == code.id for change in outcome.changes)


async def _anew(context: Context, decide: Decide) -> Outcome:
    """Take it as if it were said now; but never as the answer to what was asked after it was said."""
    if context.draft is None:
        return await decide(context)
    body = context.t(
        "I cannot change an answer you have given. Answer the question above, or say /cancel and start again."
    )
    return Outcome(Reply(body=body, status=Status.REFUSED))
