"""A parameter of a command: what its annotation says, and from what was typed to a value. All pure."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bot.message import Entry
from bot.qr.payloads.kind import entries
from bot.qr.refusal import Refused

_YES = {"yes", "true", "on", "1", "y"}
_NO = {"no", "false", "off", "0", "n", ""}


@dataclass(frozen=True, slots=True)
class Arg:
    """What an annotation adds to a parameter.

    ``rest``: the remaining text, verbatim. ``slash``: words fill it only after a slash (else "history of
    rome" would be a search). ``named``: no word fills it, only ``name=value``. ``word``: a command's name;
    without a slash no other word fills it (else "help wanted" would be no text). ``read``: text to value,
    raising Refused. ``offers``: (answer, label) pairs that a question shows as buttons beside the free
    answer. ``labels``: what choices are called, where not by themselves. ``unasked``: no form asks for it.
    ``words``: its choices are names of commands, of which those that are switched off are not offered.
    """

    help: str
    rest: bool = False
    secret: bool = False
    slash: bool = False
    named: bool = False
    word: bool = False
    long: bool = False
    unasked: bool = False
    words: bool = False
    read: Callable[[str], object] | None = None
    suggest: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a command, derived once from the signature."""

    name: str
    type: type
    default: object
    arg: Arg
    off: frozenset[str] = frozenset()  # choices that are not offered just now

    @property
    def required(self) -> bool:
        """Tell whether the command cannot run without it."""
        return self.default is inspect.Parameter.empty

    @property
    def choices(self) -> tuple[str, ...]:
        """Name the values of a closed list that are offered."""
        if issubclass(self.type, StrEnum):
            return tuple(member.value for member in self.type if member.value not in self.off)
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

    @property
    def preset(self) -> str:
        """Write what it is where nothing is said; empty where that is nothing, or it must be given."""
        if isinstance(self.default, bool):
            return "yes" if self.default else "no"
        return "" if self.required or not self.default else str(self.default)

    @property
    def usage(self) -> str:
        """Write how it is said in a line."""
        if self.required:
            return f"<{self.name}>"
        if self.choices:
            return f"[{self.name}={'/'.join(self.choices)}]"
        return f"[{self.name}=…]" if self.arg.named else f"[{self.name}]"

    def convert(self, text: str) -> object:
        """Turn what was typed into the value the function takes; Refused names this parameter."""
        try:
            return _convert(self, text)
        except Refused as refused:
            raise Refused(refused.template, field=self.name, **refused.values) from None


def params_of(content: type) -> tuple[Param, ...]:
    """Read the parameters of a command off a kind's content: its fields, those of its parts among them."""
    return tuple(
        Param(
            entry.name,
            entry.type,
            inspect.Parameter.empty if entry.default is dataclasses.MISSING else entry.default,
            Arg(
                entry.value.label,
                rest=entry.value.rest,
                secret=entry.value.secret,
                slash=entry.value.slash,
                named=entry.value.named,
                long=entry.value.long,
                offers=entry.value.offers,
            ),
        )
        for entry in entries(content)
    )


def _convert(param: Param, text: str) -> object:
    if param.arg.read is not None:
        return param.arg.read(text)
    if param.type in _READ:
        return _READ[param.type](text)
    if issubclass(param.type, StrEnum):
        for member in param.type:
            if text.casefold() == member.value.casefold():
                return member
        raise Refused("“{given}” is not one of: {choices}.", given=text, choices=", ".join(param.choices))
    return text


def _yes_or_no(text: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    raise Refused("Please say yes or no instead of “{given}”.", given=text)


def _whole(text: str) -> int:
    if re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return int(text)
    raise Refused("“{given}” is not a whole number.", given=text)


def _decimal(text: str) -> Decimal:
    """Read a number with a point or a comma before its decimals; grouping would be ambiguous."""
    bare = text.strip().replace("−", "-").replace(",", ".")
    if re.fullmatch(r"[+-]?(\d{1,15}(\.\d{0,18})?|\.\d{1,18})", bare, re.ASCII):
        return Decimal(bare)
    raise Refused("“{given}” is not a number. Write it like 12.50, without spaces.", given=text)


def _several(text: str) -> tuple[str, ...]:
    """Cut a list at commas, semicolons and line breaks."""
    return tuple(each.strip() for each in re.split(r"[,;\n]", text) if each.strip())


def _pairs(text: str) -> dict[str, str]:
    """Read ``59=Ada, 60=London``; also a line each."""
    found = {}
    for each in _several(text):
        name, equals, value = each.partition("=")
        if not (equals and name.strip()):
            raise Refused("Write it like 59=Name, 60=Town.")
        found[name.strip()] = value.strip()
    return found


_READ: dict[type, Callable[[str], object]] = {
    bool: _yes_or_no, int: _whole, Decimal: _decimal, tuple: _several, dict: _pairs,
}  # fmt: skip
