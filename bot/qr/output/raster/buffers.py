"""Kept memory: arrays of a megabyte handed back to the kernel cost three times as much to fill again."""

from __future__ import annotations

import sys
import threading

import numpy as np
from numpy.typing import NDArray

KEPT = 12  # buffers a thread
LARGEST = 1 << 23  # bytes; larger ones are not kept

_thread = threading.local()


def buffer(size: int) -> NDArray[np.uint8]:
    """Return bytes to write on: ones this thread had before and nobody refers to any more, else new.

    They are the caller's as long as anything refers to them, views included.
    """
    if size > LARGEST:
        return np.empty(size, np.uint8)
    pool: list[NDArray[np.uint8]] = _thread.__dict__.setdefault("pool", [])
    for number in range(len(pool)):
        if pool[number].size == size and sys.getrefcount(pool[number]) == 2:  # the pool's and the call's own
            return pool[number]
    if len(pool) == KEPT:
        del pool[0]
    pool.append(np.empty(size, np.uint8))
    return pool[-1]
