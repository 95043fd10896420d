"""A real Redis for tests that need one; where the program is missing they are skipped by name."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = shutil.which("redis-server")


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def redis_at(port: int, folder: Path) -> Iterator[str]:
    """Run a server that keeps nothing: its address."""
    if PROGRAM is None:
        pytest.skip("redis-server is not installed (make system)")
    command = (PROGRAM, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _answers(server, port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


def _answers(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as asked:
                asked.sendall(b"PING\r\n")
                if asked.recv(16).startswith(b"+PONG"):
                    return
        except OSError:
            time.sleep(0.02)
    raise AssertionError("redis-server does not start")


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for this process; tests take keys of their own."""
    with redis_at(free_port(), tmp_path_factory.mktemp("redis")) as address:
        yield address
