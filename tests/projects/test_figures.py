"""Landing, opening, stages and completion: the figures of the sources come out when their facts go in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.actors import SYSTEM
from accounts.models import Unit
from common import clock
from projects import figures
from projects.models import MonthFigure, Project, YearPlan
from projects.states import Stage
from tests.accounts import cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
# Projects, plan and investment of ten units from January to September, in 亿元, with the completion as it was printed.
TEN = {
    "A": (57, "82.5", "65.1", "78.9"),
    "B": (27, "42.6", "31.2", "73.2"),
    "C": (34, "78.5", "62.9", "80.1"),
    "D": (24, "23.4", "19.0", "81.2"),
    "E": (21, "46.0", "37.1", "80.7"),
    "F": (24, "41.9", "30.9", "73.7"),
    "G": (23, "51.0", "42.3", "82.9"),
    "H": (21, "51.7", "40.9", "79.1"),
    "I": (27, "66.4", "53.1", "80.0"),
    "J": (58, "156.7", "92.0", "58.8"),
}
WAN = 10_000  # 万元 in 亿元


def projects(count: int, prefix: str, **fields: object) -> list[Project]:
    rows = [
        Project(code=f"{prefix}{n}", name=f"{prefix}{n}", pinyin="x", created_at=clock.now(), **fields)
        for n in range(count)
    ]
    return Project.objects.bulk_create(rows)


def test_opening_rate_of_the_source() -> None:
    """138 signed, 116 of them started: 84 %."""
    projects(116, "S", signed_on=DAY, started_on=DAY)
    projects(2, "C", signed_on=DAY, capital_in_on=DAY)
    projects(20, "N", signed_on=DAY)
    projects(9, "X", started_on=DAY, capital_in_on=DAY)  # never signed: neither above nor below
    landing, opening = figures.rates(Project.objects.all())
    assert (opening.numerator, opening.denominator, opening.fraction) == (116, 138, "116 ÷ 138")
    assert (opening.percent(0), opening.percent(), opening.percent(2)) == (84, Decimal("84.1"), Decimal("84.06"))
    assert opening.shown == "84.1 %"
    assert (landing.fraction, landing.percent(0)) == ("118 ÷ 138", 86)


def test_without_a_denominator_there_is_no_rate() -> None:
    for figure in [*figures.rates(Project.objects.all()), figures.completion(Project.objects.all(), 2026)]:
        assert (figure.value, figure.percent(), figure.shown) == (None, None, "—")
    assert {figure.value for figure in figures.stages(Project.objects.all())} == {None}


def test_the_ten_units_come_out_in_the_published_order() -> None:
    units: dict[str, Unit] = {}
    for name, (count, plan, done, _rate) in TEN.items():
        units[name] = cast.unit(name)
        rows = projects(count, name, unit=units[name])
        # The whole of the plan lies with the first project but one 万元 on each of the others; the months with two.
        least = [YearPlan(project=row, year=2021, amount=1) for row in rows[1:]]
        rest = Decimal(plan) * WAN - len(least)
        YearPlan.objects.bulk_create([*least, YearPlan(project=rows[0], year=2021, amount=rest)])
        half = Decimal(done) * WAN / 2
        MonthFigure.objects.bulk_create(
            MonthFigure(project=row, month=date(2021, month, 1), actual=half)
            for row, month in ((rows[0], 1), (rows[-1], 9))
        )
    found = figures.completion_by_unit(Project.objects.all(), 2021)
    published = sorted(TEN, key=lambda name: -Decimal(TEN[name][3]))
    assert [row.unit for row in found] == published == list("GDECIHAFBJ")
    assert [row.projects for row in found] == [TEN[name][0] for name in published]
    rates = {row.unit: row.figure.percent() for row in found}
    assert {name for name, rate in rates.items() if rate != Decimal(TEN[name][3])} == {"J"}
    assert rates["J"] == Decimal("58.7")  # printed as 58.8, from figures before they were rounded to 亿元
    whole = figures.completion(Project.objects.all(), 2021)
    assert whole.fraction == "4,745,000 ÷ 6,407,000"  # 万元


def test_only_those_that_the_caller_may_see_and_each_once() -> None:
    mine = cast.unit()
    seen, hidden = projects(1, "A", unit=mine, signed_on=DAY)[0], projects(1, "B", signed_on=DAY)[0]
    for project in (seen, hidden):
        YearPlan.objects.create(project=project, year=2026, amount=100)
        MonthFigure.objects.create(project=project, month=date(2026, 1, 1), actual=30)
        MonthFigure.objects.create(project=project, month=date(2026, 2, 1), actual=20)
        MonthFigure.objects.create(project=project, month=date(2025, 12, 1), actual=99)
    actor = cast.actor("unit_officer", mine)
    rows = Project.objects.visible_to(actor)
    assert figures.completion(rows, 2026).fraction == "50 ÷ 100"
    # joined with its months it comes twice
    assert figures.rates(rows.filter(months__month__year=2026))[1].denominator == 1
    assert figures.completion(Project.objects.visible_to(SYSTEM), 2026).fraction == "100 ÷ 200"


def test_investment_of_projects_without_a_plan_does_not_count() -> None:
    planned, extra = projects(2, "A")
    YearPlan.objects.create(project=planned, year=2026, amount=100)
    for project in (planned, extra):
        MonthFigure.objects.create(project=project, month=date(2026, 1, 1), actual=60)
    assert figures.completion(Project.objects.all(), 2026).fraction == "60 ÷ 100"


def test_stages_in_their_order(django_assert_num_queries) -> None:
    projects(3, "A", stage=Stage.SIGNING)
    projects(1, "B", stage=Stage.TERMINATED)
    with django_assert_num_queries(1):
        found = figures.stages(Project.objects.all())
    assert [figure.name for figure in found] == list(Stage)
    assert {f.name: f.fraction for f in found if f.numerator} == {"signing": "3 ÷ 4", "terminated": "1 ÷ 4"}
