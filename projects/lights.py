"""The light of a day by which something is to be done: the same words and limits as a clock's (PRODUCT.md §2), in days.

Yellow from the working day before, overdue from the day after, red once three working days have gone by since.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Q, Value, When

from deadlines import calendar
from deadlines.states import Light


def of_day(field: str, day: date, *, none_if: Q, none: str | None = Light.GREEN) -> Case:
    """The light of the date in ``field`` as it stands on ``day``, as an expression; ``none`` where ``none_if`` holds.
    The limits are three dates of the calendar, so that the database only compares."""
    table = calendar.current()
    red_before = table.add_working_days(day - timedelta(days=1), -2)
    yellow_until = table.add_working_days(day, 1)
    whens: list[Any] = [
        When(none_if, then=Value(none)),
        When(Q(**{f"{field}__lt": red_before}), then=Value(Light.RED.value)),
        When(Q(**{f"{field}__lt": day}), then=Value(Light.OVERDUE.value)),
        When(Q(**{f"{field}__lte": yellow_until}), then=Value(Light.YELLOW.value)),
    ]
    return Case(*whens, default=Value(Light.GREEN.value), output_field=CharField(null=True))
