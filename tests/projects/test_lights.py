"""The light of a planned day, against a rule of its own; and of a project the worst of its open items."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import SYSTEM
from deadlines import calendar
from projects.models import PlanItem, Project
from projects.services import create_project
from projects.states import ItemState

pytestmark = pytest.mark.django_db
BEGIN = date(2026, 2, 5)  # before a long holiday with make-up weekends


@pytest.fixture
def project() -> Project:
    return create_project(actor=SYSTEM, code="P1", name="项目")


def item(project: Project, end: date | None, state: str = ItemState.PENDING) -> PlanItem:
    key = f"k{project.plan.count()}"
    return PlanItem.objects.create(project=project, key=key, kind="task", name=key, planned_end=end, state=state)


def by_rule(end: date, day: date) -> str:
    """Counted one day after the other."""
    if end < day:
        since = [end + timedelta(days=n) for n in range(1, (day - end).days)]
        return "red" if sum(map(calendar.is_working, since)) >= 3 else "overdue"
    between = [day + timedelta(days=n) for n in range(1, (end - day).days)]
    return "green" if any(map(calendar.is_working, between)) else "yellow"


def test_against_the_rule(project: Project) -> None:
    """Every end against every day around the spring festival, on which days off and make-up weekends lie."""
    days = [BEGIN + timedelta(days=n) for n in range(30)]
    for end in days:
        item(project, end)
    for day in days:
        found = PlanItem.objects.with_light(day)
        assert {one.planned_end: one.light for one in found} == {end: by_rule(end, day) for end in days}
    assert {by_rule(end, day) for end in days for day in days} == {"green", "yellow", "overdue", "red"}


def test_what_is_done_has_none(project: Project) -> None:
    for state in ItemState:
        item(project, BEGIN, state)
    found = {one.state: one.light for one in PlanItem.objects.with_light(BEGIN + timedelta(days=40))}
    assert found == {state: "red" if state in ("pending", "running") else None for state in ItemState}


def test_a_projects_is_its_worst(project: Project, django_assert_num_queries) -> None:
    day = BEGIN + timedelta(days=40)

    def light() -> str:
        return Project.objects.with_light(day).get(pk=project.pk).light

    calendar.current()
    with django_assert_num_queries(2):  # the calendar's number, and the row
        assert light() == "green"
    item(project, None)
    item(project, day + timedelta(days=60))
    item(project, BEGIN, ItemState.DONE)
    assert light() == "green"
    item(project, day)
    assert light() == "yellow"
    late = item(project, day - timedelta(days=1))
    assert light() == "overdue"
    item(project, BEGIN)
    assert light() == "red"
    assert Project.objects.with_light(day).get().next_due == BEGIN
    assert set(Project.objects.with_light(day).filter(light="red")) == {project}
    project.stage = "terminated"
    project.save()
    assert light() == "green"
    assert late.project == project
