"""What a builder shows follows each change: one update of a view at a time, and the latest change last.

A change is acknowledged at once and looked at beside the call. Of several that wait only the latest is looked
at, and each update names the state of the view that it follows (``hash``), so that none comes out of order.
Where several processes look at one view, a mark tells which change is the latest.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack import builder
from adapters.slack.builder import Below, Held
from adapters.slack.faults import FAULTS, seconds, why
from adapters.slack.lent import take_back
from adapters.slack.objects import JSON
from adapters.slack.places import Body, actor_of, slack_id, team_of
from adapters.slack.trial import Studio, tried
from bot.builder import builds
from bot.command import Command
from bot.coordination import further
from bot.face import Address, NotYet
from bot.i18n import Translator
from bot.message import Actor, Form, Request
from bot.operating.audit import as_switched
from bot.parked import outline

log = structlog.get_logger(__name__)

PAUSE = 1.0  # seconds between two updates of a view: a workspace has some hundred a minute (tier 4)
REMEMBERED, STATES = 500, 50  # views of which the last states are known, and how many of each


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a builder: what it holds now, of which state of which view; ``at`` tells the latest.

    ``other``: it has other inputs now. ``picture``: somebody asked to see it.
    """

    now: Held
    team: str
    actor: Actor
    view: str
    hash: str
    at: str
    other: bool = False
    picture: bool = False


@dataclass(slots=True)
class Opened:
    """A view that stands open: the change that waits, its states in their order, what was lent for it."""

    waiting: Change | None = None
    states: list[str] = field(default_factory=list)
    file: str = ""
    followed: bool = False
    closed: bool = False
    hurry: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Live:
    """The builders that stand open, and what is done about them beside the calls."""

    studio: Studio
    pause: float = PAUSE
    views: OrderedDict[str, Opened] = field(default_factory=OrderedDict)


# --- what comes from outside --------------------------------------------------------------------------------


def first(live: Live, form: Form, address: Address, t: Translator) -> JSON:
    """Lay out a builder that is opened; nothing is drawn for it yet."""
    now = builder.begun(form, address, t)
    return builder.laid_out(_commands(live), now, live.studio.bare, t)


def _commands(live: Live) -> Mapping[str, Command]:
    """Give what can be chosen: not what is switched off, as far as it was looked up for what came last."""
    return as_switched(live.studio.app.commands, live.studio.app.access.off)


def opened(live: Live, view: JSON, request: Request, form: Form, t: Translator) -> None:
    """Follow a view that was opened; where it is filled in already, its picture comes right after."""
    now = builder.begun(form, request.address, t)
    if now.values:
        team = str(request.address["team"])
        _follow(live, Change(now, team, request.actor, str(view["id"]), str(view["hash"]), "0"))


def take(live: Live, body: Body) -> None:
    """Take what happened in a builder: a change, a press, or its end; raises what a wrong shape raises."""
    if body["type"] != "block_actions":
        over(live, body)
        return
    now, view, tab = builder.held(body), body["view"], builder.pressed(body)
    if not builds(live.studio.app.commands, now.kind):  # none of the list
        return
    change = Change(
        now=builder.turned(now, tab),
        team=team_of(body),
        actor=actor_of(body, slack_id(body["user"]["id"])),
        view=slack_id(view["id"]),
        hash=str(view["hash"]),
        at=str(body["actions"][0].get("action_ts", "")),
        other=builder.chose_kind(body) or tab in (builder.CONTENT, builder.LOOK),
        picture=tab == builder.PREVIEW,
    )
    _follow(live, change)


def over(live: Live, body: Body) -> None:
    """Forget a view that was sent or closed, and take back what was lent for it."""
    now, team = builder.held(body), team_of(body)
    known = live.views.pop(str(body["view"].get("id")), Opened())
    known.closed = True
    for file in {now.file, known.file} - {""}:
        live.studio.slack.start(_taken_back(live, team, file))


# --- following ----------------------------------------------------------------------------------------------


def _follow(live: Live, change: Change) -> None:
    known = live.views.setdefault(change.view, Opened())
    live.views.move_to_end(change.view)
    while len(live.views) > REMEMBERED:
        live.views.popitem(last=False)
    if change.hash not in known.states:
        known.states.append(change.hash)
    del known.states[:-STATES]
    before = known.waiting
    if before is not None:  # nobody has looked at it: what it asked for is asked for still
        other, picture = change.other or before.other, change.picture or before.picture
        change = replace(change, other=other, picture=picture)
    known.waiting = change
    if change.other or change.picture:
        known.hurry.set()
    if not known.followed:
        known.followed = True
        live.studio.slack.start(_to_the_last(live, known))


async def _to_the_last(live: Live, known: Opened) -> None:
    """Look at one change after the other, each time at the latest."""
    try:
        while (change := known.waiting) is not None and not known.closed:
            known.waiting = None
            known.hurry.clear()
            await _look_at(live, known, change)
            with suppress(TimeoutError):
                async with asyncio.timeout(live.pause):
                    await known.hurry.wait()
    except Exception as error:  # a preview is no promise: the next change is looked at again
        log.warning("slack's preview failed", error=outline(error))
    finally:
        known.followed = False


async def _look_at(live: Live, known: Opened, change: Change) -> None:
    if not await _latest(live, change):
        return
    if change.other:
        await _update(live, known, change, live.studio.bare)
    below = await tried(live.studio, change.now, change.team, change.actor, asked=change.picture)
    if not await _update(live, known, change, below):
        await _taken_back(live, change.team, below.file)
        return
    before, known.file = known.file or change.now.file, below.file
    if before != below.file:
        await _taken_back(live, change.team, before)


async def _latest(live: Live, change: Change) -> bool:
    """Tell whether no other process has a later change of this view."""
    return await further(live.studio.app, f"view:{change.team}:{change.view}", change.at)


async def _taken_back(live: Live, team: str, file: str) -> None:
    if not file:
        return
    try:
        await take_back(live.studio.slack, team, file)
    except (NotYet, *FAULTS) as error:  # the row that was written down before does it
        log.warning("slack's preview is taken back later", why=why(error))


# --- updating -----------------------------------------------------------------------------------------------


async def _update(live: Live, known: Opened, change: Change, below: Below) -> bool:
    """Put what is below the form into the view; False where it is closed, or another change is later."""
    later = known.waiting
    if known.closed or (later is not None and later.other):  # it has other inputs by now
        return False
    try:
        return await _updated(live, known, change, below, known.states[-1])
    except SlackApiError as error:
        return await _otherwise(live, known, change, below, error)
    except NotYet as told:
        return await _later(live, known, change, below, told.seconds)
    except FAULTS as error:
        log.warning("slack's view could not be updated", why=why(error))
        return False


async def _updated(live: Live, known: Opened, change: Change, below: Below, hash: str | None) -> bool:
    client = await live.studio.slack.sender(change.team)
    t = Translator(change.now.language)
    view = builder.laid_out(_commands(live), change.now, below, t)
    answer: Any = await client.views_update(view_id=change.view, view=view, hash=hash)
    known.states.append(str(answer["view"]["hash"]))
    return True


async def _otherwise(live: Live, known: Opened, change: Change, below: Below, error: SlackApiError) -> bool:
    """Do what helps where Slack did not take an update; of that which is not the latest nothing does."""
    said, wait = why(error), seconds(error.response.headers)
    if said == "not_found":  # closed meanwhile
        known.closed = True
        return False
    if said == "invalid_blocks" and (below.image_url or below.file):
        told = Translator(change.now.language)("The picture cannot be shown here just now.")
        bare = replace(below, image_url="", file="", lines=(told, *below.lines))
        await _once_more(live, known, change, bare, known.states[-1])
        return False
    if known.waiting is None and said == "hash_conflict" and await _latest(live, change):
        return await _once_more(live, known, change, below, None)
    if wait is not None:
        return await _later(live, known, change, below, wait)
    if said != "hash_conflict":
        log.warning("slack's view could not be updated", why=said)
    return False


async def _later(live: Live, known: Opened, change: Change, below: Below, wait: float) -> bool:
    """Update a view after a while, unless something else has come up by then."""
    if known.waiting is None:
        await asyncio.sleep(wait)
    return known.waiting is None and await _once_more(live, known, change, below, known.states[-1])


async def _once_more(live: Live, known: Opened, change: Change, below: Below, hash: str | None) -> bool:
    try:
        return await _updated(live, known, change, below, hash)
    except (NotYet, *FAULTS) as error:
        log.warning("slack's view could not be updated", why=why(error))
        return False
