"""Payments in coins: every account's checksum is checked, and what is asked for reads back."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.addresses import BITCOIN as BITCOIN_NETWORK
from bot.qr.payloads.addresses import coin_address, ethereum_address
from bot.qr.payloads.coins import (
    BITCOIN,
    LIGHTNING,
    LITECOIN,
    MONERO,
    Bitcoin,
    Lightning,
    Litecoin,
    Monero,
    coin_of,
)
from bot.qr.payloads.ethereum import ETHEREUM, Ethereum
from bot.qr.payloads.kind import Kind
from bot.qr.refusal import Refused
from tests.contents import INVOICE

SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
ETHER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
TOKEN = "0x89205A3A3b2A69De6Dbf7f01ED13B2108B2c43e7"
XMR = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
printable = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60).map(str.strip)


@pytest.mark.parametrize(
    "address",
    [
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        # BIP-173 and BIP-350, "Test vectors": valid addresses of the main network.
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
        "BC1SW50QGDZ25J",
        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ],
)
def test_accounts_of_bitcoin_are_known(address: str) -> None:
    """Base58check, bech32 and bech32m."""
    assert coin_address(address, BITCOIN_NETWORK) in (address, address.lower())


@pytest.mark.parametrize(
    "address",
    [
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
        # BIP-350, "Test vectors": invalid addresses.
        "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
        "bc1pw5dgrnzv",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jJ0",
        "bc1gmk9yu",
        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
        "",
    ],
)
def test_accounts_that_are_none_are_refused(address: str) -> None:
    """Wrong checksums, versions, lengths, padding, mixed case, other networks."""
    assert coin_address(address, BITCOIN_NETWORK) == ""
    with pytest.raises(Refused) as refused:
        BITCOIN.build(Bitcoin(address))
    assert refused.value.field == "address"


@pytest.mark.parametrize(
    "address",
    [  # EIP-55, "Test cases"
        "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)  # fmt: skip
def test_accounts_of_ethereum_carry_their_capitals(address: str) -> None:
    """Added where there are none, checked where there are."""
    assert ethereum_address(address) == ethereum_address(address.lower()) == address
    if any(letter.isupper() for letter in address[2:]) and not address[2:].isupper():
        assert ethereum_address(address[:2] + address[2:].swapcase()) == ""


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        # BIP-21, "Examples", with an account whose checksum holds.
        (
            BITCOIN,
            Bitcoin("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
            "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        ),
        (
            BITCOIN,
            Bitcoin("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Decimal("20.30"), "Luke-Jr"),
            "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa?amount=20.3&label=Luke-Jr",
        ),
        (
            BITCOIN,
            Bitcoin(SEGWIT, Decimal("50"), "Luke-Jr", "Donation for project xyz"),
            f"bitcoin:{SEGWIT.upper()}?amount=50&label=Luke-Jr&message=Donation%20for%20project%20xyz",
        ),
        (
            LITECOIN,
            Litecoin("LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1"),
            "litecoin:LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1",
        ),
        (
            MONERO,
            Monero(XMR, Decimal("239.39014"), message="donation"),
            f"monero:{XMR}?tx_amount=239.39014&tx_description=donation",
        ),
        (LIGHTNING, Lightning(INVOICE), f"LIGHTNING:{INVOICE.upper()}"),
        # ERC-681, "Examples": 2.014 ether; one unit of a token.
        (
            Ethereum("0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359", Decimal("2.014")),
            "ethereum:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359?value=2014000000000000000",
        ),
        (
            Ethereum("0x8e23ee67d1332ad560396262c48ffbb01f93d052", Decimal(1), None, TOKEN.lower()),
            f"ethereum:{TOKEN}/transfer?address=0x8e23Ee67d1332aD560396262C48ffbB01F93D052&uint256=1",
        ),
        (
            ETHEREUM,
            Ethereum(ETHER, Decimal(1), 137, "", True),
            f"ethereum:pay-{ETHER}@137?value=1000000000000000000",
        ),
    ],
)
def test_a_payment_is_written_and_read_back(kind: Kind[Any], content: Any, text: str) -> None:
    """As each specification's own examples."""
    assert kind.build(content) == text
    reading = interpret(text)
    assert (reading.kind, reading.warnings) == (kind.name, ())
    assert kind.build(reading.content) == text


@given(printable, printable, st.decimals("0.00000001", "21000000", places=8))
def test_nothing_that_is_typed_adds_a_parameter(label: str, message: str, amount: Decimal) -> None:
    """Ampersands, question marks and equal signs are part of the text."""
    content = Bitcoin(SEGWIT, amount.normalize(), label, message)
    text = BITCOIN.build(content)
    assert text.count("&") + text.count("?") == 1 + bool(label) + bool(message)
    reading = interpret(text)
    assert reading.content == content


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        (BITCOIN, Bitcoin(SEGWIT, Decimal(0)), "amount"),
        (BITCOIN, Bitcoin(SEGWIT, Decimal("-1")), "amount"),
        (BITCOIN, Bitcoin(SEGWIT, Decimal("NaN")), "amount"),
        (BITCOIN, Bitcoin(SEGWIT, Decimal("0.000000001")), "amount"),
        (BITCOIN, Bitcoin(SEGWIT, Decimal(21_000_001)), "amount"),
        (BITCOIN, Bitcoin(SEGWIT, None, "x" * 201), "label"),
        (LITECOIN, Litecoin(SEGWIT), "address"),
        (MONERO, Monero(XMR[:-1] + "B"), "address"),
        (LIGHTNING, Lightning(INVOICE[:-1] + "q"), "invoice"),
        (LIGHTNING, Lightning("lntb1"), "invoice"),
        (ETHEREUM, Ethereum(ETHER[:-1] + "D"), "address"),
        (ETHEREUM, Ethereum(ETHER, Decimal(1), 0), "chain"),
        (ETHEREUM, Ethereum(ETHER, Decimal("0.5"), None, TOKEN), "value"),
        (ETHEREUM, Ethereum(ETHER, None, None, "0x1"), "token"),
    ],
)
def test_what_would_lose_money_is_refused(kind: Kind[Any], content: Any, field: str) -> None:
    """At the field to mend."""
    with pytest.raises(Refused) as refused:
        kind.build(content)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "text",
    [
        f"bitcoin:{SEGWIT[:-1]}5",
        f"bitcoin:{SEGWIT}?req-somethingyoudontunderstand=50",
        f"bitcoin:{SEGWIT}?amount=1e3",
        f"lightning:{INVOICE[:-1]}q",
        f"ethereum:{ETHER[:-1]}D",
    ],
)
def test_a_code_that_would_lose_money_is_read_with_a_warning(text: str) -> None:
    """BIP-21: an unknown req- parameter makes the whole address invalid."""
    assert len(interpret(text).warnings) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (SEGWIT, "bitcoin"),
        (ETHER, "ethereum"),
        (XMR, "monero"),
        (INVOICE, "lightning"),
        ("1" * 30, None),
        ("hello", None),
    ],
)
def test_a_bare_account_is_known_by_its_checksum(text: str, kind: str | None) -> None:
    """Nothing else is taken for one."""
    assert coin_of(text) == kind
