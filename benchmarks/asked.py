"""What the ten thousand ask for: a content, a look, a file format, all made up from one number each.

A third are looks that "surprise me" would make, the others are put together part by part with no regard for
taste or contrast, as people do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from bot.qr.logo import NO_ART, Art, open_art
from bot.qr.payloads.payload import Level, Payload
from bot.qr.shapes.eyes import EYEBALL_NAMES, FINDER_NAMES
from bot.qr.shapes.frames import FRAME_NAMES
from bot.qr.shapes.modules import MODULE_NAMES
from bot.qr.style import TRANSPARENT, Backdrop, Frame, Gradient, Logo, Paint, Style, surprise
from bot.qr.style.colours import greatest_contrast
from bot.qr.style.limits import LEAST_CONTRAST

_WORDS = (
    "menu guest table order welcome lunch garden museum ticket parking concert library coffee street "
    "Größe Straße café España Привет мир Ελληνικά 日本語 テキスト 한국어 مرحبا שלום 😀 🍕"
)
WORDS = tuple(_WORDS.split())
CAPTIONS = (
    "Scan me",
    "",
    "Menu",
    "Wi-Fi for guests",
    "Speisekarte",
    "Отсканируй",
    "扫一扫",
    "امسح",
    "סרוק אותי",
    "Pay here",
)
LOGOS = 8  # kinds of pictures
MARGINS = (4,) * 26 + (
    2,
    2,
    2,
    3,
    3,
    3,
    5,
    5,
    5,
    6,
    6,
    0,
    1,
)  # modules: mostly the usual one, seldom hardly any


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the ten thousand."""

    seed: int
    payload: Payload
    style: Style
    art: Art
    format: str


@dataclass(frozen=True, slots=True)
class PassedOn:
    """What others do to a picture on its way: resized by ``factor``, written in another format or quality."""

    factor: float
    format: str
    quality: int


def asked(seed: int) -> Asked:
    """Make up one of the ten thousand; the same one for the same number."""
    dice = Random(f"asked {seed}")  # noqa: S311
    style = _surprising(dice, seed) if dice.random() < 1 / 3 else _put_together(dice)
    style = replace(
        style, size=dice.randint(200, 1500), quiet_zone=dice.choice(MARGINS),
        level=dice.choice(list(Level)), exact=dice.random() < 0.1,
    )  # fmt: skip
    art = Art(
        picture(dice.randrange(LOGOS)) if style.logo else b"",
        picture(dice.randrange(LOGOS)) if style.backdrop else b"",
    )
    format = dice.choice(("png", "png", "jpeg", "webp"))
    return Asked(
        seed, Payload(_content(dice)), style, art if style.logo or style.backdrop else NO_ART, format
    )


def passed_on(seed: int) -> PassedOn:
    """Make up what happens to this one's picture; no quality is one that ours was written in."""
    dice = Random(f"passed on {seed}")  # noqa: S311
    factor = dice.choice((1.0, dice.uniform(0.5, 1.5)))
    return PassedOn(factor, dice.choice(("JPEG", "JPEG", "WEBP", "PNG")), dice.randint(40, 89))


# --- content ------------------------------------------------------------------------------------------------


def _content(dice: Random) -> str:
    """Write 5 to 600 bytes, most of them few."""
    length = dice.choice((dice.randint(5, 60), dice.randint(20, 120), dice.randint(5, 600)))
    kind = dice.choice(("address", "digits", "capitals", "words", "wifi"))
    match kind:
        case "digits":
            return "".join(dice.choice("0123456789") for _ in range(length))
        case "capitals":
            return "".join(
                dice.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:") for _ in range(length)
            )
        case "address":
            tail = "".join(dice.choice("abcdefghijklmnopqrstuvwxyz0123456789-/?=&") for _ in range(length))
            return _cut(f"https://{dice.choice(WORDS[:14])}.example/{tail}", max(length, 20))
        case "wifi":
            return f"WIFI:T:WPA;S:{dice.choice(WORDS)} {dice.randint(1, 99)};P:{dice.getrandbits(60):x};;"
        case _:
            return _cut(" ".join(dice.choice(WORDS) for _ in range(length)), length)


def _cut(text: str, length: int) -> str:
    """Take as many characters as so many bytes hold, five bytes at least."""
    cut = text.encode()[:length].decode(errors="ignore").strip()
    return cut if len(cut.encode()) >= 5 else (text + " text")[:5]


# --- looks --------------------------------------------------------------------------------------------------


def _surprising(dice: Random, seed: int) -> Style:
    style = surprise(seed)
    return replace(style, logo=_logo(dice)) if dice.random() < 0.3 else style


def _put_together(dice: Random) -> Style:
    """Choose each part by itself; colours that nobody could tell apart are chosen again, as people would."""
    dark, light = _paint(dice, 0.5), _ground(dice)
    while greatest_contrast(dark, light) < LEAST_CONTRAST:
        dark, light = _paint(dice, 0.5), _ground(dice)
    return Style(
        dark,
        light,
        dice.choice(MODULE_NAMES),
        dice.choice(FINDER_NAMES),
        dice.choice(EYEBALL_NAMES),
        _colour(dice, 0.5) if dice.random() < 0.3 else "",
        _colour(dice, 0.5) if dice.random() < 0.3 else "",
        logo=_logo(dice) if dice.random() < 0.35 else None,
        backdrop=Backdrop("asset:2", dice.choice((0, dice.randint(0, 90)))) if dice.random() < 0.07 else None,
        frame=_frame(dice) if dice.random() < 0.3 else None,
        corners=dice.choice((0, 0, dice.randint(0, 50))),
    )


def _colour(dice: Random, lightest: float = 1.0) -> str:
    return "#" + bytes(round(255 * lightest * dice.random()) for _ in range(3)).hex()


def _paint(dice: Random, lightest: float) -> Paint:
    """Choose a colour, dark four times in five, else any; or a gradient of such."""
    top = lightest if dice.random() < 0.8 else 1.0
    if dice.random() < 0.7:
        return _colour(dice, top)
    kind = dice.choice(("linear", "radial", "conic"))
    colours = tuple(_colour(dice, top) for _ in range(dice.randint(2, 4)))
    return Gradient(kind, colours, 0 if kind == "radial" else dice.randrange(360))


def _ground(dice: Random) -> Paint:
    """Choose what lies under the modules: white, something light, anything, nothing, or a gradient."""
    match dice.choices(("white", "light", "any", "nothing", "gradient"), (40, 35, 12, 5, 8))[0]:
        case "white":
            return "#ffffff"
        case "light":
            return "#" + bytes(255 - round(70 * dice.random()) for _ in range(3)).hex()
        case "any":
            return _colour(dice)
        case "nothing":
            return TRANSPARENT
        case _:
            pale = tuple("#" + bytes(255 - dice.randrange(90) for _ in range(3)).hex() for _ in range(2))
            return Gradient("linear", pale, dice.randrange(360))


def _logo(dice: Random) -> Logo:
    return Logo(
        "asset:1", dice.choice(("square", "round", "outline")), dice.choice((0, 0, dice.randint(5, 40))),
        dice.choice((0.0, 0.5, 1.0, 2.0)), dice.random() < 0.15,
    )  # fmt: skip


def _frame(dice: Random) -> Frame:
    coloured = dice.random() < 0.5
    return Frame(
        dice.choice(FRAME_NAMES), dice.choice(CAPTIONS), _colour(dice) if coloured else "",
        _colour(dice) if coloured and dice.random() < 0.3 else "",
    )  # fmt: skip


# --- pictures -----------------------------------------------------------------------------------------------


@cache
def picture(number: int) -> bytes:
    """Draw one of the pictures that serve as logo or backdrop, as the product keeps it."""
    dice = Random(f"picture {number}")  # noqa: S311
    canvas = Image.new("RGBA", (240, 160 if number % 3 == 2 else 240))
    pen, (width, height) = ImageDraw.Draw(canvas), canvas.size
    match number:
        case 0:  # a disc with an arrow
            pen.ellipse((4, 4, width - 5, height - 5), "#d1495b")
            pen.polygon([(80, 60), (80, 180), (190, 120)], "white")
        case 1:  # black, all over
            pen.rectangle((0, 0, width, height), "#101010")
        case 2:  # a wide plate with a stripe
            pen.rounded_rectangle((0, 0, width - 1, height - 1), 30, "#f5c518")
            pen.rectangle((0, 60, width, 100), "#14213d")
        case 3:  # a ring, open in the middle
            pen.ellipse((6, 6, width - 7, height - 7), None, "#2a9d8f", 34)
        case 4:  # white on nothing
            pen.regular_polygon((120, 120, 110), 5, 0, "white")
        case 5:  # like a photograph
            noise = Image.effect_noise((30, 20), 90).resize(canvas.size, Image.Resampling.BICUBIC)
            canvas = Image.merge(
                "RGBA",
                (noise, noise.rotate(180), noise.filter(ImageFilter.BLUR), Image.new("L", canvas.size, 255)),
            )
        case 6:  # squares, like modules
            for _ in range(90):
                x, y = dice.randrange(0, 240, 20), dice.randrange(0, 240, 20)
                pen.rectangle((x, y, x + 19, y + 19), dice.choice(("black", "white", "#3355ff")))
        case _:  # rings like a finder pattern
            for inset, ink in ((0, "black"), (34, "white"), (68, "black")):
                pen.rectangle((inset, inset, width - 1 - inset, height - 1 - inset), ink)
    out = BytesIO()
    canvas.save(out, "PNG")
    return open_art(out.getvalue())
