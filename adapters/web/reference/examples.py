"""Examples of bodies and answers: those that the models carry, and one for each kind of content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from bot.command import Ready, understand
from bot.commands import COMMANDS
from bot.qr.payloads import KINDS
from bot.qr.payloads.kind import assembled, entries

REFERENCE = "#/components/schemas/"

Schema = Mapping[str, Any]


def of_kinds(*, kept: bool) -> dict[str, dict[str, Any]]:
    """Write the example of each kind of content, which it has as it is said in a chat, as a body has it.

    ``kept``: only of those that may be.
    """
    return {
        command.kind: _body(command.kind, command.example)
        for command in COMMANDS.values()
        if command.kind and (KINDS[command.kind].kept or not kept)
    }


def _body(name: str, line: str) -> dict[str, Any]:
    kind, said = KINDS[name], understand(COMMANDS, f"/{line}")
    assert isinstance(said, Ready), line  # a test holds every example to this
    known = {entry.name for entry in entries(kind.content)}
    content = assembled(kind.content, {name: said.values[name] for name in known & said.values.keys()})
    values = TypeAdapter(kind.content).dump_python(content, mode="json", exclude_defaults=True)
    return {"type": name, **values}


def of_schema(schema: Schema, schemas: Mapping[str, Schema]) -> list[Any]:
    """List the examples of a schema: its own, else the one that those of its parts make.

    Raises LookupError, which names the part that has none.
    """
    match resolved(schema, schemas):
        case {"examples": examples}:
            found = list(examples)
        case {"const": value} | {"default": value} | {"enum": [value, *_]}:
            found = [value]
        case {"oneOf": [first, *_]} | {"anyOf": [first, *_]} | {"allOf": [first, *_]}:
            found = of_schema(first, schemas)
        case {"type": "array", "items": items}:
            found = [of_schema(items, schemas)[:1]]
        case {"type": "object", **members}:
            found = [_object(members, schemas)]
        case {"type": "null"}:
            found = [None]
        case other:
            raise LookupError(other.get("title", "a part without a name"))
    return found


def _object(schema: Schema, schemas: Mapping[str, Schema]) -> dict[str, Any]:
    made = {}
    for name, part in schema.get("properties", {}).items():
        try:
            made[name] = of_schema(part, schemas)[0]
        except LookupError as error:
            raise LookupError(f"{schema.get('title', '')}.{name}") from error
    return made


def resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Follow a reference, beside which other members may stand (JSON Schema 2020-12, 8.2.3.1)."""
    if "$ref" not in schema:
        return schema
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    return {**schemas[schema["$ref"].removeprefix(REFERENCE)], **beside}
