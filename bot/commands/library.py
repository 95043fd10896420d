"""What people have made: list, search, show again, change, mark, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.app import Context
from bot.cards import code_reply
from bot.command import Arg, command
from bot.commands.make import read_format
from bot.ids import new_id, read_id
from bot.message import Button, Field, Outcome, Reply, Status, Tone
from bot.qr.output import OUTPUT
from bot.qr.refusal import Refused
from bot.qr.style import dump_style, load_style, parse_style
from storage.records import AddCode, Code, DeleteCode, RestyleCode, SetFavourite

PAGE = 5
LOOKS = (
    ("black", "⚫"),
    ("navy", "🔵"),
    ("darkgreen", "🟢"),
    ("darkred", "🔴"),
    ("purple", "🟣"),
    ("saddlebrown", "🟤"),
)


def code_id(text: str) -> str:
    """Read a code's id as people type it."""
    found = read_id(text)
    if found is None:
        raise Refused("“{given}” is not the id of a code. /history lists yours.", given=text)
    return found


async def _theirs(context: Context, id: str) -> Code:
    """Find a code of this person's, or one made in this shared space."""
    code = await context.work.codes.any(id)
    shared = (
        code is not None and not context.request.space.private and code.space == context.request.space.key
    )
    if code is None or (code.person_id != context.person.id and not shared):
        raise Refused("There is no such code of yours any more. /history lists what there is.")
    return code


async def _own(context: Context, id: str) -> Code:
    code = await context.work.codes.any(id)
    if code is None or code.person_id != context.person.id:
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
    t, mine = context.t, context.person.id
    offset = (max(page, 1) - 1) * PAGE
    if search:
        found = await context.work.codes.search(mine, search, limit=PAGE)
    else:
        found = await context.work.codes.page(mine, offset=offset, limit=PAGE, favourites=favourites)
    if not found.codes:
        body = (
            t("Nothing found.") if search or favourites else t("You have made no codes yet. Send me a text.")
        )
        return Outcome(Reply(title=t("Your codes"), body=body, private=True))
    fields = tuple(Field(f"{'★ ' if code.favourite else ''}{code.id}", code.title) for code in found.codes)
    rows = tuple((Button(_short(code.title), f"show {code.id}"),) for code in found.codes)
    more = (Button(t("Older"), f"/history page={max(page, 1) + 1}{' favourites=yes' if favourites else ''}"),)
    last = offset + len(found.codes) >= found.total or bool(search)
    starred = () if favourites else (Button(t("★ Favourites"), "/history favourites=yes"),)
    title = t.many("{count} code", "{count} codes", found.total)
    return Outcome(
        Reply(title=title, fields=fields, buttons=(*rows, (*starred, *(() if last else more))), private=True)
    )


def _short(title: str) -> str:
    return title if len(title) <= 40 else title[:39] + "…"


@command("show", group="keep", hidden=True)
async def show(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)],
    format: Annotated[str, Arg("file format", read=read_format, suggest=tuple(OUTPUT))] = "",
    size: Annotated[int, Arg("pixels along a side")] = 0,
) -> Outcome:
    """Show a code again, in another format or size."""
    found = await _theirs(context, code)
    if size:
        parse_style(f"size {size}")
    return Outcome(code_reply(context, found, format=format, size=size))


@command("favourite", group="keep", hidden=True)
async def favourite(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)],
    on: Annotated[bool, Arg("mark or unmark")] = True,
) -> Outcome:
    """Mark a code as a favourite."""
    found = await _own(context, code)
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
    found, t = await _own(context, code), context.t
    if confirm:
        body = t("“{title}” is deleted.", title=found.title)
        return Outcome(Reply(body=body, replace=True), (DeleteCode(found.id, context.person.id),))
    buttons = (
        Button(t("Delete"), f"delete {found.id} confirm=yes", tone=Tone.DANGER),
        Button(t("Keep"), f"show {found.id}"),
    )
    return Outcome(
        Reply(body=t("Delete “{title}”?", title=found.title), buttons=(buttons,), status=Status.OK)
    )


@command("colours", group="keep", hidden=True)
async def colours(context: Context, code: Annotated[str, Arg("id of a code", read=code_id)]) -> Outcome:
    """Offer other colours for a code."""
    found = await _theirs(context, code)
    buttons = tuple(Button(f"{dot} {name}", f"restyle {found.id} {name} on white") for name, dot in LOOKS)
    words = context.t("Choose one, or say for example: restyle {code} #1a2b3c on #fff", code=found.id)
    return Outcome(Reply(title=context.t("Colours"), body=words, buttons=(buttons[:3], buttons[3:])))


@command("restyle", group="keep", hidden=True)
async def restyle(
    context: Context,
    code: Annotated[str, Arg("id of a code", read=code_id)],
    look: Annotated[str, Arg("colours, size, level", rest=True)],
) -> Outcome:
    """Give a code another look; somebody else's is copied first."""
    found = await _theirs(context, code)
    style = dump_style(parse_style(look, load_style(found.style)))
    changed = replace(found, style=style)
    if found.person_id == context.person.id:
        change = RestyleCode(found.id, found.person_id, style, found.format)
        return Outcome(code_reply(context, changed, replace=context.request.pressed), (change,))
    copy = replace(changed, id=new_id(), person_id=context.person.id, created_at=context.now, favourite=False)
    return Outcome(code_reply(context, copy), (AddCode(copy),))


@command("instead", group="keep", hidden=True)
async def instead(context: Context, code: Annotated[str, Arg("id of a code", read=code_id)]) -> Outcome:
    """Take a text that was made into a code as the command it might have been."""
    found = await _own(context, code)
    meant = replace(context.request, text=f"/{found.text.lstrip('/')}", pressed=False)
    return Outcome(None, (DeleteCode(found.id, context.person.id),), then=meant)
