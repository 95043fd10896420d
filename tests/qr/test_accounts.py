"""Accounts of coins are told apart by their checksums, and those of test networks are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.addresses import (
    BITCOIN,
    LITECOIN,
    bech32_value,
    coin_address,
    ethereum_address,
    invoice,
    monero_address,
    of_test_network,
)
from bot.qr.payloads.coins import coin_of
from tests.contents import INVOICE

# BIP-350, "Test vectors for v0-v16 native segregated witness addresses": those of the main network.
SEGWIT = (
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    "BC1SW50QGDZ25J",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
)
# The first account of all, and that of BIP-16's kind in Bitcoin's wiki, "Address".
BASE58 = ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy")
# Litecoin Core: src/test/data/key_io_valid.json; of the last one src/libmw/test/tests/wallet/Test_Keychain.cpp.
LITE = (
    "LT2KVaAy1ppRuxRgrS5RNU3vBsy7RibPeA",
    "MHrYRxAiMNBTku3eoDHwhA1LQGDjUStZW2",
    "ltc1qhdhvrwe6rgqns8fz28tee0hphr5x7ulw5exv4w",
    "ltc1zjwls6j8c4u",
    "ltcmweb1qq20e2arnhvxw97katjkmsd35agw3capxjkrkh7dk8d30rczm8ypxuq329nwh2twmchhqn3jqh7ua4ps539f6aazh79jy76urqht4"
    "qa59ts3at6gf",
)
# monero-project: tests/functional_tests/validate_address.py: standard, sub-address, integrated.
XMR = (
    "42ey1afDFnn4886T7196doS9GPMzexD9gXpsZJDwVjeRVdFCSoHnv7KPbBeGpzJBzHRCAs9UxqeoyFQMYbqSWYTfJJQAWDm",
    "8AsN91rznfkBGTY8psSNkJBg9SZgxxGGRUhGwRptBhgr5XSQ1XzmA9m8QAnoxydecSh5aLJXdrgXwTDMMZ1AuXsN1EX5Mtm",
    "4BxSHvcgTwu25WooY4BVmgdcKwZu5EksVZSZkDd6ooxSVVqQ4ubxXkhLF6hEqtw96i9cf3cVfLw8UWe95bdDKfRQeYtPwLm1Jiw7AKt2LY",
)
# EIP-55, "Test Cases".
ETHER = (
    "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
)  # fmt: skip
# LUD-01, "Base LNURL encoding".
LNURL = (
    "LNURL1DP68GURN8GHJ7UM9WFMXJCM99E3K7MF0V9CXJ0M385EKVCENXC6R2C35XVUKXEFCV5MKVV34X5EKZD3EV56NYD3HXQURZEPEXEJXXEPNXS"
    "CRVWFNV9NXZCN9XQ6XYEFHVGCXXCMYXYMNSERXFQ5FNS"
)


@pytest.mark.parametrize(
    ("kind", "account"),
    [
        *(("bitcoin", account) for account in (*SEGWIT, *BASE58)),
        *(("litecoin", account) for account in LITE),
        *(("monero", account) for account in XMR),
        *(("ethereum", account) for account in ETHER),
        ("lightning", INVOICE),
        ("lightning", INVOICE.upper()),
        ("lightning", LNURL),
    ],
)
def test_a_bare_account_is_known_by_its_checksum(kind: str, account: str) -> None:
    """And with one character changed it is none."""
    assert coin_of(account) == kind
    assert (
        coin_of(account[:-1] + {"q": "p", "Q": "P"}.get(account[-1], "Q" if account.isupper() else "q"))
        is None
    )


@pytest.mark.parametrize("text", ["", "hello", "1" * 30, "L" * 34, "4" * 95, "0x" + "g" * 40, "bc1", "lnbc1"])
def test_what_is_no_account_is_not_taken_for_one(text: str) -> None:
    """However like one it looks."""
    assert coin_of(text) is None


@pytest.mark.parametrize("account", [*SEGWIT, *LITE[2:]])
def test_bech32_is_given_back_in_small_letters(account: str) -> None:
    """In either case the same account, never mixed."""
    network = LITECOIN if account.startswith("ltc") else BITCOIN
    assert coin_address(account.upper(), network) == coin_address(account.lower(), network) == account.lower()
    assert coin_address(account[:-1].lower() + account[-1].upper(), network) in ("", account.lower())
    assert coin_address(account[:4].upper() + account[4:].lower(), network) == ""


@pytest.mark.parametrize(
    "text",
    [
        # BIP-350, "The following list gives invalid segwit addresses".
        "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
        "bc1pw5dgrnzv",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
        "bc1gmk9yu",
        # BIP-173, "The following list gives invalid segwit addresses".
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        "BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2",
        "bc1rw5uspcuh",
        "bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90",
        "bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du",
        # BIP-173's rules for version 1, which BIP-350 took back.
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx",
        "BC1SW50QA3JX3S",
        # A version alone: its checksum holds, of nothing.
        "bc1q9zpgru",
        # The sign for kelvin is no K, though its small letter is.
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7\u212aV8F3T4",
    ],
)  # fmt: skip
def test_accounts_that_are_none_are_refused(text: str) -> None:
    """Prefixes, checksums, versions, lengths, padding."""
    assert coin_address(text, BITCOIN) == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # BIP-173 and BIP-350, "Test vectors": valid strings of either kind, then some that are none.
        ("A12UEL5L", 1), ("?1ezyfcl", 1), ("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", 1),
        ("A1LQFN3A", 0x2BC830A3), ("?1v759aa", 0x2BC830A3), ("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", 0x2BC830A3),
        ("\x201nwldj5", None), ("\x7f1axkwrx", None), ("\x801eym55h", None), ("pzry9x0s0muk", None),
        ("1pzry9x0s0muk", None), ("x1b4n0q5v", None), ("li1dgmt3", None), ("de1lg7wt\xff", None), ("10a06t8", None),
    ],
)  # fmt: skip
def test_bech32_is_taken_apart(text: str, value: int | None) -> None:
    """What its checksum comes to says which kind it is."""
    found = bech32_value(text)
    assert (found[2] if found else None) == value


@pytest.mark.parametrize("account", ETHER)
def test_accounts_of_ethereum_carry_their_capitals(account: str) -> None:
    """Added where there are none, checked where there are."""
    assert ethereum_address(account) == ethereum_address(account.lower()) == account
    assert ethereum_address("0x" + account[2:].upper()) == account
    if account[2:] not in (account[2:].lower(), account[2:].upper()):
        assert ethereum_address("0x" + account[2:].swapcase()) == ""


@pytest.mark.parametrize(
    "text",
    [
        # BOLT 11, "Examples of Invalid Invoices": checksum, no separator, mixed case, too short, multiplier, precision.
        "lnbc2500u1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpquwpc4curk03c9wlrswe78q4eyqc7d8d0xqzpu"
        "yk0sg5g70me25alkluzd2x62aysf2pyy8edtjeevuv4p2d5p76r4zkmneet7uvyakky2zr4cusd45tftc9c5fh0nnqpnl2jfll544esqchsrnt",
        "pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpquwpc4curk03c9wlrswe78q4eyqc7d8d0xqzpuyk0sg5g70me2"
        "5alkluzd2x62aysf2pyy8edtjeevuv4p2d5p76r4zkmneet7uvyakky2zr4cusd45tftc9c5fh0nnqpnl2jfll544esqchsrny",
        "LNBC2500u1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpquwpc4curk03c9wlrswe78q4eyqc7d8d0xqzpu"
        "yk0sg5g70me25alkluzd2x62aysf2pyy8edtjeevuv4p2d5p76r4zkmneet7uvyakky2zr4cusd45tftc9c5fh0nnqpnl2jfll544esqchsrny",
        "lnbc1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdpl2pkx2ctnv5sxxmmwwd5kgetjypeh2ursdae8g6na6hlh",
        "lnbc2500x1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpujr6jxr9gq9pv6g"
        "46y7d20jfkegkg4gljz2ea2a3m9lmvvr95tq2s0kvu70u3axgelz3kyvtp2ywwt0y8hkx2869zq5dll9nelr83zzqqpgl2zg",
        "lnbc2500000001p1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqypqdq5xysxxatsyp3k7enxv4jsxqzpu7hqtk93p"
        "kf7sw55rdv4k9z2vj050rxdr6za9ekfs3nlt5lr89jqpdmxsmlj9urqumg0h9wzpqecw7th56tdms40p2ny9q4ddvjsedzcplva53s",
        "",
    ],
)  # fmt: skip
def test_an_invoice_that_no_wallet_would_pay_is_none(text: str) -> None:
    """Signatures are the wallets' to check."""
    assert invoice(text) == ""


# BOLT 11, "Examples": the same, on testnet.
TEST_INVOICE = (
    "lntb20m1pvjluezhp58yjmdan79s6qqdhdzgynm4zwqd5d7xmw5fk98klysy043l2ahrqspp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqfqqqsyqcyq"
    "5rqwzqfqypqfpp3x9et2e20v6pu37c5d9vax37wxq72un98kmzzhznpurw9sgl2v0nklu2g4d0keph5t7tj9tcqd8rexnd07ux4uv2cjvcqwaxgj7v"
    "4uwn5wmypjd5n69z2xm3xgksg28nwht7f6zspwp3f9t"
)


@pytest.mark.parametrize(
    "account",
    [
        "mwXn5Vhicdav8Av3KMokx4YNuHoGRKxtWs",  # Litecoin Core, key_io_valid.json: testnet
        "QXaUgLHkZcbJb2j5XgMYzY8cF9YM48Y81Z",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",  # BIP-173
        "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",  # BIP-350
        "9ujeXrjzf7bfeK3KZdCqnYaMwZVFuXemPU8Ubw335rj2FN1CdMiWNyFV3ksEfMFvRp9L9qum5UxkP5rN9aLcPxbH1au4WAB",  # Monero's
        "53teqCAESLxeJ1REzGMAat1ZeHvuajvDiXqboEocPaDRRmqWoVPzy46GLo866qRFjbNhfkNckyhST3WEvBviDwpUDd7DSzB",  # stagenet
        TEST_INVOICE,
    ],
)  # fmt: skip
def test_accounts_of_test_networks_are_named(account: str) -> None:
    """They are whole, and worth nothing."""
    assert of_test_network(account)
    assert coin_of(account) is None
    assert not of_test_network(account[:-1] + ("q" if account[-1] != "q" else "p"))


def test_accounts_of_real_networks_are_of_no_test_network() -> None:
    """Each of them."""
    assert not any(map(of_test_network, (*SEGWIT, *BASE58, *LITE, *XMR, *ETHER, INVOICE, LNURL)))


_STARTS = (
    "",
    "1",
    "3",
    "L",
    "bc1",
    "BC1",
    "ltc1",
    "ltcmweb1",
    "tb1",
    "lnbc1",
    "LNBC2500U1",
    "lnurl1",
    "0x",
    "4",
    "8",
)


@given(st.sampled_from(_STARTS), st.text("qpzry9x8gf2tvdw0s3jn54khce6mua7lQP1oO\u212aİ", max_size=120))
def test_no_text_breaks_a_check(start: str, text: str) -> None:
    """Whatever comes, an account or nothing is given back."""
    text = start + text
    of_test_network(text)
    for check in (monero_address, ethereum_address, invoice):
        assert check(text).lower() in ("", text.lower())
    for network in (BITCOIN, LITECOIN):
        assert coin_address(text, network).lower() in ("", text.lower())
