"""Requests that wait: jobs that need something fetched, those whose command raised, and dead letters."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.coordination import drop, take
from bot.face import Face, TryLater, Undeliverable
from bot.i18n import Translator, spoken
from bot.ids import new_id
from bot.journal import committed, waiting
from bot.message import Asking, Reply, Request, Status
from bot.outbox import letter
from bot.qr.refusal import Refused
from bot.wire import dump_address, dump_reply, dump_request, load_request
from storage.changes import AlreadySeen, FinishRequest, Stale, Unit
from storage.faults import Unavailable
from storage.records import Delivery, State, StoredRequest, Why

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)

TRIES = 5
BACKOFF = (2, 10, 60, 240)  # seconds before the second, third … try
PATIENCE = timedelta(hours=24)  # for a platform that is away
RUNNING = 30.0  # seconds for which nobody else runs the same request


def outline(error: BaseException) -> str:
    """Name an error and where it arose, without its text: that may quote what a person wrote."""
    if isinstance(error, Unavailable):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


async def park(app: App, request: Request, stored: StoredRequest | None, error: Exception) -> Reply | None:
    """Keep a request whose command raised, to be tried again; apologise at once where a call waits."""
    incident = stored.id if stored is not None else new_id()
    if not isinstance(error, Unavailable):  # which is said once, and not of each command
        log.error("command failed", incident=incident, error=outline(error), platform=request.actor.platform)
    if stored is not None:
        await _again(app, stored, request, outline(error))
        return None
    person_id, t = await _speaker(app, request)
    if request.answered:
        return apology(t, incident)
    now = app.clock()
    row = StoredRequest(
        id=incident,
        lane=request.space.key,
        why=Why.PARKED,
        body=dump_request(request),
        created_at=now,
        due_at=now + timedelta(seconds=BACKOFF[0]),
        person_id=person_id,
        attempts=1,
        error=outline(error),
    )
    await keep(app, Unit(request.id, now, requests=(row,)))
    return None


async def keep(app: App, unit: Unit) -> bool:
    """Commit and wake; False where it was done before."""
    try:
        await app.store.commit(unit)
    except (AlreadySeen, Stale):
        return False
    committed(unit)
    app.wake(unit)
    return True


async def _speaker(app: App, request: Request) -> tuple[str, Translator]:
    """Find who sent a request, and their language; where that fails too, go by the platform's hint."""
    actor, person = request.actor, None
    try:
        async with app.store.reading() as work:
            person = await work.people.by_account(actor.platform, actor.id)
    except Unavailable:
        raise  # nothing can be kept either: the platform sends it again
    except Exception as error:
        log.warning("nobody can be found", error=outline(error))
    chosen = person.preferences.language if person is not None else ""
    return person.id if person is not None else "", Translator(spoken(chosen, actor.language))


async def bury(app: App, request_id: str, lane: str, raw: str) -> None:
    """Keep what no request could be made of as a dead letter."""
    now = app.clock()
    row = StoredRequest(
        id=new_id(), lane=lane, why=Why.UNREADABLE, body=raw, created_at=now, due_at=now, state=State.DEAD,
        error="unreadable", finished_at=now,
    )  # fmt: skip
    if await keep(app, Unit(request_id, now, requests=(row,))):
        log.error("unreadable update kept as a dead letter", incident=row.id)


async def tell(app: App, request: Request, reply: Reply) -> None:
    """Answer a request with what no command said, once; raises only when the commit fails."""
    now, space = app.clock(), request.space
    letter = _letter(app, space.key, space.platform, dict(request.address), reply)
    await keep(app, Unit(request.id, now, deliveries=(letter,), heard=space.key))


def apology(t: Translator, incident: str) -> Reply:
    """Say that it was our fault, with the number to name to whoever runs this bot."""
    body = t("Something went wrong here, not with you. Please try again; if it stays, name this number: {incident}.", incident=incident)  # fmt: skip # noqa: E501 - one sentence
    return Reply(body=body, status=Status.FAILED, language=t.language)


# --- running ------------------------------------------------------------------------------------------------


async def run(app: App, faces: Mapping[str, Face], request_id: str) -> None:
    """Fetch what a stored request lacks and take it through the door as ``job:<id>``.

    It is woken again and again while it runs; a lease lets one run it at a time. Raises only where the
    database is away: the sweep comes back to it.
    """
    name, holder = f"request:{request_id}", new_id()
    if not await take(app, name, holder, RUNNING):
        return
    try:
        async with app.store.reading() as work:
            stored = await work.requests.get(request_id)
        if stored is not None and stored.state is State.PENDING and stored.due_at <= app.clock():
            with waiting(request_id):
                await _run(app, faces, stored)
    finally:
        await drop(app, name, holder)


async def _run(app: App, faces: Mapping[str, Face], stored: StoredRequest) -> None:
    try:
        request = load_request(stored.body)
    except ValueError:  # another version wrote it
        await _give_up(app, stored, None, "unreadable")
        return
    try:
        face = faces.get(request.actor.platform)
        if face is None:
            raise TryLater(f"{request.actor.platform} is not reached yet")
        # nobody has looked at what was only kept, so that nothing is known to lack
        ready = request if stored.why is Why.KEPT else await face.prepare(request)
        # A form can only be shown inside the call that asked, which is long over: it is asked instead.
        await app.handle(replace(ready, id=f"job:{stored.id}", asking=Asking.QUESTION), stored)
    except TryLater as later:
        await _again(app, stored, request, str(later), later)
    except Refused as refused:
        await _refuse(app, stored, request, refused)
    except Undeliverable as final:
        await _give_up(app, stored, request, str(final))
    except Exception as error:
        log.error("stored request failed", incident=stored.id, error=outline(error))
        await _again(app, stored, request, outline(error))


async def _again(
    app: App, stored: StoredRequest, request: Request, why: str, later: TryLater | None = None
) -> None:
    """Try again after a while, unless it was tried often enough; a platform that is away has a day."""
    now = app.clock()
    over = now - stored.created_at > PATIENCE if later is not None else stored.attempts + 1 >= TRIES
    if over:
        await _give_up(app, stored, request, why)
        return
    told = later.seconds if later is not None else None
    wait = told if told is not None else BACKOFF[min(stored.attempts, len(BACKOFF) - 1)]
    async with app.store.writing() as work:
        await work.requests.later(stored.id, now + timedelta(seconds=wait), why)


async def _refuse(app: App, stored: StoredRequest, request: Request, refused: Refused) -> None:
    """Say what the person can mend in what was fetched; of several files each is then fetched by itself."""
    now, (_, t) = app.clock(), await _speaker(app, request)
    if len(request.uploads) > 1:
        apart = tuple(
            replace(
                stored,
                id=new_id(),
                due_at=now,
                body=dump_request(replace(request, uploads=(each,), album="")),
            )
            for each in request.uploads
        )
        await keep(
            app,
            Unit(f"job:{stored.id}", now, (FinishRequest(stored.id, now, stored.due_at),), requests=apart),
        )
        return
    told = Reply(body=t.of(refused), status=Status.REFUSED, language=t.language)
    done, sent = FinishRequest(stored.id, now, stored.due_at), _answer(app, stored, request, told)
    await keep(app, Unit(f"job:{stored.id}", now, (done,), (sent,)))


async def _give_up(app: App, stored: StoredRequest, request: Request | None, why: str) -> None:
    """Make it a dead letter, and tell the person and the operators; a crash in between tells nobody twice."""
    now = app.clock()
    told = Reply(body=f"Dead letter {stored.id}: {why}", private=True)
    letters = [letter(key, told, now) for key in sorted(app.operators)]
    if request is not None:
        _, t = await _speaker(app, request)
        letters.insert(0, _answer(app, stored, request, apology(t, stored.id)))
    await keep(app, Unit(f"dead:{stored.id}", now, deliveries=tuple(letters)))
    async with app.store.writing() as work:
        await work.requests.dead(stored.id, now, why)


def _answer(app: App, stored: StoredRequest, request: Request, reply: Reply) -> Delivery:
    """Address a reply that no command made to where the request came from."""
    address, space = dict(request.address), request.space
    return _letter(app, space.key, space.platform, address, reply, person_id=stored.person_id)


def _letter(
    app: App, lane: str, platform: str, address: dict[str, str | int], reply: Reply, *, person_id: str = ""
) -> Delivery:
    now = app.clock()
    written, body = dump_address(address), dump_reply(reply)
    return Delivery(new_id(), lane, platform, written, body, now, now, person_id=person_id)
