"""Complaints count in a month, but no coordinator and no paper learns their numbers (PRODUCT.md §3)."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from assessments import casetable, enclosed, papers
from assessments.api.views import case_shape
from assessments.models import Contest, FrozenCase, Result
from assessments.services import assess
from common import clock
from tests.assessments import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Result:
    """A unit with six late cases, one of them a complaint."""
    unit = f.unit()
    for n in range(5):
        f.clock(unit, "06-10", None, kind="resolution", of=f.issue(unit, f"WT-{n}"))
    f.clock(unit, "06-08", None, kind="resolution", of=f.issue(unit, "TS-1", kind="complaint"))
    with clock.at(f.NOW):
        run = assess(month=f.MONTH, now=f.NOW)
    return Result.objects.get(run=run, unit=unit)


def refs(actor, row: Result) -> set[str]:
    return {case_shape(case)["issue"] for case in casetable.cases(actor, row)}


def test_a_coordinator_sees_no_number_of_a_complaint(row: Result) -> None:
    coordinator, supervisor = f.person(Role.COORDINATOR, f.unit()), f.person(Role.SUPERVISOR, f.unit())
    assert "TS-1" in refs(supervisor, row)  # it is counted, and there for who may read it
    assert row.due == 6
    assert refs(coordinator, row) == {f"WT-{n}" for n in range(5)}
    assert casetable.hidden(coordinator, row, "completion") == 1
    assert casetable.hidden(supervisor, row, "completion") == 0
    assert "TS-1" not in str(list(casetable.csv_rows(coordinator, row)))


def test_a_supervisor_of_the_unit_complained_of_sees_it_neither(row: Result) -> None:
    from issues.models import Issue

    office = f.unit()
    Issue.objects.filter(number="TS-1").update(about_unit=office)
    assert "TS-1" not in refs(f.person(Role.SUPERVISOR, office), row)
    assert "TS-1" in refs(f.person(Role.SUPERVISOR, f.unit()), row)


def test_papers_and_explanations_name_it_by_its_kind(row: Result) -> None:
    from assessments import why

    assert "TS-1" not in str(enclosed.case_rows(row.run))
    assert "TS-1" not in str(papers._late_cases(row.run, row.unit_id))
    assert "WT-1" in str(enclosed.case_rows(row.run))
    assert "WT-1" in str(papers._late_cases(row.run, row.unit_id))
    found = {"rank": None, "grade": "", "score": None}
    assert "TS-1" not in why._without(found | {"ref": "TS-1"})
    assert "WT-1" in why._without(found | {"ref": "WT-1"})


def test_the_page_of_a_score_names_it_only_to_who_may_read_it(row: Result) -> None:
    from assessments import why

    with clock.at(f.t("07-02 10:00")):
        pages = {
            role: why.page(f.person(role, unit), row)
            for role, unit in (
                (Role.COORDINATOR, f.unit()),
                (Role.SUPERVISOR, f.unit()),
                (Role.UNIT_HEAD, row.unit),
                (Role.LEADER, f.unit()),
            )
        }
    named = {role: "TS-1" in str(page["lost"]) for role, page in pages.items()}
    assert named == {Role.COORDINATOR: False, Role.SUPERVISOR: True, Role.UNIT_HEAD: True, Role.LEADER: False}
    # Its days stay in the list, so that the column still sums.
    assert all(sum(line["lost"] for line in page["lost"]) == row.lost_days for page in pages.values())


def test_a_contest_over_a_complaint_is_not_the_coordinators(row: Result) -> None:
    case = FrozenCase.objects.filter(run=row.run, ref="TS-1").first()
    Contest.objects.create(
        run=row.run, unit=row.unit, indicator=case.indicator, source_id=case.source_id, ref="TS-1", text="有误",
        opened_at=f.NOW, opened_by=f.person(Role.UNIT_OFFICER, row.unit).posts[0],
    )  # fmt: skip
    assert not Contest.objects.visible_to(f.person(Role.COORDINATOR, f.unit())).exists()
    assert Contest.objects.visible_to(f.person(Role.SUPERVISOR, f.unit())).exists()
