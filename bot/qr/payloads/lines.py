"""Content lines of vCard and iCalendar: folding, parameters, escapes (RFC 6350, 3.2–3.4; RFC 5545, 3.1)."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)?(?P<name>[A-Za-z0-9-]+)(?P<parameters>(?:;[^\":;]*(?:\"[^\"]*\"[^\":;]*)*)*):(?P<value>.*)",
    re.DOTALL,
)
_PARAMETER = re.compile(r';(?:(?P<name>[A-Za-z0-9-]+)=)?(?P<value>"[^"]*"|[^;:]*)')


@dataclass(frozen=True, slots=True)
class Line:
    """One property: its name in upper case, its parameters (types are of ``TYPE``), its raw value."""

    name: str
    value: str
    parameters: dict[str, str] = field(default_factory=dict)


def content_lines(text: str) -> Iterator[Line]:
    """Cut a text into its properties; lines that are none are passed over."""
    unfolded = re.sub(r"(?:\r\n|\r|\n)[ \t]", "", text)
    lines = re.split(r"\r\n|\r|\n", unfolded)
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        while _is_quoted_printable(line) and line.endswith("=") and at < len(lines):
            line = line[:-1] + lines[at]
            at += 1
        match = _LINE.fullmatch(line)
        if match is not None:
            yield _line(match)


def _is_quoted_printable(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _line(match: re.Match[str]) -> Line:
    parameters: dict[str, str] = {}
    for found in _PARAMETER.finditer(match["parameters"]):
        value = found["value"].strip('"')
        name = (found["name"] or ("ENCODING" if value.upper() == "QUOTED-PRINTABLE" else "TYPE")).upper()
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    value = match["value"]
    if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        raw = quopri.decodestring(value.encode("utf-8", "replace"))
        value = _decoded(raw, parameters.get("CHARSET", "utf-8"))
    return Line(match["name"].upper(), value, parameters)


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return raw.decode("utf-8", "replace")


def escaped(value: str) -> str:
    """Write a value so that it stays one: backslash, semicolon, comma and line breaks."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"([\\;,])", r"\\\1", plain).replace("\n", "\\n")


def unescaped(value: str) -> str:
    """Read a value back."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value, flags=re.DOTALL)


def parts(value: str, mark: str = ";") -> list[str]:
    """Cut a structured value at its unescaped marks, and read each part."""
    return [unescaped(each) for each in cut(value, mark)]


def cut(value: str, mark: str) -> list[str]:
    """Cut a value at its unescaped marks, leaving each part as it stands."""
    found = []
    for match in re.finditer(rf"((?:\\.|[^\\{mark}]|\\$)*)({mark}|$)", value, re.DOTALL):
        found.append(match[1])
        if not match[2]:
            break
    return found
