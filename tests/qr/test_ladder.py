"""The ladder tells codes that scan anywhere from those that only just read, and says what would help."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from bot.qr.matrix import blocks, codewords
from bot.qr.payloads.payload import Level
from bot.qr.proof.conditions import CONDITIONS, Condition
from bot.qr.proof.distance import print_advice
from bot.qr.proof.grades import Grade
from bot.qr.proof.ladder import RED, SPARE, Ladder, advice, climb, prove_photo
from bot.qr.proof.shot import grey, homography
from bot.qr.proof.strip import WIDTH, strip, views
from bot.qr.refusal import Refused

pytestmark = pytest.mark.no_cover  # tracing makes these loops ten times slower

TEXT = "https://x.example/lamps"
MODULES = 37  # version 5
HARMLESS = {"cast", "jpeg", "turn"}  # alone, these never stop a plain black symbol

HOSTILE = {
    "one pixel": np.zeros((1, 1, 3), np.uint8),
    "a line": np.zeros((1, 10_000, 3), np.uint8),
    "a column": np.full((10_000, 1, 3), 200, np.uint8),
    "white": np.full((300, 300, 3), 255, np.uint8),
    "grain": np.random.default_rng(7).integers(0, 256, (400, 300, 3), np.uint8),
}


def symbol(
    dark: str = "#000", light: str = "#fff", *, border: int = 4, scale: int = 10, level: str = "m"
) -> Image.Image:
    """Draw version 5 in two colours."""
    made = segno.make(TEXT, version=5, error=level, boost_error=False)
    modules = np.pad(np.array(made.matrix, np.uint8), border).repeat(scale, 0).repeat(scale, 1)
    picture = Image.new("RGB", modules.shape, light)
    picture.paste(dark, (0, 0), Image.fromarray(modules * 255))
    return picture


def covered(percent: int) -> Image.Image:
    """Lay a dark square over the middle, in percent of the side."""
    picture = symbol()
    middle, half = picture.width / 2, MODULES * 10 * percent / 200
    ImageDraw.Draw(picture).rectangle((middle - half, middle - half, middle + half, middle + half), "#222")
    return picture


def climbed(picture: Image.Image) -> Ladder:
    """Climb with what the symbol says."""
    return climb(picture, TEXT.encode(), MODULES)


@cache
def plain() -> Ladder:
    """Climb with a plain black symbol."""
    return climbed(symbol())


def said(sentences: tuple[Refused, ...]) -> str:
    """Join sentences."""
    return " ".join(str(each) for each in sentences)


def seen(condition: Condition, step: float) -> np.ndarray:
    """See the plain symbol under a condition, in grey."""
    return grey(condition.worsen(plain().shot, step))


def test_a_plain_symbol_gets_an_a_and_nothing_is_wrong_with_it() -> None:
    """It is what 100 means."""
    ladder = plain()
    assert ladder.score >= 95
    assert (ladder.grade, ladder.red, ladder.inverted, ladder.unused) == (Grade.A, True, False, 1)
    assert (ladder.contrast, ladder.quiet, ladder.level) == (100, 4, "M")
    assert advice(ladder) == ()


def test_the_weights_make_a_hundred() -> None:
    """A score is out of 100, and full marks are among the steps."""
    assert sum(each.weight for each in CONDITIONS) + RED + SPARE == 100
    assert all(0 < each.par <= len(each.steps) and 5 <= len(each.steps) <= 7 for each in CONDITIONS)
    assert len({each.name for each in CONDITIONS}) == len(CONDITIONS) >= 14


@pytest.mark.parametrize(("version", "count"), [(2, 14), (10, 150), (40, 2300)])
def test_sparse_and_dense_symbols_get_an_a_as_well(version: int, count: int) -> None:
    """Steps are in modules, so the version makes no difference."""
    made = segno.make("a" * count, version=version, error="m", boost_error=False)
    modules = np.pad(np.array(made.matrix, np.uint8), 4).repeat(6, 0).repeat(6, 1)
    ladder = climb(np.stack((255 - modules * 255,) * 3, axis=2), None, 17 + 4 * version)
    assert ladder.score >= 90
    assert ladder.grade is Grade.A


@pytest.mark.parametrize(
    "pictures",
    [
        [symbol(), covered(20), covered(25), covered(30), covered(60)],
        [symbol(), symbol("#888"), symbol("#bbb"), symbol("#ddd")],
        [symbol().filter(ImageFilter.GaussianBlur(10 * part)) for part in (0, 0.3, 0.4)],
        [symbol(), symbol(border=0)],
    ],
    ids=["covered", "pale", "blurred", "without margin"],
)
def test_the_worse_a_code_the_lower_its_score(pictures: list[Image.Image]) -> None:
    """Each is worse than the one before."""
    scores = [climbed(each).score for each in pictures]
    assert all(after < before for before, after in pairwise(scores)), scores


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: each.name)
def test_every_condition_changes_the_picture_more_with_each_step(condition: Condition) -> None:
    """And twice the same is the same."""
    pictures = [condition.worsen(plain().shot, step) for step in condition.steps]
    before = plain().shot.pixels
    for picture, step in zip(pictures, condition.steps, strict=True):
        assert picture.dtype == np.uint8
        assert picture.ndim == 3
        assert picture.shape != before.shape or (picture != before).any()
        assert np.array_equal(picture, condition.worsen(plain().shot, step))
        before = picture


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: each.name)
def test_the_last_step_of_a_condition_is_too_much(condition: Condition) -> None:
    """Or it is one of the few that only weak colours and shapes do not bear."""
    codes = zxingcpp.read_barcodes(seen(condition, condition.steps[-1]))
    assert bool(codes) == (condition.name in HARMLESS)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: each.name)
def test_a_condition_sees_in_grey_what_it_sees_in_colour(condition: Condition) -> None:
    """The strip shows colours, the reader gets grey: both have the same form."""
    shot, step = plain().shot, condition.steps[2]
    in_grey = condition.worsen(shot.seen_as(grey(shot.pixels)), step)
    if not condition.coloured:
        in_colour = grey(condition.worsen(shot, step)).astype(int)
        assert in_grey.shape == in_colour.shape
        assert np.abs(in_grey - in_colour).mean() < 3


def test_climbing_twice_gives_the_same() -> None:
    """Nothing of it is left to chance."""
    assert climbed(symbol("#333", "#eef")) == climbed(symbol("#333", "#eef"))


def test_what_the_picture_comes_in_makes_no_difference() -> None:
    """Its size, its kind, and whether what it says is known."""
    assert climbed(symbol(scale=24)).score >= 95
    assert climb(np.asarray(symbol()), None, MODULES).content == TEXT.encode()
    assert climb(symbol().convert("1"), None, MODULES).score >= 95


def test_a_transparent_picture_lies_on_white() -> None:
    """As most programs show it."""
    picture = symbol().convert("RGBA")
    picture.putalpha(Image.eval(picture.convert("L"), lambda level: 255 - level))
    assert climbed(picture).score >= 95


def test_a_picture_that_says_something_else_gets_nothing() -> None:
    """Reading well is not enough."""
    ladder = climb(symbol(), b"other", MODULES)
    assert (ladder.score, ladder.grade, ladder.readable) == (0, Grade.F, False)
    assert "cannot read" in said(advice(ladder))
    assert print_advice(ladder) == ()


def test_red_on_white_is_said_to_be_invisible_to_red_scanners() -> None:
    """Black, blue and green are not, and pale grey has another fault."""
    ladder = climbed(symbol("#e01020"))
    assert not ladder.red
    assert "red looks white" in said(advice(ladder))
    assert climbed(symbol("#1030a0")).red
    assert climbed(symbol("#107030")).red
    pale = climbed(symbol("#ccc"))
    assert "red looks white" not in said(advice(pale))
    assert "% contrast" in said(advice(pale))


def test_light_on_dark_is_never_better_than_c_and_said_first() -> None:
    """Many phones do not read it."""
    ladder = climbed(symbol("#fff", "#000"))
    assert ladder.inverted
    assert ladder.grade in {Grade.C, Grade.D}
    assert "light on dark" in str(advice(ladder)[0])


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (covered(25), "smaller logo"),
        (symbol("#aaa"), "close to each other"),
        (symbol(border=1), "4 of its squares"),
        (symbol().filter(ImageFilter.GaussianBlur(4)), "blurs early"),
    ],
    ids=["logo", "pale", "margin", "blur"],
)
def test_the_first_advice_is_about_what_is_wrong(picture: Image.Image, words: str) -> None:
    """Most helpful first, and few of them."""
    sentences = advice(climbed(picture))
    assert words in str(sentences[0])
    assert len(sentences) <= 4


def test_a_dense_symbol_is_told_to_carry_less() -> None:
    """It reads well, but has to be large."""
    made = segno.make("a" * 800, error="m")
    modules = np.array(made.matrix, np.uint8)
    picture = Image.fromarray(255 - 255 * np.pad(modules, 4).repeat(4, 0).repeat(4, 1))
    assert "Fewer characters" in said(advice(climb(picture, None, len(modules))))


@pytest.mark.parametrize(("errors", "unused"), [(1, 0.91), (5, 0.58), (11, 0.08)])
def test_the_unused_error_correction_is_told_rightly(errors: int, unused: float) -> None:
    """Also below a tenth, where zxing-cpp writes 0.08 as 0.8."""
    hit = np.flatnonzero(np.asarray(blocks(5, Level.M).of) == 0)[:errors]
    wrong = np.pad(np.isin(codewords(5), hit), 4).repeat(10, 0).repeat(10, 1)
    pixels = np.where(wrong[:, :, None], 255 - np.asarray(symbol()), np.asarray(symbol()))
    assert climbed(Image.fromarray(pixels)).unused == pytest.approx(unused)


# --- anybody's pictures -------------------------------------------------------------------------------------


def photo(turned: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Lay a symbol on a grey table."""
    table = Image.new("RGB", (1500, 1200), "#807868")
    table.paste(turned(symbol(scale=12)), (300, 200))
    return table


def leaning(picture: Image.Image) -> Image.Image:
    """See it from the lower left, as wide as before."""
    side = picture.width
    numbers = homography(
        ((0, 0), (side, 0), (side, side), (0, side)),
        ((40, 30), (side - 60, 90), (side - 20, side - 70), (10, side - 10)),
    )
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, numbers, fillcolor="#807868")


@pytest.mark.parametrize(
    "turned",
    [
        lambda each: each,
        lambda each: each.rotate(90),
        lambda each: each.rotate(33, Image.Resampling.BICUBIC, True, fillcolor="#807868"),
        leaning,
    ],
    ids=["upright", "on its side", "turned", "leaning"],
)
def test_a_photographed_code_is_set_upright(turned: Callable[[Image.Image], Image.Image]) -> None:
    """Its score is then that of the code, and its quiet zone comes along."""
    ladder = prove_photo(photo(turned))
    assert ladder is not None
    assert (ladder.content, ladder.modules, ladder.quiet) == (TEXT.encode(), MODULES, 4)
    assert ladder.score >= 90
    (left, top), (right, level), _, (under, _) = ladder.shot.corners
    assert max(abs(level - top), abs(under - left)) < 4
    assert right > left


def test_of_several_codes_the_largest_is_tried() -> None:
    """The small one may be part of the print."""
    table = photo(lambda each: each)
    other = Image.fromarray(255 - 255 * np.pad(np.array(segno.make("small").matrix, np.uint8), 4))
    table.paste(other.resize((200, 200), 0).convert("RGB"), (1200, 50))
    ladder = prove_photo(table)
    assert ladder is not None
    assert ladder.content == TEXT.encode()


def test_a_picture_cut_at_the_symbol_is_told_to_leave_a_margin() -> None:
    """It reads, but nothing tells it from what it will lie on."""
    ladder = prove_photo(symbol(border=0))
    assert ladder is not None
    assert ladder.quiet == 0
    assert ladder.rung("bare").read == 0
    assert "4 of its squares" in str(advice(ladder)[0])


@pytest.mark.parametrize("name", HOSTILE)
def test_what_holds_no_code_is_told_without_a_fault(name: str) -> None:
    """One pixel, a line, nothing, grain: None, or a score of 0, and the strip can still be drawn."""
    picture = HOSTILE[name]
    assert prove_photo(picture) is None
    ladder = climb(picture, b"x", 25)
    assert (ladder.score, ladder.grade) == (0, Grade.F)
    assert strip(views(ladder)).width == WIDTH
