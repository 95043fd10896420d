"""What is counted for Prometheus, and the functions that go around others to count it.

The composition root puts them around; what they measure knows nothing of it. Every label takes its values
from a list that the code has: routes as they are declared, commands by their names, faces, results. What
somebody sends is never one: no number of requests makes new series, and nothing entrusted is read in them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from bot.command import Ask, Literal, Ready, Understood
from bot.face import Draw, NotYet, TryLater, Undeliverable
from bot.message import Outcome, Request
from bot.qr.picture import Picture, Rendered
from bot.qr.proof import Unread
from bot.qr.refusal import Refused
from bot.qr.settling import plain

if TYPE_CHECKING:
    from bot.context import Answer, Context
    from bot.deliveries import Letter, Post
    from bot.sending import Deliver

Taking = Callable[[Any], Awaitable[tuple[int, Any]]]  # from a body to the status it was taken with
Asked = TypeVar("Asked", bound=Callable[..., Awaitable[Any]])

FACES, OTHER = ("telegram", "slack", "web", "console", "account"), "other"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_FIRST = {
    "v1": "api",
    "slack": "slack",
    "telegram": "telegram",
    OTHER: OTHER,
}  # part of a route; else it is web

# Bounds in seconds. Slack waits three for an acknowledgement; a delivery has a day.
QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
SLOW = (0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 86400)


@dataclass(frozen=True, slots=True)
class Metrics:
    """What one process counts."""

    registry: CollectorRegistry
    http: Counter
    http_seconds: Histogram
    request_seconds: Histogram
    acknowledgement_seconds: Histogram
    commands: Counter
    command_seconds: Histogram
    limited: Counter
    pictures: Counter
    drawn: Counter
    picture_seconds: Histogram
    proving_seconds: Histogram
    drawing_seconds: Histogram
    deliveries: Counter
    delivery_seconds: Histogram


def new_metrics() -> Metrics:
    """Make metrics that nobody has counted yet, in a registry of their own."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # a third of all series, for OpenMetrics
    registry = CollectorRegistry()
    counter = partial(Counter, namespace="qr_gen", registry=registry)
    timed = partial(Histogram, namespace="qr_gen", unit="seconds", registry=registry)
    return Metrics(
        registry=registry,
        http=counter(
            "http_requests", "Answers over HTTP, by the route as it is declared.",
            ("face", "route", "method", "status"),
        ),
        http_seconds=timed(
            "http_request", "Until an answer over HTTP begins.", ("face", "route"), buckets=QUICK
        ),
        request_seconds=timed(
            "request", "Until what was said is acknowledged, being committed, or answered in the call.",
            ("face", "how"), buckets=QUICK,
        ),
        acknowledgement_seconds=timed(
            "acknowledgement", "From what a platform brings on a poll or a socket until it is committed.",
            ("face",), buckets=QUICK,
        ),
        commands=counter("commands", "What was understood, by how it went.", ("face", "command", "status")),
        command_seconds=timed("command", "Until a command has decided.", ("command",), buckets=QUICK),
        limited=counter("limited", "Requests and tries of passwords that a limit refused.", ("limit",)),
        pictures=counter("pictures", "Pictures asked for; those not drawn came from memory.", ("look",)),
        drawn=counter("pictures_drawn", "Pictures drawn and held against the proof.", ("look", "result")),
        picture_seconds=timed(
            "picture", "Until a picture is drawn and proven, with its wait for a thread.", ("look",),
            buckets=QUICK,
        ),
        proving_seconds=timed(
            "proving", "Until a look was found that passes the proof.", ("look",), buckets=QUICK
        ),
        drawing_seconds=timed("drawing", "Until what was proven was written.", ("look",), buckets=QUICK),
        deliveries=counter("deliveries", "Tries to send something.", ("face", "result")),
        delivery_seconds=timed(
            "delivery", "From what was said until a platform has taken the answer.", ("face",), buckets=SLOW
        ),
    )  # fmt: skip


def face_of(platform: str) -> str:
    """Name a platform as labels do."""
    return platform if platform in FACES else OTHER


# --- around what arrives ------------------------------------------------------------------------------------


def on_answer(metrics: Metrics, route: str, method: str, status: int, seconds: float) -> None:
    """Count an answer over HTTP; ``route``: as it is declared. A status of 0: nobody waited for one."""
    face = _FIRST.get(route.strip("/").partition("/")[0], "web")
    known = method if method in METHODS else OTHER
    metrics.http.labels(face, route, known, f"{status // 100}xx" if status else "gone").inc()
    metrics.http_seconds.labels(face, route).observe(seconds)


@contextmanager
def timing(metrics: Metrics, request: Request) -> Iterator[None]:
    """Time a request through the door; what is only being typed is none."""
    begun = perf_counter()
    try:
        yield
    finally:
        if request.id:
            how = "answered" if request.answered else "acknowledged"
            metrics.request_seconds.labels(face_of(request.actor.platform), how).observe(
                perf_counter() - begun
            )


def acknowledging(metrics: Metrics, face: str, take: Taking) -> Taking:
    """Time what arrives on a socket until it was taken; what was not, and comes again, counts for nothing."""

    async def timed(body: Any) -> tuple[int, Any]:
        begun = perf_counter()
        status, answer = await take(body)
        if status == 200:
            on_batch(metrics, face, perf_counter() - begun)
        return status, answer

    return timed


def on_batch(metrics: Metrics, face: str, seconds: float) -> None:
    """Time what arrived together until all of it was committed, so that it may be acknowledged."""
    metrics.acknowledgement_seconds.labels(face).observe(seconds)


def watched(answer: Answer, tell: Callable[[Context, Understood, str, float], None]) -> Answer:
    """Tell of each command how it went, and when it began: of those that ran or asked for what is missing."""

    async def told(context: Context, meant: Understood) -> Outcome:
        begun, status = perf_counter(), "failed"
        try:
            outcome = await answer(context, meant)
            status = status_of(outcome)
            return outcome
        except Refused:
            status = "refused"
            raise
        finally:
            tell(context, meant, status, begun)

    return told


def counted(metrics: Metrics, answer: Answer) -> Answer:
    """Count commands with how they went; what is only being typed is none."""

    def count(context: Context, meant: Understood, status: str, begun: float) -> None:
        if context.request.id:
            name = named(meant)
            metrics.commands.labels(face_of(context.request.actor.platform), name, status).inc()
            metrics.command_seconds.labels(name).observe(perf_counter() - begun)

    return watched(answer, count)


def named(meant: Understood) -> str:
    """Name the command that was understood; whatever is none has one name."""
    match meant:
        case Ready(command) | Ask(command):
            return command.name
        case Literal():
            return "qr"
    return OTHER


def status_of(outcome: Outcome) -> str:
    """Name how a command went; ``later``: something has to be fetched first, after which it runs again."""
    if outcome.reply is None:
        return "later" if outcome.jobs else "ok"
    return outcome.reply.status.value


def limited(metrics: Metrics, limit: str, ask: Asked, refused: Callable[[Any], object] = bool) -> Asked:
    """Count what a limit refuses; ``refused`` tells it by what the limit says."""
    count = metrics.limited.labels(limit)

    async def measured(*given: Any) -> Any:
        verdict = await ask(*given)
        if refused(verdict):
            count.inc()
        return verdict

    return measured  # type: ignore[return-value]  # it takes and gives what it goes around


# --- around drawing and sending -----------------------------------------------------------------------------


def asked_for(metrics: Metrics, draw: Draw) -> Draw:
    """Count pictures as they are asked for, outside the cache."""

    async def measured(picture: Picture) -> Rendered:
        metrics.pictures.labels(_look(picture)).inc()
        return await draw(picture)

    return measured


def drawn(metrics: Metrics, draw: Draw) -> Draw:
    """Count and time pictures as they are drawn, inside the cache."""

    async def measured(picture: Picture) -> Rendered:
        begun, look, result = perf_counter(), _look(picture), "failed"
        try:
            rendered = await draw(picture)
            result = "mended" if rendered.said else "proven"
            metrics.proving_seconds.labels(look).observe(rendered.proving)
            metrics.drawing_seconds.labels(look).observe(rendered.drawing)
            return rendered
        except Unread:
            result = "unread"
            raise
        except Refused:
            result = "refused"
            raise
        finally:
            metrics.drawn.labels(look, result).inc()
            metrics.picture_seconds.labels(look).observe(perf_counter() - begun)

    return measured


def _look(picture: Picture) -> str:
    return "plain" if plain(picture.style) else "styled"


def delivering(metrics: Metrics, deliver: Deliver) -> Deliver:
    """Count tries to send something, and time what was sent from when it was said."""

    async def measured(post: Post, letter: Letter) -> None:
        face, result = face_of(letter.row.platform), "failed"
        try:
            await deliver(post, letter)
            result = "sent"
        except NotYet:
            result = "waiting"
            raise
        except TryLater:
            result = "later"
            raise
        except Undeliverable:
            result = "dead"
            raise
        finally:
            metrics.deliveries.labels(face, result).inc()
        age = post.clock() - letter.row.created_at
        metrics.delivery_seconds.labels(face).observe(age.total_seconds())

    return measured
