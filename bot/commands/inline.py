"""What somebody is offered while they type my name and a text in any chat, and what they then choose.

Secrets have no place there: what is typed would wait, or be shown, outside of the private chat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.cards import SECRET_KINDS
from bot.command import Arg, command
from bot.commands.typed import LOOKS, Secret, again, meanings, wearing
from bot.context import Context
from bot.i18n import capital
from bot.ids import new_id, read_id
from bot.message import Button, Outcome, Reply
from bot.offers import Offer
from bot.previews import LIFE, dump_codes, measured, photo_of
from bot.qr.payloads import KINDS
from bot.qr.refusal import Refused
from bot.qr.style import load_style
from storage.changes import AddCode, AddPreview
from storage.records import Code, Preview

INLINE, CHOSEN, HINT = "inline", "chosen", "hint"
PAGE, STARRED, MATCHES = 10, 10, 5  # codes: of the history, favourites before it, favourites that match
LONGEST = 256  # characters that Telegram lets people type (core.telegram.org/bots/api#inlinequery)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A code to choose, and what it is called; ``id`` says how to come by it again."""

    id: str
    code: Code
    title: str
    about: str
    kept: bool = False  # it is one of the person's codes


@command(INLINE, group="make", hidden=True)
async def inline(
    context: Context,
    query: Annotated[str, Arg("what was typed so far", rest=True)] = "",
    start: Annotated[int, Arg("where the page begins")] = 0,
    kept: Annotated[bool, Arg("whether the pictures are fetched later")] = False,
) -> Outcome:
    """Offer codes to put into a chat."""
    if context.request.command != INLINE:
        raise Refused("Type my name and a text into the message field of any chat.")
    text, more = query.strip(), ""
    try:
        if text:
            shown = await _named(context, text)
            shown += [*await _made(context, text), *await _matching(context, text)]
        else:
            shown, more = await _kept(context, start)
    except Secret as secret:
        return Outcome(_aside(context, secret.kind))
    shown = list({each.id: each for each in shown}.values())  # ids are said once in an answer
    offers, changes = _offered(context, shown, kept)
    offers = (*_hints(context, query, bool(shown)), *offers)
    settings = Button(context.t("Settings"), "/settings")
    return Outcome(Reply(offers=offers, more=more, buttons=((settings,),)), changes)


@command(CHOSEN, group="make", hidden=True)
async def chosen(
    context: Context,
    result: Annotated[str, Arg("what was chosen")],
    query: Annotated[str, Arg("what was typed", rest=True)] = "",
    empty: Annotated[bool, Arg("whether the picture is still missing there")] = False,
) -> Outcome:
    """Keep the code that somebody put into a chat, and put its picture there."""
    if context.request.command != CHOSEN:
        raise Refused("Type my name and a text into the message field of any chat.")
    part, _, rest = result.partition(".")
    if part == "code":
        code = await context.work.codes.any(rest)
        known = code is not None and code.person_id == context.person.id and code.kind not in SECRET_KINDS
        changes: tuple[AddCode, ...] = ()
    else:
        code = await again(context, query.strip(), part, rest)
        known, changes = code is not None, (AddCode(code),) if code is not None else ()
    if code is None or not known:
        gone = Reply(body=context.t("This code is gone. Type its text again."))
        return Outcome(gone if empty else None)
    if not empty:
        return Outcome(None, changes)
    return Outcome(Reply(_words(code), picture=photo_of(code), code=code.id), changes)


# --- what a text becomes ------------------------------------------------------------------------------------


async def _made(context: Context, text: str) -> list[_Shown]:
    """Offer a text in several looks, the person's own first, and as whatever else it may be meant."""
    own, *others = (await meanings(context, text)).items()
    name, code = own
    at_home, *looks = _looks(context, name, code)
    also = [
        (
            _Shown(f"{reading}.own", other, context.t("Exactly as typed"), other.title)
            if reading == "text"
            else _Shown(f"{reading}.own", other, other.title, context.t("In your own look"))
        )
        for reading, other in others
    ]
    return [at_home, *also, *looks]


def _looks(context: Context, name: str, code: Code) -> Iterator[_Shown]:
    yield _Shown(f"{name}.own", code, context.t("In your own look"), code.title)
    if KINDS[code.kind].rules.plain:
        return
    for look in LOOKS:
        dressed = wearing(code, look)
        if load_style(dressed.style) != load_style(code.style):
            yield _Shown(f"{name}.{look}", dressed, capital(look), code.title)


# --- what somebody has --------------------------------------------------------------------------------------


async def _named(context: Context, text: str) -> list[_Shown]:
    """Offer the code whose id was typed, as a button that shares it does; nobody else's."""
    id = read_id(text)
    code = await context.work.codes.any(id) if id is not None and not context.new else None
    return _own([code]) if code is not None and code.person_id == context.person.id else []


async def _matching(context: Context, text: str) -> list[_Shown]:
    """Offer the favourites that a text names."""
    if context.new:
        return []
    found = await context.work.codes.search(context.person.id, text, limit=MATCHES, favourites=True)
    return _own(found.codes)


async def _kept(context: Context, start: int) -> tuple[list[_Shown], str]:
    """Offer favourites, then the history page by page; gives where the next page begins, empty at the end."""
    if context.new:
        return [], ""
    codes, mine = context.work.codes, context.person.id
    starred = (await codes.page(mine, limit=STARRED, favourites=True)).codes
    first, at = start <= 0, max(start, 0)
    shown = _own(starred) if first else []
    before = {code.id for code in starred}
    total = at + 1  # at least, until the first page tells
    while at < total:
        page = await codes.page(mine, offset=at, limit=PAGE)
        shown += _own([code for code in page.codes if code.id not in before])
        at, total = at + PAGE, page.total
        if shown:
            break
    return shown, str(at) if at < total else ""


def _own(codes: Sequence[Code]) -> list[_Shown]:
    return [
        _Shown(f"code.{code.id}", code, f"{'★ ' if code.favourite else ''}{code.title}", "", kept=True)
        for code in codes
        if code.kind not in SECRET_KINDS
    ]


# --- offers -------------------------------------------------------------------------------------------------


def _offered(
    context: Context, shown: Sequence[_Shown], kept: bool
) -> tuple[tuple[Offer, ...], tuple[AddPreview, ...]]:
    """Lay the offers out; where pictures are fetched later, what to draw is kept in one row."""
    fresh = [each.code for each in shown if not each.kept]
    owner = "" if context.new else context.person.id  # whoever only types is not kept for it
    preview = Preview(new_id(), owner, dump_codes(fresh), context.now + LIFE)
    numbers, offers = iter(range(len(fresh))), []
    for each in shown:
        name = each.code.id if each.kept else f"{preview.id}.{next(numbers)}"
        picture = photo_of(each.code)
        width, height = measured(picture)
        offers.append(Offer(each.id, each.title, each.about, _words(each.code), picture, name, width, height))
    return tuple(offers), (AddPreview(preview),) if kept and fresh else ()


def _words(code: Code) -> str:
    """Say a code in words: a link whole, so that it can be followed, else as a list names it."""
    return code.text if code.kind == "url" else code.title


def _hints(context: Context, query: str, found: bool) -> tuple[Offer, ...]:
    """Say what is worth knowing: how to begin, and that a text may have been cut."""
    t = context.t
    if not query.strip() and not found:
        words = t("Type a text or a link after my name, and I make a code of it.")
        return (Offer(HINT, words, words=words),)
    if len(query) >= LONGEST:
        words = t("Here a text ends after 256 characters. Send me longer ones in our chat.")
        return (Offer(HINT, words, words=words),)
    return ()


def _aside(context: Context, kind: str) -> Reply:
    """Send somebody to the private chat for a secret, without repeating anything of it."""
    t = context.t
    title = t("This holds a password: make it in our private chat.")
    words = t("I make codes with passwords in a private chat only.")
    start = Button(t("Make it in our chat"), f"/{kind}" if kind else "/start")
    return Reply(offers=(Offer(HINT, title, words=words),), buttons=((start,),))
