"""PNG (ISO/IEC 15948): chunks, deflate by ISA-L where it is there, and nothing that tells of the contents."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import cache
from types import ModuleType

import numpy as np

from bot.qr.output.raster.colour import Pixels
from bot.qr.style.style import Print

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = b"\0\0\0\0IEND\xae\x42\x60\x82"
GREY, RGB, PALETTE, RGBA = 0, 2, 3, 6  # colour types
NONE, UP = 0, 2  # filters (9.2): a line as it is, or its difference from the one above


def chunk(name: bytes, data: bytes) -> bytes:
    """Frame data as a chunk."""
    crc32 = _packer().crc32
    check = crc32(data, crc32(name))
    return b"%b%b%b%b" % (len(data).to_bytes(4, "big"), name, data, check.to_bytes(4, "big"))


def head(width: int, height: int, depth: int, kind: int, paper: Print) -> bytes:
    """Begin a file; with the size of a pixel where it is for print."""
    start = SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    if not paper.width:
        return start
    metre = round(paper.dpi / 0.0254)
    return start + chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))


def palette(colours: Pixels) -> bytes:
    """Write a palette, n × RGBA."""
    clear = np.flatnonzero(colours[:, 3] != 255)
    alpha = chunk(b"tRNS", colours[: clear[-1] + 1, 3].tobytes()) if clear.size else b""
    return chunk(b"PLTE", colours[:, :3].tobytes()) + alpha


def tail(data: bytes) -> bytes:
    """End a file with its compressed lines."""
    return chunk(b"IDAT", data) + END


@cache
def _packer() -> ModuleType:
    """Return what compresses best for its time: ISA-L, else zlib; both at level 1."""
    try:
        from isal import isal_zlib  # noqa: PLC0415 (may be missing)
    except ImportError:
        return zlib
    return isal_zlib


def deflate(lines: Pixels) -> bytes:
    """Compress lines."""
    packed: bytes = _packer().compress(lines, 1)
    return packed


def stream(lines: Iterable[Pixels]) -> bytes:
    """Compress lines that come in pieces."""
    packer = _packer().compressobj(1)
    return b"".join([*(packer.compress(part) for part in lines), packer.flush()])
