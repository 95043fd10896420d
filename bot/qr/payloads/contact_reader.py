"""Contacts, read: vCard 2.1 (versit, 1996), 3.0 and 4.0, MeCard; and the kind they are."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.qr.payloads.contact import Contact, Format, build_contact, few, normal, whole_name
from bot.qr.payloads.kind import Kind, Reading
from bot.qr.payloads.lines import Line, content_lines, cut, parts, unescaped
from bot.qr.refusal import Refused

_BEGIN = re.compile(r"[\s\ufeff]*BEGIN:VCARD\s*[\r\n]", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T.*)?")


def read_contact(text: str) -> Reading[Contact] | None:
    """Read a contact, the first of several, its values as they would be written; None where it is none."""
    found = _read_vcard(text) or _read_mecard(text)
    if found is None:
        return None
    contact, warnings = found

    def settle(check: Callable[[str], str], value: str) -> str:
        try:
            return check(value)
        except Refused as refused:
            warnings.append(refused)
            return value

    content = normal(contact, settle)
    if content == Contact("", format=contact.format):
        return None
    try:
        few(content)
    except Refused as refused:
        warnings.append(refused)
    return Reading("contact", content, tuple(warnings))


def _left_out(said: str) -> Refused:
    return Refused("It also says {name}, which I left out.", name=said[:60])


# --- vCard --------------------------------------------------------------------------------------------------


def _read_vcard(text: str) -> tuple[Contact, list[Refused]] | None:
    """Read the first card's values as they stand, and what is worth saying; None where there is no card."""
    if not _BEGIN.match(text):
        return None
    lines = list(content_lines(text))
    ends = [at for at, line in enumerate(lines) if line.name == "END"]
    held: dict[str, list[Line]] = {}
    for line in lines[: ends[0]] if ends else lines:
        held.setdefault(line.name, []).append(line)
    warnings = []
    if len(ends) > 1:
        warnings.append(Refused("There are several contacts here; this is the first."))
    return _contact(held, warnings), warnings


def _contact(held: dict[str, list[Line]], warnings: list[Refused]) -> Contact:
    last, first = _name(held)
    _, _, street, city, region, postcode, country = _padded(_first(held, "ADR"), 7)
    return Contact(
        first,
        last,
        tuple(_number(line, warnings) for line in held.get("TEL", [])),
        tuple(unescaped(line.value) for line in held.get("EMAIL", [])),
        ", ".join(each.strip() for each in parts(_first(held, "ORG")) if each.strip()),
        unescaped(_first(held, "TITLE")),
        tuple(unescaped(line.value) for line in held.get("URL", [])),
        street, city, region, postcode, country,
        _day(held, warnings),
        unescaped(_first(held, "NOTE")),
        Format.VCARD4 if _first(held, "VERSION").strip() == "4.0" else Format.VCARD3,
    )  # fmt: skip


def _first(held: dict[str, list[Line]], name: str) -> str:
    return held[name][0].value if name in held else ""


def _name(held: dict[str, list[Line]]) -> tuple[str, str]:
    """Give family and first name, with what stands around them: from N, else all of FN as the first."""
    family, given, middle, before, after = _padded(_first(held, "N"), 5)
    last = " ".join(filter(None, (family, after)))
    first = " ".join(filter(None, (before, given, middle)))
    return (last, first) if last or first else ("", unescaped(_first(held, "FN")).strip())


def _padded(value: str, count: int) -> list[str]:
    return [each.strip() for each in (parts(value) + [""] * count)[:count]]


def _number(line: Line, warnings: list[Refused]) -> str:
    """Read a number; one that is a URI (RFC 3966) without the parameters after it."""
    value = unescaped(line.value).strip()
    if value[:4].lower() != "tel:":
        return value
    number, _, more = value[4:].partition(";")
    if more:
        warnings.append(_left_out(more))
    return number


def _day(held: dict[str, list[Line]], warnings: list[Refused]) -> str:
    """Read a birthday in its basic or extended form; one without a year is left out, and that is said."""
    said = _first(held, "BDAY").strip()
    match = _DAY.fullmatch(said)
    # What iPhones write for a birthday without a year: 1604, and this parameter.
    if match is not None and "X-APPLE-OMIT-YEAR" not in held["BDAY"][0].parameters:
        return f"{match[1]}-{match[2]}-{match[3]}"
    if said:
        warnings.append(_left_out(f"BDAY:{said}"))
    return ""


# --- MeCard -------------------------------------------------------------------------------------------------


def _read_mecard(text: str) -> tuple[Contact, list[Refused]] | None:
    """Read a contact's values as they stand, and what is worth saying; None where there is none."""
    if text[:7].upper() != "MECARD:":
        return None
    held: dict[str, list[str]] = {}
    for part in cut(text[7:], ";"):
        name, _, value = part.partition(":")
        held.setdefault(name.strip().upper(), []).append(value)
    warnings: list[Refused] = []
    return _own_contact(held, warnings), warnings


def _own(value: str) -> str:
    """Take escapes off: a backslash stands before what would end a value."""
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL).strip()


def _own_contact(held: dict[str, list[str]], warnings: list[Refused]) -> Contact:
    def one(name: str) -> str:
        return _own(held.get(name, [""])[0])

    def several(name: str) -> tuple[str, ...]:
        return tuple(map(_own, held.get(name, [])))

    names = [_own(each) for each in cut(held.get("N", [""])[0], ",")]
    last, first = (names[0], " ".join(names[1:])) if len(names) > 1 else ("", names[0])
    street, city, region, postcode, country = _own_address(held.get("ADR", [""])[0])
    return Contact(
        first, last, several("TEL"), several("EMAIL"), one("ORG"), one("TITLE"), several("URL"),
        street, city, region, postcode, country, _own_day(one("BDAY"), warnings), one("NOTE"), Format.MECARD,
    )  # fmt: skip


def _own_address(value: str) -> list[str]:
    """Read an address of seven parts; one of fewer is all street."""
    found = [_own(each) for each in cut(value, ",")]
    return found[2:7] if len(found) >= 7 else [", ".join(filter(None, found)), "", "", "", ""]


def _own_day(said: str, warnings: list[Refused]) -> str:
    match = _DAY.fullmatch(said)
    if said and match is None:
        warnings.append(_left_out(f"BDAY:{said}"))
    return f"{match[1]}-{match[2]}-{match[3]}" if match is not None else ""


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
