"""Shapes of modules, finder and alignment patterns: what they cover, how they join, and that readers find them."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
import segno
import zxingcpp
from numpy.typing import NDArray

from bot.qr.shapes.eyes import EYEBALL_NAMES, FINDER_NAMES, SURER, alignment, eyeball, finder
from bot.qr.shapes.modules import MODULE_NAMES, module_shape
from bot.qr.shapes.path import Box, Path, bounds, flattened, rectangle

PX = 10  # pixels a module
FINE = 6  # samples a pixel, each way
DATA = "https://example.com/spring"

HARD = {*SURER, "leaf", "facet"}  # finder patterns that OpenCV misses: hardly ever found, or at times


def winding(path: Path, side: float, scale: int) -> NDArray[np.int32]:
    """Count how often the path runs around the middle of each of ``scale`` × ``scale`` samples a module."""
    size = round(side * scale)
    delta = np.zeros((size, size + 1), np.int32)
    for one in path:
        points = np.array(flattened(one)) * scale
        for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
            low, high = sorted((y0, y1))
            rows = np.arange(max(0, math.ceil(low - 0.5)), min(size, math.ceil(high - 0.5)))
            if len(rows):
                crossed = x0 + (rows + 0.5 - y0) * (x1 - x0) / (y1 - y0)
                delta[rows, np.clip(np.ceil(crossed - 0.5).astype(int), 0, size)] += 1 if y1 < y0 else -1
    return delta.cumsum(axis=1, dtype=np.int32)[:, :-1]


@functools.cache
def covered(path: Path, side: int) -> NDArray[np.float32]:
    """Draw a path: how much of each pixel it covers, 0 to 1."""
    size = side * PX
    inside = (winding(path, side, PX * FINE) != 0).astype(np.float32)
    means: NDArray[np.float32] = inside.reshape(size, FINE, size, FINE).mean(axis=(1, 3))
    return means


@functools.cache
def matrix() -> NDArray[np.uint8]:
    """Return a version 2 symbol, which has one alignment pattern."""
    return np.array(
        [list(row) for row in segno.make(DATA, version=2, error="m", boost_error=False).matrix], np.uint8
    )


@functools.cache
def body(name: str) -> NDArray[np.float32]:
    """Draw all modules of the symbol but its finder and alignment patterns."""
    modules, shape = matrix(), module_shape(name)
    size = len(modules)
    shown = np.ones_like(modules)
    for row, column, side in ((0, 0, 7), (0, size - 7, 7), (size - 7, 0, 7), (size - 9, size - 9, 5)):
        shown[row : row + side, column : column + side] = 0
    bank = np.stack([covered(path, 1) for path in shape.shapes])
    numbers = shape.numbers(modules * shown) * shown
    page: NDArray[np.float32] = bank[numbers].transpose(0, 2, 1, 3).reshape(size * PX, size * PX)
    return page


def picture(modules: str, ring: str, ball: str) -> NDArray[np.uint8]:
    """Draw a whole symbol in this look, dark on white, with its quiet zone."""
    page = body(modules).copy()
    far = len(matrix()) - 7
    for corner, (row, column) in enumerate(((0, 0), (0, far), (far, 0))):
        eye = covered(finder(ring, corner), 7).copy()
        eye[2 * PX : 5 * PX, 2 * PX : 5 * PX] += covered(eyeball(ball, corner), 3)
        page[row * PX : (row + 7) * PX, column * PX : (column + 7) * PX] = eye
    place = slice((far - 2) * PX, (far + 3) * PX)
    page[place, place] = sum(covered(path, 5) for path in alignment(ring, ball))
    return np.pad(255 - (page * 255).round().astype(np.uint8), 4 * PX, constant_values=255)


def every_look() -> Iterator[tuple[str, str, str]]:
    """List every module shape, and every ring with every eyeball."""
    yield from ((name, "square", "square") for name in MODULE_NAMES)
    yield from (("square", *eye) for eye in itertools.product(FINDER_NAMES, EYEBALL_NAMES))


def test_there_are_enough_shapes_and_all_differ() -> None:
    """At least 16 module shapes, 10 rings and 10 eyeballs, no two of them the same under two names."""
    assert len(MODULE_NAMES) >= 16
    assert len({module_shape(name).shapes for name in MODULE_NAMES}) == len(MODULE_NAMES)
    assert len({finder(name, 0) for name in FINDER_NAMES}) == len(FINDER_NAMES) >= 10
    assert len({eyeball(name, 0) for name in EYEBALL_NAMES}) == len(EYEBALL_NAMES) >= 10


@pytest.mark.parametrize("name", MODULE_NAMES)
def test_tiles_stay_inside_their_module_and_a_byte_numbers_them(name: str) -> None:
    """Number 0 draws nothing; all others lie in the unit square, so that tiles never overlap."""
    shapes = module_shape(name).shapes
    assert shapes[0] == ()
    assert 2 <= len(shapes) <= 256
    assert all(inside_square(path, 1) for path in shapes[1:])


def dark_tiles(name: str) -> set[int]:
    """Return the numbers that dark modules get among many random neighbours."""
    modules = (np.random.default_rng(1).random((90, 90)) < 0.5).astype(np.uint8)
    numbers = module_shape(name).numbers(modules)
    assert numbers.shape == modules.shape
    assert numbers.dtype == np.uint8
    return set(numbers[modules == 1].tolist())


@pytest.mark.parametrize("name", MODULE_NAMES)
def test_dark_modules_cover_their_middle_and_more_than_half(name: str) -> None:
    """Readers sample the middle, and blur takes the mean: 55 % of the area, and the inner ninth whole."""
    for number in dark_tiles(name):
        inside = winding(module_shape(name).shapes[number], 1, 90) != 0
        assert inside.mean() >= 0.55
        assert inside[30:60, 30:60].all()


@pytest.mark.parametrize("name", MODULE_NAMES)
def test_light_modules_stay_light(name: str) -> None:
    """Only fillets stand in light modules: never in their middle, never a quarter of them."""
    modules = (np.random.default_rng(2).random((90, 90)) < 0.5).astype(np.uint8)
    numbers = module_shape(name).numbers(modules)
    for number in set(numbers[modules == 0].tolist()):
        inside = winding(module_shape(name).shapes[number], 1, 90) != 0
        assert inside.mean() < 0.25
        assert not inside[25:65, 25:65].any()


@pytest.mark.parametrize("name", MODULE_NAMES)
def test_tiles_are_numbered_alike_every_time_and_the_modules_left_alone(name: str) -> None:
    """Nothing depends on chance: a drawing made again is the same drawing."""
    modules = (np.random.default_rng(3).random((177, 177)) < 0.5).astype(np.uint8)
    before = modules.copy()
    numbers = module_shape(name).numbers
    assert np.array_equal(numbers(modules), numbers(modules))
    assert np.array_equal(modules, before)


def test_a_square_is_the_whole_module() -> None:
    """The vector writers merge neighbouring squares, which they know by this very path."""
    square = rectangle(Box(0, 0, 1, 1))
    assert module_shape("square").shapes == ((), square)
    solid = np.ones((3, 3), np.uint8)
    for name in ("rounded", "liquid", "bevelled", "classy", "classy rounded", "leaf"):
        shape = module_shape(name)
        assert shape.shapes[shape.numbers(solid)[1, 1]] == square


@pytest.mark.parametrize(
    ("name", "rows", "sharp"),
    [
        ("rounded", ("...", ".#.", "..."), ""),
        ("rounded", (".#.", ".#.", "..."), "nw ne"),
        ("rounded", ("...", ".##", ".#."), "ne se sw"),
        ("rounded", ("#.#", ".#.", "#.#"), ""),
        ("bevelled", ("...", "##.", "..."), "nw sw"),
        ("classy", ("...", ".#.", "..."), "ne sw"),
        ("classy", (".#.", ".#.", "..."), "nw ne sw"),
        ("leaf", ("...", ".##", "..."), "ne se sw"),
        ("bars", (".#.", "##.", "..."), ""),
    ],
)
def test_corners_are_sharp_where_a_neighbour_joins(name: str, rows: tuple[str, ...], sharp: str) -> None:
    """A corner is round (or cut) only where both modules beside it are light; touching at a point joins nothing."""
    modules = np.array([[char == "#" for char in row] for row in rows], np.uint8)
    shape = module_shape(name)
    inside = winding(shape.shapes[shape.numbers(modules)[1, 1]], 1, 100) != 0
    corners = {"nw": inside[2, 2], "ne": inside[2, -3], "se": inside[-3, -3], "sw": inside[-3, 2]}
    assert {corner for corner, dark in corners.items() if dark} == set(sharp.split())


@pytest.mark.parametrize("quarter", range(4))
def test_liquid_fills_inner_corners_only(quarter: int) -> None:
    """A light module gets a fillet in the corner of three dark ones, and none where two only touch at a point."""
    shape = module_shape("liquid")
    full = np.rot90(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0]], np.uint8), quarter)
    touching = np.rot90(np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], np.uint8), quarter)
    inside = winding(shape.shapes[shape.numbers(np.ascontiguousarray(full))[1, 1]], 1, 100) != 0
    assert np.rot90(inside, -quarter)[2, 2]
    assert 0.02 < inside.mean() < 0.07
    assert shape.numbers(np.ascontiguousarray(touching))[1, 1] == 0


def trimmed(line: NDArray[np.bool_]) -> list[tuple[bool, int]]:
    """Split a line of samples into runs, from the first dark one to the last."""
    runs = [(bool(dark), len(list(same))) for dark, same in itertools.groupby(line)]
    return runs[not line[0] : None if line[-1] else -1]


@pytest.mark.parametrize("name", FINDER_NAMES)
def test_rings_of_alignment_patterns_are_one_module_thick(name: str) -> None:
    """Through the middle: one module dark, three light, one dark, within a fifth of a module."""
    inside = winding(alignment(name, "square")[0], 5, 40) != 0
    for line in (inside[100], inside[:, 100]):
        lengths = [length / 40 for _, length in trimmed(line)]
        assert lengths == pytest.approx([1, 3, 1], abs=0.2 + 1e-9)


@pytest.mark.parametrize("corner", range(3))
def test_whole_finder_patterns_keep_one_to_one_to_three(corner: int) -> None:
    """Along both lines through the middle, dark and light in turns, each within a fifth.

    The dents of four eyeballs go deeper: ISO/IEC 18004's reference decoder bears half a module everywhere.
    """
    rings = {name: winding(finder(name, corner), 7, 40) != 0 for name in FINDER_NAMES}
    balls = {name: winding(eyeball(name, corner), 3, 40) != 0 for name in EYEBALL_NAMES}
    for (ring, outer), (ball, inner) in itertools.product(rings.items(), balls.items()):
        eye = outer.copy()
        eye[80:200, 80:200] |= inner
        for line in (eye[140], eye[:, 140]):
            lengths = [length / 40 for _, length in trimmed(line)]
            bearable = 0.4 if ball in {"heart", "flower", "cross", "star"} else 0.2 + 1e-9
            assert lengths[2] == pytest.approx(3, rel=0.2 + 1e-9), (ring, ball)
            assert lengths == pytest.approx([1, 1, lengths[2], 1, 1], abs=bearable), (ring, ball)


def inside_square(path: Path, side: float) -> bool:
    """Tell whether a path stays in its square."""
    box = bounds(path)
    far = max(box.x + box.width, box.y + box.height)
    return min(box.x, box.y) >= -1e-4 and far <= side + 1e-4


@pytest.mark.parametrize("corner", range(3))
def test_eyes_stay_inside_their_modules_and_apart(corner: int) -> None:
    """A ring leaves light around the eyeball; outlines run clockwise, and holes against them."""
    for name in FINDER_NAMES:
        turns = winding(finder(name, corner), 7, 20)
        assert inside_square(finder(name, corner), 7), name
        assert turns.min() == 0, name
        assert not turns[50:90, 22:118].any(), name
        assert not turns[22:118, 50:90].any(), name
    for name in EYEBALL_NAMES:
        assert inside_square(eyeball(name, corner), 3), name
        assert winding(eyeball(name, corner), 3, 20).min() >= 0, name


@pytest.mark.parametrize("name", FINDER_NAMES)
def test_the_three_rings_mirror_each_other(name: str) -> None:
    """What points somewhere looks at the middle of the symbol from all three corners."""
    first, right, below = (winding(finder(name, corner), 7, 20) for corner in range(3))
    assert (np.fliplr(first) != right).mean() < 0.01
    assert (np.flipud(first) != below).mean() < 0.01


@pytest.mark.parametrize("name", ["heart", "shield", "star", "flower"])
def test_what_has_a_top_stays_upright(name: str) -> None:
    """A heart is never turned upside down."""
    assert eyeball(name, 0) == eyeball(name, 1) == eyeball(name, 2)


def test_an_alignment_pattern_is_a_ring_around_one_module() -> None:
    """In five by five modules; the middle one is covered well enough to be sampled, and apart from the ring."""
    for name in FINDER_NAMES:
        outer = winding(alignment(name, "square")[0], 5, 30) != 0
        assert inside_square(alignment(name, "square")[0], 5), name
        assert not outer[54:96, 54:96].any(), name
    for name in EYEBALL_NAMES:
        middle = winding(alignment("square", name)[1], 5, 30) != 0
        assert middle[60:90, 60:90].mean() > 0.5, name
        assert middle.sum() == middle[60:90, 60:90].sum(), name


def test_names_are_asked_for_as_they_are_listed() -> None:
    """A name nobody knows is an error of the program: styles check names before."""
    with pytest.raises(KeyError):
        module_shape("squares")
    with pytest.raises(KeyError):
        finder("squares", 0)


def test_every_look_is_read_by_zxing() -> None:
    """Every module shape, and every ring with every eyeball, at ten pixels a module."""

    def read(image: NDArray[np.uint8]) -> bool:
        return [found.text for found in zxingcpp.read_barcodes(image)] == [DATA]

    assert [look for look in every_look() if not read(picture(*look))] == []


def test_every_look_but_the_listed_ones_is_read_by_opencv() -> None:
    """A second reader, easily disturbed by round eyes: sharp or blurred, one of its two detectors reads all others."""
    cv2 = pytest.importorskip("cv2")
    detectors = (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco())

    def read(image: NDArray[np.uint8]) -> bool:
        copies = (image, cv2.GaussianBlur(image, (0, 0), PX / 4))
        return any(detector.detectAndDecode(copy)[0] == DATA for copy in copies for detector in detectors)

    easy = (look for look in every_look() if look[1] not in HARD)
    assert [look for look in easy if not read(picture(*look))] == []


def test_enough_rings_are_easy_for_every_reader() -> None:
    """Where a code has to be read by anything, ten rings are left to choose from."""
    assert HARD.issubset(FINDER_NAMES)
    assert len(set(FINDER_NAMES) - HARD) >= 10
