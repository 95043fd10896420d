"""Numbers are written as the whole world dials them, and messages say exactly what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.kind import Reading
from bot.qr.payloads.phone import (
    Form,
    Phone,
    Sms,
    build_phone,
    build_sms,
    line_of,
    number_of,
    read_phone,
    read_sms,
)
from bot.qr.refusal import Refused

words = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t")).map(str.strip)
numbers = st.sampled_from(["+442079460958", "+12015550123", "+4930123456", "+390612345678", "112", "72000"])


@given(numbers, st.sampled_from(["", ";ext=5", ";ext=00001234"]))
def test_a_number_reads_back_as_itself(number: str, extension: str) -> None:
    """In its normal form, with and without an extension."""
    phone = Phone(number + extension if number.startswith("+") else number)
    assert read_phone(build_phone(phone)) == Reading("phone", phone)


@given(numbers, words, st.sampled_from(Form))
def test_a_message_reads_back_as_itself(number: str, text: str, form: Form) -> None:
    """Whatever separators its words hold, in both forms."""
    sms = Sms(number, text, form)
    assert read_sms(build_sms(sms)) == Reading("sms", sms)


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands after the scheme."""
    for scheme in ("", "tel:", "tel:+1;", "SMSTO:", "sms:", "sms:+15105550101?"):
        assert getattr(read_phone(scheme + text), "kind", "phone") == "phone"
        assert getattr(read_sms(scheme + text), "kind", "sms") == "sms"


@given(st.text("+0123456789 ()-./", max_size=20))
def test_a_number_is_written_the_same_again(text: str) -> None:
    """Its normal form is normal, and only digits."""
    for start in ("+", "+49", "+1201", "0044", ""):
        try:
            number = number_of(start + text)
        except Refused:
            continue
        assert number_of(number) == number
        assert number[0] == "+"
        assert number[1:].isdecimal()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("+1-201-555-0123", "tel:+12015550123"),  # RFC 3966, 6
        ("+44 20 7946 0958", "tel:+442079460958"),  # Ofcom's numbers for films
        ("0044 20 7946 0958", "tel:+442079460958"),
        ("(+44) 20 7946-0958", "tel:+442079460958"),
        ("+44 (0)20 7946 0958", "tel:+442079460958"),
        ("+49 30/12 34 56", "tel:+4930123456"),
        ("+39 06 1234 5678", "tel:+390612345678"),  # the zero of Italy stays
        ("＋４４ ２０ ７９４６ ０９５８", "tel:+442079460958"),
        ("+44 20 7946 0958 ext. 123", "tel:+442079460958;ext=123"),
        ("+44 20 7946 0958 x123", "tel:+442079460958;ext=123"),
        ("+442079460958;ext=123", "tel:+442079460958;ext=123"),
        ("112", "tel:112"),
        (" 116117 ", "tel:116117"),
    ],
)
def test_a_number_is_written_as_the_world_dials_it(typed: str, text: str) -> None:
    """E.164, short numbers as they are."""
    assert build_phone(Phone(typed)) == text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("020 7946 0958", "Begin the phone number with +"),
        ("1234567", "Begin the phone number with +"),
        ("12", "Begin the phone number with +"),
        ("", "Begin the phone number with +"),
        ("Ada", "Begin the phone number with +"),
        ("+44 20 7946 0958 or 0959", "Begin the phone number with +"),
        ("+1 555", "There is no phone number"),
        ("+1 253 0000", "There is no phone number"),
        ("+999 123456789", "There is no phone number"),
        ("+44 20 7946 0958 0958 0958", "There is no phone number"),
        ("+49 0030 123456", "There is no phone number"),
        ("++44 20 7946 0958", "Begin the phone number with +"),
        (f"+{'4' * 10_000}", "There is no phone number"),
        ("+44 20\n7946 0958", "invisible"),
        ("112;ext=5", "Begin the phone number with +"),
    ],
)
def test_what_cannot_be_dialled_everywhere_is_refused(typed: str, says: str) -> None:
    """And the sentence says what to do."""
    with pytest.raises(Refused) as refused:
        build_phone(Phone(typed))
    assert says in str(refused.value)
    assert refused.value.field == "number"


def test_the_number_of_a_person_is_no_short_one_and_has_no_extension() -> None:
    """A chat or a message cannot go there; a call can."""
    for typed in ("112", "+442079460958;ext=5"):
        with pytest.raises(Refused) as refused:
            number_of(typed, field="phones")
        assert refused.value.field == "phones"
        assert line_of(typed) == typed


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("tel:+1-201-555-0123", "+12015550123"),  # RFC 3966, 6
        ("TEL:+44 20 7946 0958", "+442079460958"),
        ("tel:%2B442079460958", "+442079460958"),
        ("tel://+442079460958", "+442079460958"),
        ("tel:+358-555-1234567;ext=12-3", "+3585551234567;ext=123"),  # RFC 3966, 3, with its separators
        ("Tel:112", "112"),
    ],
)
def test_other_forms_of_a_number_are_read(text: str, number: str) -> None:
    """Separators, upper case, percent-encoding, extensions."""
    assert read_phone(text) == Reading("phone", Phone(number))
    assert interpret(text).kind == "phone"


@pytest.mark.parametrize(
    ("text", "number", "warnings"),
    [
        ("tel:7042;phone-context=example.com", "7042", ["phone-context=example.com"]),  # RFC 3966, 6
        (
            "tel:863-1234;phone-context=+1-914-555",
            "863-1234",
            ["phone-context=+1-914-555", "Begin"],
        ),  # the same
        ("tel:0301234567", "0301234567", ["Begin the phone number with +"]),
        ("tel:*100%23", "*100#", ["Begin the phone number with +"]),
        ("tel:+1 555", "+1 555", ["There is no phone number"]),
    ],
)
def test_a_number_that_only_works_somewhere_is_read_with_warnings(
    text: str, number: str, warnings: list[str]
) -> None:
    """As it is written."""
    reading = read_phone(text)
    assert reading is not None
    assert reading.content == Phone(number)
    assert len(reading.warnings) == len(warnings)
    assert all(said in str(warning) for said, warning in zip(warnings, reading.warnings, strict=True))


@pytest.mark.parametrize(
    ("sms", "text"),
    [
        # RFC 5724, 2.4
        (Sms("+15105550101", form=Form.SMS), "sms:+15105550101"),
        (Sms("+15105550101", "hello there", Form.SMS), "sms:+15105550101?body=hello%20there"),
        # ZXing wiki, "Barcode Contents": smsto:number:subject
        (Sms("+15105550101", "hello: there;"), "SMSTO:+15105550101:hello: there;"),
        (Sms("+15105550101"), "SMSTO:+15105550101"),
        (Sms("72000", "JOIN"), "SMSTO:72000:JOIN"),
        (Sms("+1 510 555 0101", " a\r\nb ", Form.SMS), "sms:+15105550101?body=a%0Ab"),
        (Sms("+15105550101", "1+1 & ü?", Form.SMS), "sms:+15105550101?body=1%2B1%20%26%20%C3%BC%3F"),
    ],
)
def test_a_message_is_written_as_its_form_says(sms: Sms, text: str) -> None:
    """Raw after SMSTO, percent-encoded after sms."""
    assert build_sms(sms) == text


@pytest.mark.parametrize(
    ("text", "sms"),
    [
        ("smsto:+15105550101:Hi: you", Sms("+15105550101", "Hi: you")),
        ("MMSTO:+15105550101:Hi", Sms("+15105550101", "Hi")),
        ("SMS:+1-510-555-0101:Hi", Sms("+15105550101", "Hi", Form.SMS)),
        ("sms:+15105550101&body=Hi%20you", Sms("+15105550101", "Hi you", Form.SMS)),  # iPhones before iOS 8
        ("sms:+15105550101;body=Hi", Sms("+15105550101", "Hi", Form.SMS)),
        ("sms:+15105550101?subject=x&BODY=Hi%0D%0Ayou", Sms("+15105550101", "Hi\nyou", Form.SMS)),
        ("smsto:+15105550101?body=Hi", Sms("+15105550101", "Hi")),
        ("SMSTO:72000:100%20off", Sms("72000", "100%20off")),
    ],
)
def test_other_forms_of_a_message_are_read(text: str, sms: Sms) -> None:
    """What other makers write."""
    assert read_sms(text) == Reading("sms", sms)
    assert interpret(text).kind == "sms"


def test_what_is_wrong_with_a_message_is_said() -> None:
    """Several recipients (RFC 5724, 2.4), a number without its country."""
    reading = read_sms("sms:+15105550101,+15105550102?body=hello%20there")
    assert reading is not None
    assert reading.content == Sms("+15105550101", "hello there", Form.SMS)
    assert [str(warning) for warning in reading.warnings] == [
        "This message goes to 2 numbers; only the first is here."
    ]
    reading = read_sms("SMSTO:0301234567:Hi\x00")
    assert reading is not None
    assert reading.content.number == "0301234567"
    assert [warning.field for warning in reading.warnings] == ["number", "text"]


@pytest.mark.parametrize(
    "text",
    ["tel:", "tel: me about it", "tel:12", "sms: call me", "SMS:12:30 meeting", "sms:", "SMSTO::Hi", "+1"],
)
def test_what_is_no_number_is_left_to_others(text: str) -> None:
    """Texts that only start like one."""
    assert read_phone(text) is None
    assert read_sms(text) is None


@pytest.mark.parametrize(
    ("sms", "field"),
    [
        (Sms(""), "number"),
        (Sms("0301234567", "Hi"), "number"),
        (Sms("+442079460958;ext=5", "Hi"), "number"),
        (Sms("+442079460958", "bell\x07"), "text"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_at_its_field(sms: Sms, field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_sms(sms)
    assert refused.value.field == field
