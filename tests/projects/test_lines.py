"""Service lines: entered, changed, ended; and what of all this goes over when a post ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts import hooks
from accounts.actors import ANONYMOUS, SYSTEM, Actor, actor_for
from accounts.models import AuditEntry
from accounts.policy import readers_of
from accounts.roles import Role, UnitKind
from accounts.services import end_post
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from projects.models import Line
from projects.services import change_line, close_line, create_enterprise, create_line, create_project
from tests.accounts import cast

YEAR = clock.today().year


def line(name: str = "城建线", **fields: object) -> Line:
    given = {"year": YEAR, "units": [], **fields}
    given.setdefault("leader", cast.post(Role.LEADER, cast.unit()))
    given.setdefault("office", cast.unit())
    return create_line(actor=SYSTEM, name=name, **given)


def test_create_line(coordinator: Actor) -> None:
    leader, office, town = cast.post(Role.LEADER, cast.unit()), cast.unit(), cast.unit(kind=UnitKind.TOWN)
    made = create_line(
        actor=coordinator, name=" 城建线 ", year=YEAR, leader=leader, office=office, units=[town], order=3
    )
    assert (made.name, made.order, list(made.units.all())) == ("城建线", 3, [town])
    assert AuditEntry.objects.get(act="create_line").detail["units"] == [town.code]


def test_only_the_coordinator(officer: Actor) -> None:
    made = line()
    for actor in (officer, cast.actor(Role.CHIEF), cast.actor(Role.SYSTEM_ADMIN)):
        with pytest.raises(PermissionDenied):
            change_line(actor=actor, line_id=made.pk, name="别线")
        with pytest.raises(PermissionDenied):
            close_line(actor=actor, line_id=made.pk, on=clock.today())
    for actor in (ANONYMOUS, cast.actor(Role.OBSERVER)):
        with pytest.raises(NotVisible):
            change_line(actor=actor, line_id=made.pk, name="别线")


def test_bad_data(coordinator: Actor) -> None:
    officer, office = cast.post(Role.UNIT_OFFICER, cast.unit()), cast.unit()
    with pytest.raises(ValidationError) as caught:
        create_line(actor=coordinator, name="线", year=YEAR, leader=officer, office=office, units=[])
    assert list(caught.value.message_dict) == ["leader"]
    line("城建线")
    with pytest.raises(ValidationError):
        line("城建线")  # one name a year
    assert line("城建线", year=YEAR + 1)


def test_change_line(coordinator: Actor) -> None:
    town = cast.unit(kind=UnitKind.TOWN)
    made, heir = line(), cast.post(Role.LEADER, cast.unit())
    change_line(actor=coordinator, line_id=made.pk, leader=heir, units=[town])
    made.refresh_from_db()
    assert made.leader == heir
    changes = AuditEntry.objects.get(act="change_line").detail["changes"]
    assert changes["units"] == [[], [town.code]]
    change_line(actor=coordinator, line_id=made.pk, leader=heir, units=[town])
    assert AuditEntry.objects.filter(act="change_line").count() == 1


def test_close_line(coordinator: Actor) -> None:
    made = line()
    with pytest.raises(ValidationError):
        close_line(actor=coordinator, line_id=made.pk, on=date(YEAR + 1, 1, 1))
    close_line(actor=coordinator, line_id=made.pk, on=date(YEAR, 1, 1))
    if clock.today() > date(YEAR, 1, 1):
        with pytest.raises(Conflict):
            change_line(actor=coordinator, line_id=made.pk, name="别线")
    assert made not in Line.objects.living(date(YEAR, 1, 2))
    assert made in Line.objects.living(date(YEAR, 1, 1))


def test_a_service_office_reads_as_the_leaders_it_serves(db: None) -> None:
    office = cast.post(Role.SERVICE_OFFICE, cast.unit())
    mine, past, other = (cast.post(Role.LEADER, cast.unit()) for _ in range(3))
    line("甲", leader=mine, office=office.unit)
    line("乙", leader=past, office=office.unit, year=YEAR - 1)
    line("丙", leader=other)
    readers = readers_of(actor_for(office.user))
    assert mine.pk in readers
    assert past.pk not in readers
    assert other.pk not in readers
    officer = cast.post(Role.UNIT_OFFICER, office.unit)  # of the same unit, in another role
    assert mine.pk not in readers_of(actor_for(officer.user))


def test_handover(security_admin: Actor) -> None:
    leaver, heir = cast.post(Role.LEADER, cast.unit()), cast.post(Role.LEADER, cast.unit())
    running, past = line("甲", leader=leaver), line("乙", leader=leaver, year=YEAR - 1)
    firm = create_enterprise(actor=SYSTEM, name="甲厂", liaison_leader=leaver)
    project = create_project(actor=SYSTEM, code="P1", name="项目", manager=leaver)
    counts = {str(work.label): work.count for work in hooks.open_work(leaver)}
    assert {counts[label] for label in ("服务专线", "企业", "项目")} == {1}
    end_post(actor=security_admin, post_id=leaver.pk, heir_id=heir.pk)
    for row in (running, past, firm, project):
        row.refresh_from_db()
    assert running.leader == heir
    assert past.leader == leaver  # who led then, led then
    assert firm.liaison_leader == heir
    assert project.manager == heir


def test_without_an_heir_nothing_moves(security_admin: Actor) -> None:
    leaver = cast.post(Role.LEADER, cast.unit())
    made = line(leader=leaver)
    end_post(actor=security_admin, post_id=leaver.pk)
    made.refresh_from_db()
    assert made.leader == leaver


def test_a_specialists_enterprises_go_over(security_admin: Actor) -> None:
    leaver, heir = cast.post(Role.SPECIALIST, cast.unit()), cast.post(Role.SPECIALIST, cast.unit())
    firm = create_enterprise(actor=SYSTEM, name="甲厂", specialist=leaver)
    assert firm.pk in readers_of(actor_for(leaver.user))
    end_post(actor=security_admin, post_id=leaver.pk, heir_id=heir.pk)
    assert firm.pk in readers_of(actor_for(heir.user))


def test_the_pages_work(client: Client, coordinator: Actor) -> None:
    leader, office = cast.post(Role.LEADER, cast.unit()), cast.unit()
    twice, gap = cast.unit("双溪街道", UnitKind.TOWN), cast.unit("白沙镇", UnitKind.TOWN)
    client.force_login(coordinator.user)
    fields = {"name": "甲线", "year": YEAR, "order": 1, "leader": leader.pk, "office": office.pk, "units": [twice.pk]}
    assert client.post("/app/lines/new/", fields).url == f"/app/lines/?year={YEAR}"
    assert client.post("/app/lines/new/", fields).status_code == 422
    client.post("/app/lines/new/", {**fields, "name": "乙线", "order": 2})
    page = client.get("/app/lines/")
    assert [row["name"] for row in page.context["rows"]] == ["甲线", "乙线"]
    assert page.context["gaps"][0]["names"] == gap.name
    assert [found["first"] for found in page.context["overlaps"]] == ["甲线"]
    pk = Line.objects.get(name="乙线").pk
    assert client.post(f"/app/lines/{pk}/change/", {**fields, "name": "丙线", "units": [gap.pk]}).status_code == 302
    page = client.get("/app/lines/")
    assert (page.context["gaps"][0]["count"], page.context["overlaps"]) == (0, [])
    assert client.post(f"/app/lines/{pk}/close/", {"on": str(clock.today() - timedelta(days=400))}).status_code == 422
    assert client.post(f"/app/lines/{pk}/close/", {"on": str(clock.today())}).status_code == 302
    for year in ("x", "99999", "²²²²", ""):
        assert client.get("/app/lines/", {"year": year}).status_code == 200
    client.force_login(cast.actor(Role.UNIT_HEAD).user)
    page = client.get("/app/lines/")
    assert not page.context["may_create"]
    assert not any(row["change"] for row in page.context["rows"])
    assert client.get(f"/app/lines/{pk}/change/").status_code == 403


def test_categories_and_named_projects_are_entered_and_shown_with_overlap_and_gap(coordinator: Actor) -> None:
    """By the page: two lines name one category and one project; another category and project are left out."""
    from issues.models import Category

    for name in ("供水", "融资"):
        Category.objects.create(name=name)
    create_project(actor=coordinator, code="P-1", name="云溪新材料项目")
    create_project(actor=coordinator, code="P-2", name="白沙物流园项目")
    leader, office = cast.post(Role.LEADER, cast.unit()), cast.unit()
    client = Client()
    client.force_login(coordinator.user)
    given = {"year": YEAR, "order": 1, "leader": leader.pk, "office": office.pk, "categories": ["供水"]}
    wrong = client.post("/app/lines/new/", {**given, "name": "甲线", "projects": "P-1\nP-9"})
    assert wrong.status_code == 422
    assert "P-9" in wrong.content.decode()
    for name in ("甲线", "乙线"):
        assert client.post("/app/lines/new/", {**given, "name": name, "projects": "P-1"}).status_code == 302
    one = Line.objects.get(name="甲线")
    assert (one.categories, [project.code for project in one.projects.all()]) == (["供水"], ["P-1"])
    page = client.get("/app/lines/").content.decode()
    overlaps = page[page.index('id="overlaps"') :]
    assert "供水：甲线、乙线" in overlaps
    assert "P-1 云溪新材料项目：甲线、乙线" in overlaps
    gaps = page[page.index('id="gaps"') : page.index('id="overlaps"')]
    assert "融资" in gaps
    assert "P-2 白沙物流园项目" in gaps
    client.post(f"/app/lines/{one.pk}/change/", {**given, "name": "甲线", "categories": ["融资"], "projects": ""})
    one.refresh_from_db()
    assert (one.categories, one.projects.count()) == (["融资"], 0)
