"""Local days and due times, over zones, clock changes and late day ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.local_days import due_at, due_of_day, local_day, parse_time, within

ZONES = [
    ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
]
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES)


@given(days, times, zones)
def test_a_due_time_shows_the_wall_time_or_the_first_minute_after_it(day: date, at: time, zone: ZoneInfo) -> None:
    due = due_at(day, at, zone).astimezone(zone)
    assert due.date() == day
    assert due.time() >= at
    if due.time() != at:  # the clock skipped it: a minute earlier it showed a time before
        assert (due.astimezone(UTC) - timedelta(minutes=1)).astimezone(zone).time() < at


def test_a_skipped_time_is_due_when_the_clock_goes_on() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert due_at(date(2026, 3, 29), time(2, 30), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_time_that_comes_twice_is_due_the_first_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert due_at(date(2026, 10, 25), time(2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(days, times, zones, times)
def test_a_days_due_time_lies_within_that_day(day: date, at: time, zone: ZoneInfo, ends: time) -> None:
    due = due_of_day(day, at, zone, ends)
    # A clock that skips the due time over the end of the day makes it the next day's first minute.
    assert local_day(due, zone, ends) in (day, day + timedelta(days=1))
    if due.astimezone(zone).time() == at:
        assert local_day(due, zone, ends) == day


@given(moments, zones)
def test_days_begin_at_midnight_unless_said_otherwise(moment: datetime, zone: ZoneInfo) -> None:
    assert local_day(moment, zone, time(0)) == moment.astimezone(zone).date()


def test_a_late_end_of_day_counts_the_small_hours_to_the_evening_before() -> None:
    utc = ZoneInfo("UTC")
    assert local_day(datetime(2026, 5, 2, 2, 59, tzinfo=UTC), utc, time(3)) == date(2026, 5, 1)
    assert local_day(datetime(2026, 5, 2, 3, 0, tzinfo=UTC), utc, time(3)) == date(2026, 5, 2)


@given(times, times, times)
def test_a_span_and_its_complement_share_the_day(now: time, start: time, end: time) -> None:
    if start != end:
        assert within(now, start, end) != within(now, end, start)
    else:
        assert not within(now, start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22:00", time(22)),
        (" 7:05 ", time(7, 5)),
        ("18.30", time(18, 30)),
        ("21h30", time(21, 30)),
        ("21h", time(21)),
        ("18.30 Uhr", time(18, 30)),
        ("１２:００", time(12)),
        ("9pm", time(21)),
        ("9 PM", time(21)),
        ("9:30 p.m.", time(21, 30)),
        ("9.30pm", time(21, 30)),
        ("9:30\u202fPM", time(21, 30)),
        ("930pm", time(21, 30)),
        ("9p", time(21)),
        ("12am", time(0)),
        ("12:30 a.m.", time(0, 30)),
        ("12 pm", time(12)),
        ("noon", time(12)),
        ("Midnight", time(0)),
    ],
)
def test_times_are_read_as_people_write_them(text: str, expected: time) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize("text", ["24:00", "7", "12:60", "", "13pm", "0am", "9:75 pm", "pm", "21", "9 o'clock"])
def test_a_text_that_is_not_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="18:30"):
        parse_time(text)


@given(st.times())
def test_every_minute_can_be_written_in_both_forms(at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    assert parse_time(f"{at:%H:%M}") == parse_time(f"{at:%I:%M %p}") == parse_time(f"{at:%I.%M%p}".lower()) == at
