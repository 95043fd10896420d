"""The changes that a command may ask for, as frozen dataclasses: one short transaction applies them.

One that depends on what was read raises ``Stale`` where that no longer holds, and the command runs again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.account import AccountChange
from storage.operations import OperatorChange
from storage.own import OwnChange
from storage.records import (
    Asset,
    Code,
    Delivery,
    Draft,
    Install,
    Kit,
    Pairing,
    Person,
    Preferences,
    Preview,
    Reading,
    StoredRequest,
    Uninstall,
)
from storage.showing import OpenBoard as OpenBoard  # noqa: PLC0414 - they are changes too
from storage.showing import TurnBoard as TurnBoard  # noqa: PLC0414 - they are changes too


class Stale(Exception):
    """What a change was decided on has changed since; read again and decide again."""


class AlreadySeen(Exception):
    """The request's id was committed before; nothing of it is applied again."""


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
    AddPerson | SetPreferences | AddPairing | JoinPersons | UndoJoin | SetKit | ClearKit | AddCode
    | ReviseCode | NoteShown | AddAsset | DeleteAssets | RestyleCode | SetFavourite | DeleteCode | SaveDraft
    | DropDraft | AddReading | AddPreview | ForgetPerson | CloseSpace | OpenSpace | MoveSpace | FinishRequest
    | ExtendRequest | Delivered | OpenBoard | TurnBoard | Install | Uninstall | AccountChange | OwnChange
    | OperatorChange
)  # fmt: skip


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
