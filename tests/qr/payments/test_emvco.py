"""VietQR, PromptPay, PayNow and any merchant-presented code, written and read as their schemes say."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.th import pin

from bot.qr.payloads import KINDS, interpret
from bot.qr.payloads.payments.emvco import MerchantCode, build_emvco, read_emvco
from bot.qr.payloads.payments.paynow import PayNow, build_paynow, read_paynow
from bot.qr.payloads.payments.promptpay import PromptPay, build_promptpay, read_promptpay
from bot.qr.payloads.payments.tlv import merchant_code, objects_in, objects_text, signed
from bot.qr.payloads.payments.vietqr import VietQr, build_vietqr, read_vietqr
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything, days

VIET = VietQr("970403", "0011012345678")
THAI = PromptPay("0812345678")
SINGAPORE = PayNow("91234567")
CAFE = {"02": "4111111111111111", "52": "5812", "53": "840", "58": "US", "59": "Cafe", "60": "Boston"}


def refused_at(build: Any, content: Any) -> tuple[str, str]:
    """Try to build; the field and the sentence of the refusal."""
    with pytest.raises(Refused) as refused:
        build(content)
    return refused.value.field, str(refused.value)


def plain(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Draw a text in its normal form."""
    drawn = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=most).map(str.strip)
    return drawn.filter(lambda text: len(text) >= least and text not in ("NA", "***"))


# --- VietQR -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "text"),
    [
        # NAPAS, VietQR format 1.5, the static example.
        (
            VIET,
            "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
        ),
        # The README of subiz/vietqr.
        (
            VietQr("970415", "0011001932418", Decimal(120000), "ủng hộ lũ lụt"),
            "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN"
            "62170813ung ho lu lut6304C15C",
        ),
        # The same, an account with letters and the longest message.
        (
            VietQr("970422", "0023457923442ASDFLJ", Decimal("40123.00"), "chuyen khoan alsdkf laksj"),
            "00020101021238630010A0000007270133000697042201190023457923442ASDFLJ0208QRIBFTTA5303704540540123"
            "5802VN62290825chuyen khoan alsdkf laksj6304E5DB",
        ),
    ],
)  # fmt: skip
def test_the_published_transfers_in_dong_are_written(content: VietQr, text: str) -> None:
    """Whole dong, a message without accents; and read back without a word."""
    assert build_vietqr(content) == text
    reading = interpret(text)
    assert (reading.kind, reading.warnings) == ("vietqr", ())
    assert build_vietqr(reading.content) == text


def test_what_else_a_transfer_in_dong_says_is_told() -> None:
    """NAPAS, VietQR format 1.5: the dynamic example with a bill's number, and the one to a card."""
    reading = interpret(
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
        "62340107NPS68690819thanh toan don hang63042E2E"
    )
    assert reading.content == replace(VIET, amount=Decimal(180000), message="thanh toan don hang")
    assert [str(each) for each in reading.warnings] == ["This code also says: NPS6869"]
    card = interpret(
        "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52"
    )
    assert card.content == VietQr("970403", "9704031101234567")
    assert ["number of a card" in str(each) for each in card.warnings] == [True]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"bank": "VCB"}, "bank", "6 digits"),
        ({"bank": "97043"}, "bank", "6 digits"),
        ({"bank": "٩٧٠٤٣٦"}, "bank", "6 digits"),
        ({"account": ""}, "account", "3 to 19"),
        ({"account": "1" * 20}, "account", "3 to 19"),
        ({"account": "12-34"}, "account", "3 to 19"),
        ({"amount": Decimal("0.5")}, "amount", "no decimals"),
        ({"amount": Decimal("NaN")}, "amount", "above zero"),
        ({"amount": Decimal("sNaN")}, "amount", "above zero"),
        ({"amount": Decimal(10) ** 10}, "amount", "goes up to"),
        ({"message": "x" * 26}, "message", "At most 25"),
        ({"message": "日本"}, "message", "letters a to z"),
    ],
)
def test_what_no_vietnamese_bank_takes_is_refused(changes: dict[str, Any], field: str, sentence: str) -> None:
    """At its field."""
    at, said = refused_at(build_vietqr, replace(VIET, **changes))
    assert (at, sentence in said) == (field, True)


@given(
    st.builds(
        VietQr,
        bank=st.from_regex(r"[0-9]{6}", fullmatch=True),
        account=st.from_regex(r"[0-9A-Za-z]{3,19}", fullmatch=True),
        amount=st.none() | st.integers(1, 9_999_999_999).map(Decimal),
        message=plain(25),
    )
)
def test_a_transfer_in_dong_reads_back_as_the_same_values(content: VietQr) -> None:
    """Build, then read: the same, and nothing to warn of."""
    reading = read_vietqr(build_vietqr(content))
    assert reading is not None
    assert (reading.content, reading.warnings) == (content, ())


# --- PromptPay ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "phone",
    ["0812345678", "081-234-5678", "+66 81 234 5678", "66812345678", "0066812345678", " (081) 234.5678"],
)
def test_a_thai_phone_is_written_with_its_country(phone: str) -> None:
    """However people write it; a counter's code is static (11), one with an amount is not (12)."""
    text = build_promptpay(PromptPay(phone))
    assert text.startswith("00020101021129370016A0000006770101110113006681234567853037645802TH6304")
    reading = interpret(build_promptpay(PromptPay(phone, Decimal("4.22"))))
    assert (reading.kind, reading.warnings) == ("promptpay", ())
    assert reading.content == PromptPay("+66812345678", Decimal("4.22"))


@pytest.mark.parametrize(
    ("text", "content"),
    [
        # dtinth/promptpay-qr, index.test.js; it writes the country before the currency.
        (
            "00020101021129370016A000000677010111011300668012345675802TH530376463046197",
            PromptPay("+66801234567"),
        ),
        (
            "00020101021129370016A000000677010111011300668912345675802TH5303764630429C1",
            PromptPay("+66891234567"),
        ),
        # The README of a generator for Thai QR payments: TrueMoney.
        (
            "00020101021129390016A000000677010111031514000080111111153037645802TH63047C0F",
            PromptPay(ewallet="140000801111111"),
        ),
    ],
)  # fmt: skip
def test_codes_of_other_makers_are_read_to_whom_they_go(text: str, content: PromptPay) -> None:
    """In whatever order their objects are."""
    reading = interpret(text)
    assert (reading.kind, reading.content, reading.warnings) == ("promptpay", content, ())


@pytest.mark.parametrize(
    ("text", "person"),
    [
        # dtinth/promptpay-qr, index.test.js: invented ids, whose check digits are wrong.
        ("00020101021129370016A000000677010111021311111111111115802TH530376463047B5A", "1111111111111"),
        ("00020101021129370016A000000677010111021301234567890125802TH530376463040CBD", "0123456789012"),
    ],
)
def test_a_wrong_check_digit_is_said(text: str, person: str) -> None:
    """The number is there all the same."""
    reading = interpret(text)
    assert reading.content == PromptPay(national_id=person)
    assert ["typing error" in str(each) for each in reading.warnings] == [True]


def test_an_id_of_a_person_and_of_a_company_are_taken() -> None:
    """Examples of python-stdnum's documentation for both (th.pin, th.moa)."""
    for person, number in (("3-1006-00445-63-5", "3100600445635"), ("0-99-3-000-13397-8", "0993000133978")):
        text = build_promptpay(PromptPay(national_id=person, amount=Decimal(50)))
        assert f"29370016A0000006770101110213{number}5303764540550.005802TH" in text
        reading = read_promptpay(text)
        assert reading is not None
        assert reading.content == PromptPay("", Decimal("50.00"), number)
        assert reading.warnings == ()


@pytest.mark.parametrize(
    ("content", "field", "sentence"),
    [
        (PromptPay(), "phone", "one of them"),
        (PromptPay("0812345678", national_id="3100600445635"), "phone", "one of them"),
        (PromptPay("0812345678", ewallet="1" * 15), "phone", "one of them"),
        (PromptPay("021234567"), "phone", "country code"),
        (PromptPay("+6621234567"), "phone", "Thai mobile"),
        (PromptPay("+442079460958"), "phone", "Thai mobile"),
        (PromptPay("3100600445635"), "phone", "looks like a national id"),
        (PromptPay(national_id="3100600445636"), "national_id", "typing error"),
        (PromptPay(national_id="310060044563"), "national_id", "typing error"),
        (PromptPay(national_id="٣١٠٠٦٠٠٤٤٥٦٣٥"), "national_id", "typing error"),
        (PromptPay(ewallet="1" * 14), "ewallet", "15 digits"),
        (PromptPay("0812345678", Decimal("0.001")), "amount", "two decimals"),
    ],
)
def test_what_no_thai_bank_takes_is_refused(content: PromptPay, field: str, sentence: str) -> None:
    """At its field."""
    at, said = refused_at(build_promptpay, content)
    assert (at, sentence in said) == (field, True)


def _thai() -> st.SearchStrategy[PromptPay]:
    money = st.none() | amounts("9999999999.99")
    persons = st.from_regex(r"[1-8][0-9]{11}", fullmatch=True)
    return st.one_of(
        st.builds(PromptPay, st.from_regex(r"\+668[0-9]{8}", fullmatch=True), money),
        st.builds(
            PromptPay, amount=money, national_id=persons.map(lambda text: text + pin.calc_check_digit(text))
        ),
        st.builds(PromptPay, amount=money, ewallet=st.from_regex(r"[0-9]{15}", fullmatch=True)),
    )


@given(_thai())
def test_a_transfer_in_baht_reads_back_as_the_same_values(content: PromptPay) -> None:
    """Build, then read: the same, and nothing to warn of."""
    reading = read_promptpay(build_promptpay(content))
    assert reading is not None
    assert (reading.content, reading.warnings) == (content, ())


# --- PayNow -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "text"),
    [
        # The README of a public PayNow library for several platforms.
        (
            PayNow("91234567", Decimal("25.5"), name="Demo Merchant", reference="INV-DEMO-001",
                   expiry="2031-09-16"),
            "00020101021226500009SG.PAYNOW010100211+659123456703010040820310916520400005303702540525.50"
            "5802SG5913Demo Merchant6009Singapore62160112INV-DEMO-00163048F64",
        ),
        # The tests of pyPayNowSg: a company's UEN with three characters of its own.
        (
            PayNow(uen="200002150hWCF", name="NATIONAL HEALTHCARE GRO"),
            "00020101021126400009SG.PAYNOW010120213200002150HWCF030115204000053037025802SG"
            "5923NATIONAL HEALTHCARE GRO6009Singapore6304DF3F",
        ),
    ],
)  # fmt: skip
def test_the_published_transfers_in_singapore_dollars_are_written(content: PayNow, text: str) -> None:
    """And read back without a word."""
    assert build_paynow(content) == text
    reading = interpret(text)
    assert (reading.kind, reading.warnings) == ("paynow", ())
    assert build_paynow(reading.content) == text


def test_codes_of_other_makers_are_read_with_what_they_say_besides() -> None:
    """A time of the last day, which ours do not have; static with an amount; a postcode."""
    reading = interpret(  # serrynaimo/paynow-qr, as a public parser's tests give it
        "00020101021226370009SG.PAYNOW010120210201207337D03010520400005303702540510.005802SG"
        "5916Nerdherd Pte Ltd6009Singapore6304F832"
    )
    assert reading.content == PayNow("", Decimal("10.00"), "201207337D", "Nerdherd Pte Ltd")
    assert reading.warnings == ()
    account = (("00", "SG.PAYNOW"), ("01", "0"), ("02", "+6591234567"), ("03", "1"), ("04", "20270131180000"))
    code = (("26", objects_text(account)), ("53", "702"), ("54", "5"), ("60", "SINGAPORE"), ("61", "123456"))
    timed = read_paynow(signed(code))
    assert timed is not None
    assert timed.content == PayNow("+6591234567", Decimal(5), editable=True, expiry="2027-01-31")
    assert ["until 18:00" in str(each) for each in timed.warnings] == [True]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"phone": ""}, "phone", "one of the two"),
        ({"uen": "201207337D"}, "phone", "one of the two"),
        ({"phone": "+442079460958"}, "phone", "Singapore numbers"),
        ({"phone": "1234"}, "phone", "country code"),
        ({"phone": "", "uen": "201207337E"}, "uen", "no UEN"),
        ({"phone": "", "uen": "201207337D12"}, "uen", "no UEN"),
        ({"phone": "", "uen": "201207337D-12"}, "uen", "no UEN"),
        ({"phone": "", "uen": "2012٠7337D"}, "uen", "no UEN"),
        ({"amount": Decimal(-1)}, "amount", "above zero"),
        ({"name": "x" * 26}, "name", "At most 25"),
        ({"reference": "x" * 26}, "reference", "At most 25"),
        ({"expiry": "2027-02-30"}, "expiry", "calendar"),
        ({"expiry": "soon"}, "expiry", "calendar"),
    ],
)
def test_what_no_bank_of_singapore_takes_is_refused(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    """At its field."""
    at, said = refused_at(build_paynow, replace(SINGAPORE, **changes))
    assert (at, sentence in said) == (field, True)


@given(
    st.builds(
        PayNow,
        phone=st.from_regex(r"\+65[89][0-9]{7}", fullmatch=True),
        amount=amounts("9999999999.99"),
        name=plain(25),
        reference=plain(25),
        editable=st.booleans(),
        expiry=st.just("") | days(),
    )
)
def test_a_transfer_in_singapore_dollars_reads_back_as_the_same_values(content: PayNow) -> None:
    """Build, then read: the same, and nothing to warn of; without an amount the payer always fills it in."""
    text = build_paynow(content)
    reading = read_paynow(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (content, ())
    assert ("03011" in text.split("5204")[0]) or not content.editable
    open_ = build_paynow(replace(content, amount=None, editable=True))
    assert open_ == build_paynow(replace(content, amount=None, editable=False))


# --- any other ----------------------------------------------------------------------------------------------

# The README of a public QRIS library: an invented shop.
QRIS = (
    "00020101021126620014COM.GO-JEK.WWW011993600914123456789010210G1234567890303UMI51440014ID.CO.QRIS.WWW"
    "0215ID10200123456780303UMI5204581253033605802ID"
    "5911TOKO CONTOH6007JAKARTA61051011062120708KASIR-0163043ACC"
)


@pytest.mark.parametrize(
    ("text", "name", "takes"),
    [
        (QRIS, "TOKO CONTOH", "QRIS"),
        # The tests of the National Bank of Cambodia's SDK, static, with a mobile number and a purpose.
        (
            "00020101021129180014jonhsmith@nbcq5204599953031165802KH5910Jonh Smith6010Phnom Penh"
            "62260211855123456780807Testing6304A586",
            "Jonh Smith", "KHQR",
        ),
        (
            signed((("26", "0014A000000615000101065018540210MD00000001"), ("52", "0000"), ("53", "458"),
                    ("58", "MY"), ("59", "KEDAI"), ("60", "MY"))),
            "KEDAI", "DuitNow",
        ),
    ],
)  # fmt: skip
def test_codes_that_only_banks_make_are_read_and_named(text: str, name: str, takes: str) -> None:
    """Tag by tag, under the shop's name."""
    reading = interpret(text)
    assert reading.kind == "emvco"
    assert [str(each) for each in reading.warnings] == [f"This code can be paid by {takes}."]
    assert KINDS["emvco"].title(reading.content) == name
    assert build_emvco(reading.content) == text


def test_other_services_of_a_known_scheme_stay_merchant_codes() -> None:
    """A Thai bill (tag 30), a Vietnamese merchant (QRPUSH), a Singapore id: no transfers of ours."""
    bill = "0016A0000006770101120115010553509091205020720661140310W229329355"
    shop = objects_text((("00", "A000000727"), ("01", "0006970403010812345678"), ("02", "QRPUSH")))
    person = objects_text((("00", "SG.PAYNOW"), ("01", "1"), ("02", "S1234567D")))
    for tag, account in (("30", bill), ("38", shop), ("26", person)):
        rest = (("52", "0000"), ("53", "764"), ("58", "TH"), ("59", "X"), ("60", "Y"))
        reading = interpret(signed(((tag, account), *rest)))
        assert reading.kind == "emvco"
        assert len(reading.warnings) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"00": "01"}, "no tag of yours"),
        ({"63": "ABCD"}, "no tag of yours"),
        ({"100": "x"}, "no tag of yours"),
        ({"٥٩": "x"}, "no tag of yours"),
        ({"name": "x"}, "no tag of yours"),
        ({"52": ""}, "missing: 52"),
        ({"59": " ", "60": ""}, "missing: 59, 60"),
        ({"02": ""}, "To whom?"),
        ({"52": "581"}, "tag 52 is four digits"),
        ({"53": "USD"}, "tag 53 is three digits"),
        ({"54": "1,5"}, "tag 54 is a number"),
        ({"54": "12345678901234"}, "tag 54 is a number"),
        ({"58": "usa"}, "tag 58 is two capital letters"),
        ({"59": "x" * 26}, "tag 59 is at most 25"),
        ({"60": "x" * 16}, "tag 60 is at most 15"),
        ({"61": "x" * 11}, "tag 61 is at most 10"),
        ({"01": "13"}, "tag 01 is 11 or 12"),
        ({"70": "x" * 100}, "tag 70 has at most 99"),
        ({"62": "0799Kasse"}, "Tag 62 holds objects of its own"),
        ({"26": "me@bank"}, "Tag 26 holds objects of its own"),
        ({"70": "a\nb"}, "control character"),
    ],
)
def test_what_the_specification_forbids_is_refused(changes: dict[str, str], sentence: str) -> None:
    """Whatever tag it stands in."""
    at, said = refused_at(build_emvco, MerchantCode(CAFE | changes))
    assert (at, sentence in said) == ("tags", True), said


def test_tags_are_written_in_order_nested_ones_too() -> None:
    """Whatever order they are given in."""
    tags = {" 62": "0705Kasse ", "54": "12.50", "26": "0004test0101x"} | CAFE
    text = build_emvco(MerchantCode(tags))
    assert text.startswith(
        "000201021641111111111111112613" + "0004test0101x" + "52045812" + "5303840" + "540512.50"
    )
    reading = read_emvco(text)
    assert reading is not None
    assert reading.content == MerchantCode(CAFE | {"26": "0004test0101x", "54": "12.50", "62": "0705Kasse"})
    assert reading.warnings == ()


TEMPLATES = st.dictionaries(
    st.integers(1, 9).map("{:02}".format), plain(9, 1), min_size=1, max_size=5
).map(lambda objects: objects_text((("00", "x"), *objects.items())))  # fmt: skip


@given(
    st.dictionaries(st.integers(2, 25).map("{:02}".format), plain(99, 1), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["26", "51", "62", "64", "80"]), TEMPLATES),
    plain(25, 1),
    plain(15, 1),
)
def test_tags_read_back_as_they_were_given(
    cards: dict[str, str], templates: dict[str, str], name: str, town: str
) -> None:
    """Build, then read: the same, and nothing to warn of."""
    fixed = {"52": "5812", "53": "840", "58": "US", "59": name, "60": town}
    content = MerchantCode(cards | templates | fixed)
    reading = read_emvco(build_emvco(content))
    assert reading is not None
    assert (reading.content, reading.warnings) == (content, ())


# --- all of them --------------------------------------------------------------------------------------------


@given(st.lists(anything(), min_size=4, max_size=4))
def test_nothing_typed_adds_an_object(values: list[str]) -> None:
    """What is not refused reads back as what it builds again, tag by tag."""
    one, two, three, four = values
    contents: tuple[tuple[str, Any], ...] = (
        ("vietqr", VietQr("970436", f"12345{one.strip()}", None, two)),
        ("promptpay", PromptPay(f"0812345678{one}")),
        ("paynow", PayNow("", Decimal(1), f"201207337D{one}", two, three, True, four)),
        ("emvco", MerchantCode(CAFE | {"70": one, two: "x", "62": f"07{len(three):02}{three}", "71": four})),
    )
    for name, content in contents:
        try:
            text = KINDS[name].build(content)
        except Refused:
            continue
        reading = KINDS[name].read(text)
        assert reading is not None
        assert reading.warnings == ()
        assert KINDS[name].build(reading.content) == text
        objects = objects_in(text)
        assert objects is not None
        allowed = {"01", "26", "29", "38", "52", "53", "54", "58", "59", "60", "62"}
        assert objects.keys() - {"00", "63"} <= (content.tags.keys() if name == "emvco" else allowed) | {
            two.strip()
        }


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("vietqr", build_vietqr(VIET).replace("5303704", "5303840"), "not in dong"),
        ("promptpay", build_promptpay(THAI).replace("5303764", "5303840"), "not in baht"),
        ("paynow", build_paynow(SINGAPORE).replace("5303702", "5303840"), "not in Singapore dollars"),
        ("vietqr", build_vietqr(VIET).replace("0006970403", "0006VIETCB"), "BIN"),
        ("paynow", build_paynow(SINGAPORE).replace("+6591234567", "+6591234x67"), "phone number"),
        ("emvco", build_emvco(MerchantCode(CAFE)).replace("Boston", "Bostom"), "checksum"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(name: str, text: str, sentence: str) -> None:
    """Beside its checksum, which no longer fits either."""
    reading = interpret(text)
    assert reading.kind == name
    assert "checksum" in str(reading.warnings[0])
    assert any(sentence in str(each) for each in reading.warnings)


def test_other_ways_to_pay_in_one_code_are_told() -> None:
    """A Singapore code of many: read as the transfer it offers."""
    paynow = objects_text((("00", "SG.PAYNOW"), ("01", "2"), ("02", "201207337D"), ("03", "1")))
    many = (("02", "4111111111111111"), ("27", "0011SG.COM.NETS"), ("33", paynow), ("51", "0007SG.SGQR"))
    reading = interpret(signed((*many, ("53", "702"), ("60", "Singapore"))))
    assert reading.content == PayNow(uen="201207337D")
    assert [str(each) for each in reading.warnings] == ["This code can also be paid by Visa, NETS."]


@pytest.mark.parametrize("read", [read_vietqr, read_promptpay, read_paynow, read_emvco])
def test_other_texts_are_none_of_them(read: Any) -> None:
    """No beginning, no account."""
    assert [read(text) for text in ("", "000201", "SG.PAYNOW", "A000000727", "0002016304ABCD")] == [None] * 5


@given(anything() | st.text("0123456789", max_size=40))
def test_reading_never_fails(rest: str) -> None:
    """Whatever stands in the accounts and behind them."""
    insides = (
        ("38", (("00", "A000000727"), ("01", rest[:20]))),
        ("38", (("00", "A000000727"), ("01", objects_text((("00", rest[:9]), ("01", rest[:9])))))),
        ("29", (("00", "A000000677010111"), ("01", rest[:20]), ("03", rest[:20]))),
        ("26", (("00", "SG.PAYNOW"), ("01", "0"), ("02", rest[:20]), ("04", rest[:14]))),
        ("30", (("00", f"{rest[:9]}@bank"),)),
    )
    for tag, inside in insides:
        code = signed(
            (
                (tag, objects_text(inside)),
                ("53", rest[:3]),
                ("54", rest[:13]),
                ("58", "KH"),
                ("62", rest[:30]),
            )
        )
        for text in (code, code[:-4] + rest, code.replace("5802KH", rest)):
            assert interpret(text).kind
            assert (read_emvco(text) is None) is (merchant_code(text) is None)
