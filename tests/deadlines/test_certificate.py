"""The birth certificate: every day and hour of a deadline accounted for."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.utils import translation

from deadlines import wording
from deadlines.certificate import certificate
from deadlines.models import Clock
from deadlines.services import clocks
from tests.deadlines.conftest import at

pytestmark = pytest.mark.django_db


def marks(clock: Clock, now: str) -> list[tuple[str, str, int | None]]:
    clock = Clock.objects.get(pk=clock.pk)
    return [(f"{one.day:%m-%d}", one.mark, one.k) for one in certificate(clock, at(now)).days]


def test_every_day_from_the_start_to_due_is_counted_or_skipped(start):
    clock = start("feedback", "2026-09-30T10:00")
    told = marks(clock, "2026-09-30T12:00")
    assert told[0] == ("09-30", "start", None)
    assert [row for row in told if row[1] == "counted"] == [
        ("10-08", "counted", 1), ("10-09", "counted", 2), ("10-10", "counted", 3)
    ]  # fmt: skip
    days = certificate(clock, at("2026-09-30T12:00")).days
    assert [one.label for one in days if one.day == date(2026, 10, 1)] == ["国庆节"]
    assert days[-1].due


def test_a_make_up_saturday_says_why_it_counts(start):
    days = certificate(start("signing", "2026-10-09T10:00"), at("2026-10-09T12:00")).days
    assert [(one.k, one.label, one.source) for one in days] == [(None, "", "announced"), (1, "国庆节", "announced")]


def test_paused_days_are_not_counted(start):
    clock = start("feedback", "2026-11-16T10:00")
    on = {"subject_kind": "thing", "subject_id": clock.subject_id}
    clocks.pause(reason="等企业", awaited="企业", wakes_on=None, at=at("2026-11-17T10:00"), **on)
    clocks.resume(at=at("2026-11-19T10:00"), **on)
    assert marks(clock, "2026-11-19T12:00") == [
        ("11-16", "start", None), ("11-17", "lost", None), ("11-18", "lost", None), ("11-19", "counted", 1),
        ("11-20", "counted", 2), ("11-21", "off", None), ("11-22", "off", None), ("11-23", "counted", 3),
    ]  # fmt: skip


def test_a_pause_over_the_first_evening_makes_the_day_of_resuming_day_zero(start):
    clock = start("feedback", "2026-11-16T10:00")
    on = {"subject_kind": "thing", "subject_id": clock.subject_id}
    clocks.pause(reason="等企业", awaited="企业", wakes_on=None, at=at("2026-11-16T11:00"), **on)
    clocks.resume(at=at("2026-11-17T10:00"), **on)
    assert [mark for _day, mark, _k in marks(clock, "2026-11-19T12:00")] == [
        "start", "restart", "counted", "counted", "counted"
    ]  # fmt: skip


def test_days_waiting_for_a_check_that_sent_it_back_are_not_counted(start):
    clock = start("feedback", "2026-11-16T10:00")
    clocks.meet(subject_kind="thing", subject_id=clock.subject_id, kinds=["feedback"], at=at("2026-11-17T10:00"))
    clocks.reopen_met(clock_id=clock.pk, at=at("2026-11-18T10:00"))
    assert [(day, mark) for day, mark, _k in marks(clock, "2026-11-19T12:00")] == [
        ("11-16", "start"), ("11-17", "lost"), ("11-18", "counted"), ("11-19", "counted"), ("11-20", "counted")
    ]  # fmt: skip


def live(clock: Clock, dice: random.Random) -> None:
    """Some acts in true order."""
    on = {"subject_kind": "thing", "subject_id": clock.subject_id}
    now = clock.started_at
    for _act in range(dice.randrange(0, 6)):
        now += timedelta(minutes=dice.randrange(30, 3 * 24 * 60))
        act = dice.choice(["pause", "send_back", "extend"])
        clock = Clock.objects.get(pk=clock.pk)
        if now >= clock.due_at:
            return
        if act == "extend":
            clocks.extend(clock_id=clock.pk, days=dice.randrange(1, 5), reason="r", post_id=None, at=now)
        elif act == "pause":
            clocks.pause(reason="r", awaited="a", wakes_on=None, at=now, **on)
            now += timedelta(minutes=dice.randrange(1, 6 * 24 * 60))
            clocks.resume(at=now, **on)
        else:
            clocks.meet(kinds=["resolution"], at=now, **on)
            now += timedelta(minutes=dice.randrange(1, 6 * 24 * 60))
            clocks.reopen_met(clock_id=clock.pk, at=now)


@pytest.mark.parametrize("unit", ["wd", "cd"])
def test_the_counted_days_are_the_limit_whatever_happened(start, unit):
    """Limit and extensions, not a day more or less: pauses and checks took nothing and gave nothing."""
    dice = random.Random(unit)
    for _number in range(30):
        begin = at("2026-09-01T00:00") + timedelta(minutes=dice.randrange(0, 60 * 24 * 60))
        clock = start("resolution", begin, amount=dice.randrange(3, 20), unit=unit)
        live(clock, dice)
        clock.refresh_from_db()
        told = certificate(clock, clock.due_at)
        assert told.count("counted") == clock.amount + clock.extended
        assert [one.k for one in told.days if one.k] == list(range(1, clock.amount + clock.extended + 1))


def test_hour_limits_show_the_hours_that_were_counted(start):
    clock = start("signing", "2026-11-19T11:30", case="urgent")
    on = {"subject_kind": "thing", "subject_id": clock.subject_id}
    clocks.pause(reason="r", awaited="a", wakes_on=None, at=at("2026-11-19T14:30"), **on)
    clocks.resume(at=at("2026-11-19T17:30"), **on)
    clock.refresh_from_db()
    told = certificate(clock, at("2026-11-20T09:00"))
    assert [(one.begin, one.end, one.minutes) for one in told.spans] == [
        (at("2026-11-19T11:30"), at("2026-11-19T12:00"), 30),
        (at("2026-11-19T14:00"), at("2026-11-19T14:30"), 30),
        (at("2026-11-19T17:30"), at("2026-11-19T18:00"), 30),
        (at("2026-11-20T09:00"), at("2026-11-20T09:30"), 30),
    ]
    assert clock.due_at == at("2026-11-20T09:30")
    assert told.days == ()


def test_weeks_begin_on_monday(start):
    told = certificate(start("resolution", "2026-11-19T10:00", case="normal"), at("2026-11-19T12:00"))
    assert [len(week) for week in told.weeks] == [4, 7, 7, 4]
    assert all(week[0].day.weekday() == 0 for week in told.weeks[1:])


def test_late_days_are_counted_until_it_was_done(start):
    clock = start("feedback", "2026-11-19T10:00")
    assert certificate(clock, at("2026-11-24T18:00")).late_days == 0
    assert certificate(clock, at("2026-11-30T10:00")).late_days == 4
    clocks.meet(subject_kind="thing", subject_id=clock.subject_id, kinds=["feedback"], at=at("2026-11-26T10:00"))
    clock.refresh_from_db()
    assert certificate(clock, at("2026-12-30T10:00")).late_days == 2


def test_it_names_rule_calendar_and_every_move_in_both_languages(start, cast):
    clock = start("resolution", "2026-12-20T10:00", case="complex")
    clocks.extend(clock_id=clock.pk, days=2, reason="等待批复", post_id=None, at=at("2026-12-22T10:00"))
    clock.refresh_from_db()
    shown = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            shown[language] = wording.component(
                certificate(clock, at("2026-12-22T12:00")), at("2026-12-22T12:00"), start="交办"
            )
    english, chinese = shown["en"], shown["zh-hans"]
    assert english["rule"] == (
        "Resolution: 30 working days, counted from the day after the start, until 18:00 of the last day. "
        "Time rule version 1, calendar edition 1."
    )
    assert "30 个工作日" in chinese["rule"]
    assert any("等待批复" in line for line in chinese["lines"])
    assert any("Provisional" in line for line in english["lines"])
    assert english["days"][0] | {"text": "", "date": ""} == {
        "date": "", "text": "", "note": "交办", "weekday": 7, "tone": "", "start": True, "today": False, "due": False,
        "provisional": False,
    }  # fmt: skip
    assert chinese["days"][-1]["due"]
    assert all(line.isascii() is False for line in chinese["lines"])
