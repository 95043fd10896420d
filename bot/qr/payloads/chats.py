"""Links that open a conversation with a number: WhatsApp, Signal, FaceTime."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, unquote

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.mail import KEPT, address_of
from bot.qr.payloads.payload import without_controls
from bot.qr.payloads.phone import number_of
from bot.qr.payloads.web import Address, link_of, link_warnings
from bot.qr.refusal import Refused

_SENDERS = ("api.whatsapp.com", "web.whatsapp.com")
_SENT = frozenset({"phone", "type", "app_absent"})  # what those links say beside the message
_DIGITS = re.compile(r"\+?[0-9]{5,20}")
# Signal-Android, SignalMeUtil: a number, or the 48 bytes of an encrypted username in URL-safe Base64.
_SIGNAL = re.compile(
    r"(?:https?|sgnl)://signal\.me/?#(?:p/(?P<number>(?:\+|%2B)[0-9]+)|eu/(?P<name>[A-Za-z0-9_-]{64}))",
    re.IGNORECASE,
)
_SIGNAL_NAME = re.compile(r"@?[A-Za-z_][A-Za-z0-9_]{2,31}\.[0-9]{2,}")
_FACETIME = re.compile(r"facetime(?P<sound>-audio)?:(?://)?(?P<address>[^\s/?#]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WhatsApp:
    """A conversation on WhatsApp, with a first message ready to be sent."""

    number: Annotated[str, Value("phone number")]
    text: Annotated[str, Value("first message", long=True, rest=True)] = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A conversation on Signal: a phone number, or the link that Signal itself makes of a username."""

    number: Annotated[str, Value("phone number")] = ""
    username: Annotated[str, Value("link to your username, from Signal's settings")] = ""


@dataclass(frozen=True, slots=True)
class FaceTime:
    """A call by FaceTime."""

    address: Annotated[str, Value("phone number or email address")]


def message_of(text: str) -> str:
    """Write a first message: its lines end in LF, and it holds nothing invisible."""
    return without_controls(lines_of(text.strip()), field="text", allowed="\t\n")


def lines_of(text: str) -> str:
    """End lines in LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _checked(number: str, text: str) -> tuple[str, list[Refused]]:
    """Write a number found in a link; say what is wrong with it and with the message beside it."""
    warnings: list[Refused] = []
    try:
        number = number_of(number)
    except Refused as refused:
        warnings.append(refused)
    return number, warnings + faults_of(text)


def faults_of(text: str) -> list[Refused]:
    """Say what is wrong with a first message."""
    try:
        message_of(text)
    except Refused as refused:
        return [refused]
    return []


# --- WhatsApp -----------------------------------------------------------------------------------------------


def build_whatsapp(whatsapp: WhatsApp) -> str:
    """Write a link to a number, without plus and zeros (WhatsApp Help, "How to use click to chat")."""
    text = message_of(whatsapp.text)
    query = f"?text={quote(text, safe=KEPT)}" if text else ""
    return f"https://wa.me/{number_of(whatsapp.number).removeprefix('+')}{query}"


def read_whatsapp(text: str) -> Reading[WhatsApp] | None:
    """Read a link to a number: wa.me, and the older api.whatsapp.com/send and whatsapp://send."""
    url = re.sub(r"^whatsapp://send", "https://api.whatsapp.com/send", text, flags=re.IGNORECASE)
    link = link_of(url)
    digits = _digits_in(link) if link is not None else ""
    if link is None or not _DIGITS.fullmatch(digits):
        return None
    message = lines_of(link.values.get("text", ""))
    number, warnings = _checked(f"+{digits.removeprefix('+')}", message)
    return Reading("whatsapp", WhatsApp(number, message), (*link_warnings(url), *warnings))


def _digits_in(link: Address) -> str:
    """Find the number of a link to one; empty where it is another link, or says more than a message."""
    said = set(link.values) - {"text"}
    if link.site in ("wa.me", "www.wa.me") and not (said or link.fragment):
        return link.path.removeprefix("/").removesuffix("/")
    if link.site not in _SENDERS or link.path not in ("/send", "/send/") or said - _SENT or link.fragment:
        return ""
    return re.sub(r"[\s().-]", "", link.values.get("phone", ""))


# --- Signal -------------------------------------------------------------------------------------------------


def build_signal(signal: Signal) -> str:
    """Write a link to a phone number, or give back the link that Signal itself made of a username.

    That one holds a key under which Signal's servers keep the username (libsignal, "username links"), so it
    cannot be made of the name.
    """
    number, username = signal.number.strip(), signal.username.strip()
    if _SIGNAL_NAME.fullmatch(number):
        number, username = "", username or number
    if number and username:
        raise Refused("A code opens one chat. Leave out the number or the username.", field="username")
    pasted = read_signal(number or username)
    if pasted is not None:
        number, username = pasted.content.number, pasted.content.username
    if not username:
        return f"https://signal.me/#p/{number_of(number)}"
    if pasted is None:
        _refuse_username(username)
    return username


def _refuse_username(username: str) -> None:
    if _SIGNAL_NAME.fullmatch(username):
        raise Refused(
            "Only Signal itself can make a link of a username. In Signal, open Settings, your profile, "
            "“QR code or link”, and send me that link here.",
            field="username",
        )
    raise Refused(
        "This is no link to a Signal username. It looks like https://signal.me/#eu/ and 64 characters.",
        field="username",
    )


def read_signal(text: str) -> Reading[Signal] | None:
    """Read a link to a number or to a username; invitations to groups stay links."""
    match = _SIGNAL.fullmatch(text)
    if match is None:
        return None
    warnings = link_warnings(text) if text[:4].lower() == "http" else ()
    if match["name"]:
        return Reading("signal", Signal(username=f"https://signal.me/#eu/{match['name']}"), warnings)
    number, faults = _checked(unquote(match["number"]), "")
    return Reading("signal", Signal(number), (*warnings, *faults))


# --- FaceTime -----------------------------------------------------------------------------------------------


def build_facetime(facetime: FaceTime) -> str:
    """Write a FaceTime call (Apple URL Scheme Reference, "FaceTime Links")."""
    local, at, domain = _callee(facetime.address).rpartition("@")
    return f"facetime:{quote(local, safe=KEPT)}{at}{domain}"


def _callee(address: str) -> str:
    of = address_of if "@" in address else number_of
    return of(address, field="address")


def read_facetime(text: str) -> Reading[FaceTime] | None:
    """Read a FaceTime call, also one in the form of native apps (``facetime://``) and one of sound alone."""
    match = _FACETIME.fullmatch(text)
    address = unquote(match["address"]) if match is not None else ""
    if match is None or not re.search(r"\S@\S|[0-9]{3}", address):
        return None
    warnings = [Refused("This is a call without a picture.")] if match["sound"] else []
    try:
        address = _callee(address)
    except Refused as refused:
        warnings.append(refused)
    return Reading("facetime", FaceTime(address), tuple(warnings))


WHATSAPP = Kind(
    name="whatsapp",
    label="WhatsApp chat",
    summary="Make a code that opens a WhatsApp chat.",
    example="whatsapp +442079460958 Hello there",
    content=WhatsApp,
    build=build_whatsapp,
    read=read_whatsapp,
    title=lambda whatsapp: whatsapp.number,
)
SIGNAL = Kind(
    name="signal",
    label="Signal chat",
    summary="Make a code that opens a Signal chat.",
    example="signal +442079460958",
    content=Signal,
    build=build_signal,
    read=read_signal,
    title=lambda signal: signal.number or signal.username,
)
FACETIME = Kind(
    name="facetime",
    label="FaceTime call",
    summary="Make a code that starts a FaceTime call.",
    example="facetime ada@example.org",
    content=FaceTime,
    build=build_facetime,
    read=read_facetime,
    title=lambda facetime: facetime.address,
)
