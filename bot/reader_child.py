"""The process that reads files for bot/reader.py: one after the other, from a pipe, under limits.

A file comes as four bytes of length and its own bytes. What goes back are messages of JSON, each after four
bytes of length: an empty one when the process is ready; then for each file an empty one when it is here, any
number of ``found`` (each taking the place of the one before), and one that ends it: empty, ``refused`` or
``failed``.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO

from bot.qr.reading import Found, read_in_steps
from bot.qr.refusal import Refused, Word

HEAD = 4  # bytes before each message that say how long it is
NICE = 10  # answers come before readings
OUT_OF_MEMORY = 70  # exit code


def main(memory: int, seconds: float) -> None:
    """Read files until the pipe closes, which it does at the latest when our parent ends."""
    messages = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # libraries that print must not print into our messages
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_AS, _held() + memory)
    with suppress(BrokenPipeError, KeyboardInterrupt):
        _say(messages, {})
        while (data := _next(sys.stdin.buffer)) is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            # the parent kills by the clock; this ends a child whose parent is gone, on all cores if it likes
            _limit(resource.RLIMIT_CPU, ceil(used.ru_utime + used.ru_stime + seconds * (os.cpu_count() or 1)))
            _say(messages, {})
            for message in _messages(data):
                _say(messages, message)


def _limit(which: int, most: int) -> None:
    """Lower a soft limit, as far as the hard one allows."""
    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _held() -> int:
    """Tell how many bytes of address space this process holds."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:  # not Linux
        return 500_000_000


def _next(pipe: BinaryIO) -> bytes | None:
    """Wait for a file; None when there will be no more."""
    head = pipe.read(HEAD)
    if len(head) < HEAD:
        return None
    length = int.from_bytes(head, "big")
    data = pipe.read(length)
    return data if len(data) == length else None


def _say(pipe: BinaryIO, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    pipe.write(len(data).to_bytes(HEAD, "big") + data)
    pipe.flush()


def _messages(data: bytes) -> Iterator[dict[str, Any]]:
    """Tell what one file holds, step by step."""
    try:
        for found in read_in_steps(data):
            yield {"found": [_told(code) for code in found]}
        yield {}
    except Refused as refused:
        words = {name: value for name, value in refused.values.items() if isinstance(value, Word)}
        values = {name: value for name, value in refused.values.items() if name not in words}
        yield {"refused": refused.template, "field": refused.field, "values": values, "words": words}
    except MemoryError:  # what is left may be in pieces
        os._exit(OUT_OF_MEMORY)
    except Exception as wrong:
        place = wrong.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place is not None else ""
        yield {"failed": f"{type(wrong).__name__} at {where}"}  # never its text: that may be what a code says


def _told(code: Found) -> dict[str, Any]:
    return {
        "text": code.text,
        "format": code.format,
        "corners": code.corners,
        "page": code.page,
        "bytes": code.bytes.decode("latin-1"),
    }


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(int(sys.argv[1]), float(sys.argv[2]))
