"""How a code is shown: picture, title, hints, and the buttons under it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from bot.message import Button, Reply, Rows, Tone, fits
from bot.qr.payloads import KINDS, Kind, Payload
from bot.qr.payloads.place import Place
from bot.qr.picture import SLIP, Picture
from bot.qr.refusal import Refused
from bot.qr.sizing import level_of
from bot.qr.style import Style, fitted, load_style, warnings
from bot.qr.symbol import hint, version_of
from storage.records import Code

if TYPE_CHECKING:
    from bot.app import Context

LARGER = 2048  # pixels
TITLE = 60  # characters of a value that a list shows
SECRET_KINDS = frozenset(kind.name for kind in KINDS.values() if kind.secret)  # shown to the person alone


def picture_of(code: Code, *, format: str = "", size: int = 0, language: str = "") -> Picture:
    """Say what to draw for a saved code; ``language`` is that of a payment slip's headings."""
    style = load_style(code.style)
    look = dataclasses.replace(style, size=size or style.size)
    kind = KINDS.get(code.kind, KINDS["text"])
    payload = Payload(code.text, code.kind, kind.rules)
    name = f"qr-{code.id.lower()}"
    return Picture(payload, fitted(look, kind.rules), format or code.format, name, language)


def code_reply(
    context: Context, code: Code, *, format: str = "", size: int = 0, replace: bool = False
) -> Reply:
    """Show a code with what can be done with it."""
    language = context.t.language if format == SLIP else ""
    picture = picture_of(code, format=format, size=size, language=language)
    return Reply(
        title=code.title,
        body=hints(context, picture, load_style(code.style)),
        picture=picture,
        buttons=_buttons(context, code),
        code=code.id,
        private=for_one(context, code.kind),
        shared=code.kind not in SECRET_KINDS and context.person.preferences.replies == "shared",
        replace=replace,
    )


def for_one(context: Context, kind: str = "") -> bool:
    """Tell whether an answer about a kind of content is for the person alone: secrets, and as they chose."""
    return kind in SECRET_KINDS or context.person.preferences.replies == "private"


def passing_reply(context: Context, title: str, picture: Picture, asked: Style) -> Reply:
    """Show a code that is kept nowhere."""
    gone = context.t("I do not keep this code. Save the picture if you need it again.")
    body = "\n".join(line for line in (gone, hints(context, picture, asked)) if line)
    return Reply(title=title, body=body, picture=picture, private=True, secret=True)


def hints(context: Context, picture: Picture, asked: Style) -> str:
    """Say what is worth knowing about a picture: a line each."""
    found = list(warnings(picture.style)) if picture.style.exact else []
    dense = hint(version_of(picture.payload, level_of(picture.payload, picture.style)))
    if fitted(asked, picture.payload.rules) != asked and picture.payload.rules.plain:
        found.append(Refused("This kind of code is always black on white, as its specification says."))
    if dense is not None:
        found.append(dense)
    return "\n".join(context.t.of(each) for each in found)


def _buttons(context: Context, code: Code) -> Rows:
    t = context.t
    plain = KINDS.get(code.kind, KINDS["text"]).rules.plain
    star = t("★ Unfavourite") if code.favourite else t("☆ Favourite")
    return (
        (
            Button("SVG", f"show {code.id} format=svg"),
            Button("PDF", f"show {code.id} format=pdf"),
            Button(t("Larger"), f"show {code.id} format=png size={LARGER}"),
        ),
        (
            *(() if plain else (Button(t("Style"), f"looks {code.id}"),)),
            Button(t("Scan check"), f"prove {code.id}"),
        ),
        (
            Button(star, f"favourite {code.id} on={'no' if code.favourite else 'yes'}"),
            Button(t("Delete"), f"delete {code.id}", tone=Tone.DANGER),
        ),
        *_of_kind(context, code),
    )


def _of_kind(context: Context, code: Code) -> Rows:
    """Offer what only one kind of content has."""
    if code.kind == "swiss":
        return ((Button(context.t("Payment slip (PDF)"), f"show {code.id} format=slip"),),)
    if code.kind == "place":
        reading = KINDS["place"].read(code.text)
        line = _other_form(reading.content) if reading is not None else ""
        return ((Button(context.t("Map link, for iPhones"), line),),) if line else ()
    return ()


def _other_form(place: Place) -> str:
    """Write the line that makes a map link of a ``geo:`` address; empty where it is one, or too long."""
    line = f"/place form=map {place.latitude} {place.longitude} {place.label}".strip()
    return line if place.form == "geo" and fits(line) else ""


def heading(context: Context, kind: Kind[Any], content: Any) -> str:
    """Name a content for lists: what kind it is, and what tells it apart."""
    line = " ".join(kind.title(content).split())
    short = line if len(line) <= TITLE else line[: TITLE - 1] + "…"
    return short if kind.name in ("text", "raw", "url") else f"{context.t(kind.label)}: {short}"
