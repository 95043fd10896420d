"""Hosts of web addresses: names in punycode (IDNA 2008 after UTS 46), IPv4 and IPv6 addresses."""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from urllib.parse import unquote

import idna

from bot.qr.refusal import Refused

_LONGEST = 253  # characters of a whole name (RFC 1035, 2.3.4)
# RFC 1123, 2.1, and the underscore, which some machines' names have although it says otherwise.
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC = re.compile(
    r"[0-9]+|0x[0-9a-f]*"
)  # the last label of what browsers take for IPv4 (WHATWG URL, 3.5)
_PUNYCODE = "xn--"
# Letters whose usual form is that of another one of a to z (Unicode Technical Standard 39, confusables.txt).
_ALIKE = frozenset("асԁеһіјӏорԛѕѵԝхугԍ" "ορνυικα" "ɡɩıɑ")
# Scripts that are written together: Japanese, Korean and Chinese, each also with Latin (the same, 5.2).
_TOGETHER = (
    {"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"},
    {"CJK", "IDEOGRAPHIC", "HANGUL", "LATIN"},
    {"CJK", "IDEOGRAPHIC", "BOPOMOFO", "LATIN"},
)


def host_name(host: str, *, field: str = "url") -> str:
    """Write a host as name servers know it, in lower case; numbers as they are. Refused if it is none."""
    name = _ipv6(host) if host.startswith("[") else _joined(host, _strict_label)
    if not name or (_NUMERIC.fullmatch(_last(name)) and not is_number(name)):
        raise Refused(
            "“{host}” is no name of a website. Please check its spelling.", field=field, host=host[:60]
        )
    return name


def host_reached(host: str) -> str:
    """Name the host that browsers go to, in punycode or as a number.

    As it stands where it is no name, but for what cannot be shown.
    """
    name = _ipv6(host) if host.startswith("[") else _joined(host, _lenient_label)
    if not _NUMERIC.fullmatch(_last(name)):
        return name or "".join(letter if letter.isprintable() else "�" for letter in host.lower())
    try:
        return socket.inet_ntoa(socket.inet_aton(name.removesuffix(".")))  # 0x7f.1 is 127.0.0.1
    except (OSError, ValueError):
        return name


def is_number(host: str) -> bool:
    """Tell whether a host is an IP address instead of a name."""
    try:
        return bool(ip_address(host.removesuffix(".").strip("[]")))
    except ValueError:
        return False


def shown(host: str) -> str:
    """Write a name in punycode with the letters it stands for."""
    return ".".join(map(_shown_label, host.split(".")))


def deceptive(host: str) -> bool:
    """Tell a name that mixes alphabets within a label, or whose foreign letters all look like others.

    The latter only below an ending of a to z: a wholly Cyrillic name is what it seems to be.
    """
    labels = shown(host).removesuffix(".").split(".")
    return any(map(_mixed, labels)) or (labels[-1].isascii() and any(map(_alike, labels)))


def _ipv6(host: str) -> str:
    """Give an address in brackets back, in lower case; empty where it is none, or has a zone (RFC 6874)."""
    try:
        return host.lower() if host.endswith("]") and "%" not in host and IPv6Address(host[1:-1]) else ""
    except ValueError:
        return ""


def _joined(host: str, write: Callable[[str], str]) -> str:
    """Write each label of a name; empty where one of them or the whole will not do."""
    try:
        mapped = idna.uts46_remap(unquote(host, errors="strict"), std3_rules=False)
    except UnicodeError:  # the base of idna's own
        return ""
    labels = [write(label) for label in mapped.removesuffix(".").split(".")]
    name = ".".join(labels)
    whole = name + "." if mapped.endswith(".") else name
    return whole if all(labels) and len(name) <= _LONGEST else ""


def _strict_label(label: str) -> str:
    if label.isascii():
        known = not label.startswith(_PUNYCODE) or _shown_label(label) != label
        return label if known and _LABEL.fullmatch(label) else ""
    try:
        return idna.alabel(label).decode()
    except UnicodeError:
        return ""


def _lenient_label(label: str) -> str:
    """Write a label in punycode also where IDNA 2008 does not allow its letters: browsers do it too."""
    return label if label.isascii() else _PUNYCODE + label.encode("punycode", "replace").decode()


def _shown_label(label: str) -> str:
    if not label.startswith(_PUNYCODE):
        return label
    try:
        letters = label.removeprefix(_PUNYCODE).encode().decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
    # What cannot be shown may hide what stands beside it.
    return letters if letters.isprintable() and not letters.isascii() else label


def _last(name: str) -> str:
    return name.removesuffix(".").rpartition(".")[2]


def _mixed(label: str) -> bool:
    scripts = {unicodedata.name(each, "").partition(" ")[0] for each in label if each.isalpha()}
    return len(scripts) > 1 and not any(scripts <= each for each in _TOGETHER)


def _alike(label: str) -> bool:
    foreign = {letter for letter in label if not letter.isascii()}
    return bool(foreign) and foreign <= _ALIKE
