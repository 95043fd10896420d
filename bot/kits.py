"""Kits: looks with a name that somebody keeps for their programs, and that bodies of codes name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.app import App
from bot.context import Context, open_context
from bot.ids import new_id
from bot.keeping import Program, Wish, own_kit, proven, styled
from bot.looks import SAMPLE
from bot.message import Outcome, Request
from bot.qr.picture import Picture, Rendered
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style, dump_style, load_style
from storage.changes import AddAsset, Change, Stale
from storage.own import AddKit, ChangeKit, DropKit, OwnKit
from storage.records import Asset

MOST = 50  # of one person
NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class KeptKit:
    """A kit that is kept, and how its sample came out where it was drawn for that."""

    kit: OwnKit
    drawn: Rendered | None = None


async def kits_of(app: App, request: Request) -> tuple[OwnKit, ...]:
    """List somebody's kits, the newest first."""
    async with app.store.reading() as work:
        context = await open_context(app, work, request)
        return await work.kits.of(context.person.id)


async def kit_of(app: App, request: Request, id: str) -> OwnKit:
    """Find a kit of one's own; raises Missing."""
    async with app.store.reading() as work:
        return await own_kit(await open_context(app, work, request), id)


async def make_kit(by: Program, wish: Wish, also: Callable[[KeptKit], tuple[Change, ...]]) -> KeptKit:
    """Keep a look under a name, proven on a sample. Raises Refused, AlreadySeen."""
    name, (style, added) = read_name(wish.name or ""), await _wished(by, wish)
    drawn = await proven(by, Picture(SAMPLE, style), added)
    made: list[KeptKit] = []

    async def act(context: Context) -> Outcome:
        if len(await context.work.kits.of(context.person.id)) >= MOST:
            raise Refused("You have {most} kits, which is the most. Please delete one first.", most=MOST)
        person, format = context.person.id, wish.format or "png"
        made.append(KeptKit(OwnKit(new_id(), person, name, dump_style(style), format, context.now), drawn))
        kept = AddKit(made[-1].kit, MOST)
        return Outcome(None, (*_pictures(added, person), kept, *also(made[-1])))

    await by.app.perform(by.request, act)
    return made[-1]


async def change_kit(by: Program, id: str, wish: Wish, holds: Callable[[OwnKit], None]) -> KeptKit:
    """Change a kit; codes that were made with it keep their look. Raises Missing, Refused, Stale."""
    with suppress(Stale):
        return await _changed(by, id, wish, holds)
    return await _changed(by, id, wish, holds)


async def _changed(by: Program, id: str, wish: Wish, holds: Callable[[OwnKit], None]) -> KeptKit:
    before = await kit_of(by.app, by.request, id)
    holds(before)
    name = before.name if wish.name is None else read_name(wish.name)
    after, drawn = replace(before, name=name, format=wish.format or before.format), None
    added: tuple[Asset, ...] = ()
    if wish.restyles:
        style, added = await _wished(by, wish, load_style(before.style))
        drawn = await proven(by, Picture(SAMPLE, style), added)
        after = replace(after, style=dump_style(style))

    async def act(context: Context) -> Outcome:
        changes: tuple[Change, ...] = (*_pictures(added, context.person.id), ChangeKit(before, after))
        return Outcome(None, changes if after != before else ())

    await by.app.perform(by.request, act)
    return KeptKit(after, drawn)


async def drop_kit(app: App, request: Request, id: str, holds: Callable[[OwnKit], None]) -> None:
    """Delete a kit, where it is what the program saw, as ``holds`` says; raises Missing, Stale."""

    async def act(context: Context) -> Outcome:
        kit = await own_kit(context, id)
        holds(kit)
        return Outcome(None, (DropKit(kit),))

    await app.perform(request, act)


def read_name(text: str) -> str:
    """Read a kit's name; raises Refused."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= NAME or not name.isprintable():
        raise Refused("A name has 1 to {most} characters.", field="name", most=NAME)
    return name


async def _wished(by: Program, wish: Wish, worn: Style = DEFAULT) -> tuple[Style, tuple[Asset, ...]]:
    """Decide on a look; a picture alone is put into the one that is ``worn``."""
    async with by.app.store.reading() as work:
        context = await open_context(by.app, work, by.request)
        return await styled(replace(context, worn=(worn, "png")), wish)


def _pictures(added: tuple[Asset, ...], person_id: str) -> tuple[AddAsset, ...]:
    return tuple(AddAsset(replace(each, owner=person_id)) for each in added)
