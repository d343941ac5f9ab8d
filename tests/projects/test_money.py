"""Investment: the plan of a year, the month before as units enter it, the word of statistics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.actors import actor_for
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
    plan_year(actor=officer(of), project_id=of.pk, year=2026, amount=Decimal(900))
    assert YearPlan.objects.get().amount == 900
    assert AuditEntry.objects.filter(act="plan_year").latest("pk").detail["changes"] == {"amount": ["1200.00", "900"]}
    for wrong in (
        {"amount": Decimal(-1)},
        {"amount": Decimal(99)},  # less than January
        {"amount": Decimal(900), "months": {13: Decimal(1)}},
        {"amount": Decimal(900), "months": {3: Decimal(-1)}},
        {"amount": Decimal(900), "months": {3: Decimal(801)}},
    ):
        with pytest.raises(ValidationError):
            plan_year(actor=officer(of), project_id=of.pk, year=2026, **wrong)
    with pytest.raises(NotVisible):
        plan_year(actor=cast.actor(Role.UNIT_OFFICER), project_id=of.pk, year=2026, amount=Decimal(1))


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
    enter(of, 12, seen=10)
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
