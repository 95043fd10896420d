"""Keys of authenticator apps: ``otpauth://totp/Issuer:account?secret=…``.

Form: Google Authenticator wiki, "Key URI Format". Codes by time are RFC 6238, by counter RFC 4226.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote, unquote, unquote_plus

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

_LEAST, _MOST = 10, 512  # characters of a secret: fewer is a piece of one; more no app takes
_LONGEST_NAME = 200  # characters
_LARGEST_COUNTER = 2**63 - 1  # RFC 4226 has 8 bytes, apps count in signed ones
_URI = re.compile(
    r"otpauth://(?P<kind>totp|hotp)/(?P<label>[^?#]*)\?(?P<query>[^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL
)


class Type(StrEnum):
    """What makes the next code: the time (RFC 6238) or a counter (RFC 4226)."""

    TOTP = "totp"
    HOTP = "hotp"


class Algorithm(StrEnum):
    """The hash functions of RFC 6238, 1.2."""

    SHA1 = "SHA1"
    SHA256 = "SHA256"
    SHA512 = "SHA512"


@dataclass(frozen=True, slots=True)
class Otp:
    """A key for an authenticator app; the period is in seconds."""

    account: Annotated[str, Value("account name")]
    secret: Annotated[str, Value("secret key", secret=True)]
    issuer: Annotated[str, Value("name of the service")] = ""
    kind: Annotated[Type, Value("kind of codes")] = Type.TOTP
    algorithm: Annotated[Algorithm, Value("hash function")] = Algorithm.SHA1
    digits: Annotated[int, Value("digits of a code")] = 6
    period: Annotated[int, Value("seconds a code lasts")] = 30
    counter: Annotated[int, Value("counter to start from")] = 0


def build_otp(otp: Otp) -> str:
    """Write a key for authenticator apps; what is not written has the default of every app."""
    account, issuer = _account(otp.account), _issuer(otp.issuer)
    secret = _secret(otp.secret)
    _check_numbers(otp)
    parts = [f"secret={secret}"]
    if issuer:
        parts.append(f"issuer={quote(issuer, safe='')}")
    if otp.algorithm is not Algorithm.SHA1:
        parts.append(f"algorithm={otp.algorithm.value}")
    if otp.digits != 6:
        parts.append(f"digits={otp.digits}")
    if otp.kind is Type.HOTP:
        parts.append(f"counter={otp.counter}")
    elif otp.period != 30:
        parts.append(f"period={otp.period}")
    names = ":".join(quote(name, safe="@") for name in (issuer, account) if name)
    return f"otpauth://{otp.kind.value}/{names}?{'&'.join(parts)}"


def _account(text: str) -> str:
    account = _name(text, "account")
    if not account:
        raise Refused("Whose key is it? Tell me the account, for example ada@example.org.", field="account")
    return account


def _issuer(text: str) -> str:
    return _name(text, "issuer")


def _name(text: str, field: str) -> str:
    name = without_controls(text.strip(), field=field)
    if ":" in name:
        raise Refused("Authenticator apps do not allow a colon here. Please take it out.", field=field)
    if len(name) > _LONGEST_NAME:
        raise Refused(
            "This has at most {most} characters; yours has {count}.",
            field=field,
            most=_LONGEST_NAME,
            count=len(name),
        )
    return name


def _bare(secret: str) -> str:
    """Take out what people group a secret with, and its padding (RFC 4648, 6), which apps do without."""
    bare = re.sub(r"[\s\-]", "", secret).rstrip("=")
    return bare.upper() if bare.isascii() else bare  # an ſ is no S


def _secret(text: str) -> str:
    """Check a secret in base32. What is said of it never repeats it."""
    secret = _bare(text)
    if not secret:
        raise Refused("There is no secret key yet. The service shows it beside its own code.", field="secret")
    if not re.fullmatch(r"[A-Z2-7]+", secret):
        raise Refused("A secret key has only the letters A to Z and the digits 2 to 7.", field="secret")
    if not _LEAST <= len(secret) <= _MOST:
        raise Refused(
            "A secret key has {least} to {most} characters; this one has {count}.",
            field="secret",
            least=_LEAST,
            most=_MOST,
            count=len(secret),
        )
    try:
        base64.b32decode(secret + "=" * (-len(secret) % 8))
    except binascii.Error:
        raise Refused(
            "A secret key never has {count} characters. Please copy all of it.",
            field="secret",
            count=len(secret),
        ) from None
    return secret


def _check_numbers(otp: Otp) -> None:
    if otp.digits not in (6, 8):
        raise Refused("A code has 6 or 8 digits.", field="digits")
    if not 1 <= otp.period <= 3600:
        raise Refused("A code lasts 1 to 3600 seconds.", field="period")
    if not 0 <= otp.counter <= _LARGEST_COUNTER:
        raise Refused(
            "A counter starts at 0 or above, at most at {most}.", field="counter", most=_LARGEST_COUNTER
        )
    if otp.kind is Type.HOTP and otp.period != 30:
        raise Refused("Codes by counter have no seconds. Leave them out, or choose totp.", field="period")
    if otp.kind is Type.TOTP and otp.counter:
        raise Refused("Codes by time have no counter. Leave it out, or choose hotp.", field="counter")


def read_otp(text: str) -> Reading[Otp] | None:
    """Read a key back, also one written loosely; None where it is none."""
    match = _URI.fullmatch(text)
    if match is None:
        return None
    pairs = (each.partition("=") for each in match["query"].split("&"))
    values = {unquote(name).lower(): value for name, _, value in reversed(list(pairs))}
    warnings: list[Refused] = []
    kind = Type(match["kind"].lower())
    issuer, account = _names(unquote(match["label"]), values.get("issuer", ""), warnings)
    otp = Otp(
        account,
        _bare(unquote(values.get("secret", ""))),
        issuer,
        kind,
        _algorithm(unquote(values.get("algorithm", "")), warnings),
        _number("digits", values, 6, warnings),
        _number("period", values, 30, warnings) if kind is Type.TOTP else 30,
        _number("counter", values, 0, warnings) if kind is Type.HOTP else 0,
    )
    return Reading("otp", otp, (*warnings, *_wrong(otp), *_missing(kind, values)))


def _names(label: str, given: str, warnings: list[Refused]) -> tuple[str, str]:
    """Find the issuer and the account: an issuer may stand in the label, in a parameter, or in both."""
    before, colon, after = label.partition(":")
    prefix, account = (before.strip(), after.strip()) if colon else ("", label.strip())
    # Some write a space as +, some a plus sign; what the label says tells which.
    issuer = unquote(given).strip()
    if issuer != prefix:
        issuer = unquote_plus(given).strip()
    if prefix and issuer and prefix != issuer:
        warnings.append(
            Refused("This key names two services: {first} and {second}.", first=prefix, second=issuer)
        )
    return issuer or prefix, account


def _algorithm(text: str, warnings: list[Refused]) -> Algorithm:
    """Read a hash function, also as ``HmacSHA256`` and ``SHA-256``; SHA1 where none is named."""
    name = text.upper().replace("-", "").removeprefix("HMAC")
    try:
        return Algorithm(name or "SHA1")
    except ValueError:
        warnings.append(Refused("No authenticator app knows the hash function {name}.", name=text))
        return Algorithm.SHA1


def _number(name: str, values: dict[str, str], default: int, warnings: list[Refused]) -> int:
    text = unquote(values.get(name, "")).strip()
    if not re.fullmatch(r"[0-9]{1,20}", text):
        if text:
            warnings.append(Refused("{name} should be a number, but is {value}.", name=name, value=text))
        return default
    return int(text)


def _missing(kind: Type, values: dict[str, str]) -> tuple[Refused, ...]:
    if kind is Type.HOTP and "counter" not in values:
        return (Refused("This key does not say at which counter it starts.", field="counter"),)
    return ()


def _wrong(otp: Otp) -> list[Refused]:
    """List what no app would take; 7 digits are in use, though the form has only 6 and 8."""
    found = []
    numbers = otp if otp.digits != 7 else Otp("", "", kind=otp.kind, period=otp.period, counter=otp.counter)
    for check in (
        lambda: _account(otp.account),
        lambda: _issuer(otp.issuer),
        lambda: _secret(otp.secret),
        lambda: _check_numbers(numbers),
    ):
        try:
            check()
        except Refused as refused:
            found.append(refused)
    return found


OTP = Kind(
    name="otp",
    label="Authenticator key",
    summary="Make a code that adds an account to an authenticator app.",
    example="otp ada@example.org JBSWY3DPEHPK3PXP issuer=Example",
    content=Otp,
    build=build_otp,
    read=read_otp,
    title=lambda otp: f"{otp.issuer}: {otp.account}" if otp.issuer else otp.account,
    group="make",
    secret=True,
    kept=False,
)
