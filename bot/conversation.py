"""Forms on faces that cannot show one: one question after the other, kept as a draft between messages.

What a command cannot do without is asked first, in the form's order. Then the code can be made at once, or
the optional values are asked for too. A secret is asked for where nobody reads along, and answered there: its
draft waits in the private chat. Where others read along a face may show no buttons beside a question that is
answered freely, so the ways that buttons offer are said there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.command import Ask, Command, Ready, complete
from bot.i18n import Translator, capital, mark
from bot.ids import new_id
from bot.message import Button, Entry, Field, Form, Question, Reply, Request, Rows, Tone, fits
from storage.changes import SaveDraft
from storage.records import Draft

if TYPE_CHECKING:
    from bot.context import Context

DRAFT_LIFE = timedelta(minutes=30)
AT = "+"  # in a form's values: the question somebody went to, empty for none; no parameter is called so


class Way(StrEnum):
    """Where to go from a question without answering it."""

    NEXT = "next"
    BACK = "back"
    MORE = "more"
    MAKE = "make"


WORDS = {
    mark("back"): Way.BACK,
    mark("skip"): Way.NEXT,
    mark("more fields"): Way.MORE,
    mark("make it now"): Way.MAKE,
}


# --- taking an answer ---------------------------------------------------------------------------------------


def answered(
    context: Context, draft: Draft, commands: Mapping[str, Command], text: str
) -> Ready | Ask | None:
    """Take a text as the answer to what was asked last; None where it is something else instead."""
    found, word = commands.get(draft.command), text.strip().casefold()
    if found is None or text.lstrip().startswith("/") or word == "cancel":
        return None
    if not context.request.space.private:
        if word == context.t(mark("cancel")).casefold():
            return Ready(commands["cancel"], {})
        for said, way in WORDS.items():
            if word in (said, context.t(said).casefold()):
                return Ready(commands["step"], {"draft": draft.id, "way": way})
    if not draft.asked:
        return None
    values = carried(found, draft, {**draft.values, **answer_of(found, draft.asked, text)}, context.settled)
    return going(complete(found, values, known=context.settled), values)


def answer_of(found: Command, asked: str, text: str) -> dict[str, str]:
    """Read an answer: the value asked for, or ``name=value`` where a button offered another way out."""
    name, equals, value = text.partition("=")
    offered = {answer for param in found.params for answer, _ in param.arg.offers}
    if equals and text in offered:
        return {name: value}
    param = found.param(asked)
    return {asked: text if param is not None and param.arg.rest else text.strip()}


def going(understood: Ready | Ask, values: Mapping[str, str]) -> Ready | Ask:
    """Ask on where somebody went to a question, though nothing is missing."""
    on = AT in values and isinstance(understood, Ready)
    return Ask(understood.command, dict(values)) if on else understood


def carried(
    found: Command, draft: Draft, given: Mapping[str, str], known: Mapping[str, str], *, skipped: bool = False
) -> dict[str, str]:
    """Give the values after an answer, and with them where to go: nowhere where the command can run.

    What is wrong or missing comes first. When it is all there, the optional values are offered once; who has
    begun with them is asked one after the other to the last.
    """
    values = without_at(given)
    here = draft.asked if skipped or draft.values.get(AT) == draft.asked else ""
    understood = complete(found, values, known=known)
    if isinstance(understood, Ask):
        return {**values, AT: here} if here in understood.errors else values
    following = _following(found, here, values)
    return values if following is None else {**values, AT: following}


def without_at(values: Mapping[str, str]) -> dict[str, str]:
    """Take away where somebody went."""
    return {name: value for name, value in values.items() if name != AT}


def _following(found: Command, here: str, values: Mapping[str, str]) -> str | None:
    """Name the optional question that follows; empty: offer them; None: there is none that is open."""
    optional = [name for name in _order(found) if not _required(found, name)] if found.kind else []
    after = optional[optional.index(here) + 1 :] if here in optional else optional
    left = [name for name in after if name not in values]
    if not left:
        return None
    return left[0] if here in optional else ""


def moved(found: Command, draft: Draft, way: Way, known: Mapping[str, str]) -> dict[str, str]:
    """Give the values, and with them where to go, after one of the ways was taken."""
    values = without_at(draft.values)
    match way:
        case Way.NEXT:
            return carried(found, draft, values, known, skipped=True)
        case Way.BACK:
            return {**values, AT: _before(found, draft)}
        case Way.MORE:
            left = [name for name in _order(found) if name not in values]
            return {**values, AT: left[0]} if left else values
    return values


def _before(found: Command, draft: Draft) -> str:
    """Name the question before the one that is asked; before an offer stands the last that was answered."""
    order = _order(found)
    if draft.asked in order:
        return order[max(order.index(draft.asked) - 1, 0)]
    return next((name for name in reversed(order) if name in draft.values), order[0])


def _order(found: Command) -> list[str]:
    """Name the questions as they are asked: what is needed first."""
    asked = [param for param in found.params if not param.arg.unasked]
    return [param.name for param in sorted(asked, key=lambda param: not param.required)]


def _required(found: Command, name: str) -> bool:
    param = found.param(name)
    return param is not None and param.required


# --- asking -------------------------------------------------------------------------------------------------


def question(draft: Draft | None, reply: Reply, context: Context) -> tuple[Reply, SaveDraft]:
    """Turn a form into its next question, and keep what is known so far."""
    assert reply.form is not None  # only called for replies that hold one
    form, request = _plain(reply.form, context.commands), context.request
    asked = _next(form)
    wrong = asked.name if asked is not None and asked.error else ""
    at = {AT: form.values[AT]} if asked is not None and AT in form.values else {}
    given = {name: value for name, value in without_at(form.values).items() if name != wrong}
    same = draft is not None and draft.command == form.command
    secret = _secret(form, asked)
    kept = Draft(
        id=draft.id if draft is not None and same else new_id(),
        person_id=context.person.id,
        space=aside(request) if secret else request.space.key,
        command=form.command,
        values=given | at,
        asked=asked.name if asked is not None else "",
        expires_at=context.now + DRAFT_LIFE,
    )
    bare = replace(reply, form=None, private=secret)
    told = _offer(bare, form, kept, context) if asked is None else _asking(bare, form, asked, kept, context)
    under = draft is not None and request.pressed and draft.id in request.text.split()
    return replace(told, replace=under and not told.expects), SaveDraft(kept)


def _secret(form: Form, asked: Question | None) -> bool:
    """Tell whether nobody may read along: a secret is asked for, or one is known that may go on."""
    held = [each for each in form.questions if each.name in form.values]
    return any(each.entry is Entry.SECRET for each in (*held, *([asked] if asked is not None else [])))


def revealing(context: Context, ask: Ask) -> bool:
    """Tell whether the very message that is answered holds one of the secrets that are known so far."""
    request = context.request
    typed = "" if request.pressed or request.borrowed else request.text
    return any(secret in typed for secret in ask.secrets)


def aside(request: Request) -> str:
    """Name the space where somebody is asked in private: here, or the chat that goes by their account."""
    return request.space.key if request.space.private else request.actor.key


def _plain(form: Form, commands: Mapping[str, Command]) -> Form:
    """Leave out what nobody is asked for, unless it is wrong."""
    found = commands.get(form.command)
    unasked = {each.name for each in found.params if each.arg.unasked} if found is not None else set()
    kept = tuple(each for each in form.questions if each.error or each.name not in unasked)
    return replace(form, questions=kept)


def _next(form: Form) -> Question | None:
    """Find what to ask: where somebody went, else what is wrong or missing; None for the offer."""
    by_name = {entry.name: entry for entry in form.questions}
    if AT in form.values:
        return by_name.get(form.values[AT])
    wrong = [entry for entry in form.questions if entry.error]
    missing = [entry for entry in form.questions if entry.required and entry.name not in form.values]
    return next(iter((*wrong, *missing)), form.questions[0])


def _offer(reply: Reply, form: Form, draft: Draft, context: Context) -> Reply:
    """Say what is known, and that it is enough."""
    t = context.t
    held = [each for each in form.questions if each.name in draft.values]
    fields = tuple(
        Field(capital(each.label), "•••" if each.entry is Entry.SECRET else draft.values[each.name])
        for each in held
    )
    first = (
        Button(t("Make it now"), f"step {draft.id} {Way.MAKE}", tone=Tone.MAIN),
        Button(t("More fields"), f"step {draft.id} {Way.MORE}"),
    )
    last = (Button(t("Back"), f"step {draft.id} {Way.BACK}"), Button(t("Cancel"), "cancel"))
    body = t("That is enough for a code, and there is more that it can say.")
    return replace(reply, body=body, fields=fields, buttons=(first, last))


def _asking(reply: Reply, form: Form, asked: Question, draft: Draft, context: Context) -> Reply:
    """Ask a question, with a button for each answer that is known and for each way around it."""
    t = context.t
    choices = tuple(
        Button(label, f"answer {draft.id} {value}")
        for value, label in (asked.choices or asked.offers)
        if fits(f"answer {draft.id} {value}")
    )
    ways = tuple(_ways(form, asked, draft))
    spoken = not choices and not reply.private and not context.request.space.private
    lines = [asked.error, _label(form, asked, draft, t)]
    if asked.name in draft.values and asked.entry is not Entry.SECRET:
        lines.append(t("So far: {value}", value=draft.values[asked.name]))
    if spoken:
        words = [word for word, way in WORDS.items() if way in ways] + [mark("cancel")]
        lines.append(
            t("Just answer this message, or say {words}.", words=", ".join(f"“{t(w)}”" for w in words))
        )
    rows = tuple(choices[start : start + 3] for start in range(0, len(choices), 3))
    buttons = () if spoken else (*rows, *_rows(asked, draft, ways, t))
    expects = capital(asked.label) if spoken else ""
    return replace(reply, body="\n".join(line for line in lines if line), buttons=buttons, expects=expects)


def _label(form: Form, asked: Question, draft: Draft, t: Translator) -> str:
    """Write the question, and how far somebody is: among what is needed, or among all."""
    order = sorted(form.questions, key=lambda entry: not entry.required)
    if asked.required or AT not in draft.values:
        order = [entry for entry in order if entry.required or entry is asked]
    if len(order) == 1:
        return t("{label}?", label=capital(asked.label))
    number = order.index(asked) + 1
    return t("{label}? ({number} of {count})", label=capital(asked.label), number=number, count=len(order))


def _ways(form: Form, asked: Question, draft: Draft) -> Iterator[Way]:
    """Find the ways around a question; one that is wrong or needed has to be answered."""
    order = sorted(form.questions, key=lambda entry: not entry.required)
    chosen = draft.values.get(AT) == asked.name
    if order.index(asked) > 0:
        yield Way.BACK
    if asked.name in draft.values or (chosen and not asked.required):
        yield Way.NEXT
    if chosen and not asked.required:
        yield Way.MAKE


def _rows(asked: Question, draft: Draft, ways: tuple[Way, ...], t: Translator) -> Rows:
    labels = {
        Way.BACK: t("Back"),
        Way.NEXT: t("Keep it") if asked.name in draft.values else t("Skip"),
        Way.MAKE: t("Make it now"),
    }
    buttons = [Button(labels[way], f"step {draft.id} {way}") for way in ways]
    row = tuple(buttons[:2])
    return tuple(each for each in (row, (*buttons[2:], Button(t("Cancel"), "cancel"))) if each)
