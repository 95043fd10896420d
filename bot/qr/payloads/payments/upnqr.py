"""Slovenian payment orders: UPN QR.

Bank Association of Slovenia (ZBS), "Technical standard UPN QR", version 1.1 (2016), 5.2: twenty lines, each
ended by LF, in ISO 8859-2; the last is the count of all characters before it. The symbol is always
version 15 at level M with ECI 000004, which holds 411 bytes: just the longest possible order.
References: ZBS, "Pravila za oblikovanje in uporabo standardiziranih referenc", version 1.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated

from stdnum import iban

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import Level, Rules
from bot.qr.payloads.payments.iban import amount_of, iban_of, reference_of
from bot.qr.payloads.payments.values import date_of, day_in, faults, leftover, line_of, unreadable
from bot.qr.refusal import Refused

CHARSET = "iso8859-2"

_HEAD = "UPNQR"
_NONE = "SI99"  # the reference that says there is none
_LINE = re.compile(r"\r\n|\r|\n")
_SI = re.compile(r"SI([0-9]{2})([0-9]+(?:-[0-9]+){0,2})")
_CODE = re.compile(r"[A-Z]{4}")
_CENTS = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, slots=True)
class Upn:
    """A Slovenian payment order; without an amount the payer writes it. Days are written ``2026-11-15``."""

    name: Annotated[str, Value("name of the payee")]
    iban: Annotated[str, Value("IBAN of the payee")]
    city: Annotated[str, Value("postcode and town of the payee")]
    purpose: Annotated[str, Value("what it is for")]
    amount: Annotated[Decimal | None, Value("amount in euros")] = None
    reference: Annotated[str, Value("reference, such as SI00 2026-137 or RF18…")] = ""
    street: Annotated[str, Value("street and number of the payee")] = ""
    deadline: Annotated[str, Value("day it is due, such as 2026-11-15")] = ""
    purpose_code: Annotated[str, Value("purpose code, such as RENT")] = "OTHR"
    payer_name: Annotated[str, Value("name of the payer")] = ""
    payer_street: Annotated[str, Value("street and number of the payer")] = ""
    payer_city: Annotated[str, Value("postcode and town of the payer")] = ""
    payer_iban: Annotated[str, Value("IBAN of the payer")] = ""
    payer_reference: Annotated[str, Value("reference of the payer")] = ""
    payment_date: Annotated[str, Value("day of the payment")] = ""
    urgent: Annotated[bool, Value("the payment is urgent")] = False
    deposit: Annotated[bool, Value("cash is paid in")] = False
    withdrawal: Annotated[bool, Value("cash is paid out")] = False


def build_upnqr(upn: Upn) -> str:
    """Write a payment order; Refused names the field that will not do."""
    lines = [_HEAD, *(part(upn) for part in _PARTS)]
    return "".join(f"{line}\n" for line in [*lines, _sum(lines)])


def _sum(lines: list[str]) -> str:
    """Count the characters of the first nineteen lines, their ends with them (field 20)."""
    return f"{sum(len(line) + 1 for line in lines):03d}"


def _text(text: str, most: int, field: str) -> str:
    line = line_of(text, most, field)
    missing = sorted({each for each in line if not _has(each)})
    if missing:
        raise Refused(
            "A Slovenian payment order cannot hold {characters}. Please write it another way.",
            field=field, characters=" ".join(missing),
        )  # fmt: skip
    return line


def _has(character: str) -> bool:
    try:
        character.encode(CHARSET)
    except UnicodeEncodeError:
        return False
    return True


def _needed(text: str, most: int, field: str) -> str:
    line = _text(text, most, field)
    if not line:
        raise Refused("A Slovenian payment order needs this line. Please fill it in.", field=field)
    return line


def _mark(marked: bool) -> str:
    return "X" if marked else ""


def _day(text: str, field: str) -> str:
    day = date_of(text, field)
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}" if day else ""


def _payer(upn: Upn) -> str:
    account = iban_of(upn.payer_iban, "payer_iban") if upn.payer_iban.strip() else ""
    if account and not account.startswith("SI"):
        raise Refused("The payer's account is a Slovenian one: SI56 and 15 digits.", field="payer_iban")
    return account


def _code(upn: Upn) -> str:
    code = upn.purpose_code.strip().upper() or "OTHR"
    if not _CODE.fullmatch(code):
        raise Refused("A purpose code has four letters, such as OTHR or RENT.", field="purpose_code")
    return code


def _reference(text: str, field: str) -> str:
    """Read a reference by the Slovenian rules or by ISO 11649; empty where there is none."""
    number = "".join(text.split()).upper()
    if number in ("", _NONE):
        return ""
    if number.startswith("RF"):
        return reference_of(number, field)
    match = _SI.fullmatch(number)
    if match is None or len(match[2]) > 22:
        raise Refused(
            "A reference is SI with a model of two digits and up to three numbers, such as SI00 2026-137, or "
            "begins with RF.",
            field=field,
        )
    if not _checked(match[1], match[2]):
        raise Refused(
            "This reference has a typing error: its check digit does not match model {model}.",
            field=field, model=match[1],
        )  # fmt: skip
    return number


def _checked(model: str, content: str) -> bool:
    """Verify the models whose last digit checks all the others: 01, and 12 of one number."""
    if model not in ("01", "12"):
        return True
    digits = content.replace("-", "")
    if model == "12" and not (content.isdigit() and len(content) <= 13):
        return False
    return len(digits) > 1 and digits[-1] == _modulo_11(digits[:-1])


def _modulo_11(digits: str) -> str:
    """Weigh digits by 2, 3, 4 … from the right; 10 and 11 become 0 (the rules' annex 3)."""
    rest = 11 - sum(weight * int(digit) for weight, digit in enumerate(reversed(digits), 2)) % 11
    return str(rest if rest < 10 else 0)


# Lines 2 to 19: what is written is what is checked when a code is read.
_PARTS: tuple[Callable[[Upn], str], ...] = (
    _payer,
    lambda upn: _mark(upn.deposit),
    lambda upn: _mark(upn.withdrawal),
    lambda upn: _reference(upn.payer_reference, "payer_reference"),
    lambda upn: _text(upn.payer_name, 33, "payer_name"),
    lambda upn: _text(upn.payer_street, 33, "payer_street"),
    lambda upn: _text(upn.payer_city, 33, "payer_city"),
    lambda upn: amount_of(upn.amount).replace(".", "").zfill(11),
    lambda upn: _day(upn.payment_date, "payment_date"),
    lambda upn: _mark(upn.urgent),
    _code,
    lambda upn: _needed(upn.purpose, 42, "purpose"),
    lambda upn: _day(upn.deadline, "deadline"),
    lambda upn: iban_of(upn.iban),
    lambda upn: _reference(upn.reference, "reference") or _NONE,
    lambda upn: _needed(upn.name, 33, "name"),
    lambda upn: _text(upn.street, 33, "street"),
    lambda upn: _needed(upn.city, 33, "city"),
)


def read_upnqr(text: str) -> Reading[Upn] | None:
    """Read a payment order with any line ending, its sum verified; None where it is none."""
    raw = _LINE.split(text.lstrip("\ufeff"))
    if len(raw) < 19 or raw[0].strip() != _HEAD:
        return None
    lines = [line.strip() for line in raw] + [""]
    cents = lines[8]
    amount = Decimal(cents).scaleb(-2) if _CENTS.fullmatch(cents) else None
    upn = Upn(
        name=lines[16], iban=iban.compact(lines[14]), city=lines[18], purpose=lines[12],
        amount=amount or None, reference=_said(lines[15]), street=lines[17], deadline=day_in(lines[13]),
        purpose_code=lines[11].upper() or "OTHR", payer_name=lines[5], payer_street=lines[6],
        payer_city=lines[7], payer_iban=iban.compact(lines[1]), payer_reference=_said(lines[4]),
        payment_date=day_in(lines[9]), urgent=bool(lines[10]), deposit=bool(lines[2]),
        withdrawal=bool(lines[3]),
    )  # fmt: skip
    warnings = (
        _summed(raw[:19], lines[19])
        + unreadable(cents, amount, "amount")
        + faults(partial(part, upn) for part in _PARTS)
    )
    return Reading("upnqr", upn, warnings + leftover(lines[20:]))


def _said(reference: str) -> str:
    number = "".join(reference.split()).upper()
    return "" if number == _NONE else number


def _summed(lines: list[str], given: str) -> tuple[Refused, ...]:
    counted = _sum(lines)
    if given.zfill(3) == counted:
        return ()
    return (
        Refused(
            "The control sum of this order is {given}, but its characters count {counted}.",
            given=given or "–", counted=counted,
        ),
    )  # fmt: skip


UPNQR = Kind(
    name="upnqr",
    label="Slovenian payment",
    summary="Make a code that fills in a Slovenian payment order (UPN QR).",
    example='upnqr "Novo podjetje d.o.o." SI56051008010486080 "3698 Loški Potok" "Plačilo najemnine" 81.05',
    content=Upn,
    build=build_upnqr,
    read=read_upnqr,
    title=lambda upn: upn.name,
    rules=Rules(level=Level.M, least=15, most=15, charset=CHARSET, eci=True, plain=True),
    group="pay",
)
