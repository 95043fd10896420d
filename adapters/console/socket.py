"""The way from the console to a bot that runs: a Unix socket, a line of JSON for each question and answer."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import structlog

from adapters.console.parse import FAILED, NOT_UNDERSTOOD, Door, dump_line, load_line
from bot.parked import outline

log = structlog.get_logger(__name__)

LINE = 16 * 1024 * 1024  # bytes of one question or answer
LONGEST = 100  # bytes of a socket's path that every POSIX system takes (sun_path)
_CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid (unix(7))


class Unusable(Exception):
    """Why the socket cannot be where it should: a sentence for the operator."""


@asynccontextmanager
async def listen(path: Path, door: Door) -> AsyncIterator[None]:
    """Answer the console at ``path`` while the block runs; raises Unusable.

    The socket has mode 0600, in a folder of ours with mode 0700, and only this user (or root) is answered.
    """
    _check(path)
    if await _answers(path):
        raise Unusable(f"Another bot listens at {path} already. Stop it first.")
    _remove(path)
    tasks: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # a handler runs as a task
        tasks.add(task)
        try:
            await _converse(reader, writer, door)
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_unix_server(serve, path, limit=LINE)
    os.chmod(path, 0o600)
    try:
        yield
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        _remove(path)


async def _converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, door: Door) -> None:
    if not _allowed(writer):
        log.warning("console refused to another user")
        return
    with suppress(ConnectionError):
        while row := await _row(reader):
            writer.write(dump_line(await _answer(row, door)))
            await writer.drain()


async def _row(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:  # longer than a line may be: what follows cannot be told apart any more
        return b""


async def _answer(row: bytes, door: Door) -> dict[str, Any]:
    try:
        return await door(load_line(row))
    except ValueError:
        return {"error": NOT_UNDERSTOOD}
    except Exception as error:  # one question that fails must not end the conversation
        log.error("console request failed", error=outline(error))
        return {"error": FAILED}


def _allowed(writer: asyncio.StreamWriter) -> bool:
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:  # not Linux: the modes of folder and socket guard alone
        return True
    peer = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    return _CREDENTIALS.unpack(peer)[1] in (os.getuid(), 0)


def _check(path: Path) -> None:
    """Make the folder, and raise Unusable where anybody else could enter it or something is in the way."""
    if len(os.fsencode(path)) > LONGEST:
        raise Unusable(
            f"The console's socket cannot be at {path}: more than {LONGEST} bytes. Use a shorter path."
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = path.parent.stat()
    if folder.st_uid != os.getuid() or stat.S_IMODE(folder.st_mode) & 0o077:
        raise Unusable(f"Others can enter {path.parent}. Make it yours alone: chmod 700 {path.parent}")
    if path.exists() and not path.is_socket():
        raise Unusable(f"There is a file at {path} where the console's socket goes. Please move it away.")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


async def _answers(path: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except OSError:
        return False
    writer.close()
    return True


def connect(path: Path) -> Door:
    """Give the door of the bot that listens at ``path``; each question takes a connection of its own.

    Where none listens, the answer is {"error": …}.
    """

    async def door(asked: dict[str, Any]) -> dict[str, Any]:
        question = dump_line(asked)
        if len(question) > LINE:
            return {"error": "This is more than the console can send. The limit for a file is 10 MB."}
        try:
            reader, writer = await asyncio.open_unix_connection(path, limit=LINE)
        except OSError:
            return {"error": f"The bot does not answer at {path}. Start it with: qr-gen serve"}
        try:
            writer.write(question)
            await writer.drain()
            return load_line(await reader.readline())
        except (OSError, ValueError):
            return {"error": "The bot hung up. Is it stopping? Please try again."}
        finally:
            writer.close()

    return door
