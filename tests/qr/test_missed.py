"""Looks that readers missed as they were sent: what leaves is read by what a reader tries first."""

import pytest

from bot.qr.logo import Art
from bot.qr.payloads.payload import Level, Payload
from bot.qr.picture import Picture, render
from bot.qr.style import Gradient, Logo, Style
from tests.qr.artwork import art, read

MISSED = (  # looks whose pixels, as they are, the usual one of zxing-cpp's two binarizers does not read
    (
        " ILWKO3H%MW.$V2-AQ6C8ST/G1.C%9CAF4*",
        Style(
            "#093c05", "#82ab47", "pebbles", "stamp", "hexagon", logo=Logo("asset:1", "round", 20),
            finder_colour="#7e3279", corners=28, size=271,
        ),
    ),
    (
        "https://menu.example/vz&3&hy",
        Style(
            Gradient("conic", ("#2b7761", "#6c5d6b"), 40), "#c6d8bb", "circuit", "facet", "corner out",
            corners=18, size=793, level=Level.L,
        ),
    ),
    (
        "W2WG4 UOEV50M4 NF6A5QJKNC+*J2EZZIX+MWLR3IIPC5D",
        Style(
            "#650740", "#decfbb", "hexagon", "leaf", "clover", finder_colour="#355725", corners=37, size=281,
            level=Level.L,
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "style"), MISSED)
def test_what_leaves_is_read_by_what_readers_try_first(text: str, style: Style) -> None:
    """The other binarizer reads each of these looks, so that it would do to let it leave."""
    made = render(Picture(Payload(text), style), Art(art(64, 64) if style.logo else b""))
    assert read(made.data) == [text.encode()]
