"""Three rates with numerator and denominator, over the issues that one may see."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.actors import ANONYMOUS, SYSTEM
from accounts.roles import Role
from assessments.rates import Rate, public_rates, rates
from common import clock
from issues.models import Category
from tests.assessments import factories as f
from tests.assessments.factories import t

pytestmark = pytest.mark.django_db
JUNE = {"since": t("06-01 00:00"), "until": t("07-01 00:00")}


@pytest.fixture(autouse=True)
def july():
    with clock.at(t("07-02 09:00")):
        yield


def month(unit, *, town=None, category=None) -> None:
    """Feedback 2 ÷ 4, solved 1 ÷ 3, satisfied 1 ÷ 2 in June."""
    case = f.issue(unit, town=town, category=category)
    f.clock(unit, "06-10", "06-10", kind="feedback", of=case)
    f.clock(unit, "06-10", "06-11", kind="feedback", of=case)
    f.clock(unit, "06-12", None, kind="feedback", of=case)
    f.clock(unit, "07-05", "06-30", kind="feedback", of=f.issue(unit, town=town, category=category))
    f.clock(unit, "06-12", stopped="06-20", kind="feedback", of=case)
    f.clock(unit, "05-12", "05-12", kind="feedback", of=case)
    f.rating(unit, "06-15", "yes", 4, of=case)
    f.rating(unit, "06-16", "no", 3, of=f.issue(unit, town=town, category=category))
    f.rating(unit, "06-17", "no", None, of=f.issue(unit, town=town, category=category))


def test_figures_with_numerator_and_denominator():
    month(f.unit())
    [found] = rates(actor=SYSTEM, **JUNE)
    assert (found.response, found.solved, found.satisfied) == (Rate(2, 4), Rate(1, 3), Rate(1, 2))
    assert str(found.response.value) == "0.5"


def test_not_yet_due_and_paused_ones_are_undecided():
    unit = f.unit()
    case = f.issue(unit)
    f.clock(unit, "07-03", None, kind="feedback", of=case)
    f.pause(f.clock(unit, "06-20", None, kind="feedback", of=f.issue(unit)), "06-10")
    f.clock(unit, "07-01", "06-30", kind="feedback", of=f.issue(unit))
    [found] = rates(actor=SYSTEM, since=t("06-01 00:00"), until=t("08-01 00:00"))
    assert found.response == Rate(1, 1)


def test_each_issue_is_solved_once_by_its_last_rating():
    unit = f.unit()
    case = f.issue(unit)
    f.rating(unit, "06-10", "no", 1, of=case)
    f.rating(unit, "06-20", "yes", 5, of=case)
    [found] = rates(actor=SYSTEM, **JUNE)
    assert (found.solved, found.satisfied) == (Rate(1, 1), Rate(1, 2))


def test_by_unit_town_category_month():
    water, power, town = f.unit("水务局"), f.unit("供电公司"), f.unit("滨港镇")
    month(water, town=town, category=Category.objects.get_or_create(name="供水")[0])
    f.rating(power, "05-10", "yes", 5)
    since = t("05-01 00:00")
    by = {word: rates(actor=SYSTEM, since=since, until=JUNE["until"], by=word) for word in ("unit", "town", "category")}
    assert {row.key: row.solved for row in by["unit"]} == {water.code: Rate(1, 3), power.code: Rate(1, 1)}
    assert {row.name: row.solved for row in by["town"]} == {"滨港镇": Rate(1, 3), "": Rate(1, 1)}
    assert {row.name: row.solved for row in by["category"]} == {"供水": Rate(1, 3), "": Rate(1, 1)}
    months = rates(actor=SYSTEM, since=since, until=JUNE["until"], by="month")
    assert {row.key: (row.response, row.solved) for row in months} == {
        "2026-05": (Rate(1, 1), Rate(1, 1)),
        "2026-06": (Rate(2, 4), Rate(1, 3)),
    }


def test_by_something_else_is_refused():
    with pytest.raises(ValidationError):
        rates(actor=SYSTEM, by="enterprise", **JUNE)


def test_only_what_one_may_see_is_counted():
    water, power = f.unit(), f.unit()
    month(water)
    f.rating(power, "06-10", "yes", 5)
    [own] = rates(actor=f.person(Role.UNIT_HEAD, power), **JUNE)
    assert (own.response, own.solved) == (Rate(0, 0), Rate(1, 1))
    [both] = rates(actor=f.person(Role.COORDINATOR, f.unit()), **JUNE)
    assert both.solved == Rate(2, 4)
    assert rates(actor=ANONYMOUS, **JUNE) == []


def test_complaints_are_not_the_coordinators():
    water = f.unit()
    case = f.issue(water, kind="complaint")
    f.rating(water, "06-10", "yes", 5, of=case)
    assert rates(actor=f.person(Role.COORDINATOR, f.unit()), **JUNE) == []
    [found] = rates(actor=f.person(Role.SUPERVISOR, f.unit()), **JUNE)
    assert found.solved == Rate(1, 1)


def test_the_public_sees_no_rate_of_fewer_than_five():
    unit = f.unit()
    for day in range(1, 5):
        f.rating(unit, f"06-{day:02}", "yes", 5)
    assert public_rates(**JUNE) == {"response": None, "solved": None, "satisfied": None}
    f.rating(unit, "06-10", "no", 1)
    f.rating(unit, "06-11", "yes", 5, of=f.issue(unit, kind="complaint"))
    assert public_rates(**JUNE) == {"response": None, "solved": Rate(4, 5), "satisfied": Rate(4, 5)}


def test_one_statement(django_assert_num_queries):
    month(f.unit())
    with django_assert_num_queries(1):
        rates(actor=SYSTEM, by="unit", **JUNE)
