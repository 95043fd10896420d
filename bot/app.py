"""The one door: ``App.handle(request)``. Read, decide, commit; adapters call nothing else.

A request is decided on reads alone and gives an outcome; one short transaction then holds the request's id,
the changes and what is to be sent. Where a change finds that its premise no longer holds, the command runs
again. A request whose command raises is committed as parked and tried again off its chat's path.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import parked
from bot.about import taken_up
from bot.access import Access, barred, joining
from bot.builder import in_form, tailored
from bot.cards import hinted
from bot.command import Ask, Command, Literal, Ready, Understood, Unknown, complete, form, understand, usage
from bot.context import Answer, Context, open_context
from bot.conversation import answered, going, revealing
from bot.corrections import corrected
from bot.halves import check_halves, whole
from bot.i18n import Translator
from bot.intake import Intake, kept
from bot.journal import committed
from bot.limiting import Standing, unlimited
from bot.message import Button, Outcome, Reply, Request, Status, fits
from bot.operating.audit import check, noted
from bot.qr.refusal import Refused
from bot.reader import Read, read_here
from bot.unit import compose
from storage.changes import AlreadySeen, Change, Stale, Unit
from storage.records import StoredRequest
from storage.store import Store

TRIES_ON_STALE = 3

Act = Callable[[Context], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class App:
    """The bot itself, put together by the composition root.

    ``allowed`` counts a request of an account: 0 go on, 1 say to wait, 2 stay silent. ``standing`` counts one
    too, and tells how much is left; ``left`` tells it without counting.
    ``wake`` tells the deliveries what was committed. ``read`` finds the codes in a file.
    ``timing`` goes around each request but those that were stored, ``answer`` decides on what was understood.
    """

    store: Store
    commands: Mapping[str, Command]
    clock: Callable[[], datetime]
    allowed: Callable[[str], Awaitable[int]]
    wake: Callable[[Unit], None]
    read: Read = read_here
    public_url: str = ""
    operators: frozenset[str] = frozenset()
    link: Callable[[str, str], str] = lambda platform, payload: ""  # opens the bot on a platform
    intake: Intake = field(default_factory=Intake)
    standing: Callable[[str], Awaitable[Standing]] = unlimited
    left: Callable[[str], Awaitable[Standing]] = unlimited
    timing: Callable[[Request], AbstractContextManager[object]] = nullcontext
    answer: Answer = field(default_factory=lambda: answer)
    access: Access = field(default_factory=Access)

    async def handle(
        self, request: Request, stored: StoredRequest | None = None, *, later: bool = False
    ) -> Reply | None:
        """Take a request through the door. ``later``: while too much comes at once, a text may only be kept.

        Returns the reply where it is answered inside the call (``request.answered``, or a form for a face
        that shows forms); None where it was committed for delivery, or seen before. Raises only when the
        commit itself fails: then nothing may be acknowledged.
        """
        with self.store.expecting(), self.timing(request) if stored is None else nullcontext():
            return await self._handled(request, stored, later)

    async def _handled(self, request: Request, stored: StoredRequest | None, later: bool) -> Reply | None:
        request, error = whole(request), Exception()
        typing = "" if request.id else ":typing"  # counted apart: a letter is no request
        verdict = (
            await self.allowed((request.operator or request.actor.key) + typing) if stored is None else 0
        )
        if later and verdict == 0 and await kept(self, request):
            return None
        for _ in range(TRIES_ON_STALE):
            try:
                unit, reply = await self._decide(request, stored, verdict)
            except Exception as raised:
                return await parked.park(self, request, stored, raised)
            try:
                await self._commit(unit)
            except AlreadySeen:
                return None
            except Stale as stale:
                error = stale
                continue
            return reply
        return await parked.park(self, request, stored, error)

    async def perform(self, request: Request, act: Act) -> Outcome:
        """Do what a face asks in its own terms, as an HTTP route does, and commit it as a command's outcome.

        Raises Refused where the person can mend it, AlreadySeen where the request's id was committed before,
        and what went wrong: then nothing of it is kept. Limits are the face's business.
        """
        for _ in range(TRIES_ON_STALE - 1):
            with suppress(Stale):
                return await self._performed(request, act)
        return await self._performed(request, act)

    async def _performed(self, request: Request, act: Act) -> Outcome:
        async with self.store.reading() as work:
            context = await open_context(self, work, request)
            outcome = await act(context)
            unit, _ = compose(context, outcome, None)
        await self._commit(unit)
        return outcome

    async def bury(self, request_id: str, lane: str, raw: str) -> None:
        """Keep what arrived and could not be read as a dead letter, so that it is acknowledged, not lost."""
        await parked.bury(self, request_id, lane, raw)

    async def note(self, request_id: str, changes: tuple[Change, ...]) -> None:
        """Commit what happened without anybody's asking; raises only when the commit itself fails."""
        with suppress(AlreadySeen):
            await self.store.commit(Unit(request_id, self.clock(), changes))

    async def _decide(
        self, request: Request, stored: StoredRequest | None, verdict: int
    ) -> tuple[Unit | None, Reply | None]:
        admitted = await self.access.admits(self.store, request, self.clock())
        async with self.store.reading() as work:
            context = await open_context(self, work, request)
            outcome = await self._outcome(context, verdict, admitted)
            return compose(context, outcome, stored)

    async def _outcome(self, context: Context, verdict: int, admitted: bool) -> Outcome:
        if verdict:
            return _limited(context, verdict)
        if admitted or (self.access.policy == "invite" and joining(context)):
            return await _decide_on(context)
        return barred(context, self.access)

    async def _commit(self, unit: Unit | None) -> None:
        if unit is not None:
            await self.store.commit(unit)
            committed(unit)
            self.wake(unit)


def _limited(context: Context, verdict: int) -> Outcome:
    words = context.t("That was a lot at once. Please wait a minute, then go on.")
    said = Reply(body=words, status=Status.REFUSED)
    request = context.request
    return Outcome(said if verdict == 1 or request.answered or request.awaited else None)


# --- deciding -----------------------------------------------------------------------------------------------


async def _decide_on(context: Context) -> Outcome:
    """Decide on a request, or on a message that was changed."""
    return await (corrected(context, decide) if context.request.edited else decide(context))


async def decide(context: Context) -> Outcome:
    """Find out what the request means and let its command decide; what a person can mend becomes a reply.

    Where one command leads to another, what the first changes is kept only if the second went well.
    """
    changes: tuple[Change, ...] = ()
    context = replace(context, request=taken_up(context.request, context.commands))
    for _ in range(3):
        meant: Understood = Unknown("")
        try:
            meant = _meaning(context)
            check(context, meant)
            context = await tailored(context, meant)
            outcome = noted(context, meant, await context.answer(context, meant))
        except Refused as refused:
            said = in_form(context, refused) or refusal(refused, context.t)
            return noted(context, meant, Outcome(said))
        if outcome.then is None:
            well = outcome.reply is None or outcome.reply.status is Status.OK
            return replace(outcome, changes=changes + outcome.changes) if well else outcome
        changes += outcome.changes
        context = replace(context, request=outcome.then, draft=None)
    return Outcome(refusal(Refused("This leads in a circle. Please say it in another way."), context.t))


def _meaning(context: Context) -> Understood:
    request, commands = context.request, context.commands
    check_halves(request)
    if request.command:
        found = commands.get(request.command)
        if found is None:
            raise Refused("This form is from an older version. Please start again with /help.")
        return going(complete(found, request.values, known=context.settled), request.values)
    if request.uploads:
        return _with_files(context)
    if not request.text.strip():
        raise Refused(
            "There is nothing here that I can make a code of. Send me a text, a link, a contact, a place, or "
            "a picture or file with a code in it."
        )
    if context.draft is not None and not (request.pressed or request.by_forms):
        continued = answered(context, context.draft, commands, request.text)
        if continued is not None:
            return continued
    pressed = request.pressed and not request.text.startswith("/")
    return understand(commands, f"/{request.text}" if pressed else request.text, context.settled)


def _with_files(context: Context) -> Ready:
    """Find the command that files were sent with; else they are read for codes."""
    text, commands = context.request.text, context.commands
    asked = understand(commands, text, context.settled) if text.strip() else None
    return asked if isinstance(asked, Ready) and asked.command.files else Ready(commands["read"], {})


async def answer(context: Context, understood: Understood) -> Outcome:
    """Run a command, ask for what it lacks, or say that there is none; raises Refused."""
    match understood:
        case Ready(command, values):
            outcome = await command.run(context, **values)
            secret = any(param.arg.secret and values.get(param.name) for param in command.params)
            return _private(outcome) if secret else outcome
        case Ask(command, _, errors):
            if set(errors) == {""} or not command.params:
                return Outcome(_misunderstood(context, understood))
            filled, told = form(understood, context.t), revealing(context, understood)
            asking = Reply(title=filled.title, form=filled, status=Status.INCOMPLETE, private=True)
            return Outcome(replace(asking, revealing=told))
        case Unknown(word, nearest):
            return Outcome(None if context.request.overheard else _unknown(context, word, nearest))
        case Literal(text, other):
            outcome = await context.commands["qr"].run(context, text=text)
            return outcome if other is None else hinted(context, outcome)


def _private(outcome: Outcome) -> Outcome:
    return replace(outcome, reply=replace(outcome.reply, private=True)) if outcome.reply else outcome


def _misunderstood(context: Context, ask: Ask) -> Reply:
    why = " ".join(context.t.of(error) for error in ask.errors.values())
    how = context.t("Say it like this: {usage}", usage=usage(ask.command))
    told, secret = revealing(context, ask), bool(ask.secrets)
    return Reply(body=f"{why}\n{how}", status=Status.REFUSED, private=secret, revealing=told)


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
