"""Where a logo lies on a symbol, which modules it hides, and how a backdrop fades."""

import io
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.qr.logo import backdrop, place
from bot.qr.matrix import alignments
from bot.qr.style import Logo
from tests.qr.artwork import art, packed
from tests.qr.test_logo import halves

SHAPES = ("square", "round", "outline")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [(1, 1), (384, 1), (1, 384), (300, 120), (200, 200)])
@pytest.mark.parametrize("version", [1, 7, 40])
def test_a_placed_logo_lies_in_the_middle_as_large_as_said(
    shape: str, size: tuple[int, int], version: int
) -> None:
    """Its longer side is its share of the symbol's; nothing hidden lies further away than its margin."""
    logo = Logo("asset:1", shape, 24, 1.0)
    found, side = place(logo, art(*size), version), 17 + 4 * version
    assert max(found.box.width, found.box.height) == pytest.approx(side * 0.24)
    assert found.box.centre == pytest.approx((side / 2, side / 2))
    bare = _alone(found.hidden, version)
    rows, columns = np.nonzero(bare)
    reach = (found.box.height / 2 + 1, found.box.width / 2 + 1)
    for numbers, each in ((rows, reach[0]), (columns, reach[1])):
        assert np.abs(numbers + 0.5 - side / 2).max(initial=0) <= each + 0.5


def _alone(hidden: NDArray[np.bool_], version: int) -> NDArray[np.bool_]:
    """Leave alignment patterns out."""
    found = hidden.copy()
    for y, x in alignments(version):
        found[y - 2 : y + 3, x - 2 : x + 3] = False
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("clear", [False, True])
def test_every_module_that_a_logo_is_seen_on_is_hidden(shape: str, clear: bool) -> None:
    """Sampled finely, no module is covered by a tenth or more that still is drawn."""
    version, grain = 5, 20
    side = 17 + 4 * version
    logo = Logo("asset:1", shape, 27, 0.0)
    found = place(logo, art(200, 120, clear), version)
    y, x = (np.mgrid[: side * grain, : side * grain] + 0.5) / grain
    box, (across, down) = found.box, found.box.centre
    inside = (np.abs(x - across) < box.width / 2) & (np.abs(y - down) < box.height / 2)
    if shape == "round":
        inside &= np.hypot(x - across, y - down) < box.width / 2
    elif shape == "outline" and clear:
        inside &= ((x - across) / box.width * 2) ** 2 + ((y - down) / box.height * 2) ** 2 < 1
    covered = inside.reshape(side, grain, side, grain).mean((1, 3))
    assert found.hidden[covered >= 0.1].all()
    assert not found.hidden[covered == 0].any() or (clear and shape == "outline")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_wider_margin_hides_more_around(shape: str) -> None:
    """Modules nearer than the margin are left out, ones further away are not; up to the whole symbol."""
    counts = []
    for margin in (0.0, 0.5, 1.0, 2.5, 10.0):
        found = place(Logo("asset:1", shape, 20, margin), art(200, 200, clear=True), 1).hidden
        assert (found == found[::-1]).all()
        counts.append(int(found.sum()))
    assert counts == sorted(counts)
    assert counts[0] < counts[2] < counts[3] < counts[4] <= 21 * 21


def test_an_outline_hides_less_than_its_box() -> None:
    """The corners beside a disc are still modules."""
    hidden = {
        shape: place(Logo("asset:1", shape, 30, 0.0), art(200, 200, clear=True), 6).hidden for shape in SHAPES
    }
    assert hidden["outline"].sum() < hidden["square"].sum()
    assert (hidden["outline"] ^ hidden["round"]).sum() <= 12


@pytest.mark.parametrize("version", [7, 14, 21, 40])
def test_alignment_patterns_are_hidden_as_a_whole(version: int) -> None:
    """A half of one would look like something else; those further away stay whole."""
    for size in (5, 12, 26, 40):
        for shape in SHAPES:
            hidden = place(Logo("asset:1", shape, size), art(200, 120), version).hidden
            for y, x in alignments(version):
                assert hidden[y - 2 : y + 3, x - 2 : x + 3].sum() in (0, 25)


def test_what_lies_behind_hides_nothing() -> None:
    """All modules are drawn over it."""
    found = place(Logo("asset:1", behind=True), art(200, 200), 7)
    assert found.behind
    assert not found.hidden.any()
    assert place(replace(Logo("asset:1", size=20), behind=False), art(200, 200), 7).hidden.any()


def test_a_backdrop_is_cut_square_and_fades_to_white() -> None:
    """The middle is kept; 0 leaves it, 100 is all white; what is clear is white."""
    clear = packed(Image.new("RGBA", (40, 40), (9, 9, 9, 0)))
    wide = packed(halves(120, 60).convert("RGBA"))
    for fade, red in ((0, (255, 0, 0)), (50, (255, 127, 127)), (100, (255, 255, 255))):
        picture = Image.open(io.BytesIO(backdrop(wide, fade))).convert("RGB")
        assert picture.size == (60, 60)
        assert np.abs(np.asarray(picture, int)[30, 5] - red).max() <= 1
    assert Image.open(io.BytesIO(backdrop(clear, 0))).convert("RGB").getpixel((5, 5)) == (255, 255, 255)
