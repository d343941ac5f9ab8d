"""manage.py assess, and what the beat calls."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.roles import Role
from assessments import tasks
from assessments.models import Run, ScoringScheme
from common import bootstrap, clock
from notices.models import Notice
from tests.assessments import factories as f
from tests.assessments.factories import t

pytestmark = pytest.mark.django_db


def assess(*args: str) -> str:
    out = StringIO()
    call_command("assess", *args, stdout=out)
    return out.getvalue()


def test_prints_the_ranking(settings):
    settings.LANGUAGE_CODE = "zh-hans"
    good, bad, few = f.unit("区市场监管局"), f.unit("区水务局"), f.unit("区经信局")
    f.good(good, 5)
    f.good(bad, 4)
    f.late(bad, 4)
    f.good(few, 1)
    text = assess("2026-06", "--now", "2026-07-01T06:00:00+08:00")
    lines = [line.split() for line in text.splitlines()]
    assert ["2026-06", "v1", "draft"] in lines
    assert next(line for line in lines if "区市场监管局" in line)[:5] == ["1", "区市场监管局", "5", "÷", "5"]
    assert next(line for line in lines if "区水务局" in line)[:5] == ["2", "区水务局", "4", "÷", "8"]
    assert "红牌" in text
    assert next(line for line in lines if "区经信局" in line)[0] == "—"
    assert Run.objects.get().computed_at == t("07-01 06:00")


def test_a_second_run_gives_the_same_draft():
    f.good(f.unit(), 5)
    first = assess("2026-06", "--now", "2026-07-01T06:00")
    assert assess("2026-06", "--now", "2026-07-01T06:00") == first
    assert Run.objects.count() == 1


@pytest.mark.parametrize(
    "args", [("2026-13",), ("June",), ("2026-06", "--now", "yesterday"), ("2026-06", "--now", "2026-05-01")]
)
def test_what_cannot_be_is_told_plainly(args):
    with pytest.raises(CommandError):
        assess(*args)
    assert not Run.objects.exists()


def test_an_empty_installation_can_be_assessed():
    assert "v1" in assess("2019-06")
    assert ScoringScheme.objects.get().version == 1


def test_bootstrap_brings_the_scheme_once():
    bootstrap.run()
    bootstrap.run()
    assert ScoringScheme.objects.count() == 1


def test_the_beat_on_the_1st_drafts_the_month_before():
    unit = f.unit()
    f.good(unit, 5)
    head = f.person(Role.UNIT_HEAD, unit)
    with clock.at(t("07-01 06:00")):
        tasks.monthly()
        tasks.monthly()
    run = Run.objects.get()
    assert (run.month, run.state) == ("2026-06", "draft")
    assert Notice.objects.filter(user=head.user, word="assess").count() == 1


def test_the_beat_on_the_20th_rehearses_the_month_that_runs():
    unit = f.unit()
    f.good(unit, 5)
    head = f.person(Role.UNIT_HEAD, unit)
    coordinator = f.person(Role.COORDINATOR, f.unit())
    with clock.at(t("06-20 06:00")):
        tasks.rehearse()
        tasks.rehearse()
    run = Run.objects.get()
    assert (run.month, run.state, run.version) == ("2026-06", "rehearsal", 0)
    assert Notice.objects.filter(user=head.user, word="rehearse").count() == 1
    assert not Notice.objects.filter(user=coordinator.user).exists()
    # The draft of the 1st is a run of its own.
    with clock.at(t("07-01 06:00")):
        tasks.monthly()
    assert set(Run.objects.values_list("state", flat=True)) == {"rehearsal", "draft"}


def test_a_month_that_is_over_is_not_rehearsed():
    from assessments import services
    from common.errors import Conflict

    with pytest.raises(Conflict):
        services.rehearse(month="2026-05", now=t("06-20 06:00"))


def test_the_beat_is_set():
    for name in ("monthly", "rehearse", "papers"):
        assert f"assessments.tasks.{name}" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
