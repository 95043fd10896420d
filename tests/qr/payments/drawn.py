"""Values for property tests: accounts with right check digits, lines of text, amounts, days."""

from __future__ import annotations

from decimal import Decimal
from unicodedata import normalize

from hypothesis import strategies as st
from stdnum.iban import calc_check_digits

_DIGITS = {"DE": 18, "CZ": 20, "SI": 15, "AT": 16}  # countries whose accounts are digits only


@st.composite
def ibans(draw: st.DrawFn, *countries: str) -> str:
    """Draw an account of one of the countries."""
    country = draw(st.sampled_from(countries or tuple(_DIGITS)))
    count = _DIGITS[country]
    digits = draw(st.text("0123456789", min_size=count, max_size=count))
    return f"{country}{calc_check_digits(f'{country}00{digits}')}{digits}"


BANKING = st.characters(exclude_categories=("C", "Zl", "Zp", "So", "Sk"))


def lines(most: int, least: int = 0, characters: st.SearchStrategy[str] = BANKING) -> st.SearchStrategy[str]:
    """Draw a line in its normal form: composed, and without white space around it."""
    drawn = st.text(characters, max_size=most).map(lambda text: normalize("NFC", text).strip())
    return drawn.filter(lambda text: least <= len(text) <= most)


def amounts(most: str) -> st.SearchStrategy[Decimal]:
    """Draw an amount of money above zero."""
    return st.decimals(Decimal("0.01"), Decimal(most), places=2)


def days() -> st.SearchStrategy[str]:
    """Draw a day as ISO 8601 writes it."""
    return st.dates().map(lambda day: day.isoformat())


def anything() -> st.SearchStrategy[str]:
    """Draw what a person, or someone worse, may type: separators, line breaks, halves of characters."""
    return st.text() | st.text("\n\r|*:=;+#%-\u2028 AR2E1.") | st.text(st.characters(), max_size=5)
