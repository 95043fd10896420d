"""Transfers in Vietnam, Thailand and Singapore, as merchant-presented codes of EMV QRCPS v1.1.

NAPAS, "VietQR format"; Bank of Thailand, "Thai QR Code Payment Standard"; ABS, "PayNow QR specifications".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated

from stdnum.exceptions import ValidationError
from stdnum.sg import uen as sg_uen
from stdnum.th import tin

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payments.iban import amount_of
from bot.qr.payloads.payments.tlv import (
    MOST,
    amount_in,
    merchant_code,
    objects_in,
    objects_text,
    others,
    plain_of,
    signed,
    template,
)
from bot.qr.payloads.payments.values import date_of, day_in, faults
from bot.qr.payloads.phone import number_of
from bot.qr.refusal import Refused

NAPAS, PROMPTPAY_AID, PAYNOW_ID = "A000000727", "A000000677010111", "SG.PAYNOW"
TO_ACCOUNT = "QRIBFTTA"  # NAPAS's service; QRIBFTTC goes to a card
LINE = 25  # characters of a name and of additional data (EMV, tables 3.5 and 3.7)
NO_NAME = "NA"
CITY = "Singapore"

_COMMON = {"00": None, "01": None, "52": None, "54": None, "63": None}  # tags that say nothing of their own
_UEN_LENGTHS = {9: 9, 10: 10, 12: 9, 13: 10}  # with a suffix of three after it, or none


@dataclass(frozen=True, slots=True)
class VietQr:
    """A transfer to a Vietnamese account."""

    bank: Annotated[str, Value("number of the bank (BIN), 6 digits")]
    account: Annotated[str, Value("account number")]
    amount: Annotated[Decimal | None, Value("amount in dong")] = None
    message: Annotated[str, Value("text for the payee", rest=True)] = ""


@dataclass(frozen=True, slots=True)
class PromptPay:
    """A transfer by PromptPay, to a phone or a national id."""

    phone: Annotated[str, Value("Thai phone number")] = ""
    amount: Annotated[Decimal | None, Value("amount in baht")] = None
    national_id: Annotated[str, Value("national id or tax number, 13 digits", named=True)] = ""


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


# --- VietQR -------------------------------------------------------------------------------------------------


def build_vietqr(content: VietQr) -> str:
    """Write a VietQR code: tag 38, service QRIBFTTA (to an account), whole dong."""
    bank, account = (re.sub(r"\s", "", each) for each in (content.bank, content.account))
    if not re.fullmatch(r"[0-9]{6}", bank):
        raise Refused("The number of a bank (BIN) has 6 digits, such as 970436.", field="bank")
    if not re.fullmatch(r"[0-9A-Za-z]{3,19}", account):
        raise Refused("An account number has 3 to 19 digits or letters.", field="account")
    amount = amount_of(content.amount, "amount", MOST)
    if amount and not amount.endswith(".00"):
        raise Refused("Amounts in dong have no decimals.", field="amount")
    to = objects_text((("00", bank), ("01", account)))
    return signed(
        (
            ("00", "01"), ("01", "12" if amount else "11"),
            ("38", objects_text((("00", NAPAS), ("01", to), ("02", TO_ACCOUNT)))),
            ("53", "704"), ("54", amount.removesuffix(".00")), ("58", "VN"),
            ("62", objects_text((("08", plain_of(content.message, LINE, "message")),))),
        )
    )  # fmt: skip


def read_vietqr(text: str) -> Reading[VietQr] | None:
    """Read a VietQR code to an account; those to cards and shops stay merchant codes."""
    found = merchant_code(text)
    inner = template(found[0], "38", NAPAS) if found is not None else None
    to = objects_in(inner.get("01", "")) if inner is not None else None
    if found is None or inner is None or not to or inner.get("02", TO_ACCOUNT) != TO_ACCOUNT:
        return None
    objects, warnings = found
    amount, doubts = amount_in(objects)
    message = (objects_in(objects.get("62", "")) or {}).get("08", "")
    content = VietQr(to.get("00", ""), to.get("01", ""), amount, message)
    known = {**_COMMON, "38": ("00", "01", "02"), "53": "704", "58": "VN", "62": ("08",)}
    doubts += faults([partial(build_vietqr, content)]) + others(objects, known)
    return Reading("vietqr", content, warnings + doubts)


# --- PromptPay ----------------------------------------------------------------------------------------------


def build_promptpay(content: PromptPay) -> str:
    """Write a PromptPay code: tag 29, a phone as 0066 and nine digits, or the thirteen of an id."""
    phone, person = content.phone.strip(), content.national_id.strip()
    if bool(phone) == bool(person):
        raise Refused("Give a phone number or a national id: one of the two.", field="phone")
    to = ("01", _thai_phone(phone)) if phone else ("02", _thai_id(person))
    amount = amount_of(content.amount, "amount", MOST)
    return signed(
        (
            ("00", "01"), ("01", "12" if amount else "11"),
            ("29", objects_text((("00", PROMPTPAY_AID), to))), ("53", "764"), ("54", amount), ("58", "TH"),
        )
    )  # fmt: skip


def _thai_phone(text: str) -> str:
    """Read a mobile number, also as it is dialled at home; landlines have a digit less."""
    national = re.sub(r"[\s().-]", "", text)
    number = number_of(f"+66{national[1:]}" if re.fullmatch(r"0[0-9]{9}", national) else text, field="phone")
    if not re.fullmatch(r"\+66[0-9]{9}", number):
        raise Refused("PromptPay takes Thai mobile numbers, such as +66 81 234 5678.", field="phone")
    return f"00{number[1:]}"


def _thai_id(text: str) -> str:
    bare = re.sub(r"[\s-]", "", text)
    try:
        if re.fullmatch(r"[0-9]{13}", bare):
            return str(tin.validate(bare))
    except ValidationError:
        bare = ""
    raise Refused(
        "This national id has a typing error: it has 13 digits, and the last one checks the others.",
        field="national_id",
    )


def read_promptpay(text: str) -> Reading[PromptPay] | None:
    """Read a PromptPay code; bills and e-wallets of the same standard stay merchant codes."""
    found = merchant_code(text)
    inner = template(found[0], "29", PROMPTPAY_AID) if found is not None else None
    if found is None or inner is None or not (inner.get("01") or inner.get("02")):
        return None
    objects, warnings = found
    amount, doubts = amount_in(objects)
    content = PromptPay(re.sub(r"^00", "+", inner.get("01", "")), amount, inner.get("02", ""))
    known = {**_COMMON, "29": ("00", "01", "02"), "53": "764", "58": "TH"}
    doubts += faults([partial(build_promptpay, content)]) + others(objects, known)
    return Reading("promptpay", content, warnings + doubts)


# --- PayNow -------------------------------------------------------------------------------------------------


def build_paynow(content: PayNow) -> str:
    """Write a PayNow code: tag 26, proxy 0 (a phone) or 2 (a company's UEN)."""
    phone, company = content.phone.strip(), content.uen.strip()
    if bool(phone) == bool(company):
        raise Refused("Give a phone number or a UEN: one of the two.", field="phone")
    proxy = ("0", _singapore_phone(phone)) if phone else ("2", _uen(company))
    amount = amount_of(content.amount, "amount", MOST)
    last = date_of(content.expiry, "expiry")
    editable = "1" if content.editable or not amount else "0"  # without an amount the payer fills it in
    account = objects_text(
        (
            ("00", PAYNOW_ID), ("01", proxy[0]), ("02", proxy[1]), ("03", editable),
            ("04", last.isoformat().replace("-", "") if last is not None else ""),
        )
    )  # fmt: skip
    return signed(
        (
            ("00", "01"), ("01", "12" if amount else "11"), ("26", account), ("52", "0000"), ("53", "702"),
            ("54", amount), ("58", "SG"), ("59", plain_of(content.name, LINE, "name") or NO_NAME),
            ("60", CITY), ("62", objects_text((("01", plain_of(content.reference, LINE, "reference")),))),
        )
    )  # fmt: skip


def _singapore_phone(text: str) -> str:
    bare = re.sub(r"[\s-]", "", text)
    number = number_of(f"+65{bare}" if re.fullmatch(r"[0-9]{8}", bare) else text, field="phone")
    if not re.fullmatch(r"\+65[0-9]{8}", number):
        raise Refused("PayNow takes Singapore numbers, such as +65 9123 4567.", field="phone")
    return number


def _uen(text: str) -> str:
    """Read a company's number; three letters or digits after it name one of its accounts."""
    bare = re.sub(r"\s", "", text).upper()
    length = _UEN_LENGTHS.get(len(bare), 0)
    try:
        if length and re.fullmatch(r"[0-9A-Z]+", bare):
            return f"{sg_uen.validate(bare[:length])}{bare[length:]}"
    except ValidationError:
        length = 0
    raise Refused("This UEN has a typing error: its last letter does not match.", field="uen")


def read_paynow(text: str) -> Reading[PayNow] | None:
    """Read a PayNow code to a phone or a company; other proxies stay merchant codes."""
    found = merchant_code(text)
    inner = template(found[0], "26", PAYNOW_ID) if found is not None else None
    if found is None or inner is None or inner.get("01") not in ("0", "2"):
        return None
    objects, warnings = found
    amount, doubts = amount_in(objects)
    to, name, company = inner.get("02", ""), objects.get("59", ""), inner["01"] == "2"
    content = PayNow(
        "" if company else to, amount, to if company else "", "" if name == NO_NAME else name,
        (objects_in(objects.get("62", "")) or {}).get("01", ""),
        amount is not None and inner.get("03") == "1", _last_day(inner.get("04", "")),
    )  # fmt: skip
    known = {
        **_COMMON, "26": ("00", "01", "02", "03", "04"), "53": "702", "58": "SG", "59": None, "60": None,
        "61": None, "62": ("01",),
    }  # fmt: skip
    doubts += faults([partial(build_paynow, content)]) + others(objects, known)
    return Reading("paynow", content, warnings + doubts)


def _last_day(text: str) -> str:
    """Read the last day of a code, without the time of day that some write after it."""
    return day_in(text[:8] if re.fullmatch(r"[0-9]{14}", text) else text)


VIETQR = Kind(
    name="vietqr",
    label="VietQR transfer",
    summary="Make a code that asks for a transfer in Vietnam.",
    example="vietqr 970436 0011001234567 50000",
    content=VietQr,
    build=build_vietqr,
    read=read_vietqr,
    title=lambda content: content.account,
    group="pay",
)
PROMPTPAY = Kind(
    name="promptpay",
    label="PromptPay transfer",
    summary="Make a code that asks for a transfer in Thailand.",
    example="promptpay +66812345678 50",
    content=PromptPay,
    build=build_promptpay,
    read=read_promptpay,
    title=lambda content: content.phone or content.national_id,
    group="pay",
)
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
