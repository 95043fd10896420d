"""PIX codes are written and read as the manuals of Brazil's central bank say."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj, cpf

from bot.qr.payloads import interpret
from bot.qr.payloads.payments.pix import GUI, Pix, build_pix, key_of, read_pix
from bot.qr.payloads.payments.tlv import crc_of, objects_in, objects_text, signed
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything

EVP = "123e4567-e12b-12d1-a456-426655440000"
FULANO = Pix(EVP, "Fulano de Tal", "BRASILIA")
URL = "pix.example.com/8b3da2f39a4140d1a91abd93113bd441"
DYNAMIC = Pix("", "Fulano de Tal", "BRASILIA", url=URL)
TAIL = "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***"
REGULAR = "80740014br.gov.bcb.pix2552pix.example.com/rec/2353c790eefb11eaadc10242ac120002"


@pytest.mark.parametrize(
    ("pix", "text"),
    [
        # BCB, Manual de Padrões para Iniciação do Pix 2.8.0, 2.6.3.
        (FULANO, f"00020126580014br.gov.bcb.pix0136{EVP}{TAIL}63041D3D"),
        # The same, 2.7.2.
        (DYNAMIC, f"00020101021226700014br.gov.bcb.pix2548{URL}{TAIL}630464E4"),
        # A key of a company with letters (the tests of a public football app's pix module).
        (
            Pix("12.ABC.345/01DE-35", "LIGA DOS AMIGOS", "BRASIL", Decimal("120.5"),
                info="Churrasco 12/2026 Beto"),
            "00020126620014br.gov.bcb.pix011412ABC34501DE350222Churrasco 12/2026 Beto520400005303986"
            "5406120.505802BR5915LIGA DOS AMIGOS6006BRASIL62070503***6304C12F",
        ),
    ],
)  # fmt: skip
def test_the_published_examples_are_written(pix: Pix, text: str) -> None:
    """And read back without a word, as the kind they are."""
    assert build_pix(pix) == text
    reading = interpret(text)
    assert (reading.kind, reading.warnings) == ("pix", ())
    assert build_pix(reading.content) == text


@pytest.mark.parametrize(
    ("text", "pix"),
    [
        # BCB, the same manual, 2.8.5.1 to 2.8.5.3.
        (f"00020126180014br.gov.bcb.pix{TAIL}{REGULAR}6304F2DA", Pix("", "Fulano de Tal", "BRASILIA")),
        (
            f"00020126580014br.gov.bcb.pix0136{EVP}520400005303986" + "5406100.505802BR"
            f"5913Fulano de Tal6008BRASILIA62070503***{REGULAR}63042875",
            replace(FULANO, amount=Decimal("100.50")),
        ),
        (f"00020101021226700014br.gov.bcb.pix2548{URL}{TAIL}{REGULAR}6304FB42", DYNAMIC),
    ],
)
def test_a_composite_code_is_read_and_told(text: str, pix: Pix) -> None:
    """What is asked regularly is not among our values, so it is said."""
    reading = read_pix(text)
    assert reading is not None
    assert reading.content == pix
    assert [str(each) for each in reading.warnings] == [
        "This code also asks for leave to collect money regularly (Pix Automático)."
    ]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        # BCB, the same manual, 2.5.1, except for the CPF, whose example there has wrong check digits.
        ("fulano_da_silva.recebedor@example.com", "fulano_da_silva.recebedor@example.com"),
        ("123.456.789-09", "12345678909"),
        ("00.038.166/0001-05", "00038166000105"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("+5561912345678", "+5561912345678"),
        (EVP.upper(), EVP),
        ("Fulano@Example.COM ", "fulano@example.com"),
        ("+55 (61) 91234-5678", "+5561912345678"),
    ],
)
def test_a_key_is_written_as_the_directory_knows_it(typed: str, key: str) -> None:
    """Bare numbers, small letters, the country before a phone."""
    assert key_of(typed) == key
    assert key_of(key) == key


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Which PIX key?"),
        ("123.456.789-00", "This CPF has a typing error"),
        ("12ABC34501DE36", "This CNPJ has a typing error"),
        ("61912345678", "A phone number begins with +55"),
        ("+44 20 7946 0958", "begins with +55"),
        ("+55 1", "no phone number"),
        ("fulano", "This is no PIX key"),
        ("١٢٣٤٥٦٧٨٩٠٩", "This is no PIX key"),
        ("fulanо@example.com", "none of them accented"),
        (f"{'x' * 60}@{'y' * 20}.com", "at most 77"),
        ("fulano@", "is not an email address"),
        ("123e4567-e12b-12d1-a456-42665544000", "This is no PIX key"),
        ("1\n2", "control character"),
    ],
)
def test_what_is_no_key_is_refused(typed: str, sentence: str) -> None:
    """With what is wrong about it."""
    with pytest.raises(Refused) as refused:
        key_of(typed)
    assert sentence in str(refused.value)
    assert refused.value.field == "key"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"key": ""}, "key", "Which PIX key?"),
        ({"name": " "}, "name", "fill this in"),
        ({"name": "x" * 26}, "name", "At most 25"),
        ({"name": "日本"}, "name", "letters a to z"),
        ({"name": "a\nb"}, "name", "control character"),
        ({"city": ""}, "city", "fill this in"),
        ({"city": "x" * 16}, "city", "At most 15"),
        ({"amount": Decimal(0)}, "amount", "above zero"),
        ({"amount": Decimal("1.001")}, "amount", "two decimals"),
        ({"txid": "INV-1"}, "txid", "at most 25 letters and digits"),
        ({"txid": "x" * 26}, "txid", "at most 25 letters and digits"),
        ({"txid": "**"}, "txid", "at most 25 letters and digits"),
        ({"info": "x" * 38}, "info", "37 characters remain for the text; this has 38"),
        ({"url": URL}, "url", "Leave one of the two out"),
        ({"key": "", "url": f"http://{URL}"}, "url", "no address"),
        ({"key": "", "url": "pix.example.com"}, "url", "no address"),
        ({"key": "", "url": "pix.example.com/a b"}, "url", "no address"),
        ({"key": "", "url": "pix.example.com/ä"}, "url", "no address"),
        ({"key": "", "url": f"pix.example.com/{'x' * 62}"}, "url", "no address"),
        ({"key": "", "url": URL, "amount": Decimal(1)}, "amount", "tells the amount"),
        ({"key": "", "url": URL, "txid": "X"}, "txid", "tells the amount"),
        ({"key": "", "url": URL, "info": "x"}, "info", "tells the amount"),
    ],
)
def test_what_no_bank_takes_is_refused_at_its_field(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    """Each refusal names the field to mend, and the limit."""
    with pytest.raises(Refused) as refused:
        build_pix(replace(FULANO, **changes))
    assert refused.value.field == field
    assert sentence in str(refused.value)


def test_the_text_has_what_the_key_leaves_of_99_characters() -> None:
    """As the manual computes it (2.6.1): a key of 9 characters leaves 64."""
    whole = replace(FULANO, key="a@bcde.fg", info="x" * 64)
    account = objects_in(build_pix(whole))
    assert account is not None
    assert len(account["26"]) == 99
    with pytest.raises(Refused, match="64 characters remain"):
        build_pix(replace(whole, info="x" * 65))
    with pytest.raises(Refused, match="0 characters remain"):
        build_pix(replace(FULANO, key=f"{'x' * 60}@{'y' * 12}.com", info="x"))


def test_an_address_alone_is_enough_for_a_dynamic_payment() -> None:
    """The payer's bank takes name and town from there; banks write a letter for them."""
    text = build_pix(Pix(url=URL))
    assert "5901N6001C" in text
    reading = read_pix(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (Pix(url=URL), ())


def test_values_are_written_in_their_normal_form() -> None:
    """Without accents, scheme or space around."""
    typed = Pix(" 123.456.789-09", "João da Conceição ", "São Luís", Decimal(10), "***", " Pão de açúcar")
    reading = read_pix(build_pix(typed))
    assert reading is not None
    assert reading.content == Pix(
        "12345678909", "Joao da Conceicao", "Sao Luis", Decimal("10.00"), "", "Pao de acucar"
    )
    assert build_pix(replace(DYNAMIC, url=f" HTTPS://{URL}")) == build_pix(DYNAMIC)


def _keys() -> st.SearchStrategy[str]:
    digits = st.text("0123456789", min_size=9, max_size=9)
    letters = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12)
    return st.one_of(
        st.uuids().map(str),
        digits.map(lambda text: text + cpf._calc_check_digits(text)),
        letters.map(lambda text: text + cnpj.calc_check_digits(text)),
        digits.map(lambda text: f"+55119{text[:8]}"),
        st.from_regex(r"[a-z0-9]{1,20}@[a-z]{1,20}\.com", fullmatch=True),
    ).filter(lambda key: key not in ("00000000000", "00000000000000"))


def _plain(most: int, least: int = 0) -> st.SearchStrategy[str]:
    drawn = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=most).map(str.strip)
    return drawn.filter(lambda text: len(text) >= least)


@given(
    st.builds(
        Pix,
        key=_keys(),
        name=_plain(25, 1),
        city=_plain(15, 1),
        amount=st.none() | amounts("9999999999.99"),
        txid=st.just("") | st.from_regex(r"[A-Za-z0-9]{1,25}", fullmatch=True),
        info=_plain(20),
    )
)
def test_a_payment_reads_back_as_the_same_values(pix: Pix) -> None:
    """Build, then read: the same, and nothing to warn of."""
    text = build_pix(pix)
    reading = read_pix(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (pix, ())
    assert crc_of(text[:-4]) == text[-4:]


@given(st.lists(anything(), min_size=5, max_size=5), st.sampled_from([FULANO, DYNAMIC]))
def test_nothing_typed_adds_an_object(values: list[str], base: Pix) -> None:
    """What is not refused reads back field for field."""
    name, city, txid, info, url = values
    typed = replace(
        base, name=name or "x", city=city or "x", txid=txid, info=info, url=url and base.url + url
    )
    try:
        built = build_pix(typed)
    except Refused:
        return
    objects = objects_in(built)
    assert objects is not None
    assert objects.keys() <= {"00", "01", "26", "52", "53", "54", "58", "59", "60", "62", "63"}
    reading = read_pix(built)
    assert reading is not None
    assert reading.warnings == ()
    assert build_pix(reading.content) == built


def _code(*changes: tuple[str, str], account: tuple[tuple[str, str], ...] = (("01", EVP),)) -> str:
    objects = {
        "26": objects_text((("00", GUI.upper()), *account)), "52": "0000", "53": "986", "58": "BR",
        "59": "Fulano", "60": "Natal", "62": "0503***",
    }  # fmt: skip
    return signed((objects | dict(changes)).items())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (_code()[:-1] + "?", "no checksum"),
        (_code().replace("Natal", "Natak"), "checksum of this code does not match"),
        (_code(("53", "840")), "not in reais"),
        (_code(("54", "ten")), "“ten” is not an amount"),
        (_code(("54", "1.005")), "two decimals"),
        (_code(("59", "")), "fill this in"),
        (_code(("60", "São Gonçalo do Amarante")), "At most 15"),
        (_code(("62", "0505INV-1")), "letters and digits"),
        (_code(account=()), "Which PIX key?"),
        (_code(account=(("01", "12345678900"),)), "CPF has a typing error"),
        (_code(account=(("25", URL), ("01", "12345678909"))), "Leave one of the two out"),
        (_code(("54", "1.00"), account=(("25", URL),)), "tells the amount"),
        (_code(account=(("01", EVP), ("03", "12345678"))), "also says: 03=12345678"),
        (_code(("62", "0505A12340304Loja")), "also says: Loja"),
        (_code(("04", "5555444433332222")), "also be paid by Mastercard"),
        (_code(("27", "0012hk.com.hkicl")), "also be paid by FPS"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(text: str, sentence: str) -> None:
    """One fault, one warning."""
    reading = interpret(text)
    assert reading.kind == "pix"
    (warning,) = reading.warnings
    assert sentence in str(warning)


def test_codes_of_others_are_read_as_they_are() -> None:
    """The identifier in capitals, another tag than 26, a nought for no amount, lengths in bytes."""
    for text in (_code(), _code(("54", "0.00")), _code().replace("000201", "000201010211", 1)):
        reading = read_pix(text)
        assert reading is not None
        assert reading.content == Pix(EVP, "Fulano", "Natal")
    moved = read_pix(signed((("51", f"0014{GUI}0136{EVP}"), ("53", "986"), ("59", "A"), ("60", "B"))))
    assert moved is not None
    assert (moved.content, moved.warnings) == (Pix(EVP, "A", "B"), ())
    body = _code(("59", "João!"))[:-8].replace("5905João!", "5906João!") + "6304"
    counted = read_pix(body + crc_of(body))
    assert counted is not None
    assert counted.content.name == "João!"


@pytest.mark.parametrize(
    "text", ["", GUI, "00020126580014br.gov.bcb.pi", signed((("29", "0016A000000677010111"), ("53", "764")))]
)
def test_other_texts_are_not_pix(text: str) -> None:
    """Nor codes of other schemes."""
    assert read_pix(text) is None


@given(anything() | st.text("0123456789", max_size=40))
def test_reading_never_fails(rest: str) -> None:
    """Whatever stands in the values."""
    read_pix(rest)
    reading = read_pix(f"00020126180014{GUI}5303986{rest}")
    assert reading is not None
    inside = objects_text((("00", GUI), ("01", rest[:30]), ("02", rest[:20]), ("25", rest[:10])))
    assert read_pix(signed((("26", inside), ("53", "986"), ("54", rest[:13]), ("59", rest[:25])))) is not None
