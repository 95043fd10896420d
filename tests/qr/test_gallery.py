"""All looks with names on one sheet."""

import io

import numpy as np
import zxingcpp
from PIL import Image

from bot.qr.gallery import CELL, COLUMNS, gallery
from bot.qr.payloads.payload import Payload
from bot.qr.style import presets

URL = Payload("https://example.com/menu?table=12")


def test_every_preset_is_on_the_gallery_once() -> None:
    """A card for each look, none over another, each on its own ground; drawn once for all."""
    looks = dict(presets())
    data = gallery(looks, URL)
    assert gallery(looks, URL) is data
    sheet = Image.open(io.BytesIO(data)).convert("RGB")
    found = [
        each
        for each in zxingcpp.read_barcodes(sheet.resize((sheet.width * 2, sheet.height * 2)))
        if each.bytes == URL.data
    ]
    assert len(found) >= len(looks) - 2  # of this many in one picture a reader may miss one
    width = (sheet.width - COLUMNS * CELL) // (COLUMNS + 1)
    for number, style in enumerate(looks.values()):
        row, column = divmod(number, COLUMNS)
        left = width + column * (CELL + width)
        tops = (sheet.height - width) // -(-len(looks) // COLUMNS)
        card = np.asarray(
            sheet.crop((left + 14, width + row * tops, left + CELL - 14, width + row * tops + 4)), int
        )
        rim = card[1, CELL // 2]
        if style.frame is None:
            light = [int(str(style.light)[at : at + 2], 16) for at in (1, 3, 5)]
            assert np.abs(rim - light).max() <= 6
        assert np.abs(card - rim).max() <= 6
