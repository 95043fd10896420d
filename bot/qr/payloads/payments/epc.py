"""SEPA credit transfers: the European Payments Council's QR code, "GiroCode" in Germany.

EPC069-12, "Quick Response Code: Guidelines to Enable Data Capture for the Initiation of a SEPA Credit
Transfer", versions 2.1 and 3.1 (which made the amount optional). Twelve lines, always written in UTF-8
with LF; empty ones at the end are left out. Version 001 where a BIC is given, which every reader takes,
and 002, where it is optional, without one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated
from unicodedata import category

from stdnum import bic, iban, iso11649

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import Level, Rules
from bot.qr.payloads.payments.iban import amount_of, bic_of, iban_of, reference_of
from bot.qr.payloads.payments.values import faults, leftover, line_of, number_in, unreadable
from bot.qr.refusal import Refused

BYTES = 331  # what version 13 holds at level M

_HEAD = ("BCD", "SCT")
_CHARSETS = {
    "1": "UTF-8", "2": "ISO 8859-1", "3": "ISO 8859-2", "4": "ISO 8859-4",
    "5": "ISO 8859-5", "6": "ISO 8859-7", "7": "ISO 8859-10", "8": "ISO 8859-15",
}  # fmt: skip
# The European Economic Area; into the rest of SEPA (Switzerland, United Kingdom …) the BIC is mandatory.
_EEA = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
))  # fmt: skip
_LINE = re.compile(r"\r\n|\r|\n")
_UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_PICTURES = "\u2190"  # from the arrows on symbols are pictures; before them are signs like ° and №
_PURPOSE = re.compile(r"[A-Z0-9]{1,4}")
_AMOUNT = re.compile(r"EUR\s*(.*)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Epc:
    """A SEPA credit transfer in euros; a structured reference or a text, never both."""

    name: Annotated[str, Value("name of the payee")]
    iban: Annotated[str, Value("IBAN of the payee")]
    amount: Annotated[Decimal | None, Value("amount in euros")] = None
    bic: Annotated[str, Value("BIC of the payee's bank")] = ""
    purpose: Annotated[str, Value("purpose code, such as CHAR")] = ""
    reference: Annotated[str, Value("creditor reference, such as RF18…")] = ""
    text: Annotated[str, Value("text for the payee")] = ""
    information: Annotated[str, Value("note to the payer")] = ""


def build_epc(epc: Epc) -> str:
    """Write a SEPA credit transfer; Refused names the field that will not do."""
    values = [part(epc) for part in _PARTS]
    version = "001" if values[0] else "002"
    payload = "\n".join(["BCD", version, "1", "SCT", *values]).rstrip("\n")
    over = len(payload.encode()) - BYTES
    if over > 0:
        raise Refused(
            "A SEPA code holds {most} bytes; this is {over} too long. Shorten the text or the note.",
            field="text" if epc.text else "information" if epc.information else "name",
            most=BYTES, over=over,
        )  # fmt: skip
    return payload


def _bank(epc: Epc) -> str:
    bank, country = bic_of(epc.bic), iban_of(epc.iban)[:2]
    if not bank and country not in _EEA:
        raise Refused(
            "A SEPA payment to {country} needs the bank's BIC too. It stands next to the IBAN.",
            field="bic", country=country,
        )  # fmt: skip
    return bank


def _name(epc: Epc) -> str:
    name = _sepa(epc.name, 70, "name")
    if not name:
        raise Refused("There is no payee yet. Say whose account the IBAN is.", field="name")
    return name


def _amount(epc: Epc) -> str:
    amount = amount_of(epc.amount)
    return f"EUR{amount}" if amount else ""


def _purpose(epc: Epc) -> str:
    purpose = epc.purpose.strip().upper()
    if purpose and not _PURPOSE.fullmatch(purpose):
        raise Refused(
            "A purpose code has at most four letters and digits, such as CHAR or SALA.", field="purpose"
        )
    return purpose


def _text(epc: Epc) -> str:
    text = _sepa(epc.text, 140, "text")
    if text and iso11649.compact(epc.reference):
        raise Refused(
            "A SEPA payment has either a creditor reference or a text. Leave one of them out.", field="text"
        )
    return text


def _sepa(text: str, most: int, field: str) -> str:
    """Read a line as banks take it: letters of any language, digits, marks; nothing unseen, no pictures."""
    line = line_of(text, most, field)
    for each in line:
        if category(each) in _UNSEEN or (category(each) in ("So", "Sk") and each > _PICTURES):
            raise Refused(
                "Banks do not take the character {name}. Please take it out.",
                field=field, name=each if each.isprintable() else f"U+{ord(each):04X}",
            )  # fmt: skip
    return line


# Lines 5 to 12: what is written is what is checked when a code is read.
_PARTS: tuple[Callable[[Epc], str], ...] = (
    _bank,
    _name,
    lambda epc: iban_of(epc.iban),
    _amount,
    _purpose,
    lambda epc: reference_of(epc.reference),
    _text,
    lambda epc: _sepa(epc.information, 70, "information"),
)


def read_epc(text: str) -> Reading[Epc] | None:
    """Read a transfer of any version, charset and line ending; None where it is none."""
    lines = [line.strip() for line in _LINE.split(text.lstrip("\ufeff"))]
    if len(lines) < 7 or (lines[0], lines[3]) != _HEAD:
        return None
    version, charset = lines[1:3]
    bank, name, account, money, purpose, reference, message, information, *rest = lines[4:] + [""] * 8
    currency = _AMOUNT.fullmatch(money)
    number = currency[1] if currency else money
    epc = Epc(
        name, iban.compact(account), number_in(number), bic.compact(bank), purpose.upper(),
        iso11649.compact(reference), message, information,
    )  # fmt: skip
    said = (
        _unusual(version, charset, epc)
        + (unreadable(number, epc.amount, "amount") if currency else _without_euros(money))
        + faults(partial(part, epc) for part in _PARTS)
    )
    return Reading("epc", epc, (said or faults([partial(build_epc, epc)])) + leftover(rest))


def _without_euros(money: str) -> tuple[Refused, ...]:
    if not money:
        return ()
    return (Refused("SEPA payments are in euros: the amount should be EUR12.50, not {given}.", given=money),)


def _unusual(version: str, charset: str, epc: Epc) -> tuple[Refused, ...]:
    """Say what is unusual about the first lines: versions and charsets."""
    found = []
    if version not in ("001", "002"):
        found.append(Refused("This code is of version {version}; banks know 001 and 002.", version=version))
    if version == "001" and not epc.bic:
        found.append(Refused("A code of version 001 needs the bank's BIC.", field="bic"))
    if charset not in _CHARSETS:
        found.append(Refused("This code names an unknown character set ({charset}).", charset=charset))
    elif charset != "1" and not f"{epc.name}{epc.text}{epc.information}".isascii():
        found.append(
            Refused(
                "This code announces its letters as {charset}: accented ones may have been read wrongly.",
                charset=_CHARSETS[charset],
            )
        )
    return tuple(found)


EPC = Kind(
    name="epc",
    label="SEPA payment",
    summary="Make a code that fills in a bank transfer in euros (EPC, GiroCode).",
    example='epc "Red Cross of Belgium" BE72000000001616 12.50',
    content=Epc,
    build=build_epc,
    read=read_epc,
    title=lambda epc: epc.name,
    rules=Rules(level=Level.M, most=13),
    group="pay",
)
