"""What a person sees after they did something, whatever the face; and the steps a journey is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Seen:
    """What came or changed: everything to read, what the codes in it say, the labels of its buttons."""

    words: str = ""
    codes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # media types
    pictures: tuple[bytes, ...] = field(default=(), repr=False)  # of what came, where a face shows pixels

    def __add__(self, other: Seen) -> Seen:
        """Put together what stands in several messages."""
        return Seen(
            f"{self.words}\n{other.words}",
            self.codes + other.codes,
            self.labels + other.labels,
            self.files + other.files,
            self.pictures + other.pictures,
        )


@dataclass(frozen=True, slots=True)
class Say:
    """Say a text or a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press the latest button with this label."""

    label: str


@dataclass(frozen=True, slots=True)
class Show:
    """Send a picture with a code that says this."""

    says: str


@dataclass(frozen=True, slots=True)
class Send:
    """Send a picture with words beside it."""

    words: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fill:
    """Fill in the form that a command shows, or answer what it asks; values by parameter."""

    command: str
    values: Mapping[str, str]


Action = Say | Press | Show | Send | Fill


@dataclass(frozen=True, slots=True)
class Step:
    """An action, and what has to be seen after it: these words, exactly these codes, these labels.

    ``codes`` None: a face may show the code again, or leave it standing.
    """

    action: Action
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] | None = ()
    labels: tuple[str, ...] = ()
    never: tuple[str, ...] = ()  # words that must not be seen

    def met(self, seen: Seen) -> bool:
        """Tell whether all that has to be seen is there."""
        return not self.lacking(seen)

    def lacking(self, seen: Seen) -> list[str]:
        """Name what is not there yet."""
        told = [word for word in self.words if word.casefold() not in seen.words.casefold()]
        told += [f"[{label}]" for label in self.labels if label not in seen.labels]
        return told + [f"code {code!r}" for code in self.codes or () if code not in seen.codes]

    def wrong(self, seen: Seen) -> list[str]:
        """Name what is there and must not be."""
        told = [word for word in self.never if word.casefold() in seen.words.casefold()]
        return told + [
            f"code {code!r}" for code in seen.codes if self.codes is not None and code not in self.codes
        ]


class Visitor(Protocol):
    """Somebody on one face; each action forgets what was seen before it."""

    async def does(self, action: Action) -> None:
        """Do what a step says."""

    async def seen(self, enough: Callable[[Seen], bool]) -> Seen:
        """Give what is seen since the last action, once it is enough, or after patience has ended."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One thing that a person can do on every face."""

    name: str
    steps: tuple[Step, ...] = field(default=())


async def walk(visitor: Visitor, journey: Journey) -> None:
    """Take every step of a journey, and compare what is seen with what has to be."""
    following = (*journey.steps[1:], Step(Say("")))
    for number, (plain, after) in enumerate(zip(journey.steps, following, strict=True), 1):
        pressed = (after.action.label,) if isinstance(after.action, Press) else ()
        step = replace(plain, labels=plain.labels + pressed)  # nobody presses what is not there yet
        await visitor.does(step.action)
        seen = await visitor.seen(step.met)
        where = f"step {number}, {str(step.action)[:200]}: seen {str(seen)[:2000]}"
        assert not step.lacking(seen), f"{step.lacking(seen)} is not there at {where}"
        assert not step.wrong(seen), f"{step.wrong(seen)} is there at {where}"
