"""Styles that do not scan are mended by the smallest change that does, and each change is said."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from bot.qr.matrix import Role
from bot.qr.payloads.payload import FREE, Level, Payload, Rules
from bot.qr.proof import Fault, Grade, Unread, Verdict
from bot.qr.proof.apart import moved
from bot.qr.proof.gate import gate, graded
from bot.qr.proof.grades import contrast
from bot.qr.proof.margin import margin
from bot.qr.proof.remedies import REMEDIES
from bot.qr.proof.repair import TRIES, Mended, mended
from bot.qr.refusal import Refused
from bot.qr.style.colours import luminance, stops
from bot.qr.style.style import DEFAULT, Backdrop, Frame, Gradient, Logo, Print, Style
from bot.qr.symbol import encode

URL = Payload("https://example.com/some/longer/path?with=values")


class Easel:
    """Draws styles with Pillow alone, puts each through the gate, and counts them."""

    def __init__(self, payload: Payload = URL) -> None:
        self.payload = payload
        self.seen: list[Style] = []

    def __call__(self, style: Style) -> Verdict:
        self.seen.append(style)
        level = Level.H if style.logo else style.level
        symbol = encode(self.payload, level, mask=style.mask if style.mask >= 0 else None)
        size, quiet = symbol.size, style.quiet_zone
        module = max(1, style.size // (size + 2 * quiet))
        dark, light = (
            np.array([ImageColor.getrgb(each) for each in stops(paint)])
            for paint in (style.dark, style.light)
        )
        slope = np.arange(size) * (len(dark) - 1) // (size - 1)
        grid = np.where(symbol.modules[..., None] == 1, dark[slope][None, :, :], light[0])
        role, eye = symbol.roles, style.finder_colour or style.eyeball_colour
        if eye:
            grid[(role == Role.FINDER) & (symbol.modules == 1)] = ImageColor.getrgb(eye)
        hidden = np.zeros((size, size), np.bool_)
        if style.logo:
            wide = round(size * style.logo.size / 200)
            hidden[size // 2 - wide : size // 2 + wide + 1, size // 2 - wide : size // 2 + wide + 1] = True
            grid[hidden] = (200, 60, 60)
        ground = ImageColor.getrgb(style.frame.colour) if style.frame and style.frame.colour else light[0]
        page = np.full((size + 2 * quiet + 2, size + 2 * quiet + 2, 3), ground)
        page[1:-1, 1:-1] = light[0]
        page[quiet + 1 : quiet + 1 + size, quiet + 1 : quiet + 1 + size] = grid
        shown = Image.fromarray(page.astype(np.uint8)).resize(
            (len(page) * module,) * 2, Image.Resampling.NEAREST
        )
        return gate(
            symbol, np.asarray(shown.convert("L")), self.payload, module=module,
            grades=graded(style, margin(symbol, hidden) if style.logo else None),
            asked=Grade[style.grade], exact=style.exact,
        )  # fmt: skip


def mend(style: Style, rules: Rules = FREE) -> Mended:
    """Mend a style on an easel; what comes back was drawn last or before, within the bound, and passes."""
    easel = Easel()
    found = mended(style, easel, rules)
    assert found.style in easel.seen
    assert len(easel.seen) <= TRIES + 2
    assert found.verdict.passed
    assert Easel()(found.style).grades.overall >= Grade[style.grade]
    return found


def sentences(found: Mended) -> list[str]:
    """List what is said."""
    return [str(each) for each in found.said]


@pytest.mark.parametrize(
    "style",
    [
        DEFAULT,
        Style(dark="#1a2b3c", light="#f5f0e6", quiet_zone=3, modules="dot", finder="circle"),
        Style(dark=Gradient("linear", ("#e94057", "#8a2387"))),
        Style(logo=Logo("emoji:⭐", size=16)),
        Style(finder_colour="#0a5c36", eyeball_colour="#0a5c36", frame=Frame("plate", "Scan me")),
    ],
)
def test_a_style_that_passes_is_left_exactly_as_asked(style: Style) -> None:
    """One look, no change, nothing said."""
    easel = Easel()
    found = mended(style, easel)
    assert (found.style, found.said) == (style, ())
    assert easel.seen == [style]


BAD = {
    "white on light yellow": Style(dark="#ffffff", light="#ffffe0"),
    "red on green": Style(dark="#e00000", light="#008000"),
    "yellow on white": Style(dark="#ffff00"),
    "grey on grey": Style(dark="#888888", light="#999999"),
    "huge logo": Style(logo=Logo("emoji:⭐", size=50)),
    "light on dark": Style(dark="#ffffff", light="#102030"),
    "tiny quiet zone": Style(quiet_zone=0),
    "pale eyes": Style(finder_colour="#ffe066", eyeball_colour="#ffe066"),
    "gradient into the ground": Style(dark=Gradient("linear", ("#000000", "#ffffff"))),
    "everything": Style(
        dark="#ffd700", finder_colour="#ffff00", quiet_zone=1, logo=Logo("emoji:⭐", size=40)
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_style_reaches_its_grade(name: str) -> None:
    """Each is mended to B in few looks, and said so in lines that a person understands."""
    found = mend(BAD[name])
    assert found.style != BAD[name]
    assert found.style.modules == BAD[name].modules
    assert bool(found.style.logo) == bool(BAD[name].logo)
    assert 1 <= len(found.said) <= 4
    assert all(len(each) <= 120 for each in sentences(found))


@pytest.mark.parametrize("grade", ["A", "B", "C", "D"])
def test_an_easier_grade_is_reached_with_less(grade: str) -> None:
    """The logo stays as large, and the colour as light, as the grade allows."""
    logo = mend(replace(BAD["huge logo"], grade=grade)).style.logo
    dark = str(mend(replace(BAD["yellow on white"], grade=grade)).style.dark)
    assert logo is not None
    harder = {"A": "A", "B": "A", "C": "B", "D": "C"}[grade]
    smaller = mend(replace(BAD["huge logo"], grade=harder)).style.logo
    assert smaller is not None
    assert 8 <= smaller.size <= logo.size < 50
    assert luminance(dark) >= luminance(str(mend(replace(BAD["yellow on white"], grade=harder)).style.dark))


def test_the_logo_is_the_largest_that_passes() -> None:
    """A logo one step larger fails; the sentence says from what to what."""
    found = mend(BAD["huge logo"])
    assert found.style.logo is not None
    larger = replace(found.style, logo=replace(found.style.logo, size=found.style.logo.size + 2))
    assert not Easel()(larger).passed
    assert (
        f"I made the logo smaller so that every phone can read the code: 50 % → {found.style.logo.size} %."
        in sentences(found)
    )


def test_light_on_dark_is_set_on_a_light_plate() -> None:
    """The colours are swapped inside and the ground asked for is kept around; a frame asked for stays."""
    found = mend(BAD["light on dark"])
    assert (found.style.dark, found.style.light) == ("#102030", "#ffffff")
    assert found.style.frame == Frame("plate", colour="#102030")
    assert sentences(found) == [
        "I set the code on a light plate, since many phones cannot read light on dark."
    ]
    asked = Frame("banner", "Hello")
    assert mend(replace(BAD["light on dark"], frame=asked)).style.frame == asked
    eyes = replace(BAD["light on dark"], finder_colour="#eeeeee", eyeball_colour="#000010")
    assert (mend(eyes).style.finder_colour, mend(eyes).style.eyeball_colour) == ("", "#000010")


def test_an_exact_style_is_left_unless_nothing_reads_it() -> None:
    """Light on dark, no quiet zone and pale colours stay; what cannot be read at all is refused."""
    for asked in (BAD["light on dark"], BAD["tiny quiet zone"], Style(dark="#cccc44")):
        style = replace(asked, exact=True)
        found = mended(style, Easel())
        assert (found.style, found.said) == (style, ())
    with pytest.raises(Unread):
        mended(replace(BAD["huge logo"], exact=True), Easel())
    with pytest.raises(Unread):
        mended(Style(dark="#fefefe", exact=True), Easel())


def test_eyes_alone_are_darkened_where_they_alone_are_pale() -> None:
    """Modules and ground stay as asked."""
    found = mend(BAD["pale eyes"])
    assert (found.style.dark, found.style.light) == ("#000000", "#ffffff")
    assert luminance(found.style.finder_colour) < luminance("#ffe066")
    assert sentences(found) == ["I made the finder patterns darker so that every phone finds the code."]


def test_every_stop_of_a_gradient_moves() -> None:
    """A gradient stays one, with as many colours."""
    found = mend(Style(dark=Gradient("linear", ("#ff8800", "#ffcc00", "#ffee88"), 45))).style.dark
    assert isinstance(found, Gradient)
    assert (found.kind, found.angle, len(found.colours)) == ("linear", 45, 3)
    assert all(luminance(each) < 0.5 for each in found.colours)


def test_another_mask_is_tried_first_and_nothing_is_said() -> None:
    """Where only one mask reads, that is what is taken."""

    def accepts(style: Style) -> Verdict:
        return Verdict() if style.mask == 4 else Verdict((Fault.SMALL,))

    found = mended(Style(modules="star"), accepts)
    assert (found.style, found.said) == (Style(modules="star", mask=4), ())


def test_shapes_become_calmer_step_by_step() -> None:
    """Finder patterns before modules, neither further than it takes, and together where one is not enough."""

    def accepts(style: Style) -> Verdict:
        calm = style.finder in ("rounded", "square") and style.modules in ("dot", "squircle", "square")
        return Verdict() if calm else Verdict((Fault.SMALL,))

    found = mended(Style(modules="small dot", finder="pinwheel"), accepts)
    assert (found.style.modules, found.style.finder) == ("dot", "rounded")
    assert len(found.said) == 2


def test_a_small_picture_becomes_as_large_as_it_must() -> None:
    """Pixels grow until it reads, unless millimetres are asked for."""

    def accepts(style: Style) -> Verdict:
        return Verdict() if style.size >= 250 else Verdict((Fault.PIXELS,))

    found = mended(Style(size=100), accepts)
    assert (found.style.size, sentences(found)) == (
        300,
        ["I made the picture larger so that it can be read: 100 → 300 pixels."],
    )
    with pytest.raises(Unread):
        mended(Style(size=100, print=Print(width=3)), accepts)


def test_a_backdrop_fades_only_as_far_as_needed() -> None:
    """The first fade that reads is taken; where the amount was left to us nothing is said."""

    def accepts(style: Style) -> Verdict:
        faded = style.backdrop is not None and style.backdrop.fade >= 45
        return Verdict() if faded else Verdict((Fault.PIXELS,))

    left_to_us = mended(Style(backdrop=Backdrop("asset:1")), accepts)
    assert (left_to_us.style.backdrop, left_to_us.said) == (Backdrop("asset:1", 50), ())
    asked = mended(Style(backdrop=Backdrop("asset:1", 5)), accepts)
    assert sentences(asked) == ["I faded the background so that every phone can read the code: 5 % → 45 %."]


def test_what_nothing_helps_is_drawn_plainly_or_refused() -> None:
    """Plain black on white is the last resort, with the frame where that reads; where even it fails: Unread."""
    fancy = Style(dark="#123456", modules="star", frame=Frame("plate"), level=Level.Q, size=600)

    def plain_only(style: Style) -> Verdict:
        return Verdict() if style.dark == "#000000" and not style.frame else Verdict((Fault.PIXELS,))

    found = mended(fancy, plain_only)
    assert found.style == replace(DEFAULT, level=Level.Q, size=600)
    assert sentences(found) == [
        "No change of this look reads well enough, so I drew the code in plain black on white."
    ]
    for fault in (Fault.PIXELS, Fault.SYMBOL):
        with pytest.raises(Unread):
            mended(fancy, lambda _, fault=fault: Verdict((fault,)))  # type: ignore[misc]


def test_a_change_that_cannot_be_drawn_is_passed_over() -> None:
    """A higher level may need a larger symbol than there is; the logo is made smaller then. What was asked for still raises."""
    easel = Easel()

    def accepts(style: Style) -> Verdict:
        if style.level != Level.M:
            raise Refused("This is too long.")
        return easel(style)

    assert mended(BAD["huge logo"], accepts).verdict.passed
    with pytest.raises(Refused, match="too long"):
        mended(replace(BAD["huge logo"], level=Level.H), accepts)


def test_a_level_that_a_specification_sets_is_kept() -> None:
    """Rules that name a level leave no repair that changes it."""
    huge, free = BAD["huge logo"], {
        step.style.level for each in REMEDIES for step in each.steps(BAD["huge logo"], FREE)
    }
    set_ = {step.style.level for each in REMEDIES for step in each.steps(huge, Rules(level=Level.M))}
    assert (Level.H in free, set_) == (True, {Level.M})


def test_every_repair_changes_something_and_is_one_sentence() -> None:
    """Of a style with everything in it, each single repair is another style, and is told."""
    style = replace(
        BAD["everything"], modules="star", finder="circle", eyeball="heart", backdrop=Backdrop("asset:1", 10),
        logo=Logo("emoji:⭐", size=30, behind=True), corners=50,
    )  # fmt: skip
    for remedy in REMEDIES:
        steps = list(remedy.steps(style, FREE))
        assert steps
        assert len({each.style for each in steps}) == len(steps)
        assert all(each.style != style and str(each.said).endswith(".") for each in steps)


@given(st.tuples(*[st.integers(0, 255)] * 3), st.floats(-1, 1))
def test_a_moved_colour_keeps_its_hue_and_goes_the_right_way(rgb: tuple[int, int, int], by: float) -> None:
    """Darker is not lighter, nothing is moved by nothing, and a grey stays grey."""
    colour = "#" + bytes(rgb).hex()
    found = moved(colour, by)
    assert (luminance(found) - luminance(colour)) * by >= -1e-3
    assert all(abs(a - b) <= 1 for a, b in zip(bytes.fromhex(moved(colour, 0)[1:]), rgb, strict=True))
    assert moved(colour, 1) == "#ffffff"
    assert moved(colour, -1) == "#000000"
    grey = bytes.fromhex(moved(f"#{bytes([rgb[0]] * 3).hex()}", by)[1:])
    assert max(grey) - min(grey) <= 1


COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@settings(max_examples=25)
@given(COLOURS, COLOURS, st.sampled_from(("", "#ffcc00")), st.integers(0, 4), st.sampled_from("ABC"))
def test_any_two_colours_are_mended(dark: str, light: str, eyes: str, quiet: int, grade: str) -> None:
    """Whatever the colours, the result reaches its grade, in few looks."""
    style = Style(dark=dark, light=light, finder_colour=eyes, quiet_zone=quiet, grade=grade, size=400)
    found = mend(style)
    assert min(contrast(found.style)) >= Grade[grade]
