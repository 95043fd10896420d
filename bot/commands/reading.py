"""Read the codes in a picture somebody sent, and act on what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from bot.command import Arg, command
from bot.commands.make import KEPT, made
from bot.context import Context
from bot.i18n import capital
from bot.ids import new_id, read_id
from bot.message import COPIED, Button, Field, File, Outcome, Reply, Status, Upload
from bot.qr.payloads import KINDS, Kind, Reading, interpret
from bot.qr.payloads.contact import Format
from bot.qr.payloads.event_reader import event_of_file
from bot.qr.payloads.kind import told
from bot.qr.payloads.text import Text
from bot.qr.payloads.web import host_of
from bot.qr.reading import Found
from bot.qr.refusal import Refused, Word
from storage.changes import AddReading
from storage.records import Reading as Kept

FILE_LIMIT = 100_000  # bytes of a contact or an event
LONGEST = 7089  # characters of one code: the digits that version 40 holds (ISO/IEC 18004, table 7)
AT_ONCE = 20  # files that are read in one go
MOST = 10  # codes of one picture that have buttons
QR = "QR Code"  # the symbology that goes without saying
FILES = {"contact": ("contact.vcf", "text/vcard"), "event": ("event.ics", "text/calendar")}


@command("read", group="read", files=True)
async def read(context: Context) -> Outcome:
    """Tell what the codes in a picture say."""
    uploads = context.request.uploads
    if not uploads:
        return Outcome(
            Reply(body=context.t("Send me a picture with a code in it, and I tell you what it says."))
        )
    if any(not upload.data for upload in uploads):
        return Outcome(None, jobs=(context.request,))
    if len(uploads) == 1 and filed(uploads[0]):
        return _made_of_file(context, uploads[0])
    pictures = [upload for upload in uploads[:AT_ONCE] if filed(upload) is None]
    found, wrong = await _read(context, pictures)
    outcome = _told(context, found) if found else Outcome(_nothing(context, wrong) if pictures else None)
    beside = (*(wrong if found else ()), *_too_many(uploads))
    if beside and outcome.reply is not None:
        words = "\n".join((*map(context.t.of, beside), outcome.reply.body))
        outcome = replace(outcome, reply=replace(outcome.reply, body=words.strip()))
    if context.request.answered:
        return outcome
    apart = (replace(context.request, uploads=(each,), album="") for each in uploads[:AT_ONCE] if filed(each))
    return replace(
        outcome, jobs=tuple(apart)
    )  # a contact or an event becomes a code, which a reply has one of


def _too_many(uploads: tuple[Upload, ...]) -> tuple[Refused, ...]:
    """Say that some files were left out."""
    said = Refused("I read {most} files at once. Please send me the others again.", most=AT_ONCE)
    return (said,) if len(uploads) > AT_ONCE else ()


async def _read(context: Context, pictures: list[Upload]) -> tuple[list[Found], list[Refused]]:
    """Find the codes in all pictures; what is wrong with one takes nothing from the others."""
    found: list[Found] = []
    wrong: list[Refused] = []
    for each in pictures:
        try:
            found += await context.read(each.data)
        except Refused as refused:
            wrong.append(refused)
    return found, wrong


def _nothing(context: Context, wrong: list[Refused]) -> Reply:
    """Say why there is nothing to tell."""
    if wrong:
        words = dict.fromkeys(map(context.t.of, wrong))
        return Reply(body="\n".join(words), status=Status.REFUSED)
    body = context.t(
        "I found no code in this picture. Try again closer, sharper, and with some space around it."
    )
    return Reply(body=body, status=Status.MISSING, private=True)


@command("scanned", group="read", hidden=True)
async def scanned(context: Context, text: Annotated[str, Arg("what a scanner read", rest=True)]) -> Outcome:
    """Tell what a code says that was read by a scanner."""
    if len(text) > LONGEST:
        raise Refused("No code can say this much. Please scan it again.")
    return _told(context, [Found(text, QR, ())])


# --- files that are a contact or an event -------------------------------------------------------------------


def filed(upload: Upload) -> str | None:
    """Name the kind of content that a file is by its first bytes; None for a picture."""
    start = upload.data[:64].lstrip(b"\xef\xbb\xbf\r\n ").upper()
    kinds = {b"BEGIN:VCARD": "contact", b"BEGIN:VCALENDAR": "event"}
    return next((kind for mark, kind in kinds.items() if start.startswith(mark)), None)


def _made_of_file(context: Context, upload: Upload) -> Outcome:
    kind = KINDS[filed(upload) or "text"]
    reading = _read_file(kind, upload.data)
    if reading is None:
        raise Refused("I cannot make sense of this file. Send it again, or type what it should say.")
    outcome = made(context, kind, reading.content, context.style, context.format)
    said = [context.t.of(each) for each in reading.warnings]
    if outcome.reply is None or not said:
        return outcome
    return replace(outcome, reply=replace(outcome.reply, body="\n".join((*said, outcome.reply.body)).strip()))


def _read_file(kind: Kind[Any], data: bytes) -> Reading[Any] | None:
    if len(data) > FILE_LIMIT:
        raise Refused("This file is too large: the limit is {limit} kB.", limit=FILE_LIMIT // 1000)
    if kind.name == "event":
        return event_of_file(data)
    return kind.read(data.decode("utf-8-sig", "replace"))


# --- what codes say -----------------------------------------------------------------------------------------


def _told(context: Context, found: list[Found]) -> Outcome:
    t = context.t
    said = [_said(context, code, number, len(found)) for number, code in enumerate(found, 1)]
    title = t.many("{count} code", "{count} codes", len(found))
    if len(found) == 1:
        kind = said[0].reading.kind
        title = t("This code says") if kind == "text" else t(KINDS[kind].label)
    reply = Reply(
        title=title,
        body="\n".join(each.mark + t.of(warning) for each in said for warning in each.reading.warnings),
        fields=tuple(field for each in said for field in _fields(context, each)),
        buttons=tuple(row for row in (_buttons(context, each) for each in said[:MOST]) if row),
        private=True,
        secret=any(not KINDS[each.reading.kind].kept for each in said),
    )
    return Outcome(reply, tuple(AddReading(each.kept) for each in said[:MOST] if each.kept is not None))


@dataclass(frozen=True, slots=True)
class _Said:
    """One code of a picture, what it says, and what is kept of it for its buttons."""

    code: Found
    reading: Reading[Any]
    kept: Kept | None
    mark: str  # its number, where there are several


def _said(context: Context, code: Found, number: int, count: int) -> _Said:
    reading = interpret(code.text)
    kept = Kept(new_id(), context.person.id, code.text, context.now + KEPT)
    mark = f"{number}. " if count > 1 else ""
    return _Said(code, reading, kept if KINDS[reading.kind].kept else None, mark)


def _fields(context: Context, said: _Said) -> list[Field]:
    """Lay out one code's values; the first says which code it is, and what it is where not a QR code."""
    t, code, reading, mark = context.t, said.code, said.reading, said.mark
    kind = KINDS[reading.kind]
    if kind.name == "text":
        return [Field(mark + code.format, code.text)]
    fields = [
        Field(capital(t(entry.value.label)), t(value) if isinstance(value, Word) else value)
        for entry, value in told(reading.content)
    ]
    if kind.name == "url":
        fields = [Field(t("Link"), code.text), Field(t("Leads to"), host_of(code.text))]
    name = t(kind.label) if code.format == QR else f"{t(kind.label)} ({code.format})"
    return [Field(mark + t("Kind"), name), *fields] if mark or code.format != QR else fields


def _buttons(context: Context, said: _Said) -> tuple[Button, ...]:
    """Offer what can be done with one code: copy, make it again, save it as a file."""
    t, code, kept, mark = context.t, said.code, said.kept, said.mark
    copy = (Button(mark + t("Copy"), copy=code.text),) if 0 < len(code.text) <= COPIED else ()
    if kept is None:
        return copy
    labels = {"contact": t("Save contact"), "event": t("Add to calendar")}
    again = Button(mark + t("Make it again"), f"again {kept.id}")
    file = labels.get(said.reading.kind)
    return (*copy, again, *((Button(mark + file, f"file {kept.id}"),) if file else ()))


def _as_file(said: Reading[Any]) -> str:
    """Write what address books and calendars take of a code that says less: a MeCard, a bare event."""
    content = replace(said.content, format=Format.VCARD3) if said.kind == "contact" else said.content
    return KINDS[said.kind].build(content)


def read_reading(text: str) -> str:
    """Read the id of what was read."""
    found = read_id(text)
    if found is None:
        raise Refused("“{given}” is nothing I have read.", given=text)
    return found


async def _text_of(context: Context, id: str) -> str:
    kept = await context.work.readings.get(id, context.person.id, context.now)
    if kept is None:
        raise Refused("I no longer have what this code said. Please send me the picture again.")
    return kept.text


@command("again", group="read", hidden=True)
async def again(
    context: Context, reading: Annotated[str, Arg("what was read", read=read_reading)]
) -> Outcome:
    """Make a code of what another one said, exactly."""
    text = await _text_of(context, reading)
    return made(context, KINDS["text"], Text(text), context.style, context.format)


@command("file", group="read", hidden=True)
async def file(context: Context, reading: Annotated[str, Arg("what was read", read=read_reading)]) -> Outcome:
    """Give what a code said as a file for the address book or the calendar."""
    text = await _text_of(context, reading)
    said = interpret(text)
    if said.kind not in FILES:
        raise Refused("There is no file for this kind of code.")
    name, media_type = FILES[said.kind]
    kind = KINDS[said.kind]
    whole = text if text.upper().startswith(("BEGIN:VCARD", "BEGIN:VCALENDAR")) else _as_file(said)
    title = " ".join(kind.title(said.content).split())
    return Outcome(Reply(title=title, files=(File(name, text=whole, media_type=media_type),), private=True))
