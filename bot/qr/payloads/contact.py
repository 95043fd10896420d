"""Contacts, written: vCard 3.0 (RFC 2426), vCard 4.0 (RFC 6350), MeCard (NTT docomo).

Lines are not folded: phones take them, and a symbol stays smaller. Version 3.0 is the default, since the
camera of iPhones reads it better than 4.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated

from bot.qr.payloads.kind import Value
from bot.qr.payloads.lines import escaped
from bot.qr.payloads.mail import address_of
from bot.qr.payloads.payload import without_controls
from bot.qr.payloads.phone import number_of
from bot.qr.payloads.web import Url, build_url
from bot.qr.refusal import Refused

LONGEST, LONGEST_NOTE, MOST = 120, 500, 8  # characters of a value and of a note; values of one kind

_ABROAD = re.compile(r"\(?\s*(?:[+＋]|00)")
_LOCAL = re.compile(r"(?=.*[0-9].*[0-9])[0-9*#(][0-9*#\s().\-/]{1,23}", re.DOTALL)
_TEXTS = (
    "first", "last", "organization", "title", "street", "city", "region", "postcode", "country", "note",
)  # fmt: skip
_BREAKS = {"note": "\t\n", "street": "\n"}  # control characters that a value may hold


class Format(StrEnum):
    """How a contact is written."""

    VCARD3 = "vcard3"
    VCARD4 = "vcard4"
    MECARD = "mecard"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or an organisation, for the address book."""

    first: Annotated[str, Value("first name")]
    last: Annotated[str, Value("family name")] = ""
    phones: Annotated[tuple[str, ...], Value("phone numbers")] = ()
    emails: Annotated[tuple[str, ...], Value("e-mail addresses")] = ()
    organization: Annotated[str, Value("organisation", named=True)] = ""
    title: Annotated[str, Value("job title", named=True)] = ""
    urls: Annotated[tuple[str, ...], Value("websites", named=True)] = ()
    street: Annotated[str, Value("street and number", named=True)] = ""
    city: Annotated[str, Value("town", named=True)] = ""
    region: Annotated[str, Value("region or state", named=True)] = ""
    postcode: Annotated[str, Value("postcode", named=True)] = ""
    country: Annotated[str, Value("country", named=True)] = ""
    birthday: Annotated[str, Value("birthday, such as 1990-12-24", named=True)] = ""
    note: Annotated[str, Value("note", named=True, long=True)] = ""
    format: Annotated[Format, Value("form of the code", named=True, quiet=True)] = Format.VCARD3


def build_contact(contact: Contact) -> str:
    """Write a contact; Refused names the field that will not do."""
    checked = normal(contact, lambda check, value: check(value))
    few(checked)
    if not whole_name(checked):
        raise Refused("Whose contact is it? Give a name.", field="first")
    if not any((checked.phones, checked.emails, checked.urls, checked.street, checked.city, checked.note)):
        raise Refused("Add a phone number, an e-mail address, a website or a street.", field="phones")
    return {Format.VCARD3: _vcard3, Format.VCARD4: _vcard4, Format.MECARD: _mecard}[contact.format](checked)


# --- checking -----------------------------------------------------------------------------------------------


def normal(contact: Contact, settle: Callable[[Callable[[str], str], str], str]) -> Contact:
    """Bring each value into its normal form; ``settle`` decides what becomes of one that will not do."""
    texts = {name: settle(partial(_text, name), getattr(contact, name)) for name in _TEXTS}
    if not texts["last"] and texts["first"] == texts["organization"]:
        texts["first"] = ""  # the organisation itself: its name is written as the contact's
    lists = {
        name: tuple(settle(check, each.strip()) for each in getattr(contact, name) if each.strip())
        for name, check in _LISTS.items()
    }
    birthday = settle(_birthday, contact.birthday.strip())
    return Contact(**texts, **lists, birthday=birthday, format=contact.format)  # type: ignore[arg-type]  # texts and lists by name


def _text(name: str, value: str) -> str:
    most = LONGEST_NOTE if name == "note" else LONGEST
    lines = value.strip().replace("\r\n", "\n").replace("\r", "\n")
    text = without_controls(lines, field=name, allowed=_BREAKS.get(name, ""))
    if len(text) > most:
        raise Refused(
            "This is too long: at most {most} characters; this has {count}.",
            field=name,
            most=most,
            count=len(text),
        )
    return text


def _phone(text: str) -> str:
    """Write a number as the world dials it where it begins with + or 00, else its digits as they are."""
    if _ABROAD.match(text):
        return number_of(text, field="phones")
    if not _LOCAL.fullmatch(text):
        raise Refused(
            "“{given}” is no phone number. Write it like +44 20 7946 0958.", field="phones", given=text[:40]
        )
    return re.sub(r"[\s().\-/]", "", text)


def _website(text: str) -> str:
    try:
        return build_url(Url(text))
    except Refused as refused:
        raise Refused(refused.template, field="urls", **refused.values) from None


def _birthday(text: str) -> str:
    if not text:
        return ""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise Refused("Write the day like this: 1990-12-24.", field="birthday")


_LISTS: dict[str, Callable[[str], str]] = {
    "phones": _phone,
    "emails": partial(address_of, field="emails"),
    "urls": _website,
}


def few(contact: Contact) -> None:
    """Refuse more values of one kind than fit a symbol."""
    for name in _LISTS:
        if len(getattr(contact, name)) > MOST:
            raise Refused("At most {most} of these fit a contact.", field=name, most=MOST)


# --- writing ------------------------------------------------------------------------------------------------


def whole_name(contact: Contact) -> str:
    """Name a contact in one line."""
    return " ".join(each for each in (contact.first, contact.last) if each) or contact.organization


def _common(contact: Contact) -> Iterator[str]:
    """Yield the lines that stand alike in both versions of vCard."""
    yield from (f"EMAIL:{escaped(each)}" for each in contact.emails)
    if contact.organization:
        yield f"ORG:{escaped(contact.organization)}"
    if contact.title:
        yield f"TITLE:{escaped(contact.title)}"
    yield from (f"URL:{each}" for each in contact.urls)


def _address(contact: Contact) -> str:
    where = (contact.street, contact.city, contact.region, contact.postcode, contact.country)
    return ";".join(("", "", *map(escaped, where))) if any(where) else ""


def _vcard3(contact: Contact) -> str:
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{escaped(contact.last)};{escaped(contact.first)};;;"]
    lines += [f"FN:{escaped(whole_name(contact))}"]
    lines += [f"TEL;TYPE=CELL:{escaped(each)}" for each in contact.phones]
    lines += _common(contact)
    lines += [f"ADR;TYPE=WORK:{_address(contact)}"] if _address(contact) else []
    lines += [f"BDAY:{contact.birthday}"] if contact.birthday else []
    lines += [f"NOTE:{escaped(contact.note)}"] if contact.note else []
    return "\r\n".join((*lines, "END:VCARD"))


def _vcard4(contact: Contact) -> str:
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{escaped(whole_name(contact))}"]
    lines += [f"N:{escaped(contact.last)};{escaped(contact.first)};;;"]
    lines += [_telephone4(each) for each in contact.phones]
    lines += _common(contact)
    lines += [f"ADR:{_address(contact)}"] if _address(contact) else []
    lines += [f"BDAY:{contact.birthday.replace('-', '')}"] if contact.birthday else []
    lines += [f"NOTE:{escaped(contact.note)}"] if contact.note else []
    return "\r\n".join((*lines, "END:VCARD"))


def _telephone4(number: str) -> str:
    """Write a world-wide number as a URI, as RFC 6350, 6.4.1 recommends; a local one as text."""
    return f"TEL;VALUE=uri;TYPE=cell:tel:{number}" if number.startswith("+") else f"TEL:{escaped(number)}"


def _mecard(contact: Contact) -> str:
    def own(value: str) -> str:
        return re.sub(r"([\\;:,])", r"\\\1", value)

    name = f"{own(contact.last)},{own(contact.first)}" if contact.last else own(contact.first)
    where = (contact.street, contact.city, contact.region, contact.postcode, contact.country)
    address = ",".join(("", "", *map(own, where))) if any(where) else ""
    fields = [("N", name or own(contact.organization))]
    fields += [("TEL", own(each)) for each in contact.phones]
    fields += [("EMAIL", own(each)) for each in contact.emails]
    fields += [("ORG", own(contact.organization)), ("TITLE", own(contact.title))]
    fields += [("URL", own(each)) for each in contact.urls]
    fields += [("ADR", address), ("BDAY", contact.birthday.replace("-", "")), ("NOTE", own(contact.note))]
    return f"MECARD:{''.join(f'{label}:{value};' for label, value in fields if value)};"
