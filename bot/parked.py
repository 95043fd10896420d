"""Requests that wait: jobs that need something fetched, those whose command raised, and dead letters."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.face import Face, TryLater, Undeliverable
from bot.i18n import Translator, spoken
from bot.ids import new_id
from bot.message import Reply, Request, Status
from bot.qr.refusal import Refused
from bot.wire import dump_address, dump_reply, dump_request, load_request
from storage.records import AlreadySeen, Delivery, State, StoredRequest, Unit, Why

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger(__name__)

TRIES = 5
BACKOFF = (2, 10, 60, 240)  # seconds before the second, third … try; ten minutes in all, at the most


def outline(error: BaseException) -> str:
    """Name an error and where it arose, without its text: that may quote what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


async def park(app: App, request: Request, stored: StoredRequest | None, error: Exception) -> Reply | None:
    """Keep a request whose command raised, to be tried again; apologise at once where a call waits."""
    incident = stored.id if stored is not None else new_id()
    log.error("command failed", incident=incident, error=outline(error), platform=request.actor.platform)
    if request.answered:
        return apology(request, incident)
    if stored is not None:
        await _again(app, stored, request, outline(error))
        return None
    now = app.clock()
    row = StoredRequest(
        id=incident,
        lane=request.space.key,
        why=Why.PARKED,
        body=dump_request(request),
        created_at=now,
        due_at=now + timedelta(seconds=BACKOFF[0]),
        attempts=1,
        error=outline(error),
    )
    try:
        await app.store.commit(Unit(request.id, now, requests=(row,)))
    except AlreadySeen:
        return None
    return None


async def bury(app: App, request_id: str, lane: str, raw: str) -> None:
    """Keep what no request could be made of as a dead letter."""
    now = app.clock()
    row = StoredRequest(
        id=new_id(), lane=lane, why=Why.UNREADABLE, body=raw, created_at=now, due_at=now, state=State.DEAD,
        error="unreadable", finished_at=now,
    )  # fmt: skip
    try:
        await app.store.commit(Unit(request_id, now, requests=(row,)))
    except AlreadySeen:
        return
    log.error("unreadable update kept as a dead letter", incident=row.id)


def apology(request: Request, incident: str) -> Reply:
    """Say that it was our fault, with the number to name to whoever runs this bot."""
    t = Translator(spoken(request.actor.language))
    body = t("Something went wrong here, not with you. Please try again; if it stays, name this number: {incident}.", incident=incident)  # fmt: skip # noqa: E501 - one sentence
    return Reply(body=body, status=Status.FAILED)


async def run(app: App, faces: Mapping[str, Face], request_id: str) -> None:
    """Fetch what a stored request lacks and take it through the door as ``job:<id>``; never raises."""
    async with app.store.reading() as work:
        stored = await work.requests.get(request_id)
    if stored is None or stored.state is not State.PENDING or stored.due_at > app.clock():
        return
    request = load_request(stored.body)
    try:
        face = faces.get(request.actor.platform)
        ready = await face.prepare(request) if face is not None else request
        await app.handle(replace(ready, id=f"job:{stored.id}"), stored)
    except TryLater as later:
        await _again(app, stored, request, str(later), later.seconds)
    except (Undeliverable, Refused) as final:
        await _give_up(app, stored, request, str(final))
    except Exception as error:
        log.error("stored request failed", incident=stored.id, error=outline(error))
        await _again(app, stored, request, outline(error))


async def _again(
    app: App, stored: StoredRequest, request: Request, why: str, seconds: float | None = None
) -> None:
    if stored.attempts + 1 >= TRIES:
        await _give_up(app, stored, request, why)
        return
    wait = seconds if seconds is not None else BACKOFF[min(stored.attempts, len(BACKOFF) - 1)]
    async with app.store.writing() as work:
        await work.requests.later(stored.id, app.clock() + timedelta(seconds=wait), why)


async def _give_up(app: App, stored: StoredRequest, request: Request, why: str) -> None:
    """Make it a dead letter, and tell the person and the operators."""
    now = app.clock()
    async with app.store.writing() as work:
        await work.requests.dead(stored.id, now, why)
    told = letter(app, request, apology(request, stored.id))
    note = Reply(body=f"Dead letter {stored.id}: {why}", private=True)
    accounts = [key.partition(":") for key in sorted(app.operators)]
    warned = tuple(
        _letter(app, f"{platform}:{account}", platform, {"account": account}, note)
        for platform, _, account in accounts
    )
    unit = Unit(f"dead:{stored.id}", now, deliveries=(told, *warned))
    await app.store.commit(unit)
    await app.wake(unit)


def letter(app: App, request: Request, reply: Reply) -> Delivery:
    """Address a reply that no command made to where the request came from."""
    return _letter(app, request.space.key, request.space.platform, dict(request.address), reply)


def _letter(app: App, lane: str, platform: str, address: dict[str, str | int], reply: Reply) -> Delivery:
    now = app.clock()
    return Delivery(new_id(), lane, platform, dump_address(address), dump_reply(reply), now, now)
