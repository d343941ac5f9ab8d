"""Counting working days and hours: the vectors of 2026, a naive counter beside it, and properties."""

from datetime import UTC, date, datetime, timedelta

import pytest
from chinese_calendar import constants
from hypothesis import given
from hypothesis import strategies as st

from common.clock import SHANGHAI
from deadlines import calendar, statutory
from deadlines.calendar import Calendar, Day
from deadlines.services import editions

INSTANTS = st.integers(0, 333 * 86400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
DAYS = st.dates(date(2004, 2, 1), date(2032, 6, 30))


def table(overrides: dict[date, bool] | None = None, years: frozenset[int] = frozenset()) -> Calendar:
    chosen = {day: editions.Override(day, works) for day, works in (overrides or {}).items()}
    return Calendar(Day(*row) for row in editions._days(chosen, years))


@pytest.fixture(scope="module")
def china() -> Calendar:
    return table()


def works_naively(day: date) -> bool:
    """Written without the code under test: the library's dictionaries and the weekday, nothing else."""
    if day in constants.workdays:
        return True
    return day not in constants.holidays and day.isoweekday() < 6


def count_naively(a: date, b: date) -> int:
    count = 0
    while a < b:
        a += timedelta(days=1)
        count += works_naively(a)
    return count


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-02-27", 1, "2026-02-28"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-05-08", 1, "2026-05-09"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 7, "2026-10-15"),
        ("2026-10-09", 1, "2026-10-10"),
    ],
)
def test_vectors_of_2026(china, received, limit, due):
    assert china.add_working_days(date.fromisoformat(received), limit) == date.fromisoformat(due)
    assert china.working_days_between(date.fromisoformat(received), date.fromisoformat(due)) == limit


def test_2026_has_248_working_days(china):
    assert china.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248
    assert [day.day for day in china.days if day.day.year == 2026 and day.works and day.day.weekday() > 4] == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)
    ]  # fmt: skip


def test_without_make_up_days_the_vectors_fail():
    """The control: what most peers would answer is not what we answer."""
    weekends = Calendar(Day(row[0], row[1] and row[0].weekday() < 5, row[2]) for row in editions._days({}, frozenset()))
    assert weekends.add_working_days(date(2026, 2, 12), 5) == date(2026, 2, 27)
    assert weekends.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 242


@given(a=st.dates(date(2004, 1, 1), date(2026, 12, 31)), length=st.integers(0, 400))
def test_counting_equals_a_naive_counter(a, length):
    b = min(a + timedelta(days=length), date(2026, 12, 31))
    assert CHINA.working_days_between(a, b) == count_naively(a, b)


CHINA = table()


def edited(day: date, works: bool) -> Calendar:
    place = (day - CHINA.first).days
    return Calendar((*CHINA.days[:place], Day(day, works, "override"), *CHINA.days[place + 1 :]))


@given(day=DAYS, n=st.integers(1, 60))
def test_add_and_between_are_inverse(day, n):
    due = CHINA.add_working_days(day, n)
    assert CHINA.is_working(due)
    assert CHINA.working_days_between(day, due) == n


@given(day=DAYS, n=st.integers(1, 60))
def test_a_longer_limit_ends_later(day, n):
    assert CHINA.add_working_days(day, n) < CHINA.add_working_days(day, n + 1)


@given(day=DAYS, n=st.integers(1, 40), off=DAYS)
def test_a_new_holiday_is_never_earlier(day, n, off):
    assert edited(off, False).add_working_days(day, n) >= CHINA.add_working_days(day, n)


@given(day=DAYS, n=st.integers(1, 40), on=DAYS)
def test_a_make_up_day_is_never_later(day, n, on):
    assert edited(on, True).add_working_days(day, n) <= CHINA.add_working_days(day, n)


def test_the_day_of_receipt_is_day_zero_even_if_it_works_or_is_late(china):
    for text in ("2026-11-19T00:00", "2026-11-19T09:00", "2026-11-19T23:59"):
        assert china.due(shanghai(text), 1, "wd") == shanghai("2026-11-20T18:00")
    # Saturday and Sunday: Monday is the first day.
    for text in ("2026-11-21T10:00", "2026-11-22T23:00"):
        assert china.due(shanghai(text), 1, "wd") == shanghai("2026-11-23T18:00")


def test_the_date_is_that_of_shanghai_between_midnight_and_eight(china):
    """00:00–08:00 in China is the day before in UTC: counted there, the due date would be a day early."""
    start = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)  # 2026-11-19 00:30 in Shanghai
    assert china.due(start, 1, "wd") == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert calendar.day_of(start) == date(2026, 11, 19)
    assert start.date() == date(2026, 11, 18)


@given(INSTANTS, st.integers(1, 20))
def test_due_is_the_same_whatever_the_zone_of_the_start(start, n):
    assert CHINA.due(start, n, "wd") == CHINA.due(start.astimezone(SHANGHAI), n, "wd")
    assert CHINA.due(start, n, "wd") > start


def test_calendar_days_end_at_close_of_business(china):
    assert china.due(shanghai("2026-09-30T20:00"), 11, "cd") == shanghai("2026-10-11T18:00")


# Hours ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-19T09:00", 120, "2026-11-19T11:00"),
        ("2026-11-19T11:00", 60, "2026-11-19T12:00"),  # ends with the morning, not after lunch
        ("2026-11-19T11:30", 120, "2026-11-19T15:30"),  # across lunch
        ("2026-11-19T12:30", 120, "2026-11-19T16:00"),  # within lunch
        ("2026-11-19T17:30", 120, "2026-11-20T10:30"),  # across the evening
        ("2026-11-19T18:00", 120, "2026-11-20T11:00"),
        ("2026-11-19T03:00", 120, "2026-11-19T11:00"),  # before opening
        ("2026-11-20T17:00", 120, "2026-11-23T10:00"),  # across a weekend
        ("2026-09-30T17:00", 120, "2026-10-08T10:00"),  # across the national holiday
        ("2026-10-09T17:00", 120, "2026-10-10T10:00"),  # into a make-up Saturday
        ("2026-11-19T09:00", 14 * 60, "2026-11-20T18:00"),
    ],
)
def test_hour_limits_count_working_hours_only(china, start, minutes, end):
    assert china.add_working_minutes(shanghai(start), minutes) == shanghai(end)
    assert china.working_minutes_between(shanghai(start), shanghai(end)) == minutes


@given(INSTANTS, st.integers(1, 3000), st.integers(1, 3000))
def test_hours_add_up(start, a, b):
    once = CHINA.add_working_minutes(start, a + b)
    assert CHINA.add_working_minutes(CHINA.add_working_minutes(start, a), b) == once
    assert CHINA.working_minutes_between(start, once) == a + b


def test_working_hours_are_a_setting(china, settings):
    settings.WORKING_HOURS = [("08:30", "12:00"), ("14:30", "17:30")]
    assert china.due(shanghai("2026-11-19T09:00"), 1, "wd") == shanghai("2026-11-20T17:30")
    assert china.add_working_minutes(shanghai("2026-11-19T11:00"), 120) == shanghai("2026-11-19T15:30")
    settings.WORKING_HOURS = [("14:00", "12:00")]
    with pytest.raises(ValueError, match="WORKING_HOURS"):
        calendar.working_hours()


# Days lost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "lost"),
    [
        ("2026-11-18T10:00", "2026-11-18T17:59", 0),
        ("2026-11-18T10:00", "2026-11-18T18:00", 0),  # running again at close of business
        ("2026-11-18T18:00", "2026-11-18T18:01", 1),  # paused at it
        ("2026-11-18T18:01", "2026-11-19T17:00", 0),
        ("2026-11-18T10:00", "2026-11-23T10:00", 3),  # Wed, Thu, Fri; not the weekend
        ("2026-11-21T10:00", "2026-11-22T10:00", 0),
    ],
)
def test_a_day_is_lost_if_paused_at_its_close_of_business(china, start, end, lost):
    assert china.closes_between(shanghai(start), shanghai(end)) == lost


@given(INSTANTS)
def test_a_pause_that_ends_at_once_loses_nothing(instant):
    assert CHINA.closes_between(instant, instant) == 0
    assert CHINA.working_minutes_between(instant, instant) == 0


# Years nobody has announced ------------------------------------------------------------------------------------------


def test_an_unknown_year_falls_back_to_weekends_and_the_days_of_the_law(china):
    off = [day.day for day in china.days if day.day.year == 2027 and not day.works and day.day.weekday() < 5]
    # New Year; eve of the Spring Festival and its Monday; Clear and Bright; Dragon Boat; Mid-autumn; National Day
    assert off == [
        date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 8), date(2027, 4, 5),
        date(2027, 6, 9), date(2027, 9, 15), date(2027, 10, 1),
    ]  # fmt: skip
    assert china.row(date(2027, 2, 5)).label == "春节"
    assert china.row(date(2027, 3, 1)).source == "provisional"
    assert china.is_provisional(date(2027, 1, 4))
    assert not china.is_provisional(date(2026, 12, 31))


def test_the_statutory_days_are_13_in_every_year():
    for year in range(2025, 2033):
        days = statutory.statutory_days(year)
        assert len(days) == 13 or any("、" in label for label in days.values()), year


def test_the_statutory_days_were_off_in_every_announced_year_since_the_law_changed():
    for year in statutory.library_years():
        if year >= 2025:
            days = statutory.statutory_days(year)
            assert [day for day in days if works_naively(day)] == []


def test_a_count_into_an_unknown_year_never_crashes(china):
    assert china.add_working_days(date(2026, 12, 20), 30) == date(2027, 2, 1)
    assert china.add_working_days(date(2032, 12, 31), 5) == date(2033, 1, 7)
    assert china.working_days_between(date(2032, 12, 31), date(2033, 1, 7)) == 5
    assert china.is_provisional(date(2040, 1, 2))
    assert china.add_working_days(date(2003, 12, 1), 2) == date(2003, 12, 3)
    assert china.working_days_between(date(2003, 12, 1), date(2004, 1, 2)) == 23


def test_an_announced_year_holds_only_what_was_announced():
    calendar_2027 = table({date(2027, 2, 5): False, date(2027, 2, 13): True}, frozenset({2027}))
    assert not calendar_2027.is_working(date(2027, 2, 5))
    assert calendar_2027.is_working(date(2027, 2, 13))
    assert calendar_2027.is_working(date(2027, 10, 1))  # left out: the what-if page warns of it
    assert not calendar_2027.is_provisional(date(2027, 6, 1))
    assert calendar_2027.is_provisional(date(2028, 1, 3))


def test_a_slip_of_the_pen_in_an_announcement_is_noticed():
    entered = [editions.Override(day, False) for day in statutory.statutory_days(2027) if day != date(2027, 6, 9)]
    assert editions.missing_statutory(entered, 2027) == [date(2027, 6, 9)]
