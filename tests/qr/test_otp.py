"""A key reaches the authenticator app whole, and is never shown where it need not be."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.kind import Reading, entries
from bot.qr.payloads.otp import OTP, Algorithm, Otp, Type, build_otp, read_otp
from bot.qr.refusal import Refused

SECRET = "JBSWY3DPEHPK3PXP"  # "Hello!" and DE AD BE EF, from the wiki's example
names = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=":"), max_size=40).map(
    str.strip
)
secrets = st.binary(min_size=7, max_size=320).map(lambda key: base64.b32encode(key).decode().rstrip("="))


@given(
    names.filter(bool), secrets, names, st.sampled_from(Type), st.sampled_from(Algorithm),
    st.sampled_from([6, 8]), st.integers(1, 3600), st.integers(0, 2**63 - 1),
)  # fmt: skip
def test_a_key_reads_back_as_itself(
    account: str,
    secret: str,
    issuer: str,
    kind: Type,
    algorithm: Algorithm,
    digits: int,
    period: int,
    counter: int,
) -> None:
    """Whatever separators its names hold."""
    timed = kind is Type.TOTP
    otp = Otp(
        account, secret, issuer, kind, algorithm, digits, period if timed else 30, 0 if timed else counter
    )
    text = build_otp(otp)
    assert "+" not in text
    assert text.isascii()
    assert read_otp(text) == Reading("otp", otp)


@given(st.text())
def test_reading_never_fails_and_says_no_secret(text: str) -> None:
    """Whatever stands in the key; what is said of a secret never repeats it."""
    for start in ("", "otpauth://", "otpauth://totp/", "otpauth://hotp/a?secret=x&"):
        assert getattr(read_otp(start + text), "kind", "otp") == "otp"
    reading = read_otp("otpauth://totp/a?secret=HUNTER0HUNTER0")
    assert reading is not None
    assert [warning.field for warning in reading.warnings] == ["secret"]
    assert "HUNTER0" not in str(reading.warnings)


@pytest.mark.parametrize(
    ("otp", "text"),
    [
        # Google Authenticator wiki, "Key URI Format", the first example
        (
            Otp("alice@google.com", SECRET, "Example"),
            "otpauth://totp/Example:alice@google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example",
        ),
        # The same, 80 bits grouped as services show them
        (
            Otp(" alice@google.com ", "jbsw y3dp-ehpk 3pxp===", " Example "),
            "otpauth://totp/Example:alice@google.com?secret=JBSWY3DPEHPK3PXP&issuer=Example",
        ),
        (Otp("ada", SECRET), f"otpauth://totp/ada?secret={SECRET}"),
        (
            Otp("a/b?c&d", SECRET, "Bücher+ %"),
            f"otpauth://totp/B%C3%BCcher%2B%20%25:a%2Fb%3Fc%26d?secret={SECRET}&issuer=B%C3%BCcher%2B%20%25",
        ),
        (
            Otp("ada", SECRET, algorithm=Algorithm.SHA256, digits=8, period=60),
            f"otpauth://totp/ada?secret={SECRET}&algorithm=SHA256&digits=8&period=60",
        ),
        (Otp("ada", SECRET, kind=Type.HOTP), f"otpauth://hotp/ada?secret={SECRET}&counter=0"),
        (Otp("ada", SECRET, kind=Type.HOTP, counter=7), f"otpauth://hotp/ada?secret={SECRET}&counter=7"),
    ],
)
def test_a_key_is_written_as_its_form_says(otp: Otp, text: str) -> None:
    """The issuer twice, defaults left out, a counter always with codes by counter."""
    assert build_otp(otp) == text


@pytest.mark.parametrize(
    ("text", "otp"),
    [
        # Google Authenticator wiki, "Key URI Format", with every parameter
        (
            "otpauth://totp/ACME%20Co:john.doe@email.com?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ"
            "&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30",
            Otp("john.doe@email.com", "HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ", "ACME Co"),
        ),
        # The same, "Label": both are valid
        (f"otpauth://totp/Provider1:Alice%20Smith?secret={SECRET}", Otp("Alice Smith", SECRET, "Provider1")),
        (
            f"otpauth://totp/Big%20Corporation%3A%20alice%40bigco.com?secret={SECRET}",
            Otp("alice@bigco.com", SECRET, "Big Corporation"),
        ),
        (f"otpauth://totp/ada?secret={SECRET}&issuer=ACME+Co", Otp("ada", SECRET, "ACME Co")),
        (f"otpauth://totp/Disney+:ada?secret={SECRET}&issuer=Disney+", Otp("ada", SECRET, "Disney+")),
        (f"OTPAUTH://TOTP/ada?SECRET={SECRET}&Digits=8", Otp("ada", SECRET, digits=8)),
        ("otpauth://totp/ada?secret=jbswy3dp%20ehpk3pxp%3D%3D", Otp("ada", SECRET)),
        ("otpauth://totp/ada?secret=jbswy3dp-ehpk3pxp==", Otp("ada", SECRET)),
        (f"otpauth://totp/ada?secret={SECRET}&digits=7", Otp("ada", SECRET, digits=7)),
        (
            f"otpauth://totp/ada?secret={SECRET}&algorithm=HmacSHA512",
            Otp("ada", SECRET, algorithm=Algorithm.SHA512),
        ),
        (
            f"otpauth://totp/ada?secret={SECRET}&algorithm=sha-256",
            Otp("ada", SECRET, algorithm=Algorithm.SHA256),
        ),
        (
            f"otpauth://hotp/ada?secret={SECRET}&counter=3&period=60",
            Otp("ada", SECRET, kind=Type.HOTP, counter=3),
        ),
        (f"otpauth://totp/ada?secret={SECRET}&image=https%3A%2F%2Fexample.org", Otp("ada", SECRET)),
    ],
)
def test_other_forms_are_read(text: str, otp: Otp) -> None:
    """An issuer in either place, loose secrets, other names of hash functions."""
    assert read_otp(text) == Reading("otp", otp)
    assert interpret(text).kind == "otp"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"otpauth://totp/One:ada?secret={SECRET}&issuer=Two", "One and Two"),
        (f"otpauth://hotp/ada?secret={SECRET}", "counter"),
        (f"otpauth://totp/ada?secret={SECRET}&algorithm=MD5", "MD5"),
        (f"otpauth://totp/ada?secret={SECRET}&digits=5", "6 or 8"),
        (f"otpauth://totp/ada?secret={SECRET}&digits=six", "digits"),
        (f"otpauth://totp/ada?secret={SECRET}&period=0", "seconds"),
        (f"otpauth://totp/?secret={SECRET}", "account"),
        (f"otpauth://totp/One:ada:x?secret={SECRET}", "colon"),
        ("otpauth://totp/ada?issuer=One", "no secret"),
        ("otpauth://totp/ada?secret=JBSWY3DP", "this one has 8"),
        (f"otpauth://totp/ada?secret={SECRET}A", "17"),
        ("otpauth://totp/ada?secret=ſſſſſſſſſſſſſſſſ", "A to Z"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(text: str, said: str) -> None:
    """As one warning, beside everything else."""
    reading = read_otp(text)
    assert reading is not None
    (warning,) = reading.warnings
    assert said in str(warning)


@pytest.mark.parametrize(
    "text",
    ["otpauth://", "otpauth://totp/ada", "otpauth://motp/ada?secret=x", "otpauth-migration://offline?data=x"],
)
def test_what_is_no_key_is_left_to_others(text: str) -> None:
    """Other kinds of codes, and lists of keys."""
    assert read_otp(text) is None


@pytest.mark.parametrize(
    ("otp", "field"),
    [
        (Otp("", SECRET), "account"),
        (Otp("a:b", SECRET), "account"),
        (Otp("a\nb", SECRET), "account"),
        (Otp("x" * 201, SECRET), "account"),
        (Otp("ada", SECRET, "One:Two"), "issuer"),
        (Otp("ada", SECRET, "x" * 201), "issuer"),
        (Otp("ada", ""), "secret"),
        (Otp("ada", " - "), "secret"),
        (Otp("ada", "JBSWY3DP0HPK3PXP"), "secret"),
        (Otp("ada", "JBSWY3DPE"), "secret"),
        (Otp("ada", "JBSWY3DPEHPK3PXPA"), "secret"),
        (Otp("ada", "A" * 513), "secret"),
        (Otp("ada", "JBSWY3DP=EHPK3PXP"), "secret"),
        (Otp("ada", SECRET, digits=7), "digits"),
        (Otp("ada", SECRET, period=0), "period"),
        (Otp("ada", SECRET, period=3601), "period"),
        (Otp("ada", SECRET, counter=1), "counter"),
        (Otp("ada", SECRET, kind=Type.HOTP, counter=-1), "counter"),
        (Otp("ada", SECRET, kind=Type.HOTP, counter=2**63), "counter"),
        (Otp("ada", SECRET, kind=Type.HOTP, period=60), "period"),
    ],
)
def test_a_key_no_app_would_take_is_refused_at_its_field(otp: Otp, field: str) -> None:
    """Each refusal names the field to mend, and never says the secret."""
    with pytest.raises(Refused) as refused:
        build_otp(otp)
    assert refused.value.field == field
    assert not otp.secret.strip(" -") or otp.secret not in str(refused.value)


def test_a_key_is_shown_to_its_owner_alone_and_not_kept() -> None:
    """Its title has no secret, and forms hide what is typed there."""
    assert OTP.secret
    assert not OTP.kept
    assert OTP.title(Otp("ada", SECRET, "Example")) == "Example: ada"
    assert OTP.title(Otp("ada", SECRET)) == "ada"
    assert [entry.name for entry in entries(Otp) if entry.value.secret] == ["secret"]
