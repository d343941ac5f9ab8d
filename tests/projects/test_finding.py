"""The leader behind an issue, against a naive rule written apart from it; and who is passed over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Post, Unit
from accounts.roles import Role, UnitKind
from common import clock
from projects import scopes
from projects.finding import NOBODY, Finding, Why, explain, find_leader, overlaps_and_gaps
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


CATEGORIES = ["供水", "用地", "融资"]


def naive(
    project: Project | None, company: Enterprise | None, unit: Unit | None, town: Unit | None, category: str
) -> tuple:
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

    def by(x: Line, why: str) -> tuple:
        return (x.leader_id if at_work(x.leader) else None, x.pk, x.office_id, why)

    if project and at_work(project.manager):
        return (project.manager.pk, *office_of(project.manager), "project")
    if company and at_work(company.liaison_leader):
        return (company.liaison_leader.pk, *office_of(company.liaison_leader), "liaison")
    for x in lines:
        if project and any(named.pk == project.pk for named in x.projects.all()):
            return by(x, "line_project")
    wanted = reaching(project, company, unit, town)
    for x in lines:
        if any(covered.pk in wanted for covered in x.units.all()):
            return by(x, "line")
    return next((by(x, "line_category") for x in lines if category in x.categories), (None, None, None, "none"))


def reaching(project: Project | None, company: Enterprise | None, unit: Unit | None, town: Unit | None) -> set[int]:
    """By walking up one at a time."""
    places = [town, company.town if company else None]
    places += [project.town, project.park] if project else []
    wanted = {x.pk for x in places if x}
    for above in (unit, *((project.unit, project.lead_unit) if project else ())):
        while above is not None:
            wanted.add(above.pk)
            above = above.parent
    return wanted


class Random(TestCase):
    @settings(max_examples=100, deadline=None)
    @given(st.data())
    def test_like_the_naive_rule_and_each_explains_itself(self, data: st.DataObject) -> None:
        units: list[Unit] = []
        for _number in range(data.draw(st.integers(1, 4), "units")):
            units.append(cast.unit(parent=data.draw(st.sampled_from([None, *units]), "parent")))
        someone = st.sampled_from([None, *units])
        leaders = [leader(ends_at=data.draw(st.sampled_from([None, AT - timedelta(days=1)]))) for _ in range(2)]
        nobody_or_one = st.sampled_from([None, None, None, *leaders])
        project = data.draw(st.booleans()) and Project.objects.create(
            code="P1", name="项目", created_at=AT, manager=data.draw(nobody_or_one), town=data.draw(someone),
            park=data.draw(someone), unit=data.draw(someone), lead_unit=data.draw(someone),
        )  # fmt: skip
        for order in data.draw(st.lists(st.integers(1, 3), max_size=4), "lines"):
            made = line(
                data.draw(st.sampled_from(leaders)),
                data.draw(st.sampled_from(units)),
                data.draw(st.lists(st.sampled_from(units), max_size=2, unique=True)),
                order=order,
                year=data.draw(st.sampled_from([2025, 2026, 2026])),
                ends_on=data.draw(st.sampled_from([None, None, date(2026, 3, 1), AT.date()])),
                categories=data.draw(st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True)),
            )
            if project and data.draw(st.booleans()):
                made.projects.add(project)
        company = data.draw(st.booleans()) and enterprise(
            town=data.draw(someone), liaison_leader=data.draw(nobody_or_one)
        )
        unit, town, category = data.draw(someone), data.draw(someone), data.draw(st.sampled_from(["", *CATEGORIES]))
        found = find_leader(
            project=project or None,
            enterprise=company or None,
            unit_id=unit.pk if unit else None,
            town_id=town.pk if town else None,
            categories=[category] if category else [],
            at=AT,
        )
        answer = (found.leader_post_id, found.line_id, found.office_unit_id, found.why)
        assert answer == naive(project or None, company or None, unit, town, category)
        self.explains_itself(found)

    def explains_itself(self, found: Finding) -> None:
        said = explain(found)
        assert said
        name = Line.objects.get(pk=found.line_id).name if found.line_id else None
        assert (name in said) if found.why.startswith("line") else True
        others = {explain(Finding(found.leader_post_id, found.line_id, None, why)) for why in get_args(Why)}
        assert len(others) == len(get_args(Why))  # no two reasons read alike


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
    assert [(found.scope, found.name, found.lines) for found in coverage.overlaps] == [
        ("unit", twice.name, [first, second])
    ]
    assert coverage.gaps["unit"] == [left_out.name]
    assert below.name not in coverage.gaps["unit"]
    with clock.at(AT):
        assert left_out.name in overlaps_and_gaps(2027).gaps["unit"]


@pytest.mark.django_db
def test_overlaps_and_gaps_of_categories_and_projects(monkeypatch) -> None:
    monkeypatch.setattr(scopes, "_offered", [lambda: [("水电气", ""), ("供水", "水电气"), ("融资", "")]])
    park = cast.unit(kind=UnitKind.PARK)
    first = line(leader(), cast.unit(), [park], order=1, categories=["水电气"])
    second = line(leader(), cast.unit(), [], order=2, categories=["水电气"])
    given = {"created_at": AT}
    named = Project.objects.create(code="P1", name="两线都点名", **given)
    first.projects.add(named)
    second.projects.add(named)
    Project.objects.create(code="P2", name="在园区", park=park, **given)
    Project.objects.create(code="P3", name="有项目经理", manager=leader(), **given)
    Project.objects.create(code="P4", name="无人包保", **given)
    Project.objects.create(code="P5", name="已终止", stage="terminated", **given)
    with clock.at(AT):
        coverage = overlaps_and_gaps(2026)
        unseen = overlaps_and_gaps(2026, Project.objects.none())
    assert [(found.scope, found.name) for found in coverage.overlaps] == [
        ("category", "水电气"), ("project", "P1 两线都点名"),
    ]  # fmt: skip
    assert coverage.gaps["category"] == ["融资"]
    assert coverage.gaps["project"] == ["P4 无人包保"]
    assert [found.scope for found in unseen.overlaps] == ["category"]
    assert unseen.gaps["project"] == []


@pytest.mark.django_db
def test_stored_facts_alone_explain() -> None:
    """Whatever the project says later, the reason stays the one that was stored."""
    covering = line(leader(), cast.unit(), [])
    stored = Finding(covering.leader_id, covering.pk, covering.office_id, "line_project")
    said = explain(stored)
    with CaptureQueriesContext(connection) as asked:
        assert explain(stored, line=covering.name) == said
    assert len(asked) == 0
    assert covering.name in said
    assert explain(Finding(None, covering.pk, covering.office_id, "line")) != explain(
        Finding(covering.leader_id, covering.pk, covering.office_id, "line")
    )
