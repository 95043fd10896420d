"""Replies as the JSON that the chat page shows. Strings stay as they are: the page sets text only."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlsplit

from bot.drawings import amended, unproven
from bot.face import Draw
from bot.i18n import Translator, capital
from bot.message import Button, File, Form, Question, Reply
from bot.qr.picture import GALLERY, STRIP, Picture, Rendered
from bot.qr.refusal import Refused
from bot.qr.style import Gradient, Paint, style_text

SHOWN = frozenset(
    {"png", "jpeg", "webp", GALLERY, STRIP}
)  # the formats a page shows; others are files beside a preview
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "sms", "geo"})

Drawn = Mapping[Picture, Rendered]


async def answer(reply: Reply, draw: Draw, t: Translator) -> dict[str, Any]:
    """Draw what a reply shows and lay it out; where that fails, say so instead: nothing unproven leaves."""
    try:
        drawn = {picture: await draw(picture) for picture in pictures(reply)}
        for picture in pictures(reply)[:1]:
            reply = amended(reply, drawn[picture])
    except Refused as refused:
        return render(unproven(reply, refused), {}, t)
    return render(reply, drawn, t)


def pictures(reply: Reply) -> tuple[Picture, ...]:
    """Name what has to be drawn for a reply."""
    shown = () if reply.picture is None else (reply.picture, preview(reply.picture))
    return (*dict.fromkeys(shown), *(file.picture for file in reply.files if file.picture is not None))


def preview(picture: Picture) -> Picture:
    """Give the picture a page can show in place of this one."""
    return picture if picture.format in SHOWN else replace(picture, format="png")


def render(reply: Reply, drawn: Drawn, t: Translator) -> dict[str, Any]:
    """Lay a reply out as JSON; ``drawn`` holds what ``pictures`` named."""
    return {
        "title": reply.title,
        "body": reply.body,
        "fields": [asdict(field) for field in reply.fields],
        "buttons": [
            row for row in ([_button(each) for each in row if _usable(each)] for row in reply.buttons) if row
        ],
        "picture": None if reply.picture is None else _picture(reply.picture, reply.title, drawn, t),
        "files": _files(reply, drawn),
        "form": None if reply.form is None else _form(reply.form),
        "status": reply.status.value,
        "replace": reply.replace,
        "language": t.language,
        **_code(reply),
    }


def _code(reply: Reply) -> dict[str, str]:
    """Say which code's look can be changed here, and the line that shows what is shown, in a chat."""
    picture = reply.picture
    if picture is None or not reply.code:
        return {"code": "", "design": "", "send": ""}
    again = f"show {reply.code} format={picture.format} size={picture.style.size}"
    design = "" if picture.payload.rules.plain else reply.code
    return {"code": reply.code, "design": design, "send": again}


def _inks(paint: Paint) -> tuple[str, ...]:
    return paint.colours if isinstance(paint, Gradient) else (paint,)


def _picture(picture: Picture, title: str, drawn: Drawn, t: Translator) -> dict[str, Any]:
    shown = drawn[preview(picture)]
    return shown_picture(picture, title, shown, t) | {"facts": _facts(picture, shown, t)}


def _facts(picture: Picture, shown: Rendered, t: Translator) -> dict[str, Any] | None:
    """Say what stands beside a code: its look, its grade, what was mended; None for what shows many."""
    if picture.format in (GALLERY, STRIP):
        return None
    colours = [colour for paint in (picture.style.dark, picture.style.light) for colour in _inks(paint)]
    return {
        "look": style_text(picture.style),
        "colours": colours,
        "grade": shown.grade.name,
        "score": shown.score,
        "said": [t.of(each) for each in shown.said],
        "symbol": t(
            "Version {version}, level {level}: {side} × {side} modules.",
            version=shown.version,
            level=shown.level.name,
            side=17 + 4 * shown.version,
        ),
    }


def shown_picture(picture: Picture, title: str, shown: Rendered, t: Translator) -> dict[str, Any]:
    """Lay a picture out, with what it is called where it is not seen."""
    alt = t("QR code: {title}", title=title) if title else t("QR code")
    name = f"{picture.name}.{shown.extension}"
    return {"src": _data(shown.media_type, shown.data), "alt": alt, "width": picture.style.size, "name": name}


def _files(reply: Reply, drawn: Drawn) -> list[dict[str, str]]:
    files = [_file(file, drawn) for file in reply.files]
    if reply.picture is not None and reply.picture.format not in SHOWN:
        whole = drawn[reply.picture]
        name = f"{reply.picture.name}.{whole.extension}"
        files.insert(0, {"name": name, "href": _data(whole.media_type, whole.data)})
    return files


def _file(file: File, drawn: Drawn) -> dict[str, str]:
    if file.picture is None:
        charset = "" if file.encoded else ";charset=utf-8"
        return {"name": file.name, "href": _data(f"{file.media_type}{charset}", file.data)}
    rendered = drawn[file.picture]
    return {"name": file.name, "href": _data(rendered.media_type, rendered.data)}


def _data(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def _button(button: Button) -> dict[str, str]:
    told = {"label": button.label, "tone": button.tone.value}
    return told | {key: value for key in ("line", "url", "copy") if (value := getattr(button, key))}


def _usable(button: Button) -> bool:
    """Leave out what a page cannot share, and addresses that would do something in it: ``javascript:``."""
    if button.share:
        return False
    try:
        return not button.url or urlsplit(button.url.strip()).scheme in _SCHEMES
    except ValueError:
        return False


def _form(form: Form) -> dict[str, Any]:
    return {
        "command": form.command,
        "title": form.title,
        "questions": [_question(question) for question in form.questions],
        "values": dict(form.values),
    }


def _question(question: Question) -> dict[str, Any]:
    return asdict(question) | {"entry": question.entry.value, "label": capital(question.label)}
