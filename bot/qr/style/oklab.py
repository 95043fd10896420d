"""OKLab (Björn Ottosson, 2020): colours by lightness and two opponent axes, as eyes tell them apart."""

from __future__ import annotations

from bot.qr.style.colours import linear, written

Triple = tuple[float, float, float]

# Linear sRGB to cones, their cube roots to lightness, green–red and blue–yellow; and the way back.
_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_ROOTS = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_LINEAR = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def oklab(colour: str) -> Triple:
    """Turn ``#rrggbb`` into lightness, green–red and blue–yellow."""
    long, medium, short = (each ** (1 / 3) for each in _times(_CONES, linear(colour)))
    return _times(_LAB, (long, medium, short))


def shown(lab: Triple) -> bool:
    """Tell whether sRGB has a colour."""
    return all(-1e-4 <= each <= 1 + 1e-4 for each in _light(lab))


def nearest(lab: Triple) -> str:
    """Turn OKLab into ``#rrggbb``; what sRGB does not have is cut off."""
    return written(_light(lab))


def _light(lab: Triple) -> Triple:
    long, medium, short = (each**3 for each in _times(_ROOTS, lab))
    return _times(_LINEAR, (long, medium, short))


def _times(matrix: tuple[Triple, ...], value: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, value, strict=True)) for row in matrix)
    return one, two, three
