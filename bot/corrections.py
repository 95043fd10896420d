"""A message that its author changes: the code that was made of it says the new text, where it is shown.

So what is said is remembered, by a fingerprint, together with the code that it was made into.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cards import SECRET_KINDS
from bot.message import Outcome, Reply, Status
from storage.changes import AddCode, Change, NoteShown, ReviseCode
from storage.records import Code

if TYPE_CHECKING:
    from bot.context import Context

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


# --- remembering --------------------------------------------------------------------------------------------


def made_of(context: Context, reply: Reply | None, changes: tuple[Change, ...]) -> str:
    """Name the message that was made into the code shown: when it is changed, so is the code.

    Never one with a secret, one that answered a question, or one that asked for a code there was before.
    """
    request = context.request
    answer = context.draft is not None and not request.edited and not request.text.startswith("/")
    if reply is None or reply.picture is None or reply.secret:
        return ""
    if answer or request.pressed or request.answered or not request.text:
        return ""
    made = any(isinstance(each, AddCode | ReviseCode) and each.code.id == reply.code for each in changes)
    return request.message if made and reply.picture.payload.kind not in SECRET_KINDS else ""


def noted(context: Context, reply: Reply | None, owner: str, said: str) -> tuple[Change, ...]:
    """Remember what a message said, and which code it was made into, so that a change is known for one."""
    request = context.request
    if not (request.message and request.text) or request.pressed or request.answered or request.uploads:
        return ()
    code = reply.code if reply is not None and said else ""
    anew = not (request.edited and (not code or (reply is not None and reply.replace)))
    return (NoteShown(request.space.key, request.message, owner, code, request.text, context.now, anew),)
