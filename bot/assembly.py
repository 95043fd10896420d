"""The composition root: opens store, queue, drawing and app as the settings say; closes them in reverse."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType

import structlog

from bot import parked
from bot.access import Access
from bot.accounts.attempts import Attempts
from bot.app import App, answer
from bot.boards import refresh
from bot.commands import COMMANDS
from bot.config import DATABASE, Away, Misconfigured, Settings
from bot.deliveries import Hold, Post, Reserve, drain, drain_bulk, row_holds, row_rates
from bot.drawings import drawing, fetching
from bot.face import Draw, Face
from bot.housekeeping import ticking
from bot.journal import following, journaled
from bot.limiting import Limiting, open_limiting
from bot.message import Request
from bot.metrics import Metrics, asked_for, counted, delivering, drawn, limited, new_metrics, timing
from bot.operating.broadcast import BROADCAST, lay_out
from bot.operating.reproving import REPROVE, prove_next
from bot.operating.tasks import carry_on
from bot.outage import REDIS
from bot.queue import BOARD, BULK, LANE, REQUEST, TASK, Queue, open_engine, open_queue
from bot.rates import open_rates
from bot.reader import reading
from bot.sending import deliver
from storage.changes import Unit
from storage.copying import CopyFailed
from storage.encryption import KeyRing
from storage.engines import sqlite_warning
from storage.faults import PASSING, Fault, Unavailable, fault_of
from storage.figures import ping
from storage.installation import InUse, KeyMissing, kept_key, sole_user
from storage.key_check import WrongKey
from storage.migrate import Newer, migrate
from storage.store import Store, open_store, probe
from storage.url import sqlite_path

log = structlog.get_logger(__name__)

_FOLDER = {
    Fault.FIXED: "names a folder that this user may not write to",
    Fault.FULL: "names a folder on a disk that is full; make room there",
}
KEY = Path("keys") / "secret.key"
FOLLOWING = MappingProxyType({BROADCAST: lay_out, REPROVE: prove_next})  # what comes next of each task


class Held(Misconfigured):
    """Another process of ours holds the data."""


@dataclass(frozen=True, slots=True)
class Bot:
    """All that a process has open. ``faces`` fills as platforms are reached; ``trouble`` says what is not.

    Where several things can be wrong with a part each has a name of its own, behind the part's and a slash.
    ``attempts`` counts tries of passwords and codes, whatever the limit of requests is.
    """

    app: App
    draw: Draw
    ring: KeyRing
    reserve: Reserve
    hold: Hold
    faces: dict[str, Face] = field(default_factory=dict)
    trouble: dict[str, str] = field(default_factory=dict)
    attempts: Attempts = field(default_factory=lambda: Limiting(None).wait)
    metrics: Metrics = field(default_factory=new_metrics)


@contextmanager
def held(settings: Settings, sealed: Path | None = None) -> Iterator[KeyRing]:
    """Hold the data as its only process where it is a file, and give its keys; raises Misconfigured.

    ``sealed``: the file that the keys have to open, where that is another.
    """
    path = sqlite_path(settings.database_url)
    if path is None:
        yield ring_of(settings, None)
        return
    if settings.database_url == DATABASE:
        path.parent.mkdir(exist_ok=True)
    elif not path.parent.is_dir():
        raise Misconfigured("DATABASE_URL", "names a folder that is not there; make it, or mount it")
    with ExitStack() as stack:
        _hold(stack, path)
        yield ring_of(settings, sealed or path)


def _hold(stack: ExitStack, path: Path) -> None:
    try:
        stack.enter_context(sole_user(path))
    except InUse:
        raise Held("DATABASE_URL", "names data that a running qr-gen holds; stop that one first") from None
    except OSError as error:
        advice = _FOLDER.get(fault_of(error) or Fault.DISK, f"names a folder that fails: {error.strerror}")
        raise Misconfigured("DATABASE_URL", advice) from None


def ring_of(settings: Settings, data: Path | None) -> KeyRing:
    """Give the keys: those set, or the one kept since the first run on SQLite; raises Misconfigured."""
    text = settings.secret_key.get_secret_value()
    if not text and data is None:
        raise Misconfigured("SECRET_KEY", "is required on PostgreSQL; make one with: openssl rand -base64 32")
    name = "SECRET_KEY" if text else str(KEY)
    try:
        return KeyRing.parse(text or kept_key(data or Path(), KEY))
    except KeyMissing:
        raise Misconfigured(
            "SECRET_KEY", f"is not set and {KEY} is missing, but there is data sealed with it; put it back"
        ) from None
    except OSError:
        raise Misconfigured(str(KEY), "cannot be read or written; check who owns it") from None
    except ValueError as wrong:
        raise Misconfigured(name, str(wrong)) from None


@asynccontextmanager
async def open_bot(settings: Settings, ring: KeyRing, *, working: bool) -> AsyncIterator[Bot]:
    """Migrate and open everything; ``working``: this process also sends, and keeps house."""
    await migrated(settings)
    if sqlite_path(settings.database_url) is not None and sqlite_warning():
        log.debug(sqlite_warning())  # the lock sees to it; a start that fails says one line
    async with AsyncExitStack() as stack:
        try:
            store = await stack.enter_async_context(open_store(settings.database_url, ring, _told))
            await probe(store)
        except Unavailable as away:
            raise unusable(away.fault) from None
        except WrongKey:
            raise Misconfigured("SECRET_KEY", "is not the key that this data was sealed with") from None
        yield await stack.enter_async_context(_assembled(settings, store, ring, working))


def _told(fault: Fault | None) -> None:
    """Say once that the database begins to fail, and once that it does not any more."""
    if fault is None:
        log.info("the database takes what it is told again")
    else:
        log.error("the database fails", why=fault.how, what_to_do=fault.mend)


def unusable(fault: Fault) -> Misconfigured:
    """Say of a database that cannot be used what to do."""
    kind = Away if fault in PASSING else Misconfigured
    return kind("DATABASE_URL", f"names a database that {fault.how}. {fault.mend}")


async def migrated(settings: Settings) -> None:
    """Bring the database to the newest revision; raises Misconfigured where it cannot be reached."""
    try:
        await migrate(settings.database_url)
    except Unavailable as away:
        raise unusable(away.fault) from None
    except Newer:
        raise Misconfigured("DATABASE_URL", "names data of a newer qr-gen; update this one") from None
    except CopyFailed as why:
        raise Misconfigured(
            "DATABASE_URL",
            f"names data that could not be copied before it is migrated, and was left as it is: {why}",
        ) from None


@asynccontextmanager
async def _assembled(settings: Settings, store: Store, ring: KeyRing, working: bool) -> AsyncIterator[Bot]:
    faces, metrics, trouble = dict[str, Face](), new_metrics(), dict[str, str]()
    draw = asked_for(metrics, drawing(fetching(store), measured=partial(drawn, metrics)))
    awake: list[Queue] = []  # the queue needs the app, and the app the queue
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        counting = await enter(open_limiting(settings.rate_limit, settings.redis_url))
        app = App(
            store=store,
            commands=COMMANDS,
            clock=now,
            allowed=limited(metrics, "requests", counting),
            standing=limited(metrics, "requests", counting.standing, attrgetter("verdict")),
            left=counting.left,
            wake=partial(_wake, store, awake),
            read=await enter(reading()),
            public_url=settings.public_url,
            operators=frozenset(settings.operators.split()),
            access=Access(settings.access, frozenset(settings.operators.split())),
            link=partial(_link, faces),
            timing=partial(_around, metrics),
            answer=counted(metrics, journaled(answer)),
        )
        reserve, hold = await enter(_counting(settings, store, trouble))
        post = Post(store, faces, draw, reserve, now, hold, deliver=delivering(metrics, deliver))
        engine = await enter(open_engine(settings.database_url))
        sending = app.intake.after(partial(drain, post))
        running = app.intake.after(partial(parked.run, app, faces))
        showing = app.intake.after(partial(refresh, app, post))
        behind = {
            BULK: app.intake.after(partial(drain_bulk, post)),
            TASK: app.intake.after(partial(carry_on, app, FOLLOWING)),
        }
        queue = await enter(open_queue(engine, sending, running, showing, behind=behind, working=working))
        awake.append(queue)
        attempts = limited(metrics, "attempts", counting.wait)
        bot = Bot(app, draw, ring, post.reserve, hold, faces, trouble, attempts, metrics)
        if not working:
            yield bot
            return
        async with ticking(app, queue, settings.retention_days):
            yield bot


def _wake(store: Store, awake: Sequence[Queue], unit: Unit) -> None:
    """Wake workers for what was committed; before there is a queue, the sweep finds it."""
    for queue in awake:
        lanes = {each.lane: None for each in unit.deliveries}
        queue.wake(LANE, (lane for lane in lanes if not store.drains(lane)))
        queue.wake(REQUEST, (each.id for each in unit.requests if each.due_at <= each.created_at))
        stale, store.stale = sorted(store.stale), set[str]()
        queue.wake(BOARD, stale)


@contextmanager
def _around(metrics: Metrics, request: Request) -> Iterator[None]:
    with timing(metrics, request), following(request):
        yield


@asynccontextmanager
async def _counting(
    settings: Settings, store: Store, trouble: dict[str, str]
) -> AsyncIterator[tuple[Reserve, Hold]]:
    rows, holds = row_rates(store, now), row_holds(store, now)
    if not settings.redis_url:
        yield rows, holds
        return
    async with open_rates(settings.redis_url, rows, holds, partial(trouble.__setitem__, REDIS)) as shared:
        yield shared


def _link(faces: Mapping[str, Face], platform: str, payload: str) -> str:
    """Give the address that opens the bot on a platform; empty where it is not reached, or has none."""
    return faces[platform].link(payload) if platform in faces else ""


def now() -> datetime:
    """Tell the time, in UTC."""
    return datetime.now(UTC)


async def readiness(bot: Bot) -> Mapping[str, str]:
    """Tell of each part whether it works: empty, or a sentence about what is wrong."""
    try:
        fault = await ping(bot.app.store)
    except Exception:  # nobody knows why, and it is not fit for use
        fault = Fault.AWAY
    parts = {"database": "" if fault is None else fault.told}
    for name, why in bot.trouble.items():
        part = name.partition("/")[0]
        parts[part] = f"{parts.get(part, '')} {why}".strip()
    return parts


def console_socket(settings: Settings) -> Path | None:
    """Say where the console of a bot on SQLite listens, as short as can be; None on PostgreSQL."""
    data = sqlite_path(settings.database_url)
    if data is None:
        return None
    path = data.absolute().parent / "console" / "qr-gen.sock"
    return Path(min(str(path), os.path.relpath(path), key=len))
