"""A board as data: a page of somebody's own that a platform keeps open for them, part by part.

Like a reply it holds no markup, and what is pressed, chosen or typed on it is a command line.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence or more; ``quiet``: what is only there for who looks for it."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A command line to press; ``sure``: what is asked before it is said."""

    label: str
    line: str
    main: bool = False
    sure: str = ""


@dataclass(frozen=True, slots=True)
class Presses:
    """Buttons beside each other; ``where``: the space they are about, if not the person's own."""

    presses: tuple[Press, ...]
    where: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A saved code: its picture where one may be shown, in this version of its content and look."""

    code: str
    title: str
    note: str
    presses: tuple[Press, ...]
    version: int = 0
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several lines, each with its label; ``otherwise``: the label where none is chosen."""

    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A text to type, that is said behind a line, with at most so many characters."""

    label: str
    line: str
    most: int
    value: str = ""
    hint: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A space to choose, in which a line is said; ``chosen`` is its key."""

    label: str
    line: str
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between what does not belong together."""


Part = Heading | Words | Presses | Listed | Choice | Typed | Place | Rule
