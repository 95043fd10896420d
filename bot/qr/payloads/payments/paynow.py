"""PayNow transfers: ABS, "PayNow QR specifications" (part of SGQR), on EMV QRCPS v1.1.

Tag 26: 01 the kind of proxy (0 a phone, 2 a company's UEN), 02 the proxy, 03 whether the payer may change
the amount, 04 the last day as YYYYMMDD, or with a time behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated

from stdnum.exceptions import ValidationError
from stdnum.sg import uen

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payments.schemes import others_of, unsaid
from bot.qr.payloads.payments.tlv import Code, merchant_code, money_of, objects_text, plain_of, signed
from bot.qr.payloads.payments.values import date_of, day_in, faults, leftover
from bot.qr.payloads.phone import number_of
from bot.qr.refusal import Refused

IDENTIFIER = "SG.PAYNOW"
NAME, REFERENCE = 25, 25  # characters (EMV, 4.7.14 and table 3.7, 01)
NOBODY, TOWN = "NA", "Singapore"  # what is written where no name is given, and always

_LOCAL = re.compile(r"[0-9]{8}")
_ABROAD = re.compile(r"\+65[0-9]{8}")
# A branch or purpose of a company is the UEN and three characters of its own.
_UEN = re.compile(r"([0-9A-Z]{9,10}?)([0-9A-Z]{3})?")
_EXPIRY = re.compile(r"([0-9]{8})([0-9]{2})([0-9]{2})([0-9]{2})?")


@dataclass(frozen=True, slots=True)
class PayNow:
    """A transfer by PayNow, to a phone or a company."""

    phone: Annotated[str, Value("Singapore phone number")] = ""
    amount: Annotated[Decimal | None, Value("amount in Singapore dollars")] = None
    uen: Annotated[str, Value("number of the company (UEN)", named=True)] = ""
    name: Annotated[str, Value("name of the payee", named=True)] = ""
    reference: Annotated[str, Value("reference", named=True)] = ""
    editable: Annotated[bool, Value("the payer may change the amount", named=True)] = False
    expiry: Annotated[str, Value("last day it is valid, such as 2027-01-31", named=True)] = ""


def build_paynow(content: PayNow) -> str:
    """Write a PayNow code; Refused names the field that will not do."""
    to, amount, name, reference, last = (part(content) for part in _PARTS)
    editable = "1" if content.editable or not amount else "0"  # without an amount the payer fills it in
    account = objects_text(
        (("00", IDENTIFIER), ("01", to[:1]), ("02", to[1:]), ("03", editable), ("04", last))
    )
    return signed(
        (
            ("01", "12" if amount else "11"), ("26", account), ("52", "0000"), ("53", "702"), ("54", amount),
            ("58", "SG"), ("59", name or NOBODY), ("60", TOWN), ("62", objects_text((("01", reference),))),
        )
    )  # fmt: skip


def _to(content: PayNow) -> str:
    """Write to whom: the kind of proxy and the proxy."""
    phone, company = content.phone.strip(), content.uen.strip()
    if bool(phone) == bool(company):
        raise Refused("Give a phone number or a UEN: one of the two.", field="phone")
    return f"0{_phone(phone)}" if phone else f"2{_company(company)}"


def _phone(text: str) -> str:
    bare = re.sub(r"[\s-]", "", text)
    number = number_of(f"+65{bare}" if _LOCAL.fullmatch(bare) else text, field="phone")
    if not _ABROAD.fullmatch(number):
        raise Refused("PayNow takes Singapore numbers, such as +65 9123 4567.", field="phone")
    return number


def _company(text: str) -> str:
    number = text.upper() if text.isascii() else ""
    match = _UEN.fullmatch(number)
    try:
        uen.validate(match[1] if match is not None else "")
    except ValidationError:
        raise Refused(
            "This is no UEN: it has 9 or 10 letters and digits, and the last letter checks the others.",
            field="uen",
        ) from None
    return number


def _given(text: str) -> str:
    """Take out the *** by which a code asks the payer for a reference (EMV, 4.8.1.2)."""
    return "" if text == "***" else text


def _last_day(content: PayNow) -> str:
    last = date_of(content.expiry, "expiry")
    return last.isoformat().replace("-", "") if last is not None else ""


# What is written is what is checked when a code is read.
_PARTS: tuple[Callable[[PayNow], str], ...] = (
    _to,
    lambda content: money_of(content.amount),
    lambda content: plain_of(content.name, NAME, "name"),
    lambda content: _given(plain_of(content.reference, REFERENCE, "reference")),
    _last_day,
)


def read_paynow(text: str) -> Reading[PayNow] | None:
    """Read a transfer to a phone or a company; other proxies stay merchant codes."""
    code = merchant_code(text)
    to = code.account(IDENTIFIER) if code is not None else None
    if code is None or to is None or to.get("01") not in ("0", "2"):
        return None
    proxy, name, amount = to.get("02", ""), code.objects.get("59", ""), code.amount
    by_phone, expiry = to["01"] == "0", _EXPIRY.fullmatch(to.get("04", ""))
    content = PayNow(
        proxy if by_phone else "", amount, "" if by_phone else proxy, "" if name == NOBODY else name,
        _given(code.more.get("01", "")), amount is not None and to.get("03") == "1",
        day_in(expiry[1] if expiry is not None else to.get("04", "")),
    )  # fmt: skip
    warnings = (
        *code.warnings, *_wrong(code, content), *_until(expiry), *others_of(code, "PayNow"),
        *leftover(unsaid(code, name, TOWN, content.reference)),
    )  # fmt: skip
    return Reading("paynow", content, warnings)


def _wrong(code: Code, content: PayNow) -> Iterator[Refused]:
    if code.objects.get("53") != "702":
        yield Refused("This code is not in Singapore dollars.")
    yield from code.unclear
    yield from faults(partial(part, content) for part in _PARTS)


def _until(expiry: re.Match[str] | None) -> Iterator[Refused]:
    """Say at what time of its last day a code ends, which our own do not say."""
    if expiry is not None and expiry[2] + expiry[3] != "2359":
        yield Refused("On its last day this code is valid until {time}.", time=f"{expiry[2]}:{expiry[3]}")


PAYNOW = Kind(
    name="paynow",
    label="PayNow transfer",
    summary="Make a code that asks for a transfer in Singapore.",
    example="paynow +6591234567 12.50",
    content=PayNow,
    build=build_paynow,
    read=read_paynow,
    title=lambda content: content.name or content.phone or content.uen,
    group="pay",
)
