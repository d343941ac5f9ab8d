"""The plan: items, templates, dates that move earlier for nothing and later with consent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import AuditEntry
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from deadlines import calendar
from notices.models import Notice
from projects import bootstrap
from projects.models import PlanItem, PlanTemplate, Project
from projects.services import add_item, deny_revision, grant_revision, plan_from_template, revise_item
from projects.services.plan import templates_for
from projects.states import ItemState
from tests.accounts import cast
from tests.projects.planning import approval, item, officer, project

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def test_add_item(coordinator: Actor) -> None:
    of = project()
    made = add_item(
        actor=coordinator,
        project_id=of.pk,
        kind="approval",
        name=" 环评 ",
        planned_start=DAY,
        planned_end=DAY + timedelta(days=9),
        promised_days=8,
        statutory_days=60,
        day_kind="cd",
    )
    assert (made.name, made.baseline_start, made.baseline_end) == ("环评", DAY, DAY + timedelta(days=9))
    assert AuditEntry.objects.get(act="add_item").object_ref == of.code
    second = item(of)
    assert second.order > made.order
    assert second.key != made.key


def test_an_item_is_refused(coordinator: Actor) -> None:
    of = project()
    item(of, "milestone", key="signed")

    def wrong(**fields: object) -> list[str]:
        given = {"kind": "task", "name": "事项", **fields}
        with pytest.raises(ValidationError) as caught:
            add_item(actor=coordinator, project_id=of.pk, **given)
        return list(caught.value.message_dict)

    assert wrong(planned_start=DAY, planned_end=DAY - timedelta(days=1)) == ["planned_end"]
    assert wrong(kind="milestone", key="signed") == ["key"]  # a second time
    assert wrong(kind="milestone") == ["key"]
    assert wrong(key="started") == ["key"]  # a milestone's, but it is a task
    assert wrong(name=" ") == ["name"]
    assert wrong(kind="nothing") == ["kind"]
    with pytest.raises(TypeError):
        add_item(actor=coordinator, project_id=of.pk, kind="task", name="x", state="done")


def test_who_plans(coordinator: Actor) -> None:
    of = project()
    given = {"project_id": of.pk, "kind": "task", "name": "事项"}
    with pytest.raises(PermissionDenied):
        add_item(actor=officer(of), **given)
    with pytest.raises(PermissionDenied):
        add_item(actor=cast.actor(Role.SUPERVISOR), **given)
    with pytest.raises(NotVisible):
        add_item(actor=cast.actor(Role.UNIT_OFFICER), **given)
    Project.objects.filter(pk=of.pk).update(stage="terminated")
    with pytest.raises(Conflict):
        add_item(actor=coordinator, **given)


# --- templates -------------------------------------------------------------------------------------------------------


def test_plan_from_template(coordinator: Actor) -> None:
    assert bootstrap.plan_templates() == "3"
    assert bootstrap.plan_templates() is None
    of = project(approval_type="filing")
    item(of, "milestone", key="signed", end=DAY)
    template = PlanTemplate.objects.get(name="备案类项目全流程")
    made = plan_from_template(actor=coordinator, project_id=of.pk, template_id=template.pk, starts_on=DAY)
    assert len(made) == template.items.count() - 1  # signing is there already
    found = {one.key: one for one in of.plan.all()}
    assert found["signed"].planned_end == DAY
    assert (found["talks"].planned_start, found["talks"].planned_end) == (DAY, DAY)
    parallel = [found[key] for key in ("land_permit", "land", "environment", "safety", "energy")]
    assert len({(one.planned_start, one.planned_end) for one in parallel}) == 1
    permit = found["construction_permit"]
    assert (permit.kind, permit.statutory_days, permit.promised_days) == ("approval", 7, 3)
    assert permit.baseline_end == permit.planned_end
    assert plan_from_template(actor=coordinator, project_id=of.pk, template_id=template.pk, starts_on=DAY) == []


def test_an_approval_is_planned_from_a_working_day_to_the_end_of_its_promise(coordinator: Actor) -> None:
    bootstrap.plan_templates()
    of = project()
    for start in (date(2026, 3, 2), date(2026, 3, 7)):  # a Monday and a Saturday
        for template in templates_for(of):
            plan_from_template(actor=coordinator, project_id=of.pk, template_id=template.pk, starts_on=start)
    planned = list(of.plan.filter(kind="approval", promised_days__isnull=False, day_kind="wd"))
    assert len(planned) > 5
    for one in planned:
        assert calendar.is_working(one.planned_start)
        assert calendar.working_days_between(one.planned_start, one.planned_end) == one.promised_days


def test_the_promised_days_are_those_of_the_source() -> None:
    bootstrap.plan_templates()

    def longest(name: str) -> int:
        """Side by side counts once."""
        rows = PlanTemplate.objects.get(name=name).items.filter(kind="approval")
        return sum({row.offset: row.promised_days for row in rows.order_by("promised_days")}.values())

    assert longest("备案类项目全流程") == 34
    assert longest("小型低风险项目") == 11
    assert {row.day_kind for row in PlanTemplate.objects.get(name="小型低风险项目").items.filter(kind="approval")} == {
        "cd"
    }


def test_only_a_template_that_fits(coordinator: Actor) -> None:
    bootstrap.plan_templates()
    of = project(approval_type="filing")
    for name, change in (("核准类项目全流程", {}), ("备案类项目全流程", {"ends_on": date(2020, 1, 1)})):
        PlanTemplate.objects.filter(name=name).update(**change)
        pk = PlanTemplate.objects.get(name=name).pk
        with pytest.raises(ValidationError):
            plan_from_template(actor=coordinator, project_id=of.pk, template_id=pk, starts_on=DAY)
    assert not of.plan.exists()


# --- dates -----------------------------------------------------------------------------------------------------------


def move(one: PlanItem, actor: Actor, to: date | None, reason: str = "天气") -> PlanItem:
    revise_item(actor=actor, item_id=one.pk, planned_start=None, planned_end=to, reason=reason)
    one.refresh_from_db()
    return one


def test_earlier_is_free() -> None:
    of = project()
    one = item(of, end=DAY)
    for days in (5, 5, 9):
        move(one, officer(of), DAY - timedelta(days=days))
    assert (one.planned_end, one.baseline_end) == (DAY - timedelta(days=9), DAY)
    assert [revision.granted for revision in one.revisions.all()] == [True] * 3
    assert not Notice.objects.filter(word="revise_item").exists()


def test_later_waits_for_consent(coordinator: Actor) -> None:
    of = project()
    one, who, later = item(of, end=DAY), officer(of), DAY + timedelta(days=10)
    assert move(one, who, later).planned_end == DAY
    assert Notice.objects.get(word="revise_item").user == coordinator.user
    with pytest.raises(Conflict):  # one at a time
        move(one, who, DAY + timedelta(days=20))
    with pytest.raises(PermissionDenied):
        grant_revision(actor=who, item_id=one.pk)
    grant_revision(actor=coordinator, item_id=one.pk, ruling="同意")
    one.refresh_from_db()
    assert (one.planned_end, one.baseline_end) == (later, DAY)  # both stay visible
    assert Notice.objects.get(word="grant_revision").user == who.user
    with pytest.raises(Conflict):
        grant_revision(actor=coordinator, item_id=one.pk)


def test_no_date_at_all_is_later(coordinator: Actor) -> None:
    one = item(project(), end=DAY)
    assert move(one, officer(one.project), None).planned_end == DAY
    fresh = item(one.project)
    assert move(fresh, officer(one.project), DAY).baseline_end == DAY  # its first date is free


def test_denied(coordinator: Actor) -> None:
    one = item(project(), end=DAY)
    move(one, officer(one.project), DAY + timedelta(days=1))
    with pytest.raises(ValidationError):
        deny_revision(actor=coordinator, item_id=one.pk, ruling=" ")
    deny_revision(actor=coordinator, item_id=one.pk, ruling="工期不变")
    one.refresh_from_db()
    assert one.planned_end == DAY
    assert one.revisions.get().ruling == "工期不变"
    move(one, officer(one.project), DAY + timedelta(days=2))  # asked anew
    assert one.revisions.filter(granted__isnull=True).count() == 1


def test_nobody_consents_for_the_own_unit() -> None:
    of = project()
    one = item(of, end=DAY)
    judge = cast.actor(Role.COORDINATOR, of.unit)
    move(one, officer(of), DAY + timedelta(days=1))
    assert not Notice.objects.filter(word="revise_item", user=judge.user).exists()
    with pytest.raises(PermissionDenied):
        grant_revision(actor=judge, item_id=one.pk)
    grant_revision(actor=cast.actor(Role.SUPERVISOR), item_id=one.pk)
    # Their own later date waits as well; who may consent needs nobody else.
    move(one, judge, DAY + timedelta(days=9))
    assert one.revisions.filter(granted__isnull=True).exists()
    other = item(of, end=DAY)
    assert move(other, cast.actor(Role.COORDINATOR), DAY + timedelta(days=9)).planned_end > DAY
    assert other.revisions.get().ruled_by is not None


def test_nobody_consents_for_a_unit_below_the_own_one() -> None:
    head = cast.unit("双溪街道")
    of = project(cast.unit("双溪经济发展站", parent=head))
    one = item(of, end=DAY)
    judge = cast.actor(Role.COORDINATOR)
    cast.post(Role.UNIT_HEAD, head, user=judge.user)
    both = actor_for(judge.user)
    move(one, both, DAY + timedelta(days=9))
    for acting in (both, actor_for(judge.user, post_id=judge.posts[0].pk)):
        with pytest.raises(PermissionDenied):
            grant_revision(actor=acting, item_id=one.pk)
    grant_revision(actor=cast.actor(Role.COORDINATOR), item_id=one.pk)


def test_dates_are_refused(coordinator: Actor) -> None:
    one = item(project(), end=DAY)
    with pytest.raises(ValidationError):
        move(one, coordinator, DAY, reason="  ")
    with pytest.raises(ValidationError):
        revise_item(actor=coordinator, item_id=one.pk, planned_start=DAY, planned_end=DAY - timedelta(1), reason="x")
    PlanItem.objects.filter(pk=one.pk).update(state=ItemState.DONE)
    with pytest.raises(Conflict):
        move(one, coordinator, DAY)


def test_an_approving_unit_sees_the_project_and_reports_only_its_own() -> None:
    of = project()
    desk = cast.unit()
    mine, other = approval(of, unit=desk), approval(of)
    who = cast.actor(Role.UNIT_OFFICER, desk)
    assert Project.objects.visible_to(who).get() == of
    move(mine, who, clock.today())
    with pytest.raises(PermissionDenied):
        move(other, who, clock.today())
    with pytest.raises(PermissionDenied):  # the project's unit doesn't report for the desk
        move(mine, officer(of), clock.today())
    assert SYSTEM.system


def test_what_is_known_already_is_done(coordinator: Actor) -> None:
    bootstrap.plan_templates()
    of = project(signed_on=DAY)
    template = PlanTemplate.objects.get(name="备案类项目全流程")
    plan_from_template(actor=coordinator, project_id=of.pk, template_id=template.pk, starts_on=DAY)
    states = {one.key: (one.state, one.ended_on) for one in of.plan.filter(kind="milestone")}
    assert states.pop("signed") == (ItemState.DONE, DAY)
    assert set(states.values()) == {(ItemState.PENDING, None)}
    other = project(started_on=DAY)
    assert item(other, "milestone", key="started").ended_on == DAY
