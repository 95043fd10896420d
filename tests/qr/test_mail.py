"""E-mails say exactly what was written, to exactly those it was written to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.kind import Reading
from bot.qr.payloads.mail import EMAIL, Email, address_of, build_mail, read_mail
from bot.qr.refusal import Refused

words = st.text(st.characters(exclude_categories=("Cc", "Cs"))).map(str.strip)
locals_ = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-éü納", min_size=1, max_size=12)
quoted = st.text(st.sampled_from('a@,; ."\\'), min_size=1, max_size=12).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
addresses = st.tuples(
    locals_ | quoted, st.sampled_from(["example.org", "mail.example.com", "bücher.example"])
).map("@".join)
people = st.lists(addresses, max_size=3).map(tuple)


def read(text: str) -> Reading[Email]:
    """Read what is an e-mail for sure."""
    reading = read_mail(text)
    assert reading is not None
    return reading


@given(st.lists(addresses, min_size=1, max_size=3).map(tuple), words, words, people, people)
def test_an_email_reads_back_as_what_it_was_built_from(
    to: tuple[str, ...], subject: str, body: str, cc: tuple[str, ...], bcc: tuple[str, ...]
) -> None:
    """Whatever separators its words and addresses hold; addresses in their normal form."""
    normal = [tuple(map(address_of, each)) for each in (to, cc, bcc)]
    text = build_mail(Email(to, subject, body, cc, bcc))
    assert "+" not in text
    assert " " not in text
    assert text.isascii()
    assert read(text) == Reading("email", Email(normal[0], subject, body, normal[1], normal[2]))


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands after the scheme."""
    for scheme in ("", "mailto:", "MATMSG:", "MATMSG:TO:a@b;", "SMTP:", "mailto:a@example.org?"):
        reading = read_mail(scheme + text)
        assert reading is None or reading.kind == "email"


@given(addresses)
def test_an_address_is_written_the_same_again(address: str) -> None:
    """Its normal form is normal."""
    assert address_of(address_of(address)) == address_of(address)


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        # RFC 6068, 6.1 and 6.2
        (Email(("chris@example.com",)), "mailto:chris@example.com"),
        (
            Email(("infobot@example.com",), "current-issue"),
            "mailto:infobot@example.com?subject=current-issue",
        ),
        (
            Email(("infobot@example.com",), body="send current-issue\nsend index"),
            "mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index",
        ),
        (Email(("gorby%kremvax@example.com",)), "mailto:gorby%25kremvax@example.com"),
        (Email(("unlikely?address@example.com",)), "mailto:unlikely%3Faddress@example.com"),
        (Email(("Mike&family@example.org",)), "mailto:Mike%26family@example.org"),
        (Email(('"not@me"@example.org',)), "mailto:%22not%40me%22@example.org"),
        (Email((r'"oh\\no"@example.org',)), "mailto:%22oh%5C%5Cno%22@example.org"),
        (
            Email((r'"\\\"it\'s\ ugly\\\""@example.org'.replace(r"\'", "'"),)),
            "mailto:%22%5C%5C%5C%22it's%5C%20ugly%5C%5C%5C%22%22@example.org",
        ),
        # RFC 6068, 2
        (Email(("addr1@an.example", "addr2@an.example")), "mailto:addr1@an.example,addr2@an.example"),
        # RFC 6068, 6.3
        (
            Email(("user@example.org",), "café", "café"),
            "mailto:user@example.org?subject=caf%C3%A9&body=caf%C3%A9",
        ),
        # The order of the fields.
        (
            Email(("a@example.org",), "s", "b", ("c@example.org",), ("d@example.org", "e@example.org")),
            "mailto:a@example.org?subject=s&body=b&cc=c@example.org&bcc=d@example.org,e@example.org",
        ),
    ],
)
def test_an_email_is_written_as_its_specification_says(mail: Email, text: str) -> None:
    """And read back the same."""
    assert build_mail(mail) == text
    assert read(text) == Reading("email", mail)


@pytest.mark.parametrize(
    ("text", "mail"),
    [
        # RFC 6068, 2: three ways to name the same two people
        ("mailto:?to=addr1@an.example,addr2@an.example", Email(("addr1@an.example", "addr2@an.example"))),
        ("mailto:addr1@an.example?to=addr2@an.example", Email(("addr1@an.example", "addr2@an.example"))),
        # RFC 6068, 6.1; as HTML has it
        (
            "mailto:joe@an.example?cc=bob@an.example&amp;body=hello",
            Email(("joe@an.example",), body="hello", cc=("bob@an.example",)),
        ),
        # RFC 6068, 6.3: a domain in letters of its own
        (
            "mailto:user@%E7%B4%8D%E8%B1%86.example.org?subject=Test&body=NATTO",
            Email(("user@xn--99zt52a.example.org",), "Test", "NATTO"),
        ),
        ("MAILTO:a@example.org?BODY=b&Subject=s", Email(("a@example.org",), "s", "b")),
        (
            "mailto:a@example.org%2Cb@example.org;c@example.org",
            Email(("a@example.org", "b@example.org", "c@example.org")),
        ),
        ("mailto:?subject=pass%20it%20on", Email((), "pass it on")),
        ("mailto:ada+tea@example.org?subject=1+1", Email(("ada+tea@example.org",), "1+1")),
        # ZXing wiki, "Barcode Contents"; escapes as in MECARD
        (
            "MATMSG:TO:a@example.org;SUB:Tea;BODY:At five\\; or six\\: here;;",
            Email(("a@example.org",), "Tea", "At five; or six: here"),
        ),
        (
            "matmsg:body:see https://example.org/;to:a@example.org;to:b@example.org",
            Email(("a@example.org", "b@example.org"), body="see https://example.org/"),
        ),
        ("SMTP:a@example.org:Tea:At five: here", Email(("a@example.org",), "Tea", "At five: here")),
        ("smtp:a@example.org", Email(("a@example.org",))),
    ],
)
def test_other_forms_are_read(text: str, mail: Email) -> None:
    """Any order and case, several recipients, older forms."""
    assert read(text) == Reading("email", mail)
    assert interpret(text).kind == "email"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # RFC 6068, 6.1
        ("mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@example.com%3E", "in-reply-to"),
        ("mailto:a@example.org?subject=x&subject=y", "subject"),
        ("mailto:a@example", "a@example"),
        ("mailto:a@example.org?cc=nobody", "nobody"),
        ("mailto:a@example.org?subject=x%0D%0ABcc:b@example.org", "U+000D"),
        ("mailto:a@example.org?body=%00", "U+0000"),
    ],
)
def test_what_is_wrong_with_an_email_is_said(text: str, said: str) -> None:
    """As one warning, beside everything else."""
    (warning,) = read(text).warnings
    assert said in str(warning)


@pytest.mark.parametrize(
    "text",
    ["mailto:", "mailto: me tomorrow", "mailto", "SMTP: see you @ five", "a@example.org"],
)
def test_what_is_no_email_is_left_to_others(text: str) -> None:
    """Texts that only start like one."""
    assert read_mail(text) is None


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        (" ada@example.org\n", "ada@example.org"),
        ("Ada@EXAMPLE.org", "Ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER。example", "ada@xn--bcher-kva.example"),
        ("u\u0308@example.org", "ü@example.org"),
        ("用户@例子.测试", "用户@xn--fsqu00a.xn--0zwm56d"),  # IANA, "IDN Test TLDs",
    ],
)
def test_an_address_is_written_as_mail_goes_to_it(address: str, normal: str) -> None:
    """The domain for DNS, what is before the @ as its owner writes it."""
    assert address_of(address) == normal


@pytest.mark.parametrize(
    "address",
    [
        "", "@", "ada", "ada@", "@example.org", "ada@example", "ada@localhost", "ada@1.2.3.4",
        "ada@[192.0.2.1]",
        "a da@example.org", ".ada@example.org", "ada.@example.org", "a..b@example.org", "ada@-x-.org",
        "ada@exa mple.org", "ada@example.org.", "a@b@example.org", "a,b@example.org", "ada\u200b@example.org",
        "ada@example..org", f"{'x' * 65}@example.org", f"ada@{'x' * 64}.org", f"ada@{'x.' * 130}org",
        "a\x00@example.org", "\ud800@example.org", "ada@\ud800.org", "ada@ex_ample.org",
    ],
)  # fmt: skip
def test_what_mail_cannot_reach_is_refused(address: str) -> None:
    """Said at the field it was typed into."""
    with pytest.raises(Refused) as refused:
        address_of(address, field="emails")
    assert refused.value.field == "emails"


@pytest.mark.parametrize(
    ("mail", "field"),
    [
        (Email(()), "to"),
        (Email(("", " ")), "to"),
        (Email(("ada",)), "to"),
        (Email(("a@example.org",), cc=("x",)), "cc"),
        (Email(("a@example.org",), bcc=("x",)), "bcc"),
        (Email(("a@example.org",), "two\nlines"), "subject"),
        (Email(("a@example.org",), body="bell\x07"), "body"),
        (Email(("a@example.org\r\nBcc: b@example.org",)), "to"),
    ],
)
def test_an_email_that_cannot_be_sent_is_refused_at_its_field(mail: Email, field: str) -> None:
    """Each refusal names the field to mend."""
    with pytest.raises(Refused) as refused:
        build_mail(mail)
    assert refused.value.field == field


def test_lines_end_as_mail_wants_them_whatever_they_ended_with() -> None:
    """RFC 6068, 5: %0D%0A."""
    for body in ("a\nb", "a\r\nb", "a\rb", " a\nb\n"):
        assert build_mail(Email(("a@example.org",), body=body)) == "mailto:a@example.org?body=a%0D%0Ab"


def test_a_list_shows_to_whom_an_email_goes() -> None:
    """All of them."""
    assert EMAIL.title(Email(("a@example.org", "b@example.org"), "x")) == "a@example.org, b@example.org"
