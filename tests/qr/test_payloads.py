"""A text says exactly what was typed, and is known for what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import KINDS, Level, interpret, payload_of
from bot.qr.payloads.text import Text, build_text
from bot.qr.refusal import Refused
from tests.contents import EXAMPLES, Example


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_a_text_is_said_exactly_as_typed(text: str) -> None:
    """No trimming, no normalising."""
    assert payload_of(text).data.decode(payload_of(text).rules.charset) == text


@pytest.mark.parametrize("text", ["", "a\x00b", "\x7f", "\ud800"])
def test_a_text_that_no_reader_shows_is_refused(text: str) -> None:
    """Empty, control characters, half a surrogate pair."""
    with pytest.raises(Refused):
        build_text(Text(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("WIFI:T:WPA;S:Café;P:12345678;H:true;;", "wifi"),
        ("https://example.com/A", "url"),
        ("WIFI:P:12345678;;", "text"),
        ("https://example.com/a b", "text"),
        ("HTTPS://example.com/a", "url"),
        ("https://wa.me/442079460958", "whatsapp"),
        ("hello", "text"),
    ],
)
def test_a_text_is_known_for_what_it_is(text: str, kind: str) -> None:
    """A network without a name is only text, a link with a space no link."""
    assert interpret(text).kind == payload_of(text).kind == kind


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.kind)
def test_what_one_kind_writes_no_other_reads(example: Example) -> None:
    """Its own reader has it, and building again gives the same."""
    reading = interpret(example.text)
    kind = KINDS[reading.kind]
    assert reading.kind == ("text" if example.kind == "raw" else example.kind)
    assert kind.build(reading.content) == example.text
    assert reading.warnings == () or example.kind == "url"


def test_each_kind_keeps_the_rules_of_its_specification() -> None:
    """Levels, versions, charsets, looks: EPC069-12, SIX QR-bill 2.3, UPN QR."""
    epc, swiss, upn = (KINDS[name].rules for name in ("epc", "swiss", "upnqr"))
    assert (epc.level, epc.most) == (Level.M, 13)
    assert (swiss.level, swiss.most, swiss.plain, swiss.cross) == (Level.M, 25, True, True)
    assert (upn.level, upn.least, upn.most, upn.charset, upn.eci) == (Level.M, 15, 15, "iso8859-2", True)


@given(st.text(max_size=300))
def test_no_text_breaks_a_reader(text: str) -> None:
    """Each prefix a reader looks for, followed by anything."""
    starts = (
        "", "WIFI:", "WIFI:S:", "BEGIN:VCARD\n", "MECARD:", "BEGIN:VEVENT\n", "mailto:", "tel:", "SMSTO:",
        "geo:", "otpauth://totp/", "https://", "BCD\n", "SPC\n", "000201", "upi://pay?", "SPD*1.0*",
        "UPNQR\n", "ST00012|", "bitcoin:", "lightning:", "ethereum:", "facetime:", "MATMSG:",
    )  # fmt: skip
    for start in starts:
        reading = interpret(start + text)
        assert reading.kind in KINDS
