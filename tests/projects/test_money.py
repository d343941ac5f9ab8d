"""Investment: the plan of a year, the month before as units enter it, the word of statistics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.actors import Actor, actor_for
from accounts.models import AuditEntry
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from projects import grid
from projects.models import MonthFigure, Project, YearPlan
from projects.services import Answer, Entry, answer_months, enter_months, plan_year
from tests.accounts import cast
from tests.projects.planning import officer, project

pytestmark = pytest.mark.django_db
APRIL = clock.parse("2026-04-20T10:00")
MARCH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def in_april():
    with clock.at(APRIL):
        yield


def enter(of: Project, actual: int, *, seen: int | None = None, actor: object = None) -> int:
    entry = Entry(of.pk, Decimal(actual), "统计台账", None if seen is None else Decimal(seen))
    return enter_months(actor=actor or officer(of), month=MARCH, entries=[entry])


def say(row: MonthFigure, included: bool, why: str = "", seen: int | None = None) -> int:
    answer = Answer(row.pk, included, why, row.actual if seen is None else Decimal(seen))
    return answer_months(actor=cast.actor(Role.STATISTICS), answers=[answer])


def test_plan_year() -> None:
    of = project()
    plan_year(actor=officer(of), project_id=of.pk, year=2026, amount=Decimal(1200), months={1: Decimal(100), 2: None})
    assert YearPlan.objects.get().amount == 1200
    assert MonthFigure.objects.get(month=date(2026, 1, 1)).plan == 100
    plan_year(actor=officer(of), project_id=of.pk, year=2026, amount=Decimal(1300), months={9: Decimal(70)})
    detail = AuditEntry.objects.filter(act="plan_year").latest("pk").detail
    assert (detail["changes"], detail["months"]) == ({"amount": ["1200.00", "1300"]}, {"month_9": [None, "70"]})
    for wrong in (
        {"amount": Decimal(-1)},
        {"amount": Decimal(99)},  # less than January
        {"amount": Decimal(1400), "months": {13: Decimal(1)}},
        {"amount": Decimal(1400), "months": {3: Decimal(-1)}},
        {"amount": Decimal(1400), "months": {3: Decimal(1301)}},
    ):
        with pytest.raises(ValidationError):
            plan_year(actor=officer(of), project_id=of.pk, year=2026, **wrong)
    with pytest.raises(NotVisible):
        plan_year(actor=cast.actor(Role.UNIT_OFFICER), project_id=of.pk, year=2026, amount=Decimal(1))


def planned(amount: int = 1200, **months: int) -> Project:
    of = project()
    told = {int(name[1:]): Decimal(value) for name, value in months.items()}
    plan_year(actor=officer(of), project_id=of.pk, year=2026, amount=Decimal(amount), months=told)
    return of


@pytest.mark.parametrize(
    ("less", "named"), [({"amount": 1000}, ["amount"]), ({"amount": 1200, "months": {2: 50}}, ["month_2"])]
)
def test_a_unit_does_not_cut_its_own_plan(less: dict, named: list[str], coordinator: Actor) -> None:
    of = planned(m2=100, m11=100)
    given = {"project_id": of.pk, "year": 2026, "reason": "设计变更", **less}
    with pytest.raises(ValidationError) as caught:
        plan_year(actor=officer(of), **given)
    assert list(caught.value.message_dict) == named
    assert YearPlan.objects.get().amount == 1200
    with pytest.raises(ValidationError) as caught:
        plan_year(actor=coordinator, **{**given, "reason": " "})
    assert list(caught.value.message_dict) == ["reason"]
    # a coordinator of that very unit is as good as the unit; then it is the supervisor's
    own = actor_for(cast.post(Role.COORDINATOR, of.unit).user)
    with pytest.raises(ValidationError):
        plan_year(actor=own, **given)
    plan_year(actor=coordinator, **given)
    plan = YearPlan.objects.get()
    assert (plan.amount, plan.first_amount) == (less["amount"], 1200 if less["amount"] < 1200 else None)


def test_a_month_to_come_is_planned_anew() -> None:
    of = planned(m11=100)
    moved = {11: Decimal(10), 12: Decimal(90)}
    plan_year(actor=officer(of), project_id=of.pk, year=2026, amount=Decimal(1200), months=moved)
    assert MonthFigure.objects.get(month=date(2026, 11, 1)).plan == 10


def test_the_first_plan_stays_beside(coordinator: Actor) -> None:
    of = planned()
    for amount in (1300, 900, 1500):
        plan_year(actor=coordinator, project_id=of.pk, year=2026, amount=Decimal(amount), reason="调整")
    assert (YearPlan.objects.get().amount, YearPlan.objects.get().first_amount) == (1500, 1200)


def test_what_is_struck_off_is_planned_no_more(coordinator: Actor) -> None:
    of = planned()
    for stage in ("terminated", "struck_off"):
        Project.objects.filter(pk=of.pk).update(stage=stage)
        with pytest.raises(Conflict):
            plan_year(actor=coordinator, project_id=of.pk, year=2026, amount=Decimal(1300))
    with pytest.raises(Conflict):
        enter(of, 5)
    Project.objects.filter(pk=of.pk).update(stage="terminated")
    assert enter(of, 5) == 1  # what it spent before it ended


def test_enter_months() -> None:
    first = project()
    second = project(first.unit)
    entries = [Entry(one.pk, Decimal(10), " 台账 ") for one in (second, first)]
    assert enter_months(actor=officer(first), month=date(2026, 3, 17), entries=entries) == 2
    row = MonthFigure.objects.get(project=first)
    assert (row.month, row.actual, row.source, row.included) == (MARCH, 10, "台账", None)
    assert row.entered_at == clock.now()
    assert enter(first, 10, seen=10) == 1  # another source
    assert enter(first, 10, seen=10) == 0
    assert AuditEntry.objects.filter(act="enter_months").count() == 3


def test_all_or_none() -> None:
    mine, other = project(), project()
    entries = [Entry(mine.pk, Decimal(10)), Entry(other.pk, Decimal(10))]
    with pytest.raises(NotVisible):
        enter_months(actor=officer(mine), month=MARCH, entries=entries)
    assert not MonthFigure.objects.exists()
    with pytest.raises(ValidationError):
        enter_months(actor=officer(mine), month=MARCH, entries=[Entry(mine.pk, Decimal(-1))])


def test_a_month_that_is_not_over_is_refused() -> None:
    of = project()
    for month in (date(2026, 4, 1), date(2026, 5, 1)):
        with pytest.raises(ValidationError):
            enter_months(actor=officer(of), month=month, entries=[Entry(of.pk, Decimal(1))])


def test_who_sees_but_is_not_responsible_does_not_enter() -> None:
    of = project()
    Project.objects.filter(pk=of.pk).update(lead_unit=cast.unit())
    of.refresh_from_db()
    with pytest.raises(PermissionDenied):
        enter(of, 1, actor=cast.actor(Role.UNIT_OFFICER, of.lead_unit))
    with pytest.raises(PermissionDenied):
        enter(of, 1, actor=cast.actor(Role.CHIEF))
    with pytest.raises(NotVisible):
        enter(of, 1, actor=cast.actor(Role.STATISTICS))
    assert enter(of, 1, actor=cast.actor(Role.COORDINATOR)) == 1


def test_somebody_else_was_faster() -> None:
    of = project()
    enter(of, 10)
    with pytest.raises(Conflict):
        enter(of, 20)
    assert enter(of, 20, seen=10) == 1
    assert enter(of, 20, seen=None) == 0  # the same figure is no conflict


def test_who_mends_the_source_did_not_enter_the_figure() -> None:
    of = project()
    first, second = officer(of), officer(of)
    enter(of, 10, actor=first)
    entry = Entry(of.pk, Decimal(10), "另一台账", Decimal(10))
    assert enter_months(actor=second, month=MARCH, entries=[entry]) == 1
    assert MonthFigure.objects.get().entered_by == first.user


def test_an_answered_figure_changes_for_a_reason() -> None:
    of = project()
    enter(of, 10)
    say(MonthFigure.objects.get(), included=False, why="未入库")
    with pytest.raises(ValidationError) as caught:
        enter(of, 20, seen=10)
    assert list(caught.value.message_dict) == [f"reason_{of.pk}"]
    entry = Entry(of.pk, Decimal(20), "统计台账", Decimal(10), "上月漏报")
    assert enter_months(actor=officer(of), month=MARCH, entries=[entry]) == 1
    row = MonthFigure.objects.get()
    assert (row.actual, row.included, row.answered_at) == (20, None, None)
    detail = AuditEntry.objects.filter(act="enter_months").latest("pk").detail
    assert (detail["answered"], detail["reason"]) == ({"included": False, "why_not": "未入库"}, "上月漏报")


def test_statistics_answers() -> None:
    of = project()
    enter(of, 10)
    row = MonthFigure.objects.get()
    with pytest.raises(ValidationError) as caught:
        say(row, included=False, why=" ")
    assert list(caught.value.message_dict) == [f"why_not_{row.pk}"]
    assert say(row, included=False, why="未入库") == 1
    row.refresh_from_db()
    assert (row.included, row.why_not, row.answered_at) == (False, "未入库", clock.now())
    assert say(row, included=True, why="未入库") == 1
    row.refresh_from_db()
    assert (row.included, row.why_not) == (True, "")
    assert say(row, included=True) == 0
    with pytest.raises(PermissionDenied):
        answer_months(actor=officer(of), answers=[Answer(row.pk, included=False, why_not="x", seen=row.actual)])


def test_another_figure_asks_anew() -> None:
    of = project()
    enter(of, 10)
    row = MonthFigure.objects.get()
    say(row, included=True)
    enter_months(actor=officer(of), month=MARCH, entries=[Entry(of.pk, Decimal(12), "", Decimal(10), "漏报")])
    row.refresh_from_db()
    assert (row.included, row.answered_at) == (None, None)
    with pytest.raises(Conflict):
        say(row, included=True, seen=10)


def test_statistics_sees_investment_and_nothing_else() -> None:
    of = project()
    enter(of, 10)
    counter = cast.actor(Role.STATISTICS)
    assert MonthFigure.objects.visible_to(counter).count() == 1
    assert Project.objects.with_money_for(counter).get() == of
    assert not Project.objects.visible_to(counter).exists()
    assert not of.plan.visible_to(counter).exists()
    stranger = cast.actor(Role.UNIT_OFFICER)
    assert not MonthFigure.objects.visible_to(stranger).exists()
    assert not Project.objects.with_money_for(stranger).exists()


def test_nobody_answers_for_the_figure_that_they_entered() -> None:
    of = project()
    enterer = officer(of)
    counter = cast.post(Role.STATISTICS, cast.unit(), user=enterer.user)
    both = actor_for(enterer.user)
    enter(of, 10, actor=both)
    row = of.months.get()
    for acting in (both, actor_for(enterer.user, post_id=counter.pk)):
        with pytest.raises(PermissionDenied):
            answer_months(actor=acting, answers=[Answer(row.pk, True, "", row.actual)])
        assert [one["figure"] for one in grid.rows(acting, list(grid.projects_of(acting, MARCH)), MARCH)] == [0]
    assert say(row, included=True) == 1
