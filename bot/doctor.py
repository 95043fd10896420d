"""``qr-gen doctor``: is what is configured reachable, and set as it should be? Looks, and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp

from adapters.slack.doctor import examine as examine_slack
from adapters.telegram.doctor import examine
from adapters.telegram.webhook import PATH
from bot import machine
from bot.assembly import KEY, now, ring_of
from bot.commands import COMMANDS
from bot.config import DATABASE, Misconfigured, Settings
from bot.face import Finding
from bot.i18n import LANGUAGES, Translator
from bot.operating.audit import as_switched
from bot.sources import slips
from storage.admissions import switched_off
from storage.condition import Condition, condition, file_fault
from storage.encryption import KeyRing
from storage.faults import Fault, Unavailable
from storage.figures import Backlog
from storage.installation import InUse, sole_user
from storage.installations import standing
from storage.key_check import WrongKey, check_opens
from storage.migrate import Newer, behind, opened
from storage.records import Standing
from storage.rotation import stale_count
from storage.url import sqlite_path

T = TypeVar("T")

LATE = timedelta(minutes=10)  # what waits for longer is not worked on as it should be
SLOW = timedelta(minutes=1)  # and what failed before, from then on is worth a word
PATIENCE = 5  # seconds that our own address may take to answer


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Look at everything that is configured, one thing after the other."""
    async for finding in _data(settings):
        yield finding
    async for finding in _rotation(settings):
        yield finding
    for finding in _machine(settings):
        yield finding
    if settings.redis_url:
        yield await machine.redis(settings.redis_url)
    if settings.public_url:
        yield await _public(settings.public_url)
    yield _sign_up(settings)
    if settings.sentry_dsn.get_secret_value():
        yield machine.sentry()
    async for finding in _telegram(settings):
        yield finding
    async for finding in _slack(settings):
        yield finding


def _machine(settings: Settings) -> Iterator[Finding]:
    path = sqlite_path(settings.database_url)
    if path is not None:
        yield machine.disk(path.absolute().parent)
    yield from machine.shut(Path(".env"), "Settings", light=True)
    for name, near in slips(Settings).items():
        mend = f"Rename it to {near}, if that is meant; qr-gen config shows what is set."
        yield Finding(f"{name} in .env", "is no setting", mend, light=True)
    yield from machine.fonts()
    yield machine.time_zones()


# --- data ---------------------------------------------------------------------------------------------------


async def _data(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the database, its key and its queues, also beside a qr-gen that runs; nothing is made."""
    path = sqlite_path(settings.database_url)
    if path is not None:
        yield machine.sqlite()
    try:
        if path is not None and not path.exists():
            yield _to_be(path, settings)
            if settings.secret_key.get_secret_value():
                ring_of(settings, None)
                yield Finding("Key", "is set")
            return
        found, seen = await _database(settings, path)
        yield found
        if path is not None and not settings.secret_key.get_secret_value():
            for finding in machine.shut(KEY, "Key"):
                yield finding
        ring = ring_of(settings, path)
    except Misconfigured as wrong:
        yield Finding("Key", f"will not do: {wrong}".rstrip("."), "Set it right, then ask again.")
        return
    except PermissionError:
        yield Finding("Database", "may not be read by this user", "Ask as the user that qr-gen runs as.")
        return
    if seen is not None:
        yield _key(ring, seen.key_check)
        for (queue, platform), backlog in seen.backlogs.items():
            yield _queue(queue, platform, backlog)


def _to_be(path: Path, settings: Settings) -> Finding:
    if _in_use(path):
        return _failing(Fault.MOVED)
    if settings.database_url != DATABASE and not path.parent.is_dir():
        return Finding("Database", "is to be made in a folder that is not there", "Make it, or mount it.")
    return Finding("Database", "is made at the first start")


async def _database(settings: Settings, path: Path | None) -> tuple[Finding, Condition | None]:
    """Reach it, and see how the data is; None where that cannot be seen."""
    try:
        if await behind(settings.database_url):
            mend = "Start qr-gen: it migrates it." if path is not None else "Run: qr-gen migrate"
            return Finding("Database", "answers, but is not migrated", mend), None
        async with opened(settings.database_url) as connection:
            seen = await condition(connection)
    except Newer:
        return Finding("Database", "is of a newer qr-gen", "Update this one."), None
    except Unavailable as away:
        return _failing(away.fault), None
    fault = await asyncio.to_thread(file_fault, path) if path is not None else seen.fault
    if fault is not None:
        return _failing(fault), seen
    running = ", and a qr-gen runs on it" if path is not None and _in_use(path) else ""
    return Finding("Database", f"answers, is migrated{running}"), seen


def _failing(fault: Fault) -> Finding:
    return Finding("Database", fault.how, f"{fault.mend}.")


def _in_use(path: Path) -> bool:
    """Tell whether a process of ours holds the file."""
    if not path.with_name(f"{path.name}.lock").exists():
        return False
    try:
        with sole_user(path):
            return False
    except InUse:
        return True
    except OSError:  # it is said of the database that it can only be read
        return False


def _key(ring: KeyRing, check: bytes | None) -> Finding:
    """Open what was sealed with the key."""
    many = f"; {len(ring.keys)} are set, of which the first seals" if len(ring.keys) > 1 else ""
    if check is None:
        return Finding("Key", f"is set, and nothing was sealed yet{many}")
    try:
        check_opens(ring, check)
    except WrongKey:
        mend = "Put the SECRET_KEY back that this data was sealed with."
        return Finding("Key", "does not open the database", mend)
    return Finding("Key", f"opens the database{many}")


async def _rotation(settings: Settings) -> AsyncIterator[Finding]:
    """Tell how far the change to another key has come, also while a qr-gen runs; nothing of a single key."""
    path = sqlite_path(settings.database_url)
    try:
        if path is not None and not path.exists():
            return
        ring = ring_of(settings, path)
        if len(ring.keys) < 2 or await behind(settings.database_url):
            return
        async with opened(settings.database_url) as connection:
            left = await stale_count(connection, ring)
    except (Misconfigured, Unavailable, Newer, PermissionError):
        return  # said of the database, or the key
    if left:
        said = f"still seal {left} row{'s' if left > 1 else ''}, which a qr-gen that runs seals anew"
        yield Finding("Older keys", f"{said}; keep them in SECRET_KEY until then")
    else:
        about = "who logged in before, and API keys from before, then end (docs/backup.md)"
        yield Finding("Older keys", f"seal nothing any more, and can go from SECRET_KEY; {about}")


def _queue(queue: str, platform: str, backlog: Backlog) -> Finding:
    """Say how many wait, how long, and how many were given up; what waits long, nobody works on."""
    what = f"{queue.capitalize()} ({platform})"
    said = f"{backlog.waiting} wait"
    waited = now() - backlog.oldest if backlog.oldest is not None else timedelta()
    if waited > LATE:
        mend = (
            "Look whether qr-gen runs (qr-gen worker on PostgreSQL) and reaches the platform, and at its log."
        )
        return Finding(what, f"{said}, the first for {_lasting(waited)}", mend)
    if backlog.tried and waited > SLOW:
        mend = "It goes on by itself; the log says why."
        return Finding(what, f"{said}, {backlog.tried} after a try that failed", mend, light=True)
    if backlog.dead:
        mend = "The log says why; OPERATORS are told of each. They are deleted after a while."
        return Finding(what, f"{said}, {backlog.dead} were given up", mend, light=True)
    return Finding(what, said)


def _lasting(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


async def _kept(settings: Settings, read: Callable[..., Awaitable[T]], none: T) -> T | None:
    """Read something that is kept, also while a qr-gen runs; None where the database cannot say it."""
    path = sqlite_path(settings.database_url)
    try:
        if path is not None and not path.exists():
            return none
        if await behind(settings.database_url):
            return None
        async with opened(settings.database_url) as connection:
            return await read(connection)
    except (Unavailable, Newer, PermissionError):
        return None


# --- around it ----------------------------------------------------------------------------------------------


async def _public(url: str) -> Finding:
    """Ask ourselves by the address that others use; from inside some networks it cannot be reached."""
    what, timeout = "PUBLIC_URL", aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as http,
            http.get(f"{url}/livez", allow_redirects=False) as answer,
        ):
            status, body = answer.status, await answer.content.read(1000)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        mend = (
            f"Start qr-gen, and let the name and the proxy lead to it; then open {url}/livez from elsewhere."
        )
        return Finding(what, f"does not answer from here ({type(error).__name__})", mend, light=True)
    if status == 200 and b'"ok"' in body:
        return Finding(what, f"leads here: {url}")
    mend = "Let the proxy pass every path on to qr-gen, and let no login stand before it."
    return Finding(what, f"leads to something else, which answers /livez with {status}", mend)


def _sign_up(settings: Settings) -> Finding:
    said = {
        "open": "is open to everybody who reaches this server",
        "invite": "is open to those who were invited",
        "closed": "is closed",
    }
    if settings.signing_up == "open" and settings.loopback:
        return Finding("Sign-up", "is open to whoever uses this machine")
    mend = "Set SIGN_UP to invite or closed, if that is not meant." if settings.signing_up == "open" else ""
    return Finding("Sign-up", said[settings.signing_up], mend, light=True)


# --- platforms ----------------------------------------------------------------------------------------------


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        yield Finding("Telegram", "is off: TELEGRAM_BOT_TOKEN is not set")
        return
    webhook = f"{settings.public_url}{PATH}" if settings.telegram_webhook else ""
    spoken = [Translator(language) for language in LANGUAGES]
    url, cache = settings.telegram_api_url, settings.telegram_cache_chat
    commands = as_switched(COMMANDS, await _kept(settings, switched_off, frozenset[str]()) or frozenset())
    async for finding in examine(token, url, webhook, commands, spoken, cache_chat=cache):
        yield finding


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    if not (token or settings.slack_client_id):
        yield Finding("Slack", "is off: neither SLACK_BOT_TOKEN nor SLACK_CLIENT_ID is set")
        return
    installations = None if token else await _kept(settings, standing, tuple[Standing, ...]())
    if not token and installations is None:
        yield Finding("Slack workspaces", "cannot be counted: see what is said of the Database")
    async for finding in examine_slack(
        token,
        settings.slack_api_url,
        app_token=settings.slack_app_token.get_secret_value(),
        signed=bool(settings.slack_signing_secret.get_secret_value()),
        public_url=settings.public_url if settings.reachable else "",
        installations=installations,
    ):
        yield finding
