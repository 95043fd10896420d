"""A form as data: the reply to an incomplete command; each face asks in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Entry(StrEnum):
    """What kind of value a form's field takes."""

    TEXT = "text"
    LONG = "long"
    SECRET = "secret"  # noqa: S105 - a kind of field
    CHOICE = "choice"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a form."""

    name: str
    label: str
    entry: Entry = Entry.TEXT
    required: bool = True
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # (value, label): one of these
    offers: tuple[tuple[str, str], ...] = ()  # (answer, label): a free answer, or one of these
    error: str = ""  # why the value given will not do


@dataclass(frozen=True, slots=True)
class Form:
    """The reply to an incomplete command: what is known, what is missing, what is wrong."""

    command: str
    title: str
    questions: tuple[Question, ...]
    values: Mapping[str, str] = field(default_factory=dict)
