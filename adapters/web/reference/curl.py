"""Calls as curl has them, from the examples of an operation."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

Described = dict[str, Any]
FILE = "picture.png"  # what is sent where a file is


def curl(server: str, path: str, method: str, operation: Described) -> str:
    """Write the call of an operation, with the first example of each part that it needs."""
    values = {each["name"]: sample(each) for each in operation.get("parameters", ()) if each["required"]}
    words = ["curl", *([] if method in ("get", "post") else ["-X", method.upper()])]
    words.append(f"{server}{path.format(**values)}")
    lines = [" ".join(words)]
    if operation["security"]:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    body = operation.get("requestBody", {"content": {}})
    for kind, media in body["content"].items():
        lines += _sent(kind, media)
    if method == "post" and not body["content"]:
        lines[0] = lines[0].replace("curl", "curl -X POST")
    return " \\\n  ".join(lines)


def sample(parameter: Described) -> Any:
    """Give the example of a parameter."""
    return parameter["example"] if "example" in parameter else parameter["schema"]["examples"][0]


def _sent(kind: str, media: Described) -> Iterator[str]:
    if "examples" not in media:
        yield from (f"-F {name}=@{FILE}" for name in media["schema"]["properties"])
        return
    value = next(iter(media["examples"].values()))["value"]
    if kind == "application/json":
        yield f"-H {shlex.quote(f'Content-Type: {kind}')}"
        yield f"-d {shlex.quote(json.dumps(value, ensure_ascii=False))}"
    else:
        yield from (f"-d {shlex.quote(urlencode({name: part}))}" for name, part in value.items())
