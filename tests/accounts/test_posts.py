"""Posts: given, ended, handed over; the three administrators kept apart by the database itself."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import hooks
from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import AuditEntry, Post
from accounts.policy import can, readers_of
from accounts.roles import ADMIN_ROLES, Role
from accounts.services import create_post, end_post, hand_over
from accounts.services.posts import heirs_of
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from tests.accounts import cast


def test_create_post(security_admin: Actor) -> None:
    unit, user = cast.unit(), cast.person()
    post = create_post(actor=security_admin, user=user, role=Role.UNIT_HEAD, unit=unit, title="局长")
    assert post in Post.objects.current()
    assert actor_for(user).has(Role.UNIT_HEAD)
    entry = AuditEntry.objects.get(act="create_post", object_ref=str(post.pk))
    assert entry.detail == {"user": user.username, "role": "unit_head", "unit": unit.code}


def test_nobody_else_and_nobody_for_themselves(security_admin: Actor, system_admin: Actor, officer: Actor) -> None:
    user, unit = cast.person(), cast.unit()
    cast.post(Role.UNIT_HEAD, unit, user=user)
    for actor in (system_admin, officer):
        with pytest.raises(PermissionDenied):
            create_post(actor=actor, user=user, role=Role.CHIEF, unit=unit)
    with pytest.raises(PermissionDenied):
        create_post(actor=security_admin, user=security_admin.user, role=Role.CHIEF, unit=unit)
    own = security_admin.posts[0]
    assert not can(security_admin, "end_post", own)
    with pytest.raises(PermissionDenied):
        end_post(actor=security_admin, post_id=own.pk)


@pytest.mark.parametrize(
    ("role", "with_unit", "named"),
    [
        (Role.UNIT_HEAD, False, "unit"),
        (Role.OBSERVER, True, "unit"),
        (Role.ENTERPRISE, False, "role"),
        ("emperor", True, "role"),
    ],
)
def test_bad_data_is_named(security_admin: Actor, role: str, with_unit: bool, named: str) -> None:
    unit = cast.unit() if with_unit else None
    with pytest.raises(ValidationError) as caught:
        create_post(actor=security_admin, user=cast.person(), role=role, unit=unit)
    assert named in caught.value.message_dict


def test_the_same_post_twice(security_admin: Actor) -> None:
    post = cast.post(Role.UNIT_HEAD, cast.unit())
    with pytest.raises(ValidationError):
        create_post(actor=security_admin, user=post.user, role=post.role, unit=post.unit)


# 三员 ----------------------------------------------------------------------------------------------------------------

PAIRS = list(permutations(sorted(ADMIN_ROLES), 2))


def insert_pair(first: str, second: str) -> None:
    """Straight into the table, past every service."""
    user, unit, now = cast.person(), cast.unit(), clock.now()
    for role in (first, second):
        Post(user=user, unit=unit, role=role, starts_at=now).save()


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_administrators_are_never_one_person(db: None, first: str, second: str) -> None:
    with pytest.raises(IntegrityError, match="post_administrators_apart"):
        insert_pair(first, second)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_control_without_the_constraint_the_pair_goes_in(db: None, first: str, second: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_post DROP CONSTRAINT post_administrators_apart")
    insert_pair(first, second)
    assert Post.objects.filter(role__in=(first, second)).count() == 2


def test_one_after_the_other_is_allowed(db: None) -> None:
    now = clock.now()
    user = cast.post(
        Role.SYSTEM_ADMIN, cast.unit(), starts_at=now - timedelta(days=9), ends_at=now - timedelta(days=1)
    ).user
    assert cast.post(Role.AUDIT_ADMIN, cast.unit(), user=user, starts_at=now).user == user


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
def test_an_administrator_works_on_no_cases(security_admin: Actor, role: str) -> None:
    admin, worker = cast.post(role, cast.unit()), cast.post(Role.COORDINATOR, cast.unit())
    with pytest.raises(ValidationError):
        create_post(actor=security_admin, user=admin.user, role=Role.COORDINATOR, unit=admin.unit)
    with pytest.raises(ValidationError):
        create_post(actor=security_admin, user=worker.user, role=role, unit=worker.unit)


def test_the_race_that_the_service_cannot_see_is_told_in_words(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two administrators' posts given at the same instant: the check sees nothing, the database does."""
    from accounts.services import posts

    admin = cast.post(Role.SYSTEM_ADMIN, cast.unit())
    monkeypatch.setattr(posts, "_check", lambda post: None)
    with pytest.raises(ValidationError), transaction.atomic():
        create_post(actor=SYSTEM, user=admin.user, role=Role.AUDIT_ADMIN, unit=admin.unit)


# End and handover -----------------------------------------------------------------------------------------------------


def test_end_post(security_admin: Actor) -> None:
    unit = cast.unit()
    post = cast.post(Role.UNIT_OFFICER, unit)
    before = actor_for(post.user)
    assert unit.pk in readers_of(before)
    ended = end_post(actor=security_admin, post_id=post.pk)
    assert ended.ends_at is not None
    after = actor_for(post.user)
    assert after.posts == ()
    assert readers_of(after) == []
    with pytest.raises(Conflict):
        end_post(actor=security_admin, post_id=post.pk)


def test_handover_moves_the_work_in_the_same_act(security_admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = []
    monkeypatch.setattr(hooks, "_hand_overs", [lambda **given: moved.append(given)])
    unit = cast.unit()
    leaver, heir = cast.post(Role.UNIT_OFFICER, unit), cast.post(Role.UNIT_HEAD, unit)
    end_post(actor=security_admin, post_id=leaver.pk, heir_id=heir.pk)
    assert [(call["post"], call["heir"], call["actor"]) for call in moved] == [(leaver, heir, security_admin)]
    acts = AuditEntry.objects.filter(object_ref=str(leaver.pk)).exclude(act="create_post").order_by("id")
    assert [entry.act for entry in acts] == ["end_post", "hand_over"]


def test_when_the_handover_fails_the_post_goes_on(security_admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**given: object) -> None:
        raise Conflict("not now")

    monkeypatch.setattr(hooks, "_hand_overs", [fail])
    unit = cast.unit()
    leaver, heir = cast.post(Role.UNIT_OFFICER, unit), cast.post(Role.UNIT_HEAD, unit)
    with pytest.raises(Conflict), transaction.atomic():
        end_post(actor=security_admin, post_id=leaver.pk, heir_id=heir.pk)
    leaver.refresh_from_db()
    assert leaver.ends_at is None


def test_later_handover(security_admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = []
    monkeypatch.setattr(hooks, "_hand_overs", [lambda **given: moved.append(given["heir"])])
    leaver, heir = cast.post(Role.LEADER, cast.unit()), cast.post(Role.LEADER, cast.unit())
    with pytest.raises(Conflict):
        hand_over(actor=security_admin, post_id=leaver.pk, heir_id=heir.pk)
    end_post(actor=security_admin, post_id=leaver.pk)
    assert moved == []
    hand_over(actor=security_admin, post_id=leaver.pk, heir_id=heir.pk)
    assert moved == [heir]


def test_only_the_like_takes_over(security_admin: Actor) -> None:
    unit = cast.unit()
    leaver = cast.post(Role.UNIT_OFFICER, unit)
    other_unit, other_role = cast.post(Role.UNIT_HEAD, cast.unit()), cast.post(Role.LEADER, unit)
    colleague = cast.post(Role.UNIT_HEAD, unit)
    assert list(heirs_of(leaver)) == [colleague]
    for wrong in (other_unit, other_role, leaver):
        with pytest.raises(ValidationError), transaction.atomic():
            end_post(actor=security_admin, post_id=leaver.pk, heir_id=wrong.pk)
    with pytest.raises(NotVisible), transaction.atomic():
        end_post(actor=security_admin, post_id=leaver.pk, heir_id=999_999)
    leaver.refresh_from_db()
    assert leaver.ends_at is None


def test_a_locked_account_holds_no_post(db: None) -> None:
    post = cast.post(Role.UNIT_HEAD, cast.unit())
    post.user.is_active = False
    post.user.save()
    assert post not in Post.objects.current()
