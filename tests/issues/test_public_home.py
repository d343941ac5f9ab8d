"""The front page: the way in, three promises from the limits in force, rates with what was divided by what."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache

from accounts.roles import Role
from common import clock
from deadlines.services.rules import replace_rule
from issues.models import Rating
from tests.issues.portal import words


@pytest.fixture(autouse=True)
def _no_cache():
    cache.clear()
    yield
    cache.clear()


def rated(d, count: int, solved: int, satisfied: int) -> None:
    """Answers in February, the month before the cast's Monday."""
    for n in range(count):
        issue = d.signed()
        Rating.objects.create(
            issue=issue, round=1, at=datetime(2026, 2, 10, tzinfo=UTC), unit=d.water,
            solved="yes" if n < solved else "no", satisfaction=5 if n < satisfied else 2, text="x",
        )  # fmt: skip


def test_the_ways_in(d, client):
    page = client.get("/").content.decode()
    for path in ("/submit/", "/track/", "/submit/?kind=complaint", "/rankings/", "/v/"):
        assert f'href="{path}"' in page
    assert "<script" not in page
    assert page.count("btn--primary") == 1


def test_the_promises_are_the_limits_in_force(d, client):
    assert "1 个工作日内" in words(client.get("/"))
    assert "3 个工作日内" in words(client.get("/"))
    admin = d.person("system_admin", Role.SYSTEM_ADMIN, d.desk_unit)
    replace_rule(actor=admin, kind="feedback", case="", amount=2, unit="wd", valid_from=date(2026, 3, 2))
    assert "2 个工作日内" in words(client.get("/"))


def test_the_rates_say_what_was_divided_by_what(d, client):
    rated(d, 8, 6, 4)
    page = words(client.get("/"))
    assert "2026年2月" in page
    assert "75 %" in page.replace("75%", "75 %")
    assert "6 ÷ 8" in page
    assert "4 ÷ 8" in page
    assert "按时回话" not in page  # nothing was due in that month


def test_too_few_cases_show_no_rate(d, client):
    rated(d, 4, 4, 4)
    assert "÷" not in words(client.get("/"))


def test_the_figures_are_not_computed_anew_for_every_visitor(d, client, django_assert_max_num_queries):
    rated(d, 8, 6, 4)
    client.get("/")
    with django_assert_max_num_queries(4):
        client.get("/")


def test_next_month_has_its_own_figures(d, client):
    rated(d, 8, 6, 4)
    assert "6 ÷ 8" in words(client.get("/"))
    with clock.at(datetime(2026, 4, 2, tzinfo=UTC)):
        assert "6 ÷ 8" not in words(client.get("/"))
