"""The frozen records that go into and come out of storage. Nothing here knows SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Board:
    """A page of somebody's own that a platform keeps open for them, as Slack keeps its App Home.

    It is up to date where ``due_at`` is None. ``changed`` counts what happened to what it shows, and
    ``published`` is what that was when it was last shown. ``leaving``: of somebody who was forgotten, so that
    it is emptied and then forgotten too.
    """

    platform: str
    account: str
    opened_at: datetime
    shown: str = ""  # JSON of the command that lays it out: what is looked for, which page; sealed
    kit: str = ""  # the space whose kit it shows
    changed: int = 1
    published: int = 0
    due_at: datetime | None = None
    published_at: datetime | None = None
    fingerprint: str = ""  # of what was shown last
    mark: str = ""  # the platform's own name of that
    attempts: int = 0
    leaving: bool = False

    @property
    def key(self) -> str:
        """Name the account across platforms."""
        return f"{self.platform}:{self.account}"


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
    bulk: bool = False  # one of many that say the same to everybody: it goes after all others


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
    KEPT = "kept"  # too much came at once to decide on it
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


# --- where it is installed ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in a workspace, or in all of an organisation's, as its OAuth answered."""

    id: str  # of the workspace; of the organisation where it holds for all of its workspaces
    enterprise: str  # the organisation's, if there is one
    name: str  # sealed
    app: str
    bot_user: str
    scopes: str  # comma-separated, as Slack lists them
    installed_by: str
    installed_at: datetime
    token: str = field(repr=False)  # sealed
    refresh_token: str = field(default="", repr=False)  # sealed; empty where tokens are not renewed
    expires_at: datetime | None = None  # of the token; None: never
    version: int = 0

    @property
    def whole(self) -> bool:
        """Tell whether it holds for all workspaces of the organisation."""
        return self.id == self.enterprise


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands in a workspace where the app is installed, without what is secret."""

    id: str
    scopes: str
    expires_at: datetime | None  # of the token


@dataclass(frozen=True, slots=True)
class Install:
    """Keep an installation, in place of an earlier one there; what was to go after the last one stays."""

    installation: Installation


@dataclass(frozen=True, slots=True)
class Uninstall:
    """A workspace put the bot out: its tokens go at once, with what is still to be sent there.

    What its people made goes a while later, unless it is installed again. ``told_at``: when Slack says that
    it happened; an installation made since stays. ``bots``: whose tokens were revoked; empty: everybody's.
    """

    team: str
    told_at: datetime
    at: datetime
    bots: tuple[str, ...] = ()
