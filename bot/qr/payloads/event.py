"""Calendar events, written (RFC 5545): times in UTC, whole days with an exclusive end, one event a code.

What is written depends on the content alone: the UID is derived from it, and DTSTAMP is the start, since a
builder has no clock and both are required (3.6.1). Contents name moments as ``2027-07-01T16:00:00Z``, days as
``2027-07-01``, the last day of several inclusive, as people do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from bot.qr.payloads.kind import Value
from bot.qr.payloads.lines import escaped
from bot.qr.payloads.payload import without_controls
from bot.qr.refusal import Refused

LONGEST = {
    "summary": 200,
    "location": 200,
    "description": 1_000,
    "uid": 255,
}  # characters; uid: RFC 7986, 5.3
PRODUCT = "-//qr-gen//EN"

_DAY = r"(?:(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})|(?P<dd>\d{1,2})\.(?P<mm>\d{1,2})\.(?P<yy>\d{4}))"
_MOMENT = re.compile(
    rf"{_DAY}(?:(?:[T ]|,\s*)\s*(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a time."""

    summary: Annotated[str, Value("what it is called")]
    start: Annotated[str, Value("when it starts, such as 2027-07-01 18:00")]
    end: Annotated[str, Value("when it ends")] = ""
    timezone: Annotated[str, Value("time zone, such as Europe/Berlin")] = ""
    all_day: Annotated[bool, Value("it takes whole days")] = False
    location: Annotated[str, Value("where it is")] = ""
    description: Annotated[str, Value("description", long=True)] = ""
    uid: Annotated[str, Value("its own id")] = ""


def build_event(event: Event) -> str:
    """Write an event; Refused names the field that will not do."""
    texts = {name: _text(event, name) for name in LONGEST}
    if not texts["summary"]:
        raise Refused("What is it called? Give it a name.", field="summary")
    start, end = _span(event)
    uid = texts["uid"] or f"{_fingerprint(texts, start, end)}@qr-gen"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "BEGIN:VEVENT",
        f"UID:{escaped(uid)}", f"DTSTAMP:{_stamp(start)}", _property("DTSTART", start),
        *([_property("DTEND", end)] if end is not None else []),
        *(f"{name.upper()}:{escaped(text)}" for name, text in texts.items() if text and name != "uid"),
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "\r\n".join(lines)


def _text(event: Event, name: str) -> str:
    value: str = getattr(event, name).strip().replace("\r\n", "\n").replace("\r", "\n")
    if len(value) > LONGEST[name]:
        raise Refused(
            "This is too long: at most {most} characters; this has {count}.",
            field=name,
            most=LONGEST[name],
            count=len(value),
        )
    return without_controls(value, field=name, allowed="" if name == "uid" else "\t\n")


def _fingerprint(texts: dict[str, str], start: date, end: date | None) -> str:
    said = "\n".join((*texts.values(), start.isoformat(), end.isoformat() if end else ""))
    return sha256(said.encode()).hexdigest()[:16]


def _stamp(start: date) -> str:
    return _basic(start) if isinstance(start, datetime) else f"{_basic(start)}T000000Z"


def _property(name: str, value: date) -> str:
    return f"{name}{'' if isinstance(value, datetime) else ';VALUE=DATE'}:{_basic(value)}"


def _basic(value: date) -> str:
    """Write a day, or a moment in UTC (3.3.4, 3.3.5); the year has four digits."""
    return (
        f"{value.year:04}{value:%m%dT%H%M%SZ}"
        if isinstance(value, datetime)
        else f"{value.year:04}{value:%m%d}"
    )


def _span(event: Event) -> tuple[date, date | None]:
    """Settle start and end: moments in UTC, or days with the day after the last (3.6.1).

    An end that is the start is none: DTEND must be later (3.8.2.2), and without it the event ends at once.
    """
    whole = event.all_day or ":" not in event.start
    start = _when(event.start, "start", event.timezone, whole)
    end = _when(event.end, "end", event.timezone, whole) if event.end.strip() else None
    if whole and not event.all_day and ":" in event.end:
        raise Refused("At what time does it start? Write it like this: 2027-07-01 18:00.", field="start")
    if end is not None and end < start:
        raise Refused("It ends before it starts. Please check the two times.", field="end")
    if end is not None and whole:
        return start, _after(end)
    return start, end if end != start else None


def _after(day: date) -> date:
    try:
        return day + timedelta(days=1)
    except OverflowError:
        raise Refused("This day is too far away.", field="end") from None


def _when(text: str, field: str, timezone: str, whole: bool) -> date:
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise Refused("Write the time like this: 2027-07-01 18:00, or a day alone: 2027-07-01.", field=field)
    try:
        day = date(
            int(match["y"] or match["yy"]), int(match["m"] or match["mm"]), int(match["d"] or match["dd"])
        )
        if whole:
            return day
        if match["hour"] is None:
            raise Refused("At what time does it end? Write it like this: 2027-07-01 22:00.", field=field)
        local = datetime(
            day.year, day.month, day.day, int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
        )
        return _in_utc(local, match["zone"] or "", timezone, field)
    except Refused:
        raise
    except (ValueError, OverflowError):
        raise Refused(
            "There is no such day or time: {given}.", field=field, given=text.strip()[:40]
        ) from None


def _in_utc(local: datetime, offset: str, timezone: str, field: str) -> datetime:
    if offset:
        zone = "+00:00" if offset.upper() == "Z" else offset
        return datetime.fromisoformat(f"{local.isoformat()}{zone}").astimezone(UTC)
    zone_info = _zone(timezone)
    both = [local.replace(tzinfo=zone_info, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if both[0] == both[1]:
        return both[0]
    if both[0].astimezone(zone_info).replace(tzinfo=None) != local:
        raise Refused(
            "The clocks go forward that day, so there is no {time}. Please choose another time.",
            field=field,
            time=f"{local:%H:%M}",
        )
    offsets = [f"{each.astimezone(zone_info):%z}" for each in both]
    raise Refused(
        "The clocks go back that day, so {time} comes twice. Add {first} or {second} to say which.",
        field=field,
        time=f"{local:%H:%M}",
        first=f"{offsets[0][:3]}:{offsets[0][3:]}",
        second=f"{offsets[1][:3]}:{offsets[1][3:]}",
    )


def _zone(timezone: str) -> ZoneInfo:
    name = timezone.strip().replace(" ", "_")
    if not name:
        raise Refused(
            "In which time zone? Say for example Europe/Berlin, or set yours once: /settings timezone=…",
            field="timezone",
        )
    known = zone_of(name)
    if known is None:
        raise unknown_zone(timezone)
    return known


def unknown_zone(name: str) -> Refused:
    """Say that no zone has this name."""
    return Refused(
        "I do not know the time zone “{given}”. Say for example Europe/Berlin.",
        field="timezone",
        given=name.strip()[:40],
    )


def zone_of(name: str) -> ZoneInfo | None:
    """Find a time zone by its name in the IANA database, in whatever case."""
    known = _zones().get(name.strip().replace(" ", "_").casefold())
    return ZoneInfo(known) if known else None


@cache
def _zones() -> dict[str, str]:
    """Map the names in lower case to themselves; finding all of them takes 10 ms."""
    return {each.casefold(): each for each in available_timezones()}
