"""Whole styles at random, as anybody could ask for them."""

from dataclasses import replace

from hypothesis import strategies as st

from bot.qr.payloads import Level
from bot.qr.refusal import Refused
from bot.qr.style import TRANSPARENT, Backdrop, Frame, Gradient, Logo, Print, Style, checked
from bot.qr.style.vocabulary import names

colours = st.one_of(
    st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"),
    st.sampled_from(("#000080", "#ffffff", "#ff0000", "#00ffff", "#00008b", "#add8e6", "#228b22", "#ffd700")),
)
own_colours = st.just("") | colours


@st.composite
def gradients(draw: st.DrawFn) -> Gradient:
    """Draw a gradient; a radial one has no angle."""
    kind = draw(st.sampled_from(("linear", "radial", "conic")))
    steps = tuple(draw(st.lists(colours, min_size=2, max_size=5)))
    return Gradient(kind, steps, 0 if kind == "radial" else draw(st.integers(0, 359)))


def tenths(least: int, most: int) -> st.SearchStrategy[float]:
    """Draw numbers with one decimal place."""
    return st.integers(least * 10, most * 10).map(lambda number: number / 10)


captions = st.one_of(
    st.just(""),
    st.sampled_from(
        (
            "Scan me",
            "Scannez-moi !",
            'the "best"',
            "back\\slash\\",
            "“curly” ‘quotes’",
            "Меню",
            "扫一扫",
            "امسح",
        )
    ),
    st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=200),
)
emoji = st.sampled_from(("⭐", "❤️", "1️⃣", "👩🏻‍❤️‍💋‍👨🏻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "ℹ️", "🇩🇪", "🏻", "‼️"))
uploads = st.text("ABCXYZabcxyz0189-_", min_size=1, max_size=12).map(lambda name: f"asset:{name}")


def _readable(style: Style) -> bool:
    try:
        return checked(style) is style
    except Refused:
        return False


styles = st.builds(
    Style,
    dark=colours | gradients(),
    light=colours | gradients() | st.just(TRANSPARENT),
    modules=st.sampled_from(names("modules")),
    finder=st.sampled_from(names("finder")),
    eyeball=st.sampled_from(names("eyeball")),
    finder_colour=own_colours,
    eyeball_colour=own_colours,
    logo=st.none()
    | st.builds(
        Logo,
        emoji.map(lambda sign: f"emoji:{sign}") | uploads,
        st.sampled_from(("square", "round", "outline")),
        st.just(0) | st.integers(5, 50),
        tenths(0, 10),
        st.booleans(),
    ),
    backdrop=st.none() | st.builds(Backdrop, uploads, st.integers(0, 100)),
    frame=st.none() | st.builds(Frame, st.sampled_from(names("frame")), captions, own_colours, own_colours),
    corners=st.integers(0, 50),
    print=st.builds(
        Print,
        st.just(0.0) | st.integers(500, 200_000).map(lambda number: number / 100),
        st.just(300) | st.integers(72, 1200),
        tenths(0, 20),
        st.booleans(),
        st.booleans(),
    ),
    size=st.just(1024) | st.integers(64, 4096),
    quiet_zone=st.integers(0, 20),
    level=st.sampled_from(Level),
    grade=st.sampled_from("ABCD"),
    mask=st.integers(-1, 7),
    exact=st.booleans(),
).map(
    lambda style: (
        style if _readable(style) else replace(style, dark="#000000", light="#ffffff", print=Print())
    )
)
