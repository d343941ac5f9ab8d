"""A published month that a superuser altered is found from its frozen rows."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.roles import Role
from assessments import proof, services
from assessments.models import Result, Run
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    units = [f.unit(), f.unit(), f.unit()]
    for unit, done, late in zip(units, (6, 5, 4), (0, 1, 3), strict=True):
        f.good(unit, done)
        f.late(unit, late)
    f.rating(units[1], "06-05", "yes", 4)
    f.rating(units[1], "06-06", "partly", 3)
    f.event(f.issue(units[2]), "send_back", "06-12")
    f.good(f.unit(), 2)  # not ranked
    run = services.assess(month=MONTH, now=NOW)
    one, two = (f.person(role, f.unit(), "").posts[0] for role in (Role.COORDINATOR, Role.SUPERVISOR))
    signed = {"proposed_by": one, "proposed_at": NOW, "published_by": two, "published_at": NOW}
    Run.objects.filter(pk=run.pk).update(state="published", **signed)
    return {"run": Run.objects.get(pk=run.pk), "last": units[2]}


def tamper(statement, *values):
    """As a superuser would: with the triggers switched off."""
    tables = ("assessments_run", "assessments_result", "assessments_frozencase")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_untouched_month_is_proved_whatever_becomes_of_its_units(published):
    published["last"].groups = []
    published["last"].save()
    assert list(proof.altered_months()) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE assessments_frozencase SET counts = true WHERE unit_id = %s", "the frozen cases are not those"),
        ("DELETE FROM assessments_frozencase WHERE unit_id = %s", "the frozen cases are not those"),
        ("UPDATE assessments_result SET score = 99 WHERE unit_id = %s", "does not follow from its cases: score"),
        ("UPDATE assessments_result SET red_card = false WHERE unit_id = %s", "does not follow"),
        ("UPDATE assessments_result SET lost_days = 0 WHERE unit_id = %s", "does not follow from its cases: lost_days"),
        ("DELETE FROM assessments_result WHERE unit_id = %s", "has cases and no result"),
    ],
)
def test_what_was_altered_is_named(published, statement, told):
    assert Result.objects.get(unit=published["last"]).red_card
    tamper(statement, published["last"].pk)
    found = list(proof.altered_months())
    assert found
    assert told in found[0]
    assert MONTH in found[0]
