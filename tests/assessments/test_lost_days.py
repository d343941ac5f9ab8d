"""One definition of a lost day: what a month freezes is what the day ledger says, on stays drawn at random."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from assessments import services
from assessments.models import FrozenCase
from deadlines import calendar
from deadlines.ledger import Span, day_ledger, totals
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db

CUT = t("07-01 00:00")
BEGIN = t("05-04 09:00")
CASES = 80


def drawn(dice: random.Random) -> list[tuple[str, datetime, datetime]]:
    """Stays without a gap until after the month; many of them end on the hour of closing."""
    stays, now = [], BEGIN + timedelta(minutes=dice.randrange(60 * 24 * 20))
    while now < CUT:
        end = now + timedelta(minutes=dice.randrange(1, 60 * 24 * 9))
        if dice.random() < 0.2:
            end = max(calendar.close_of_business(calendar.day_of(end)), now + timedelta(minutes=1))
        stays.append((dice.choice(("unit", "unit", "unit", "suspended", "other", "desk")), now, end))
        now = end
    return stays


def expected(stays: list[tuple[str, datetime, datetime]], due: datetime, done: datetime | None) -> int:
    """The late days of the unit by the ledger, over the whole case until the month's last instant."""
    last = CUT - timedelta(microseconds=1)
    spans = [
        Span(who, begin, min(end, last), due if who == "unit" and (done is None or begin < done) else None)
        for who, begin, end in stays
    ]
    return totals(day_ledger(calendar.current(), spans)).get("unit", (0, 0))[1]


def test_frozen_lost_days_are_those_of_the_day_ledger():
    dice = random.Random(20260622)
    unit, other = f.unit(), f.unit()
    holders = {"unit": unit, "suspended": unit, "other": other, "desk": None}
    wanted: dict[str, int] = {}
    for _number in range(CASES):
        stays = drawn(dice)
        ends = [end for who, _begin, end in stays if who == "unit" and end < CUT]
        done = dice.choice([*ends, None])
        due = stays[0][1] + timedelta(days=1, minutes=dice.randrange(60 * 24 * 30))
        if due >= CUT or (done is not None and done < t("06-01 00:00")):
            continue
        case = f.issue(unit, at=stays[0][1])
        f.clock(unit, due, done, of=case, held=False, started=stays[0][1])
        for who, begin, end in stays:
            state = "suspended" if who == "suspended" else "handling"
            f.span(case, holders[who], begin, end if end < CUT else None, state=state)
        wanted[case.number] = expected(stays, due, done)
    run = services.assess(month=MONTH, now=NOW)
    frozen = FrozenCase.objects.filter(run=run, unit=unit, indicator="completion")
    assert dict(frozen.values_list("ref", "lost_days")) == wanted
    assert len(wanted) > CASES / 2
    assert sum(wanted.values()) > 100
    assert 0 in wanted.values()
