"""Payments in coins: every account's checksum is checked, and what is asked for reads back."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import KINDS, interpret
from bot.qr.payloads.coins import (
    BITCOIN,
    LIGHTNING,
    LITECOIN,
    MONERO,
    Bitcoin,
    Lightning,
    Litecoin,
    Monero,
)
from bot.qr.payloads.ethereum import ETHEREUM, MOST, Ethereum
from bot.qr.payloads.kind import Kind
from bot.qr.refusal import Refused
from tests.contents import INVOICE
from tests.qr.test_accounts import TEST_INVOICE

SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
ETHER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
TOKEN = "0x89205A3A3b2A69De6Dbf7f01ED13B2108B2c43e7"
XMR = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
printable = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60).map(str.strip)


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
        (LIGHTNING, Lightning(INVOICE), f"lightning:{INVOICE.upper()}"),
        # ERC-681, "Semantics": 2.014 ether; one unit of a token.
        (
            ETHEREUM,
            Ethereum("0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359", Decimal("2.014")),
            "ethereum:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359?value=2014000000000000000",
        ),
        (
            ETHEREUM,
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
        (BITCOIN, Bitcoin(SEGWIT, Decimal("1.0000000000000000000000000000000001")), "amount"),
        (BITCOIN, Bitcoin(SEGWIT, Decimal("1e-999999")), "amount"),
        (BITCOIN, Bitcoin(SEGWIT, Decimal("Infinity")), "amount"),
        (BITCOIN, Bitcoin(SEGWIT, None, "x" * 201), "label"),
        (BITCOIN, Bitcoin(SEGWIT, None, "", "bell\x07"), "message"),
        (LITECOIN, Litecoin("LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1", Decimal(84_000_001)), "amount"),
        (MONERO, Monero(XMR, Decimal("0.0000000000001")), "amount"),
        (LITECOIN, Litecoin(SEGWIT), "address"),
        (MONERO, Monero(XMR[:-1] + "B"), "address"),
        (LIGHTNING, Lightning(INVOICE[:-1] + "q"), "invoice"),
        (LIGHTNING, Lightning("lntb1"), "invoice"),
        (ETHEREUM, Ethereum(ETHER[:-1] + "D"), "address"),
        (ETHEREUM, Ethereum("vitalik.eth"), "address"),
        (ETHEREUM, Ethereum(ETHER, Decimal(0)), "value"),
        (ETHEREUM, Ethereum(ETHER, Decimal("0.0000000000000000001")), "value"),
        (ETHEREUM, Ethereum(ETHER, Decimal(MOST + 1), None, TOKEN), "value"),
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
    ("kind", "content", "field"),
    [
        (BITCOIN, Bitcoin("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"), "address"),
        (BITCOIN, Bitcoin("mwXn5Vhicdav8Av3KMokx4YNuHoGRKxtWs"), "address"),
        (LITECOIN, Litecoin("QXaUgLHkZcbJb2j5XgMYzY8cF9YM48Y81Z"), "address"),
        (LIGHTNING, Lightning(TEST_INVOICE), "invoice"),
    ],
)
def test_an_account_of_a_test_network_is_refused_as_one(kind: Kind[Any], content: Any, field: str) -> None:
    """BIP-173, Litecoin Core and BOLT 11: what is sent there is worth nothing."""
    with pytest.raises(Refused, match="test network") as refused:
        kind.build(content)
    assert refused.value.field == field


@given(st.integers(1, MOST), st.booleans())
def test_an_amount_is_the_same_to_its_last_unit(units: int, token: bool) -> None:
    """A hundred million ether and a wei have 27 digits; a token may have 78."""
    value = Decimal(units) if token else Decimal((0, tuple(map(int, str(units))), -18))
    text = ETHEREUM.build(Ethereum(ETHER, value, None, TOKEN if token else ""))
    assert text.endswith(f"={units}")
    reading = interpret(text)
    assert (reading.content.value, reading.warnings) == (value, ())


@given(st.integers(1, 21 * 10**14))
def test_an_amount_of_bitcoin_is_a_plain_decimal(satoshis: int) -> None:
    """BIP-21, "Transfer amount": a point, no grouping, no exponent; and always a digit before the point."""
    amount = Decimal((0, tuple(map(int, str(satoshis))), -8))
    text = BITCOIN.build(Bitcoin(SEGWIT, amount)).partition("amount=")[2]
    assert re.fullmatch(r"(0|[1-9]\d{0,7})(\.\d{0,7}[1-9])?", text)
    assert Decimal(text) == amount


@pytest.mark.parametrize(
    ("text", "content"),
    [
        # BIP-21: the scheme is case-insensitive; what is unknown and not required is left aside.
        (f"BITCOIN:{SEGWIT.upper()}", Bitcoin(SEGWIT)),
        (f"bitcoin:{SEGWIT}?somethingyoudontunderstand=50&label=Ada", Bitcoin(SEGWIT, label="Ada")),
        (f"bitcoin:{SEGWIT}?amount=.5&message=a%26b", Bitcoin(SEGWIT, Decimal("0.5"), message="a&b")),
        (f"bitcoin:{SEGWIT}?amount=50.&label=not escaped", Bitcoin(SEGWIT, Decimal(50), "not escaped")),
        (SEGWIT, Bitcoin(SEGWIT)),
        ("LT2KVaAy1ppRuxRgrS5RNU3vBsy7RibPeA", Litecoin("LT2KVaAy1ppRuxRgrS5RNU3vBsy7RibPeA")),
        (XMR, Monero(XMR)),
        (f"lightning:{INVOICE}", Lightning(INVOICE)),
        (f"lightning://{INVOICE.upper()}", Lightning(INVOICE)),
        (INVOICE.upper(), Lightning(INVOICE)),
        (ETHER.lower(), Ethereum(ETHER)),
        # ERC-681, "Syntax": number.
        (f"ethereum:{ETHER}?value=2.014e18", Ethereum(ETHER, Decimal("2.014"))),
        (f"ethereum:{ETHER}@1?gas=21000&value=+1E18", Ethereum(ETHER, Decimal(1), 1)),
        (f"ETHEREUM:pay-{ETHER}?value=.5e18", Ethereum(ETHER, Decimal("0.5"), None, "", True)),
        (f"ethereum:{ETHER}?value=7e", Ethereum(ETHER, Decimal("7e-18"))),
    ],
)
def test_older_and_foreign_forms_are_read(text: str, content: Any) -> None:
    """Bare accounts, capitals, scientific notation."""
    reading = interpret(text)
    assert (reading.content, reading.warnings) == (content, ())
    again = interpret(KINDS[reading.kind].build(reading.content))
    assert (again.content, again.warnings) == (content, ())


@pytest.mark.parametrize(
    "text",
    [
        "bitcoin:", "bitcoin:?lightning=x", "bitcoin: the future of money?", "bitcoin:soon", "lightning:strikes",
        "lightning:lno1qcp4256ypq", "lnbc1 is a prefix", "ethereum:vitalik.eth", f"ethereum:{ETHER}/approve?address={ETHER}",
        f"ethereum:{TOKEN}/transfer?uint256=1", f"dogecoin:{SEGWIT}", f"{SEGWIT} {SEGWIT}", f"monero_wallet:{XMR}?height=1",
    ],
)  # fmt: skip
def test_what_is_no_payment_stays_a_text(text: str) -> None:
    """Words, offers, names, other calls of contracts, other coins."""
    assert interpret(text).kind == "text"


@pytest.mark.parametrize(
    "text",
    [
        f"bitcoin:{SEGWIT[:-1]}5",
        f"bitcoin:{SEGWIT}?req-somethingyoudontunderstand=50",
        f"bitcoin:{SEGWIT}?amount=1e3",
        f"bitcoin:{SEGWIT}?amount=50,000.00",
        f"bitcoin:{SEGWIT}?amount=0",
        f"bitcoin:{SEGWIT}?amount=21000001",
        # BIP-350: bech32 where bech32m belongs; BIP-173: another network.
        "bitcoin:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "bitcoin:tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
        f"litecoin:{SEGWIT}",
        f"monero:{XMR[:-1]}B?tx_amount=1",
        f"lightning:{TEST_INVOICE}",
        f"ethereum:{ETHER}?value=2.5",
        f"ethereum:{ETHER}?value=-1",
        f"ethereum:{TOKEN}/transfer?address={ETHER}&uint256={MOST + 1}",
        f"ethereum:{TOKEN[:-1]}8/transfer?address={ETHER[:-1]}D&uint256=1",
        # ERC-681's own example: its capitals are not those of EIP-55.
        "ethereum:0xfb6916095ca1df60bb79Ce92ce3ea74c37c5d359?value=2.014e18",
        f"lightning:{INVOICE[:-1]}q",
        f"ethereum:{ETHER[:-1]}D",
    ],
)
def test_a_code_that_would_lose_money_is_read_with_a_warning(text: str) -> None:
    """BIP-21: an unknown req- parameter makes the whole address invalid."""
    assert len(interpret(text).warnings) == 1


_STARTS = st.sampled_from(
    ("bitcoin:", f"bitcoin:{SEGWIT}?", "litecoin:", "monero:", "LIGHTNING:", "lnbc", f"ethereum:{ETHER}", f"ethereum:{ETHER}?value=")
)  # fmt: skip


@given(_STARTS, st.text(max_size=60) | st.text("0123456789abcdefxeE+-.?&=/@%", max_size=60))
def test_no_text_breaks_a_reader(start: str, text: str) -> None:
    """Whatever stands behind a scheme."""
    for kind in (BITCOIN, LITECOIN, MONERO, LIGHTNING, ETHEREUM):
        reading = kind.read(start + text)
        assert reading is None or reading.kind == kind.name
