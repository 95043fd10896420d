"""The frozen records that go into and come out of storage, and the changes a command may ask for.

Nothing here knows SQL. A change is data: the outcome of a command lists changes, and one short transaction
applies them. A change that depends on what was read carries its own condition; where that no longer holds,
applying it raises ``Stale`` and the command runs again on fresh reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Stale(Exception):
    """What a change was decided on has changed since; read again and decide again."""


class AlreadySeen(Exception):
    """The request's id was committed before; nothing of it is applied again."""


# --- people ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has chosen; empty means the default. Stored as one sealed JSON text."""

    language: str = ""  # BCP 47, e.g. "de"
    timezone: str = ""  # IANA, e.g. "Europe/Berlin"
    style: str = ""  # JSON of bot.qr.style; storage does not know what it means
    format: str = ""  # "png", "svg", "pdf" …
    replies: str = ""  # "private" or "shared": where answers go in a group or channel


@dataclass(frozen=True, slots=True)
class Identity:
    """One account of a person on one platform."""

    platform: str
    external_id: str  # the platform's own id; for Slack "T…:U…"
    person_id: str
    name: str = ""  # sealed


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks, across their accounts."""

    id: str
    created_at: datetime
    preferences: Preferences = field(default_factory=Preferences)
    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class Kit:
    """A space's own style, set by its admins."""

    space: str  # "telegram:-100123", "slack:T1:C2"
    style: str
    format: str
    set_by: str  # person id
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code that joins the account it is typed on with the person it was shown to: single use."""

    code: str  # kept as its HMAC only
    person_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Join:
    """Two persons who became one, and the accounts that joined; it can be undone."""

    id: str
    person_id: str  # who stayed
    at: datetime
    accounts: tuple[Identity, ...]  # of who joined


# --- codes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Code:
    """A saved QR code of somebody's."""

    id: str  # ten Crockford characters
    person_id: str
    space: str  # where it was made
    kind: str  # "text", "url", "wifi" …
    text: str  # what the symbol says; sealed
    title: str  # what a list shows: never a secret; sealed
    style: str  # JSON; sealed
    format: str
    created_at: datetime
    favourite: bool = False


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture that styles name by its id: a logo, or what lies behind a symbol."""

    id: str
    owner: str  # a person's id, or the key of the space whose kit it belongs to
    data: bytes  # PNG; sealed
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CodePage:
    """A page of somebody's codes, newest first, favourites before the rest where asked."""

    codes: tuple[Code, ...]
    total: int


# --- the conversation ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-filled form: which command, what is known so far, and what was asked last."""

    id: str
    person_id: str
    space: str
    command: str
    values: dict[str, str]  # sealed
    asked: str  # the parameter the next text answers
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What a code in somebody's picture said, kept a while for the buttons beside it."""

    id: str
    person_id: str
    text: str  # sealed
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What an inline query was answered with, kept until its pictures were fetched."""

    id: str
    person_id: str  # empty: nobody's, of somebody of whom nothing else is kept
    body: str  # JSON of bot.previews; sealed
    expires_at: datetime


class State(StrEnum):
    """How far a delivery or a stored request has come."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message still to be sent, or sent: one call to a platform."""

    id: str
    lane: str  # deliveries of one lane go out in order
    platform: str
    address: str  # JSON the adapter made and alone understands; sealed
    body: str  # JSON of a Reply; sealed, blanked when done
    created_at: datetime
    due_at: datetime
    request_id: str = ""
    person_id: str = ""
    sequence: int = 0  # given by the database: the order within a lane
    attempts: int = 0
    state: State = State.PENDING
    error: str = ""  # the last refusal, already redacted
    finished_at: datetime | None = None
    said: str = ""  # the platform's id of the message that this answers with a code
    pressed: str = ""  # that of our message whose place this takes


@dataclass(frozen=True, slots=True)
class Shown:
    """Which code somebody's message was made into, if any, and which of ours shows it: no contents."""

    space: str  # "telegram:7"
    said: str  # the platform's id of the message it was made of
    person_id: str
    code_id: str
    message: str  # where it is shown, in the adapter's own words; empty until it was sent
    same: bool  # the message still says what it was made of


class Why(StrEnum):
    """Why a request is stored and enters the door (again) later."""

    JOB = "job"  # it needs something fetched first
    PARKED = "parked"  # its command raised
    UNREADABLE = "unreadable"  # no request could be made of what arrived: kept as a dead letter


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request that waits: a job to run, or one whose command raised."""

    id: str
    lane: str
    why: Why
    body: str  # JSON of a Request, or the raw update; sealed, blanked when done
    created_at: datetime
    due_at: datetime
    person_id: str = ""
    attempts: int = 0
    state: State = State.PENDING
    error: str = ""
    finished_at: datetime | None = None


# --- changes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Somebody spoke for the first time. Stale when their account has been added meanwhile."""

    person: Person


@dataclass(frozen=True, slots=True)
class SetPreferences:
    """Replace a person's preferences; stale when they are no longer ``before``."""

    person_id: str
    before: Preferences
    after: Preferences


@dataclass(frozen=True, slots=True)
class AddPairing:
    """Keep a pairing code, replacing the person's earlier one."""

    pairing: Pairing


@dataclass(frozen=True, slots=True)
class JoinPersons:
    """Use a pairing code: what is the joining person's becomes the other's, whose settings stay.

    Stale when the code was used or has expired meanwhile, or one of the two is gone.
    """

    id: str
    code: str
    stays: str  # person id
    joins: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UndoJoin:
    """Give back what a joining moved and still is there; stale when it was undone before."""

    id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class SetKit:
    """Give a space its kit, replacing an earlier one."""

    kit: Kit


@dataclass(frozen=True, slots=True)
class ClearKit:
    """Take a space's kit away."""

    space: str


@dataclass(frozen=True, slots=True)
class AddCode:
    """Save a code."""

    code: Code


@dataclass(frozen=True, slots=True)
class ReviseCode:
    """Give a code another content; stale when it is not this person's (any more)."""

    code: Code


@dataclass(frozen=True, slots=True)
class NoteShown:
    """Remember which code a message was made into; of ``text`` only whether it is still the same is kept.

    ``code_id``: empty where it was made into none, now. ``anew``: what was shown for that message before is
    no longer; else it will be replaced.
    """

    space: str
    said: str
    person_id: str
    code_id: str
    text: str
    at: datetime
    anew: bool


@dataclass(frozen=True, slots=True)
class AddAsset:
    """Keep a picture that styles may name."""

    asset: Asset


@dataclass(frozen=True, slots=True)
class DeleteAssets:
    """Delete the pictures of a person, or of a space's kit."""

    owner: str


@dataclass(frozen=True, slots=True)
class RestyleCode:
    """Keep a code's content, change its look; stale when it is not this person's (any more)."""

    id: str
    person_id: str
    style: str
    format: str


@dataclass(frozen=True, slots=True)
class SetFavourite:
    """Mark or unmark a code; stale when it is not this person's (any more)."""

    id: str
    person_id: str
    favourite: bool


@dataclass(frozen=True, slots=True)
class DeleteCode:
    """Delete a code; stale when it is not this person's (any more)."""

    id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Keep a half-filled form, replacing the person's earlier one in that space."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class DropDraft:
    """Forget the person's half-filled form in a space, if there is one."""

    person_id: str
    space: str


@dataclass(frozen=True, slots=True)
class AddReading:
    """Keep what a code in a picture said."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class AddPreview:
    """Keep what an inline query was answered with."""

    preview: Preview


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Delete everything that is a person's, in every table."""

    person_id: str


@dataclass(frozen=True, slots=True)
class CloseSpace:
    """Nothing can be sent in a space any more; what was still to be sent there is given up."""

    space: str
    why: str  # the platform's words, already redacted
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenSpace:
    """Something can be sent in a space again."""

    space: str


@dataclass(frozen=True, slots=True)
class MoveSpace:
    """A space goes on under another name: its kit and codes, what is asked there and still to be sent there.

    ``address``: what the addresses of those deliveries become; the rest of them stays.
    """

    before: str
    after: str
    address: Mapping[str, str | int]
    at: datetime


@dataclass(frozen=True, slots=True)
class FinishRequest:
    """A stored request has got its outcome; stale when it is no longer pending.

    ``due_at``: when it was due as it was read; a file put into it since has moved that.
    """

    id: str
    at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExtendRequest:
    """Add to a request that waits, and let it wait longer; stale when it is no longer as it was."""

    id: str
    due_before: datetime  # when it was due as it was read
    body: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery is done; what it held is blanked.

    ``why`` it was not sent after all, if so. ``message``: where it stands, for what was ``said`` in its
    ``lane``. ``key``: what its picture is known by from now on, as the ``file`` of an ``account``.
    """

    id: str
    at: datetime
    why: str = ""
    lane: str = ""
    said: str = ""
    message: str = ""
    key: str = ""
    account: str = ""
    file: str = ""


Change = (
    AddPerson
    | SetPreferences
    | AddPairing
    | JoinPersons
    | UndoJoin
    | SetKit
    | ClearKit
    | AddCode
    | ReviseCode
    | NoteShown
    | AddAsset
    | DeleteAssets
    | RestyleCode
    | SetFavourite
    | DeleteCode
    | SaveDraft
    | DropDraft
    | AddReading
    | AddPreview
    | ForgetPerson
    | CloseSpace
    | OpenSpace
    | MoveSpace
    | FinishRequest
    | ExtendRequest
    | Delivered
)


@dataclass(frozen=True, slots=True)
class Unit:
    """All that one request commits, or nothing of it: its id, changes, what is to be sent and to be run.

    ``heard``: the space in which somebody spoke just now, which is open therefore.
    """

    request_id: str = ""  # empty: not remembered as seen
    at: datetime | None = None
    changes: tuple[Change, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    requests: tuple[StoredRequest, ...] = ()
    heard: str = ""
