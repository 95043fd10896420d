"""Numbers to call and to write to: ``tel:`` of RFC 3966, ``sms:`` of RFC 5724, and ``SMSTO:``.

``SMSTO:number:text`` is no standard, but what most phones read (ZXing wiki, "Barcode Contents").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote, unquote

import phonenumbers

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.mail import KEPT
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

_ABROAD = re.compile(r"\(?\s*(?:[+＋]|00)[\d\s().\-/\u2010-\u2015]+")
_LONGEST = 100  # characters of a number with its extension, spaces and all
_ZEROS = re.compile(r"^\(?\s*00")  # what many countries dial for the +
_SHORT = re.compile(r"[0-9]{3,6}")
# At most 20 digits, as libphonenumber takes them after ";ext=".
_EXTENSION = re.compile(
    r"(?:\s*;\s*ext\s*=|[\s,]*(?:extension|ext\.?|x|#))[ .:]*(?P<digits>[0-9]{1,20})", re.IGNORECASE
)
_TEL = re.compile(r"tel:(?://)?(?P<number>[^;?]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_SMS = re.compile(
    r"(?P<scheme>smsto|mmsto|sms):(?://)?(?P<numbers>[^:?&;]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_BODY = re.compile(r"[?&;]body=([^&]*)", re.IGNORECASE)
_LIKE_A_NUMBER = re.compile(r"[0-9+*#().\-/\s]{3,64}")


class Form(StrEnum):
    """How a text message is written: ``SMSTO:``, which most phones read, or RFC 5724's ``sms:``."""

    SMSTO = "smsto"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call."""

    number: Annotated[str, Value("phone number", rest=True)]


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message to send."""

    number: Annotated[str, Value("phone number")]
    text: Annotated[str, Value("message", long=True, rest=True)] = ""
    form: Annotated[Form, Value("form of the code", quiet=True)] = Form.SMSTO


def number_of(text: str, *, field: str = "number") -> str:
    """Write a phone number as the whole world dials it: ``+442079460958`` (ITU-T E.164).

    A number that is long enough for its country will do: new ranges are in use before any list has them.
    """
    bare = without_controls(text.strip(), field=field)
    if not _ABROAD.fullmatch(bare):
        raise Refused(
            "Begin the phone number with + and the country code, for example +44 20 7946 0958.", field=field
        )
    number = _dialled(_ZEROS.sub("+", bare))
    # A number that changes when it is dialled again has too many zeros, and nobody knows which are meant.
    if not number or _dialled(number) != number:
        raise Refused("There is no phone number {number}. Please check its digits.", field=field, number=bare)
    return number


def _dialled(text: str) -> str:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def line_of(text: str, *, field: str = "number") -> str:
    """Write what a phone can call: a number, also with ``;ext=``, or a short one such as 112."""
    bare = without_controls(text.strip(), field=field)
    match = _EXTENSION.search(bare) if len(bare) <= _LONGEST else None
    if match is None or match.end() != len(bare):
        return bare if _SHORT.fullmatch(bare) else number_of(bare, field=field)
    return f"{number_of(bare[: match.start()], field=field)};ext={match['digits']}"


def build_phone(phone: Phone) -> str:
    """Write what calls a number; Refused if it is none."""
    return f"tel:{line_of(phone.number)}"


def build_sms(sms: Sms) -> str:
    """Write what opens a text message; Refused names the field that will not do."""
    bare = sms.number.strip()
    number = bare if _SHORT.fullmatch(bare) else number_of(bare)
    text = _lines(sms.text.strip())
    without_controls(text, field="text", allowed="\t\n")
    if sms.form is Form.SMS:
        return f"sms:{number}?body={quote(text, safe=KEPT)}" if text else f"sms:{number}"
    return f"SMSTO:{number}:{text}" if text else f"SMSTO:{number}"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_phone(text: str) -> Reading[Phone] | None:
    """Read a number to call back; one that only works somewhere is read with a warning."""
    match = _TEL.fullmatch(text)
    number = unquote(match["number"]).strip() if match is not None else ""
    if match is None or not _like_a_number(number):
        return None
    warnings: list[Refused] = []
    for parameter in filter(None, match["rest"].partition("?")[0].split(";")):
        name, _, value = parameter.partition("=")
        digits = re.sub(r"[^0-9]", "", unquote(value))
        if name.strip().lower() == "ext" and 1 <= len(digits) <= 20:
            number = f"{number.partition(';')[0]};ext={digits}"
        else:
            warnings.append(Refused("This number also says {name}, which I left out.", name=parameter))
    try:
        number = line_of(number)
    except Refused as refused:
        warnings.append(refused)
    return Reading("phone", Phone(number), tuple(warnings))


def _like_a_number(text: str) -> bool:
    return _LIKE_A_NUMBER.fullmatch(text) is not None and any(character.isdigit() for character in text)


def read_sms(text: str) -> Reading[Sms] | None:
    """Read a text message back: SMSTO:, MMSTO:, RFC 5724's sms: and what iPhones make of it."""
    match = _SMS.fullmatch(text)
    numbers = [each.strip() for each in unquote(match["numbers"]).split(",")] if match is not None else []
    if match is None or not _like_a_number(numbers[0]):
        return None
    warnings: list[Refused] = []
    number = numbers[0]
    try:
        number = number if _SHORT.fullmatch(number) else number_of(number)
    except Refused as refused:
        warnings.append(refused)
    if len(numbers) > 1:
        warnings.append(
            Refused("This message goes to {count} numbers; only the first is here.", count=len(numbers))
        )
    form = Form.SMS if match["scheme"].lower() == "sms" else Form.SMSTO
    message = _message(match["rest"])
    try:
        without_controls(message, field="text", allowed="\t\n")
    except Refused as refused:
        warnings.append(refused)
    return Reading("sms", Sms(number, message, form), tuple(warnings))


def _message(rest: str) -> str:
    """Find the text after the number: raw after a colon, percent-encoded after ``body=``."""
    if rest.startswith(":"):
        return _lines(rest[1:])
    found = _BODY.search(rest)
    return _lines(unquote(found[1])) if found is not None else ""


PHONE = Kind(
    name="phone",
    label="Phone number",
    summary="Make a code that calls a number.",
    example="call +44 20 7946 0958",
    content=Phone,
    build=build_phone,
    read=read_phone,
    title=lambda phone: phone.number,
    group="make",
)
SMS = Kind(
    name="sms",
    label="Text message",
    summary="Make a code that opens a text message.",
    example="sms +442079460958 See you at five",
    content=Sms,
    build=build_sms,
    read=read_sms,
    title=lambda sms: sms.number,
    group="make",
)
