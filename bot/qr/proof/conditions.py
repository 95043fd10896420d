"""What cameras do to a code: each condition in growing steps, the same every time.

A step is a number people can picture: squares of the symbol ("modules"), degrees, percent, kelvin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import cos, radians, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bot.qr.proof.shot import Pixels, Point, Shot, homography
from bot.qr.refusal import Word

SMALL = (
    2.4  # pixels a module where a symbol is small in its picture; below, the grid of pixels decides by chance
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that happens to a code, the steps it grows in, and what a step is called (``{n}`` is filled).

    ``par``: the number of steps plain black symbols read through; it earns all of ``weight``, points of 100.
    ``coloured``: it needs the colours, others see grey.
    """

    name: str
    label: Word
    unit: Word
    steps: tuple[float, ...]
    par: int
    weight: int
    worsen: Callable[[Shot, float], Pixels]
    coloured: bool = False


def _resized(pixels: Pixels, factor: float) -> Pixels:
    """Make a picture smaller as a sensor does: every pixel takes the mean of what falls near it."""
    if factor >= 1:
        return pixels
    height, width = pixels.shape[:2]
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.HAMMING))


def _clipped(values: NDArray[Any]) -> Pixels:
    whole: Pixels = np.clip(values, 0, 255).astype(np.uint8)
    return whole


@cache
def _tile() -> NDArray[np.float32]:
    return np.random.default_rng(18004).standard_normal((384, 384), np.float32)


def _grain(pixels: Pixels) -> NDArray[np.float32]:
    """Return normal noise for a picture, the same in all of its colours."""
    height, width = pixels.shape[:2]
    grain = np.tile(_tile(), (-(-height // 384), -(-width // 384)))[:height, :width]
    return grain if pixels.ndim == 2 else grain[:, :, None]


def shrink(shot: Shot, left: float) -> Pixels:
    """See it from far away: so many pixels a module are left."""
    return _resized(shot.pixels, left / shot.module)


def blur(shot: Shot, spread: float) -> Pixels:
    """See it out of focus: the standard deviation in modules."""
    return np.asarray(Image.fromarray(shot.pixels).filter(ImageFilter.GaussianBlur(spread * shot.module)))


def motion(shot: Shot, length: float) -> Pixels:
    """Move the camera so many modules while it looks, rising by 20 degrees."""
    count = max(2, round(length * shot.module) + 1)
    down = round(sin(radians(20)) * count)
    height, width = shot.pixels.shape[:2]
    beyond = ((0, down), (0, count), (0, 0))[: shot.pixels.ndim]
    wide = np.pad(shot.pixels, beyond, mode="edge")
    total = np.zeros(shot.pixels.shape, np.uint32)
    for step in range(count):
        top = down - round(down * step / count)
        total += wide[top : top + height, step : step + width]
    return (total // count).astype(np.uint8)


def noise(shot: Shot, spread: float) -> Pixels:
    """Add grain: the standard deviation in levels of 255."""
    return _clipped(shot.pixels + _grain(shot.pixels) * np.float32(spread))


def low_light(shot: Shot, stops: float) -> Pixels:
    """Take light away, so many times half of it: dim, and grainy as few photons are.

    White counts 1,000 photons at first; the camera makes up for two thirds of the stops.
    """
    photons = 1000 / 2**stops
    light = shot.pixels * np.float32(photons / 255)
    seen = light + _grain(shot.pixels) * np.sqrt(light + 4)  # 2 electrons of the sensor's own noise
    return _clipped(seen * np.float32(255 / photons / 2 ** (stops / 3)))


def glare(shot: Shot, width: float) -> Pixels:
    """Let a lamp shine back: a white spot, in percent of the symbol's side, that fades over as much again."""
    (x, y), (right, bottom), shape = shot.middle, shot.corners[2], shot.pixels.shape
    x, y = x + 0.3 * (right - x), y + 0.3 * (bottom - y)  # beside a logo, away from the finder patterns
    radius = max(1.0, shot.side * width / 200)
    across, down = np.arange(shape[1], dtype=np.float32) - x, np.arange(shape[0], dtype=np.float32) - y
    away = np.sqrt(across[None, :] ** 2 + down[:, None] ** 2) / np.float32(radius)
    light = np.clip(2 - away, 0, 1) * np.float32(255)
    return _clipped(shot.pixels + (light if len(shape) == 2 else light[:, :, None]))


def low_contrast(shot: Shot, left: float) -> Pixels:
    """Lay a grey veil over it that leaves so many percent of the contrast."""
    levels = np.arange(256) * left / 100 + 140 * (1 - left / 100)
    return levels.astype(np.uint8)[shot.pixels]


def jpeg(shot: Shot, quality: float) -> Pixels:
    """Pass it on small, as JPEG of this quality (libjpeg's, 1 to 100)."""
    file = BytesIO()
    Image.fromarray(_resized(shot.pixels, SMALL / shot.module)).save(file, "JPEG", quality=int(quality))
    with Image.open(file) as picture:
        return np.asarray(picture)


def turn(shot: Shot, degrees: float) -> Pixels:
    """Turn the camera, with the symbol small in its picture."""
    picture = Image.fromarray(_resized(shot.pixels, SMALL / shot.module))
    return np.asarray(picture.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=shot.fill))


def tilt(shot: Shot, degrees: float) -> Pixels:
    """Look at it from the side, from 2.5 times its width away."""
    height, width = shot.pixels.shape[:2]
    angle, away = radians(degrees), 2.5 * width

    def seen(x: float, y: float) -> Point:
        nearer = away / (away + (x - width / 2) * sin(angle))
        return width / 2 + (x - width / 2) * cos(angle) * nearer, height / 2 + (y - height / 2) * nearer

    edges: tuple[Point, ...] = ((0, 0), (width, 0), (width, height), (0, height))
    target = tuple(seen(*edge) for edge in edges)
    left, top = min(x for x, _ in target), min(y for _, y in target)
    target = tuple((x - left, y - top) for x, y in target)
    size = max(1, round(max(x for x, _ in target))), max(1, round(max(y for _, y in target)))
    numbers = homography(edges, target)
    picture = Image.fromarray(shot.pixels)
    form, grid = Image.Transform.PERSPECTIVE, Image.Resampling.BILINEAR
    return np.asarray(picture.transform(size, form, numbers, grid, fillcolor=shot.fill))


def curve(shot: Shot, degrees: float) -> Pixels:
    """Wrap it around an upright bottle: so many degrees of the round are the symbol."""
    x, width = shot.middle[0], shot.pixels.shape[1]
    radius = max(1.0, shot.side) / radians(degrees)
    span = min(radius * 0.999, max(1.0, x, width - x))
    across = np.arange(-span, span + 1)
    columns = x + radius * np.arcsin(np.clip(across / radius, -1, 1))
    return shot.pixels[:, np.clip(np.round(columns), 0, width - 1).astype(int)]


def dirt(shot: Shot, covered: float) -> Pixels:
    """Soil and scratch so many percent of the symbol; more of it keeps what was there."""
    random, side = np.random.default_rng(15415), shot.side
    picture = Image.fromarray(shot.pixels.copy())
    pen = ImageDraw.Draw(picture)
    left, top = shot.middle[0] - side / 2, shot.middle[1] - side / 2
    rest = covered / 100 * side * side
    while rest > 0:
        x, y, size, slope = random.random(4)
        x, y = left + x * side, top + y * side
        radius = max(0.5, side * (0.012 + 0.026 * size))
        grey = 30 if slope < 0.6 else 225
        if slope > 0.9:
            pen.line(
                (x, y, x + 8 * radius, y + (size - 0.5) * 8 * radius),
                _paint(shot, 235),
                max(1, round(radius / 2)),
            )
            rest -= 4 * radius * radius
        else:
            pen.ellipse((x - radius, y - radius * 0.8, x + radius, y + radius * 0.8), _paint(shot, grey))
            rest -= 2.5 * radius * radius
    return np.asarray(picture)


def _paint(shot: Shot, grey: int) -> int | tuple[int, int, int]:
    return grey if shot.pixels.ndim == 2 else (grey, grey, grey)


def bare(shot: Shot, left: float) -> Pixels:
    """Lay it on a ground of the modules' own darkness, with so many modules of quiet zone left."""
    border = round(4 * shot.module)
    beyond = ((border, border), (border, border), (0, 0))[: shot.pixels.ndim]
    grey = 235 if shot.inverted else 20
    wide = np.pad(shot.pixels, beyond, constant_values=grey)
    kept = Image.new("L", (wide.shape[1], wide.shape[0]), 0)
    (x, y), out = shot.middle, 1 + 2 * left * shot.module / max(1.0, shot.side)
    quad = [(x + (a - x) * out + border, y + (b - y) * out + border) for a, b in shot.corners]
    ImageDraw.Draw(kept).polygon(quad, 255)
    inside = np.asarray(kept) > 0
    return np.where(inside if wide.ndim == 2 else inside[:, :, None], wide, np.uint8(grey))


_LAMPS = {4000: (1.0, 0.82, 0.64), 3000: (1.0, 0.71, 0.42), 2400: (1.0, 0.61, 0.24), 1900: (1.0, 0.51, 0.05)}
_LAMPS |= {1500: (1.0, 0.42, 0.0), 1000: (1.0, 0.22, 0.0)}  # a glowing body's colours in sRGB, by its kelvin


def cast(shot: Shot, kelvin: float) -> Pixels:
    """Light it with a warm lamp and no white balance: day has 6,500 kelvin, a bulb 2,700, a candle 1,900."""
    if shot.pixels.ndim == 2:
        return shot.pixels
    return _clipped(shot.pixels.astype(np.float32) * np.array(_LAMPS[int(kelvin)], np.float32))


def red_light(shot: Shot) -> Pixels:
    """See it as scanners with a red lamp (660 nm) do: nearly what the red of a picture holds."""
    return np.ascontiguousarray(shot.pixels[:, :, 0]) if shot.pixels.ndim == 3 else shot.pixels


# The steps grow until a plain black symbol of version 5, level M, no longer reads; JPEG, turn and cast alone
# never stop it: they find out weak colours and shapes. ``par`` is what plain symbols of versions 2 to 40 all
# read through (zxing-cpp 3.1.1), so that dense and sparse ones are equals here.
CONDITIONS = (
    # from afar and out of focus: how nearly every scan that fails fails
    Condition(
        "shrink",
        Word("Far away"),
        Word("{n} pixels a square"),
        (4, 3, 2.5, 1.9, 1.7, 1.4, 0.9),
        5,
        12,
        shrink,
    ),
    Condition(
        "blur", Word("Out of focus"), Word("{n} squares"), (0.2, 0.3, 0.38, 0.45, 0.55, 0.75), 4, 12, blur
    ),
    Condition("motion", Word("In motion"), Word("{n} squares"), (0.4, 0.7, 1, 1.3, 1.7, 2.5), 4, 6, motion),
    # dim rooms and cheap sensors
    Condition("noise", Word("Grainy"), Word("±{n} of 255"), (10, 20, 30, 40, 60, 110), 4, 5, noise),
    Condition(
        "low_light", Word("Dim light"), Word("{n} stops darker"), (1, 2, 2.5, 3, 4, 5, 7), 4, 7, low_light
    ),
    # what the error correction has to bear
    Condition("glare", Word("Glare"), Word("{n} % of its width"), (5, 10, 15, 20, 27, 35, 60), 4, 7, glare),
    Condition("dirt", Word("Dirt"), Word("{n} % covered"), (0.5, 1, 2, 3, 4.5, 7, 12), 4, 7, dirt),
    # what colours have to bear
    Condition(
        "low_contrast",
        Word("Faded"),
        Word("{n} % contrast"),
        (60, 40, 28, 20, 14, 10, 6),
        6,
        9,
        low_contrast,
    ),
    Condition(
        "cast", Word("Warm light"), Word("{n} K"), (4000, 3000, 2400, 1900, 1500, 1000), 6, 3, cast, True
    ),
    # how it comes to the reader
    Condition("jpeg", Word("Compressed"), Word("quality {n}"), (40, 25, 15, 8, 5, 1), 4, 5, jpeg),
    Condition("turn", Word("Turned"), Word("{n}°"), (7, 14, 21, 28, 35, 42), 6, 3, turn),
    Condition("tilt", Word("From the side"), Word("{n}°"), (20, 35, 45, 53, 60, 67, 80), 5, 5, tilt),
    Condition(
        "curve", Word("On a bottle"), Word("{n}° round it"), (20, 35, 50, 60, 80, 110, 160), 4, 4, curve
    ),
    Condition("bare", Word("Little margin"), Word("{n} squares"), (3, 2, 1.5, 1, 0.5, 0), 5, 4, bare),
)
