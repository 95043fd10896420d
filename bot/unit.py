"""From an outcome to what is committed, all of it or nothing, and what is answered inside the call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cards import SECRET_KINDS
from bot.conversation import question
from bot.ids import new_id
from bot.message import Asking, Outcome, Reply, Request, Status
from bot.outbox import deliveries_of
from bot.wire import dump_request
from storage.records import (
    AddCode,
    AddPerson,
    Change,
    DropDraft,
    FinishRequest,
    ForgetPerson,
    JoinPersons,
    NoteShown,
    ReviseCode,
    StoredRequest,
    Unit,
    Why,
)

if TYPE_CHECKING:
    from bot.app import Context


def compose(
    context: Context, outcome: Outcome, stored: StoredRequest | None
) -> tuple[Unit | None, Reply | None]:
    """Lay out what to commit (None: nothing) and what to answer inside the call (None: nothing)."""
    request = context.request
    reply, drafts = _drafts(context, outcome)
    reply = replace(reply, language=context.t.language) if reply is not None else None
    said = _made_of(context, reply, outcome.changes)
    kept = (*outcome.changes, *drafts, *_shown(context, reply, said))
    jobs = tuple(_job(context, job) for job in outcome.jobs)
    inside = reply is not None and (request.answered or reply.form is not None)
    stays = bool(kept or jobs) or not context.new
    owner = _owner(context, kept) if stays else ""
    deliveries = () if inside or reply is None else deliveries_of(context, reply, owner, said)
    added = (AddPerson(context.person),) if context.new and stays else ()
    done = (FinishRequest(stored.id, context.now),) if stored is not None else ()
    changes = (*done, *added, *kept)  # done first: forgetting a person takes their requests along
    answer = reply if inside else None
    if not (changes or jobs or deliveries):
        return None, answer
    seen = "" if answer is not None and answer.form is not None else request.id
    return Unit(seen, context.now, changes, deliveries, jobs), answer


def _drafts(context: Context, outcome: Outcome) -> tuple[Reply | None, tuple[Change, ...]]:
    """Ask a form's next question where none can be shown; else a question ends once something else is said.

    A press elsewhere, a message that was changed, a refusal, and what was not answered leave it open.
    """
    request, reply, held = context.request, outcome.reply, context.draft
    drop = (DropDraft(held.person_id, held.space),) if held is not None else ()
    if reply is not None and reply.form is not None and request.asking is Asking.QUESTION:
        told, saved = question(held, reply, context)
        return told, (*drop, saved)
    failed = reply is not None and reply.status in (Status.REFUSED, Status.MISSING)
    silent = reply is None and not outcome.jobs
    return reply, () if request.pressed or request.edited or failed or silent else drop


def _made_of(context: Context, reply: Reply | None, changes: tuple[Change, ...]) -> str:
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


def _shown(context: Context, reply: Reply | None, said: str) -> tuple[Change, ...]:
    """Remember which code a message was made into."""
    if reply is None or not said:
        return ()
    request, owner = context.request, context.person.id
    anew = not (request.edited and reply.replace)
    return (NoteShown(request.space.key, said, owner, reply.code, request.text, context.now, anew),)


def _owner(context: Context, changes: tuple[Change, ...]) -> str:
    """Say whose the deliveries are once the changes are made."""
    for change in changes:
        match change:
            case ForgetPerson():
                return ""
            case JoinPersons(stays=stays):
                return stays
    return context.person.id


def _job(context: Context, request: Request) -> StoredRequest:
    return StoredRequest(
        id=new_id(),
        lane=request.space.key,
        why=Why.JOB,
        body=dump_request(request),
        created_at=context.now,
        due_at=context.now,
        person_id=context.person.id,
    )
