"""Copies of an SQLite file, made beside whoever writes to it and checked before they have their name."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from storage.faults import Fault, fault_of

_SIDES = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file (sqlite.org/tempfiles.html, 2)


class CopyFailed(Exception):
    """No copy was made, and nothing was left in its place; says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a database: its tables, its revision, and what tells whether a key opens it."""

    tables: tuple[str, ...]
    revision: str | None
    sealed: bytes | None


def copied(source: Path, target: Path) -> Contents:
    """Copy a database that others may be writing to; raises CopyFailed, also where a file has that name.

    All of it comes from one moment (sqlite.org/backup.html), and a writer in WAL mode waits for none of it.
    The copy has mode 0600 and is on the disk, complete and found well, before it gets its name.
    """
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        contents = _copy(source, draft)
        _settle(draft)
        named(draft, target)
    except (sqlite3.Error, OSError) as error:
        raise CopyFailed(_why(error, source, target)) from None
    finally:
        for side in ("", *_SIDES):
            draft.with_name(draft.name + side).unlink(missing_ok=True)
    return contents


def _why(error: sqlite3.Error | OSError, source: Path, target: Path) -> str:
    """Say which of the two it is that fails, and what to do."""
    match fault_of(error):
        case Fault.FULL:
            return f"there is no room for it in {target.parent}; make some, or name another folder"
        case Fault.FIXED:
            return f"nothing can be written in {target.parent}; name another folder, or see who may"
        case Fault.DAMAGED | Fault.NONE:
            return f"{source} is damaged, or no database: {error}"
    return getattr(error, "strerror", None) or str(error)


def _copy(source: Path, draft: Path) -> Contents:
    with closing(_reading(source)) as origin, closing(sqlite3.connect(draft, isolation_level=None)) as copy:
        origin.execute("BEGIN")  # the moment that is copied is the one that is counted
        rows = _rows(origin)
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file is all of it
        [(said,), *_] = copy.execute("PRAGMA integrity_check").fetchall()
        if said != "ok":
            raise CopyFailed("the data is damaged: " + " ".join(said.split())[:200])
        if _rows(copy) != rows:
            raise CopyFailed("the copy does not hold what the data does")
        return _contents(copy, rows)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, timeout=30)


def _contents(connection: sqlite3.Connection, rows: Mapping[str, int]) -> Contents:
    revision = sealed = None
    if "alembic_version" in rows:
        [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
    if "facts" in rows:
        [sealed] = connection.execute("SELECT value FROM facts WHERE name = 'key'").fetchone() or (None,)
    return Contents(tuple(rows), revision, sealed)


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of each table."""
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    names = [name for (name,) in connection.execute(named)]
    counting = {name: f'SELECT count(*) FROM "{name}"' for name in names}  # noqa: S608 - our own tables
    return {name: connection.execute(count).fetchone()[0] for name, count in counting.items()}


def named(draft: Path, target: Path) -> None:
    """Give a copy that is complete its name; raises CopyFailed where a file has it, OSError."""
    if target.exists():
        raise CopyFailed("there is a file of that name")
    draft.rename(target)
    _settle(target.parent)


def _settle(path: Path) -> None:
    """Wait until the disk has it (fsync(2): a file's name is its folder's)."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def replaced(path: Path, by: Path, kept: Path) -> None:
    """Put a copy in a database's place, which nobody may have open, and keep what was there; raises OSError.

    What its log still holds is folded in first: left behind, it would be played into the new one. Where the
    old is too damaged for that, its log goes along with it.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for side in _SIDES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + side).rename(kept.with_name(kept.name + side))
    try:
        os.link(path, kept)  # so that at no moment there is none
    except OSError:  # not on every file system
        path.rename(kept)
    by.rename(path)
    _settle(path.parent)
