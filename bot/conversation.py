"""Forms on faces that cannot show one: one question after the other, kept as a draft between messages.

A secret is asked for where nobody reads along, and answered there: its draft waits in the private chat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.command import Ask, Command, Ready, complete
from bot.i18n import capital
from bot.ids import new_id
from bot.message import Button, Entry, Form, Question, Reply, Request, fits
from storage.records import Draft, SaveDraft

if TYPE_CHECKING:
    from bot.app import Context

DRAFT_LIFE = timedelta(minutes=30)


def answered(
    draft: Draft, commands: Mapping[str, Command], text: str, known: Mapping[str, str]
) -> Ready | Ask | None:
    """Take a text as the answer to what was asked last; None where it is a command instead."""
    found = commands.get(draft.command)
    if found is None or text.lstrip().startswith("/") or text.strip().lower() == "cancel":
        return None
    return complete(found, {**draft.values, **answer_of(found, draft.asked, text)}, known=known)


def answer_of(found: Command, asked: str, text: str) -> dict[str, str]:
    """Read an answer: the value asked for, or ``name=value`` where a button offered another way out."""
    name, equals, value = text.partition("=")
    offered = {answer for param in found.params for answer, _ in param.arg.offers}
    if equals and text in offered:
        return {name: value}
    param = found.param(asked)
    return {asked: text if param is not None and param.arg.rest else text.strip()}


def question(draft: Draft | None, reply: Reply, context: Context) -> tuple[Reply, SaveDraft]:
    """Turn a form into its next question, and keep what is known so far."""
    form = reply.form
    assert form is not None  # only called for replies that hold one
    asked, request = _next(form), context.request
    given = {name: value for name, value in form.values.items() if name != asked.name}
    same = draft is not None and draft.command == form.command
    kept = Draft(
        id=draft.id if draft is not None and same else new_id(),
        person_id=context.person.id,
        space=aside(request) if asked.entry is Entry.SECRET else request.space.key,
        command=form.command,
        values=given,
        asked=asked.name,
        expires_at=context.now + DRAFT_LIFE,
    )
    body = "\n".join(
        line for line in (asked.error, context.t("{label}?", label=capital(asked.label))) if line
    )
    private = asked.entry is Entry.SECRET
    told = replace(reply, form=None, body=body, buttons=_buttons(kept, asked, context), private=private)
    return told, SaveDraft(kept)


def aside(request: Request) -> str:
    """Name the space where somebody is asked in private: here, or the chat that goes by their account."""
    return request.space.key if request.space.private else request.actor.key


def _next(form: Form) -> Question:
    open_questions = [entry for entry in form.questions if entry.error]
    open_questions += [entry for entry in form.questions if entry.required and entry.name not in form.values]
    return open_questions[0] if open_questions else form.questions[0]


def _buttons(draft: Draft, asked: Question, context: Context) -> tuple[tuple[Button, ...], ...]:
    choices = tuple(
        Button(label, f"answer {draft.id} {value}")
        for value, label in (asked.choices or asked.offers)
        if fits(f"answer {draft.id} {value}")
    )
    rows = tuple(choices[start : start + 3] for start in range(0, len(choices), 3))
    return (*rows, (Button(context.t("Cancel"), "cancel"),))
