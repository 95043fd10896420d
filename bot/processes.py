"""What a process does until it is told to stop: HTTP, the platforms it is configured for, and its console."""

from __future__ import annotations

import asyncio
import getpass
import os
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
import uvicorn

from adapters.console.parse import Door, door_of
from adapters.console.socket import Unusable, connect, listen
from adapters.slack.receive import dispatcher, receiver
from adapters.slack.send import Slack
from adapters.slack.serve import WrongToken as UnknownToken
from adapters.slack.serve import face as slack_face
from adapters.slack.serve import introduced, open_slack
from adapters.slack.socket import listen as listen_on_sockets
from adapters.telegram.answer import answering
from adapters.telegram.menu import announce
from adapters.telegram.poll import poll
from adapters.telegram.serve import WrongToken, face, open_telegram, reach
from adapters.telegram.webhook import PATH, Hook, keep_hung
from adapters.telegram.webhook import receiver as telegram_receiver
from adapters.web.launch import launch_key
from adapters.web.pictures import sign
from adapters.web.serve import build
from bot.assembly import Bot, Held, console_socket, held, open_bot, readiness
from bot.config import Misconfigured, Settings
from bot.i18n import LANGUAGES, Translator
from bot.ids import new_id
from bot.previews import LIFE, picture_named
from bot.uploads import forget_others
from storage.url import sqlite_path

log = structlog.get_logger(__name__)

PICTURE_LIFE = timedelta(days=7)  # that an address we signed holds


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
        listening = stack.enter_context(_bound(settings)) if roles.http else None
        ring = stack.enter_context(held(settings))
        bot = await stack.enter_async_context(open_bot(settings, ring, working=roles.working))
        slack = await stack.enter_async_context(_slack_of(settings, bot))
        hook = _hook(settings, bot) if roles.http else None
        if listening is not None:
            await stack.enter_async_context(_answering(settings, bot, listening, slack, hook))
        if roles.working:
            await stack.enter_async_context(_console(settings, bot))
        platforms = _platforms(settings, bot, slack, roles, hook)
        _tell(settings, listening)
        await _until(stop, platforms)
        log.info("stopping")


def _tell(settings: Settings, listening: socket.socket | None) -> None:
    if listening is None:
        print("qr-gen works.", flush=True)
        return
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{listening.getsockname()[1]}"
    print(f"The web chat is at {address}" if settings.chat else f"qr-gen listens at {address}", flush=True)


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
def _bound(settings: Settings) -> Iterator[socket.socket]:
    """Take the port before anything else is opened; raises Misconfigured."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except PermissionError:
        raise Misconfigured("PORT", "needs more rights than this user has; take one above 1023") from None
    except socket.gaierror:
        raise Misconfigured("HOST", "is not an address of this machine") from None
    except OSError as error:
        taken = error.errno == 98 or "in use" in str(error)
        raise (
            Misconfigured("PORT", "is in use by another program; stop that one, or set another")
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
    web = build(
        bot.app,
        draw=bot.draw,
        chat=settings.chat,
        cookie_key=bot.ring.derive("web chat cookie"),
        picture_key=picture_key(bot),
        public_url=settings.public_url,
        slack=receiver(secret, dispatcher(slack, bot.app)) if slack is not None and secret else None,
        telegram=telegram_receiver(hook, bot.app) if hook is not None else None,
        ready=partial(readiness, bot),
        picture_of=partial(picture_named, bot.app) if settings.reachable else None,
        mini=settings.mini,
        launch_key=launch_key(token) if token else b"",
        reach=reach if token else None,
    )
    config = uvicorn.Config(
        web,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


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


# --- platforms ----------------------------------------------------------------------------------------------


def _platforms(
    settings: Settings, bot: Bot, slack: Slack | None, roles: Roles, hook: Hook | None
) -> tuple[Coroutine[Any, Any, None], ...]:
    work = []
    if settings.telegram_bot_token.get_secret_value() and (roles.working or hook is not None):
        work.append(_telegram(settings, bot, roles, hook))
    if slack is not None and roles.working:
        work.append(_slack(settings, bot, slack))
    return tuple(work)


def _hook(settings: Settings, bot: Bot) -> Hook | None:
    """Say where Telegram posts, and what it says with each post; None where it is asked instead."""
    if not (settings.telegram_webhook and settings.telegram_bot_token.get_secret_value()):
        return None
    given = settings.telegram_webhook_secret.get_secret_value()
    return Hook(f"{settings.public_url}{PATH}", given or bot.ring.derive("telegram webhook").hex())


async def _telegram(settings: Settings, bot: Bot, roles: Roles, hook: Hook | None) -> None:
    """Talk on Telegram once it is reached: send, and be told of updates or ask for them."""
    bot.trouble["telegram"] = "Telegram has not been reached yet."
    token = settings.telegram_bot_token.get_secret_value()
    try:
        async with (
            open_telegram(token, settings.telegram_api_url, settings.telegram_rates) as opened,
            answering(
                opened, bot.app, bot.draw, bot.reserve,
                address_of=partial(photo_address, settings, bot) if settings.reachable else None,
                cache_chat=settings.telegram_cache_chat,
            ) as telegram,
        ):  # fmt: skip
            reached = bot.faces["telegram"] = face(telegram)  # who only receives names it in links
            if roles.working:
                await forget_others(bot.app.store, reached.account)
            if hook is not None:
                hook.telegram = telegram
                await keep_hung(hook, bot.app, partial(bot.trouble.__setitem__, "telegram"))
            bot.trouble["telegram"] = ""
            if roles.working:
                app_url = f"{settings.public_url}/app" if settings.reachable else ""
                await announce(telegram, bot.app.commands, map(Translator, LANGUAGES), app_url)
            if roles.working and not settings.telegram_webhook:
                await poll(telegram, bot.app, f"{socket.gethostname()}:{os.getpid()}:{new_id()}")
            await asyncio.Event().wait()
    except WrongToken:
        raise Misconfigured(
            "TELEGRAM_BOT_TOKEN", "is not known to Telegram; copy it again from @BotFather"
        ) from None


@asynccontextmanager
async def _slack_of(settings: Settings, bot: Bot) -> AsyncIterator[Slack | None]:
    """Open Slack's connection where it is configured."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        yield None
        return

    def address(code_id: str, version: int) -> str:
        token = sign(picture_key(bot), code_id, version, bot.app.clock() + PICTURE_LIFE)
        return f"{settings.public_url}/i/{token}.png"

    async with open_slack(token, settings.slack_api_url, address if settings.reachable else None) as slack:
        yield slack


async def _slack(settings: Settings, bot: Bot, slack: Slack) -> None:
    """Send on Slack, and listen on its sockets where there is a token for them."""
    bot.trouble["slack"] = "Slack has not been reached yet."
    bot.faces["slack"] = slack_face(slack)
    app_token = settings.slack_app_token.get_secret_value()
    try:
        await introduced(slack)
        bot.trouble["slack"] = ""
        if app_token:
            await listen_on_sockets(slack, app_token, dispatcher(slack, bot.app))
        await asyncio.Event().wait()
    except UnknownToken as wrong:
        name = "SLACK_APP_TOKEN" if str(wrong) == "app" else "SLACK_BOT_TOKEN"
        raise Misconfigured(name, "is not known to Slack; copy it again from api.slack.com/apps") from None


def photo_address(settings: Settings, bot: Bot, name: str, small: bool) -> str:
    """Sign the address of a photo that somebody is offered while they type."""
    token = sign(picture_key(bot), name, 0, bot.app.clock() + LIFE)
    return f"{settings.public_url}/i/{token}.jpg{'?small=1' if small else ''}"


def picture_key(bot: Bot) -> bytes:
    """Derive the key that signs the addresses of pictures."""
    return bot.ring.derive("picture address")
