"""What a look can be designed with, and what is told of one that is tried: on the page and in modals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.drawings import EMOJI
from bot.i18n import Translator
from bot.message import Reply
from bot.qr.picture import Picture, Rendered
from bot.qr.style import Gradient, Paint, Style, presets
from bot.qr.style.presets import worn
from bot.qr.style.style import NOT_PRINTED
from bot.qr.style.vocabulary import names

SHOWN = 1024  # pixels of a look that is tried out, at most; it is measured at no more
PARTS = ("modules", "finder", "eyeball")
SIGNS = ("⭐", "❤️", "🏠", "📶", "☕", "🎉", "🍕", "🎵")  # emoji that are offered as logos


def choices() -> dict[str, Any]:
    """List what the designer offers, by the words a style is said in."""
    parts = {part: list(names(part)) for part in (*PARTS, "frame")}
    return {**parts, "presets": list(presets()), "logo": list(SIGNS)}


def small(picture: Picture) -> Picture:
    """Show a look no larger than a screen does: what is printed as well."""
    style = replace(picture.style, size=min(picture.style.size, SHOWN), print=NOT_PRINTED)
    return replace(picture, style=style, format="png")


def why_not(reply: Reply) -> str:
    """Say why there is nothing to show: what is wrong with a value, or what the command said."""
    wrong = [question.error for question in reply.form.questions] if reply.form is not None else []
    return " ".join(filter(None, wrong)) or reply.body


def worth_knowing(reply: Reply, drawn: Rendered, t: Translator) -> list[str]:
    """List what was changed so that a look scans, and what else is worth knowing about it."""
    return [line for line in (*map(t.of, drawn.said), *reply.body.split("\n")) if line]


def values(style: Style) -> dict[str, str]:
    """Say a look as the designer's fields have it: colours as ``#rrggbb``, of a gradient the first."""
    dark, logo, frame = _colour(style.dark), style.logo, style.frame
    sign = logo.source.removeprefix(EMOJI) if logo is not None and logo.source.startswith(EMOJI) else ""
    return {
        "presets": next((name for name, look in presets().items() if worn(look, style) == style), ""),
        "modules": style.modules,
        "finder": style.finder,
        "eyeball": style.eyeball,
        "dark": dark,
        "light": _colour(style.light),
        "finder_colour": style.finder_colour or dark,
        "eyeball_colour": style.eyeball_colour or dark,
        "frame": frame.name if frame is not None else "",
        "caption": frame.caption if frame is not None else "",
        "frame_colour": (frame.colour if frame is not None else "") or dark,
        "logo": sign or ("picture" if logo is not None else ""),
    }


def _colour(paint: Paint) -> str:
    return paint.colours[0] if isinstance(paint, Gradient) else paint
