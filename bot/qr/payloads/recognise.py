"""What a pasted text is meant as: an address, a number, coordinates, an account, a network in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.qr.payloads.coins import coin_of
from bot.qr.payloads.mail import address_of
from bot.qr.payloads.payments.iban import iban_of
from bot.qr.payloads.phone import number_of
from bot.qr.payloads.place import coordinates_of
from bot.qr.payloads.web import domain_like, sure_domain
from bot.qr.refusal import Refused

LONGEST = 1_000  # characters of a text that is looked at; longer ones are what they are

_WEB = re.compile(r"https?://\S+", re.IGNORECASE)
_DOMAIN = re.compile(r"[^\s@:/?#]+\.[^\s@:/?#]+(:\d+)?([/?#]\S*)?")
_PHONE = re.compile(r"(\+|00)[\d\s().\-/]{6,24}", re.ASCII)
_IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30})", re.IGNORECASE)
_AMOUNT = re.compile(r"(?:€|EUR)\s*(\d+(?:[.,]\d{1,2})?)|(\d+(?:[.,]\d{1,2})?)\s*(?:€|EUR)", re.IGNORECASE)
# What networks and their keys are called on notes in the languages the bot speaks.
_NETWORK = (
    r"(?:wi-?fi|wlan|ssid|network|netzwerk|netz|red|réseau|reseau|nom du réseau)(?:[ -]?(?:name|nombre))?"
)
_KEY = (
    r"(?:password|passphrase|passcode|pass|pw|key|passwort|kennwort|schlüssel|contraseña|clave"
    r"|mot de passe|mdp|clé)"
)
# Spaces are counted, so that no text of spaces makes a search long.
_NAMED = re.compile(rf"\s{{0,8}}{_NETWORK}\s{{0,8}}[:=]", re.IGNORECASE)
_KEYED = re.compile(rf"(?:[\n,;/|]|\s\s)\s{{0,8}}(?:wi-?fi[ -]?|wlan-?)?{_KEY}\s{{0,8}}[:=]", re.IGNORECASE)
# The same in any order and as loosely written as people do; a word for more than networks needs its colon.
_ANY_NETWORK = re.compile(rf"wi-?fi|wlan|ssid|\b{_NETWORK}\s{{0,8}}[:=：]", re.IGNORECASE)
_ANY_KEY = re.compile(rf"{_KEY}\s{{0,8}}[:=：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a text is meant as: a kind, its values as they would be typed, and whether that is sure."""

    kind: str
    values: Mapping[str, str]
    sure: bool = True


def recognise(text: str) -> Recognised | None:
    """Tell what a whole text is meant as beyond being a text; None where it is nothing else.

    Finished payloads (``WIFI:…``, ``BEGIN:VCARD`` …) are not recognised here: they are made as they stand.
    """
    bare = text.strip()
    if not bare or len(bare) > LONGEST:
        return None
    return next((found for look in _LOOKS if (found := look(bare)) is not None), None)


def with_key(text: str) -> bool:
    """Tell whether a network's key stands in a text, or may with the next letter, however it is written."""
    return bool(_ANY_NETWORK.search(text) and _ANY_KEY.search(text))


def _web(text: str) -> Recognised | None:
    if _WEB.fullmatch(text):
        return Recognised("url", {"url": text})
    if _DOMAIN.fullmatch(text) and domain_like(text):
        return Recognised("url", {"url": text}, sure_domain(text))
    links = _WEB.findall(text)
    return Recognised("url", {"url": links[0]}, sure=False) if len(links) == 1 else None


def _mail(text: str) -> Recognised | None:
    return Recognised("email", {"to": text}) if "@" in text and _valid(address_of, text) else None


def _phone(text: str) -> Recognised | None:
    if not _PHONE.fullmatch(text) or not _valid(number_of, text):
        return None
    return Recognised("phone", {"number": text}, text.startswith("+"))


def _place(text: str) -> Recognised | None:
    found = coordinates_of(text)
    if found is None:
        return None
    values = {"latitude": f"{found.latitude:f}", "longitude": f"{found.longitude:f}"}
    return Recognised("place", values, found.sure)


def _coin(text: str) -> Recognised | None:
    kind = coin_of(text)
    if kind is None:
        return None
    return Recognised(kind, {"invoice" if kind == "lightning" else "address": text})


def _payment(text: str) -> Recognised | None:
    """An IBAN, with or without an amount and a name around it: never sure, since a payment needs a name."""
    match = _IBAN.search(text)
    iban = _first_iban(match[1]) if match is not None else ""
    if match is None or not iban:
        return None
    after = match[1][_length(match[1], iban) :] + text[match.end() :]
    around = f"{text[: match.start()]}\n{after}"
    amount = _AMOUNT.search(around)
    values = {"iban": iban}
    if amount is not None:
        values["amount"] = amount[1] or amount[2]
        around = around.replace(amount[0], "\n", 1)
    name = max((line.strip(" ,;:-\t") for line in re.split(r"[\n,;]", around)), key=len)
    if re.fullmatch(r"[^\d:]{3,70}", name) and not re.fullmatch(r"(?i)iban|konto|account", name):
        values["name"] = name
    return Recognised("epc", values, sure=False)


def _first_iban(text: str) -> str:
    """Find where an account ends that other words may follow: the longest start whose check digits match."""
    words = text.split(" ")
    for count in range(len(words), 0, -1):
        joined = "".join(words[:count])
        if _valid(iban_of, joined):
            return joined.upper()
    return ""


def _length(text: str, iban: str) -> int:
    """Count the characters of a text that an account takes, its spaces with it."""
    seen = 0
    for at, character in enumerate(text):
        seen += character != " "
        if seen == len(iban):
            return at + 1
    return len(text)


def _network(text: str) -> Recognised | None:
    """A network's name and key as people write them on a note, each behind what it is called."""
    named = _NAMED.match(text)
    keyed = _KEYED.search(text, named.end()) if named is not None else None
    if named is None or keyed is None:
        return None
    ssid, password = text[named.end() : keyed.start()].strip(), text[keyed.end() :].strip()
    if not ssid or not password or "\n" in ssid + password:
        return None
    return Recognised("wifi", {"ssid": ssid, "password": password})


def _valid(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except Refused:
        return False
    return True


_LOOKS: tuple[Callable[[str], Recognised | None], ...] = (
    _coin, _mail, _place, _phone, _network, _payment, _web,
)  # fmt: skip
