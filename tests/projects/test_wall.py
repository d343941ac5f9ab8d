"""The wall chart: every visible project once, on its line and stage, in a fixed number of queries."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import Post
from accounts.roles import Role, UnitKind
from common import clock, fmt
from projects import wall, wallviews
from projects.models import Line, MonthFigure, PlanItem, Project
from projects.states import WAY
from tests.accounts import cast

pytestmark = pytest.mark.django_db
MONDAY = clock.parse("2026-06-15T10:00")


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(MONDAY):
        yield


def line(name: str, order: int, leader: Post | None = None) -> Line:
    leader = leader or cast.post(Role.LEADER, cast.unit())
    return Line.objects.create(name=name, year=2026, order=order, leader=leader, office=cast.unit())


def project(code: str, due: date | None = None, **fields: object) -> Project:
    made = Project.objects.create(code=code, name=f"{code}号项目", created_at=MONDAY, **fields)
    if due:
        PlanItem.objects.create(project=made, key="x", kind="task", name="事项", planned_start=due, planned_end=due)
    return made


def placed(actor: Actor) -> dict[str, set[str]]:
    return {row.name: {mark.name[:-3] for mark in row.marks} for row in wall.rows(actor, clock.today())}


def test_each_project_stands_once_on_the_line_of_its_manager_else_the_first_that_reaches_it(coordinator: Actor) -> None:
    park, unit = cast.unit(kind=UnitKind.PARK), cast.unit()
    first, second = line("甲线", 1), line("乙线", 2)
    first.units.add(park, unit)
    second.units.add(park)
    managed = project("A", park=park, manager=second.leader)
    second.projects.add(managed, project("B"))
    project("C", park=park)
    project("D", unit=cast.unit(parent=unit))
    project("E", lead_unit=cast.unit(), manager=cast.post(Role.LEADER, cast.unit()))
    project("F", stage="terminated", park=park)
    found = placed(coordinator)
    assert list(found.values()) == [{"C", "D"}, {"A", "B"}, {"E"}]


def test_nobody_sees_more_on_the_wall_than_elsewhere(coordinator: Actor) -> None:
    mine, other = line("甲线", 1), line("乙线", 2)
    mine.projects.add(project("A"))
    other.projects.add(project("B"))
    leader = cast.actor(Role.LEADER)
    assert wall.page(leader, names=True)["total"] == 0
    Line.objects.filter(pk=mine.pk).update(leader=leader.posts[0])
    leader = Actor(user=leader.user, posts=leader.posts)
    assert {name for names in placed(leader).values() for name in names} == {"A"}
    assert wallviews._by_unit(wall.projects_of(leader), wallviews.HIGHER)[0]["whole"] == 1
    client = Client()
    client.force_login(leader.user)
    for view in ("", "levels", "starts", "inspections"):
        assert "B号项目" not in client.get("/app/wall/", {"view": view, "names": "1"}).content.decode()


def test_lights_differ_by_shape_and_only_late_ones_are_named_unless_asked(coordinator: Actor) -> None:
    today = clock.today()
    project("A", today + timedelta(days=30))
    project("B", today)
    project("C", today - timedelta(days=1))
    project("D", today - timedelta(days=30))
    cell = wall.page(coordinator, names=False)["rows"][0]["cells"][0]
    assert [(one["name"], one["word"]) for one in cell["named"]] == [
        ("D号项目", fmt.light_word("red")),
        ("C号项目", fmt.light_word("yellow", breached=True)),
        ("B号项目", fmt.light_word("yellow")),
    ]
    assert [one["name"] for one in cell["dots"]] == ["A号项目"]
    marks = {one["tone"]: one["mark"] for one in (*cell["named"], *cell["dots"])}
    assert len(set(marks.values())) == len(marks) == 3  # told apart without colour
    everything = wall.page(coordinator, names=True)["rows"][0]["cells"][0]
    assert (len(everything["named"]), everything["dots"]) == (4, [])


def test_245_projects_take_at_most_twelve_queries(coordinator: Actor) -> None:
    units = [cast.unit(kind=UnitKind.PARK) for _ in range(4)]
    for order in range(8):
        line(f"{order}号线", order).units.add(units[order % 4])
    rows = [
        Project(code=f"P-{n}", name=f"{n}号项目", stage=WAY[n % 6], park=units[n % 4], created_at=MONDAY)
        for n in range(245)
    ]
    Project.objects.bulk_create(rows)
    day = clock.today() - timedelta(days=1)
    PlanItem.objects.bulk_create(
        PlanItem(project=row, key="x", kind="task", name="x", planned_start=day, planned_end=day) for row in rows[:40]
    )
    client = Client()
    client.force_login(coordinator.user)
    client.get("/app/wall/")
    for query in ("", "?names=1", "?screen=1", "?view=levels", "?view=starts", "?view=inspections"):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"/app/wall/{query}").content.decode()
        assert len(asked) <= 12, query
        if "view" not in query:
            assert len(set(re.findall(r'href="(/app/projects/P-\d+/)"', page))) == 245
    assert 'style="' not in page


def test_major_projects_are_ranked_by_number_investment_and_growth(coordinator: Actor) -> None:
    """The source ranks three things: 个数占比, 投资总量占比, 每月投资量环比."""
    one, two, three = (cast.unit(name) for name in ("甲局", "乙局", "丙局"))
    for code, unit, level, money in (
        ("A", one, "city", 3000), ("B", one, "district", 1000), ("C", two, "province", 1000),
        ("D", two, "district", 1000), ("E", three, "district", 1000), ("F", None, "city", 1000),
    ):  # fmt: skip
        project(code, unit=unit, level=level, total_investment=money)
    for code, before, last in (("A", 100, 150), ("B", 1, 900), ("C", 100, 100), ("E", 5, 9)):
        of = Project.objects.get(code=code)
        for month, actual in ((4, before), (5, last)):
            MonthFigure.objects.create(project=of, month=date(2026, month, 1), actual=actual)
    rows = wallviews.levels(coordinator, clock.today())["rows"]
    told = {row["name"]: [(cell["value"], cell.get("rank")) for cell in row["cells"]] for row in rows}
    assert told == {
        "乙局": [("50.0 %", 1), ("50.0 %", 2), ("0.0 %", 2)],
        "甲局": [("50.0 %", 1), ("75.0 %", 1), ("+50.0 %", 1)],
        "丙局": [("—", None), ("—", None), ("—", None)],  # no major project, so no rank among them
        "责任单位未定": [("100.0 %", None), ("100.0 %", None), ("—", None)],
    }
    assert [row["name"] for row in rows][2:] == ["丙局", "责任单位未定"]


def test_new_starts_count_what_was_planned_alone(coordinator: Actor) -> None:
    unit = cast.unit()
    for code, category, started in (
        ("A", "planned_start", date(2026, 3, 1)), ("B", "planned_start", None), ("C", "continuing", date(2026, 3, 1)),
        ("D", "planned_start", date(2027, 3, 1)),
    ):  # fmt: skip
        project(code, unit=unit, category=category, started_on=started)
    assert wallviews.starts(coordinator, clock.today())["rows"][0]["cells"][0]["small"] == "1 ÷ 3"


def test_the_display_turns_over_without_a_script_too_and_stands_still_when_asked(coordinator: Actor) -> None:
    client = Client()
    client.force_login(coordinator.user)
    page = client.get("/app/wall/?screen=1").content.decode()
    assert 'content="30;url=/app/wall/?view=levels&amp;screen=1"' in page
    paused = client.get("/app/wall/?screen=1&pause=1").content.decode()
    assert '<meta http-equiv="refresh" content="60">' in paused
    assert 'http-equiv="refresh"' not in client.get("/app/wall/").content.decode()


def test_the_sheet_is_one_a3_page_and_recorded(coordinator: Actor) -> None:
    import io

    import pikepdf

    from accounts.models import AuditEntry

    first = line("甲线", 1)
    first.projects.add(*(project(f"P{n}") for n in range(30)))
    client = Client()
    client.force_login(coordinator.user)
    pdf = pikepdf.open(io.BytesIO(client.get("/app/wall/sheet/").content))
    width, height = (float(number) for number in pdf.pages[0].mediabox[2:])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4), len(pdf.pages)) == (420, 297, 1)
    assert AuditEntry.objects.filter(act="export", object_ref="wall").exists()
