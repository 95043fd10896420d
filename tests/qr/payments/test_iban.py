"""Accounts, banks, references and amounts: read as people write them, refused with the right sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.payments.iban import amount_of, bic_of, iban_of, reference_of
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import anything, ibans


@pytest.mark.parametrize(
    ("text", "iban"),
    [
        # Examples of SWIFT's IBAN registry.
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("gb29nwbk60161331926819", "GB29NWBK60161331926819"),
        ("  NO93 8601 1117 947 ", "NO9386011117947"),
        ("MT84-MALT-0110-0001-2345-MTLC-AST0-01S", "MT84MALT011000012345MTLCAST001S"),
        ("FR1420041010050500013M02606", "FR1420041010050500013M02606"),
    ],
)
def test_an_account_is_read_as_people_write_it(text: str, iban: str) -> None:
    """Spaces, hyphens and small letters do not matter."""
    assert iban_of(text) == iban


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("DE68210501700012345679", "This IBAN has a typing error: its check digits do not match."),
        ("DE68120501700012345678", "This IBAN has a typing error: its check digits do not match."),
        ("DE6821050170001234567", "An IBAN of DE has 22 characters; this one has 21."),
        ("DE682105017000123456789", "An IBAN of DE has 22 characters; this one has 23."),
        ("US64SVBKUS6S3300958879", "No country's IBANs begin with US."),
        ("12345678", "An IBAN is two letters, two digits"),
        ("DE68 2105\n0170 0012 3456 78", "An IBAN is two letters, two digits"),
        ("ＤＥ６８２１０５０１７０００１２３４５６７８", "An IBAN is two letters, two digits"),
        ("", "There is no IBAN yet."),
        # Check digits that divide without a rest and are still none (ISO 13616 gives 02 to 98).
        ("DE00000000000000000066", "This IBAN has a typing error"),
        # The check digits match; letters stand where Germany has digits.
        ("DE87ABCDEFGH0012345678", "letters and digits are not where they belong"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_in_particular(text: str, sentence: str) -> None:
    """A typing error, a wrong length, a strange country and no account at all are four things."""
    with pytest.raises(Refused) as refused:
        iban_of(text, "creditor_iban")
    assert sentence in str(refused.value)
    assert refused.value.field == "creditor_iban"


@given(ibans(), st.data())
def test_one_wrong_digit_is_always_noticed(iban: str, data: st.DataObject) -> None:
    """ISO 7064 mod 97-10 finds every single error."""
    at = data.draw(st.integers(4, len(iban) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != iban[at]]))
    assert iban_of(iban) == iban
    with pytest.raises(Refused, match="typing error"):
        iban_of(iban[:at] + other + iban[at + 1 :])


@pytest.mark.parametrize(
    ("text", "bic"),
    [("byladem1001", "BYLADEM1001"), ("RZBC CZ PP", "RZBCCZPP"), ("BHBLDEHHXXX", "BHBLDEHHXXX"), (" ", "")],
)
def test_a_bank_is_read_in_capitals(text: str, bic: str) -> None:
    """ISO 9362: 8 or 11 characters; nothing where nothing is given."""
    assert bic_of(text) == bic


@pytest.mark.parametrize("text", ["BYLADEM10", "BYLA1EM1001", "BYLAZZM1001", "BYLADEM1 01\n", "x"])
def test_what_is_no_bank_is_refused(text: str) -> None:
    """Wrong lengths, digits in the country, countries that are none."""
    with pytest.raises(Refused, match="A BIC has 8 or 11"):
        bic_of(text)


@pytest.mark.parametrize(
    ("text", "reference"),
    [("RF18 5390 0754 7034", "RF18539007547034"), ("rf45sbo2010", "RF45SBO2010"), ("", "")],
)
def test_a_reference_is_read_without_spaces(text: str, reference: str) -> None:
    """ISO 11649, whose own example the first is."""
    assert reference_of(text) == reference


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("RF19539007547034", "typing error"),
        ("539007547034", "A creditor reference is RF"),
        ("RF18" + "1" * 22, "A creditor reference is RF"),
        ("RF18Ä39007547034", "A creditor reference is RF"),
    ],
)
def test_what_is_no_reference_is_refused(text: str, sentence: str) -> None:
    """Its form is one thing, its check digits are another."""
    with pytest.raises(Refused, match=sentence):
        reference_of(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12.5", "12.50"),
        ("1E+2", "100.00"),
        ("0.01", "0.01"),
        ("999999999.99", "999999999.99"),
        ("7.5000", "7.50"),
    ],
)
def test_an_amount_has_two_decimals(amount: str, text: str) -> None:
    """And a point, and no grouping."""
    assert amount_of(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0", "above zero"),
        ("-1", "above zero"),
        ("NaN", "above zero"),
        ("sNaN", "above zero"),
        ("Infinity", "above zero"),
        ("0.001", "two decimals"),
        ("1E-999999", "two decimals"),
        ("1000000000", "up to 999999999.99"),
        ("1E+999999", "up to 999999999.99"),
    ],
)
def test_an_amount_nobody_can_pay_is_refused(amount: str, sentence: str) -> None:
    """However a Decimal can be wrong, it is a sentence and no crash."""
    with pytest.raises(Refused, match=sentence):
        amount_of(Decimal(amount))


def test_no_amount_is_no_text() -> None:
    """None stays open."""
    assert amount_of(None) == ""


@given(anything())
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """Nothing else is raised, and what is read reads the same again."""
    for read in (iban_of, bic_of, reference_of):
        try:
            normal = read(text)
        except Refused:
            continue
        assert read(normal) == normal
        assert normal == "" or (normal.isascii() and normal.isalnum())
