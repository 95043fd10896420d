"""Paths to coverage: non-zero rule, exact across, sixteen lines a pixel down, sharp at whole pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bot.qr.shapes.path import Path, Point, flattened

LINES = 16  # sample lines in a pixel row
TOLERANCE = 0.03  # pixels that a flattened curve may be off
ALIKE = 8  # rows that are worth a stretch of their own

Edges = NDArray[np.float64]  # n × 4: x and y of start and end, in pixels; none is horizontal
Window = tuple[int, int, int, int]  # left, top, right, bottom


def edges(path: Path, scale: float, shift: Point = (0.0, 0.0)) -> Edges:
    """Flatten a path into edges, ``scale`` pixels a module, moved by ``shift`` pixels."""
    parts = []
    for one in path:
        points = np.array(flattened(one, TOLERANCE / scale), np.float64) * scale + shift
        parts.append(np.hstack((points, np.roll(points, -1, axis=0))))
    joined: Edges = np.vstack(parts) if parts else np.empty((0, 4))
    rising: Edges = joined[joined[:, 1] != joined[:, 3]]
    return rising


def window(lines: Edges, width: int, height: int) -> Window:
    """Find the whole pixels that edges can touch, inside a picture."""
    if not len(lines):
        return 0, 0, 0, 0
    x, y = lines[:, ::2], lines[:, 1::2]
    left, top = max(0, int(np.floor(x.min()))), max(0, int(np.floor(y.min())))
    right, bottom = min(width, int(np.ceil(x.max()))), min(height, int(np.ceil(y.max())))
    return (left, top, right, bottom) if left < right and top < bottom else (0, 0, 0, 0)


def coverage(lines: Edges, at: Window) -> NDArray[np.float64]:
    """Return how much of each pixel of a window lies inside, 0 to 1."""
    left, top, right, bottom = at
    width, height = right - left, bottom - top
    row, x, turn = _crossings(lines, at)
    order = np.argsort(row * (width + 1.0) + x)
    row, x, turn = row[order], x[order], turn[order]
    after = np.cumsum(turn)  # each row ends at 0, so one sum serves them all
    before = after - turn
    change = (after != 0).astype(np.int8) - (before != 0)
    keep = np.flatnonzero(change)
    x, sign = x[keep], change[keep] / LINES
    whole = np.floor(x)
    part = (x - whole) * sign
    cell = row[keep] // LINES * (width + 2) + whole.astype(np.intp)
    size = height * (width + 2)
    steps = np.bincount(cell, sign - part, size) + np.bincount(cell + 1, part, size)
    inside: NDArray[np.float64] = np.cumsum(steps.reshape(height, width + 2), axis=1)[:, :width]
    return inside


def _crossings(lines: Edges, at: Window) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.int8]]:
    """Cross edges with the sample lines of a window: line, x from its left, and 1 downwards, -1 upwards."""
    left, top, right, bottom = at
    x0, x1 = lines[:, 0] - left, lines[:, 2] - left
    y0, y1 = (lines[:, 1] - top) * LINES - 0.5, (lines[:, 3] - top) * LINES - 0.5
    count = (bottom - top) * LINES
    first = np.clip(np.ceil(np.minimum(y0, y1)), 0, count).astype(np.intp)
    last = np.clip(np.ceil(np.maximum(y0, y1)), 0, count).astype(np.intp)
    times = last - first
    number = np.repeat(np.arange(len(lines)), times)
    row = np.arange(times.sum()) - (np.cumsum(times) - times - first)[number]
    with np.errstate(divide="ignore", invalid="ignore"):  # level edges, which cross no sample line
        slope = (x1 - x0) / (y1 - y0)
    x = x0[number] + (row - y0[number]) * slope[number]
    turn = np.where(y1 > y0, 1, -1).astype(np.int8)[number]
    return row, np.clip(x, 0, right - left), turn


def levels(lines: Edges, at: Window, rows: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the coverage of a window's ``rows`` in sixteen levels, 0 to 15."""
    left, _, right, _ = at
    result = np.empty((rows[1] - rows[0], right - left), np.uint8)
    for top, bottom, alike in _stretches(lines, rows):
        share = coverage(lines, (left, top, right, top + 1 if alike else bottom))
        result[top - rows[0] : bottom - rows[0]] = share * 15 + 0.5
    return result


def _stretches(lines: Edges, rows: tuple[int, int]) -> Iterator[tuple[int, int, bool]]:
    """Cut rows into stretches: top, bottom, and whether all rows are alike, between upright edges only."""
    ends = np.unique(np.concatenate((np.floor(lines[:, 1::2]), np.ceil(lines[:, 1::2]), [rows])))
    cuts = ends[(ends >= rows[0]) & (ends <= rows[1])].astype(np.intp)
    slanted = lines[lines[:, 0] != lines[:, 2]]
    upper, lower = np.minimum(slanted[:, 1], slanted[:, 3]), np.maximum(slanted[:, 1], slanted[:, 3])
    begun = np.searchsorted(np.sort(upper), cuts[1:], "left")
    over = np.searchsorted(np.sort(lower), cuts[:-1], "right")
    alike = (begun == over) & (np.diff(cuts) >= ALIKE)
    top = rows[0]
    for first, last in zip(cuts[:-1][alike].tolist(), cuts[1:][alike].tolist(), strict=True):
        if top < first:
            yield top, first, False
        yield first, last, True
        top = last
    if top < rows[1]:
        yield top, rows[1], False
