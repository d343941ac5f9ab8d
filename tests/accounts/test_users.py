"""Accounts: made, changed, locked, let in again; what is shown once and what is never kept."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.test import Client

from accounts.actors import ANONYMOUS, SYSTEM, Actor, actor_for
from accounts.models import AuditEntry, Post, User
from accounts.passwords import new_password
from accounts.roles import Role
from accounts.services import (
    PersonRow,
    PostRow,
    authenticate_token,
    change_profile,
    change_user,
    create_people,
    create_token,
    create_user,
    lift_lockout,
    lock_user,
    set_password,
    unlock_user,
)
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from tests.accounts import cast


def test_create_user(security_admin: Actor) -> None:
    new = create_user(actor=security_admin, username=" zhangmin ", name="张敏", phone="13800000000")
    assert new.user.username == "zhangmin"
    assert new.user.pinyin == "zhangmin"
    assert new.user.check_password(new.password)
    assert len(new.password) >= 14
    assert actor_for(new.user).posts == ()
    assert not new.user.is_staff
    assert not new.user.is_superuser
    entry = AuditEntry.objects.get(act="create_user")
    assert (entry.object_ref, entry.post.role) == ("zhangmin", Role.SECURITY_ADMIN)
    assert new.password not in str(entry.detail)


def test_passwords_that_we_make_pass_our_own_rules() -> None:
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        validate_password(password, User(username="system_admin", name="系统管理员"))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"username": "taken"}, "username"),
        ({"username": "TAKEN"}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": ""}, "username"),
        ({"name": ""}, "name"),
        ({"email": "nowhere"}, "email"),
        ({"name": "甲" * 101}, "name"),
    ],
)
def test_bad_data_is_named(security_admin: Actor, fields: dict, named: str) -> None:
    User.objects.create(username="taken", name="甲")
    with pytest.raises(ValidationError) as caught:
        create_user(actor=security_admin, **({"username": "free", "name": "乙"} | fields))
    assert named in caught.value.message_dict


def test_only_the_security_administrator_and_never_for_themselves(
    security_admin: Actor, system_admin: Actor, officer: Actor
) -> None:
    victim = cast.post(Role.UNIT_HEAD, cast.unit()).user
    for actor in (system_admin, officer):
        with pytest.raises(PermissionDenied):
            create_user(actor=actor, username="new", name="新")
        with pytest.raises(PermissionDenied):
            set_password(actor=actor, user_id=victim.pk)
        with pytest.raises(PermissionDenied):
            lock_user(actor=actor, user_id=victim.pk, reason="x")
        with pytest.raises(PermissionDenied):
            change_user(actor=actor, user_id=victim.pk, phone="1")
    own = security_admin.user.pk
    for verb, fields in ((set_password, {}), (lock_user, {"reason": "x"}), (change_user, {"name": "新"})):
        with pytest.raises(PermissionDenied):
            verb(actor=security_admin, user_id=own, **fields)
    with pytest.raises(NotVisible):
        set_password(actor=ANONYMOUS, user_id=victim.pk)


def test_change_user_records_which_fields_and_not_what_they_hold(security_admin: Actor) -> None:
    user = cast.person("张敏", phone="13800000000")
    change_user(actor=security_admin, user_id=user.pk, name="章敏", phone="13911112222")
    user.refresh_from_db()
    assert (user.name, user.pinyin, user.phone) == ("章敏", "zhangmin", "13911112222")
    entry = AuditEntry.objects.get(act="change_user")
    assert entry.detail == {"fields": ["name", "phone"]}


def test_change_profile_is_ones_own_and_leaves_the_name(officer: Actor) -> None:
    change_profile(actor=officer, phone="13912345678")
    officer.user.refresh_from_db()
    assert officer.user.phone == "13912345678"
    with pytest.raises(TypeError):
        change_profile(actor=officer, name="别名")
    with pytest.raises(ValidationError):
        change_profile(actor=officer, email="x")
    with pytest.raises(NotVisible):
        change_profile(actor=ANONYMOUS, phone="1")


@pytest.mark.django_db
def test_a_new_email_takes_the_current_password(client: Client) -> None:
    user = cast.person("周敏", email="old@example.test")
    user.set_password("lin-jiang-2026-Zhou")
    user.save()
    client.force_login(user)

    def send(email: str, password: str = "") -> Any:
        sent = {"phone": "13900000001", "email": email, "password": password}
        return client.post("/app/profile/contact/", sent)

    for wrong, words in (("", "修改邮箱须填写当前密码。"), ("not-the-password", "当前密码不正确。")):
        answer = send("new@example.test", wrong)
        assert answer.status_code == 422
        assert answer.context["form"].errors["password"] == [words]
        assert "not-the-password" not in answer.content.decode()
        user.refresh_from_db()
        assert user.email == "old@example.test"
    assert AuditEntry.objects.get(act="change_profile").result == "failed"
    assert send("old@example.test").status_code == 302  # the control: the phone alone takes none
    assert send("new@example.test", "lin-jiang-2026-Zhou").status_code == 302
    user.refresh_from_db()
    assert user.email == "new@example.test"
    entries = AuditEntry.objects.filter(act="change_profile", result="ok").order_by("pk")
    assert [entry.detail for entry in entries] == [{"fields": ["phone"]}, {"fields": ["email"]}]


def test_five_wrong_passwords_shut_the_change_of_the_email(officer: Actor) -> None:
    officer.user.set_password("lin-jiang-2026-Zhou")
    officer.user.save()
    for _attempt in range(5):
        with pytest.raises(ValidationError):
            change_profile(actor=officer, email="a@example.test", password="wrong")
    with pytest.raises(ValidationError) as refused:
        change_profile(actor=officer, email="a@example.test", password="lin-jiang-2026-Zhou")
    assert "密码多次输入错误" in refused.value.messages[0]


def test_set_password_ends_the_sessions(security_admin: Actor, client: Client) -> None:
    post = cast.post(Role.UNIT_HEAD, cast.unit())
    client.force_login(post.user)
    assert client.get("/app/profile/").status_code == 200
    password = set_password(actor=security_admin, user_id=post.user.pk)
    assert client.get("/app/profile/").status_code == 302
    post.user.refresh_from_db()
    assert post.user.check_password(password)


def test_a_locked_account_is_out_at_once(security_admin: Actor, client: Client) -> None:
    user = cast.post(Role.UNIT_HEAD, cast.unit()).user
    key = create_token(actor=actor_for(user)).key
    client.force_login(user)
    assert client.get("/app/profile/").status_code == 200
    lock_user(actor=security_admin, user_id=user.pk, reason="离岗")
    assert client.get("/app/profile/").status_code == 302
    assert authenticate_token(key) is None
    assert not Post.objects.current().filter(user=user).exists()
    with pytest.raises(Conflict):
        lock_user(actor=security_admin, user_id=user.pk, reason="离岗")
    unlock_user(actor=security_admin, user_id=user.pk, reason="返岗")
    assert client.get("/app/profile/").status_code == 200
    with pytest.raises(Conflict):
        unlock_user(actor=security_admin, user_id=user.pk, reason="返岗")
    assert [
        entry.detail["reason"] for entry in AuditEntry.objects.filter(act__contains="lock_user").order_by("id")
    ] == [
        "离岗",
        "返岗",
    ]


def test_locking_needs_a_reason(security_admin: Actor) -> None:
    user = cast.person()
    with pytest.raises(ValidationError):
        lock_user(actor=security_admin, user_id=user.pk, reason=" ")
    user.refresh_from_db()
    assert user.is_active


def test_lift_lockout(security_admin: Actor, client: Client) -> None:
    user = cast.post(Role.UNIT_HEAD, cast.unit(), user=User.objects.create(username="ZhangMin", name="张敏")).user
    user.set_password("Guter-Satz-2026-x")
    user.save()
    with pytest.raises(Conflict):
        lift_lockout(actor=security_admin, user_id=user.pk)
    for _wrong in range(5):
        client.post("/accounts/login/", {"login": "ZhangMin", "password": "wrong"})
    right = {"login": "ZhangMin", "password": "Guter-Satz-2026-x"}
    assert client.post("/accounts/login/", right).status_code == 429
    lift_lockout(actor=security_admin, user_id=user.pk)
    assert not AccessAttempt.objects.exists()
    assert client.post("/accounts/login/", right).status_code == 302


def test_many_at_once(db: None) -> None:
    unit = cast.unit()
    people = create_people(
        actor=SYSTEM,
        rows=[
            PersonRow(
                "a", "陈静", posts=[PostRow(Role.UNIT_HEAD, unit.code, "局长"), PostRow(Role.SPECIALIST, unit.code)]
            ),
            PersonRow("b", "李强"),
        ],
        password="Shared-once-77",
    )
    assert actor_for(people["a"]).roles == {Role.UNIT_HEAD, Role.SPECIALIST}
    assert User.objects.get(username="b").check_password("Shared-once-77")
    assert User.objects.get(username="a").pinyin == "chenjing"
    nobody = create_people(actor=SYSTEM, rows=[PersonRow("c", "王五")])
    assert not nobody["c"].has_usable_password()
