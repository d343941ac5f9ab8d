"""The day ledger."""

from __future__ import annotations

import random
from datetime import timedelta

from deadlines import calendar
from deadlines.calendar import Calendar, Day
from deadlines.ledger import Held, Span, day_ledger, totals
from deadlines.services import editions
from tests.deadlines.conftest import at

CHINA = Calendar(Day(*row) for row in editions._days({}, frozenset()))


def test_lateness_belongs_to_whoever_lost_the_days_not_to_the_last_holder():
    rows = day_ledger(
        CHINA,
        [
            Span("water", at("2026-11-16T10:00"), at("2026-11-24T10:00"), due_at=at("2026-11-19T18:00")),
            Span("power", at("2026-11-24T10:00"), at("2026-11-26T10:00"), due_at=at("2026-11-27T18:00")),
        ],
    )
    assert rows == [Held("water", 5, 2), Held("power", 3, 0)]


def test_the_same_holder_twice_is_two_stays_and_one_total():
    spans = [
        Span("water", at("2026-11-16T10:00"), at("2026-11-18T10:00")),
        Span("enterprise", at("2026-11-18T10:00"), at("2026-11-20T10:00")),
        Span("water", at("2026-11-20T10:00"), at("2026-11-24T10:00"), due_at=at("2026-11-23T18:00")),
    ]
    rows = day_ledger(CHINA, spans)
    assert [(row.holder, row.days) for row in rows] == [("water", 1), ("enterprise", 2), ("water", 3)]
    assert totals(rows) == {"water": (4, 1), "enterprise": (2, 0)}


def test_a_day_belongs_to_its_holder_at_close_of_business():
    spans = [
        Span("a", at("2026-11-16T10:00"), at("2026-11-17T17:00")),
        Span("b", at("2026-11-17T17:00"), at("2026-11-18T09:30")),
        Span("c", at("2026-11-18T09:30"), at("2026-11-18T10:00")),
    ]
    assert day_ledger(CHINA, spans) == [Held("b", 1, 0), Held("c", 1, 0)]


def test_done_before_due_on_the_due_day_is_not_late():
    spans = [Span("a", at("2026-11-16T10:00"), at("2026-11-17T14:00"), due_at=at("2026-11-17T15:00"))]
    assert day_ledger(CHINA, spans) == [Held("a", 1, 0)]
    assert day_ledger(CHINA, []) == []


def test_the_days_add_up_to_the_working_days_of_the_case():
    dice = random.Random(1)
    for _number in range(300):
        begin = now = at("2026-09-01T00:00") + timedelta(minutes=dice.randrange(0, 60 * 24 * 60))
        spans = []
        for _stay in range(dice.randrange(1, 7)):
            end = now + timedelta(minutes=dice.randrange(0, 9 * 24 * 60))
            spans.append(Span(dice.choice("abc"), now, end))
            now = end
        total = sum(row.days for row in day_ledger(CHINA, spans))
        assert total == CHINA.working_days_between(calendar.day_of(begin), calendar.day_of(now))
