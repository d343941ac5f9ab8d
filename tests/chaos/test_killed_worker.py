"""R1 in its short form: the worker is killed with -9 ten times while it sweeps 500 due reminders."""

from __future__ import annotations

import random
import time
from datetime import timedelta

from django.db.models import Count

from common import clock
from config.celery import app
from deadlines.models import Clock, Reminder
from deadlines.services import clocks
from deadlines.states import Rung
from notices.models import Notice
from tests.processes import wait_until

DUE, KILLS = 500, 10
SLOW = (
    "celery",
    "-A",
    "tests.chaos.slow",
    "worker",
    "--concurrency=1",
    "--without-mingle",
    "--without-gossip",
    "-l",
    "INFO",
)


def ring() -> None:
    app.send_task("deadlines.tasks.ring_sweep")


def _grows(before: int, patience: float = 20) -> None:
    end = time.monotonic() + patience
    while Notice.objects.count() <= before < DUE and time.monotonic() < end:
        time.sleep(0.01)


def test_500_reminders_10_kills_none_lost_none_double(live, processes):
    starts = [
        clocks.Start(
            subject_kind="issue", subject_id=1_000_000 + n, subject_ref=f"WT2026-9{n:05d}", kind="feedback",
            at=clock.now() - timedelta(days=20), holder_unit_id=live.power.pk,
        )
        for n in range(DUE)
    ]  # fmt: skip
    made = clocks.start_many(starts)
    # only the breach is due: one rung, one officer, one line in the inbox each
    now = clock.now()
    Clock.objects.filter(pk__in=[one.pk for one in made]).update(
        due_at=now - timedelta(minutes=1), next_rung=Rung.BREACH, next_rung_at=now - timedelta(minutes=1),
        red_at=now + timedelta(days=3), candidate_at=now + timedelta(days=5),
    )  # fmt: skip
    dice, midway = random.Random(7), 0
    for kill in range(KILLS + 1):
        last = kill == KILLS
        worker = processes.start(*SLOW, log=f"worker-{kill}")
        log = processes.logs / f"worker-{kill}.log"
        wait_until(lambda log=log: " ready." in log.read_text(), message=lambda log=log: log.read_text()[-2000:])
        ring()
        if last:
            break
        if kill % 2:
            _grows(Notice.objects.count())  # the kill falls between two batches, however busy the machine is
        else:
            time.sleep(dice.uniform(0.1, 0.8))
        processes.kill(worker)
        midway += 0 < Notice.objects.count() < DUE
    assert midway, "no kill fell into the middle"
    wait_until(lambda: Notice.objects.count() >= DUE, 120, lambda: log.read_text()[-2000:])
    time.sleep(2)
    inbox = Notice.objects.filter(user=live.power_officer.user, word="breach.feedback")
    assert inbox.count() == DUE == Notice.objects.count()
    assert not inbox.values("ref").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert Reminder.objects.count() == DUE
