"""SEPA payments are written and read as EPC069-12 says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.qr.payloads.payload import Level
from bot.qr.payloads.payments.epc import BYTES, EPC, Epc, build_epc, read_epc
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything, ibans, lines

RED_CROSS = Epc("Red Cross of Belgium", "BE72000000001616", Decimal("1.00"))


@pytest.mark.parametrize(
    ("epc", "text"),
    [
        # EPC069-12 v2.1, example 1 (as segno's tests give it), with two decimals.
        (
            Epc("Franz Mustermänn", "DE71 1102 2033 0123 4567 89", Decimal("12.3"), "BHBLDEHHXXX", "GDDS",
                "RF18539007547034"),
            "BCD\n001\n1\nSCT\nBHBLDEHHXXX\nFranz Mustermänn\nDE71110220330123456789\nEUR12.30\nGDDS\n"
            "RF18539007547034",
        ),
        # EPC069-12 v2.1, example 2 (the same source), in UTF-8.
        (
            Epc("François D'Alsace S.A.", "FR1420041010050500013M02606", Decimal("12.3"),
                text="Client:Marie Louise La Lune"),
            "BCD\n002\n1\nSCT\n\nFrançois D'Alsace S.A.\nFR1420041010050500013M02606\nEUR12.30\n\n\n"
            "Client:Marie Louise La Lune",
        ),
        # Wikipedia, "EPC QR code".
        (
            Epc("Red Cross of Belgium", "BE72000000001616", Decimal(1), "BPOTBEB1", "CHAR",
                text="Urgency fund", information="Sample EPC QR code"),
            "BCD\n001\n1\nSCT\nBPOTBEB1\nRed Cross of Belgium\nBE72000000001616\nEUR1.00\nCHAR\n\n"
            "Urgency fund\nSample EPC QR code",
        ),
        # Without an amount, which version 3.1 allows.
        (Epc("Red Cross", "BE72000000001616"), "BCD\n002\n1\nSCT\n\nRed Cross\nBE72000000001616"),
    ],
)  # fmt: skip
def test_the_published_examples_are_written(epc: Epc, text: str) -> None:
    """Line by line; and read back without a warning."""
    assert build_epc(epc) == text
    reading = read_epc(text)
    assert reading is not None
    assert reading.warnings == ()
    assert build_epc(reading.content) == text


def test_the_symbol_is_as_the_guidelines_want_it() -> None:
    """Level M, at most version 13."""
    assert (EPC.rules.level, EPC.rules.most, EPC.rules.eci) == (Level.M, 13, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 71}, "name"),
        ({"name": "Red\nCross"}, "name"),
        ({"name": "Red\u2028Cross"}, "name"),
        ({"name": "Red \u202eCross"}, "name"),
        ({"name": "Red Cross \N{PILE OF POO}"}, "name"),
        ({"iban": ""}, "iban"),
        ({"iban": "BE72000000001617"}, "iban"),
        ({"iban": "CH9300762011623852957"}, "bic"),
        ({"bic": "BPOT"}, "bic"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("1.005")}, "amount"),
        ({"amount": Decimal(10) ** 9}, "amount"),
        ({"purpose": "CHARITY"}, "purpose"),
        ({"purpose": "C\nR"}, "purpose"),
        ({"reference": "RF19539007547034"}, "reference"),
        ({"reference": "RF18539007547034", "text": "Thanks"}, "text"),
        ({"text": "x" * 141}, "text"),
        ({"information": "x" * 71}, "information"),
        ({"text": "я" * 140, "name": "я" * 10}, "text"),
        ({"name": "я" * 70, "information": "€" * 70}, "information"),
    ],
)
def test_what_no_bank_takes_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_epc(replace(RED_CROSS, **changes))
    assert refused.value.field == field


@pytest.mark.parametrize("name", ["n° 5 & Söhne", "Βασίλης", "Жан", "M&M (5 + 1)"])
def test_letters_of_any_language_are_taken(name: str) -> None:
    """UTF-8 holds them all."""
    assert name in build_epc(replace(RED_CROSS, name=name))


def test_an_account_outside_the_economic_area_goes_with_its_bank() -> None:
    """The BIC stays mandatory there."""
    swiss = replace(RED_CROSS, iban="CH9300762011623852957", bic="POFICHBEXXX")
    assert build_epc(swiss).split("\n")[1:5] == ["001", "1", "SCT", "POFICHBEXXX"]


@given(
    st.builds(
        Epc,
        name=lines(70, 1),
        iban=ibans(),
        amount=st.none() | amounts("999999999.99"),
        bic=st.sampled_from(["", "BPOTBEB1", "BHBLDEHHXXX"]),
        purpose=st.sampled_from(["", "CHAR", "X1"]),
        reference=st.sampled_from(["", "", "RF18539007547034"]),
        text=lines(140),
        information=lines(70),
    )
)
def test_a_payment_reads_back_as_the_same_values(epc: Epc) -> None:
    """Build, then read: the same, and nothing to warn of."""
    assume(not (epc.reference and epc.text))
    assume(len(f"{epc.name}{epc.text}{epc.information}".encode()) <= 240)
    text = build_epc(epc)
    reading = read_epc(text)
    assert reading is not None
    assert reading.content == epc
    assert reading.warnings == ()
    assert len(text.encode()) <= BYTES


@given(st.lists(anything(), min_size=6, max_size=6), ibans())
def test_nothing_typed_adds_a_line(values: list[str], iban: str) -> None:
    """What is not refused reads back field for field."""
    name, bic, purpose, reference, text, information = values
    try:
        built = build_epc(Epc(name, iban, None, bic, purpose, reference, text, information))
    except Refused:
        return
    assert len(built.split("\n")) <= 12
    assert len(built.splitlines()) == len(built.split("\n"))
    reading = read_epc(built)
    assert reading is not None
    assert (reading.content.iban, reading.warnings) == (iban, ())
    assert build_epc(reading.content) == built


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(ending: str) -> None:
    """And ends after the last line, and comma amounts, and spaces in the account."""
    lines_ = [
        "BCD",
        "002",
        "2",
        "SCT",
        "",
        "Red Cross",
        "BE72 0000 0000 1616",
        "EUR12,5",
        "",
        "",
        "Thanks",
        "",
        "",
    ]
    reading = read_epc(ending.join(lines_))
    assert reading is not None
    assert reading.content == Epc("Red Cross", "BE72000000001616", Decimal("12.5"), text="Thanks")
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("BCD\n002\n1\nSCT\n\nX\nBE72000000001617", "This IBAN has a typing error"),
        ("BCD\n001\n1\nSCT\n\nX\nBE72000000001616", "version 001 needs"),
        ("BCD\n003\n1\nSCT\n\nX\nBE72000000001616", "version 003"),
        ("BCD\n002\n9\nSCT\n\nX\nBE72000000001616", "unknown character set"),
        ("BCD\n002\n2\nSCT\n\nÉ\nBE72000000001616", "ISO 8859-1"),
        ("BCD\n002\n1\nSCT\nBPOT\nX\nBE72000000001616", "A BIC has"),
        ("BCD\n002\n1\nSCT\n\nX\nBE72000000001616\nUSD5", "in euros"),
        ("BCD\n002\n1\nSCT\n\nX\nBE72000000001616\nEURfive", "“five” is not an amount"),
        ("BCD\n002\n1\nSCT\n\nX\nBE72000000001616\nEUR0", "above zero"),
        ("BCD\n002\n1\nSCT\n\nX\nBE72000000001616\n\n\nRF19539007547034", "creditor reference"),
        ("BCD\n002\n1\nSCT\n\nX\nBE72000000001616\n\n\nRF18539007547034\nhi", "either"),
        ("BCD\n002\n1\nSCT\n\nX\nBE72000000001616\n\n\n\n" + "я" * 139 + "\n" + "я" * 20, "331 bytes"),
        ("BCD\n002\n1\nSCT\n\nX\nBE72000000001616\n\n\n\n\n\nmore", "more"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(text: str, sentence: str) -> None:
    """One fault, one warning; the values are there all the same."""
    reading = read_epc(text)
    assert reading is not None
    assert reading.content.name in ("X", "É")
    (warning,) = reading.warnings
    assert sentence in str(warning)


@pytest.mark.parametrize(
    "text", ["", "BCD", "BCD\n002\n1\nSCT\n\nX", "BCD\n002\n1\nXXX\n\nX\nBE72000000001616"]
)
def test_other_texts_are_not_payments(text: str) -> None:
    """Too few lines, other services."""
    assert read_epc(text) is None


@given(anything() | st.lists(anything(), min_size=3, max_size=14).map("\n".join))
def test_reading_never_fails(rest: str) -> None:
    """Whatever stands in the lines."""
    read_epc(rest)
    reading = read_epc(f"BCD\n002\n1\nSCT\n{rest}\n\n")
    assert reading is not None
    assert reading.kind == "epc"
