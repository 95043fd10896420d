"""A product's address says what it is, and only a Digital Link is read as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from bot.qr.payloads import interpret
from bot.qr.payloads.gs1 import LONGEST, Product, build_gs1, read_gs1
from bot.qr.refusal import Refused

SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
gtins = st.from_regex(r"[0-9]{13}", fullmatch=True).map(lambda digits: digits + ean.calc_check_digit(digits))
values = st.text(SET_82, max_size=LONGEST).filter(lambda value: value not in (".", ".."))
days = st.dates().filter(lambda day: 2000 <= day.year < 2100).map(str)
months = st.from_regex(r"20[0-9]{2}-(0[1-9]|1[0-2])", fullmatch=True)
domains = st.sampled_from(["", "example.com", "example.com:8443", "brand.example/p", "xn--bcher-kva.example"])


@given(gtins, values, values, st.one_of(st.just(""), days, months), domains)
def test_a_product_reads_back_as_itself(gtin: str, lot: str, serial: str, expiry: str, domain: str) -> None:
    """Whatever of the allowed characters its lot and serial number hold."""
    product = Product(gtin, lot, serial, expiry, domain)
    reading = read_gs1(build_gs1(product))
    assert reading is not None
    assert reading.content == product
    assert not reading.warnings or domain.startswith("xn--")


@given(st.text(), st.sampled_from(["lot", "serial", "expiry", "domain", "gtin"]))
def test_whatever_is_typed_one_product_comes_out(text: str, field: str) -> None:
    """Or a refusal at its field; nothing can be slipped in."""
    typed = {"gtin": "09506000134352", field: text}
    fields = {field}
    try:
        url = build_gs1(Product(**typed))
    except Refused as refused:
        fields.add(refused.field)
    else:
        reading = read_gs1(url)
        assert reading is not None
        assert build_gs1(reading.content) == url
        others = {"gtin", "lot", "serial", "expiry", "domain"} - {field}
        assert all(getattr(reading.content, other) == typed.get(other, "") for other in others)
    assert fields == {field}


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands in the address."""
    for start in ("", "https://id.gs1.org/", "https://id.gs1.org/01/09506000134352", "https://a.example/01/"):
        assert getattr(read_gs1(start + text), "kind", "gs1") == "gs1"


@pytest.mark.parametrize(
    ("product", "text"),
    [
        # gs1/gs1-syntax-engine, src/c-lib/dl.c, test_dl_generateDLuri
        (Product("12312312312326", serial="abc123"), "https://id.gs1.org/01/12312312312326/21/abc123"),
        (
            Product("12312312312326", serial="abc123", domain="https://example.com"),
            "https://example.com/01/12312312312326/21/abc123",
        ),
        (
            Product("12312312312333", "ABC123", "XYZ", domain="example.com"),
            "https://example.com/01/12312312312333/10/ABC123/21/XYZ",
        ),
        (
            Product("12312312312333", "ABC+123", domain="example.com"),
            "https://example.com/01/12312312312333/10/ABC%2B123",
        ),
        # PDFjet, its tests of GS1
        (
            Product("09506000134352", "ABC123", "XYZ-42", "2026-12-31"),
            "https://id.gs1.org/01/09506000134352/10/ABC123/21/XYZ-42?17=261231",
        ),
        # GS1 General Specifications, "Expiration date: AI (17)": without a day the last two digits are 00
        (Product("9506000134352", expiry="2027-02"), "https://id.gs1.org/01/09506000134352?17=270200"),
        (Product("9506000134352", expiry="270200"), "https://id.gs1.org/01/09506000134352?17=270200"),
        (Product("9506000134352", expiry="270131"), "https://id.gs1.org/01/09506000134352?17=270131"),
        (Product("73513537"), "https://id.gs1.org/01/00000073513537"),  # python-stdnum, ean
        (Product("0 36000 29145 2"), "https://id.gs1.org/01/00036000291452"),  # Wikipedia, UPC-A
        (Product("978-0-471-11709-4"), "https://id.gs1.org/01/09780471117094"),  # python-stdnum, ean
        (
            Product("09506000134352", "a/b?c", "d%e&f"),
            "https://id.gs1.org/01/09506000134352/10/a%2Fb%3Fc/21/d%25e%26f",
        ),
    ],
)
def test_a_product_is_written_as_the_digital_link_says(product: Product, text: str) -> None:
    """With 14 digits, what qualifies it in its order, and all but plain characters percent-encoded."""
    assert build_gs1(product) == text
    assert interpret(text).kind == "gs1"


@pytest.mark.parametrize(
    ("product", "field", "says"),
    [
        (Product(""), "gtin", "8, 12, 13 or 14 digits; this one has 0"),
        (Product("digital"), "gtin", "8, 12, 13 or 14 digits"),
        (Product("123456789"), "gtin", "this one has 9"),
        (Product("٩٥٠٦٠٠٠١٣٤٣٥٢"), "gtin", "8, 12, 13 or 14 digits"),
        (Product("09506000134353"), "gtin", "typing error"),
        (Product("09506000134352", "a b"), "lot", "without spaces"),
        (Product("09506000134352", "ü"), "lot", "letters of a to z"),
        (Product("09506000134352", ".."), "lot", "letters of a to z"),
        (Product("09506000134352", "a" * 21), "lot", "At most 20 characters fit here; this has 21"),
        (Product("09506000134352", serial="a#b"), "serial", "letters of a to z"),
        (Product("09506000134352", expiry="2027-02-30"), "expiry", "not a day of the calendar"),
        (Product("09506000134352", expiry="271301"), "expiry", "not a day of the calendar"),
        (Product("09506000134352", expiry="1999-12-31"), "expiry", "2000 to 2099"),
        (Product("09506000134352", domain="exa mple"), "domain", "is no name of a website"),
        (Product("09506000134352", domain="ftp://example.com"), "domain", "not with ftp:"),
        (Product("09506000134352", domain="example.com?x"), "domain", "Leave out what follows it"),
        (Product("09506000134352", domain="https://ada@example.com"), "domain", "Leave out what follows it"),
    ],
)
def test_a_product_that_cannot_be_is_refused_at_its_field(product: Product, field: str, says: str) -> None:
    """Typing errors in the number, characters no scanner sends on, days that are none."""
    with pytest.raises(Refused) as refused:
        build_gs1(product)
    assert says in str(refused.value)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "product", "warnings"),
    [
        (
            "http://example.com/a/b/01/09506000134352/",
            Product("09506000134352", domain="example.com/a/b"),
            ["http"],
        ),
        (
            # gs1/gs1-syntax-engine, src/c-lib/dl.c, test_dl_generateDLuri
            "https://example.com/01/12312312312326/22/ABC/10/DEF/21/GHI?95=INT",
            Product("12312312312326", "DEF", "GHI", domain="example.com"),
            ["also says 95", "also says 22"],
        ),
        (
            "https://id.gs1.org/01/09506000134352/235/TPX?linkType=gs1:pip",
            Product("09506000134352"),
            ["also says linkType", "also says 235"],
        ),
        (
            "https://id.gs1.org/01/09506000134352/10/a%20b",
            Product("09506000134352", "a b"),
            ["without spaces"],
        ),
        (
            "https://id.gs1.org/01/09506000134352?17=271399",
            Product("09506000134352", expiry="271399"),
            ["not a day of the calendar"],
        ),
    ],
)
def test_other_products_are_read_with_warnings(text: str, product: Product, warnings: list[str]) -> None:
    """What is wrong with them, and what is left out."""
    reading = interpret(text)
    assert (reading.kind, reading.content) == ("gs1", product)
    assert len(reading.warnings) == len(warnings)
    assert all(said in str(warning) for said, warning in zip(warnings, reading.warnings, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "https://id.gs1.org/01/09506000134353",
        "https://id.gs1.org/01/9506000134352",
        "https://id.gs1.org/01/09506000134352/21/a/10/b",
        "https://id.gs1.org/01/09506000134352/10/",
        "https://id.gs1.org/01/09506000134352/98/x",
        "https://id.gs1.org/00/106141412345678908",
        "https://example.com/2027/01/31",
        "https://example.com/?01=09506000134352",
        "https://ada@example.com/01/09506000134352",
    ],
)
def test_what_is_no_digital_link_of_a_product_stays_a_link(text: str) -> None:
    """A wrong check digit, another order, other keys, dates in a path."""
    assert interpret(text).kind == "url"
