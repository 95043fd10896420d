"""A picture as what to draw, and the drawing of it: encode, draw, prove, mend, write, in one pure step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from time import perf_counter

from PIL import Image

from bot.qr.gallery import gallery
from bot.qr.logo import NO_ART, Art
from bot.qr.output import OUTPUT
from bot.qr.output.raster.chunks import SIGNATURE
from bot.qr.payloads.payload import Level, Payload
from bot.qr.proof.distance import too_small
from bot.qr.proof.gate import prove
from bot.qr.proof.grades import Grade
from bot.qr.proof.printed import read_print
from bot.qr.proof.strip import in_english, strip, views
from bot.qr.refusal import Refused
from bot.qr.settling import Proven, ladder_of, settled
from bot.qr.slip import slip
from bot.qr.style import Style, presets
from bot.qr.style.style import DEFAULT

SLIP = "slip"  # the whole payment slip of a Swiss bill, as PDF
GALLERY = "gallery"  # all looks that have names, to choose from, as PNG
STRIP = "strip"  # what cameras see of a code under many conditions, as PNG
LOSSY, SHARP = ("jpeg", "webp"), 4  # formats that blur modules of fewer pixels
Say = Callable[..., str]  # translates a template and fills it


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw: content, look, file format, the file's name without its ending.

    ``language`` is that of the headings, where the format has any. ``checked``: it is also measured how
    surely it scans, which takes longer; what is printed always is.
    """

    payload: Payload
    style: Style
    format: str = "png"
    name: str = "qr"
    language: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture's bytes, proven to scan, and what its symbol came out as.

    ``style`` is how it was drawn, ``said`` a sentence for each change that somebody may see. ``score``: how
    surely it scans, of 100; None where that was not measured. ``proving`` and ``drawing``: seconds that it
    took to find a look that passes the proof, and to write what was proven.
    """

    data: bytes
    media_type: str
    extension: str
    version: int
    level: Level
    grade: Grade = Grade.A
    style: Style = DEFAULT
    said: tuple[Refused, ...] = ()
    score: int | None = None
    proving: float = field(default=0.0, compare=False, repr=False)
    drawing: float = field(default=0.0, compare=False, repr=False)


def sides(data: bytes) -> tuple[int, int]:
    """Measure a picture in a file's bytes: width and height in pixels."""
    if data.startswith(SIGNATURE):  # whose first chunk begins with them (ISO/IEC 15948, 11.2.2)
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    with Image.open(BytesIO(data)) as image:
        return image.size


def render(picture: Picture, art: Art = NO_ART, say: Say = in_english) -> Rendered:
    """Draw a picture and read it back; a style that fails is mended by the smallest change that does.

    ``art`` holds the pictures that the style names, ``say`` translates what is written on it. Raises Unread
    where nothing helps, Refused where it cannot be drawn.
    """
    begun = perf_counter()
    style, proven, said = settled(picture.payload, picture.style, art)
    symbol, grade = proven.symbol, proven.verdict.grades.overall
    found = perf_counter()
    data, media_type, extension = _written(picture, proven, say)
    written, score = perf_counter(), None
    if picture.checked or style.print.width:
        ladder = ladder_of(picture.payload, proven)
        score, said = ladder.score, (*said, *too_small(ladder, style.print.width / 10, style.quiet_zone))
    if style.print.width and picture.format == "pdf":
        read_print(data, picture.payload)
    drawing = written - found
    proving = perf_counter() - begun - drawing
    return Rendered(
        data, media_type, extension, symbol.version, symbol.level, grade, style, said, score, proving, drawing
    )


def _written(picture: Picture, proven: Proven, say: Say) -> tuple[bytes, str, str]:
    """Write a proven drawing: the file's bytes, its media type and its ending."""
    match picture.format:
        case "slip":
            return slip(picture.payload.text, picture.language), "application/pdf", "pdf"
        case "gallery":
            return gallery(presets(), picture.payload), "image/png", "png"
        case "strip":
            seen = strip(views(ladder_of(picture.payload, proven), say))
            out = BytesIO()
            seen.save(out, "PNG")
            return out.getvalue(), "image/png", "png"
        case _:
            output = OUTPUT[picture.format]
            data = output.write(proven.drawing)
            if picture.format in LOSSY and proven.drawing.layout.module < SHARP:
                prove(Image.open(BytesIO(data)), picture.payload)
            return data, output.media_type, output.extension
