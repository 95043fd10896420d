"""Transfers in Vietnam, Thailand and Singapore are written and read as their banks publish them."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.th import pin

from bot.qr.payloads import KINDS, interpret
from bot.qr.payloads.kind import entries
from bot.qr.payloads.payments.tlv import merchant_code, objects_in
from bot.qr.payloads.payments.transfers import PayNow, PromptPay, VietQr
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import amounts, anything
from tests.qr.payments.merchants import (
    EMV,
    NAPAS_AMOUNT,
    NAPAS_CARD,
    NAPAS_STATIC,
    PAYNOW,
    PROMPTPAY_ID,
    PROMPTPAY_PHONE,
    SEEN,
    VIETQR,
    changed,
    read,
)


def built(kind: str, content: object) -> str:
    """Write a content of a kind."""
    return KINDS[kind].build(content)


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("vietqr", VietQr("970403", "0011012345678"), NAPAS_STATIC),
        ("vietqr", VietQr("970415", "0011001932418", Decimal(120000), "ủng hộ lũ lụt"), VIETQR),
        (
            "paynow",
            PayNow(uen="201403121W", name="ACME Pte Ltd.", editable=True, expiry="2030-12-31"),
            PAYNOW,
        ),
    ],
)
def test_the_published_examples_are_written(kind: str, content: object, text: str) -> None:
    """To the last digit; and read back without a warning."""
    assert built(kind, content) == text
    again, warnings = read(text, kind)
    assert warnings == []
    assert built(kind, again) == text


def test_a_bill_number_in_a_vietqr_code_is_told() -> None:
    """We have no field for it."""
    assert read(NAPAS_AMOUNT, "vietqr") == (
        VietQr("970403", "0011012345678", Decimal(180000), "thanh toan don hang"),
        ["This code also says: 62-01 NPS6869"],
    )


def test_promptpay_codes_of_other_writers_are_read() -> None:
    """Whichever order their tags are in."""
    assert read(PROMPTPAY_PHONE, "promptpay") == (PromptPay("+66801234567"), [])
    content, warnings = read(PROMPTPAY_ID, "promptpay")
    assert content == PromptPay(national_id="1111111111111")
    (warning,) = warnings
    assert "typing error" in warning


@pytest.mark.parametrize("typed", ["0812345678", "+66 81-234-5678", "081 234 5678", "0066812345678"])
def test_a_thai_phone_is_typed_in_many_ways(typed: str) -> None:
    """And written as 0066 and nine digits, in ascending order of tags."""
    text = built("promptpay", PromptPay(typed, Decimal("4.22")))
    assert text.startswith("00020101021229370016A00000067701011101130066812345678530376454044.225802TH6304")
    assert read(text, "promptpay") == (PromptPay("+66812345678", Decimal("4.22")), [])


@pytest.mark.parametrize("person", ["1-2345-45678-78-1", "0994000617721"])
def test_people_and_companies_have_thirteen_digits(person: str) -> None:
    """National ids and tax numbers, as python-stdnum's documentation gives them."""
    text = built("promptpay", PromptPay(national_id=person))
    assert f"0213{person.replace('-', '')}5303764" in text
    assert read(text, "promptpay")[1] == []


@pytest.mark.parametrize(
    ("typed", "uen"),
    [("201403121w", "201403121W"), ("201403121WABC", "201403121WABC"), ("00192200M", "00192200M"),
     ("00192200M123", "00192200M123"), ("T01FC6132D", "T01FC6132D")],
)  # fmt: skip
def test_a_company_may_have_an_account_behind_its_number(typed: str, uen: str) -> None:
    """Three letters or digits, after nine or ten."""
    assert read(built("paynow", PayNow(uen=typed)), "paynow") == (PayNow(uen=uen), [])


def test_a_paynow_code_with_a_time_of_day_is_read() -> None:
    """Of the last day only the day counts."""
    text = changed(
        PAYNOW, "26490009SG.PAYNOW010120210201403121W03011040820301231",
        "26550009SG.PAYNOW010120210201403121W03011041420301231235959",
    )  # fmt: skip
    content, warnings = read(text, "paynow")
    assert (content.expiry, warnings) == ("2030-12-31", [])


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        ("vietqr", VietQr("97040", "0011012345678"), "bank"),
        ("vietqr", VietQr("٩٧٠٤٠٣", "0011012345678"), "bank"),
        ("vietqr", VietQr("970403", "1" * 20), "account"),
        ("vietqr", VietQr("970403", "12\x00345"), "account"),
        ("vietqr", VietQr("970403", "0011", Decimal("10.5")), "amount"),
        ("vietqr", VietQr("970403", "0011", Decimal("Infinity")), "amount"),
        ("vietqr", VietQr("970403", "0011", None, "x" * 26), "message"),
        ("vietqr", VietQr("970403", "0011", None, "最佳"), "message"),
        ("promptpay", PromptPay(), "phone"),
        ("promptpay", PromptPay("0812345678", None, "1234545678781"), "phone"),
        ("promptpay", PromptPay("+66 2 123 4567"), "phone"),
        ("promptpay", PromptPay("+6591234567"), "phone"),
        ("promptpay", PromptPay(national_id="1234545678782"), "national_id"),
        ("promptpay", PromptPay(national_id="12345"), "national_id"),
        ("promptpay", PromptPay("0812345678", Decimal(0)), "amount"),
        ("paynow", PayNow(), "phone"),
        ("paynow", PayNow("+6591234567", None, "201403121W"), "phone"),
        ("paynow", PayNow("+66812345678"), "phone"),
        ("paynow", PayNow(uen="201403121X"), "uen"),
        ("paynow", PayNow(uen="201403121W\x00AB"), "uen"),
        ("paynow", PayNow(uen="201403121W" + "A" * 80), "uen"),
        ("paynow", PayNow("91234567", expiry="2030-02-30"), "expiry"),
        ("paynow", PayNow("91234567", name="x" * 26), "name"),
        ("paynow", PayNow("91234567", reference="x" * 26), "reference"),
        ("paynow", PayNow("91234567", Decimal(10) ** 10), "amount"),
    ],
)
def test_what_no_bank_takes_is_refused_at_its_field(kind: str, content: object, field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        built(kind, content)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        (NAPAS_STATIC[:-1] + "0", "vietqr", "checksum"),
        (changed(NAPAS_STATIC, "5303704", "5303840"), "vietqr", "53 840"),
        (changed(NAPAS_STATIC, "5802VN", "5402105802VN"), "vietqr", ""),
        (changed(NAPAS_STATIC, "5802VN", "54021x5802VN"), "vietqr", "“1x” is not an amount"),
        (changed(NAPAS_STATIC, "0006970403", "000697040x"), "vietqr", "6 digits"),
        (changed(PROMPTPAY_PHONE, "5802TH", "5904Shop5802TH"), "promptpay", "59 Shop"),
        (changed(PROMPTPAY_PHONE, "0066801234567", "0065801234567"), "promptpay", "phone"),
        (changed(PAYNOW, "201403121W", "201403121X"), "paynow", "UEN"),
        (changed(PAYNOW, "08203012", "08203099"), "paynow", "calendar"),
        (changed(PAYNOW, "520400005303702", "27070003abc520400005303702"), "paynow", "27 0003abc"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_when_it_is_read(text: str, kind: str, sentence: str) -> None:
    """One fault, one warning; nothing wrong, none."""
    warnings = read(text, kind)[1]
    assert len(warnings) == bool(sentence)
    assert sentence in "".join(warnings)


def plain(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Draw a line of ASCII without white space around it."""
    return st.text(SEEN, max_size=most).map(str.strip).filter(lambda text: len(text) >= least)


AMOUNTS = st.none() | amounts("9999999999.99")
PEOPLE = st.from_regex(r"[1-8][0-9]{11}", fullmatch=True).map(lambda base: base + pin.calc_check_digit(base))
TRANSFERS = st.one_of(
    st.builds(
        VietQr,
        bank=st.from_regex(r"[0-9]{6}", fullmatch=True),
        account=st.from_regex(r"[0-9A-Za-z]{3,19}", fullmatch=True),
        amount=st.none() | st.integers(1, 9999999999).map(Decimal),
        message=plain(25),
    ),
    st.builds(
        PromptPay, phone=st.integers(0, 99999999).map(lambda number: f"+668{number:08}"), amount=AMOUNTS
    ),
    st.builds(PromptPay, amount=AMOUNTS, national_id=PEOPLE),
    st.builds(
        PayNow,
        phone=st.integers(0, 9999999).map(lambda number: f"+659{number:07}"),
        amount=AMOUNTS, name=plain(25), reference=plain(25), editable=st.booleans(),
        expiry=st.just("") | st.dates().map(lambda day: day.isoformat()),
    ),
    st.builds(PayNow, uen=st.sampled_from(["201403121W", "00192200MABC"]), amount=AMOUNTS, name=plain(25)),
)  # fmt: skip
_KIND_OF = {VietQr: "vietqr", PromptPay: "promptpay", PayNow: "paynow"}


@given(TRANSFERS)
def test_a_transfer_reads_back_as_the_same_values(content: VietQr | PromptPay | PayNow) -> None:
    """Build, then read: the same, and nothing to warn of."""
    if isinstance(content, PayNow):
        assume(content.name != "NA" and not (content.editable and content.amount is None))
    kind = _KIND_OF[type(content)]
    assert read(built(kind, content), kind) == (content, [])


@given(*[anything()] * 3)
def test_nothing_typed_adds_an_object(first: str, second: str, third: str) -> None:
    """What is not refused has no tags but its own, and reads back without a warning."""
    for content in (
        VietQr(first, "0011012345678", None, third),
        VietQr("970403", second, None, third),
        PromptPay(first, None, second),
        PayNow(first, None, second, third),
        PayNow("91234567", None, "", first, second, False, third),
    ):
        kind = _KIND_OF[type(content)]
        try:
            text = built(kind, content)
        except Refused:
            continue
        found = merchant_code(text)
        assert found is not None
        assert len(found[0]) <= 11
        assert len(objects_in(found[0].get("62", "")) or {}) <= 1
        again, warnings = read(text, kind)
        assert warnings == []
        assert built(kind, again) == text


def test_transfers_we_do_not_write_stay_merchants_codes() -> None:
    """A VietQR to a card, a Thai e-wallet, a PayNow virtual address."""
    for text in (
        NAPAS_CARD,
        changed(PROMPTPAY_PHONE, "01130066801234567", "03130066801234567"),
        changed(PAYNOW, "010120210", "010130210"),
    ):
        assert read(text, "emvco")[0].tags


@given(st.sampled_from([NAPAS_STATIC, PROMPTPAY_ID, PAYNOW, EMV]), st.data())
def test_a_changed_code_is_never_read_without_a_warning(text: str, data: st.DataObject) -> None:
    """The structure breaks, or the checksum does; no reader fails."""
    at = data.draw(st.integers(6, len(text) - 5))
    other = data.draw(SEEN.filter(lambda character: character != text[at]))
    reading = interpret(text[:at] + other + text[at + 1 :])
    assert reading.warnings != () or reading.kind not in (*_KIND_OF.values(), "emvco")


@given(anything())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands in the objects."""
    inner = text[:60]
    for tag, identifier in (
        ("38", "0010A000000727"),
        ("29", "0016A000000677010111"),
        ("26", "0009SG.PAYNOW01012"),
    ):
        account = f"{identifier}02{len(inner):02}{inner}"
        for body in (text, f"000201{tag}{len(account):02}{account}54{len(inner):02}{inner}5802XX"):
            for kind in ("vietqr", "promptpay", "paynow"):
                KINDS[kind].read(body)


def test_the_kinds_stand_among_the_payments() -> None:
    """Phone and amount are the words of chat; the rest is named."""
    assert {KINDS[name].group for name in ("vietqr", "promptpay", "paynow")} == {"pay"}
    for content in (PromptPay, PayNow):
        assert [entry.name for entry in entries(content) if not entry.value.named] == ["phone", "amount"]
