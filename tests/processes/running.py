"""Our own processes, started as an operator starts them, in a folder of their own with nothing configured."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

PATIENCE = 60.0  # seconds before a process counts as hung
SETTINGS = ("TELEGRAM_", "SLACK_", "DATABASE_", "SECRET_", "QR_GEN_", "PUBLIC_", "REDIS_", "COV_")


def clean(**settings: str) -> dict[str, str]:
    """Make an environment in which only these settings are set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return kept | settings


def free_port() -> int:
    """Find a port that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@dataclass
class Running:
    """A process, where it listens, and what it has written so far."""

    process: asyncio.subprocess.Process
    url: str
    log: Path

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end, and give its exit code."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), PATIENCE)


async def finished(folder: Path, *arguments: str, stdin: str = "", **settings: str) -> tuple[int, str, str]:
    """Run a command to its end: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env=clean(PYTHONPATH=os.getcwd(), **settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(stdin.encode()), PATIENCE)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


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
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", command),
            cwd=folder,
            env=clean(PYTHONPATH=os.getcwd(), **settings),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
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
