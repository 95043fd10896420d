"""What people have made: list, search, show again, mark, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.cards import SECRET_KINDS, code_reply
from bot.command import Arg, command
from bot.context import Context
from bot.ids import read_id
from bot.looks import read_format
from bot.message import Button, Field, Outcome, Reply, Space, Tone, fits
from bot.qr.output import OUTPUT
from bot.qr.picture import SLIP
from bot.qr.refusal import Refused
from bot.qr.style import parse_style
from storage.changes import DeleteCode, SetFavourite
from storage.records import Code, CodePage

PAGE = 5


def code_id(text: str) -> str:
    """Read a code's id as people type it."""
    found = read_id(text)
    if found is None:
        raise Refused("“{given}” is not the id of a code. /history lists yours.", given=text)
    return found


def read_shown(text: str) -> str:
    """Read a file format's name, or the payment slip's."""
    return SLIP if text.lower() == SLIP else read_format(text)


async def theirs(context: Context, id: str) -> Code:
    """Find a code of this person's, or one made in this shared space that all there may see."""
    code, space = await context.work.codes.any(id), context.request.space
    if code is None or not (code.person_id == context.person.id or _shared(code, space)):
        raise Refused("There is no such code of yours any more. /history lists what there is.")
    return code


def _shared(code: Code, space: Space) -> bool:
    return not space.private and code.space == space.key and code.kind not in SECRET_KINDS


async def own(context: Context, id: str) -> Code:
    """Find a code that this person may change: their own."""
    code = await theirs(context, id)
    if code.person_id != context.person.id:
        raise Refused("Only whoever made this code can change it.")
    return code


@command("history", group="keep", example="history search=menu")
async def history(
    context: Context,
    search: Annotated[str, Arg("words to look for", rest=True, slash=True)] = "",
    page: Annotated[int, Arg("page", slash=True)] = 1,
    favourites: Annotated[bool, Arg("favourites only", slash=True)] = False,
) -> Outcome:
    """List the codes you made, newest first; search them."""
    t, offset = context.t, (max(page, 1) - 1) * PAGE
    found = await _found(context, search, favourites, offset)
    if not found.codes:
        empty = (
            t("Nothing found.") if search or favourites else t("You have made no codes yet. Send me a text.")
        )
        body = t("There are no more.") if found.total else empty
        return Outcome(Reply(title=t("Your codes"), body=body, private=True))
    fields = tuple(Field(f"{'★ ' if code.favourite else ''}{code.id}", code.title) for code in found.codes)
    rows = tuple((Button(_short(code.title), f"show {code.id}"),) for code in found.codes)
    starred = () if favourites else (Button(t("★ Favourites"), "/history favourites=yes"),)
    last = offset + len(found.codes) >= found.total
    more = () if last else _older(context, search, favourites, max(page, 1) + 1)
    title = t.many("{count} code", "{count} codes", found.total)
    return Outcome(Reply(title=title, fields=fields, buttons=(*rows, (*starred, *more)), private=True))


async def _found(context: Context, search: str, favourites: bool, offset: int) -> CodePage:
    codes, mine = context.work.codes, context.person.id
    if search:
        return await codes.search(mine, search, offset=offset, limit=PAGE, favourites=favourites)
    return await codes.page(mine, offset=offset, limit=PAGE, favourites=favourites)


def _older(context: Context, search: str, favourites: bool, page: int) -> tuple[Button, ...]:
    """Offer the next page, unless the search is too long for a button."""
    said = f"/history page={page}{' favourites=yes' if favourites else ''}{f' -- {search}' if search else ''}"
    return (Button(context.t("Older"), said),) if fits(said) else ()


def _short(title: str) -> str:
    return title if len(title) <= 40 else title[:39] + "…"


@command("show", group="keep", hidden=True)
async def show(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)],
    format: Annotated[str, Arg("file format", read=read_shown, suggest=(*OUTPUT, SLIP))] = "",
    size: Annotated[int, Arg("pixels along a side")] = 0,
) -> Outcome:
    """Show a code again, in another format or size."""
    found = await theirs(context, code)
    if size:
        parse_style(f"size {size}")
    if format == SLIP and found.kind != "swiss":
        raise Refused("Only Swiss QR-bills have a payment slip.")
    return Outcome(code_reply(context, found, format=format, size=size))


@command("favourite", group="keep", hidden=True)
async def favourite(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)],
    on: Annotated[bool, Arg("mark or unmark")] = True,
) -> Outcome:
    """Mark a code as a favourite."""
    found = await own(context, code)
    marked = replace(found, favourite=on)
    reply = code_reply(context, marked, replace=context.request.pressed)
    return Outcome(reply, (SetFavourite(found.id, context.person.id, on),))


@command("delete", group="keep", hidden=True)
async def delete(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)],
    confirm: Annotated[bool, Arg("really")] = False,
) -> Outcome:
    """Delete a code."""
    found, t = await own(context, code), context.t
    private = found.kind in SECRET_KINDS
    if confirm:
        body = t("“{title}” is deleted.", title=found.title)
        reply = Reply(body=body, replace=True, private=private)
        return Outcome(reply, (DeleteCode(found.id, context.person.id),))
    buttons = (
        Button(t("Delete"), f"delete {found.id} confirm=yes", tone=Tone.DANGER),
        Button(t("Keep"), f"card {found.id}"),
    )
    asked = code_reply(context, found, replace=context.request.pressed, buttons=(buttons,))
    return Outcome(replace(asked, title="", body=t("Delete “{title}”?", title=found.title)))
