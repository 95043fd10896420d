"""Places: ``geo:`` of RFC 5870, and the address of Apple's map, which any browser opens.

Labels: Android, "Common intents", geo:0,0?q=lat,lng(label); Apple, "Map Links" (Apple URL Scheme
Reference), whose ``ll`` is a pin where ``q`` names it. The newer ``/place?coordinate=`` (MapKit, "Adopting
unified Maps URLs") needs iOS 18.4, so it is read but not written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from urllib.parse import parse_qsl, quote

from bot.qr.payloads.angles import coordinates_of, trimmed
from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

_LONGEST_LABEL = 200  # characters; a map shows about forty
_NUMBER = r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,20})?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")
_PIN = re.compile(rf"\s*(?:loc:)?({_NUMBER})\s*,\s*({_NUMBER})\s*(?:\((.*)\)\s*)?", re.DOTALL)
_GEO = re.compile(
    rf"geo:\s*(?P<latitude>{_NUMBER})\s*,\s*(?P<longitude>{_NUMBER})\s*(?:,\s*(?P<altitude>{_NUMBER})\s*)?"
    r"(?P<parameters>;[^?]*)?(?:\?(?P<query>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_MAP = re.compile(r"https?://(?P<where>[^?#\s]*)\?(?P<query>[^#\s]*)", re.IGNORECASE)
# Where maps are; which of their parameters says the coordinates, which a name; what else changes no place.
_MAPS: dict[str, tuple[str, str, frozenset[str]]] = {
    "maps.apple.com": ("ll", "q", frozenset({"z", "t"})),
    "maps.apple.com/place": ("coordinate", "name", frozenset({"map"})),
    "www.google.com/maps/search": ("query", "", frozenset({"api"})),
    "maps.google.com": ("q", "", frozenset({"z"})),
    "maps.google.com/maps": ("q", "", frozenset({"z"})),
}


class Form(StrEnum):
    """How a place is written: ``geo:``, which phones open themselves, or the address of a map."""

    GEO = "geo"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Place:
    """A place on earth: degrees and metres of WGS 84."""

    latitude: Annotated[Decimal, Value("latitude")]
    longitude: Annotated[Decimal, Value("longitude")]
    label: Annotated[str, Value("name of the place", rest=True)] = ""
    altitude: Annotated[Decimal | None, Value("altitude in metres")] = None
    form: Annotated[Form, Value("form of the code", quiet=True)] = Form.GEO


def build_place(place: Place) -> str:
    """Write a place; Refused names the field that will not do."""
    where = _written(place)
    label = without_controls(place.label.strip(), field="label")
    if len(label) > _LONGEST_LABEL:
        raise Refused(
            "The name of a place has at most {most} characters; this one has {count}.",
            field="label",
            most=_LONGEST_LABEL,
            count=len(label),
        )
    _check_altitude(place)
    if place.form is Form.MAP:
        # Without a q the map is only moved there, and nothing marks the place.
        return f"https://maps.apple.com/?ll={where}&q={quote(label, safe='') if label else where}"
    height = f",{trimmed(place.altitude, 2)}" if place.altitude is not None else ""
    pin = f"?q={where}({quote(label, safe='')})" if label and label != where else ""
    return f"geo:{where}{height}{pin}"


def _written(place: Place) -> str:
    """Write the coordinates, six decimals at most: those are 11 cm, less than any phone can tell.

    At a pole the longitude is 0 (RFC 5870, 3.4.2).
    """
    _check_angles(place)
    latitude = trimmed(place.latitude)
    pole = latitude in ("90", "-90")
    return f"{latitude},{'0' if pole else trimmed(place.longitude)}"


def _is_number(value: object, most: int) -> bool:
    # copy_abs, unlike abs, does not round, so that no number of any size can fail here.
    return isinstance(value, Decimal) and value.is_finite() and value.copy_abs() <= most


def _check_angles(place: Place) -> None:
    if not _is_number(place.latitude, 90):
        raise Refused("A latitude is a number from -90 to 90 degrees, for example 48.8584.", field="latitude")
    if not _is_number(place.longitude, 180):
        raise Refused(
            "A longitude is a number from -180 to 180 degrees, for example 2.2945.", field="longitude"
        )


def _check_altitude(place: Place) -> None:
    if place.altitude is None:
        return
    if not _is_number(place.altitude, 100_000):
        raise Refused("An altitude is a number from -100000 to 100000 metres.", field="altitude")
    if place.form is Form.MAP:
        raise Refused(
            "The address of a map has no altitude. Leave it out, or choose the form geo.", field="altitude"
        )


def read_place(text: str) -> Reading[Place] | None:
    """Read a place back: geo:, Apple's map; Google's only where it is exactly coordinates."""
    match = _GEO.fullmatch(text)
    if match is not None:
        return _read_geo(match)
    match = _MAP.fullmatch(text)
    return _read_map(match) if match is not None else None


def _read_geo(match: re.Match[str]) -> Reading[Place] | None:
    parameters = _parameters(match["parameters"] or "")
    # In another coordinate system the numbers mean another place (RFC 5870, 3.4.1).
    if parameters.get("crs", "wgs84").lower() != "wgs84":
        return None
    altitude = _plain(match["altitude"]) if match["altitude"] else None
    base = (_plain(match["latitude"]), _plain(match["longitude"]))
    asked = dict(_query(match["query"] or "")).get("q", "")
    pin = _PIN.fullmatch(asked)
    if pin is None:
        # Android searches here; around 0,0 it searches everywhere, which is no place.
        return None if asked and not any(base) else _reading(Place(*base, asked.strip(), altitude), ())
    place = Place(_plain(pin[1]), _plain(pin[2]), (pin[3] or "").strip(), altitude)
    other = any(base) and (place.latitude, place.longitude) != base
    return _reading(place, (_two_places(place),) if other else ())


def _two_places(place: Place) -> Refused:
    return Refused(
        "This code names two places; Android shows {latitude}, {longitude}.",
        latitude=f"{place.latitude:f}",
        longitude=f"{place.longitude:f}",
    )


def _parameters(text: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _query(text: str) -> list[tuple[str, str]]:
    """Take a query apart; a ``+`` is a space in it, as Android's and the maps' own examples write it."""
    return [(name.lower(), value) for name, value in parse_qsl(text, keep_blank_values=True)]


def _read_map(match: re.Match[str]) -> Reading[Place] | None:
    known = _MAPS.get(match["where"].lower().rstrip("/"))
    if known is None:
        return None
    key, name, harmless = known
    values = dict(_query(match["query"]))
    pair = _PAIR.fullmatch(values.get(key, ""))
    if pair is None or not values.keys() <= {key, name} | harmless:
        return None
    label = values.get(name, "").strip()
    if label == values[key].strip():  # names nothing, only marks the place
        label = ""
    return _reading(Place(_plain(pair[1]), _plain(pair[2]), label, form=Form.MAP), ())


def _plain(number: str) -> Decimal:
    return Decimal(trimmed(Decimal(number), 20))


def _reading(place: Place, warnings: tuple[Refused, ...]) -> Reading[Place]:
    try:
        build_place(place)
    except Refused as refused:
        warnings = (*warnings, refused)
    return Reading("place", place, warnings)


PLACE = Kind(
    name="place",
    label="Place",
    summary="Make a code that shows a place on the map.",
    example="place 48.8584 2.2945",
    content=Place,
    build=build_place,
    read=read_place,
    title=lambda place: place.label or f"{place.latitude:f}, {place.longitude:f}",
    group="make",
)
__all__ = ["PLACE", "Form", "Place", "build_place", "coordinates_of", "read_place"]
