"""Data objects are written and cut as EMV QRCPS Merchant-Presented Mode v1.1 says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.payments.tlv import (
    amount_in,
    crc_of,
    merchant_code,
    objects_in,
    objects_text,
    others,
    plain_of,
    signed,
    template,
)
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import anything
from tests.qr.payments.merchants import EMV, SEEN

OBJECTS = st.dictionaries(
    st.integers(0, 99).map(lambda tag: f"{tag:02}"), st.text(min_size=1, max_size=99), max_size=12
)


def test_the_checksum_is_crc_16_ccitt_false() -> None:
    """Its check value is 29B1 (Greg Cook, "Catalogue of parametrised CRC algorithms", CRC-16/IBM-3740)."""
    assert crc_of("123456789") == "29B1"


def test_the_checksum_keeps_its_leading_zeros() -> None:
    """Four digits always; some text below a thousand has one."""
    assert {len(crc_of(str(number))) for number in range(1000)} == {4}
    assert any(crc_of(str(number)).startswith("0") for number in range(1000))


def test_the_specifications_sample_is_read() -> None:
    """Lengths count characters, the checksum bytes; the order of tags is free."""
    found = merchant_code(EMV)
    assert found is not None
    objects, warnings = found
    assert warnings == ()
    assert list(objects) == [
        "00",
        "01",
        "29",
        "31",
        "52",
        "58",
        "59",
        "60",
        "64",
        "54",
        "53",
        "55",
        "62",
        "91",
        "63",
    ]
    assert objects_in(objects["64"]) == {"00": "ZH", "01": "最佳运输", "02": "北京"}
    assert template(objects, "29", "d15600000000") == {"00": "D15600000000", "05": "A93FO3230Q"}
    assert template(objects, "31", "D15600000000") is None
    assert amount_in(objects) == (Decimal("23.72"), ())


def test_the_specifications_sample_is_signed_as_published() -> None:
    """The same objects give the same text."""
    objects = objects_in(EMV[:-8])
    assert objects is not None
    assert signed(objects.items()) == EMV


@given(OBJECTS)
def test_objects_read_back_in_their_order(objects: dict[str, str]) -> None:
    """Whatever the values say, digits and tags too."""
    found = objects_in(objects_text(objects.items()))
    assert found is not None
    assert list(found.items()) == list(objects.items())


@pytest.mark.parametrize(
    "text", ["0", "000", "0002", "00020", "0002011", "0x0201", "٠٠0201", "000201000201", "00-101"]
)
def test_a_text_that_does_not_fit_exactly_holds_no_objects(text: str) -> None:
    """Short values, left-over characters, tags twice, foreign digits."""
    assert objects_in(text) is None


@given(st.integers(0, len(EMV) - 5), SEEN)
def test_a_changed_character_is_noticed(at: int, other: str) -> None:
    """The structure breaks, or the checksum does."""
    changed = EMV[:at] + other + EMV[at + 1 :]
    found = merchant_code(changed)
    assert (found is not None and found[1] == ()) == (changed == EMV)


@pytest.mark.parametrize("end", ["", "6304A13A1002AB", "6303A13"])
def test_a_code_without_a_checksum_at_its_end_is_warned_of(end: str) -> None:
    """None at all, in the middle, too short."""
    found = merchant_code(EMV[:-8] + end)
    assert found is not None
    (warning,) = found[1]
    assert "no checksum" in str(warning)


def test_a_checksum_in_small_letters_will_do() -> None:
    """And white space around the code."""
    found = merchant_code(f" {EMV[:-4]}a13a\n")
    assert found is not None
    assert found[1] == ()


@given(anything())
def test_reading_never_fails(text: str) -> None:
    """Whatever comes, halves of characters too."""
    objects_in(text)
    merchant_code(text)
    merchant_code(f"00020159{len(text):02}{text}63040000")


@pytest.mark.parametrize(
    ("said", "amount", "warnings"),
    [("", None, 0), ("0.00", None, 0), ("12,5", Decimal("12.5"), 0), ("x", None, 1)],
)
def test_an_amount_is_found(said: str, amount: Decimal | None, warnings: int) -> None:
    """Zero is none; what is no number is said."""
    found = amount_in({"54": said})
    assert (found[0], len(found[1])) == (amount, warnings)


def test_what_is_not_known_is_told() -> None:
    """Other tags, other values of fixed ones, other tags inside a template, and a template that is none."""
    known: dict[str, tuple[str, ...] | str | None] = {"53": "702", "26": ("00",), "62": ("01",), "59": None}
    (warning,) = others({"53": "840", "26": "0001A0101B", "62": "x", "59": "Me", "80": "Z"}, known)
    assert str(warning).endswith("53 840, 26-01 B, 62 x, 80 Z")
    assert others({"53": "702", "26": "0001A", "59": "You"}, known) == ()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (" São Paulo ", "Sao Paulo"),
        ("Nguyễn Văn Đức", "Nguyen Van Duc"),
        ("Straße", "Strasse"),
        ("Padaria d’Ávila", "Padaria d'Avila"),
    ],
)
def test_accents_are_taken_off(text: str, plain: str) -> None:
    """Letters stay."""
    assert plain_of(text, 25, "name") == plain


@pytest.mark.parametrize("text", ["最佳运输", "a\nb", "x" * 26, "ß" * 13, "\ud800", "🙂"])
def test_what_no_reader_knows_is_refused(text: str) -> None:
    """At its field."""
    with pytest.raises(Refused) as refused:
        plain_of(text, 25, "name")
    assert refused.value.field == "name"


@given(anything())
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    """Once plain, always plain; and always characters that can be seen."""
    try:
        plain = plain_of(text, 99, "name")
    except Refused:
        return
    assert plain_of(plain, 99, "name") == plain
    assert plain.isascii()
    assert plain.isprintable()
