"""What opens under a picture: files to take along, and more to do, each in place of the four buttons.

A menu is the code again with other buttons. All it needs is the stored code, so its buttons work a month
later, and however quickly they are pressed: each answer is the whole of what stands there afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from bot.builder import word_of
from bot.cards import SECRET_KINDS, back, carrying, code_reply, for_all, for_one, in_place, picture_of
from bot.command import Arg, Literal, command, understand
from bot.commands.library import code_id, own, read_shown, theirs
from bot.commands.looks import TEMPLATE
from bot.context import Context
from bot.message import COPIED, Button, File, Outcome, Reply, Tone, fits
from bot.qr.output import OUTPUT
from bot.qr.payloads import KINDS
from bot.qr.payloads.place import Place
from bot.qr.payloads.recognise import recognise
from bot.qr.picture import SLIP
from bot.qr.proof.distance import length
from bot.qr.refusal import Refused, Word
from bot.qr.style import parse_style
from storage.changes import DeleteCode
from storage.records import Code

FORMATS = (("png", "svg", "pdf"), ("eps", "jpeg", "webp"))
LARGER = 2048  # pixels
PRINTS = (3, 6, 12)  # centimetres


@command("card", group="keep", hidden=True)
async def card(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id, slash=True)],
    typed: Annotated[str, Arg("what was typed", rest=True)] = "",
) -> Outcome:
    """Show a code again, in place of a menu."""
    found = await theirs(context, code)
    return Outcome(code_reply(context, found, typed=typed, replace=in_place(context, found)))


# --- files --------------------------------------------------------------------------------------------------


@command("files", group="keep", hidden=True)
async def files(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id, slash=True)],
    typed: Annotated[str, Arg("what was typed", rest=True)] = "",
) -> Outcome:
    """Offer a code as files."""
    found, t = await theirs(context, code), context.t
    line = f"download {found.id}"
    named = tuple(tuple(Button(name.upper(), f"{line} {name}") for name in row) for row in FORMATS)
    prints = tuple(
        Button(t("Print: {width}", width=length(width)), f"{line} pdf width={width}") for width in PRINTS
    )
    larger = (Button(t("Larger"), f"{line} png size={LARGER}"), back(context, found, typed))
    return Outcome(
        code_reply(context, found, replace=in_place(context, found), buttons=(*named, prints, larger))
    )


@command("download", group="keep", hidden=True)
async def download(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id, slash=True)],
    format: Annotated[str, Arg("file format", read=read_shown, suggest=(*OUTPUT, SLIP))],
    size: Annotated[int, Arg("pixels along a side", named=True)] = 0,
    width: Annotated[int, Arg("centimetres when printed", named=True)] = 0,
) -> Outcome:
    """Hand a code over as a file, whose pixels nobody changes on the way."""
    found = await theirs(context, code)
    if format == SLIP and found.kind != "swiss":
        raise Refused("Only Swiss QR-bills have a payment slip.")
    picture = picture_of(found, format=format, language=context.t.language if format == SLIP else "")
    name = picture.name
    if size:
        picture, name = replace(picture, style=parse_style(f"size {size}", picture.style)), f"{name}-{size}"
    if width:
        printed = parse_style(f"size {width} cm", picture.style)
        picture, name = replace(picture, style=printed), f"{name}-{width}cm"
    extension = "pdf" if format == SLIP else OUTPUT[format].extension
    return Outcome(
        Reply(
            files=(File(f"{name}.{extension}", picture),),
            private=for_one(context, found.kind),
            shared=for_all(context, found.kind),
        )
    )


# --- more ---------------------------------------------------------------------------------------------------


@command("more", group="keep", hidden=True)
async def more(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id, slash=True)],
    typed: Annotated[str, Arg("what was typed", rest=True)] = "",
) -> Outcome:
    """Offer what else can be done with a code."""
    found, t = await theirs(context, code), context.t
    mine = found.person_id == context.person.id
    readings = tuple(_readings(context, found, typed)) if mine else ()
    edit = Button(t("Edit"), f"edit {found.id}")
    drop = Button(t("Delete"), f"delete {found.id}", tone=Tone.DANGER)
    rows = (
        (Button(t("Scan check"), f"prove {found.id}"), *_passed_on(context, found)),
        (*_of_kind(context, found), *_as_template(context, found)),
        readings,
        (*((edit, drop) if mine else ()), back(context, found, typed)),
    )
    shown = tuple(row for row in rows if row)
    return Outcome(code_reply(context, found, replace=in_place(context, found), buttons=shown))


def _passed_on(context: Context, code: Code) -> Iterator[Button]:
    """Offer to share a code, and to copy what it says: no secret where others read along.

    One's own is shared by its id, which brings it as it is; somebody else's by what it says.
    """
    t, secret, mine = context.t, code.kind in SECRET_KINDS, code.person_id == context.person.id
    short = 0 < len(code.text) <= COPIED
    if not secret and (mine or (short and "\n" not in code.text)):
        yield Button(t("Share"), share=code.id if mine else code.text)
    if short and not (secret and not context.request.space.private):
        yield Button(t("Copy text"), copy=code.text)


def _as_template(context: Context, code: Code) -> Iterator[Button]:
    """Offer a link that opens this kind's form in this look, where the platform has such links."""
    link = context.link(f"{TEMPLATE}{code.id}")
    if link:
        yield Button(context.t("Copy as a template"), copy=link)


def _of_kind(context: Context, code: Code) -> Iterator[Button]:
    """Offer what only one kind of content has."""
    if code.kind == "swiss":
        yield Button(context.t("Payment slip (PDF)"), f"download {code.id} {SLIP}")
    if code.kind == "place":
        reading = KINDS["place"].read(code.text)
        line = _other_form(reading.content) if reading is not None else ""
        if line:
            yield Button(context.t("Map link, for iPhones"), line)


def _other_form(place: Place) -> str:
    """Write the line that makes a map link of a ``geo:`` address; empty where it is one, or too long."""
    line = f"/place form=map {place.latitude} {place.longitude} {place.label}".strip()
    return line if place.form == "geo" and fits(line) else ""


def _readings(context: Context, code: Code, typed: str) -> Iterator[Button]:
    """Offer what the text may have been meant as: as it was typed, another kind of content, a command."""
    t, line = context.t, f"exactly {code.id}"
    if typed and carrying(line, typed) != line:
        yield Button(t("Exactly as typed"), carrying(line, typed))
    if code.kind != "text":
        return
    found = recognise(code.text)
    if found is not None and word_of(context.commands, found.kind) not in context.off:
        label = t("As: {kind}", kind=Word(KINDS[found.kind].label))
        yield Button(label, f"instead {code.id} {found.kind}")
    meant = understand(context.commands, code.text, context.settled)
    if isinstance(meant, Literal) and meant.other is not None:
        label = t("I meant the command “{word}”", word=meant.other.name)
        yield Button(label, f"instead {code.id}")


@command("instead", group="keep", hidden=True)
async def instead(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)],
    kind: Annotated[str, Arg("what it is meant as")] = "",
) -> Outcome:
    """Take a text that was made into a code as the command, or the content, it might have been."""
    found = await own(context, code)
    recognised = recognise(found.text) if kind else None
    if recognised is not None and recognised.kind == kind:
        meant = replace(context.request, text="", command=kind, values=recognised.values)
    else:
        meant = replace(context.request, pressed=False, text=f"/{found.text.lstrip('/')}")
    return Outcome(None, (DeleteCode(found.id, context.person.id),), then=meant)


@command("exactly", group="keep", hidden=True)
async def exactly(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id, slash=True)],
    typed: Annotated[str, Arg("what was typed", rest=True)],
) -> Outcome:
    """Take a text as it was typed instead of what it was understood as."""
    found = await own(context, code)
    meant = replace(context.request, text="", command="text", values={"text": typed})
    return Outcome(None, (DeleteCode(found.id, context.person.id),), then=meant)
