"""How a saved code is shown: picture, title, hints, and the buttons under it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bot.message import Button, Reply, Tone
from bot.qr.payloads import Payload
from bot.qr.picture import Picture
from bot.qr.style import load_style, warnings
from bot.qr.symbol import hint, version_of
from storage.records import Code

if TYPE_CHECKING:
    from bot.app import Context

LARGER = 2048  # pixels
SECRET_KINDS = frozenset({"wifi"})  # shown to the person alone, also in a group


def picture_of(code: Code, *, format: str = "", size: int = 0) -> Picture:
    """Say what to draw for a saved code."""
    style = load_style(code.style)
    look = dataclasses.replace(style, size=size or style.size)
    return Picture(Payload(code.text, code.kind), look, format or code.format, f"qr-{code.id.lower()}")


def code_reply(
    context: Context, code: Code, *, format: str = "", size: int = 0, replace: bool = False
) -> Reply:
    """Show a code with what can be done with it."""
    picture = picture_of(code, format=format, size=size)
    said = warnings(picture.style)
    dense = hint(version_of(picture.payload, picture.style.level))
    hints = (*said, dense) if dense else said
    return Reply(
        title=code.title,
        body="\n".join(context.t(each.template, **each.values) for each in hints),
        picture=picture,
        buttons=_buttons(context, code),
        code=code.id,
        private=code.kind in SECRET_KINDS or context.person.preferences.replies == "private",
        shared=code.kind not in SECRET_KINDS and context.person.preferences.replies == "shared",
        replace=replace,
    )


def _buttons(context: Context, code: Code) -> tuple[tuple[Button, ...], ...]:
    t = context.t
    star = t("★ Unfavourite") if code.favourite else t("☆ Favourite")
    return (
        (
            Button("SVG", f"show {code.id} format=svg"),
            Button("PDF", f"show {code.id} format=pdf"),
            Button(t("Larger"), f"show {code.id} format=png size={LARGER}"),
        ),
        (
            Button(t("Colours"), f"colours {code.id}"),
            Button(star, f"favourite {code.id} on={'no' if code.favourite else 'yes'}"),
            Button(t("Delete"), f"delete {code.id}", tone=Tone.DANGER),
        ),
    )
