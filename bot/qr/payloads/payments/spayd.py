"""Czech payments: the Short Payment Descriptor, "QR Platba": ``SPD*1.0*ACC:…*AM:480.50*CC:CZK*MSG:…``.

Czech Banking Association, "Formát pro sdílení platebních údajů … prostřednictvím QR kódů", version 1.2
(in force since 1 January 2022; the protocol stays 1.0). Values are never changed in case, since a message
belongs to its writer; account, bank and currency are in capitals anyway, so a message in capitals keeps the
whole in the dense alphanumeric mode. Other than ASCII, ``*`` and ``%`` are percent-encoded as UTF-8 (5.1,
annex 2), which no reader's guess of a charset can spoil.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Annotated
from urllib.parse import quote, unquote
from zlib import crc32

from stdnum import bic, iban

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payments.iban import amount_of, bic_of, iban_of
from bot.qr.payloads.payments.values import (
    date_of,
    day_in,
    faults,
    leftover,
    line_of,
    number_in,
    unreadable,
)
from bot.qr.refusal import Refused

MOST = Decimal("9999999.99")  # ten characters (table 1)

_HEAD = re.compile(r"SPD\*([0-9]+\.[0-9]+)\*(.*)", re.DOTALL | re.IGNORECASE)
_PLAIN = "".join(chr(code) for code in range(32, 127) if chr(code) not in "*%")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Spayd:
    """A payment as Czech banks read it; the reference is the payee's, a number of at most 16 digits."""

    iban: Annotated[str, Value("IBAN of the payee")]
    bic: Annotated[str, Value("BIC of the payee's bank")] = ""
    amount: Annotated[Decimal | None, Value("amount")] = None
    currency: Annotated[str, Value("currency, such as CZK")] = "CZK"
    message: Annotated[str, Value("message for the payee")] = ""
    variable_symbol: Annotated[str, Value("variable symbol")] = ""
    date: Annotated[str, Value("day it is due, such as 2026-11-15")] = ""
    reference: Annotated[str, Value("the payee's reference, a number")] = ""


def build_spayd(spayd: Spayd) -> str:
    """Write a Czech payment; Refused names the field that will not do."""
    parts = [(key, part(spayd)) for key, part in _PARTS]
    return "*".join(["SPD*1.0", *(f"{key}:{value}" for key, value in parts if value)])


def _account(spayd: Spayd) -> str:
    account, bank = iban_of(spayd.iban), bic_of(spayd.bic)
    return f"{account}+{bank}" if bank else account


def _currency(spayd: Spayd) -> str:
    currency = spayd.currency.strip().upper() or "CZK"
    if not _CURRENCY.fullmatch(currency):
        raise Refused("A currency has three letters, such as CZK or EUR.", field="currency")
    return currency


def _digits(text: str, most: int, field: str) -> str:
    digits = text.replace(" ", "").strip()
    if digits and not re.fullmatch(rf"[0-9]{{1,{most}}}", digits):
        raise Refused("This is a number of at most {most} digits.", field=field, most=most)
    return digits


def _due(spayd: Spayd) -> str:
    day = date_of(spayd.date, "date")
    return day.isoformat().replace("-", "") if day else ""


# What is written, in the order of the specification's examples, is what is checked when a code is read.
_PARTS: tuple[tuple[str, Callable[[Spayd], str]], ...] = (
    ("ACC", _account),
    ("AM", lambda spayd: amount_of(spayd.amount, most=MOST)),
    ("CC", _currency),
    ("RF", lambda spayd: _digits(spayd.reference, 16, "reference")),
    ("X-VS", lambda spayd: _digits(spayd.variable_symbol, 10, "variable_symbol")),
    ("DT", _due),
    ("MSG", lambda spayd: quote(line_of(spayd.message, 60, "message"), safe=_PLAIN)),
)


def read_spayd(text: str) -> Reading[Spayd] | None:
    """Read a payment; its checksum is verified where there is one; None where it is none."""
    head = _HEAD.fullmatch(text.strip())
    if head is None:
        return None
    raw: dict[str, str] = {}
    for part in head[2].split("*"):
        key, colon, value = part.partition(":")
        if colon:
            raw.setdefault(key.strip().upper(), value)
    said = {key: unquote(value, errors="replace").strip() for key, value in raw.items()}
    if "ACC" not in said:
        return None
    account, _, bank = said["ACC"].partition("+")
    spayd = Spayd(
        iban.compact(account), bic.compact(bank), number_in(said.get("AM", "")),
        said.get("CC", "").upper() or "CZK", said.get("MSG", ""), said.get("X-VS", ""),
        day_in(said.get("DT", "")), said.get("RF", ""),
    )  # fmt: skip
    warnings = (
        _unusual(head[1], raw)
        + unreadable(said.get("AM", ""), spayd.amount, "amount")
        + faults(partial(write, spayd) for _, write in _PARTS)
    )
    known = {"CRC32", *(key for key, _ in _PARTS)}
    others = leftover(f"{key}:{value}" for key, value in said.items() if key not in known)
    return Reading("spayd", spayd, warnings + others)


def _unusual(version: str, raw: dict[str, str]) -> tuple[Refused, ...]:
    """Say that the version is not ours, or that the checksum is not the text's (table 1, CRC32)."""
    found = []
    if version != "1.0":
        found.append(Refused("This code is of version {version}; banks know 1.0.", version=version))
    given = raw.get("CRC32", "").strip().upper()
    if given and given != _checksum(version, raw):
        found.append(Refused("The checksum of this code does not match: it was changed or misread."))
    return tuple(found)


def _checksum(version: str, raw: dict[str, str]) -> str:
    """Sum up the canonical form: every other attribute in the order of keys."""
    pairs = sorted(item for item in raw.items() if item[0] != "CRC32")
    canonical = "*".join([f"SPD*{version}", *(f"{key}:{value}" for key, value in pairs)])
    return f"{crc32(canonical.encode(errors='replace')):08X}"


SPAYD = Kind(
    name="spayd",
    label="Czech payment",
    summary="Make a code that fills in a Czech bank transfer (QR Platba).",
    example="spayd CZ5855000000001265098001 RZBCCZPP 480.50",
    content=Spayd,
    build=build_spayd,
    read=read_spayd,
    title=lambda spayd: spayd.message or spayd.iban,
    group="pay",
)
