"""Taking up what a message answers: a bare command is about the message that it was said in reply to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.command import Command, split
from bot.message import About, Request
from bot.qr.payloads import KINDS
from bot.qr.payloads.recognise import recognise

ANY = "qr"  # the command that takes whatever it is given

_SAID = re.compile(r"/(\w+)(?:\s(.*))?", re.DOTALL | re.ASCII)


def taken_up(request: Request, commands: Mapping[str, Command]) -> Request:
    """Give a command what the message holds that it answers, where it lacks just that.

    Files go to a command that takes some; else they are read for codes where a code is to be made. A text, a
    contact or a place is what the code should say.
    """
    about, said = request.about, _SAID.fullmatch(request.text)
    found = commands.get(said[1].lower()) if said is not None else None
    if about is None or said is None or found is None or request.uploads:
        return request
    if found.files:
        return replace(request, uploads=about.uploads)
    if not (found.kind or found.name == ANY):
        return request
    given, errors = split(found, said[2] or "")
    return request if errors or found.params[0].name in given else _made_of(request, about, found, given)


def _made_of(request: Request, about: About, found: Command, given: Mapping[str, str]) -> Request:
    meant = replace(request, text="", links=about.links, borrowed=True)
    if about.uploads:
        return replace(meant, uploads=about.uploads)
    if about.command and found.name in (ANY, about.command):
        return replace(meant, command=about.command, values=about.values)
    return _said_so(meant, about, found, given) if about.text else request


def _said_so(meant: Request, about: About, found: Command, given: Mapping[str, str]) -> Request:
    if found.kind and KINDS[found.kind].read(about.text) is not None:  # a payload of just this kind, finished
        kept = {name: value for name, value in given.items() if name in ("format", "look")}
        return replace(meant, command=ANY, values={"text": about.text, **kept})
    recognised = recognise(about.text)
    if recognised is not None and recognised.kind == found.kind:
        return replace(meant, command=found.name, values={**recognised.values, **given})
    if found.kind == "url" and about.links:
        return replace(meant, command=found.name, values={"url": about.links[0]})
    if given or len(found.params) == 1 or found.name == ANY:
        return replace(meant, command=found.name, values={found.params[0].name: about.text, **given})
    return replace(meant, text=f"/{found.name} {about.text}")
