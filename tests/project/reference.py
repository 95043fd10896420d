"""`make docs`: write what of docs/ is read off the code: the HTTP API, kinds of content, settings."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr

from bot.commands import COMMANDS
from bot.config import Settings
from bot.qr.payloads import KINDS, Kind
from bot.qr.payloads.kind import Entry, entries
from tests.adapters.described import MADE

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GROUPS = {"make": "Every day", "more": "More", "pay": "Payments"}
WORDS = {command.kind: command for command in COMMANDS.values() if command.kind and not command.of}
_MADE = "<!-- Written by `make docs`; what is changed here by hand is lost. -->\n"


def written() -> dict[Path, str]:
    """Write each document that is read off the code, by its place."""
    return {
        DOCS / "openapi.json": json.dumps(MADE, indent=1, ensure_ascii=False) + "\n",
        DOCS / "types.md": "\n".join((_MADE, *_types())) + "\n",
        DOCS / "configuration.md": "\n".join((_MADE, *_configuration())) + "\n",
    }


# --- kinds of content ---------------------------------------------------------------------------------------


_TYPES = """Each has a word in every chat, a form (the word alone), help (`help wifi`), a body over
HTTP (`{"type": "wifi", "ssid": …}`), and a reader, which takes a picture of such a code apart into the same
values. Checksums are checked; a payment with a typing error is refused.

In a chat the values follow in the order of the table, in double quotes where there are spaces in them, or as
`name=value`. Over HTTP the names are the same; `creditor_name` is `name` inside `creditor`. What has to be
given is marked ●. Where several values fit, in a chat commas stand between; over HTTP they are a list."""


def _types() -> Iterator[str]:
    yield f"# Types\n\nWhat a code can say: {len(KINDS)} types. {_TYPES}"
    for group, heading in GROUPS.items():
        yield f"\n## {heading}"
        for kind in KINDS.values():
            if kind.group == group:
                yield from _kind(kind)


def _kind(kind: Kind[Any]) -> Iterator[str]:
    command = WORDS[kind.name]
    yield f"\n### {kind.label}\n\n{' '.join((kind.summary, *_rules(kind)))}\n"
    yield f"    {command.example}\n"
    if command.name != kind.name:
        yield f"Over HTTP its type is `{kind.name}`.\n"
    yield "| value | | what it is | takes |\n|---|---|---|---|"
    for entry in entries(kind.content):
        needed = "●" if entry.default is dataclasses.MISSING else ""
        yield f"| `{entry.name}` | {needed} | {entry.value.label} | {_takes(entry)} |"


def _rules(kind: Kind[Any]) -> Iterator[str]:
    """Say what its specification asks of the symbol, and how its content is kept."""
    rules = kind.rules
    if rules.level:
        yield f"Its error correction is always {rules.level}."
    if rules.least == rules.most:
        yield f"Its version is always {rules.most}."
    elif rules.most < 40:
        yield f"Its version is {rules.most} at most."
    if rules.charset != "utf-8":
        yield f"Its letters are those of {rules.charset.upper()}."
    if rules.plain:
        yield "It is black on white, without shapes, logo and frame."
    if rules.cross:
        yield "The Swiss cross lies on its middle."
    if not kind.kept:
        yield "It is kept nowhere."
    elif kind.secret:
        yield "It is shown to you alone."


def _takes(entry: Entry) -> str:
    if issubclass(entry.type, StrEnum):
        first = next((each.value for each in entry.type if each == entry.default), "")
        rest = [f"`{each.value}`" for each in entry.type if each.value != first]
        return ", ".join([f"`{first}` (where nothing is said)", *rest] if first else rest)
    said = {bool: "`yes`, `no`", tuple: "several", dict: "several, `name=value`"}.get(entry.type, "")
    usual = "" if entry.default is dataclasses.MISSING else entry.default
    return said or (f"`{usual}` where nothing is said" if usual else "")


# --- settings -----------------------------------------------------------------------------------------------

_PART = re.compile(r"^# --- (.+?) -+\n(.*?)(?=^# --- |\Z)", re.MULTILINE | re.DOTALL)
_SETTING = re.compile(r"((?:^# .+\n)+?)^# ([A-Z_]+)=(.*)$", re.MULTILINE)
_SETTINGS = """# Configuration

Settings come from the environment, or from a file `.env` in the folder that qr-gen is started in; the
environment wins. With nothing set it works on this machine alone. `NAME_FILE=/path` reads the value of `NAME`
from a file, as containers mount secrets. A wrong one ends the start with exit code 2 and one line that names
it, never its value.

`qr-gen config` shows what is set and where, `qr-gen doctor` whether it is right: [operations](operations.md).
To begin with, copy [.env.example](../.env.example)."""
_BOUNDS = {"ge": "from {}", "le": "to {}"}


def _configuration() -> Iterator[str]:
    """Write the settings as `.env.example` explains them, with what the code takes for each."""
    yield _SETTINGS
    for heading, part in _PART.findall((ROOT / ".env.example").read_text()):
        yield f"\n## {heading[0].upper()}{heading[1:]}\n"
        yield "| setting | default | what it is |\n|---|---|---|"
        for comment, name, default in _SETTING.findall(part):
            about = " ".join(line.removeprefix("# ") for line in comment.splitlines())
            shown = f"`{default}`" if default else ""
            yield f"| `{name}` | {shown} | {_plain(about)}{_values(name)} |"


def _plain(text: str) -> str:
    """Keep a table's cell one cell, and its words as they are."""
    return text.replace("|", "\\|").replace("_", "\\_").replace("<", "&lt;")


def _values(name: str) -> str:
    """Say what the code takes for a setting: choices, a number within bounds, a secret."""
    field = Settings.model_fields[name.lower()]
    kind: Any = field.annotation
    if isinstance(kind, UnionType) or get_origin(kind) is Union:
        kind = next(each for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is Literal:
        return f" Takes {', '.join(f'`{each}`' for each in get_args(kind))}."
    if kind is bool:
        return " Takes `true`, `false`."
    if kind is int:
        held = [
            (said, getattr(each, mark, None)) for each in field.metadata for mark, said in _BOUNDS.items()
        ]
        bounds = " ".join(said.format(at) for said, at in held if at is not None)
        return f" Takes a whole number {bounds}."
    return " A secret." if kind is SecretStr else ""


if __name__ == "__main__":
    for place, text in written().items():
        place.write_text(text)
