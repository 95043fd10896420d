"""UPI: NPCI, "UPI Linking Specifications" 1.6 (November 2017), ``upi://pay?pa=…&pn=…``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated
from urllib.parse import quote, unquote_plus

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payments.iban import amount_of
from bot.qr.payloads.payments.values import faults, leftover, line_of, number_in, unreadable
from bot.qr.refusal import Refused

NAME, NOTE, REFERENCE = 99, 50, 35  # characters

# name@bank, or an account, phone or Aadhaar number by NPCI's own handles: 123@HDFC0000001.ifsc.npci
_VPA = re.compile(r"[A-Za-z0-9._-]{2,255}@[A-Za-z][A-Za-z0-9]{1,63}((\.[A-Za-z]{2,10})?\.npci)?")
_LINK = re.compile(r"upi://pay/?\?(.+)", re.IGNORECASE | re.DOTALL)
_OURS = frozenset(("pa", "pn", "tn", "tr", "am", "cu"))


@dataclass(frozen=True, slots=True)
class Upi:
    """A payment by UPI, in rupees."""

    payee: Annotated[str, Value("UPI id of the payee, such as name@bank")]
    name: Annotated[str, Value("name of the payee")]
    amount: Annotated[Decimal | None, Value("amount in rupees")] = None
    note: Annotated[str, Value("text for the payee")] = ""
    reference: Annotated[str, Value("reference, letters and digits")] = ""


def build_upi(upi: Upi) -> str:
    """Write a ``upi://pay`` link; the @ of the id stays as it is, a space is %20."""
    payee, name = line_of(upi.payee, 255, "payee"), line_of(upi.name, NAME, "name")
    if not _VPA.fullmatch(payee):
        raise Refused("A UPI id looks like name@bank.", field="payee")
    if not name:
        raise Refused("Please fill this in.", field="name")
    values = (
        ("pn", name), ("tr", _reference(upi.reference)), ("tn", line_of(upi.note, NOTE, "note")),
        ("am", amount_of(upi.amount)), ("cu", "INR"),
    )  # fmt: skip
    return f"upi://pay?pa={payee}" + "".join(
        f"&{label}={quote(value, safe='')}" for label, value in values if value
    )


def _reference(text: str) -> str:
    reference = line_of(text, REFERENCE, "reference")
    if reference and not re.fullmatch(r"[A-Za-z0-9/-]+", reference):
        raise Refused("A reference has letters and digits only.", field="reference")
    return reference


def read_upi(text: str) -> Reading[Upi] | None:
    """Read a payment link, also with + for spaces or with bare ones; the first of two values counts."""
    match = _LINK.fullmatch(text.strip())
    if match is None:
        return None
    pairs = [(name.lower(), unquote_plus(value).strip()) for name, _, value in _parts(match[1])]
    held = dict(reversed(pairs))
    said = held.get("am", "")
    amount = number_in(said)
    upi = Upi(held.get("pa", ""), held.get("pn", ""), amount or None, held.get("tn", ""), held.get("tr", ""))
    warnings = unreadable(said, amount, "amount")
    if held.get("cu", "INR").upper() != "INR":
        warnings += (Refused("This code is not in rupees, which no UPI app takes."),)
    rest = [f"{name}={value}" for name, value in pairs if name not in _OURS and value]
    return Reading("upi", upi, warnings + faults([partial(build_upi, upi)]) + leftover(rest))


def _parts(query: str) -> list[tuple[str, str, str]]:
    return [part.partition("=") for part in query.split("&")]


UPI = Kind(
    name="upi",
    label="UPI payment",
    summary="Make a code that asks for a payment by UPI.",
    example='upi shop@okbank "Corner Shop" 120.50',
    content=Upi,
    build=build_upi,
    read=read_upi,
    title=lambda upi: upi.name,
    group="pay",
)
