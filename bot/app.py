"""The one door: ``App.handle(request)``. Read, decide, commit; adapters call nothing else.

A request is decided on reads alone and gives an outcome; one short transaction then holds the request's id,
the changes and what is to be sent. Where a change finds that its premise no longer holds, the command runs
again. A request whose command raises is committed as parked and tried again off its chat's path.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot import parked
from bot.command import Ask, Command, Literal, Ready, Understood, Unknown, complete, form, understand, usage
from bot.conversation import answered, question
from bot.i18n import Translator, spoken
from bot.ids import new_id
from bot.message import Asking, Button, Outcome, Reply, Request, Status
from bot.outbox import deliveries_of
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style, load_style
from bot.wire import dump_request
from storage.records import (
    AddPerson,
    AlreadySeen,
    Change,
    Draft,
    DropDraft,
    FinishRequest,
    Identity,
    Kit,
    Person,
    Stale,
    StoredRequest,
    Unit,
    Why,
)
from storage.store import Store, Work

TRIES_ON_STALE = 3


@dataclass(frozen=True, slots=True)
class Context:
    """What a command may use: who asks where, what is stored, the time, the person's language."""

    request: Request
    person: Person
    new: bool  # the person is not stored yet
    kit: Kit | None
    draft: Draft | None
    work: Work
    now: datetime
    t: Translator
    commands: Mapping[str, Command]

    @property
    def style(self) -> Style:
        """The look to use here: the space's kit, else the person's own, else the default."""
        stored = self.kit.style if self.kit is not None else self.person.preferences.style
        return load_style(stored) if stored else DEFAULT

    @property
    def format(self) -> str:
        """The file format to use here."""
        chosen = self.kit.format if self.kit is not None else self.person.preferences.format
        return chosen or "png"


@dataclass(frozen=True, slots=True)
class App:
    """The bot itself, put together by the composition root.

    ``allowed`` tells how an account stands against its limit: 0 go on, 1 say to wait, 2 stay silent.
    ``wake`` tells the deliveries what was committed.
    """

    store: Store
    commands: Mapping[str, Command]
    clock: Callable[[], datetime]
    allowed: Callable[[str], Awaitable[int]]
    wake: Callable[[Unit], Awaitable[None]]
    public_url: str = ""
    operators: frozenset[str] = frozenset()

    async def handle(self, request: Request, stored: StoredRequest | None = None) -> Reply | None:
        """Take a request through the door.

        Returns the reply where it is answered inside the call (``request.answered``, or a form for a face
        that shows forms); None where it was committed for delivery, or seen before. Raises only when the
        commit itself fails: then nothing may be acknowledged.
        """
        error: Exception = Stale("three times in a row")
        for _ in range(TRIES_ON_STALE):
            try:
                context, outcome = await self._decide(request, stored)
            except Exception as raised:
                error = raised
                break
            try:
                return await self._settle(context, outcome, stored)
            except AlreadySeen:
                return None
            except Stale:
                continue
        return await parked.park(self, request, stored, error)

    async def bury(self, request_id: str, lane: str, raw: str) -> None:
        """Keep what arrived and could not be read as a dead letter, so that it is acknowledged, not lost."""
        await parked.bury(self, request_id, lane, raw)

    async def _decide(self, request: Request, stored: StoredRequest | None) -> tuple[Context, Outcome]:
        async with self.store.reading() as work:
            context = await open_context(self, work, request)
            limited = await self._limited(context) if stored is None else None
            return context, limited or await decide(context)

    async def _limited(self, context: Context) -> Outcome | None:
        verdict = await self.allowed(context.request.actor.key)
        if verdict == 0:
            return None
        words = context.t("That was a lot at once. Please wait a minute, then go on.")
        said = Reply(body=words, status=Status.REFUSED)
        return Outcome(said if verdict == 1 or context.request.answered else None)

    async def _settle(self, context: Context, outcome: Outcome, stored: StoredRequest | None) -> Reply | None:
        unit, reply = compose(context, outcome, stored)
        if unit is not None:
            await self.store.commit(unit)
            await self.wake(unit)
        return reply


async def open_context(app: App, work: Work, request: Request) -> Context:
    """Read what every command needs to know: the person, the space's kit, a half-filled form."""
    now = app.clock()
    actor = request.actor
    known = await work.people.by_account(actor.platform, actor.id)
    person = known or _newcomer(request, now)
    kit = None if request.space.private else await work.people.kit(request.space.key)
    draft = None if known is None else await work.drafts.get(person.id, request.space.key, now)
    translator = Translator(spoken(person.preferences.language, actor.language))
    return Context(request, person, known is None, kit, draft, work, now, translator, app.commands)


def _newcomer(request: Request, now: datetime) -> Person:
    actor, person_id = request.actor, new_id()
    account = Identity(actor.platform, actor.id, person_id, actor.name)
    return Person(person_id, now, identities=(account,))


# --- deciding -----------------------------------------------------------------------------------------------


async def decide(context: Context) -> Outcome:
    """Find out what the request means and let its command decide; what a person can mend becomes a reply."""
    changes: tuple[Change, ...] = ()
    for _ in range(3):
        try:
            outcome = await _answer(context, _meaning(context))
        except Refused as refused:
            return Outcome(refusal(refused, context.t), changes)
        changes += outcome.changes
        if outcome.then is None:
            return replace(outcome, changes=changes)
        context = replace(context, request=outcome.then, draft=None)
    raise RuntimeError("a request that leads to itself")


def _meaning(context: Context) -> Understood:
    request, commands = context.request, context.commands
    if request.command:
        found = commands.get(request.command)
        if found is None:
            raise Refused("This form is from an older version. Please start again with /help.")
        return complete(found, request.values)
    if request.uploads:
        return Ready(commands["read"], {})
    if not request.text.strip():
        raise Refused("There is no text in this message. Send me what the code should say.")
    if context.draft is not None and not request.pressed:
        continued = answered(context.draft, commands, request.text)
        if continued is not None:
            return continued
    return understand(commands, request.text)


async def _answer(context: Context, understood: Understood) -> Outcome:
    match understood:
        case Ready(command, values):
            outcome = await command.run(context, **values)
            secret = any(param.arg.secret and values.get(param.name) for param in command.params)
            return _private(outcome) if secret else outcome
        case Ask(command, _, errors):
            if set(errors) == {""} or not command.params:
                return Outcome(_misunderstood(context, understood))
            filled = form(understood, context.t)
            return Outcome(Reply(title=filled.title, form=filled, status=Status.INCOMPLETE, private=True))
        case Unknown(word, nearest):
            return Outcome(_unknown(context, word, nearest))
        case Literal(text, other):
            outcome = await context.commands["text"].run(context, text=text)
            return _with_other_reading(context, outcome, other)


def _private(outcome: Outcome) -> Outcome:
    return replace(outcome, reply=replace(outcome.reply, private=True)) if outcome.reply else outcome


def _with_other_reading(context: Context, outcome: Outcome, other: Command | None) -> Outcome:
    reply = outcome.reply
    if other is None or reply is None or not reply.code:
        return outcome
    label = context.t("I meant the command “{word}”", word=other.name)
    row = (Button(label, f"instead {reply.code}"),)
    return replace(outcome, reply=replace(reply, buttons=(*reply.buttons, row)))


def _misunderstood(context: Context, ask: Ask) -> Reply:
    why = " ".join(context.t(error.template, **error.values) for error in ask.errors.values())
    how = context.t("Say it like this: {usage}", usage=usage(ask.command))
    return Reply(body=f"{why}\n{how}", status=Status.REFUSED)


def _unknown(context: Context, word: str, nearest: str) -> Reply:
    said = context.t("There is no command “/{word}”.", word=word)
    near = (Button(f"/{nearest}", f"/{nearest}"),) if nearest else ()
    if nearest:
        said += " " + context.t("Did you mean “/{nearest}”?", nearest=nearest)
    buttons = ((*near, Button(context.t("What I can do"), "/help")),)
    return Reply(body=said, buttons=buttons, status=Status.REFUSED)


def refusal(refused: Refused, t: Translator) -> Reply:
    """Say what a person can mend."""
    return Reply(body=t(refused.template, **refused.values), status=Status.REFUSED)


# --- what is committed --------------------------------------------------------------------------------------


def compose(
    context: Context, outcome: Outcome, stored: StoredRequest | None
) -> tuple[Unit | None, Reply | None]:
    """Lay out what to commit (None: nothing) and what to answer inside the call (None: nothing)."""
    request, reply, changes = context.request, outcome.reply, outcome.changes
    if reply is not None and reply.form is not None and request.asking is Asking.QUESTION:
        reply, draft = question(context.draft, reply, context)
        changes += (draft,)
    elif context.draft is not None:
        changes += (DropDraft(context.person.id, request.space.key),)
    inside = reply is not None and (request.answered or reply.form is not None)
    deliveries = () if inside or reply is None else deliveries_of(context, reply)
    jobs = tuple(_job(context, job) for job in outcome.jobs)
    if stored is not None:
        changes += (FinishRequest(stored.id, context.now),)
    if (request.answered or inside) and not changes and not jobs:
        return None, reply
    if context.new:
        changes = (AddPerson(context.person), *changes)
    seen = "" if inside and reply is not None and reply.form is not None else request.id
    unit = Unit(seen, context.now, changes, deliveries, jobs)
    return unit, reply if inside else None


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
