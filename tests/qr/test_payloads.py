"""Payloads say exactly the values they were built from, and nothing can be slipped in."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.qr.payloads import build_text, interpret
from bot.qr.payloads.wifi import Security, Wifi, build_wifi, read_wifi
from bot.qr.refusal import Refused

printable = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1)


@given(
    printable.filter(lambda text: len(text.encode()) <= 32),
    printable.filter(lambda text: 8 <= len(text.encode()) <= 63),
    st.sampled_from([Security.WPA, Security.WPA3]),
    st.booleans(),
)
def test_a_network_reads_back_as_the_same_values(
    ssid: str, key: str, security: Security, hidden: bool
) -> None:
    """Build, then read: the same network, whatever separators its name holds."""
    for value in (ssid, key):
        assume(not (len(value) > 1 and value[0] == value[-1] == '"'))
    wifi = Wifi(ssid, key, security, hidden)
    payload = build_wifi(wifi)
    assert payload.text.endswith(";;")
    assert read_wifi(payload.text) == wifi


@pytest.mark.parametrize(
    ("wifi", "text"),
    [
        (Wifi("Café", "s3cret-pass"), "WIFI:T:WPA;S:Café;P:s3cret-pass;;"),
        (Wifi("a;b", "p:a,s\\s word", hidden=True), r"WIFI:T:WPA;S:a\;b;P:p\:a\,s\\s word;H:true;;"),
        (Wifi("Lobby", security=Security.OPEN), "WIFI:T:nopass;S:Lobby;;"),
        (Wifi("New", "12345678", Security.WPA3), "WIFI:T:WPA;S:New;P:12345678;R:1;;"),
        (Wifi("Old", "abcde", Security.WEP), "WIFI:T:WEP;S:Old;P:abcde;;"),
    ],
)
def test_a_network_is_written_as_its_specification_says(wifi: Wifi, text: str) -> None:
    """Escaped, never quoted, ending in two semicolons."""
    assert build_wifi(wifi).text == text


@pytest.mark.parametrize(
    ("text", "wifi"),
    [
        ('WIFI:S:"Home";T:WPA;P:"12345678";', Wifi("Home", "12345678")),
        ("wifi:T:SAE;S:x;P:12345678;;", Wifi("x", "12345678", Security.WPA3)),
        ("WIFI:S:open;;", Wifi("open", security=Security.OPEN)),
    ],
)
def test_older_forms_are_read(text: str, wifi: Wifi) -> None:
    """Quoted values, one final semicolon, T:SAE, no T at all."""
    assert read_wifi(text) == wifi


@pytest.mark.parametrize(
    ("wifi", "field"),
    [
        (Wifi(""), "ssid"),
        (Wifi("x" * 33, "12345678"), "ssid"),
        (Wifi("line\nbreak", "12345678"), "ssid"),
        (Wifi("short", "1234567"), "password"),
        (Wifi("long", "x" * 64), "password"),
        (Wifi("bell", "1234567\x07"), "password"),
        (Wifi("open", "12345678", Security.OPEN), "password"),
        (Wifi("wep", "123456", Security.WEP), "password"),
    ],
)
def test_a_network_no_phone_could_join_is_refused_at_its_field(wifi: Wifi, field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_wifi(wifi)
    assert refused.value.field == field


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_a_text_is_said_exactly_as_typed(text: str) -> None:
    """No trimming, no normalising."""
    assert build_text(text).data == text.encode()


@pytest.mark.parametrize("text", ["", "a\x00b", "\x7f", "\ud800"])
def test_a_text_that_no_reader_shows_is_refused(text: str) -> None:
    """Empty, control characters, half a surrogate pair."""
    with pytest.raises(Refused):
        build_text(text)


def test_a_text_is_taken_apart_by_what_it_turns_out_to_be() -> None:
    """Networks, addresses, anything else; a network without a name is only text."""
    assert interpret("WIFI:T:WPA;S:Café;P:12345678;H:true;;").values == (
        ("ssid", "Café"), ("password", "12345678"), ("security", "WPA"), ("hidden", "yes"),
    )  # fmt: skip
    assert interpret("https://example.com/A").kind == "url"
    assert interpret("WIFI:P:12345678;;").kind == "text"
    assert build_text("https://example.com/a b").kind == "text"
    assert build_text("HTTPS://example.com/a").kind == "url"
