"""Events go into calendars at the right moment, across time zones and changes of the clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.event import event_of_file, read_event
from bot.qr.payloads.happening import Event, build_event
from bot.qr.refusal import Refused

words = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(
    lambda each: each.replace(microsecond=0)
)


def iso(moment: datetime) -> str:
    """Write a moment as contents do."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@given(words, moments, st.integers(0, 10_000), words, words)
def test_an_event_reads_back_as_the_same_values(
    summary: str, start: datetime, minutes: int, location: str, description: str
) -> None:
    """In UTC, with every text as typed."""
    end = start + timedelta(minutes=minutes)
    event = Event(summary, iso(start), iso(end), location=location, description=description, uid="1@x")
    reading = read_event(build_event(event))
    assert reading is not None
    assert (reading.content, reading.warnings) == (event, ())


@given(words, st.dates(datetime(1970, 1, 1).date(), datetime(2100, 1, 1).date()), st.integers(0, 30))
def test_whole_days_read_back(summary: str, day: object, more: int) -> None:
    """The end that is written is the day after (RFC 5545, 3.6.1); the one that people mean comes back."""
    assert hasattr(day, "isoformat")
    last = day + timedelta(days=more)  # type: ignore[operator]
    event = Event(summary, day.isoformat(), last.isoformat(), all_day=True, uid="1@x")
    text = build_event(event)
    assert f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}" in text
    reading = read_event(text)
    assert reading is not None
    assert reading.content == event


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
def test_nothing_that_is_typed_adds_a_property(text: str) -> None:
    """As many lines as properties; control characters are refused."""
    try:
        written = build_event(Event("Tea", "2027-07-01T16:00:00Z", location=text))
    except Refused as refused:
        assert refused.field == "location"
        return
    assert len(written.split("\r\n")) == 10 + bool(text.strip())
    assert "\n" not in written.replace("\r\n", "")


@pytest.mark.parametrize(
    ("start", "timezone", "written"),
    [
        ("2027-07-01 18:00", "Europe/Berlin", "DTSTART:20270701T160000Z"),
        ("2027-01-15 18:00", "europe/berlin", "DTSTART:20270115T170000Z"),
        ("24.12.2027 18:00", "America/New York", "DTSTART:20271224T230000Z"),
        ("2027-07-01T18:00:30+05:30", "", "DTSTART:20270701T123030Z"),
        ("2027-07-01T18:00Z", "Europe/Berlin", "DTSTART:20270701T180000Z"),
        ("2027-10-31 02:30+01:00", "Europe/Berlin", "DTSTART:20271031T013000Z"),
        ("24.12.2027", "", "DTSTART;VALUE=DATE:20271224"),
        ("2027-12-24", "Asia/Tokyo", "DTSTART;VALUE=DATE:20271224"),
    ],
)
def test_times_are_written_in_utc(start: str, timezone: str, written: str) -> None:
    """Summer and winter, offsets, days that are days everywhere."""
    assert written in build_event(Event("x", start, timezone=timezone)).split("\r\n")


@pytest.mark.parametrize(
    ("event", "field", "said"),
    [
        (Event("x", "2027-07-01 18:00"), "timezone", "time zone"),
        (Event("x", "2027-07-01 18:00", timezone="Mars/Base"), "timezone", "Mars/Base"),
        (Event("x", "2027-03-28 02:30", timezone="Europe/Berlin"), "start", "forward"),
        (Event("x", "2027-10-31 02:30", timezone="Europe/Berlin"), "start", "+02:00 or +01:00"),
        (Event("x", "2027-02-30"), "start", "no such day"),
        (Event("x", "tomorrow"), "start", "2027-07-01 18:00"),
        (Event("x", "2027-07-01T18:00Z", "2027-07-01T17:00Z"), "end", "before it starts"),
        (Event("x", "2027-07-01T18:00Z", "2027-07-02"), "end", "At what time"),
        (Event("", "2027-07-01"), "summary", "name"),
        (Event("x" * 201, "2027-07-01"), "summary", "200"),
        (Event("x", "9999-12-31", "9999-12-31"), "end", "far away"),
    ],
)
def test_what_no_calendar_could_place_is_refused(event: Event, field: str, said: str) -> None:
    """With what to do about it."""
    with pytest.raises(Refused, match=said.replace("+", r"\+")) as refused:
        build_event(event)
    assert refused.value.field == field


def test_an_event_has_an_id_of_its_own_that_stays() -> None:
    """Derived from what it says: the same code twice is the same event."""
    one, again, other = (build_event(Event(name, "2027-07-01")) for name in ("a", "a", "b"))
    assert one == again
    uids = {line for text in (one, other) for line in text.split("\r\n") if line.startswith("UID:")}
    assert len(uids) == 2


@pytest.mark.parametrize(
    ("body", "start", "end", "warnings"),
    [
        ("DTSTART:20270701T160000Z\nDURATION:PT1H30M", "2027-07-01T16:00:00Z", "2027-07-01T17:30:00Z", 0),
        ("DTSTART;TZID=Europe/Berlin:20270701T180000", "2027-07-01T16:00:00Z", "", 0),
        ("DTSTART:20270701T180000", "2027-07-01T18:00:00Z", "", 1),
        ("DTSTART;VALUE=DATE:20270701\nDTEND;VALUE=DATE:20270703", "2027-07-01", "2027-07-02", 0),
        ("DTSTART:20270701T160000Z\nRRULE:FREQ=DAILY", "2027-07-01T16:00:00Z", "", 1),
        ("DTSTART:20270701T160000Z\nBEGIN:VALARM\nDESCRIPTION:no\nEND:VALARM", "2027-07-01T16:00:00Z", "", 0),
    ],
)
def test_forms_of_others_are_read(body: str, start: str, end: str, warnings: int) -> None:
    """Durations, named zones, floating times, repetitions, alarms."""
    reading = read_event(f"BEGIN:VEVENT\nSUMMARY:Te\n a\n{body}\nEND:VEVENT")
    assert reading is not None
    event = reading.content
    assert (event.summary, event.start, event.end, event.description) == ("Tea", start, end, "")
    assert len(reading.warnings) == warnings


def test_a_calendars_file_is_read_with_its_own_time_zones() -> None:
    """Outlook's names too; the first of several events, and what was left out is said."""
    event = (
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T000000Z\r\nDTSTART;TZID=W. Europe Standard Time:20270701T180000\r\n"
        "DURATION:PT2H\r\nSUMMARY:Tea\\, at five\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n"
    )
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}{event}END:VCALENDAR\r\n".encode()
    reading = event_of_file(data)
    assert reading is not None
    assert reading.content == Event("Tea, at five", "2027-07-01T16:00:00Z", "2027-07-01T18:00:00Z", uid="1")
    assert len(reading.warnings) == 2
    assert event_of_file(b"BEGIN:VCALENDAR\r\n") is None
    assert event_of_file(b"nothing") is None


def test_now_is_no_part_of_a_code() -> None:
    """The stamp is the start, so that the same event is the same code tomorrow."""
    stamp = f"DTSTAMP:{datetime(2027, 7, 1, 16, tzinfo=UTC):%Y%m%dT%H%M%SZ}"
    assert stamp in build_event(Event("x", "2027-07-01T16:00Z"))
