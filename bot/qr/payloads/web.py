"""Web addresses (RFC 3986, RFC 3987, hosts by IDNA 2008 and UTS 46), and what is suspicious about one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from mimetypes import MimeTypes
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl, quote

from bot.qr.payloads.hosts import deceptive, host_name, host_reached, is_number, shown
from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

LONGEST = 2_953  # bytes that the largest symbol holds (ISO/IEC 18004, table 7)

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_PARTS = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#\\]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_AUTHORITY = re.compile(r"(?P<user>.*@)?(?P<host>\[[^\[\]]*\]|[^:@]+)(?P<port>:[0-9]*)?", re.DOTALL)
# No white space and no control characters; a backslash is a slash to browsers.
_WHOLE = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f/?#\\][^\s\x00-\x1f\x7f-\x9f]*", re.IGNORECASE)
_BARE = re.compile(r"(?P<host>[^\s/?#:@\\]+)(?P<rest>(?::[0-9]{1,5})?(?:[/?#]\S*)?)")
_PORTED = re.compile(r"(?:localhost|[^/?#:@]+\.[^/?#:@]+):[0-9]{1,5}(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What stands as it is in each part (RFC 3986, 3.2.1, 3.3 and 3.4); the percent sign is looked at before.
_USER = "!$&'()*+,;=:-._~%"
_PATH = "!$&'()*+,;=:-._~%@/"
_QUERY = "!$&'()*+,;=:-._~%@/?"
# What programs leave around an address they copy: marks of direction, of order, of no width.
_AROUND = "\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff"
# Signs without a shape that are no format characters: fillers, joiners, selectors (DerivedCoreProperties.txt,
# Default_Ignorable_Code_Point).
_SHAPELESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0") | {
    chr(code) for code in range(0xFE00, 0xFE10)
}
_ALSO_FILES = frozenset({".md", ".rs"})  # which Python's table lacks before 3.13
# The best known ones of https://github.com/PeterDaveHello/url-shorteners; all of them would be out of date
# every week.
_SHORTENERS = frozenset(
    {
        "adf.ly", "bit.ly", "buff.ly", "clck.ru", "cutt.ly", "dlvr.it", "dub.sh", "goo.gl", "is.gd", "j.mp",
        "lnkd.in", "ow.ly", "qrco.de", "qrs.ly", "rb.gy", "rebrand.ly", "s.id", "short.gy", "shorturl.at",
        "surl.li", "t.co", "t.ly", "tiny.cc", "tiny.one", "tinyurl.com", "v.gd",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Url:
    """A web address."""

    url: Annotated[str, Value("web address")]


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts, each with the mark that divides it: ``name@``, ``:80``, ``?a=b``, ``#top``."""

    scheme: str
    user: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def site(self) -> str:
        """Name whose address it is: the host with its port."""
        return self.host + self.port

    @property
    def values(self) -> dict[str, str]:
        """Read the values of the query; ``+`` is a space in those that browsers write."""
        return dict(parse_qsl(self.query.removeprefix("?"), keep_blank_values=True))


def _split(text: str) -> Address | None:
    match = _PARTS.fullmatch(text)
    authority = _AUTHORITY.fullmatch(match["authority"]) if match is not None else None
    if match is None or authority is None:
        return None
    names = ("user", "host", "port"), ("path", "query", "fragment")
    held = [part[name] or "" for part, of in zip((authority, match), names, strict=True) for name in of]
    return Address(match["scheme"].lower(), *held)


# --- writing ------------------------------------------------------------------------------------------------


def build_url(content: Url) -> str:
    """Write an address that every phone opens: https where no scheme is given, the host in punycode.

    The path's case and its percent-encodings stay as they are; a valid address is not changed.
    """
    text = without_controls(content.url.strip().strip(_AROUND).strip(), field="url")
    if not text:
        raise Refused("Please give the web address, for example https://example.com.", field="url")
    _check_length(text)
    bare = not _WEB.match(text)
    parts = _written(_without_scheme(text) if bare else text)
    if bare and (parts.user or not _named(parts.host)):
        raise Refused("“{given}” is no web address. It looks like example.com.", field="url", given=text[:60])
    written = f"{parts.scheme}://{parts.user}{parts.site}{parts.path}{parts.query}{parts.fragment}"
    _check_length(written)
    return written


def _named(host: str) -> bool:
    """Tell a host that is meant as one without a scheme before it, which a lone word is not."""
    return "." in host.strip(".") or host == "localhost" or host.startswith("[")


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise Refused(
            "This address is too long: the limit is {most} characters, and this one has {count}.",
            field="url",
            most=LONGEST,
            count=len(text),
        )


def _without_scheme(text: str) -> str:
    """Put https before an address; refuse one with another scheme than the web's."""
    match = _SCHEME.match(text)
    if match is not None and not _PORTED.fullmatch(text):
        raise Refused(
            "A link begins with https:// or http://, not with {scheme}:. Use text for anything else.",
            field="url",
            scheme=match[1][:20],
        )
    return f"https://{text.removeprefix('//')}"


def _written(text: str) -> Address:
    """Take an address apart and write each of its parts as it has to be."""
    parts = _split(text)
    if parts is None or parts.path.startswith("\\"):
        raise Refused("This is no web address: what stands before the path cannot be read.", field="url")
    if parts.port not in ("", ":") and not 0 < int(parts.port[1:]) < 65_536:
        raise Refused("A port is a number from 1 to 65535.", field="url")
    return replace(
        parts,
        user=_encoded(parts.user[:-1], _USER) + parts.user[-1:],
        host=host_name(parts.host),
        path=_encoded(parts.path, _PATH),
        query=_encoded(parts.query, _QUERY),
        fragment=parts.fragment[:1] + _encoded(parts.fragment[1:], _QUERY),
    )


def _encoded(text: str, kept: str) -> str:
    """Percent-encode what may not stand in a part of an address; encodings that are there stay."""
    return quote(_LOOSE_PERCENT.sub("%25", text), safe=kept)


# --- reading ------------------------------------------------------------------------------------------------


def read_url(text: str) -> Reading[Url] | None:
    """Take a text that is one web address, as it stands, with what is suspicious about it."""
    return Reading("url", Url(text), link_warnings(text)) if _WHOLE.fullmatch(text) else None


def link_of(text: str) -> Address | None:
    """Take a text that is one web address apart, its host as browsers go to it; None for anything else.

    None as well where it holds credentials, which no site's own links do.
    """
    parts = _split(text) if _WHOLE.fullmatch(text) else None
    return None if parts is None or parts.user else replace(parts, host=host_reached(parts.host))


def host_of(url: str) -> str:
    """Name the host an address leads to, in punycode; as it stands where it is no name."""
    parts = _split(url)
    return host_reached(parts.host) if parts is not None else ""


def link_warnings(url: str) -> tuple[Refused, ...]:
    """Say what somebody should know before they open an address."""
    parts = _split(url)
    return (_nowhere(),) if parts is None else tuple(_warnings(url, parts, host_of(url)))


def _nowhere() -> Refused:
    return Refused("I cannot tell where this link leads. It is better not to open it.")


def _warnings(url: str, parts: Address, host: str) -> Iterator[Refused]:
    if not _is_host(host) or parts.path.startswith("\\"):  # which is a slash to some programs only
        yield _nowhere()
    if parts.scheme != "https":
        yield Refused("This link is not encrypted (http, not https).")
    if parts.user:
        yield Refused("The part before the @ is no website: this link leads to {host}.", host=host)
    if shown(host) != host:
        yield Refused(
            "The website's name has letters beyond a to z: {shown} is really {host}.",
            shown=shown(host),
            host=host,
        )
    if deceptive(host):
        yield Refused("Its letters look like others. It may pretend to be a website that it is not.")
    if host.removesuffix(".").removeprefix("www.") in _SHORTENERS:
        yield Refused("This is a shortened link: where it ends cannot be seen.")
    if is_number(host):
        yield Refused("This link leads to a number instead of a name.")
    if any(letter in _SHAPELESS or unicodedata.category(letter) == "Cf" for letter in url):
        yield Refused("There are invisible characters in this link.")
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in url):
        yield Refused("This link has letters that run from right to left, so its parts may seem swapped.")


def _is_host(host: str) -> bool:
    try:
        return bool(host_name(host))
    except Refused:
        return False


# --- addresses without a scheme -----------------------------------------------------------------------------


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - 10,000 lines, wanted by few texts

    return PublicSuffixList(accept_unknown=False, only_icann=True)  # github.io is a website as well


@cache
def _files() -> MimeTypes:
    return MimeTypes()  # holds Python's own tables, not the system's


def domain_like(text: str) -> bool:
    """Tell whether a text is a host below a public suffix, also with a path: ``example.co.uk/menu``."""
    match = _BARE.fullmatch(text)
    if match is None:
        return False
    try:
        return _suffixes().privatesuffix(host_name(match["host"]).removesuffix(".")) is not None
    except Refused:
        return False


def sure_domain(text: str) -> bool:
    """Tell whether such a text can only be an address: ``readme.md`` may be a file as well."""
    match = _BARE.fullmatch(text)
    if match is None or not domain_like(text):
        return False
    host = match["host"].lower()
    ending = "." + host.rpartition(".")[2]
    is_file = ending in _ALSO_FILES or _files().guess_type(f"x{ending}")[0] is not None
    return bool(match["rest"]) or host.startswith("www.") or ending == ".com" or not is_file


URL = Kind(
    name="url",
    label="Link",
    summary="Make a code that opens a website.",
    example="url example.com/menu",
    content=Url,
    build=build_url,
    read=read_url,
    title=lambda content: content.url,
    group="make",
)
