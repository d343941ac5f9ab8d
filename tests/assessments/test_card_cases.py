"""A red card explains what it says: the lost days of its cases sum to the total, those done late among them."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string

from accounts.models import Unit
from accounts.roles import Role
from assessments import enclosed, papers, services, why
from assessments.models import Card, FrozenCase, Result, Run
from common import clock
from documents.enclosures import Sheet
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def july():
    with clock.at(t("07-02 10:00")):
        yield


def assess() -> Run:
    return Run.objects.select_related("scheme").get(pk=services.assess(month=MONTH, now=NOW).pk)


def of(unit: Unit, run: Run) -> Result:
    return Result.objects.select_related("run__scheme", "unit").get(run=run, unit=unit)


def notice(row: Result) -> dict[str, Any]:
    card = Card(run=row.run, unit=row.unit, group=row.group, facts={"of": 3, "without": None}, issued_at=NOW)
    return papers.red_card(card) | {"paper": {}}


def last() -> Unit:
    """Two open cases, one of them carried over; three done late, two of them carried over; five in time."""
    good, unit = f.unit(), f.unit()
    f.good(good, 6)
    f.good(unit, 5)
    for ref, due, met in (
        ("WT-1", "06-24", None),
        ("WT-2", "05-26", None),
        ("WT-3", "06-02", "06-05"),
        ("WT-4", "05-28", "06-03"),
        ("WT-5", "05-29 11:00", "06-01 09:00"),
    ):
        f.clock(unit, due, met, of=f.issue(unit, ref, at=t("05-01 09:00")), started="05-01 09:00")
    return unit


def test_done_late_is_listed_after_what_is_open_with_its_days():
    row = of(last(), assess())
    told = notice(row)
    assert row.red_card
    assert [(case["ref"], case["done"]) for case in told["cases"]] == [
        ("WT-2", None),
        ("WT-1", None),
        ("WT-4", "2026-06-03"),
        ("WT-3", "2026-06-05"),
        ("WT-5", "2026-06-01"),
    ]
    days = {case["ref"]: case["lost_days"] for case in told["cases"]}
    assert (days["WT-3"], days["WT-4"], days["WT-5"]) == (2, 3, 1)  # closes between due and done
    assert sum(days.values()) == told["lost_days"] == row.lost_days
    assert told["late"] == {"open": 2, "done": 3}
    assert [sheet["ref"] for sheet in told["sheets"]] == [case["ref"] for case in told["cases"]]


def test_the_paper_says_how_many_are_open_and_prints_the_sum():
    row = of(last(), assess())
    text = render_to_string("assessments/papers/redcard.html", notice(row))
    assert "共5件，其中未办结2件、逾期办结3件" in text
    assert f'合计</th><td class="n">{row.lost_days}</td>' in text
    assert f"延误{row.lost_days}个工作日" in text
    # A notice archived before its list was complete prints no sum when its signed copy is made.
    before = {key: value for key, value in notice(row).items() if key != "late"}
    assert "合计" not in render_to_string("assessments/papers/redcard.html", before)


def test_control_what_is_open_alone_explains_less():
    row = of(last(), assess())
    open_only = [case["lost_days"] for case in notice(row)["cases"] if case["done"] is None]
    assert sum(open_only) == row.lost_days - 6


def test_the_days_of_a_case_that_was_contested_are_neither_listed_nor_summed():
    unit = last()
    run = assess()
    before = of(unit, run).lost_days
    case = FrozenCase.objects.get(run=run, unit=unit, ref="WT-3", indicator="completion")
    officer, judge = f.person(Role.UNIT_OFFICER, unit), f.person(Role.COORDINATOR, f.unit())
    counted = FrozenCase.objects.get(run=run, unit=unit, source_id=case.source_id, indicator="closed_on_time")
    made = services.contest(case_id=counted.pk, actor=officer, text="同意延期", now=clock.now())
    services.rule_contest(contest_id=made.pk, actor=judge, accept=True, text="属实", now=clock.now())
    row = of(unit, run)
    assert row.lost_days == before - 2
    listed = {one["ref"]: one["lost_days"] for one in notice(row)["cases"]}
    assert "WT-3" not in listed
    assert sum(listed.values()) == row.lost_days


def test_the_list_inside_the_pdf_says_the_same():
    row = of(last(), assess())
    sheet = Sheet("清单.csv", enclosed.CARD_HEAD, enclosed.card_rows(notice(row)))
    lines = list(csv.DictReader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    assert Counter(line["办结情况"] for line in lines) == {"未办结": 2, "逾期办结": 3}
    assert sum(int(line["延误工作日"]) for line in lines) == row.lost_days


def test_the_page_lists_what_its_sum_is_made_of(monkeypatch):
    row, coordinator = of(last(), assess()), f.person(Role.COORDINATOR, f.unit())
    page = why.page(coordinator, row)
    assert {line["ref"] for line in page["lost"]} == {"WT-1", "WT-2", "WT-3", "WT-4", "WT-5"}
    assert {line["ref"]: line["done"] for line in page["lost"] if line["done"]} == {
        "WT-3": "06-05",
        "WT-4": "06-03",
        "WT-5": "06-01",
    }
    assert sum(line["lost"] for line in page["lost"]) == page["lost_total"] == row.lost_days
    assert not page["lost_rest"]
    assert any("5" in fact["note"] for fact in page["card"]["facts"] if fact["value"] == str(row.lost_days))
    monkeypatch.setattr(why, "LOST_SHOWN", 2)
    page = why.page(coordinator, row)
    assert len(page["lost"]) == 2
    assert sum(line["lost"] for line in page["lost"]) + page["lost_rest"]["days"] == row.lost_days
    assert "3" in page["lost_rest"]["text"]


def test_a_month_published_before_counts_its_cases_from_its_frozen_rows():
    """Facts that were written when a card counted too few stay as they are; the page counts anew."""
    row = of(last(), assess())
    Result.objects.filter(pk=row.pk).update(facts=row.facts | {"late": 2})
    page = why.page(f.person(Role.COORDINATOR, f.unit()), of(row.unit, row.run))
    assert [fact["value"] for fact in page["card"]["facts"] if "5" in fact["note"]] == [str(row.lost_days)]


def test_whatever_was_late_the_list_sums_to_the_total():
    """Forty units with cases drawn at random: open, done late within the month, carried over, suspended, early, split
    between holders, and some taken out by a ruling."""
    dice = random.Random(20260601)
    other, units = f.unit(), [f.unit() for _ in range(40)]
    for unit in units:
        f.good(unit, 8)
        for _ in range(dice.randrange(3, 9)):
            due = t("05-05 09:00") + timedelta(minutes=dice.randrange(60 * 24 * 65))
            met = dice.choice([None, due + timedelta(minutes=dice.randrange(-60 * 24 * 9, 60 * 24 * 30))])
            case = f.issue(unit, at=t("04-10 09:00"))
            made = f.clock(unit, due, met, of=case, held=False, started="04-10 09:00")
            handed = due + timedelta(days=dice.randrange(1, 40))
            f.span(case, unit, "04-10 09:00", handed)
            f.span(case, dice.choice([unit, other]), handed, state=dice.choice(["handling", "suspended"]))
            if met is None and dice.random() < 0.15:
                f.pause(made, due - timedelta(days=1))
    run = assess()
    completion = FrozenCase.objects.filter(run=run, indicator="completion", part__in=["D", "C"])
    taken = dice.sample(list(completion.values_list("pk", flat=True)), 12)
    FrozenCase.objects.filter(pk__in=taken).update(excluded=True)
    services.compute.recompute(run)
    total = Counter()
    for unit in units:
        row = of(unit, run)
        told, page = notice(row), why.page(f.person(Role.COORDINATOR, other), row)
        assert sum(case["lost_days"] for case in told["cases"]) == row.lost_days
        assert sum(line["lost"] for line in page["lost"]) == row.lost_days
        listed = [case["ref"] for case in told["cases"]]
        assert set(listed) >= {line["ref"] for line in page["lost"]}
        assert sorted(listed, key=lambda ref: ref in done_of(told)) == listed
        total["days"] += row.lost_days
        total["done late"] += sum(case["lost_days"] for case in told["cases"] if case["done"])
    assert total["days"] > total["done late"] > 50


def done_of(told: dict[str, Any]) -> set[str]:
    return {case["ref"] for case in told["cases"] if case["done"]}
