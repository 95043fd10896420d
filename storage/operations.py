"""What those who run the bot do to it: the records and changes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Action:
    """What an operator did, for the audit log: ids alone, and nothing of what people wrote."""

    at: datetime
    who: str  # "console:ada", "account:7K3F9QXM2A"
    word: str
    about: str = ""  # ids of what it was done to
    result: str = ""
    sequence: int = 0  # given by the database


@dataclass(frozen=True, slots=True)
class AddAction:
    """Write down what an operator did."""

    action: Action


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much is a person's, and when something was last made for them, or they logged in."""

    codes: int
    favourites: int
    waiting: int  # deliveries still to be sent
    dead: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What waits to be sent or run, or was given up, without what it holds."""

    kind: str  # "delivery", or why a request waits
    id: str
    lane: str
    created_at: datetime
    due_at: datetime
    attempts: int
    state: str
    error: str


@dataclass(frozen=True, slots=True)
class ReplayLetter:
    """Try a dead letter again as if it were new; stale when it is none any more."""

    letter: Letter
    at: datetime


@dataclass(frozen=True, slots=True)
class DropLetter:
    """Delete what waits, or a dead letter; stale when it was sent meanwhile."""

    letter: Letter


@dataclass(frozen=True, slots=True)
class Place:
    """A space that has a kit, or that takes nothing."""

    space: str
    kit_at: datetime | None
    kit_by: str | None  # a person's id; empty where they were deleted
    closed_at: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many codes were made in a while, and by how many people."""

    days: Mapping[str, int]
    kinds: Mapping[str, int]
    platforms: Mapping[str, int]
    people: int  # all there are
    makers: int  # those who made a code
    new: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who can be written to, and by which account."""

    person_id: str
    platform: str
    account: str  # "telegram:123"


class TaskState(StrEnum):
    """How far a task has come."""

    GOING = "going"
    STOPPED = "stopped"  # by an operator
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Task:
    """What an operator set going and goes on by itself, step by step, whatever becomes of a process."""

    id: str
    word: str  # the command that it is of; one of each goes on at a time
    by: str  # "console:ada"
    total: int  # how many there are to be done, when it began
    created_at: datetime
    changed_at: datetime  # when the last step was
    body: str = ""  # what it is told; sealed, blanked when it has ended
    state: TaskState = TaskState.GOING
    at: str = ""  # where it stands: the id of the last that was done
    done: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What a task found wrong."""

    about: str  # a code's id
    why: str


@dataclass(frozen=True, slots=True)
class StartTask:
    """Set a task going; stale where another of its word goes on."""

    task: Task


@dataclass(frozen=True, slots=True)
class StopTask:
    """Stop a task, and send nothing of it that still waits; stale where it does not go on any more."""

    id: str
    at: datetime


OperatorChange = AddAction | ReplayLetter | DropLetter | StartTask | StopTask
