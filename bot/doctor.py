"""``qr-gen doctor``: is what is configured reachable, and set as it should be? Looks, and changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.slack.doctor import examine as examine_slack
from adapters.telegram.doctor import examine
from adapters.telegram.webhook import PATH
from bot.assembly import Held, held, ring_of
from bot.commands import COMMANDS
from bot.config import Misconfigured, Settings
from bot.face import Finding
from bot.i18n import LANGUAGES, Translator
from storage.installations import standing
from storage.key_check import WrongKey
from storage.migrate import Unreachable, behind, opened
from storage.records import Standing
from storage.rotation import stale_count
from storage.store import open_store
from storage.url import sqlite_path


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Look at everything that is configured, one thing after the other."""
    async for finding in _data(settings):
        yield finding
    async for finding in _rotation(settings):
        yield finding
    async for finding in _telegram(settings):
        yield finding
    async for finding in _slack(settings):
        yield finding


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        yield Finding("Telegram", "is off: TELEGRAM_BOT_TOKEN is not set")
        return
    webhook = f"{settings.public_url}{PATH}" if settings.telegram_webhook else ""
    spoken = [Translator(language) for language in LANGUAGES]
    url, cache = settings.telegram_api_url, settings.telegram_cache_chat
    async for finding in examine(token, url, webhook, COMMANDS, spoken, cache_chat=cache):
        yield finding


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    if not (token or settings.slack_client_id):
        yield Finding("Slack", "is off: neither SLACK_BOT_TOKEN nor SLACK_CLIENT_ID is set")
        return
    installations = None if token else await _installations(settings)
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


async def _installations(settings: Settings) -> tuple[Standing, ...] | None:
    """Look where the app is installed, also while a qr-gen runs; None where the database cannot say it."""
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        return ()
    try:
        if await behind(settings.database_url):
            return None
        async with opened(settings.database_url) as connection:
            return await standing(connection)
    except Unreachable:
        return None


async def _data(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the database and its key; nothing is made that is not there yet."""
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        yield Finding("Database", "is made at the first start")
        if settings.secret_key.get_secret_value():
            yield _key(settings)
        return
    try:
        with held(settings):
            yield await _database(settings)
    except Held:
        yield Finding("Database", "is in use by a qr-gen that runs, with its key")
    except Misconfigured as wrong:
        yield Finding("Database and key", f"cannot be used: {wrong}", "Set it right, then ask again.")


async def _rotation(settings: Settings) -> AsyncIterator[Finding]:
    """Tell how far the change to another key has come, also while a qr-gen runs; nothing of a single key."""
    path = sqlite_path(settings.database_url)
    if path is not None and not path.exists():
        return
    try:
        ring = ring_of(settings, path)
        if len(ring.keys) < 2 or await behind(settings.database_url):
            return
        async with opened(settings.database_url) as connection:
            left = await stale_count(connection, ring)
    except (Misconfigured, Unreachable):
        return  # said of the database, or the key
    if left:
        said = f"still seal {left} row{'s' if left > 1 else ''}, which a qr-gen that runs seals anew"
        yield Finding("Older keys", f"{said}; keep them in SECRET_KEY until then")
    else:
        about = "who logged in before, and API keys from before, then end (docs/backup.md)"
        yield Finding("Older keys", f"seal nothing any more, and can go from SECRET_KEY; {about}")


def _key(settings: Settings) -> Finding:
    try:
        ring_of(settings, None)
    except Misconfigured as wrong:
        return Finding("Key", f"will not do: {wrong}", "Make one with: openssl rand -base64 32")
    return Finding("Key", "is set")


async def _database(settings: Settings) -> Finding:
    """Reach it, and open what was sealed with the key."""
    ring = ring_of(settings, sqlite_path(settings.database_url))
    try:
        if await behind(settings.database_url):
            by_itself = sqlite_path(settings.database_url) is not None
            mend = "Start qr-gen: it migrates it." if by_itself else "Run: qr-gen migrate"
            return Finding("Database", "answers, but is not migrated", mend)
        async with open_store(settings.database_url, ring):
            pass
    except Unreachable:
        mend = "Check DATABASE_URL, and whether its server runs."
        return Finding("Database", "cannot be reached or opened", mend)
    except WrongKey:
        mend = "Put the SECRET_KEY back that this data was sealed with."
        return Finding("Key", "does not open the database", mend)
    return Finding("Database", "answers, is migrated, and opens with the key")
