"""PromptPay transfers: Bank of Thailand, "Thai QR Code Payment Standard", on EMV QRCPS v1.1.

Tag 29 with 01, a mobile phone as 0066 and nine digits, 02, a national id or tax number of thirteen digits,
or 03, an e-wallet of fifteen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated

from stdnum.exceptions import ValidationError
from stdnum.th import tin

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payments.schemes import others_of, unsaid
from bot.qr.payloads.payments.tlv import Code, merchant_code, money_of, objects_text, signed
from bot.qr.payloads.payments.values import faults, leftover
from bot.qr.payloads.phone import number_of
from bot.qr.refusal import Refused

AID = "A000000677010111"

_LOCAL = re.compile(r"(?:0|66|0066)([0-9]{9})")
_ABROAD = re.compile(r"\+66[0-9]{9}")  # mobile ones; others have eight digits
_ID = re.compile(r"[0-9]{13}")
_WALLET = re.compile(r"[0-9]{15}")


@dataclass(frozen=True, slots=True)
class PromptPay:
    """A transfer by PromptPay, to a phone, a national id or an e-wallet."""

    phone: Annotated[str, Value("Thai phone number")] = ""
    amount: Annotated[Decimal | None, Value("amount in baht")] = None
    national_id: Annotated[str, Value("national id or tax number, 13 digits", named=True)] = ""
    ewallet: Annotated[str, Value("number of an e-wallet, 15 digits", named=True)] = ""


def build_promptpay(content: PromptPay) -> str:
    """Write a PromptPay code; Refused names the field that will not do."""
    account = objects_text((("00", AID), _to(content)))
    amount = money_of(content.amount)
    return signed(
        (("01", "12" if amount else "11"), ("29", account), ("53", "764"), ("54", amount), ("58", "TH"))
    )


def _to(content: PromptPay) -> tuple[str, str]:
    """Write to whom: the tag and the number."""
    phone, person = content.phone.strip(), re.sub(r"[\s-]", "", content.national_id)
    wallet = re.sub(r"[\s-]", "", content.ewallet)
    if [bool(phone), bool(person), bool(wallet)].count(True) != 1:
        raise Refused("Give a phone number, a national id or an e-wallet: one of them.", field="phone")
    if phone:
        return "01", f"00{_phone(phone)[1:]}"
    return ("02", _national_id(person)) if person else ("03", _wallet(wallet))


def _phone(text: str) -> str:
    bare = re.sub(r"[\s().-]", "", text)
    local = _LOCAL.fullmatch(bare)
    if local is None and _ID.fullmatch(bare):
        raise Refused("This looks like a national id. It goes into a field of its own.", field="phone")
    number = number_of(f"+66{local[1]}" if local is not None else text, field="phone")
    if not _ABROAD.fullmatch(number):
        raise Refused("PromptPay takes Thai mobile numbers, such as +66 81 234 5678.", field="phone")
    return number


def _national_id(text: str) -> str:
    try:
        return str(tin.validate(text if _ID.fullmatch(text) else ""))
    except ValidationError:
        raise Refused(
            "This national id has a typing error: it has 13 digits, and the last one checks the others.",
            field="national_id",
        ) from None


def _wallet(text: str) -> str:
    if not _WALLET.fullmatch(text):
        raise Refused("The number of an e-wallet has 15 digits.", field="ewallet")
    return text


def read_promptpay(text: str) -> Reading[PromptPay] | None:
    """Read a transfer; bills of the same standard stay merchant codes."""
    code = merchant_code(text)
    to = code.account(AID) if code is not None else None
    if code is None or to is None or not any(to.get(tag) for tag in ("01", "02", "03")):
        return None
    phone = re.sub(r"^00", "+", to.get("01", ""))
    content = PromptPay(phone, code.amount, to.get("02", ""), to.get("03", ""))
    warnings = (
        *code.warnings, *_wrong(code, content), *others_of(code, "PromptPay"), *leftover(unsaid(code)),
    )  # fmt: skip
    return Reading("promptpay", content, warnings)


def _wrong(code: Code, content: PromptPay) -> Iterator[Refused]:
    if code.objects.get("53") != "764":
        yield Refused("This code is not in baht.")
    yield from code.unclear
    yield from faults((partial(_to, content), partial(money_of, content.amount)))


PROMPTPAY = Kind(
    name="promptpay",
    label="PromptPay transfer",
    summary="Make a code that asks for a transfer in Thailand.",
    example="promptpay +66812345678 50",
    content=PromptPay,
    build=build_promptpay,
    read=read_promptpay,
    title=lambda content: content.phone or content.national_id or content.ewallet,
    group="pay",
)
