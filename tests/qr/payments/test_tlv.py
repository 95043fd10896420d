"""Data objects are written and cut apart as EMV QRCPS Merchant-Presented Mode says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.payments.tlv import (
    LONGEST,
    ascii_of,
    crc_of,
    merchant_code,
    money_of,
    objects_in,
    objects_text,
    plain_of,
    signed,
)
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import anything

# EMV QRCPS Merchant-Presented Mode v1.1, annex B (as the tests of mvallim/emv-qrcode give it).
EXAMPLE = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***"
    "0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)
TAGS = st.integers(1, 99).filter(lambda tag: tag != 63).map("{:02}".format)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=LONGEST)


def test_the_specification_s_own_example_is_read() -> None:
    """Chinese counts by characters, and its checksum is that of its UTF-8."""
    code = merchant_code(EXAMPLE)
    assert code is not None
    assert code.warnings == ()
    assert code.objects["64"] == "0002ZH0104最佳运输0202北京"
    assert objects_in(code.objects["64"]) == {"00": "ZH", "01": "最佳运输", "02": "北京"}
    assert code.more == {"03": "1234", "06": "***", "07": "A6008667", "09": "ME"}
    assert code.amount == Decimal("23.72")
    assert list(code.objects)[:4] == ["00", "01", "29", "31"]


@pytest.mark.parametrize(
    ("text", "crc"),
    [
        ("123456789", "29B1"),  # the check value of CRC-16/CCITT-FALSE (reveng's catalogue)
        ("", "FFFF"),
        (
            "00020101021129370016A000000677010111011300668912345675802TH53037646304",
            "29C1",
        ),  # dtinth/promptpay-qr
        # A KHQR of the tests of the National Bank of Cambodia's SDK, with a nought in front.
        (
            "00020101021129180014jonhsmith@nbcq5204599953031165802KH5910Jonh Smith6010Phnom Penh"
            "6229022501234567890123456789012349917001316776609478196304",
            "0CC8",
        ),
    ],
)
def test_the_checksum_is_the_one_of_the_specification(text: str, crc: str) -> None:
    """Four capital digits, noughts before them too."""
    assert crc_of(text) == crc


def test_objects_are_written_in_order_and_empty_ones_left_out() -> None:
    """Two digits of tag, two of length; the checksum stands behind them."""
    assert objects_text((("59", "Ä" * 12), ("54", ""), ("58", "TH"))) == f"5912{'Ä' * 12}5802TH"
    text = signed((("29", "x"), ("53", "764")))
    assert text.startswith("0002012901x53037646304")
    assert crc_of(text[:-4]) == text[-4:]


def test_a_value_that_does_not_fit_is_never_written() -> None:
    """A hundred characters would need a third digit, and spoil everything behind them."""
    assert objects_text((("26", "x" * LONGEST),)).startswith("2699")
    with pytest.raises(Refused, match="tag 26 has at most 99"):
        objects_text((("26", "x" * (LONGEST + 1)),), "info")


@given(st.dictionaries(TAGS, VALUES, max_size=20))
def test_objects_read_back_as_they_were_written(objects: dict[str, str]) -> None:
    """Whatever characters their values have, digits included."""
    assert objects_in(objects_text(objects.items())) == objects


@given(st.dictionaries(TAGS, VALUES, max_size=9), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_signed_code_is_read_without_a_word(objects: dict[str, str], name: str) -> None:
    """If it says an account and a currency."""
    given_ = objects | {"29": "0004test", "53": "764", "59": name.strip()[:25] or "x"}
    code = merchant_code(signed(given_.items()))
    assert code is not None
    assert code.warnings == ()
    assert {tag: value for tag, value in code.objects.items() if tag not in ("00", "63")} == given_


@pytest.mark.parametrize("text", ["0", "000", "00x1a", "0003ab", "0002abc", "0a01x", "٠٠02ab", "00+1a"])
def test_what_is_not_made_of_objects_is_not_cut(text: str) -> None:
    """Lengths must fit exactly, and are written in ASCII digits."""
    assert objects_in(text) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: f"{text[:-4]}A13B", "checksum of this code does not match"),
        (lambda text: text.replace("BEIJING", "BEIJINX"), "checksum of this code does not match"),
        (lambda text: text[:-8], "no checksum at its end"),
        (lambda text: f"{text[:-8]}5401263{text[-6:]}", "says something twice"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(change: object, sentence: str) -> None:
    """The values are there all the same."""
    assert callable(change)
    code = merchant_code(change(EXAMPLE))
    assert code is not None
    assert code.objects["59"] == "BEST TRANSPORT"
    assert sentence in str(code.warnings[0])


def test_a_small_letter_in_the_checksum_and_space_around_do_no_harm() -> None:
    """As people paste it."""
    code = merchant_code(f"\n {EXAMPLE[:-4]}a13a ")
    assert code is not None
    assert code.warnings == ()


def test_a_code_with_a_wrong_length_is_read_up_to_there() -> None:
    """And what is behind it is told."""
    text = signed((("29", "0004test"), ("53", "764"), ("59", "Ada"))).replace("5903", "5999")
    code = merchant_code(text)
    assert code is not None
    assert code.objects == {"00": "01", "29": "0004test", "53": "764"}
    first, second = code.warnings
    assert "behind them: 5999Ada6304" in str(first)
    assert "checksum" in str(second)


def test_lengths_in_bytes_are_understood() -> None:
    """As writers make them that count UTF-8, in templates too."""
    body = "00020129080004test53037645905Đặ62080804Ngà6304"
    code = merchant_code(body + crc_of(body))
    assert code is not None
    assert (code.objects["59"], code.more) == ("Đặ", {"08": "Ngà"})
    (warning,) = code.warnings
    assert "count bytes instead of characters" in str(warning)


@pytest.mark.parametrize(
    "text",
    ["", "000201", "00020", "000202", "000201 hello", "0002010102116304ABCD", "000201020012", "0002010202005",
     "https://000201.example", "0002012900", "00020129040004"],
)  # fmt: skip
def test_other_texts_are_not_codes(text: str) -> None:
    """Other beginnings, no account, or nothing that says it is about money."""
    assert merchant_code(text) is None


@given(anything() | st.text("0123456789", max_size=40))
def test_reading_never_fails(rest: str) -> None:
    """Half characters and all."""
    merchant_code(rest)
    objects_in(rest)
    code = merchant_code(f"0002012904test5303764{rest}")
    assert code is not None
    assert (code.objects["29"], code.objects["53"]) == ("test", "764")
    assert (code.amount, code.unclear, code.more) is not None


def test_an_account_is_found_by_its_identifier_in_any_tag() -> None:
    """From 26 to 51, whatever the case."""
    code = merchant_code(signed((("02", "0004test"), ("40", "0004TEST0101x"), ("53", "764"))))
    assert code is not None
    assert code.account("test") == {"00": "TEST", "01": "x"}
    assert code.account("other") is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("São Luís", "Sao Luis"), ("Nguyễn Đức", "Nguyen Duc"), (" Łódź ", "Lodz"), ("Straße", "Strasse"),
        ("Œuvre – “x”", 'OEuvre - "x"'), ("½ l", None), ("日本", None), ("😀", None), ("\u0301", ""),
    ],
)  # fmt: skip
def test_accents_are_taken_off(text: str, plain: str | None) -> None:
    """What is then no ASCII is refused."""
    if plain is not None:
        assert plain_of(text, 25, "name") == plain
        return
    with pytest.raises(Refused) as refused:
        plain_of(text, 25, "name")
    assert refused.value.field == "name"


@given(anything())
def test_a_plain_text_is_printable_and_stays_as_it_is(text: str) -> None:
    """Doing it twice changes nothing."""
    try:
        plain = ascii_of(text, "name")
    except Refused:
        return
    assert all(" " <= each <= "~" for each in plain)
    assert ascii_of(plain, "name") == plain == plain.strip()


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, ""),
        (Decimal(5), "5.00"),
        (Decimal("0.01"), "0.01"),
        (Decimal("9999999999.99"), "9999999999.99"),
    ],
)
def test_an_amount_has_two_decimals_and_13_characters_at_most(amount: Decimal | None, text: str) -> None:
    """EMV QRCPS, 4.7.5."""
    assert money_of(amount) == text


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "10000000000", "NaN", "sNaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    """At its field."""
    with pytest.raises(Refused) as refused:
        money_of(Decimal(amount))
    assert refused.value.field == "amount"
