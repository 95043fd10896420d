"""Coins: BIP-21 for Bitcoin and Litecoin, Monero's URI, BOLT 11 for Lightning."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, TypeVar
from urllib.parse import quote, unquote

from bot.qr.payloads.addresses import BITCOIN as BITCOIN_NETWORK
from bot.qr.payloads.addresses import LITECOIN as LITECOIN_NETWORK
from bot.qr.payloads.addresses import coin_address, ethereum_address, invoice, monero_address
from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

LONGEST = 200  # characters of a label or a message


@dataclass(frozen=True, slots=True)
class _Coin:
    """How a coin asks to be paid: its scheme, decimals, how many there will be, its parameters' names."""

    scheme: str
    decimals: int
    most: Decimal
    amount: str = "amount"
    label: str = "label"
    message: str = "message"


_BITCOIN = _Coin("bitcoin", 8, Decimal(21_000_000))
_LITECOIN = _Coin("litecoin", 8, Decimal(84_000_000))
_MONERO = _Coin("monero", 12, Decimal(10**9), "tx_amount", "recipient_name", "tx_description")


@dataclass(frozen=True, slots=True)
class Bitcoin:
    """A payment in bitcoin."""

    address: Annotated[str, Value("account (address)")]
    amount: Annotated[Decimal | None, Value("amount in the coin")] = None
    label: Annotated[str, Value("whose account it is")] = ""
    message: Annotated[str, Value("what it is for")] = ""


@dataclass(frozen=True, slots=True)
class Litecoin(Bitcoin):
    """A payment in litecoin."""


@dataclass(frozen=True, slots=True)
class Monero(Bitcoin):
    """A payment in monero."""


@dataclass(frozen=True, slots=True)
class Lightning:
    """A payment over Lightning."""

    invoice: Annotated[str, Value("invoice (lnbc…) or lnurl")]


C = TypeVar("C", bound=Bitcoin)


# --- coins with an address and parameters -------------------------------------------------------------------


def _builder(coin: _Coin, check: Callable[[str], str]) -> Callable[[Bitcoin], str]:
    def build(content: Bitcoin) -> str:
        address = account_of(content.address, check)
        parameters = [
            (coin.amount, _amount(content.amount, coin)),
            (coin.label, quote(_text(content.label, "label"), safe="")),
            (coin.message, quote(_text(content.message, "message"), safe="")),
        ]
        query = "&".join(f"{name}={value}" for name, value in parameters if value)
        # BIP-173: upper case is smaller in a symbol, and means the same; never for base58.
        written = address.upper() if re.match(r"(bc|ltc|ltcmweb)1", address) else address
        return f"{coin.scheme}:{written}" + (f"?{query}" if query else "")

    return build


def account_of(text: str, check: Callable[[str], str], field: str = "address") -> str:
    """Read an account; ``check`` gives it back in its own form, or nothing. Refused names the field."""
    given = without_controls(text.strip(), field=field)
    address = check(given)
    if not address:
        raise Refused(
            "This account has a typing error, or belongs to another coin: its checksum does not match. "
            "Copy it again.",
            field=field,
        )
    return address


def _amount(amount: Decimal | None, coin: _Coin) -> str:
    if amount is None:
        return ""
    if not amount.is_finite() or not 0 < amount <= coin.most:
        raise Refused("The amount is more than 0 and at most {most}.", field="amount", most=f"{coin.most:f}")
    if -int(amount.normalize().as_tuple().exponent) > coin.decimals:
        raise Refused("This amount has more than {most} decimals.", field="amount", most=coin.decimals)
    return f"{amount.normalize():f}"


def _text(text: str, field: str) -> str:
    bare = without_controls(text.strip(), field=field)
    if len(bare) > LONGEST:
        raise Refused("This has at most {most} characters.", field=field, most=LONGEST)
    return bare


def _reader(
    coin: _Coin, kind: str, content: type[C], check: Callable[[str], str]
) -> Callable[[str], Reading[C] | None]:
    def read(text: str) -> Reading[C] | None:
        scheme, _, rest = text.partition(":")
        if scheme.lower() != coin.scheme or not rest or re.search(r"\s", rest):
            return None
        address, _, query = rest.partition("?")
        held = query_of(query)
        warnings = (
            [] if check(address) else [Refused("This account's checksum does not match: do not pay to it.")]
        )
        warnings += [
            Refused("A wallet must understand “{name}” to pay this.", name=name[:40])
            for name in held
            if name.startswith("req-")
        ]
        amount = _decimal(held.get(coin.amount, ""))
        if coin.amount in held and amount is None:
            warnings.append(Refused("The amount of this code cannot be read."))
        found = content(
            check(address) or address, amount, held.get(coin.label, ""), held.get(coin.message, "")
        )
        return Reading(kind, found, tuple(warnings))

    return read


def query_of(query: str) -> dict[str, str]:
    """Read the parameters of a payment's address."""
    pairs = (part.partition("=") for part in query.split("&") if part)
    return {name: unquote(value) for name, _, value in pairs}


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"\d{1,15}(\.\d{1,18})?|\.\d{1,18}", text, re.ASCII) else None


def _bitcoin_address(text: str) -> str:
    return coin_address(text, BITCOIN_NETWORK)


def _litecoin_address(text: str) -> str:
    return coin_address(text, LITECOIN_NETWORK)


# --- Lightning ----------------------------------------------------------------------------------------------


def build_lightning(content: Lightning) -> str:
    """Write an invoice in capitals, which make a smaller symbol (BOLT 11, "Encoding Overview")."""
    given = re.sub(r"^lightning:", "", content.invoice.strip(), flags=re.IGNORECASE)
    checked = invoice(without_controls(given, field="invoice"))
    if not checked:
        raise Refused(
            "This is no whole Lightning invoice: its checksum does not match. Copy it again.", field="invoice"
        )
    return f"LIGHTNING:{checked.upper()}"


def read_lightning(text: str) -> Reading[Lightning] | None:
    """Read an invoice, with or without its scheme."""
    scheme, _, rest = text.rpartition(":")
    if scheme.lower() not in ("", "lightning") or not re.match(r"(lnbc|lnurl1)", rest, re.IGNORECASE):
        return None
    checked = invoice(rest)
    if not (checked or scheme):
        return None
    wrong = () if checked else (Refused("This invoice's checksum does not match."),)
    return Reading("lightning", Lightning(checked or rest), wrong)


def coin_of(text: str) -> str | None:
    """Name the kind that a bare account belongs to, by its checksum."""
    if 26 <= len(text) <= 1_500 and " " not in text:
        for kind, check in _ACCOUNTS.items():
            if check(text):
                return kind
    return None


_ACCOUNTS: dict[str, Callable[[str], str]] = {
    "bitcoin": _bitcoin_address, "litecoin": _litecoin_address, "ethereum": ethereum_address,
    "monero": monero_address, "lightning": invoice,
}  # fmt: skip

BITCOIN = Kind(
    name="bitcoin",
    label="Bitcoin payment",
    summary="Make a code that asks for bitcoin.",
    example="bitcoin bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 0.01",
    content=Bitcoin,
    build=_builder(_BITCOIN, _bitcoin_address),
    read=_reader(_BITCOIN, "bitcoin", Bitcoin, _bitcoin_address),
    title=lambda content: content.label or content.address,
    group="pay",
)
LIGHTNING = Kind(
    name="lightning",
    label="Lightning payment",
    summary="Make a code of a Lightning invoice.",
    example=(
        "lightning lnbc2500u1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxx"
        "atsyp3k7enxv4jsxqzpuaztrnwngzn3kdzw5hydlzf03qdgm2hdq27cqv3agm2awhz5se903vruatfhq77w3ls4evs"
        "3ch9zw97j25emudupq63nyw24cg27h2rspfj9srp"
    ),
    content=Lightning,
    build=build_lightning,
    read=read_lightning,
    title=lambda content: content.invoice[:24],
    group="pay",
)
LITECOIN = Kind(
    name="litecoin",
    label="Litecoin payment",
    summary="Make a code that asks for litecoin.",
    example="litecoin LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1 0.5",
    content=Litecoin,
    build=_builder(_LITECOIN, _litecoin_address),
    read=_reader(_LITECOIN, "litecoin", Litecoin, _litecoin_address),
    title=lambda content: content.label or content.address,
    group="pay",
)
MONERO = Kind(
    name="monero",
    label="Monero payment",
    summary="Make a code that asks for monero.",
    example=(
        "monero 44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wf"
        "n3RVGQBEP3A 1.5"
    ),
    content=Monero,
    build=_builder(_MONERO, monero_address),
    read=_reader(_MONERO, "monero", Monero, monero_address),
    title=lambda content: content.label or content.address[:24],
    group="pay",
)
