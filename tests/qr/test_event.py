"""Events go into calendars at the right moment, across time zones and changes of the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads.event import Event, build_event
from bot.qr.payloads.event_reader import event_of_file, read_event
from bot.qr.refusal import Refused

words = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)
notes = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\r\n\t;:,\\"), max_size=80)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(
    lambda each: each.replace(microsecond=0)
)


def iso(moment: datetime) -> str:
    """Write a moment as contents do."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@given(words, moments, st.integers(1, 10_000), words, words)
def test_an_event_reads_back_as_the_same_values(
    summary: str, start: datetime, minutes: int, location: str, description: str
) -> None:
    """In UTC, with every text as typed."""
    end = start + timedelta(minutes=minutes)
    event = Event(summary, iso(start), iso(end), location=location, description=description, uid="1@x")
    reading = read_event(build_event(event))
    assert reading is not None
    assert (reading.content, reading.warnings) == (event, ())


@given(words, st.dates(date(1, 1, 1), date(9999, 1, 1)), st.integers(0, 30))
def test_whole_days_read_back(summary: str, day: date, more: int) -> None:
    """The end that is written is the day after (RFC 5545, 3.6.1); the one that people mean comes back."""
    last = day + timedelta(days=more)
    event = Event(summary, day.isoformat(), last.isoformat(), all_day=True, uid="1@x")
    text = build_event(event)
    assert f"DTEND;VALUE=DATE:{(last + timedelta(days=1)).isoformat().replace('-', '')}\r\n" in text
    reading = read_event(text)
    assert reading is not None
    assert (reading.content, reading.warnings) == (event, ())


@given(notes)
def test_nothing_that_is_typed_adds_a_property(text: str) -> None:
    """As many lines as properties, whatever breaks and marks are typed."""
    written = build_event(Event("Tea", "2027-07-01T16:00:00Z", location=text))
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
        (Event("x", "2027-07-01", "2027-07-01T18:00Z"), "start", "At what time does it start"),
        (Event("", "2027-07-01"), "summary", "name"),
        (Event("bell\x07", "2027-07-01"), "summary", "U.0007"),
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
        ("DTSTART;TZID=W. Europe Standard Time:20270701T180000", "2027-07-01T16:00:00Z", "", 0),
        ("DTSTART;TZID=/mozilla.org/x_1/America/New_York:20270701T180000", "2027-07-01T22:00:00Z", "", 0),
        ("DTSTART;TZID=Mars/Base:20270701T180000", "2027-07-01T18:00:00Z", "", 1),
        # An end written as QRCoder does, inclusive, where RFC 5545, 3.6.1 has the day after.
        ("DTSTART;VALUE=DATE:20270701\nDTEND;VALUE=DATE:20270701", "2027-07-01", "2027-07-01", 0),
        ("DTSTART;VALUE=DATE:20271341", "2027-13-41", "", 1),
        (
            "DTSTART:20270701T160000Z\nDTEND:20270701T150000Z",
            "2027-07-01T16:00:00Z",
            "2027-07-01T15:00:00Z",
            1,
        ),
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
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20270101T000000Z\r\n"
        "DTSTART;TZID=W. Europe Standard Time:20270701T180000\r\n"
        "DURATION:PT2H\r\nSUMMARY:Tea\\, at five\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n"
    )
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}{event}END:VCALENDAR\r\n".encode()
    reading = event_of_file(data)
    assert reading is not None
    assert reading.content == Event("Tea, at five", "2027-07-01T16:00:00Z", "2027-07-01T18:00:00Z", uid="1")
    assert len(reading.warnings) == 2
    assert event_of_file(b"BEGIN:VCALENDAR\r\n") is None
    assert event_of_file(b"nothing") is None


def test_what_is_too_long_in_a_file_is_shortened() -> None:
    """And it is said; what is left can be made into a code, without half an id and invisible marks."""
    reading = event_of_file(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nDTSTAMP:20270101T000000Z\r\nUID:"
        + b"u" * 300 + b"\r\nDTSTART;VALUE=DATE:20270701\r\nDTEND;VALUE=DATE:20270702\r\nSUMMARY:Tea\x0b\r\n"
        + b"DESCRIPTION:" + b"d" * 1_001 + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )  # fmt: skip
    assert reading is not None
    assert reading.content == Event("Tea", "2027-07-01", "2027-07-01", all_day=True, description="d" * 1_000)
    assert ["too long" in str(each) for each in reading.warnings] == [True]
    assert build_event(reading.content)


@given(
    st.binary(max_size=200),
    st.sampled_from(["DTSTART:", "DTSTART;TZID=Asia/Tokyo:", "DURATION:", "SUMMARY:"]),
)
def test_no_file_breaks_the_reader(data: bytes, name: str) -> None:
    """Whatever bytes stand in it."""
    start = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20270701T160000Z\r\n{name}".encode()
    reading = event_of_file(start + data + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    assert reading is None or reading.kind == "event"


@given(st.sampled_from(["DTSTART:", "DTSTART;TZID=Asia/Tokyo:", "DTSTART:20270701\nDURATION:"]), notes)
def test_no_text_breaks_the_reader(start: str, text: str) -> None:
    """What is read without a warning can be written again."""
    reading = read_event(f"BEGIN:VEVENT\nSUMMARY:Tea\n{start}{text}\nEND:VEVENT")
    assert reading is None or reading.warnings or build_event(reading.content)


@pytest.mark.parametrize(
    "text", ["BEGIN:VEVENT", "BEGIN:VEVENT\nEND:VEVENT", "BEGIN:VCALENDAR x\nDTSTART:20270701"]
)
def test_words_are_no_event(text: str) -> None:
    """An event has a start."""
    assert read_event(text) is None


def test_the_events_of_the_specification_are_read() -> None:
    """RFC 5545, 3.6.1: a review, and a festival whose last day is July 8th."""
    review = read_event(
        "BEGIN:VEVENT\r\nUID:19970901T130000Z-123401@example.com\r\nDTSTAMP:19970901T130000Z\r\n"
        "DTSTART:19970903T163000Z\r\nDTEND:19970903T190000Z\r\nSUMMARY:Annual Employee Review\r\n"
        "CLASS:PRIVATE\r\nCATEGORIES:BUSINESS,HUMAN RESOURCES\r\nEND:VEVENT\r\n"
    )
    festival = read_event(
        "BEGIN:VEVENT\r\nUID:20070423T123432Z-541111@example.com\r\nDTSTAMP:20070423T123432Z\r\n"
        "DTSTART;VALUE=DATE:20070628\r\nDTEND;VALUE=DATE:20070709\r\n"
        "SUMMARY:Festival International de Jazz de Montreal\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
    )
    assert review is not None
    assert festival is not None
    assert review.content == Event(
        "Annual Employee Review", "1997-09-03T16:30:00Z", "1997-09-03T19:00:00Z",
        uid="19970901T130000Z-123401@example.com",
    )  # fmt: skip
    assert festival.content == Event(
        "Festival International de Jazz de Montreal", "2007-06-28", "2007-07-08", all_day=True,
        uid="20070423T123432Z-541111@example.com",
    )  # fmt: skip


def test_an_event_that_ends_as_it_starts_has_no_end() -> None:
    """DTEND must be later than DTSTART (RFC 5545, 3.8.2.2)."""
    assert "DTEND" not in build_event(Event("x", "2027-07-01T16:00Z", "2027-07-01T16:00Z"))


def test_now_is_no_part_of_a_code() -> None:
    """The stamp is the start, so that the same event is the same code tomorrow."""
    stamp = f"DTSTAMP:{datetime(2027, 7, 1, 16, tzinfo=UTC):%Y%m%dT%H%M%SZ}"
    assert stamp in build_event(Event("x", "2027-07-01T16:00Z"))
