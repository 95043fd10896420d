"""Frames around a symbol, by name: what is painted around it, and where in the frame it goes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from bot.qr.refusal import Refused
from bot.qr.shapes.frames import plain, things
from bot.qr.shapes.frames.sketch import Plan, Sketch
from bot.qr.shapes.lettering import cleaned
from bot.qr.shapes.path import Box, Path, mapped, rectangle
from bot.qr.style.style import Frame

_MARGIN = 3  # hundredths of the symbol's side that stay free around a frame

_FRAMES: dict[str, Callable[[Plan], Sketch]] = {
    "plate": plain.plate,
    "banner": plain.banner,
    "banner above": plain.banner_above,
    "box": plain.box,
    "rounded box": plain.rounded_box,
    "bubble": plain.bubble,
    "corners": plain.corners,
    "arrow": plain.arrow,
    "circle": plain.disc,
    "ticket": things.ticket,
    "tab": things.tab,
    "ribbon": things.ribbon,
    "polaroid": things.polaroid,
    "phone": things.phone,
    "bag": things.bag,
    "clipboard": things.clipboard,
    "cup": things.cup,
    "window": things.window,
    "tag": things.tag,
}
FRAME_NAMES = tuple(_FRAMES)


@dataclass(frozen=True, slots=True)
class Framed:
    """A frame in modules, whole ones: its size, and where the symbol's square, quiet zone included, goes.

    ``shapes`` are painted from the ground up, under the symbol. ``plate``: they cover the square with the
    light colour; otherwise they leave it as it is.
    """

    width: float
    height: float
    x: float
    y: float
    shapes: tuple[tuple[Path, str], ...]
    plate: bool


@lru_cache(maxsize=64)
def framed(frame: Frame, side: float, dark: str, light: str) -> Framed:
    """Draw a frame for a symbol whose side is this many modules, quiet zone included.

    ``dark`` is the frame's colour where it has none; a ``light`` that is no colour stands for white.
    Raises Refused for an unknown frame and for a caption that cannot be drawn, seen or fitted.
    """
    if frame.name not in _FRAMES:
        raise Refused(
            "There is no frame of this name. Choose one of: {names}.",
            field="frame",
            names=", ".join(FRAME_NAMES),
        )
    ground = light if re.fullmatch("#[0-9a-fA-F]{6}", light) else "#ffffff"
    sketch = _FRAMES[frame.name](Plan(cleaned(frame.caption), frame.colour or dark, frame.ink, ground))
    box, scale = sketch.extent, side / 100
    margin = 0 if sketch.ground else _MARGIN
    left, top = math.ceil((margin - box.x) * scale), math.ceil((margin - box.y) * scale)
    right = math.ceil((box.x + box.width + margin) * scale - side) + side
    bottom = math.ceil((box.y + box.height + margin) * scale - side) + side
    shapes = [
        (mapped(path, (scale, 0, left), (0, scale, top)), colour) for path, colour in sketch.shapes if path
    ]
    whole = rectangle(Box(0, 0, left + right, top + bottom))
    below = [(whole, sketch.ground)] if sketch.ground else []
    return Framed(left + right, top + bottom, left, top, (*below, *shapes), sketch.plate)
