"""The first hello, and what a link to the bot brings along: a look, a template, a way to a command."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.command import Arg, command
from bot.commands.looks import LOOK, TEMPLATE, own_style
from bot.context import Context
from bot.ids import INVITE, read_id
from bot.looks import SAMPLE, look_of
from bot.message import Button, Outcome, Reply, Tone
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture
from bot.qr.refusal import Refused
from bot.qr.style import Frame, Style, load_style, presets, read_share_code, share_code, style_text

WAYS = ("settings", "help", "privacy", "language")  # commands that a link may lead to, beside …
KINDS_OF_CONTENT = ("make", "pay", "more")  # … those that make a code: a link must not delete anything


def read_shared(text: str) -> str:
    """Read a share code."""
    read_share_code(text)
    return text


@command("start", group="about")
async def start(
    context: Context,
    payload: Annotated[str, Arg("what a link brought along", slash=True, rest=True)] = "",
) -> Outcome:
    """Say hello and show what to do first."""
    word = payload.strip()
    if context.policy == "invite" and read_id(word, INVITE):
        return Outcome(None, then=replace(context.request, text=f"/join {word}", about=None))
    led = context.commands.get(word)
    if led is not None and (word in WAYS or led.group in KINDS_OF_CONTENT) and not led.hidden:
        return Outcome(None, then=replace(context.request, text=f"/{word}", about=None))
    try:
        if word.startswith(LOOK):
            return await _look(context, word.removeprefix(LOOK))
        if word.startswith(TEMPLATE):
            return await _template(context, word.removeprefix(TEMPLATE))
    except Refused:
        return _hello(context, gone=True)
    return _hello(context, gone=bool(word))


def _hello(context: Context, *, gone: bool) -> Outcome:
    t = context.t
    body = t(
        "Send me a text or a link and I make a QR code of it, read it back to be sure that it scans, "
        "and hand it to you. Send me a picture and I tell you what its codes say."
    )
    if gone:
        body = t("This link is not complete, or what it led to is gone.") + "\n" + body
    ways = {"qr": Button(t("Make one"), "/qr", tone=Tone.MAIN), "wifi": Button(t("Wi-Fi"), "/wifi")}
    ready = tuple(button for word, button in ways.items() if word not in context.off)
    buttons = (*((ready,) if ready else ()), (Button(t("What I can do"), "/help"),))
    title = t("Hello! I make QR codes that scan.")
    leads = payload_of(context.link("") or context.home or title)
    return Outcome(Reply(title=title, body=body, picture=Picture(leads, _friendly(context)), buttons=buttons))


def _friendly(context: Context) -> Style:
    """Draw the greeting's code in a speech bubble."""
    style = presets()["speech"]
    return replace(style, frame=Frame("bubble", context.t("Scan me"), "#1e3a8a"))


async def _look(context: Context, code: str) -> Outcome:
    """Show a look that somebody shared, on a sample."""
    t = context.t
    chosen = await look_of(context, f"code {code}", own_style(context))
    buttons = (
        (Button(t("Use it"), f"use {code}", tone=Tone.MAIN), Button(t("Make a code with it"), f"try {code}")),
    )
    body = t("Your codes can look like this: {style}", style=style_text(chosen))
    picture = Picture(SAMPLE, chosen, checked=True)
    return Outcome(Reply(title=t("A look for you"), body=body, picture=picture, buttons=buttons))


async def _template(context: Context, id: str) -> Outcome:
    """Open the form for the kind of somebody's code, in its look; its content and their logo stay theirs."""
    found = read_id(id)
    code = await context.work.codes.any(found) if found is not None else None
    if code is None:
        return _hello(context, gone=True)
    command = context.commands.get(code.kind)
    asked = command.name if command is not None and command.param("look") is not None else "qr"
    values = {"look": f"code {share_code(load_style(code.style))}"}
    return Outcome(None, then=replace(context.request, text="", command=asked, values=values, about=None))


@command("use", group="keep", hidden=True)
async def use(
    context: Context, code: Annotated[str, Arg("share code of a look", read=read_shared)]
) -> Outcome:
    """Take a shared look for one's own codes."""
    return Outcome(None, then=replace(context.request, text=f"/style code {code}", pressed=False))


@command("try", group="keep", hidden=True)
async def try_(
    context: Context, code: Annotated[str, Arg("share code of a look", read=read_shared)]
) -> Outcome:
    """Make one code in a shared look."""
    values = {"look": f"code {code}"}
    return Outcome(None, then=replace(context.request, text="", command="qr", values=values))
