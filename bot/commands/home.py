"""The board of one's own, where a platform has such a page: codes, search, settings, look, a channel's kit.

Everything on it is a line: what is pressed there is said, and what a line changes is seen there. Only its
person sees it, but others may look over their shoulder, and the platform keeps its pictures: of a kind that
holds secrets the title stands there alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.board import Choice, Heading, Listed, Part, Place, Press, Presses, Rule, Typed, Words
from bot.cards import SECRET_KINDS
from bot.command import Arg, command
from bot.commands.looks import own_style
from bot.context import Context
from bot.i18n import LANGUAGES
from bot.message import Outcome, Reply
from bot.qr.output import OUTPUT
from bot.qr.payloads import KINDS
from bot.qr.refusal import Refused
from bot.qr.style import load_style, share_code, style_text
from storage.changes import OpenBoard, TurnBoard
from storage.records import Board, Code, CodePage

PAGE = 10  # codes: two blocks each, of the hundred that Slack takes
SEARCH, LOOK = 200, 1000  # characters that are looked for, and of a look in words


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody has turned their board to."""

    search: str = ""
    favourites: bool = False
    page: int = 1


def read_shown_of(board: Board | None) -> Shown:
    """Read what a board is turned to; what another version wrote is nothing."""
    try:
        return Shown(**json.loads(board.shown)) if board is not None and board.shown else Shown()
    except (ValueError, TypeError):
        return Shown()


@command("home", group="keep", hidden=True)
async def home(
    context: Context,
    *,
    search: Annotated[str, Arg("words to look for", rest=True, slash=True)] = "",
    page: Annotated[int, Arg("page", slash=True, named=True)] = 0,
    favourites: Annotated[str, Arg("favourites only", slash=True, named=True)] = "",
    kit: Annotated[bool, Arg("the kit of this place", slash=True, named=True)] = False,
    seen: Annotated[str, Arg("what stands there", slash=True, named=True)] = "",
) -> Outcome:
    """Show your codes and settings on a page of your own."""
    request, actor = context.request, context.request.actor
    if not request.board:
        return Outcome(None, then=replace(request, text="/history", command="", values={}))
    board = await context.work.boards.get(actor.platform, actor.id)
    if request.answered:
        return Outcome(Reply(board=tuple(await _parts(context, board)), private=True))
    if not request.pressed:
        return Outcome(None, (OpenBoard(actor.platform, actor.id, seen, context.now),))
    if len(search) > SEARCH:
        raise Refused("Search for at most {most} characters.", most=SEARCH)
    before, space = read_shown_of(board), board.kit if board is not None else ""
    if kit:
        shown, space = before, "" if request.space.private else request.space.key
    elif search:
        shown = Shown(" ".join(search.split()), before.favourites)
    elif favourites:
        shown = Shown(before.search, favourites == "yes")
    else:
        shown = replace(before, page=page) if page else Shown()
    written = json.dumps(asdict(shown))
    return Outcome(None, (TurnBoard(actor.platform, actor.id, written, space, context.now),))


async def _parts(context: Context, board: Board | None) -> list[Part]:
    """Lay out the whole board."""
    shown = read_shown_of(board)
    found, page = await _found(context, shown)
    t = context.t
    parts: list[Part] = [Heading(t("Your codes")), _first(context)]
    if found.total or shown.search or shown.favourites:
        parts += _looked_for(context, shown, found)
        parts += [_listed(context, code) for code in found.codes]
        parts += _turning(context, page, found.total)
    else:
        parts.append(
            Words(
                t(
                    "You have made no codes yet. Press “Make a QR code”, or send me a text, a link or a "
                    "picture in the messages tab."
                )
            )
        )
    parts += _settings(context)
    parts += _look(context)
    if context.request.admin:
        parts += await _kit(context, board.kit if board is not None else "")
    return [*parts, *_last(context)]


def _first(context: Context) -> Presses:
    t = context.t
    make = () if "qr" in context.off else (Press(t("Make a QR code"), "/qr", main=True),)
    return Presses((*make, Press(t("What I can do"), "/help")))


# --- codes --------------------------------------------------------------------------------------------------


async def _found(context: Context, shown: Shown) -> tuple[CodePage, int]:
    """Find the page that somebody has turned to, or the last there is."""
    page = max(shown.page, 1)
    found = await _page(context, shown, page)
    last = max(1, -(-found.total // PAGE))
    return (found, page) if page <= last else (await _page(context, shown, last), last)


async def _page(context: Context, shown: Shown, page: int) -> CodePage:
    codes, mine, offset = context.work.codes, context.person.id, (page - 1) * PAGE
    if shown.search:
        return await codes.search(mine, shown.search, offset=offset, limit=PAGE, favourites=shown.favourites)
    return await codes.page(mine, offset=offset, limit=PAGE, favourites=shown.favourites)


def _looked_for(context: Context, shown: Shown, found: CodePage) -> Iterator[Part]:
    t = context.t
    yield Typed(t("Search your codes"), "/home --", SEARCH, shown.search, t("words to look for"))
    clear = (Press(t("Clear the search"), "/home"),) if shown.search else ()
    yield Presses(
        (
            Press(t("All"), "/home favourites=no", main=not shown.favourites),
            Press(t("★ Favourites"), "/home favourites=yes", main=shown.favourites),
            *clear,
        )
    )
    counted = t.many("{count} code", "{count} codes", found.total)
    yield Words(counted if found.total else t("Nothing found."), quiet=True)


def _listed(context: Context, code: Code) -> Listed:
    """Show a code: when and of what kind it is, and what can be done with it."""
    t, kind = context.t, KINDS.get(code.kind, KINDS["text"])
    zone = ZoneInfo(context.person.preferences.timezone or "UTC")
    made = f"{code.created_at.astimezone(zone):%Y-%m-%d %H:%M}"
    star, on = (t("★ Unfavourite"), "no") if code.favourite else (t("☆ Favourite"), "yes")
    presses = (
        Press(t("Send me"), f"show {code.id}"),
        Press(star, f"favourite {code.id} on={on}"),
        Press(t("Edit"), f"edit {code.id}"),
        Press(t("Delete"), f"delete {code.id} confirm=yes", sure=t("Delete “{title}”?", title=code.title)),
    )
    return Listed(
        code=code.id,
        title=f"{'★ ' if code.favourite else ''}{code.title}",
        note=f"{t(kind.label)} · {made}",
        presses=presses,
        version=_version(code),
        pictured=code.kind not in SECRET_KINDS,
    )


def _version(code: Code) -> int:
    """Number what a picture shows, so that another one has another address."""
    return int(sha256("\x1f".join((code.kind, code.text, code.style)).encode()).hexdigest()[:8], 16)


def _turning(context: Context, page: int, total: int) -> Iterator[Part]:
    t, pages = context.t, -(-total // PAGE)
    if pages < 2:
        return
    newer = (Press(t("Newer"), f"/home page={page - 1}"),) if page > 1 else ()
    older = (Press(t("Older"), f"/home page={page + 1}"),) if page < pages else ()
    yield Presses((*newer, *older))
    yield Words(t("Page {page} of {pages}", page=page, pages=pages), quiet=True)


# --- settings, look, kit ------------------------------------------------------------------------------------


def _settings(context: Context) -> Iterator[Part]:
    t, chosen = context.t, context.person.preferences
    yield Rule()
    yield Heading(t("Settings"))
    languages = tuple((f"/language {code}", name) for code, name in LANGUAGES.items())
    yield Choice(t("Language"), languages, f"/language {t.language}")
    formats = tuple((f"/settings format={name}", name.upper()) for name in OUTPUT)
    yield Choice(t("File format"), formats, f"/settings format={chosen.format or 'png'}")
    answers = (
        ("/settings replies=private", t("Private answers")),
        ("/settings replies=shared", t("Shared answers")),
    )
    replies = f"/settings replies={chosen.replies}" if chosen.replies else ""
    yield Choice(t("Answers in groups"), answers, replies, t("as usual there"))
    yield Presses((Press(t("All settings"), "/settings"),))


def _look(context: Context) -> Iterator[Part]:
    t = context.t
    yield Rule()
    yield Heading(t("Style"))
    yield Words(t("Your codes look like this: {style}", style=style_text(own_style(context))))
    yield Presses(
        (
            Press(t("Change the style"), "/style"),
            Press(t("Presets"), "/style presets"),
            Press(t("Surprise me"), "/style surprise"),
        )
    )


async def _kit(context: Context, key: str) -> list[Part]:
    """Offer an admin the kit of a channel of their choice."""
    t = context.t
    about = t("A channel can have a look of its own, for all codes made there. Admins such as you choose it.")
    parts: list[Part] = [Rule(), Heading(t("Kit")), Words(about)]
    parts.append(Place(t("Channel"), "/home kit=yes", key))
    if not key:
        return parts
    kit = await context.work.people.kit(key)
    none = t("none; everybody's own style is used")
    worn = style_text(load_style(kit.style)) if kit is not None else none
    parts.append(Words(t("The look of codes made there: {style}", style=worn)))
    parts.append(Typed(t("Its look in words"), "/kit", LOOK, hint="dots navy on white", where=key))
    sure = t("Take this channel's kit away?")
    clear = (Press(t("Remove the kit"), "/kit clear", sure=sure),) if kit is not None else ()
    mine = Press(t("Use my style there"), f"/kit code {share_code(own_style(context))}")
    parts.append(Presses((mine, *clear), where=key))
    return parts


def _last(context: Context) -> Iterator[Part]:
    t = context.t
    yield Rule()
    yield Words(t("Only you see this page, and it is kept up to date."), quiet=True)
    yield Presses((Press(t("Privacy"), "/privacy"), Press(t("What I can do"), "/help")))
