"""What people paste is understood, and what is not sure stays a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.recognise import recognise

KEY = "long enough"


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("https://example.com/a?b=1", "url", {"url": "https://example.com/a?b=1"}),
        (" HTTPS://EXAMPLE.COM ", "url", {"url": "HTTPS://EXAMPLE.COM"}),
        ("example.com", "url", {"url": "example.com"}),
        ("www.example.co.uk/path", "url", {"url": "www.example.co.uk/path"}),
        ("bücher.de", "url", {"url": "bücher.de"}),
        ("ada@example.org", "email", {"to": "ada@example.org"}),
        ("+44 20 7946 0958", "phone", {"number": "+44 20 7946 0958"}),
        ("48.85837, 2.29448", "place", {"latitude": "48.85837", "longitude": "2.29448"}),
        (
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "bitcoin",
            {"address": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
        ),
    ],
)
def test_what_can_mean_one_thing_only_is_that(text: str, kind: str, values: dict[str, str]) -> None:
    """A link, an address, an international number, precise coordinates, an account with its checksum."""
    found = recognise(text)
    assert found is not None
    assert (found.kind, dict(found.values), found.sure) == (kind, values, True)


@pytest.mark.parametrize(
    "text",
    [
        f"wifi: Guest network / password: {KEY}",
        f"WiFi: Guest network\nPassword: {KEY}",
        f"SSID = Guest network; key = {KEY}",
        f"WLAN: Guest network, Passwort: {KEY}",
        f"Netzwerk: Guest network\nWLAN-Schlüssel: {KEY}",
        f"Red: Guest network\nContraseña: {KEY}",
        f"Réseau : Guest network\nMot de passe : {KEY}",
        f"Network name: Guest network | passphrase: {KEY}",
    ],
)
def test_a_network_in_plain_words_is_understood(text: str) -> None:
    """In each language the bot speaks."""
    found = recognise(text)
    assert found is not None
    assert (found.kind, dict(found.values)) == ("wifi", {"ssid": "Guest network", "password": KEY})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("readme.md", "url"),
        ("have a look at https://example.com/menu today", "url"),
        ("0044 20 7946 0958", "phone"),
        ("12.5, 7.25", "place"),
        ("DE89 3704 0044 0532 0130 00", "epc"),
    ],
)
def test_what_may_mean_two_things_is_only_offered(text: str, kind: str) -> None:
    """The text itself is made."""
    found = recognise(text)
    assert found is not None
    assert (found.kind, found.sure) == (kind, False)


def test_an_account_with_an_amount_and_a_name_fills_the_payment() -> None:
    """Whatever order and separators people use."""
    for text in (
        "Red Cross DE89 3704 0044 0532 0130 00 12,50 EUR",
        "DE89370400440532013000, 12.50 €, Red Cross",
        "Red Cross\nIBAN: DE89 3704 0044 0532 0130 00\n€ 12.50",
    ):
        found = recognise(text)
        assert found is not None
        assert found.values["iban"] == "DE89370400440532013000"
        assert (found.values["amount"].replace(",", "."), found.values["name"]) == ("12.50", "Red Cross")


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "call me maybe", "Version 1.2.3", "3.14", "Mr. Smith", "e.g. this", "12345", "10:30",
        "see you at 5.30", "a@b", "+1", "DE00 0000 0000 0000 0000 00", "1, 2", "node.js and vue.js", "C:\\x.y",
        "https://one.example https://two.example",
    ],
)  # fmt: skip
def test_other_texts_are_texts(text: str) -> None:
    """Nothing is read into them."""
    assert recognise(text) is None


@given(st.text(max_size=200))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    """It gives an answer, or none."""
    found = recognise(text)
    assert found is None or found.values


@pytest.mark.parametrize(
    "text",
    [
        "wifi: a" + " " * 900 + "x", "wifi: " + ", " * 450, "wifi: a, password: " + " " * 900, "wifi: " + "a  " * 320,
        "DE12 " * 199, "AB12" + "A" * 900, "a." * 499 + "a", "1" * 990 + " E", "1" * 500 + "," + "1" * 490,
        "http://a " * 110, "a@" * 490, "+" + "1 " * 490, "\n" * 900 + "wifi:", " ," * 490,
    ],
)  # fmt: skip
def test_no_text_makes_a_search_long(text: str) -> None:
    """An expression that goes back and forth would take minutes here, until the run is stopped."""
    found = recognise(text)
    assert found is None or found.values
