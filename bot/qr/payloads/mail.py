"""E-mails that are written already: ``mailto:`` of RFC 6068.

Read as well: ``MATMSG:`` (NTT docomo, bar-code function) and ``SMTP:``, both as the ZXing wiki's
"Barcode Contents" has them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, unquote

import idna

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused, Word

KEPT = "!'()*"  # characters besides letters, digits and -._~ that every reader takes as they are
_ATOM = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\x7f])+"  # RFC 5322, 3.2.3; RFC 6531, 3.3
_LOCAL = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[^"\\]|\\.)+"')
_PIECE = re.compile(r'\\.|[^\\",;]+|.', re.DOTALL)
_PART = re.compile(r"(?:\\.|[^\\;])+", re.DOTALL)
_ENOUGH = (
    4 * 254
)  # characters: NFC makes one of four at most, and its time grows with the square of their number
_LIKE_AN_ADDRESS = re.compile(r"\S@\S")


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail to send: to whom, and what it says."""

    to: Annotated[tuple[str, ...], Value("recipients")]
    subject: Annotated[str, Value("subject")] = ""
    body: Annotated[str, Value("message", long=True)] = ""
    cc: Annotated[tuple[str, ...], Value("recipients of a copy")] = ()
    bcc: Annotated[tuple[str, ...], Value("recipients of a blind copy")] = ()


def address_of(text: str, *, field: str = "to") -> str:
    """Write an e-mail address as mail goes to it, its domain in the letters of DNS; Refused if it is none.

    RFC 5322, 3.4.1; RFC 6531 for what is left of the @, IDNA 2008 for what is right of it. At most 64 bytes
    are left of the @, 254 in all (RFC 5321, 4.5.3.1).
    """
    if len(text) > _ENOUGH:
        raise _too_long(text, field)
    bare = unicodedata.normalize("NFC", without_controls(text.strip(), field=field))
    local, _, domain = bare.rpartition("@")
    address = f"{local}@{_domain(domain)}"
    if not bare.isprintable() or not _LOCAL.fullmatch(local) or address.endswith("@"):
        raise Refused(
            "{address} is not an email address. It looks like name@example.org.", field=field, address=bare
        )
    if len(local.encode()) > 64 or len(address.encode()) > 254:
        raise _too_long(address, field)
    return address


def _too_long(address: str, field: str) -> Refused:
    return Refused(
        "An email address has at most 64 bytes before the @ and 254 in all; this one has {count}.",
        field=field,
        count=len(address.encode("utf-8", "surrogatepass")),
    )


def _domain(text: str) -> str:
    """Write a domain in lower-case ASCII; empty where it is none that mail could reach."""
    try:
        domain = idna.encode(text, uts46=True).decode() if len(text) <= 254 else ""
    except UnicodeError:  # the base of idna's own
        return ""
    last = domain.rpartition(".")
    return domain if last[0] and last[2] and not last[2].isdigit() else ""


def build_mail(mail: Email) -> str:
    """Write what opens a new e-mail; Refused names the field that will not do."""
    to = _addresses(mail.to, "to")
    if not to:
        raise Refused("Nobody would get this email yet. Tell me an address to send it to.", field="to")
    subject = without_controls(mail.subject.strip(), field="subject")
    body = without_controls(_lines(mail.body.strip()), field="body", allowed="\t\n")
    headers = (
        ("subject", quote(subject, safe=KEPT)),
        ("body", quote(body.replace("\n", "\r\n"), safe=KEPT)),  # RFC 6068, 5: %0D%0A
        ("cc", _addresses(mail.cc, "cc")),
        ("bcc", _addresses(mail.bcc, "bcc")),
    )
    query = "&".join(f"{name}={value}" for name, value in headers if value)
    return f"mailto:{to}?{query}" if query else f"mailto:{to}"


def _addresses(people: Iterable[str], field: str) -> str:
    addresses = (address_of(each, field=field).rpartition("@") for each in people if each.strip())
    return ",".join(f"{quote(local, safe=KEPT)}@{domain}" for local, _, domain in addresses)


def _lines(text: str) -> str:
    """End lines in LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_mail(text: str) -> Reading[Email] | None:
    """Read an e-mail back from ``mailto:``, ``MATMSG:`` or ``SMTP:``; None where it is none."""
    scheme, colon, rest = text.partition(":")
    headers = _FORMS.get(scheme.upper()) if colon else None
    return _reading(headers(rest)) if headers is not None else None


def _mailto(rest: str) -> list[tuple[str, str]]:
    """List the headers of a mailto: address; an & from HTML may still be an &amp; (RFC 6068, 6.1)."""
    path, _, query = rest.partition("?")
    pairs = (each.removeprefix("amp;").partition("=") for each in query.split("&"))
    return [("to", unquote(path)), *((unquote(name).lower(), unquote(value)) for name, _, value in pairs)]


def _matmsg(rest: str) -> list[tuple[str, str]]:
    parts = (part.strip().partition(":") for part in _PART.findall(rest))
    names = {"sub": "subject"}
    return [
        (names.get(name.lower(), name.lower()), re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL))
        for name, _, value in parts
    ]


def _smtp(rest: str) -> list[tuple[str, str]]:
    to, _, more = rest.partition(":")
    subject, _, body = more.partition(":")
    return [("to", to), ("subject", subject), ("body", body)]


_FORMS: dict[str, Callable[[str], list[tuple[str, str]]]] = {
    "MAILTO": _mailto, "MATMSG": _matmsg, "SMTP": _smtp,
}  # fmt: skip


def _reading(headers: list[tuple[str, str]]) -> Reading[Email] | None:
    people: dict[str, list[str]] = {"to": [], "cc": [], "bcc": []}
    words: dict[str, str] = {}
    warnings: list[Refused] = []
    for name, value in headers:
        if name in people:
            people[name] += _people(value)
        elif name in ("subject", "body") and name not in words:
            words[name] = value
        elif name in words:
            warnings.append(
                Refused("This email has its {name} twice; the first one counts.", name=Word(_LABELS[name]))
            )
        elif name.strip():
            warnings.append(Refused("This email also sets {name}, which I left out.", name=name.strip()))
    if not _addressed(people, words):
        return None
    to, cc, bcc = (tuple(_checked(each, name, warnings) for each in people[name]) for name in people)
    subject, body = _words(words, warnings)
    return Reading("email", Email(to, subject, body, cc, bcc), tuple(warnings))


_LABELS = {"subject": "subject", "body": "message"}


def _addressed(people: dict[str, list[str]], words: dict[str, str]) -> bool:
    """Tell an e-mail from a text that starts like one; RFC 6068 allows one without a recipient."""
    if people["to"]:
        return any(_LIKE_AN_ADDRESS.search(each) for each in people["to"])
    return any(words.values()) or bool(people["cc"] or people["bcc"])


def _people(text: str) -> list[str]:
    """Take a list of addresses apart at its commas (Outlook: semicolons), but not inside quotes."""
    people, quoted = [""], False
    for piece in _PIECE.findall(text):
        quoted ^= piece == '"'
        if piece in (",", ";") and not quoted:
            people.append("")
        else:
            people[-1] += piece
    return [each.strip() for each in people if each.strip()]


def _checked(address: str, field: str, warnings: list[Refused]) -> str:
    try:
        return address_of(address, field=field)
    except Refused as refused:
        warnings.append(refused)
        return address


def _words(words: dict[str, str], warnings: list[Refused]) -> tuple[str, str]:
    """Give the subject and the message; what no mail program would show in them is a warning."""
    subject, body = words.get("subject", ""), _lines(words.get("body", ""))
    for field, text, allowed in (("subject", subject, ""), ("body", body, "\t\n")):
        try:
            without_controls(text, field=field, allowed=allowed)
        except Refused as refused:
            warnings.append(refused)
    return subject, body


EMAIL = Kind(
    name="email",
    label="Email",
    summary="Make a code that opens a new email.",
    example='mail ada@example.org subject="Tea & cake"',
    content=Email,
    build=build_mail,
    read=read_mail,
    title=lambda mail: ", ".join(mail.to),
    group="make",
)
