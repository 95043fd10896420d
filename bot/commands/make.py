"""Make codes of what somebody says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from bot.cards import SECRET_KINDS, code_reply, hinted, passing_reply, picture_of
from bot.command import Arg, Ready, command, complete
from bot.context import Context
from bot.ids import new_id
from bot.looks import look_of, read_format, read_look
from bot.making import code_of, meant
from bot.message import Button, Outcome, Reply, Status
from bot.qr.output import OUTPUT
from bot.qr.payloads import KINDS, Kind
from bot.qr.payloads.kind import assembled
from bot.qr.payloads.kind import told as values_of
from bot.qr.payloads.recognise import Recognised, recognise
from bot.qr.payloads.text import Text, build_text
from bot.qr.payloads.web import Url, host_of
from bot.qr.refusal import Refused
from bot.qr.style import Style
from storage.changes import AddCode, AddReading, ReviseCode
from storage.records import Reading

KEPT = timedelta(days=1)  # that what was read, or came with a text, is there for its buttons


def made(
    context: Context, kind: Kind[Any], content: Any, style: Style, format: str, *, typed: str = ""
) -> Outcome:
    """Save a code and show it; refuses what no symbol holds before anything is kept.

    ``typed``: what was typed, where something else was understood. What must not be kept is only shown.
    """
    said, was = meant(kind, content, style), context.revised
    kind, content = said.kind, said.content
    code = code_of(context, said, style, format)
    typed_here = not (context.request.pressed or context.request.borrowed)
    told = typed_here and any(entry.value.secret for entry, _ in values_of(content))
    if not kind.kept:
        passing = passing_reply(context, code.title, picture_of(code), style)
        return Outcome(replace(passing, revealing=told))
    other = typed if typed != code.text and kind.name not in SECRET_KINDS else ""
    # A press that is a command already took another reading of a code: the new one stands in its place.
    # So does a code that was changed, where its card was pressed.
    instead = was is not None or (context.request.pressed and bool(context.request.command))
    reply = code_reply(context, code, typed=other, replace=instead)
    warnings = () if kind.name == "url" else said.warnings
    body = "\n".join(line for line in (reply.body, *(context.t.of(each) for each in warnings)) if line)
    change = AddCode(code) if was is None else ReviseCode(code)
    return Outcome(replace(reply, body=body, revealing=told), (change,))


def _check_text(values: Mapping[str, Any]) -> None:
    build_text(Text(values["text"]))


@command("qr", group="make", example="qr https://example.com", check=_check_text)
async def qr(
    context: Context,
    text: Annotated[str, Arg("what the code should say", rest=True)],
    format: Annotated[str, Arg("file format", read=read_format, suggest=tuple(OUTPUT))] = "",
    look: Annotated[str, Arg("how it looks: “dots navy on white, size 800”", read=read_look)] = "",
) -> Outcome:
    """Make a code of any text or link; I see what it is by myself."""
    style = await look_of(context, look, context.style) if look else context.style
    addresses = tuple(_addresses(context, text))
    try:
        outcome = recognised(context, text, style, format or context.format)
    except Refused as refused:
        if not addresses:
            raise
        outcome = Outcome(Reply(body=context.t.of(refused), status=Status.REFUSED))
    return _linking(context, outcome, addresses)


def recognised(context: Context, text: str, style: Style, format: str) -> Outcome:
    """Make the code that a text is recognised as meaning, else one of the text itself."""
    found = recognise(text)
    if found is not None and found.sure:
        content = _content(context, found)
        if content is not None:
            return made(context, KINDS[found.kind], content, style, format, typed=text)
    outcome = made(context, KINDS["text"], Text(text), style, format)
    return outcome if found is None else hinted(context, outcome)


def _content(context: Context, found: Recognised) -> Any:
    """Put together what was recognised; None where something is missing after all."""
    understood = complete(context.commands[found.kind], found.values, known=context.settled)
    if not isinstance(understood, Ready):
        return None
    return assembled(KINDS[found.kind].content, dict(understood.values))


def _addresses(context: Context, text: str) -> Iterator[Reading]:
    """Keep the addresses that came with a text for the buttons that make codes of them."""
    known = recognise(text)
    held = {text.strip()} | set(known.values.values() if known is not None else ())
    for link in context.request.links:
        if link in held or not re.match(r"https?://|(?!\w+:)", link, re.IGNORECASE):
            continue
        with suppress(Refused):
            address = KINDS["url"].build(Url(link))
            yield Reading(new_id(), context.person.id, address, context.now + KEPT)


def _linking(context: Context, outcome: Outcome, addresses: tuple[Reading, ...]) -> Outcome:
    """Offer codes of the addresses that a text holds, or hides behind its words."""
    if outcome.reply is None or not addresses:
        return outcome
    row = tuple(
        (Button(context.t("Link to {host}", host=host_of(each.text)), f"again {each.id}"),)
        for each in addresses
    )
    reply = replace(outcome.reply, buttons=(*outcome.reply.buttons, *row))
    return replace(outcome, reply=reply, changes=(*outcome.changes, *map(AddReading, addresses)))
