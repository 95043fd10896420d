"""Processes that the seed has forked, as asyncio shows its own."""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO


@dataclass
class Forked:
    """A process, and the socket on which the seed tells of its end."""

    pid: int
    call: socket.socket
    code: int | None = None

    @property
    def returncode(self) -> int | None:
        """Its exit code, less than 0 for the signal that killed it; None while it runs."""
        if self.code is None:
            with suppress(BlockingIOError):
                self._ended(self.call.recv(100))
        return self.code

    def send_signal(self, signal: int) -> None:
        """Send it a signal, unless it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal)

    async def wait(self) -> int:
        """Wait for its end, and give its exit code."""
        while (code := self.returncode) is None:
            await asyncio.sleep(0.02)
        return code

    def _ended(self, told: bytes) -> None:
        self.code = int(told or -signal.SIGKILL)
        self.call.close()


async def forked(
    folder: Path, arguments: Sequence[str], files: Sequence[IO[bytes]], environment: Mapping[str, str]
) -> Forked:
    """Fork a process with these arguments, standard files and environment."""
    told = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
    address = await asyncio.to_thread(_seed)
    call = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    call.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(call, address)
    socket.send_fds(call, [json.dumps(told).encode()], [file.fileno() for file in files])
    return Forked(int(await loop.sock_recv(call, 100)), call)


@cache
def _seed() -> str:
    """Start the seed; it ends with this process, and everything that it has forked with it."""
    folder = tempfile.TemporaryDirectory(prefix="qr-gen-seed-")
    address = f"{folder.name}/socket"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.processes.seed", address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None

    def end() -> None:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
        folder.cleanup()

    atexit.register(end)
    process.stdout.readline()
    return address
