"""Colours as PDF and PostScript take them: grey, RGB or CMYK, so that black prints as black ink alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.qr.output.raster.colour import rgb
from bot.qr.style.style import Gradient

Samples = NDArray[np.uint8]  # colours, 0 to 255, one a row of the last axis

SPACES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
OPERATORS = {1: "g", 3: "rg", 4: "k"}  # ISO 32000-1, 8.6.8
CMYK_STEPS = 32  # between two colours: they run into each other in sRGB, not in inks


def inks(colours: Samples, cmyk: bool) -> Samples:
    """Turn RGB into what is printed: greys into one channel, all into four if asked."""
    if cmyk:
        return separated(colours)
    grey = bool((colours == colours[..., :1]).all())
    return colours[..., :1] if grey else colours


def separated(colours: Samples) -> Samples:
    """Turn RGB into CMYK: all that is grey in a colour is black ink (ISO 32000-1, 10.3.5)."""
    light = colours.max(axis=-1, keepdims=True).astype(np.uint16)
    rest = (light - colours) * 255
    coloured = ((rest + light // 2) // np.maximum(light, 1)).astype(np.uint8)
    return np.concatenate((coloured, (255 - light).astype(np.uint8)), axis=-1)


def stops(gradient: Gradient, cmyk: bool) -> Samples:
    """List evenly spaced colours that a gradient runs through in straight lines."""
    colours = np.array([rgb(colour) for colour in gradient.colours], np.uint8)
    if not cmyk:
        return inks(colours, False)
    at = np.linspace(0, len(colours) - 1, (len(colours) - 1) * CMYK_STEPS + 1)
    mixed = [np.interp(at, range(len(colours)), colours[:, each]) for each in range(3)]
    return separated(np.rint(np.stack(mixed, axis=-1)).astype(np.uint8))


def solid(colour: str, cmyk: bool) -> tuple[int, ...]:
    """Turn ``#rrggbb`` into channels from 0 to 255: one, three or four."""
    return tuple(inks(np.array(rgb(colour), np.uint8), cmyk).tolist())
