"""VietQR transfers to an account: NAPAS, "VietQR format for fund transfer (IBFT)" 1.5, on EMV QRCPS v1.1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payments.schemes import others_of, unsaid
from bot.qr.payloads.payments.tlv import (
    Code,
    Objects,
    merchant_code,
    money_of,
    objects_in,
    objects_text,
    plain_of,
    signed,
)
from bot.qr.payloads.payments.values import faults, leftover
from bot.qr.refusal import Refused

NAPAS = "A000000727"
MESSAGE = 25  # characters (EMV, table 3.7, 08)

_ACCOUNT, _CARD = "QRIBFTTA", "QRIBFTTC"  # services; others, such as QRPUSH, pay merchants
_BANK = re.compile(r"[0-9]{6}")
_NUMBER = re.compile(r"[0-9A-Za-z]{3,19}")


@dataclass(frozen=True, slots=True)
class VietQr:
    """A transfer to a Vietnamese account."""

    bank: Annotated[str, Value("number of the bank (BIN), 6 digits")]
    account: Annotated[str, Value("account number")]
    amount: Annotated[Decimal | None, Value("amount in dong")] = None
    message: Annotated[str, Value("text for the payee", rest=True)] = ""


def build_vietqr(content: VietQr) -> str:
    """Write a VietQR code; Refused names the field that will not do."""
    bank, account, amount, message = (part(content) for part in _PARTS)
    to = objects_text((("00", bank), ("01", account)))
    return signed(
        (
            ("01", "12" if amount else "11"),
            ("38", objects_text((("00", NAPAS), ("01", to), ("02", _ACCOUNT)))),
            ("53", "704"), ("54", amount), ("58", "VN"), ("62", objects_text((("08", message),))),
        )
    )  # fmt: skip


def _bank(content: VietQr) -> str:
    bank = re.sub(r"\s", "", content.bank)
    if not _BANK.fullmatch(bank):
        raise Refused("The number of a bank (BIN) has 6 digits, such as 970436.", field="bank")
    return bank


def _account(content: VietQr) -> str:
    account = re.sub(r"\s", "", content.account)
    if not _NUMBER.fullmatch(account):
        raise Refused("An account number has 3 to 19 digits or letters.", field="account")
    return account


def _amount(content: VietQr) -> str:
    amount = money_of(content.amount)
    if amount and not amount.endswith(".00"):
        raise Refused("Amounts in dong have no decimals.", field="amount")
    return amount.removesuffix(".00")


# What is written is what is checked when a code is read.
_PARTS: tuple[Callable[[VietQr], str], ...] = (
    _bank,
    _account,
    _amount,
    lambda content: plain_of(content.message, MESSAGE, "message"),
)


def read_vietqr(text: str) -> Reading[VietQr] | None:
    """Read a transfer; payments to merchants of the same scheme stay merchant codes."""
    code = merchant_code(text)
    inner = code.account(NAPAS) if code is not None else None
    to = objects_in(inner.get("01", "")) if inner is not None else None
    if code is None or inner is None or not to or inner.get("02", _ACCOUNT) not in (_ACCOUNT, _CARD):
        return None
    content = VietQr(to.get("00", ""), to.get("01", ""), code.amount, code.more.get("08", ""))
    warnings = (
        *code.warnings, *_wrong(code, inner, content), *others_of(code, "VietQR"),
        *leftover(unsaid(code, content.message)),
    )  # fmt: skip
    return Reading("vietqr", content, warnings)


def _wrong(code: Code, inner: Objects, content: VietQr) -> Iterator[Refused]:
    if code.objects.get("53") != "704":
        yield Refused("This code is not in dong.")
    if inner.get("02") == _CARD:
        yield Refused("This code pays to the number of a card, not of an account.")
    yield from code.unclear
    yield from faults(partial(part, content) for part in _PARTS)


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
