"""Swiss QR-bills, read: also those of before November 2025, with combined addresses (type K).

SIX, "Swiss Implementation Guidelines for the QR-bill", version 2.3; what is written stands in ``bill``.
"""

from __future__ import annotations

import re
from functools import partial

from stdnum import iban

from bot.qr.payloads.kind import Kind, Reading
from bot.qr.payloads.payload import Level, Rules
from bot.qr.payloads.payments.bill import (
    DIGITS,
    PARTS,
    Creditor,
    Currency,
    Debtor,
    Swiss,
    build_swiss,
    compact,
    is_blank,
)
from bot.qr.payloads.payments.values import faults, leftover, number_in, unreadable
from bot.qr.refusal import Refused

_LINE = re.compile(r"\r\n|\r|\n")
_LONE = re.compile(r"\r(?!\n)")
_VERSION = re.compile(r"02[0-9]{2}")
_COMBINED = re.compile(
    r"(?:[A-Z]{1,3}\s*[- ]\s*)?(?P<postcode>[0-9][0-9A-Z-]{2,14})\s+(?P<town>.+)", re.DOTALL
)
_LINES = 32  # with the billing information; alternative procedures come after


def read_swiss(text: str) -> Reading[Swiss] | None:
    """Read a bill, also with combined addresses and other line endings; None where it is none."""
    lines = _lines(text)
    if lines is None:
        return None
    number, currency, debtor = lines[18], lines[19].upper(), Debtor(**_parts(lines[20:27]))
    bill = Swiss(
        iban.compact(lines[3]),
        Creditor(**_parts(lines[4:11])),
        number_in(number),
        next((each for each in Currency if each == currency), Currency.CHF),
        None if is_blank(debtor) else debtor,
        compact(lines[28]),
        lines[29],
        lines[31],
        tuple(filter(None, lines[_LINES:])),
    )
    said = _unusual(text, lines) + unreadable(number, bill.amount, "amount")
    wrong = faults(partial(part, bill) for part in PARTS) or faults([partial(build_swiss, bill)])
    return Reading("swiss", bill, said + wrong + _announced(lines[27], bill) + leftover(lines[11:18]))


def _lines(text: str) -> list[str] | None:
    """Cut a bill into its lines, with empty ones for those left out; None where it is no bill."""
    lines = [line.strip() for line in _LINE.split(text.lstrip("\ufeff"))]
    if len(lines) < 28 or lines[0] != "SPC" or not _VERSION.fullmatch(lines[1]):
        return None
    return lines + [""] * (_LINES - len(lines))


def _parts(lines: list[str]) -> dict[str, str]:
    kind, name, street, number, postcode, town, country = lines
    if kind.upper() == "K":  # the last line of a combined address holds postcode and town
        place = " ".join(filter(None, (number, postcode, town)))
        found = _COMBINED.fullmatch(place)
        number, postcode, town = "", *((found["postcode"], found["town"]) if found else ("", place))
    return {
        "name": name, "postcode": postcode, "town": town,
        "street": street, "number": number, "country": country.upper(),
    }  # fmt: skip


def _unusual(text: str, lines: list[str]) -> tuple[Refused, ...]:
    """Say what banks may stumble over though the values can be read."""
    currency = lines[19].upper()
    found = (
        ("K" in (lines[4].upper(), lines[20].upper()), Refused(
            "This bill has an address of the old kind (K), which banks stopped taking in November 2025. "
            "Make the code again to renew it."
        )),
        (lines[1] != "0200", Refused(
            "This bill is of version {version}; banks know 0200.", version=lines[1]
        )),
        (lines[2] != "1", Refused("This code names an unknown character set ({charset}).", charset=lines[2])),
        (currency not in tuple(Currency), Refused(
            "Swiss bills are in CHF or EUR; this one says “{currency}”.", field="currency", currency=currency
        )),
        (lines[30] != "EPD", Refused("The mark for the end of the payment (EPD) is missing.")),
        (bool(_LONE.search(text)), Refused("This code's lines end in a way that some banks do not read.")),
        (len(lines) > _LINES and not lines[-1], Refused(
            "This code ends in an empty line, which some banks do not take."
        )),
    )  # fmt: skip
    return tuple(fault for applies, fault in found if applies)


def _announced(kind: str, bill: Swiss) -> tuple[Refused, ...]:
    number = bill.reference
    meant = "QRR" if DIGITS.fullmatch(number) else "SCOR" if number else "NON"
    if kind == meant:
        return ()
    return (
        Refused(
            "This code announces its reference as “{given}”, but it is {meant}.",
            field="reference", given=kind, meant=meant,
        ),
    )  # fmt: skip


SWISS = Kind(
    name="swiss",
    label="Swiss QR-bill",
    summary="Make the code of a Swiss bill, and its payment slip.",
    example='swiss CH9300762011623852957 "Muster AG" 8001 Zürich Bahnhofstrasse 1 amount=12.50',
    content=Swiss,
    build=build_swiss,
    read=read_swiss,
    title=lambda bill: bill.creditor.name,
    rules=Rules(level=Level.M, most=25, plain=True, cross=True),
    group="pay",
)
