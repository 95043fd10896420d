"""What is shown below a builder's form: the picture of what it holds, proven, and how surely it scans."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from hashlib import sha256

import structlog

from adapters.slack.builder import Below, Held
from adapters.slack.connection import Slack
from adapters.slack.faults import FAULTS
from adapters.slack.lent import lend
from adapters.slack.places import space_at
from adapters.slack.render import alternative
from bot.app import App
from bot.builder import KIND, SHOWN
from bot.designs import worth_knowing
from bot.face import Draw, NotYet, TryLater
from bot.i18n import Translator
from bot.message import Actor, Asking, Reply, Request
from bot.parked import outline
from bot.qr.picture import Rendered
from bot.qr.refusal import Refused

log = structlog.get_logger(__name__)

AT_ONCE = 1  # previews drawn: the other thread is for those who send codes


@dataclass(frozen=True, slots=True)
class Studio:
    """Where previews are drawn. Without ``draw`` none is."""

    slack: Slack
    app: App
    draw: Draw | None = None
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def bare(self) -> Below:
        """Show nothing yet, and where no address of ours is public the button that asks for a picture."""
        return Below(by_hand=self.slack.picture_address is None and self.draw is not None)


async def tried(studio: Studio, now: Held, team: str, actor: Actor, *, asked: bool) -> Below:
    """Draw and prove what a builder holds; where that cannot be, say why. ``asked``: by a press."""
    reply = await studio.app.handle(_request(studio, now, team, actor)) or Reply()
    t = Translator(now.language)
    if reply.picture is None or studio.draw is None:
        return replace(studio.bare, lines=tuple(line for line in reply.body.split("\n") if line))
    try:
        async with studio.gate:
            drawn = await studio.draw(reply.picture)
    except Refused as refused:
        return replace(studio.bare, lines=(t.of(refused),))
    told = t("Scan check: {score} of 100, grade {grade}.", score=drawn.score, grade=drawn.grade.name)
    named = Reply() if reply.secret else reply
    below = Below((told, *worth_knowing(reply, drawn, t)), alt=alternative(named, t))
    address = studio.slack.picture_address
    if address is not None and reply.code:
        version = int(sha256(drawn.data).hexdigest()[:8], 16)
        return replace(below, image_url=address(reply.code, version))
    below = replace(below, by_hand=True)
    if not asked:
        return replace(below, lines=(*below.lines, t("Press Preview to see it.")))
    user = actor.id.partition(":")[2]
    return await _lent(studio, below, drawn, {"team": team, "channel": "", "user": user}, t)


async def _lent(
    studio: Studio, below: Below, drawn: Rendered, address: dict[str, str | int], t: Translator
) -> Below:
    """Lend the picture to Slack."""
    try:
        file = await lend(studio.slack, studio.app, address, drawn.data, below.alt)
    except (*FAULTS, TryLater, NotYet) as error:
        log.warning("slack's preview was not taken", error=outline(error))
        return replace(below, lines=(*below.lines, t("Slack does not show the picture just now.")))
    return replace(below, file=file)


def _request(studio: Studio, now: Held, team: str, actor: Actor) -> Request:
    """Ask for a trial: without an id, as what is only being typed has not to happen once."""
    shown = {SHOWN: "yes"} if studio.slack.picture_address is not None else {}
    return Request(
        id="",
        actor=actor,
        space=space_at(team, now.address),
        command="trial",
        values={**now.values, **shown, KIND: now.kind},
        answered=True,
        asking=Asking.FORM,
    )
