"""SVG, PDF and EPS, each drawn by a program that is not ours, show what the raster shows, in few bytes."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import zxingcpp

from bot.qr.drawing import Drawing, Fill, Layout, TileSet
from bot.qr.output.vector.merged import rectangles
from bot.qr.output.vector.outline import relative, short
from bot.qr.shapes.path import Box, Path, circle, polygon, rectangle
from bot.qr.style.style import Gradient
from tests.qr.scenes import (
    CONIC,
    FORMATS,
    MODULE,
    RADIAL,
    RED_BLUE,
    RENDERERS,
    SCENES,
    SIDE,
    TEXT,
    WRITERS,
    Scene,
    drawn,
    from_eps,
    modules,
    raster,
    render,
    streams,
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SCENES)
def test_every_format_looks_like_the_raster_and_reads(name: str, form: str) -> None:
    """Paints, tiles, pictures and clips: differences are those of smoothing at edges; zxing-cpp reads it."""
    drawing = drawn(SCENES[name])
    shown, wanted = render(drawing, form), raster(drawing)
    assert shown.shape == wanted.shape
    difference = np.abs(shown.astype(int) - wanted)
    assert difference.mean() < 1.5
    assert (difference.max(axis=-1) <= 40).mean() > 0.995
    assert [code.text for code in zxingcpp.read_barcodes(shown)] == [TEXT]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("paint", [RED_BLUE, RADIAL, CONIC], ids=lambda paint: str(paint.kind))
def test_gradients_have_the_colours_of_theraster(paint: Gradient, form: str) -> None:
    """Away from edges, each pixel is within a few levels of the field, at a size that is not the raster's."""
    box = Box(0, 0, 45, 45)
    layout = replace(drawn(Scene()).layout, below=(Fill(rectangle(box), paint, box),), above=())
    drawing = Drawing(layout, bytes(SIDE * SIDE))
    wanted = raster(Drawing(replace(layout, module=7), drawing.tiles)).astype(int)
    difference = np.abs(render(drawing, form, 315) - wanted).max(axis=-1)
    y, x = np.mgrid[:315, :315] - 157
    difference[np.hypot(x, y) < 40] = 0  # there a round of colours has fewer pixels than colours
    assert difference.mean() < 2
    assert difference.max() <= 6


def _all_of(shape: Path, numbers: bytes, side: int) -> Drawing:
    box = Box(0, 0, side, side)
    tiles = TileSet(((), shape), "#204080", box)
    return Drawing(Layout(side, side, MODULE, 0, 0, side, (), (), tiles, ""), numbers)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("width", [101, 117, 229])
def test_tiles_that_join_show_no_seams(form: str, width: int) -> None:
    """A square of tiles made of halves, and stairs of merged squares: no pixel inside is lighter than the ink."""
    halves = polygon([(0, 0), (1, 0), (1, 0.37), (0, 0.61)]) + polygon([(0, 0.61), (1, 0.37), (1, 1), (0, 1)])
    draw = partial(from_eps, finer=1) if form == "eps" else RENDERERS[form]
    full = draw(WRITERS[form](_all_of(halves, b"\1" * 81, 9)), width)
    assert (full[2:-2, 2:-2] == (0x20, 0x40, 0x80)).all()
    stairs = np.tril(np.ones((9, 9), np.uint8)).tobytes()
    shown = draw(WRITERS[form](_all_of(rectangle(Box(0, 0, 1, 1)), stairs, 9)), width)
    y, x = np.mgrid[:width, :width] * (9 / width)
    inside = (np.floor(x + 0.4) <= y - 0.4) & (x > 0.4) & (y < 8.6)
    assert (shown[inside] == (0x20, 0x40, 0x80)).all()


def test_runs_and_equal_rows_become_rectangles() -> None:
    """Squares are merged across, then down; together they cover each dark cell once."""
    assert rectangles(b"\1\1\0\1\1\1\0\1\1", 3) == (
        (0, 0, 2, 1),
        (0, 1, 3, 1),
        (1, 2, 2, 1),
    )
    cells = np.random.default_rng(5).integers(0, 2, (21, 21), np.uint8)
    count = np.zeros_like(cells)
    for x, y, width, height in rectangles(cells.tobytes(), 21):
        count[y : y + height, x : x + width] += 1
    assert (count == cells).all()
    assert rectangles(b"\1" * 16, 4) == ((0, 0, 4, 4),)


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, ".5"), (-0.25, "-.25"), (10, "10"), (-0.0001, "0"), (1.2345, "1.234")]
)
def test_numbers_are_as_short_as_they_go(value: float, text: str) -> None:
    """Neither zeros nor a point that say nothing."""
    assert short(value) == text


def test_paths_are_written_relative_and_joined() -> None:
    """A circle is one curve and three smooth ones; numbers are apart only where they have to be."""
    assert (
        relative(circle(0.5, 0.5, 0.5)) == "M.5 0c.276 0 .5.224.5.5s-.224.5-.5.5-.5-.224-.5-.5.224-.5.5-.5z"
    )


@pytest.mark.parametrize(
    ("scene", "form", "most"),
    [
        (Scene(), "svg", 6_000), (Scene(), "pdf", 4_000), (Scene(), "eps", 6_000),
        (Scene("dot"), "svg", 20_000), (Scene("dot"), "pdf", 4_000), (Scene("dot"), "eps", 8_000),
        (Scene("dot", RED_BLUE), "svg", 20_000), (Scene("dot", CONIC), "eps", 16_000),
        (Scene("liquid"), "svg", 30_000), (Scene("liquid"), "pdf", 16_000), (Scene("liquid"), "eps", 12_000),
    ],
)  # fmt: skip
def test_files_are_small(scene: Scene, form: str, most: int) -> None:
    """Bytes of a version 5 symbol: runs merged, forms reused."""
    drawing = drawn(scene)
    assert modules().shape == (SIDE, SIDE)
    assert len(WRITERS[form](drawing)) <= most


@pytest.mark.parametrize("form", WRITERS)
def test_files_say_nothing_but_the_symbol_and_are_the_same_each_time(form: str) -> None:
    """No text, title, metadata, program, date or number of its own."""
    drawing = drawn(SCENES["logo in a circle"])
    data = WRITERS[form](drawing)
    assert data == WRITERS[form](drawn(SCENES["logo in a circle"]))
    plain = data.lower() + b"".join(streams(data)).lower()
    for word in (
        TEXT.encode(),
        b"example.com",
        b"title",
        b"/info",
        b"creat",
        b"producer",
        b"metadata",
        b"date",
        b"/id",
    ):
        assert word not in plain
