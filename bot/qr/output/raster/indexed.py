"""Pictures of few colours: a palette, and the static canvas as its indices; tiles only add to them.

Index 0 is the ground, 1 to 15 run towards the tiles' paint: a tile's coverage is what it adds to the ground.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from bot.qr.drawing import Fill, Image, Layout
from bot.qr.output.raster.canvas import Grid, Layer, clip, corner, layers, rows
from bot.qr.output.raster.colour import Pixels, mixed, rgb
from bot.qr.output.raster.outline import Window
from bot.qr.output.raster.tiles import Plane, bank, filled, plane, shades
from bot.qr.style.style import Gradient

PICTURES = 0.2  # share of the picture that pictures may take up; larger ones show what a palette lacks
LEAST = 96  # palette entries left for pictures
_STEP = 4
SAMPLE = 1 << 13  # of their pixels that their colours are chosen from

Words = NDArray[np.uint32]  # RGBA, one word each


@dataclass(frozen=True, slots=True, eq=False)
class Indexed:
    """A static canvas by indices, and its tiles, by coverage.

    ``blocked``: cells of the square of tiles where more than the ground lies.
    """

    on: Grid
    index: Pixels
    palette: Pixels  # 256 × RGBA
    colours: int
    blocked: NDArray[np.bool_]
    shades: Pixels


def indexed(layout: Layout, on: Grid) -> Indexed | None:
    """Draw the canvas by indices; None where it needs true colour."""
    if any(isinstance(paint, Gradient) for paint in _paints(layout)) or not _little(layout):
        return None
    parts = layers(layout, on)
    boxes = [part.at for part in parts if isinstance(part.paint, Picture.Image)]
    bands = _bands(layout, on, parts)
    if len(on.bands) == 1:
        bands = list(bands)  # drawn once, for both passes
    seen = _colours(bands, boxes, on)
    entries = _shades(layout)
    entries += sorted(seen.flat - set(entries))
    new = seen.shown - set(entries)
    if len(entries) + min(len(new), LEAST) > 256:
        return None
    if len(entries) + len(new) <= 256:
        entries += sorted(new)
        boxes = []  # every pixel is found
    elif seen.opaque:
        entries += _chosen(seen.sample, 256 - len(entries))
    else:
        return None
    if not isinstance(bands, list):
        bands = _bands(layout, on, parts)
    index = _index(bands, on, np.array(entries, np.uint32), boxes)
    palette = np.zeros(256, np.uint32)
    palette[: len(entries)] = entries
    colours = palette.view(np.uint8).reshape(256, 4)
    tiles = shades(layout.tiles.shapes, on.px)
    return Indexed(
        on, index, colours, len(entries), filled(index, (on.top, on.left), on.side, on.px, on.px), tiles
    )


def _bands(layout: Layout, on: Grid, parts: tuple[Layer, ...]) -> Iterable[Pixels]:
    """Draw the canvas in bands: rows × columns × RGBA."""
    return (clip(rows(parts, on, *band), corner(layout, on, *band)) for band in on.bands)


def _shades(layout: Layout) -> list[int]:
    """Mix the ground with the tiles' paint: sixteen words."""
    assert isinstance(layout.tiles.paint, str)
    level = np.arange(16, dtype=np.uint8)
    shades = np.full((16, 4), 255, np.uint8)
    if layout.ground:
        shades[:, :3] = mixed(np.array(rgb(layout.ground), np.uint8), rgb(layout.tiles.paint), level)
    else:
        shades[:, :3], shades[:, 3] = rgb(layout.tiles.paint), level * 17
        shades[0] = 0
    words: list[int] = shades.view(np.uint32).ravel().tolist()
    return words


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Colours outside of pictures; inside, as many as tell that they are too many, and some pixels."""

    flat: set[int]
    shown: set[int]
    sample: Pixels  # n × RGBA
    opaque: bool


def _colours(bands: Iterable[Pixels], boxes: list[Window], on: Grid) -> _Seen:
    flat: set[int] = set()
    shown: set[int] = set()
    samples, opaque = [np.empty((0, 4), np.uint8)], True
    area = sum((right - left) * (bottom - upper) for left, upper, right, bottom in boxes)
    step = math.ceil(math.sqrt(area / SAMPLE)) or 1
    for band, (top, _) in zip(bands, on.bands, strict=True):
        words = band.view(np.uint32)[..., 0]
        outside = np.ones(words.shape if boxes else (), np.bool_)
        for left, upper, right, bottom in boxes:
            here = np.s_[max(upper - top, 0) : max(bottom - top, 0), left:right]
            outside[here] = False
            samples.append(band[here][::step, ::step].reshape(-1, 4))
            if len(shown) <= 256:
                shown.update(np.unique(words[here])[:512].tolist())
            opaque = opaque and bool((band[here][..., 3] == 255).all())
        flat.update(_runs(words[outside] if boxes else words)[0].tolist())
    return _Seen(flat, shown, np.concatenate(samples), opaque)


def _runs(words: Words) -> tuple[Words, NDArray[np.intp]]:
    """Find what follows upon each other, and how often each is repeated."""
    line = words.ravel()
    starts = np.concatenate(([0], np.flatnonzero(line[1:] != line[:-1]) + 1))
    return line[starts], np.diff(starts, append=line.size)


def _chosen(sample: Pixels, free: int) -> list[int]:
    """Choose opaque colours for pictures: what fills a hundredth of them, and the best for the rest."""
    words, counts = np.unique(np.ascontiguousarray(sample).view(np.uint32), return_counts=True)
    often = words[counts > sample.shape[0] // 100].tolist()
    rest = np.ascontiguousarray(sample[None, :, :3])
    found = (
        Picture.fromarray(rest).quantize(free - len(often), Picture.Quantize.MAXCOVERAGE).getpalette("RGB")
    )
    colours = np.array(found, np.uint8).reshape(-1, 3)
    opaque = np.concatenate((colours, np.full((len(colours), 1), 255, np.uint8)), axis=1)
    return [*often, *np.ascontiguousarray(opaque).view(np.uint32).ravel().tolist()]


def _index(bands: Iterable[Pixels], on: Grid, entries: Words, boxes: list[Window]) -> Pixels:
    """Look every pixel up; what is not found, inside ``boxes``, becomes the nearest opaque entry."""
    first = dict(zip(entries[::-1].tolist(), range(len(entries))[::-1], strict=True))
    words = np.array(sorted(first), np.uint32)
    numbers = np.array([first[word] for word in words.tolist()], np.uint8)
    index = np.empty((on.height, on.width), np.uint8)
    for band, (top, end) in zip(bands, on.bands, strict=True):
        values, times = _runs(band.view(np.uint32)[..., 0])
        at = np.minimum(np.searchsorted(words, values), len(words) - 1)
        index[top:end] = np.repeat(numbers[at], times).reshape(band.shape[:2])
        missed = np.repeat(words[at] != values, times).reshape(band.shape[:2]) if boxes else None
        for left, upper, right, bottom in boxes:
            here = np.s_[max(upper - top, 0) : max(bottom - top, 0), left:right]
            if missed is not None and missed[here].any():
                np.copyto(index[top:end][here], _nearest(band[here], entries), where=missed[here])
    return index


def _nearest(pixels: Pixels, entries: Words) -> Pixels:
    colours = entries.view(np.uint8).reshape(-1, 4)
    opaque = np.flatnonzero(colours[:, 3] == 255).astype(np.uint8)
    table = Picture.new("P", (1, 1))
    table.putpalette(colours[opaque, :3].tobytes())
    picture = Picture.fromarray(np.ascontiguousarray(pixels[..., :3]))
    nearest: Pixels = opaque[np.asarray(picture.quantize(palette=table, dither=Picture.Dither.NONE))]
    if colours[0, 3]:  # Pillow looks colours up in steps of four, so that hardly any tint could become one
        near = np.abs(pixels[..., :3].astype(np.int16) - colours[0, :3]).max(axis=2) < _STEP
        nearest[near] = 0
    return nearest


def index_plane(canvas: Indexed) -> Plane:
    """Return the indices, and tiles by coverage: the ground is 0."""
    on = canvas.on
    return plane(canvas.index, bank(canvas.shades), (on.top, on.left), on.side)


def _paints(layout: Layout) -> Iterator[str | Gradient]:
    yield layout.tiles.paint
    for part in layout.below + layout.above:
        if isinstance(part, Fill):
            yield part.paint


def _little(layout: Layout) -> bool:
    images = [part.box for part in layout.below + layout.above if isinstance(part, Image)]
    return sum(box.width * box.height for box in images) <= PICTURES * layout.width * layout.height
