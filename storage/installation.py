"""What an installation on SQLite keeps beside its data: the lock that only one process holds, and the key."""

from __future__ import annotations

import fcntl
import os
import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InUse(Exception):
    """Another process holds the data."""


class KeyMissing(Exception):
    """There is data, and the key it was sealed with is not where it was kept."""


@contextmanager
def sole_user(data: Path) -> Iterator[None]:
    """Hold the data's file lock, which the system lets go when the process dies; raises InUse."""
    with open(data.with_name(f"{data.name}.lock"), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse from None
        yield


def kept_key(data: Path, path: Path) -> str:
    """Read the key kept at ``path``, or make one where there is no data yet; raises KeyMissing, OSError.

    The file has mode 0600 and is complete, or is not there: a crash in between leaves no half of a key.
    """
    if path.exists():
        return path.read_text().strip()
    if data.exists():
        raise KeyMissing
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = b64encode(secrets.token_bytes(32)).decode()
    draft = path.with_name(f"{path.name}.new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return key
