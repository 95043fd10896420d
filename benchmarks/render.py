"""``POST /v1/render`` beside the two that a user would pick: requests a second, each server on one core.

wrk asks from another core, over 16 connections that stay open; no text is asked for twice. Before that each
server's picture is read, and has to be of the same size. Ours alone proves what it sends.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import Request, urlopen

import zxingcpp
from PIL import Image

from benchmarks import npm
from tests.processes.running import clean, free_port

ROOT = Path(__file__).parents[1]
ROUNDS, SECONDS, CONNECTIONS = 5, 5, 16
WARM = 2  # seconds before them
SIDE = 370  # pixels: ten a module of a version 3 symbol, with its margin
FIRST = 100_000  # render.lua counts from it
TEXT = "https://example.com/menu?table=%d"
OURS = "qr-gen, every picture proven"


@dataclass(frozen=True, slots=True)
class Server:
    """One contender: how it is started, how it is asked for ``TEXT``, and what is set for it."""

    name: str
    command: Sequence[str]
    port: int
    path: str
    body: str = ""

    @property
    def url(self) -> str:
        """Say where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, number: int) -> bytes:
        """Ask once; raises URLError while it does not answer."""
        data = (self.body % number).encode() if self.body else None
        path = self.path if self.body else self.path % number
        headers = {"Content-Type": "application/json"} if data else {}
        asked = Request(self.url + path, data, headers)  # noqa: S310 - our own address
        with urlopen(asked) as answer:  # noqa: S310
            return bytes(answer.read())


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: answers, seconds, failures, and milliseconds within which half and 99 % came."""

    requests: int
    seconds: float
    failed: int
    middle: float
    tail: float


def _servers() -> Iterator[Server]:
    body = {"content": {"type": "url", "url": TEXT}, "style": f"size {SIDE}"}
    yield Server(OURS, [sys.executable, "-m", "bot", "serve"], free_port(), "/v1/render", json.dumps(body))
    stock, port = [sys.executable, "-m", "benchmarks.stock_api"], free_port()
    yield Server("FastAPI, qrcode + Pillow", [*stock, str(port)], port, "/render", json.dumps({"text": TEXT}))
    if npm.start() is not None:
        port = free_port()
        command = [shutil.which("node") or "node", str(npm.FOLDER / "render.js"), str(port)]
        path = f"/qr?size={SIDE}&text={TEXT}"  # nothing in it has to be escaped in a query
        yield Server("Fastify, QuickChart's call of npm qrcode", command, port, path)


@contextmanager
def _running(server: Server) -> Iterator[None]:
    """Run a server on the first core until its picture is what was asked for; raises SystemExit else."""
    settings = clean(
        PYTHONPATH=str(ROOT), PORT=str(server.port), RATE_LIMIT="off", LOG_LEVEL="error",
        SECRET_KEY=b64encode(b"k" * 32).decode(),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="qr-gen-bench-") as folder:
        log = Path(folder, "log.txt")
        with log.open("wb") as file, _pinned(0):
            process = subprocess.Popen(  # noqa: S603
                server.command, cwd=folder, env=settings, stdout=file, stderr=file
            )
        try:
            _check(server, log)
            yield
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _pinned(core: int) -> Iterator[None]:
    """Let what is started here run on one core."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[core]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _check(server: Server, log: Path) -> None:
    picture = None
    for _ in range(300):
        with suppress(URLError):
            picture = Image.open(BytesIO(server.ask(FIRST)))
            break
        time.sleep(0.1)
    if picture is None:
        raise SystemExit(f"{server.name} does not answer:\n{log.read_text()[-2_000:]}")
    [code] = zxingcpp.read_barcodes(picture)
    if picture.size != (SIDE, SIDE) or code.text != TEXT % FIRST:
        raise SystemExit(f"{server.name} drew {picture.size}, which says {code.text}")


def _load(server: Server, seconds: int) -> Load:
    """Let wrk ask from the last core."""
    asked = ["POST", server.path, server.body] if server.body else ["GET", server.path]
    script = ["-s", str(ROOT / "benchmarks" / "render.lua"), server.url, "--", *asked]
    with _pinned(-1):
        told = subprocess.run(  # noqa: S603
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *script],  # noqa: S607
            capture_output=True, check=True, text=True,
        )  # fmt: skip
    return Load(**json.loads(told.stdout.splitlines()[-1]))


def table() -> Iterator[str]:
    """Yield the lines of the table, in Markdown."""
    if shutil.which("wrk") is None:
        print(
            "Without the render table: wrk is not installed (Debian: apt-get install wrk).", file=sys.stderr
        )
        yield "wrk is not installed."
        return
    servers, found = list(_servers()), dict[str, list[Load]]()
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(_running(server))
            _load(server, WARM)
        for _ in range(ROUNDS):
            for server in servers:
                found.setdefault(server.name, []).append(_load(server, SECONDS))
    yield "| server | requests a second | ours, times | median ms | 99 % within ms | failed | at least |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, loads in found.items():
        yield _row(name, loads, found[OURS])


def _row(name: str, loads: Sequence[Load], ours: Sequence[Load]) -> str:
    speeds = [load.requests / load.seconds for load in loads]
    mine = [load.requests / load.seconds for load in ours]
    ahead = median(our / their for our, their in zip(mine, speeds, strict=True))
    middle, tail = median(load.middle for load in loads), median(load.tail for load in loads)
    failed, goal = sum(load.failed for load in loads), "" if name == OURS else "1"
    return f"| {name} | {median(speeds):,.0f} | {ahead:.2f} | {middle:.1f} | {tail:.1f} | {failed} | {goal} |"
