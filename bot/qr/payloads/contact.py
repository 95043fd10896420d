"""Contacts, read: vCard 2.1, 3.0 and 4.0, MeCard; and the kind they are."""

from __future__ import annotations

import re
from datetime import date

from bot.qr.payloads.card import Contact, Format, build_contact, whole_name
from bot.qr.payloads.kind import Kind, Reading
from bot.qr.payloads.lines import Line, content_lines, cut, parts, unescaped
from bot.qr.refusal import Refused

_MECARD = re.compile(r"([A-Za-z-]+):((?:\\.|[^\\;])*)(?:;|$)", re.DOTALL)


def read_contact(text: str) -> Reading[Contact] | None:
    """Read a contact, the first of several; None where the text is none."""
    if re.match(r"\s*BEGIN:VCARD\b", text, re.IGNORECASE):
        return _read_vcard(text)
    return _read_mecard(text[7:]) if text[:7].upper() == "MECARD:" else None


def _read_vcard(text: str) -> Reading[Contact]:
    lines = list(content_lines(text))
    ends = [at for at, line in enumerate(lines) if line.name == "END"]
    first = lines[: ends[0]] if ends else lines
    more = (Refused("There are several contacts here; this is the first."),) if len(ends) > 1 else ()
    version = next((line.value.strip() for line in first if line.name == "VERSION"), "3.0")
    held: dict[str, list[Line]] = {}
    for line in first:
        held.setdefault(line.name, []).append(line)
    format = Format.VCARD4 if version == "4.0" else Format.VCARD3
    return Reading("contact", _contact(held, format), more)


def _contact(held: dict[str, list[Line]], format: Format) -> Contact:
    def one(name: str) -> str:
        return unescaped(held[name][0].value).strip() if name in held else ""

    last, first = _name(held)
    _, _, street, city, region, postcode, country = _padded(held["ADR"][0].value if "ADR" in held else "", 7)
    organization = ", ".join(filter(None, parts(held["ORG"][0].value))) if "ORG" in held else ""
    if (first, last) == (organization, ""):
        first = ""
    return Contact(
        first,
        last,
        tuple(_number(line) for line in held.get("TEL", [])),
        tuple(unescaped(line.value).strip() for line in held.get("EMAIL", [])),
        organization,
        one("TITLE"),
        tuple(unescaped(line.value).strip() for line in held.get("URL", [])),
        street, city, region, postcode, country,
        _day(one("BDAY")),
        one("NOTE"),
        format,
    )  # fmt: skip


def _name(held: dict[str, list[Line]]) -> tuple[str, str]:
    """Give family and first name: from N, else all of FN as the first."""
    last, given, middle = _padded(held["N"][0].value, 3) if "N" in held else ("", "", "")
    first = " ".join(each for each in (given, middle) if each)
    whole = unescaped(held["FN"][0].value).strip() if "FN" in held else ""
    return (last, first) if last or first else ("", whole)


def _padded(value: str, count: int) -> list[str]:
    return [each.strip() for each in (parts(value) + [""] * count)[:count]]


def _number(line: Line) -> str:
    value = unescaped(line.value).strip()
    return re.sub(r"^tel:", "", value, flags=re.IGNORECASE)


def _day(text: str) -> str:
    """Read a day in its basic or extended form; anything else (a year alone, a text) as it stands."""
    match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})(?:T|$)", text)
    if match is None:
        return text
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return text


def _read_mecard(body: str) -> Reading[Contact]:
    held: dict[str, list[str]] = {}
    for name, value in _MECARD.findall(body):
        held.setdefault(name.upper(), []).append(value)

    def one(name: str) -> str:
        return _own_value(held[name][0]).strip() if name in held else ""

    def several(name: str) -> tuple[str, ...]:
        return tuple(_own_value(each).strip() for each in held.get(name, []))

    names = [_own_value(each) for each in cut(held.get("N", [""])[0], ",")]
    last, first = (names[0], " ".join(names[1:])) if len(names) > 1 else ("", names[0])
    where = [_own_value(each) for each in cut(held.get("ADR", [""])[0], ",")]
    street, city, region, postcode, country = _own_address(where)
    organization = one("ORG")
    if (first, last) == (organization, ""):
        first = ""
    return Reading(
        "contact",
        Contact(
            first, last, several("TEL"), several("EMAIL"), organization, one("TITLE"), several("URL"), street, city,
            region, postcode, country, _day(one("BDAY")), one("NOTE"), Format.MECARD,
        ),
    )  # fmt: skip


def _own_address(where: list[str]) -> list[str]:
    """Read an address of seven parts; one of fewer is all street."""
    if len(where) >= 7:
        return where[2:7]
    return [", ".join(filter(None, map(str.strip, where))), "", "", "", ""]


def _own_value(value: str) -> str:
    """Read a MeCard's value: a backslash stands before what would end it."""
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)


CONTACT = Kind(
    name="contact",
    label="Contact",
    summary="Make a code that saves a contact in the address book.",
    example="contact Ada Lovelace +442079460958 ada@example.org",
    content=Contact,
    build=build_contact,
    read=read_contact,
    title=whole_name,
    group="make",
)
