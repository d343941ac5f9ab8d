"""Managers and teams, the rules beside the common cases: who stays first, who takes over, and what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import Post
from accounts.roles import Role
from accounts.services import end_post, hand_over
from common import clock
from common.errors import Conflict, NotVisible, ValidationError
from projects import services
from projects.models import Lead, Project, ProjectManager, TeamMember
from tests.accounts import cast
from tests.projects import life

pytestmark = pytest.mark.django_db


def manager(of: Project) -> Post | None:
    of.refresh_from_db()
    return of.manager


def name(of: Project, post: Post, **more: object) -> ProjectManager:
    return services.name_manager(actor=SYSTEM, code=of.code, post=post, **more)


def test_the_first_in_office_is_the_projects_manager() -> None:
    of, one, two, three = life.project(), life.leader(), life.leader(), life.leader()
    first = name(of, one)
    name(of, cast.post(Role.UNIT_HEAD, of.unit), leader=two)
    name(of, three)
    assert manager(of) == one
    services.end_manager(actor=SYSTEM, code=of.code, manager_id=first.pk, reason="调整")
    assert manager(of) == two
    name(of, one, reason="复任")  # comes last, though once the first
    assert manager(of) == two
    for row in of.managers.filter(ends_on__isnull=True):
        services.end_manager(actor=SYSTEM, code=of.code, manager_id=row.pk, reason="调整")
    assert manager(of) is None
    assert of.managers.count() == 4


def test_every_change_of_people_makes_an_old_page_old(coordinator: Actor) -> None:
    of, version = life.project(), 1
    row = name(of, life.leader())
    member = services.name_member(
        actor=coordinator, code=of.code, post=cast.post(Role.SPECIALIST, of.unit), duty="agent"
    )  # fmt: skip
    services.end_manager(actor=coordinator, code=of.code, manager_id=row.pk, reason="x")
    services.end_member(actor=coordinator, code=of.code, member_id=member.pk, reason="x")
    of.refresh_from_db()
    assert of.version == version + 4


@pytest.mark.parametrize("days", [-40, 1])
def test_a_last_day_lies_between_the_first_and_today(coordinator: Actor, days: int) -> None:
    of, began = life.project(), clock.today() - timedelta(days=20)
    row = name(of, life.leader(), on=began)
    wrong, right = clock.today() + timedelta(days=days), began
    given = {"actor": coordinator, "code": of.code, "manager_id": row.pk, "reason": "x"}
    with pytest.raises(ValidationError) as caught:
        services.end_manager(on=wrong, **given)
    assert list(caught.value.message_dict) == ["on"]
    assert services.end_manager(on=right, **given).ends_on == began
    with pytest.raises(Conflict):
        services.end_manager(on=right, **given)


def test_a_row_of_another_project_is_not_there(coordinator: Actor) -> None:
    of, other = life.project(), life.project()
    row = name(other, life.leader())
    member = services.name_member(
        actor=SYSTEM, code=other.code, post=cast.post(Role.SPECIALIST, of.unit), duty="agent"
    )  # fmt: skip
    with pytest.raises(NotVisible):
        services.end_manager(actor=coordinator, code=of.code, manager_id=row.pk, reason="x")
    with pytest.raises(NotVisible):
        services.end_member(actor=coordinator, code=of.code, member_id=member.pk, reason="x")


def test_outsiders_neither_manage_nor_serve(coordinator: Actor) -> None:
    of = life.project()
    firm = services.create_enterprise(actor=SYSTEM, name="禾曦食品")
    outsiders = [cast.post(Role.ENTERPRISE, enterprise_id=firm.pk), cast.post(Role.OBSERVER)]
    for post in outsiders:
        with pytest.raises(ValidationError):
            name(of, post, leader=life.leader())
        with pytest.raises(ValidationError):
            services.name_member(actor=coordinator, code=of.code, post=post, duty="member")


def test_a_manager_sees_the_project_until_the_last_day_is_over() -> None:
    of, post = life.project(), life.leader()

    def seen() -> bool:
        return Project.objects.visible_to(actor_for(post.user)).filter(pk=of.pk).exists()

    assert not seen()
    row = name(of, post)
    assert seen()
    services.end_manager(actor=SYSTEM, code=of.code, manager_id=row.pk, reason="x")
    assert seen()
    with clock.at(clock.now() + timedelta(days=1)):
        assert not seen()


# --- handed over ------------------------------------------------------------------------------------------------------


def test_all_that_hangs_on_a_post_goes_to_the_heir_with_its_history() -> None:
    office = cast.unit()
    leaver, heir = (cast.post(Role.UNIT_HEAD, office) for _ in range(2))
    above = life.leader()
    of, lead = life.project(), life.lead(owner=leaver)
    name(of, leaver, leader=above)
    for duty in ("specialist", "agent"):
        services.name_member(actor=SYSTEM, code=of.code, post=leaver, duty=duty)
    services.name_member(actor=SYSTEM, code=of.code, post=heir, duty="agent")
    end_post(actor=SYSTEM, post_id=leaver.pk)
    assert of.team.filter(ends_on__isnull=True).count() == 3  # without an heir it lies where it is
    hand_over(actor=SYSTEM, post_id=leaver.pk, heir_id=heir.pk)
    old = list(TeamMember.objects.filter(post=leaver))
    assert [(row.ends_on, leaver.user.name in row.end_reason) for row in old] == [(clock.today(), True)] * 2
    now = of.team.filter(ends_on__isnull=True).order_by("duty").values_list("post", "duty")
    assert list(now) == [(heir.pk, "agent"), (heir.pk, "specialist")]  # the one that the heir did already, once
    row = of.managers.get(ends_on__isnull=True)
    assert (row.post, row.leader, manager(of)) == (heir, above, above)
    assert leaver.user.name in row.reason
    assert Lead.objects.get(project=lead).owner == heir


def test_what_a_leader_was_asked_goes_over_but_not_what_was_answered() -> None:
    leaver, heir = life.leader(), life.leader()
    asked, answered = life.lead(), life.lead()
    for of in (asked, answered):
        park = cast.unit(kind="park")
        services.recommend_park(actor=SYSTEM, code=of.code, park=park, leader=leaver)
    services.answer_park(actor=actor_for(leaver.user), code=answered.code, consent=True)
    end_post(actor=SYSTEM, post_id=leaver.pk, heir_id=heir.pk)
    assert Lead.objects.get(project=answered).park_asked_of == leaver
    assert services.answer_park(actor=actor_for(heir.user), code=asked.code, consent=True).park_consent
    assert not Project.objects.visible_to(actor_for(heir.user)).filter(pk=answered.pk).exists()


def test_who_was_never_named_one_by_one_moves_too(coordinator: Actor) -> None:
    """Projects of the yearly list hold the manager alone."""
    post, heir, of = life.leader(), life.leader(), life.project()
    Project.objects.filter(pk=of.pk).update(manager=post)
    services.move_projects(actor=coordinator, post=post, heir=heir, reason="分工调整", codes=[of.code])
    assert manager(of) == heir
    end_post(actor=SYSTEM, post_id=heir.pk, heir_id=post.pk)
    assert manager(of) == post


def test_moving_ends_the_old_and_names_the_new_with_the_reason(coordinator: Actor) -> None:
    post, heir, of, stays = life.leader(), life.leader(), life.project(), life.project()
    cadre = cast.post(Role.UNIT_HEAD, of.unit)
    own, below, kept = name(of, post), name(of, cadre, leader=post), name(stays, post)
    of.refresh_from_db()
    version = of.version
    services.move_projects(actor=coordinator, post=post, heir=heir, reason=" 分工调整 ", codes=[of.code, of.code])
    for row in (own, below):
        row.refresh_from_db()
        assert (row.post_id in (post.pk, cadre.pk), row.leader, row.end_reason) == (True, post, "分工调整")
    now = of.managers.filter(ends_on__isnull=True).order_by("order")
    assert [(row.post, row.leader, row.reason, row.named_by) for row in now] == [
        (heir, heir, "分工调整", coordinator.user),
        (cadre, heir, "分工调整", coordinator.user),
    ]
    assert manager(of) == heir
    assert of.version > version
    kept.refresh_from_db()
    assert kept.ends_on is None
    with pytest.raises(NotVisible):
        services.move_projects(actor=coordinator, post=post, heir=heir, reason="x", codes=[of.code])


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMIN, Role.STATISTICS, Role.DISCIPLINE])
def test_who_watches_or_administers_serves_nobody(coordinator: Actor, role: str) -> None:
    """The form offers only those who serve; the verb refuses the others, whoever calls it."""
    services.create_project(actor=coordinator, code="S-1", name="x")
    post = cast.post(role, cast.unit())
    with pytest.raises(ValidationError):
        services.name_member(actor=coordinator, code="S-1", post=post, duty="member")
    assert not TeamMember.objects.exists()
