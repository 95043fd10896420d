"""Reads pictures in processes of their own: files are hostile, and what decodes them cannot be interrupted.

A PDF of 250 kB can take PDFium 40 s and 2.5 GB. So a few child processes (bot/reader_child.py), started when
a file comes and ended when none has come for a while, read one file at a time under limits of memory and of
time. A child that exceeds them is killed, and its file refused. It gets none of our environment, where the
secrets are, and what it answers is JSON, never pickled: it may have been taken over by what it read.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from bot.qr.reading import Found, read_picture
from bot.qr.refusal import Refused, Word
from bot.reader_child import HEAD

log = structlog.get_logger(__name__)

Read = Callable[[bytes], Awaitable[tuple[Found, ...]]]

KEPT = ("LD_LIBRARY_PATH", "PYTHONHOME", "TMPDIR")  # of the environment, where a Python needs it to start
_PLAIN = re.compile(r"(?:[^{}]|\{\w+\}){1,300}")
REPLY = 4_000_000  # bytes of an answer, at most
START = 30.0  # seconds that a child may take to start on a busy machine
FILES = 200  # that a child reads before a fresh one takes its place, so that no leak grows


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading may cost: processes, files that wait for one, seconds, bytes of memory."""

    children: int = 2
    waiting: int = 16
    seconds: float = 10.0  # a file, from when a child has it
    last: float = 3.0  # of these for the slow reader, after the quick ones have found nothing
    idle: float = 60.0  # seconds after which a child without work ends
    memory: int = 1_500_000_000  # that a child may take beyond what it holds when it has started


class _Lost(Exception):
    """A child has ended, or says what it should not."""


class _Gone(_Lost):
    """A child had ended before it got the file."""


async def read_here(data: bytes) -> tuple[Found, ...]:
    """Read a file's codes in a thread of this process: for files that are known to be no harm."""
    return await asyncio.to_thread(read_picture, data)


@asynccontextmanager
async def reading(limits: Limits | None = None) -> AsyncIterator[Read]:
    """Give a function that reads a file's codes in a process of its own; the processes end with the context.

    The function raises Refused for what cannot be read, what takes too long or too much memory, and while too
    many files wait already.
    """
    pool = _Pool(limits or Limits())
    try:
        yield pool.read
    finally:
        await pool.close()


@dataclass(slots=True, eq=False)
class _Child:
    """A process that reads, how many files it had, whether it is free, and when it ends for want of work."""

    process: Process
    files: int = 0
    free: bool = False
    expiry: asyncio.TimerHandle | None = None

    async def hand(self, data: bytes) -> None:
        """Hand it a file, and wait until it says that it has it; raises _Gone."""
        pipe = self.process.stdin
        assert pipe is not None
        self.files, self.free = self.files + 1, False
        try:
            pipe.write(len(data).to_bytes(HEAD, "big"))
            pipe.write(data)
            await pipe.drain()
            await self.hear()
        except (OSError, _Lost):
            raise _Gone from None

    async def hear(self) -> dict[str, Any]:
        """Wait for its next answer; raises _Lost."""
        pipe = self.process.stdout
        assert pipe is not None
        try:
            length = int.from_bytes(await pipe.readexactly(HEAD), "big")
            answer = json.loads(await pipe.readexactly(length)) if length <= REPLY else None
        except (asyncio.IncompleteReadError, OSError, ValueError):
            raise _Lost from None
        if not isinstance(answer, dict):
            raise _Lost
        return answer

    async def end(self, grace: float) -> None:
        """Let it end by itself for so many seconds, then kill it; return when it is gone."""
        if self.expiry is not None:
            self.expiry.cancel()
        assert self.process.stdin is not None
        if grace:
            self.process.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self.process.wait()
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        self.process.stdin.close()


@dataclass(slots=True, eq=False)
class _Pool:
    """The children with and without work, how many files there are, and the tasks that end children."""

    limits: Limits
    idle: list[_Child] = field(default_factory=list)
    busy: set[_Child] = field(default_factory=set)
    closed: bool = False
    files: int = 0
    turns: asyncio.Semaphore = field(init=False)
    endings: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.turns = asyncio.Semaphore(self.limits.children)

    async def read(self, data: bytes) -> tuple[Found, ...]:
        """Read a file when its turn comes."""
        if self.files >= self.limits.children + self.limits.waiting:
            raise Refused("Many people are sending me pictures just now. Please try again in a minute.")
        self.files += 1
        try:
            async with self.turns:
                return await self._read(data)
        finally:
            self.files -= 1

    async def _read(self, data: bytes) -> tuple[Found, ...]:
        if self.closed:
            raise RuntimeError("no file is read any more")
        child = self._rested()
        if child is not None:
            with suppress(_Gone):  # it was killed while it rested, which is not the file's fault
                return await self._by(child, data)
        child = await _started(self.limits)
        if self.closed:  # while it started
            await child.end(0.0)
            raise RuntimeError("no file is read any more")
        return await self._by(child, data)

    async def _by(self, child: _Child, data: bytes) -> tuple[Found, ...]:
        self.busy.add(child)
        try:
            return await _asked(child, data, self.limits)
        except TimeoutError:
            log.warning("reading took too long", bytes=len(data))
            raise Refused(
                "This file took too long to read. Send a screenshot or a smaller picture."
            ) from None
        except _Lost as lost:
            if isinstance(lost, _Gone) and child.files > 1:
                raise
            log.warning("reading failed", bytes=len(data), code=child.process.returncode, reason=str(lost))
            raise Refused("I could not read this file. Send a screenshot or a smaller picture.") from None
        finally:
            self.busy.discard(child)
            if child.free and child.files < FILES and not self.closed:
                loop = asyncio.get_running_loop()
                child.expiry = loop.call_later(self.limits.idle, self._expire, child)
                self.idle.append(child)
            else:
                self._end(child, 1.0 if child.free else 0.0)

    def _rested(self) -> _Child | None:
        """Take the child that worked last, so that others can end."""
        while self.idle:
            child = self.idle.pop()
            if child.expiry is not None:
                child.expiry.cancel()
            if child.process.returncode is None:
                return child
            self._end(child, 0.0)
        return None

    def _expire(self, child: _Child) -> None:
        self.idle.remove(child)
        self._end(child, 1.0)

    def _end(self, child: _Child, grace: float) -> None:
        """End a child without waiting for it."""
        ending = asyncio.get_running_loop().create_task(child.end(grace))
        self.endings.add(ending)
        ending.add_done_callback(self.endings.discard)

    async def close(self) -> None:
        """End all children, and wait until they are gone; a file that one reads is refused."""
        self.closed = True
        while self.idle:
            self._expire(self.idle[-1])
        for child in self.busy:
            self._end(child, 0.0)
        while self.endings:
            await asyncio.gather(*self.endings)


async def _started(limits: Limits) -> _Child:
    """Start a child and wait until it is ready; raises RuntimeError where it cannot start here."""
    here = {name: os.environ[name] for name in KEPT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "bot.reader_child", str(limits.memory), str(limits.seconds)),
        env={**here, "PYTHONPATH": str(Path(__file__).parents[1]), "MALLOC_ARENA_MAX": "2"},
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        start_new_session=True,  # Ctrl-C at the console is for us
    )
    child = _Child(process)
    try:
        async with asyncio.timeout(START):
            await child.hear()
    except BaseException as wrong:
        await child.end(0.0)
        if isinstance(wrong, _Lost | TimeoutError):
            raise RuntimeError(f"no process to read with: exit code {process.returncode}") from None
        raise
    return child


async def _asked(child: _Child, data: bytes, limits: Limits) -> tuple[Found, ...]:
    """Have a file read; raises Refused as the child does, TimeoutError, _Lost.

    Once the quick readers have answered, what goes wrong with the slow one takes nothing away from that.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + limits.seconds
    async with asyncio.timeout_at(deadline):
        await child.hand(data)
        answer = await child.hear()
    found: tuple[Found, ...] = ()
    while "found" in answer:
        found = tuple(_found(each) for each in answer["found"])
        try:
            async with asyncio.timeout_at(min(deadline, loop.time() + limits.last)):
                answer = await child.hear()
        except (TimeoutError, _Lost):
            return found
    if "failed" in answer:
        raise _Lost(answer["failed"])
    child.free = True
    if "refused" in answer:
        raise _refused(answer)
    return found


def _found(said: Any) -> Found:
    try:
        corners = tuple((int(x), int(y)) for x, y in said["corners"])
        content = said["bytes"].encode("latin-1")
        return Found(str(said["text"]), str(said["format"]), corners, int(said["page"]), content)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _Lost("no answer of ours") from None


def _refused(said: dict[str, Any]) -> Refused:
    """Take over what the child refuses: in a sentence with plain names in it, or it is none of ours."""
    try:
        words = {name: Word(value) for name, value in said["words"].items()}
        template = said["refused"]
        if _PLAIN.fullmatch(template) is None:
            raise ValueError(template)
        return Refused(template, field=str(said["field"]), **said["values"], **words)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise _Lost("no answer of ours") from None
