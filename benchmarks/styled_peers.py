"""The same look by others, as far as their options go: qrcode's StyledPilImage and npm qr-code-styling."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any

import qrcode
from PIL import Image
from qrcode.image.styledpil import StyledPilImage
from qrcode.image.styles import colormasks
from qrcode.image.styles.moduledrawers import pil as drawers

from benchmarks import npm
from benchmarks.asked import Asked
from bot.qr.style import TRANSPARENT, Gradient, Paint, Style
from bot.qr.symbol import version_of

_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}  # as qrcode numbers them
_ROUND = ("dot", "small dot", "bubbles", "heart", "clover", "star", "sparkle", "diamond", "hexagon")
_SOFT = ("rounded", "liquid", "squircle", "pebbles", "leaf", "drop", "classy rounded")


def module_of(asked: Asked) -> int:
    """Return the pixels a module that make a picture of the size asked for."""
    side = 17 + 4 * version_of(asked.payload, asked.style.level)
    return max(1, asked.style.size // (side + 2 * asked.style.quiet_zone))


def level_of(style: Style) -> str:
    """Return the level: H for a logo, which both need for it."""
    return "H" if style.logo is not None else str(style.level)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _ground(light: Paint) -> str:
    if isinstance(light, Gradient):
        return light.colours[0]
    return "#ffffff" if light == TRANSPARENT else light


def styled_pil(asked: Asked) -> bytes:
    """Draw with qrcode, StyledPilImage."""
    style = asked.style
    code = qrcode.QRCode(
        error_correction=_LEVELS[level_of(style)], box_size=module_of(asked), border=style.quiet_zone
    )
    code.add_data(asked.payload.data)
    more: dict[str, Any] = {}
    if style.logo is not None:
        more["embedded_image"] = Image.open(BytesIO(asked.art.logo))
        if style.logo.size:
            more["embedded_image_ratio"] = style.logo.size / 100
    picture = code.make_image(
        StyledPilImage, module_drawer=_drawer(style.modules), color_mask=_mask(style), **more
    )
    out = BytesIO()
    picture.save(out)
    return out.getvalue()


def _drawer(modules: str) -> Any:
    match modules:
        case "gapped" | "mosaic":
            return drawers.GappedSquareModuleDrawer()
        case "bars":
            return drawers.VerticalBarsDrawer()
        case "bars lying":
            return drawers.HorizontalBarsDrawer()
        case _ if modules in _ROUND:
            return drawers.CircleModuleDrawer()
        case _ if modules in _SOFT:
            return drawers.RoundedModuleDrawer()
        case _:
            return drawers.SquareModuleDrawer()


def _mask(style: Style) -> Any:
    ground = _rgb(_ground(style.light))
    if not isinstance(style.dark, Gradient):
        return colormasks.SolidFillColorMask(ground, _rgb(style.dark))
    first, last = _rgb(style.dark.colours[0]), _rgb(style.dark.colours[-1])
    if style.dark.kind != "linear":
        return colormasks.RadialGradiantColorMask(ground, first, last)
    upright = 45 <= style.dark.angle % 180 < 135
    kind = colormasks.VerticalGradiantColorMask if upright else colormasks.HorizontalGradiantColorMask
    return kind(ground, first, last)


def styling(asked: Asked, node: npm.Node) -> bytes:
    """Draw with qr-code-styling."""
    style = asked.style
    paint = _painted(style.dark)
    options = {
        "width": style.size,
        "height": style.size,
        "margin": style.quiet_zone * module_of(asked),
        "qrOptions": {"errorCorrectionLevel": level_of(style)},
        "dotsOptions": {**paint, "type": _dots(style.modules)},
        "cornersSquareOptions": {
            **({"color": style.finder_colour} if style.finder_colour else paint),
            "type": {"square": "square", "circle": "dot"}.get(style.finder, "extra-rounded"),
        },
        "cornersDotOptions": {
            **({"color": style.eyeball_colour} if style.eyeball_colour else paint),
            "type": "square" if style.eyeball == "square" else "dot",
        },
        "backgroundOptions": _painted(_ground(style.light)),
    }
    if style.logo is not None:
        options["image"] = "data:image/png;base64," + b64encode(asked.art.logo).decode()
        options["imageOptions"] = {"saveAsBlob": True, "margin": round(style.logo.margin * module_of(asked))}
    return npm.Peer(node, "styled", options).draw(asked.payload.text)


def _dots(modules: str) -> str:
    if modules in ("square", "classy"):
        return modules
    if modules in _ROUND:
        return "dots"
    return modules.replace(" ", "-") if modules == "classy rounded" else "rounded"


def _painted(paint: Paint) -> dict[str, Any]:
    if not isinstance(paint, Gradient):
        return {"color": paint}
    last = len(paint.colours) - 1
    stops = [{"offset": at / last, "color": each} for at, each in enumerate(paint.colours)]
    kind = "linear" if paint.kind == "linear" else "radial"
    return {"gradient": {"type": kind, "rotation": paint.angle / 57.29578, "colorStops": stops}}
