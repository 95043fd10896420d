"""What every bank payment has: the account, the bank, a structured reference and an amount of money.

ISO 13616 (IBAN, with the structures of SWIFT's registry), ISO 9362 (BIC) and ISO 11649 (RF reference), all
by python-stdnum. Each function gives the normal form back or raises Refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

from stdnum import bic, iban, iso11649, numdb
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.iso7064 import mod_97_10

from bot.qr.refusal import Refused

MOST = Decimal("999999999.99")

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_COUNTRIES = numdb.get("iban")
_CENT = Decimal("0.01")


def iban_of(text: str, field: str = "iban") -> str:
    """Read an account with or without spaces as ``DE68210501700012345678``; Refused says what is wrong."""
    number = iban.compact(text)
    if not number:
        raise Refused("There is no IBAN yet. It stands on every bank statement.", field=field)
    if not _IBAN.fullmatch(number):
        raise Refused(
            "An IBAN is two letters, two digits and at most 30 more letters and digits, such as "
            "DE68 2105 0170 0012 3456 78.",
            field=field,
        )
    _check_country(number, field)
    _check_digits(number, field)
    return number


def _check_country(number: str, field: str) -> None:
    """Refuse a country without IBANs, and a length that is not the country's (SWIFT IBAN Registry)."""
    facts: dict[str, str] = _COUNTRIES.info(number)[0][1]
    if not facts:
        raise Refused("No country's IBANs begin with {country}.", field=field, country=number[:2])
    length = 4 + sum(map(int, re.findall(r"(\d+)!", facts["bban"])))
    if len(number) != length:
        raise Refused(
            "An IBAN of {country} has {length} characters; this one has {count}.",
            field=field, country=number[:2], length=length, count=len(number),
        )  # fmt: skip


def _check_digits(number: str, field: str) -> None:
    """Refuse a typing error; stdnum lets the check digits 00, 01 and 99 pass, which ISO 13616 never gives."""
    try:
        if iban.calc_check_digits(number) != number[2:4]:
            raise InvalidChecksum
        iban.validate(number)
    except InvalidChecksum:
        raise Refused(
            "This IBAN has a typing error: its check digits do not match. "
            "Please compare it with the original.",
            field=field,
        ) from None
    except ValidationError:
        raise Refused(
            "This is not an IBAN of {country}: letters and digits are not where they belong.",
            field=field, country=number[:2],
        ) from None  # fmt: skip


def bic_of(text: str, field: str = "bic") -> str:
    """Read a bank's code in capitals, of 8 or 11 characters; empty where none is given."""
    number = bic.compact(text)
    if not number:
        return ""
    try:
        return bic.validate(number)
    except ValidationError:
        raise Refused(
            "A BIC has 8 or 11 letters and digits with the country in the middle, such as BYLADEM1001.",
            field=field,
        ) from None


def reference_of(text: str, field: str = "reference") -> str:
    """Read a creditor reference (ISO 11649) as ``RF18539007547034``; empty where none is given."""
    number = iso11649.compact(text)
    if not number:
        return ""
    if not _REFERENCE.fullmatch(number):
        raise Refused(
            "A creditor reference is RF, two check digits and at most 21 letters and digits, "
            "such as RF18 5390 0754 7034.",
            field=field,
        )
    if mod_97_10.calc_check_digits(number[4:] + number[:2]) != number[2:4]:
        raise Refused(
            "This creditor reference has a typing error: its check digits do not match. "
            "Please compare it with the original.",
            field=field,
        )
    return number


def amount_of(amount: Decimal | None, field: str = "amount", most: Decimal = MOST) -> str:
    """Write an amount with two decimals and no grouping: ``12.50``; empty where none is given."""
    if amount is None:
        return ""
    if not amount.is_finite() or amount <= 0:
        raise Refused("An amount is a number above zero, such as 12.50.", field=field)
    if amount > most:
        raise Refused("The amount goes up to {most}.", field=field, most=most)
    if amount != amount.quantize(_CENT):
        raise Refused("An amount has at most two decimals, such as 12.50.", field=field)
    return f"{amount:.2f}"
