"""From a content to a code that can be kept, whoever asks: a chat, or a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.cards import heading
from bot.ids import new_id
from bot.qr.payloads import KINDS, Kind, Payload, interpret, payload_of
from bot.qr.refusal import Refused
from bot.qr.sizing import level_of
from bot.qr.style import Style, dump_style, fitted
from storage.records import Code

if TYPE_CHECKING:
    from bot.context import Context

LITERAL = ("text", "raw")  # kinds that say what they are given, whatever it turns out to be


@dataclass(frozen=True, slots=True)
class Meant:
    """What a code is to say, and as what it is kept; ``warnings``: what is worth knowing about it."""

    kind: Kind[Any]
    content: Any
    payload: Payload
    warnings: tuple[Refused, ...] = ()


def meant(kind: Kind[Any], content: Any, style: Style) -> Meant:
    """Find out what a content is kept as; raises Refused for what no symbol in this style holds.

    A text that turns out to be of another kind (a network, a payment) is kept as that, so that no list shows
    its secrets and its symbol follows that kind's rules.
    """
    found = Meant(kind, content, kind.payload(content))
    if kind.name in LITERAL:
        payload = payload_of(found.payload.text)
        reading = interpret(payload.text)
        found = Meant(kind, content, payload)
        if payload.kind == reading.kind:
            found = Meant(KINDS[reading.kind], reading.content, payload, reading.warnings)
    level_of(found.payload, fitted(style, found.kind.rules))
    return found


def code_of(context: Context, said: Meant, style: Style, format: str) -> Code:
    """Make the record of a code, in place of the one that is revised, if one is."""
    was = context.revised
    return Code(
        id=new_id() if was is None else was.id,
        person_id=context.person.id,
        space=context.request.space.key if was is None else was.space,
        kind=said.kind.name,
        text=said.payload.text,
        title=heading(context, said.kind, said.content),
        style=dump_style(style),
        format=format,
        created_at=context.now if was is None else was.created_at,
        favourite=was is not None and was.favourite,
    )
