"""Pixels are compared with a rasteriser that is not ours."""

import math
import threading
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp

from bot.qr.drawing import Drawing, Fill, Image, Layout, TileSet
from bot.qr.output.raster import pixels, png
from bot.qr.output.raster.buffers import buffer
from bot.qr.output.raster.outline import coverage, edges, levels, window
from bot.qr.output.raster.tiles import shades
from bot.qr.shapes.path import Box, circle, hole, moved, polygon, rectangle, turned
from bot.qr.style.style import Gradient
from tests.qr.rasters import (
    CASES,
    GLOW,
    QUIET,
    SHAPES,
    SIDE,
    SQUARES,
    SUNSET,
    SYMBOL,
    WHEEL,
    WHOLE,
    WIDE,
    apart,
    drawing,
    eyes,
    module,
    other,
    photo,
    plain,
    read,
)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("px", [12, 7])
def test_pixels_are_what_another_rasteriser_makes(case: str, px: int) -> None:
    """Edges within a few shades of resvg's, all else equal but for rounding and what a palette does to a photo."""
    few, changes = CASES[case]
    of = drawing(**changes)
    raster = pixels(of, px)
    assert few is None or (raster.palette is not None) == few
    difference = apart(raster, other(of, px))
    assert np.percentile(difference, 80) <= 2
    assert difference.mean() < 2
    assert np.percentile(difference, 99.5) <= 30
    assert difference.max() <= 70


@pytest.mark.parametrize("paint", [SUNSET, GLOW, WHEEL])
def test_gradients_have_their_colours_where_they_belong(paint: Gradient) -> None:
    """Sampled at points whose share of the way is worked out by hand."""
    of = drawing(below=(Fill(rectangle(WHOLE), paint, WHOLE),), above=(), ground="")
    shown = pixels(Drawing(of.layout, bytes(SIDE * SIDE))).pixels
    for x, y in ((3, 3), (290, 10), (150, 20), (40, 222), (299, 299)):
        dx, dy = x + 0.5 - 150, y + 0.5 - 150
        turn = math.radians(paint.angle)
        share = {
            "linear": (dx * math.cos(turn) + dy * math.sin(turn)) / (300 * (math.cos(turn) + math.sin(turn)))
            + 0.5,
            "radial": math.hypot(dx, dy) / math.hypot(150, 150),
            "conic": (math.atan2(dy, dx) - turn) / (2 * math.pi) % 1,
        }[paint.kind]
        colours = [*paint.colours, paint.colours[0]] if paint.kind == "conic" else paint.colours
        at = share * (len(colours) - 1)
        near = [[int(each[i : i + 2], 16) for i in (1, 3, 5)] for each in colours]
        wanted = [np.interp(at, range(len(near)), [each[i] for each in near]) for i in range(3)]
        assert np.abs(shown[y, x, :3] - np.array(wanted)).max() <= 1.5


# --- outlines and tiles -------------------------------------------------------------------------------------


def test_what_lies_on_whole_pixels_comes_out_sharp() -> None:
    """No pixel is half covered, however the numbers were come by."""
    path = rectangle(Box(0.1 + 0.2, 0.7, 1.1, 1.6)) + hole(rectangle(Box(0.5, 1.1, 0.3, 0.7)))
    inside = coverage(edges(path, 10), (0, 0, 20, 30))
    wanted = np.zeros((30, 20))
    wanted[7:23, 3:14] = 1
    wanted[11:18, 5:8] = 0
    assert np.abs(inside - wanted).max() < 1e-9


def test_outlines_that_overlap_are_filled_once() -> None:
    """The non-zero rule: two overlapping shapes are their union, a hole in both is not one."""
    one, two = rectangle(Box(0, 0, 6, 6)), rectangle(Box(3.5, 0, 6, 6))
    both = coverage(edges(one + two, 1), (0, 0, 10, 6))
    assert np.allclose(both[:, :9], 1)
    assert np.allclose(both[:, 9], 0.5)
    twice = coverage(edges(one + one + hole(rectangle(Box(1, 1, 2, 2))), 1), (0, 0, 6, 6))
    assert np.allclose(twice, 1)


def test_coverage_is_exact_for_slopes() -> None:
    """The area of a turned square, to a thousandth; half of it outside the window is cut off."""
    path = turned(rectangle(Box(10, 10, 20, 20)), 31, 20, 20)
    lines = edges(path, 1)
    assert window(lines, 40, 40) == (6, 6, 34, 34)
    assert coverage(lines, (0, 0, 40, 40)).sum() == pytest.approx(400, rel=1e-3)
    assert coverage(lines, (0, 0, 20, 40)).sum() == pytest.approx(200, rel=2e-3)
    assert window(edges(moved(path, 100, 0), 1), 40, 40) == (0, 0, 0, 0)
    assert window(edges((), 1), 40, 40) == (0, 0, 0, 0)


@pytest.mark.parametrize("rows", [(0, 60), (3, 31), (20, 40), (33, 60)])
def test_rows_that_are_alike_are_drawn_once_and_come_out_the_same(rows: tuple[int, int]) -> None:
    """Wherever a ring is cut, with something slanted beside it in some of its rows."""
    ring = rectangle(Box(1.3, 2.4, 50, 55), (7,) * 4) + hole(rectangle(Box(5, 6, 42.5, 47.7), (4,) * 4))
    lines = edges(ring + polygon([(20, 28), (30, 33), (20, 38)]), 1)
    alone = (coverage(lines, (1, rows[0], 52, rows[1])) * 15 + 0.5).astype(np.uint8)
    assert (levels(lines, (1, 2, 52, 58), rows) == alone).all()


def test_tiles_in_a_picture_are_the_tiles_drawn_alone() -> None:
    """Each cell's shades are those of its path rasterised where it lies."""
    of = drawing(above=())
    numbers = np.frombuffer(of.tiles, np.uint8).reshape(SIDE, SIDE)
    index = pixels(of).pixels
    bank = shades(SHAPES, 12)
    for y, x in ((8, 0), (10, 20), (20, 20), (15, 9)):
        lines = edges(moved(SHAPES[numbers[y, x]], QUIET + x, QUIET + y), 12)
        at = (12 * (QUIET + x), 12 * (QUIET + y), 12 * (QUIET + x + 1), 12 * (QUIET + y + 1))
        alone = np.rint(coverage(lines, at) * 15)
        assert np.abs(index[at[1] : at[3], at[0] : at[2]].astype(int) - alone).max() <= 1
        assert (index[at[1] : at[3], at[0] : at[2]] == bank[numbers[y, x]]).all()


def test_many_tiles_and_few_at_once_are_put_together_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a size of bank tiles are looked up one by one, and above a size of picture some rows at a time."""
    index, file = pixels(drawing()).pixels, read(png(drawing()))
    many = drawing(tiles=TileSet(SHAPES * 13, "#1a2b3c", SYMBOL))
    assert len(many.layout.tiles.shapes) ** 2 * 12 * 24 > module("bot.qr.output.raster.tiles").PAIRS
    monkeypatch.setattr(module("bot.qr.output.raster.tiles"), "CHUNK", 5000)
    for of in (many, drawing()):
        assert (pixels(of).pixels == index).all()
        assert (read(png(of)) == file).all()


def test_a_tile_that_is_not_there_is_refused() -> None:
    """A number beyond the set is a mistake of ours and is not drawn as something else."""
    with pytest.raises(ValueError, match="tile 9 of 5"):
        pixels(replace(drawing(), tiles=bytes([9] * SIDE * SIDE)))


# --- sizes, threads -----------------------------------------------------------------------------------------


def test_a_large_picture_is_the_small_one_enlarged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a size nothing is kept and all is drawn in bands; no seam shows, in few colours or in many."""
    for case in ("palette", "logo", "gradient", "gradient under rounded corners", "photograph below"):
        of = drawing(**CASES[case][1])
        usual, file = np.asarray(pixels(of).image().convert("RGBA")), read(png(of))
        with monkeypatch.context() as patch:
            patch.setattr(module("bot.qr.output.raster.files"), "KEPT", 1000)
            patch.setattr(module("bot.qr.output.raster.truecolour"), "KEPT", 1000)
            patch.setattr(module("bot.qr.output.raster.truecolour"), "STRIP", 5000)
            patch.setattr(module("bot.qr.output.raster.tiles"), "CHUNK", 5000)
            patch.setattr(module("bot.qr.output.raster.canvas"), "BAND", 300 * 37)
            patch.setattr(module("bot.qr.output.raster.picture"), "KEPT", 1000)
            banded = pixels(of)
            assert banded.source is None
            difference = np.abs(np.asarray(banded.image().convert("RGBA")).astype(int) - usual)
            assert difference.max() <= 1
            assert (read(png(of)) == np.asarray(banded.image().convert("RGBA"))).all()
        assert (read(png(of)) == file).all()


def test_fewer_pixels_a_module_keep_everything_on_its_module() -> None:
    """A symbol that begins within a module still begins on a whole pixel, finder patterns with it."""
    whole = Box(0, 0, WIDE + 0.6, WIDE + 0.6)
    of = drawing(
        width=whole.width, height=whole.height, x=QUIET + 0.3, y=QUIET + 0.3, module=10,
        below=(Fill(rectangle(whole), "#fff4e0", whole),),
        above=(Fill(rectangle(Box(QUIET + 0.3, QUIET + 0.3, 7, 7)), "#1a2b3c", whole),),
    )  # fmt: skip
    raster = pixels(of, 5)
    assert (raster.width, raster.height) == (128, 128)
    square = raster.pixels[12:47, 12:47]
    assert (square == 15).all()
    assert not raster.pixels[:12].any()
    assert not raster.pixels[:, 127].any()


def test_pixels_stay_as_they_were_when_others_are_drawn() -> None:
    """Memory is used again only when nothing refers to it."""
    first = pixels(drawing())
    before, grey = first.pixels.copy(), first.grey()
    kept = grey.copy()
    for _ in range(30):
        other = pixels(replace(drawing(), tiles=bytes(SIDE * SIDE)))
        other.grey()
        png(drawing())
    assert (first.pixels == before).all()
    assert (grey == kept).all()


def test_memory_is_kept_for_the_thread_that_had_it() -> None:
    """Freed bytes come back, held ones do not, and another thread gets its own."""
    held = buffer(4321)
    address = held.ctypes.data
    assert buffer(4321).ctypes.data != address
    theirs: list[int] = []
    view = held[10:]
    del held
    assert buffer(4321).ctypes.data != address
    del view
    worker = threading.Thread(target=lambda: theirs.append(buffer(4321).ctypes.data))
    worker.start()
    worker.join()
    assert buffer(4321).ctypes.data == address
    assert theirs != [address]


def test_threads_draw_at_once_and_do_not_disturb_each_other() -> None:
    """The same files as one after the other."""
    cases = [drawing(), drawing(**CASES["gradient"][1]), plain()]
    wanted = [png(each) for each in cases]
    wrong: list[int] = []

    def work() -> None:
        for _ in range(5):
            wrong.extend(n for n, each in enumerate(cases) if png(each) != wanted[n])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_tiles_over_what_is_not_ground_are_blended() -> None:
    """A drawing that breaks the rule, or whose ground is not all there, is drawn right all the same."""
    numbers = np.frombuffer(drawing().tiles, np.uint8).reshape(SIDE, SIDE).copy()
    numbers[7, 10] = 4
    above = (*eyes(), Fill(rectangle(Box(QUIET + 10, QUIET + 7, 2, 0.5)), "#30a060", WHOLE))
    of = replace(drawing(below=(*drawing().layout.below, above[-1])), tiles=numbers.tobytes())
    raster = pixels(of)
    assert raster.palette is None
    assert apart(raster, other(of)).max() <= 40


def test_a_picture_that_lies_outside_is_not_drawn() -> None:
    """Boxes beyond the edge are cut, or left out."""
    outside = Image(photo(), Box(WIDE + 1, 3, 5, 5))
    partly = Image(photo(), Box(WIDE - 2.5, 3.3, 5, 5))
    of = drawing(above=(*eyes(), outside, partly))
    difference = apart(pixels(of), other(of))
    assert np.percentile(difference, 99.5) <= 40
    assert difference.mean() < 2


def test_drawings_are_read_by_a_reader() -> None:
    """A real symbol in dots, its finder patterns of squares, from grey pixels as the proof reads them."""
    made = zxingcpp.create_barcode("https://example.com", zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    numbers = 1 - np.asarray(made.to_image(scale=1, add_quiet_zones=False)) // 255
    for corner in (np.s_[:7, :7], np.s_[:7, -7:], np.s_[-7:, :7]):
        numbers[corner] *= 2
    side = len(numbers)
    whole, box = Box(0, 0, side + 8, side + 8), Box(4, 4, side, side)
    tiles = TileSet(((), circle(0.5, 0.5, 0.45), SQUARES[1]), "#203080", box)
    ground = (Fill(rectangle(whole), "#ffffff", whole),)
    layout = Layout(whole.width, whole.height, 8, 4, 4, side, ground, (), tiles, "#ffffff")
    of = Drawing(layout, numbers.astype(np.uint8).tobytes())
    for grey in (pixels(of).grey(), pixels(of, 3).grey()):
        assert [code.text for code in zxingcpp.read_barcodes(grey)] == ["https://example.com"]
