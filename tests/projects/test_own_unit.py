"""Nobody judges the own unit: not by hand, not by a list, not by giving it away first, not by taking a list back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.roles import Role
from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from projects import services
from projects.imports.compare import compare
from projects.imports.known import Known
from projects.imports.rows import Row
from projects.models import PlanItem, Project, YearPlan
from tests.accounts import cast
from tests.projects import life
from tests.projects.planning import approval, item, officer, project
from tests.projects.test_import import applied, book

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def of() -> Project:
    made = project()
    services.plan_year(actor=officer(made), project_id=made.pk, year=TODAY.year, amount=Decimal(100))
    return made


@pytest.fixture
def both(of: Project) -> Actor:
    """Coordinator elsewhere, and head of the project's responsible unit."""
    user = cast.post(Role.UNIT_HEAD, of.unit).user
    cast.post(Role.COORDINATOR, cast.unit(), user=user)
    cast.actor(Role.COORDINATOR)  # the desk has somebody else as well
    return actor_for(user)


def test_the_desk_of_another_unit_judges_and_nobody_else(of: Project, both: Actor, coordinator: Actor) -> None:
    late = item(of, "task", TODAY)
    services.record_date(actor=SYSTEM, code=of.code, field="signed_on", on=TODAY)
    supervisor = cast.actor(Role.SUPERVISOR)
    acts = {
        "drop_item": lambda a: services.drop_item(actor=a, item_id=late.pk, text="x"),
        "assign_item": lambda a: services.assign_item(actor=a, item_id=late.pk, unit=cast.unit()),
        "correct_date": lambda a: services.correct_date(actor=a, code=of.code, field="signed_on", on=None, reason="x"),
        "override_gate": lambda a: services.override_gate(actor=a, code=of.code, reason="x"),
    }
    for name, act in acts.items():
        for who in (both, supervisor):  # the supervisor stands in only where the desk cannot judge
            with pytest.raises(PermissionDenied):
                act(who)
        assert name
    for name in ("assign_item", "correct_date", "override_gate"):
        acts[name](coordinator)


def test_the_supervisor_stands_in_for_a_desk_that_cannot(of: Project) -> None:
    desk = cast.actor(Role.COORDINATOR, of.unit)  # the office is itself the responsible unit
    supervisor = cast.actor(Role.SUPERVISOR)
    with pytest.raises(PermissionDenied):
        services.override_gate(actor=desk, code=of.code, reason="x")
    assert services.override_gate(actor=supervisor, code=of.code, reason="领导批示先行").stage == "negotiation"


def test_a_later_date_of_the_own_unit_waits_for_another(of: Project, both: Actor, coordinator: Actor) -> None:
    one = item(of, "task", TODAY)
    later = {"planned_start": None, "planned_end": TODAY + timedelta(days=9), "reason": "等材料"}
    assert services.revise_item(actor=both, item_id=one.pk, **later).granted is None
    for who in (both, cast.actor(Role.SUPERVISOR)):
        with pytest.raises(PermissionDenied):
            services.grant_revision(actor=who, item_id=one.pk)
    assert services.grant_revision(actor=coordinator, item_id=one.pk).granted


def test_it_is_not_given_away_first(of: Project, both: Actor, coordinator: Actor) -> None:
    other = cast.unit()
    with pytest.raises(ValidationError) as caught:
        services.change_project(actor=both, code=of.code, unit=other)
    assert list(caught.value.message_dict) == ["unit"]
    assert services.change_project(actor=coordinator, code=of.code, unit=other).unit == other


def listed(of: Project, own: frozenset[int], **given: object) -> Row:
    row = Row(2, {}, given={"code": of.code, **given}, year=TODAY.year)
    compare([row], Known.now(own))
    return row


def test_nor_by_a_list(of: Project) -> None:
    item(of, "milestone", TODAY, key="started")
    assert of.unit_id
    own, other = frozenset({of.unit_id}), cast.unit().name
    later = TODAY + timedelta(days=30)
    for given in (
        {"year_plan": Decimal(50)}, {"unit": other}, {"unit": other, "year_plan": Decimal(50)}, {"plan_started": later},
    ):  # fmt: skip
        assert listed(of, own, **given).bad, given
        assert not listed(of, frozenset(), **given).bad, given
    assert not listed(of, own, year_plan=Decimal(150)).bad  # more is free
    months = {1: Decimal(80)}
    services.plan_year(actor=officer(of), project_id=of.pk, year=TODAY.year, amount=Decimal(100), months=months)
    assert listed(of, frozenset(), year_plan=Decimal(50)).bad  # less than its months together


def test_nor_by_taking_a_list_back(coordinator: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import import_module

    from documents import sandbox

    monkeypatch.setattr(sandbox, "run", lambda module, payload, limits: import_module(module).work(payload))
    unit = cast.unit("区水务局")
    head = ("项目编号", "项目名称", "责任单位", "年度计划投资（万元）")
    applied(coordinator, book(head, ("P-1", "云溪项目", unit.name, 100)))
    raised = applied(coordinator, book(head, ("P-1", "云溪新项目", unit.name, 200)))
    user = cast.post(Role.UNIT_HEAD, unit).user
    cast.post(Role.COORDINATOR, cast.unit(), user=user)
    with pytest.raises(Conflict):
        services.undo_import(actor=actor_for(user), import_id=raised.pk)
    # and not below what the months are planned with by now
    of = Project.objects.get()
    services.plan_year(actor=SYSTEM, project_id=of.pk, year=TODAY.year, amount=Decimal(200), months={12: Decimal(150)})
    with pytest.raises(Conflict):
        services.undo_import(actor=coordinator, import_id=raised.pk)
    assert YearPlan.objects.get().amount == 200


def test_months_to_come_are_not_emptied(of: Project, coordinator: Actor) -> None:
    year = TODAY.year + 1
    full = dict.fromkeys(range(1, 13), Decimal(10))
    services.plan_year(actor=officer(of), project_id=of.pk, year=year, amount=Decimal(120), months=full)
    empty = {"project_id": of.pk, "year": year, "amount": Decimal(120), "months": dict.fromkeys(range(1, 13))}
    with pytest.raises(ValidationError):
        services.plan_year(actor=officer(of), **empty)
    services.plan_year(
        actor=officer(of), project_id=of.pk, year=year, amount=Decimal(120), months={1: Decimal(0), 2: Decimal(20)}
    )
    services.plan_year(actor=coordinator, reason="项目暂缓", **empty)


def test_a_return_does_not_hide_what_was_late() -> None:
    one = approval(life.project(), promised=1)
    with clock.at(clock.parse("2026-03-02T10:00")):
        services.start_item(actor=SYSTEM, item_id=one.pk)
    from deadlines.models import Clock

    due = Clock.objects.get(subject_id=one.project_id).due_at
    Clock.objects.update(breached_at=due)  # as the sweep of the minute writes it
    with clock.at(clock.parse("2026-03-10T10:00")):
        services.return_item(actor=SYSTEM, item_id=one.pk, text="缺图纸")
        assert PlanItem.objects.with_light(date(2026, 3, 10)).get(pk=one.pk).light == "red"
