"""Data objects of EMV QRCPS Merchant-Presented Mode v1.1: two digits of tag, two of length, the value.

Lengths count characters. The last object, 63, is the CRC-16/CCITT-FALSE of all before it in UTF-8, its own
tag and length included (4.7.3).
"""

from __future__ import annotations

import re
import unicodedata
from binascii import crc_hqx
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.qr.payloads.payload import without_controls
from bot.qr.payloads.payments.iban import amount_of
from bot.qr.payloads.payments.values import number_in, unreadable
from bot.qr.refusal import Refused

LONGEST = 99  # characters of a value
MOST = Decimal("9999999999.99")  # 13 characters (4.7.5)
START = "000201"

_HEAD = re.compile(r"[0-9]{4}")
_SUM = re.compile(r"6304([0-9A-Fa-f]{4})")
# Letters and marks that do not come apart into one of ASCII and an accent.
_PLAIN = str.maketrans({
    "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "AE",
    "œ": "oe", "Œ": "OE", "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-",
})  # fmt: skip

Objects = dict[str, str]


@dataclass(frozen=True, slots=True)
class Code:
    """A merchant-presented code taken apart, and what is wrong with it."""

    objects: Objects
    warnings: tuple[Refused, ...]

    @property
    def more(self) -> Objects:
        """The additional data (template 62) by its tags; none where there are none."""
        return objects_in(self.objects.get("62", "")) or {}

    @property
    def amount(self) -> Decimal | None:
        """The amount (54); none where the payer fills it in, which some write as a nought."""
        return number_in(self.objects.get("54", "")) or None

    @property
    def unclear(self) -> tuple[Refused, ...]:
        """Say of an amount that is none that it was left out."""
        given = self.objects.get("54", "")
        return unreadable(given, number_in(given), "amount")

    def account(self, identifier: str) -> Objects | None:
        """Open the account (templates 26 to 51) with this identifier, which has no case (4.7.11)."""
        for _, inner in accounts_in(self.objects):
            if inner.get("00", "").upper() == identifier.upper():
                return inner
        return None


def accounts_in(objects: Objects) -> tuple[tuple[str, Objects], ...]:
    """Open the account templates (26 to 51) of a code, by their tags."""
    opened = ((tag, objects_in(value)) for tag, value in objects.items() if "26" <= tag <= "51")
    return tuple((tag, inner) for tag, inner in opened if inner is not None)


# --- writing ------------------------------------------------------------------------------------------------


def objects_text(objects: Iterable[tuple[str, str]], field: str = "") -> str:
    """Write objects in their order, leaving out those without a value; Refused where one is too long."""
    given = [(tag, value) for tag, value in objects if value]
    for tag, value in given:
        if len(value) > LONGEST:
            raise Refused(
                "The value of tag {tag} has at most {most} characters.", field=field, tag=tag, most=LONGEST
            )
    return "".join(f"{tag}{len(value):02}{value}" for tag, value in given)


def signed(objects: Iterable[tuple[str, str]]) -> str:
    """Write a code: the format (00), the objects, and their CRC behind them."""
    text = f"{START}{objects_text(objects)}6304"
    return text + crc_of(text)


def crc_of(text: str) -> str:
    """Compute the CRC of a text, as four capital hex digits with leading zeros."""
    return f"{crc_hqx(text.encode(errors='surrogatepass'), 0xFFFF):04X}"


def money_of(amount: Decimal | None) -> str:
    """Write an amount with two decimals: ``12.50``; empty where the payer fills it in."""
    return amount_of(amount, "amount", MOST)


def ascii_of(text: str, field: str) -> str:
    """Write a text in the format "ans" (4.1), which is printable ASCII: accents are taken off."""
    bare = unicodedata.normalize("NFKD", without_controls(text.strip(), field=field).translate(_PLAIN))
    plain = "".join(each for each in bare if not unicodedata.combining(each)).strip()
    if not plain.isascii():
        raise Refused("Only the letters a to z, digits and common marks fit here.", field=field)
    return plain


def plain_of(text: str, most: int, field: str) -> str:
    """Write a text of at most ``most`` characters in the format "ans"."""
    plain = ascii_of(text, field)
    if len(plain) > most:
        raise Refused(
            "At most {most} characters fit here; this has {count}.", field=field, most=most, count=len(plain)
        )
    return plain


def needed(text: str, field: str) -> str:
    """Give a text back; Refused where there is none."""
    if not text:
        raise Refused("Please fill this in.", field=field)
    return text


# --- reading ------------------------------------------------------------------------------------------------


def objects_in(text: str) -> Objects | None:
    """Cut a text into its objects; None where lengths and text do not fit exactly.

    Also where the lengths count the bytes of UTF-8, as some writers do.
    """
    pairs, rest = _cut(text)
    return _in_bytes(text) if rest else _first(pairs)


def merchant_code(text: str) -> Code | None:
    """Read a merchant-presented code and what is wrong with it; None for any other text.

    One whose lengths go wrong is read as far as they go, if an account and a currency stand before that.
    """
    bare = text.strip()
    if not bare.startswith(START):
        return None
    pairs, rest = _cut(bare)
    counted = _in_bytes(bare) if rest else None
    objects = counted or _first(pairs)
    if not any("02" <= tag <= "51" for tag in objects) or not objects.keys() & {"53", "63"}:
        return None
    return Code(objects, (*_told_of(pairs, rest, counted), *_checked(bare)))


def _told_of(pairs: list[tuple[str, str]], rest: str, counted: Objects | None) -> Iterable[Refused]:
    if counted is not None:
        yield Refused("The lengths in this code count bytes instead of characters; some apps refuse it.")
    elif rest:
        yield Refused(
            "The lengths in this code do not fit; I left out what is behind them: {rest}", rest=rest[:LONGEST]
        )
    elif len(pairs) > len(dict(pairs)):
        yield Refused("This code says something twice; only the first of it counts here.")


def _checked(text: str) -> Iterable[Refused]:
    """Compare the CRC at the end of a code with what is before it."""
    end = _SUM.fullmatch(text[-8:])
    if end is None:
        yield Refused("This code has no checksum at its end. Do not pay by it.")
    elif crc_of(text[:-4]) != end[1].upper():
        yield Refused("The checksum of this code does not match: something in it was changed.")


def _cut(text: str) -> tuple[list[tuple[str, str]], str]:
    """Cut objects off a text as far as lengths fit; what is left behind them."""
    found, at = [], 0
    while _HEAD.match(text, at):
        end = at + 4 + int(text[at + 2 : at + 4])
        if end > len(text):
            break
        found.append((text[at : at + 2], text[at + 4 : end]))
        at = end
    return found, text[at:]


def _first(pairs: Iterable[tuple[str, str]]) -> Objects:
    """Keep the first value of each tag, in the order of the code."""
    found: Objects = {}
    for tag, value in pairs:
        found.setdefault(tag, value)
    return found


def _in_bytes(text: str) -> Objects | None:
    """Cut a text into objects whose lengths count bytes; None where those do not fit either."""
    if text.isascii():
        return None
    pairs, rest = _cut(text.encode(errors="surrogatepass").decode("latin-1"))
    try:
        return None if rest else _first((tag, value.encode("latin-1").decode()) for tag, value in pairs)
    except UnicodeDecodeError:
        return None
