"""Calendar events, read: from codes, from calendars' files; and the kind they are (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.qr.payloads.event import LONGEST, Event, build_event, unknown_zone, zone_of
from bot.qr.payloads.kind import Kind, Reading
from bot.qr.payloads.lines import Line, content_lines, unescaped
from bot.qr.refusal import Refused

_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?", re.ASCII | re.IGNORECASE)
_DURATION = re.compile(
    r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII | re.IGNORECASE
)
_BEGIN = re.compile(r"[\s\ufeff]*BEGIN:(VCALENDAR|VEVENT)\s*[\r\n]", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_event(text: str) -> Reading[Event] | None:
    """Read the first event of a calendar, or one alone; None where the text is none."""
    if not _BEGIN.match(text):
        return None
    held, count = _first_event(list(content_lines(text)))
    if "DTSTART" not in held:
        return None
    start, all_day = _moment(held["DTSTART"])
    event = Event(
        summary=_said(held, "SUMMARY"),
        start=start,
        end=_end(held, start, all_day),
        all_day=all_day,
        location=_said(held, "LOCATION"),
        description=_said(held, "DESCRIPTION"),
        uid=_said(held, "UID"),
    )
    repeated = "RRULE" in held or "RDATE" in held
    return Reading("event", event, (*_worth_saying(count, repeated), *_zone_fault(held), *_faults(event)))


def _first_event(lines: list[Line]) -> tuple[dict[str, Line], int]:
    """Gather the properties of the first event, not those of its alarms; and count the events."""
    held: dict[str, Line] = {}
    inside: list[str] = []
    count = 0
    for line in lines:
        if line.name == "BEGIN":
            inside.append(line.value.strip().upper())
            count += inside[-1] == "VEVENT"
        elif line.name == "END":
            inside = inside[:-1]
        elif inside[-1:] == ["VEVENT"] and count == 1:
            held.setdefault(line.name, line)
    return held, count


def _worth_saying(count: int, repeated: bool) -> Iterator[Refused]:
    if count > 1:
        yield Refused("There are several events here; this is the first.")
    if repeated:
        yield Refused("This event is repeated; only its first time is taken.")


def _zone_fault(held: dict[str, Line]) -> Iterator[Refused]:
    """Say where a time is in a zone that nobody knows; it is taken as UTC."""
    match = _BASIC.fullmatch(held["DTSTART"].value.strip())
    if match is None or match[4] is None or match[7] is not None:
        return
    name = held["DTSTART"].parameters.get("TZID", "")
    if not name:
        yield _floating()
    elif _zone_named(name) is None:
        yield unknown_zone(name)


def _floating() -> Refused:
    return Refused("This event names no time zone; its times are taken as UTC.")


def _faults(event: Event) -> Iterator[Refused]:
    """Say what no calendar could place; a name is asked for only where one is made."""
    try:
        build_event(event if event.summary else replace(event, summary="?"))
    except Refused as refused:
        yield refused


def _said(held: dict[str, Line], name: str) -> str:
    return _plain(unescaped(held[name].value)) if name in held else ""


def _plain(text: str) -> str:
    return text.strip().replace("\r\n", "\n").replace("\r", "\n")


def _moment(line: Line) -> tuple[str, bool]:
    """Read a time: as ISO text in UTC, and whether it is a whole day; as it stands where it is neither."""
    said = line.value.strip()
    match = _BASIC.fullmatch(said)
    if match is None:
        return said, False
    if match[4] is None:
        return f"{match[1]}-{match[2]}-{match[3]}", True
    zone = None if match[7] is not None else _zone_named(line.parameters.get("TZID", ""))
    try:
        year, month, day, hour, minute, second = (int(each) for each in match.groups()[:6])
        local = datetime(year, month, day, hour, minute, second, tzinfo=zone or UTC)
        return _iso(local.astimezone(UTC)), False
    except (ValueError, OverflowError):
        return said, False


def _zone_named(name: str) -> ZoneInfo | None:
    """Find a zone by what calendars call it: by IANA, by IANA behind a maker's prefix, or by Windows."""
    pieces = name.strip().strip("/").split("/")
    tails = ("/".join(pieces[at:]) for at in range(len(pieces)))
    found = next((zone for zone in map(zone_of, tails) if zone is not None), None)
    if found is not None or not name:
        return found
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415 - 60 ms, and rare

    return zone_of(WINDOWS_TO_OLSON.get(name.strip(), ""))


def _iso(moment: datetime) -> str:
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%SZ}"


def _end(held: dict[str, Line], start: str, all_day: bool) -> str:
    """Read the end; the last day of several. One that is written as the first day itself is the first day."""
    if "DTEND" in held:
        end, whole_end = _moment(held["DTEND"])
        return (
            max(start, _shifted(end, timedelta(days=-1))) if all_day and whole_end and end >= start else end
        )
    match = _DURATION.fullmatch(held["DURATION"].value.strip()) if "DURATION" in held else None
    if match is None:
        return ""
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
    try:
        length = timedelta(weeks=weeks, days=days - all_day, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return ""
    return _shifted(start, length)


def _shifted(text: str, by: timedelta) -> str:
    try:
        if "T" in text:
            return _iso(datetime.fromisoformat(text.replace("Z", "+00:00")) + by)
        return (date.fromisoformat(text) + by).isoformat()
    except (ValueError, OverflowError):
        return text


# --- files from calendars -----------------------------------------------------------------------------------


def event_of_file(data: bytes) -> Reading[Event] | None:
    """Read the first event of an ``.ics`` file, with the zones of calendars; None where there is none.

    Texts that are too long for a symbol are shortened, since nobody would type them again.
    """
    from icalendar import Calendar  # noqa: PLC0415 - 60 ms, wanted when a file comes

    try:
        found = [
            each for calendar in Calendar.from_ical(data, multiple=True) for each in calendar.walk("VEVENT")
        ]
        if not found:
            return None
        event, floating = _of_file(found[0])
    except Exception:  # whatever a broken file makes of a library's own parsers
        return None
    texts = {name: getattr(event, name) for name in LONGEST}
    short = {name: text[: LONGEST[name]].strip() for name, text in texts.items()}
    short["uid"] = short["uid"] if short["uid"] == texts["uid"] else ""  # half an id is none
    warnings = [*_worth_saying(len(found), bool(found[0].get("RRULE") or found[0].get("RDATE")))]
    warnings += [_floating()] if floating else []
    if {**short, "uid": ""} != {**texts, "uid": ""}:
        warnings.append(Refused("Some of its text was too long, so I shortened it."))
    event = replace(event, **short)
    return Reading("event", event, (*warnings, *_faults(event)))


def _of_file(found: Any) -> tuple[Event, bool]:
    """Take an event of icalendar's apart, and tell whether its times are without a zone."""
    start, end = found.start, found.end if ("DTEND" in found or "DURATION" in found) else None
    whole = not isinstance(start, datetime)
    if whole and end is not None and not isinstance(end, datetime):
        end = max(start, end - timedelta(days=1))
    texts = {}
    for name in LONGEST:
        said = found.get(name.upper(), "")
        texts[name] = _CONTROLS.sub("", _plain(str(said[0] if isinstance(said, list) else said)))
    event = Event(start=_file_time(start), end=_file_time(end), all_day=whole, **texts)
    return event, isinstance(start, datetime) and start.tzinfo is None


def _file_time(value: date | None) -> str:
    if not isinstance(value, datetime):
        return value.isoformat() if value is not None else ""
    return _iso(value.astimezone(UTC) if value.tzinfo is not None else value.replace(tzinfo=UTC))


EVENT = Kind(
    name="event",
    label="Event",
    summary="Make a code that puts an event into the calendar.",
    example='event "Summer party" "2027-07-01 18:00" timezone=Europe/Berlin',
    content=Event,
    build=build_event,
    read=read_event,
    title=lambda event: event.summary,
    group="make",
)
