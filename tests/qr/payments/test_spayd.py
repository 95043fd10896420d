"""Czech payments are written and read as the Czech Banking Association's QR Platba 1.2 says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.payments.spayd import Spayd, build_spayd, read_spayd
from bot.qr.refusal import Refused
from bot.qr.segments import segments
from tests.qr.payments.drawn import amounts, anything, days, ibans, lines

GOODS = Spayd("CZ5855000000001265098001", "", Decimal("480.50"), message="PLATBA ZA ZBOZI")


@pytest.mark.parametrize(
    ("spayd", "text"),
    [
        # Wikipedia, "Short Payment Descriptor"; inmite/spayd-sdk's tests.
        (GOODS, "SPD*1.0*ACC:CZ5855000000001265098001*AM:480.50*CC:CZK*MSG:PLATBA ZA ZBOZI"),
        (
            replace(GOODS, bic="RZBCCZPP", reference="1234567890123456", variable_symbol="1234567890",
                    date="24.5.2012"),
            "SPD*1.0*ACC:CZ5855000000001265098001+RZBCCZPP*AM:480.50*CC:CZK*RF:1234567890123456"
            "*X-VS:1234567890*DT:20120524*MSG:PLATBA ZA ZBOZI",
        ),
        # The standard's 5.2.1, without the symbols we have no field for.
        (
            Spayd("CZ3301000000000002970297", "", Decimal("555.55"), "czk", "PRISPEVEK NA NADACI",
                  "0987654321", "2021-04-30", "7004139146"),
            "SPD*1.0*ACC:CZ3301000000000002970297*AM:555.55*CC:CZK*RF:7004139146*X-VS:0987654321*DT:20210430"
            "*MSG:PRISPEVEK NA NADACI",
        ),
        (Spayd("CZ5855000000001265098001", currency=""), "SPD*1.0*ACC:CZ5855000000001265098001*CC:CZK"),
    ],
)  # fmt: skip
def test_the_published_examples_are_written(spayd: Spayd, text: str) -> None:
    """In the order of the standard; and read back without a warning."""
    assert build_spayd(spayd) == text
    assert "byte" not in {each.mode for each in segments(text.encode(), 1)}
    reading = read_spayd(text)
    assert reading is not None
    assert reading.warnings == ()
    assert build_spayd(reading.content) == text


def test_what_is_not_ascii_is_percent_encoded() -> None:
    """The asterisk, the percent sign and letters with marks (annex 2: ž is %C5%BE); the case stays."""
    text = build_spayd(replace(GOODS, message="50 % *sleva* za žízeň: 1/2+3"))
    assert text.endswith("*MSG:50 %25 %2Asleva%2A za %C5%BE%C3%ADze%C5%88: 1/2+3")


def test_a_message_in_capitals_with_marks_stays_in_the_dense_mode() -> None:
    """As the standard recommends."""
    text = build_spayd(replace(GOODS, message="PLATBA ZA ZBOŽÍ"))
    assert "byte" not in {each.mode for each in segments(text.encode(), 1)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"iban": "CZ5855000000001265098002"}, "iban"),
        ({"bic": "RZBC"}, "bic"),
        ({"amount": Decimal(10_000_000)}, "amount"),
        ({"amount": Decimal("0.001")}, "amount"),
        ({"currency": "KČ"}, "currency"),
        ({"currency": "CZ*"}, "currency"),
        ({"message": "x" * 61}, "message"),
        ({"message": "two\nlines"}, "message"),
        ({"variable_symbol": "12345678901"}, "variable_symbol"),
        ({"variable_symbol": "VS1"}, "variable_symbol"),
        ({"variable_symbol": "١٢"}, "variable_symbol"),
        ({"date": "31.2.2026"}, "date"),
        ({"date": "tomorrow"}, "date"),
        ({"reference": "RF18539007547034"}, "reference"),
    ],
)
def test_what_no_bank_takes_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_spayd(replace(GOODS, **changes))
    assert refused.value.field == field


def numbers(most: int) -> st.SearchStrategy[str]:
    """Draw digits, leading zeros among them."""
    return st.text("0123456789", max_size=most)


@given(
    st.builds(
        Spayd,
        iban=ibans(),
        bic=st.sampled_from(["", "RZBCCZPP"]),
        amount=st.none() | amounts("9999999.99"),
        currency=st.sampled_from(["CZK", "EUR"]),
        message=lines(60, characters=st.characters(exclude_categories=("Cc", "Cs"))),
        variable_symbol=numbers(10),
        date=st.just("") | days(),
        reference=numbers(16),
    )
)
def test_a_payment_reads_back_as_the_same_values(spayd: Spayd) -> None:
    """Build, then read: the same, whatever the message holds."""
    text = build_spayd(spayd)
    reading = read_spayd(text)
    assert text.isascii()
    assert reading is not None
    assert reading.content == spayd
    assert reading.warnings == ()


@given(st.lists(anything(), min_size=6, max_size=6), ibans())
def test_nothing_typed_adds_an_attribute(values: list[str], iban: str) -> None:
    """What is not refused has at most our seven attributes, each once."""
    try:
        built = build_spayd(Spayd(iban, values[0], None, *values[1:]))
    except Refused:
        return
    keys = [part.partition(":")[0] for part in built.split("*")[2:]]
    assert keys == [key for key in ("ACC", "CC", "RF", "X-VS", "DT", "MSG") if key in keys]
    reading = read_spayd(built)
    assert reading is not None
    assert (reading.content.iban, reading.warnings) == (iban, ())
    assert build_spayd(reading.content) == built


@pytest.mark.parametrize(
    "text",
    [
        # The specification's example as miskith/QRInvoice's tests have it; other orders and forms of it.
        "SPD*1.0*ACC:CZ5855000000001265098001*AM:100.00*CC:CZK*CRC32:AAD80227",
        "SPD*1.0*CC:CZK*AM:100.00*CRC32:aad80227*ACC:CZ5855000000001265098001",
        "SPD*1.0*ACC:CZ5855000000001265098001*AM:100.00*CC:CZK*",
        "spd*1.0*acc:CZ5855000000001265098001*am:100,00",
    ],
)
def test_a_checksum_is_verified_and_other_forms_are_read(text: str) -> None:
    """Over the attributes in the order of keys, whatever order they stand in."""
    reading = read_spayd(text)
    assert reading is not None
    assert reading.content == Spayd("CZ5855000000001265098001", "", Decimal(100))
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("1.0*ACC:CZ5855000000001265098001*AM:100.01*CC:CZK*CRC32:AAD80227", "checksum"),
        ("2.0*ACC:CZ5855000000001265098001", "version 2.0"),
        ("1.0*ACC:CZ5855000000001265098021", "This IBAN has a typing error"),
        ("1.0*ACC:CZ5855000000001265098001*AM:much", "“much” is not an amount"),
        ("1.0*ACC:CZ5855000000001265098001*CC:CZKK", "A currency has"),
        ("1.0*ACC:CZ5855000000001265098001*RF:12345678901234560", "at most 16 digits"),
        ("1.0*ACC:CZ5855000000001265098001*DT:201299990", "day of the calendar"),
        ("1.0*ACC:CZ5855000000001265098001*X-SS:1234567890*X-KS:0558", "X-SS:1234567890, X-KS:0558"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(rest: str, sentence: str) -> None:
    """One fault, one warning (inmite/spayd-sdk's wrong values among them)."""
    reading = read_spayd(f"SPD*{rest}")
    assert reading is not None
    (warning,) = reading.warnings
    assert sentence in str(warning)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no spayd in here",
        "SSS*1.0*ACC:CZ5855000000001265098001",
        "SPD*1.0*",
        "SCD*1.0*ACC:CZ33",
        "SPD*1.0*AM:5",
    ],
)
def test_other_texts_are_not_payments(text: str) -> None:
    """Other heads, consents to collection, payments to nobody."""
    assert read_spayd(text) is None


@given(anything())
def test_reading_never_fails(rest: str) -> None:
    """Whatever stands behind the head."""
    read_spayd(rest)
    reading = read_spayd(f"SPD*1.0*ACC:{rest}*CRC32:{rest}*DT:{rest}*AM:{rest}*MSG:%C5{rest}")
    assert reading is not None
    assert reading.kind == "spayd"
