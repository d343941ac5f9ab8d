"""Limits are rows: they count across processes, hold with Redis down, and begin anew in the next window."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from common import ratelimit
from common.models import RateWindow

pytestmark = pytest.mark.django_db

NOON = "2026-11-20T12:00:12+08:00"


def test_the_limit_is_reached_and_ends_with_its_window():
    with time_machine.travel(NOON, tick=False) as clock:
        assert [ratelimit.hit("verify", "10.0.0.1", limit=3, seconds=60) for _ in range(4)] == [0, 0, 0, 48]
        clock.shift(timedelta(seconds=47))
        assert ratelimit.hit("verify", "10.0.0.1", limit=3, seconds=60) == 1
        clock.shift(timedelta(seconds=1))
        assert ratelimit.hit("verify", "10.0.0.1", limit=3, seconds=60) == 0


def test_callers_and_limits_are_counted_apart():
    assert ratelimit.hit("verify", "10.0.0.1", limit=1, seconds=3600) == 0
    assert ratelimit.hit("verify", "10.0.0.1", limit=1, seconds=3600) > 0
    assert ratelimit.hit("verify", "10.0.0.2", limit=1, seconds=3600) == 0
    assert ratelimit.hit("track", "10.0.0.1", limit=1, seconds=3600) == 0
    assert ratelimit.hit("verify", None, limit=1, seconds=3600) == 0


def test_looking_does_not_count():
    with time_machine.travel(NOON, tick=False):
        assert [ratelimit.exceeded("track", "10.0.0.1", limit=1, seconds=60) for _ in range(3)] == [0, 0, 0]
        ratelimit.hit("track", "10.0.0.1", limit=1, seconds=60)
        assert ratelimit.exceeded("track", "10.0.0.1", limit=1, seconds=60) == 48


def test_no_address_is_kept_and_old_windows_go():
    ratelimit.hit("verify", "10.0.0.1", limit=1, seconds=60)
    assert "10.0.0.1" not in RateWindow.objects.get().key
    assert ratelimit.forget(timezone.now() - timedelta(hours=1)) == 0
    assert ratelimit.forget(timezone.now() + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_callers_get_exactly_the_limit():
    def call(_: int) -> int:
        try:
            return ratelimit.hit("verify", "10.0.0.1", limit=20, seconds=3600)
        finally:
            connection.close()

    with time_machine.travel(NOON), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(60)))
    assert sum(answer == 0 for answer in answers) == 20
    assert RateWindow.objects.get().count == 60
