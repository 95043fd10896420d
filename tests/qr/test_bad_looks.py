"""What nobody should ask for, and somebody will: each look is mended or refused, with a sentence."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qr.logo import Art
from bot.qr.payloads.payload import Level, Payload
from bot.qr.picture import Picture, Rendered, render
from bot.qr.proof import Grade
from bot.qr.refusal import Refused
from bot.qr.style import Backdrop, Frame, Gradient, Logo, Print, Style, check_words, parse_style
from bot.qr.style.limits import BOUNDS, bounded
from tests.qr.artwork import art, photo, read
from tests.qr.looks import styles

URL = Payload("https://example.com/menu?table=12")
LONG = Payload("x" * 2000)
PICTURES = Art(art(200, 200), photo())


@dataclass(frozen=True)
class Mended:
    """A look that is mended: the style, and a part of each sentence that is said."""

    style: Style
    said: tuple[str, ...]


MENDED = {
    "almost white on white": Mended(Style("#fefefe"), ("darker",)),
    "white on white": Mended(Style("#ffffff"), ("darker",)),
    "black on black": Mended(Style(light="#000000"), ("lighter",)),
    "a gradient through the ground's colour": Mended(
        Style(Gradient("linear", ("#000000", "#ffffff", "#000000"))), ("darker",)
    ),
    "a gradient that is the ground's": Mended(
        Style(Gradient("linear", ("#000000", "#ffffff")), Gradient("linear", ("#000000", "#ffffff"))), ("apart",)
    ),
    "a ground through the modules' colour": Mended(Style("#884400", Gradient("radial", ("#ffffff", "#884400"))), ("",)),
    "red on green": Mended(Style("#e00000", "#008000"), ("lighter",)),
    "light on dark": Mended(Style("#ffffff", "#101020"), ("light plate",)),
    "eyes of the ground's colour": Mended(Style(finder_colour="#ffffff", eyeball_colour="#ffffff"), ("finder patterns",)),
    "no quiet zone": Mended(Style(quiet_zone=0), ("4 modules",)),
    "a logo over half of it": Mended(Style(logo=Logo("asset:1", size=50)), ("50 %",)),
    "corners through the finder patterns": Mended(Style(corners=50), ("corners less",)),
    "all at once": Mended(
        Style(
            "#ffd700", "#ffffff", "star", "circle", "heart", "#ffff00", logo=Logo("asset:1", size=40, behind=True),
            backdrop=Backdrop("asset:2", 5), frame=Frame("cup", "Scan me"), corners=50, quiet_zone=0,
        ),
        ("plain black on white",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MENDED)
def test_a_bad_look_is_mended_and_that_is_said(name: str) -> None:
    """It reaches its grade, reads, and each sentence is short."""
    asked = MENDED[name]
    found = render(Picture(URL, asked.style), PICTURES)
    assert found.style != asked.style
    sentences = [str(each) for each in found.said]
    assert all(any(part in each for each in sentences) for part in asked.said), sentences
    assert 1 <= len(sentences) <= 6
    assert all(len(each) <= 120 for each in sentences)
    assert found.grade >= Grade.D
    assert read(found.data) == [URL.data]


def _framed(caption: str) -> Callable[[], object]:
    return lambda: render(Picture(URL, Style(frame=Frame("banner", caption))))


def _said(words: str) -> Callable[[], object]:
    return lambda: parse_style(words)


def _asked(payload: Payload = URL, format: str = "png", **look: object) -> Callable[[], object]:
    return lambda: render(Picture(payload, Style(**look), format), PICTURES)  # type: ignore[arg-type]


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "white on white, in words": (_said("white on white"), "too close"),
    "3 mm": (_said("3 mm"), "from 5 to 2000"),
    "5 mm of 2,000 bytes": (_asked(LONG, "pdf", print=Print(5.0), level=Level.L), "at least 14 mm"),
    "5 mm of 2,000 bytes, finely": (_asked(LONG, "pdf", print=Print(5.0, 600)), "at least"),
    "64 pixels of 2,000 bytes": (_asked(LONG, size=64), "at least"),
    "minus 5 pixels": (_said("size -5"), "from 64 to 4096"),
    "10^9 pixels": (_said("size 1000000000"), "from 64 to 4096"),
    "minus 5 pixels, unchecked": (_asked(size=-5), "from 64 to 4096"),
    "10^9 pixels, unchecked": (_asked(size=10**9), "from 64 to 4096"),
    "quiet zone of -3": (_asked(quiet_zone=-3), "from 0 to 20"),
    "quiet zone of 10^9": (_asked(quiet_zone=10**9), "from 0 to 20"),
    "corners of -1": (_asked(corners=-1), "from 0 to 50"),
    "corners of 1000": (_asked(corners=1000), "from 0 to 50"),
    "print of -5 mm": (_asked(print=Print(-5.0)), "from 5 to 2000"),
    "print of 10^9 mm": (_asked(print=Print(1e9)), "from 5 to 2000"),
    "print of no number": (_asked(print=Print(float("nan"))), "from 5 to 2000"),
    "2 m at 1,200 dpi": (_asked(print=Print(2000.0, 1200)), "at most 104 dpi"),
    "no dpi": (_asked(print=Print(50.0, 0)), "from 72 to 1200"),
    "bleed of -3": (_asked(print=Print(50.0, 300, -3.0)), "from 0 to 20"),
    "mask 9": (_asked(mask=9), "from 0 to 7"),
    "logo of 1000 %": (_asked(logo=Logo("asset:1", size=1000)), "from 5 to 50"),
    "logo of -5 %": (_asked(logo=Logo("asset:1", size=-5)), "from 5 to 50"),
    "logo margin of 10^6": (_asked(logo=Logo("asset:1", "outline", margin=1e6)), "from 0 to 10"),
    "logo margin of 10": (_asked(logo=Logo("asset:1", margin=10.0)), "no room for a logo"),
    "fade of 1000 %": (_asked(backdrop=Backdrop("asset:2", 1000)), "from 0 to 100"),
    "caption of 10,000 characters": (_framed("x" * 10_000), "at most 60 characters"),
    "caption of wide characters": (_framed("W" * 60), "Shorten it"),
    "caption of marks": (_framed("Z" + "\u0301" * 59), "Shorten it"),
    "caption that no font has": (_framed("\U0010fffd"), "No font here"),
    "caption of its frame's colour": (
        _asked(frame=Frame("banner", "Hi", "#123456", "#123456")),
        "hardly be seen",
    ),
    "frame that is none": (_asked(frame=Frame("nonsense")), "no frame of this name"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(name: str) -> None:
    """Nothing else is raised, and the sentence says what would do."""
    ask, part = REFUSED[name]
    with pytest.raises(Refused, match=part) as caught:
        ask()
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) <= 320


@pytest.mark.parametrize(
    "caption",
    [
        "امسح الهنا",
        "סרוק אותי",
        "😀 Scan 🍕",
        "\ud800 half",
        "a\u202eb\x00c",
        "e\u0301té",
        "👩🏻‍❤️‍💋‍👨🏻",
        "\u200b\u200b",
    ],
)
def test_a_caption_in_any_script_is_drawn_or_refused(caption: str) -> None:
    """Right to left, emoji, controls and halves of characters; the code reads either way."""
    try:
        found = render(Picture(URL, Style(frame=Frame("banner", caption))))
    except Refused as refused:
        assert str(refused).endswith(".")  # noqa: PT017 (some are drawn)
        return
    assert read(found.data) == [URL.data]


def test_every_bound_is_held_wherever_a_style_was_made() -> None:
    """One beside either end is refused, the ends are not."""
    plain = Style(print=Print(100.0, 72), logo=Logo("asset:1", size=20), backdrop=Backdrop("asset:2"))

    def style(name: str, value: float) -> Style:
        number = int(value)
        match name:
            case "size":
                return replace(plain, size=number)
            case "corners":
                return replace(plain, corners=number)
            case "mask":
                return replace(plain, mask=number)
            case "margin":
                return replace(plain, quiet_zone=number)
            case "width":
                return replace(plain, print=replace(plain.print, width=float(value)))
            case "bleed":
                return replace(plain, print=replace(plain.print, bleed=float(value)))
            case "dpi":
                return replace(plain, print=replace(plain.print, dpi=number))
            case "fade":
                return replace(plain, backdrop=Backdrop("asset:2", number))
            case "logo size":
                return replace(plain, logo=Logo("asset:1", size=number))
            case _:
                return replace(plain, logo=Logo("asset:1", margin=float(value)))

    for name in sorted(set(BOUNDS) - {"angle"}):
        least, most = BOUNDS[name].least, BOUNDS[name].most
        assert bounded(style(name, least))
        assert bounded(style(name, most))
        for wrong in (
            most + 1,
            least - 1 if least > 1 or name in ("margin", "corners", "bleed", "fade", "logo margin") else -5,
        ):
            if name == "mask" and wrong < 0:
                continue  # the standard's choice
            with pytest.raises(Refused, match="goes from"):
                bounded(style(name, wrong))


@settings(max_examples=20)
@given(styles)
def test_any_style_is_drawn_and_reads_or_is_refused(style: Style) -> None:
    """Whatever can be asked for, at no more than 700 pixels; nothing but a sentence is raised."""
    small = replace(style, size=min(style.size, 700), print=Print())
    small = small if small.logo is None else replace(small, logo=replace(small.logo, source="asset:1"))
    try:
        found: Rendered = render(Picture(URL, small), PICTURES)
    except Refused as refused:
        assert str(refused)  # noqa: PT017 (most are drawn)
        return
    assert read(found.data) == [URL.data]


@given(st.text(max_size=60))
def test_words_that_mean_nothing_are_refused_kindly(words: str) -> None:
    """Neither a traceback nor a quiet nonsense."""
    try:
        check_words(words)
    except Refused as refused:
        assert str(refused)  # noqa: PT017 (some are words)


_PEAK = """
from bot.qr.logo import Art
from bot.qr.picture import Picture, render
from bot.qr.refusal import Refused
from tests.qr.test_bad_looks import LONG, MENDED, PICTURES, REFUSED, URL

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

render(Picture(URL, MENDED["light on dark"].style))
before = peak()
for ask, _ in REFUSED.values():
    try:
        ask()
    except Refused:
        pass
for each in MENDED.values():
    render(Picture(URL, each.style), PICTURES)
print((peak() - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_all_of_them_together_take_little_memory() -> None:
    """What is kept of layouts and canvases is bounded; nothing else is: seen from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PEAK], capture_output=True, check=True, timeout=120
    )
    assert int(done.stdout) <= 120
