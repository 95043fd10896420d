"""Types of values in words, from their JSON Schema: “text, at most 500 characters, or an object”."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from adapters.web.reference.examples import REFERENCE, Schema, resolved

_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "nothing",
}
_FORMATS = {
    "date-time": "moment",
    "date": "day",
    "email": "email address",
    "uri": "address",
    "binary": "file",
}
_LIMITS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minItems": "at least {} entries",
    "maxItems": "at most {} entries",
}

Schemas = Mapping[str, Schema]


def in_words(schema: Schema, schemas: Schemas) -> str:
    """Say in HTML what a value is; what has fields of its own is a link to them."""
    match schema:
        case {"$ref": reference}:
            name = reference.removeprefix(REFERENCE)
            listed = schemas[name].get("enum")
            said = _link(name) if listed is None else _values(listed)
        case {"const": value}:
            said = _value(value)
        case {"enum": values}:
            said = _values(values)
        case {"discriminator": {"mapping": named}}:
            links = (
                f'<a href="#{anchor(place.removeprefix(REFERENCE))}">{name}</a>'
                for name, place in named.items()
            )
            said = f"one of {', '.join(links)}"
        case {"anyOf": choices} | {"oneOf": choices}:
            said = _choice(choices, schemas)
        case {"contentMediaType": _}:
            said = "file"
        case {"type": "array", "items": items}:
            said = f"list of: {in_words(items, schemas)}"
        case {"type": "array", "prefixItems": items}:
            said = " and ".join(in_words(each, schemas) for each in items)
        case _:
            said = _FORMATS.get(schema.get("format", ""), "") or _WORDS.get(
                schema.get("type", ""), "anything"
            )
    return ", ".join([said, *_limits(schema)])


def _choice(choices: list[Schema], schemas: Schemas) -> str:
    told = [in_words(each, schemas) for each in choices if each.get("type") != "null"]
    return " or ".join(dict.fromkeys(told))


def _limits(schema: Schema) -> Iterator[str]:
    for name, words in _LIMITS.items():
        if name in schema:
            yield words.format(f"{schema[name]:,}".replace(",", " "))


def _values(values: list[Any]) -> str:
    return " ".join(map(_value, values))


def _value(value: Any) -> str:
    said = value if isinstance(value, str) else json.dumps(value)
    return f"<code>{escape(said) or '“”'}</code>"


def _link(name: str) -> str:
    return f'<a href="#{anchor(name)}">{escape(words_of(name))}</a>'


def anchor(name: str) -> str:
    """Name the place on the page where a schema's fields are."""
    return f"fields-{name}"


def words_of(name: str) -> str:
    """Call a schema something: ``WifiContent`` is “Wifi content”."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return spaced[:1].upper() + spaced[1:]


def fields_of(schema: Schema, schemas: Schemas) -> str:
    """Write the fields of an object: name, type and limits, what it is for, whether it is needed."""
    whole = resolved(schema.get("anyOf", [schema])[0], schemas)  # a body that may be left out has two
    needed = whole.get("required", ())
    return listed(
        _field(name, part, name in needed, schemas) for name, part in whole.get("properties", {}).items()
    )


def _field(name: str, part: Schema, needed: bool, schemas: Schemas) -> tuple[str, str, str]:
    told = escape(part.get("description", "") or resolved(part, schemas).get("description", ""))
    default = part.get("default")
    if default not in (None, "", [], {}):
        told += f" <small>Without it: {_value(default)}</small>"
    return name, in_words(part, schemas) + (" · <strong>needed</strong>" if needed else ""), told


def listed(entries: Iterable[tuple[str, str, str]]) -> str:
    """Write names (text), what each is, and what it is for (both HTML)."""
    rows = "".join(
        f"<div><dt><code>{escape(name)}</code> <small>{kind}</small></dt><dd>{told}</dd></div>"
        for name, kind, told in entries
    )
    return f'<dl class="fields">{rows}</dl>' if rows else ""
