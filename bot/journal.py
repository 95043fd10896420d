"""What the log tells of requests, commands and deliveries: ids, names and numbers, never what anybody wrote.

The ids go along the whole path: ``http`` of a request over HTTP (its X-Request-ID), ``request`` of what was
said, ``job`` of what waits, ``delivery`` of what is sent; a line is bound to those it belongs to.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from hashlib import sha256
from time import perf_counter
from typing import TYPE_CHECKING

import structlog
from structlog.contextvars import bound_contextvars

from bot.message import Outcome, Request
from bot.metrics import named, watched
from bot.qr.shapes.shaping import Letterless

if TYPE_CHECKING:
    from bot.command import Understood
    from bot.context import Answer, Context
    from storage.changes import Unit
    from storage.records import Delivery

log = structlog.get_logger(__name__)

FONTS = "qr-gen doctor names the scripts that are missing, and what to install"
JOB = "job:"  # begins the id of a request that waited


def short(request_id: str) -> str:
    """Stand for a request's id, which may hold what its platform alone should know."""
    return sha256(request_id.encode()).hexdigest()[:12]


def milliseconds(begun: float) -> float:
    """Tell how long ago a moment of ``perf_counter`` is."""
    return round((perf_counter() - begun) * 1000, 1)


def following(request: Request) -> AbstractContextManager[object]:
    """Bind the lines of a request to its id, and to its platform."""
    return bound_contextvars(**_of(request.id), face=request.actor.platform)


def sending(delivery: Delivery) -> AbstractContextManager[object]:
    """Bind the lines of a delivery to its id, and to the request that it answers."""
    return bound_contextvars(delivery=delivery.id, **_of(delivery.request_id), face=delivery.platform)


def waiting(job: str) -> AbstractContextManager[object]:
    """Bind the lines of a request that waited to its id."""
    return bound_contextvars(job=job)


def _of(request_id: str) -> dict[str, str]:
    if request_id.startswith(JOB):
        return {"job": request_id.removeprefix(JOB)}
    return {"request": short(request_id)} if request_id else {}


def committed(unit: Unit) -> None:
    """Tell what a commit left to be done."""
    deliveries, jobs = [each.id for each in unit.deliveries], [each.id for each in unit.requests]
    log.debug("committed", **_of(unit.request_id), deliveries=deliveries, jobs=jobs)


def journaled(answer: Answer) -> Answer:
    """Tell of each command how it went, for which person, and how long it took."""

    def told(context: Context, meant: Understood, status: str, begun: float) -> None:
        tell = log.info if context.request.id else log.debug  # else somebody is only typing
        tell(
            "command", command=named(meant), status=status, person=context.person.id,
            face=context.request.actor.platform, ms=milliseconds(begun),
        )  # fmt: skip

    return watched(_lacking(answer), told)


def _lacking(answer: Answer) -> Answer:
    """Tell of what whoever runs the bot can mend, as somebody was told to ask them; not which letters."""

    async def asked(context: Context, meant: Understood) -> Outcome:
        try:
            return await answer(context, meant)
        except Letterless:
            log.warning("no font here has the letters of a caption", what_to_do=FONTS)
            raise

    return asked


def called(method: str, status: int, begun: float) -> None:
    """Tell of a call to a platform; its methods are public, its addresses are not. 0: no answer."""
    log.debug("platform called", method=method, status=status, ms=milliseconds(begun))
