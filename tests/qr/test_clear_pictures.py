"""What is clear in a picture leaves the ground as it is."""

import io

import numpy as np
import pytest
from PIL import Image as Picture
from PIL import ImageDraw

from bot.qr.drawing import Image
from bot.qr.output.raster import pixels, png
from bot.qr.shapes.path import Box
from tests.qr.rasters import SIDE, SYMBOL, drawing

MIDDLE = Box(SYMBOL.x + SIDE / 2 - 3.5, SYMBOL.y + SIDE / 2 - 3.5, 7, 7)
NEAR = 3  # pixels around the shape that smoothing may touch, in those of the larger of both pictures


def _disc(side: int) -> bytes:
    """Draw a shaded disc in the middle of nothing, four times as large, and make it smaller."""
    large = Picture.new("RGBA", (4 * side, 4 * side), (255, 255, 255, 0))
    pen = ImageDraw.Draw(large)
    for ring in range(100, 0, -1):
        reach = side * ring / 100
        where = (2 * side - reach, 2 * side - reach, 2 * side + reach, 2 * side + reach)
        pen.ellipse(where, (255, 255 - ring, 2 * ring, 255))
    out = io.BytesIO()
    large.resize((side, side), Picture.Resampling.BOX).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("side", [40, 116, 384])
@pytest.mark.parametrize("module", [4, 12, 40])
def test_what_is_clear_comes_out_exactly_as_the_ground(side: int, module: int) -> None:
    """No faint plate and no halo around a logo, be it made smaller or larger, also by palette."""
    of = drawing(above=(Image(_disc(side), MIDDLE),), module=module)
    assert pixels(of).palette is not None
    shown = np.asarray(Picture.open(io.BytesIO(png(of))).convert("RGB"))
    left, top, wide = (round(each * module) for each in (MIDDLE.x, MIDDLE.y, MIDDLE.width))
    area = shown[top : top + wide, left : left + wide]
    y, x = np.mgrid[:wide, :wide] + 0.5
    near = NEAR * max(1.0, wide / side)
    clear = np.hypot(x - wide / 2, y - wide / 2) > wide / 4 + near
    assert clear.any()
    assert np.unique(area[clear], axis=0).tolist() == [[0xFF, 0xF4, 0xE0]]
