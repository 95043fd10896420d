"""Calendar events, read: from codes, from calendars' files; and the kind they are (RFC 5545)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.qr.payloads.happening import LONGEST, Event, build_event
from bot.qr.payloads.kind import Kind, Reading
from bot.qr.payloads.lines import Line, content_lines, unescaped
from bot.qr.refusal import Refused

_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?", re.ASCII)
_DURATION = re.compile(r"\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)


def read_event(text: str) -> Reading[Event] | None:
    """Read the first event of a calendar, or one alone; None where the text is none."""
    if not re.match(r"\s*BEGIN:(VCALENDAR|VEVENT)\b", text, re.IGNORECASE):
        return None
    held, count = _first_event(list(content_lines(text)))
    if "DTSTART" not in held:
        return None
    start, all_day, floating = _moment(held["DTSTART"])
    event = Event(
        summary=_said(held, "SUMMARY"),
        start=start,
        end=_end(held, start, all_day),
        all_day=all_day,
        location=_said(held, "LOCATION"),
        description=_said(held, "DESCRIPTION"),
        uid=_said(held, "UID"),
    )
    return Reading("event", event, tuple(_worth_saying(held, count, floating)))


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


def _worth_saying(held: dict[str, Line], count: int, floating: bool) -> list[Refused]:
    found = []
    if count > 1:
        found.append(Refused("There are several events here; this is the first."))
    if "RRULE" in held or "RDATE" in held:
        found.append(Refused("This event is repeated; only its first time is taken."))
    if floating:
        found.append(Refused("This event names no time zone; its times are taken as UTC."))
    return found


def _said(held: dict[str, Line], name: str) -> str:
    return unescaped(held[name].value).strip() if name in held else ""


def _moment(line: Line) -> tuple[str, bool, bool]:
    """Read a time: as ISO text in UTC, whether it is a whole day, whether its zone is unknown."""
    match = _BASIC.fullmatch(line.value.strip())
    if match is None:
        return line.value.strip(), False, False
    if match[4] is None:
        return f"{match[1]}-{match[2]}-{match[3]}", True, False
    try:
        moment = datetime(*(int(each) for each in match.groups()[:6]), tzinfo=UTC)  # type: ignore[misc,arg-type]
        zone = line.parameters.get("TZID", "")
        known = match[7] is not None or zone in available_timezones()
        if match[7] is None and known:
            moment = moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return line.value.strip(), False, False
    return _iso(moment), False, not known


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment.year >= 1000 else moment.isoformat()


def _end(held: dict[str, Line], start: str, all_day: bool) -> str:
    if "DTEND" in held:
        end, whole_end, _ = _moment(held["DTEND"])
        return _shifted(end, timedelta(days=-1)) if all_day and whole_end else end
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
    """Read the first event of an ``.ics`` file, with the time zones of calendars; None where there is none."""
    from icalendar import Calendar  # noqa: PLC0415 - 60 ms, wanted when a file comes

    try:
        found = [
            each for calendar in Calendar.from_ical(data, multiple=True) for each in calendar.walk("VEVENT")
        ]
        if not found:
            return None
        plain: Any = found[0]
        start, end = plain.start, plain.end if ("DTEND" in plain or "DURATION" in plain) else None
    except Exception:  # whatever a broken file makes of a library's own parsers
        return None
    texts = {
        name.lower(): str(plain.get(name, "")).strip()
        for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "UID")
    }
    all_day = not isinstance(start, datetime)
    floating = isinstance(start, datetime) and start.tzinfo is None
    event = Event(start=_file_time(start), end=_file_time(end, last=all_day), all_day=all_day, **texts)
    held = {"RRULE": Line("RRULE", "")} if plain.get("RRULE") or plain.get("RDATE") else {}
    short = replace(event, description=event.description[: LONGEST["description"]])
    return Reading("event", short, tuple(_worth_saying(held, len(found), floating)))


def _file_time(value: date | None, *, last: bool = False) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _iso(value.astimezone(UTC) if value.tzinfo is not None else value.replace(tzinfo=UTC))
    return (value - timedelta(days=1) if last else value).isoformat()


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
