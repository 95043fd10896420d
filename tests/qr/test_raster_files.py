"""Files made of pixels are taken apart and read with a reader that is not ours."""

import io
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture

from bot.qr.output.raster import jpeg, pixels, png, webp
from bot.qr.style.style import Print
from tests.qr.rasters import CASES, SIDE, drawing, module, plain, read


def chunks(data: bytes) -> dict[bytes, bytes]:
    """Take a PNG apart, checking each chunk's sum."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = {}, 8
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", data, at + 8 + size) == (zlib.crc32(name + body),)
        found[name] = body
        at += 12 + size
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("px", [12, 7])
def test_a_png_holds_the_pixels(case: str, px: int) -> None:
    """Bit for bit, whatever its depth and filter; and nothing but chunks that are needed."""
    of = drawing(**CASES[case][1], module=px)
    data = png(of)
    assert (read(data) == np.asarray(pixels(of).image().convert("RGBA"))).all()
    assert set(chunks(data)) <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


@pytest.mark.parametrize(
    ("dark", "light"), [("#000000", "#ffffff"), ("#ffffff", "#000000"), ("#102030", "#ffeedd")]
)
@pytest.mark.parametrize("px", [1, 3, 7, 8, 10, 24])
@pytest.mark.parametrize("spare", [0, 0.7, 1.4])
def test_plain_squares_take_a_bit_a_pixel_and_look_the_same(
    dark: str, light: str, px: int, spare: float
) -> None:
    """The short way gives the pixels of the general one, wherever the symbol begins."""
    of = plain(dark, light, px, spare)
    data = png(of)
    general = pixels(of)
    assert chunks(data)[b"IHDR"][8] == 1
    assert (read(data) == np.asarray(general.image().convert("RGBA"))).all()
    numbers = np.frombuffer(of.tiles, np.uint8).reshape(SIDE, SIDE)
    at = round(of.layout.x * px)
    wanted = np.zeros((general.height, general.width), np.uint8)
    wanted[at : at + SIDE * px, at : at + SIDE * px] = np.kron(numbers, np.ones((px, px), np.uint8)) * 15
    assert (general.pixels == wanted).all()


@pytest.mark.parametrize("px", [5, 8, 10, 16, 24])
def test_plain_squares_take_few_bytes_however_wide_they_are(px: int) -> None:
    """Near what the slowest compression of the same lines takes: also where a module is whole bytes wide."""
    held = chunks(png(plain("#000000", "#ffffff", px, 0)))[b"IDAT"]
    assert len(held) < 1.5 * len(zlib.compress(zlib.decompress(held), 9))


def test_sixteen_colours_take_half_a_byte() -> None:
    """Shades of one ink on one ground: four bits a pixel where tiles begin and end on bytes."""
    assert chunks(png(drawing(above=())))[b"IHDR"][8] == 4
    assert chunks(png(drawing(above=(), module=7)))[b"IHDR"][8] == 8


def test_a_png_for_print_says_how_large_it_is() -> None:
    """pHYs, in pixels a metre; without a width in millimetres there is none."""
    for of in (
        drawing(print=Print(width=50, dpi=300)),
        replace(plain(), layout=replace(plain().layout, print=Print(width=9, dpi=300))),
    ):
        assert chunks(png(of))[b"pHYs"] == struct.pack(">IIB", 11811, 11811, 1)


@pytest.mark.parametrize("case", ["palette", "logo", "gradient", "transparent", "photograph below"])
def test_without_isal_the_pixels_are_the_same(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """zlib stands in; only the compressed bytes differ."""
    file = module("bot.qr.output.raster.chunks")
    of = drawing(**CASES[case][1])
    usual = read(png(of))
    monkeypatch.setitem(__import__("sys").modules, "isal", None)
    file._packer.cache_clear()
    try:
        assert file._packer() is zlib
        assert (read(png(of)) == usual).all()
    finally:
        file._packer.cache_clear()


@pytest.mark.parametrize("case", CASES)
def test_grey_is_what_pillow_makes_over_white(case: str) -> None:
    """Luma of each pixel, to the rounding; whether put together from tiles or from pixels."""
    raster = pixels(drawing(**CASES[case][1]))
    white = Picture.new("RGBA", (raster.width, raster.height), "#ffffff")
    wanted = np.asarray(Picture.alpha_composite(white, raster.image().convert("RGBA")).convert("L"))
    for grey in (raster.grey(), replace(raster, source=None).grey()):
        assert grey.dtype == np.uint8
        assert grey.flags.c_contiguous
        assert np.abs(grey.astype(int) - wanted).max() <= 1


def test_jpeg_and_webp_show_the_picture() -> None:
    """JPEG over white and at full chroma, WebP without loss where colours are few."""
    clear = drawing(**CASES["transparent"][1])
    image = Picture.open(io.BytesIO(jpeg(clear)))
    white = Picture.new("RGBA", image.size, "#ffffff")
    wanted = np.asarray(Picture.alpha_composite(white, pixels(clear).image().convert("RGBA")).convert("RGB"))
    assert np.abs(np.asarray(image).astype(int) - wanted).mean() < 2
    assert {layer[1:3] for layer in image.layer} == {(1, 1)}  # type: ignore[attr-defined]
    assert (read(webp(drawing())) == np.asarray(pixels(drawing()).image().convert("RGBA"))).all()
    assert (read(webp(clear))[..., 3] == np.asarray(pixels(clear).image())[..., 3]).all()
    coloured = drawing(**CASES["gradient"][1])
    assert np.abs(read(webp(coloured)).astype(int) - read(png(coloured))).mean() < 5
    assert len(jpeg(clear, 40)) < len(jpeg(clear))


def test_a_jpeg_for_print_says_how_large_it_is() -> None:
    """Its density is in the JFIF header."""
    data = jpeg(drawing(print=Print(width=50, dpi=300)))
    assert Picture.open(io.BytesIO(data)).info["dpi"] == (300, 300)
