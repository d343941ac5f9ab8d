"""The one source of "now". Commands with ``--now`` and tests set it; nothing else reads the wall clock in a rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_datetime

SHANGHAI = ZoneInfo("Asia/Shanghai")
_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC; the fixed one inside :func:`at`."""
    return _fixed.get() or timezone.now().astimezone(UTC)


def today() -> date:
    """The present date in Asia/Shanghai."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    return instant.astimezone(SHANGHAI)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let ``now()`` answer ``instant`` inside the block."""
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def parse(text: str) -> datetime:
    """An ISO 8601 time; without offset it is Asia/Shanghai. ValueError when it is none."""
    value = parse_datetime(text.strip().replace(" ", "T", 1) if "T" not in text else text.strip())
    if value is None:
        value = datetime.fromisoformat(text.strip())
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
