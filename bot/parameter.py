"""A parameter of a command: what its annotation says, and from what was typed to a value. All pure."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.message import Entry
from bot.qr.refusal import Refused

_YES = {"yes", "true", "on", "1", "y"}
_NO = {"no", "false", "off", "0", "n", ""}


@dataclass(frozen=True, slots=True)
class Arg:
    """What an annotation adds to a parameter.

    ``rest``: the remaining text, verbatim. ``slash``: words fill it only after a slash (else "history of
    rome" would be a search). ``word``: a command's name; without a slash no other word fills it (else "help
    wanted" would be no text). ``read``: text to value, raising Refused. ``offers``: (answer, label) pairs
    that a question shows as buttons beside the free answer.
    """

    help: str
    rest: bool = False
    secret: bool = False
    slash: bool = False
    word: bool = False
    long: bool = False
    read: Callable[[str], object] | None = None
    suggest: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a command, derived once from the signature."""

    name: str
    type: type
    default: object
    arg: Arg

    @property
    def required(self) -> bool:
        """Tell whether the command cannot run without it."""
        return self.default is inspect.Parameter.empty

    @property
    def choices(self) -> tuple[str, ...]:
        """Name the values of a closed list."""
        if issubclass(self.type, StrEnum):
            return tuple(member.value for member in self.type)
        return ("yes", "no") if self.type is bool else self.arg.suggest

    @property
    def entry(self) -> Entry:
        """Say how a form takes it."""
        if self.type is bool:
            return Entry.SWITCH
        if issubclass(self.type, StrEnum):
            return Entry.CHOICE
        if self.arg.secret:
            return Entry.SECRET
        return Entry.LONG if self.arg.rest or self.arg.long else Entry.TEXT

    def convert(self, text: str) -> object:
        """Turn what was typed into the value the function takes; Refused names this parameter."""
        try:
            return _convert(self, text)
        except Refused as refused:
            raise Refused(refused.template, field=self.name, **refused.values) from None


def _convert(param: Param, text: str) -> object:
    if param.arg.read is not None:
        return param.arg.read(text)
    if issubclass(param.type, StrEnum):
        for member in param.type:
            if text.casefold() == member.value.casefold():
                return member
        raise Refused("“{given}” is not one of: {choices}.", given=text, choices=", ".join(param.choices))
    if param.type is bool:
        if text.casefold() in _YES | _NO:
            return text.casefold() in _YES
        raise Refused("Please say yes or no instead of “{given}”.", given=text)
    if param.type is int:
        if re.fullmatch(r"\d{1,9}", text, re.ASCII):
            return int(text)
        raise Refused("“{given}” is not a whole number.", given=text)
    return text
