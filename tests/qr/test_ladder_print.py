"""Print sizes, distances and the strip, as they follow from the ladder."""

from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from PIL import ImageFilter

from bot.qr.proof.conditions import CONDITIONS, red_light
from bot.qr.proof.distance import largest_distance, length, print_advice, smallest_print, width_for
from bot.qr.proof.shot import Shot, grey
from bot.qr.proof.strip import WIDTH, strip, views
from bot.qr.refusal import Refused
from tests.qr.test_ladder import MODULES, TEXT, climbed, plain, symbol

pytestmark = pytest.mark.no_cover  # tracing makes these loops ten times slower


def test_print_sizes_follow_the_module() -> None:
    """Half a millimetre each, never below a centimetre; a code that bears less has to be larger."""
    weak = replace(plain(), rungs=climbed(symbol().filter(ImageFilter.GaussianBlur(3))).rungs)
    assert smallest_print(MODULES + 8, plain()) == pytest.approx(2.3)
    assert smallest_print(15, plain()) == 1
    assert smallest_print(MODULES + 8, weak) > 2.3


def test_distances_are_ten_times_the_width_and_less_for_dense_symbols() -> None:
    """10 × width × 25 / modules."""
    assert largest_distance(4, 25) == pytest.approx(40)
    assert largest_distance(4, 21) == pytest.approx(40)
    assert largest_distance(4, 100) == pytest.approx(10)
    assert largest_distance(width_for(300, 57), 57) == pytest.approx(300)


def test_print_advice_is_said_in_centimetres() -> None:
    """How small, how far, and how wide for a distance."""
    first, second = print_advice(plain(), wanted=300)
    assert str(first) == "Print it at least 2.3 cm wide; at 5 cm it reads from 27 cm away."
    assert str(second) == "To be read from 3 m away, print it 54 cm wide."
    assert len(print_advice(plain())) == 1


@pytest.mark.parametrize("wanted", [-1, 10_001, float("nan"), float("inf")])
def test_distances_nobody_means_are_refused(wanted: float) -> None:
    """With a sentence."""
    with pytest.raises(Refused, match="100 metres"):
        print_advice(plain(), wanted=wanted)


@pytest.mark.parametrize(
    ("centimetres", "down", "written"),
    [
        (2.11, False, "2.2 cm"),
        (2.11, True, "2.1 cm"),
        (39.2, False, "40 cm"),
        (120, False, "1.2 m"),
        (99.5, False, "1 m"),
        (10, True, "10 cm"),
    ],
)
def test_lengths_are_written_as_people_say_them(centimetres: float, down: bool, written: str) -> None:
    """Two figures, rounded to the safe side."""
    assert length(centimetres, down) == written


# --- the strip ----------------------------------------------------------------------------------------------


def test_the_strip_shows_each_condition_with_a_mark() -> None:
    """A green disc for what reads, a red square for what does not."""
    seen_all = views(plain())
    assert len(seen_all) == len(CONDITIONS) + 1
    assert all(each.read for each in seen_all)
    sheet = strip(seen_all)
    assert sheet.width == WIDTH
    colours = {colour for _, colour in sheet.getcolors(sheet.width * sheet.height) or ()}
    assert (0x15, 0x91, 0x4B) in colours
    assert (0xD1, 0x34, 0x38) not in colours
    failed = strip([replace(each, read=False) for each in seen_all])
    assert (0xD1, 0x34, 0x38) in {
        colour for _, colour in failed.getcolors(failed.width * failed.height) or ()
    }


def test_a_view_below_par_is_what_no_longer_reads() -> None:
    """The person sees where it fails, not where it still went."""
    ladder = climbed(symbol("#bbb"))
    for view, condition in zip(views(ladder), CONDITIONS, strict=False):
        codes = zxingcpp.read_barcodes(view.picture.convert("L"), try_invert=False)
        assert [code.text for code in codes] == ([TEXT] if view.read else []), condition.name
    assert not all(view.read for view in views(ladder))


def test_words_are_translated_and_cut_where_they_are_too_long() -> None:
    """Nothing is written over the neighbour's column or the mark."""
    views_ = views(plain(), lambda text, **values: f"Größe «{text}» " * 3)
    sheet = np.asarray(strip(views_).convert("L"))
    side = (WIDTH - 64 - 4 * 22) // 5
    assert "«Far away»" in views_[0].label
    for column in range(1, 5):
        gap = 32 + column * (side + 22)
        assert (sheet[32 + side + 16 : 32 + side + 52, gap - 12 : gap - 2] == 255).all()


def test_a_sheet_of_nothing_is_empty() -> None:
    """No view, no fault."""
    assert strip([]).width == WIDTH


def test_red_light_sees_only_red() -> None:
    """Grey stays as it is."""
    shot = Shot(np.array([[[9, 2, 3]]], np.uint8), ((0, 0), (1, 0), (1, 1), (0, 1)), 1.0)
    assert red_light(shot).tolist() == [[9]]
    assert red_light(shot.seen_as(grey(shot.pixels))).ndim == 2
