"""What goes in and what comes out: requests and replies as data. Knows no platform and no SQL.

A reply holds no markup: each adapter escapes everything. A button is a command line, so a press is a request
with that text. A picture is what to draw, not bytes.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.board import Part
from bot.button import COPIED, LINE, Button, Rows, Tone, fits
from bot.form import Entry, Form, Question
from bot.offers import Offer
from bot.qr.picture import Picture
from storage.changes import Change
from storage.records import StoredRequest

# --- in ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Who speaks, as their platform knows them."""

    platform: str
    id: str
    name: str = ""
    language: str = ""  # the platform's hint, BCP 47

    @property
    def key(self) -> str:
        """Name the account across platforms."""
        return f"{self.platform}:{self.id}"


class SpaceKind(StrEnum):
    """How many people read along."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Space:
    """Where something is said."""

    platform: str
    id: str
    kind: SpaceKind = SpaceKind.PRIVATE
    title: str = ""

    @property
    def key(self) -> str:
        """Name the space across platforms; also the lane its deliveries go out in."""
        return f"{self.platform}:{self.id}"

    @property
    def private(self) -> bool:
        """Tell whether nobody else reads along."""
        return self.kind is SpaceKind.PRIVATE


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sent; ``data`` is empty until it was fetched by its ``ref``."""

    ref: str
    name: str = ""
    media_type: str = ""
    size: int = 0
    data: bytes = b""


_READABLE = (
    "image/",  # codes in pictures
    "application/pdf",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
    "text/calendar",
)
_ENDINGS = (".heic", ".heif", ".pdf", ".vcf", ".ics")  # that platforms send without a media type of their own


def readable(name: str, media_type: str) -> bool:
    """Tell whether a file may be something to read: a picture, a PDF, a contact or an event."""
    return media_type.lower().startswith(_READABLE) or name.lower().endswith(_ENDINGS)


@dataclass(frozen=True, slots=True)
class About:
    """What a message holds that another one answers: a bare command is about this."""

    text: str = ""
    links: tuple[str, ...] = ()
    uploads: tuple[Upload, ...] = ()
    command: str = ""  # with ``values``: what was shared, a contact or a place
    values: Mapping[str, str] = field(default_factory=dict)


class Asking(StrEnum):
    """How a face asks for missing values."""

    FORM = "form"  # a modal, a page's form, a prompt: rendered inside the asking call
    QUESTION = "question"  # one message after the other; the next text is the answer


@dataclass(frozen=True, slots=True)
class Request:
    """One thing somebody said, pressed, filled in or sent.

    ``id`` is unique per platform and repeated when the platform repeats itself; empty for what is only being
    typed, of which nothing has to happen once. ``answered``: the reply is
    rendered inside the asking call instead of being delivered later. ``admin``: whether the actor may set the
    space's kit; None when it was not looked up yet. ``overheard``: a command that names nobody, where others
    listen too: one that is none of ours is somebody else's. ``links``: addresses behind words of the text, or
    among them. ``album``: what files that were sent together share.
    """

    id: str
    actor: Actor
    space: Space
    text: str = ""
    command: str = ""  # with ``values``: what a form sent
    values: Mapping[str, str] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()
    links: tuple[str, ...] = ()
    about: About | None = None
    album: str = ""
    pressed: bool = False
    answered: bool = False
    asking: Asking = Asking.QUESTION
    admin: bool | None = None
    overheard: bool = False
    address: Mapping[str, str | int] = field(default_factory=dict)  # the adapter's own; it alone reads it
    message: str = ""  # the platform's id of the message said, or of ours that was pressed
    borrowed: bool = False  # what it says stands in the message that it answers
    board: bool = False  # it comes from a page of the person's own that shows what came of it
    edited: bool = False  # the message was said before, and says something else now
    awaited: bool = False  # something stands still until it is answered: silence would be for good
    operator: str = ""  # whoever runs the bot and speaks in the actor's name: "console:ada"
    aside: bool = False  # only the person sees the answer, in a place where others are

    @property
    def by_forms(self) -> bool:
        """Tell whether it comes from a page that asks by forms alone, so that no text there is an answer."""
        return self.answered and self.asking is Asking.FORM


# --- out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value of a card."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over: a picture to draw, a text as it is, or bytes in base64."""

    name: str
    picture: Picture | None = None
    text: str = ""
    media_type: str = "text/plain"
    encoded: str = ""

    @property
    def data(self) -> bytes:
        """The bytes of a file that has not to be drawn."""
        return b64decode(self.encoded) if self.encoded else self.text.encode()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, for the console."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Status(StrEnum):
    """How it went; the console's exit code and HTTP's status come from it."""

    OK = "ok"
    INCOMPLETE = "incomplete"  # a form asks for the rest
    REFUSED = "refused"  # the person can mend it
    MISSING = "missing"  # there is no such thing (of theirs)
    FAILED = "failed"  # our fault


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say: a card, a picture, files, buttons, a form. ``replace``: in place of what was pressed.

    ``offers``: what to choose from while somebody types; ``more``: where their next page begins.
    """

    title: str = ""
    body: str = ""
    fields: tuple[Field, ...] = ()
    picture: Picture | None = None
    files: tuple[File, ...] = ()
    buttons: Rows = ()
    form: Form | None = None
    offers: tuple[Offer, ...] = ()
    more: str = ""
    table: Table | None = None
    board: tuple[Part, ...] = ()  # a page that the platform keeps open, in place of all this
    code: str = ""  # the saved code the picture shows
    private: bool = False  # for the person alone, also in a group
    shared: bool = False  # for all in the space, also where the face would answer privately
    replace: bool = False
    left: str = ""  # what stands in place of what was pressed, where the reply itself is said to all
    secret: bool = False  # holds something that must not stay anywhere
    expects: str = ""  # what a free text answers to this is, where others read along
    revealing: bool = False  # what was said holds a secret: a face that can offers to delete that message
    unsay: str = ""  # what to delete, as its face names it: a message of the person's, or what was lent
    language: str = ""  # that it is said in, for what a face adds in its own words
    status: Status = Status.OK


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command decided: what to say, what to change, what to fetch first."""

    reply: Reply | None
    changes: tuple[Change, ...] = ()
    jobs: tuple[Request, ...] = ()  # requests that need something fetched, then enter the door again
    then: Request | None = None  # handle this one instead, in the same breath
    once: str = ""  # what is done a single time, however often it is asked for: remembered as a request is
    about: str = ""  # ids of what an operator's command is about, for the audit log


def plain(reply: Reply) -> str:
    """Write a reply as bare text: notifications, alternative texts, terminals; buttons are left out."""
    lines = [reply.title, reply.body, *(f"{entry.label}: {entry.value}" for entry in reply.fields)]
    return "\n".join(line for line in lines if line)


__all__ = [
    "COPIED",
    "LINE",
    "About",
    "Actor",
    "Asking",
    "Button",
    "Entry",
    "Field",
    "File",
    "Form",
    "Outcome",
    "Question",
    "Reply",
    "Request",
    "Rows",
    "Space",
    "SpaceKind",
    "Status",
    "StoredRequest",
    "Table",
    "Tone",
    "Upload",
    "fits",
    "plain",
    "readable",
]
