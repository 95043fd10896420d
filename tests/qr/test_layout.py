"""Where everything goes: sizes to the pixel and to the millimetre, whole modules, what is left free."""

import io
import re
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.qr.drawing import Fill
from bot.qr.drawing import Image as Shown
from bot.qr.drawing import Layout
from bot.qr.layout import draw, plan, swiss_cross
from bot.qr.logo import Art
from bot.qr.matrix import alignments, size_of
from bot.qr.output import OUTPUT
from bot.qr.output.raster import pixels, png
from bot.qr.payloads.payload import Level, Payload
from bot.qr.refusal import Refused
from bot.qr.shapes.frames import FRAME_NAMES
from bot.qr.shapes.path import Box, bounds
from bot.qr.style import DEFAULT, TRANSPARENT, Backdrop, Frame, Gradient, Logo, Print, Style
from bot.qr.style.limits import PIXELS
from bot.qr.symbol import encode
from tests.qr.artwork import art

URL = Payload("https://example.com/menu?table=12")
INCH = 25.4  # millimetres
NEAR = 1e-6

frames = st.none() | st.builds(Frame, st.sampled_from(FRAME_NAMES), st.sampled_from(("", "Scan me")))
versions = st.sampled_from((1, 2, 7, 25, 40))


def whole(value: float) -> bool:
    """Tell whether a number of pixels is a whole one."""
    return abs(value - round(value)) < NEAR


def assert_inside(layout: Layout, style: Style) -> None:
    """Hold symbol and quiet zone against trim and pixels."""
    assert layout.module >= 1
    assert whole(layout.x * layout.module)
    assert whole(layout.y * layout.module)
    quiet, edge, pixel = style.quiet_zone, layout.bleed, 1 / layout.module + NEAR
    for start, length in ((layout.x, layout.width), (layout.y, layout.height)):
        assert start - quiet >= edge - pixel
        assert start + layout.side + quiet <= length - edge + pixel


@given(versions, frames, st.integers(64, 4096), st.integers(0, 20), st.integers(0, 50))
def test_the_longer_side_is_exactly_as_many_pixels_as_asked(
    version: int, frame: Frame | None, size: int, quiet: int, corners: int
) -> None:
    """Whatever frame and quiet zone; modules lie on whole pixels; where they would be less, the least is named."""
    style = Style(frame=frame, size=size, quiet_zone=quiet, corners=corners)
    try:
        layout = plan(style, version).layout
    except Refused as refused:
        least = int(re.findall(r"\d+", str(refused))[0])
        assert least > size
        assert plan(replace(style, size=least), version).layout.module == 1
        return
    assert max(layout.pixels) == size
    assert all(whole(each * layout.module) for each in (layout.width, layout.height))
    assert_inside(layout, style)
    assert layout.corner <= min(layout.width, layout.height) / 2 + NEAR


def _too_small_or_large(refused: Refused) -> None:
    assert refused.field == ("print" if "least" in refused.values else "dpi")


@given(versions, frames, st.integers(2000, 20000), st.sampled_from((72, 150, 300, 600)), st.integers(0, 100))
def test_a_print_is_as_wide_as_asked_to_a_pixel(
    version: int, frame: Frame | None, width: int, dpi: int, bleed: int
) -> None:
    """Trim and bleed in millimetres come to the nearest pixel; the bleed lies outside of the trim on every side."""
    how = Print(width / 100, dpi, bleed / 10)
    style = Style(frame=frame, print=how)
    try:
        layout = plan(style, version).layout
    except Refused as refused:
        _too_small_or_large(refused)
        return
    dots = dpi / INCH
    assert layout.pixels[0] == round((how.width + 2 * how.bleed) * dots)
    assert max(layout.pixels) <= PIXELS
    trim = layout.width - 2 * layout.bleed
    assert trim * layout.module / dots == pytest.approx(how.width, abs=0.5 / dots + NEAR)
    assert layout.bleed / trim * how.width == pytest.approx(how.bleed, abs=0.01)
    assert_inside(layout, style)


@pytest.mark.parametrize("frame", [None, Frame("plate", "Scan me"), Frame("bag", "Scan me")])
@pytest.mark.parametrize("bleed", [0.0, 3.0])
def test_a_pdf_measures_right_to_a_tenth_of_a_millimetre(frame: Frame | None, bleed: float) -> None:
    """Its trim box is as wide as asked, its bleed box that much wider, its media box holds the crop marks."""
    how = Print(85.0, 300, bleed, marks=bleed > 0)
    data = OUTPUT["pdf"].write(draw(encode(URL), Style(frame=frame, print=how)))
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[0]
        trim, outside, media = page.get_trimbox(), page.get_bleedbox(), page.get_mediabox()
    finally:
        document.close()
    point = INCH / 72
    assert (trim[2] - trim[0]) * point == pytest.approx(85, abs=0.1)
    for at, sign in enumerate((-1, -1, 1, 1)):
        assert (outside[at] - trim[at]) * sign * point == pytest.approx(bleed, abs=0.1)
        assert (media[at] - outside[at]) * sign * point == pytest.approx(7 if bleed else 0, abs=0.1)


def test_a_print_too_small_for_its_dots_names_the_least_width() -> None:
    """2,000 bytes on 5 mm: less than a dot a module; as wide as it says it can be drawn."""
    symbol, how = encode(Payload("x" * 2000), Level.L), Print(5.0, 300)
    with pytest.raises(Refused, match=r"needs at least \d+ mm at 300 dpi") as caught:
        draw(symbol, Style(print=how))
    least = float(str(caught.value.values["least"]))
    assert draw(symbol, Style(print=replace(how, width=least))).layout.module == 1


def test_a_frame_that_makes_a_print_too_high_is_refused() -> None:
    """No raster is quietly drawn in fewer dots than its file says; with the dots named it is drawn."""
    how = Print(width=680.0, dpi=300)
    style = Style(frame=Frame("polaroid", "Scan me"), print=how)
    with pytest.raises(Refused, match="at most") as caught:
        plan(style, 3)
    assert plan(Style(print=how), 3).layout.pixels[0] == round(680 / INCH * 300)
    fewer = int(str(caught.value.values["dpi"]))
    assert max(plan(replace(style, print=replace(how, dpi=fewer)), 3).layout.pixels) <= PIXELS


# --- corners, grounds, backdrops ----------------------------------------------------------------------------


def shown(style: Style, pictures: Art | None = None) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """Draw a style as RGBA."""
    drawing = draw(encode(URL), style, pictures or Art())
    return np.asarray(Image.open(io.BytesIO(png(drawing))).convert("RGBA"))


def test_rounded_corners_are_clear_and_the_rest_is_not() -> None:
    """A quarter of the shorter side, on all four; the middle of each edge is there."""
    found = shown(Style(corners=25, size=400))
    for y, x in ((0, 0), (0, -1), (-1, 0), (-1, -1), (20, 20), (-21, 20)):
        assert found[y, x, 3] == 0
    for y, x in ((0, 200), (200, 0), (-1, 200), (200, -1), (35, 35)):
        assert found[y, x].tolist() == [255, 255, 255, 255]


def test_a_transparent_ground_is_clear_between_modules() -> None:
    """Alpha is all or nothing for squares, and what is dark is what the symbol says."""
    style = Style(light=TRANSPARENT, size=410)
    layout, found = plan(style, 3).layout, shown(style)
    symbol = encode(URL)
    assert symbol.version == 3
    middles = [
        [round((at + number + 0.5) * layout.module) for number in range(layout.side)]
        for at in (layout.y, layout.x)
    ]
    assert ((found[np.ix_(*middles)][..., 3] > 0) == (symbol.modules == 1)).all()
    assert set(np.unique(found[..., 3]).tolist()) == {0, 255}


def test_a_backdrop_reaches_every_edge_and_fades() -> None:
    """No rim of the ground shows around it; more fade is lighter; modules lie on top."""
    pictures = Art(b"", art(200, 200))
    before = None
    for fade in (0, 40, 90):
        found = shown(Style(backdrop=Backdrop("asset:1", fade), size=500, light="#00ff00"), pictures)
        assert len(np.unique(found[0].reshape(-1, 4), axis=0)) == 1
        edge = found[0, 0, :3].astype(int)
        assert (edge == found[-1, -1, :3]).all()
        assert edge == pytest.approx(
            np.array((0xD1, 0x49, 0x5B)) * (1 - fade / 100) + 255 * fade / 100, abs=2
        )
        assert before is None or edge.sum() > before.sum()
        before = edge
    framed = shown(Style(backdrop=Backdrop("asset:1"), frame=Frame("banner", "Hi")), pictures)
    assert framed[0, 0, :3].tolist() == [255, 255, 255]


@pytest.mark.parametrize("name", ["plate", "polaroid"])
def test_a_frame_that_fills_the_picture_reaches_its_edge_and_its_bleed(name: str) -> None:
    """Cutting a little beside the trim shows the frame's colour, never a white line."""
    style = Style(frame=Frame(name, "Scan me", "#0f5c63"))
    for each in (replace(style, size=701), replace(style, print=Print(60, 300, 3))):
        found = shown(each)
        for edge in (found[0], found[-1], found[:, 0], found[:, -1]):
            assert np.unique(edge.reshape(-1, 4), axis=0).tolist() == [[0x0F, 0x5C, 0x63, 255]]


# --- logos, the Swiss cross ---------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [7, 28, 40])
def test_no_part_of_an_alignment_pattern_is_drawn_under_a_logo(version: int) -> None:
    """Neither as tiles nor as shapes: every path above the modules is inside a pattern that is whole."""
    style = Style(modules="dot", finder="rounded", logo=Logo("asset:1", "round", 20))
    made = plan(style, version, Art(art(200, 200)))
    assert made.hidden.any()
    assert not made.tiled[made.hidden].any()
    corners = {(0, 0), (0, made.layout.side - 7), (made.layout.side - 7, 0)}
    whole_ones = {(y - 2, x - 2) for y, x in alignments(version) if not made.hidden[y, x]}
    rings = next(part for part in made.layout.above if isinstance(part, Fill)).path
    found = {
        (round(box.y - made.layout.y), round(box.x - made.layout.x))
        for box in map(bounds, ((one,) for one in rings))
    }
    assert {each for each in found if each in whole_ones} == whole_ones
    assert corners <= found
    hidden_ones = {(y - 2, x - 2) for y, x in alignments(version) if made.hidden[y, x]}
    assert hidden_ones
    assert not hidden_ones & found


@pytest.mark.parametrize("behind", [False, True])
def test_a_logo_lies_over_or_under_the_modules(behind: bool) -> None:
    """In front its middle is bare; behind, dark modules are drawn on it."""
    style = Style(logo=Logo("asset:1", "square", 30, behind=behind), size=800)
    found = shown(style, Art(art(200, 200)))
    layout = plan(style, 3, Art(art(200, 200))).layout
    middle = slice(round(400 - 3 * layout.module), round(400 + 3 * layout.module))
    dark = (found[middle, middle, :3] == 0).all(2)
    assert dark.any() == behind
    parts = layout.below if behind else layout.above
    assert [each for each in parts if isinstance(each, Shown)]


def test_a_gradient_spans_the_symbol_and_a_plain_ground_is_known() -> None:
    """Where the ground is one colour the layout says so; else it says nothing."""
    sunset = Gradient("linear", ("#000000", "#aa0000"))
    made = plan(Style(dark=sunset, light="#fff4e0"), 3).layout
    assert made.tiles.box == Box(made.x, made.y, 29, 29)
    assert made.ground == "#fff4e0"
    for style in (Style(light=TRANSPARENT), Style(light=sunset), Style(backdrop=Backdrop("asset:1"))):
        assert plan(style, 3, Art(b"", art(9, 9))).layout.ground == ""


def test_the_cross_measures_as_the_style_guide_says() -> None:
    """Of 46 mm: a white square of 7, a black one of 6, and arms of 7/6 by 35/9 mm, all in the middle."""
    areas = swiss_cross(Box(4, 4, 46, 46))
    assert [dark for _, dark in areas] == [False, True, False, False]
    assert [each.width for each, _ in areas] == pytest.approx([7, 6, 7 / 6, 35 / 9])
    assert [each.height for each, _ in areas] == pytest.approx([7, 6, 35 / 9, 7 / 6])
    assert all(each.centre == pytest.approx((27, 27)) for each, _ in areas)


def test_a_layout_is_made_once_for_all_symbols_of_a_version() -> None:
    """The same object for another text; another for another style."""
    one, other = (draw(encode(Payload(text)), DEFAULT).layout for text in ("one", "two"))
    assert one is other
    assert draw(encode(Payload("one")), replace(DEFAULT, size=900)).layout is not one


@pytest.mark.parametrize("version", [1, 6, 7, 20, 40])
@pytest.mark.parametrize("modules", ["square", "dot", "liquid"])
def test_every_version_reads(version: int, modules: str) -> None:
    """At a few pixels a module, whatever is drawn as tiles and whatever as shapes."""
    payload = Payload("v", rules=replace(URL.rules, least=version, most=version))
    drawing = draw(encode(payload), Style(modules=modules, size=5 * (size_of(version) + 8)))
    assert [each.text for each in zxingcpp.read_barcodes(pixels(drawing).grey())] == ["v"]
