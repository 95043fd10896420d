"""Wi-Fi networks: ``WIFI:T:WPA;S:…;P:…;H:true;;``.

Forms: ZXing wiki "Barcode Contents"; Wi-Fi Alliance, WPA3 Specification, section 7, which spells ``T:WPA``
with ``R:1`` where only WPA3 will do. Values are never quoted, since quotes break iPhones (QRCoder#440);
quoted ones are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.lines import cut
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

LONGEST = 128  # characters of an identity

_HEX = re.compile(r"[0-9A-Fa-f]+")
_QUOTED = re.compile(r'"((?:\\.|[^\\])*)"', re.DOTALL)
_KNOWN = frozenset({"T", "S", "P", "H", "R"})  # of every network
_ENTERPRISE = frozenset({"E", "PH2", "I", "A"})
_OPEN = frozenset({"", "NOPASS", "NONE", "OPEN", "OWE"})  # OWE: encrypted, but without a key

E = TypeVar("E", bound=StrEnum)


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
    PWD = "PWD"  # noqa: S105 - a method's name (RFC 5931)
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
    if wifi.security is Security.EAP:
        return
    given = {
        "identity": wifi.identity,
        "anonymous_identity": wifi.anonymous_identity,
        "eap_method": wifi.eap_method is not Method.PEAP,
        "phase2": wifi.phase2 is not Phase2.NONE,
    }
    for field in (name for name, value in given.items() if value):
        raise Refused(
            "This belongs to an enterprise network. Choose the encryption EAP, or leave it out.", field=field
        )


def _escape(value: str) -> str:
    return re.sub(r'([\\;,":])', r"\\\1", value)


def _unescape(value: str) -> str:
    """Take escapes off, and quotes that some writers put around; an escaped quote is part of the value."""
    quoted = _QUOTED.fullmatch(value)
    return re.sub(r"\\(.)", r"\1", quoted[1] if quoted else value, flags=re.DOTALL)


def read_wifi(text: str) -> Reading[Wifi] | None:
    """Read a network back; also with quoted values, one final semicolon or none, ``T:SAE``; else None."""
    values = _values(text[5:]) if text[:5].upper() == "WIFI:" else {}
    if not values.get("S"):
        return None
    security = _security(values)
    enterprise = security is Security.EAP
    asked = values if enterprise else {}  # elsewhere, I is the id of an SAE password
    method, phase2 = _named(Method, asked.get("E", "")), _named(Phase2, _phase2(asked))
    wifi = Wifi(
        values["S"],
        values.get("P", ""),
        security,
        values.get("H", "").lower() == "true",
        method or Method.PEAP,
        phase2 or Phase2.NONE,
        asked.get("I", ""),
        asked.get("A", ""),
    )
    used = _KNOWN | (_ENTERPRISE if enterprise else {"E"})
    left = [f"{name}:{value}" for name, value in values.items() if value and name not in used]
    left += [f"E:{asked['E']}"] if asked.get("E") and method is None else []
    left += [f"PH2:{_phase2(asked)}"] if _phase2(asked) and phase2 is None else []
    return Reading("wifi", wifi, (*_faults(wifi), *map(_left_out, left)))


def _values(body: str) -> dict[str, str]:
    """Cut a network into its fields; the first of a name counts."""
    values: dict[str, str] = {}
    for part in cut(body, ";"):
        name, colon, value = part.partition(":")
        if colon and name.strip().isalnum():
            values.setdefault(name.strip().upper(), _unescape(value))
    return values


def _phase2(values: dict[str, str]) -> str:
    """Find the inner method, which was once said in H (ZXing, WifiResultParser)."""
    hidden = values.get("H", "")
    return values.get("PH2") or ("" if hidden.lower() in ("true", "false") else hidden)


def _named(kind: type[E], text: str) -> E | None:
    return next((each for each in kind if each.value.upper() == text.upper()), None)


def _faults(wifi: Wifi) -> tuple[Refused, ...]:
    """Say what no phone could join."""
    try:
        build_wifi(wifi)
    except Refused as refused:
        return (refused,)
    return ()


def _left_out(said: str) -> Refused:
    return Refused("It also says {name}, which I left out.", name=said[:60])


def _security(values: dict[str, str]) -> Security:
    said = values.get("T", "").upper()
    if "EAP" in said or (values.get("E") and said not in ("WEP", "NOPASS")):
        return Security.EAP
    if said in ("SAE", "WPA3") or (said.startswith("WPA") and _only_wpa3(values.get("R", ""))):
        return Security.WPA3
    return Security.OPEN if said in _OPEN else _named(Security, said) or Security.WPA


def _only_wpa3(flags: str) -> bool:
    """Read the lowest bit of "transition disable": WPA3-Personal alone (WPA3 Specification, 7 and 8)."""
    return bool(re.fullmatch(r"[0-9A-Fa-f]{1,8}", flags)) and int(flags, 16) & 1 == 1


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
