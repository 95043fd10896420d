"""UPI: NPCI, "UPI Linking Specifications" 1.6 (November 2017), 1.2."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated
from urllib.parse import quote, unquote, unquote_plus

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payments.iban import amount_of
from bot.qr.payloads.payments.values import faults, leftover, line_of, number_in, unreadable
from bot.qr.refusal import Refused

NAME, NOTE, REFERENCE = 99, 50, 35  # characters

# A handle may be a bank branch: 1234567890@HDFC0000001.ifsc.npci.
_VPA = re.compile(r"[A-Za-z0-9._-]{2,255}@[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
_REFERENCE = re.compile(r"[A-Za-z0-9/-]+")
_LINK = re.compile(r"upi:(?://)?pay/?\?(.+)", re.IGNORECASE | re.DOTALL)
# What a code may say besides: for the shop's own bank, its signature, or how it was made (1.2, 1.3).
_SILENT = frozenset((
    "pa", "pn", "tr", "tn", "am", "cu",
    "mc", "mid", "msid", "mtid", "tid", "url", "mam", "mode", "purpose", "orgid", "sign", "ver", "qrmedium",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Upi:
    """A payment by UPI."""

    payee: Annotated[str, Value("UPI id of the payee, such as name@bank")]
    name: Annotated[str, Value("name of the payee")]
    amount: Annotated[Decimal | None, Value("amount in rupees")] = None
    note: Annotated[str, Value("text for the payee")] = ""
    reference: Annotated[str, Value("reference, letters and digits")] = ""


def build_upi(upi: Upi) -> str:
    """Write a ``upi://pay`` link; the @ of the id stays as it is, a space is %20."""
    payee, *values = (part(upi) for part in _PARTS)
    given = [*zip(("pn", "tr", "tn", "am"), values, strict=True), ("cu", "INR")]
    more = "".join(f"&{label}={quote(value, safe='')}" for label, value in given if value)
    return f"upi://pay?pa={payee}{more}"


def _payee(upi: Upi) -> str:
    payee = line_of(upi.payee, 255, "payee")
    if not _VPA.fullmatch(payee):
        raise Refused("A UPI id looks like name@bank.", field="payee")
    return payee


def _name(upi: Upi) -> str:
    name = line_of(upi.name, NAME, "name")
    if not name:
        raise Refused("Please fill this in.", field="name")
    return name


def _reference(upi: Upi) -> str:
    reference = line_of(upi.reference, REFERENCE, "reference")
    if reference and not _REFERENCE.fullmatch(reference):
        raise Refused("A reference has letters and digits only.", field="reference")
    return reference


# What is written is what is checked when a code is read.
_PARTS: tuple[Callable[[Upi], str], ...] = (
    _payee,
    _name,
    _reference,
    lambda upi: line_of(upi.note, NOTE, "note"),
    lambda upi: amount_of(upi.amount),
)


def read_upi(text: str) -> Reading[Upi] | None:
    """Read a payment link, also with spaces as they are or as plus signs; what is wrong with it is said."""
    match = _LINK.fullmatch(text.strip())
    if match is None:
        return None
    held = _values(match[1])
    if held.get("am") == "null":  # as the specification's own example has it for mam
        del held["am"]
    number = number_in(held.get("am", ""))
    upi = Upi(
        held.get("pa", ""), held.get("pn", ""), number or None, held.get("tn", ""), held.get("tr", "")
    )  # fmt: skip
    return Reading("upi", upi, tuple(_wrong(held, upi, number)))


def _values(query: str) -> dict[str, str]:
    """Take a query apart, the first of each name; a plus is a space, but not in an id."""
    found: dict[str, str] = {}
    for part in query.removesuffix("#").split("&"):
        name, _, value = part.removeprefix("amp;").partition("=")
        plain = (unquote if name.lower() == "pa" else unquote_plus)(value).strip()
        if plain:
            found.setdefault(name.strip().lower(), plain)
    return found


def _wrong(held: dict[str, str], upi: Upi, number: Decimal | None) -> Iterator[Refused]:
    if held.get("cu", "INR").upper() != "INR":
        yield Refused("This code is not in rupees, which no UPI app takes.")
    yield from unreadable(held.get("am", ""), number, "amount")
    yield from faults(partial(part, upi) for part in _PARTS)
    yield from leftover(f"{name}={value}" for name, value in held.items() if name not in _SILENT)


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
