"""Exactly once: three sweeps at a time over real connections, and sweeps killed with -9 in the middle.

Each protection has its control: with it switched off the same experiment shows a doubled or a missing rung.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models import F

from common.ops.place import ROOT
from deadlines import registry
from deadlines.models import Clock, Reminder
from deadlines.services import effects
from deadlines.services import sweep as sweeping
from notices.models import Delivery, Notice
from tests.deadlines.conftest import at
from tests.processes import environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("plugged")]

NOW = at("2026-12-10T00:00")
CLOCKS = 120
# Every claim takes a moment, so that sweeps really overlap.
NAP = "next_rung_at <= %(now)s AND (SELECT true FROM pg_sleep(0.2))"


@pytest.fixture
def due_clocks(start) -> None:
    """Their whole ladder lies behind: five rungs and seven notices each."""
    for _number in range(CLOCKS):
        start("feedback", "2026-11-19T10:00")


def at_once(count: int, work: Callable[[], object]) -> list[object]:
    """Run ``work`` in threads that begin together, each with a connection of its own."""
    gate = threading.Barrier(count)
    results: list[object] = []

    def run() -> None:
        try:
            gate.wait()
            results.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == count, "a sweep failed"
    return results


def rungs() -> Counter:
    return Counter(Reminder.objects.values_list("clock", "rung"))


def slow(statement: str) -> str:
    return statement.replace("next_rung_at <= %(now)s", NAP, 1)


def test_three_sweeps_at_once_are_one(due_clocks, monkeypatch):
    monkeypatch.setattr(sweeping, "STATEMENT", slow(sweeping.STATEMENT))
    results = at_once(3, lambda: sweeping.sweep(NOW, batch=20))
    assert sum(result.clocks for result in results) == CLOCKS
    assert sum(result.clocks > 0 for result in results) > 1, "they did not overlap"
    assert len(rungs()) == CLOCKS * 5
    assert set(rungs().values()) == {1}
    assert Notice.objects.count() == Delivery.objects.count() == CLOCKS * 7


@pytest.fixture
def without_key():
    [key] = [one for one in Reminder._meta.constraints if one.name == "rung_once"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Reminder, key)
    yield
    Reminder.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Reminder, key)


def test_without_claim_and_key_three_sweeps_double_the_rungs(due_clocks, without_key, monkeypatch):
    """The control: the experiment above can fail."""
    bare = slow(sweeping.STATEMENT).replace("FOR NO KEY UPDATE SKIP LOCKED", "")
    bare = bare.replace("ON CONFLICT (clock_id, rung, due_at) DO NOTHING", "")
    monkeypatch.setattr(sweeping, "STATEMENT", bare)
    at_once(3, lambda: sweeping.ring(NOW, sweeping.SweepResult(), batch=CLOCKS))
    assert max(rungs().values()) > 1


def test_an_effect_is_carried_out_once_by_three_sweeps_at_once(due_clocks):
    registry.on_rung("feedback", "breach", count_it)
    results = at_once(3, lambda: sweeping.sweep(NOW, batch=20))
    assert sum(result.effects for result in results) == CLOCKS
    assert sum(result.effects > 0 for result in results) > 1, "they did not overlap"
    assert set(Clock.objects.values_list("extended", flat=True)) == {1}


def test_without_the_claim_three_sweeps_carry_effects_out_twice(due_clocks, monkeypatch):
    """The control: look, act, mark as done, without a lock."""

    def careless(reminder_id, now):
        reminder = Reminder.objects.select_related("clock").waiting(5).filter(pk=reminder_id).first()
        if reminder is None:
            return None
        effects._handle(reminder, now)
        Reminder.objects.filter(pk=reminder_id).update(effect_done_at=now)
        return True

    monkeypatch.setattr(effects, "_carry_out", careless)
    registry.on_rung("feedback", "breach", count_it)
    sweeping.ring(NOW, sweeping.SweepResult())
    at_once(3, lambda: effects.carry_out(NOW, time.monotonic() + 60))
    assert max(Clock.objects.values_list("extended", flat=True)) > 1


def count_it(clock_id, reminder_id, now):
    time.sleep(0.01)
    Clock.objects.filter(pk=clock_id).update(extended=F("extended") + 1)


# Killed --------------------------------------------------------------------------------------------------------------

SWEEPER = f"""
import django; django.setup()
from datetime import datetime
from deadlines import registry
from deadlines.services import sweep as sweeping
registry.subject("thing", path="/app/things/{{ref}}/")
sweeping.STATEMENT = sweeping.STATEMENT.replace("next_rung_at <= %(now)s", {NAP.replace("0.2", "0.5")!r}, 1)
sweeping.sweep(datetime.fromisoformat({NOW.isoformat()!r}), batch=10)
"""
# The control: the advance is committed before the rungs are written.
HASTY = f"""
import django; django.setup()
import time
from datetime import datetime
from django.db import connection
now = datetime.fromisoformat({NOW.isoformat()!r})
for nap in [0, 60]:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE deadlines_clock SET next_rung = '', next_rung_at = NULL WHERE id IN (SELECT id FROM"
                       " deadlines_clock WHERE next_rung_at <= %s ORDER BY id LIMIT 10) RETURNING id", [now])
        ids = [row[0] for row in cursor.fetchall()]
        time.sleep(nap)
        cursor.execute("INSERT INTO deadlines_reminder (clock_id, rung, due_at, rung_at, recorded_at, imported,"
                       " effect_done_at, effect_attempts, effect_error) SELECT id, rung, due_at, due_at, %s, false, %s,"
                       " 0, '' FROM deadlines_clock, unnest(%s) AS rung WHERE id = ANY(%s)",
                       [now, now, ["day_before", "due_day", "breach", "escalate", "candidate"], ids])
"""  # noqa: S608 -- a constant


def kill_in_the_middle(script: str) -> bool:
    """Start a sweeping process and kill it with -9 once it has written something; False when it ended before."""
    before = Reminder.objects.count()
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment())
    try:
        deadline = time.monotonic() + 60
        while Reminder.objects.count() == before and process.poll() is None:
            assert time.monotonic() < deadline, "the sweeping process did nothing"
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    return process.returncode == -9


def wait_for_quiet() -> None:
    """Killing a client does not stop its statement: the server ends it and commits."""
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"
            )
            if cursor.fetchone()[0] == 0:
                return
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_sweeps_killed_in_the_middle_lose_and_double_nothing(due_clocks):
    # Two in the suite; any number by hand with BIHUAN_KILLS.
    kills = int(os.environ.get("BIHUAN_KILLS", "2"))
    assert sum(kill_in_the_middle(SWEEPER) for _round in range(kills)) == kills
    wait_for_quiet()
    left = Clock.objects.filter(next_rung_at__lte=NOW).count()
    assert 0 < left < CLOCKS, "they were not killed in the middle"
    sweeping.sweep(NOW)
    assert len(rungs()) == CLOCKS * 5
    assert set(rungs().values()) == {1}
    assert Notice.objects.count() == Delivery.objects.count() == CLOCKS * 7
    assert set(Clock.objects.values_list("breached_at", flat=True)) == {at("2026-11-24T18:00")}
    assert sweeping.sweep(NOW + timedelta(minutes=1)).rungs == 0


def test_advancing_before_recording_loses_rungs_when_killed(due_clocks):
    """The control: the experiment above can fail."""
    assert kill_in_the_middle(HASTY)
    wait_for_quiet()
    sweeping.sweep(NOW)
    assert len(rungs()) < CLOCKS * 5
