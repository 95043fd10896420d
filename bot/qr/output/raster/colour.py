"""Colours: from what a style says to bytes, gradients as fields, paint laid over pixels, luma."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.qr.shapes.path import Box
from bot.qr.style.style import Gradient

Pixels = NDArray[np.uint8]
STEPS = 4096  # of a gradient: finer than eight bits can show over four intervals


def rgb(colour: str) -> tuple[int, int, int]:
    """Read ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def field(paint: Gradient, box: Box, at: tuple[int, int, int, int]) -> Pixels:
    """Colour the pixels of a window by a gradient over a box in pixels: rows × columns × RGBA.

    Linear: as in CSS, the first and the last colour meet the box's corners. Radial: from the middle to the
    corners. Conic: clockwise from ``angle``, 0 to the right, back to the first colour. Mixed in sRGB.
    """
    left, top, right, bottom = at
    middle = box.centre
    x = np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5 - middle[0])
    y = np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5 - middle[1])
    turn = math.radians(paint.angle)
    if paint.kind == "linear":
        cos, sin = math.cos(turn), math.sin(turn)
        length = abs(box.width * cos) + abs(box.height * sin)
        share = x * np.float32(cos / length) + y * np.float32(sin / length) + np.float32(0.5)
    elif paint.kind == "radial":
        share = np.sqrt(x * x + y * y) * np.float32(2 / math.hypot(box.width, box.height))
    else:
        share = (np.arctan2(y, x) - np.float32(turn)) / np.float32(2 * math.pi) % np.float32(1)
    number = np.clip(share * np.float32(STEPS - 1) + np.float32(0.5), 0, STEPS - 1).astype(np.uint16)
    table = _table(paint.colours + paint.colours[:1] if paint.kind == "conic" else paint.colours)
    words: NDArray[np.uint32] = np.take(table, number)
    return words.view(np.uint8).reshape(*number.shape, 4)


@cache
def _table(colours: tuple[str, ...]) -> NDArray[np.uint32]:
    """Mix evenly spaced colours in steps: RGBA, one word each."""
    at = np.linspace(0, len(colours) - 1, STEPS)
    stops = np.array([(*rgb(colour), 255) for colour in colours])
    mixed = np.stack([np.interp(at, np.arange(len(colours)), stops[:, each]) for each in range(4)], axis=1)
    table: NDArray[np.uint32] = np.ascontiguousarray((mixed + 0.5).astype(np.uint8)).view(np.uint32).ravel()
    return table


def mixed(under: Pixels, over: Pixels | tuple[int, ...], level: Pixels) -> Pixels:
    """Lay colour over opaque pixels at levels of coverage from 0 to 15 (one axis fewer)."""
    weight = level[..., None].astype(np.uint16)
    return ((under * (15 - weight) + np.asarray(over, np.uint16) * weight + 7) // 15).astype(np.uint8)


def paint(canvas: Pixels, over: Pixels, alpha: Pixels) -> None:
    """Lay colours (RGBA, one or one a pixel; their own alpha is not looked at) over a canvas, RGBA, in place.

    ``alpha`` in multiples of 17 comes out exactly as ``mixed`` does.
    """
    words = canvas.view(np.uint32)[..., 0]
    colours = np.ascontiguousarray(over).view(np.uint32)[..., 0]
    np.copyto(words, colours | np.frombuffer(b"\0\0\0\xff", np.uint32), where=alpha == 255)
    at = np.nonzero((alpha != 255) & (alpha != 0))
    if at[0].size:
        ink = over[at] if over.ndim == 3 else np.broadcast_to(over, (at[0].size, 4))
        canvas[at] = _laid(canvas[at], ink, alpha[at])


def _laid(under: Pixels, over: Pixels, alpha: Pixels) -> Pixels:
    """Lay colours over others, n × 4 each: Porter–Duff "over" with straight alpha."""
    weight = alpha[:, None].astype(np.uint32)
    rest = under[:, 3:].astype(np.uint32) * (255 - weight)  # in 255ths of 255ths, as total
    total = weight * 255 + rest
    result = np.empty_like(under)
    result[:, :3] = (over[:, :3] * (weight * 255) + under[:, :3] * rest + total // 2) // total
    result[:, 3:] = (total + 127) // 255
    return result


def over_white(pixels: Pixels) -> Pixels:
    """Lay RGBA over white: RGB."""
    alpha = pixels[..., 3:].astype(np.uint16)
    return ((pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def luma(pixels: Pixels) -> Pixels:
    """Return how light RGB is, as PIL's ``convert("L")`` (ITU-R 601-2)."""
    red, green, blue = (pixels[..., each].astype(np.uint32) for each in range(3))
    return ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16).astype(np.uint8)
