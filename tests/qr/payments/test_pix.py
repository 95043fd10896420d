"""PIX codes are written and read as Banco Central do Brasil says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cpf

from bot.qr.payloads import KINDS, interpret
from bot.qr.payloads.payments.pix import Pix, build_pix, key_of, read_pix
from bot.qr.payloads.payments.tlv import merchant_code, objects_in
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything
from tests.qr.payments.merchants import SEEN, changed

FULANO = Pix("123e4567-e12b-12d1-a456-426655440000", "Fulano de Tal", "BRASILIA")
# BCB, "Manual de Padrões para Iniciação do Pix", section 2 (as several public repositories' tests give them).
STATIC = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
DYNAMIC = (
    "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***630464E4"
)
RECURRENT = (
    "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***"
    "80740014br.gov.bcb.pix2552pix.example.com/rec/2353c790eefb11eaadc10242ac1200026304FB42"
)
URL = "pix.example.com/8b3da2f39a4140d1a91abd93113bd441"


def read(text: str) -> tuple[Pix, list[str]]:
    """Read a code that is one: its values and its warnings."""
    reading = read_pix(text)
    assert reading is not None
    assert reading.kind == "pix"
    return reading.content, [str(warning) for warning in reading.warnings]


@pytest.mark.parametrize(
    ("pix", "text"), [(FULANO, STATIC), (Pix("", "Fulano de Tal", "BRASILIA", url=f"https://{URL}"), DYNAMIC)]
)
def test_the_published_examples_are_written(pix: Pix, text: str) -> None:
    """And read back without a warning."""
    assert build_pix(pix) == text
    assert read(text) == (replace(pix, url=pix.url.removeprefix("https://")), [])


def test_a_recurrent_payment_is_read_with_what_it_also_says() -> None:
    """Pix Automático: tag 80 is told, not lost in silence."""
    pix, warnings = read(RECURRENT)
    assert pix.url == URL
    assert warnings == [
        "This code also says: 80 0014br.gov.bcb.pix2552pix.example.com/rec/2353c790eefb11eaadc10242ac120002"
    ]


def test_codes_of_other_writers_are_read() -> None:
    """Capitals in the identifier (a public repository's test); N and C in a static one (vakinha.com.br)."""
    capitals = (
        "00020126580014BR.GOV.BCB.PIX0136123e4567-e12b-12d1-a456-42665544000052040000530398654041.005802BR"
        "5913Fulano de Tal6008BRASILIA62070503***630451B8"
    )
    nameless = (
        "00020126440014br.gov.bcb.pix01226379769@vakinha.com.br5204000053039865802BR5901N6001C"
        "62070503***63046A42"
    )
    assert read(capitals) == (replace(FULANO, amount=Decimal("1.00")), [])
    assert read(nameless) == (Pix("6379769@vakinha.com.br", "N", "C"), [])


def test_a_dynamic_payment_needs_its_address_alone() -> None:
    """Name and town stand at the address; the code says N and C, as banks do."""
    text = build_pix(Pix(url=URL))
    assert "5901N6001C" in text
    assert text.startswith("00020101021226700014br.gov.bcb.pix2548")
    assert read(text) == (Pix(url=URL), [])


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        # CPF and CNPJ as python-stdnum's documentation gives them.
        ("390.533.447-05", "39053344705"),
        (" 16.727.230/0001-97", "16727230000197"),
        # Receita Federal, "CNPJ alfanumérico": its example.
        ("12.abc.345/01de-35", "12ABC34501DE35"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("Fulano@Example.com", "fulano@example.com"),
        ("123E4567-E12B-12D1-A456-426655440000", "123e4567-e12b-12d1-a456-426655440000"),
    ],
)
def test_a_key_is_written_as_the_directory_knows_it(typed: str, key: str) -> None:
    """Five kinds of keys, each in one form."""
    assert key_of(typed) == key
    assert read(build_pix(replace(FULANO, key=typed)))[0].key == key


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": " "}, "key"),
        ({"key": "hello"}, "key"),
        ({"key": "390.533.447-06"}, "key"),
        ({"key": "12ABC34501DE36"}, "key"),
        ({"key": "11987654321"}, "key"),
        ({"key": "+442079460958"}, "key"),
        ({"key": "fulano@"}, "key"),
        ({"key": f"{'x' * 60}@{'y' * 20}.com"}, "key"),
        ({"key": "fulano\x00@example.com"}, "key"),
        ({"name": ""}, "name"),
        ({"name": "x" * 26}, "name"),
        ({"name": "最佳运输"}, "name"),
        ({"city": " "}, "city"),
        ({"city": "São José do Rio Preto"}, "city"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("0.001")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal(10) ** 10}, "amount"),
        ({"txid": "order 7"}, "txid"),
        ({"txid": "x" * 26}, "txid"),
        ({"info": "x" * 38}, "info"),
        ({"url": URL}, "url"),
        ({"key": "", "url": "pix"}, "url"),
        ({"key": "", "url": f"pix.example.com/{'x' * 62}"}, "url"),
        ({"key": "", "url": "pix.example.com/a\x01b"}, "url"),
        ({"key": "", "url": "pix.example.com/a b"}, "url"),
    ],
)
def test_what_no_bank_takes_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_pix(replace(FULANO, **changes))
    assert refused.value.field == field


def test_the_account_is_filled_to_the_last_character() -> None:
    """99 in all: 18 of the identifier, 40 of the key, 41 of the text."""
    text = build_pix(replace(FULANO, info="x" * 37))
    assert "2699" in text
    assert read(text) == (replace(FULANO, info="x" * 37), [])


def test_accents_are_taken_off() -> None:
    """Name, town and text."""
    pix, warnings = read(build_pix(replace(FULANO, name="João Conceição", city="São Paulo", info="Açaí")))
    assert (pix.name, pix.city, pix.info, warnings) == ("Joao Conceicao", "Sao Paulo", "Acai", [])


CPFS = st.text("0123456789", min_size=9, max_size=9).map(
    lambda base: base + str(cpf._calc_check_digits(base))
)
KEYS = (
    CPFS.filter(lambda number: int(number) > 0)
    | st.uuids().map(str)
    | st.integers(0, 99999999).map(lambda number: f"+55119{number:08}")
    | st.just("fulano@example.com")
)


def plain(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """Draw a line of ASCII without white space around it."""
    return st.text(SEEN, max_size=most).map(str.strip).filter(lambda text: len(text) >= least)


TXIDS = st.from_regex(r"[A-Za-z0-9]{0,25}", fullmatch=True)


@given(
    st.builds(
        Pix, key=KEYS, name=plain(25), city=plain(15), amount=st.none() | amounts("9999999999.99"),
        txid=TXIDS, info=plain(37, 0),
    )
)  # fmt: skip
def test_a_payment_reads_back_as_the_same_values(pix: Pix) -> None:
    """Build, then read: the same, and nothing to warn of."""
    assert read(build_pix(pix)) == (pix, [])


@given(*[anything()] * 6)
def test_nothing_typed_adds_an_object(key: str, name: str, city: str, txid: str, info: str, url: str) -> None:
    """What is not refused has the same tags as any other payment, and reads back without a warning."""
    for pix in (
        Pix("39053344705", name, city, None, txid, info),
        Pix(key, "Fulano", "Recife"),
        Pix("", name, city, None, "", info, f"pix.example.com/{url}"),
    ):
        try:
            text = build_pix(pix)
        except Refused:
            continue
        found = merchant_code(text)
        assert found is not None
        assert set(found[0]) <= {"00", "01", "26", "52", "53", "58", "59", "60", "62", "63"}
        assert set(objects_in(found[0]["26"]) or {}) <= {"00", "01", "02", "25"}
        content, warnings = read(text)
        assert warnings == []
        assert build_pix(content) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (STATIC[:-4] + "1D3E", "checksum of this code does not match"),
        (STATIC[:-8], "no checksum"),
        (changed(STATIC, "5303986", "5303840"), "not in reais"),
        (changed(STATIC, "0136123e4567-", "0136123e456z-"), "Which PIX key?"),
        (changed(STATIC, "5802BR", "5802PT"), "58 PT"),
        (changed(STATIC, "5802BR", "54011" + "5802BR" + "7001x"), "70 x"),
        (changed(STATIC, "5802BR", "5403abc5802BR"), "“abc” is not an amount"),
        (changed(STATIC, "5913Fulano de Tal", ""), "fill this in"),
        (changed(STATIC, "0503***", "0503a-b"), "letters and digits, no spaces"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(text: str, sentence: str) -> None:
    """One fault, one warning."""
    _, warnings = read(text)
    (warning,) = warnings
    assert sentence in warning


def test_the_account_may_stand_in_another_template() -> None:
    """BR Code lets the identifier stand in any of 26 to 51."""
    assert read(changed(STATIC, "26580014br", "51580014br")) == (FULANO, [])


def test_a_code_is_known_as_pix_before_anything_else() -> None:
    """Not as a merchant's code."""
    assert interpret(STATIC).kind == interpret(DYNAMIC).kind == "pix"
    assert KINDS["pix"].group == "pay"


@given(anything())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands in the objects."""
    read_pix(text)
    inner = f"0014br.gov.bcb.pix01{len(text[:70]):02}{text[:70]}"
    reading = read_pix(f"00020126{len(inner):02}{inner}54{len(text[:9]):02}{text[:9]}5802BR")
    assert reading is not None
    assert reading.content.key == text[:70]
