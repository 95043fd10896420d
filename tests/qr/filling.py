"""A rasteriser that is not ours: paths filled by OpenCV, by the non-zero rule."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.qr.shapes.path import Path, flattened


def inside(path: Path, width: int, height: int, scale: float) -> NDArray[np.bool_]:
    """Tell which pixels have their middle inside a path; ``scale`` pixels to a module."""
    winding: NDArray[np.int16] = np.zeros((height, width), np.int16)
    for contour in path:
        points = np.array(flattened(contour, 0.01)) * scale - 0.5
        if len(points) < 3:
            continue
        x, y = points[:, 0], points[:, 1]
        turn = np.sign(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
        mask = np.zeros((height, width), np.uint8)
        cv2.fillPoly(mask, [np.round(points * 256).astype(np.int32)], 1, shift=8)
        winding += (mask * turn).astype(np.int16)
    return np.not_equal(winding, 0)


def painted(
    shapes: tuple[tuple[Path, str], ...], width: int, height: int, scale: float, ground: str
) -> NDArray[np.uint8]:
    """Paint shapes over each other on a ground; red, green and blue of each pixel."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:] = list(bytes.fromhex(ground[1:]))
    for path, colour in shapes:
        picture[inside(path, width, height, scale)] = list(bytes.fromhex(colour[1:]))
    return picture
