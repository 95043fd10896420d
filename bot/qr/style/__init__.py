"""How a code looks: the record, its words, its JSON and share code, and looks that have names."""

from bot.qr.style.colours import colour, contrast
from bot.qr.style.limits import checked, fitted, warnings
from bot.qr.style.presets import presets
from bot.qr.style.record import dump_style, load_style, style_of_json
from bot.qr.style.saying import style_text
from bot.qr.style.sharing import read_share_code, share_code, shareable
from bot.qr.style.style import (
    DEFAULT,
    TRANSPARENT,
    Backdrop,
    Frame,
    Gradient,
    Logo,
    Paint,
    Print,
    Style,
)
from bot.qr.style.surprise import surprise
from bot.qr.style.words import check_words, parse_style

__all__ = [
    "DEFAULT",
    "TRANSPARENT",
    "Backdrop",
    "Frame",
    "Gradient",
    "Logo",
    "Paint",
    "Print",
    "Style",
    "check_words",
    "checked",
    "colour",
    "contrast",
    "dump_style",
    "fitted",
    "load_style",
    "parse_style",
    "presets",
    "read_share_code",
    "share_code",
    "shareable",
    "style_of_json",
    "style_text",
    "surprise",
    "warnings",
]
