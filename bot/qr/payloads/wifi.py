"""Wi-Fi networks: ``WIFI:T:WPA;S:…;P:…;H:true;;``.

Forms: ZXing wiki "Barcode Contents"; Wi-Fi Alliance, WPA3 Specification, section 7. Values are never
quoted, since quotes break iPhones (QRCoder#440); quoted ones are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

LONGEST = 128  # characters of an identity

_HEX = re.compile(r"[0-9A-Fa-f]+")
_FIELD = re.compile(r"([A-Za-z0-9]+):((?:\\.|[^\\;])*)(?:;|$)", re.DOTALL)


class Security(StrEnum):
    """How a network is protected."""

    WPA = "WPA"
    WPA3 = "WPA3"
    WEP = "WEP"
    OPEN = "nopass"
    EAP = "EAP"


class Method(StrEnum):
    """How an enterprise network knows people (IANA, EAP Registry)."""

    PEAP = "PEAP"
    TTLS = "TTLS"
    TLS = "TLS"
    PWD = "PWD"
    FAST = "FAST"


class Phase2(StrEnum):
    """What an enterprise network asks inside the tunnel."""

    NONE = "none"
    MSCHAPV2 = "MSCHAPV2"
    MSCHAP = "MSCHAP"
    PAP = "PAP"
    GTC = "GTC"


@dataclass(frozen=True, slots=True)
class Wifi:
    """A network to join; SSID of at most 32 bytes."""

    ssid: Annotated[str, Value("network name")]
    password: Annotated[
        str, Value("network key", secret=True, offers=(("security=nopass", "It is an open network"),))
    ] = ""
    security: Annotated[Security, Value("encryption")] = Security.WPA
    hidden: Annotated[bool, Value("the network does not announce itself")] = False
    eap_method: Annotated[Method, Value("method of an enterprise network (EAP)", named=True, quiet=True)] = (
        Method.PEAP
    )
    phase2: Annotated[Phase2, Value("inner method (phase 2)", named=True, quiet=True)] = Phase2.NONE
    identity: Annotated[str, Value("user name (EAP)", named=True)] = ""
    anonymous_identity: Annotated[str, Value("outer user name (EAP)", named=True)] = ""


def build_wifi(wifi: Wifi) -> str:
    """Write what joins a network; Refused names the field that will not do."""
    _check_ssid(wifi.ssid)
    _check_password(wifi)
    _check_enterprise(wifi)
    kind = {Security.WPA3: "WPA", Security.EAP: "WPA2-EAP"}.get(wifi.security, wifi.security.value)
    fields = [("T", kind), ("S", wifi.ssid)]
    if wifi.security is Security.EAP:
        inner = "" if wifi.phase2 is Phase2.NONE else wifi.phase2.value
        fields += [
            ("E", wifi.eap_method.value), ("PH2", inner), ("A", wifi.anonymous_identity), ("I", wifi.identity)
        ]  # fmt: skip
    fields += [
        ("P", wifi.password),
        ("R", "1" if wifi.security is Security.WPA3 else ""),
        ("H", "true" if wifi.hidden else ""),
    ]
    return f"WIFI:{''.join(f'{name}:{_escape(value)};' for name, value in fields if value)};"


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
        case Security.EAP:
            if length > LONGEST:
                raise Refused("A password has at most {most} bytes.", field="password", most=LONGEST)
        case _:
            if not (8 <= length <= 63 or (is_hex and length == 64)):
                raise Refused("A Wi-Fi password has 8 to 63 characters.", field="password")


def _check_enterprise(wifi: Wifi) -> None:
    for field, value in (("identity", wifi.identity), ("anonymous_identity", wifi.anonymous_identity)):
        without_controls(value, field=field)
        if len(value) > LONGEST:
            raise Refused("A user name has at most {most} characters.", field=field, most=LONGEST)
        if value and wifi.security is not Security.EAP:
            raise Refused(
                "A user name belongs to an enterprise network. Choose the encryption EAP, or leave it out.",
                field=field,
            )


def _escape(value: str) -> str:
    return re.sub(r'([\\;,":])', r"\\\1", value)


def _unescape(value: str) -> str:
    """Take escapes off, and the quotes that some writers put around; an escaped quote is part of the value."""
    if len(value) > 1 and value[0] == value[-1] == '"' and not value.endswith('\\"'):
        value = value[1:-1]
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)


def read_wifi(text: str) -> Reading[Wifi] | None:
    """Read a network back; also with quoted values, one final semicolon or none, ``T:SAE``; else None."""
    if text[:5].upper() != "WIFI:":
        return None
    values = {name.upper(): _unescape(value) for name, value in reversed(_FIELD.findall(text[5:]))}
    if not values.get("S"):
        return None
    security = _security(values)
    enterprise = security is Security.EAP
    wifi = Wifi(
        values["S"],
        values.get("P", ""),
        security,
        values.get("H", "").lower() == "true",
        _named(Method, values.get("E", ""), Method.PEAP) if enterprise else Method.PEAP,
        _named(Phase2, values.get("PH2", ""), Phase2.NONE) if enterprise else Phase2.NONE,
        values.get("I", "") if enterprise else "",  # elsewhere it is the id of an SAE password
        values.get("A", "") if enterprise else "",
    )
    return Reading("wifi", wifi)


def _named(kind: type[StrEnum], text: str, default: StrEnum) -> StrEnum:
    return next((each for each in kind if each.value.upper() == text.upper()), default)


def _security(values: dict[str, str]) -> Security:
    said = values.get("T", "").upper()
    if "EAP" in said or (values.get("E") and said not in ("WEP", "NOPASS")):
        return Security.EAP
    if said in ("SAE", "WPA3") or (said.startswith("WPA") and values.get("R") == "1"):
        return Security.WPA3
    return {"WEP": Security.WEP, "NOPASS": Security.OPEN, "": Security.OPEN}.get(said, Security.WPA)


WIFI = Kind(
    name="wifi",
    label="Wi-Fi",
    summary="Make a code that joins a Wi-Fi network.",
    example='wifi "Guest network" s3cret-pass',
    content=Wifi,
    build=build_wifi,
    read=read_wifi,
    title=lambda wifi: wifi.ssid,
    group="make",
    secret=True,
)
