"""How often may one caller do a thing: fixed windows counted in PostgreSQL by one upsert, so they hold with Redis down.

    wait = ratelimit.hit("verify", address, limit=60, seconds=60)
    if wait:
        return too_many(request, wait)

Call it outside the transaction of the act: what is rolled back was not counted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from common.models import RateWindow

_COUNT = """
INSERT INTO common_ratewindow AS window_ (name, key, starts_at, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (name, key, starts_at) DO UPDATE SET count = window_.count + 1
RETURNING count
"""


def hit(name: str, key: str | None, *, limit: int, seconds: int) -> int:
    """Count one more; 0 while at most ``limit`` fell into the present window, else the seconds until the next one.

    ``name`` is the limit's, ``key`` the caller's (an address, a token; None for all callers together). Real time, never
    the ``--now`` of a command.
    """
    now = timezone.now()
    start = _start(now, seconds)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [name, _digest(name, key), start])
        (count,) = cursor.fetchone()
    return 0 if count <= limit else _left(now, start, seconds)


def exceeded(name: str, key: str | None, *, limit: int, seconds: int) -> int:
    """As :func:`hit`, but only looks: for limits that count failures alone."""
    now = timezone.now()
    start = _start(now, seconds)
    count = RateWindow.objects.filter(name=name, key=_digest(name, key), starts_at=start).values_list(
        "count", flat=True
    )
    return _left(now, start, seconds) if (count.first() or 0) >= limit else 0


def forget(before: datetime) -> int:
    """Drop windows that began before ``before``. The number of rows."""
    return RateWindow.objects.filter(starts_at__lt=before).delete()[0]


def _start(now: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _left(now: datetime, start: datetime, seconds: int) -> int:
    return max(1, -int((now - start - timedelta(seconds=seconds)).total_seconds() // 1))


def _digest(name: str, key: str | None) -> str:
    return salted_hmac(f"common.ratelimit.{name}", key or "", algorithm="sha256").hexdigest()
