"""The gate: no picture leaves before an independent reader has read its pixels back to the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from bot.qr.output.raster.buffers import buffer
from bot.qr.payloads.payload import Payload
from bot.qr.proof.grades import Grade, Grades, contrast, quiet_zone
from bot.qr.proof.margin import Margin
from bot.qr.refusal import Refused
from bot.qr.shapes.eyes import SURER
from bot.qr.style.style import Style
from bot.qr.symbol import Symbol

Grey = NDArray[np.uint8]

_SIGMA = 0.25  # modules
_STEP = _SIGMA / 0.5**0.5  # modules between three samples whose mean, weighed 1 : 2 : 1, is as soft as that
_SMOOTH = 4  # times it is blurred, to be smooth
_GLOBAL = zxingcpp.Binarizer.GlobalHistogram
_ONE, _TWO = np.uint8(1), np.uint8(2)
_HALVED = 6  # pixels a module has at least, to be looked at in half the size
_BLURRED = 3  # … to be blurred at all
_PLENTY = 8  # … for one bad copy not to tell of others
_QUICKLY = 600_000  # pixels of a picture, up to which a noisy copy is read within a millisecond
_NOISE, _TILE = 20, 256  # greys that a pixel is off by, at most; pixels after which the noise repeats


_AS_DRAWN = Grades()


class Unread(Refused):
    """A picture that did not read back as what it should say; it must not be sent."""


class Fault(StrEnum):
    """What stands between a picture and the grade asked for."""

    SYMBOL = "symbol"  # the bare modules do not say the payload
    PIXELS = "pixels"  # the picture does not read
    SMALL = "small"  # a blurred copy of half the size does not read
    CONTRAST = "contrast"
    CORRECTION = "correction"  # too much of the error correction is used up
    PATTERNS = "patterns"  # fixed patterns, format or version information are hidden
    QUIET_ZONE = "quiet zone"
    COARSE = "coarse"  # modules of so few pixels that they do not outlive being passed on
    FINDERS = "finders"  # shapes that some readers do not find
    EYES = "eyes"  # ring or eyeball is pale beside the other
    DECOY = "decoy"  # the logo looks like a finder pattern, more than they do
    CORNERS = "corners"  # the picture's round corners cut into finder patterns


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found: nothing wrong, or what; and the design grades it held against ``asked``."""

    faults: tuple[Fault, ...] = ()
    grades: Grades = _AS_DRAWN
    asked: Grade = Grade.B

    @property
    def passed(self) -> bool:
        """Whether it may leave as it is."""
        return not self.faults

    @property
    def readable(self) -> bool:
        """Whether it can be read at all."""
        return Fault.SYMBOL not in self.faults and Fault.PIXELS not in self.faults

    def check(self) -> None:
        """Raise Unread unless it can be read."""
        if not self.readable:
            raise _unread()


def _unread() -> Unread:
    return Unread(
        "I could not read this code back, so I did not send it. Choose calmer colours or a larger size."
    )


def graded(style: Style, margin: Margin | None = None) -> Grades:
    """Grade a style by its colours and quiet zone, and by what is hidden of its symbol."""
    symbol_contrast, modulation = contrast(style)
    grades = Grades(symbol_contrast, modulation, quiet_zone=quiet_zone(style.quiet_zone))
    if margin is None:
        return grades
    return Grades(
        symbol_contrast, modulation, margin.correction, margin.patterns, margin.alignment_patterns,
        margin.information, grades.quiet_zone,
    )  # fmt: skip


def shortfalls(grades: Grades, asked: Grade) -> tuple[Fault, ...]:
    """Name what is below the grade asked for.

    Alignment patterns may go down to D: versions from 7 on have one in their middle, so that any logo would
    fall below the standard's B, while readers find their way by the others.
    """
    least = {
        Fault.CONTRAST: min(grades.symbol_contrast, grades.modulation),
        Fault.CORRECTION: grades.unused_error_correction,
        Fault.PATTERNS: min(grades.fixed_pattern_damage, grades.format_information),
        Fault.QUIET_ZONE: grades.quiet_zone,
    }
    found = [fault for fault, grade in least.items() if grade < asked]
    if grades.alignment_patterns < min(asked, Grade.D) and Fault.PATTERNS not in found:
        found.append(Fault.PATTERNS)
    return tuple(found)


def gate(
    symbol: Symbol,
    grey: Grey,
    payload: Payload,
    *,
    module: float,
    grades: Grades | None = None,
    asked: Grade = Grade.B,
    exact: bool = False,
) -> Verdict:
    """Read a picture's final pixels and a blurred copy of half the size; hold its grades against ``asked``.

    ``module`` is how many pixels of ``grey`` a module is wide. ``exact`` asks for no more than that it can be
    read somehow, light on dark too. About 1 ms for 1,024 pixels.
    """
    grades, grey = grades or _AS_DRAWN, np.ascontiguousarray(grey)
    if not read_bare(symbol, payload):
        return Verdict((Fault.SYMBOL,), grades, asked)
    if exact:
        return Verdict(() if reads(grey, payload, invert=True) else (Fault.PIXELS,), grades, asked)
    faults = () if _reads_at_once(grey, payload, module) else _reads_badly(grey, payload, module)
    return Verdict((*faults, *shortfalls(grades, asked)), grades, asked)


def found_by_all(style: Style) -> tuple[Fault, ...]:
    """Name finder patterns that only some readers find, where grade B or better is asked for.

    zxing-cpp and phones find round ones; OpenCV's detectors, which many scanners are built on, do not.
    """
    hard = style.finder in SURER and Grade[style.grade] >= Grade.B and not style.exact
    return (Fault.FINDERS,) if hard else ()


def prove(picture: Image.Image, payload: Payload) -> None:
    """Read a picture with zxing-cpp; raises Unread unless it holds exactly the payload's bytes."""
    if not reads(np.asarray(picture.convert("L")), payload, invert=True):
        raise _unread()


def read_bare(symbol: Symbol, payload: Payload) -> bool:
    """Read a symbol's modules, one pixel each, without any drawing; tell whether they say the payload."""
    found = zxingcpp.read_barcode(
        symbol.modules ^ 1,
        formats=_formats(),
        binarizer=zxingcpp.Binarizer.BoolCast,
        is_pure=True,
        **_QUICK,
    )
    return found is not None and found.bytes == payload.data


_QUICK: dict[str, Any] = {"try_rotate": False, "try_invert": False, "try_downscale": False}


@cache
def _formats() -> zxingcpp.BarcodeFormats:
    return zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)  # is_pure finds nothing with QRCodeModel2


def reads(grey: Grey, payload: Payload, *, invert: bool = False) -> bool:
    """Tell whether a picture holds one code, the payload's: quickly, else with all that a reader tries."""
    if _reads_quickly(grey, payload):
        return True
    found = zxingcpp.read_barcodes(grey, formats=_formats(), try_invert=invert)
    return [each.bytes for each in found] == [payload.data]


def _reads_at_once(grey: Grey, payload: Payload, module: float) -> bool:
    """Read as nearly all can be, by what readers try first: sharp, soft, and noisy where pixels are few."""
    return (
        module >= _BLURRED
        and _reads_quickly(grey, payload)
        and _reads_quickly(_softened(*_small(grey, module)), payload)
        and (module >= _PLENTY or _reads_noisy(grey, payload))
    )


def _reads_badly(grey: Grey, payload: Payload, module: float) -> tuple[Fault, ...]:
    """Name what a picture does not outlive, whatever a reader tries."""
    if not reads(grey, payload):
        return (Fault.PIXELS,)
    return (Fault.SMALL,) if module >= _BLURRED and not _reads_soft(grey, payload, module) else ()


def _reads_somehow(grey: Grey, payload: Payload) -> bool:
    """Read with either binarizer: at some sizes the local one misses even plain symbols that are soft."""
    return _reads_quickly(grey, payload) or _reads_quickly(grey, payload, _GLOBAL)


def _reads_quickly(
    grey: Grey, payload: Payload, binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage
) -> bool:
    found = zxingcpp.read_barcodes(grey, formats=_formats(), binarizer=binarizer, **_QUICK)
    return [each.bytes for each in found] == [payload.data]


def _reads_soft(grey: Grey, payload: Payload, module: float) -> bool:
    """Read a blurred copy, in half the size where its modules allow that: quickly blurred, else smoothly.

    Modules of few pixels have to outlive the first, and noise: readers miss them after many ways of passing
    a picture on, of which these are two (docs/decisions.md).
    """
    small, least = _small(grey, module)
    if _reads_somehow(_softened(small, least), payload):
        return module >= _PLENTY or _reads_noisy(grey, payload)
    return module >= _PLENTY and _reads_somehow(_softened(small, least, _SMOOTH), payload)


def _reads_noisy(grey: Grey, payload: Payload) -> bool:
    return grey.size > _QUICKLY or _reads_quickly(_noisy(grey), payload)


def _noisy(grey: Grey) -> Grey:
    """Add noise, always the same, as writing a picture once more with losses does."""
    noisy = buffer(grey.size).reshape(grey.shape)
    np.clip(grey, _NOISE, 255 - _NOISE, noisy)  # so that all stays within bytes
    height, width = grey.shape
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            part = noisy[top : top + _TILE, left : left + _TILE]
            part += _noise()[: height - top, : width - left]
    return noisy


@cache
def _noise() -> Grey:
    """Make up noise, below nothing as bytes that wrap around."""
    noise = np.random.default_rng(1).integers(-_NOISE, _NOISE + 1, (_TILE, _TILE), np.int8)
    return noise.view(np.uint8)


def _small(grey: Grey, module: float) -> tuple[Grey, float]:
    """Halve a picture, where its modules allow that; and the pixels of a module."""
    return (_halved(grey), module / 2) if module >= _HALVED else (grey, module)


def _softened(grey: Grey, module: float, times: int = 1) -> Grey:
    """Blur a picture, so many times a little, which is as soft but leaves no ghosts beside edges."""
    step = max(1, round(_STEP * module / times**0.5))
    for _ in range(times):
        grey = _blurred(_blurred(grey, step).T, step).T
    return grey


def _blurred(grey: Grey, step: int) -> Grey:
    """Weigh each row with the ones ``step`` away, 1 : 2 : 1; in whole bytes, quick and near enough.

    The outermost stay as they are: without them a narrow margin would be narrower.
    """
    quarter = grey >> _TWO
    whole = grey.copy("K")  # as it lies: turning it over costs as much as all the rest
    soft = whole[step:-step]
    soft >>= _ONE
    soft += quarter[: -2 * step]
    soft += quarter[2 * step :]
    return whole


def _halved(grey: Grey) -> Grey:
    """Average squares of four pixels, rounded down; two side by side are added within one 16-bit number."""
    even = grey[: len(grey) // 2 * 2, : grey.shape[1] // 2 * 2]
    rows = even[::2] >> _ONE
    rows += even[1::2] >> _ONE
    rows >>= _ONE
    pairs = rows.view(np.uint16)
    return (pairs + (pairs >> 8)).astype(np.uint8)
