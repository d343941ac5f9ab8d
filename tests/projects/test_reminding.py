"""What the beat tells by itself: late figures, missing answers, the week's report. Each once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.conf import settings

from accounts.models import Post
from accounts.roles import Role
from common import clock
from notices.messages import sentence
from notices.models import Notice
from projects import tasks
from projects.models import MonthFigure, Project, YearPlan
from projects.services import remind_of_months, tell_of_friday
from tests.accounts import cast
from tests.projects.planning import project

pytestmark = pytest.mark.django_db
LONG_AGO = clock.parse("2020-01-01T00:00")


def at(day: int, hour: int = 9) -> datetime:
    return clock.parse(f"2026-04-{day:02}T{hour:02}:30")


def planned() -> Project:
    made = project()
    YearPlan.objects.create(project=made, year=2026, amount=Decimal(100))
    return made


def post(role: str, unit: object = None) -> Post:
    made = cast.post(role, unit or cast.unit())
    Post.objects.filter(pk=made.pk).update(starts_at=LONG_AGO)
    return made


def test_who_is_late_is_told_once() -> None:
    late, done, planless = planned(), planned(), project()
    entered = MonthFigure.objects.create(project=done, month=date(2026, 3, 1), actual=5)
    told = {post(role, late.unit).user for role in (Role.UNIT_OFFICER, Role.UNIT_HEAD)}
    for one in (done, planless):
        post(Role.UNIT_OFFICER, one.unit)
    counter = post(Role.STATISTICS)
    assert remind_of_months(now=at(25)) == 0  # the 25th is in time
    assert [remind_of_months(now=at(26)) for _n in range(3)] == [2, 0, 0]
    assert {notice.user for notice in Notice.objects.filter(word="enter_months")} == told
    notice = Notice.objects.filter(word="enter_months").first()
    assert (notice.ref, notice.path) == ("2026-03", "/app/investment/?month=2026-03")
    assert "2026-03" in sentence(notice)
    assert remind_of_months(now=at(28)) == 0
    assert [remind_of_months(now=at(29)) for _n in range(2)] == [1, 0]
    assert Notice.objects.get(word="answer_months").user == counter.user
    MonthFigure.objects.filter(pk=entered.pk).update(included=True)
    Notice.objects.all().delete()
    assert remind_of_months(now=at(29)) == 2  # statistics has answered
    assert not Notice.objects.filter(word="answer_months").exists()


def test_a_project_that_is_over_owes_nothing() -> None:
    made = planned()
    post(Role.UNIT_OFFICER, made.unit)
    Project.objects.update(stage="terminated")
    assert remind_of_months(now=at(27)) == 0


def test_every_friday_once() -> None:
    readers = {post(role).user for role in (Role.COORDINATOR, Role.DISCIPLINE)}
    post(Role.CHIEF)
    friday, saturday = at(24, 17), at(25, 17)
    assert tell_of_friday(now=at(24, 16)) == 2  # before five: that of the week before
    assert [tell_of_friday(now=moment) for moment in (friday, friday, saturday)] == [2, 0, 0]
    assert {notice.user for notice in Notice.objects.filter(ref="2026-04-24")} == readers
    assert Notice.objects.filter(path="/app/approvals/friday/?day=2026-04-24").count() == 2
    assert tell_of_friday(now=clock.parse("2026-05-02T09:00")) == 2  # a beat that stood still on Friday


def test_the_beat_calls_them() -> None:
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"projects.tasks.remind", "projects.tasks.friday"} <= named
    post(Role.COORDINATOR)
    with clock.at(at(29)):
        tasks.remind()
        tasks.friday()
    assert Notice.objects.filter(word="friday").count() == 1
