"""Ether and tokens: ERC-681, with ERC-20's ``transfer``.

Amounts are written as whole numbers of the smallest unit, which every wallet reads; the specification's
scientific notation (``2.014e18``) is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from bot.qr.payloads.addresses import ethereum_address
from bot.qr.payloads.amounts import units_of, written
from bot.qr.payloads.coins import account_of, account_warnings, query_of
from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.refusal import Refused

WEI = 18  # decimals of an ether
MOST = 2**256 - 1  # smallest units: what a uint256 holds

_ETHEREUM = re.compile(
    r"(?i:ethereum):(?P<pay>pay-)?(?P<target>0x[0-9a-fA-F]{40})(?:@(?P<chain>\d{1,18}))?(?:/(?P<function>\w+))?"
    r"(?:\?(?P<query>\S*))?",
    re.ASCII,
)
# ERC-681, "Syntax": number = [ "-" / "+" ] *DIGIT [ "." 1*DIGIT ] [ ( "e" / "E" ) [ 1*DIGIT ] ]
_NUMBER = re.compile(r"\+?(?P<whole>\d{0,78})(?:\.(?P<part>\d{1,78}))?(?:[eE](?P<power>\d{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ethereum:
    """A payment in ether, or in a token."""

    address: Annotated[str, Value("account (address)")]
    value: Annotated[Decimal | None, Value("amount in ether; of a token, in its smallest units")] = None
    chain: Annotated[int | None, Value("number of the chain")] = None
    token: Annotated[str, Value("address of the token's contract")] = ""
    pay: Annotated[bool, Value("begin with pay-")] = False


def build_ethereum(content: Ethereum) -> str:
    """Write a payment (ERC-681): ether in wei, a token as a call of its contract's ``transfer`` (ERC-20)."""
    address = account_of(content.address, ethereum_address)
    chain = _chain(content.chain)
    start = "ethereum:pay-" if content.pay else "ethereum:"
    if content.token.strip():
        token = account_of(content.token, ethereum_address, "token")
        units = f"&uint256={_units(content.value, 0)}" if content.value is not None else ""
        return f"{start}{token}{chain}/transfer?address={address}{units}"
    value = f"?value={_units(content.value, WEI)}" if content.value is not None else ""
    return f"{start}{address}{chain}{value}"


def _chain(chain: int | None) -> str:
    if chain is None:
        return ""
    if not 0 < chain < 10**18:
        raise Refused("The number of a chain is a whole number: 1 for Ethereum itself.", field="chain")
    return f"@{chain}"


def _units(value: Decimal, decimals: int) -> int:
    return units_of(value, decimals, Decimal(written(MOST, decimals)), "value")


def read_ethereum(text: str) -> Reading[Ethereum] | None:
    """Read a payment; other calls of contracts stay texts, since nobody could see what they do."""
    if ethereum_address(text):
        return Reading("ethereum", Ethereum(ethereum_address(text)))  # as wallets show a bare account
    match = _ETHEREUM.fullmatch(text)
    if match is None or match["function"] not in (None, "transfer"):
        return None
    held = query_of(match["query"] or "")
    token = match["target"] if match["function"] else ""
    address = held.get("address", "") if token else match["target"]
    if not address:
        return None
    asked = held.get("uint256" if token else "value", "")
    value = _number(asked, 0 if token else WEI)
    warnings = account_warnings(*filter(None, (address, token)), check=ethereum_address)
    if asked and value is None:
        warnings += (Refused("The amount of this code cannot be read."),)
    found = Ethereum(
        ethereum_address(address) or address,
        value,
        int(match["chain"]) if match["chain"] else None,
        ethereum_address(token) or token,
        match["pay"] is not None,
    )
    return Reading("ethereum", found, warnings)


def _number(text: str, decimals: int) -> Decimal | None:
    """Read a whole number of smallest units, also in scientific notation; None where it is none."""
    match = _NUMBER.fullmatch(text)
    digits = (match["whole"] + (match["part"] or "")) if match else ""
    if match is None or not digits:
        return None
    places = int(match["power"] or 0) - len(match["part"] or "")
    units, rest = divmod(int(digits) * 10 ** max(places, 0), 10 ** max(-places, 0))
    return Decimal(written(units, decimals)) if not rest and 0 < units <= MOST else None


ETHEREUM = Kind(
    name="ethereum",
    label="Ethereum payment",
    summary="Make a code that asks for ether or a token.",
    example="ethereum 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 0.05",
    content=Ethereum,
    build=build_ethereum,
    read=read_ethereum,
    title=lambda content: content.address,
    group="pay",
)
