"""R1 in its short form: the worker is killed with -9 ten times while it sweeps 500 due reminders."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import Count

from common import clock
from common.ops.place import ROOT
from common.ops.process import dies_with_parent
from config.celery import app
from deadlines.models import Clock, Reminder
from deadlines.services import clocks
from deadlines.states import Rung
from notices.models import Notice
from tests.processes import environment, wait_until

DUE, KILLS = 500, 10


class Workers:
    """Slow workers, one after the other (see ``slow``)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.slow"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )
        self.log = folder / "none"

    def start(self) -> int:
        self.log = self.folder / f"worker-{len(list(self.folder.iterdir()))}.log"
        assert self.nursery.stdin
        assert self.nursery.stdout
        print(self.log, file=self.nursery.stdin, flush=True)
        worker = int(self.nursery.stdout.readline())
        wait_until(lambda: self.log.exists() and " ready." in self.log.read_text(), message=self.said)
        return worker

    def said(self) -> str:
        return self.log.read_text()[-2000:]


@pytest.fixture
def workers(live, tmp_path) -> Iterator[Workers]:
    """The last one dies with the one that made it."""
    folder = tmp_path / "workers"
    folder.mkdir()
    made = Workers(folder)
    yield made
    made.nursery.kill()
    made.nursery.wait()


def ring() -> None:
    app.send_task("deadlines.tasks.ring_sweep")


def _grows(before: int, patience: float = 20) -> None:
    end = time.monotonic() + patience
    while Notice.objects.count() <= before < DUE and time.monotonic() < end:
        time.sleep(0.01)


def test_500_reminders_10_kills_none_lost_none_double(live, workers):
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
        worker = workers.start()
        ring()
        if last:
            break
        if kill % 2:
            _grows(Notice.objects.count())  # the kill falls between two batches, however busy the machine is
        else:
            time.sleep(dice.uniform(0.1, 0.8))
        os.killpg(worker, signal.SIGKILL)
        midway += 0 < Notice.objects.count() < DUE
    assert midway, "no kill fell into the middle"
    wait_until(lambda: Notice.objects.count() >= DUE, 120, workers.said)
    time.sleep(2)
    inbox = Notice.objects.filter(user=live.power_officer.user, word="breach.feedback")
    assert inbox.count() == DUE == Notice.objects.count()
    assert not inbox.values("ref").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert Reminder.objects.count() == DUE
