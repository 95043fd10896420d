"""Ether and tokens: ERC-681, with ERC-20's ``transfer``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from bot.qr.payloads.addresses import ethereum_address
from bot.qr.payloads.coins import account_of, query_of
from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.refusal import Refused

WEI = 18  # decimals of an ether

_ETHEREUM = re.compile(
    r"ethereum:(?P<pay>pay-)?(?P<target>0x[0-9a-fA-F]{40})(?:@(?P<chain>\d{1,18}))?(?:/(?P<function>\w+))?"
    r"(?:\?(?P<query>\S*))?",
    re.ASCII,
)
_NUMBER = re.compile(r"(\d{1,60})(?:\.(\d{1,30}))?(?:[eE](\d{1,2}))?", re.ASCII)  # ERC-681's number


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


def _units(value: Decimal, decimals: int) -> str:
    if not value.is_finite() or not 0 < value < 10**18:
        raise Refused("The amount is more than 0.", field="value")
    if -int(value.normalize().as_tuple().exponent) > decimals:
        raise Refused("This amount has more than {most} decimals.", field="value", most=decimals)
    return f"{value.scaleb(decimals):.0f}"


def read_ethereum(text: str) -> Reading[Ethereum] | None:
    """Read a payment; other calls of contracts stay texts, since nobody could see what they do."""
    match = _ETHEREUM.fullmatch(text)
    if match is None or match["function"] not in (None, "transfer"):
        return None
    held = query_of(match["query"] or "")
    token = match["target"] if match["function"] else ""
    address = held.get("address", "") if token else match["target"]
    value = _number(held.get("uint256" if token else "value", ""), 0 if token else WEI)
    wrong = [each for each in (address, token) if each and not ethereum_address(each)]
    if not address:
        return None
    warnings = (Refused("This account's checksum does not match: do not pay to it."),) if wrong else ()
    found = Ethereum(
        ethereum_address(address) or address,
        value,
        int(match["chain"]) if match["chain"] else None,
        ethereum_address(token) or token,
        match["pay"] is not None,
    )
    return Reading("ethereum", found, warnings)


def _number(text: str, decimals: int) -> Decimal | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    number = Decimal(f"{match[1]}.{match[2] or 0}e{match[3] or 0}").scaleb(-decimals)
    whole = number == number.to_integral_value()
    return number.quantize(Decimal(1)) if whole and number < 10**20 else number.normalize()


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
