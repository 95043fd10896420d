"""A kind of content, defined once: commands, forms, HTTP bodies, help and the reader all come from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from bot.qr.payloads.payload import FREE, Payload, Rules
from bot.qr.refusal import Refused, Word

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Value:
    """What a field of a content is called to people, and how it is asked for; its annotation's second part.

    ``long``: more than a line. ``rest``: in chat, all the remaining words. ``slash``: in chat without a
    slash, words do not fill it. ``named``: in chat it is always said as ``name=value``. ``quiet``: not told
    where it is the default. ``offers``: (answer, label) pairs a question shows as buttons.
    """

    label: str
    secret: bool = False
    long: bool = False
    rest: bool = False
    slash: bool = False
    named: bool = False
    quiet: bool = False
    offers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading(Generic[C]):
    """What a text says, taken apart: its kind, its values, and what is wrong or worth knowing about it."""

    kind: str
    content: C
    warnings: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[C]):
    """A kind of content.

    ``build`` writes the text a symbol says; raises Refused, which names the field. ``read`` is its inverse,
    lenient with old and foreign forms; None where the text is something else. ``title`` is what a list shows
    after the label, never a secret. ``secret``: shown to the person alone. ``kept``: False where it must not
    be stored. ``group``: "make" (the everyday ones), "more" or "pay".
    """

    name: str
    label: str  # "Wi-Fi network"
    summary: str  # "Make a code that joins a Wi-Fi network."
    example: str  # as said in chat, without the slash
    content: type[C]
    build: Callable[[C], str]
    read: Callable[[str], Reading[C] | None]
    title: Callable[[C], str]
    rules: Rules = FREE
    group: str = "more"
    secret: bool = False
    kept: bool = True

    def payload(self, content: C) -> Payload:
        """Build what a symbol says; raises Refused, which names the field that will not do."""
        return Payload(self.build(content), self.name, self.rules)


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of a content, nested ones by the path to them: ``creditor_name``."""

    path: tuple[str, ...]
    type: type
    default: object  # dataclasses.MISSING where it must be given
    value: Value

    @property
    def name(self) -> str:
        """Name it in one word."""
        return "_".join(self.path)


def entries(content: type) -> tuple[Entry, ...]:
    """List the fields of a content, those of a part of it (an address) in its place."""
    return _listed(content)


@cache
def _listed(content: Any) -> tuple[Entry, ...]:
    return tuple(_entries(content, (), True))


def _entries(content: type, before: tuple[str, ...], needed: bool) -> Iterator[Entry]:
    hints = _hints(content)
    for field in dataclasses.fields(content):
        hint = hints[field.name]
        kind, value = get_args(hint)[:2] if get_origin(hint) is Annotated else (hint, Value(""))
        inner, path = _bare(kind), (*before, field.name)
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        required = needed and default is dataclasses.MISSING
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            yield from _entries(inner, path, required)
        else:
            optional = "" if default is dataclasses.MISSING else default
            yield Entry(path, inner, dataclasses.MISSING if required else optional, value)


@cache
def _hints(content: Any) -> dict[str, Any]:
    """Evaluate the annotations of a content once: it is slow, and every command asks."""
    return get_type_hints(content, include_extras=True)


def _inner(content: type, name: str) -> Any:
    hint = _hints(content)[name]
    return _bare(get_args(hint)[0] if get_origin(hint) is Annotated else hint)


def _bare(kind: Any) -> Any:
    """Take ``None`` out of a type: ``Decimal | None`` is asked for as a Decimal."""
    if isinstance(kind, UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    return get_origin(kind) or kind


def assembled(content: type[C], values: dict[str, Any]) -> C:
    """Put a content together from values by their one-word names; what is not named takes its default."""
    return _assembled(content, (), values)


def _assembled(content: type[C], before: tuple[str, ...], values: dict[str, Any]) -> C:
    given: dict[str, Any] = {}
    for field in dataclasses.fields(content):  # type: ignore[arg-type]  # every content is a dataclass
        path, inner = (*before, field.name), _inner(content, field.name)
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            start = "_".join(path) + "_"
            if (
                any(name.startswith(start) and value not in ("", None) for name, value in values.items())
                or field.default is dataclasses.MISSING
            ):
                given[field.name] = _assembled(inner, path, values)
        elif "_".join(path) in values:
            given[field.name] = values["_".join(path)]
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            given[field.name] = ""
    return content(**given)


def told(content: object) -> tuple[tuple[Entry, str], ...]:
    """List the values a content holds, as people write them, without what is empty, off or quiet."""
    found = []
    for entry in entries(type(content)):
        held: Any = content
        for name in entry.path:
            held = getattr(held, name, None)
        if held not in (None, "", (), {}, False) and not (entry.value.quiet and held == entry.default):
            found.append((entry, _written(held)))
    return tuple(found)


def filled(content: object) -> dict[str, str]:
    """Write a content as a form has it: each value that is not what it is where nothing is said."""
    found = {}
    for entry in entries(type(content)):
        held: Any = content
        for name in entry.path:
            held = getattr(held, name, None)
        if held not in (None, "", (), {}) and held != entry.default:
            found[entry.name] = str(_written(held))
    return found


def _written(held: object) -> str:
    if isinstance(held, bool):
        return Word("yes" if held else "no")
    if isinstance(held, StrEnum):
        return Word(held.value)  # of a closed list, which forms show translated
    if isinstance(held, tuple):
        return ", ".join(map(str, held))
    if isinstance(held, dict):
        return ", ".join(f"{key}={value}" for key, value in held.items())
    return f"{held:f}" if isinstance(held, Decimal) else str(held)
