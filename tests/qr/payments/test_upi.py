"""UPI links are written and read as NPCI's linking specification says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.payments.upi import Upi, build_upi, read_upi
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything, lines

SHOP = Upi("shop@okbank", "Corner Shop")


@pytest.mark.parametrize(
    ("upi", "text"),
    [
        (SHOP, "upi://pay?pa=shop@okbank&pn=Corner%20Shop&cu=INR"),
        # The values of NPCI, UPI Linking Specifications 1.6, 2.1; without those that only banks give.
        (
            Upi("nadeem@npci", "nadeem chinna", Decimal(10), "Pay to mystar store", "4894398cndhcd23"),
            "upi://pay?pa=nadeem@npci&pn=nadeem%20chinna&tr=4894398cndhcd23&tn=Pay%20to%20mystar%20store"
            "&am=10.00&cu=INR",
        ),
        # The README of the Dart package upi_link, in our order.
        (
            Upi("chaipoint@okaxis", "Chai Point", Decimal("149.5"), "Order 42", "ORD-42"),
            "upi://pay?pa=chaipoint@okaxis&pn=Chai%20Point&tr=ORD-42&tn=Order%2042&am=149.50&cu=INR",
        ),
        (
            replace(SHOP, name=" R&D + चाय ", note="50% = a/b?#"),
            "upi://pay?pa=shop@okbank&pn=R%26D%20%2B%20%E0%A4%9A%E0%A4%BE%E0%A4%AF&tn=50%25%20%3D%20a%2Fb%3F%23&cu=INR",
        ),
        (
            replace(SHOP, payee="1234567890@HDFC0000001.ifsc.npci"),
            "upi://pay?pa=1234567890@HDFC0000001.ifsc.npci&pn=Corner%20Shop&cu=INR",
        ),
    ],
)
def test_a_link_is_written_as_the_specification_says(upi: Upi, text: str) -> None:
    """The @ stays, a space is %20, the currency is INR; and read back without a word."""
    assert build_upi(upi) == text
    reading = interpret(text)
    assert (reading.kind, reading.warnings) == ("upi", ())
    assert build_upi(reading.content) == text


@pytest.mark.parametrize(
    ("text", "upi"),
    [
        # NPCI, UPI Linking Specifications 1.6, 2.1 (as bgagan911/RandomDocs quotes it).
        (
            "upi://pay?pa=nadeem@npci&pn=nadeem%20chinna&mc=0000&tid=cxnkjcnkjdfdvjndkjfvn&tr=4894398cndhcd23"
            "&tn=Pay%20to%20mystar%20store&am=10&mam=null&cu=INR"
            "&url=https://mystar.com/orderid=9298yw89e8973e87389e78923ue892",
            Upi("nadeem@npci", "nadeem chinna", Decimal(10), "Pay to mystar store", "4894398cndhcd23"),
        ),
        ("UPI://PAY?PA=shop@okbank&PN=Corner+Shop&CU=inr", SHOP),
        ("upi://pay/?pn=Corner Shop&pa=shop%40okbank&am=&tn=", SHOP),
        ("upi:pay?pa=shop@okbank&amp;pn=Corner%20Shop&amp;am=0.00", SHOP),
        (
            "upi://pay?pa=shop@okbank&pn=Corner%20Shop&am=null&mode=02&purpose=00&orgid=1&sign=MEQ=&pa=x@y",
            SHOP,
        ),
        (" upi://pay?pa=shop@okbank&pn=Corner%20Shop\n", SHOP),
    ],
)
def test_links_of_other_makers_are_read(text: str, upi: Upi) -> None:
    """Plus signs, bare spaces, no slashes, HTML's &amp;, a nought for no amount, what only banks need."""
    reading = read_upi(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (upi, ())


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"payee": ""}, "payee", "name@bank"),
        ({"payee": "shop"}, "payee", "name@bank"),
        ({"payee": "shop@ok bank"}, "payee", "name@bank"),
        ({"payee": "shop@okbank&am=1"}, "payee", "name@bank"),
        ({"payee": "shop@@okbank"}, "payee", "name@bank"),
        ({"payee": "döner@okbank"}, "payee", "name@bank"),
        ({"payee": "shop@okbank."}, "payee", "name@bank"),
        ({"name": " "}, "name", "fill this in"),
        ({"name": "x" * 100}, "name", "At most 99"),
        ({"name": "a\nb"}, "name", "control character"),
        ({"amount": Decimal("1.005")}, "amount", "two decimals"),
        ({"amount": Decimal(0)}, "amount", "above zero"),
        ({"amount": Decimal("NaN")}, "amount", "above zero"),
        ({"note": "x" * 51}, "note", "At most 50"),
        ({"reference": "x" * 36}, "reference", "At most 35"),
        ({"reference": "a b"}, "reference", "letters and digits"),
    ],
)
def test_what_no_app_takes_is_refused_at_its_field(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_upi(replace(SHOP, **changes))
    assert refused.value.field == field
    assert sentence in str(refused.value)


@given(
    st.builds(
        Upi,
        payee=st.from_regex(r"[A-Za-z0-9._-]{2,30}@[a-z][a-z0-9]{1,10}", fullmatch=True),
        name=lines(99, 1),
        amount=st.none() | amounts("999999999.99"),
        note=lines(50),
        reference=st.just("") | st.from_regex(r"[A-Za-z0-9-]{1,35}", fullmatch=True),
    )
)
def test_a_payment_reads_back_as_the_same_values(upi: Upi) -> None:
    """Build, then read: the same, also for a reader of URLs in general."""
    text = build_upi(upi)
    reading = read_upi(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (upi, ())
    held = dict(parse_qsl(urlsplit(text).query))
    assert (held["pa"], held["pn"], held.get("tn", "")) == (upi.payee, upi.name, upi.note)


@given(st.lists(anything(), min_size=4, max_size=4))
def test_nothing_typed_adds_a_value(values: list[str]) -> None:
    """What is not refused reads back field for field."""
    payee, name, note, reference = values
    try:
        text = build_upi(Upi(f"shop{payee}@okbank", f"x{name}", Decimal(5), note, reference))
    except Refused:
        return
    names = [pair.partition("=")[0] for pair in text.partition("?")[2].split("&")]
    assert names == [each for each in ("pa", "pn", "tr", "tn", "am", "cu") if each in names]
    reading = read_upi(text)
    assert reading is not None
    assert reading.warnings == ()
    assert build_upi(reading.content) == text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("pa=shop@okbank&pn=X&cu=USD", "not in rupees"),
        ("pa=shop&pn=X", "name@bank"),
        ("pn=X", "name@bank"),
        ("pa=shop@okbank", "fill this in"),
        ("pa=shop@okbank&pn=X&am=ten", "“ten” is not an amount"),
        ("pa=shop@okbank&pn=X&am=10.005", "two decimals"),
        ("pa=shop@okbank&pn=X&tr=a%20b", "letters and digits"),
        ("pa=shop@okbank&pn=X&tn=a%0Ab", "control character"),
        ("pa=shop@okbank&pn=X&colour=blue", "also says: colour=blue"),
        ("pa=a%2Bb@okbank&pn=X", "name@bank"),
    ],
)
def test_what_is_wrong_with_a_link_is_said_when_it_is_read(query: str, sentence: str) -> None:
    """One fault, one warning."""
    reading = read_upi(f"upi://pay?{query}")
    assert reading is not None
    (warning,) = reading.warnings
    assert sentence in str(warning)


@pytest.mark.parametrize(
    "text",
    ["", "upi", "upi://pay", "upi://pay?", "upi://mandate?pa=a@b", "https://pay?pa=a@b", "xupi://pay?pa=a@b"],
)
def test_other_texts_are_not_upi(text: str) -> None:
    """Other schemes and other things that UPI does."""
    assert read_upi(text) is None


@given(anything())
def test_reading_never_fails(rest: str) -> None:
    """Whatever stands in the values."""
    read_upi(rest)
    reading = read_upi(f"upi://pay?pa={rest}&am={rest}&{rest}")
    assert reading is not None
    assert reading.kind == "upi"
