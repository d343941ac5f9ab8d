"""What pages and papers say of lateness is what the figures say: no figure that a case didn't touch, the time where
only the time tells, the scheme's own numbers, halves rounded up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accounts.roles import Role
from assessments import casetable, enclosed, papers, scheme, services, why
from assessments.models import FrozenCase, Result, Run, ScoringScheme
from common import clock, fmt
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t
from tests.documents import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"), clock.at(t("07-02 10:00")):
        yield


def assess() -> Run:
    return services.assess(month=MONTH, now=NOW)


def of(unit, run: Run) -> Result:
    return Result.objects.select_related("run", "unit").get(run=run, unit=unit)


def test_a_carried_case_that_was_done_cost_days_and_no_figure():
    unit, coordinator = f.unit(), f.person(Role.COORDINATOR, f.unit())
    f.good(unit, 5)
    carried = f.clock(unit, "05-28", "06-03")
    late = f.clock(unit, "06-02", "06-05")
    row = of(unit, assess())
    lost = {one["ref"]: one["figure"] for one in why.page(coordinator, row)["lost"]}
    assert lost == {carried.subject_ref: "只计延误天数", late.subject_ref: "按时办结"}
    own = FrozenCase.objects.filter(run=row.run, ref=carried.subject_ref)
    assert [(case.indicator, case.counts) for case in own] == [("completion", True)]


def test_lateness_by_an_hour_can_be_read():
    unit, coordinator = f.unit(), f.person(Role.COORDINATOR, f.unit())
    f.good(unit, 5)
    hour = f.clock(unit, "06-11 11:00", "06-11 12:30")
    days = f.clock(unit, "06-02", "06-05")
    row = of(unit, assess())
    cases = FrozenCase.objects.filter(run=row.run, indicator="closed_on_time")
    shown = {one["ref"]: (one["due"], one["done"]) for one in casetable.rows(coordinator, row, cases)}
    assert shown[hour.subject_ref] == ("06-11 11:00", "06-11 12:30")
    assert shown[days.subject_ref] == ("06-02", "06-05")
    sheet = [line[5:7] for line in casetable.csv_rows(coordinator, row, "closed_on_time")]
    assert ["06-11 11:00", "06-11 12:30"] in sheet
    assert ["06-02 18:00", "06-05 18:00"] in sheet
    assert ["2026-06-11 11:00", "2026-06-11 12:30"] in [line[5:7] for line in enclosed.case_rows(row.run)]


def test_the_cases_counted_beside_the_days_lost_are_those_that_lost_days():
    good, unit = f.unit(), f.unit()
    f.good(good, 6)
    f.good(unit, 5)
    f.late(unit, 2)
    f.clock(unit, "06-30 18:00")  # open at the end, and not one close of business late
    row = of(unit, assess())
    assert row.red_card
    lost = FrozenCase.objects.filter(run=row.run, unit=unit, indicator="completion", lost_days__gt=0)
    assert lost.count() == 2
    coordinator = f.person(Role.COORDINATOR, f.unit())
    days, step = why.page(coordinator, row)["card"]["facts"][-2:]
    assert (days["value"], days["note"]) == (str(row.lost_days), "个工作日，2 件")
    assert step["value"] == fmt.md_hm(row.run.contest_until) == "07-06 18:00"


def other_scheme(**changes: int) -> None:
    ScoringScheme.objects.create(version=2, valid_from="2026-01", data=scheme.FIRST_VERSION | changes, created_at=NOW)


def test_pages_and_papers_say_the_schemes_window_and_minimum():
    scheme.ensure()
    other_scheme(minimum=4, window=2)
    few, none, coordinator = f.unit(), f.unit(), f.person(Role.COORDINATOR, f.unit())
    f.good(few, 2)
    f.good(few, 2, "05")
    f.good(none, 1)
    run = assess()
    row = of(few, run)
    assert row.window == 2
    assert why.combined(row) == "本月应办结不足4件，按5—6月合并计算。"
    assert "2个月合计应办结仍不足4件" in why.lede(coordinator, of(none, run))
    text = render_to_string("assessments/papers/bulletin.html", {**papers.bulletin(run), "paper": {}})
    assert "<sup>＊</sup>" in text
    assert "本月应办结不足4件，按近二个月合并计算" in text
    assert "2个月合计应办结仍不足4件" in text
    notice = samples.redcard(window=2, minimum=4)
    text = render_to_string("assessments/papers/redcard.html", {**notice, "paper": {}})
    assert "（本月不足4件，按近二个月合并计算）" in text


def test_the_red_card_knows_the_minimum():
    good, unit = f.unit(), f.unit()
    f.good(good, 6)
    f.good(unit, 5)
    f.late(unit, 2)
    run = assess()
    row = of(unit, run)
    card = run.cards.create(unit=unit, group=row.group, facts=row.facts, issued_at=NOW)
    assert (papers.red_card(card)["minimum"], papers.red_card(card)["window"]) == (5, 1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.005", "0.01"),
        ("0.125", "0.13"),
        ("2.675", "2.68"),
        ("0.115", "0.12"),
        ("0.0049", "0.00"),
        ("1.1249", "1.12"),
    ],
)
def test_papers_round_half_up(value, shown):
    assert papers.places(Decimal(value)) == shown


def test_a_percentage_that_ends_in_a_half():
    assert papers.percent(1, 800) == "0.13"  # 0.125
    assert papers.percent(1, 160) == "0.63"  # 0.625
    assert papers.percent(1, 0) is None
