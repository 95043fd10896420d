"""Logos: what is taken, what is refused with a sentence, and which modules a placed one hides."""

import io
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bot.qr.layout import draw
from bot.qr.logo import PIXELS, SIDE, emoji, open_art
from bot.qr.output.raster import pixels
from bot.qr.payloads.payload import Payload
from bot.qr.refusal import Refused
from bot.qr.shapes.fonts import named
from bot.qr.style import Style
from bot.qr.symbol import encode
from tests.qr.artwork import packed

BROKEN, MOVES, CODE, LARGE = "cannot open", "moves", "itself a code", "too large"
SOUND = (b"IHDR", b"IDAT", b"IEND")  # chunks of what is kept


def kept(data: bytes) -> Image.Image:
    """Open a picture as a logo."""
    picture = Image.open(io.BytesIO(open_art(data)))
    picture.load()
    return picture


@cache
def halves(width: int = 120, height: int = 80) -> Image.Image:
    """Draw a picture that is red on its left, blue on its right."""
    picture = Image.new("RGB", (width, height), "#0000ff")
    picture.paste("#ff0000", (0, 0, width // 2, height))
    return picture


def turned(by: int) -> Image.Exif:
    """Say how a camera was held."""
    exif = Image.Exif()
    exif[0x0112] = by
    return exif


# --- what is taken ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    "size", [(1, 1), (1, 500), (500, 1), (3000, 2), (16000, 20), (300, 200), (1500, 2000)]
)
def test_any_shape_is_kept_small_and_upright(format: str, size: tuple[int, int]) -> None:
    """One pixel or a ribbon: at most SIDE pixels a side, in its own proportions."""
    found = kept(packed(Image.new("RGB", size, "#c02030"), format))
    scale = min(1.0, SIDE / max(size))
    assert max(found.size) <= SIDE
    assert all(abs(got - max(1, each * scale)) <= 1 for got, each in zip(found.size, size, strict=True))
    assert np.abs(np.asarray(found, np.int16)[..., :3] - (0xC0, 0x20, 0x30)).max() <= 6


def _deep() -> bytes:
    """Write a grey PNG of 16 bits a pixel: a slope from black to white."""
    slope = np.linspace(0, 65535, 200).astype(np.uint16)
    return packed(Image.fromarray(np.tile(slope, (50, 1))))


def test_sixteen_bits_keep_their_shades() -> None:
    """Their upper half is what counts."""
    row = np.asarray(kept(_deep()).convert("L"), np.int16)[25]
    assert np.abs(row - np.linspace(0, 255, 200)).max() <= 2


def test_palettes_inks_and_greys_keep_their_colours() -> None:
    """Whatever way the colours are written, red stays on the left and blue on the right."""
    indexed = halves().quantize(8)
    for data in (
        packed(indexed),
        packed(halves().convert("CMYK"), "JPEG", quality=95),
        packed(halves().convert("RGBA"), "WEBP", lossless=True),
        packed(halves(), "JPEG", quality=95, progressive=True),
    ):
        found = np.asarray(kept(data), np.int16)
        assert np.abs(found[40, 20] - (255, 0, 0, 255)).max() <= 4
        assert np.abs(found[40, 100] - (0, 0, 255, 255)).max() <= 4
    assert np.asarray(kept(packed(halves().convert("1", dither=Image.Dither.NONE)))).shape == (80, 120, 4)


def test_transparency_by_palette_and_by_colour_is_kept() -> None:
    """What a palette or a key colour makes clear is clear, and trimmed where it is the edge."""
    indexed = halves().quantize(8)
    red = indexed.getpixel((0, 0))
    for data in (packed(indexed, transparency=red), packed(halves(), transparency=(255, 0, 0))):
        found = kept(data)
        assert found.size == (60, 80)
        assert np.asarray(found)[..., 3].min() == 255


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_picture_turned_by_exif_stands_upright(format: str) -> None:
    """A phone held sideways writes so; red comes out on top."""
    found = kept(packed(halves(), format, exif=turned(6)))
    assert found.size == (80, 120)
    shown = np.asarray(found, np.int16)
    assert shown[20, 40, 0] > 200 > shown[100, 40, 0]


def test_a_photo_with_a_second_one_inside_does_not_move() -> None:
    """Phones add one of depth or light to a JPEG (CIPA DC-007); the first is what is meant."""
    data = packed(halves(), "MPO", save_all=True, append_images=[halves()])
    assert kept(data).size == (120, 80)


def test_clear_edges_are_trimmed() -> None:
    """What is seen fills the place of the logo."""
    canvas = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    ImageDraw.Draw(canvas).rectangle((100, 50, 159, 79), "#00aa00")
    assert kept(packed(canvas)).size == (60, 30)


def test_nothing_but_pixels_is_kept() -> None:
    """No text, profile, place or time of the file that came in."""
    exif = turned(1)
    exif[0x010E] = "Somebody's garden"
    data = packed(halves(), exif=exif, icc_profile=b"profile" * 99, dpi=(300, 300))
    out, at, names = open_art(data), 8, []
    while at < len(out):
        length = int.from_bytes(out[at : at + 4], "big")
        names.append(out[at + 4 : at + 8])
        at += length + 12
    assert set(names) == set(SOUND)


# --- what is refused ----------------------------------------------------------------------------------------


def _frames() -> list[Image.Image]:
    return [halves().rotate(by).convert("RGB") for by in (90, 180)]


def _moving(format: str) -> bytes:
    return packed(halves(), format, save_all=True, append_images=_frames())


def _code(dark: str, light: str, modules: str = "square") -> bytes:
    drawing = draw(encode(Payload("https://example.com")), Style(dark, light, modules, size=300))
    return packed(pixels(drawing).image())


def _bomb(mode: str = "1", side: int = 9000) -> bytes:
    return packed(Image.new(mode, (side, side)))


def _progressive() -> bytes:
    return packed(Image.new("L", (3600, 3600)), "JPEG", progressive=True, quality=5)


def _ribbon() -> bytes:
    return packed(Image.new("L", (65_000, 130)), "JPEG", quality=5)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", BROKEN),
    "an address": (lambda: b"https://example.com/logo.png", BROKEN),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>', BROKEN),
    "another kind": (lambda: packed(halves(), "BMP"), BROKEN),
    "moving GIF": (lambda: _moving("GIF"), BROKEN),
    "moving PNG": (lambda: _moving("PNG"), MOVES),
    "moving WebP": (lambda: _moving("WEBP"), MOVES),
    "81 megapixels in 10 kB": (_bomb, LARGE),
    "more than Pillow opens": (lambda: _bomb(side=14_000), LARGE),
    "progressive photo": (_progressive, LARGE),
    "ribbon that is not decoded smaller": (_ribbon, LARGE),
    "heavy": (lambda: b"\x89PNG" + bytes(5_000_000), LARGE),
    "clear": (lambda: packed(Image.new("RGBA", (50, 50))), "all of it is transparent"),
    "code": (lambda: _code("#000000", "#ffffff"), CODE),
    "inverted code": (lambda: _code("#ffffff", "#000000"), CODE),
    "faint code": (lambda: _code("#f0f0f0", "#ffffff"), CODE),
    "code on nothing": (lambda: _code("#000000", "transparent"), CODE),
    "white code on nothing": (lambda: _code("#ffffff", "transparent"), CODE),
    "dotted code": (lambda: _code("#1a2b3c", "#ffffff", "dot"), CODE),
}


@pytest.mark.parametrize("name", BAD)
def test_a_picture_that_cannot_be_a_logo_is_refused_in_a_sentence(name: str) -> None:
    """Each says what is wrong, none raises anything else."""
    make, sentence = BAD[name]
    with pytest.raises(Refused, match=sentence) as caught:
        open_art(make())
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("tenths", range(10))
def test_a_torn_file_is_refused(format: str, tenths: int) -> None:
    """Cut off at every tenth; what of it can be seen is no picture to keep."""
    whole = packed(_busy(), format)
    with pytest.raises(Refused, match=BROKEN):
        open_art(whole[: len(whole) * tenths // 10])


@cache
def _busy() -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 256, (40, 40, 3), np.uint8))


@given(
    st.sampled_from(("PNG", "JPEG", "WEBP")),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_flipped_bytes_open_or_are_refused(format: str, flips: list[tuple[float, int]]) -> None:
    """Whatever decoders raise comes out as a sentence; what opens is small."""
    data = bytearray(packed(_busy(), format))
    for share, value in flips:
        data[int(share * len(data))] = value
    with suppress(Refused):
        assert max(kept(bytes(data)).size) <= SIDE


def test_a_header_that_lies_about_its_size_is_refused() -> None:
    """A million by a million pixels, in a file of a few bytes."""
    data = packed(halves())
    size = (10**6).to_bytes(4, "big") * 2
    check = zlib.crc32(b"IHDR" + size + data[24:29]).to_bytes(4, "big")
    with pytest.raises(Refused):
        open_art(data[:16] + size + data[24:29] + check + data[33:])


_PEAK = """
import sys
from bot.qr.logo import open_art
from bot.qr.refusal import Refused

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

def opened(data):
    try:
        open_art(data)
    except Refused:
        pass

data = sys.stdin.buffer.read()
first, rest = data[4:4 + int.from_bytes(data[:4], "big")], data[4 + int.from_bytes(data[:4], "big"):]
opened(first)
before = peak()
opened(rest)
print((peak() - before) // 1024)
"""


def _photo(mode: str, width: int, height: int, format: str, **options: object) -> bytes:
    return packed(Image.new(mode, (width, height), "red"), format, **options)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("data", "size"),
    [
        pytest.param(_bomb, 9000**2, id="81 megapixels"),
        pytest.param(lambda: _photo("RGBA", 2828, 2828, "PNG"), PIXELS, id="largest PNG"),
        pytest.param(lambda: _photo("RGB", 1732, 1732, "WEBP"), 3_000_000, id="largest WebP"),
        pytest.param(lambda: _photo("RGB", 6000, 6000, "JPEG"), 36_000_000, id="large photo"),
        pytest.param(lambda: _photo("RGB", 61_000, 130, "JPEG"), PIXELS, id="ribbon"),
        pytest.param(
            lambda: _photo("RGB", 2448, 2448, "JPEG", progressive=True, subsampling=0),
            6_000_000,
            id="progressive",
        ),
    ],
)
def test_opening_takes_little_memory(data: Callable[[], bytes], size: int) -> None:
    """No picture takes more than some 50 MiB, whatever it says it is: seen from a process of its own."""
    small = packed(Image.new("RGB", (400, 400), "blue"))
    given = len(small).to_bytes(4, "big") + small + data()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PEAK],
        input=given,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert int(done.stdout) <= 75, size


# --- emoji --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(named("NotoColorEmoji") is None, reason="needs Noto Color Emoji: make system")
def test_an_emoji_becomes_a_picture_and_other_text_does_not() -> None:
    """One emoji, in colour; letters, many emoji and unknown characters are refused."""
    picture = Image.open(io.BytesIO(emoji("⭐")))
    assert picture.mode == "RGBA"
    red, green, blue, alpha = np.asarray(picture, int)[60, 60]
    assert (red > 200, green > 100, blue < 120, alpha) == (True, True, True, 255)
    for text in ("", "⭐⭐⭐", "\U0010fffd"):
        with pytest.raises(Refused, match="cannot draw"):
            emoji(text)
