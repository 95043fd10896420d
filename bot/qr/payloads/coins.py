"""Coins: BIP-21 for Bitcoin and Litecoin, Monero's URI, BOLT 11 for Lightning.

Monero's parameters: monero-project, "URI Formatting". Accounts in bech32 are written in capitals, as BIP-173
has it for symbols, and the scheme before them in small letters: Android and several wallets do not know
``BITCOIN:`` (rust-bitcoin#1843, btcpayserver#2110), though BIP-21 asks them to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, TypeVar
from urllib.parse import quote, unquote

from bot.qr.payloads.addresses import BITCOIN as BITCOIN_NETWORK
from bot.qr.payloads.addresses import LITECOIN as LITECOIN_NETWORK
from bot.qr.payloads.addresses import coin_address, ethereum_address, invoice, monero_address, of_test_network
from bot.qr.payloads.amounts import units_of, written
from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

LONGEST = 200  # characters of a label or a message

_PAYMENT = re.compile(
    r"(?P<scheme>[a-z]+):(?P<address>[a-z0-9]{14,130})(?:\?(?P<query>.*))?", re.I | re.ASCII
)
_LIGHTNING = re.compile(
    r"(?P<scheme>lightning:(?://)?)?(?P<invoice>ln(?:bc|tb|url1)[a-z0-9]+)", re.I | re.ASCII
)


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
        account = address.upper() if re.match(r"(bc|ltc|ltcmweb)1", address) else address
        return f"{coin.scheme}:{account}" + (f"?{query}" if query else "")

    return build


def account_of(text: str, check: Callable[[str], str], field: str = "address") -> str:
    """Read an account; ``check`` gives it back in its own form, or nothing. Refused names the field."""
    given = without_controls(text.strip(), field=field)
    address = check(given)
    if not address and of_test_network(given):
        raise _test_network(field)
    if not address:
        raise Refused(
            "This account has a typing error, or belongs to another coin: its checksum does not match. "
            "Copy it again.",
            field=field,
        )
    return address


def _test_network(field: str = "") -> Refused:
    return Refused(
        "This is an account of a test network, where coins are worth nothing. Use one of the real network.",
        field=field,
    )


def account_warnings(*accounts: str, check: Callable[[str], str]) -> tuple[Refused, ...]:
    """Say what is wrong with accounts found in a code, once."""
    wrong = [account for account in accounts if not check(account)]
    if not wrong:
        return ()
    if of_test_network(wrong[0]):
        return (_test_network(),)
    return (Refused("This account's checksum does not match: do not pay to it."),)


def _amount(amount: Decimal | None, coin: _Coin) -> str:
    if amount is None:
        return ""
    return written(units_of(amount, coin.decimals, coin.most, "amount"), coin.decimals)


def _text(text: str, field: str) -> str:
    bare = without_controls(text.strip(), field=field)
    if len(bare) > LONGEST:
        raise Refused("This has at most {most} characters.", field=field, most=LONGEST)
    return bare


def _reader(
    coin: _Coin, kind: str, content: type[C], check: Callable[[str], str]
) -> Callable[[str], Reading[C] | None]:
    def read(text: str) -> Reading[C] | None:
        if check(text):
            return Reading(kind, content(check(text)))  # as wallets show a bare account
        match = _PAYMENT.fullmatch(text)
        if match is None or match["scheme"].lower() != coin.scheme:
            return None
        address, held = match["address"], query_of(match["query"] or "")
        amount = _decimal(held.get(coin.amount, ""))
        found = content(
            check(address) or address, amount, held.get(coin.label, ""), held.get(coin.message, "")
        )
        warnings = [*account_warnings(address, check=check), *_required(held)]
        if coin.amount in held and not _possible(amount, coin):
            warnings.append(Refused("The amount of this code cannot be read."))
        return Reading(kind, found, tuple(warnings))

    return read


def _required(held: dict[str, str]) -> list[Refused]:
    """Warn of each parameter that makes the whole of it invalid for wallets that do not know it (BIP-21)."""
    return [
        Refused("A wallet must understand “{name}” to pay this.", name=name[:40])
        for name in held
        if name.startswith("req-")
    ]


def _possible(amount: Decimal | None, coin: _Coin) -> bool:
    try:
        return bool(_amount(amount, coin))
    except Refused:
        return False


def query_of(query: str) -> dict[str, str]:
    """Read the parameters of a payment's address."""
    pairs = (part.partition("=") for part in query.split("&") if part)
    return {name: unquote(value) for name, _, value in pairs}


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"\d{1,15}(\.\d{0,18})?|\.\d{1,18}", text, re.ASCII) else None


def _bitcoin_address(text: str) -> str:
    return coin_address(text, BITCOIN_NETWORK)


def _litecoin_address(text: str) -> str:
    return coin_address(text, LITECOIN_NETWORK)


# --- Lightning ----------------------------------------------------------------------------------------------


def build_lightning(content: Lightning) -> str:
    """Write an invoice in capitals, which make a smaller symbol (BOLT 11, "Encoding Overview").

    The scheme stays lower-case: wallets are known to refuse ``LIGHTNING:`` (btcpayserver#1091).
    """
    given = re.sub(r"^lightning:", "", content.invoice.strip(), flags=re.IGNORECASE)
    checked = invoice(without_controls(given, field="invoice"))
    if not checked and of_test_network(given):
        raise _test_network("invoice")
    if not checked:
        raise Refused(
            "This is no whole Lightning invoice: its checksum does not match. Copy it again.", field="invoice"
        )
    return f"lightning:{checked.upper()}"


def read_lightning(text: str) -> Reading[Lightning] | None:
    """Read an invoice, with or without its scheme."""
    match = _LIGHTNING.fullmatch(text)
    if match is None:
        return None
    given, checked = match["invoice"], invoice(match["invoice"])
    if not (checked or match["scheme"]):
        return None
    wrong = _test_network() if of_test_network(given) else Refused("This invoice's checksum does not match.")
    return Reading("lightning", Lightning(checked or given), () if checked else (wrong,))


def coin_of(text: str) -> str | None:
    """Name the kind that a bare account belongs to, by its checksum."""
    if 14 <= len(text) <= 1_500 and " " not in text:
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
