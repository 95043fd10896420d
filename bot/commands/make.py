"""Make codes: of a text, of a network; and answer a question about one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from bot.app import Context
from bot.cards import code_reply
from bot.command import Arg, command
from bot.conversation import answer_of
from bot.i18n import mark
from bot.ids import new_id, read_id
from bot.message import Outcome, Reply, Status
from bot.qr.output import OUTPUT
from bot.qr.payloads import Payload, build_text, interpret
from bot.qr.payloads.wifi import Security, Wifi, build_wifi
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT, Style, dump_style, parse_style
from bot.qr.symbol import version_of
from storage.records import AddCode, Code, DropDraft

TITLE = 60  # characters of a text that a list shows
_INVERTED = Style(dark=DEFAULT.light, light=DEFAULT.dark)


def read_format(text: str) -> str:
    """Read a file format's name."""
    name = {"jpg": "jpeg"}.get(text.lower(), text.lower())
    if name not in OUTPUT:
        raise Refused("I can make {formats}.", formats=", ".join(OUTPUT))
    return name


def read_look(text: str) -> str:
    """Read a look whose base is not known yet: refuse its words, and colours that no base tells apart."""
    try:
        parse_style(text)
    except Refused:
        parse_style(text, _INVERTED)
    return text.strip()


def made(context: Context, payload: Payload, title: str, style: Style, format: str) -> Outcome:
    """Save a code and show it; refuses what no symbol holds before anything is kept."""
    version_of(payload, style.level)
    code = Code(
        id=new_id(),
        person_id=context.person.id,
        space=context.request.space.key,
        kind=payload.kind,
        text=payload.text,
        title=title,
        style=dump_style(style),
        format=format,
        created_at=context.now,
    )
    return Outcome(code_reply(context, code), (AddCode(code),))


def _made_of_text(context: Context, text: str, style: Style, format: str) -> Outcome:
    """Save a text; one that turns out to be a network is kept as one, so that no list shows its key."""
    payload, reading = build_text(text), interpret(text)
    if reading.kind == "wifi":
        title = f"Wi-Fi: {dict(reading.values)['ssid']}"
        return made(context, replace(payload, kind="wifi"), title, style, format)
    line = " ".join(text.split())
    return made(context, payload, line if len(line) <= TITLE else line[: TITLE - 1] + "…", style, format)


def _check_text(values: Mapping[str, Any]) -> None:
    build_text(values["text"])


@command("qr", group="make", example="qr https://example.com", check=_check_text)
async def qr(
    context: Context,
    text: Annotated[str, Arg("what the code should say", rest=True)],
    format: Annotated[str, Arg("file format", read=read_format, suggest=tuple(OUTPUT))] = "",
    look: Annotated[str, Arg("colours, size, level: “navy on white, size 800”", read=read_look)] = "",
) -> Outcome:
    """Make a code of any text or link."""
    return _made_of_text(context, text, parse_style(look, context.style), format or context.format)


@command("text", group="make", example="text help", check=_check_text)
async def text(
    context: Context, text: Annotated[str, Arg("what the code should say, exactly", rest=True)]
) -> Outcome:
    """Make a code of a text exactly as it is, even if it looks like a command."""
    return _made_of_text(context, text, context.style, context.format)


def _check_wifi(values: Mapping[str, Any]) -> None:
    build_wifi(Wifi(**values))


@command("wifi", group="make", example='wifi "Guest network" s3cret-pass', check=_check_wifi)
async def wifi(
    context: Context,
    ssid: Annotated[str, Arg("network name")],
    password: Annotated[
        str, Arg("network key", secret=True, offers=(("security=nopass", mark("It is an open network")),))
    ] = "",
    security: Annotated[Security, Arg("encryption")] = Security.WPA,
    hidden: Annotated[bool, Arg("the network does not announce itself")] = False,
) -> Outcome:
    """Make a code that joins a Wi-Fi network."""
    payload = build_wifi(Wifi(ssid, password, security, hidden))
    return made(context, payload, f"Wi-Fi: {ssid}", context.style, context.format)


def read_draft(text: str) -> str:
    """Read a draft's id."""
    found = read_id(text)
    if found is None:
        raise Refused("“{given}” is no question of mine.", given=text)
    return found


@command("answer", group="make", hidden=True)
async def answer(
    context: Context,
    draft: Annotated[str, Arg("which question", read=read_draft)],
    value: Annotated[str, Arg("the answer", rest=True)] = "",
) -> Outcome:
    """Answer the question a form asked."""
    kept = context.draft
    found = context.commands.get(kept.command) if kept is not None else None
    if kept is None or found is None or kept.id != draft:
        return Outcome(
            Reply(body=context.t("That question is over. Please start again."), status=Status.MISSING)
        )
    values = {**kept.values, **answer_of(found, kept.asked, value)}
    filled = replace(context.request, text="", command=kept.command, values=values)
    return Outcome(None, (DropDraft(kept.person_id, kept.space),), then=filled)
