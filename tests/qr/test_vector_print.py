"""Vectors on paper: true sizes, trim, bleed and crop marks, and the inks that are meant."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from PIL import Image as Picture

from bot.qr.drawing import Drawing, Image
from bot.qr.output.vector import eps, pdf, svg
from bot.qr.style.style import Gradient, Print
from tests.qr.scenes import (
    CONIC,
    FORMATS,
    GS,
    MIDDLE,
    QUIET,
    SIDE,
    Scene,
    drawn,
    eps_size,
    from_pdf,
    render,
    streams,
)

PAPER = Print(width=60, bleed=3, marks=True)
BLEED = 3 * (SIDE + 2 * QUIET) / 60  # modules of 3 mm
POINT = 25.4 / 72


def test_a_pdf_measures_right_on_paper() -> None:
    """60 mm of trim, 3 mm of bleed, 7 mm more for the marks; on the page the symbol is 37 modules wide, to 0.1 mm."""
    data = pdf(drawn(Scene(print=PAPER, bleed=BLEED)))
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    boxes = [page.get_mediabox(), page.get_bleedbox(), page.get_trimbox()]
    document.close()
    wanted = [(0, 80), (7, 73), (10, 70)]
    for box, (start, end) in zip(boxes, wanted, strict=True):
        assert [edge * POINT for edge in box] == pytest.approx([start, start, end, end], abs=0.01)
    dark = from_pdf(data, 1600)[..., 0] < 128  # 20 pixels a millimetre
    middle = dark[200:1400, 200:1400]
    columns, rows = np.flatnonzero(middle.any(axis=0)), np.flatnonzero(middle.any(axis=1))
    module = 60 / (SIDE + 2 * QUIET)
    for found in (columns, rows):
        assert (found[0] / 20, (found[-1] + 1) / 20) == pytest.approx(
            (QUIET * module, (QUIET + SIDE) * module), abs=0.1
        )
    assert (found[-1] + 1 - found[0]) / 20 == pytest.approx(SIDE * module, abs=0.1)


@pytest.mark.parametrize("form", FORMATS)
def test_crop_marks_point_to_the_trim_from_outside_the_bleed(form: str) -> None:
    """Eight lines of 5 mm, 2 mm from the bleed, along the edges of the trim; nothing else lies out there."""
    drawing = drawn(Scene(light="#ffeecc", print=PAPER, bleed=BLEED))
    shown = render(drawing, form, 1600)
    dark = shown.min(axis=-1) < 128
    for strip in (dark[:100], dark[-100:], dark[:, :100].T, dark[:, -100:].T):
        across = np.flatnonzero(strip.any(axis=0))
        marked = across[(across > 140) & (across < 1460)]
        assert sorted({round(each / 20) for each in marked}) == [10, 70]
    for strip in (dark[100:140], dark[-140:-100]):
        assert not strip[:, 150:-150].any()
    assert shown[145, 800].tolist() == [0xFF, 0xEE, 0xCC]  # the bleed is painted


def test_svg_and_eps_say_the_same_size_as_the_pdf() -> None:
    """Millimetres in SVG, points in EPS; without a width to print, pixels and 50 mm."""
    printed, plain = drawn(Scene(print=PAPER, bleed=BLEED)), drawn(Scene())
    assert b' width="80mm" height="80mm" ' in svg(printed)
    assert eps_size(eps(printed)) == pytest.approx((80 / POINT, 80 / POINT), abs=0.001)
    assert b' width="450" height="450" ' in svg(plain)
    assert eps_size(eps(plain)) == pytest.approx((50 / POINT, 50 / POINT), abs=0.001)
    document = pypdfium2.PdfDocument(pdf(plain))
    assert document[0].get_width() * POINT == pytest.approx(50, abs=0.001)
    document.close()


@pytest.mark.parametrize("writer", [pdf, eps])
def test_black_is_black_ink_alone(writer: Callable[[Drawing], bytes]) -> None:
    """Black and white are set as greys, never as red, green and blue."""
    data = writer(drawn(Scene()))
    content = b"\n".join([data.partition(b"\nq\n")[2], *streams(data)])
    assert re.search(rb"^0 g$", content, re.M)
    assert not re.search(rb"^[\d. ]+ (rg|k)$", content, re.M)


@pytest.mark.skipif(GS is None, reason="Ghostscript is not installed: make system")
@pytest.mark.parametrize("writer", [pdf, eps])
def test_cmyk_keeps_to_the_inks_meant(writer: Callable[[Drawing], bytes]) -> None:
    """Ghostscript measures the ink: greys take black alone, yellow takes yellow alone, gradients and pictures follow."""
    grey = Gradient("linear", ("#000000", "#999999"))
    cyan, magenta, yellow, black = _inks(writer(drawn(Scene("dot", grey, print=Print(cmyk=True)))))
    assert (cyan, magenta, yellow) == (0, 0, 0)
    assert black > 0.05
    logo = io.BytesIO()
    Picture.new("RGBA", (20, 20), "#ffff00").save(logo, "PNG")
    scene = Scene(above=(Image(logo.getvalue(), MIDDLE),), free=11, print=Print(cmyk=True))
    cyan, magenta, yellow, black = _inks(writer(drawn(scene)))
    assert (cyan, magenta) == (0, 0)
    assert yellow == pytest.approx(100 / 45**2, abs=0.002)
    data = writer(drawn(replace(scene, dark=CONIC)))
    assert b"DeviceCMYK" in data
    assert b"DeviceRGB" not in data
    assert b"DeviceGray" not in data


def _inks(data: bytes) -> list[float]:
    """Measure how much of the page each of four inks covers."""
    done = subprocess.run(
        ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=ink_cov", "-dEPSCrop", "-sOutputFile=-", "-"],
        input=data, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return [float(each) / 100 for each in done.stdout.split()[:4]]
