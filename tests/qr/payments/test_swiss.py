"""Swiss bills are written and read as the Swiss Implementation Guidelines QR-bill say."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.ch.esr import calc_check_digit
from stdnum.iban import calc_check_digits

from bot.qr.payloads import interpret
from bot.qr.payloads.payload import Level
from bot.qr.payloads.payments.bill import (
    LONGEST,
    NOTICES,
    Creditor,
    Currency,
    Debtor,
    Swiss,
    build_swiss,
    is_qr_iban,
)
from bot.qr.payloads.payments.swiss import SWISS, read_swiss
from bot.qr.refusal import Refused
from bot.qr.symbol import encode
from tests.qr.payments.drawn import amounts, anything, lines

SCHNEIDER = Creditor("Robert Schneider AG", "2501", "Biel", "Rue du Lac", "1268")
RUTSCHMANN = Debtor("Pia-Maria Rutschmann-Schnyder", "9400", "Rorschach", "Grosse Marktgasse", "28")
NONE = "\n" * 6  # seven empty lines
BILL = Swiss("CH5800791123000889012", SCHNEIDER, Decimal("199.95"))

MUSTER = Creditor("Max Muster & Söhne", "8000", "Seldwyla", "Musterstrasse", "123")
SIMON = Debtor("Simon Muster", "8000", "Seldwyla", "Musterstrasse", "1")
# Annex A of the guidelines 2.3 (tables 17 to 22), without the remarks "(sample company)" in the names. The
# creditor reference of table 20 is printed with the check digits 72, which ISO 11649 does not give; SIX's
# sample 17 ("Datenschema") has the same reference with the right ones, 24.
EXAMPLES = {
    "SPC\n0200\n1\nCH6431961000004421557\nS\nMax Muster & Söhne\nMusterstrasse\n123\n8000\nSeldwyla\nCH\n"
    "\n\n\n\n\n\n\n50.00\nCHF\nS\nSimon Muster\nMusterstrasse\n1\n8000\nSeldwyla\nCH\n"
    "QRR\n000008207791225857421286694\nPayment of travel\nEPD": Swiss(
        "CH6431961000004421557", MUSTER, Decimal("50.00"), Currency.CHF, SIMON,
        "000008207791225857421286694", "Payment of travel",
    ),
    "SPC\n0200\n1\nCH4431999123000889012\nS\nMax Muster & Söhne\nMusterstrasse\n123\n8000\nSeldwyla\nCH\n"
    "\n\n\n\n\n\n\n1949.75\nCHF\nS\nSimon Muster\nMusterstrasse\n1\n8000\nSeldwyla\nCH\n"
    "QRR\n210000000003139471430009017\nOrder from 15.10.2020\nEPD\n"
    "//S1/10/1234/11/201021/30/102673386/32/7.7/40/0:30\neBill/B/simon.muster@example.com": Swiss(
        "CH4431999123000889012", MUSTER, Decimal("1949.75"), Currency.CHF, SIMON,
        "210000000003139471430009017", "Order from 15.10.2020",
        "//S1/10/1234/11/201021/30/102673386/32/7.7/40/0:30", ("eBill/B/simon.muster@example.com",),
    ),
    "SPC\n0200\n1\nCH5204835012345671000\nS\nMuster Stiftung\nP.O. Box\n\n3001\nBern\nCH\n"
    "\n\n\n\n\n\n\n\nCHF\n\n\n\n\n\n\n\nNON\n\n\nEPD": Swiss(
        "CH5204835012345671000", Creditor("Muster Stiftung", "3001", "Bern", "P.O. Box"),
    ),
    "SPC\n0200\n1\nCH5800791123000889012\nS\nMuster Krankenkasse\nMusterstrasse\n12\n8000\nSeldwyla\nCH\n"
    "\n\n\n\n\n\n\n211.00\nCHF\nS\nSarah Beispiel\nMusterstrasse\n1\n8000\nSeldwyla\nCH\n"
    "SCOR\nRF240191230100405JSH0438\n\nEPD": Swiss(
        "CH5800791123000889012", Creditor("Muster Krankenkasse", "8000", "Seldwyla", "Musterstrasse", "12"),
        Decimal("211.00"), Currency.CHF, Debtor("Sarah Beispiel", "8000", "Seldwyla", "Musterstrasse", "1"),
        "RF240191230100405JSH0438",
    ),
    "SPC\n0200\n1\nCH5800791123000889012\nS\nMax Muster & Söhne\nMusterstrasse\n123\n9490\nVaduz\nLI\n"
    "\n\n\n\n\n\n\n199.95\nCHF\nS\nSarah Beispiel\nMusterstrasse\n1\n8000\nSeldwyla\nCH\n"
    "SCOR\nRF18539007547034\n\nEPD": Swiss(
        "CH5800791123000889012", replace(MUSTER, postcode="9490", town="Vaduz", country="LI"),
        Decimal("199.95"), Currency.CHF, Debtor("Sarah Beispiel", "8000", "Seldwyla", "Musterstrasse", "1"),
        "RF18539007547034",
    ),
    "SPC\n0200\n1\nCH5800791123000889012\nS\nMax Muster & Söhne\nMusterstrasse\n123\n8000\nSeldwyla\nCH\n"
    "\n\n\n\n\n\n\n199.95\nCHF\nS\nSarah Beispiel\nMusterstrasse\n1\n78462\nKonstanz\nDE\n"
    "SCOR\nRF18539007547034\n\nEPD": Swiss(
        "CH5800791123000889012", MUSTER, Decimal("199.95"), Currency.CHF,
        Debtor("Sarah Beispiel", "78462", "Konstanz", "Musterstrasse", "1", "DE"), "RF18539007547034",
    ),
}  # fmt: skip

# Characters banks take (guidelines 2.3, 4.1.1).
TAKEN = st.characters(
    min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["Cc"], include_characters="ȘșȚț€"
)


@pytest.mark.parametrize(
    ("bill", "text"),
    [
        # The guidelines' example with a QR reference (its data as in manuelbl/SwissQRBill.NET, SampleData,
        # example 1), without its alternative schemes.
        (
            Swiss(
                "CH44 3199 9123 0008 8901 2", replace(SCHNEIDER, number="1268/2/22"), Decimal("123949.75"),
                debtor=RUTSCHMANN, reference="210000 000 00313 9471430009017",
                message="Instruction of 15.09.2019",
                billing_information="//S1/10/10201409/11/190512/20/1400.000-53/30/106017086/31/180508/32/7.7/40/2:10;0:30",
            ),
            "SPC\n0200\n1\nCH4431999123000889012\n"
            f"S\nRobert Schneider AG\nRue du Lac\n1268/2/22\n2501\nBiel\nCH\n{NONE}\n123949.75\nCHF\n"
            "S\nPia-Maria Rutschmann-Schnyder\nGrosse Marktgasse\n28\n9400\nRorschach\nCH\n"
            "QRR\n210000000003139471430009017\nInstruction of 15.09.2019\nEPD\n"
            "//S1/10/10201409/11/190512/20/1400.000-53/30/106017086/31/180508/32/7.7/40/2:10;0:30",
        ),
        # A donation, nothing filled in (the same source, example 2).
        (
            Swiss(
                "CH37 0900 0000 3044 4222 5",
                Creditor("Salvation Army Foundation Switzerland", "3000", "Berne"),
                message="Donation to the Winterfest Campaign",
            ),
            "SPC\n0200\n1\nCH3709000000304442225\nS\n"
            "Salvation Army Foundation Switzerland\n\n\n3000\nBerne\nCH\n"
            f"{NONE}\n\nCHF\n{NONE}\nNON\n\nDonation to the Winterfest Campaign\nEPD",
        ),
        # A creditor reference with an ordinary IBAN (accounts and values as in the examples of payqr-swiss).
        (
            Swiss(
                "CH5800791123000889012", SCHNEIDER, Decimal("199.95"), debtor=RUTSCHMANN,
                reference="RF18 5390 0754 7034",
            ),
            "SPC\n0200\n1\nCH5800791123000889012\nS\nRobert Schneider AG\nRue du Lac\n1268\n2501\nBiel\nCH\n"
            f"{NONE}\n199.95\nCHF\n"
            "S\nPia-Maria Rutschmann-Schnyder\nGrosse Marktgasse\n28\n9400\nRorschach\nCH\n"
            "SCOR\nRF18539007547034\n\nEPD",
        ),
    ],
)  # fmt: skip
def test_the_published_examples_are_written(bill: Swiss, text: str) -> None:
    """Line by line; and read back without a warning, as no other kind."""
    assert build_swiss(bill) == text
    reading = interpret(text)
    assert (reading.kind, reading.warnings) == ("swiss", ())
    assert build_swiss(reading.content) == text


@pytest.mark.parametrize(("text", "bill"), EXAMPLES.items())
def test_the_examples_of_the_guidelines_are_written_and_read(text: str, bill: Swiss) -> None:
    """Letter for letter, and back without a warning."""
    assert build_swiss(bill) == text
    reading = read_swiss(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (bill, ())


def test_the_typing_error_of_a_published_example_is_found() -> None:
    """Table 20 as it is printed."""
    reading = read_swiss(list(EXAMPLES)[3].replace("RF24", "RF72"))
    assert reading is not None
    (warning,) = reading.warnings
    assert (warning.field, "typing error" in str(warning)) == ("reference", True)


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notification_has_no_amount_to_pay(notice: str) -> None:
    """Chapter 4.4: 0.00 goes with the words in capitals, in four languages, and with nothing else."""
    bill = replace(BILL, amount=Decimal("0.00"), message=notice)
    text = build_swiss(bill)
    assert text.split("\n")[18] == "0.00"
    reading = read_swiss(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (bill, ())
    with pytest.raises(Refused, match="above zero"):
        build_swiss(replace(bill, message=notice.lower()))


def test_the_permitted_characters_are_324() -> None:
    """Chapter 4.1.1: Basic Latin, Latin-1, Latin Extended-A, four letters with a comma below, the euro."""
    taken = set()
    for code in range(0x20, 0x2100):
        try:
            taken |= set(build_swiss(replace(BILL, message=f"a{chr(code)}b")).split("\n")[29])
        except Refused:
            continue
    blocks = (range(0x20, 0x7F), range(0xA0, 0x180), range(0x218, 0x21C), (0x20AC,))
    assert taken == {chr(code) for block in blocks for code in block}
    assert len(taken) == 324


def test_the_fullest_bill_still_fits_its_symbol() -> None:
    """Every line at its longest: version 25 at most, at level M."""
    creditor = Creditor("n" * 70, "1" * 16, "t" * 35, "s" * 70, "h" * 16)
    bill = Swiss(
        "CH4431999123000889012", creditor, Decimal("999999999.99"), Currency.EUR,
        Debtor("n" * 70, "1" * 16, "t" * 35, "s" * 70, "h" * 16), "210000000003139471430009017",
        "m" * 120, "//S1/10/123456789012", ("a" * 100, "b" * 100),
    )  # fmt: skip
    symbol = encode(SWISS.payload(bill))
    assert symbol.version <= 25
    assert symbol.level is Level.M


def test_the_symbol_is_as_the_guidelines_want_it() -> None:
    """Level M, at most version 25, black on white, with the cross."""
    rules = SWISS.rules
    assert (rules.level, rules.most, rules.plain, rules.cross) == (Level.M, 25, True, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"iban": ""}, "iban"),
        ({"iban": "CH5800791123000889013"}, "iban"),
        ({"iban": "DE71110220330123456789"}, "iban"),
        ({"creditor": replace(SCHNEIDER, name=" ")}, "creditor_name"),
        ({"creditor": replace(SCHNEIDER, name="x" * 71)}, "creditor_name"),
        ({"creditor": replace(SCHNEIDER, street="x" * 71)}, "creditor_street"),
        ({"creditor": replace(SCHNEIDER, number="1" * 17)}, "creditor_number"),
        ({"creditor": replace(SCHNEIDER, postcode="")}, "creditor_postcode"),
        ({"creditor": replace(SCHNEIDER, postcode="1" * 17)}, "creditor_postcode"),
        ({"creditor": replace(SCHNEIDER, town="x" * 36)}, "creditor_town"),
        ({"creditor": replace(SCHNEIDER, town="Bi\nel")}, "creditor_town"),
        ({"creditor": replace(SCHNEIDER, country="Schweiz")}, "creditor_country"),
        ({"creditor": replace(SCHNEIDER, country="XX")}, "creditor_country"),
        ({"creditor": replace(SCHNEIDER, postcode="CH-")}, "creditor_postcode"),
        ({"debtor": replace(RUTSCHMANN, name="")}, "debtor_name"),
        ({"debtor": replace(RUTSCHMANN, town="")}, "debtor_town"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(10) ** 9}, "amount"),
        ({"amount": Decimal("0.005")}, "amount"),
        ({"reference": "210000000003139471430009017"}, "reference"),
        ({"reference": "RF19539007547034"}, "reference"),
        ({"reference": "invoice 5"}, "reference"),
        ({"iban": "CH4431999123000889012"}, "reference"),
        ({"iban": "CH4431999123000889012", "reference": "RF18539007547034"}, "reference"),
        ({"iban": "CH4431999123000889012", "reference": "210000000003139471430009016"}, "reference"),
        ({"iban": "CH4431999123000889012", "reference": "3139471430009017"}, "reference"),
        ({"message": "x" * 141}, "message"),
        ({"message": "Жан"}, "message"),
        ({"message": "Thanks \N{PILE OF POO}"}, "message"),
        ({"message": "x" * 130, "billing_information": "//S1/10/123"}, "message"),
        ({"billing_information": "Invoice 5"}, "billing_information"),
        ({"billing_information": "//"}, "billing_information"),
        ({"amount": Decimal("sNaN")}, "amount"),
        ({"iban": "CH4431999123000889012", "reference": "0" * 27}, "reference"),
        ({"iban": "CH4431999123000889012", "reference": "2" * 28}, "reference"),
        ({"alternative_schemes": ("a", "b", "c")}, "alternative_schemes"),
        ({"alternative_schemes": ("x" * 101,)}, "alternative_schemes"),
        ({"alternative_schemes": ("a\nb",)}, "alternative_schemes"),
    ],
)
def test_what_no_bank_takes_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    """Each refusal names the field to mend, parts of an address too."""
    with pytest.raises(Refused) as refused:
        build_swiss(replace(BILL, **changes))
    assert refused.value.field == field


def test_more_bytes_than_a_symbol_holds_are_refused() -> None:
    """All characters in their place, and yet too many bytes of them."""
    wide = replace(SCHNEIDER, name="€" * 70, street="€" * 70, town="€" * 35)
    with pytest.raises(Refused, match=f"{LONGEST} bytes"):
        build_swiss(replace(BILL, creditor=wide, message="€" * 140))


def test_what_keyboards_type_becomes_what_banks_take() -> None:
    """Curly quotes, dashes, decomposed accents; lower-case countries; a payer of whom nothing is known."""
    typed = replace(
        BILL, creditor=replace(SCHNEIDER, name="L’Atelier – Gene\u0300ve", country="ch", postcode="CH-2501"),
        debtor=Debtor("", "", ""), alternative_schemes=("",),
    )  # fmt: skip
    reading = read_swiss(build_swiss(typed))
    assert reading is not None
    assert reading.content == replace(BILL, creditor=replace(SCHNEIDER, name="L'Atelier - Genève"))


def test_a_postcode_keeps_hyphens_of_its_own() -> None:
    """Only its country is taken off."""
    for typed in ("PL-00-950", "PL - 00-950", "00-950"):
        polish = replace(BILL, creditor=replace(SCHNEIDER, postcode=typed, country="PL"))
        assert build_swiss(polish).split("\n")[8] == "00-950"


def test_leading_zeros_of_a_qr_reference_may_be_left_out() -> None:
    """As the Style Guide lets bills print it."""
    bill = replace(BILL, iban="CH6431961000004421557", reference="82 07791 22585 74212 86694")
    assert build_swiss(bill).split("\n")[27:29] == ["QRR", "000008207791225857421286694"]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("CH4430000123000889012", True), ("CH4431999123000889012", True), ("LI2131000002324013000", True),
        ("CH4429999123000889012", False), ("CH4432000123000889012", False), ("DE4430000123000889012", False),
        ("CH", False),
    ],
)  # fmt: skip
def test_a_qr_iban_is_known_by_its_bank(account: str, expected: bool) -> None:
    """IID 30000 to 31999."""
    assert is_qr_iban(account) is expected


@st.composite
def bills(draw: st.DrawFn) -> Swiss:
    """Draw a bill in its normal form."""
    bank = draw(st.integers(1, 99999))
    account = f"{bank:05}{draw(st.text('0123456789', min_size=12, max_size=12))}"
    country = draw(st.sampled_from(["CH", "LI"]))
    iban = f"{country}{calc_check_digits(f'{country}00{account}')}{account}"
    digits = draw(st.text("0123456789", min_size=26, max_size=26).filter(int))
    of_qr = f"{digits}{calc_check_digit(digits)}"
    return Swiss(
        iban,
        draw(_parties(Creditor)),
        draw(st.none() | amounts("999999999.99")),
        draw(st.sampled_from(Currency)),
        draw(st.none() | _parties(Debtor)),
        of_qr if bank in range(30000, 32000) else draw(st.sampled_from(["", "RF18539007547034"])),
        draw(lines(100, characters=TAKEN)),
        draw(st.just("") | lines(30, characters=TAKEN).map(lambda text: f"//S1{text}".strip())),
        draw(st.lists(lines(100, 1, TAKEN), max_size=2).map(tuple)),
    )


def _parties(of: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        of, lines(70, 1, TAKEN), lines(16, 1, TAKEN), lines(35, 1, TAKEN), lines(70, 0, TAKEN),
        lines(16, 0, TAKEN), st.sampled_from(["CH", "DE"]),
    )  # fmt: skip


@given(bills())
def test_a_bill_reads_back_as_the_same_values(bill: Swiss) -> None:
    """Build, then read: the same, and nothing to warn of."""
    try:
        text = build_swiss(bill)
    except Refused as refused:
        assume("bytes" not in str(refused))
        raise
    reading = read_swiss(text)
    assert reading is not None
    assert reading.content == bill
    assert reading.warnings == ()
    assert not text.endswith("\n")
    assert len(text) <= LONGEST


@given(st.lists(anything(), min_size=12, max_size=12))
def test_nothing_typed_adds_a_line(values: list[str]) -> None:
    """What is not refused reads back field for field."""
    *party, reference, message, billing, debtor, first, second = values
    creditor = Creditor(*party)
    payer, schemes = Debtor(debtor, "1", "x"), (first, second)
    bill = Swiss(BILL.iban, creditor, None, Currency.CHF, payer, reference, message, billing, schemes)
    for each in (bill, replace(bill, creditor=SCHNEIDER, reference="", billing_information="")):
        try:
            built = build_swiss(each)
        except Refused:
            continue
        assert len(built.split("\n")) in range(31, 35)
        assert len(built.splitlines()) == len(built.split("\n"))
        reading = read_swiss(built)
        assert reading is not None
        assert (reading.content.iban, reading.warnings) == (BILL.iban, ())
        assert build_swiss(reading.content) == built


def _changed(**at: str) -> str:
    """Write the bill with some of its lines (``_4`` for the fifth) changed."""
    found = build_swiss(replace(BILL, reference="RF18539007547034")).split("\n") + [""] * 4
    for name, line in at.items():
        found[int(name[1:])] = line
    return "\n".join(found).rstrip("\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (_changed(_3="CH5800791123000889013"), "This IBAN has a typing error"),
        (_changed(_2="2"), "unknown character set (2)"),
        (_changed(_5=""), "needs a name"),
        (_changed(_11="S", _12="Someone else"), "also says: S, Someone else"),
        (_changed(_18="five"), "“five” is not an amount"),
        (_changed(_18="0.00"), "above zero"),
        (_changed(_19="USD"), "CHF or EUR"),
        (_changed(_20="S", _21="x"), "needs a name, a postcode"),
        (_changed(_27="NON"), "announces its reference as “NON”"),
        (_changed(_28="RF19539007547034"), "creditor reference has a typing error"),
        (_changed(_30="EDP"), "(EPD)"),
        (_changed(_31="S1"), "two slashes"),
        (_changed(_31="//S1", _32="eBill/B/1", _33="b", _34="c"), "at most two"),
        (_changed(_1="0210"), "of version 0210"),
        (_changed(_29="x" * 141), "At most 140"),
        (_changed().replace("\n", "\r"), "lines end in a way"),
        (_changed(_31="//S1") + "\n", "ends in an empty line"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(text: str, sentence: str) -> None:
    """One fault, one warning; the values are there all the same."""
    reading = read_swiss(text)
    assert reading is not None
    assert reading.content.creditor.town == "Biel"
    (warning,) = reading.warnings
    assert sentence in str(warning)


@pytest.mark.parametrize(
    ("second", "postcode", "town"),
    [("2501 Biel", "2501", "Biel"), ("CH-2501 Biel/Bienne", "2501", "Biel/Bienne")],
)
def test_combined_addresses_are_read_and_written_structured(second: str, postcode: str, town: str) -> None:
    """Bills of before November 2025 are still about; made again they are as banks want them."""
    reading = read_swiss(_changed(_4="K", _6="Rue du Lac 1268", _7=second, _8="", _9=""))
    assert reading is not None
    assert reading.content.creditor == Creditor("Robert Schneider AG", postcode, town, "Rue du Lac 1268")
    (warning,) = reading.warnings
    assert "old kind (K)" in str(warning)
    again = read_swiss(build_swiss(reading.content))
    assert again is not None
    assert (again.content, again.warnings) == (reading.content, ())


def test_windows_line_ends_are_as_good() -> None:
    """CRLF is allowed; so is an empty line for missing billing information."""
    text = build_swiss(BILL).replace("\n", "\r\n")
    for each in (text, f"{text}\r\n"):
        reading = read_swiss(each)
        assert reading is not None
        assert (reading.content, reading.warnings) == (BILL, ())


def test_alternative_procedures_stand_at_the_end() -> None:
    """At most two, also without billing information."""
    reading = read_swiss(_changed(_32="eBill/B/1", _33="Name: XY"))
    assert reading is not None
    assert (reading.content.alternative_schemes, reading.warnings) == (("eBill/B/1", "Name: XY"), ())


def test_a_payer_of_whom_only_the_country_is_read_is_none() -> None:
    """Some generators fill in the first and the last of the seven lines."""
    reading = read_swiss(_changed(_20="S", _26="CH"))
    assert reading is not None
    assert (reading.content.debtor, reading.warnings) == (None, ())


@pytest.mark.parametrize(
    "text", ["", "SPC", "SPC\n0200\n1", build_swiss(BILL).replace("SPC", "BCD"), _changed(_1="0100")]
)
def test_other_texts_are_not_bills(text: str) -> None:
    """Too few lines, other kinds, the version before."""
    assert read_swiss(text) is None


@given(anything(), st.lists(anything(), min_size=27, max_size=36).map("\n".join))
def test_reading_never_fails(text: str, rest: str) -> None:
    """Whatever stands in the lines."""
    read_swiss(text)
    reading = read_swiss(f"SPC\n0200\n{rest}")
    assert reading is not None
    assert reading.kind == "swiss"
