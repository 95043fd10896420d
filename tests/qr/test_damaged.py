"""Damaged pictures are read: a sample of the set at each run, all of it in the full one."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.qr.reading import Found, read_picture
from bot.qr.reading.cleaned import equalised
from bot.qr.reading.looking import codes
from bot.qr.reading.opening import Sheet
from bot.qr.reading.plate import on_white
from bot.qr.reading.wechat import found_by_wechat
from tests.qr.damage import DAMAGE, SYMBOLS, Damaged, clipped, damaged, printed, tight, turned

pytestmark = pytest.mark.no_cover  # tracing makes these loops ten times slower

SAMPLED = 7  # one picture in so many


def chosen() -> Iterator[Damaged]:
    """Give the set, or a sample of it in which each kind of damage and each symbol is met."""
    step = 1 if os.environ.get("QR_GEN_TEST_FULL") else SAMPLED
    return (each for number, each in enumerate(damaged()) if (number + number // 14) % step == 0)


def test_damaged_pictures_are_read() -> None:
    """At least 99 in a hundred, and none is read as something else."""
    missed, count = [], 0
    for each in chosen():
        count += 1
        found = [code.text for code in read_picture(each.data)]
        assert found in ([each.text], []), each.name
        missed += [each.name] if not found else []
    assert count >= 60
    assert len(missed) <= count // 100, missed


def test_the_set_is_the_same_everywhere() -> None:
    """More than 300 pictures, from its own seeds: a subset equals the same pictures of the whole."""
    kinds = ("noise of 120", "a photo")
    once, twice = list(damaged(kinds)), list(damaged(kinds))
    assert len(DAMAGE) * len(SYMBOLS) * 2 >= 300
    assert len(once) == 2 * len(SYMBOLS) * 2
    assert all(np.array_equal(one.grey, two.grey) for one, two in zip(once, twice, strict=True))
    assert len({each.grey.tobytes() for each in once}) == len(once)


@pytest.mark.parametrize("turn", [0, 8, 31, 45, 80])
def test_a_code_without_quiet_zone_on_black_is_read_turned(turn: int) -> None:
    """Its outline is found, and all around painted white."""
    chance = np.random.default_rng(turn)
    light = tight(printed("address"), 12, chance)
    [found] = read_picture(Damaged("", "", 0, clipped(turned(light, turn, 12)), "").data)
    assert found.text == printed("address").text


def test_the_outline_of_a_plate_is_found_where_it_is() -> None:
    """Also seen from aside; a picture whose edge is light has none."""
    plate = Image.new("L", (400, 300), 20)
    ImageDraw.Draw(plate).polygon([(60, 40), (330, 70), (350, 250), (50, 230)], fill=220)
    found = on_white(plate)
    assert found is not None
    painted = np.asarray(found) > 128
    assert painted.mean() > 0.99
    assert on_white(Image.new("L", (200, 200), 220)) is None
    assert on_white(Image.new("L", (1, 1), 0)) is None


def test_no_more_copies_are_made_when_time_is_up() -> None:
    """One is, at least."""
    faint = next(damaged(("noise of 120",)))
    sheet = Sheet(Image.fromarray(faint.grey), 1.0)
    assert [code.text for code in codes(sheet)] == [faint.text]
    blurred = next(damaged(("blur of 0.55 module",)))
    sheet = Sheet(Image.fromarray(blurred.grey), 1.0)
    assert [code.text for code in codes(sheet)] == [blurred.text]
    assert codes(sheet, until=0.0) == ()


@pytest.mark.parametrize("size", [(8, 8), (9, 31), (333, 200), (1, 1), (3, 700)])
def test_equalising_brings_out_what_is_faint_everywhere(size: tuple[int, int]) -> None:
    """In pictures of every size and shape; order within a place stays, a flat picture stays flat."""
    width, height = size
    flat = np.asarray(equalised(Image.new("L", size, 100)))
    assert flat.shape == (height, width)
    assert np.ptp(flat) <= 1
    if min(size) > 100:
        stripes = np.where(np.arange(width) % 8 < 4, 100, 108)[None, :] + np.arange(height)[:, None] // 4
        even = np.asarray(equalised(Image.fromarray(stripes.astype(np.uint8))), np.int32)
        assert (even[:, 8:-8:8] - even[:, 12:-4:8]).mean() < -16  # 8 before


def test_wechat_reads_what_is_left_to_it() -> None:
    """In the file's own pixels; what it cannot take for text is no find."""
    cv2 = pytest.importorskip("cv2")
    if not hasattr(cv2, "wechat_qrcode_WeChatQRCode"):
        pytest.skip("this OpenCV has no WeChat reader")
    made = printed("address")
    sheet = Sheet(Image.fromarray(clipped(made.light)), 2.0)
    [found] = found_by_wechat(sheet)
    assert isinstance(found, Found)
    assert (found.text, found.format) == (made.text, "QR Code")
    edge, side = 2 * 4 * made.pixels, 2 * made.modules * made.pixels
    assert found.corners[0] == pytest.approx((edge, edge), abs=20)
    assert found.corners[2] == pytest.approx((edge + side, edge + side), abs=20)
    assert found_by_wechat(Sheet(Image.new("L", (300, 300), 255), 1.0)) == ()
