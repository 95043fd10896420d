"""Data objects of EMV QRCPS Merchant-Presented Mode v1.1: two digits of tag, two of length, the value.

The last object, 63, is the CRC-16/CCITT-FALSE of all before it, its own tag and length included.
"""

from __future__ import annotations

import re
from binascii import crc_hqx
from collections.abc import Iterable, Mapping
from decimal import Decimal
from unicodedata import combining, normalize

from bot.qr.payloads.payload import without_controls
from bot.qr.payloads.payments.values import leftover, number_in, unreadable
from bot.qr.refusal import Refused

LONGEST = 99  # characters of a value
MOST = Decimal("9999999999.99")  # 13 characters (table 3.5, "54")

Objects = dict[str, str]

_HEAD = re.compile(r"[0-9]{4}")
# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN = str.maketrans({
    "đ": "d", "Đ": "D", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE",
    "œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "–": "-", "—": "-",
})  # fmt: skip


def objects_text(objects: Iterable[tuple[str, str]]) -> str:
    """Write objects in their order, leaving out those without a value; the caller sees to the lengths."""
    return "".join(f"{tag}{len(value):02}{value}" for tag, value in objects if value)


def signed(objects: Iterable[tuple[str, str]]) -> str:
    """Write objects with their CRC behind them."""
    text = objects_text(objects) + "6304"
    return text + crc_of(text)


def crc_of(text: str) -> str:
    """Compute the CRC of a text's UTF-8, as four capital hex digits with leading zeros."""
    return f"{crc_hqx(text.encode(errors='replace'), 0xFFFF):04X}"


def objects_in(text: str) -> Objects | None:
    """Cut a text into its objects; None where lengths (in characters) and text do not fit exactly."""
    found: Objects = {}
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if not _HEAD.fullmatch(head):
            return None
        tag, length = head[:2], int(head[2:])
        value = text[at + 4 : at + 4 + length]
        if len(value) != length or tag in found:
            return None
        found[tag] = value
        at += 4 + length
    return found


def merchant_code(text: str) -> tuple[Objects, tuple[Refused, ...]] | None:
    """Read a merchant-presented code: its objects and what is wrong with it; None for any other text."""
    bare = text.strip()
    objects = objects_in(bare) if bare.startswith("000201") else None
    if objects is None:
        return None
    if next(reversed(objects)) != "63" or len(objects["63"]) != 4:
        return objects, (Refused("This code has no checksum at its end. Do not pay by it."),)
    if crc_of(bare[:-4]) != bare[-4:].upper():
        return objects, (Refused("The checksum of this code does not match: something in it was changed."),)
    return objects, ()


def template(objects: Objects, tag: str, identifier: str) -> Objects | None:
    """Open an account's template where it is the one with this identifier, in whatever case."""
    inner = objects_in(objects.get(tag, "")) or {}
    return inner if inner.get("00", "").upper() == identifier.upper() else None


def amount_in(objects: Objects) -> tuple[Decimal | None, tuple[Refused, ...]]:
    """Find the amount (54) and what is wrong with it; zero is what some write for none."""
    said = objects.get("54", "")
    amount = number_in(said)
    return amount or None, unreadable(said, amount, "amount")


def others(objects: Objects, known: Mapping[str, tuple[str, ...] | str | None]) -> tuple[Refused, ...]:
    """Say what a code holds beyond the known tags.

    Each known tag goes with the tags inside it, with the one value it should have, or with None for any.
    """
    rest: list[str] = []
    for tag, value in objects.items():
        expected = known.get(tag, "")
        if isinstance(expected, tuple):
            inner = objects_in(value)
            rest += (
                [f"{tag} {value}"]
                if inner is None
                else [f"{tag}-{sub} {held}" for sub, held in inner.items() if sub not in expected]
            )
        elif expected is not None and value != expected:
            rest.append(f"{tag} {value}")
    return leftover(rest)


def plain_of(text: str, most: int, field: str) -> str:
    """Take accents off, which readers of these codes do not know; refuse other than ASCII, and too long."""
    bare = without_controls(text.strip(), field=field).translate(_PLAIN)
    plain = "".join(each for each in normalize("NFKD", bare) if not combining(each)).strip()
    if not plain.isascii():
        raise Refused("Only the letters a to z, digits and common marks fit here.", field=field)
    if len(plain) > most:
        raise Refused(
            "At most {most} characters fit here; this has {count}.", field=field, most=most, count=len(plain)
        )
    return plain
