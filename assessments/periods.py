"""The period of an assessment: a calendar month in Asia/Shanghai, from 00:00 of the 1st up to 00:00 of the next 1st."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.clock import SHANGHAI, local

MONTH = re.compile(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Period:
    """``starts_at``, ``ends_at``: the month. ``window_at``: where the longer window begins. ``cut_at``: what happened
    later isn't seen; it is the month's end, or now while the month still runs."""

    month: str
    window_at: datetime
    starts_at: datetime
    ends_at: datetime
    cut_at: datetime

    @property
    def over(self) -> bool:
        return self.cut_at == self.ends_at

    @property
    def last_day(self) -> date:
        return local(self.ends_at).date() - timedelta(days=1)


def parse(month: str) -> date:
    """The first day of ``YYYY-MM``."""
    if not MONTH.fullmatch(month):
        raise ValidationError({"month": [_("Give the month as YYYY-MM.")]}, code="month")
    return date(int(month[:4]), int(month[5:]), 1)


def shift(first: date, months: int) -> date:
    """The first day of the month that lies ``months`` after the month of ``first``."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def month_of(instant: datetime) -> str:
    return f"{local(instant):%Y-%m}"


def before(month: str) -> str:
    return f"{shift(parse(month), -1):%Y-%m}"


def instant(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def of(month: str, *, window: int, now: datetime) -> Period:
    first = parse(month)
    starts_at, ends_at = instant(first), instant(shift(first, 1))
    if now < starts_at:
        raise ValidationError({"month": [_("This month has not begun yet.")]}, code="month")
    return Period(month, instant(shift(first, 1 - window)), starts_at, ends_at, min(ends_at, now))
