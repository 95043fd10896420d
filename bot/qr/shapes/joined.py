"""Module shapes that flow into their neighbours: a tile for each neighbourhood that looks different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.qr.shapes.figures import quarter
from bot.qr.shapes.path import ROUND, Box, Contour, Path, circle, polygon, rectangle

_SQUARE = rectangle(Box(0, 0, 1, 1))
_GAP = 0.1  # light left and right of a bar


@dataclass(frozen=True, slots=True)
class Around:
    """Whether the four modules beside one are dark, and the four at its corners, each clockwise."""

    dark: bool
    sides: tuple[bool, bool, bool, bool]  # above, right, below, left
    diagonals: tuple[bool, bool, bool, bool]  # from the top left

    @property
    def free(self) -> tuple[bool, bool, bool, bool]:
        """Tell at which corners, from the top left, both modules beside it are light."""
        n, e, s, w = self.sides
        return not (n or w), not (n or e), not (s or e), not (s or w)


def tiles(
    draw: Callable[[Around], Path],
) -> tuple[tuple[Path, ...], Callable[[NDArray[np.uint8]], NDArray[np.uint8]]]:
    """Draw every neighbourhood; return the different tiles, and what numbers the modules with them."""
    known: dict[Path, int] = {(): 0}
    table = np.array([known.setdefault(draw(_around(code)), len(known)) for code in range(512)], np.uint8)
    return tuple(known), lambda modules: table.take(_codes(modules))


def _around(code: int) -> Around:
    nw, n, ne, w, dark, e, sw, s, se = (bool(code >> bit & 1) for bit in range(9))
    return Around(dark, (n, e, s, w), (nw, ne, se, sw))


def _codes(modules: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Number each neighbourhood: nine bits, from the module at the top left to that at the bottom right."""
    side = len(modules)
    row = (
        side + 1
    )  # one light column serves as the left border of its row and the right border of the one before
    flat = np.zeros((side + 2) * row + 2, np.uint16)
    flat[row + 1 : -row - 1].reshape(side, row)[:, :side] = modules
    across = flat[:-2] + (flat[1:-1] << 1) + (flat[2:] << 2)
    codes = across[: -2 * row] + (across[row:-row] << 3) + (across[2 * row :] << 6)
    result: NDArray[np.uint16] = codes.reshape(side, row)[:, :side]
    return result


def _cornered(around: Around, *radii: float) -> Path:
    """Round a dark module's free corners, by these radii from the top left."""
    if not around.dark:
        return ()
    a, b, c, d = (radius if free else 0.0 for radius, free in zip(radii, around.free, strict=True))
    return rectangle(Box(0, 0, 1, 1), (a, b, c, d))


def rounded(around: Around) -> Path:
    """Round every free corner."""
    return _cornered(around, 0.5, 0.5, 0.5, 0.5)


def classy(around: Around) -> Path:
    """Round the free corners at the top left and the bottom right."""
    return _cornered(around, 0.5, 0, 0.5, 0)


def classy_rounded(around: Around) -> Path:
    """Round the top left and bottom right as for "classy", the other two a little."""
    return _cornered(around, 0.5, 0.18, 0.5, 0.18)


def leaf(around: Around) -> Path:
    """Bend free ends into tips that look up to the right and down to the left, and turns into wide bows."""
    count = sum(around.sides)
    if count == 0:
        return _cornered(around, 0.7, 0, 0.7, 0)
    if count == 1:
        return _cornered(around, 0.66, 0, 0.66, 0)
    return _cornered(around, 0.75, 0.75, 0.75, 0.75)


def bevelled(around: Around, cut: float = 0.3) -> Path:
    """Cut every free corner off."""
    if not around.dark:
        return ()
    if not any(around.free):
        return _SQUARE
    a, b, c, d = (cut if free else 0.0 for free in around.free)
    corners = [(a, 0.0), (1 - b, 0.0), (1.0, b), (1.0, 1 - c), (1 - c, 1.0), (d, 1.0), (0.0, 1 - d), (0.0, a)]
    return polygon(list(dict.fromkeys(corners)))


def liquid(around: Around) -> Path:
    """Round every free corner of dark modules, and fill the inner corners that light ones stand in."""
    if around.dark:
        return rounded(around)
    n, e, s, w = around.sides
    beside = ((n, w), (n, e), (s, e), (s, w))
    return tuple(
        contour
        for corner, (one, other) in enumerate(beside)
        if one and other and around.diagonals[corner]
        for contour in _fillet(corner)
    )


def _fillet(corner: int, radius: float = 0.45) -> Path:
    """Draw what a circle of this radius leaves of a corner, numbered clockwise from the top left."""
    near = radius * (1 - ROUND)
    return quarter((Contour((0, 0), ((radius, 0), (near, 0, 0, near, 0, radius))),), corner)


def bars(around: Around) -> Path:
    """Join what stands one above the other; round ends, a gap to the left and right."""
    if not around.dark:
        return ()
    above, _, below, _ = around.sides
    width = 1 - 2 * _GAP
    top, bottom = 0.0 if above else width / 2, 0.0 if below else width / 2
    return rectangle(Box(_GAP, 0, width, 1), (top, top, bottom, bottom))


def bars_lying(around: Around) -> Path:
    """Join what lies side by side; round ends, a gap above and below."""
    if not around.dark:
        return ()
    _, right, _, left = around.sides
    width = 1 - 2 * _GAP
    start, end = 0.0 if left else width / 2, 0.0 if right else width / 2
    return rectangle(Box(0, _GAP, 1, width), (start, end, end, start))


def circuit(around: Around, width: float = 0.44) -> Path:
    """Draw a dot in every dark module and a conductor to each that touches it."""
    if not around.dark:
        return ()
    near, half = 0.5 - width / 2, 0.5
    wires = (
        Box(near, 0, width, half),
        Box(half, near, half, width),
        Box(near, half, width, half),
        Box(0, near, half, width),
    )
    joins = (
        contour for wire, dark in zip(wires, around.sides, strict=True) if dark for contour in rectangle(wire)
    )
    return (*circle(0.5, 0.5, 0.43), *joins)
