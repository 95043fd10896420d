"""Read the codes in a picture somebody sent."""

from __future__ import annotations

import asyncio

from bot.app import Context
from bot.command import command
from bot.i18n import mark
from bot.message import Button, Field, Outcome, Reply, Status
from bot.qr.payloads import interpret
from bot.qr.reading import Found, read_picture

LABELS = {
    "ssid": mark("Network"),
    "password": mark("Password"),
    "security": mark("Encryption"),
    "hidden": mark("Hidden"),
}
COPY = 256  # characters that a copy button takes (Telegram's CopyTextButton)


@command("read", group="read")
async def read(context: Context) -> Outcome:
    """Tell what the codes in a picture say."""
    uploads = context.request.uploads
    if not uploads:
        return Outcome(
            Reply(body=context.t("Send me a picture with a code in it, and I tell you what it says."))
        )
    if any(not upload.data for upload in uploads):
        return Outcome(None, jobs=(context.request,))
    found = [code for upload in uploads for code in await asyncio.to_thread(read_picture, upload.data)]
    if not found:
        body = context.t(
            "I found no code in this picture. Try again closer, sharper, and with some space around it."
        )
        return Outcome(Reply(body=body, status=Status.MISSING, private=True))
    return Outcome(_told(context, found))


def _told(context: Context, found: list[Found]) -> Reply:
    t = context.t
    fields = tuple(field for code in found for field in _fields(context, code))
    copies = [code.text for code in found if len(code.text) <= COPY]
    one = len(copies) == 1
    buttons = tuple((Button(t("Copy") if one else _label(text), copy=text),) for text in copies)
    title = t("This code says") if len(found) == 1 else t.many("{count} code", "{count} codes", len(found))
    return Reply(title=title, fields=fields, buttons=buttons[:10], private=True)


def _label(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"


def _fields(context: Context, code: Found) -> tuple[Field, ...]:
    reading = interpret(code.text)
    if reading.kind == "wifi":
        told = ((name, context.t(value) if name == "hidden" else value) for name, value in reading.values)
        return tuple(Field(context.t(LABELS[name]), value) for name, value in told)
    return (Field(code.format, code.text),)
