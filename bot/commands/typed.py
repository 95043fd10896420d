"""What a text means that somebody is still typing: the codes it would become, and their looks.

A secret is none of them, whether it is finished or on its way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from bot.cards import SECRET_KINDS
from bot.command import Ask, Command, Literal, Ready, Understood, Unknown, complete, understand
from bot.context import Context
from bot.making import LITERAL
from bot.message import Outcome
from bot.qr.payloads.recognise import recognise, with_key
from bot.qr.style import dump_style, load_style, presets
from bot.qr.style.presets import worn
from storage.changes import AddCode
from storage.records import Code

SAYING = ("qr", *LITERAL)  # commands whose codes say the text that follows them
LOOKS = ("ink", "ocean", "forest", "cherry", "twilight", "classic")  # that are good small, besides one's own

# Finished, or on its way, wherever it stands: what is before it may be a command, half a sentence, a quote.
_SECRET = re.compile(r"""(?:^\s*/|(?<![^\s"'“„«=(]))(wifi|otp)(?:auth(?:-migration)?)?:""", re.IGNORECASE)


class Secret(Exception):
    """What was typed is, or becomes, a secret of this kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


async def again(context: Context, text: str, reading: str, look: str) -> Code | None:
    """Make once more what was offered for a text."""
    try:
        code = (await meanings(context, text)).get(reading) if text else None
    except Secret:
        return None
    if code is None or look not in ("own", *LOOKS):
        return None
    return code if look == "own" else wearing(code, look)


async def meanings(context: Context, text: str) -> dict[str, Code]:
    """Make the codes that a text may mean, the likeliest first; nothing is kept yet. Raises Secret."""
    understood = _understood(context, text)
    _guard(text, understood)
    if isinstance(understood, Ready) and understood.command.name in SAYING:
        # The command is no part of what its code says, nor of what else that may mean.
        text = understood.values["text"]
        _guard(text, _understood(context, text))
    if isinstance(understood, Ready) and (understood.command.kind or understood.command.name in SAYING):
        code = _public(await understood.command.run(context, **understood.values))
    else:
        code = _public(await context.commands["qr"].run(context, text=text))
    codes = {"new": code}
    if code.text != text:
        codes["text"] = _public(await context.commands["text"].run(context, text=text))
    for other in _otherwise(context, text, understood):
        if isinstance(other, Ready) and other.command.kind not in ("", code.kind):
            codes[other.command.kind] = _public(await other.command.run(context, **other.values))
    return codes


def _otherwise(context: Context, text: str, understood: Understood) -> Iterator[Understood]:
    """Say what a text may be meant as besides: what it looks like, and the command that it begins with."""
    found = recognise(text)
    if found is not None:
        yield complete(context.commands[found.kind], found.values, known=context.settled)
    if isinstance(understood, Literal) and understood.other is not None:
        yield _understood(context, f"/{text}")


def _understood(context: Context, text: str) -> Understood:
    """Take a text as chats do, a payment's kind included."""
    understood = understand(context.commands, text, context.settled)
    if isinstance(understood, Ready) and understood.command.name == "pay":
        values = understood.values
        return understand(context.commands, f"/{values['kind']} {values.get('values', '')}", context.settled)
    return understood


def _guard(text: str, understood: Understood) -> None:
    """Refuse what is a secret, or becomes one with the next few letters."""
    begun = _SECRET.search(text)
    if begun is not None:
        raise Secret(begun[1].lower())
    alike = recognise(text)
    if alike is not None and alike.kind in SECRET_KINDS:
        raise Secret(alike.kind)
    if with_key(text) and not (alike is not None and alike.sure):  # as a link is, whatever its words are
        raise Secret("wifi")
    meant: Command | None = None
    match understood:
        case Ready(found, _) | Ask(found, _, _):
            meant = found
        case Literal(_, other):
            meant = other
        case Unknown():
            return
    if meant is not None and meant.kind in SECRET_KINDS:
        raise Secret(meant.kind)


def _public(outcome: Outcome) -> Code:
    """Take the code out of what a command made; raises Secret where it is one."""
    code = next((change.code for change in outcome.changes if isinstance(change, AddCode)), None)
    if code is None:
        picture = outcome.reply.picture if outcome.reply is not None else None
        raise Secret(picture.payload.kind if picture is not None else "")
    if code.kind in SECRET_KINDS:
        raise Secret(code.kind)
    return code


def wearing(code: Code, look: str) -> Code:
    """Give a code in one of the looks offered besides its own."""
    return replace(code, style=_worn(code.style, look))


@lru_cache(maxsize=64)
def _worn(style: str, look: str) -> str:
    """Put a look on a stored style; the same few come with every letter."""
    return dump_style(worn(presets()[look], load_style(style)))
