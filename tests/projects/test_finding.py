"""The leader behind an issue, against a naive rule written apart from it; and who is passed over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Post, Unit
from accounts.roles import Role, UnitKind
from common import clock
from projects.finding import NOBODY, find_leader, overlaps_and_gaps
from projects.models import Enterprise, Line, Project
from tests.accounts import cast

AT = datetime(2026, 6, 15, 10, tzinfo=clock.SHANGHAI)


def enterprise(**fields: object) -> Enterprise:
    return Enterprise.objects.create(name="临江化工", created_at=AT, **fields)


def line(leader: Post, office: Unit, units: list[Unit], *, order: int = 1, year: int = 2026, **fields: object) -> Line:
    made = Line.objects.create(
        name=f"{order}号线{Line.objects.count()}", year=year, order=order, leader=leader, office=office, **fields
    )
    made.units.set(units)
    return made


def leader(**fields: object) -> Post:
    fields.setdefault("starts_at", datetime(2020, 1, 1, tzinfo=clock.SHANGHAI))
    return cast.post(Role.LEADER, cast.unit(kind=UnitKind.LEADERSHIP), **fields)


# Against an independent rule -----------------------------------------------------------------------------------------


def naive(project: Project | None, company: Enterprise | None, unit: Unit | None, town: Unit | None) -> tuple:
    """The same rule by walking all there is, without sets, paths or queries by condition."""
    lines = sorted(
        (x for x in Line.objects.all() if x.year == 2026 and (x.ends_on is None or x.ends_on >= AT.date())),
        key=lambda x: (x.order, x.pk),
    )

    def at_work(post: Post | None) -> bool:
        return post is not None and (post.ends_at is None or post.ends_at > AT)

    def office_of(post: Post) -> tuple:
        mine = [x for x in lines if x.leader_id == post.pk]
        return (mine[0].pk, mine[0].office_id) if mine else (None, None)

    if project and at_work(project.manager):
        return (project.manager.pk, *office_of(project.manager), "project")
    if company and at_work(company.liaison_leader):
        return (company.liaison_leader.pk, *office_of(company.liaison_leader), "liaison")
    wanted = {x.pk for x in (town, company.town if company else None) if x}
    above = unit
    while above is not None:
        wanted.add(above.pk)
        above = above.parent
    for x in lines:
        if any(covered.pk in wanted for covered in x.units.all()):
            return (x.leader_id if at_work(x.leader) else None, x.pk, x.office_id, "line")
    return (None, None, None, "none")


class Random(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.data())
    def test_like_the_naive_rule(self, data: st.DataObject) -> None:
        units: list[Unit] = []
        for _number in range(data.draw(st.integers(1, 5), "units")):
            units.append(cast.unit(parent=data.draw(st.sampled_from([None, *units]), "parent")))
        someone = st.sampled_from([None, *units])
        leaders = [leader(ends_at=data.draw(st.sampled_from([None, AT - timedelta(days=1)]))) for _ in range(3)]
        for order in data.draw(st.lists(st.integers(1, 3), max_size=4), "lines"):
            line(
                data.draw(st.sampled_from(leaders)),
                data.draw(st.sampled_from(units)),
                data.draw(st.lists(st.sampled_from(units), max_size=3, unique=True)),
                order=order,
                year=data.draw(st.sampled_from([2025, 2026, 2026])),
                ends_on=data.draw(st.sampled_from([None, None, date(2026, 3, 1), AT.date()])),
            )
        company = data.draw(st.booleans()) and enterprise(
            town=data.draw(someone), liaison_leader=data.draw(st.sampled_from([None, None, *leaders]))
        )
        project = data.draw(st.booleans()) and Project.objects.create(
            code="P1", name="项目", created_at=AT, manager=data.draw(st.sampled_from([None, *leaders]))
        )
        unit, town = data.draw(someone), data.draw(someone)
        found = find_leader(
            project=project or None,
            enterprise=company or None,
            unit_id=unit.pk if unit else None,
            town_id=town.pk if town else None,
            at=AT,
        )
        answer = (found.leader_post_id, found.line_id, found.office_unit_id, found.why)
        assert answer == naive(project or None, company or None, unit, town)


# By name -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_manager_before_liaison_before_line() -> None:
    town, office = cast.unit(kind=UnitKind.TOWN), cast.unit()
    manager, liaison, of_line = leader(), leader(), leader()
    covering = line(of_line, office, [town])
    company = enterprise(town=town, liaison_leader=liaison)
    project = Project.objects.create(code="P1", name="项目", created_at=AT, manager=manager, enterprise=company)
    assert find_leader(project=project, enterprise=company, at=AT).leader_post_id == manager.pk
    assert find_leader(enterprise=company, at=AT).why == "liaison"
    company.liaison_leader = None
    found = find_leader(enterprise=company, at=AT)
    assert (found.leader_post_id, found.line_id, found.office_unit_id) == (of_line.pk, covering.pk, office.pk)


@pytest.mark.django_db
def test_a_unit_below_a_covered_one_is_covered_and_one_above_is_not() -> None:
    above = cast.unit()
    below = cast.unit(parent=above)
    leftover = leader()
    line(leftover, cast.unit(), [above])
    assert find_leader(unit_id=below.pk, at=AT).leader_post_id == leftover.pk
    Line.objects.all().delete()
    line(leftover, cast.unit(), [below])
    assert find_leader(unit_id=above.pk, at=AT) == NOBODY


@pytest.mark.django_db
def test_of_two_lines_that_cover_the_lower_order_counts_and_then_the_older() -> None:
    town = cast.unit(kind=UnitKind.TOWN)
    line(leader(), cast.unit(), [town], order=2)
    first = line(leader(), cast.unit(), [town], order=1)
    line(leader(), cast.unit(), [town], order=1)
    assert find_leader(town_id=town.pk, at=AT).line_id == first.pk


@pytest.mark.django_db
def test_last_years_lines_are_not_carried_on() -> None:
    town = cast.unit(kind=UnitKind.TOWN)
    line(leader(), cast.unit(), [town], year=2025)
    assert find_leader(town_id=town.pk, at=AT) == NOBODY
    assert find_leader(town_id=town.pk, at=AT.replace(year=2025)).why == "line"


@pytest.mark.django_db
def test_the_year_is_that_of_shanghai() -> None:
    """22:30 UTC on 31 December is the new year there."""
    town = cast.unit(kind=UnitKind.TOWN)
    line(leader(), cast.unit(), [town], year=2027)
    midnight = datetime(2027, 1, 1, tzinfo=clock.SHANGHAI)
    assert find_leader(town_id=town.pk, at=midnight).why == "line"
    assert find_leader(town_id=town.pk, at=midnight - timedelta(seconds=1)) == NOBODY


@pytest.mark.django_db
def test_overlaps_and_gaps() -> None:
    twice = cast.unit("双溪街道", UnitKind.TOWN)
    once = cast.unit("住建委", is_responsible=True)
    below = cast.unit("房管所", parent=once, is_responsible=True)
    left_out = cast.unit("白沙镇", UnitKind.TOWN)
    cast.unit("档案馆")  # neither responsible nor a town: no gap
    first = line(leader(), cast.unit(), [twice, once], order=1)
    second = line(leader(), cast.unit(), [twice], order=2)
    line(leader(), cast.unit(), [left_out], order=3, ends_on=date(2026, 1, 31))
    with clock.at(AT):
        coverage = overlaps_and_gaps(2026)
    assert [(found.unit, found.lines) for found in coverage.overlaps] == [(twice, [first, second])]
    assert coverage.gaps == [left_out]
    assert below not in coverage.gaps
    with clock.at(AT):
        assert left_out in overlaps_and_gaps(2027).gaps
