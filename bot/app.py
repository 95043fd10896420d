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
from bot.cards import hinted
from bot.command import Ask, Command, Literal, Ready, Understood, Unknown, complete, form, understand, usage
from bot.conversation import answered, aside
from bot.i18n import Translator, spoken
from bot.ids import new_id
from bot.message import Button, Outcome, Reply, Request, Status, fits
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style, load_style
from bot.reader import Read, read_here
from bot.unit import compose
from storage.records import (
    AlreadySeen,
    Change,
    Draft,
    Identity,
    Kit,
    Person,
    Stale,
    StoredRequest,
    Unit,
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
    read: Read

    @property
    def style(self) -> Style:
        """The look to use here: the space's kit, else the person's own, else the default."""
        stored = self.kit.style if self.kit is not None else self.person.preferences.style
        return load_style(stored) if stored else DEFAULT

    @property
    def format(self) -> str:
        """The file format to use here: the kit's where it names one, else the person's own, else PNG."""
        chosen = self.kit.format if self.kit is not None else ""
        return chosen or self.person.preferences.format or "png"

    @property
    def settled(self) -> Mapping[str, str]:
        """What the person's settings fill in where a content asks for it."""
        return {"timezone": self.person.preferences.timezone}


@dataclass(frozen=True, slots=True)
class App:
    """The bot itself, put together by the composition root.

    ``allowed`` tells how an account stands against its limit: 0 go on, 1 say to wait, 2 stay silent.
    ``wake`` tells the deliveries what was committed. ``read`` finds the codes in a file.
    """

    store: Store
    commands: Mapping[str, Command]
    clock: Callable[[], datetime]
    allowed: Callable[[str], Awaitable[int]]
    wake: Callable[[Unit], Awaitable[None]]
    read: Read = read_here
    public_url: str = ""
    operators: frozenset[str] = frozenset()

    async def handle(self, request: Request, stored: StoredRequest | None = None) -> Reply | None:
        """Take a request through the door.

        Returns the reply where it is answered inside the call (``request.answered``, or a form for a face
        that shows forms); None where it was committed for delivery, or seen before. Raises only when the
        commit itself fails: then nothing may be acknowledged.
        """
        request, error = _whole(request), Exception()
        verdict = await self.allowed(request.actor.key) if stored is None else 0
        for _ in range(TRIES_ON_STALE):
            try:
                unit, reply = await self._decide(request, stored, verdict)
            except Exception as raised:
                error = raised
                break
            try:
                await self._commit(unit)
            except AlreadySeen:
                return None
            except Stale as stale:
                error = stale
                continue
            return reply
        return await parked.park(self, request, stored, error)

    async def bury(self, request_id: str, lane: str, raw: str) -> None:
        """Keep what arrived and could not be read as a dead letter, so that it is acknowledged, not lost."""
        await parked.bury(self, request_id, lane, raw)

    async def _decide(
        self, request: Request, stored: StoredRequest | None, verdict: int
    ) -> tuple[Unit | None, Reply | None]:
        async with self.store.reading() as work:
            context = await open_context(self, work, request)
            outcome = await decide(context) if verdict == 0 else _limited(context, verdict)
            return compose(context, outcome, stored)

    async def _commit(self, unit: Unit | None) -> None:
        if unit is not None:
            await self.store.commit(unit)
            await self.wake(unit)


def _limited(context: Context, verdict: int) -> Outcome:
    words = context.t("That was a lot at once. Please wait a minute, then go on.")
    said = Reply(body=words, status=Status.REFUSED)
    return Outcome(said if verdict == 1 or context.request.answered else None)


def _whole(request: Request) -> Request:
    """Mend names that hold half a character: they are no payload, and no database takes them."""

    def whole(text: str) -> str:
        return text.encode("utf-8", "replace").decode()

    uploads = tuple(replace(upload, name=whole(upload.name)) for upload in request.uploads)
    actor = replace(request.actor, name=whole(request.actor.name))
    space = replace(request.space, title=whole(request.space.title))
    return replace(request, actor=actor, space=space, uploads=uploads)


async def open_context(app: App, work: Work, request: Request) -> Context:
    """Read what every command needs to know: the person, the space's kit, a half-filled form."""
    now = app.clock()
    actor = request.actor
    known = await work.people.by_account(actor.platform, actor.id)
    person = known or _newcomer(request, now)
    kit = None if request.space.private else await work.people.kit(request.space.key)
    draft = None if known is None else await _open_question(work, person, request, now)
    translator = Translator(spoken(person.preferences.language, actor.language))
    return Context(request, person, known is None, kit, draft, work, now, translator, app.commands, app.read)


async def _open_question(work: Work, person: Person, request: Request, now: datetime) -> Draft | None:
    """Find what was asked here; in a private chat also what came up elsewhere and is for nobody else."""
    found = await work.drafts.get(person.id, request.space.key, now)
    if found is None and request.space.private and aside(request) != request.actor.key:
        return await work.drafts.get(person.id, request.actor.key, now)
    return found


def _newcomer(request: Request, now: datetime) -> Person:
    actor, person_id = request.actor, new_id()
    account = Identity(actor.platform, actor.id, person_id, actor.name)
    return Person(person_id, now, identities=(account,))


# --- deciding -----------------------------------------------------------------------------------------------


async def decide(context: Context) -> Outcome:
    """Find out what the request means and let its command decide; what a person can mend becomes a reply.

    Where one command leads to another, what the first changes is kept only if the second went well.
    """
    changes: tuple[Change, ...] = ()
    for _ in range(3):
        try:
            outcome = await _answer(context, _meaning(context))
        except Refused as refused:
            return Outcome(refusal(refused, context.t))
        if outcome.then is None:
            well = outcome.reply is None or outcome.reply.status is Status.OK
            return replace(outcome, changes=changes + outcome.changes) if well else outcome
        changes += outcome.changes
        context = replace(context, request=outcome.then, draft=None)
    return Outcome(refusal(Refused("This leads in a circle. Please say it in another way."), context.t))


def _meaning(context: Context) -> Understood:
    request, commands = context.request, context.commands
    _check_halves(request)
    if request.command:
        found = commands.get(request.command)
        if found is None:
            raise Refused("This form is from an older version. Please start again with /help.")
        return complete(found, request.values, known=context.settled)
    if request.uploads:
        return _with_files(context)
    if not request.text.strip():
        raise Refused("There is no text in this message. Send me what the code should say.")
    if context.draft is not None and not request.pressed:
        continued = answered(context.draft, commands, request.text, context.settled)
        if continued is not None:
            return continued
    pressed = request.pressed and not request.text.startswith("/")
    return understand(commands, f"/{request.text}" if pressed else request.text, context.settled)


def _with_files(context: Context) -> Ready:
    """Find the command that files were sent with; else they are read for codes."""
    text, commands = context.request.text, context.commands
    asked = understand(commands, text, context.settled) if text.strip() else None
    return asked if isinstance(asked, Ready) and asked.command.files else Ready(commands["read"], {})


def _check_halves(request: Request) -> None:
    """Refuse half a character in what was said: no code could say it, and no database keep it."""
    try:
        "".join((request.text, *request.values, *request.values.values())).encode()
    except UnicodeEncodeError:
        raise Refused("This text holds half a character. Please type it again.") from None


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
            outcome = await context.commands["qr"].run(context, text=text)
            return outcome if other is None else hinted(context, outcome)


def _private(outcome: Outcome) -> Outcome:
    return replace(outcome, reply=replace(outcome.reply, private=True)) if outcome.reply else outcome


def _misunderstood(context: Context, ask: Ask) -> Reply:
    why = " ".join(context.t.of(error) for error in ask.errors.values())
    how = context.t("Say it like this: {usage}", usage=usage(ask.command))
    return Reply(body=f"{why}\n{how}", status=Status.REFUSED)


def _unknown(context: Context, word: str, nearest: str) -> Reply:
    said = context.t("There is no command “/{word}”.", word=word)
    near = (Button(f"/{nearest}", f"/{nearest}"),) if nearest else ()
    if nearest:
        said += " " + context.t("Did you mean “/{nearest}”?", nearest=nearest)
    literal = f"/text {context.request.text}"
    meant = (Button(context.t("Make a code of it"), literal),) if fits(literal) else ()
    buttons = ((*near, *meant, Button(context.t("What I can do"), "/help")),)
    return Reply(body=said, buttons=buttons, status=Status.REFUSED)


def refusal(refused: Refused, t: Translator) -> Reply:
    """Say what a person can mend."""
    return Reply(body=t.of(refused), status=Status.REFUSED)
