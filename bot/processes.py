"""What a process does until it is told to stop: HTTP, the platforms it is configured for, and its console."""

from __future__ import annotations

import asyncio
import gc
import getpass
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import h11
import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.console.parse import Door, door_of
from adapters.console.socket import Unusable, connect, listen
from adapters.slack.connection import Slack
from adapters.slack.receive import receiver
from adapters.slack.route import dispatcher
from adapters.telegram.serve import reach
from adapters.telegram.webhook import Hook
from adapters.telegram.webhook import receiver as telegram_receiver
from adapters.web.launch import launch_key
from adapters.web.problems import problem
from adapters.web.serve import aside, build
from bot.assembly import Bot, Held, console_socket, held, open_bot, readiness
from bot.config import Misconfigured, Settings
from bot.jobs import Running
from bot.platforms import (
    accounts_of,
    expect,
    installing_of,
    measuring_of,
    picture_key,
    platforms,
    slack_of,
    ways_of,
)
from bot.previews import picture_named
from storage.url import sqlite_path

log = structlog.get_logger(__name__)

HEADERS = 32 * 1024  # bytes that a request's line and headers may take
ARRIVAL = 10.0  # seconds for which they may take to arrive
KEPT = 75  # seconds a connection is kept: longer than balancers do, so that we cut none under a post


@dataclass(frozen=True, slots=True)
class Roles:
    """What one process does: answer HTTP, work (poll, send, keep house), or both."""

    http: bool
    working: bool


SERVE, WEB, WORKER = Roles(True, True), Roles(True, False), Roles(False, True)


async def run(settings: Settings, roles: Roles) -> None:
    """Run until SIGTERM or SIGINT; raises Misconfigured."""
    if sqlite_path(settings.database_url) is not None and roles != SERVE:
        raise Misconfigured("DATABASE_URL", "is a file, which one process holds: use qr-gen serve")
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with AsyncExitStack() as stack:
        listens = roles.http or settings.metrics_port
        listening = stack.enter_context(_bound(settings, roles)) if listens else None
        ring = stack.enter_context(held(settings))
        bot = await stack.enter_async_context(open_bot(settings, ring, working=roles.working))
        slack = await stack.enter_async_context(slack_of(settings, bot))
        hook = expect(settings, bot, slack, posted=roles.http, working=roles.working)
        if listening is not None:
            answering = (
                _answering(settings, bot, listening, slack, hook)
                if roles.http
                else _serving(
                    settings, aside(partial(readiness, bot), measuring_of(settings, bot)), listening
                )
            )
            await stack.enter_async_context(answering)
        if roles.working:
            await stack.enter_async_context(_console(settings, bot))
        work = platforms(settings, bot, slack, hook, working=roles.working)
        _tell(settings, listening if roles.http else None)
        gc.freeze()  # what is there by now stays: the collector need not look at it again and again
        stack.callback(gc.unfreeze)  # else libraries find at the end what they take for leaks, and say so
        await _until(stop, work)
        log.info("stopping")


def _tell(settings: Settings, listening: socket.socket | None) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    what, said = "The web chat is at" if settings.chat else "qr-gen listens at", "qr-gen works."
    if listening is not None:
        said = f"{what} http://{host}:{listening.getsockname()[1]}"
    with suppress(OSError):  # it works all the same where that goes to a disk that is full
        print(said, flush=True)


async def _until(stop: asyncio.Event, work: tuple[Coroutine[Any, Any, None], ...]) -> None:
    """Run the platforms until told to stop; an error of one is raised after all have ended."""
    tasks = [asyncio.create_task(each) for each in (_stopped(stop), *work)]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


async def _stopped(stop: asyncio.Event) -> None:
    await stop.wait()


# --- HTTP ---------------------------------------------------------------------------------------------------


class _Server(uvicorn.Server):
    """Leaves the signals to the process, which closes everything in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@contextmanager
def _bound(settings: Settings, roles: Roles) -> Iterator[socket.socket]:
    """Take the port before anything else is opened; raises Misconfigured."""
    name, port = ("PORT", settings.port) if roles.http else ("METRICS_PORT", settings.metrics_port)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, port), family=family, backlog=2048)
    except PermissionError:
        raise Misconfigured(name, "needs more rights than this user has; take one above 1023") from None
    except socket.gaierror:
        raise Misconfigured("HOST", "is not an address of this machine") from None
    except OSError as error:
        taken = error.errno == 98 or "in use" in str(error)
        raise (
            Misconfigured(name, "is in use by another program; stop that one, or set another")
            if taken
            else Misconfigured("HOST", "is not an address of this machine")
        ) from None
    with listening:
        yield listening


@asynccontextmanager
async def _answering(
    settings: Settings, bot: Bot, listening: socket.socket, slack: Slack | None, hook: Hook | None
) -> AsyncIterator[None]:
    secret = settings.slack_signing_secret.get_secret_value()
    token = settings.telegram_bot_token.get_secret_value()
    running, accounts = Running(), accounts_of(settings, bot)
    web = build(
        bot.app,
        draw=bot.draw,
        accounts=accounts,
        chat=settings.chat,
        guests=settings.loopback,
        cookie_key=bot.ring.derive("web chat cookie"),
        picture_key=picture_key(bot),
        public_url=settings.public_url,
        slack=(
            receiver(secret, dispatcher(slack, bot.app, bot.draw)) if slack is not None and secret else None
        ),
        telegram=telegram_receiver(hook, bot.app) if hook is not None else None,
        ready=partial(readiness, bot),
        picture_of=partial(picture_named, bot.app),
        mini=settings.mini,
        launch_key=launch_key(token) if token else b"",
        reach=reach if token else None,
        installing=installing_of(settings, bot, slack),
        origins=settings.cors_origins.split(),
        running=running,
        ways=ways_of(settings, bot),
        measuring=measuring_of(settings, bot),
    )
    try:
        async with _serving(settings, web, listening):
            yield
    finally:
        await asyncio.gather(*accounts.aside.values())  # a code that was asked for is on its way
        await running.close()


@asynccontextmanager
async def _serving(settings: Settings, web: ASGIApp, listening: socket.socket) -> AsyncIterator[None]:
    server = _Server(http_config(settings, web))
    task = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


def http_config(settings: Settings, web: ASGIApp) -> uvicorn.Config:
    """Say how HTTP is spoken: what is believed of proxies, and how long is waited for what."""
    return uvicorn.Config(
        web,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies.split(),
        server_header=False,
        http=_Connection,
        h11_max_incomplete_event_size=HEADERS,
        timeout_keep_alive=KEPT,
        timeout_graceful_shutdown=5,
    )


class _Connection(H11Protocol):
    """A connection on which a request has to arrive in its time; uvicorn waits for headers for ever.

    h11 because httptools, which uvicorn prefers where it is there, takes headers of any length. The rest of a
    body that nobody reads any more, as it was refused, has the same time.
    """

    late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._relax()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, or has headers without end."""
        answer = problem(400, "This is no HTTP request, or its headers are too long.")
        headers = [*answer.raw_headers, (b"x-content-type-options", b"nosniff"), (b"connection", b"close")]
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            start = h11.Response(status_code=400, headers=headers)
            for event in (start, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _expect(self) -> None:
        """Wait only so long for headers that have begun, or for what is left of a body."""
        begun = self.cycle is None or self.conn.trailing_data[0] != b""
        if self.conn.our_state is h11.DONE or (self.conn.their_state is h11.IDLE and begun):
            self.late = self.late or self.loop.call_later(ARRIVAL, self.transport.close)
        else:
            self._relax()

    def _relax(self) -> None:
        if self.late is not None:
            self.late.cancel()
            self.late = None


@asynccontextmanager
async def _console(settings: Settings, bot: Bot) -> AsyncIterator[None]:
    """Answer the console beside a bot on SQLite; without its socket the bot works all the same."""
    path = console_socket(settings)
    async with AsyncExitStack() as stack:
        if path is not None:
            try:
                await stack.enter_async_context(listen(path, door_of(bot.app, getpass.getuser(), bot.draw)))
            except (Unusable, OSError) as why:
                log.warning("the console cannot reach this bot", why=str(why))
        yield


@asynccontextmanager
async def open_door(settings: Settings, user: str) -> AsyncIterator[Door]:
    """Open the console's way in: through the bot that runs on this data, or by opening the data itself."""
    path = console_socket(settings)
    async with AsyncExitStack() as stack:
        try:
            ring = stack.enter_context(held(settings))
        except Held:
            assert path is not None  # only files are held
            yield connect(path)
            return
        bot = await stack.enter_async_context(open_bot(settings, ring, working=False))
        yield door_of(bot.app, user, bot.draw)
