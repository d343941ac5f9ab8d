"""Quiet hours: evenings and days off hold back all but the urgent."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from common.clock import parse
from notices import quiet


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2026-11-19 09:00", "2026-11-19 09:00"),
        ("2026-11-19 12:30", "2026-11-19 12:30"),
        ("2026-11-19 18:00", "2026-11-19 18:00"),
        ("2026-11-19 18:59:59", "2026-11-19 18:59:59"),
        ("2026-11-19 19:00", "2026-11-20 09:00"),
        ("2026-11-19 23:59", "2026-11-20 09:00"),
        ("2026-11-19 00:00", "2026-11-19 09:00"),
        ("2026-11-19 08:59:59", "2026-11-19 09:00"),
        ("2026-11-20 19:00", "2026-11-23 09:00"),
        ("2026-11-21 10:00", "2026-11-23 09:00"),
        ("2026-11-22 23:00", "2026-11-23 09:00"),
    ],
)
def test_held_until_the_next_working_day(at: str, leaves: str) -> None:
    assert quiet.not_before(parse(at)) == parse(leaves)
    assert quiet.not_before(parse(at), urgent=True) == parse(at)


def test_the_plugged_in_calendar_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """A make-up Saturday works, a holiday on a Friday doesn't."""
    monkeypatch.setattr(quiet, "_works", quiet.weekdays)
    saturday, friday = parse("2026-11-21 10:00"), parse("2026-11-20 10:00")
    assert quiet.not_before(saturday) != saturday, "control: before the calendar is plugged in a Saturday is off"

    quiet.set_calendar(lambda day: day in (date(2026, 11, 21), date(2026, 11, 23)))

    assert quiet.not_before(saturday) == saturday
    assert quiet.not_before(friday) == parse("2026-11-21 09:00")
    assert quiet.not_before(parse("2026-11-21 20:00")) == parse("2026-11-23 09:00")


def test_a_calendar_that_never_works_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "_works", lambda day: False)
    assert quiet.not_before(datetime(2026, 11, 19, 2, tzinfo=UTC)) == parse("2026-11-20 09:00")
