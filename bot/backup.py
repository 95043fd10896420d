"""`qr-gen backup` and `qr-gen restore`: a checked copy of the data, and such a copy in the data's place.

The key is never inside: whoever has a copy alone can read nothing of what people entrusted.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.assembly import KEY, held, migrated, ring_of, unusable
from bot.config import Misconfigured, Settings
from storage.copying import Contents, CopyFailed, copied, replaced
from storage.dumping import DUMP, RESTORE, Connected, NoProgram, contents_of, dumped, restored
from storage.encryption import KeyRing
from storage.faults import Unavailable
from storage.key_check import WrongKey, check_opens
from storage.migrate import backups, known, opened
from storage.url import sqlite_path


class Failed(Exception):
    """It was set right, and did not work: one line for exit code 1."""


async def back_up(settings: Settings, to: Path | None) -> str:
    """Copy the data while it is used, and say where; raises Misconfigured, Failed."""
    path = sqlite_path(settings.database_url)
    target = _target(settings, path, to)
    try:
        if path is None:
            async with opened(settings.database_url):
                pass  # pg_dump would not say it in a sentence
            contents = await dumped(settings.database_url, target)
        else:
            contents = await asyncio.to_thread(copied, path, target)
    except Unavailable as away:
        raise unusable(away.fault) from None
    except NoProgram:
        raise Failed(
            f"{DUMP} is not on the PATH; install PostgreSQL's client programs, or run where they are: "
            f"{DUMP} --format=custom --schema=public --file=qr-gen.dump"
        ) from None
    except CopyFailed as why:
        raise Failed(f"No backup was made: {why}.") from None
    size = (await asyncio.to_thread(target.stat)).st_size / 1e6
    return (
        f"The backup is {target}: {size:.1f} MB, {len(contents.tables)} tables, checked. "
        f"The key is NOT inside: it is in {_key(settings)}; keep a copy of it elsewhere."
    )


def _key(settings: Settings) -> str:
    return "SECRET_KEY" if settings.secret_key.get_secret_value() else str(KEY)


def _target(settings: Settings, path: Path | None, to: Path | None) -> Path:
    """Say where a backup goes, where nothing may be yet; raises Misconfigured."""
    if path is not None and not path.is_file():
        raise Misconfigured("DATABASE_URL", "names a file that is not there; there is nothing to back up")
    folder = to or (backups(path) if path is not None else Path("data") / "backups")
    name = f"{path.stem if path is not None else 'qr-gen'}-{_moment()}.{'db' if path is not None else 'dump'}"
    try:
        if to is None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = folder / name if folder.is_dir() else folder
        if target.exists():
            raise Misconfigured("PATH", "names a file that is there; name another, or move that one away")
        if not target.parent.is_dir():
            raise Misconfigured("PATH", "names a folder that is not there; make it, or name another")
    except OSError as error:
        raise Misconfigured("PATH", f"cannot be used: {error.strerror}") from None
    return target


def _moment() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}"


# --- the way back -------------------------------------------------------------------------------------------


async def restore(settings: Settings, source: Path) -> str:
    """Put a backup in the place of data that nobody uses, and say what was kept; raises as ``back_up``."""
    if not await asyncio.to_thread(source.is_file):
        raise Misconfigured("PATH", "names no file; name one that qr-gen backup made")
    try:
        if sqlite_path(settings.database_url) is None:
            return await _restore_dump(settings, source)
        return await _restore_file(settings, source)
    except Unavailable as away:
        raise unusable(away.fault) from None
    except NoProgram:
        raise Failed(
            f"{RESTORE} is not on the PATH; install PostgreSQL's client programs, or run where they are, "
            f"on an empty database: {RESTORE} --no-owner --single-transaction --dbname=… {source}"
        ) from None
    except CopyFailed as why:
        raise Failed(f"Nothing was restored: {why}.") from None
    except OSError as error:
        raise Failed(f"Nothing was restored: {error.strerror}.") from None


async def _restore_file(settings: Settings, source: Path) -> str:
    path = sqlite_path(settings.database_url)
    assert path is not None  # asked before
    with held(settings, source) as ring:
        draft = path.with_name(f"{path.name}.restored-{_moment()}")
        contents = await asyncio.to_thread(copied, source, draft)
        try:
            _fits(contents, ring)
            told = "There was nothing before."
            if path.exists():
                kept = path.with_name(f"{path.name}.before-{_moment()}")
                replaced(path, draft, kept)
                told = f"What was there before is {kept}."
            else:
                draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        await migrated(settings)
    return f"{source} is restored, {len(contents.tables)} tables. {told}"


async def _restore_dump(settings: Settings, source: Path) -> str:
    ring, kept = ring_of(settings, None), f"before_{_moment().replace('-', '_')}"
    contents = await contents_of(source)
    _fits(contents, ring)
    try:
        await restored(settings.database_url, source, kept)
    except Connected:
        raise Misconfigured(
            "DATABASE_URL", "names a database in use; stop every qr-gen on it first"
        ) from None
    await migrated(settings)
    return (
        f"{source} is restored, {len(contents.tables)} tables. "
        f"What was there before is the schema {kept}; drop it when all is well."
    )


def _fits(contents: Contents, ring: KeyRing) -> None:
    """Hold a backup against this release and the key; raises CopyFailed, Misconfigured."""
    if contents.revision is None or contents.sealed is None:
        raise CopyFailed("this is no backup of qr-gen's data")
    if not known(contents.revision):
        raise CopyFailed("this is a backup of a newer qr-gen; update this one first")
    try:
        check_opens(ring, contents.sealed)
    except WrongKey:
        raise Misconfigured(
            "SECRET_KEY", "is not the key that this backup was sealed with; put that back"
        ) from None
