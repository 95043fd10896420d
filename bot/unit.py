"""From an outcome to what is committed, all of it or nothing, and what is answered inside the call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.conversation import question
from bot.ids import new_id
from bot.message import Asking, Outcome, Reply, Request, Status
from bot.outbox import deliveries_of
from bot.wire import dump_request
from storage.records import (
    AddPerson,
    Change,
    DropDraft,
    FinishRequest,
    ForgetPerson,
    JoinPersons,
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
    kept, jobs = (*outcome.changes, *drafts), tuple(_job(context, job) for job in outcome.jobs)
    inside = reply is not None and (request.answered or reply.form is not None)
    stays = bool(kept or jobs) or not context.new
    owner = _owner(context, kept) if stays else ""
    deliveries = () if inside or reply is None else deliveries_of(context, reply, owner)
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

    A press elsewhere, a refusal, and what was not answered at all leave it open; so does what is said on a
    page that asks by forms, unless by a form.
    """
    request, reply, held = context.request, outcome.reply, context.draft
    drop = (DropDraft(held.person_id, held.space),) if held is not None else ()
    if reply is not None and reply.form is not None and request.asking is Asking.QUESTION:
        told, saved = question(held, reply, context)
        return told, (*drop, saved)
    failed = reply is not None and reply.status in (Status.REFUSED, Status.MISSING)
    silent = reply is None and not outcome.jobs
    aside = request.by_forms and (reply is None or reply.form is None)
    return reply, () if request.pressed or failed or silent or aside else drop


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
