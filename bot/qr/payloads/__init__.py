"""What a code says: one module a family, each building text from values and reading text back to values."""

from __future__ import annotations

from typing import Any

from bot.qr.payloads.chats import FACETIME, SIGNAL, WHATSAPP
from bot.qr.payloads.coins import BITCOIN, LIGHTNING, LITECOIN, MONERO
from bot.qr.payloads.contact_reader import CONTACT
from bot.qr.payloads.ethereum import ETHEREUM
from bot.qr.payloads.event_reader import EVENT
from bot.qr.payloads.gs1 import GS1
from bot.qr.payloads.kind import Kind, Reading
from bot.qr.payloads.mail import EMAIL
from bot.qr.payloads.otp import OTP
from bot.qr.payloads.payload import Level, Payload, Rules
from bot.qr.payloads.payments.emvco import EMVCO
from bot.qr.payloads.payments.epc import EPC
from bot.qr.payloads.payments.paynow import PAYNOW
from bot.qr.payloads.payments.pix import PIX
from bot.qr.payloads.payments.promptpay import PROMPTPAY
from bot.qr.payloads.payments.spayd import SPAYD
from bot.qr.payloads.payments.st00012 import ST00012
from bot.qr.payloads.payments.swiss import SWISS
from bot.qr.payloads.payments.upi import UPI
from bot.qr.payloads.payments.upnqr import UPNQR
from bot.qr.payloads.payments.vietqr import VIETQR
from bot.qr.payloads.phone import PHONE, SMS
from bot.qr.payloads.place import PLACE
from bot.qr.payloads.profiles import SOCIAL
from bot.qr.payloads.stores import APP
from bot.qr.payloads.telegram import TELEGRAM
from bot.qr.payloads.text import RAW, TEXT, Text, build_text
from bot.qr.payloads.web import URL
from bot.qr.payloads.wifi import WIFI

# In the order of the help.
_ALL: tuple[Kind[Any], ...] = (
    TEXT, URL, WIFI, CONTACT, EVENT, PLACE, EMAIL, PHONE, SMS, OTP,
    WHATSAPP, TELEGRAM, SIGNAL, FACETIME, APP, SOCIAL, GS1, RAW,
    EPC, SWISS, PIX, UPI, SPAYD, UPNQR, ST00012, VIETQR, PROMPTPAY, PAYNOW, EMVCO,
    BITCOIN, LIGHTNING, LITECOIN, MONERO, ETHEREUM,
)  # fmt: skip
KINDS = {kind.name: kind for kind in _ALL}
_READERS = (*(kind for kind in _ALL if kind not in (TEXT, URL)), URL)  # a link may be of a more special kind


def interpret(text: str) -> Reading[Any]:
    """Take a text apart by what it turns out to be; a text where it is nothing else."""
    readings = (kind.read(text) for kind in _READERS)
    return next((reading for reading in readings if reading is not None), Reading("text", Text(text)))


def payload_of(text: str) -> Payload:
    """Make a payload of a finished text: of the kind it turns out to be, with that kind's rules.

    A text alone where the kind's charset does not hold it. Space around a secret is no part of it, and must
    not make a text of it, which everybody sees.
    """
    build_text(Text(text))
    bare = text.strip()
    text = bare if KINDS[interpret(bare).kind].secret else text
    kind = KINDS[interpret(text).kind]
    try:
        text.encode(kind.rules.charset)
    except UnicodeEncodeError:
        kind = TEXT
    return Payload(text, kind.name, kind.rules)


__all__ = ["KINDS", "Kind", "Level", "Payload", "Reading", "Rules", "interpret", "payload_of"]
