"""Pictures in the background fade, and corners are rounded, as far as the code still reads."""

from dataclasses import replace

import pytest

from bot.qr.logo import Art
from bot.qr.payloads.payload import Level, Payload
from bot.qr.settling import PROOF_SIDE, Proven, _tried, settled
from bot.qr.style import Backdrop, Style
from tests.qr.artwork import art, photo

URL = Payload("https://example.com/menu?table=12")


@pytest.mark.parametrize(
    "picture",
    [photo(1), photo(2, 40), photo(3, 20, 0, 60), art(50, 50)],
    ids=["blots", "fine", "dark", "plain"],
)
@pytest.mark.parametrize("light", ["#ffffff", "#334455"])
def test_a_backdrop_fades_by_itself_until_it_reads(picture: bytes, light: str) -> None:
    """Left to us, a busy photo stays, faded as far as needed; the ground it covers is not spoken of."""
    style = Style(light=light, modules="dot", backdrop=Backdrop("asset:1"), level=Level.H)
    found, proven, said = settled(URL, style, Art(b"", picture))
    assert found.backdrop is not None
    assert 0 < found.backdrop.fade <= 90
    assert (said, proven.verdict.passed) == ((), True)
    less = replace(found, backdrop=replace(found.backdrop, fade=found.backdrop.fade - 10), exact=False)
    assert _verdict(less, Art(b"", picture)).verdict.faults


def _verdict(style: Style, pictures: Art) -> Proven:
    return _tried(URL, style, pictures, PROOF_SIDE)


def test_corners_that_cut_into_finder_patterns_are_rounded_less() -> None:
    """The picture stays a rounded one, and that is said."""
    found, proven, said = settled(URL, Style(corners=50))
    assert 0 < found.corners < 50
    assert ["corners less" in str(each) for each in said] == [True]
    assert proven.verdict.passed
    assert settled(URL, Style(corners=20))[0] == Style(corners=20)
