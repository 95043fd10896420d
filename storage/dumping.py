"""Copies of a database on a server, by PostgreSQL's own pg_dump and pg_restore."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from storage.copying import Contents, CopyFailed, named
from storage.faults import Fault, Unavailable, fault_of
from storage.url import asyncpg_dsn

DUMP, RESTORE = "pg_dump", "pg_restore"
_SCHEMA = "public"
_HOW = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-acl", "--dbname=postgresql://")
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class NoProgram(Exception):
    """A program of PostgreSQL's is not on the PATH."""


class Connected(Exception):
    """Somebody else is connected to the database."""


async def dumped(url: str, target: Path) -> Contents:
    """Dump a database as it is at one moment, whoever writes to it; raises NoProgram, CopyFailed."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    how = ("--format=custom", f"--schema={_SCHEMA}", "--no-owner", "--no-acl")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        await _run(url, DUMP, *how, f"--file={draft}")
        contents = await contents_of(draft)
        named(draft, target)
    except OSError as error:
        raise CopyFailed(error.strerror or "it cannot be written") from None
    finally:
        draft.unlink(missing_ok=True)
    return contents


async def contents_of(dump: Path) -> Contents:
    """Read all of a dump, and tell what is in it; raises NoProgram, CopyFailed."""
    await _run("", RESTORE, f"--file={os.devnull}", str(dump))
    listed = await _run("", RESTORE, "--list", str(dump))
    tables = re.findall(rf"TABLE DATA {_SCHEMA} (\S+)", listed)
    told = await _run(
        "", RESTORE, "--data-only", "--table=alembic_version", "--table=facts", "--file=-", str(dump)
    )
    revision = re.search(r"^COPY \S+alembic_version .*\n(\w+)$", told, re.MULTILINE)
    sealed = re.search(r"^key\t\\\\x([0-9a-f]+)$", told, re.MULTILINE)
    return Contents(
        tuple(tables), revision[1] if revision else None, bytes.fromhex(sealed[1]) if sealed else None
    )


async def restored(url: str, dump: Path, kept: str) -> None:
    """Put a dump in a database's place, and keep what was there as a schema of that name.

    Raises NoProgram, Unavailable, Connected, CopyFailed: then all is as it was.
    """
    try:
        connection = await asyncpg.connect(asyncpg_dsn(url))
    except (OSError, asyncpg.PostgresError) as error:
        raise Unavailable(fault_of(error) or Fault.AWAY) from None
    try:
        if await connection.fetchval(_OTHERS):
            raise Connected
        await connection.execute(f"ALTER SCHEMA {_SCHEMA} RENAME TO {kept}; CREATE SCHEMA {_SCHEMA}")
        try:
            await _run(url, RESTORE, *_HOW, str(dump))
        except (CopyFailed, NoProgram):
            await connection.execute(
                f"DROP SCHEMA {_SCHEMA} CASCADE; ALTER SCHEMA {kept} RENAME TO {_SCHEMA}"
            )
            raise
    except asyncpg.PostgresError as error:  # its user may not rename the schema, say
        raise CopyFailed(f"the server says: {error}") from None
    finally:
        await connection.close()


async def _run(url: str, program: str, *arguments: str) -> str:
    """Run a program on a database and give what it wrote; raises NoProgram, CopyFailed with its last line.

    The address goes by the environment: arguments can be seen by every user of the machine.
    """
    path = shutil.which(program)
    if path is None:
        raise NoProgram(program)
    process = await asyncio.create_subprocess_exec(
        path, *arguments, env=os.environ | _environment(url), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    if process.returncode:
        raise CopyFailed((err.decode(errors="replace").strip().splitlines() or [f"{program} failed"])[-1])
    return out.decode()


def _environment(url: str) -> dict[str, str]:
    """Say where a database is in libpq's variables (postgresql.org/docs/current/libpq-envars.html)."""
    if not url:
        return {}
    parsed = make_url(asyncpg_dsn(url))
    said = {
        "PGHOST": parsed.query.get("host", parsed.host),
        "PGPORT": parsed.query.get("port", parsed.port),
        "PGUSER": parsed.username,
        "PGPASSWORD": parsed.password,
        "PGDATABASE": parsed.database,
        "PGSSLMODE": parsed.query.get("sslmode"),
    }
    return {name: str(value) for name, value in said.items() if value}
