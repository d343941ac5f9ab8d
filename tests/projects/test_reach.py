"""Which line a project is on is said once: by the finder of leaders, the wall, and who sees the project."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from accounts.actors import Actor, actor_for
from accounts.models import Post
from accounts.roles import Role, UnitKind
from common import clock
from projects import wall
from projects.finding import Reach, find_leader, lines_reaching
from projects.models import Line, Project, ProjectManager
from tests.accounts import cast

pytestmark = pytest.mark.django_db
RELATIONS = ("town", "park", "unit", "lead_unit", "above_unit", "above_lead", "named")


@pytest.fixture
def lines() -> list[Line]:
    year = clock.today().year
    made = []
    for n in range(3):
        leader = cast.post(Role.LEADER, cast.unit())
        made.append(Line.objects.create(name=f"{n}线", year=year, order=n, leader=leader, office=cast.unit()))
    return made


def project(n: int, line: Line | None, relation: str, other: Line | None = None, second: str = "") -> Project:
    made = Project.objects.create(code=f"P-{n:04d}", name="项目", created_at=clock.now())
    for each, how in ((line, relation), (other, second)):
        if each is not None:
            relate(made, each, how)
    return made


def relate(of: Project, line: Line, how: str) -> None:
    if how == "named":
        line.projects.add(of)
        return
    kind = {"town": UnitKind.TOWN, "park": UnitKind.PARK}.get(how, UnitKind.DEPARTMENT)
    covered = cast.unit(kind=kind)
    line.units.add(covered)
    field = {"above_unit": "unit", "above_lead": "lead_unit"}.get(how, how)
    setattr(of, field, cast.unit(parent=covered) if how.startswith("above") else covered)
    of.save()


def test_the_finder_the_wall_and_the_scope_agree(lines: list[Line], coordinator: Actor) -> None:
    """Each relation to one line, each pair of relations to two lines, and none."""
    pairs = [pair for pair in itertools.product(RELATIONS, RELATIONS) if pair[0] != pair[1]]
    made = [project(n, lines[n % 3], how) for n, how in enumerate(RELATIONS)]
    # a park and a responsible unit of two lines at once, a name in one and a place in the other
    made += [project(100 + n, lines[1], one, lines[2], two) for n, (one, two) in enumerate(pairs)
             if {one, two} not in ({"unit", "above_unit"}, {"lead_unit", "above_lead"})]  # fmt: skip
    made.append(project(999, None, ""))
    shown = {mark.url: row.name for row in wall.rows(coordinator, clock.today()) for mark in row.marks}
    for of in made:
        found = find_leader(project=of, at=clock.now())
        here = next((line for line in lines if line.pk == found.line_id), None)
        on_wall = shown[f"/app/projects/{of.code}/"]
        assert on_wall == (here.name if here else "不在专线内"), of.code
        reaching = {line.pk for line in lines_reaching(of, clock.today())}
        assert (found.line_id in reaching) == (found.line_id is not None)
        for line in lines:
            sees = Project.objects.visible_to(actor_for(line.leader.user)).filter(pk=of.pk).exists()
            assert sees == (line.pk in reaching), (of.code, line.name)
    named = next(of for of in made if of.lines.filter(pk=lines[2].pk).exists() and of.park_id)
    assert find_leader(project=named, at=clock.now()).line_id == lines[2].pk  # a name before a place


def test_the_next_manager_in_office_is_found(lines: list[Line]) -> None:
    """Until somebody hands over, the second manager answers for the first whose post has ended."""
    of = project(1, lines[0], "park")
    first, second = (cast.post(Role.LEADER, cast.unit()) for _n in range(2))
    for n, post in enumerate((first, second)):
        ProjectManager.objects.create(project=of, post=post, leader=post, order=n + 1, starts_on=clock.today())
    Project.objects.filter(pk=of.pk).update(manager=first)
    of.refresh_from_db()
    assert find_leader(project=of, at=clock.now()).leader_post_id == first.pk
    Post.objects.filter(pk=first.pk).update(ends_at=clock.now() - timedelta(seconds=1))
    assert find_leader(project=of, at=clock.now()).leader_post_id == second.pk
    Post.objects.filter(pk=second.pk).update(ends_at=clock.now() - timedelta(seconds=1))
    assert find_leader(project=of, at=clock.now()).why == "line"


def test_a_fixed_number_of_queries(lines: list[Line], coordinator: Actor, django_assert_num_queries) -> None:
    for n, how in enumerate(RELATIONS):
        project(n, lines[n % 3], how)
    with django_assert_num_queries(3):
        reach = Reach.on(clock.today())
        for of in Project.objects.none():
            reach.first(of.pk, set())
    with django_assert_num_queries(7):  # the district that names itself is one
        wall.rows(coordinator, clock.today())
