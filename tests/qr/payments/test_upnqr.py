"""Slovenian payment orders are written and read as the ZBS technical standard UPN QR says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.payload import Level
from bot.qr.payloads.payments.upnqr import CHARSET, UPNQR, Upn, build_upnqr, read_upnqr
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything, days, ibans, lines

RENT = Upn(
    name="Novo podjetje d.o.o.", iban="SI56 0510 0801 0486 080", city="3698 Loški Potok",
    purpose="Plačilo najemnine 10/2016", amount=Decimal("81.05"), reference="RF45SBO2010",
    street="Lepa cesta 15", deadline="2016-11-15", purpose_code="rent", payer_name="Janez Novak",
    payer_street="Dunajska 1", payer_city="1000 Ljubljana",
)  # fmt: skip
PAYEE = "SI56051008010486080", "Novo podjetje d.o.o.", "Lepa cesta 15", "3698 Loški Potok"
LATIN_2 = st.characters(codec=CHARSET, exclude_categories=["Cc"])


@pytest.mark.parametrize(
    ("upn", "text"),
    [
        # zint's documentation (the code of its UPNQR picture).
        (
            RENT,
            "UPNQR\n\n\n\n\nJanez Novak\nDunajska 1\n1000 Ljubljana\n00000008105\n\n\nRENT\n"
            "Plačilo najemnine 10/2016\n15.11.2016\nSI56051008010486080\nRF45SBO2010\nNovo podjetje d.o.o.\n"
            "Lepa cesta 15\n3698 Loški Potok\n188\n",
        ),
        # A public PHP generator's test; a Go one's comment has the same.
        (
            Upn("RentaCar d.o.o.", "SI56020170014356205", "2000 Maribor", "Placilo najemnine za marec 2017",
                Decimal("81.05"), "SI12 1234567890120", "Pohorska ulica 22", "1.4.2017", "RENT",
                "Janez Novak", "Dunajska ulica 1", "1000 Ljubljana"),
            "UPNQR\n\n\n\n\nJanez Novak\nDunajska ulica 1\n1000 Ljubljana\n00000008105\n\n\nRENT\n"
            "Placilo najemnine za marec 2017\n01.04.2017\nSI56020170014356205\nSI121234567890120\n"
            "RentaCar d.o.o.\nPohorska ulica 22\n2000 Maribor\n201\n",
        ),
        # The standard's example A, "payment of obligations (cash)", as the Dart package upn_qr has it.
        (
            Upn(PAYEE[1], PAYEE[0], PAYEE[3], "Plačilo obveznosti 10/2016", Decimal("81.05"),
                "SI0598765432100", PAYEE[2], "", "COST", "Janez Novak", "Dunajska 1", "1000 Ljubljana"),
            "UPNQR\n\n\n\n\nJanez Novak\nDunajska 1\n1000 Ljubljana\n00000008105\n\n\nCOST\n"
            "Plačilo obveznosti 10/2016\n\nSI56051008010486080\nSI0598765432100\nNovo podjetje d.o.o.\n"
            "Lepa cesta 15\n3698 Loški Potok\n183\n",
        ),
        # Its example B, "non-cash", as a zint port's test has it.
        (
            Upn(PAYEE[1], PAYEE[0], PAYEE[3], "Plačilo avansa-ponudba 2016/12", Decimal("1280.67"),
                "SI00123456-67890-12345", PAYEE[2], "", "ADVA", "Združenje bank Slovenije", "Šubičeva 2",
                "1000 Ljubljana", "SI56020170014356205", "SI003528-990"),
            "UPNQR\nSI56020170014356205\n\n\nSI003528-990\nZdruženje bank Slovenije\nŠubičeva 2\n"
            "1000 Ljubljana\n00000128067\n\n\nADVA\nPlačilo avansa-ponudba 2016/12\n\nSI56051008010486080\n"
            "SI00123456-67890-12345\nNovo podjetje d.o.o.\nLepa cesta 15\n3698 Loški Potok\n238\n",
        ),
    ],
)  # fmt: skip
def test_the_published_examples_are_written(upn: Upn, text: str) -> None:
    """With their control sums; and read back without a warning, also with the padding some add."""
    assert build_upnqr(upn) == text
    for given_ in (text, text.rstrip("\n"), text.replace("\n", "\r\n"), text + " " * (411 - len(text))):
        reading = read_upnqr(given_)
        assert reading is not None
        assert reading.warnings == ()
        assert build_upnqr(reading.content) == text


def test_the_symbol_is_as_the_standard_wants_it() -> None:
    """Version 15 at level M, ISO 8859-2 with its ECI, black on white."""
    rules = UPNQR.rules
    assert (rules.level, rules.least, rules.most) == (Level.M, 15, 15)
    assert (rules.charset, rules.eci, rules.plain) == ("iso8859-2", True, True)


def test_the_longest_order_is_what_the_symbol_holds() -> None:
    """411 bytes: the capacity of version 15-M with an ECI."""
    text = "Š" * 33
    account, reference, day = "MT84MALT011000012345MTLCAST001S", "SI00" + "1" * 22, "2026-12-31"
    longest = Upn(
        text, account, text, "Č" * 42, Decimal("999999999.99"), reference, text, day, "OTHR", text, text,
        text, "SI56051008010486080", reference, day, True, True, True,
    )  # fmt: skip
    # Malta's accounts have 31 characters, the standard's field has 34.
    assert len(UPNQR.payload(longest).data) == 411 - 3


def test_an_open_amount_and_no_reference_have_their_signs() -> None:
    """Zeros, and SI99; both are read as nothing."""
    text = build_upnqr(replace(RENT, amount=None, reference=""))
    assert text.split("\n")[8] == "0" * 11
    assert text.split("\n")[15] == "SI99"
    reading = read_upnqr(text)
    assert reading is not None
    assert (reading.content.amount, reading.content.reference, reading.warnings) == (None, "", ())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 34}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "Жан"}, "name"),
        ({"iban": "SI56051008010486081"}, "iban"),
        ({"city": " "}, "city"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "x" * 43}, "purpose"),
        ({"purpose": "5 €"}, "purpose"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(10) ** 9}, "amount"),
        ({"reference": "RF46SBO2010"}, "reference"),
        ({"reference": "SI00"}, "reference"),
        ({"reference": "SI00 ABC"}, "reference"),
        ({"reference": "SI00 1-2-3-4"}, "reference"),
        ({"reference": "SI00" + "1" * 23}, "reference"),
        ({"reference": "SI12 1234567890121"}, "reference"),
        ({"reference": "SI01 11-2-9"}, "reference"),
        ({"reference": "SI12 12345678901234"}, "reference"),
        ({"reference": "2026-137"}, "reference"),
        ({"deadline": "30.2.2026"}, "deadline"),
        ({"purpose_code": "RE"}, "purpose_code"),
        ({"payer_iban": "DE89370400440532013000"}, "payer_iban"),
        ({"payer_iban": "SI56051008010486081"}, "payer_iban"),
        ({"payer_reference": "x"}, "payer_reference"),
        ({"payer_city": "x" * 34}, "payer_city"),
    ],
)
def test_what_no_bank_takes_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_upnqr(replace(RENT, **changes))
    assert refused.value.field == field


def test_letters_the_charset_lacks_are_named() -> None:
    """So that they can be found."""
    with pytest.raises(Refused, match="cannot hold à €"):
        build_upnqr(replace(RENT, purpose="voilà: 5 €, č"))


@pytest.mark.parametrize(
    "reference",
    ["SI01 11-2-0", "SI12 1234567890120", "SI00 2026-137", "SI05 1-2", "si99", "RF45 SBO2 010", ""],
)
def test_references_of_the_slovenian_rules_are_taken(reference: str) -> None:
    """Models 01 and 12 check all digits by the last; 2·2 + 1·3 + 1·4 = 11 leaves 0."""
    written = build_upnqr(replace(RENT, reference=reference)).split("\n")[15]
    assert written == (reference.replace(" ", "").upper() or "SI99")


@given(
    st.builds(
        Upn,
        name=lines(33, 1, LATIN_2),
        iban=ibans(),
        city=lines(33, 1, LATIN_2),
        purpose=lines(42, 1, LATIN_2),
        amount=st.none() | amounts("999999999.99"),
        reference=st.sampled_from(["", "SI002026-137", "RF45SBO2010", "SI121234567890120"]),
        street=lines(33, 0, LATIN_2),
        deadline=st.just("") | days(),
        purpose_code=st.text("ABCXYZ", min_size=4, max_size=4),
        payer_name=lines(33, 0, LATIN_2),
        payer_street=lines(33, 0, LATIN_2),
        payer_city=lines(33, 0, LATIN_2),
        payer_iban=st.just("") | ibans("SI"),
        payer_reference=st.sampled_from(["", "SI003528-990"]),
        payment_date=st.just("") | days(),
        urgent=st.booleans(),
        deposit=st.booleans(),
        withdrawal=st.booleans(),
    )
)
def test_an_order_reads_back_as_the_same_values(upn: Upn) -> None:
    """Build, then read: the same; and it fits the symbol in its charset."""
    text = build_upnqr(upn)
    reading = read_upnqr(text)
    assert reading is not None
    assert reading.content == upn
    assert reading.warnings == ()
    assert len(UPNQR.payload(upn).data) == len(text) <= 411


@given(st.lists(anything(), min_size=10, max_size=10), ibans())
def test_nothing_typed_adds_a_line(values: list[str], iban: str) -> None:
    """What is not refused has twenty lines, and reads back field for field."""
    name, city, purpose, street, deadline, code, payer, payer_street, payer_city, account = values
    try:
        built = build_upnqr(
            Upn(
                name or "x", iban, city or "x", purpose or "x", None, "", street, deadline, code, payer,
                payer_street, payer_city, account,
            )
        )  # fmt: skip
    except Refused:
        return
    assert built.count("\n") == 20
    reading = read_upnqr(built)
    assert reading is not None
    assert (reading.content.iban, reading.warnings) == (iban, ())
    assert build_upnqr(reading.content) == built


@pytest.mark.parametrize(
    ("line", "value", "sentence"),
    [
        (19, "189", "control sum"),
        (19, "", "control sum"),
        (14, "SI56051008010486081", "This IBAN has a typing error"),
        (15, "SI121234567890121", "model 12"),
        (13, "31.11.2016", "day of the calendar"),
        (8, "81.05 EUR  ", "“81.05 EUR” is not an amount"),
        (20, "more", "more"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(line: int, value: str, sentence: str) -> None:
    """One fault, one warning: the sum is made right for the others."""
    changed = build_upnqr(RENT).split("\n")
    changed[line] = value
    if line < 19:
        changed[19] = str(sum(len(each) + 1 for each in changed[:19]))
    reading = read_upnqr("\n".join(changed))
    assert reading is not None
    (warning,) = reading.warnings
    assert sentence in str(warning)


@pytest.mark.parametrize("text", ["", "UPNQR", "UPNQR\n" * 17, "XPNQR" + "\n" * 20])
def test_other_texts_are_not_orders(text: str) -> None:
    """Too few lines, another head."""
    assert read_upnqr(text) is None


@given(st.lists(anything(), min_size=18, max_size=22))
def test_reading_never_fails(rest: list[str]) -> None:
    """Whatever stands in the lines."""
    read_upnqr("\n".join(rest))
    reading = read_upnqr("\n".join(["UPNQR", *rest]))
    assert reading is not None
    assert reading.kind == "upnqr"
