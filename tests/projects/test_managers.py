"""Who manages a project: named, ended, handed over, moved; the history stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import SYSTEM, Actor
from accounts.models import Post
from accounts.roles import Role
from accounts.services import end_post
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from projects import gates
from projects.finding import find_leader
from projects.models import Enterprise, Lead, Project, ProjectManager
from projects.services import (
    create_enterprise,
    create_line,
    create_project,
    end_manager,
    end_member,
    move_projects,
    name_manager,
    name_member,
    register_lead,
)
from tests.accounts import cast


@pytest.fixture
def project(coordinator: Actor) -> Project:
    return create_project(actor=coordinator, code="P-1", name="冷链物流园")


def leader() -> Post:
    return cast.post(Role.LEADER, cast.unit())


def test_the_first_manager_is_found_for_issues(coordinator: Actor, project: Project) -> None:
    one, other, cadre = leader(), leader(), cast.post(Role.UNIT_HEAD, cast.unit())
    first = name_manager(actor=coordinator, code="P-1", post=cadre, leader=one, reason="议定")
    name_manager(actor=coordinator, code="P-1", post=other)
    project.refresh_from_db()
    assert (project.manager, first.leader, first.order) == (one, one, 1)
    assert find_leader(project=project, at=clock.now()).leader_post_id == one.pk
    end_manager(actor=coordinator, code="P-1", manager_id=first.pk, reason="分工调整")
    project.refresh_from_db()
    assert project.manager == other
    first.refresh_from_db()
    assert (first.ends_on, first.end_reason) == (clock.today(), "分工调整")


def test_who_may_manage(coordinator: Actor, project: Project) -> None:
    cadre, gone = cast.post(Role.UNIT_HEAD, cast.unit()), leader()
    Post.objects.filter(pk=gone.pk).update(ends_at=clock.now() - timedelta(days=1))
    for given in ({"post": cadre}, {"post": cadre, "leader": cadre}, {"post": gone}, {"post": cadre, "leader": gone}):
        with pytest.raises(ValidationError):
            name_manager(actor=coordinator, code="P-1", **given)
    with pytest.raises(ValidationError, match="晚于今天"):
        name_manager(actor=coordinator, code="P-1", post=leader(), on=clock.today() + timedelta(days=1))
    one = leader()
    name_manager(actor=coordinator, code="P-1", post=one)
    with pytest.raises(ValidationError):
        name_manager(actor=coordinator, code="P-1", post=one)


def test_the_order_of_refusals(coordinator: Actor, officer: Actor, project: Project) -> None:
    with pytest.raises(NotVisible):
        name_manager(actor=officer, code="P-1", post=leader(), version=9)
    Project.objects.filter(pk=project.pk).update(unit=officer.posts[0].unit)
    with pytest.raises(Conflict):
        name_manager(actor=officer, code="P-1", post=leader(), version=9)
    with pytest.raises(PermissionDenied):
        name_manager(actor=officer, code="P-1", post=leader())
    Project.objects.filter(pk=project.pk).update(stage="terminated")
    with pytest.raises(Conflict):
        name_manager(actor=coordinator, code="P-1", post=leader())


def test_the_team(coordinator: Actor, project: Project) -> None:
    post = cast.post(Role.SPECIALIST, cast.unit())
    row = name_member(actor=coordinator, code="P-1", post=post, duty="specialist")
    with pytest.raises(ValidationError):
        name_member(actor=coordinator, code="P-1", post=post, duty="specialist")
    with pytest.raises(ValidationError):
        name_member(actor=coordinator, code="P-1", post=post, duty="chief")
    with pytest.raises(ValidationError):
        end_member(actor=coordinator, code="P-1", member_id=row.pk, reason=" ")
    end_member(actor=coordinator, code="P-1", member_id=row.pk, reason="转岗")
    with pytest.raises(Conflict):
        end_member(actor=coordinator, code="P-1", member_id=row.pk, reason="转岗")
    with pytest.raises(NotVisible):
        end_manager(actor=coordinator, code="P-1", manager_id=row.pk, reason="x")


def test_a_second_manager_is_a_hint_alone(coordinator: Actor, project: Project) -> None:
    for money, managers, hint in ((99_999, 1, False), (100_000, 1, True), (100_000, 2, False), (None, 0, False)):
        project.total_investment = money
        assert gates.wants_second_manager(project, managers) == hint


def test_a_post_that_ends_hands_over_with_its_history(coordinator: Actor, project: Project) -> None:
    leaver, heir, stays = leader(), leader(), leader()
    cadre = cast.post(Role.UNIT_HEAD, cast.unit())
    own = name_manager(actor=coordinator, code="P-1", post=leaver)
    name_manager(actor=coordinator, code="P-1", post=stays)
    create_project(actor=coordinator, code="P-2", name="二期")
    below = name_manager(actor=coordinator, code="P-2", post=cadre, leader=leaver)
    register_lead(actor=coordinator, code="L-1", name="线索", owner=leaver)
    past = ProjectManager.objects.create(
        project=project, post=leaver, leader=leaver, starts_on="2020-01-01", ends_on="2020-12-31"
    )
    end_post(actor=SYSTEM, post_id=leaver.pk, heir_id=heir.pk)
    project.refresh_from_db()
    own.refresh_from_db()
    below.refresh_from_db()
    assert project.manager == heir
    assert own.ends_on == clock.today() == below.ends_on
    assert leaver.user.name in own.end_reason
    now = project.managers.filter(ends_on__isnull=True)
    assert [(row.post, row.order) for row in now.order_by("order")] == [(heir, 1), (stays, 2)]
    second = Project.objects.get(code="P-2").managers.get(ends_on__isnull=True)
    assert (second.post, second.leader) == (cadre, heir)
    assert Lead.objects.get(project__code="L-1").owner == heir
    past.refresh_from_db()
    assert (past.post, str(past.ends_on)) == (leaver, "2020-12-31")


def test_an_heir_who_manages_already_is_not_named_twice(coordinator: Actor, project: Project) -> None:
    leaver, heir = leader(), leader()
    for post in (leaver, heir):
        name_manager(actor=coordinator, code="P-1", post=post)
    end_post(actor=SYSTEM, post_id=leaver.pk, heir_id=heir.pk)
    assert [row.post for row in project.managers.filter(ends_on__isnull=True)] == [heir]
    project.refresh_from_db()
    assert project.manager == heir


def test_duties_move_as_chosen(coordinator: Actor, project: Project) -> None:
    post, heir = leader(), leader()
    name_manager(actor=coordinator, code="P-1", post=post)
    create_project(actor=coordinator, code="P-2", name="留下的", manager=post)
    office = cast.unit()
    line = create_line(actor=coordinator, name="工业线", year=clock.today().year, leader=post, office=office, units=[])
    firm = create_enterprise(actor=coordinator, name="禾曦食品", liaison_leader=post)
    moved = move_projects(
        actor=coordinator, post=post, heir=heir, reason="分工调整", codes=["P-1"], line_ids=[line.pk],
        enterprise_ids=[firm.pk],
    )  # fmt: skip
    project.refresh_from_db()
    line.refresh_from_db()
    assert (moved, project.manager, line.leader) == (3, heir, heir)
    assert Enterprise.objects.get(pk=firm.pk).liaison_leader == heir
    assert Project.objects.get(code="P-2").manager == post
    assert [row.end_reason for row in project.managers.filter(post=post)] == ["分工调整"]


def test_what_is_not_the_leaders_does_not_move_and_nothing_else_does(coordinator: Actor, project: Project) -> None:
    post, heir = leader(), leader()
    create_project(actor=coordinator, code="P-2", name="自己的", manager=post)
    given = {"actor": coordinator, "post": post, "heir": heir, "reason": "分工调整"}
    with pytest.raises(NotVisible):
        move_projects(**given, codes=["P-2", "P-1"])
    assert Project.objects.get(code="P-2").manager == post
    for wrong in ({}, {"codes": ["P-2"], "reason": " "}, {"codes": ["P-2"], "heir": post}):
        with pytest.raises(ValidationError):
            move_projects(**{**given, **wrong})
    with pytest.raises(PermissionDenied):
        move_projects(**{**given, "actor": cast.actor(Role.UNIT_HEAD)}, codes=["P-2"])
