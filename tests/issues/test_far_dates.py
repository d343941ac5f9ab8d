"""Dates at the ends of what a date can hold: beside the field, never an error of the server."""

from __future__ import annotations

import pytest
from django.test import Client

from common.forms import DayField
from issues import filters
from tests.cast import District

FAR = ["9999-12", "0001-01", "1899-12", "2101-01"]


@pytest.fixture
def browser(d: District, client: Client) -> Client:
    client.force_login(d.coordinator.user)
    return client


@pytest.mark.parametrize("month", FAR)
def test_a_month_out_of_reach_finds_nothing_and_says_why(browser: Client, d: District, month: str) -> None:
    d.submit(actor=d.enterprise)
    page = browser.get("/app/issues/", {"month": month})
    assert page.status_code == 200
    assert browser.get("/app/issues/export/csv/", {"month": month}).status_code == 200
    assert filters.month_span(month) is None


def test_a_month_within_reach_is_taken() -> None:
    assert all(filters.month_span(month) for month in ("1900-01", "2026-03", "2100-12"))


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "2026-13"])
def test_a_ranking_of_no_month_is_not_there(client: Client, db: None, month: str) -> None:
    assert client.get(f"/rankings/{month}/").status_code == 404


@pytest.mark.parametrize("address", ["/app/audit/?last=9999-12-31", "/app/audit/?first=0001-01-01"])
def test_the_audit_trail_takes_any_day(d: District, client: Client, address: str) -> None:
    client.force_login(d.auditor.user)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("year", ["9999", "0", "1", "99999999999999999999"])
def test_the_calendar_takes_any_year(browser: Client, year: str) -> None:
    assert browser.get("/app/calendar/", {"year": year}).status_code == 200


def test_a_day_field_knows_its_reach() -> None:
    from django.core.exceptions import ValidationError

    field = DayField()
    assert field.clean("2026-03-02").year == 2026
    for day in ("9999-12-31", "0001-01-01"):
        with pytest.raises(ValidationError):
            field.clean(day)
