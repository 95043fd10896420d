"""Accounts of coins, by checksum: base58check, bech32 (BIP-173), bech32m (BIP-350), EIP-55, Monero's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from Crypto.Hash import keccak
from stdnum.bitcoin import b58decode, bech32_checksum
from stdnum.exceptions import ValidationError

BECH32, BECH32M = 1, 0x2BC830A3  # what the checksum comes to (BIP-173, BIP-350)

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_ETHEREUM = re.compile(r"0x[0-9a-fA-F]{40}")
_BLOCK = {11: 8, 7: 5}  # Monero: characters of a block to its bytes
_MONERO = {18: 69, 19: 77, 42: 69}  # network byte to an account's bytes: standard, integrated, sub-address
_MONERO_TESTS = {53: 69, 54: 77, 63: 69, 24: 69, 25: 77, 36: 69}  # the same of testnet and stagenet
_INVOICE = 7 + 104  # BOLT 11: five-bit groups of the time and the signature, which every invoice has


@dataclass(frozen=True, slots=True)
class Network:
    """How a coin's accounts look: version bytes of base58check, prefix of bech32."""

    versions: frozenset[int]
    prefix: str


BITCOIN = Network(frozenset({0x00, 0x05}), "bc")  # 1…, 3…, bc1…
LITECOIN = Network(frozenset({0x30, 0x32, 0x05}), "ltc")  # L…, M…, 3… as it was before, ltc1…, ltcmweb1…
# Networks for trying things out, as their chainparams.cpp have them: testnet and signet, regtest.
_TESTS = (
    Network(frozenset({0x6F, 0xC4}), "tb"),
    Network(frozenset(), "bcrt"),
    Network(frozenset({0x3A}), "tltc"),
    Network(frozenset(), "rltc"),
)
_TEST_INVOICE = re.compile(r"ln(tb|tbs|bcrt)(\d+[munp]?)?", re.ASCII)


def coin_address(text: str, network: Network) -> str:
    """Give an account back as its network writes it, bech32 in lower case; empty where its checksum fails."""
    if not text.isascii():  # the sign for kelvin has a small letter in ASCII
        return ""
    lower = text.lower()
    if lower.startswith((f"{network.prefix}1", f"{network.prefix}mweb1")) and text in (lower, text.upper()):
        return lower if _segwit(lower, network.prefix) else ""
    return text if _base58check(text, network.versions) else ""


def _base58check(text: str, versions: frozenset[int]) -> bool:
    if not 26 <= len(text) <= 35 or not set(text) <= set(_BASE58):
        return False
    try:
        raw = b58decode(text)
    except (ValidationError, ValueError):
        return False
    digest = sha256(sha256(raw[:-4]).digest()).digest()
    return len(raw) == 25 and digest[:4] == raw[-4:] and raw[0] in versions


def bech32_value(text: str) -> tuple[str, list[int], int] | None:
    """Cut a bech32 text into prefix, five-bit groups without the checksum, and what the checksum comes to."""
    if not text.isascii() or text not in (text.lower(), text.upper()):
        return None
    lower = text.lower()
    prefix, one, data = lower.rpartition("1")
    if not (one and prefix and len(data) >= 6) or not set(data) <= set(_CHARSET):
        return None
    if not all(33 <= ord(character) < 127 for character in prefix):
        return None
    values = [_CHARSET.index(character) for character in data]
    expanded = [ord(each) >> 5 for each in prefix] + [0] + [ord(each) & 31 for each in prefix]
    return prefix, values[:-6], bech32_checksum(expanded + values)


def _segwit(text: str, prefix: str) -> bool:
    found = bech32_value(text)
    if found is None or not found[1]:
        return False
    version, program = found[1][0], found[1][1:]
    length, padding = divmod(len(program) * 5, 8)
    clean = padding < 5 and not (padding and program[-1] & ((1 << padding) - 1))
    if found[0] == f"{prefix}mweb":  # Litecoin Core's extension blocks: two keys of 33 bytes, always bech32
        return found[2] == BECH32 and (version, length) == (0, 66) and clean
    if found[0] != prefix or version > 16 or len(text) > 90:
        return False
    if version == 0:
        return found[2] == BECH32 and length in (20, 32) and clean
    return found[2] == BECH32M and 2 <= length <= 40 and clean


def invoice(text: str) -> str:
    """Give a Lightning invoice or LNURL back in lower case; empty where its checksum fails.

    BOLT 11 and LUD-01 take bech32 without its limit of 90 characters.
    """
    found = bech32_value(text)
    if found is None or found[2] != BECH32:
        return ""
    whole = found[0] == "lnurl" or (_asks(found[0]) and len(found[1]) >= _INVOICE)
    return text.lower() if whole else ""


def _asks(prefix: str) -> bool:
    """Check what stands before an invoice's data: the network, and whole thousandths of a satoshi."""
    match = re.fullmatch(r"lnbc(?:([1-9]\d*)([munp]?))?", prefix, re.ASCII)
    return match is not None and (match[2] != "p" or match[1].endswith("0"))


def ethereum_address(text: str) -> str:
    """Write an account with EIP-55's capitals; empty where those it has are wrong."""
    if not _ETHEREUM.fullmatch(text):
        return ""
    digits = text[2:]
    digest = keccak.new(digest_bits=256, data=digits.lower().encode()).hexdigest()
    mixed = "".join(
        digit.upper() if int(mark, 16) > 7 else digit
        for digit, mark in zip(digits.lower(), digest, strict=False)
    )
    return f"0x{mixed}" if digits in (mixed, digits.lower(), digits.upper()) else ""


def monero_address(text: str) -> str:
    """Give a Monero account back; empty where its checksum fails."""
    raw = _monero_bytes(text)
    return text if raw and _MONERO.get(raw[0]) == len(raw) else ""


def _monero_bytes(text: str) -> bytes:
    """Decode Monero's base58, block by block, and check its checksum; empty where that fails."""
    if len(text) not in (95, 106) or not set(text) <= set(_BASE58):
        return b""
    raw = b""
    for start in range(0, len(text), 11):
        block = text[start : start + 11]
        value = 0
        for character in block:
            value = value * 58 + _BASE58.index(character)
        size = _BLOCK[len(block)]
        if value >= 1 << 8 * size:
            return b""
        raw += value.to_bytes(size, "big")
    return raw if keccak.new(digest_bits=256, data=raw[:-4]).digest()[:4] == raw[-4:] else b""


def of_test_network(text: str) -> bool:
    """Tell whether an account or invoice is whole, but of a network whose coins are worth nothing."""
    if any(coin_address(text, network) for network in _TESTS):
        return True
    raw, found = _monero_bytes(text), bech32_value(text)
    if raw:
        return _MONERO_TESTS.get(raw[0]) == len(raw)
    return found is not None and found[2] == BECH32 and _TEST_INVOICE.fullmatch(found[0]) is not None
