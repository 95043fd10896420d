"""The peers from npm, in one process of Node that lives as long as the run, and measures itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.measure import Texts

FOLDER = Path(__file__).parent / "node"
AT_ONCE = 4_000  # texts sent for one measurement, at most
BYTES = 2_000_000  # that they may come to

Options = Mapping[str, Any]


class Failed(Exception):
    """A peer said that it could not draw something."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A running process of Node with all npm peers loaded."""

    process: subprocess.Popen[str]

    def ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Send one job, wait for its answer; raises Failed with what the peer said."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise Failed(answer["error"])
        return answer


@dataclass(frozen=True, slots=True)
class Peer:
    """One npm peer with its options, as a contender."""

    node: Node
    work: str
    options: Options

    def microseconds(self, texts: Texts, seconds: float) -> float:
        """Let it draw texts for so long, and take its own word for how long a call took."""
        count = min(AT_ONCE, max(1, BYTES // (len(texts.payload) + 1)))
        job = {"work": self.work, "options": self.options, "seconds": seconds}
        return float(self.node.ask({**job, "texts": [next(texts) for _ in range(count)]})["microseconds"])

    def draw(self, text: str) -> bytes:
        """Return the PNG of one text."""
        job = {"work": self.work, "options": self.options, "texts": [text]}
        return b64decode(self.node.ask(job)["data"])

    def size(self, text: str) -> int:
        """Return the modules along a side of what it makes of a text."""
        return int(self.node.ask({"work": self.work, "options": self.options, "texts": [text]})["size"])


@dataclass(frozen=True, slots=True)
class Prepared:
    """An npm peer that gets the same inputs every time, whatever the texts; SVG to rasterise, say."""

    node: Node
    work: str
    inputs: Sequence[str]

    def microseconds(self, texts: Texts, seconds: float) -> float:
        """Let it take its inputs in turn for so long."""
        job = {"work": self.work, "options": {}, "seconds": seconds, "texts": list(self.inputs)}
        return float(self.node.ask(job)["microseconds"])

    def draw(self, text: str) -> bytes:
        """Return the PNG of its first input."""
        return b64decode(self.node.ask({"work": self.work, "options": {}, "texts": self.inputs[:1]})["data"])


@cache
def start() -> Node | None:
    """Start Node with the peers, installing them first; None, and why on standard error, where that fails."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _without(f"{'node' if node is None else 'npm'} is not installed")
        return None
    if not (FOLDER / "node_modules" / ".package-lock.json").exists():
        print("Installing the npm peers of benchmarks/node/package-lock.json.", file=sys.stderr)
        done = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=False)  # noqa: S603
        if done.returncode:
            _without("npm ci failed")
            return None
    process = subprocess.Popen(  # noqa: S603
        [node, "peers.js"], cwd=FOLDER, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    return Node(process)


def _without(why: str) -> None:
    names = ", ".join(json.loads((FOLDER / "package.json").read_text())["dependencies"])
    print(f"Without the npm peers ({names}): {why}.", file=sys.stderr)


def versions() -> dict[str, str]:
    """Name the npm peers and their versions."""
    found: dict[str, str] = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    return found
