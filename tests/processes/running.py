"""Our own processes, in a folder of their own with nothing configured.

Each is a fork of tests/processes/seed.py, as a start takes two seconds of a core; those with EXECUTED, and
all of them in `make test-full`, are started as an operator starts them.
"""

import asyncio
import os
import signal
import socket
import sys
import termios
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Protocol

import aiohttp

from tests.full import FULL
from tests.processes.forked import forked

PATIENCE = 60.0  # seconds before a process counts as hung
EXECUTED = {"QR_GEN_TEST_EXECUTED": "true"}
SETTINGS = ("TELEGRAM_", "SLACK_", "DATABASE_", "SECRET_", "QR_GEN_", "PUBLIC_", "REDIS_", "METRICS_", "COV_")


def clean(**settings: str) -> dict[str, str]:
    """Make an environment in which only these settings are set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return kept | settings


def free_port() -> int:
    """Find a port that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Process(Protocol):
    """What is asked of a process."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, signal: int) -> None: ...

    async def wait(self) -> int: ...


@dataclass
class Running:
    """A process, where it listens, and what it has written so far."""

    process: Process
    url: str
    log: Path

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


async def finished(folder: Path, *arguments: str, stdin: str = "", **settings: str) -> tuple[int, str, str]:
    """Run a command to its end: exit code, standard output, standard error."""
    with TemporaryFile() as said, TemporaryFile() as out, TemporaryFile() as err:
        said.write(stdin.encode())
        said.seek(0)
        process = await _begun(folder, arguments, (said, out, err), settings)
        code = await asyncio.wait_for(process.wait(), PATIENCE)
        return code, _written(out), _written(err)


def _written(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


async def _begun(
    folder: Path,
    arguments: Sequence[str],
    files: tuple[IO[bytes], IO[bytes], IO[bytes]],
    settings: Mapping[str, str],
) -> Process:
    environment = clean(PYTHONPATH=os.getcwd(), **settings)
    if not (FULL or EXECUTED.keys() <= settings.keys()) and sys.platform == "linux":
        return await forked(folder, arguments, files, environment)
    stdin, stdout, stderr = files
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder, env=environment, stdin=stdin, stdout=stdout, stderr=stderr,
    )  # fmt: skip


@asynccontextmanager
async def running(folder: Path, command: str = "serve", **settings: str) -> AsyncIterator[Running]:
    """Start a process and wait until it says that it is ready; it is gone when the block ends."""
    started = await start(folder, command, **settings)
    try:
        await ready(started)
        yield started
    finally:
        if started.process.returncode is None:
            await started.stop()


async def start(folder: Path, command: str = "serve", **settings: str) -> Running:
    """Start a process without waiting for it."""
    port = settings.setdefault("PORT", str(free_port()))
    log = folder / "log.txt"
    with log.open("ab") as file, open(os.devnull, "rb") as nothing:
        process = await _begun(folder, (command,), (nothing, file, file), settings)
    return Running(process, f"http://127.0.0.1:{port}", log)


async def ready(started: Running) -> None:
    """Wait until ``/readyz`` answers 200."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
        while True:
            assert started.process.returncode is None, started.log.read_text()
            try:
                async with http.get(f"{started.url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)


@asynccontextmanager
async def on_terminal(folder: Path, *arguments: str, **settings: str) -> AsyncIterator[tuple[Process, int]]:
    """Start a command on a terminal of 50 rows and 200 columns; gives it, and the terminal's other end."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (50, 200))
    with os.fdopen(theirs, "r+b", buffering=0) as terminal:
        process = await _begun(folder, arguments, (terminal, terminal, terminal), settings)
    try:
        yield process, ours
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()
        os.close(ours)
