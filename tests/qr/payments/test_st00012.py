"""Russian payments are written and read as GOST R 56042-2014 says."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.ru.inn import calc_company_check_digit

from bot.qr.payloads.payments.st00012 import BYTES, RussianPayment, build_st00012, read_st00012
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything, lines

WHALES = RussianPayment(
    "ООО «Три кита»", "40702810138250123017", 'ОАО "БАНК"', "044525225", "30101810400000000225"
)
# The standard's own example, as the Rust crate gost-56042 and npm's gost-r-56042-2014 have it.
EXAMPLE = (
    'ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ОАО "БАНК"|BIC=044525225'
    "|CorrespAcc=30101810400000000225"
)


@pytest.mark.parametrize(
    ("payment", "text"),
    [
        (WHALES, EXAMPLE),
        (
            replace(
                WHALES, sum=Decimal(1000), purpose="Оплата членского взноса", last_name="Иванов",
                first_name="Иван", middle_name="Иванович", payer_address="г.Рязань ул.Ленина д.10 кв.15",
            ),
            EXAMPLE + "|Sum=100000|Purpose=Оплата членского взноса|LastName=Иванов|FirstName=Иван"
            "|MiddleName=Иванович|PayerAddress=г.Рязань ул.Ленина д.10 кв.15",
        ),
        # The Treasury's account for taxes, which has no key; further attributes.
        (
            RussianPayment(
                "Казначейство России (ФНС России)", "03100643000000018500",
                "ОКЦ №7 ГУ Банка России по ЦФО", "017003983", "40102810445370000059", Decimal("0.05"),
                payee_inn="7727406020", kpp="770801001", cbc="18201061201010000510", oktmo="0",
                others={"DrawerStatus": "13", "TaxPeriod": " 0 "},
            ),
            "ST00012|Name=Казначейство России (ФНС России)|PersonalAcc=03100643000000018500"
            "|BankName=ОКЦ №7 ГУ Банка России по ЦФО|BIC=017003983|CorrespAcc=40102810445370000059|Sum=5"
            "|PayeeINN=7727406020|KPP=770801001|CBC=18201061201010000510|OKTMO=0|DrawerStatus=13|TaxPeriod=0",
        ),
        # An account with the Bank of Russia, as schools of Moscow had them.
        (
            RussianPayment("ДЕПАРТАМЕНТ ФИНАНСОВ", "40601810245253000002", "ГУ БАНКА РОССИИ",
                           "044525000", "0"),
            "ST00012|Name=ДЕПАРТАМЕНТ ФИНАНСОВ|PersonalAcc=40601810245253000002|BankName=ГУ БАНКА РОССИИ"
            "|BIC=044525000|CorrespAcc=0",
        ),
    ],
)  # fmt: skip
def test_payments_are_written_as_the_standard_says(payment: RussianPayment, text: str) -> None:
    """The mandatory attributes first, kopecks; and read back without a warning."""
    assert build_st00012(payment) == text
    reading = read_st00012(text)
    assert reading is not None
    assert reading.warnings == ()
    assert build_st00012(reading.content) == text


def test_the_separator_is_one_that_no_value_holds() -> None:
    """As in QRCoder's tests."""
    text = build_st00012(replace(WHALES, bank_name='ОАО | "БАНК"'))
    assert text.startswith(
        'ST00012#Name=ООО «Три кита»#PersonalAcc=40702810138250123017#BankName=ОАО | "БАНК"#'
    )
    reading = read_st00012(text)
    assert reading is not None
    assert reading.content.bank_name == 'ОАО | "БАНК"'


@pytest.mark.parametrize(
    ("bic", "personal", "corresp"),
    [
        # The examples of the Bank of Russia's order No. 515 of 1997, annex, 1 and 3.
        ("049805746", "40602810700000000025", "30101810800000000746"),
        # Banks as their own codes name them.
        ("044525201", "40802810700020000317", "30101810000000000201"),
        ("046015061", "40702810012250003417", "30101810560150000061"),
    ],
)
def test_the_keys_of_accounts_are_those_of_the_bank_of_russia(bic: str, personal: str, corresp: str) -> None:
    """Right ones pass; each digit changed is noticed, in either account."""
    payment = replace(WHALES, bic=bic, personal_acc=personal, corresp_acc=corresp)
    assert build_st00012(payment)
    changes: list[tuple[str, str, Any]] = [("personal_acc", personal, {}), ("corresp_acc", corresp, {})]
    for field, account, change in changes:
        for at in range(1, 20):
            wrong = account[:at] + str((int(account[at]) + 1) % 10) + account[at + 1 :]
            with pytest.raises(Refused, match="its key does not match") as refused:
                build_st00012(replace(payment, **{**change, field: wrong}))
            assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "я" * 120}, "name"),
        ({"personal_acc": "4070281013825012301"}, "personal_acc"),
        ({"personal_acc": "40702А10138250123017"}, "personal_acc"),
        ({"bank_name": ""}, "bank_name"),
        ({"bank_name": "x" * 46}, "bank_name"),
        ({"bic": "04452522"}, "bic"),
        ({"bic": "BYLADEM1001"}, "bic"),
        ({"corresp_acc": ""}, "corresp_acc"),
        ({"sum": Decimal("0.001")}, "sum"),
        ({"sum": Decimal(10) ** 16}, "sum"),
        ({"purpose": "x" * 211}, "purpose"),
        ({"payee_inn": "7725641887"}, "payee_inn"),
        ({"payer_inn": "1"}, "payer_inn"),
        ({"kpp": "77290100"}, "kpp"),
        ({"others": {"a|b": "1"}}, "others"),
        ({"others": {"": "1"}}, "others"),
        ({"others": {"SUM": "1"}}, "others"),
        ({"others": {"DocNo": "1\n2"}}, "others"),
        ({"purpose": "|#;:^_~{}!$%&()*+,/@"}, "purpose"),
    ],
)
def test_what_no_bank_takes_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_st00012(replace(WHALES, **changes))
    assert refused.value.field == field


PLAIN = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="@")  # so that a separator is free
NAMES = st.from_regex(r"\ADoc[A-Z][a-z0-9]{0,5}\Z")


@given(
    st.builds(
        RussianPayment,
        name=lines(60, 1, PLAIN),
        personal_acc=st.just("40702810138250123017"),
        bank_name=lines(20, 1, PLAIN),
        bic=st.just("044525225"),
        corresp_acc=st.sampled_from(["30101810400000000225", "0"]),
        sum=st.none() | amounts("9999999999999999.99"),
        purpose=lines(210, 0, PLAIN),
        payee_inn=st.just("")
        | st.text("0123456789", min_size=9, max_size=9).map(lambda inn: inn + calc_company_check_digit(inn)),
        kpp=st.sampled_from(["", "7729AB001"]),
        payer_address=lines(210, 0, PLAIN),
        uin=lines(25, 0, PLAIN),
        others=st.dictionaries(NAMES, lines(20, 1, PLAIN), max_size=3),
    )
)
def test_a_payment_reads_back_as_the_same_values(payment: RussianPayment) -> None:
    """Build, then read: the same, and nothing to warn of."""
    assume(len(f"{payment.name}{payment.bank_name}".encode()) <= BYTES - 105)
    text = build_st00012(payment)
    reading = read_st00012(text)
    assert reading is not None
    assert reading.content == payment
    assert reading.warnings == ()


@given(st.lists(anything(), min_size=4, max_size=4), st.dictionaries(anything(), anything(), max_size=2))
def test_nothing_typed_adds_an_attribute(values: list[str], others: dict[str, str]) -> None:
    """What is not refused has the attributes that were given, and reads back the same."""
    name, bank, purpose, address = values
    payment = replace(
        WHALES, name=name or "x", bank_name=bank or "x", purpose=purpose, payer_address=address, others=others
    )
    try:
        built = build_st00012(payment)
    except Refused:
        return
    separator = built[7]
    assert built.count(separator) == 5 + sum(
        bool(each.strip()) for each in (purpose, address, *others.values())
    )
    reading = read_st00012(built)
    assert reading is not None
    assert reading.warnings == ()
    assert build_st00012(reading.content) == built


def test_other_charsets_and_spellings_are_read() -> None:
    """ST00011 and ST00013, names in any case, one separator more, letters taken for Latin ones."""
    for head, charset in (("ST00011", "cp1251"), ("ST00013", "koi8-r")):
        text = EXAMPLE.replace("ST00012", head).replace("«Три кита»", "Три кита") + "|lastName=Иванов|"
        for given_ in (text, text.encode(charset).decode("latin-1")):
            reading = read_st00012(given_)
            assert reading is not None
            assert reading.content == replace(WHALES, name="ООО Три кита", last_name="Иванов")
            assert reading.warnings == ()


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        # The standard's example goes on with an INN whose check digit is not right.
        ("|PayeeINN=6200098765", "An INN has 10 or 12 digits"),
        ("|Sum=1000.00", "“1000.00” is not an amount"),
        ("|Sum=0", "above zero"),
        ("|KPP=1", "A KPP has 9 digits"),
        ("|Purpose=" + "x" * 211, "At most 210 characters"),
        ("|№=1", "cannot be a further attribute"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(rest: str, sentence: str) -> None:
    """One fault, one warning; the values are there all the same."""
    reading = read_st00012(EXAMPLE + rest)
    assert reading is not None
    assert reading.content.name == WHALES.name
    (warning,) = reading.warnings
    assert sentence in str(warning)


def test_a_wrong_key_is_said_when_a_code_is_read() -> None:
    """With the field it concerns."""
    reading = read_st00012(EXAMPLE.replace("40702810138250123017", "40702810138250123018"))
    assert reading is not None
    (warning,) = reading.warnings
    assert warning.field == "personal_acc"


@pytest.mark.parametrize(
    "text", ["", "ST00012", "ST00012|", "ST00012|Name=x", "ST00014|PersonalAcc=1", "ST00012 PersonalAcc=1"]
)
def test_other_texts_are_not_payments(text: str) -> None:
    """Other heads, payments to no account."""
    assert read_st00012(text) is None


@given(anything(), st.sampled_from("123"), st.sampled_from("|#_§"))
def test_reading_never_fails(rest: str, charset: str, separator: str) -> None:
    """Whatever stands behind the head."""
    read_st00012(rest)
    read_st00012(f"ST0001{charset}{rest}")
    reading = read_st00012(f"ST0001{charset}{separator}PersonalAcc={separator}{rest}")
    assert reading is not None
    assert reading.kind == "st00012"
