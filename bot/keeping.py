"""Codes as programs keep them: made, changed and deleted as they were seen, and proven before.

What is decided rests on what was read; where that has changed by the time it is committed, it is decided
again. Nothing is kept that was not drawn and read back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from bot.access import check_on
from bot.accounts.caller import Missing
from bot.app import App
from bot.builder import word_of
from bot.cards import picture_of
from bot.context import Context, open_context
from bot.drawings import ASSET, art_of, asset_of, worked
from bot.face import Draw
from bot.ids import new_id, read_id
from bot.looks import check_pictures, check_room, look_of
from bot.making import Meant, code_of, meant
from bot.message import Outcome, Request
from bot.qr.payloads import Kind
from bot.qr.picture import Picture, Rendered, render
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Backdrop, Logo, Style, dump_style, load_style, style_of_json
from storage.changes import AddAsset, AddCode, Change, DeleteCode, ReviseCode, SetFavourite, Stale
from storage.own import HoldCode, OwnKit
from storage.records import Asset, Code

T = TypeVar("T")
Look = str | Mapping[str, Any]  # words, or an object


@dataclass(frozen=True, slots=True)
class Program:
    """What asks for something to be kept: the core it speaks to, and in whose name."""

    app: App
    draw: Draw
    request: Request


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program wants a code, or a kit, to be; what it does not name stays as it is, or as is usual.

    ``look`` replaces the whole of it, beginning with the look of ``kit`` where one is named. ``logo`` and
    ``backdrop``: pictures as ``open_art`` made them.
    """

    content: tuple[Kind[Any], Any] | None = None
    look: Look = ""
    kit: str = ""
    format: str = ""
    logo: bytes = field(default=b"", repr=False)
    backdrop: bytes = field(default=b"", repr=False)
    favourite: bool | None = None  # of a code
    name: str | None = None  # of a kit

    @property
    def restyles(self) -> bool:
        """Tell whether it says how something looks."""
        return bool(self.look or self.kit or self.logo or self.backdrop)


@dataclass(frozen=True, slots=True)
class Kept:
    """A code that is kept, and how it came out where it was drawn for that."""

    code: Code
    drawn: Rendered | None = None


@dataclass(frozen=True, slots=True)
class _Planned:
    """A code to be kept, with the pictures that it brings along."""

    code: Code
    added: tuple[Asset, ...] = ()


# --- reading ------------------------------------------------------------------------------------------------


async def own_code(context: Context, id: str) -> Code:
    """Find a code of one's own; raises Missing, whoever else's it may be."""
    code = await context.work.codes.any(id)
    if code is None or code.person_id != context.person.id:
        raise Missing
    return code


async def own_kit(context: Context, id: str) -> OwnKit:
    """Find a kit of one's own; raises Missing."""
    kit = await context.work.kits.get(context.person.id, id)
    if kit is None:
        raise Missing
    return kit


async def named_kit(context: Context, id: str) -> OwnKit:
    """Find the kit that a body names; raises Refused."""
    with suppress(Missing):
        return await own_kit(context, read_id(id) or "")
    raise Refused("There is no such kit of yours. GET /v1/kits lists them.", field="kit")


async def looked_up(app: App, request: Request, id: str, look: Look = "") -> tuple[Code, Style]:
    """Find a code of one's own, and its look, changed by what words say. Raises Missing, Refused."""
    async with app.store.reading() as work:
        context = await open_context(app, work, request)
        code = await own_code(context, id)
        style = load_style(code.style)
        return code, await looking(context, look, style, style) if look else style


async def looking(context: Context, look: Look, base: Style, before: Style = DEFAULT) -> Style:
    """Read a look: words change ``base``, an object stands for itself. Raises Refused.

    Pictures in it are one's own, or were there ``before``.
    """
    if isinstance(look, str):
        return await look_of(context, look, base)
    style = style_of_json(look)
    await check_pictures(context, style, before)
    return style


# --- making -------------------------------------------------------------------------------------------------


async def make_code(by: Program, wish: Wish, also: Callable[[Kept], tuple[Change, ...]]) -> Kept:
    """Make a code, prove it and keep it; ``also``: what is committed in the same unit.

    Raises Refused for what will not do, or cannot be drawn so that it scans, and AlreadySeen.
    """
    await _check_word(by, wish)
    async with by.app.store.reading() as work:
        planned = await _planned(await open_context(by.app, work, by.request), wish)
    drawn = await proven(by, picture_of(planned.code), planned.added)

    async def act(context: Context) -> Outcome:
        code = replace(planned.code, person_id=context.person.id)
        added = (AddAsset(replace(each, owner=context.person.id)) for each in planned.added)
        return Outcome(None, (*added, AddCode(code), *also(Kept(code, drawn))))

    await by.app.perform(by.request, act)
    return Kept(planned.code, drawn)


async def change_code(by: Program, id: str, wish: Wish, holds: Callable[[Code], None]) -> Kept:
    """Change a code, proven anew where it says or looks otherwise.

    ``holds`` raises where the code is not what the program saw. Raises Missing, Refused, Stale.
    """
    await _check_word(by, wish)
    with suppress(Stale):
        return await _changed(by, id, wish, holds)
    return await _changed(by, id, wish, holds)


async def _check_word(by: Program, wish: Wish) -> None:
    """Raise Refused where what makes such a code in a chat is switched off."""
    if wish.content is not None:
        await check_on(by.app, "qr", word_of(by.app.commands, wish.content[0].name))


async def _changed(by: Program, id: str, wish: Wish, holds: Callable[[Code], None]) -> Kept:
    async with by.app.store.reading() as work:
        context = await open_context(by.app, work, by.request)
        before = await own_code(context, id)
        holds(before)
        planned = await _planned(replace(context, revised=before), wish)
    after = planned.code
    redrawn = replace(after, favourite=before.favourite) != before
    drawn = await proven(by, picture_of(after), planned.added) if redrawn else None
    changes: tuple[Change, ...] = (*map(AddAsset, planned.added), ReviseCode(after)) if redrawn else ()
    if after.favourite != before.favourite:
        changes += (SetFavourite(id, after.person_id, after.favourite),)

    async def act(context: Context) -> Outcome:
        if await own_code(context, id) != before:
            raise Stale("the code was changed meanwhile")
        return Outcome(None, (HoldCode(before), *changes) if changes else ())

    await by.app.perform(by.request, act)
    return Kept(after, drawn)


async def delete_code(app: App, request: Request, id: str, holds: Callable[[Code], None]) -> None:
    """Delete a code, where it is what the program saw, as ``holds`` says; raises Missing, Stale."""

    async def act(context: Context) -> Outcome:
        code = await own_code(context, id)
        holds(code)
        return Outcome(None, (HoldCode(code), DeleteCode(id, code.person_id)))

    await app.perform(request, act)


async def _planned(context: Context, wish: Wish) -> _Planned:
    """Decide what a code will be: a new one, or the one that is revised."""
    kit, was = await named_kit(context, wish.kit) if wish.kit else None, context.revised
    style, added = await styled(context, wish, load_style(kit.style) if kit is not None else None)
    format = wish.format or (kit.format if kit is not None else context.format)
    if wish.content is not None:
        said = _meant(wish.content, style)
        if not said.kind.kept:
            raise Refused("I do not keep this kind of code. Have it drawn by /v1/render.", field="content")
        code = code_of(context, said, style, format)
    else:
        assert was is not None  # a new one has a content
        look = dump_style(style) if wish.restyles else was.style
        code = replace(was, style=look, format=format)
    favourite = code.favourite if wish.favourite is None else wish.favourite
    return _Planned(replace(code, favourite=favourite), added)


def _meant(content: tuple[Kind[Any], Any], style: Style) -> Meant:
    try:
        return meant(*content, style)
    except Refused as refused:
        refused.field = refused.field or "content"
        raise


async def styled(context: Context, wish: Wish, kit: Style | None = None) -> tuple[Style, tuple[Asset, ...]]:
    """Decide how something looks, and which pictures are new for that. Raises Refused."""
    style = before = context.style
    if wish.look:
        style = await looking(context, wish.look, kit or DEFAULT, before)
    elif kit is not None:
        style = kit
    added: tuple[Asset, ...] = ()
    if wish.logo:
        source, new = await _picture(context, wish.logo, added)
        style, added = replace(style, logo=replace(style.logo or Logo(""), source=source)), (*added, *new)
    if wish.backdrop:
        source, new = await _picture(context, wish.backdrop, added)
        behind = replace(style.backdrop or Backdrop(""), source=source)
        style, added = replace(style, backdrop=behind), (*added, *new)
    return style, added


async def _picture(context: Context, data: bytes, added: tuple[Asset, ...]) -> tuple[str, tuple[Asset, ...]]:
    """Name a picture in a look: one that is kept already, else a new one."""
    held = (*await context.work.assets.of(context.person.id), *added)
    same = next((each for each in held if each.data == data), None)
    if same is not None:
        return f"{ASSET}{same.id}", ()
    check_room(len(held))
    new = Asset(new_id(), context.person.id, data, context.now)
    return f"{ASSET}{new.id}", (new,)


async def proven(by: Program, picture: Picture, added: tuple[Asset, ...] = ()) -> Rendered:
    """Draw a picture, with those that are still to be kept; raises Refused where nothing makes it scan."""
    if not added:
        return await by.draw(picture)
    brought = {f"{ASSET}{each.id}": each.data for each in added}

    async def fetch(source: str) -> bytes:
        if source in brought:
            return brought[source]
        async with by.app.store.reading() as work:
            return await asset_of(work, source)

    return await worked(partial(render, picture, await art_of(picture.style, fetch)))
