"""From an outcome to what is committed, all of it or nothing, and what is answered inside the call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.albums import TOGETHER, album_id, joined, waits
from bot.conversation import question, without_at
from bot.corrections import made_of, noted
from bot.ids import new_id
from bot.message import Asking, Outcome, Reply, Request, Status
from bot.outbox import deliveries_of
from bot.wire import dump_request
from storage.account import ACCOUNT, AddUser, CountTry
from storage.changes import (
    AddCode,
    AddPerson,
    AddPreview,
    Change,
    DropDraft,
    ExtendRequest,
    FinishRequest,
    ForgetPerson,
    JoinPersons,
    OpenBoard,
    ReviseCode,
    Stale,
    TurnBoard,
    Unit,
)
from storage.operations import AddAction
from storage.records import StoredRequest, Why

if TYPE_CHECKING:
    from bot.context import Context


def compose(
    context: Context, outcome: Outcome, stored: StoredRequest | None
) -> tuple[Unit | None, Reply | None]:
    """Lay out what to commit (None: nothing) and what to answer inside the call (None: nothing).

    Raises Stale where who asks had an account that was deleted meanwhile.
    """
    request, outcome = context.request, _unsaid(context.request, outcome)
    reply, drafts = _drafts(context, outcome)
    reply = replace(reply, language=context.t.language) if reply is not None else None
    jobs, into = _jobs(context, outcome)
    said = made_of(context, reply, outcome.changes)
    kept = (*outcome.changes, *drafts, *into)
    inside = reply is not None and (request.answered or reply.form is not None)
    operates = any(isinstance(each, AddAction) for each in kept)  # what is changed is others'
    stays = bool(jobs) or (any(map(_somebodys, kept)) and not operates) or not context.new
    owner = _owner(context, kept) if stays else ""
    if owner and (reply is not None or jobs):
        kept += noted(context, reply, owner, said)
    deliveries = () if inside or reply is None else deliveries_of(context, reply, owner, said)
    added = _newcomer(context, kept) if context.new and stays else ()
    done = (FinishRequest(stored.id, context.now, stored.due_at),) if stored is not None else ()
    changes = (*done, *added, *kept)  # done first: forgetting a person takes their requests along
    answer = reply if inside else None
    if not (changes or jobs or deliveries):
        return None, answer
    seen = "" if answer is not None and answer.form is not None else outcome.once or request.id
    spoke = stored is None and not request.operator  # what waited may have waited too long
    heard = request.space.key if spoke else ""
    return Unit(seen, context.now, changes, deliveries, jobs, heard), answer


def _unsaid(request: Request, outcome: Outcome) -> Outcome:
    """Leave out the words about what was changed on a board: it shows that itself. What was made is sent."""
    reply, made = outcome.reply, any(isinstance(each, AddCode | ReviseCode) for each in outcome.changes)
    said = reply is None or reply.status is not Status.OK or reply.form is not None or made
    return replace(outcome, reply=None) if request.board and outcome.changes and not said else outcome


def _newcomer(context: Context, changes: tuple[Change, ...]) -> tuple[AddPerson, ...]:
    """Keep who asks for the first time; with an account only as it is made, or nobody could delete them."""
    signs_up = any(isinstance(each, AddUser) for each in changes)
    if context.request.actor.platform == ACCOUNT and not signs_up:
        raise Stale("the account is gone")
    return (AddPerson(context.person),)


def _somebodys(change: Change) -> bool:
    """Tell whether a change keeps something of the person's.

    A stranger's preview or board is nobody's, and that they guessed wrong keeps nobody.
    """
    if isinstance(change, OpenBoard | TurnBoard | CountTry):
        return False
    return not isinstance(change, AddPreview) or bool(change.preview.person_id)


def _drafts(context: Context, outcome: Outcome) -> tuple[Reply | None, tuple[Change, ...]]:
    """Ask a form's next question where none can be shown; else a question ends once something else is said.

    A press elsewhere, a message that was changed, a refusal, and what was not answered leave it open; so does
    anything where no question stands, but an offer to make the code, and what is said on a page that asks by
    forms, unless by a form.
    """
    request, reply, held = context.request, outcome.reply, context.draft
    drop = (DropDraft(held.person_id, held.space),) if held is not None else ()
    if reply is not None and reply.form is not None and request.asking is Asking.QUESTION:
        told, saved = question(held, reply, context)
        return told, (*drop, saved)
    if reply is not None and reply.form is not None:
        reply = replace(reply, form=replace(reply.form, values=without_at(reply.form.values)))
    failed = reply is not None and reply.status in (Status.REFUSED, Status.MISSING)
    silent = reply is None and not outcome.jobs
    offered = held is not None and not held.asked
    aside = request.by_forms and (reply is None or reply.form is None)
    stays = request.pressed or request.edited or failed or silent or offered or aside
    return reply, () if stays else drop


def _owner(context: Context, changes: tuple[Change, ...]) -> str:
    """Say whose the deliveries are once the changes are made."""
    for change in changes:
        match change:
            case ForgetPerson():
                return ""
            case JoinPersons(stays=stays):
                return stays
    return context.person.id


def _jobs(context: Context, outcome: Outcome) -> tuple[tuple[StoredRequest, ...], tuple[ExtendRequest, ...]]:
    """Lay out what is to be run: jobs of their own, or a file that goes into the job of its album."""
    held, now = context.album, context.now
    if not (context.request.album and outcome.jobs) or (held is not None and not waits(held, now)):
        return tuple(_job(context, job, new_id(), now) for job in outcome.jobs), ()
    if held is not None:
        return (), tuple(joined(held, job, now) for job in outcome.jobs)
    return (
        tuple(_job(context, job, album_id(context.request), now + TOGETHER) for job in outcome.jobs[:1]),
        (),
    )


def _job(context: Context, request: Request, id: str, due_at: datetime) -> StoredRequest:
    return StoredRequest(
        id=id,
        lane=request.space.key,
        why=Why.JOB,
        body=dump_request(request),
        created_at=context.now,
        due_at=due_at,
        person_id=context.person.id,
    )
