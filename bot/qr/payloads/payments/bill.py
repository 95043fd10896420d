"""Swiss QR-bills, written: what the code on a Swiss payment slip says.

SIX, "Swiss Implementation Guidelines for the QR-bill", version 2.3 (valid since 21 November 2025), whose
chapters stand in brackets. Lines divided by LF, without empty ones at the end; addresses structured (type S),
the only ones banks still take. Billing information: Swico, "QR Bill Syntax Definition" S1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from phonenumbers import SUPPORTED_REGIONS
from stdnum import iban
from stdnum.ch import esr
from stdnum.exceptions import ValidationError

from bot.qr.payloads.kind import Value
from bot.qr.payloads.payments.iban import amount_of, iban_of, reference_of
from bot.qr.payloads.payments.values import line_of
from bot.qr.refusal import Refused

LONGEST = 997  # what version 25 holds at level M, in bytes; the guidelines' limit too (6.2)
TEXTS = 140  # characters of message and billing information together

# "Do not use for payment": with one of these as its message, a bill of 0.00 is a notification (4.4).
NOTICES = (
    "NICHT ZUR ZAHLUNG VERWENDEN",
    "NE PAS UTILISER POUR LE PAIEMENT",
    "NON UTILIZZARE PER IL PAGAMENTO",
    "DO NOT USE FOR PAYMENT",
)

DIGITS = re.compile(r"[0-9]+")
_QR_BANKS = range(30000, 32000)  # identifications of banks (IID) in QR-IBANs (2.8)
_BILLING = re.compile(r"//[A-Za-z0-9]{2}.*")  # 4.3.3
# Basic Latin, Latin-1 Supplement, Latin Extended-A and five more (4.1.1).
_FORBIDDEN = re.compile("[^\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u20ac]")
# What keyboards put in place of the marks banks take.
_TYPED = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-", "–": "-", "—": "-",
    "\u2009": " ", "\u202f": " ", "…": "...",
})  # fmt: skip


class Currency(StrEnum):
    """The two currencies of Swiss bills."""

    CHF = "CHF"
    EUR = "EUR"


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who is paid, and where that is."""

    name: Annotated[str, Value("name of the payee")]
    postcode: Annotated[str, Value("postcode of the payee")]
    town: Annotated[str, Value("town of the payee")]
    street: Annotated[str, Value("street of the payee")] = ""
    number: Annotated[str, Value("house number of the payee")] = ""
    country: Annotated[str, Value("country of the payee, such as CH", quiet=True)] = "CH"


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays, and where that is."""

    name: Annotated[str, Value("name of the payer")]
    postcode: Annotated[str, Value("postcode of the payer")]
    town: Annotated[str, Value("town of the payer")]
    street: Annotated[str, Value("street of the payer")] = ""
    number: Annotated[str, Value("house number of the payer")] = ""
    country: Annotated[str, Value("country of the payer, such as CH", quiet=True)] = "CH"


Address = Creditor | Debtor


@dataclass(frozen=True, slots=True)
class Swiss:
    """A Swiss bill; a QR-IBAN goes with a QR reference, any other account with an RF reference or none."""

    iban: Annotated[str, Value("IBAN or QR-IBAN of the payee")]
    creditor: Annotated[Creditor, Value("payee")]
    amount: Annotated[Decimal | None, Value("amount")] = None
    currency: Annotated[Currency, Value("currency")] = Currency.CHF
    debtor: Annotated[Debtor | None, Value("payer")] = None
    reference: Annotated[str, Value("QR reference of 27 digits, or RF…")] = ""
    message: Annotated[str, Value("message to the payee")] = ""
    billing_information: Annotated[str, Value("billing information, such as //S1/…")] = ""
    alternative_schemes: Annotated[tuple[str, ...], Value("alternative procedures, such as eBill/B/…")] = ()


def build_swiss(bill: Swiss) -> str:
    """Write a bill; Refused names the field that will not do."""
    lines = ["SPC", "0200", "1", *(line for part in PARTS for line in part(bill))]
    payload = "\n".join(lines).rstrip("\n")  # after EPD come optional lines only
    if len(payload.encode()) > LONGEST:
        raise Refused(
            "A Swiss QR-bill holds {most} bytes; this is {over} too long. Shorten the message.",
            field="message", most=LONGEST, over=len(payload.encode()) - LONGEST,
        )  # fmt: skip
    return payload


def _account(bill: Swiss) -> list[str]:
    number = iban_of(bill.iban)
    if number[:2] not in ("CH", "LI"):
        raise Refused(
            "A Swiss QR-bill needs an account in Switzerland or Liechtenstein; this one is in {country}.",
            field="iban", country=number[:2],
        )  # fmt: skip
    return [number]


def _creditor(bill: Swiss) -> list[str]:
    return _address(bill.creditor, "creditor")


def _debtor(bill: Swiss) -> list[str]:
    return [""] * 7 if bill.debtor is None or is_blank(bill.debtor) else _address(bill.debtor, "debtor")


def is_blank(address: Debtor) -> bool:
    """Tell whether nothing but the country is known, which has a default in forms."""
    values = (address.name, address.postcode, address.town, address.street, address.number)
    return not any(value.strip() for value in values)


def _address(address: Address, party: str) -> list[str]:
    name = _needed(address.name, 70, f"{party}_name")
    street = _line(address.street, 70, f"{party}_street")
    number = _line(address.number, 16, f"{party}_number")
    postcode = _needed(_postcode(address), 16, f"{party}_postcode")
    town = _needed(address.town, 35, f"{party}_town")
    country = address.country.strip().upper()
    if country not in SUPPORTED_REGIONS:  # ISO 3166-1, of the countries that have telephones
        raise Refused(
            "A country is given by its two letters, such as CH, LI, DE or FR.", field=f"{party}_country"
        )
    return ["S", name, street, number, postcode, town, country]


def _postcode(address: Address) -> str:
    """Take the country off a postcode, ``CH-8000``, since it has a line of its own (table 8)."""
    country = re.escape(address.country.strip().upper())
    return re.sub(rf"^{country}\s*-\s*", "", address.postcode.strip()) if country else address.postcode


def _needed(text: str, most: int, field: str) -> str:
    line = _line(text, most, field)
    if not line:
        raise Refused(
            "An address on a Swiss bill needs a name, a postcode and a town. One of them is missing.",
            field=field,
        )
    return line


def _line(text: str, most: int, field: str) -> str:
    """Read a line in the characters Swiss banks take."""
    line = line_of(text.translate(_TYPED), most, field)
    found = _FORBIDDEN.search(line)
    if found:
        raise Refused(
            "Swiss banks do not take the character {name}. Please take it out.",
            field=field, name=found[0] if found[0].isprintable() else f"U+{ord(found[0]):04X}",
        )  # fmt: skip
    return line


def _money(bill: Swiss) -> list[str]:
    notice = bill.amount is not None and bill.amount.is_zero() and bill.message.strip() in NOTICES
    return ["0.00" if notice else amount_of(bill.amount), bill.currency.value]


def _reference(bill: Swiss) -> list[str]:
    """Write the kind of reference and the reference; QRR goes with a QR-IBAN and only with it."""
    number = compact(bill.reference)
    of_digits, account = bool(DIGITS.fullmatch(number)), iban.compact(bill.iban)
    if is_qr_iban(account) and not of_digits:
        raise Refused(
            "This account is a QR-IBAN, which needs a QR reference of 27 digits. "
            "Add it, or use the account's ordinary IBAN.",
            field="reference",
        )
    if of_digits and not is_qr_iban(account):
        raise Refused(
            "A QR reference goes with a QR-IBAN, and this is an ordinary IBAN. "
            "Use the QR-IBAN, or a creditor reference (RF…).",
            field="reference",
        )
    if of_digits:
        return ["QRR", _qr_reference(number)]
    return ["SCOR", reference_of(number)] if number else ["NON", ""]


def is_qr_iban(number: str) -> bool:
    """Tell whether an account's bank stands for QR references (IID 30000 to 31999)."""
    bank = number[4:9]
    return number[:2] in ("CH", "LI") and bool(DIGITS.fullmatch(bank)) and int(bank) in _QR_BANKS


def _qr_reference(number: str) -> str:
    """Write a QR reference with the leading zeros that bills may leave out in print (Style Guide)."""
    if len(number) > 27:
        raise Refused(
            "A QR reference has 27 digits; this one has {count}.", field="reference", count=len(number)
        )
    try:
        esr.validate(number)
    except ValidationError:
        raise Refused(
            "This QR reference has a typing error: its check digit does not match. "
            "Please compare it with the original.",
            field="reference",
        ) from None
    return number.zfill(27)


def compact(reference: str) -> str:
    """Take the spaces out of a reference."""
    return "".join(reference.split()).upper()


def _texts(bill: Swiss) -> list[str]:
    message = _line(bill.message, TEXTS, "message")
    billing = _line(bill.billing_information, TEXTS, "billing_information")
    if billing and not _BILLING.fullmatch(billing):
        raise Refused(
            "Billing information is written for programs and begins with two slashes and two letters, "
            "such as //S1/10/1234. Put text for people into the message.",
            field="billing_information",
        )
    over = len(message) + len(billing) - TEXTS
    if over > 0:
        raise Refused(
            "Message and billing information have {most} characters together; these are {over} too long.",
            field="message", most=TEXTS, over=over,
        )  # fmt: skip
    return [message, "EPD", billing]


def _schemes(bill: Swiss) -> list[str]:
    schemes = [_line(scheme, 100, "alternative_schemes") for scheme in bill.alternative_schemes]
    named = [scheme for scheme in schemes if scheme]
    if len(named) > 2:
        raise Refused(
            "A bill names at most two alternative procedures; these are {count}.",
            field="alternative_schemes", count=len(named),
        )  # fmt: skip
    return named


# What is written is what is checked when a code is read; between creditor and amount seven lines stay empty.
PARTS: tuple[Callable[[Swiss], list[str]], ...] = (
    _account,
    _creditor,
    lambda bill: [""] * 7,
    _money,
    _debtor,
    _reference,
    _texts,
    _schemes,
)
