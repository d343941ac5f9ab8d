"""The contract of API.md for assessments, rates, documents and verification: shapes and who may."""

import pytest

from assessments.services import assess
from common import clock
from deadlines.models import Clock


@pytest.fixture
def month(d):
    """February 2026 with six cases of the water office, one of them late."""
    for n in range(6):
        with clock.at(clock.parse(f"2026-02-0{n % 4 + 2}T10:00")):
            issue = d.do("sign", d.assign(d.submit(), difficulty="simple"), d.officer)
        done = "2026-02-27T17:00" if n == 0 else "2026-02-06T10:00"
        with clock.at(clock.parse(done)):
            issue = d.do("propose", issue, d.officer, outcome="partly", account="已办")
            d.do("verify", issue, d.coordinator, text="已核")
    assert Clock.objects.filter(kind="resolution", breached_at__isnull=False).count() == 1
    with clock.at(clock.parse("2026-03-01T06:00")):
        return assess(month="2026-02", now=clock.now())


def test_a_month_answers_all_groups_and_every_figure_opens_into_its_cases(api, month, d):
    answer = api.as_("coordinator").get("/assessments/monthly/2026-02/")
    assert answer.status_code == 200, answer.data
    row = next(row for row in answer.data if row["unit"] == "SWJ")
    assert row["completion"] == {"met": 6, "due": 6, "value": 1.0}
    assert (row["state"], row["window"], row["rank"]) == ("draft", 1, 1)
    figures = {figure["code"]: figure for figure in row["indicators"]}
    assert set(row) >= {
        "unit",
        "rank",
        "score",
        "grade",
        "red_card",
        "indicators",
        "completion",
        "early",
        "window",
        "state",
    }
    for code, figure in figures.items():
        cases = api.as_("coordinator").get("/assessments/monthly/2026-02/SWJ/cases/", {"indicator": code}).data
        counted = [case for case in cases["results"] if not case["excluded"] and case["part"] not in ("C", "O", "P")]
        assert len(counted) == figure["denominator"], code
        assert sum(case["counts"] for case in counted) == figure["numerator"], code
    unranked = [row for row in answer.data if row["rank"] is None]
    assert all(row["why_not"] for row in unranked)


def test_a_draft_is_seen_by_a_unit_only_for_itself(api, month):
    rows = api.as_("officer").get("/assessments/monthly/2026-02/").data
    assert {row["unit"] for row in rows} == {"SWJ"}
    assert api.as_("city_officer").get("/assessments/monthly/2026-02/SWJ/cases/").status_code == 404
    assert api.as_("coordinator").get("/assessments/monthly/2026-13/").status_code == 404
    assert api.as_().get("/assessments/monthly/2026-02/").status_code == 401


def test_rates_carry_numerator_and_denominator(api, month):
    rows = api.as_("coordinator").get("/rates/", {"from": "2026-02-01", "to": "2026-02-28", "by": "unit"}).data
    water = next(row for row in rows if row["key"] == "SWJ")
    assert set(water["response"]) == {"numerator", "denominator", "value"}
    assert api.as_("coordinator").get("/rates/", {"by": "phone"}).status_code == 400
    assert api.as_("coordinator").get("/rates/", {"from": "x"}).status_code == 400
    assert api.as_().get("/rates/").status_code == 401


def test_a_code_that_was_never_given_is_not_found(api):
    assert api.as_().get("/verify/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404
    assert api.as_("officer").get("/documents/").data["results"] == []
