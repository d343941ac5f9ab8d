"""What the beat tells of by itself, each thing once: figures of a month that are missing, the report of a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from common import clock
from projects import grid, messages, week
from projects.models import MonthFigure

FRIDAY_REPORT = timedelta(hours=17)


def remind_of_months(*, now: datetime) -> int:
    """After the 25th each unit whose projects have no figure for the month before; after the 28th statistics, where it
    has not answered. Each once per month, however often it is called. Returns the number of notices."""
    today = clock.local(now).date()
    month, told = grid.month_before(today), 0
    if today > messages.entered_by(month):
        for unit in grid.owing(month).order_by("unit").values_list("unit", flat=True).distinct():
            told += messages.tell_of_missing_month(unit, month, at=now)
    waiting = MonthFigure.objects.filter(month=month, actual__isnull=False, included__isnull=True)
    if today > messages.answered_by(month) and waiting.exists():
        told += messages.tell_of_missing_answers(month, at=now)
    return told


@transaction.atomic
def tell_of_friday(*, now: datetime) -> int:
    """The report of the last Friday, from 17:00 of that day: frozen as it stands then; each reader hears of it once,
    even from a late beat."""
    moment = clock.local(now)
    friday = week.friday_of((moment - FRIDAY_REPORT).date())
    week.freeze(friday, now)
    return messages.tell_of_friday(friday, at=now)
