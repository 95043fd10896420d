"""What a command may use, read before it decides: who asks, the space's kit, a half-filled form, the time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from bot.access import Policy
from bot.albums import album_id
from bot.command import Command, Understood
from bot.conversation import aside
from bot.i18n import Translator, spoken
from bot.ids import new_id
from bot.limiting import Standing, unlimited
from bot.message import Outcome, Request
from bot.operating.audit import CONSOLE, as_switched, in_console
from bot.qr.style import DEFAULT, Style, load_style
from bot.reader import Read
from storage.records import Code, Draft, Identity, Kit, Person, StoredRequest
from storage.work import Work

if TYPE_CHECKING:
    from bot.app import App


Answer: TypeAlias = "Callable[[Context, Understood], Awaitable[Outcome]]"


@dataclass(frozen=True, slots=True)
class Context:
    """What a command may use: who asks where, what is stored, the time, the person's language."""

    request: Request
    person: Person
    new: bool  # the person is not stored yet
    kit: Kit | None
    draft: Draft | None
    work: Work
    now: datetime
    t: Translator
    commands: Mapping[str, Command]
    read: Read
    link: Callable[[str], str]  # the address that opens the bot on this platform, and brings it a word
    home: str  # the address of our server, where it has one
    album: StoredRequest | None  # the job that files sent together with these are put into
    answer: Answer  # decides on what was understood
    revised: Code | None = None  # what is said now is to be this code's content
    left: Callable[[str], Awaitable[Standing]] = unlimited  # how an account stands against its limit
    policy: Policy = "open"  # who may use the bot
    off: frozenset[str] = frozenset()  # commands that are switched off
    worn: tuple[Style, str] | None = None  # the look and the format that a form names for this code alone

    @property
    def style(self) -> Style:
        """The look to use here: that of this code, the space's kit, the person's own, else the default."""
        if self.worn is not None:
            return self.worn[0]
        if self.revised is not None:
            return load_style(self.revised.style)
        stored = self.kit.style if self.kit is not None else self.person.preferences.style
        return load_style(stored) if stored else DEFAULT

    @property
    def format(self) -> str:
        """The file format to use here: that of this code, the kit's, else the person's own, else PNG."""
        if self.worn is not None:
            return self.worn[1]
        if self.revised is not None:
            return self.revised.format
        chosen = self.kit.format if self.kit is not None else ""
        return chosen or self.person.preferences.format or "png"

    @property
    def settled(self) -> Mapping[str, str]:
        """What the person's settings fill in where a content asks for it."""
        return {"timezone": self.person.preferences.timezone}


async def open_context(app: App, work: Work, request: Request) -> Context:
    """Read what every command needs to know: the person, the space's kit, a half-filled form."""
    now = app.clock()
    actor = request.actor
    known, draft = await work.people.asking(actor.platform, actor.id, request.space.key, now)
    person = known or _newcomer(request, now)
    kit = None if request.space.private else await work.people.kit(request.space.key)
    asked = known is not None and request.id  # what is only being typed answers no question
    draft = await _open_question(work, person, request, draft, now) if asked else None
    translator = Translator(spoken(person.preferences.language, actor.language))
    link = partial(app.link, request.space.platform)
    album = await work.requests.get(album_id(request)) if request.album else None
    off = app.access.off
    commands = as_switched(in_console(app.commands) if actor.platform == CONSOLE else app.commands, off)
    return Context(
        request, person, known is None, kit, draft, work, now, translator, commands, app.read, link,
        app.public_url, album, app.answer, left=app.left, policy=app.access.policy, off=off,
    )  # fmt: skip


async def _open_question(
    work: Work, person: Person, request: Request, found: Draft | None, now: datetime
) -> Draft | None:
    """Give what was asked here; in a private chat also what came up elsewhere and is for nobody else."""
    if found is None and request.space.private and aside(request) != request.actor.key:
        return await work.drafts.get(person.id, request.actor.key, now)
    return found


def _newcomer(request: Request, now: datetime) -> Person:
    actor, person_id = request.actor, new_id()
    account = Identity(actor.platform, actor.id, person_id, actor.name)
    return Person(person_id, now, identities=(account,))
