"""Damaged pictures of QR codes, made by a script with its own seeds: the same ones on every machine.

Measures are in modules or in parts of the picture, so that a dense symbol suffers as a sparse one does.
Symbols come from libzint (through zxing-cpp) and are drawn here, so that nothing here depends on our generator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Grey = NDArray[np.uint8]
Light = NDArray[np.float64]  # 0 is black, 255 white; may go beyond before a camera clips it

QUIET = 4  # modules around the symbol (ISO/IEC 18004, 6.3.8)
SEEDS = 2
SIZES = (1.0, 0.6, 1.7)  # of the pixels a module in SYMBOLS, one seed after the other


@dataclass(frozen=True, slots=True)
class Damaged:
    """A picture, what was done to it, and what its code says."""

    kind: str
    symbol: str
    seed: int
    grey: Grey
    text: str

    @property
    def name(self) -> str:
        """Name the picture as tests and tables do."""
        return f"{self.kind}, {self.symbol}, {self.seed}"

    @property
    def data(self) -> bytes:
        """Give it as a file."""
        out = BytesIO()
        Image.fromarray(self.grey).save(out, "BMP")
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Print:
    """A symbol as printed, with its quiet zone: light, pixels a module, and modules a side without the zone."""

    light: Light
    pixels: int
    modules: int
    level: str
    text: str


def damaged(kinds: tuple[str, ...] = (), seeds: int = SEEDS) -> Iterator[Damaged]:
    """Yield each kind of damage to each symbol, ``seeds`` times; all kinds unless some are named."""
    for number, (kind, damage) in enumerate(DAMAGE.items()):
        for place, symbol in enumerate(SYMBOLS):
            for seed in range(seeds):
                if not kinds or kind in kinds:
                    chance = np.random.default_rng((18004, number, place, seed))
                    made = printed(symbol, SIZES[seed % len(SIZES)])
                    light = damage(made, chance)
                    yield Damaged(kind, symbol, seed, clipped(light), made.text)


# --- symbols ------------------------------------------------------------------------------------------------

CONTACT = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\nORG:Analytical Engines\r\n"
    "TEL:+442079460000\r\nEMAIL:ada@engines.example\r\nURL:https://engines.example\r\nEND:VCARD\r\n"
)
WIFI = "WIFI:T:WPA;S:Guest network;P:correct horse battery;;"
ADDRESS = "https://shop.example/catalogue/spring/lamps?item=42"

SYMBOLS: dict[str, tuple[str, str, int, bool]] = {  # text, level, pixels a module, round with a logo
    "short": ("https://x.example/00", "L", 10, False),
    "address": (ADDRESS, "M", 9, False),
    "Wi-Fi": (WIFI, "Q", 8, False),
    "contact": (CONTACT, "M", 7, False),
    "round short": ("https://x.example/01", "H", 10, True),
    "round address": (ADDRESS, "H", 9, True),
    "round Wi-Fi": (WIFI, "H", 8, True),
}


SPARE = {"L": 0.03, "M": 0.06, "Q": 0.11, "H": 0.13}  # of the symbol's area: most of what correction bears


@cache
def printed(symbol: str, size: float = 1) -> Print:
    """Draw a symbol."""
    text, level, pixels, styled = SYMBOLS[symbol]
    pixels = round(pixels * size)
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    matrix = np.array(made.to_image(scale=1, add_quiet_zones=False)) < 128
    dark = rounded(matrix, pixels) if styled else np.kron(matrix, np.ones((pixels, pixels)))
    light = np.pad(255 * (1 - dark), QUIET * pixels, constant_values=255)
    return Print(light, pixels, len(matrix), level, text)


def rounded(matrix: NDArray[np.bool_], pixels: int) -> Light:
    """Draw modules as dots, finder patterns as they are, and a ring with a bar as logo in the middle."""
    size, scale = len(matrix), 4
    picture = Image.new("L", (size * pixels * scale,) * 2, 0)
    pen, step = ImageDraw.Draw(picture), pixels * scale
    for row, column in np.argwhere(matrix):
        finder = (row < 7 and min(column, size - 1 - column) < 7) or (row >= size - 7 and column < 7)
        box = (column * step, row * step, (column + 1) * step - 1, (row + 1) * step - 1)
        if finder:
            pen.rectangle(box, fill=255)
        else:
            pen.ellipse((box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1), fill=255)
    middle, reach = size * step / 2, size * step * 0.11
    pen.ellipse((middle - reach, middle - reach, middle + reach, middle + reach), fill=0)
    reach *= 0.85
    pen.ellipse((middle - reach, middle - reach, middle + reach, middle + reach), fill=170)
    pen.rectangle((middle - reach / 2, middle - reach / 5, middle + reach / 2, middle + reach / 5), fill=20)
    return np.asarray(picture.reduce(scale), np.float64) / 255


# --- what cameras, printers and people do -------------------------------------------------------------------


def clipped(light: Light) -> Grey:
    """Give what a camera writes: whole steps from 0 to 255."""
    return np.clip(np.rint(light), 0, 255).astype(np.uint8)


def pictured(light: Light) -> Image.Image:
    """Give light to Pillow."""
    return Image.fromarray(clipped(light))


def lit(picture: Image.Image) -> Light:
    """Take light from Pillow."""
    return np.asarray(picture, np.float64)


def blurred(light: Light, radius: float) -> Light:
    """Blur by a Gaussian of so many pixels."""
    return lit(pictured(light).filter(ImageFilter.GaussianBlur(radius)))


def compressed(light: Light, quality: int) -> Light:
    """Save as JPEG and open again."""
    out = BytesIO()
    pictured(light).save(out, "JPEG", quality=quality)
    return lit(Image.open(out))


def grained(light: Light, deviation: float, chance: np.random.Generator) -> Light:
    """Add noise of a standard deviation."""
    return light + chance.normal(0, deviation, light.shape)


def faint(light: Light, contrast: float, middle: float = 128) -> Light:
    """Keep a part of the contrast."""
    return middle + (light - 127.5) * contrast


def turned(light: Light, degrees: float, ground: int = 255) -> Light:
    """Turn about the middle, the corners filled."""
    return lit(pictured(light).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=ground))


def resized(light: Light, factor: float) -> Light:
    """Make larger or smaller."""
    height, width = light.shape
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    return lit(pictured(light).resize(size, Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX))


def tilted(light: Light, amount: float, chance: np.random.Generator) -> Light:
    """See from aside: two neighbouring corners draw in by a part of the side."""
    height, width = light.shape
    square = [(0, 0), (width, 0), (width, height), (0, height)]
    side, inward = int(chance.integers(4)), amount * width / 2
    seen = [list(corner) for corner in square]
    for which in (side, (side + 1) % 4):
        axis = side % 2
        seen[which][axis] += inward if seen[which][axis] == 0 else -inward
        other = 1 - axis
        seen[which][other] += inward / 2 if seen[which][other] == 0 else -inward / 2
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, square, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    wanted = np.array(square, np.float64).ravel()
    coefficients = np.linalg.solve(np.array(rows), wanted).tolist()
    how = Image.Transform.PERSPECTIVE
    picture = pictured(light).transform(
        (width, height), how, coefficients, Image.Resampling.BICUBIC, fillcolor=255
    )
    return lit(picture)


ROUND = 0.6  # radians of the bottle to each side of its middle that the label reaches


def bent(light: Light, depth: float) -> Light:
    """Lay on a bottle: columns draw together towards the sides, rows sag by a part of the height."""
    height, width = light.shape
    across = np.linspace(-1, 1, width)
    column = np.clip((np.arcsin(across * math.sin(ROUND)) / ROUND + 1) / 2 * (width - 1), 0, width - 1)
    sag = np.rint(depth * height * (1 - across**2)).astype(int)
    rows = np.arange(height)[:, None] - sag[None, :] + int(depth * height / 2)
    inside = (rows >= 0) & (rows < height)
    seen = light[np.clip(rows, 0, height - 1), np.rint(column).astype(int)[None, :]]
    return np.asarray(np.where(inside, seen, 255.0))


def smeared(light: Light, length: int, angle: float) -> Light:
    """Move while the shutter is open."""
    reach = [(step - length / 2) for step in range(length)]
    moved = [
        lit(
            pictured(light).rotate(
                0, translate=(round(at * math.cos(angle)), round(at * math.sin(angle))), fillcolor=255
            )
        )
        for at in reach
    ]
    return np.asarray(np.mean(moved, axis=0))


def shaded(light: Light, least: float, chance: np.random.Generator) -> Light:
    """Let the light fall off from one side to the other."""
    height, width = light.shape
    angle = chance.uniform(0, 2 * math.pi)
    across, down = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    slope = (across * math.cos(angle) + down * math.sin(angle)) / math.sqrt(2)
    return light * (least + (1 - least) * (slope + 1) / 2)


def half_shadow(made: Print, chance: np.random.Generator) -> Light:
    """Lay a sharp, deep shadow over about a half."""
    light = made.light.copy()
    at = int(light.shape[1] * chance.uniform(0.35, 0.65))
    if chance.random() < 0.5:
        light[:, :at] *= 0.25
    else:
        light[:at] *= 0.25
    return grained(blurred(light, made.pixels * 0.2), 4, chance)


def glared(made: Print, chance: np.random.Generator) -> Light:
    """Let a lamp shine back from the data of the symbol."""
    height, width = made.light.shape
    x, y = chance.uniform(0.5, 0.6, 2) * (width, height)
    rows, columns = np.mgrid[:height, :width]
    spot = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * (width * 0.11) ** 2))
    return np.asarray(faint(made.light, 0.7, 110) + 230 * spot)


def covered(made: Print, chance: np.random.Generator) -> Light:
    """Lay a sticker over data, away from the finder patterns, as large as error correction bears."""
    light, pixels = made.light.copy(), made.pixels
    side = math.sqrt(SPARE[made.level]) * made.modules * pixels
    last = (QUIET + made.modules) * pixels
    first = last - side - chance.uniform(0, 2) * pixels
    light[int(first) : int(first + side), int(first) : int(first + side)] = chance.choice((40, 128, 215))
    return light


def dirty(made: Print, chance: np.random.Generator) -> Light:
    """Spill drops over the data, dark and light."""
    picture = pictured(made.light)
    pen, size = ImageDraw.Draw(picture), made.modules
    for _ in range(max(3, size // 8)):
        row, column = chance.uniform(8, size - 2, 2)
        reach = chance.uniform(0.4, 0.9) * made.pixels
        x, y = (column + QUIET) * made.pixels, (row + QUIET) * made.pixels
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=int(chance.integers(0, 256)))
    return lit(picture)


def scratched(made: Print, chance: np.random.Generator) -> Light:
    """Draw thin lines across."""
    picture = pictured(made.light)
    pen = ImageDraw.Draw(picture)
    for _ in range(4):
        ends = chance.uniform(0, picture.width, 4).tolist()
        pen.line(ends, fill=int(chance.choice((60, 160, 255))), width=max(1, made.pixels // 4))
    return lit(picture)


def tight(made: Print, ground: float, chance: np.random.Generator) -> Light:
    """Cut off the quiet zone and lay the symbol on a ground, with a little grain."""
    edge = QUIET * made.pixels
    bare = made.light[edge:-edge, edge:-edge]
    return grained(np.pad(bare, 6 * made.pixels, constant_values=ground), 3, chance)


def screened(made: Print, chance: np.random.Generator) -> Light:
    """Photograph a screen: a fine grid of pixels beats with the camera's."""
    height, width = made.light.shape
    period = chance.uniform(2.3, 3.7)
    rows, columns = np.mgrid[:height, :width]
    grid = 0.5 + 0.25 * np.sin(2 * math.pi * rows / period) + 0.25 * np.sin(2 * math.pi * columns / period)
    return np.asarray(made.light * (0.55 + 0.45 * grid))


def peppered(light: Light, part: float, chance: np.random.Generator) -> Light:
    """Turn a part of the pixels black or white."""
    hit = chance.random(light.shape) < part
    return np.where(hit, chance.choice((0.0, 255.0), light.shape), light)


def snapped(made: Print, chance: np.random.Generator) -> Light:
    """Take it all together, mildly: a phone's photo of a poster in the evening."""
    light = np.pad(made.light, 8 * made.pixels, constant_values=190)
    light = tilted(turned(light, float(chance.uniform(-25, 25)), 190), 0.1, chance)
    light = blurred(shaded(faint(light, 0.6, 110), 0.45, chance), made.pixels * 0.25)
    return compressed(grained(resized(light, 0.6), 9, chance), 60)


def inked(made: Print, modules: float) -> Light:
    """Let ink spread (above 0) or bleach (below) by a part of a module at every edge."""
    picture = pictured(made.light).resize((made.light.shape[1] * 2,) * 2, Image.Resampling.NEAREST)
    size = 2 * round(abs(modules) * made.pixels * 2) + 1
    grown = picture.filter(ImageFilter.MinFilter(size) if modules > 0 else ImageFilter.MaxFilter(size))
    return lit(grown.reduce(2))


Chance = np.random.Generator
DAMAGE: dict[str, Callable[[Print, Chance], Light]] = {
    "as printed": lambda made, chance: made.light,
    "inverted": lambda made, chance: 255 - made.light,
    "2.2 pixels a module": lambda made, chance: resized(made.light, 2.2 / made.pixels),
    "turned": lambda made, chance: turned(made.light, float(chance.uniform(5, 355))),
    "tilted by 10 %": lambda made, chance: tilted(made.light, 0.10, chance),
    "tilted by 18 %": lambda made, chance: tilted(made.light, 0.18, chance),
    "on a bottle": lambda made, chance: bent(made.light, 0.015),
    "JPEG, quality 20": lambda made, chance: compressed(made.light, 20),
    "JPEG, quality 5": lambda made, chance: compressed(made.light, 5),
    "noise of 60": lambda made, chance: grained(made.light, 60, chance),
    "noise of 120": lambda made, chance: grained(made.light, 120, chance),
    "salt and pepper": lambda made, chance: peppered(made.light, 0.2, chance),
    "blur of 0.35 module": lambda made, chance: blurred(made.light, 0.35 * made.pixels),
    "blur of 0.55 module": lambda made, chance: blurred(made.light, 0.55 * made.pixels),
    "moved by a module": lambda made, chance: smeared(made.light, made.pixels, float(chance.uniform(0, 3.14))),
    "contrast of 10 %": lambda made, chance: grained(faint(made.light, 0.1, float(chance.uniform(40, 215))), 1, chance),
    "contrast of 3 %": lambda made, chance: grained(faint(made.light, 0.03, float(chance.uniform(40, 215))), 0.5, chance),
    "uneven light": lambda made, chance: grained(shaded(made.light, 0.08, chance), 2, chance),
    "faint in uneven light": lambda made, chance: grained(shaded(faint(made.light, 0.15, 150), 0.3, chance), 1, chance),
    "half in shadow": half_shadow,
    "glare": glared,
    "too dark": lambda made, chance: grained(8 + made.light * 0.06, 1.5, chance),
    "overexposed": lambda made, chance: grained(blurred(made.light, 0.2 * made.pixels) * 0.8 + 120, 5, chance),
    "covered by a sticker": covered,
    "dirt": dirty,
    "scratches": scratched,
    "no quiet zone, on grey": lambda made, chance: tight(made, 128, chance),
    "no quiet zone, on black": lambda made, chance: tight(made, 12, chance),
    "photographed from a screen": screened,
    "ink spread": lambda made, chance: inked(made, 0.12),
    "bleached": lambda made, chance: inked(made, -0.12),
    "a photo": snapped,
}  # fmt: skip
