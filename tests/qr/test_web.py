"""Addresses are written so that every phone opens them, and what is suspicious about one is said."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.kind import Reading
from bot.qr.payloads.web import (
    LONGEST,
    Url,
    build_url,
    domain_like,
    host_of,
    link_of,
    link_warnings,
    read_url,
    sure_domain,
)
from bot.qr.refusal import Refused

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(
    lambda label: not label.startswith("xn--")
)
hosts = st.one_of(
    st.tuples(labels, st.sampled_from(["com", "co.uk", "example", "xn--p1ai"])).map(".".join),
    st.sampled_from(["127.0.0.1", "[2001:db8::1]", "localhost", "xn--bcher-kva.example"]),
)
pieces = st.text(string.ascii_letters + string.digits + "-._~!$&'()*+,;=:@/", max_size=20)
escapes = st.sampled_from(["", "%20", "%2F", "%C3%BC", "%ff"])


@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["", "ada@", "ada:secret@", "ada%40home:@"]),
    hosts,
    st.sampled_from(["", ":80", ":8443"]),
    st.tuples(pieces, escapes).map("".join),
    st.tuples(pieces, escapes).map("".join),
)
def test_a_valid_address_is_not_changed(
    scheme: str, user: str, host: str, port: str, path: str, query: str
) -> None:
    """With credentials, ports, numbers, percent-encodings in any case, a query, a fragment."""
    for rest in ("", f"/{path}", f"/?{query}", f"?{query}#{path}", f"/{path}?{query}?#"):
        url = f"{scheme}://{user}{host}{port}{rest}"
        assert build_url(Url(url)) == url
        assert link_of(url) is not None or user
        assert host_of(url) == host


@given(labels, pieces)
def test_an_address_reads_back_as_itself(label: str, path: str) -> None:
    """Without warnings where nothing is wrong."""
    url = Url(f"https://{label}.example/{path}")
    assert read_url(build_url(url)) == Reading("url", url)


@given(st.text())
def test_whatever_is_typed_one_web_address_comes_out(text: str) -> None:
    """Or a refusal at its field; and what comes out is plain and stays the same."""
    fields = {"url"}
    for start in ("", "https://", "https://example.com/", "https://a@", "example.com?"):
        try:
            url = build_url(Url(start + text))
        except Refused as refused:
            fields.add(refused.field)
            continue
        assert url.isascii()
        assert url.startswith(("http://", "https://"))
        assert url.split() == [url]
        assert build_url(Url(url)) == url
        assert read_url(url) is not None
    assert fields == {"url"}


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands in the address."""
    for start in ("", "https://", "http://a@", "https://xn--", "https://example.com", "https://1."):
        reading = read_url(start + text)
        assert reading is None or reading.content == Url(start + text)
        assert domain_like(text) or not sure_domain(text)
        assert isinstance(host_of(start + text), str)
        assert isinstance(link_warnings(start + text), tuple)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("example.com", "https://example.com"),
        (" example.com/Menu ", "https://example.com/Menu"),
        ("//example.com", "https://example.com"),
        ("\u200ehttps://example.com\u200e", "https://example.com"),
        ("localhost:3000/x", "https://localhost:3000/x"),
        ("[::1]:80", "https://[::1]:80"),
        ("192.0.2.1", "https://192.0.2.1"),
        # RFC 2732, 2
        (
            "http://[FEDC:BA98:7654:3210:FEDC:BA98:7654:3210]:80/index.html",
            "http://[fedc:ba98:7654:3210:fedc:ba98:7654:3210]:80/index.html",
        ),
        ("HTTPS://Example.COM/Path", "https://example.com/Path"),
        ("example.com?u=http://example.org", "https://example.com?u=http://example.org"),
        (
            "web.archive.org/web/2020/http://example.com",
            "https://web.archive.org/web/2020/http://example.com",
        ),
        ("https://example.com/a b/ü", "https://example.com/a%20b/%C3%BC"),
        ("https://example.com/%zz%41%", "https://example.com/%25zz%41%25"),
        ("https://example.com/?a[]=1#x#y", "https://example.com/?a%5B%5D=1#x%23y"),
        ('https://example.com/<a>"`{|}\\^', "https://example.com/%3Ca%3E%22%60%7B%7C%7D%5C%5E"),
        ("https://ada:p@ss@example.com", "https://ada:p%40ss@example.com"),
        ("https://ex%61mple.com", "https://example.com"),
        # RFC 3987, 3.1: an IRI with this host, and what it is as a URI
        ("http://résumé.example.org", "http://xn--rsum-bpad.example.org"),
        # UTS 46, 4.1 and table 1: the deviations stay, since 2024 without transitional processing
        ("https://faß.de", "https://xn--fa-hia.de"),
        ("https://Bücher.de", "https://xn--bcher-kva.de"),
        ("例え。テスト", "https://xn--r8jz45g.xn--zckzah"),
        ("ＥＸＡＭＰＬＥ.com", "https://example.com"),
        # Hosts that are in use although a rule is against them: an underscore, two hyphens, an emoji
        ("https://my_bucket.s3.amazonaws.com/x", "https://my_bucket.s3.amazonaws.com/x"),
        ("https://r3---sn-abc.googlevideo.com/", "https://r3---sn-abc.googlevideo.com/"),
        ("https://xn--i-7iq.ws", "https://xn--i-7iq.ws"),
    ],
)
def test_an_address_is_written_as_every_phone_opens_it(typed: str, url: str) -> None:
    """Https where nothing is said, the host in punycode and lower case, the rest percent-encoded."""
    assert build_url(Url(typed)) == url


@pytest.mark.parametrize(
    # RFC 3986, 1.1.2 and 5.4.1; RFC 2732, 2
    "url",
    [
        "http://www.ietf.org/rfc/rfc2396.txt",
        "http://a/b/c/d;p?q",
        "http://a/b/c/g;x?y#s",
        "http://[1080::8:800:200c:417a]/foo",
        "http://[::192.9.5.5]/ipng",
    ],
)
def test_addresses_of_the_specifications_stay_as_they_are(url: str) -> None:
    """None of them has anything to mend."""
    assert build_url(Url(url)) == url
    reading = interpret(url)
    assert (reading.kind, reading.content) == ("url", Url(url))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Please give the web address"),
        ("javascript:alert(1)", "not with javascript:"),
        ("JavaScript:1", "not with JavaScript:"),
        ("javascript://example.com/%0Aalert(1)", "not with javascript:"),
        ("data:text/html,<script>", "not with data:"),
        ("file:///etc/passwd", "not with file:"),
        ("tel:112", "not with tel:"),
        ("mailto:ada@example.org", "not with mailto:"),
        ("ftp://example.com", "not with ftp:"),
        ("https:/example.com", "not with https:"),
        ("hello", "“hello” is no web address"),
        ("localhosts", "“localhosts” is no web address"),
        ("ada@example.org", "“ada@example.org” is no web address"),
        ("https://", "what stands before the path"),
        ("https:///path", "what stands before the path"),
        ("https://a:b:c/", "what stands before the path"),
        ("https://good.example\\@bad.example/", "what stands before the path"),
        ("https://example.com:0", "A port is"),
        ("example.com:65536", "A port is"),
        ("exa mple.com", "is no name of a website"),
        ("-a.com", "is no name of a website"),
        ("a..com", "is no name of a website"),
        ("a$b.com", "is no name of a website"),
        (f"{'a' * 64}.com", "is no name of a website"),
        (f"{'a.' * 126}com", "is no name of a website"),
        ("3.14", "is no name of a website"),
        ("https://256.0.0.1", "is no name of a website"),
        ("https://2130706433", "is no name of a website"),
        ("https://xn--a", "is no name of a website"),
        ("https://\u202egpj.com", "is no name of a website"),
        ("https://[::1%25eth0]/", "is no name of a website"),
        ("https://[1.2.3.4]/", "is no name of a website"),
        ("https://exam\nple.com/", "invisible control character"),
        (f"https://example.com/{'a' * LONGEST}", "the limit is 2953 characters"),
        (f"https://example.com/{'ü' * 1_000}", "this one has 6020"),
    ],
)
def test_what_is_no_web_address_is_refused(typed: str, says: str) -> None:
    """Other schemes, hosts that cannot be, addresses that do not fit; the sentence says what to do."""
    with pytest.raises(Refused) as refused:
        build_url(Url(typed))
    assert says in str(refused.value)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "text",
    [
        "example.com",
        "https://",
        "https:// x",
        "see https://example.com",
        "https://example.com x",
        "ftp://a.b",
        "http:/a",
    ],
)
def test_a_text_that_is_not_one_whole_address_is_none(text: str) -> None:
    """White space, other schemes, words around it."""
    assert read_url(text) is None
    assert link_of(text) is None


@pytest.mark.parametrize(
    ("url", "host", "warnings"),
    [
        ("https://example.com/", "example.com", []),
        ("HTTPS://EXAMPLE.COM:8443/Ä", "example.com", []),
        ("http://example.com/", "example.com", ["not encrypted"]),
        ("https://example.com@bad.example/", "bad.example", ["this link leads to bad.example"]),
        ("https://example.com:80@bad.example:8/", "bad.example", ["this link leads to bad.example"]),
        ("https://a@b@bad.example?@example.com", "bad.example", ["this link leads to bad.example"]),
        ("https://example.com\\@bad.example/", "example.com", ["cannot tell where"]),
        ("https://exa$mple.com/", "exa$mple.com", ["cannot tell where"]),
        ("https://:::", "", ["cannot tell where"]),
        ("https://bücher.de/", "xn--bcher-kva.de", ["bücher.de is really xn--bcher-kva.de"]),
        ("https://xn--bcher-kva.de/", "xn--bcher-kva.de", ["bücher.de is really xn--bcher-kva.de"]),
        ("https://ドメイン名例.jp/", "xn--eckwd4c7cu47r2wf.jp", ["is really"]),
        ("https://пример.рф/", "xn--e1afmkfd.xn--p1ai", ["is really"]),
        ("https://i❤.ws", "xn--i-7iq.ws", ["i❤.ws is really"]),
        # Xudong Zheng, "Phishing with Unicode Domains", 2017: all of it is Cyrillic
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com", ["аррӏе.com is really", "look like others"]),
        ("https://gооgle.com/", "xn--ggle-55da.com", ["is really", "look like others"]),
        ("https://ɡoogle.com/", "xn--oogle-qmc.com", ["is really", "look like others"]),
        ("https://bit.ly/abc", "bit.ly", ["shortened"]),
        ("https://www.TinyURL.com/abc", "www.tinyurl.com", ["shortened"]),
        ("https://192.0.2.1/", "192.0.2.1", ["a number instead of a name"]),
        ("https://[2001:DB8::1]/", "[2001:db8::1]", ["a number instead of a name"]),
        # WHATWG URL, 3.5: browsers take all of these for 127.0.0.1
        ("https://2130706433/", "127.0.0.1", ["a number instead of a name"]),
        ("https://0x7f.1/", "127.0.0.1", ["a number instead of a name"]),
        ("https://0177.0.0.1/", "127.0.0.1", ["a number instead of a name"]),
        ("https://ex\u200bample.com/", "example.com", ["invisible characters"]),
        ("https://example.com/\u202egnp.exe", "example.com", ["invisible characters"]),
        ("https://example.com/\u3164", "example.com", ["invisible characters"]),
        ("https://example.com/\u05d0", "example.com", ["right to left"]),
    ],
)
def test_what_is_suspicious_about_an_address_is_said(url: str, host: str, warnings: list[str]) -> None:
    """And where it really leads."""
    assert host_of(url) == host
    reading = read_url(url)
    assert reading is not None
    assert len(reading.warnings) == len(warnings)
    assert all(said in str(warning) for said, warning in zip(warnings, reading.warnings, strict=True))


def test_a_name_that_would_hide_the_rest_is_shown_in_punycode_alone() -> None:
    """Letters that run backwards or have no shape are never shown."""
    hidden = "xn--" + "\u202eabc".encode("punycode").decode()
    assert not any("\u202e" in str(warning) for warning in link_warnings(f"https://{hidden}.com/"))
    assert "\u202e" not in host_of("https://\u202eabc.com/")


@pytest.mark.parametrize(
    ("text", "like", "sure"),
    [
        ("example.com", True, True),
        ("EXAMPLE.CO.UK/menu", True, True),
        ("github.io", True, True),
        ("bücher.de", True, True),
        ("пример.рф", True, True),
        ("example.com:8080", True, True),
        ("readme.md", True, False),
        ("archive.zip", True, False),
        ("script.py", True, False),
        ("main.rs", True, False),
        ("www.readme.md", True, True),
        ("readme.md/x", True, True),
        ("co.uk", False, False),
        ("node.js", False, False),
        ("picture.png", False, False),
        ("e.g.", False, False),
        ("Mr.Smith", False, False),
        ("example.invalid", False, False),
        ("192.0.2.1", False, False),
        ("ada@example.com", False, False),
        ("https://example.com", False, False),
        ("example.com is down", False, False),
        ("", False, False),
    ],
)
def test_a_bare_domain_is_told_from_words_and_files(text: str, like: bool, sure: bool) -> None:
    """By the public suffix list, and by the endings of files."""
    assert (domain_like(text), sure_domain(text)) == (like, sure)
