"""UPI links are written and read as NPCI's "UPI Linking Specifications" 1.6 says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import KINDS, interpret
from bot.qr.payloads.payments.upi import Upi, build_upi, read_upi
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything, lines

SHOP = Upi("shop@okbank", "Corner Shop")


def read(text: str) -> tuple[Upi, list[str]]:
    """Read a link that is one: its values and its warnings."""
    reading = read_upi(text)
    assert reading is not None
    assert reading.kind == "upi"
    return reading.content, [str(warning) for warning in reading.warnings]


@pytest.mark.parametrize(
    ("upi", "text"),
    [
        (SHOP, "upi://pay?pa=shop@okbank&pn=Corner%20Shop&cu=INR"),
        (
            Upi("shop@okbank", "Corner Shop", Decimal("120.5"), "Tea & cake", "INV-7"),
            "upi://pay?pa=shop@okbank&pn=Corner%20Shop&tr=INV-7&tn=Tea%20%26%20cake&am=120.50&cu=INR",
        ),
        (
            Upi("917020304050@HDFC0000001.ifsc.npci", "राम + Söhne"),
            "upi://pay?pa=917020304050@HDFC0000001.ifsc.npci&pn=%E0%A4%B0%E0%A4%BE%E0%A4%AE%20%2B%20S%C3%B6hne&cu=INR",
        ),
    ],
)
def test_a_payment_is_written_as_a_link(upi: Upi, text: str) -> None:
    """The @ stays, a space is %20, the amount has two decimals; and it reads back."""
    assert build_upi(upi) == text
    assert read(text) == (upi, [])


# NPCI, "UPI Linking Specifications" 1.6, its sample link, as public repositories have it.
NPCI = (
    "upi://pay?pa=nadeem@npci&pn=nadeem%20chinna&mc=0000&tid=cxnkjcnkjdfdvjndkjfvn&tr=4894398cndhcd23"
    "&tn=Pay%20to%20mystar%20store&am=10&mam=null&cu=INR&url=https://mystar.com/orderid=9298yw89e8973e87389e78923ue892"
)


def test_the_published_sample_is_read() -> None:
    """What has no field of ours is told."""
    upi, warnings = read(NPCI)
    assert upi == Upi("nadeem@npci", "nadeem chinna", Decimal(10), "Pay to mystar store", "4894398cndhcd23")
    (warning,) = warnings
    assert "mc=0000, tid=cxnkjcnkjdfdvjndkjfvn, mam=null, url=https://mystar.com/orderid=9298" in warning


@pytest.mark.parametrize(
    "text",
    [
        "UPI://PAY?PA=shop%40okbank&PN=Corner+Shop",
        " upi://pay/?pn=Corner Shop&pa=shop@okbank&cu=inr&am=&mam=\n",
        "upi://pay?pa=shop@okbank&pn=Corner%20Shop&pa=thief@okbank&am=0.00",
    ],
)
def test_other_forms_of_a_link_are_read(text: str) -> None:
    """Capitals, + and bare spaces, empty values; of two values the first counts."""
    assert read(text)[0] == SHOP


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payee": ""}, "payee"),
        ({"payee": "shop"}, "payee"),
        ({"payee": "shop@gmail.com"}, "payee"),
        ({"payee": "shop@okbank&am=1"}, "payee"),
        ({"payee": "shöp@okbank"}, "payee"),
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x" * 100}, "name"),
        ({"amount": Decimal("-1")}, "amount"),
        ({"amount": Decimal("1.234")}, "amount"),
        ({"note": "x" * 51}, "note"),
        ({"reference": "x" * 36}, "reference"),
        ({"reference": "a&b"}, "reference"),
    ],
)
def test_what_no_app_takes_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_upi(replace(SHOP, **changes))
    assert refused.value.field == field


@given(
    st.builds(
        Upi,
        payee=st.from_regex(r"[A-Za-z0-9._-]{2,20}@[a-z][a-z0-9]{1,10}", fullmatch=True),
        name=lines(99, 1),
        amount=st.none() | amounts("999999999.99"),
        note=lines(50),
        reference=st.from_regex(r"[A-Za-z0-9]{0,35}", fullmatch=True),
    )
)
def test_a_payment_reads_back_as_the_same_values(upi: Upi) -> None:
    """Build, then read: the same, and nothing to warn of."""
    assert read(build_upi(upi)) == (upi, [])


@given(*[anything() | st.text("&=?#%+@ax")] * 4)
def test_nothing_typed_adds_a_value(payee: str, name: str, note: str, reference: str) -> None:
    """What is not refused has each name once."""
    for upi in (Upi(payee, "Me"), Upi("shop@okbank", name, Decimal(5), note, reference)):
        try:
            text = build_upi(upi)
        except Refused:
            continue
        names = [name for name, _ in parse_qsl(urlsplit(text).query, keep_blank_values=True)]
        assert names == [each for each in ("pa", "pn", "tr", "tn", "am", "cu") if each in names]
        content, warnings = read(text)
        assert warnings == []
        assert build_upi(content) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("upi://pay?pa=shop&pn=Shop", "looks like name@bank"),
        ("upi://pay?pa=shop@okbank", "fill this in"),
        ("upi://pay?pa=shop@okbank&pn=Shop&cu=USD", "not in rupees"),
        ("upi://pay?pa=shop@okbank&pn=Shop&am=ten", "“ten” is not an amount"),
        ("upi://pay?pa=shop@okbank&pn=Shop&mc=5411", "mc=5411"),
        ("upi://pay?pa=shop@okbank&pn=Shop&tr=a_b", "letters and digits only"),
    ],
)
def test_what_is_wrong_with_a_link_is_said_when_it_is_read(text: str, sentence: str) -> None:
    """One fault, one warning."""
    (warning,) = read(text)[1]
    assert sentence in warning


@pytest.mark.parametrize(
    "text", ["", "upi:", "upi://pay", "upi://pay?", "upi://mandate?pa=a@b", "https://pay?pa=a@b"]
)
def test_other_texts_are_not_payments(text: str) -> None:
    """Other schemes, other orders."""
    assert read_upi(text) is None


def test_a_link_is_known_as_upi() -> None:
    """Not as a web address."""
    assert interpret(NPCI).kind == "upi"
    assert KINDS["upi"].group == "pay"


@given(anything())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands in the link."""
    read_upi(text)
    reading = read_upi(f"upi://pay?pa=x{text}")
    assert reading is not None
