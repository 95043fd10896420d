"""Networks are written as phones accept them, and every older form is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.wifi import Method, Phase2, Security, Wifi, build_wifi, read_wifi
from bot.qr.refusal import Refused

printable = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1)
names = printable.filter(lambda text: len(text.encode()) <= 32)
keys = printable.filter(lambda text: 8 <= len(text.encode()) <= 63)
people = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40)


@given(names, keys, st.sampled_from([Security.WPA, Security.WPA3]), st.booleans())
def test_a_network_reads_back_as_the_same_values(
    ssid: str, key: str, security: Security, hidden: bool
) -> None:
    """Build, then read: the same network, whatever separators and quotes its name holds."""
    wifi = Wifi(ssid, key, security, hidden)
    text = build_wifi(wifi)
    assert text.endswith(";;")
    reading = read_wifi(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (wifi, ())


@given(names, people, people, people, st.sampled_from(Method), st.sampled_from(Phase2))
def test_an_enterprise_network_reads_back(
    ssid: str, key: str, identity: str, outer: str, method: Method, phase2: Phase2
) -> None:
    """Method, inner method, both user names."""
    wifi = Wifi(ssid, key, Security.EAP, False, method, phase2, identity, outer)
    reading = read_wifi(build_wifi(wifi))
    assert reading is not None
    assert reading.content == wifi


@pytest.mark.parametrize(
    ("wifi", "text"),
    [
        (Wifi("Café", "s3cret-pass"), "WIFI:T:WPA;S:Café;P:s3cret-pass;;"),
        (Wifi("a;b", "p:a,s\\s word", hidden=True), r"WIFI:T:WPA;S:a\;b;P:p\:a\,s\\s word;H:true;;"),
        (Wifi("Lobby", security=Security.OPEN), "WIFI:T:nopass;S:Lobby;;"),
        (Wifi("New", "12345678", Security.WPA3), "WIFI:T:WPA;S:New;P:12345678;R:1;;"),
        (Wifi("Old", "abcde", Security.WEP), "WIFI:T:WEP;S:Old;P:abcde;;"),
        (Wifi("ABCD1234", "deadbeef"), "WIFI:T:WPA;S:ABCD1234;P:deadbeef;;"),
        # WPA3 Specification 3.0, 7.3; ZXing wiki, "Barcode Contents", with its name in quotes.
        (Wifi("MyNet", "MyPassword"), "WIFI:T:WPA;S:MyNet;P:MyPassword;;"),
        (Wifi('"foo;bar\\baz"', security=Security.OPEN), r"WIFI:T:nopass;S:\"foo\;bar\\baz\";;"),
        (
            Wifi("Work", "secret", Security.EAP, False, Method.TTLS, Phase2.PAP, "ada", "anonymous"),
            "WIFI:T:WPA2-EAP;S:Work;E:TTLS;PH2:PAP;A:anonymous;I:ada;P:secret;;",
        ),
    ],
)
def test_a_network_is_written_as_its_specification_says(wifi: Wifi, text: str) -> None:
    """Escaped, never quoted, ending in two semicolons."""
    assert build_wifi(wifi) == text


@pytest.mark.parametrize(
    ("text", "wifi"),
    [
        ('WIFI:S:"Home";T:WPA;P:"12345678";', Wifi("Home", "12345678")),
        ("wifi:T:SAE;S:x;P:12345678;;", Wifi("x", "12345678", Security.WPA3)),
        ("WIFI:S:open;;", Wifi("open", security=Security.OPEN)),
        ("WIFI:S:bare;T:WPA;P:12345678", Wifi("bare", "12345678")),
        ("WIFI:T:WPA2;S:x;P:12345678;H:true;", Wifi("x", "12345678", hidden=True)),
        ("WIFI:T:WPA3;S:x;P:12345678;I:id;K:key;;", Wifi("x", "12345678", Security.WPA3)),
        ("WIFI:T:WPA;S:x;P:12345678;R:1;;", Wifi("x", "12345678", Security.WPA3)),
        ("WIFI:T:WPA;R:1;S:MyNet;P:MyPassword;;", Wifi("MyNet", "MyPassword", Security.WPA3)),  # 7.3
        ("WIFI:T:WPA;R:3;S:x;P:12345678;;", Wifi("x", "12345678", Security.WPA3)),
        ("WIFI:T:WPA;R:2;S:x;P:12345678;;", Wifi("x", "12345678")),
        ("WIFI:T:OWE;S:x;;", Wifi("x", security=Security.OPEN)),
        (r'WIFI:T:WPA;S:"x\\";P:"a\"b45678";;', Wifi("x\\", 'a"b45678')),
        ("WIFI:S:first;T:WPA;P:12345678;S:second;;", Wifi("first", "12345678")),
        # Phase 2 once stood in H (ZXing, WifiResultParser).
        ("WIFI:T:WPA2-EAP;S:x;E:TTLS;H:PAP;;", Wifi("x", "", Security.EAP, False, Method.TTLS, Phase2.PAP)),
        (
            "WIFI:E:PEAP;S:x;PH2:MSCHAPV2;I:me;P:y;T:WPA;;",
            Wifi("x", "y", Security.EAP, phase2=Phase2.MSCHAPV2, identity="me"),
        ),
    ],
)
def test_older_forms_are_read(text: str, wifi: Wifi) -> None:
    """Quoted values, one final semicolon, T:SAE, no T at all."""
    reading = read_wifi(text)
    assert reading is not None
    assert reading.content == wifi


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
        (Wifi("home", "12345678", identity="ada"), "identity"),
        (Wifi("home", "12345678", eap_method=Method.TTLS), "eap_method"),
        (Wifi("home", "12345678", phase2=Phase2.PAP), "phase2"),
        (Wifi("work", "x" * 129, Security.EAP), "password"),
        (Wifi("work", "x", Security.EAP, identity="y" * 129), "identity"),
    ],
)
def test_a_network_no_phone_could_join_is_refused_at_its_field(wifi: Wifi, field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_wifi(wifi)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("WIFI:T:WPA;S:x;P:1234567;;", "8 to 63"),
        ("WIFI:S:x;P:12345678;;", "open network"),
        ("WIFI:T:WPA;R:1;S:x;P:12345678;I:guest;;", "I:guest"),
        ("WIFI:T:WPA;R:1;S:x;P:12345678;K:MDkwEw==;;", "K:MDkwEw=="),
        ("WIFI:T:WPA2-EAP;S:x;E:SIM;;", "E:SIM"),
        ("WIFI:T:WPA2-EAP;S:x;E:TTLS;PH2:OTP;;", "PH2:OTP"),
    ],
)
def test_what_is_wrong_or_lost_is_said(text: str, said: str) -> None:
    """A network nobody could join, and what a network of ours cannot say."""
    reading = read_wifi(text)
    assert reading is not None
    assert [said in str(each) for each in reading.warnings] == [True]


@pytest.mark.parametrize(
    "text", ["WIFI:password is S:foo", "WIFI:", "WIFI:S:;;", "WIFI: S", "see WIFI:S:x;;"]
)
def test_words_are_no_network(text: str) -> None:
    """A name stands in a field of its own."""
    assert read_wifi(text) is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_left_alone(text: str) -> None:
    """A network has a name; nothing breaks the reader."""
    reading = read_wifi(f"WIFI:{text}")
    assert reading is None or reading.content.ssid
    assert interpret(text).kind


@given(names, keys)
def test_nothing_can_be_slipped_in(ssid: str, key: str) -> None:
    """The number of fields is that of the values given."""
    text = build_wifi(Wifi(ssid, key))
    bare = text.replace("\\\\", "").replace("\\;", "").replace("\\:", "")
    assert bare.count(";") == 4
