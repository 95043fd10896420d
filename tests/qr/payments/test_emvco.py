"""Any merchant's code is written and read by its tags, as EMV QRCPS Merchant-Presented Mode v1.1 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import KINDS, interpret
from bot.qr.payloads.payments.emvco import MerchantCode, build_emvco, read_emvco
from bot.qr.refusal import Refused
from tests.qr.payments.drawn import anything
from tests.qr.payments.merchants import EMV, KHQR, QRIS, read

CAFE = {"02": "4111111111111111", "52": "5812", "53": "840", "58": "US", "59": "Cafe", "60": "Boston"}


def test_a_merchants_code_is_written_by_its_tags() -> None:
    """In ascending order, whatever order they come in; and read back."""
    text = build_emvco(
        MerchantCode({" 60": " Boston ", **{tag: CAFE[tag] for tag in reversed(CAFE)}, "54": "3.50"})
    )
    assert text.startswith("0002010216411111111111111152045812530384054043.505802US5904Cafe6006Boston6304")
    assert read(text, "emvco") == (MerchantCode({**CAFE, "54": "3.50"}), [])


@pytest.mark.parametrize(
    ("text", "name"),
    [(EMV, "BEST TRANSPORT"), (QRIS, "Warung Sayur Bu Sugeng"), (KHQR, "Your Name")],
)
def test_codes_of_any_scheme_are_read(text: str, name: str) -> None:
    """QRIS, KHQR, and the specification's own; written again they say the same."""
    content, warnings = read(text, "emvco")
    assert content.tags["59"] == name
    assert not {"00", "63"} & content.tags.keys()
    assert warnings == []
    assert read(build_emvco(content), "emvco") == (content, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"52": ""}, {"59": " "}, {"02": ""}, {"00": "01"}, {"63": "ABCD"}, {"1": "x"}, {"100": "x"},
        {"٢٦": "x"},
        {"52": "food"}, {"53": "USD"}, {"58": "usa"}, {"54": "3,50"}, {"54": "12345678901.23"}, {"01": "13"},
        {"59": "最佳运输"}, {"59": "x" * 26}, {"60": "x" * 16}, {"26": "not objects"}, {"62": "0105"},
        {"65": "x" * 100}, {"65": "a\nb"}, {"65": "\ud800"},
    ],
)  # fmt: skip
def test_what_is_no_merchants_code_is_refused(changes: dict[str, str]) -> None:
    """Tags that are missing, ours, or none; values that do not fit."""
    with pytest.raises(Refused) as refused:
        build_emvco(MerchantCode({**CAFE, **changes}))
    assert refused.value.field == "tags"


@given(st.dictionaries(st.integers(0, 99).map(lambda tag: f"{tag:02}") | anything(), anything(), max_size=5))
def test_a_value_never_becomes_another_tag(tags: dict[str, str]) -> None:
    """What is not refused reads back tag for tag."""
    content = MerchantCode({**CAFE, **tags})
    try:
        text = build_emvco(content)
    except Refused:
        return
    reading = read_emvco(text)
    assert reading is not None
    assert reading.warnings == ()
    stripped = {tag.strip(): value.strip() for tag, value in content.tags.items() if value.strip()}
    assert reading.content == MerchantCode(stripped)


@pytest.mark.parametrize("text", ["", "000201", "00020158", "https://example.com/000201", "010212000201"])
def test_other_texts_are_no_codes(text: str) -> None:
    """The format comes first, and all of it is objects."""
    assert (read_emvco(text) is None) == (text != "000201")


@given(anything())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands in the objects."""
    read_emvco(text)
    body = f"00020126{len(text[:99]):02}{text[:99]}5802XX"
    reading = read_emvco(body)
    assert reading is not None
    assert reading.warnings != ()
    interpret(body)


def test_it_stands_among_the_payments() -> None:
    """After the schemes of their own."""
    names = list(KINDS)
    assert KINDS["emvco"].group == "pay"
    assert all(names.index(name) < names.index("emvco") for name in ("pix", "vietqr", "promptpay", "paynow"))
