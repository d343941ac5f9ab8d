"""A milestone of the plan and the day of the project are one fact, whoever writes it."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.actors import Actor
from common import clock
from common.errors import Conflict
from projects.models import PlanItem, Project
from projects.services import (
    correct_date,
    finish_item,
    grant_revision,
    record_date,
    refuse_item,
    revise_item,
    start_item,
)
from tests.projects.planning import approval, item, officer, project

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _in_june():
    with clock.at(clock.parse("2026-06-15T10:00")):
        yield


def milestone(of: Project) -> PlanItem:
    return item(of, "milestone", key="started", end=DAY)


def told(one: PlanItem) -> tuple[str, date | None]:
    one.refresh_from_db()
    return one.state, one.ended_on


def test_a_recorded_day_is_the_milestones(coordinator: Actor) -> None:
    of = project()
    one, other = milestone(of), item(of, "milestone", key="completed", end=DAY)
    assert Project.objects.with_light(clock.today()).get(pk=of.pk).light == "red"
    record_date(actor=officer(of), code=of.code, field="started_on", on=DAY)
    assert told(one) == ("done", DAY)
    assert told(other) == ("pending", None)
    correct_date(actor=coordinator, code=of.code, field="started_on", on=date(2026, 3, 5), reason="笔误")
    assert told(one) == ("done", date(2026, 3, 5))
    correct_date(actor=coordinator, code=of.code, field="started_on", on=None, reason="并未开工")
    assert told(one) == ("pending", None)


def test_what_is_not_needed_stays_so(coordinator: Actor) -> None:
    of = project()
    one = milestone(of)
    PlanItem.objects.filter(pk=one.pk).update(state="dropped")
    record_date(actor=officer(of), code=of.code, field="started_on", on=DAY)
    assert told(one) == ("dropped", None)


def test_a_finished_milestone_is_the_projects_day() -> None:
    of = project()
    finish_item(actor=officer(of), item_id=milestone(of).pk, on=DAY)
    of.refresh_from_db()
    assert of.started_on == DAY


@pytest.mark.parametrize("ends", ["finish", "refuse"])
def test_a_later_date_that_waits_is_void_with_its_item(ends: str, coordinator: Actor) -> None:
    of = project()
    one = approval(of)
    start_item(actor=officer(of), item_id=one.pk)
    PlanItem.objects.filter(pk=one.pk).update(planned_end=date(2026, 7, 1))
    later = {"planned_start": None, "planned_end": date(2026, 8, 1), "reason": "等材料"}
    revise_item(actor=officer(of), item_id=one.pk, **later)
    if ends == "finish":
        finish_item(actor=officer(of), item_id=one.pk)
    else:
        refuse_item(actor=officer(of), item_id=one.pk, text="不符合规划")
    revision = one.revisions.get()
    assert (revision.granted, revision.ruled_by) == (False, None)
    with pytest.raises(Conflict):
        grant_revision(actor=coordinator, item_id=one.pk)
