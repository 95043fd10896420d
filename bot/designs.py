"""What is shown and told of a look that is tried, on the page and in modals; and emoji that are logos."""

from __future__ import annotations

from dataclasses import replace

from bot.i18n import Translator
from bot.message import Reply
from bot.qr.picture import Picture, Rendered
from bot.qr.style.style import NOT_PRINTED

SHOWN = 1024  # pixels of a look that is tried out, at most; it is measured at no more
SIGNS = ("⭐", "❤️", "🏠", "📶", "☕", "🎉", "🍕", "🎵")  # emoji that are offered as logos


def small(picture: Picture) -> Picture:
    """Show a look no larger than a screen does: what is printed as well."""
    style = replace(picture.style, size=min(picture.style.size, SHOWN), print=NOT_PRINTED)
    return replace(picture, style=style, format="png")


def worth_knowing(reply: Reply, drawn: Rendered, t: Translator) -> list[str]:
    """List what was changed so that a look scans, and what else is worth knowing about it."""
    return [line for line in (*map(t.of, drawn.said), *reply.body.split("\n")) if line]
