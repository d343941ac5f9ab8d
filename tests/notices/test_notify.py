"""notify: one row per person, exactly once, in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from accounts.models import Post, User
from accounts.roles import Role
from common import bell
from notices.models import Channel, Delivery, Kind, Notice, Preference
from notices.services import notify

Person = Callable[..., User]


def tell(now: datetime, key: str = "issue:1:assign", **changes: Any) -> int:
    facts = {
        "kind": Kind.TODO,
        "word": "assign",
        "ref": "WT2026-000001",
        "path": "/app/issues/WT2026-000001/",
        "at": now,
    }
    return notify(key=key, **{**facts, **changes})


def test_each_person_gets_one_row_and_one_mail(person: Person, now: datetime) -> None:
    chen, lin = person("chen"), person("lin", mail=False)

    assert tell(now, users=[chen.pk, lin.pk], due_at=now + timedelta(days=1)) == 2

    notice = Notice.objects.get(user=chen)
    assert (notice.key, notice.read_at, notice.created_at) == (f"issue:1:assign:{chen.pk}", None, now)
    delivery = Delivery.objects.get()
    assert (delivery.user, delivery.notice, delivery.not_before) == (chen, notice, now)
    assert delivery.key == f"mail:{notice.key}"


def test_a_repeat_tells_nobody_again(person: Person, now: datetime) -> None:
    chen, lin = person("chen"), person("lin")

    assert [tell(now, users=[chen.pk]), tell(now, users=[chen.pk, lin.pk]), tell(now, users=[lin.pk])] == [1, 1, 0]
    assert (Notice.objects.count(), Delivery.objects.count()) == (2, 2)


def test_control_another_key_is_another_notice(person: Person, now: datetime) -> None:
    chen = person("chen")

    assert [tell(now, key=f"issue:1:assign:{n}", users=[chen.pk]) for n in range(3)] == [1, 1, 1]
    assert (Notice.objects.count(), Delivery.objects.count()) == (3, 3)


def test_posts_and_users_name_one_person_once(person: Person, now: datetime, unit: Any) -> None:
    chen = person("chen")
    Post.objects.create(user=chen, role=Role.COORDINATOR, unit=unit, starts_at=now - timedelta(days=9))
    posts = list(Post.objects.filter(user=chen).values_list("pk", flat=True))

    assert tell(now, posts=posts, users=[chen.pk]) == 1
    assert Notice.objects.get().post_id == min(posts)


def test_ended_posts_and_people_who_left_are_passed_over(person: Person, now: datetime) -> None:
    stays, ended, coming, left = (person(name) for name in ("stays", "ended", "coming", "left"))
    Post.objects.filter(user=ended).update(ends_at=now)
    Post.objects.filter(user=coming).update(starts_at=now + timedelta(seconds=1))
    User.objects.filter(pk=left.pk).update(is_active=False)

    assert tell(now, posts=Post.objects.values_list("pk", flat=True), users=[left.pk]) == 1
    assert Notice.objects.get().user == stays


def test_a_kind_that_was_switched_off_sends_no_mail(person: Person, now: datetime) -> None:
    chen, lin = person("chen"), person("lin")
    Preference.objects.create(user=chen, kind=Kind.TODO, channel=Channel.MAIL, on=False)
    Preference.objects.create(user=lin, kind=Kind.CHANGE, channel=Channel.MAIL, on=False)

    assert tell(now, users=[chen.pk, lin.pk]) == 2
    assert Delivery.objects.get().user == lin


def test_quiet_hours_hold_the_mail_but_not_the_inbox(person: Person, now: datetime) -> None:
    chen, friday_night = person("chen"), now + timedelta(days=1, hours=12)
    tell(friday_night, key="held", users=[chen.pk])
    tell(friday_night, key="urgent", users=[chen.pk], urgent=True)

    monday = now + timedelta(days=4, hours=-1)
    assert Notice.objects.filter(created_at=friday_night).count() == 2
    assert Delivery.objects.get(urgent=False).not_before == monday
    assert Delivery.objects.get(urgent=True).not_before == friday_night


@pytest.mark.parametrize("users", [1, 40])
def test_one_statement_whatever_the_number(
    person: Person, now: datetime, users: int, django_assert_num_queries: Any
) -> None:
    readers = [person(f"user{n}").pk for n in range(users)]
    with django_assert_num_queries(1):
        assert tell(now, users=readers) == users


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"key": "a key"},
        {"key": "key\r\nBcc: x@example.test"},
        {"key": "k" * 101},
        {"kind": "gossip"},
        {"path": "https://elsewhere.test/"},
        {"path": "//elsewhere.test/"},
        {"path": "/\\elsewhere.test/"},
    ],
)
def test_mistakes_of_the_caller_fail_loudly(person: Person, now: datetime, wrong: dict[str, str]) -> None:
    chen = person("chen")
    with pytest.raises(ValueError, match=r"key|kind|page"):
        tell(now, users=[chen.pk], **wrong)
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_told_nobody(person: Person, now: datetime, rung: list[str]) -> None:
    chen = person("chen")
    with transaction.atomic():
        tell(now, users=[chen.pk])
        transaction.set_rollback(True)
    assert (Notice.objects.count(), Delivery.objects.count(), rung) == (0, 0, [])

    with transaction.atomic():
        tell(now, users=[chen.pk])
        assert rung == []
    assert (Notice.objects.count(), Delivery.objects.count(), rung) == (1, 1, ["notices.tasks.deliver"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one_key", "rows"), [(True, 30), (False, 30 * 8)], ids=["one key", "control: a key each"])
def test_transactions_at_once(person: Person, now: datetime, one_key: bool, rows: int) -> None:
    """Eight at once tell the same thirty people, in eight orders: no double, no deadlock."""
    readers = [person(f"user{n}", role=None).pk for n in range(30)]
    start = Barrier(8)

    def told(n: int) -> int:
        try:
            start.wait()
            return tell(now, key="same" if one_key else f"own:{n}", users=readers[n:] + readers[:n])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(told, range(8))) == rows
    assert (Notice.objects.count(), Delivery.objects.count()) == (rows, rows)


@pytest.mark.django_db(transaction=True)
def test_with_redis_down_people_are_told_all_the_same(
    person: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refuse(*args: Any, **kwargs: Any) -> None:
        asked.append(args)
        raise OperationalError("Connection refused")

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    chen = person("chen")

    assert tell(now, users=[chen.pk]) == 1
    assert bell._ringer.flush(5)
    assert asked, "control: the bell was tried and refused"
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(bell._ringer, "ring", heard.append)
    return heard
