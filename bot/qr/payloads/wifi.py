"""Wi-Fi networks: ``WIFI:T:WPA;S:…;P:…;H:true;;``.

Forms: ZXing wiki "Barcode Contents"; Wi-Fi Alliance, WPA3 Specification, section 7. Values are never
quoted, since quotes break iPhones (QRCoder#440); quoted ones are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.qr.payloads.payload import Payload, without_controls
from bot.qr.refusal import Refused

_HEX = re.compile(r"[0-9A-Fa-f]+")
_FIELD = re.compile(r"([A-Za-z0-9]+):((?:\\.|[^\\;])*);", re.DOTALL)


class Security(StrEnum):
    """How a network is protected."""

    WPA = "WPA"
    WPA3 = "WPA3"
    WEP = "WEP"
    OPEN = "nopass"


@dataclass(frozen=True, slots=True)
class Wifi:
    """A network to join; SSID of at most 32 bytes."""

    ssid: str
    password: str = ""
    security: Security = Security.WPA
    hidden: bool = False


def build_wifi(wifi: Wifi) -> Payload:
    """Build the payload that joins a network; Refused names the field that will not do."""
    _check_ssid(wifi.ssid)
    _check_password(wifi)
    kind = "WPA" if wifi.security is Security.WPA3 else wifi.security.value
    parts = [f"T:{kind};", f"S:{_escape(wifi.ssid)};"]
    if wifi.security is not Security.OPEN:
        parts.append(f"P:{_escape(wifi.password)};")
    if wifi.security is Security.WPA3:
        parts.append("R:1;")
    if wifi.hidden:
        parts.append("H:true;")
    return Payload(f"WIFI:{''.join(parts)};", "wifi")


def _check_ssid(ssid: str) -> None:
    without_controls(ssid, field="ssid")
    if not 1 <= len(ssid.encode()) <= 32:
        raise Refused(
            "A network name has 1 to 32 bytes; this one has {count}.", field="ssid", count=len(ssid.encode())
        )


def _check_password(wifi: Wifi) -> None:
    password = without_controls(wifi.password, field="password")
    length = len(password.encode())
    is_hex = _HEX.fullmatch(password) is not None
    match wifi.security:
        case Security.OPEN:
            if password:
                raise Refused(
                    "An open network has no password. Leave it out, or choose WPA.", field="password"
                )
        case Security.WEP:
            if not (length in (5, 13) or (is_hex and length in (10, 26))):
                raise Refused("A WEP key has 5 or 13 characters, or 10 or 26 hex digits.", field="password")
        case _:
            if not (8 <= length <= 63 or (is_hex and length == 64)):
                raise Refused("A Wi-Fi password has 8 to 63 characters.", field="password")


def _escape(value: str) -> str:
    return re.sub(r'([\\;,":])', r"\\\1", value)


def _unescape(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)


def read_wifi(text: str) -> Wifi | None:
    """Read a network back; also with quoted values, one final semicolon, ``T:SAE``; None where it is none."""
    if text[:5].upper() != "WIFI:":
        return None
    body = text[5:] if text.endswith(";") else text[5:] + ";"
    values = {name.upper(): _unescape(value) for name, value in _FIELD.findall(body)}
    if "S" not in values:
        return None
    return Wifi(values["S"], values.get("P", ""), _security(values), values.get("H", "").lower() == "true")


def _security(values: dict[str, str]) -> Security:
    said = values.get("T", "nopass").upper()
    if said == "SAE" or (said.startswith("WPA") and values.get("R") == "1"):
        return Security.WPA3
    return {"WEP": Security.WEP, "NOPASS": Security.OPEN, "": Security.OPEN}.get(said, Security.WPA)
